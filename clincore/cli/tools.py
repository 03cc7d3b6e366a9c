"""PostgreSQL's own tools, logged in as the owner of the tables: `clincore psql`, `pg_dump` and `pg_restore`."""

import os
import shutil
import signal
import subprocess
import sys

import typer

from clincore.cli.operator import owner_server
from clincore.cli.output import CommandError


def psql(context: typer.Context) -> None:
    """Open the operator's SQL shell: psql as the owner of the tables. Further words go to psql."""
    _run_tool("psql", context.args)


def pg_dump(context: typer.Context) -> None:
    """Back up: pg_dump as the owner of the tables. Further words go to pg_dump; it needs --enable-row-security."""
    _run_tool("pg_dump", context.args)


def pg_restore(context: typer.Context) -> None:
    """Restore a backup into an empty database: pg_restore as the owner. Further words go to pg_restore."""
    _run_tool("pg_restore", ["--dbname=", *context.args], may_create=True)


def _run_tool(name: str, arguments: list[str], *, may_create: bool = False) -> None:
    from psycopg.pq import Conninfo

    from clincore.db.session import libpq

    with owner_server(may_create=may_create) as (_, server):
        # In the environment and not on the command line, which every user of the machine can read.
        variables = {
            option.envvar.decode(): option.val.decode()
            for option in Conninfo.parse(libpq(server.owner_url).encode())
            # The tool writes to the operator's terminal, whose encoding is the operator's own.
            if option.envvar and option.val and option.keyword != b"client_encoding"
        }
        program = shutil.which(name) if server.embedded is None else str(server.embedded.bin_dir / name)
        if program is None:
            raise CommandError(f"{name} is not installed here. Install PostgreSQL's client programs.", exit_code=2)
        arguments = [f"--dbname={variables['PGDATABASE']}" if word == "--dbname=" else word for word in arguments]
        # Ctrl-C reaches the tool too, and is its own: psql cancels a statement. A handler, because a child inherits
        # that a signal is ignored.
        signal.signal(signal.SIGINT, lambda *_: None)
        signals: list[int] = []
        # Noted before the tool runs, so that none leaves it behind.
        signal.signal(signal.SIGTERM, lambda number, _frame: signals.append(number))
        # What the tool writes is patients' data: no other user of the machine reads it.
        with subprocess.Popen([program, *arguments], env=os.environ | variables, umask=0o077) as tool:
            signal.signal(signal.SIGTERM, lambda *_: tool.terminate())
            if signals:
                tool.terminate()
            code = tool.wait()
    sys.exit(code if code >= 0 else 128 - code)
