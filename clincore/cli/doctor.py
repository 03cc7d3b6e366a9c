"""`clincore doctor`: every check of a start, each with its cure."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import typer

from clincore.cli.api import Service, Unreachable, UrlOption, find_url, folder, stored_key
from clincore.cli.output import AsJson, CommandError, coloured, print_json, print_wrapped, printable, progress_line
from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.database import Server
    from clincore.settings import Settings

State = Literal["ok", "advice", "wrong", "skipped"]
COLOURS = {"ok": "green", "advice": "yellow", "wrong": "red", "skipped": "bright_black"}


class Finding(NamedTuple):
    """The result of one check."""

    check: str
    """What is true when there is no fault."""
    state: State
    text: str = ""
    """What was found."""
    cure: str = ""


def doctor(url: UrlOption = None, as_json: AsJson = False) -> None:
    """Check everything that a start of the service checks, and say how to fix what is wrong.

    It changes nothing, except that it starts an embedded PostgreSQL that does not run. Exit code 0: nothing is wrong;
    there may be advice. Exit code 1: something is wrong.

    \b
    Examples:
      clincore doctor
      clincore doctor --json
    """
    with progress_line("checking") as show:
        found = []
        for finding in _examine(find_url(url)):
            show(finding.check)
            found.append(finding)
    wrong = sum(finding.state == "wrong" for finding in found)
    if as_json:
        print_json({"ok": wrong == 0, "checks": [finding._asdict() for finding in found]})
    else:
        for finding in found:
            _print(finding)
        skipped = sum(finding.state == "skipped" for finding in found)
        print(f"\n{wrong} of {len(found)} checks found a fault." if wrong else "\nNothing is wrong.", end="")
        print(f" Skipped: {skipped}." if skipped else "")
    raise typer.Exit(1 if wrong else 0)


def _examine(address: str) -> Iterator[Finding]:
    from clincore import logs, settings
    from clincore.server.limits import allow_connections

    title = "The settings are valid"
    try:
        configured = settings.load()
    except StartupError as error:
        yield _wrong(title, error)
        return
    yield Finding(title, "ok")
    logs.configure(configured.log_level)
    yield _tried("The process may open enough files", allow_connections)
    yield _tried("The handlers match openapi.yaml", _compile)
    yield from _database(configured)
    yield from _service(address)


def _compile() -> None:
    from clincore.operations import compile_operations

    try:
        compile_operations()
    except Exception as error:
        raise StartupError(
            f"the contract cannot be compiled ({type(error).__name__}). Check that this version of ClinCore is"
            " completely installed."
        ) from None


def _database(configured: "Settings") -> Iterator[Finding]:
    from clincore.cli.operator import starting
    from clincore.db import migrations
    from clincore.postgres import embedded

    title = "PostgreSQL answers"
    with ExitStack() as held:
        try:
            if configured.database_url is None and not embedded.exists(configured.data_dir):
                cure = "Run: clincore serve"
                yield Finding(title, "skipped", f"There is no data under {configured.data_dir.absolute()} yet.", cure)
                return
            server = held.enter_context(starting(configured))
            examined = [*migrations.examine(server.app_url)]
        except (StartupError, embedded.EmbeddedError) as error:
            yield _wrong(title, error)
            return
        yield Finding(title, "ok")
        for one in examined:
            for fault in one.faults:
                state: State = "advice" if one.is_advice else "wrong"
                yield (
                    Finding(one.title, state, fault.text, fault.remedy)
                    if fault.remedy
                    else _wrong(one.title, fault.text)
                )
            if not one.faults:
                yield Finding(one.title, "ok")
        if all(one.is_advice or not one.faults for one in examined):
            yield from _nodes(server)
            yield from _owner(configured, server)


def _nodes(server: "Server") -> Iterator[Finding]:
    """One finding for each silent node of a Citus cluster, or one for all nodes."""
    from clincore.db import placement

    title = "All nodes of the Citus cluster answer"
    try:
        silent = placement.silent_nodes(server.app_url)
    except StartupError as error:
        yield _wrong(title, error)
        return
    if silent == []:
        yield Finding(title, "ok")
    for node, why in silent or []:
        cure = "Start PostgreSQL on it, or let its standby take over. Until then its tenants get 503."
        yield Finding(title, "wrong", f"The node {node} does not answer: {why}.", cure)


def _owner(configured: "Settings", server: "Server") -> Iterator[Finding]:
    from clincore.cli.operator import owner_session

    def log_in() -> None:
        with owner_session(server):
            pass

    title = "Operators' commands can log in as the owner of the tables"
    if server.has_owner_login:
        yield _tried(title, log_in)
    else:
        cure = "Where you run them, MIGRATION_DATABASE_URL must name the owner's login."
        yield Finding(title, "skipped", "No owner's login is configured.", cure)
    yield _signing_key(configured, server)


def _signing_key(configured: "Settings", server: "Server") -> Finding:
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.records import signing_key as signing

    title = "The signing key can be read, is published and signs"
    file = startup.signing_file(configured, server)
    if file is None:
        cure = "Name a key file in CLINCORE_SIGNING_KEY, and run: clincore migrate"
        return Finding(title, "advice", "No signing key is configured, so revisions cannot be signed.", cure)
    if server.embedded is not None and configured.signing_key is None and not file.exists():
        return Finding(title, "skipped", "There is none yet.", "Run: clincore serve")
    try:
        kid = signing.read(file).kid
    except signing.NoSigningKey as error:
        return _wrong(title, error)
    found = signing_keys.find(server.app_url, kid)
    if found is None:
        return Finding(title, "wrong", f"The key {kid} is not published.", "Run: clincore migrate")
    if found.retired_at or found.compromised_at:
        return Finding(title, "wrong", f"The key {kid} was retired or revoked.", "Run: clincore signing rotate")
    return Finding(title, "ok")


def _service(address: str) -> Iterator[Finding]:
    from importlib.metadata import version

    title = f"The service at {address} is ready"
    service = Service(address, attempts=1)
    try:
        service.send("GET", "/ready")
        running = service.get("/fhir/metadata").get("software", {}).get("version")
    except Unreachable as error:
        # Not running is no fault; a service that answers 503 is one.
        state: State = "wrong" if "answers" in str(error) else "skipped"
        yield Finding(title, state, *_split(str(error)))
        return
    except CommandError:
        cure = "Stop it, or choose another --port for clincore serve."
        yield Finding(title, "wrong", f"Another program answers at {address}.", cure)
        return
    yield Finding(title, "ok")
    own, title = version("clincore"), "The service has the version of this command"
    if running == own:
        yield Finding(title, "ok")
    else:
        yield Finding(title, "advice", f"The service is {running}, this command is {own}.", "Restart the service.")
    title = f"The key in {folder().key} is accepted"
    if folder().key.exists():
        yield _tried(title, lambda: Service(address, stored_key(address), attempts=1).send("GET", "/auth/whoami"))
    else:
        yield Finding(title, "skipped", "There is none.", "Run: clincore init")


def _tried(title: str, act: Callable[[], Any]) -> Finding:
    try:
        act()
    except (StartupError, CommandError) as error:
        return _wrong(title, error)
    return Finding(title, "ok")


def _wrong(title: str, error: Exception | str) -> Finding:
    return Finding(title, "wrong", *_split(str(error)))


def _split(text: str) -> tuple[str, str]:
    """What is wrong, and what to do: the errors of a start say both, in this order."""
    what, dot, cure = text.partition(". ")
    if not what.startswith("http"):
        what = what[:1].upper() + what[1:]
    return what + dot.strip(), cure


def _print(finding: Finding) -> None:
    indent = " " * 9
    print_wrapped(printable(finding.check), coloured(f"{finding.state:<9}", COLOURS[finding.state]), indent)
    for text in (finding.text, finding.cure and f"-> {finding.cure}"):
        if text:
            print_wrapped(printable(text), indent, indent)
