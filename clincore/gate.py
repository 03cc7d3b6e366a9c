"""The gate of a worker: how many requests it works on at once, and whose request is next.

A request enters before its key is checked and leaves when its response is ready. Up to `limit` requests are inside. The
others wait in a queue per tenant; the tenants take turns, by deficit round robin over what their requests cost. So a
tenant that sends more than its share waits for itself, and the others do not wait for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from random import randint
from time import monotonic

from clincore import metrics, tracing
from clincore.deadline import ANSWERING_SECONDS, LOCK_SECONDS
from clincore.problems import RateLimited, Unavailable
from clincore.quotas import Quota, quota_headers

FLOOR = 4
"""The lowest limit of requests inside."""
QUEUE_MAX = 64
"""Requests of one tenant and class that may wait."""
SLICE_SECONDS = 0.002
"""Requests that occupy the event loop for longer, on average of the tenant's last ones, are expensive: nothing can
interrupt them."""
EXPENSIVE_MAX = 2
"""Requests of one tenant that may be inside while they are expensive."""
REST_SECONDS_MAX = 0.25
FLOWS_MAX = 256
"""Of one class. From this number on, those without requests are removed before a new one is made."""
TARGET_SECONDS = (LOCK_SECONDS - ANSWERING_SECONDS) / 2
INTERVAL_SECONDS = 1.0
"""When each request of a queue waited longer than the target during an interval, those that have waited twice as long
are refused (CoDel, RFC 8289, in the form of Facebook's folly). They would have no time left to wait for locks."""
TOLERANCE = 3.0
"""How much slower than on a quiet service admission may be before the limit is lowered."""
RETRY_SECONDS = (1, 3)
"""Retry-After is a random number of seconds between these, so that refused clients do not return all at once."""

UNKNOWN, ANONYMOUS = "unknown", "anonymous"
"""The queues of keys that this worker has not accepted recently, and of requests without a key. They are shared, so
that a forged key, which can name any tenant, takes no room of that tenant."""

_QUANTUM = 0.001
# One request that waited for a lock must not delay its tenant for minutes.
_COST_MAX = 0.1
_SLOWDOWN_MAX = 3 * TOLERANCE

CallLater = Callable[..., object]
IsGone = Callable[[], bool]
"""Whether the client has closed its connection."""


class ClientLeft(Exception):
    """The client closed the connection before the request could be worked on."""


class _Waiter:
    __slots__ = ("answer", "is_gone", "must_enter", "since")

    def __init__(self, since: float, is_gone: IsGone | None, must_enter: bool) -> None:
        self.since = since
        self.is_gone = is_gone
        self.must_enter = must_enter
        self.answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class _Flow:
    """The requests of one tenant and class: active while one of them is inside or waits, or while it rests."""

    __slots__ = (
        "cost",
        "credit",
        "held",
        "interval_ends",
        "is_bulk",
        "is_slow",
        "key",
        "queue",
        "rests_until",
        "shortest_wait",
        "work",
    )

    def __init__(self, key: Hashable, is_bulk: bool) -> None:
        self.key = key
        self.is_bulk = is_bulk
        self.held = 0
        self.queue: deque[_Waiter] = deque()
        self.credit = 0.0
        """Seconds of work that the tenant may use before the next tenant's turn."""
        self.cost = _QUANTUM
        """Of its last request, and the estimate for the next one."""
        self.work = 0.0
        """Seconds of the event loop, on average of the last requests."""
        self.rests_until = 0.0
        self.interval_ends = 0.0
        self.shortest_wait = 0.0
        self.is_slow = False

    @property
    def is_active(self) -> bool:
        return bool(self.held or self.queue or self.rests_until)

    def is_stale(self, now: float, wait: float) -> bool:
        """Whether a request that has waited so long is to be refused. Called for each request whose turn it is."""
        if now > self.interval_ends:
            self.is_slow = self.interval_ends > 0 and self.shortest_wait > TARGET_SECONDS
            self.interval_ends, self.shortest_wait = now + INTERVAL_SECONDS, wait
        elif wait < self.shortest_wait:
            self.shortest_wait = wait
        return self.is_slow and wait > 2 * TARGET_SECONDS


class Place:
    """A request's place at the gate. It can be left and entered again, as while the client sends the body."""

    __slots__ = ("_estimate", "_flow", "_gate", "_is_bulk", "_is_gone", "_key", "_since", "_worked", "is_held")

    def __init__(self, gate: "Gate", key: Hashable, is_bulk: bool, is_gone: IsGone | None = None) -> None:
        """`key`: the tenant, `UNKNOWN` or `ANONYMOUS`."""
        self._gate = gate
        self._key = key
        self._is_bulk = is_bulk
        self._is_gone = is_gone
        self._worked = 0.0
        self.is_held = False

    def enter(self) -> bool:
        """Enter if it is this request's turn. False: it must `wait`."""
        gate = self._gate
        flow = gate.flow_of(self._key, self._is_bulk)
        # Requests of other tenants that still wait have no room. So this one may pass them.
        if flow.queue or not gate.has_room(flow):
            return False
        flow.shortest_wait = 0.0
        gate.hold(flow)
        self._flow, self._estimate, self._since, self.is_held = flow, flow.cost, gate.now(), True
        return True

    async def wait(self, *, must_enter: bool = False) -> None:
        """Wait until it is this request's turn, and enter.

        `must_enter`: however long it takes, because the response has begun.

        Raises:
            RateLimited: too many requests of the tenant wait, or this one waited too long behind them.
            Unavailable: too many requests wait in a shared queue, or the whole service is overloaded.
            ClientLeft: the client closed the connection meanwhile.
        """
        gate = self._gate
        flow = gate.flow_of(self._key, self._is_bulk)
        await gate.wait(flow, self._is_gone, must_enter)
        self._flow, self._estimate, self._since, self.is_held = flow, flow.cost, gate.now(), True

    def leave(self, worked: float) -> None:
        """Leave the gate, if inside. `worked`: seconds for which the request has occupied the event loop so far."""
        if self.is_held:
            self.is_held = False
            work, self._worked = worked - self._worked, worked
            self._gate.release(self._flow, work, self._gate.now() - self._since, self._estimate)


class Gate:
    """The places of one worker. `limit` adapts to how long admissions take, between `FLOOR` and `ceiling`."""

    def __init__(
        self, ceiling: int, *, clock: Callable[[], float] = monotonic, call_later: CallLater | None = None
    ) -> None:
        """`clock` and `call_later`: for tests in virtual time, instead of those of the event loop."""
        self.now = clock
        self._call_later = call_later
        self._ceiling = ceiling
        self._held = self._held_bulk = 0
        self._flows: tuple[dict[Hashable, _Flow], dict[Hashable, _Flow]] = ({}, {})
        """By key, of the interactive and of the bulk class."""
        self._turns: deque[_Flow] = deque()
        """Flows with waiting requests, in the order of their turns."""
        self._usual = 0.0
        """Seconds of an admission while the service is quiet; 0: not known yet."""
        self._slowdowns, self._samples = 0.0, 0
        self._set_limit(ceiling)

    def _set_limit(self, limit: float) -> None:
        self.limit = min(self._ceiling, max(FLOOR, int(limit)))
        self._bulk_max = self.limit // 4
        # Of one flow: requests of one tenant that wait for locked rows must leave places for others.
        self._flow_max = self.limit * 3 // 4
        self._bulk_flow_max = (self._bulk_max + 1) // 2

    def note_admission(self, seconds: float) -> None:
        """An admission took so long. It is the same work for each request, so its duration shows how busy the service
        is: the event loop, the pool and PostgreSQL.

        Additive increase, multiplicative decrease, once per `limit` admissions.
        """
        if not self._usual:
            self._usual = seconds
        elif seconds < self._usual:
            self._usual += (seconds - self._usual) / 10
        elif self._held <= FLOOR:
            # Learned only while the service is quiet: otherwise a long overload would become the usual state.
            self._usual += (seconds - self._usual) / 50
        slowdown = seconds / self._usual
        self._slowdowns += slowdown if slowdown < _SLOWDOWN_MAX else _SLOWDOWN_MAX
        self._samples += 1
        if self._samples >= self.limit:
            is_slow = self._slowdowns > TOLERANCE * self._samples
            self._set_limit(self.limit * 0.9 if is_slow else self.limit + 1)
            self._slowdowns, self._samples = 0.0, 0
            self._admit()

    def flow_of(self, key: Hashable, is_bulk: bool) -> _Flow:
        """The flow of a tenant and class, for a request that now holds a place or waits."""
        flows = self._flows[is_bulk]
        flow = flows.get(key)
        if flow is None:
            if len(flows) >= FLOWS_MAX:
                for idle in [flow.key for flow in flows.values() if not flow.is_active]:
                    del flows[idle]
            flow = flows[key] = _Flow(key, is_bulk)
        # `is_active`, without the call: this runs for each request.
        elif not (flow.held or flow.queue or flow.rests_until):
            # As new: what its requests cost some time ago says nothing about the next ones.
            flow.cost = _QUANTUM
            flow.credit = flow.work = flow.interval_ends = 0.0
        return flow

    def _others(self, flow: _Flow) -> int:
        """How many other flows are active."""
        return sum(other.is_active for flows in self._flows for other in flows.values() if other is not flow)

    def has_room(self, flow: _Flow) -> bool:
        """Whether another request of the flow may enter."""
        if self._held >= self.limit:
            return False
        if flow.work > SLICE_SECONDS and (flow.held >= EXPENSIVE_MAX or flow.rests_until):
            return False
        if flow.is_bulk:
            return self._held_bulk < self._bulk_max and flow.held < self._bulk_flow_max
        return flow.held < self._flow_max

    def hold(self, flow: _Flow) -> None:
        """Take a place for the flow, until `release`."""
        flow.credit -= flow.cost
        flow.held += 1
        self._held += 1
        if flow.is_bulk:
            self._held_bulk += 1

    def release(self, flow: _Flow, work: float, seconds: float, estimate: float) -> None:
        """End what `hold` began.

        `work`: seconds of the event loop. `seconds`: how long the request was inside. `estimate`: the flow's cost when
        it entered.
        """
        # Both use up the service: a slow query occupies PostgreSQL, and a place.
        cost = work + seconds / self.limit
        flow.cost = cost if cost < _COST_MAX else _COST_MAX
        flow.credit += estimate - flow.cost
        flow.work += (work - flow.work) / 4
        if flow.work > SLICE_SECONDS and (others := self._others(flow)):
            self._rest(flow, others)
        self._give_back(flow)

    async def wait(self, flow: _Flow, is_gone: IsGone | None, must_enter: bool) -> None:
        """Wait in the flow's queue for a place, and hold it."""
        if len(flow.queue) >= QUEUE_MAX and not must_enter:
            if not sum([_drop_if_gone(waiter) for waiter in flow.queue]):
                raise self._refusal(flow, "queue-full")
            flow.queue = deque(waiter for waiter in flow.queue if not waiter.answer.done())
            if not flow.queue:
                self._turns.remove(flow)
        waiter = _Waiter(self.now(), is_gone, must_enter)
        if not flow.queue:
            self._turns.append(flow)
        flow.queue.append(waiter)
        try:
            await waiter.answer
        except BaseException:
            self._forget(flow, waiter)
            raise
        finally:
            if metrics.recorder is not None:
                metrics.recorder.gate_waited(flow.is_bulk, self.now() - waiter.since)
            if tracing.recorder is not None:
                tracing.recorder.waited("gate", self.now() - waiter.since)

    def _rest(self, flow: _Flow, others: int) -> None:
        """Let the flow's next request in only after each of the other active flows could have used as much."""
        seconds = min(flow.work * others, REST_SECONDS_MAX)
        flow.rests_until = self.now() + seconds
        later = self._call_later or asyncio.get_running_loop().call_later
        later(seconds, self._end_rest, flow, flow.rests_until)

    def _end_rest(self, flow: _Flow, rests_until: float) -> None:
        # Another expensive request may have prolonged the rest.
        if flow.rests_until == rests_until:
            flow.rests_until = 0.0
            self._admit()

    def _give_back(self, flow: _Flow) -> None:
        flow.held -= 1
        self._held -= 1
        if flow.is_bulk:
            self._held_bulk -= 1
        if self._turns:
            self._admit()

    def _admit(self) -> None:
        """Let waiting requests in while there is room."""
        while (flow := self._next_flow()) is not None:
            waiter = flow.queue.popleft()
            now = self.now()
            if waiter.answer.done() or _drop_if_gone(waiter):
                # Cancelled: its task has not run yet.
                pass
            elif flow.is_stale(now, now - waiter.since) and not waiter.must_enter:
                waiter.answer.set_exception(self._refusal(flow, "waited"))
            else:
                self.hold(flow)
                waiter.answer.set_result(None)
            if not flow.queue:
                self._end_turns(flow)
            elif flow.credit <= 0:
                self._turns.rotate(-1)

    def _next_flow(self) -> _Flow | None:
        """The flow whose turn it is, moved to the front; None: there is no room for any of them."""
        turns = self._turns
        richest = None
        if self._held >= self.limit:
            return None
        for _ in range(len(turns)):
            flow = turns[0]
            if self.has_room(flow):
                if flow.credit > 0:
                    return flow
                if richest is None or flow.credit > richest.credit:
                    richest = flow
            turns.rotate(-1)
        if richest is not None:
            # As many rounds at once as the first of them needs, each of which gives every flow the same credit.
            missing = _QUANTUM - richest.credit
            for flow in turns:
                flow.credit = min(flow.credit + missing, _QUANTUM)
            while turns[0] is not richest:
                turns.rotate(-1)
        return richest

    def _end_turns(self, flow: _Flow) -> None:
        """The flow has no more waiting requests."""
        self._turns.remove(flow)
        # A tenant cannot save up credit for later.
        flow.credit = min(flow.credit, 0.0)

    def _forget(self, flow: _Flow, waiter: _Waiter) -> None:
        """The wait was cancelled, or the request was refused or dropped."""
        answer = waiter.answer
        if not answer.done() or answer.cancelled():
            if waiter in flow.queue:
                flow.queue.remove(waiter)
                if not flow.queue:
                    self._end_turns(flow)
        elif answer.exception() is None:
            # Let in and cancelled in the same step of the loop.
            flow.credit += flow.cost
            self._give_back(flow)

    def _refusal(self, flow: _Flow, reason: str) -> RateLimited | Unavailable:
        seconds = randint(*RETRY_SECONDS)
        # Its tenant has more than twice the average of all that are active, or is the only one.
        active = 1 + self._others(flow)
        total = 1 + self._held + sum(len(other.queue) for other in self._turns)
        is_over_share = active == 1 or (1 + flow.held + len(flow.queue)) * active > 2 * total
        if metrics.recorder is not None:
            metrics.recorder.gate_refused(flow.is_bulk, reason)
        if flow.key in (UNKNOWN, ANONYMOUS) or not is_over_share:
            return Unavailable("The service is overloaded. Try again.", seconds=seconds)
        return RateLimited(
            "This tenant has too many requests in progress. Send fewer at the same time.",
            seconds=seconds,
            headers=quota_headers(Quota("concurrency", QUEUE_MAX, 0, unit="concurrent-requests", more_in=seconds)),
        )


def _drop_if_gone(waiter: _Waiter) -> bool:
    """End the wait of a request whose client has left. False: it has not."""
    if waiter.is_gone is None or not waiter.is_gone():
        return False
    if not waiter.answer.done():
        waiter.answer.set_exception(ClientLeft())
    return True
