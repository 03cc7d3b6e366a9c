"""`clincore migrate`."""


def migrate() -> None:
    """Bring the database's schema to this version's, as `alembic upgrade head` does."""
    from clincore import database, logs, settings, startup
    from clincore.db import migrations

    configured = settings.load()
    logs.configure(configured.log_level)
    with database.find(configured) as server:
        startup.migrate(server)
        startup.check(server)
        startup.publish_signing_key(configured, server)
    print(f"The schema is at {migrations.head()}.")
