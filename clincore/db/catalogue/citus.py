"""What Citus adds to a database, and checks of it. They find nothing in a database without the extension."""

from collections.abc import Iterator
from typing import Any

import psycopg

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue
from clincore.db.statements import ROLE

REFERENCE_TABLES = ("tenant_names", "signing_keys")
"""The tables of which each node has a copy. All others with a `tenant_id` are distributed by it."""
CALLED_BY_CITUS = (
    "assign_distributed_transaction_id",
    "citus_table_is_visible",
    "lock_shard_resources",
    "relation_is_a_known_shard",
)
"""Functions that Citus itself calls as the service's role. They show and change no rows."""

_PLAN = "Run the statements that `clincore distribute --plan` prints for superusers."
_REPAIR = "Run: clincore distribute"


def is_distributed(connection: psycopg.Connection[Any]) -> bool:
    """Whether Citus distributes the tenants' tables over its nodes."""
    if connection.execute("SELECT to_regclass('pg_catalog.pg_dist_partition')").fetchone() == (None,):
        return False
    found = connection.execute("SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('public.api_keys')")
    return found.rowcount > 0


def extension_functions(catalogue: Catalogue) -> Iterator[Fault]:
    """The service cannot call the functions of Citus, some of which run SQL with another tenant's setting."""
    found = catalogue.rows(
        "SELECT p.oid::regprocedure::text FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid"
        " JOIN pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')"
        " WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'"
        # Before the first migration there is no such role: then what everyone may call counts.
        " AND has_function_privilege(coalesce((SELECT rolname FROM pg_roles WHERE rolname = %s), 'public'),"
        " p.oid, 'EXECUTE') AND proname <> ALL (%s) ORDER BY 1",
        ROLE,
        [*CALLED_BY_CITUS],
    )
    if found:
        yield Fault(
            "functions of Citus",
            f"{ROLE} may call functions of Citus, {len(found)} in all, such as {found[0][0]}.",
            _PLAN,
        )


def forwarded_settings(catalogue: Catalogue) -> Iterator[Fault]:
    """Citus forwards SET LOCAL, and with it the tenant, to its nodes."""
    for (value,) in catalogue.rows(
        "SELECT current_setting('citus.propagate_set_commands', true) FROM pg_extension WHERE extname = 'citus'"
    ):
        if value != "local":
            yield Fault(
                "parameter citus.propagate_set_commands",
                f"citus.propagate_set_commands is {value or 'not set'}, so the nodes would not know the tenant.",
                _PLAN,
            )


def services_node(catalogue: Catalogue) -> Iterator[Fault]:
    """The service uses a coordinator without shards: into its node's shards Citus copies rows past row-level security.

    Seen with 13.2 for COPY and INSERT ... SELECT (`multi_copy.c`: "TODO: Perform RLS checks once supported"). With
    `citus.enable_local_execution` off it does not, but then it refuses the statements of `admit_of`.
    """
    if not catalogue.rows("SELECT FROM pg_extension WHERE extname = 'citus'"):
        return
    why = "On it Citus would copy rows past row-level security."
    if catalogue.rows("SELECT FROM pg_dist_local_group WHERE groupid <> 0"):
        yield Fault("node", f"This is a worker of a Citus cluster. {why}", "DATABASE_URL must name the coordinator.")
    elif catalogue.rows(
        "SELECT FROM pg_dist_placement JOIN pg_dist_shard USING (shardid) JOIN pg_dist_partition USING (logicalrelid)"
        " WHERE partmethod = 'h' AND groupid = 0 LIMIT 1"
    ):
        yield Fault(
            "node",
            f"The coordinator has shards. {why}",
            "Run as a superuser: SELECT citus_drain_node(nodename, nodeport) FROM pg_dist_node WHERE groupid = 0",
        )


def distributed_tables(catalogue: Catalogue) -> Iterator[Fault]:
    """Citus distributes all tables of tenants by tenant and into the same shards, or none."""
    if not catalogue.rows("SELECT FROM pg_extension WHERE extname = 'citus'"):
        return
    placed = {
        oid: (method, model, colocation, column)
        for oid, method, model, colocation, column in catalogue.rows(
            "SELECT logicalrelid::oid::bigint, partmethod::text, repmodel::text, colocationid, attname::text"
            " FROM pg_dist_partition LEFT JOIN pg_attribute ON attrelid = logicalrelid"
            r" AND attnum = substring(partkey FROM ':varattno (\d+)')::smallint"
        )
    }
    if not placed:
        return
    of_tenants = {placed[table.oid][2] for table in catalogue.tables if table.name == "tenants" and table.oid in placed}
    for table in catalogue.tables:
        method, model, colocation, column = placed.get(table.oid, (None, None, None, None))
        if table.full_name.removeprefix("public.") in REFERENCE_TABLES:
            if (method, model) != ("n", "t"):
                yield Fault(
                    f"table {table.quoted}", f"{table.quoted} is no reference table, so not every node has it.", _REPAIR
                )
        elif table.key is not None and table.reachable:
            if method is None:
                yield Fault(f"table {table.quoted}", f"{table.quoted} is not distributed.", _REPAIR)
            elif method != "h" or column != table.key or colocation not in of_tenants:
                yield Fault(
                    f"table {table.quoted}",
                    f"{table.quoted} is distributed, but not by {table.key} into the shards of tenants.",
                    f"Run as its owner: SELECT undistribute_table('{table.quoted}'); then: clincore distribute",
                )
