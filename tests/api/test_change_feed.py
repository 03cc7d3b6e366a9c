"""The change feed: every change of a case appears once, in an order that a client can follow without a gap."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from clincore import numbering
from support.cases import SIGNING, make_case
from support.database import Database
from support.lifecycle import REASON, REVIEW
from support.paths import make_folder
from support.rows import insert
from support.service import Service, checked_client, serve
from support.tenants import MakeTenant, Tenant, bootstrap
from support.waiting import eventually

Json = dict[str, Any]


class Feed:
    """A client that follows a tenant's feed."""

    def __init__(self, client: httpx.Client, tenant: Tenant, position: str = "start") -> None:
        self._client, self._tenant, self.position = client, tenant, position

    def next(self, limit: int = 100) -> list[Json]:
        """The next page."""
        asked = {"changed_after": self.position, "limit": limit}
        page = self._client.get("/cases", params=asked, headers=self._tenant.key).raise_for_status().json()
        assert set(page) == {"items", "next_changed_after"}
        assert (page["next_changed_after"] == self.position) == (not page["items"])
        self.position = page["next_changed_after"]
        items: list[Json] = page["items"]
        return items

    def until(self, case_id: str) -> list[Json]:
        """The pages up to the one with the case, as one list."""
        found: list[Json] = []

        def has_come() -> bool:
            found.extend(self.next())
            return case_id in {item["id"] for item in found}

        eventually(has_come)
        return found


@pytest.fixture
def feed(client: httpx.Client, tenant: Tenant) -> Feed:
    return Feed(client, tenant)


def write(client: httpx.Client, tenant: Tenant, method: str, path: str, body: Json | None = None) -> None:
    headers = tenant.key | ({"If-Match": "*"} if method != "POST" or path.endswith("finalize") else {})
    if method == "PATCH":
        headers |= {"Content-Type": "application/merge-patch+json"}
    client.request(method, path, json=body, headers=headers).raise_for_status()


def test_each_operation_that_changes_a_case_brings_it_into_the_feed_again(
    client: httpx.Client, tenant: Tenant, feed: Feed
) -> None:
    case_id = make_case(client, tenant.key)
    (created,) = feed.until(case_id)
    assert created == {
        name: value
        for name, value in client.get(f"/cases/{case_id}", headers=tenant.key).json().items()
        if name in created
    }
    assert created["erased"] == []
    path = f"/cases/{case_id}"

    for method, suffix, body, status, erased in [
        ("PATCH", "", {"plan": "Rest."}, "draft", []),
        ("POST", "/finalize", SIGNING, "final", []),
        ("POST", "/attest", REVIEW, "final", []),
        ("POST", "/amend", REASON, "final", []),
        ("DELETE", "", None, "final", []),
        ("POST", "/erase-subject", {"sections": ["plan"]}, "final", ["subject", "plan"]),
        ("POST", "/void", REASON | SIGNING, "entered_in_error", ["subject"]),
    ]:
        write(client, tenant, method, path + suffix, body)
        (item,) = feed.until(case_id)
        assert (item["status"], item["erased"]) == (status, erased), (method, suffix)
        shown = client.get(path, headers=tenant.key).json()
        assert (item["version"], item["erased"]) == (shown["version"], shown["erased"])
    assert feed.next() == []


def test_a_cancelled_case_stays_in_the_feed(client: httpx.Client, tenant: Tenant, feed: Feed) -> None:
    case_id = make_case(client, tenant.key)
    write(client, tenant, "DELETE", f"/cases/{case_id}")

    eventually(lambda: any(item["status"] == "cancelled" for item in Feed(client, tenant).next()))
    assert [item["id"] for item in Feed(client, tenant).next()] == [case_id]


def test_what_changes_nothing_brings_no_case_into_the_feed(client: httpx.Client, tenant: Tenant, feed: Feed) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    feed.until(case_id)
    write(client, tenant, "POST", f"/cases/{case_id}/attest", SIGNING)
    write(client, tenant, "POST", f"/cases/{case_id}/finalize", SIGNING)
    client.get(f"/cases/{case_id}", headers=tenant.key)
    other = make_case(client, tenant.key)

    assert {item["id"] for item in feed.until(other)} == {other}


def test_a_change_appears_within_two_seconds(client: httpx.Client, tenant: Tenant, feed: Feed) -> None:
    feed.until(make_case(client, tenant.key))
    case_id, began = make_case(client, tenant.key), monotonic()

    feed.until(case_id)

    # Ten times what an idle service takes.
    assert monotonic() - began < 20


def test_the_feed_is_paged_and_belongs_to_one_tenant(client: httpx.Client, make_tenant: MakeTenant) -> None:
    mine, theirs = make_tenant(), make_tenant()
    made = [make_case(client, mine.key) for _ in range(5)]
    feed = Feed(client, mine)
    eventually(lambda: len(Feed(client, mine).next()) == 5)

    pages = [[item["id"] for item in feed.next(limit=2)] for _ in range(4)]

    assert sorted(case_id for page in pages for case_id in page) == sorted(made)
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    # Another tenant's position leads only to the tenant's own cases.
    other = make_case(client, theirs.key)
    assert [item["id"] for item in Feed(client, theirs, feed.position).until(other)] == [other]


@pytest.mark.parametrize(
    "other", [{"status": "draft"}, {"tag": "x"}, {"updated_since": "2026-01-01T00:00:00Z"}, {"cursor": "A" * 32}]
)
def test_the_feed_takes_no_other_filter(client: httpx.Client, tenant: Tenant, other: Json) -> None:
    refused = client.get("/cases", params={"changed_after": "start", **other}, headers=tenant.key)

    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/validation-failed")
    assert [error["pointer"] for error in refused.json()["errors"]] == list(other)


@pytest.mark.parametrize("position", ["AAAAAAAAAAAA", "____________", "start"])
def test_any_position_is_accepted(client: httpx.Client, tenant: Tenant, position: str) -> None:
    assert Feed(client, tenant, position).next() == []


def test_a_page_with_cases_is_logged_and_an_empty_one_is_not(
    client: httpx.Client, tenant: Tenant, feed: Feed, operator: psycopg.Connection[Any]
) -> None:
    case_id = make_case(client, tenant.key)
    feed.until(case_id)
    for _ in range(3):
        assert feed.next() == []

    query = "SELECT filter, count FROM access_log WHERE tenant_id = %s AND operation = 'list_cases'"
    assert operator.execute(query, [tenant.id]).fetchall() == [({"changed_after": "start"}, 1)]


def test_cases_from_before_the_feed_are_numbered_when_it_is_first_read(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any], feed: Feed
) -> None:
    case = {"tenant_id": tenant.id, "title": "x", "content": '{"title": "x"}', "created_by": tenant.key_id}
    insert(operator, "cases", ({"id": uuid4()} | case for _ in range(2 * numbering.SLICE + 7)))
    found: list[str] = []

    def has_all() -> bool:
        while page := feed.next():
            found.extend(item["id"] for item in page)
        return len(found) == 2 * numbering.SLICE + 7

    eventually(has_all)
    assert len(set(found)) == len(found)


def test_a_change_by_a_service_without_the_feed_is_found(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any], feed: Feed
) -> None:
    """A service of the version before runs until the last one is restarted, and raises only the case's version."""
    case_id = make_case(client, tenant.key)
    feed.until(case_id)
    operator.execute(
        "UPDATE cases SET title = 'older', version = version + 1 WHERE tenant_id = %s AND id = %s", [tenant.id, case_id]
    )

    (item,) = feed.until(case_id)
    assert (item["title"], item["version"]) == ("older", 2)


def test_the_feed_continues_beyond_all_positions_after_a_restore(
    client: httpx.Client, tenant: Tenant, operator: psycopg.Connection[Any], feed: Feed
) -> None:
    case_id = make_case(client, tenant.key)
    kept = "SELECT change_seq, numbered_version FROM cases WHERE tenant_id = %s"
    feed.until(case_id)
    backup = operator.execute(kept, [tenant.id]).fetchone()
    assert backup is not None
    for _ in range(3):
        write(client, tenant, "PATCH", f"/cases/{case_id}", {"plan": uuid4().hex})
        feed.until(case_id)
    operator.execute("UPDATE change_feeds SET last_seq = %s WHERE tenant_id = %s", [backup[0], tenant.id])
    operator.execute(
        "UPDATE cases SET version = 1, change_seq = %s, numbered_version = %s WHERE tenant_id = %s",
        [*backup, tenant.id],
    )

    write(client, tenant, "PATCH", f"/cases/{case_id}", {"plan": "Rest."})

    (item,) = feed.until(case_id)
    assert item["version"] == 2


# --- under load


class Load:
    """Writers that change cases at random, and a poller that follows the feed of their tenant."""

    def __init__(self, urls: list[str], tenant: Tenant, seconds: float) -> None:
        self._urls, self._tenant, self._seconds = urls, tenant, seconds
        self.written: dict[str, int] = {}
        """The version of each case that the last acknowledged write of its writer left."""
        self.seen: list[tuple[str, int]] = []
        """Case and version of each item, in the order of the feed."""
        self.position = "start"
        self._is_done = False

    def _ask(self, client: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer; None if there is none, because the service was killed."""
        try:
            answer = client.request(method, path, **more)
        except httpx.TransportError:
            sleep(0.05)
            return None
        return answer if answer.status_code < 500 else None

    def _write(self, number: int) -> None:
        random, mine = Random(number), list[str]()
        with httpx.Client(
            base_url=self._urls[number % len(self._urls)], headers=self._tenant.key, timeout=20
        ) as client:
            ends_at = monotonic() + self._seconds
            while monotonic() < ends_at:
                if len(mine) < 3 or random.random() < 0.1:
                    made = self._ask(client, "POST", "/cases", json={"title": "x"})
                    if made is not None:
                        mine.append(made.raise_for_status().json()["id"])
                        self.written[mine[-1]] = 1
                    continue
                case_id = random.choice(mine)
                patch = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
                changed = self._ask(client, "PATCH", f"/cases/{case_id}", json={"plan": uuid4().hex}, headers=patch)
                if changed is not None:
                    self.written[case_id] = changed.raise_for_status().json()["version"]

    def poll(self, client: httpx.Client) -> int:
        """Ask for the next page; the number of its cases."""
        asked = {"changed_after": self.position, "limit": 100}
        answer = self._ask(client, "GET", "/cases", params=asked)
        if answer is None:
            return 0
        page = answer.raise_for_status().json()
        self.seen += [(item["id"], item["version"]) for item in page["items"]]
        self.position = page["next_changed_after"]
        return len(page["items"])

    def _follow(self) -> None:
        with httpx.Client(base_url=self._urls[-1], headers=self._tenant.key, timeout=20) as client:
            while not self._is_done:
                self.poll(client)

    def run(self, writers: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        with ThreadPoolExecutor(writers + 1) as pool:
            follower = pool.submit(self._follow)
            writing = [pool.submit(self._write, number) for number in range(writers)]
            meanwhile()
            try:
                for one in writing:
                    one.result()
            finally:
                self._is_done = True
            follower.result()

    def missing(self) -> dict[str, int]:
        """The acknowledged writes whose version or a later one was not seen."""
        newest = dict(sorted(self.seen, key=lambda item: item[1]))
        return {case_id: version for case_id, version in self.written.items() if newest.get(case_id, 0) < version}

    def check(self) -> None:
        """Follow the feed to its end: nothing is missing, and nothing came twice in one state."""
        with httpx.Client(base_url=self._urls[-1], headers=self._tenant.key, timeout=20) as client:

            def has_all() -> bool:
                while self.poll(client):
                    pass
                return not self.missing()

            eventually(has_all)
            assert [item for item, times in Counter(self.seen).items() if times > 1] == []
            # The states of a case come in their order.
            last: dict[str, int] = {}
            for case_id, version in self.seen:
                assert version > last.get(case_id, 0)
                last[case_id] = version
            assert len(self.written) > 0


@pytest.mark.parametrize("seconds", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_a_poller_misses_nothing_of_sixteen_writers_and_sees_nothing_twice(
    service: Service, make_tenant: MakeTenant, seconds: float
) -> None:
    load = Load([service.url], make_tenant(billing_status="paid"), seconds)

    load.run(writers=16)

    load.check()
    assert len(load.seen) > len(load.written)


@pytest.mark.parametrize("seconds", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_two_services_give_each_number_once_and_kill_9_of_one_loses_nothing(
    migrated_database: Callable[[], Database], seconds: float
) -> None:
    database = migrated_database()
    with make_folder() as folder, serve(database, folder) as killed, serve(database, folder) as other:
        with checked_client(killed.url) as client, database.as_owner() as owner:
            tenant = bootstrap(client)
            owner.execute("UPDATE tenants SET billing_status = 'paid'")
        load = Load([killed.url, other.url], tenant, seconds)

        def kill() -> None:
            sleep(seconds / 2)
            killed.process.kill()

        load.run(writers=16, meanwhile=kill)

        load.check()
        with database.as_owner() as owner:
            query = "SELECT count(*), count(DISTINCT change_seq), bool_and(numbered_version = version) FROM cases"
            cases, numbers, is_numbered = owner.execute(query).fetchone() or (0, 0, False)
        assert (numbers, is_numbered) == (cases, True)


def test_a_change_that_a_killed_service_did_not_number_appears_when_the_feed_is_read(
    migrated_database: Callable[[], Database],
) -> None:
    database = migrated_database()
    with make_folder() as folder:
        with serve(database, folder) as killed, checked_client(killed.url) as client, database.as_owner() as owner:
            tenant = bootstrap(client)
            # Holds the numbering up until the service is dead.
            owner.execute("INSERT INTO change_feeds VALUES (%s, 0)", [tenant.id])
            with owner.transaction():
                owner.execute("SELECT FROM change_feeds WHERE tenant_id = %s FOR UPDATE", [tenant.id])
                case_id = make_case(client, tenant.key)
                killed.process.kill()
                killed.process.wait(30)
        with serve(database, folder) as started, checked_client(started.url) as client:
            assert [item["id"] for item in Feed(client, tenant).until(case_id)] == [case_id]
