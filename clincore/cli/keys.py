"""`clincore keys`: the API keys of any tenant."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import typer

from clincore.cli.operator import Role, RoleOption, TenantArgument, find_tenant, operator_connection, require_fits
from clincore.cli.output import (
    AsJson,
    CommandError,
    CommandGroup,
    DryRun,
    Limit,
    PlainCommand,
    Yes,
    confirm,
    print_json,
    print_message,
    print_rest,
    print_table,
    printable,
)

if TYPE_CHECKING:
    from clincore.db.operator_queries.run import Connection, Row

keys = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    help="Manage the API keys of any tenant. Changes apply from the next request.",
)

RATE_LIMIT_MAX = 100_000
"""The contract's maximum."""


class Scope(StrEnum):
    """The contract's `KeyScope`. typer takes a list of an enumeration, but not of a Literal."""

    read = "read"
    write = "write"
    import_ = "import"
    sign = "sign"
    export = "export"


KeyArgument = Annotated[str, typer.Argument(metavar="KEY_ID", help="The key's id, not the key itself.")]


@keys.command("list", cls=PlainCommand)
def list_keys(tenant: TenantArgument, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List a tenant's keys, newest first, including revoked and expired keys.

    \b
    Example:
      clincore keys list your-org-name
    """
    from clincore.db.operator_queries import keys as queries

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
        rows, total = queries.list_keys(connection, tenant_id, limit), queries.count_keys(connection, tenant_id)
    if as_json:
        print_json({"items": rows, "total": total})
        return
    columns = (
        "id",
        "label",
        "role",
        "scopes",
        "state",
        "last_four",
        "created_at",
        "expires_at",
        "rate_limit_per_minute",
        "last_used_at",
    )
    print_table(
        ("id", "label", "role", "scopes", "state", "last four", "created", "expires", "per minute", "last used"),
        [[_cell(row[column]) for column in columns] for row in rows],
        optional=("last four", "per minute", "created", "expires", "scopes", "last used"),
    )
    print_rest(len(rows), total)


@keys.command("create", cls=PlainCommand)
def create_key(
    tenant: TenantArgument,
    role: RoleOption = "user",
    label: Annotated[str, typer.Option(metavar="TEXT", help="What the key is for.")] = "operator",
    rate_limit_per_minute: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER", min=1, max=RATE_LIMIT_MAX, help="Requests that the key may make in a minute. [no limit]"
        ),
    ] = None,
    scopes: Annotated[
        list[Scope] | None,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="Limit the key to this scope: read, write, import, sign or export. Can be repeated. [no limit]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a key for a tenant and print it. The key is shown only once: only its hash is stored.

    \b
    Examples:
      clincore keys create your-org-name --role admin
      clincore keys create your-org-name --label reports --scope read
    """
    require_fits("Label", "--label", label)
    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
        given = [scope.value for scope in scopes or ()]
        issued = issue_key(connection, tenant_id, label, role, rate_limit_per_minute, given)
    if as_json:
        print_json(issued)
        return
    print(issued["api_key"])
    limited = f" and the scopes {', '.join(issued['scopes'])}" if scopes else ""
    print_message(
        f"Key {issued['id']} ({printable(label)}) has the role {role}{limited}. It is shown only once.", sys.stderr
    )


def issue_key(
    connection: "Connection",
    tenant_id: UUID,
    label: str,
    role: Role,
    rate_limit_per_minute: int | None = None,
    scopes: Sequence[str] | None = None,
) -> "Row":
    """Create a key of the tenant. Returns the API's response for a new key."""
    from clincore import keys as format_
    from clincore.db.operator_queries import keys as queries

    key, key_id = format_.generate(tenant_id), uuid4()
    stored = queries.insert_key(
        connection,
        tenant_id,
        key_id,
        key_hash=format_.hash_of(key),
        last_four=format_.last_four(key),
        label=label,
        role=role,
        rate_limit_per_minute=rate_limit_per_minute,
        scopes=scopes or None,
    )
    return {"id": key_id, "api_key": key, "label": label, "role": role, **stored}


@keys.command("set-role", cls=PlainCommand)
def set_role(
    key_id: KeyArgument,
    role: Annotated[
        Role,
        typer.Argument(metavar="user|admin", help="The new role. Only admin may use the operations under /admin."),
    ],
    as_json: AsJson = False,
) -> None:
    """Change the role of a key.

    \b
    Example:
      clincore keys set-role 57b9c47d-d3b7-4b62-9bbc-ab5a01ec0af0 admin
    """
    from clincore.db.operator_queries import keys as queries

    with operator_connection() as connection:
        row = queries.set_role(connection, *_find_key(connection, key_id), role)
    _print_key(row, f"has the role {role}", as_json)


@keys.command("revoke", cls=PlainCommand)
def revoke_key(
    key_id: KeyArgument,
    force: Annotated[bool, typer.Option("--force", help="Revoke even the tenant's last live admin key.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Revoke a key. Revoking it again changes nothing.

    \b
    Example:
      clincore keys revoke 57b9c47d-d3b7-4b62-9bbc-ab5a01ec0af0
    """
    from clincore.db.operator_queries import keys as queries

    if not dry_run:
        confirm("A revoked key never works again. Continue?", yes)
    with operator_connection() as connection:
        row = queries.revoke_key(connection, *_find_key(connection, key_id), may_be_last=force)
        if dry_run:
            connection.rollback()
    if row is None:
        raise CommandError(
            f"{key_id} is the tenant's last live admin key. Give another key the role admin first, or use --force."
        )
    revoked = "would be revoked" if dry_run else f"was revoked at {row['revoked_at']:%Y-%m-%d %H:%M:%S} UTC"
    _print_key(row, revoked, as_json)


def _find_key(connection: "Connection", given: str) -> tuple[UUID, UUID]:
    from clincore.db.operator_queries import keys as queries
    from clincore.db.operator_queries.run import as_uuid

    key_id = as_uuid(given)
    tenant_id = queries.find_key(connection, key_id) if key_id else None
    if key_id is None or tenant_id is None:
        # Anything but an id may be the key itself, so it is not printed.
        which = f"no key has the id {key_id}" if key_id else "this is not the id of a key"
        raise CommandError(f"{which}. See: clincore keys list TENANT")
    return tenant_id, key_id


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _print_key(row: "Row", predicate: str, as_json: bool) -> None:
    if as_json:
        print_json(row)
        return
    print_message(f"{row['id']} ({printable(row['label'])}) {predicate}.")
