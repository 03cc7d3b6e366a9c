"""The local part of rate limits, on a virtual clock."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID, uuid4

import pytest

from clincore import metrics
from clincore.db.queries.rate_limits import Lease
from clincore.metering.rate_limits import OPEN_SECONDS, RateLimits

TENANT, KEY = uuid4(), uuid4()
BLOCK = 10
LIMIT = 600
"""Ten requests per second."""


class Store:
    """The database's part. `left` requests can be leased, and more in 30 seconds."""

    def __init__(self, left: int) -> None:
        self.now = 1000.0
        self.left = left
        self.asked: list[int] = []
        self.fault: Exception | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def lease(self, tenant_id: UUID, key_id: UUID, calls: int, limit: int) -> Lease:
        assert tenant_id == TENANT
        self.asked.append(calls)
        await self.may_answer.wait()
        if self.fault is not None:
            raise self.fault
        granted = min(calls, self.left)
        self.left -= granted
        return Lease(granted, self.left, 30.0)


Case = Callable[[Store, RateLimits], Awaitable[None]]


def run(case: Case, *, left: int = LIMIT) -> None:
    """Run the case with a store and a worker."""

    async def main() -> None:
        store = Store(left)
        await case(store, RateLimits(clock=lambda: store.now, lease=store.lease))

    asyncio.run(main())


class Recorder:
    def __init__(self) -> None:
        self.unchecked = 0

    def rate_limit_unchecked(self) -> None:
        self.unchecked += 1


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    made = Recorder()
    monkeypatch.setattr(metrics, "recorder", made)
    yield made


def test_a_block_is_what_the_limit_allows_in_a_second() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        left = [(await limits.take(TENANT, KEY, LIMIT)).left for _ in range(2 * BLOCK)]

        assert store.asked == [BLOCK, BLOCK]
        # Each answer says how many requests are left in all.
        assert left == list(range(LIMIT - 1, LIMIT - 1 - 2 * BLOCK, -1))

    run(main)


def test_a_small_limit_is_leased_one_by_one() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        accepted = [(await limits.take(TENANT, KEY, 3)).is_accepted for _ in range(4)]

        assert accepted == [True, True, True, False]
        assert store.asked == [1, 1, 1, 1]

    run(main, left=3)


def test_a_worker_spends_only_what_it_was_granted() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        accepted = [(await limits.take(TENANT, KEY, LIMIT)).is_accepted for _ in range(20)]

        assert accepted == [True] * 13 + [False] * 7
        assert store.asked == [BLOCK] * 3

    run(main, left=13)


def test_requests_at_the_same_time_share_one_lease() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        store.may_answer.clear()
        waiting = [asyncio.create_task(limits.take(TENANT, KEY, LIMIT)) for _ in range(3 * BLOCK)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        store.may_answer.set()
        quotas = await asyncio.gather(*waiting)

        assert all(quota.is_accepted for quota in quotas)
        # More than a block, because all of it is spent at once.
        assert store.asked == [3 * BLOCK]

    run(main)


def test_a_cancelled_request_takes_no_lease_from_the_others() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        store.may_answer.clear()
        waiting = [asyncio.create_task(limits.take(TENANT, KEY, LIMIT)) for _ in range(3)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
        await asyncio.sleep(0)
        store.may_answer.set()
        first, *others = await asyncio.gather(*waiting, return_exceptions=True)

        assert isinstance(first, asyncio.CancelledError)
        assert [quota.is_accepted for quota in others if not isinstance(quota, BaseException)] == [True, True]
        assert len(store.asked) == 1

    run(main)


def test_over_the_limit_a_worker_asks_the_database_only_when_there_can_be_more() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        refused = [await limits.take(TENANT, KEY, LIMIT) for _ in range(50)]

        assert not any(quota.is_accepted for quota in refused)
        assert {(quota.left, quota.more_in) for quota in refused} == {(0, 30.0)}
        assert len(store.asked) == 1
        store.now += 29.9
        assert not (await limits.take(TENANT, KEY, LIMIT)).is_accepted
        assert len(store.asked) == 1
        store.left = LIMIT
        store.now += 0.2
        assert (await limits.take(TENANT, KEY, LIMIT)).is_accepted

    run(main, left=0)


def test_an_unused_block_lapses_after_a_minute() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        await limits.take(TENANT, KEY, LIMIT)
        store.now += 59.9
        await limits.take(TENANT, KEY, LIMIT)
        assert len(store.asked) == 1
        store.now += 0.2
        await limits.take(TENANT, KEY, LIMIT)
        assert len(store.asked) == 2

    run(main)


def test_a_changed_limit_applies_to_the_next_request() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        assert (await limits.take(TENANT, KEY, LIMIT)).is_accepted
        store.left = 0
        # The old block has requests left, which no longer count.
        assert not (await limits.take(TENANT, KEY, 60)).is_accepted
        store.left = 1000
        assert (await limits.take(TENANT, KEY, 6000)).is_accepted

    run(main)


@pytest.mark.parametrize("left", [0, LIMIT])
def test_a_fault_of_the_database_accepts_requests_and_is_counted(recorder: Recorder, left: int) -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        store.fault = TimeoutError()
        quotas = [await limits.take(TENANT, KEY, LIMIT) for _ in range(5)]

        assert {(quota.is_accepted, quota.left) for quota in quotas} == {(True, None)}
        assert recorder.unchecked == 5
        # One request has waited for the fault; the others have not.
        assert len(store.asked) == 1
        store.now += OPEN_SECONDS
        store.fault = None
        assert (await limits.take(TENANT, KEY, LIMIT)).is_accepted == bool(left)
        assert (recorder.unchecked, len(store.asked)) == (5, 2)

    run(main, left=left)


def test_a_worker_remembers_a_bounded_number_of_keys() -> None:
    async def main(store: Store, limits: RateLimits) -> None:
        for _ in range(5000):
            await limits.take(TENANT, uuid4(), 1)

        assert len(limits._blocks) <= 4096

    run(main, left=5000)
