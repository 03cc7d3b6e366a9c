"""`clincore migrate`."""

from typing import Annotated

import typer


def migrate(
    for_restore: Annotated[
        bool,
        typer.Option(
            "--for-restore", help="In an empty database, create only the service's role, which no backup contains."
        ),
    ] = False,
) -> None:
    """Upgrade the database schema to this version, as `alembic upgrade head` does.

    To restore a backup of this or an earlier version, run `clincore migrate --for-restore`, `clincore pg_restore` and
    `clincore migrate`, in this order.
    """
    from clincore import database, logs, settings, startup
    from clincore.db import migrations
    from clincore.db.schema_version import HEAD

    configured = settings.load()
    logs.configure(configured.log_level)
    with database.find(configured) as server:
        if for_restore:
            startup.make_role(server)
            print("Now restore the backup, then run: clincore migrate")
            return
        startup.migrate(server)
        migrations.check(server.app_url)
        startup.publish_signing_key(configured, server)
    print(f"The schema is at {HEAD}.")
