"""`clincore distribute`: spread the tables over the nodes of a Citus cluster."""

from typing import TYPE_CHECKING, Annotated

import typer

from clincore.cli.operator import database_errors, owner_server
from clincore.cli.output import AsJson, CommandError, Yes, confirm, print_json, print_table, progress_line

if TYPE_CHECKING:
    from clincore.db.operator_queries.distribution import Cluster, Placement

SHARDS = 32


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

    Run it on the coordinator with the owner's login, after `clincore migrate` and the superuser's part. It can be
    repeated: it distributes what is local. Requests that need a table wait until all tables are distributed.

    \b
    Examples:
      clincore distribute --plan
      clincore distribute --shards 64
    """
    from clincore.db import migrations
    from clincore.db.operator_queries import distribution
    from clincore.db.session import operator_session

    with owner_server() as (_, server), database_errors(server.owner_url):
        with operator_session(server.owner_url) as owner:
            cluster, placements = distribution.cluster(owner), distribution.placements(owner)
            script = distribution.superusers_part(owner)
        if plan:
            _print_plan(cluster, placements, script, as_json)
            return
        fault = distribution.obstacle(cluster)
        if fault is not None:
            raise CommandError(f"{fault} See: clincore distribute --plan")
        local = [one for one in placements if one.now == "local"]
        if local:
            rows = sum(one.rows for one in local)
            confirm(f"Distribute {len(local)} tables with about {rows:,} rows over {len(cluster.workers)} nodes?", yes)
        with progress_line() as show:
            with operator_session(server.owner_url) as owner:
                done = distribution.distribute(owner, shards, show)
            # After the commit, because it empties tables that others read until then.
            with operator_session(server.owner_url) as owner:
                distribution.remove_local_rows(owner, show)
            show("checking")
            migrations.check(server.app_url)
            with operator_session(server.owner_url) as owner:
                differences = distribution.differences(owner)
    if as_json:
        print_json({"distributed": [one.table for one in done], "differences": differences})
    else:
        print(f"{len(done)} tables were distributed." if done else "Nothing to do: all tables are distributed.")
        for one in differences:
            print(one)
    if differences:
        raise CommandError(f"{len(differences)} differences between the workers and the coordinator.")


def _print_plan(cluster: "Cluster", placements: "list[Placement]", script: str, as_json: bool) -> None:
    from clincore.db.operator_queries import distribution

    obstacle = distribution.obstacle(cluster)
    if as_json:
        tables = [one._asdict() for one in placements]
        print_json({"ready": obstacle is None, "obstacle": obstacle, "tables": tables, "superuser": script})
        return
    print_table(("table", "now", "to be", "rows, about"), [list(one) for one in placements])
    print(f"\n{obstacle}\n\n{script}" if obstacle else "\nThe cluster is ready. Run: clincore distribute")
