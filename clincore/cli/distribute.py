"""`clincore distribute`: spread the tables over the nodes of a Citus cluster."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from clincore.cli.operator import database_errors, owner_server
from clincore.cli.output import (
    AsJson,
    CommandError,
    Yes,
    confirm,
    print_json,
    print_message,
    print_table,
    progress_line,
)

if TYPE_CHECKING:
    import psycopg

    from clincore.db.operator_queries.distribution import Cluster, TablePlan

R = TypeVar("R")

SHARDS = 32
# When another transaction holds a table, as in a migration.
ATTEMPTS = 60
PAUSE_SECONDS = 1.0


def distribute(
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Change nothing. Print what would be distributed, and the superuser's part."),
    ] = False,
    shards: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=1024, help="Shards of each table, which limit the number of nodes."),
    ] = SHARDS,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Spread the tables over the nodes of a Citus cluster, so that all rows of a tenant are on one node.

    Run it on the coordinator with the owner's login, after the superuser's part and `clincore migrate`. It can be
    repeated: it distributes what is local. Requests wait or get 503 until all tables are distributed. Then restart all
    instances of the service.

    \b
    Examples:
      clincore distribute --plan
      clincore distribute --shards 64
    """
    from clincore.db import migrations
    from clincore.db.operator_queries import distribution
    from clincore.db.session import operator_session

    with owner_server() as (_, server), database_errors(server.owner_url):
        with operator_session(server.owner_url, may_be_empty=plan) as owner:
            cluster, tables = distribution.cluster(owner), distribution.table_plans(owner)
            script = distribution.superusers_part(owner, cluster)
        fault = distribution.unfit(cluster)
        if fault is not None:
            raise CommandError(fault)
        if plan:
            _print_plan(cluster, tables, script, as_json)
            return
        obstacle = distribution.obstacle(cluster)
        if obstacle is not None:
            raise CommandError(f"{obstacle} See: clincore distribute --plan")
        local = [one for one in tables if one.now == "local"]
        if local:
            rows = sum(one.rows or 0 for one in local)
            confirm(f"Distribute {len(local)} tables with about {rows:,} rows over {len(cluster.workers)} nodes?", yes)
        with progress_line() as show:
            with _counting_rows(server.owner_url, show) as show_table:
                done = _retried(
                    server.owner_url, lambda owner: distribution.distribute(owner, shards, show_table), show
                )
            # After the commit, because it empties tables that others read until then.
            show("removing the coordinator's copies")
            while _retried(server.owner_url, distribution.remove_local_rows, show):
                pass
            show("checking")
            migrations.check(server.app_url)
            with operator_session(server.owner_url) as owner:
                differences = distribution.differences(owner)
    if as_json:
        print_json({"distributed": done, "differences": differences})
    else:
        print(f"{len(done)} tables were distributed." if done else "Nothing to do: all tables are distributed.")
        if done:
            print_message("Restart all instances of the service: they read at their start that tables are distributed.")
        for one in differences:
            print_message(one)
    if differences:
        raise CommandError(
            f"{len(differences)} differences between the nodes and the coordinator. If they are rights or memberships, "
            "run the last statement of `clincore distribute --plan` again."
        )


def _retried(owner_url: str, step: "Callable[[psycopg.Connection[Any]], R]", show: Callable[[str], None]) -> R:
    """Run a step in a transaction of its own, again and again while others hold what it needs.

    Raises:
        CommandError: they held it for a minute.
    """
    from psycopg import errors

    from clincore.db.operator_queries.distribution import Busy
    from clincore.db.session import operator_session

    for _ in range(ATTEMPTS):
        try:
            with operator_session(owner_url) as owner:
                return step(owner)
        except Busy:
            reason = "Another `clincore distribute` or `clincore migrate` is running."
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            reason = "Another transaction holds a table."
        show(f"waiting: {reason}")
        time.sleep(PAUSE_SECONDS)
    raise CommandError(f"{reason} Nothing is half done. Try again later.")


@contextmanager
def _counting_rows(owner_url: str, show: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows which table is distributed, and once a second how many of its rows were copied."""
    import psycopg

    from clincore.db.operator_queries.distribution import rows_copied
    from clincore.db.session import OperatorError, operator_session

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    step, ended = "", Event()

    def show_table(table: str) -> None:
        nonlocal step
        step = f"distributing {table}"
        show(step)

    def count() -> None:
        while not ended.wait(1):
            # Progress is not worth an error.
            with suppress(psycopg.Error, OperatorError):
                with operator_session(owner_url) as owner:
                    rows = rows_copied(owner)
                if rows and not ended.is_set():
                    show(f"{step}: {rows:,} rows")

    counting = Thread(target=count, daemon=True)
    counting.start()
    try:
        yield show_table
    finally:
        ended.set()
        counting.join()


def _print_plan(cluster: "Cluster", tables: "list[TablePlan]", script: str, as_json: bool) -> None:
    from clincore.db.operator_queries import distribution

    obstacle = distribution.obstacle(cluster)
    if as_json:
        plans = [one._asdict() for one in tables]
        print_json({"ready": obstacle is None, "obstacle": obstacle, "tables": plans, "superuser": script})
        return
    if tables:
        print_table(("table", "now", "to be", "rows, about"), [list(one) for one in tables])
        print()
    print(f"{obstacle or 'A new node, or a new version of Citus, needs parts of this again:'}\n\n{script}")
    following = "clincore distribute" if tables else "clincore migrate && clincore distribute"
    print(f"{'Then run' if obstacle else 'The cluster is ready. Run'}: {following}")
