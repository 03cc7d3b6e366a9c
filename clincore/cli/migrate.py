"""`clincore migrate`."""

from typing import Annotated

import typer

from clincore.cli.operator import starting
from clincore.cli.output import AsJson, CommandError, DryRun, print_json, progress_line
from clincore.errors import StartupError


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
    from clincore import logs, settings, startup
    from clincore.db import migrations
    from clincore.db.schema_version import HEAD
    from clincore.postgres import embedded

    if for_restore and (dry_run or as_json):
        raise CommandError("--for-restore has neither --dry-run nor --json. Leave them out.", exit_code=2)
    configured = settings.load()
    logs.configure(configured.log_level)
    if dry_run and configured.database_url is None and not embedded.exists(configured.data_dir):
        raise StartupError(f"there is no data under {configured.data_dir.absolute()}. `clincore migrate` creates it.")
    with starting(configured) as server:
        if dry_run:
            pending = migrations.pending(server.owner_url)
            if as_json:
                print_json({"schema": None, "pending": pending})
            else:
                print("\n".join(f"Would run {one}" for one in pending) or "Nothing to do: the schema is up to date.")
            return
        if for_restore:
            startup.make_role(server)
            print("Now restore the backup, then run: clincore migrate")
            return
        with progress_line("migrating"):
            startup.migrate(server)
        migrations.check(server.app_url)
        startup.publish_signing_key(configured, server)
    if as_json:
        print_json({"schema": HEAD, "pending": []})
    else:
        print(f"The schema is at {HEAD}.")
