"""`clincore migrate`."""

from typing import Annotated

import typer


def migrate(
    for_restore: Annotated[
        bool, typer.Option("--for-restore", help="Only make what no backup holds, in an empty database.")
    ] = False,
) -> None:
    """Bring the database's schema to this version's, as `alembic upgrade head` does.

    A backup of this or an earlier version is restored with `clincore migrate --for-restore`, `clincore pg_restore` and
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
