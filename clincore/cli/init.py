"""`clincore init`: a tenant, its admin key, and cases to look at."""

import os
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clincore.cli.api import (
    KEY_VARIABLE,
    Folder,
    Refused,
    Service,
    Unreachable,
    UrlOption,
    find_url,
    folder,
    is_local,
    stored_key,
)
from clincore.cli.output import (
    AsJson,
    CommandError,
    DryRun,
    coloured,
    print_json,
    print_message,
    print_wrapped,
    printable,
    progress_line,
)

if TYPE_CHECKING:
    from uuid import UUID

DEFAULT_NAME = "my-clinic"
START_SECONDS = 60.0
"""How long --demo waits for the service on a terminal."""


def init(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=f"The tenant's name.  [default: {DEFAULT_NAME}]")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Load twenty cases of an invented clinic.")] = False,
    url: UrlOption = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Create a tenant with an admin key, and store the key for the other commands.

    The key is written to the file `key` in .clincore/ or CLINCORE_DATA_DIR, which only you can read; the service's
    address is written next to it. With BOOTSTRAP_TOKEN set, the service creates the tenant. Otherwise this command
    creates it in the database, as `clincore tenants create` does, and the service need not run.

    A folder that has a key keeps it: then only --demo does something. It can be repeated after an interruption.

    \b
    Examples:
      clincore init --demo
      clincore init your-org-name
    """
    address, stored = find_url(url), folder()
    service = Service(address)
    is_running = _is_running(service)
    if demo and not is_running and sys.stderr.isatty():
        is_running = _wait_for(service)
    if demo and not is_running:
        raise Unreachable(f"{address} cannot be reached. Start the service in another terminal with `clincore serve`.")
    if not is_running and not is_local(address) and not stored.key.exists():
        # A key of this machine's database would be stored for that service, and sent to it.
        raise Unreachable(f"{address} cannot be reached. Start the service, or give another --url.")
    if stored.key.exists():
        tenant = _whoami(address, is_running)
    elif dry_run:
        tenant = {"tenant_id": None, "tenant_name": name or DEFAULT_NAME}
    else:
        tenant = _create(name or DEFAULT_NAME, service if is_running else None, stored, address)
    if name is not None and tenant["tenant_name"] not in (None, name):
        raise CommandError(
            f"{stored.key} is a key of {printable(tenant['tenant_name'])}. Choose another folder, or remove the file.",
            exit_code=2,
        )
    cases: dict[str, int] | None = None
    if demo and not dry_run:
        from clincore.cli import demo as clinic

        with progress_line("loading cases") as show:
            cases = dict(clinic.load(Service(address, stored_key(address)), show))
    if as_json:
        print_json({**tenant, "url": address, "key_file": str(stored.key), "cases": cases})
        return
    _print(tenant, stored, cases, dry_run=dry_run, address=address if is_running else None)


def _is_running(service: Service) -> bool:
    try:
        return service.ask("GET", "/health").status_code == 200
    except Unreachable:
        return False


def _wait_for(service: Service) -> bool:
    """Wait while a service that was just started in another terminal makes its database."""
    end = monotonic() + START_SECONDS
    with progress_line(f"waiting for {service.url}: start `clincore serve` in another terminal"):
        while monotonic() < end:
            if _is_running(service):
                return True
            sleep(0.3)
    return False


def _whoami(address: str, is_running: bool) -> dict[str, Any]:
    """The tenant of the stored key."""
    if not is_running:
        return {"tenant_id": None, "tenant_name": None}
    caller = Service(address, stored_key(address)).get("/auth/whoami")
    return {"tenant_id": caller["tenant_id"], "tenant_name": caller["tenant_name"]}


def _create(name: str, service: Service | None, stored: Folder, address: str) -> dict[str, Any]:
    token = os.environ.get("BOOTSTRAP_TOKEN", "").strip()
    try:
        if token and service is not None:
            answer = service.send(
                "POST",
                "/bootstrap",
                json={"tenant_name": name, "role": "admin"},
                headers={"Authorization": f"Bearer {token}"},
            ).json()
            tenant_id, key = answer["tenant_id"], answer["api_key"]
        else:
            tenant_id, key = _create_in_database(name, service)
    except Refused as error:
        raise CommandError(f"{error} Give another NAME." if error.code == "tenant-name-taken" else str(error)) from None
    try:
        stored.store(address, key)
    except OSError as error:
        raise CommandError(
            f"cannot write {stored.key}: {error.strerror}. The tenant {name} exists. Set CLINCORE_DATA_DIR to another"
            " folder for the key, and get one with: clincore keys create NAME --role admin"
        ) from None
    return {"tenant_id": tenant_id, "tenant_name": name}


def _create_in_database(name: str, service: Service | None) -> "tuple[UUID, str]":
    from clincore import startup
    from clincore.cli.operator import operator_connection, owner_server
    from clincore.cli.tenants import make_tenant
    from clincore.db.operator_queries import signing_keys, tenant_rows

    if service is None:
        with owner_server(may_create=True) as (_, server):
            if server.embedded is not None:
                # A new folder: make the database as `clincore serve` does.
                with progress_line("migrating"):
                    startup.migrate(server)
    with operator_connection() as connection:
        if service is not None:
            own = set(signing_keys.jwks(connection))
            published = {key["kid"] for key in service.get("/.well-known/jwks.json")["keys"]}
            if own != published:
                raise _another_database(service)
        made = make_tenant(connection, name, "admin")
    # Copies of a database, and databases without a signing key, publish the same keys.
    if service is not None and not _accepts(service, made["api_key"]):
        with operator_connection() as connection:
            for table in tenant_rows.tables(connection)[::-1]:
                tenant_rows.delete(connection, table, made["tenant_id"])
        raise _another_database(service)
    return made["tenant_id"], made["api_key"]


def _accepts(service: Service, key: str) -> bool:
    """Whether the service knows the key of a tenant that was just created. One that does not answer counts as such."""
    try:
        return Service(service.url, key).ask("GET", "/auth/whoami").status_code != 401
    except Unreachable:
        return True


def _another_database(service: Service) -> CommandError:
    return CommandError(
        f"the service at {service.url} uses another database than this folder. Change to its folder, set DATABASE_URL"
        " or CLINCORE_DATA_DIR as it has them, or set BOOTSTRAP_TOKEN to its token.",
        exit_code=2,
    )


def _print(
    tenant: dict[str, Any], stored: Folder, cases: dict[str, int] | None, *, dry_run: bool, address: str | None
) -> None:
    """Print what was done and what comes next. `address`: of the service if it runs."""
    name = printable(tenant["tenant_name"] or "")
    if dry_run:
        what = f"Would create the tenant {name} and store an admin key in {stored.key}."
        print_message("Nothing to do." if stored.key.exists() else what)
        return
    if tenant["tenant_name"] is None:
        print_message(f"{stored.key} has a key. The service does not run, so it was not checked.")
    else:
        text = f"the tenant {name}. Only you can read its admin key, in {stored.key}."
        print_wrapped(text, f"{coloured('Ready:', 'green')} ", " " * 7)
    if cases is not None:
        states = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(cases.items()))
        print_message(f"{sum(cases.values())} cases of an invented clinic: {states}.")
    if os.environ.get(KEY_VARIABLE):
        print_message(f"{KEY_VARIABLE} is set, so commands use that key. Unset it to use the stored one.")
    print("\nNext:")
    steps = ["clincore serve" if address is None else f"clincore open  # the console, {address}/console/"]
    if cases:
        steps = ["clincore cases list", "clincore cases verify demo-04", *steps]
    for step in steps:
        print(f"  {step}")
