"""`clincore psql`, `pg_dump` and `pg_restore`: PostgreSQL's own tools, logged in as the owner of the tables."""

import os
import shutil
import signal
import subprocess
import sys

import typer

from clincore.cli.operator import owner_server
from clincore.cli.output import CommandError


def psql(context: typer.Context) -> None:
    """Run psql as the owner of the tables. All arguments are passed to psql."""
    _run_tool("psql", context.args)


def pg_dump(context: typer.Context) -> None:
    """Back up with pg_dump, as the owner of the tables. All arguments are passed to it; --enable-row-security is
    required."""
    _run_tool("pg_dump", context.args)


def pg_restore(context: typer.Context) -> None:
    """Restore a backup into an empty database with pg_restore, as the owner. All arguments are passed to it."""
    _run_tool("pg_restore", ["--dbname=", *context.args], may_create=True)


def _run_tool(name: str, arguments: list[str], *, may_create: bool = False) -> None:
    from psycopg.pq import Conninfo

    from clincore.db.session import libpq

    with owner_server(may_create=may_create) as (_, server):
        # The environment hides the password; every user of the machine can read the command line.
        variables = {
            option.envvar.decode(): option.val.decode()
            for option in Conninfo.parse(libpq(server.owner_url).encode())
            # The tool writes to the operator's terminal, so the operator's encoding applies.
            if option.envvar and option.val and option.keyword != b"client_encoding"
        }
        program = shutil.which(name) if server.embedded is None else str(server.embedded.bin_dir / name)
        if program is None:
            raise CommandError(f"{name} is not installed. Install PostgreSQL's client programs.", exit_code=2)
        arguments = [f"--dbname={variables['PGDATABASE']}" if word == "--dbname=" else word for word in arguments]
        # Leave Ctrl-C to the tool, which receives it too: psql cancels the statement. A handler and not SIG_IGN,
        # because the child would inherit SIG_IGN.
        signal.signal(signal.SIGINT, lambda *_: None)
        signals: list[int] = []
        # Record a SIGTERM that arrives before the tool runs; otherwise the tool would be left running.
        signal.signal(signal.SIGTERM, lambda number, _frame: signals.append(number))
        # The tool writes patients' data, which no other user of the machine may read.
        with subprocess.Popen([program, *arguments], env=os.environ | variables, umask=0o077) as tool:
            signal.signal(signal.SIGTERM, lambda *_: tool.terminate())
            if signals:
                tool.terminate()
            code = tool.wait()
    sys.exit(code if code >= 0 else 128 - code)
