"""`clincore tenants`: list, create, bill and suspend tenants. `tenant_copies` and `tenant_deletion` add commands."""

import sys
from time import sleep
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID, uuid4

import typer

from clincore.cli.keys import issue_key
from clincore.cli.operator import Role, RoleOption, TenantArgument, find_tenant, operator_connection, require_fits
from clincore.cli.output import (
    AsJson,
    CommandError,
    CommandGroup,
    Limit,
    PlainCommand,
    print_json,
    print_message,
    print_rest,
    print_table,
    printable,
    progress_line,
)

if TYPE_CHECKING:
    from clincore.db.operator_queries.run import Connection, Row
    from clincore.db.operator_queries.tenants import Standing

tenants = typer.Typer(cls=CommandGroup, no_args_is_help=True, help="Manage tenants and their billing.")


@tenants.command("list", cls=PlainCommand)
def list_tenants(limit: Limit = 50, as_json: AsJson = False) -> None:
    """List tenants, newest first, with the numbers of their cases and live keys.

    A tenant is shown as paid if it or any of its cases is paid.

    \b
    Example:
      clincore tenants list
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        rows, total = queries.list_tenants(connection, limit), queries.count_tenants(connection)
    if as_json:
        print_json({"items": rows, "total": total})
        return
    print_table(
        ("id", "name", "billing", "created", "suspended", "cases", "keys"),
        [
            [row[name] for name in ("id", "name", "billing_status", "created_at", "suspended_at", "cases", "keys")]
            for row in rows
        ],
        # Every command takes the name, too.
        optional=("id", "suspended", "created"),
    )
    print_rest(len(rows), total)


@tenants.command("create", cls=PlainCommand)
def create_tenant(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The tenant's name, unique among all tenants.")],
    role: RoleOption = "user",
    as_json: AsJson = False,
) -> None:
    """Create a tenant and its first key, as POST /bootstrap does, and print the key. The key is shown only once.

    \b
    Example:
      clincore tenants create your-org-name --role admin
    """
    with operator_connection() as connection:
        made = make_tenant(connection, name, role)
    if as_json:
        print_json(made)
        return
    print(made["api_key"])
    print_message(
        f"{made['message']} Its id is {made['tenant_id']}. Its key has the role {role} and is shown only once.",
        sys.stderr,
    )


def make_tenant(connection: "Connection", name: str, role: Role) -> "Row":
    """Create a tenant and its first key. Returns the API's response.

    Raises:
        CommandError: the name is invalid or taken.
    """
    from clincore.db.operator_queries import tenants as queries
    from clincore.handlers.bootstrap import first_label, normalized
    from clincore.problems import TenantNameInvalid

    require_fits("TenantName", "NAME", name)
    try:
        name = normalized(name)
    except TenantNameInvalid as error:
        raise CommandError(f"NAME: {error.members['errors'][0]['detail']}", exit_code=2) from None
    tenant_id = uuid4()
    if not queries.make_tenant(connection, tenant_id, name):
        raise CommandError(f"the name {name[:100]!r} is taken. Choose another, or see: clincore tenants show NAME")
    issued = issue_key(connection, tenant_id, first_label(name), role)
    return {"tenant_id": tenant_id, "api_key": issued["api_key"], "message": f"Tenant '{name}' provisioned."}


@tenants.command("show", cls=PlainCommand)
def show_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Show one tenant with the numbers of its cases and keys.

    \b
    Example:
      clincore tenants show your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        row = queries.show_tenant(connection, find_tenant(connection, tenant))
    if as_json:
        print_json(row)
        return
    by_status = ", ".join(f"{count} {status}" for status, count in row.pop("cases_by_status").items())
    row["cases"] = f"{row['cases']} ({by_status})" if by_status else 0
    print_table((), [[name.replace("_", " "), value] for name, value in row.items()])


@tenants.command("set-billing", cls=PlainCommand)
def set_billing(
    tenant: TenantArgument,
    billing_status: Annotated[
        Literal["free", "paid"],
        typer.Argument(metavar="free|paid", help="The new status. paid lifts the free cap of 1000 calls."),
    ],
    as_json: AsJson = False,
) -> None:
    """Make a tenant and all its cases free or paid. The change applies from the tenant's next request.

    \b
    Example:
      clincore tenants set-billing your-org-name paid
    """
    from clincore.db.operator_queries import tenants as queries
    from clincore.deadline import REQUEST_SECONDS

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
    changed = _set_billing_of_cases(tenant_id, billing_status)
    # Update the tenant's row last: every request of a free tenant waits for it.
    with operator_connection() as connection:
        queries.set_billing(connection, tenant_id, billing_status)
    # Requests in progress still create cases with the tenant's former status.
    with progress_line("waiting for requests in progress"):
        sleep(REQUEST_SECONDS)
    changed += _set_billing_of_cases(tenant_id, billing_status)
    with operator_connection() as connection:
        row = queries.show_tenant(connection, tenant_id)
    if as_json:
        print_json(row)
        return
    print_message(f"{printable(row['name'])} is {row['billing_status']}; cases changed: {changed}.")


def _set_billing_of_cases(tenant_id: UUID, billing_status: Literal["free", "paid"]) -> int:
    """Set the status of all the tenant's cases. Returns how many had another status."""
    from clincore.db.operator_queries import tenants as queries

    changed = 0
    last: UUID | None = UUID(int=0)
    while last is not None:
        # One short transaction per thousand cases.
        with operator_connection() as connection:
            count, last = queries.set_billing_of_cases(connection, tenant_id, billing_status, last)
        changed += count
    return changed


@tenants.command("suspend", cls=PlainCommand)
def suspend_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Refuse the keys of a tenant from the next request on, with 403 tenant-suspended. Its data is kept.

    A write whose body is still on its way is refused, too. Refused requests are not metered.

    \b
    Example:
      clincore tenants suspend your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
        queries.suspend(connection, tenant_id)
        standing = queries.standing(connection, tenant_id)
    _print_standing(tenant_id, standing, as_json)


@tenants.command("resume", cls=PlainCommand)
def resume_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Accept the keys of a suspended tenant again.

    \b
    Example:
      clincore tenants resume your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
        if not queries.resume(connection, tenant_id):
            raise CommandError("the deletion of this tenant has begun. Finish it with: clincore tenants delete")
        standing = queries.standing(connection, tenant_id)
    _print_standing(tenant_id, standing, as_json)


def _print_standing(tenant_id: UUID, standing: "Standing", as_json: bool) -> None:
    if as_json:
        print_json({"id": tenant_id, "name": standing.name, "suspended_at": standing.suspended_at})
    elif standing.suspended_at is None:
        print_message(f"{printable(standing.name)} is not suspended.")
    else:
        print_message(f"{printable(standing.name)} is suspended since {standing.suspended_at:%Y-%m-%d %H:%M:%S} UTC.")
