"""`clincore prove-isolation`."""

import shutil
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from clincore.cli.operator import require_data
from clincore.cli.output import AsJson, CommandError, print_json, progress_line, require_writable
from clincore.errors import StartupError


def prove_isolation(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Also attack the service at this URL, which must use the same database."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as JSON to this file, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Attack one tenant's data as another tenant, and report what was tried and what got through.

    The command checks PostgreSQL's catalogue, creates two temporary tenants and attacks one as the other: in every
    table and, with --url, through every operation. Then it removes both tenants.

    Exit code 0: everything was tried and every attack was refused.

    \b
    Examples:
      clincore prove-isolation
      clincore prove-isolation --url http://127.0.0.1:8000 --report report.json
    """
    import orjson
    import psycopg

    from clincore import database, isolation, logs, settings, startup
    from clincore.db import placement
    from clincore.db.urls import describe_unreachable

    if report is not None:
        require_writable(report)
    configured = settings.load()
    logs.configure(configured.log_level)
    # The proof of a new and empty database would say nothing of the operator's.
    require_data(configured)
    with database.find(configured) as server:
        if server.embedded is not None:
            startup.migrate(server)
        # Both raise KeyboardInterrupt, so that the tenants are removed and the report says that it is incomplete.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            for node, why in placement.silent_nodes(server.app_url) or []:
                raise StartupError(f"the Citus node {node} does not answer, and the proof needs all nodes: {why}.")
            with progress_line() as progress:
                proof = isolation.prove(server.app_url, server.owner_url, url, progress=progress)
        except psycopg.OperationalError as error:
            raise StartupError(describe_unreachable(server.app_url, error)) from None
    if as_json:
        print_json(proof.as_json())
    else:
        print(proof.as_text(shutil.get_terminal_size().columns if sys.stdout.isatty() else None), end="")
    if report is not None:
        try:
            report.write_bytes(orjson.dumps(proof.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
        except OSError as error:
            raise CommandError(f"cannot write {report}: {error.strerror}.", exit_code=2) from None
    raise typer.Exit(0 if proof.passed else 1)
