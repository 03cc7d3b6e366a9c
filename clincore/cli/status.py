"""`clincore status` and `clincore open`: where the service is, and how it is."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clincore.cli.api import Service, UrlOption, find_key, find_url, folder
from clincore.cli.output import AsJson, CommandError, print_json, print_message, print_table, printable, progress_line
from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.database import Server
    from clincore.settings import Settings

STYLES = {"ready": "green", "not ready": "yellow", "not running": "red", "up to date": "green"}


def status(url: UrlOption = None, as_json: AsJson = False) -> None:
    """Show the service, its database, schema, signing key and workers, and whose key commands use.

    It starts nothing. Exit code 0: the service is ready. Exit code 1: it is not.

    \b
    Examples:
      clincore status
      clincore status --json
    """
    address = find_url(url)
    with progress_line("asking the service"):
        service = _service(address)
        tenant, trouble = _tenant(address) if service["state"] != "not running" else (None, None)
        found = {
            "service": service,
            "tenant": tenant,
            **_behind(address, service["state"] != "not running"),
        }
    if as_json:
        print_json(found)
    else:
        _print(found, trouble)
    raise typer.Exit(0 if service["state"] == "ready" else 1)


class Page(StrEnum):
    """A page of the service."""

    console = "console"
    docs = "docs"


PATHS = {Page.console: "/console/", Page.docs: "/docs"}


def open_page(
    page: Annotated[Page, typer.Argument(help="The web console, or the API reference.")] = Page.console,
    url: UrlOption = None,
) -> None:
    """Open the web console or the API reference in a browser, and print its address.

    The console asks for an API key: paste the one that `clincore init` stored.

    \b
    Examples:
      clincore open
      clincore open docs
    """
    import webbrowser

    address = f"{find_url(url)}{PATHS[page]}"
    print(address, flush=True)
    stored = folder().key
    if page is Page.console and stored.exists():
        print(f"Sign in with the key in {stored}.", file=sys.stderr)
    if not webbrowser.open(address):
        print("There is no browser here. Open the address yourself.", file=sys.stderr)


def _service(address: str) -> dict[str, Any]:
    """The service's state, address and version."""
    asked = Service(address, attempts=1)
    found: dict[str, Any] = {
        "url": address,
        "console": f"{address}/console/",
        "docs": f"{address}/docs",
        "state": "not running",
        "version": None,
    }
    try:
        asked.send("GET", "/health")
    except CommandError:
        return found
    try:
        found["version"] = asked.get("/fhir/metadata").get("software", {}).get("version")
        asked.send("GET", "/ready")
    except CommandError:
        return found | {"state": "not ready"}
    return found | {"state": "ready"}


def _tenant(address: str) -> tuple[dict[str, Any] | None, str | None]:
    """Whose key the commands use; or None, and why: there is none, or it is not accepted."""
    try:
        caller = Service(address, find_key(address), attempts=1).get("/auth/whoami")
    except CommandError as error:
        return None, str(error)
    return {name: caller[name] for name in ("tenant_id", "tenant_name", "label", "role")}, None


def _behind(address: str, is_running: bool) -> dict[str, Any]:
    """The database, the signing key and the workers, as the settings of this process show them."""
    from clincore import settings

    database: dict[str, Any] = dict.fromkeys(("where", "state", "silent_nodes", "schema", "schema_state"))
    database["state"] = "unknown"
    try:
        configured = settings.load()
    except StartupError as error:
        return {"database": database | {"state": str(error)}, "signing_key": None, "workers": None}
    server, where, state, workers = _server(configured)
    database |= {"where": where, "state": state}
    if server is not None and state == "running":
        database |= _schema(server)
    return {
        "database": database,
        "signing_key": _signing_key(configured, server, address, is_running),
        "workers": workers,
    }


def _server(configured: "Settings") -> "tuple[Server | None, str, str, list[int] | None]":
    """The server, where it is, its state, and the process ids of the workers if they can be known."""
    from clincore import database
    from clincore.db.urls import without_password
    from clincore.postgres import embedded

    if configured.database_url is not None:
        with database.find(configured) as server:
            where = without_password(server.app_url)
            return server, where, "running", None
    where = str(configured.data_dir)
    try:
        if not embedded.exists(configured.data_dir):
            return None, where, "not created", None
        workers = _workers(embedded.serving_pid(configured.data_dir))
        if not embedded.is_running(configured.data_dir):
            return None, where, "stopped", workers
    except embedded.EmbeddedError as error:
        return None, where, str(error), None
    with database.find(configured) as server:
        # Under root, the data may be in another folder than the configured one.
        where = str(server.embedded.data_dir) if server.embedded else where
        return server, f"{where} (embedded PostgreSQL)", "running", workers


def _workers(pid: int | None) -> list[int]:
    """The processes that answer requests: the children of `clincore serve --workers N`, or itself."""
    import psutil

    if pid is None:
        return []
    try:
        children = psutil.Process(pid).children()
        spawned = [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []
    return sorted(spawned) or [pid]


def _schema(server: "Server") -> dict[str, Any]:
    from clincore.db import migrations, placement
    from clincore.db.schema_version import HEAD, Age

    words = {
        None: "no tables; run: clincore migrate",
        Age.EARLIER: "older than this version; run: clincore migrate",
        Age.SAME: "up to date",
        Age.LATER: "newer than this version",
    }
    try:
        age = migrations.schema_age(server.app_url)
        silent = placement.silent_nodes(server.app_url) if age is not None else None
    except StartupError as error:
        return {"state": str(error)}
    return {
        "silent_nodes": None if silent is None else [node for node, _ in silent],
        "schema": None if age is None else HEAD,
        "schema_state": words[age],
    }


def _signing_key(
    configured: "Settings", server: "Server | None", address: str, is_running: bool
) -> dict[str, Any] | None:
    """The key in the file of this process's settings, and whether the service publishes it."""
    from clincore import startup
    from clincore.records import signing_key as signing

    file = (
        startup.signing_file(configured, server)
        if server is not None
        # An embedded server that does not run.
        else configured.signing_key or configured.data_dir / signing.NAME
    )
    if file is None or not file.exists():
        return None
    try:
        kid = signing.read(file).kid
    except signing.NoSigningKey as error:
        return {"kid": None, "state": str(error)}
    state = "the service does not run"
    if is_running:
        try:
            listed = Service(address, attempts=1).get("/.well-known/jwks.json")["keys"]
        except CommandError:
            return {"kid": kid, "state": "unknown"}
        own = next((key for key in listed if key["kid"] == kid), None)
        ended = own is not None and (own.get("retired_at") or own.get("compromised_at"))
        state = "not published; run: clincore migrate" if own is None else "retired" if ended else "signs"
    return {"kid": kid, "state": state}


def _count(workers: list[int] | None) -> str | None:
    if not workers:
        return None if workers is None else "0"
    return f"{len(workers)} (pid {', '.join(map(str, workers))})"


def _print(found: dict[str, Any], trouble: str | None) -> None:
    service, database, key, tenant = (found[name] for name in ("service", "database", "signing_key", "tenant"))
    workers = found["workers"]
    rows = [
        ["service", service["state"]],
        ["API", service["url"]],
        ["console", service["console"]],
        ["docs", service["docs"]],
        ["version", service["version"]],
        ["workers", _count(workers)],
        ["database", database["state"]],
        ["", database["where"]],
        ["", "; ".join(f"the node {node} does not answer" for node in database["silent_nodes"] or [])],
        ["schema", database["schema_state"]],
        ["signing key", None if key is None else key["state"]],
        ["", None if key is None else key["kid"]],
        ["tenant", None if tenant is None else tenant["tenant_name"]],
        ["key", None if tenant is None else f"{tenant['label']}, {tenant['role']}"],
    ]
    print_table((), [row for row in rows if row[0] or row[1]], styles=STYLES)
    if service["state"] == "not running":
        print("Start it with: clincore serve", file=sys.stderr)
    elif trouble is not None:
        print_message(f"No tenant: {printable(trouble)}", sys.stderr)
