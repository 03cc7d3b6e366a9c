"""The cost of recording metrics: one worker with --metrics-port and one without, in the same run.

Both use the same PostgreSQL and alternate in short slices, because the machine's speed drifts. The cost is smaller than
the difference between two slices, so many slices are needed.
"""

import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import work
from benchmarks.checkout import HERE
from benchmarks.harness import START_SECONDS, TOKEN, Tenant, answers, cpu_seconds, make_tenant, postgresql, wrk
from clincore.postgres import embedded

WITHOUT, WITH = "without", "with"
PORTS = {WITHOUT: 8817, WITH: 8818}
METRICS_PORT = 8819
WORKS = ("get", "post")
TARGET = 1.03


def main(rounds: int, seconds: int) -> None:
    """Measure and print CPU per request in microseconds, and the ratios. `seconds`: load per slice."""
    cpu: dict[tuple[str, str], list[float]] = {(asked, name): [] for asked in WORKS for name in PORTS}
    with postgresql() as server, _serve(server, WITHOUT) as without, _serve(server, WITH) as with_metrics:
        tenant = make_tenant(f"http://127.0.0.1:{PORTS[WITHOUT]}", server, "benchmark", work.BODY)
        pids = {WITHOUT: without, WITH: with_metrics}
        for number in range(rounds + 1):
            # The first round is a warm-up.
            for asked in WORKS:
                for name in sorted(PORTS, reverse=number % 2 == 1):
                    taken = _measure(pids[name], name, tenant, asked, seconds)
                    if number:
                        cpu[asked, name].append(taken)
    for asked in WORKS:
        less, more = cpu[asked, WITHOUT], cpu[asked, WITH]
        ratios = sorted(a / b for a, b in zip(more, less, strict=True))
        print(
            f"{asked:4}  CPU per request without {statistics.median(less):.0f} us,"
            f" with {statistics.median(more):.0f} us;"
            f" ratio {statistics.median(more) / statistics.median(less):.3f}, at most {TARGET};"
            f" within a round {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})"
        )


def _measure(pid: int, name: str, tenant: Tenant, asked: str, seconds: int) -> float:
    """CPU per request in microseconds."""
    before = cpu_seconds(pid)
    load = wrk(PORTS[name], seconds, [work.request(tenant, asked)])
    if load.errors or not load.requests:
        raise SystemExit(f"{name} answered {load.errors} of {load.requests} requests of {asked} with an error")
    return (cpu_seconds(pid) - before) / load.requests * 1e6


@contextmanager
def _serve(server: embedded.Embedded, name: str) -> Iterator[int]:
    """Run `clincore serve` with one worker. Yields its process id."""
    command = HERE.python("clincore", "serve", "--port", str(PORTS[name]))
    if name == WITH:
        command += ["--metrics-port", str(METRICS_PORT)]
    variables = {
        "DATABASE_URL": server.url,
        "MIGRATION_DATABASE_URL": server.owner_url,
        "BOOTSTRAP_TOKEN": TOKEN,
        "LOG_LEVEL": "INFO",
    }
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=HERE.folder, env=HERE.environment(variables), stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(PORTS[name]):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"clincore serve did not start: {log.read().decode()[-2000:]}")
                time.sleep(0.1)
            # On one core, as in the benchmark of the request path; load generator and PostgreSQL use the other.
            os.sched_setaffinity(process.pid, {1})
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
