"""`clincore usage`: show, check, roll up and prune the usage of tenants."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from clincore.cli.api import UrlOption
from clincore.cli.operator import database_errors, find_tenant, operator_connection, owner_server
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
    print_table,
    progress_line,
)
from clincore.cli.usage_plot import plot_usage

if TYPE_CHECKING:
    import psycopg

usage = typer.Typer(cls=CommandGroup, no_args_is_help=True, help="Show, check, roll up and prune the usage of tenants.")

OneTenant = Annotated[
    str | None, typer.Option("--tenant", metavar="ID|NAME", help="Only this tenant, given by its id or name.")
]


@usage.command("show", cls=PlainCommand)
def show_usage(
    tenant: OneTenant = None,
    limit: Limit = 50,
    plot: Annotated[
        bool, typer.Option("--plot", help="Show the calls of the stored key's tenant on each day, over the API.")
    ] = False,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=366, help="Days that --plot shows.")] = 14,
    url: UrlOption = None,
    as_json: AsJson = False,
) -> None:
    """Show the calls of each tenant, most calls first; or with --plot those of one tenant on each day.

    With --plot, the command needs no database, but an admin key: the stored one or $CLINCORE_API_KEY.

    \b
    Examples:
      clincore usage show
      clincore usage show --plot --days 30
    """
    if plot:
        if tenant is not None:
            raise CommandError("--plot shows the tenant of the key. Leave out --tenant.", exit_code=2)
        plot_usage(url, days, as_json)
        return
    from clincore.db.operator_queries import usage as queries

    with operator_connection() as connection:
        totals = queries.totals(connection, _tenant(connection, tenant), limit)
    if as_json:
        print_json({"items": [total._asdict() for total in totals]})
        return
    print_table(
        ("tenant", "name", "billing", "calls", "last 24 h"), [list(total) for total in totals], optional=("tenant",)
    )


@usage.command("reconcile", cls=PlainCommand)
def reconcile_usage(tenant: OneTenant = None, as_json: AsJson = False) -> None:
    """Compare the totals with the raw events, and show the differences. Exit code 1: there are some.

    \b
    Example:
      clincore usage reconcile
    """
    from clincore.db.operator_queries import usage as queries

    with operator_connection() as connection, progress_line("comparing totals with events"):
        found = queries.differences(connection, _tenant(connection, tenant))
    if as_json:
        print_json({"items": [difference._asdict() for difference in found]})
    elif found:
        headings = ("tenant", "table", "start", "endpoint", "key", "in totals", "in events")
        print_table(headings, [list(difference) for difference in found], optional=("tenant", "key", "table"))
    else:
        print("The totals match the events.")
    if found:
        raise CommandError(f"{len(found)} totals do not match the events.")


@usage.command("rollup", cls=PlainCommand)
def roll_up_usage(tenant: OneTenant = None, as_json: AsJson = False) -> None:
    """Bring the totals of all tenants up to date, and remove stored responses of writes after a day.

    In the background, the service does this for active tenants only.

    \b
    Example:
      clincore usage rollup
    """
    from clincore.db.operator_queries import usage as queries
    from clincore.system import run

    with operator_connection() as connection:
        only = _tenant(connection, tenant)
        tenants = [only] if only else queries.tenants_with_events(connection)
        with_answers = [only] if only else queries.tenants_with_answers(connection)
    run(_roll_up(tenants, with_answers))
    with operator_connection() as connection:
        behind = queries.closed_before(connection, only)
    if as_json:
        print_json({"tenants": len(tenants), "closed_before": behind})
    elif behind is None:
        print("No events are old enough to be rolled up.")
    else:
        print_message(
            f"Rolled up {len(tenants)} tenants. The totals include all events before {behind:%Y-%m-%d %H:%M} UTC."
        )


@usage.command("prune", cls=PlainCommand)
def prune_usage(
    before: Annotated[
        datetime,
        typer.Option(
            "--before", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Remove events of days before this one (UTC)."
        ),
    ],
    tenant: OneTenant = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Remove raw events of days whose totals are complete. Totals, free cap and `reconcile` stay correct.

    Hourly totals and outcomes of these days are removed, too.
    Events of today and yesterday, and events that are in no total yet, are always kept.

    \b
    Examples:
      clincore usage prune --before 2026-06-01 --dry-run
      clincore usage prune --before 2026-06-01
    """
    from clincore.db.operator_queries import usage as queries

    with operator_connection() as connection:
        only = _tenant(connection, tenant)
        tenants = [only] if only else queries.tenants_with_events(connection)
    if not dry_run:
        confirm(f"This removes all raw events before {before:%Y-%m-%d} (tenants: {len(tenants)}). Continue?", yes)
    removed = kept = 0
    with progress_line() as show:
        for number, tenant_id in enumerate(tenants, start=1):
            show(f"tenant {number} of {len(tenants)}: {removed} events")
            count, was_closed = _prune(tenant_id, before.date(), dry_run=dry_run)
            removed += count
            kept += not was_closed
    if as_json:
        print_json({"removed": removed, "tenants_not_closed": kept})
        return
    print(f"{removed} events {'would be removed' if dry_run else 'removed'}.")
    if kept:
        print_message(f"{kept} tenants have older events that are in no total yet. Run: clincore usage rollup")


def _prune(tenant_id: UUID, before: date, *, dry_run: bool) -> tuple[int, bool]:
    """The number of removed events, and whether the tenant's totals include all events before the day.

    `dry_run`: remove none, but count them.
    """
    from clincore.db.operator_queries import usage as queries

    with operator_connection() as connection:
        until = queries.prunable_before(connection, tenant_id, before)
        if dry_run:
            count = 0 if until is None else queries.events_before(connection, tenant_id, until)
            return count, not queries.has_open_events(connection, tenant_id, before)
    removed = 0
    while until is not None:
        # One short transaction per day.
        try:
            with operator_connection() as connection:
                of_day = queries.prune_a_day(connection, tenant_id, until)
        except queries.TotalsDiffer as error:
            raise CommandError(f"{error}. No event of that day was removed. See: clincore usage reconcile") from None
        if of_day is None:
            break
        removed += of_day
    with operator_connection() as connection:
        return removed, not queries.has_open_events(connection, tenant_id, before)


async def _roll_up(tenants: list[UUID], with_answers: list[UUID]) -> None:
    from clincore.db.session import close_pool, open_pool
    from clincore.metering import rollup

    with owner_server() as (_, server), database_errors(server.app_url):
        open_pool(server.app_url)
        try:
            with progress_line() as show:
                for number, tenant_id in enumerate(tenants, start=1):
                    show(f"tenant {number} of {len(tenants)}")
                    await rollup.roll_up(tenant_id)
                for tenant_id in with_answers:
                    await rollup.remove_expired(tenant_id)
        finally:
            close_pool()


def _tenant(connection: "psycopg.Connection[Any]", given: str | None) -> UUID | None:
    return find_tenant(connection, given) if given is not None else None
