"""Operations for migrations: `op.isolate_tenants`, `op.create_index_concurrently`, `op.update_in_slices`.

docs/upgrading.md has the rules for migrations that they implement.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic.operations import MigrateOperation, Operations

# The service sees only rows of the transaction's tenant. NULLIF: after a SET LOCAL has ended, the setting is '' and not
# NULL, and casting '' would fail.
TENANT = "NULLIF(current_setting('app.tenant_id', true), '')::uuid"
# The owner sees every tenant, or one after setting app.tenant_id. Without this policy, FORCE would make an UPDATE that
# an operator types change 0 rows without an error.
OPERATOR = "coalesce(current_setting('app.tenant_id', true), '') = ''"

# While a migration waits for a table, every request to that table waits behind it. So it waits briefly, and retries.
LOCK_TIMEOUT = "500ms"
# Of the session. With Citus, a migration may change several tables only over one connection to each node, because
# `tenants` refers to a table that every node has. Without Citus the setting has no meaning.
SETTINGS = (f"SET lock_timeout = '{LOCK_TIMEOUT}'", "SET citus.multi_shard_modify_mode = 'sequential'")

# Nothing in it is a query whose result the migration needs, so that it can be printed.
_DISTRIBUTE = """\
DO $distribute$
BEGIN
    IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
        IF EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = to_regclass('public.tenants')) THEN
            PERFORM pg_catalog.create_distributed_table('{table}', 'tenant_id', colocate_with => 'tenants');
        END IF;
    END IF;
END
$distribute$"""


class Operation(MigrateOperation):
    """A call with its arguments; the function that is registered for it carries it out."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments


@Operations.register_operation("isolate_tenants")
class IsolateTenants(Operation):
    @classmethod
    def isolate_tenants(cls, operations: Operations, table: str, rights: str) -> None:
        """Enable and force row security on a table with a `tenant_id`, add both policies, and grant `rights`.

        On a Citus cluster whose tables are distributed, the table is distributed too. It must be empty.

        `rights`: those of the service, as in GRANT, such as `SELECT, INSERT`.
        """
        return operations.invoke(cls(table, rights))


@Operations.implementation_for(IsolateTenants)
def _isolate_tenants(operations: Operations, operation: Operation) -> None:
    table, rights = operation.arguments
    operations.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    operations.execute(
        f"CREATE POLICY tenant_isolation ON {table} TO clincore_app"
        f" USING (tenant_id = {TENANT}) WITH CHECK (tenant_id = {TENANT})"
    )
    operations.execute(f"CREATE POLICY operator ON {table} TO CURRENT_USER USING ({OPERATOR}) WITH CHECK ({OPERATOR})")
    operations.execute(f"GRANT {rights} ON {table} TO clincore_app")
    operations.execute(_DISTRIBUTE.format(table=table))


@Operations.register_operation("create_index_concurrently")
class CreateIndexConcurrently(Operation):
    @classmethod
    def create_index_concurrently(
        cls,
        operations: Operations,
        name: str,
        table: str,
        columns: Sequence[str],
        where: str | None = None,
        *,
        unique: bool = False,
    ) -> None:
        """Create an index outside of the migration's transaction, while others write to the table.

        It can be repeated after an interruption. It must come first in its migration, because anything before it would
        be kept when the index fails.
        """
        return operations.invoke(cls(name, table, columns, where, unique))


@Operations.implementation_for(CreateIndexConcurrently)
def _create_index_concurrently(operations: Operations, operation: Operation) -> None:
    name, table, columns, where, unique = operation.arguments
    condition = f" WHERE {where}" if where else ""
    context = operations.get_context()
    with context.autocommit_block():
        # It waits until open transactions end; no request waits behind it.
        operations.execute("SET lock_timeout = 0")
        # An interrupted run leaves an invalid index, which queries do not use and writes maintain, or a valid one.
        is_valid = not context.as_sql and operations.get_bind().scalar(
            sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"), {"name": name}
        )
        # Citus makes an index that exists invalid, although it skips CREATE ... IF NOT EXISTS.
        if not is_valid:
            # IF EXISTS, because on a Citus cluster some nodes may have it and others not.
            operations.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            operations.execute(
                f"CREATE {'UNIQUE ' if unique else ''}INDEX CONCURRENTLY IF NOT EXISTS {name}"
                f" ON {table} ({', '.join(columns)}){condition}"
            )
        operations.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")


_LOOP = """\
DO $slices$
DECLARE
    changed bigint;
BEGIN
    LOOP
        {statement};
        GET DIAGNOSTICS changed = ROW_COUNT;
        EXIT WHEN changed = 0;
        COMMIT;
    END LOOP;
END
$slices$"""


@Operations.register_operation("update_in_slices")
class UpdateInSlices(Operation):
    @classmethod
    def update_in_slices(cls, operations: Operations, statement: str) -> None:
        """Repeat the statement, each time in its own transaction, until it changes no row.

        The statement must change a limited number of rows, and no row twice: `... WHERE (tenant_id, id) IN (SELECT ...
        WHERE new IS NULL LIMIT 1000)`. Then it continues after an interruption and holds no row for long. It must come
        first in its migration, like an index.
        """
        return operations.invoke(cls(statement))


@Operations.implementation_for(UpdateInSlices)
def _update_in_slices(operations: Operations, operation: Operation) -> None:
    (statement,) = operation.arguments
    context = operations.get_context()
    with context.autocommit_block():
        if context.as_sql:
            operations.execute(_LOOP.format(statement=statement))
            return
        while operations.get_bind().execute(sa.text(statement)).rowcount:
            pass
