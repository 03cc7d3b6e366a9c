"""`clincore psql`, `pg_dump` and `pg_restore`: PostgreSQL's own tools, logged in as the owner of the tables."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from clincore.cli.operator import owner_server
from clincore.cli.output import CommandError

if TYPE_CHECKING:
    from clincore.database import Server

_HELP = ("--help", "-?")


def psql(context: typer.Context) -> None:
    """Run psql as the owner of the tables. All arguments are passed to psql.

    \b
    Example:
      clincore psql -c "SELECT count(*) FROM cases"
    """
    _show_help(context)
    sys.exit(_run_tool("psql", context.args))


def pg_dump(context: typer.Context) -> None:
    """Back up with pg_dump, as the owner of the tables. All arguments are passed to it.

    --enable-row-security is added: the policies let the owner see every tenant. The file appears when it is complete,
    and only its owner can read it. Of a Citus cluster it dumps the schema only (--schema-only).

    \b
    Example:
      clincore pg_dump --schema=public --format=custom --file=clincore.dump
    """
    _show_help(context)
    file, rest = _split_file(context.args)
    # A link stays one: the dump goes where it leads.
    file = file and file.resolve()
    # To stdout or a device, there is nothing to rename.
    partial = None if file is None or (file.exists() and not (file.is_file() or file.is_dir())) else _partial(file)
    if partial is not None and file is not None:
        _make_way(file, partial)
    arguments = context.args if partial is None else [*rest, f"--file={partial}"]
    only_schema = bool({"-s", "--schema-only"} & {*context.args})
    code = _run_tool("pg_dump", ["--enable-row-security", *arguments], needs_one_server=not only_schema)
    if partial is not None and file is not None:
        if code == 0:
            partial.replace(file)
        elif partial.is_dir():
            shutil.rmtree(partial)
        else:
            partial.unlink(missing_ok=True)
    sys.exit(code)


def pg_restore(context: typer.Context) -> None:
    """Restore a backup into an empty database with pg_restore, as the owner. All arguments are passed to it.

    \b
    Examples, in this order:
      clincore migrate --for-restore
      clincore pg_restore --clean --if-exists -1 -n public clincore.dump
      clincore migrate
    """
    _show_help(context)
    sys.exit(_run_tool("pg_restore", ["--dbname=", *context.args], may_create=True))


def _show_help(context: typer.Context) -> None:
    """Print this command's help and the tool's, if they are asked for. It takes no database."""
    # Among other arguments, -h is the tool's option for the host.
    if context.args != ["-h"] and not any(word in _HELP for word in context.args):
        return
    name = str(context.info_name)
    print(context.get_help(), end="\n\n", flush=True)
    sys.exit(subprocess.run([_program(name, None), "--help"]).returncode)


def _program(name: str, server: "Server | None") -> str:
    """The path of the tool: the embedded server's, or an installed one."""
    if server is not None and server.embedded is not None:
        return str(server.embedded.bin_dir / name)
    program = shutil.which(name)
    if program is None and server is None:
        from clincore.postgres.binaries import find_bin_dir
        from clincore.postgres.place import Place

        program = str(find_bin_dir(Place(Path(), None)) / name)
    if program is None:
        raise CommandError(f"{name} is not installed. Install PostgreSQL's client programs.", exit_code=2)
    return program


def _split_file(arguments: Sequence[str]) -> tuple[Path | None, list[str]]:
    """The file of pg_dump's option --file or -f, and the other arguments."""
    rest, file, is_next = list[str](), None, False
    for word in arguments:
        if is_next:
            file, is_next = word, False
        elif word in ("-f", "--file"):
            is_next = True
        elif word.startswith("--file="):
            file = word.removeprefix("--file=")
        elif word.startswith("-f"):
            file = word[2:]
        else:
            rest.append(word)
    return (Path(file) if file else None), rest


def _partial(file: Path) -> Path:
    return file.with_name(f"{file.name}.partial")


def _make_way(file: Path, partial: Path) -> None:
    """Remove what an earlier run left of the partial file; another user may have put it there to read the new one.

    Raises:
        CommandError: it cannot be removed, or the dump could not be renamed to `file`.
    """
    try:
        if file.is_dir() and any(file.iterdir()):
            raise CommandError(f"{file} is not empty. Choose another --file.", exit_code=2)
        if partial.is_dir() and not partial.is_symlink():
            shutil.rmtree(partial)
        else:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"cannot write {partial}: {error.strerror}. Choose another --file.", exit_code=2) from None


def _refuse_cluster(owner_url: str) -> None:
    """Raises CommandError: the tables are distributed, and each node would be dumped at a moment of its own."""
    import psycopg

    from clincore.db.catalogue.citus import is_distributed
    from clincore.db.session import OperatorError, operator_session

    # Other errors are pg_dump's to report.
    with suppress(psycopg.Error, OperatorError), operator_session(owner_url) as owner:
        if is_distributed(owner):
            raise CommandError(
                "pg_dump cannot copy all nodes of a Citus cluster at the same moment. Back up every node up to a common"
                " restore point (docs/citus.md), or one tenant with: clincore tenants export"
            )


def _run_tool(name: str, arguments: Sequence[str], *, may_create: bool = False, needs_one_server: bool = False) -> int:
    """Run the tool to its end. Returns its exit code, as a shell shows it."""
    from psycopg.pq import Conninfo

    from clincore.db.urls import libpq

    with owner_server(may_create=may_create) as (_, server):
        if needs_one_server and server.embedded is None:
            _refuse_cluster(server.owner_url)
        # The environment hides the password; every user of the machine can read the command line.
        variables = {
            option.envvar.decode(): option.val.decode()
            for option in Conninfo.parse(libpq(server.owner_url).encode())
            # The tool writes to the operator's terminal, so the operator's encoding applies.
            if option.envvar and option.val and option.keyword != b"client_encoding"
        }
        arguments = [f"--dbname={variables['PGDATABASE']}" if word == "--dbname=" else word for word in arguments]
        # Leave Ctrl-C to the tool, which receives it too: psql cancels the statement. A handler and not SIG_IGN,
        # because the child would inherit SIG_IGN.
        signal.signal(signal.SIGINT, lambda *_: None)
        signals: list[int] = []
        # Record a SIGTERM that arrives before the tool runs; otherwise the tool would be left running.
        signal.signal(signal.SIGTERM, lambda number, _frame: signals.append(number))
        # The tool writes patients' data, which no other user of the machine may read.
        command = [_program(name, server), *arguments]
        with subprocess.Popen(command, env=os.environ | variables, umask=0o077) as tool:
            signal.signal(signal.SIGTERM, lambda *_: tool.terminate())
            if signals:
                tool.terminate()
            code = tool.wait()
    return code if code >= 0 else 128 - code
