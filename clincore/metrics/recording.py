"""The series of a worker, and what writes them. docs/metrics.md has a line for each."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

SAMPLE_SECONDS = 0.25
UNMATCHED = "(unmatched)"
# RFC 9110, section 9, and RFC 5789. OpenTelemetry wants one name for all others.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_REFUSALS = frozenset({402, 429, 503})
# Those of OpenTelemetry's semantic conventions.
_HTTP_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_DATABASE_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Recorder:
    """Counts and times what one worker does. Durations are in seconds.

    A process has one. Only the thread of its event loop may call it.
    """

    def __init__(self) -> None:
        self._requests_active = 0
        self._duration = _histogram(
            "http_server_request_duration_seconds",
            "From the head of a request to the end of its answer, by path template of the contract. Answers that the"
            " HTTP protocol gives without the application count with 0 seconds; status 499 means that the client left"
            " without an answer.",
            _HTTP_BOUNDS,
            ("http_route", "http_request_method", "http_response_status_code"),
        )
        # Children by the values of their labels: `labels()` costs as much as several observations.
        self._durations: dict[tuple[str | None, str, int], Histogram] = {}
        self._refusals = Counter(
            "clincore_refusals_total",
            "Answers with 402, 429 and 503, by the code of their problem document.",
            ("http_response_status_code", "reason"),
            registry=None,
        )
        self._active = _gauge("http_server_active_requests", "Requests that the application works on.", "livesum")
        self._batch_size = _histogram(
            "clincore_admission_batch_size",
            "Requests that were admitted together, in one statement.",
            (1, 2, 4, 8, 16, 32, 64, 128, 256),
        )
        self.admission_waited: Callable[[float], None] = _histogram(
            "clincore_admission_wait_seconds",
            "From asking for admission to its answer: the wait for the batch under way and the round trip of its own.",
            _DATABASE_BOUNDS,
        ).observe
        self._events = Counter(
            "clincore_usage_events_total", "Usage events that were committed, one per admitted request.", registry=None
        )
        connections = _gauge(
            "db_client_connection_count",
            "Connections of the pools, by state: used or idle. Both together are open.",
            "livesum",
            ("db_client_connection_state",),
        )
        self._used, self._idle = connections.labels("used"), connections.labels("idle")
        self._most = _gauge("db_client_connection_max", "Connections that the pools may open.", "livesum")
        self.pool_waited: Callable[[float], None] = _histogram(
            "db_client_connection_wait_time_seconds",
            "Waits for a connection while all of a pool were in use. What found one at once is not counted.",
            _DATABASE_BOUNDS,
        ).observe
        self._round_trip = _histogram(
            "db_client_operation_duration_seconds",
            "Round trips to PostgreSQL. One carries several statements, such as BEGIN, COMMIT and what was queued; its"
            " time counts for the last one that the caller asked for. The wait for the event loop is in it.",
            _DATABASE_BOUNDS,
            ("db_query_summary",),
        )
        self._round_trips: dict[str, Histogram] = {}
        self._lag = _histogram(
            "clincore_event_loop_lag_seconds",
            "How much later than asked for the event loop ran a timer, four times a second and worker.",
            _DATABASE_BOUNDS,
        )
        self._roll_up_lag = _gauge(
            "clincore_usage_rollup_lag_seconds",
            "Since the last roll-up of usage in which no tenant failed; that of the worker that is furthest behind.",
            "livemax",
        )
        Counter("clincore_worker_starts_total", "Workers that were started, the first ones too.", registry=None).inc()

    def counting(self, app: Callable[..., Any]) -> Callable[..., Any]:
        """The ASGI application, with its requests counted as active. `request` counts them off."""

        def counted(scope: Any, receive: Any, send: Any) -> Any:
            self._requests_active += 1
            # Its coroutine, without one of our own around it.
            return app(scope, receive, send)

        return counted

    def request(self, template: str | None, method: str, status: int, seconds: float, problem: str | None) -> None:
        """A request of the application has ended. `problem`: the code of its problem document."""
        self._requests_active -= 1
        self._answer(template, method, status, seconds, problem)

    def protocol_answer(self, status: int, problem: str) -> None:
        """The HTTP protocol has answered without the application."""
        self._answer(None, "_OTHER", status, 0.0, problem)

    def _answer(self, template: str | None, method: str, status: int, seconds: float, problem: str | None) -> None:
        key = template, method, status
        duration = self._durations.get(key)
        if duration is None:
            known = method if method in _METHODS else "_OTHER"
            duration = self._durations[key] = self._duration.labels(template or UNMATCHED, known, str(status))
        duration.observe(seconds)
        if problem is not None and status in _REFUSALS:
            self._refusals.labels(str(status), problem).inc()

    def batch(self, size: int, events: int) -> None:
        """So many requests were admitted together, and so many of their events committed."""
        self._batch_size.observe(size)
        self._events.inc(events)

    def round_trip(self, statement: str, seconds: float) -> None:
        """A round trip to PostgreSQL for the statement of this name."""
        trips = self._round_trips.get(statement)
        if trips is None:
            trips = self._round_trips[statement] = self._round_trip.labels(statement)
        trips.observe(seconds)

    async def sample(self, pool: Callable[[], tuple[int, int, int]], roll_up_lag: Callable[[], float]) -> None:
        """Write the gauges and the lag of the event loop every `SAMPLE_SECONDS`, until it is cancelled.

        `pool`: connections used, idle and at most. `roll_up_lag`: seconds.
        """
        loop = asyncio.get_running_loop()
        while True:
            used, idle, most = pool()
            self._used.set(used)
            self._idle.set(idle)
            self._most.set(most)
            self._active.set(self._requests_active)
            self._roll_up_lag.set(roll_up_lag())
            due_at = loop.time() + SAMPLE_SECONDS
            await asyncio.sleep(SAMPLE_SECONDS)
            self._lag.observe(max(0.0, loop.time() - due_at))


class _Histogram(Histogram):
    """The library's, which finds its bucket in half of the time."""

    def observe(self, amount: float, exemplar: dict[str, str] | None = None) -> None:
        self._sum.inc(amount)
        self._buckets[bisect_left(self._upper_bounds, amount)].inc(1)


def _histogram(name: str, documentation: str, bounds: tuple[float, ...], labels: tuple[str, ...] = ()) -> _Histogram:
    return _Histogram(name, documentation, labels, buckets=bounds, registry=None)


def _gauge(name: str, documentation: str, mode: Any, labels: tuple[str, ...] = ()) -> Gauge:
    """`mode`: how the exposition merges the workers' values, `livesum` or `livemax`."""
    return Gauge(name, documentation, labels, multiprocess_mode=mode, registry=None)
