"""`clincore prove-isolation`."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from clincore.cli.output import CommandError, progress_line
from clincore.errors import StartupError


def prove_isolation(
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="A running service on the same database, to be attacked too.")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report for machines here.")] = None,
) -> None:
    """Try to reach one tenant's rows as another, by every way there is, and say what was tried.

    It reads the catalogue, makes two throw-away tenants and attacks the one as the other, in every table and, with
    --url, through every operation; then it removes what it made. Exit code 0: all was tried and all was refused.
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
        # As KeyboardInterrupt, after which the tenants are removed and the report tells that it is incomplete.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            with progress_line() as progress:
                report = isolation.prove(server.app_url, server.owner_url, url, progress=progress)
        except psycopg.OperationalError as error:
            raise StartupError(describe_unreachable(server.app_url, error)) from None
    print(report.as_text(), end="")
    if json is not None:
        try:
            json.write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
        except OSError as error:
            raise CommandError(f"cannot write {json}: {error.strerror}", exit_code=2) from None
    raise typer.Exit(0 if report.passed else 1)
