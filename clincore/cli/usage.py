"""`clincore usage`: totals of all tenants, whether they are right, and how to be rid of old events."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import psycopg
import typer

from clincore import startup
from clincore.cli.tenants import AsJson, Limit, find_tenant, print_json, print_table
from clincore.db.operator_queries import usage as billing
from clincore.db.session import close_pool, open_pool
from clincore.metering import rollup

usage = typer.Typer(no_args_is_help=True, help="Usage of the tenants: totals, whether they are right, pruning.")

OneTenant = Annotated[
    str | None, typer.Option("--tenant", metavar="ID|NAME", help="Only this tenant: its id or its name.")
]
Before = Annotated[
    datetime, typer.Option("--before", formats=["%Y-%m-%d"], help="Remove the events of days (UTC) before this one.")
]
Connection = psycopg.Connection[Any]


@usage.command("show")
def show_usage(tenant: OneTenant = None, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show how much tenants used, most first."""
    with startup.operator() as connection:
        totals = billing.totals(connection, _tenant(connection, tenant), limit)
    if as_json:
        print_json({"items": [total._asdict() for total in totals]})
        return
    print_table(("tenant", "name", "billing", "calls", "last 24 h"), [list(total) for total in totals])


@usage.command("reconcile")
def reconcile_usage(tenant: OneTenant = None, as_json: AsJson = False) -> None:
    """Compare the totals with the raw events, and show what differs; then the exit code is 1."""
    with startup.operator() as connection:
        found = billing.differences(connection, _tenant(connection, tenant))
    if as_json:
        print_json({"differences": [difference._asdict() for difference in found]})
    elif found:
        headings = ("tenant", "table", "start", "endpoint", "key", "in totals", "in events")
        print_table(headings, [list(difference) for difference in found])
    else:
        print("The totals are what the events say.")
    if found:
        raise startup.fail(f"{len(found)} totals are not what the events say.", code=1)


@usage.command("rollup")
def roll_up_usage(tenant: OneTenant = None, as_json: AsJson = False) -> None:
    """Move the totals of all tenants on to now, as the service does in the background for those that call it."""
    with startup.operator() as connection:
        only = _tenant(connection, tenant)
        tenants = [only] if only else billing.tenants_with_events(connection)
    asyncio.run(_roll_up(tenants))
    with startup.operator() as connection:
        behind = billing.closed_before(connection, only)
    if as_json:
        print_json({"tenants": len(tenants), "closed_before": behind})
    elif behind is None:
        print("There is nothing that is old enough to be added up.")
    else:
        print(f"{len(tenants)} tenants rolled up; the totals hold everything before {behind:%Y-%m-%d %H:%M} UTC.")


@usage.command("prune")
def prune_usage(
    before: Annotated[
        datetime,
        typer.Option("--before", formats=["%Y-%m-%d"], help="Remove the events of days before this one, in UTC."),
    ],
    tenant: OneTenant = None,
    as_json: AsJson = False,
) -> None:
    """Remove raw events whose days are closed in the totals. Totals, the free cap and reconciling stay right.

    Kept in any case are the events of today and yesterday, and those that no total has yet.
    """
    with startup.operator() as connection:
        only = _tenant(connection, tenant)
        tenants = [only] if only else billing.tenants_with_events(connection)
    removed = kept = 0
    for tenant_id in tenants:
        count, was_closed = _prune(tenant_id, before.date())
        removed += count
        kept += not was_closed
    if as_json:
        print_json({"removed": removed, "tenants_not_closed": kept})
        return
    print(f"{removed} events removed.")
    if kept:
        print(f"{kept} tenants have older ones that are in no total yet. Run: clincore usage rollup")


def _prune(tenant_id: UUID, before: date) -> tuple[int, bool]:
    """How many events were removed, and whether the tenant's totals had all that was asked for."""
    with startup.operator() as connection:
        until = billing.prunable_before(connection, tenant_id, before)
    removed = 0
    while until is not None:
        # A transaction for each day: short ones, and whatever was removed stays so.
        try:
            with startup.operator() as connection:
                of_day = billing.prune_a_day(connection, tenant_id, until)
        except billing.TotalsDiffer as error:
            raise startup.fail(f"{error}. Nothing of it was removed. See: clincore usage reconcile", code=1) from None
        if of_day is None:
            break
        removed += of_day
    with startup.operator() as connection:
        return removed, not billing.has_open_events(connection, tenant_id, before)


async def _roll_up(tenants: list[UUID]) -> None:
    open_pool(startup.prepare()[1].app_url)
    try:
        for tenant_id in tenants:
            await rollup.roll_up(tenant_id)
    finally:
        close_pool()


def _tenant(connection: Connection, given: str | None) -> UUID | None:
    return find_tenant(connection, given) if given is not None else None
