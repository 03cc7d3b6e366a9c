"""The command line.

What only one command needs and takes a tenth of a second to import, it imports itself.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import orjson
import psycopg
import typer
from psycopg.pq import Conninfo
from sqlalchemy import make_url

from clincore import database as server
from clincore import startup
from clincore.cli import signing as operators_records
from clincore.cli import tenants as operators
from clincore.cli import usage as operators_usage
from clincore.db import session
from clincore.postgres import embedded

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Clinical cases of many tenants in one PostgreSQL, behind one OpenAPI contract. Without DATABASE_URL every "
    "command uses an embedded PostgreSQL, with its data under .clincore/ or CLINCORE_DATA_DIR.",
)

app.add_typer(operators.tenants, name="tenants")
app.add_typer(operators.keys, name="keys")
app.add_typer(operators_usage.usage, name="usage")
app.add_typer(operators_records.signing_app, name="signing")
app.command()(operators_records.verify)

# Everything that follows the command's name belongs to PostgreSQL's tool, --help included.
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"clincore {version('clincore')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on. The default is reached from this machine only.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Number of worker processes.")] = 1,
) -> None:
    """Apply migrations and serve the API, with the docs at /docs.

    Without DATABASE_URL it starts an embedded PostgreSQL. Without BOOTSTRAP_TOKEN it then makes one for this run and
    prints it with the next command to type.
    """
    import uvicorn

    from clincore.server.limits import allow_connections

    configured, found = startup.prepare()
    with ExitStack() as held:
        if found.embedded is not None:
            try:
                held.enter_context(embedded.serve_lock(configured.data_dir))
            except embedded.EmbeddedError as error:
                raise startup.fail(str(error)) from None
        startup.migrate(found)
        _refuse_taken_port(host, port)
        startup.check(found)
        os.environ[startup.CHECKED] = "1"
        token = None
        if configured.bootstrap_token is None and found.embedded is not None:
            token = os.environ["BOOTSTRAP_TOKEN"] = secrets.token_urlsafe(24)
        _announce(host, port, found, token)
        # uvicorn sends itself the signal again once it has answered what was under way; then there is nothing left to
        # end, and exit code 0 tells the supervisor so.
        signal.signal(signal.SIGTERM, lambda *_: None)
        signal.signal(signal.SIGINT, lambda *_: None)
        allow_connections()
        uvicorn.run(
            "clincore.asgi:app",
            host=host,
            port=port,
            workers=workers,
            http="clincore.server.protocol:Protocol",
            loop="clincore.server.event_loop:EventLoop",
            proxy_headers=False,
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=20,
            # Longer than clients and proxies keep an idle connection: who closes first must be the one who sends, or a
            # request now and then meets a connection that is just being closed.
            timeout_keep_alive=75,
        )


@app.command()
def migrate() -> None:
    """Bring the database's schema to this version's, as `alembic upgrade head` does."""
    from clincore.db import migrations as schema

    configured, found = startup.prepare()
    startup.migrate(found)
    startup.check(found)
    startup.publish_signing_key(configured, found)
    print(f"The schema is at {schema.head()}.")


@app.command("prove-isolation")
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
    from clincore import isolation

    _configured, found = startup.prepare()
    if found.embedded is not None:
        startup.migrate(found)
    try:
        report = isolation.prove(found.app_url, found.owner_url, url)
    except psycopg.OperationalError as error:
        raise startup.fail(server.unreachable(found.app_url, error)) from None
    print(report.as_text(), end="")
    if json is not None:
        try:
            json.write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
        except OSError as error:
            raise startup.fail(f"cannot write {json}: {error.strerror}") from None
    raise typer.Exit(0 if report.passed else 1)


@app.command(context_settings=_PASS_ON)
def psql(context: typer.Context) -> None:
    """Open the operator's SQL shell: psql as the owner of the tables. Further words go to psql."""
    # Ctrl-C is psql's: it cancels the statement.
    signal.signal(signal.SIGINT, lambda *_: None)
    _run_tool("psql", context.args)


@app.command("pg_dump", context_settings=_PASS_ON)
def pg_dump(context: typer.Context) -> None:
    """Back up: pg_dump as the owner of the tables. Further words go to pg_dump; it needs --enable-row-security."""
    _run_tool("pg_dump", context.args)


@app.command("pg_restore", context_settings=_PASS_ON)
def pg_restore(context: typer.Context) -> None:
    """Restore a backup into an empty database: pg_restore as the owner. Further words go to pg_restore."""
    _run_tool("pg_restore", ["--dbname=", *context.args], may_begin=True)


def _run_tool(name: str, arguments: list[str], *, may_begin: bool = False) -> None:
    """Run one of PostgreSQL's tools, logged in as the owner; an embedded server is only made anew when it may be."""
    found = startup.prepare_operator(may_begin=may_begin)
    # Through the environment and not the command line, which everybody on the machine can read.
    libpq = {
        option.envvar.decode(): option.val.decode()
        for option in Conninfo.parse(session.libpq(found.owner_url).encode())
        if option.envvar and option.val
    }
    program = shutil.which(name) if found.embedded is None else str(found.embedded.bin_dir / name)
    if program is None:
        raise startup.fail(f"{name} is not installed here. Install PostgreSQL's client programs.")
    arguments = [f"--dbname={libpq['PGDATABASE']}" if word == "--dbname=" else word for word in arguments]
    sys.exit(subprocess.run([program, *arguments], env=os.environ | libpq, check=False).returncode)


def _refuse_taken_port(host: str, port: int) -> None:
    # Before anything is announced: uvicorn would only say so after the lines about where the service is.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise startup.fail(f"cannot listen on {host}:{port}: {error.strerror}. Choose another --port.") from None


def _announce(host: str, port: int, found: server.Server, token: str | None) -> None:
    reached = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    url = f"http://{reached}:{port}"
    lines = [f"ClinCore {version('clincore')}", f"  API   {url}", f"  Docs  {url}/docs"]
    if found.embedded is not None:
        lines.append(f"  Data  {found.embedded.data_dir} (embedded PostgreSQL; `clincore psql` opens it)")
    else:
        lines.append(f"  Data  {make_url(found.app_url).render_as_string(hide_password=True)}")
    if token is not None:
        lines += [
            "",
            "Make a tenant and its first key; this token holds for this run only:",
            "",
            f"  curl -s {url}/bootstrap -H 'Authorization: Bearer {token}' \\",
            """    -H 'Content-Type: application/json' -d '{"tenant_name": "your-org-name", "role": "admin"}'""",
            "",
        ]
    print("\n".join(lines), flush=True)
