"""Commands of an operator, who sees every tenant: `clincore tenants` and `clincore keys`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clincore import startup
from clincore.db.operator_queries import keys as key_queries
from clincore.db.operator_queries import tenants as queries
from clincore.db.operator_queries.run import Connection, Row
from clincore.db.queries.api_keys import Role

tenants = typer.Typer(no_args_is_help=True, help="Tenants, and what they pay. For operators: it sees all of them.")
keys = typer.Typer(no_args_is_help=True, help="Keys of any tenant, never the secrets. Changes hold from the next call.")

TenantArgument = Annotated[str, typer.Argument(metavar="ID|NAME", help="The tenant's id or its name.")]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY_ID", help="The key's id, never the key itself.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="Show at most this many.")]


@tenants.command("list")
def list_tenants(limit: Limit = 50, as_json: AsJson = False) -> None:
    """List tenants, newest first, with how many cases and live keys each has.

    A tenant is paid when it or any of its cases is.
    """
    with startup.operator() as connection:
        rows, total = queries.list_tenants(connection, limit), queries.count_tenants(connection)
    if as_json:
        print_json({"items": rows, "total": total})
        return
    print_table(
        ("id", "name", "billing", "created", "cases", "keys"),
        [[row[name] for name in ("id", "name", "billing_status", "created_at", "cases", "keys")] for row in rows],
    )
    _tell_rest(len(rows), total)


@tenants.command("show")
def show_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Show one tenant with its counts."""
    with startup.operator() as connection:
        row = queries.show_tenant(connection, find_tenant(connection, tenant))
    if as_json:
        print_json(row)
        return
    by_status = ", ".join(f"{count} {status}" for status, count in row.pop("cases_by_status").items())
    row["cases"] = f"{row['cases']} ({by_status})" if by_status else 0
    print_table((), [[name.replace("_", " "), value] for name, value in row.items()])


@tenants.command("set-billing")
def set_billing(
    tenant: TenantArgument,
    billing_status: Annotated[queries.Billing, typer.Argument(help="paid: without the cap of the free calls.")],
    as_json: AsJson = False,
) -> None:
    """Make a tenant and all its cases free or paid, from its next call on."""
    with startup.operator() as connection:
        tenant_id = find_tenant(connection, tenant)
        changed = queries.set_billing(connection, tenant_id, billing_status)
        row = queries.show_tenant(connection, tenant_id)
    if as_json:
        print_json(row)
        return
    print(f"{printable(row['name'])} is {billing_status}; cases changed: {changed}.")


@keys.command("list")
def list_keys(tenant: TenantArgument, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List a tenant's keys, newest first, revoked and expired ones included."""
    with startup.operator() as connection:
        tenant_id = find_tenant(connection, tenant)
        rows, total = key_queries.list_keys(connection, tenant_id, limit), key_queries.count_keys(connection, tenant_id)
    if as_json:
        print_json({"items": rows, "total": total})
        return
    print_table(
        ("id", "label", "role", "state", "created", "expires", "last used"),
        [
            [
                row["id"],
                row["label"],
                row["role"],
                _state(row),
                row["created_at"],
                row["expires_at"],
                row["last_used_at"],
            ]
            for row in rows
        ],
    )
    _tell_rest(len(rows), total)


@keys.command("set-role")
def set_role(
    key_id: KeyArgument,
    role: Annotated[Role, typer.Argument(help="admin: with the operations below /admin.")],
    as_json: AsJson = False,
) -> None:
    """Give a key another role."""
    with startup.operator() as connection:
        row = key_queries.set_role(connection, *_find_key(connection, key_id), role)
    _print_key(row, f"has the role {role}", as_json)


@keys.command("revoke")
def revoke_key(
    key_id: KeyArgument,
    force: Annotated[bool, typer.Option("--force", help="Even the tenant's last live admin key.")] = False,
    as_json: AsJson = False,
) -> None:
    """Revoke a key. A revoked one stays as it is."""
    with startup.operator() as connection:
        row = key_queries.revoke_key(connection, *_find_key(connection, key_id), may_be_last=force)
    if row is None:
        raise startup.fail(
            f"{key_id} is its tenant's last live admin key. Make another one an admin's first, or say --force.", code=1
        )
    _print_key(row, f"is revoked since {row['revoked_at']:%Y-%m-%d %H:%M:%S} UTC", as_json)


def find_tenant(connection: Connection, given: str) -> UUID:
    """The tenant that an argument names.

    Raises:
        SystemExit: code 1, after a line on stderr: there is none.
    """
    tenant_id = queries.find_tenant(connection, given)
    if tenant_id is None:
        # Not repeated when it may be a key.
        which = "that is no tenant" if given.startswith("clin_") else f"no tenant has the id or name {given[:100]!r}"
        raise startup.fail(f"{which}. See: clincore tenants list", code=1)
    return tenant_id


def _find_key(connection: Connection, given: str) -> tuple[UUID, UUID]:
    key_id = queries.as_uuid(given)
    tenant_id = key_queries.find_key(connection, key_id) if key_id else None
    if key_id is None or tenant_id is None:
        # Not repeated when it is no id: it may be the key itself.
        which = f"no key has the id {key_id}" if key_id else "that is not the id of a key"
        raise startup.fail(f"{which}. See: clincore keys list TENANT", code=1)
    return tenant_id, key_id


def print_json(document: Any) -> None:
    """One JSON document on stdout, with times as the API writes them."""
    options = orjson.OPT_UTC_Z | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))
    sys.stdout.buffer.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table on stdout: days without their time, numbers to the right, ids never broken."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(headings))
    for index in range(len(rows[0]) if rows else len(headings)):
        values = [row[index] for row in rows]
        own_text = headings[index : index + 1] in (("name",), ("label",))
        table.add_column(
            headings[index] if headings else "",
            justify="right" if values and all(isinstance(value, int) for value in values) else "left",
            no_wrap=not own_text,
            overflow="fold",
            min_width=min(max((len(str(value)) for value in values), default=0), 16) if own_text else None,
        )
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(highlight=False)
    # Where the terminal is too narrow it shall break the lines: a cut id is of no use. A pipe has no width at all.
    width = console.measure(table, options=console.options.update(max_width=10_000))
    console.width = max(console.width, width.minimum) if console.is_terminal else width.maximum
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value.astimezone(UTC):%Y-%m-%d}" if isinstance(value, datetime) else printable(str(value))


def printable(text: str) -> str:
    """Without what would steer the terminal: names and labels are the tenants' own text."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _state(key: Row) -> str:
    if key["revoked_at"]:
        return "revoked"
    return "expired" if key["expires_at"] and key["expires_at"] <= datetime.now(UTC) else "live"


def _print_key(row: Row, what: str, as_json: bool) -> None:
    if as_json:
        print_json(row)
        return
    print(f"{row['id']} ({printable(row['label'])}) {what}.")


def _tell_rest(shown: int, total: int) -> None:
    if shown < total:
        print(f"{shown} of {total}; --limit shows more.", file=sys.stderr)
