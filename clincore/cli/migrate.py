"""`clincore migrate`."""

from typing import Annotated

import typer

from clincore.cli.operator import owner_server
from clincore.cli.output import AsJson, CommandError, DryRun, print_json, print_wrapped, progress_line


def migrate(
    for_restore: Annotated[
        bool,
        typer.Option(
            "--for-restore", help="In an empty database, create only the service's role, which no backup contains."
        ),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Upgrade the database schema to this version, as `alembic upgrade head` does.

    To restore a backup of this or an earlier version, run `clincore migrate --for-restore`, `clincore pg_restore` and
    `clincore migrate`, in this order.

    \b
    Examples:
      clincore migrate
      clincore migrate --dry-run
    """
    from clincore import startup
    from clincore.db import migrations
    from clincore.db.schema_version import HEAD

    if for_restore and (dry_run or as_json):
        raise CommandError("--for-restore has neither --dry-run nor --json. Leave them out.", exit_code=2)
    with owner_server(may_create=not dry_run) as (configured, server):
        if dry_run:
            pending = migrations.pending(server.owner_url)
            if as_json:
                print_json({"schema": None, "pending": pending})
            else:
                for one in pending:
                    print_wrapped(one, "Would run ", " " * 10)
                if not pending:
                    print("Nothing to do: the schema is up to date.")
            return
        if for_restore:
            migrations.make_role(server.owner_url)
            print("Now restore the backup, then run: clincore migrate")
            return
        startup.refuse_unusable_signing_key(configured, server)
        with progress_line("migrating"):
            startup.migrate(server)
        migrations.check(server.app_url)
        startup.publish_signing_key(configured, server)
    if as_json:
        print_json({"schema": HEAD, "pending": []})
    else:
        print(f"The schema is at {HEAD}.")
