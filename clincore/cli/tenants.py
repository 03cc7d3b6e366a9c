"""`clincore tenants`: every tenant, and what it pays."""

import sys
from time import sleep
from typing import Annotated, Literal
from uuid import UUID, uuid4

import typer

from clincore.cli.keys import issue_key
from clincore.cli.operator import RoleOption, TenantArgument, find_tenant, operator_connection, require_fits
from clincore.cli.output import (
    AsJson,
    CommandError,
    CommandGroup,
    Limit,
    print_json,
    print_rest,
    print_table,
    printable,
)

tenants = typer.Typer(
    cls=CommandGroup, no_args_is_help=True, help="Tenants, and what they pay. For operators: it sees all of them."
)


@tenants.command("list")
def list_tenants(limit: Limit = 50, as_json: AsJson = False) -> None:
    """List tenants, newest first, with how many cases and live keys each has.

    A tenant is paid when it or any of its cases is.
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        rows, total = queries.list_tenants(connection, limit), queries.count_tenants(connection)
    if as_json:
        print_json({"items": rows, "total": total})
        return
    print_table(
        ("id", "name", "billing", "created", "cases", "keys"),
        [[row[name] for name in ("id", "name", "billing_status", "created_at", "cases", "keys")] for row in rows],
    )
    print_rest(len(rows), total)


@tenants.command("create")
def create_tenant(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Unique among all tenants.")],
    role: RoleOption = "user",
    as_json: AsJson = False,
) -> None:
    """Make a tenant with its first key, as POST /bootstrap does, and print the key. It is shown this once."""
    from clincore.db.operator_queries import tenants as queries
    from clincore.handlers.bootstrap import first_label, normalized
    from clincore.problems import TenantNameInvalid

    require_fits("TenantName", "NAME", name)
    try:
        name = normalized(name)
    except TenantNameInvalid as error:
        raise CommandError(f"NAME: {error.members['errors'][0]['detail']}", exit_code=2) from None
    tenant_id = uuid4()
    with operator_connection() as connection:
        if not queries.make_tenant(connection, tenant_id, name):
            raise CommandError(f"a tenant has the name {name[:100]!r}. See: clincore tenants show NAME")
        issued = issue_key(connection, tenant_id, first_label(name), role)
    message = f"Tenant '{name}' provisioned."
    if as_json:
        print_json({"tenant_id": tenant_id, "api_key": issued["api_key"], "message": message})
        return
    print(issued["api_key"])
    print(f"{message} Its id is {tenant_id}, its key has the role {role} and is shown this once.", file=sys.stderr)


@tenants.command("show")
def show_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Show one tenant with its counts."""
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
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
    billing_status: Annotated[Literal["free", "paid"], typer.Argument(help="paid: without the cap of the free calls.")],
    as_json: AsJson = False,
) -> None:
    """Make a tenant and all its cases free or paid, from its next call on."""
    from clincore.db.operator_queries import tenants as queries
    from clincore.deadline import REQUEST_SECONDS

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
    changed = _set_billing_of_cases(tenant_id, billing_status)
    # Last: each request of a free tenant waits for this row.
    with operator_connection() as connection:
        queries.set_billing(connection, tenant_id, billing_status)
    # Requests that were under way give their cases the status that the tenant had.
    sleep(REQUEST_SECONDS)
    changed += _set_billing_of_cases(tenant_id, billing_status)
    with operator_connection() as connection:
        row = queries.show_tenant(connection, tenant_id)
    if as_json:
        print_json(row)
        return
    print(f"{printable(row['name'])} is {row['billing_status']}; cases changed: {changed}.")


def _set_billing_of_cases(tenant_id: UUID, billing_status: Literal["free", "paid"]) -> int:
    """How many cases had another status."""
    from clincore.db.operator_queries import tenants as queries

    changed = 0
    last: UUID | None = UUID(int=0)
    while last is not None:
        # A short transaction for each thousand.
        with operator_connection() as connection:
            count, last = queries.set_billing_of_cases(connection, tenant_id, billing_status, last)
        changed += count
    return changed
