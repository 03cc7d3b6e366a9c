"""The series of a worker, and the recorder that writes them. docs/metrics.md describes each series."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

SAMPLE_SECONDS = 0.25
UNMATCHED = "(unmatched)"
# RFC 9110, section 9, and RFC 5789. OpenTelemetry requires one name, `_OTHER`, for all others.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_REFUSALS = frozenset({402, 429, 503})
# From OpenTelemetry's semantic conventions.
_HTTP_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_DATABASE_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Recorder:
    """Records the metrics of one worker. Durations are in seconds.

    There is one per process. Only the event loop's thread may call it.
    """

    def __init__(self) -> None:
        self._requests_active = 0
        self._duration = _histogram(
            "http_server_request_duration_seconds",
            "Time from the head of a request to the end of its response, by path template of the contract. Responses of"
            " the HTTP protocol without the application count as 0 seconds. Status 499: the client disconnected before"
            " the response.",
            _HTTP_BOUNDS,
            ("http_route", "http_request_method", "http_response_status_code"),
        )
        # Children by label values, because `labels()` costs as much as several observations.
        self._durations: dict[tuple[str | None, str, int], Histogram] = {}
        self._refusals = Counter(
            "clincore_refusals_total",
            "Responses with status 402, 429 or 503, by the code of their problem document.",
            ("http_response_status_code", "reason"),
            registry=None,
        )
        self._active = _gauge("http_server_active_requests", "Requests that the application is processing.", "livesum")
        self._batch_size = _histogram(
            "clincore_admission_batch_size",
            "Requests admitted together, in one statement.",
            (1, 2, 4, 8, 16, 32, 64, 128, 256),
        )
        self.admission_waited: Callable[[float], None] = _histogram(
            "clincore_admission_wait_seconds",
            "Time from the request for admission to its answer: the wait for the current batch and the own round trip.",
            _DATABASE_BOUNDS,
        ).observe
        self._events = Counter(
            "clincore_usage_events_total", "Committed usage events, one per admitted request.", registry=None
        )
        self.rate_limit_unchecked: Callable[[], None] = Counter(
            "clincore_rate_limit_unchecked_total",
            "Requests of keys with a rate limit that were accepted without checking it, because the database did not"
            " answer.",
            registry=None,
        ).inc
        connections = _gauge(
            "db_client_connection_count",
            "Open connections of the pools, by state: used or idle.",
            "livesum",
            ("db_client_connection_state",),
        )
        self._used, self._idle = connections.labels("used"), connections.labels("idle")
        self._max = _gauge("db_client_connection_max", "Connections that the pools may open.", "livesum")
        self.pool_waited: Callable[[float], None] = _histogram(
            "db_client_connection_wait_time_seconds",
            "Waits for a connection while all connections of a pool were in use. Immediate successes are not counted.",
            _DATABASE_BOUNDS,
        ).observe
        self._round_trip = _histogram(
            "db_client_operation_duration_seconds",
            "Round trips to PostgreSQL. A round trip has several statements, such as BEGIN, COMMIT and queued ones; its"
            " time counts for the last one that the caller sent. It includes the wait for the event loop.",
            _DATABASE_BOUNDS,
            ("db_query_summary",),
        )
        self._round_trips: dict[str, Histogram] = {}
        self._lag = _histogram(
            "clincore_event_loop_lag_seconds",
            "How late the event loop ran a timer, measured four times a second in each worker.",
            _DATABASE_BOUNDS,
        )
        waits = _histogram(
            "clincore_gate_wait_seconds",
            "Time that requests waited at the gate, by class: interactive or bulk. Those that entered at once are not"
            " counted.",
            _DATABASE_BOUNDS,
            ("clincore_gate_class",),
        )
        self._gate_waits = waits.labels("interactive"), waits.labels("bulk")
        refused = Counter(
            "clincore_gate_refusals_total",
            "Requests that the gate did not let in, by class and reason: queue-full, or waited too long.",
            ("clincore_gate_class", "reason"),
            registry=None,
        )
        self._gate_refusals = {
            (is_bulk, reason): refused.labels("bulk" if is_bulk else "interactive", reason)
            for is_bulk in (False, True)
            for reason in ("queue-full", "waited")
        }
        self._gate_limit = _gauge("clincore_gate_limit", "Requests that the gates let in at once.", "livesum")
        self._roll_up_lag = _gauge(
            "clincore_usage_rollup_lag_seconds",
            "Time since the last roll-up of usage in which no tenant failed, of the worker that is furthest behind.",
            "livemax",
        )
        self._numbering_lag = _gauge(
            "clincore_feed_numbering_lag_seconds",
            "Time for which the changes of a tenant have been waiting for their numbers in the change feed, of the"
            " tenant that waits longest.",
            "livemax",
        )
        self._log_lines_dropped = Counter(
            "clincore_log_lines_dropped_total",
            "Log lines that were dropped, because the reader of stderr was too slow.",
            registry=None,
        )
        Counter("clincore_worker_starts_total", "Started workers, including the first ones.", registry=None).inc()

    def counting(self, app: Callable[..., Any]) -> Callable[..., Any]:
        """The ASGI application, with its requests counted as active until `request` is called."""

        def counted(scope: Any, receive: Any, send: Any) -> Any:
            self._requests_active += 1
            # Return the coroutine itself: another one around it would cost time.
            return app(scope, receive, send)

        return counted

    def request(self, template: str | None, method: str, status: int, seconds: float, problem: str | None) -> None:
        """Record the end of a request. `problem`: the code of its problem document."""
        self._requests_active -= 1
        self._answer(template, method, status, seconds, problem)

    def protocol_answer(self, status: int, problem: str) -> None:
        """Record a response of the HTTP protocol without the application."""
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
        """Record a batch of `size` requests, of which `events` usage events were committed."""
        self._batch_size.observe(size)
        self._events.inc(events)

    def gate_waited(self, is_bulk: bool, seconds: float) -> None:
        """Record a wait at the gate."""
        self._gate_waits[is_bulk].observe(seconds)

    def gate_refused(self, is_bulk: bool, reason: str) -> None:
        """Record a refusal by the gate."""
        self._gate_refusals[is_bulk, reason].inc()

    def round_trip(self, statement: str, seconds: float) -> None:
        """Record a round trip to PostgreSQL for the statement with this label."""
        trips = self._round_trips.get(statement)
        if trips is None:
            trips = self._round_trips[statement] = self._round_trip.labels(statement)
        trips.observe(seconds)

    async def sample(
        self,
        pool: Callable[[], tuple[int, int, int]],
        gate_limit: Callable[[], int],
        roll_up_lag: Callable[[], float],
        numbering_lag: Callable[[], float],
        lines_dropped: Callable[[], int],
    ) -> None:
        """Record the gauges and the lag of the event loop every `SAMPLE_SECONDS`, until cancelled.

        `pool`: returns used and idle connections, and the maximum. `roll_up_lag`, `numbering_lag`: return seconds.
        `lines_dropped`: returns the log lines dropped so far.
        """
        loop = asyncio.get_running_loop()
        dropped = 0
        while True:
            self._log_lines_dropped.inc(lines_dropped() - dropped)
            dropped = lines_dropped()
            used, idle, limit = pool()
            self._used.set(used)
            self._idle.set(idle)
            self._max.set(limit)
            self._active.set(self._requests_active)
            self._gate_limit.set(gate_limit())
            self._roll_up_lag.set(roll_up_lag())
            self._numbering_lag.set(numbering_lag())
            due_at = loop.time() + SAMPLE_SECONDS
            await asyncio.sleep(SAMPLE_SECONDS)
            self._lag.observe(max(0.0, loop.time() - due_at))


class _Histogram(Histogram):
    """The library's histogram, which finds its bucket in half the time."""

    def observe(self, amount: float, exemplar: dict[str, str] | None = None) -> None:
        self._sum.inc(amount)
        self._buckets[bisect_left(self._upper_bounds, amount)].inc(1)


def _histogram(name: str, documentation: str, bounds: tuple[float, ...], labels: tuple[str, ...] = ()) -> _Histogram:
    return _Histogram(name, documentation, labels, buckets=bounds, registry=None)


def _gauge(name: str, documentation: str, mode: Any, labels: tuple[str, ...] = ()) -> Gauge:
    """`mode`: how the exposition merges the workers' values, `livesum` or `livemax`."""
    return Gauge(name, documentation, labels, multiprocess_mode=mode, registry=None)
