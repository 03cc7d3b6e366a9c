"""PostgreSQL that became read-only, silent or another host: the service fails fast and recovers without help."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from clincore import deadline
from clincore.db import errors
from clincore.db.driver import connection as driver
from clincore.db.driver import pool as pools
from clincore.db.session import ping, tenant_session
from clincore.db.statements import NoRow, Statement
from clincore.db.urls import CONNECT_TIMEOUT_SECONDS, libpq
from clincore.deadline import LOCK_SECONDS, REQUEST_SECONDS
from clincore.metering import admission
from clincore.postgres import embedded
from clincore.postgres.cluster import launch_server
from clincore.postgres.place import Place, find_place, make_private
from support.citus import leave_out_workers
from support.database import Database
from support.pool import run_with_pool
from support.proxy import Proxy
from support.service import Service, serve
from support.tenants import Tenant, bootstrap
from support.waiting import eventually

HEALING_SECONDS = 20.0
NOTHING = Statement(text("SELECT"), NoRow)


def seconds_of(setting: str) -> float:
    return float(setting.removesuffix("ms")) / 1000 if setting.endswith("ms") else float(setting.removesuffix("s"))


def test_each_wait_of_a_request_fits_into_its_deadline() -> None:
    rest = REQUEST_SECONDS - deadline.ANSWERING_SECONDS
    statement = seconds_of(driver.LIMITS["statement_timeout"])

    # PostgreSQL's own limits end a statement before the connection counts as silent.
    assert seconds_of(driver.LIMITS["lock_timeout"]) < LOCK_SECONDS - deadline.ANSWERING_SECONDS < statement
    assert statement < driver.ANSWER_SECONDS
    # When the first silent connection is found, all others of that age fail before their requests time out.
    assert rest >= driver.ANSWER_SECONDS + driver.SUSPECT_ANSWER_SECONDS
    assert CONNECT_TIMEOUT_SECONDS < admission.BATCH_SECONDS <= rest
    # A wait for a connection is a wait for locks: those of the requests that hold all connections.
    assert pools.WAIT_SECONDS < LOCK_SECONDS - deadline.ANSWERING_SECONDS
    # Longer than any wait for a lock, so that only silence counts as silence.
    assert LOCK_SECONDS < driver.SUSPECT_SECONDS < rest
    # An open transaction of a request that was given up holds its locks no longer than this.
    assert seconds_of(driver.LIMITS["idle_in_transaction_session_timeout"]) <= 10


@contextmanager
def served_through_a_proxy(database: Database, folder: Path) -> Iterator[tuple[Proxy, Service, httpx.Client]]:
    with (
        Proxy(database.url) as proxy,
        serve(Database(proxy.url, database.superuser_url), folder, MIGRATION_DATABASE_URL=database.url) as service,
        httpx.Client(base_url=service.url, timeout=30) as client,
    ):
        yield proxy, service, client


async def call_at_once(service: Service, tenant: Tenant, number: int) -> list[tuple[int, float]]:
    """Status and seconds of as many reads at the same time."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=tenant.key, limits=limits) as client:

        async def ask() -> tuple[int, float]:
            began = time.monotonic()
            answer = await client.get("/cases")
            return answer.status_code, time.monotonic() - began

        return await asyncio.gather(*(ask() for _ in range(number)))


def test_after_one_silent_connection_all_older_ones_are_dropped(database: Database, folder: Path) -> None:
    with served_through_a_proxy(database, folder) as (proxy, service, client):
        tenant = bootstrap(client)
        before = asyncio.run(call_at_once(service, tenant, 40))
        # Several connections are idle in the pool now.
        assert proxy.count() > 3
        proxy.black_hole(new=False)
        began = time.monotonic()
        while client.get("/cases", headers=tenant.key).status_code != 200:
            pass
        lasted = time.monotonic() - began
        after = asyncio.run(call_at_once(service, tenant, 40))

    assert {status for status, _ in before + after} == {200}
    # Two silent connections, one after the other, would take longer.
    assert lasted < REQUEST_SECONDS + 2


def test_silent_connections_in_use_fail_together(database: Database) -> None:
    with Proxy(database.url) as proxy:

        async def main() -> None:
            sessions = [tenant_session(uuid4()) for _ in range(5)]
            for session in sessions:
                await session.fetch(NOTHING)
            proxy.black_hole(new=False)
            began = time.monotonic()

            async def use(number: int) -> float:
                # Each begins to wait at another time.
                await asyncio.sleep(number * driver.ANSWER_SECONDS / 5)
                with pytest.raises(psycopg.OperationalError):
                    async with sessions[number]:
                        await sessions[number].fetch(NOTHING)
                return time.monotonic() - began

            ended = await asyncio.gather(*map(use, range(5)))
            # Without the first one, the last would fail at the end of its own wait.
            assert max(ended) - min(ended) < driver.ANSWER_SECONDS / 2
            await ping()

        run_with_pool(proxy.url, main)


def test_a_read_only_server_gives_503_and_its_connections_are_dropped(
    migrated_database: Callable[[], Database], folder: Path
) -> None:
    database = migrated_database()
    name = database.name

    def set_read_only(value: str) -> None:
        with database.as_superuser() as superuser:
            superuser.execute("SET default_transaction_read_only = off")
            leave_out_workers(superuser)
            superuser.execute(f"ALTER DATABASE {name} {value}")  # type: ignore[call-overload]

    def end_connections() -> None:
        with database.as_superuser() as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )

    with serve(database, folder) as service, httpx.Client(base_url=service.url, timeout=30) as client:
        tenant = bootstrap(client)
        set_read_only("SET default_transaction_read_only = on")
        end_connections()
        answers = [
            client.get("/cases", headers=tenant.key),
            client.post("/cases", json={"title": "x"}, headers=tenant.key),
            client.get("/ready"),
        ]
        health = client.get("/health")
        set_read_only("RESET default_transaction_read_only")
        # The session keeps its default, so only a new connection can write.
        eventually(lambda: client.get("/ready").status_code == 200, HEALING_SECONDS)
        created = client.post("/cases", json={"title": "x"}, headers=tenant.key)

    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "1")] * 3
    assert (health.status_code, created.status_code) == (200, 201)


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        *((state, "unavailable") for state in ("08006", "25006", "25P04", "53100", "57P01", "58000", "58030")),
        *((state, "fault") for state in ("58P01", "XX000", "XX001", "XX002", "0A000", "42501")),
    ],
)
def test_errors_that_pass_are_told_from_faults(state: str, meaning: str) -> None:
    assert errors.meaning(psycopg.errors.lookup(state)()) == meaning


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("host=a,b port=1,2 dbname=x", [("a", "1"), ("b", "2")]),
        ("host=a,b,c port=7 dbname=x", [("a", "7"), ("b", "7"), ("c", "7")]),
        ("host=a dbname=x", [("a", None)]),
        ("dbname=x", [(None, None)]),
    ],
)
def test_a_connection_string_is_split_by_host(given: str, hosts: list[tuple[str | None, str | None]]) -> None:
    parts = [conninfo_to_dict(part) for part in pools._one_per_host(given)]

    assert [(part.get("host"), part.get("port")) for part in parts] == hosts
    assert {part["dbname"] for part in parts} == {"x"}


def test_both_forms_of_a_url_with_several_hosts_name_the_same_hosts() -> None:
    for query in ("host=a,b&port=1,2", "host=a:1&host=b:2"):
        url = f"postgresql+psycopg://me@/x?{query}&target_session_attrs=read-write"
        found = conninfo_to_dict(libpq(url))
        assert (found["host"], found["port"], found["target_session_attrs"]) == ("a,b", "1,2", "read-write")


@contextmanager
def standby_of(primary: embedded.Embedded, folder: Path) -> Iterator[Place]:
    """A second server that replicates the first one, on a socket in its own folder."""
    place = find_place(folder)
    make_private(place.cluster, place)
    subprocess.run(
        [
            primary.bin_dir / "pg_basebackup",
            "-h",
            primary.socket_dir,
            "-U",
            "postgres",
            "-D",
            place.cluster,
            "-R",
            "-cfast",
        ],
        check=True,
        capture_output=True,
        **place.as_user,
    )
    place.renew_socket_dir()
    server = launch_server(place, primary.bin_dir, ["fsync=off", "wal_receiver_status_interval=1s"])
    try:
        yield place
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["host-is-silent", "host-refuses"])
def test_the_service_fails_over_to_a_second_host(folder: Path, loss: str) -> None:
    with (
        embedded.start(folder / f"{loss}-1", options={"fsync": "off"}) as primary,
        standby_of(primary, folder / f"{loss}-2") as standby,
        Proxy(primary.url) as proxy,
    ):
        hosts = f"host=127.0.0.1,{standby.socket_dir}&port={proxy.port},5432"
        url = f"postgresql+psycopg://clincore_app@/clincore?{hosts}&target_session_attrs=read-write"
        with (
            serve(Database(url, primary.superuser_url), folder, MIGRATION_DATABASE_URL=primary.owner_url) as service,
            httpx.Client(base_url=service.url, timeout=30) as client,
        ):
            tenant = bootstrap(client)
            case = client.post("/cases", json={"title": "x"}, headers=tenant.key).raise_for_status().json()
            with psycopg.connect(libpq(primary.superuser_url)) as on_primary:
                position = on_primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
            with closing(standby.connect("postgres", "clincore")) as on_standby:
                replayed = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
                eventually(lambda: on_standby.execute(replayed, position).fetchone() == (True,), 60)
                if loss == "host-is-silent":
                    proxy.black_hole()
                else:
                    proxy.refuse()
                    proxy.close_connections(reset=True)
                on_standby.execute("SELECT pg_promote()")
            statuses, slowest = [], 0.0
            healed_by = time.monotonic() + HEALING_SECONDS
            while not statuses or statuses[-1] != 201:
                assert time.monotonic() < healed_by
                began = time.monotonic()
                statuses.append(client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code)
                slowest = max(slowest, time.monotonic() - began)
            assert client.get(f"/cases/{case['id']}", headers=tenant.key).status_code == 200
            assert client.get("/ready").status_code == 200

    assert set(statuses) <= {503, 201}
    assert slowest < REQUEST_SECONDS + 2
