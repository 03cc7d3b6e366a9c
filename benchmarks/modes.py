"""The benchmark of the request path: its candidates, modes and targets."""

from dataclasses import dataclass

from benchmarks.harness import CONNECTIONS, Load

OURS = "ClinCore"
UNBATCHED = "ClinCore, not batched"
FASTAPI = "FastAPI + SQLAlchemy"
SILENT = "FastAPI, no log"
STARLETTE = "Starlette + asyncpg"
PGBENCH = "pgbench"
BEFORE = "before"
"""ClinCore at another commit."""
PEERS = (OURS, FASTAPI, STARLETTE, PGBENCH)
TENANTS = 200


@dataclass(frozen=True)
class Mode:
    """How the candidates run, and their workloads."""

    name: str
    workers: int
    core: int | None
    """The core that all workers are pinned to."""
    works: tuple[str, ...] = ("health", "get", "post", "list")
    candidates: tuple[str, ...] = PEERS
    tenants: int = 1
    connections: int = CONNECTIONS


ONE = Mode("one worker on its own core", 1, 1)
TWO = Mode("two workers", 2, None)
ONE_OF_MANY = Mode("one worker, 200 tenants in turn", 1, 1, ("get", "post"), tenants=TENANTS)
TWO_OF_MANY = Mode("two workers, 200 tenants in turn", 2, None, ("get", "post"), tenants=TENANTS)
WITHOUT_LOG = Mode("one worker, FastAPI's log off", 1, 1, ("health",), (OURS, SILENT))
IDLE = Mode("one worker, one connection", 1, 1, ("get", "post"), (OURS, UNBATCHED, STARLETTE), connections=1)
MODES = {
    "one": ONE,
    "silent": WITHOUT_LOG,
    "two": TWO,
    "one-of-many": ONE_OF_MANY,
    "two-of-many": TWO_OF_MANY,
    "idle": IDLE,
}
"""By their name on the command line."""

THROUGHPUT, LATENCY, CPU, POSTGRESQL_CPU = "requests/s", "p50", "server CPU", "PostgreSQL CPU"
MEASURES = (THROUGHPUT, LATENCY, CPU, POSTGRESQL_CPU)
TARGETS = [
    (ONE, CPU, "health", FASTAPI, "at most 0.4"),
    *((ONE, CPU, work, FASTAPI, "at most 0.3; 0.167 batched") for work in ("get", "post")),
    (ONE, CPU, "list", FASTAPI, "at most 0.35"),
    (WITHOUT_LOG, CPU, "health", SILENT, "at most 0.4"),
    *((ONE, CPU, work, STARLETTE, "at most 2.0; 1.0 batched") for work in ("get", "post")),
    *((TWO, THROUGHPUT, work, FASTAPI, "at least 2.5; 4 batched") for work in ("get", "post")),
    *((TWO, THROUGHPUT, work, STARLETTE, "at least 0.6; 1.0 batched") for work in ("get", "post")),
    *((TWO, THROUGHPUT, work, PGBENCH, "at least 0.25; 0.40 batched") for work in ("get", "post")),
    (TWO, THROUGHPUT, "list", PGBENCH, "at least 0.25"),
    *((ONE_OF_MANY, CPU, work, FASTAPI, "at most 0.167") for work in ("get", "post")),
    *((ONE_OF_MANY, CPU, work, STARLETTE, "at most 1.0") for work in ("get", "post")),
    *((TWO_OF_MANY, THROUGHPUT, work, PGBENCH, "at least 0.40") for work in ("get", "post")),
    *((IDLE, LATENCY, work, UNBATCHED, "at most 1.0") for work in ("get", "post")),
]


@dataclass(frozen=True)
class Sample:
    """One candidate with one workload in one round; CPU in microseconds per request."""

    load: Load
    server_cpu: float
    postgresql_cpu: float

    def figure(self, measure: str) -> float:
        """One of `MEASURES`."""
        return {
            THROUGHPUT: self.load.per_second,
            LATENCY: self.load.p50,
            CPU: self.server_cpu,
            POSTGRESQL_CPU: self.postgresql_cpu,
        }[measure]


Samples = dict[tuple[Mode, str, str], list[Sample]]
"""By mode, workload and candidate; one sample per round."""
