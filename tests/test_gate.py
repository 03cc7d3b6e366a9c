"""The gate of a worker, in virtual time: shares of tenants, limits, refusals and cancellation."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from itertools import pairwise
from typing import Any

import pytest

from clincore.gate import (
    ANONYMOUS,
    EXPENSIVE_MAX,
    FLOOR,
    FLOWS_MAX,
    INTERVAL_SECONDS,
    QUEUE_MAX,
    TARGET_SECONDS,
    TOLERANCE,
    UNKNOWN,
    ClientLeft,
    Gate,
    Place,
)
from clincore.problems import Problem, RateLimited, Unavailable

CEILING = 40
FLOW_MAX = CEILING * 3 // 4


async def enter(place: Place, **how: bool) -> None:
    if not place.enter():
        await place.wait(**how)


class Worker:
    """A gate, and the requests that are inside. `now` moves only when a test moves it."""

    def __init__(self, limit: int = CEILING) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.gate = Gate(limit, clock=lambda: self.now, call_later=self.call_later)
        self.inside: list[tuple[Hashable, Place]] = []
        """In the order in which they entered."""
        self.refused: list[tuple[Hashable, Problem]] = []
        self.tasks: set[asyncio.Task[None]] = set()

    async def send(self, key: Hashable, times: int = 1, *, is_bulk: bool = False) -> list[asyncio.Task[None]]:
        """Send requests, which enter at once, wait or are refused."""

        async def ask() -> None:
            place = Place(self.gate, key, is_bulk)
            try:
                await enter(place)
            except Problem as problem:
                self.refused.append((key, problem))
            else:
                self.inside.append((key, place))

        sent = [asyncio.create_task(ask()) for _ in range(times)]
        self.tasks.update(sent)
        await self.settle()
        return sent

    async def settle(self) -> None:
        for _ in range(4):
            await asyncio.sleep(0)

    def call_later(self, seconds: float, callback: Callable[..., None], *arguments: Any) -> None:
        self.timers.append((self.now + seconds, lambda: callback(*arguments)))

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self.timers if timer[0] <= self.now]
        self.timers = [timer for timer in self.timers if timer[0] > self.now]
        for _, callback in due:
            callback()
        await self.settle()

    async def finish(self, key: Hashable | None = None, *, cost: float = 0.0, work: float = 0.0) -> Hashable:
        """End the request that entered first (of this key) after `cost` seconds. Returns its key.

        `work`: how long it occupied the event loop.
        """
        index = next(number for number, (of, _) in enumerate(self.inside) if key in (None, of))
        ended, place = self.inside.pop(index)
        await self.sleep(cost)
        place.leave(work)
        await self.settle()
        return ended

    def held(self) -> Counter[Hashable]:
        return Counter(key for key, _ in self.inside)

    async def drain(self) -> None:
        while self.inside or self.timers:
            if self.inside:
                await self.finish()
            else:
                await self.sleep(1.0)
        await asyncio.gather(*self.tasks, return_exceptions=True)
        assert (self.gate._held, self.gate._held_bulk) == (0, 0)
        flows = [flow for flows in self.gate._flows for flow in flows.values()]
        assert not any(flow.is_active for flow in flows) and not self.gate._turns


def run(test: Callable[[Worker], Awaitable[Any]], limit: int = CEILING) -> None:
    async def main() -> None:
        worker = Worker(limit)
        await test(worker)
        await worker.drain()

    asyncio.run(main())


def jain(shares: list[float]) -> float:
    """Jain's fairness index: 1 when all shares are equal."""
    return sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares))


@pytest.mark.parametrize(("cost", "limit"), [(0.001, FLOOR), (0.001, 20), (0.02, FLOOR), (0.02, 20)])
def test_a_flooding_tenant_gets_one_share_of_the_work_however_much_it_sends(cost: float, limit: int) -> None:
    """Ten tenants keep two requests open each; another one keeps 64, which cost up to twenty times as much."""

    async def test(worker: Worker) -> None:
        work: Counter[Hashable] = Counter()
        for tenant in range(10):
            await worker.send(tenant, 2)
        await worker.send("flood", 64)
        for _ in range(3000):
            key = worker.inside[0][0]
            spent = cost if key == "flood" else 0.001
            await worker.finish(cost=spent, work=spent)
            work[key] += spent
            await worker.send(key)

        total = sum(work.values())
        others = [work[tenant] for tenant in range(10)]
        assert jain(others) >= 0.95
        assert min(others) >= 0.8 * total / 11, work
        assert not [key for key, _ in worker.refused if key != "flood"]

    run(test, limit)


@pytest.mark.parametrize(("work", "at_once", "later"), [(0.0025, 0, EXPENSIVE_MAX), (0.001, 8, 8)])
def test_a_tenant_whose_requests_take_as_long_as_a_large_case_pauses_between_them(
    work: float, at_once: int, later: int
) -> None:
    """A GET of a large case takes 2.5 ms. Turns alone do not protect others that are all inside."""

    async def test(worker: Worker) -> None:
        await worker.send("other")
        await worker.send("a", 8)
        for _ in range(8):
            await worker.finish("a", cost=work, work=work)
        await worker.send("a", 8)
        assert worker.held()["a"] == at_once
        await worker.sleep(work)
        assert worker.held()["a"] == later

    run(test)


def test_a_tenant_waits_for_at_most_one_request_of_each_other_tenant() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("flood", 60)
        await worker.send("other flood", 60)
        held = worker.held()
        await worker.send("late")
        while "late" not in worker.held():
            await worker.finish(cost=0.001)
        assert sum(worker.held().values()) == sum(held.values())
        entered = 120 - len([task for task in worker.tasks if not task.done()])
        assert entered - sum(held.values()) <= 3

    run(test)


def test_more_than_a_full_queue_of_a_tenant_is_refused_with_429() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("flood", FLOW_MAX + QUEUE_MAX)
        assert worker.refused == []
        await worker.send("flood")
        await worker.send("other", CEILING - FLOW_MAX)

        ((key, problem),) = worker.refused
        assert (key, type(problem)) == ("flood", RateLimited)
        seconds = int(problem.headers["Retry-After"])
        assert 1 <= seconds <= 3
        assert problem.headers["RateLimit"] == f'"concurrency";r=0;t={seconds}'
        assert problem.headers["RateLimit-Policy"].startswith(f'"concurrency";q={QUEUE_MAX}')
        assert worker.held()["other"] == CEILING - FLOW_MAX

    run(test)


@pytest.mark.parametrize("shared", [UNKNOWN, ANONYMOUS])
def test_a_flood_in_a_shared_queue_is_refused_with_503_and_pushes_no_tenant_out(shared: str) -> None:
    async def test(worker: Worker) -> None:
        await worker.send(shared, 10 * QUEUE_MAX)
        assert {key for key, _ in worker.refused} == {shared}
        assert {type(problem) for _, problem in worker.refused} == {Unavailable}
        # The tenant has the room that every tenant has, and all of its own queue.
        await worker.send("victim", CEILING - FLOW_MAX + QUEUE_MAX)
        assert worker.held()["victim"] == CEILING - FLOW_MAX
        assert {key for key, _ in worker.refused} == {shared}
        await worker.finish(shared)
        await worker.finish(shared)
        assert worker.held()["victim"] >= CEILING - FLOW_MAX + 1

    run(test)


def test_retry_after_varies() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("flood", FLOW_MAX + QUEUE_MAX + 50)
        assert len({problem.headers["Retry-After"] for _, problem in worker.refused}) > 1

    run(test)


async def serve_slowly(worker: Worker, key: Hashable, seconds: float, step: float) -> None:
    """Finish a request of this key every `step` seconds and send the next one."""
    end = worker.now + seconds
    while worker.now < end:
        await worker.finish(cost=step)
        await worker.send(key)


def test_requests_that_wait_too_long_in_a_standing_queue_are_refused() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("flood", FLOW_MAX + QUEUE_MAX)
        # 94 requests are open, so each waits for about two seconds.
        await serve_slowly(worker, "flood", 4 * INTERVAL_SECONDS, 0.03)
        assert worker.refused
        assert {type(problem) for _, problem in worker.refused} == {RateLimited}
        waited = [waiter.since for flow in worker.gate._turns for waiter in flow.queue]
        assert worker.now - min(waited) < 2 * TARGET_SECONDS + INTERVAL_SECONDS

    run(test)


def test_a_burst_that_is_worked_off_is_not_refused() -> None:
    async def test(worker: Worker) -> None:
        for _ in range(4):
            await worker.send("burst", FLOW_MAX + QUEUE_MAX)
            while worker.inside:
                await worker.finish(cost=0.007)
            worker.now += INTERVAL_SECONDS
        assert worker.refused == []

    run(test)


def test_a_tenant_within_its_share_gets_503_when_everyone_waits_too_long() -> None:
    async def test(worker: Worker) -> None:
        tenants = [f"tenant {number}" for number in range(50)]
        for tenant in tenants:
            await worker.send(tenant, 2)
        for _ in range(200):
            key = await worker.finish(cost=0.05)
            await worker.send(key)
        assert worker.refused
        assert {type(problem) for _, problem in worker.refused} == {Unavailable}

    run(test)


def admissions(worker: Worker, seconds: float, times: int) -> list[int]:
    """Report admissions that took so long. Returns the limits that they led to."""
    limits = []
    for _ in range(times):
        worker.gate.note_admission(seconds)
        limits.append(worker.gate.limit)
    return limits


def test_the_limit_falls_to_the_floor_while_admissions_are_slow_and_recovers_slowly() -> None:
    async def test(worker: Worker) -> None:
        assert set(admissions(worker, 0.001, 1000)) == {CEILING}
        await worker.send("a", 20)
        falling = admissions(worker, 0.001 * 2 * TOLERANCE, 5000)
        assert falling[-1] == min(falling) == FLOOR
        # Slowness is not learned as usual while the service is busy, nor is a single slow admission a reason.
        assert set(admissions(worker, 0.001 * TOLERANCE / 2, 5000)[-100:]) == {CEILING}
        worker.gate.note_admission(10)
        assert set(admissions(worker, 0.001, 200)) == {CEILING}

        admissions(worker, 0.001 * 2 * TOLERANCE, 5000)
        rising = admissions(worker, 0.001, 5000)
        assert all(after - before in (0, 1) for before, after in pairwise(rising))
        assert rising.index(CEILING) > sum(range(FLOOR, CEILING - 1))

    run(test)


def test_a_database_that_stays_slow_becomes_usual_once_the_limit_is_at_the_floor() -> None:
    async def test(worker: Worker) -> None:
        admissions(worker, 0.001, 100)
        await worker.send("a", FLOOR + 1)
        assert admissions(worker, 0.02, 5000)[-1] == FLOOR
        await worker.finish()
        assert admissions(worker, 0.02, 5000)[-1] == CEILING

    run(test)


def test_a_lower_limit_lets_waiting_requests_in_only_when_enough_have_left() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("a", 20)
        await worker.send("b", 20)
        admissions(worker, 0.001, 1)
        admissions(worker, 1.0, 5000)
        await worker.send("c")
        while worker.held()["c"] == 0:
            inside = len(worker.inside)
            await worker.finish("a" if worker.held()["a"] else "b")
        assert inside == FLOOR

    run(test)


def test_bulk_requests_have_a_quarter_of_the_places_and_interactive_ones_the_rest() -> None:
    async def test(worker: Worker) -> None:
        for tenant in range(4):
            await worker.send(("bulk", tenant), 10, is_bulk=True)
        assert len(worker.inside) == CEILING // 4
        assert max(worker.held().values()) == CEILING // 8
        for tenant in range(4):
            await worker.send(tenant, 10)
        assert len(worker.inside) == CEILING
        # Both classes take turns: bulk requests are not starved, and do not grow beyond the quarter.
        for _ in range(60):
            key = await worker.finish(cost=0.001)
            await worker.send(key, is_bulk=isinstance(key, tuple))
            bulk = sum(count for of, count in worker.held().items() if isinstance(of, tuple))
            assert 0 < bulk <= CEILING // 4

    run(test)


def test_requests_of_one_tenant_that_do_not_end_leave_places_for_others() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("locked", FLOW_MAX + QUEUE_MAX)
        for _ in range(5):
            await worker.send("other", 3)
            assert worker.held()["other"] == 3
            for _ in range(3):
                await worker.finish("other", cost=0.001)
        assert worker.held() == {"locked": FLOW_MAX}

    run(test)


def test_a_cancelled_request_leaves_the_queue() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("a", FLOW_MAX)
        waiting = await worker.send("a", QUEUE_MAX)
        for task in waiting:
            task.cancel()
        await worker.settle()
        assert not worker.gate._turns
        # There is room for as many again.
        await worker.send("a", QUEUE_MAX)
        assert worker.refused == []
        await worker.finish()
        assert worker.held() == {"a": FLOW_MAX}

    run(test)


def test_a_request_that_is_let_in_and_cancelled_in_the_same_moment_gives_its_place_back() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("a", FLOW_MAX)
        (waiting,) = await worker.send("a")
        _, place = worker.inside.pop(0)
        place.leave(0.0)
        waiting.cancel()
        await worker.settle()
        assert waiting.cancelled()
        await worker.send("a")
        assert worker.held() == {"a": FLOW_MAX}

    run(test)


def test_a_request_that_is_cancelled_just_before_its_turn_does_not_stop_the_others() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("a", FLOW_MAX)
        first, second = await worker.send("a", 2)
        first.cancel()
        # The task has not run yet, so its request still waits.
        _, place = worker.inside.pop(0)
        place.leave(0.0)
        await worker.settle()
        assert (first.cancelled(), second.done()) == (True, True)
        assert worker.held() == {"a": FLOW_MAX}

    run(test)


def test_requests_of_clients_that_left_are_dropped_and_take_no_room_in_the_queue() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("a", FLOW_MAX)
        gone: list[bool] = []
        places = [Place(worker.gate, "a", False, lambda: bool(gone)) for _ in range(QUEUE_MAX)]
        waiting = [asyncio.create_task(enter(place)) for place in places]
        await worker.settle()
        gone.append(True)
        await worker.send("a")
        assert worker.refused == []
        await worker.finish()
        assert worker.held() == {"a": FLOW_MAX}
        left = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(error) for error in left} == {ClientLeft}

    run(test)


def test_a_place_can_be_left_and_entered_again_and_is_counted_once() -> None:
    async def test(worker: Worker) -> None:
        place = Place(worker.gate, "a", False)
        await enter(place)
        place.leave(0.001)
        place.leave(0.001)
        assert not place.is_held
        await enter(place)
        await worker.send("a", FLOW_MAX - 1)
        assert len(worker.inside) == FLOW_MAX - 1
        place.leave(0.002)

    run(test)


def test_a_stream_that_has_begun_is_never_refused() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("a", FLOW_MAX + QUEUE_MAX)
        place = Place(worker.gate, "a", False)
        entering = asyncio.create_task(enter(place, must_enter=True))
        await serve_slowly(worker, "a", 10 * INTERVAL_SECONDS, 0.05)
        assert worker.refused
        await entering
        place.leave(0.0)

    run(test)


def test_what_an_idle_tenants_last_requests_cost_is_forgotten() -> None:
    async def test(worker: Worker) -> None:
        for _ in range(8):
            await worker.send("a")
            await worker.finish(cost=0.1, work=0.1)
        await worker.send("other")
        await worker.send("a", 8)
        assert worker.held()["a"] == 8

    run(test)


def test_the_gate_forgets_idle_tenants_when_there_are_many_and_never_an_active_one() -> None:
    async def test(worker: Worker) -> None:
        await worker.send("active")
        for tenant in range(3 * FLOWS_MAX):
            await worker.send(tenant)
            await worker.finish(tenant)
        (flows, _) = worker.gate._flows
        assert len(flows) <= FLOWS_MAX
        assert flows["active"].held == 1

    run(test)
