"""`clincore serve`."""

import errno
import ipaddress
import os
import socket
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from clincore.cli.api import DEFAULT_URL
from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.database import Server


def serve(
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Address to listen on. The default is reachable from this machine only."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(metavar="N", min=1, max=32, help="Number of worker processes.")] = 1,
    root_path: Annotated[
        str, typer.Option(metavar="PATH", help="Path prefix under which a proxy serves the API, such as /clin.")
    ] = "",
    metrics_port: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=1,
            max=65535,
            help="Serve Prometheus metrics on this port, such as 9464. Without it, nothing is recorded."
            " See docs/metrics.md.",
        ),
    ] = None,
    metrics_host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address to serve metrics on. They need no key, so let only Prometheus reach it.",
        ),
    ] = "127.0.0.1",
    drain_seconds: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=300,
            help="After SIGTERM, answer 503 at /ready and serve on for so many seconds, so that load balancers notice."
            " Then stop.",
        ),
    ] = 0,
    log_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="json or text. The default is LOG_FORMAT, or text on a terminal and JSON elsewhere.",
        ),
    ] = None,
) -> None:
    """Apply migrations and serve the API, with its reference at /docs and the console at /console/.

    Without DATABASE_URL, this command starts an embedded PostgreSQL. If BOOTSTRAP_TOKEN is unset too, it creates a
    token for this run and prints the next command to run.

    \b
    With metrics:
      clincore serve --workers 2 --metrics-port 9464
      curl -s http://127.0.0.1:9464/metrics
    """
    from secrets import token_urlsafe

    from clincore import database, logs, settings, startup, tracing
    from clincore.app import Application
    from clincore.cli.stages import Stages
    from clincore.db import migrations
    from clincore.postgres import embedded
    from clincore.server.limits import allow_connections
    from clincore.server.run import Watcher, run

    if log_format is not None:
        os.environ["LOG_FORMAT"] = log_format
    configured = settings.load()
    logs.configure(configured.log_level, configured.log_format)
    # Workers inherit the decision.
    os.environ["LOG_FORMAT"] = "text" if logs.is_text() else "json"
    stages = Stages(is_text=logs.is_text(), log=logs.note, settle=logs.settle)
    # Each worker would report a problem.
    tracing.check()
    allow_connections()
    with ExitStack() as held:
        with stages.stage("database", "starting" if configured.database_url is None else "finding") as found:
            server = held.enter_context(database.find(configured))
            found(_place(server))
        startup.refuse_unusable_signing_key(configured, server)
        if server.embedded is not None:
            try:
                held.enter_context(embedded.serve_lock(configured.data_dir))
            except embedded.EmbeddedError as error:
                raise StartupError(str(error)) from None
        with stages.stage("schema", "migrating") as found:
            startup.migrate_to_serve(server)
            found("up to date" if server.has_owner_login else "not migrated, because the login owns no tables")
        if metrics_port is not None:
            from clincore.metrics.exposition import exposed

            held.enter_context(exposed(metrics_host, metrics_port))
        _refuse_taken_port(host, port)
        with stages.stage("checks", "checking roles, policies and tables") as found:
            checked = migrations.check(server.app_url)
            found("roles, policies and tables are right")
        with stages.stage("signing", "publishing the key") as found:
            signing_key = startup.publish_signing_key(configured, server)
            found(f"key in {signing_key}" if signing_key else "no key, so revisions cannot be signed")
        startup.warn_of_risks(checked.advice, signing_key)
        token = configured.bootstrap_token.get_secret_value() if configured.bootstrap_token else None
        new_token = token_urlsafe(24) if token is None and server.embedded is not None else None
        # Workers are separate processes and inherit the environment.
        os.environ[startup.CHECKED_VARIABLE] = "1"
        if new_token is not None:
            os.environ["BOOTSTRAP_TOKEN"] = new_token
        prepared = startup.Prepared(
            server.app_url, token or new_token, signing_key, checked.is_distributed, configured.cors_origins
        )
        _announce(host, port, server, new_token)
        stages.begin("workers", "starting")
        count = f"{workers} processes serve" if workers > 1 else "1 process serves"
        watcher = Watcher(lambda: stages.serving(count), lambda: stages.stopping(drain_seconds))
        run(Application(lambda: nullcontext(prepared)), host, port, workers, root_path, drain_seconds, watcher)
    stages.stopped(_place(server))


def _place(server: "Server") -> str:
    """Where the data is, for people."""
    if server.embedded is not None:
        return f"{server.embedded.data_dir}, embedded PostgreSQL"
    from sqlalchemy import make_url

    url = make_url(server.app_url)
    return f"{url.database} on {url.host or 'localhost'}{f':{url.port}' if url.port else ''}"


def _refuse_taken_port(host: str, port: int) -> None:
    # uvicorn would report it only after `_announce` has printed where the service listens.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except UnicodeError:
            raise StartupError(f"cannot listen on {host[:100]!r}: this is no address. Choose another --host.") from None
        except OSError as error:
            option = "--port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
            raise StartupError(f"cannot listen on {host}:{port}: {error.strerror}. Choose another {option}.") from None


def _reached_at(host: str) -> str:
    """The host part of a URL at which a service on `--host` answers."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        # With one worker, `::` does not answer on 127.0.0.1.
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return f"[{host}]" if address.version == 6 else host


def _announce(host: str, port: int, server: "Server", token: str | None) -> None:
    from importlib.metadata import version

    from clincore.db.urls import without_password

    url = f"http://{_reached_at(host)}:{port}"
    lines = [
        f"ClinCore {version('clincore')}",
        f"  API      {url}",
        f"  Docs     {url}/docs",
        f"  Console  {url}/console/",
    ]
    if server.embedded is not None:
        lines += [f"  Data     {server.embedded.data_dir}", "           embedded PostgreSQL; `clincore psql` opens it"]
    else:
        lines.append(f"  Data     {without_password(server.app_url)}")
    if token is not None:
        lines += [
            "",
            "Create a tenant and its first key in a second terminal, in this folder (the",
            "token is valid for this run only):",
            "",
            f"  export BOOTSTRAP_TOKEN={token}",
            f"  clincore init{'' if url == DEFAULT_URL else f' --url {url}'}",
            "",
        ]
    # One write, also when the output is not buffered: a log line could come between the text and its end of line.
    print("\n".join([*lines, ""]), end="", flush=True)
