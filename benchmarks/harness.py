"""Servers under load and their cost: processes, CPU time from /proc, wrk and pgbench."""

import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from benchmarks.checkout import HERE, Checkout
from clincore.db.migrations import migrate
from clincore.db.statements import Statement
from clincore.db.urls import libpq
from clincore.postgres import embedded

TOKEN = "bootstrap-token-of-all-the-benchmarks"
CONNECTIONS = 32
START_SECONDS = 120


@dataclass(frozen=True)
class Load:
    """The result of a load generator: responses in total and per second, latency in milliseconds, statuses not 2xx."""

    requests: int
    per_second: float
    p50: float
    p99: float
    errors: int


@contextmanager
def postgresql() -> Iterator[embedded.Embedded]:
    """A new embedded PostgreSQL with the schema; durable, as in production."""
    folder = Path(tempfile.mkdtemp(prefix="clincore-benchmark-"))
    folder.chmod(0o711)
    server = embedded.start(folder / "data", options={"max_connections": "200", "shared_buffers": "256MB"})
    try:
        migrate(server.owner_url)
        yield server
    finally:
        server.close(wait=20)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serve(
    target: str,
    port: int,
    workers: int,
    core: int | None,
    variables: Mapping[str, str],
    *,
    checkout: Checkout = HERE,
    access_log: bool = False,
) -> Iterator[int]:
    """Run uvicorn with an ASGI application of the checkout, on one core or all. Yields the process id of its parent.

    `access_log`: that of uvicorn. ClinCore logs a line per request itself.
    """
    is_peer = target.startswith("benchmarks.")
    command = checkout.python("uvicorn", target, "--port", str(port), "--workers", str(workers))
    command += [
        "--http",
        "benchmarks.peers.protocol:Protocol" if is_peer else checkout.server_class("Protocol"),
        "--loop",
        "asyncio" if is_peer else checkout.server_class("EventLoop"),
        "--no-proxy-headers",
        *(["--access-log"] if access_log else ["--no-access-log", "--log-level", "warning"]),
    ]
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=checkout.folder, env=checkout.environment(variables), stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"{target} did not start: {log.read().decode()[-2000:]}")
                time.sleep(0.1)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def another_database(server: embedded.Embedded, name: str) -> embedded.Embedded:
    """Create an empty database on the same server, with the rights that ClinCore requires."""

    def renamed(url: str) -> str:
        return make_url(url).set(database=name).render_as_string(hide_password=False)

    another = replace(
        server,
        url=renamed(server.url),
        owner_url=renamed(server.owner_url),
        superuser_url=renamed(server.superuser_url),
    )
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        superuser.execute(sql.SQL("CREATE DATABASE {} OWNER clincore_owner").format(sql.Identifier(name)))
    with psycopg.connect(libpq(another.superuser_url)) as superuser:
        # As in the database of the embedded server.
        superuser.execute("REVOKE EXECUTE ON FUNCTION set_config FROM PUBLIC")
    return another


def answers(port: int) -> bool:
    """Whether a service on this port answers /health with 200."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx.TransportError:
        return False


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and of its living descendants."""
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def loop_seconds(pid: int) -> float:
    """CPU time of a process's main thread, in which the event loop runs."""
    with open(f"/proc/{pid}/schedstat") as file:
        return int(file.read().split()[0]) / 1e9


def worker_processes(pid: int, workers: int) -> list[psutil.Process]:
    """A single worker is the parent process itself."""
    parent = psutil.Process(pid)
    if workers == 1:
        return [parent]
    children = parent.children()
    found = [child for child in children if any("spawn_main" in word for word in child.cmdline())]
    assert len(found) == workers, [child.cmdline() for child in children]
    return found


def memory(pid: int, workers: int) -> dict[str, float]:
    """MiB per worker, on average: unique (USS) and proportional (PSS) set size. `pid`: of the parent process."""
    found = [set_sizes(worker.pid) for worker in worker_processes(pid, workers)]
    return {kind: statistics.mean(sizes[kind] for sizes in found) for kind in ("USS", "PSS")}


def set_sizes(pid: int) -> dict[str, float]:
    """MiB of one process: USS and PSS (proc(5), smaps_rollup)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kib = {name: int(size.split()[0]) for name, _, size in (line.partition(":") for line in rollup[1:])}
    return {"USS": (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024, "PSS": kib["Pss"] / 1024}


def postmaster(server: embedded.Embedded) -> int:
    """The process id of the PostgreSQL server."""
    return int((server.data_dir / "postgresql-18" / "postmaster.pid").read_text().split()[0])


@dataclass(frozen=True)
class Request:
    """A request of a load generator."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


def wrk(port: int, seconds: float, requests: Sequence[Request], connections: int = CONNECTIONS) -> Load:
    """Send these requests in turn, without pause, on that many connections, with Debian's wrk."""
    script = ["local requests = {}"]
    for request in requests:
        headers = ", ".join(f'["{name}"] = "{value}"' for name, value in request.headers.items())
        method, body = ("POST", f"[==[{request.body}]==]") if request.body else ("GET", "nil")
        script.append(f'requests[#requests + 1] = {{"{method}", "{request.path}", {{{headers}}}, {body}}}')
    script += [
        "local turn = 0",
        "function init()",
        "  for i, r in ipairs(requests) do requests[i] = wrk.format(r[1], r[2], r[3], r[4]) end",
        "end",
        "function request() turn = turn % #requests + 1; return requests[turn] end",
        "function done(summary, latency)",
        '  io.write(string.format("RESULT %d %f %f %f %d\\n", summary.requests, summary.duration / 1e6,',
        "    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,",
        "    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))",
        "end",
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write("\n".join(script))
        file.flush()
        if shutil.which("wrk") is None:
            raise SystemExit("wrk, which generates the load, is not installed. On Debian: apt install wrk")
        url = f"http://127.0.0.1:{port}"
        # By default wrk counts a response after more than 2 seconds as an error.
        output = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", file.name, url],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    found = re.search(r"RESULT (\d+) (\S+) (\S+) (\S+) (\d+)", output)
    if found is None:
        raise SystemExit(f"wrk failed: {output}")
    count, duration, p50, p99, errors = found.groups()
    return Load(int(count), int(count) / float(duration), float(p50), float(p99), int(errors))


def pgbench(
    server: embedded.Embedded, script: str, seconds: int, connections: int = CONNECTIONS, **variables: str
) -> Load:
    """Run the script with these variables, without pause, on that many connections, as clincore_app."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file, tempfile.TemporaryDirectory() as logs:
        file.write(script)
        file.flush()
        command = [str(server.bin_dir / "pgbench"), "-n", "-M", "prepared", "-c", str(connections), "-j", "1"]
        command += ["-T", str(seconds), "-f", file.name, "-l", f"--log-prefix={logs}/log", libpq(server.url)]
        command[1:1] = [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pgbench failed: {done.stderr}")
        latencies = sorted(
            int(line.split()[2]) / 1000 for log in Path(logs).iterdir() for line in log.read_text().splitlines()
        )
    size = len(latencies)
    return Load(size, size / seconds, latencies[size // 2], latencies[size * 99 // 100], 0)


def execute(connection: psycopg.Connection[Any], statement: Statement[Any], tenant_id: UUID, **values: Any) -> str:
    """Prepare the service's statement on the connection. Returns the text of its EXECUTE."""
    if not connection.execute("SELECT FROM pg_prepared_statements WHERE name = %s", [statement.name]).rowcount:
        connection.execute(f"PREPARE {statement.name} AS {statement.text}".encode())
    literals = (sql.Literal(value).as_string(connection) for value in statement.bind(tenant_id, values))
    return f"EXECUTE {statement.name} ({', '.join(literals)})"


@dataclass(frozen=True)
class Tenant:
    """A paid tenant with a case."""

    id: str
    api_key: str
    key_id: str
    case_id: str

    @property
    def key(self) -> dict[str, str]:
        return {"X-API-Key": self.api_key}


class HasOwner(Protocol):
    """A database, of which only the owner's URL is needed."""

    @property
    def owner_url(self) -> str: ...


def make_tenant(url: str, server: HasOwner, name: str, body: dict[str, Any]) -> Tenant:
    """Create a tenant of the ClinCore at `url`, with one case with this body."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.post(f"{url}/bootstrap", json={"tenant_name": name, "role": "admin"}, headers=headers).json()
    with psycopg.connect(libpq(server.owner_url), autocommit=True) as operator:
        operator.execute("UPDATE tenants SET billing_status = 'paid' WHERE id = %s", [answer["tenant_id"]])
        row = operator.execute("SELECT id FROM api_keys WHERE tenant_id = %s", [answer["tenant_id"]]).fetchone()
    assert row is not None
    case = httpx.post(f"{url}/cases", json=body, headers={"X-API-Key": answer["api_key"]})
    return Tenant(answer["tenant_id"], answer["api_key"], str(row[0]), case.json()["id"])


def add_tenant(server: embedded.Embedded) -> tuple[UUID, UUID]:
    """Create a tenant for calls without HTTP. Returns its id and the id of a key that no request can use."""
    tenant_id, key_id = uuid4(), uuid4()
    with psycopg.connect(libpq(server.owner_url)) as owner:
        owner.execute("INSERT INTO tenant_names (tenant_id, name) VALUES (%s, 'benchmark')", [tenant_id])
        owner.execute("INSERT INTO tenants (id, name) VALUES (%s, 'benchmark')", [tenant_id])
        owner.execute(
            "INSERT INTO api_keys (tenant_id, id, key_hash, label) VALUES (%s, %s, repeat('0', 64), 'benchmark')",
            [tenant_id, key_id],
        )
    return tenant_id, key_id
