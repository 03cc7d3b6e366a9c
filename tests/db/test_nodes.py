"""What a worker does about a node of a Citus cluster that does not answer, with a PostgreSQL that is called a cluster.

tests/server/test_dead_worker.py has the same on a cluster.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL, Literal
from sqlalchemy import text

from clincore.db import errors
from clincore.db.errors import NodeDown
from clincore.db.session import examine_nodes, tenant_session
from clincore.db.statements import NoRow, Statement
from support.citus import not_on_a_cluster
from support.database import Database
from support.pool import run_with_pool

SECONDS_MAX = 20.0
NOTHING = Statement(text("SELECT"), NoRow)
SLEEP = Statement(text("SELECT FROM pg_sleep(:seconds)"), NoRow)


@pytest.fixture(scope="module")
def cluster(migrated_database: Callable[[], Database]) -> Database:
    """A database with Citus's catalogue of two nodes. Tenants with a negative hash are on the first."""
    database = migrated_database()
    with database.as_superuser() as superuser:
        superuser.execute("""
            CREATE TABLE pg_dist_node (groupid int, nodename text, nodeport int, noderole text);
            CREATE TABLE pg_dist_placement (shardid bigint, groupid int);
            CREATE TABLE pg_dist_shard (shardid bigint, logicalrelid regclass, shardminvalue text, shardmaxvalue text);
            INSERT INTO pg_dist_node VALUES (1, 'first', 5432, 'primary'), (2, 'second', 5432, 'primary'),
                (2, 'standby', 5432, 'secondary');
            INSERT INTO pg_dist_placement VALUES (7, 1), (8, 2), (9, 2);
            INSERT INTO pg_dist_shard VALUES (7, 'tenants', '-2147483648', '-1'), (8, 'tenants', '0', '1073741823'),
                (9, 'tenants', '1073741824', '2147483647'), (10, 'cases', '-2147483648', '2147483647');
            GRANT SELECT ON pg_dist_node, pg_dist_placement, pg_dist_shard TO clincore_app;
        """)
    return database


@contextmanager
def silence(database: Database) -> Iterator[None]:
    """Let every probe wait, as for a node that loses all packets."""
    with database.as_superuser() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE")
        yield


def tenant_of(database: Database, hashes: str) -> UUID:
    with database.as_superuser() as superuser:
        found: Any = superuser.execute(
            f"SELECT id FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 100)) AS possible"
            f" WHERE uuid_hash(id) {hashes} LIMIT 1".encode()
        ).fetchone()
    return UUID(str(found[0]))


async def call(tenant_id: UUID, *, on_every_node: bool = False, seconds: float = 0.0) -> None:
    async with tenant_session(tenant_id, on_every_node=on_every_node) as session:
        await session.finish(SLEEP, seconds=seconds) if seconds else await session.finish(NOTHING)


@not_on_a_cluster("it makes tables with the names of Citus's catalogue")
def test_what_needs_a_silent_node_ends_at_once_until_it_answers_and_nothing_else_does(cluster: Database) -> None:
    ill, well = tenant_of(cluster, "< 0"), tenant_of(cluster, ">= 0")

    async def fails(tenant_id: UUID, **options: bool) -> bool:
        try:
            await call(tenant_id, **options)
        except NodeDown as error:
            assert error.node == "first:5432"
            return True
        return False

    async def main() -> None:
        assert await examine_nodes() == []
        await asyncio.gather(call(ill), call(well), call(well, on_every_node=True))
        with silence(cluster):
            # A long wait is the first sign. It ends, and all other waits for the node with it.
            with pytest.raises(NodeDown):
                await call(ill, seconds=SECONDS_MAX)
            began_at = time.monotonic()
            assert await fails(ill)
            assert await fails(well, on_every_node=True)
            assert not await fails(well)
            assert time.monotonic() - began_at < 1
            assert await examine_nodes() == [(1, "first:5432")]
        give_up_at = time.monotonic() + SECONDS_MAX
        while await fails(ill):
            assert time.monotonic() < give_up_at
            await asyncio.sleep(0.01)
        assert not await fails(well, on_every_node=True)

    run_with_pool(cluster.url, main, is_distributed=True)


@not_on_a_cluster("it makes tables with the names of Citus's catalogue")
def test_a_slow_statement_does_not_make_a_node_silent(cluster: Database) -> None:
    ill = tenant_of(cluster, "< 0")

    async def main() -> None:
        slow = asyncio.create_task(call(ill, seconds=1.5))
        while not slow.done():
            await call(ill)
            await asyncio.sleep(0.05)
        await slow

    run_with_pool(cluster.url, main, is_distributed=True)


CONNECTION = "connection to the remote node clincore_app@db-1:5432 failed with the following error: x"
ENDED = "terminating connection due to administrator command"
ON_NODE = "while executing command on db-1:5432"
COMMIT = "could not commit transaction for shard 102012 on at least one active node"


@pytest.mark.parametrize(
    ("state", "message", "detail", "context", "node"),
    [
        ("08006", CONNECTION, "", "", "db-1:5432"),
        ("08006", "could not establish any connections to the node db-1:5432 after 2000 ms", "", "", "db-1:5432"),
        ("XX000", "failure on connection marked as essential: db-1:5432", "", "", "db-1:5432"),
        ("XX000", "failed to prepare transaction 'citus_0_1_2_0' on host db-1:5432", "", "", "db-1:5432"),
        ("57P01", ENDED, "", ON_NODE, "db-1:5432"),
        ("57P01", ENDED, "from db-1:5432", "", "db-1:5432"),
        ("XX000", COMMIT, "", "", errors.UNNAMED),
        ("57P01", ENDED, "", "", None),
        ("XX000", "cache lookup failed", "", ON_NODE, None),
        ("42501", "permission denied for table cases_102008", "", ON_NODE, None),
    ],
)
def test_errors_of_a_node_that_cannot_be_reached_are_told_from_others(
    database: Database, state: str, message: str, detail: str, context: LiteralString, node: str | None
) -> None:
    body = SQL("BEGIN RAISE EXCEPTION USING errcode = {}, message = {}, detail = {}; END").format(
        state, message, detail
    )
    with database.as_owner() as owner, pytest.raises(psycopg.Error) as raised:
        # PostgreSQL adds the text of the inner statement to the error as its context.
        inner = SQL("DO {} /*\n{} */").format(body.as_string(owner), SQL(context)).as_string(owner)
        owner.execute(SQL("DO {}").format(f"BEGIN EXECUTE {Literal(inner).as_string(owner)}; END"))
    assert errors.failed_node(raised.value) == node
    assert errors.meaning(raised.value) == ("unavailable" if node or state == "57P01" else "fault")
