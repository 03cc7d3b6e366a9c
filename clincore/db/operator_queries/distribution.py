"""Distribute the tables over the nodes of a Citus cluster.

Every row of a tenant is on one node: `tenants` is distributed by its id, every other table of tenants by `tenant_id`,
and all of them have the same shards. Tables that all tenants share are copied to each node. The connection is that of
an `operator_session` on the coordinator.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import psycopg
from psycopg import sql

from clincore.db.catalogue.citus import CALLED_BY_CITUS, REFERENCE_TABLES, extension_functions, forwarded_settings
from clincore.db.catalogue.nodes import compare_nodes
from clincore.db.catalogue.reader import read_catalogue
from clincore.db.operator_queries import tenant_rows
from clincore.db.operator_queries.run import Connection
from clincore.db.schema_version import MIGRATION_LOCK
from clincore.db.session import LIMITS, OperatorError
from clincore.db.statements import ROLE

Kind = Literal["local", "distributed", "reference"]
VERSION_MIN = 13
"""Of Citus."""
LOCK_TIMEOUT = "500ms"
_DELEGATED = "admit_of"
"""This function runs on the node with the tenant's rows. The others run where they are called."""


class Busy(Exception):
    """`clincore migrate` or another `clincore distribute` is running."""


class Address(NamedTuple):
    """Where Citus finds a node of the cluster."""

    host: str
    port: int


class Cluster(NamedTuple):
    """The cluster that a database belongs to. All fields are empty in a database without the extension."""

    version: str | None
    """Of the extension."""
    is_worker: bool
    """The connection leads to a worker, not to the coordinator."""
    coordinator: Address | None
    workers: list[Address]
    faults: list[str]
    """What a superuser has to change, one sentence each."""


class TablePlan(NamedTuple):
    """Where a table's rows are, and where they are to be."""

    table: str
    now: Kind
    wanted: Kind
    rows: int | None
    """PostgreSQL's estimate for a local table; None: its rows are on other nodes."""


def cluster(connection: Connection) -> Cluster:
    """Read what Citus knows about its nodes."""
    version = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'citus'").fetchone()
    if version is None:
        return Cluster(None, False, None, [], [])
    local = connection.execute("SELECT groupid FROM pg_dist_local_group").fetchone()
    found = connection.execute(
        "SELECT groupid, nodename, nodeport FROM pg_dist_node WHERE noderole = 'primary' ORDER BY 1, 2, 3"
    ).fetchall()
    with connection.transaction(force_rollback=True):
        # It sets the search path of the transaction.
        catalogue = read_catalogue(connection)
        faults = [fault.text for check in (extension_functions, forwarded_settings) for fault in check(catalogue)]
    return Cluster(
        version=version[0],
        is_worker=local is not None and local[0] != 0,
        coordinator=next((Address(host, port) for group, host, port in found if group == 0), None),
        workers=[Address(host, port) for group, host, port in found if group != 0],
        faults=faults,
    )


def unfit(found: Cluster) -> str | None:
    """Why this is not the database to distribute, and what to do about it; None: it is."""
    if found.is_worker:
        return "This is a worker of the cluster. MIGRATION_DATABASE_URL must name the coordinator."
    if found.version is not None and int(found.version.partition(".")[0]) < VERSION_MIN:
        return (
            f"The Citus extension is version {found.version}; ClinCore needs {VERSION_MIN} or later. Update it on all"
            " nodes (docs/citus.md)."
        )
    return None


def obstacle(found: Cluster) -> str | None:
    """What a superuser has to do before tables can be distributed, in one sentence; None: nothing."""
    if found.version is None:
        return "The database has no Citus extension."
    if found.coordinator is None:
        return "Citus does not know the address of its coordinator."
    if not found.workers:
        return "Citus does not know any workers."
    return next(iter(found.faults), None)


def superusers_part(connection: Connection, found: Cluster) -> str:
    """The statements that a superuser runs with psql, with this database's names and, where known, the nodes'."""
    row = connection.execute("SELECT current_database(), current_user").fetchone()
    assert row is not None
    database, owner = row
    coordinator = found.coordinator or Address("COORDINATOR", 5432)
    workers = found.workers or [Address("WORKER", 5432)]
    every = sql.SQL(_ON_EVERY_NODE).format(database=sql.Identifier(database)).as_string(connection)
    once = sql.SQL(_ON_THE_COORDINATOR).format(
        host=coordinator.host,
        port=coordinator.port,
        workers=sql.SQL("\n").join(
            sql.SQL("SELECT citus_add_node({}, {});").format(worker.host, worker.port) for worker in workers
        ),
    )
    return f"{every}\n{once.as_string(connection)}{lockdown(owner)}"


def lockdown(owner: str) -> str:
    """The superuser's statement that leaves the functions of Citus to the tables' owner, on every node."""
    allowed = sql.Literal([*CALLED_BY_CITUS])
    names = {"owner": sql.Identifier(owner), "login": sql.Literal(owner)}
    return sql.SQL(_LOCKDOWN).format(allowed=allowed, **names).as_string()


def differences(connection: Connection) -> list[str]:
    """What differs between the coordinator and a node, one sentence each."""
    found = []
    for answer in compare_nodes(connection):
        if answer.error is not None:
            found.append(f"{answer.node} does not answer: {answer.error}")
        found += [f"{culprit} on {answer.node}: {text}" for culprit, text in answer.differences]
    return found


def table_plans(connection: Connection) -> list[TablePlan]:
    """All tables in the order in which they can be distributed: each after those that its foreign keys refer to.

    An empty database has none.
    """
    if connection.execute("SELECT to_regclass('public.tenants')").fetchone() == (None,):
        return []
    wanted: dict[str, Kind] = dict.fromkeys(REFERENCE_TABLES, "reference")
    wanted["tenants"] = "distributed"
    for table in tenant_rows.tables(connection):
        wanted.setdefault(table.name, "distributed")
    rows = {
        name: max(0, int(rows))
        for name, rows in connection.execute(
            "SELECT relname::text, reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
    }
    kinds = _kinds(connection)
    return [
        TablePlan(table, kinds.get(table, "local"), kind, None if table in kinds else rows[table])
        for table, kind in wanted.items()
    ]


def distribute(connection: Connection, shards: int, show: Callable[[str], None]) -> list[str]:
    """Distribute what is local, in the connection's transaction. `shards`: of each table, if `tenants` is local.

    `show` is called with the name of each table. Returns the tables that were local. Their rows stay on the
    coordinator's disk, where no statement sees them, until `remove_local_rows`.

    Raises:
        Busy: the schema is being changed.
        psycopg.errors.LockNotAvailable: another transaction holds a table.
    """
    if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [MIGRATION_LOCK]).fetchone() == (False,):
        raise Busy
    # When the command was killed, the server ends its transaction after a second instead of after the copy.
    connection.execute("SET LOCAL client_connection_check_interval TO '1s'")
    connection.execute("SET LOCAL statement_timeout TO 0")
    _limit_waits(connection)
    pending = [one for one in table_plans(connection) if one.now == "local"]
    if pending:
        # All at once and briefly: requests hold some tables while they wait for others, and queue behind this lock.
        connection.execute(sql.SQL("SET LOCAL lock_timeout TO {}").format(sql.Literal(LOCK_TIMEOUT)))
        tables = sql.SQL(", ").join(sql.Identifier(one.table) for one in pending)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables))
        _distribute_tables(connection, pending, shards, show)
    _distribute_functions(connection)
    return [one.table for one in pending]


def rows_copied(connection: Connection) -> int:
    """The rows of the table that `distribute` copies at the moment, as far as they have reached their nodes."""
    row = connection.execute(
        "SELECT coalesce(sum(result::bigint), 0) FROM run_command_on_workers("
        " 'SELECT coalesce(sum(tuples_processed), 0) FROM pg_stat_progress_copy WHERE datname = current_database()')"
        " WHERE success"
    ).fetchone()
    assert row is not None
    return int(row[0])


def remove_local_rows(connection: Connection) -> bool:
    """Remove the coordinator's own copies of one distributed table and of those that refer to it.

    No statement sees these copies. Returns whether there was one.

    Raises:
        psycopg.errors.LockNotAvailable: another transaction holds one of the tables.
    """
    found = connection.execute(
        "SELECT logicalrelid FROM pg_dist_partition JOIN pg_class ON oid = logicalrelid"
        " WHERE relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY relname LIMIT 1"
    ).fetchone()
    if found is None:
        return False
    connection.execute(sql.SQL("SET LOCAL lock_timeout TO {}").format(sql.Literal(LOCK_TIMEOUT)))
    connection.execute("SELECT truncate_local_data_after_distributing_table(%s::regclass)", found)
    return True


def _distribute_tables(
    connection: Connection, tables: list[TablePlan], shards: int, show: Callable[[str], None]
) -> None:
    # The cluster has no foreign keys between local and reference tables, which Citus would keep in its metadata.
    connection.execute("SET LOCAL citus.enable_local_reference_table_foreign_keys TO off")
    connection.execute(sql.SQL("SET LOCAL citus.shard_count TO {}").format(sql.Literal(shards)))
    # Citus uses COPY, which row-level security forbids even to the owner. No other transaction sees NO FORCE.
    protected = _with_forced_row_security(connection, [one.table for one in tables])
    for name in protected:
        _alter(connection, name, "NO FORCE")
    for one in tables:
        show(one.table)
        if one.wanted == "reference":
            connection.execute("SELECT create_reference_table(%s::regclass)", [one.table])
        elif one.table == "tenants":
            connection.execute("SELECT create_distributed_table('tenants', 'id', colocate_with => 'none')")
        else:
            connection.execute(
                "SELECT create_distributed_table(%s::regclass, 'tenant_id', colocate_with => 'tenants')", [one.table]
            )
    for name in protected:
        _alter(connection, name, "FORCE")


def _distribute_functions(connection: Connection) -> None:
    """Copy the functions that the nodes do not have, and let the admission of a tenant run on the tenant's node.

    Citus copies functions that are created later itself.
    """
    connection.execute(
        "SELECT CASE proname WHEN %(delegated)s"
        " THEN create_distributed_function(p.oid::regprocedure, 'tenant', 'tenants', force_delegation => true)"
        " ELSE create_distributed_function(p.oid::regprocedure) END"
        " FROM pg_proc p LEFT JOIN pg_dist_object o ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid"
        " WHERE pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')"
        " AND (o.objid IS NULL OR (proname = %(delegated)s AND force_delegation IS NOT TRUE))"
        " AND NOT EXISTS (SELECT FROM pg_depend d"
        " WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND deptype = 'e')",
        {"delegated": _DELEGATED},
    )


_ON_EVERY_NODE = """\
-- On every node, the coordinator included, with psql as a superuser.
-- shared_preload_libraries must begin with citus. The superuser, the owner and
-- clincore_app must be able to log in from one node to another: docs/citus.md.
CREATE DATABASE {database};  -- unless it exists
\\connect {database}
CREATE EXTENSION IF NOT EXISTS citus;
SET citus.enable_ddl_propagation TO off;
ALTER DATABASE {database} SET citus.propagate_set_commands = 'local';
"""

_ON_THE_COORDINATOR = """\
-- On the coordinator, in the same way. The addresses are those at which the
-- nodes reach each other.
SELECT citus_set_coordinator_host({host}, {port});
{workers}
"""

# It runs on every node, so that a repetition after citus_add_node or ALTER EXTENSION is complete.
_LOCKDOWN = """\
SELECT nodeid, success, result FROM run_command_on_all_nodes($every_node$
DO $do$
DECLARE
    one text;
    since_16 boolean := current_setting('server_version_num')::integer >= 160000;
BEGIN
    SET LOCAL citus.enable_ddl_propagation TO off;
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    FOR one IN
        SELECT p.oid::regprocedure FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
        JOIN pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')
        WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'
          AND proname <> ALL ({allowed})
    LOOP
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', one);
        EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO {owner}', one);
    END LOOP;
    FOR one IN
        SELECT c.oid::regclass FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND relkind = 'S'
        JOIN pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'
    LOOP
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC', one);
    END LOOP;
    REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {owner};
    -- Citus copies roles without their memberships.
    IF to_regrole('clincore_app') IS NOT NULL THEN
        IF NOT pg_has_role({login}, 'clincore_app', CASE WHEN since_16 THEN 'SET' ELSE 'MEMBER' END) THEN
            EXECUTE 'GRANT clincore_app TO {owner}'
                    || CASE WHEN since_16 THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
        END IF;
    END IF;
END
$do$
$every_node$);
"""


def _limit_waits(connection: Connection) -> None:
    """Let the service's statements wait for locks on workers as long as on the coordinator.

    Citus does not forward what the service sets when it connects.
    """
    limit = "lock_timeout=" + LIMITS["lock_timeout"]
    limited = connection.execute(
        "SELECT FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase AND datname = current_database()"
        " WHERE setrole = %s::regrole AND %s = ANY (setconfig)",
        [ROLE, limit],
    )
    if limited.rowcount:
        return
    statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET lock_timeout = {}").format(
        sql.Identifier(ROLE), sql.Identifier(connection.info.dbname), LIMITS["lock_timeout"]
    )
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        needed = statement.as_string(connection)
        raise OperatorError(f"The login cannot change {ROLE}. Run as a superuser: {needed}") from None


def _kinds(connection: Connection) -> dict[str, Kind]:
    """Where the tables are that Citus knows."""
    if connection.execute("SELECT to_regclass('pg_dist_partition')").fetchone() == (None,):
        return {}
    found = connection.execute(
        "SELECT relname::text, partmethod = 'n' FROM pg_dist_partition JOIN pg_class c ON c.oid = logicalrelid"
    ).fetchall()
    return {name: "reference" if is_copied else "distributed" for name, is_copied in found}


def _with_forced_row_security(connection: Connection, tables: list[str]) -> list[str]:
    found = connection.execute(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)"
        " AND relforcerowsecurity",
        [tables],
    )
    return [name for (name,) in found.fetchall()]


def _alter(connection: Connection, table: str, force: Literal["FORCE", "NO FORCE"]) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(sql.Identifier(table), sql.SQL(force)))
