"""`clincore prove-isolation` on a Citus cluster: it proves isolation on every node, and finds each fault by name."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from uuid import uuid4

import psycopg
import pytest

from clincore.db.catalogue.reader import read_catalogue
from clincore.isolation import prove
from clincore.isolation.commands import CALLS
from clincore.isolation.refusals import OF_CITUS
from clincore.isolation.shards import WHO
from support.citus import WORKERS, app_url, execute, needs_cluster, node_urls
from support.citus_mutants import HOLES, MUTANTS, Mutant
from support.copies import left_of
from support.database import Database

pytestmark = needs_cluster

KINDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "ON CONFLICT", "UPDATE of the tenant column")
# Each fault takes a whole run of the command.
QUICK = {"run_command_on_workers(text,boolean)", "restrictive-policy", "policy-of-a-shard"}


@pytest.fixture(scope="module")
def distributed(migrated_database: Callable[[], Database]) -> Database:
    """A distributed database for faults, each of which is undone."""
    return migrated_database()


@contextmanager
def broken(database: Database, mutant: Mutant) -> Iterator[None]:
    name = database.name
    url = node_urls(name)[mutant.node]
    execute(url, mutant.change.replace("{database}", name))
    try:
        yield
    finally:
        execute(url, mutant.undo.replace("{database}", name))


def test_isolation_is_proven_on_every_node(distributed: Database) -> None:
    """With the service's own login, without which the claim is limited."""
    report = prove(app_url(distributed, 0), distributed.url)

    with distributed.as_superuser() as connection, connection.transaction():
        tables = {table.full_name for table in read_catalogue(connection).tables if table.is_tenant_table}
    tried = {entry.name: set(entry.on) for entry in report.entries}
    assert report.claim == "PROVEN", report.as_text()
    assert report.counts()["failed"] == report.counts()["not proven"] == 0
    assert len(tried["nodes"]) == 1 + len(WORKERS)
    for who in ("the service", "the owner", "the service with all privileges"):
        for kind in KINDS:
            assert tried[f"{kind}{' in shards' if who == WHO else ''} as {who}"] == tables, (kind, who)
    assert tried["functions of Citus"] == set(CALLS)
    assert left_of(report, distributed) == []


@pytest.mark.parametrize(
    "mutant", [pytest.param(name, marks=() if name in QUICK else (pytest.mark.slow,)) for name in MUTANTS]
)
def test_each_fault_of_a_cluster_is_found_by_name(distributed: Database, mutant: str) -> None:
    with broken(distributed, MUTANTS[mutant]):
        report = prove(distributed.url, distributed.url)

    assert not report.passed
    found = [
        one for entry in report.entries for one in entry.findings if fnmatchcase(one.culprit, MUTANTS[mutant].culprit)
    ]
    assert found, report.as_text()
    if mutant in HOLES:
        assert found[0].text == "A command reads a row of tenant A."
    assert left_of(report, distributed) == []


def test_a_worker_copies_rows_past_row_security_and_so_is_no_node_for_services(distributed: Database) -> None:
    report = prove(app_url(distributed, 1), distributed.url)

    assert "node" in report.culprits
    assert left_of(report, distributed) == []


REFUSED = (
    "UPDATE cases SET tenant_id = '00000000-0000-0000-0000-000000000000' WHERE tenant_id = '{tenant}'",
    "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)"
    " SELECT '{tenant}', '{tenant}', '{tenant}', 'GET', '/cases' FROM generate_series(1, 1)",
    "MERGE INTO cases t USING (SELECT 1) s ON false WHEN MATCHED THEN DELETE",
    "MERGE INTO tenant_names t USING (SELECT 1) s ON false WHEN MATCHED THEN DELETE",
)


def test_citus_refuses_what_it_is_known_to_refuse(distributed: Database) -> None:
    """Each known refusal is one that this version of Citus makes."""
    seen = set()
    for statement in REFUSED:
        with distributed.as_superuser() as connection, connection.transaction(force_rollback=True):
            tenant = uuid4()
            connection.execute(f"SET ROLE clincore_app; SET LOCAL app.tenant_id = '{tenant}'".encode())
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement.replace("{tenant}", str(tenant)).encode())
        state, message = str(refused.value.sqlstate), str(refused.value.diag.message_primary)
        seen |= {known for known in OF_CITUS if known.state == state and re.fullmatch(known.message, message)}

    assert seen == set(OF_CITUS)
