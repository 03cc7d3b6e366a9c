"""`clincore prove-isolation`."""

import shutil
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from clincore.cli.output import CommandError, progress_line
from clincore.errors import StartupError


def prove_isolation(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Also attack the service at this URL, which must use the same database."),
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON to this file.")] = None,
) -> None:
    """Attack one tenant's data as another tenant, and report what was tried and what got through.

    The command checks PostgreSQL's catalogue, creates two temporary tenants and attacks one as the other: in every
    table and, with --url, through every operation. Then it removes both tenants.

    Exit code 0: everything was tried and every attack was refused.
    """
    import orjson
    import psycopg

    from clincore import database, isolation, logs, settings, startup
    from clincore.db.session import describe_unreachable

    configured = settings.load()
    logs.configure(configured.log_level)
    with database.find(configured) as server:
        if server.embedded is not None:
            startup.migrate(server)
        # Both raise KeyboardInterrupt, so that the tenants are removed and the report says that it is incomplete.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            with progress_line() as progress:
                report = isolation.prove(server.app_url, server.owner_url, url, progress=progress)
        except psycopg.OperationalError as error:
            raise StartupError(describe_unreachable(server.app_url, error)) from None
    print(report.as_text(shutil.get_terminal_size().columns if sys.stdout.isatty() else None), end="")
    if json is not None:
        try:
            json.write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
        except OSError as error:
            raise CommandError(
                f"cannot write {json}: {error.strerror}. Choose another --json file.", exit_code=2
            ) from None
    raise typer.Exit(0 if report.passed else 1)
