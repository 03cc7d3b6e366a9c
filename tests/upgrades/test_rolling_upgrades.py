"""Two instances behind a proxy are replaced by a later version under load, while its migrations run.

No request fails: the version before serves on the schema of the later one, also after a restart.
"""

import asyncio
from pathlib import Path

import httpx
import pytest

from support.cases import CONSULTATION, make_case
from support.commands import run
from support.database import Database
from support.instances import PAUSE_SECONDS, Instance, proxy
from support.later_version import LAST, make_later_version
from support.load import Load, Request, end
from support.schema import NewDatabase
from support.tenants import Tenant, bootstrap

pytestmark = pytest.mark.slow

CLIENTS = 3
"""Of each proxy: so many keep their connections, and so many open one for each request."""
CASES = 20_000
"""So many rows are changed and indexed by the migrations."""
MERGE_PATCH = "application/merge-patch+json"


def copy_case(database: Database, case_id: str, count: int) -> None:
    """Copy a case so many times, so that the migrations take some time."""
    with database.as_superuser() as superuser:
        found = superuser.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'cases'::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'external_id', 'change_seq')"
        ).fetchone()
        assert found is not None
        superuser.execute(
            f"INSERT INTO cases (id, {found[0]}) SELECT gen_random_uuid(), {found[0]} FROM cases,"  # type: ignore[arg-type]
            " generate_series(1, %s) WHERE id = %s",
            [count, case_id],
        )


async def replace(database: Database, instances: list[Instance], later: str, *, by_command: bool) -> None:
    """Migrate to the later version, and replace the instances by it one after the other."""
    if by_command:
        migrated = await asyncio.to_thread(run, "clincore", "migrate", DATABASE_URL=database.url, PYTHONPATH=later)
        assert migrated.returncode == 0, migrated.stderr
    first, second = instances
    # Without the command, it migrates while the other one serves.
    await asyncio.to_thread(first.restart, PYTHONPATH=later)
    await asyncio.sleep(PAUSE_SECONDS)
    # An instance of the version before may be started again on the schema of the later one.
    await asyncio.to_thread(second.restart)
    assert second.checks()["schema"].startswith("A later version has migrated the schema.")
    await asyncio.sleep(PAUSE_SECONDS)
    await asyncio.to_thread(second.restart, PYTHONPATH=later)
    await asyncio.sleep(PAUSE_SECONDS)


@pytest.mark.parametrize("by_command", [True, False], ids=["clincore-migrate", "clincore-serve"])
def test_a_rolling_upgrade_fails_no_request(migrated_database: NewDatabase, folder: Path, by_command: bool) -> None:
    database, later = migrated_database(), str(make_later_version(folder))
    instances = [Instance(database, folder, 1) for _ in range(2)]

    async def main(origins: dict[str, str], tenant: Tenant, case_id: str) -> list[Load]:
        requests = [
            Request("GET", f"/cases/{case_id}", 200, tenant.key),
            Request("POST", "/cases", 201, tenant.key, CONSULTATION),
            Request("GET", "/cases?limit=5", 200, tenant.key),
            Request("PATCH", f"/cases/{case_id}", 200, tenant.key | {"If-Match": "*"}, {"reason": "x"}, MERGE_PATCH),
            Request("GET", "/usage", 200, tenant.key),
        ]
        loads = [Load(origin, requests, pause=0.05) for origin in origins.values()]
        clients = [client for load in loads for client in load.start(CLIENTS)]
        await asyncio.sleep(1)
        await replace(database, instances, later, by_command=by_command)
        await end(clients)
        return loads

    try:
        for instance in instances:
            instance.wait()
        with proxy("nginx", [i.port for i in instances]) as nginx, proxy("haproxy", [i.port for i in instances]) as ha:
            with httpx.Client(base_url=nginx, timeout=30) as client:
                tenant = bootstrap(client)
                set_paid = run("clincore", "tenants", "set-billing", tenant.name, "paid", DATABASE_URL=database.url)
                assert set_paid.returncode == 0, set_paid.stderr
                case_id = make_case(client, tenant.key)
            copy_case(database, case_id, CASES)
            loads = asyncio.run(main({"nginx": nginx, "haproxy": ha}, tenant, case_id))
        schemas = [instance.checks()["schema"] for instance in instances]
    finally:
        for instance in instances:
            instance.stop()

    for load in loads:
        assert load.failures == []
        assert min(load.answers[f"{method} {status}"] for method, status in (("GET", 200), ("POST", 201))) > 20
    assert schemas == ["The schema is that of this version."] * 2
    with database.as_owner() as owner:
        counted = owner.execute("SELECT count(*), count(later) FROM cases").fetchone()
        noted = owner.execute("SELECT obj_description('alembic_version'::regclass)").fetchone()
    assert noted == (LAST,)
    # The version before goes on writing rows without the new column.
    created = sum(load.answers["POST 201"] for load in loads)
    unanswered = sum(load.unanswered["POST"] for load in loads)
    assert counted is not None and counted[1] > CASES
    assert 0 <= counted[0] - (CASES + 1 + created) <= unanswered
    reconciled = run("clincore", "usage", "reconcile", DATABASE_URL=database.url, PYTHONPATH=later)
    assert reconciled.returncode == 0, reconciled.stdout
