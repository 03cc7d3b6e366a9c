"""When a node of a Citus cluster dies, its tenants get 503 at once, and all others are served as before.

The nodes reach each other through proxies, which refuse connections like a machine whose PostgreSQL has ended, or lose
all packets like a machine without power.
"""

import asyncio
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from support import citus
from support.cases import CONSULTATION
from support.citus import needs_cluster
from support.commands import run
from support.database import Database
from support.load import Load, Request, end
from support.proxy import Proxy
from support.service import BOOTSTRAP_TOKEN, Service, checked_client, serve
from support.tenants import Tenant, bootstrap
from support.waiting import eventually

pytestmark = needs_cluster

TENANTS_MIN = 4
"""Of each node."""
FAILED_SECONDS = 0.1
"""For the answer of a tenant whose node is known to be down. It takes some milliseconds."""
RETURN_SECONDS = 20.0
"""Ten times what is promised."""


def refuse(proxy: Proxy) -> None:
    proxy.refuse()
    proxy.close_connections(reset=True)


FAULTS: dict[str, Callable[[Proxy], None]] = {"refuses": refuse, "loses-packets": Proxy.black_hole}


@dataclass
class Cluster:
    """A service on a cluster, and its tenants. The proxy is in front of the node of the first ones."""

    service: Service
    proxy: Proxy
    ill: list[Tenant]
    well: list[Tenant]

    @property
    def node(self) -> str:
        return f"127.0.0.1:{self.proxy.port}"


@pytest.fixture(scope="module")
def cluster(new_database: Callable[[], Database], folder: Path) -> Iterator[Cluster]:
    with ExitStack() as held:
        proxies = [held.enter_context(Proxy(url)) for url in citus.node_urls("postgres")[1:]]
        database = new_database()
        # Before the database is dropped, connections that wait for a lost packet must end.
        for proxy in proxies:
            held.callback(proxy.forward)
        assert run("clincore", "migrate", DATABASE_URL=database.url).returncode == 0
        citus.distribute(database.name, database.url, [proxy.port for proxy in proxies])
        service = held.enter_context(serve(database, folder))
        client = held.enter_context(checked_client(service.url))
        ill: list[Tenant] = []
        well: list[Tenant] = []
        while min(len(ill), len(well)) < TENANTS_MIN:
            tenant = bootstrap(client)
            (ill if port_of(database, tenant) == proxies[0].port else well).append(tenant)
        yield Cluster(service, proxies[0], ill, well)


def port_of(database: Database, tenant: Tenant) -> int:
    """The port of the tenant's node."""
    with database.as_superuser() as superuser:
        found = superuser.execute(
            "SELECT nodeport FROM citus_shards WHERE table_name = 'tenants'::regclass"
            " AND shardid = get_shard_id_for_distribution_column('tenants', %s::text)",
            [tenant.id],
        ).fetchone()
    assert found is not None
    return int(found[0])


@pytest.fixture
def client(cluster: Cluster) -> Iterator[httpx.Client]:
    with checked_client(cluster.service.url) as client:
        yield client


@pytest.fixture
def ended(cluster: Cluster, client: httpx.Client) -> Iterator[None]:
    """At the end, every fault is over, and the service knows it."""
    yield
    cluster.proxy.forward()
    eventually(lambda: all(get(client, tenant) == 200 for tenant in cluster.ill), RETURN_SECONDS)


@pytest.fixture
def outage(cluster: Cluster, client: httpx.Client, ended: None) -> None:
    """The node is down, and the service has found that out."""
    refuse(cluster.proxy)
    eventually(lambda: nodes_of(client)["status"] == "warning")


def get(client: httpx.Client, tenant: Tenant) -> int:
    return client.get("/cases", headers=tenant.key).status_code


def nodes_of(client: httpx.Client) -> dict[str, Any]:
    """The check of the nodes."""
    answer = client.get("/ready?verbose=true")
    assert answer.status_code == 200, answer.text
    (check,) = [check for check in answer.json()["checks"] if check["name"] == "nodes"]
    return dict(check)


def load(cluster: Cluster, tenants: list[Tenant], *, fails: bool = False) -> Load:
    """Reads and writes of the tenants. `fails`: each must get 503."""
    requests = []
    for tenant in tenants:
        requests.append(Request("GET", "/cases", 503 if fails else 200, tenant.key))
        requests.append(Request("POST", "/cases", 503 if fails else 201, tenant.key, CONSULTATION))
    return Load(cluster.service.url, requests, pause=0.02)


async def sent_for(seconds: float, one: Load, clients: int = 2) -> Load:
    """The load of so many seconds."""
    running = one.start(clients)
    await asyncio.sleep(seconds)
    await end(running)
    return one


@pytest.mark.parametrize("fault", FAULTS)
def test_only_the_tenants_of_a_dead_node_get_503_and_they_get_it_at_once(
    cluster: Cluster, client: httpx.Client, ended: None, fault: str
) -> None:
    async def main() -> None:
        before, well_before = await asyncio.gather(
            sent_for(1.5, load(cluster, cluster.ill)), sent_for(1.5, load(cluster, cluster.well))
        )
        assert before.failures == well_before.failures == []
        well = load(cluster, cluster.well)
        others = well.start(2)
        FAULTS[fault](cluster.proxy)
        # Until the service has found out, requests of the dead node may take their whole time.
        found_out = load(cluster, cluster.ill, fails=True)
        await sent_for(3.0, found_out)
        known = await sent_for(1.5, load(cluster, cluster.ill, fails=True))
        assert found_out.failures == known.failures == []
        assert statistics.median(known.seconds) < FAILED_SECONDS and max(known.seconds) < 10 * FAILED_SECONDS

        answered = sum(well.answers.values())
        cluster.proxy.forward()
        await asyncio.to_thread(
            eventually, lambda: all(get(client, tenant) == 200 for tenant in cluster.ill), RETURN_SECONDS
        )
        # Connections to the node that it has lost cause no late failures.
        after = await sent_for(1.5, load(cluster, cluster.ill), clients=5)
        assert after.failures == []
        await end(others)
        assert well.failures == []
        # The outage lasted three times as long as the time before, so this is a tenth of the rate. The same share when
        # all waited for the dead node would be a fiftieth.
        assert answered > sum(well_before.answers.values()) * 3 / 10

    asyncio.run(main())


def test_the_answer_of_a_dead_nodes_tenant_is_a_problem_that_says_when_to_retry(
    cluster: Cluster, client: httpx.Client, outage: None
) -> None:
    answer = client.get("/cases", headers=cluster.ill[0].key)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert "Retry-After" in answer.headers
    assert "does not answer" in answer.json()["detail"]
    # Only the operator learns which one.
    assert cluster.node not in answer.text


def test_a_tenant_cannot_be_created_without_all_nodes_and_the_operator_learns_which_one_is_missing(
    cluster: Cluster, client: httpx.Client, outage: None
) -> None:
    for _ in range(4):
        # The new tenant's own rows would be on either node.
        answer = client.post(
            "/bootstrap", json={"tenant_name": "new"}, headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"}
        )
        assert answer.status_code == 503
        assert cluster.node in answer.json()["detail"]
        assert "Retry-After" in answer.headers
    cluster.proxy.forward()
    eventually(lambda: nodes_of(client)["status"] == "ok", RETURN_SECONDS)
    bootstrap(client)


def test_a_dead_node_leaves_the_service_ready_with_a_warning(
    cluster: Cluster, client: httpx.Client, outage: None
) -> None:
    assert client.get("/ready").json() == {"status": "ok"}
    assert nodes_of(client)["status"] == "warning"
    assert cluster.node not in client.get("/ready?verbose=true").text


def test_operators_commands_name_the_dead_node(cluster: Cluster, outage: None) -> None:
    ill, well = cluster.ill[0].id, cluster.well[0].id
    for command in (
        "tenants list",
        "tenants create new",
        "usage show",
        f"keys list {ill}",
        "prove-isolation",
        "doctor",
        "status",
    ):
        done = run("clincore", *command.split(), DATABASE_URL=cluster.service.database.url)
        assert done.returncode != 0, (command, done.stdout)
        assert f"node {cluster.node} does not answer" in " ".join((done.stdout + done.stderr).split()), command
        assert "Traceback" not in done.stderr
    done = run("clincore", "keys", "list", well, DATABASE_URL=cluster.service.database.url)
    assert done.returncode == 0, done.stderr


def test_a_service_can_be_started_while_a_node_is_dead(cluster: Cluster, folder: Path, outage: None) -> None:
    with (
        serve(cluster.service.database, folder) as second,
        checked_client(second.url) as client,
    ):
        assert {get(client, tenant) for tenant in cluster.well} == {200}
        assert {get(client, tenant) for tenant in cluster.ill} == {503}
