"""Faults of a distributed database, and what `clincore prove-isolation` must name for each."""

from typing import NamedTuple

from clincore.isolation.commands import CALLS
from support.mutants import OWN


class Mutant(NamedTuple):
    """A change as a superuser on one node, and how to undo it."""

    change: str
    undo: str
    culprit: str
    """A pattern of `fnmatch`."""
    node: int = 0
    """0 is the coordinator. {database} in the statements is the database."""


def _callable(signature: str, *, called: tuple[str, ...] = ()) -> Mutant:
    """The service may call the function, and those that it calls."""
    functions = ", ".join((signature, *called))
    return Mutant(
        f"GRANT EXECUTE ON FUNCTION {functions} TO clincore_app",
        f"REVOKE EXECUTE ON FUNCTION {functions} FROM clincore_app",
        # Brackets are special in patterns.
        f"function {signature.replace('[', '[[]')}",
    )


_ON_A_SHARD = """
DO $do$ DECLARE one regclass; BEGIN
    SET LOCAL citus.override_table_visibility TO off;
    FOR one IN SELECT oid FROM pg_class WHERE relname ~ '^cases_\\d+$' AND relkind = 'r' ORDER BY 1 LIMIT 1 LOOP
        EXECUTE format($shard${}$shard$, one);
    END LOOP;
END $do$"""


def _shard(change: str, undo: str, culprit: str) -> Mutant:
    """A shard of `cases` on the first worker was changed by hand."""
    return Mutant(_ON_A_SHARD.format(change), _ON_A_SHARD.format(undo), culprit, node=1)


# Functions that the service cannot use alone, because they call others.
_CALLED = {
    "run_command_on_workers(text,boolean)": (
        "master_get_active_worker_nodes()",
        "master_run_on_worker(text[],integer[],text[],boolean)",
    ),
    "worker_apply_shard_ddl_command(bigint,text)": ("worker_apply_shard_ddl_command(bigint,text,text)",),
}

HOLES = {
    "run_command_on_workers(text,boolean)",
    "master_run_on_worker(text[],integer[],text[],boolean)",
    "citus_run_local_command(text)",
    "worker_apply_shard_ddl_command(bigint,text)",
    "worker_apply_shard_ddl_command(bigint,text,text)",
    "worker_apply_inter_shard_ddl_command(bigint,text,bigint,text,text)",
}
"""Functions with which the service could read another tenant's rows."""

MUTANTS = {
    "worker-function-of-citus": Mutant(
        "GRANT EXECUTE ON FUNCTION run_command_on_workers TO clincore_app",
        "REVOKE EXECUTE ON FUNCTION run_command_on_workers FROM clincore_app",
        "right functions of Citus on node *",
        node=2,
    ),
    "worker-set_config": Mutant(
        "GRANT EXECUTE ON FUNCTION set_config TO clincore_app",
        "REVOKE EXECUTE ON FUNCTION set_config FROM clincore_app",
        "set_config clincore_app on node *",
        node=1,
    ),
    **{signature: _callable(signature, called=_CALLED.get(signature, ())) for signature in CALLS},
    "settings-not-forwarded": Mutant(
        "ALTER DATABASE {database} SET citus.propagate_set_commands = 'none'",
        "ALTER DATABASE {database} SET citus.propagate_set_commands = 'local'",
        "parameter citus.propagate_set_commands",
    ),
    "settings-not-forwarded-by-a-worker": Mutant(
        "SET citus.enable_ddl_propagation TO off; ALTER DATABASE {database} SET citus.propagate_set_commands = 'none'",
        "SET citus.enable_ddl_propagation TO off; ALTER DATABASE {database} SET citus.propagate_set_commands = 'local'",
        "setting citus.propagate_set_commands on node *",
        node=2,
    ),
    "undistributed-table": Mutant(
        "SELECT undistribute_table('access_log')",
        "SELECT create_distributed_table('access_log', 'tenant_id', colocate_with => 'tenants')",
        "table public.access_log",
    ),
    "restrictive-policy": Mutant(
        "CREATE POLICY sealed ON cases AS RESTRICTIVE TO clincore_app USING (true)",
        "DROP POLICY sealed ON cases",
        "policy sealed on public.cases on node *",
    ),
    "open-shards": Mutant(
        "SELECT run_command_on_shards('case_tags', 'ALTER POLICY tenant_isolation ON %s USING (true)')",
        f"SELECT run_command_on_shards('case_tags', $$ALTER POLICY tenant_isolation ON %s USING ({OWN})$$)",
        "table public.case_tags",
    ),
    "policy-of-a-shard": _shard(
        "ALTER POLICY tenant_isolation ON %s USING (true)",
        f"ALTER POLICY tenant_isolation ON %s USING ({OWN})",
        "policy tenant_isolation on public.cases_* on node *",
    ),
    "shard-not-forced": _shard(
        "ALTER TABLE %s NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE %s FORCE ROW LEVEL SECURITY",
        "row-level security public.cases_* on node *",
    ),
    "sequence-of-citus": Mutant(
        "GRANT SELECT ON SEQUENCE pg_dist_shardid_seq TO PUBLIC",
        "REVOKE SELECT ON SEQUENCE pg_dist_shardid_seq FROM PUBLIC",
        "sequence pg_dist_shardid_seq",
    ),
    "role-of-a-worker": Mutant(
        "SET citus.enable_ddl_propagation TO off; ALTER ROLE clincore_app CREATEDB CREATEROLE",
        "SET citus.enable_ddl_propagation TO off; ALTER ROLE clincore_app NOCREATEDB NOCREATEROLE",
        "role clincore_app on node *",
        node=1,
    ),
}
