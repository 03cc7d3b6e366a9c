"""What must be true during the soak and at its end. Each function notes what is not."""

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import psutil
import psycopg

from benchmarks.soak.client import Abandoned, Book, Call, Findings
from benchmarks.soak.load import Case, Ledger, check_replay
from benchmarks.soak.service import WORKERS, Service, Size
from clincore.db.driver.pool import SIZE as POOL_SIZE
from clincore.db.urls import libpq
from clincore.postgres import embedded

Rows = Sequence[tuple[Any, ...]]

LOG_SECONDS = 1.5
"""Between an answer and its log line. A worker collects lines for 50 ms; on a busy machine that takes longer. A worker
that is killed meanwhile loses them."""
GROWTH_MAX, GROWTH_BYTES_MAX = 0.10, 8 * 2**20
SPARE_DESCRIPTORS = 16
REPLAYS_AT_ONCE = 8
IDLE_SECONDS = 10
OF_TENANT = " FROM {} WHERE tenant_id = %s"


class Log:
    """Compares the lines of the service's log with the answers, a part at a time."""

    def __init__(self, service: Service, book: Book) -> None:
        self._file = service.log.open("rb")
        self._book = book
        self._unanswered: set[str] = set()
        self.events = Counter[str]()
        """Lines that are not about requests, by text."""

    def read(self) -> None:
        """Read the lines that were written since the last call."""
        for line in self._file:
            if not line.endswith(b"\n"):
                # It is being written.
                self._file.seek(-len(line), 1)
                return
            entry = json.loads(line) if line.startswith(b"{") else {"event": line.decode(), "level": "error"}
            if entry.get("level") == "error":
                self._book.findings.note("no error is logged", line.decode()[:600])
            if entry["event"] != "request":
                self.events[entry["event"].strip().partition("\n")[0][:100]] += 1
                continue
            if entry["path"] == "/health":
                # Asked while the service started, and never by the clients.
                continue
            answered = self._book.unlogged.pop(entry["request_id"], None)
            if answered is None:
                self._unanswered.add(entry["request_id"])
            elif answered.status != entry["status"]:
                self._book.findings.note("log lines are as answered", f"{answered}: {line.decode()[:300]}")

    def check(self, kills: Sequence[float]) -> None:
        """Each answer has a line, and the other lines are of lost answers. All lines must have been read."""
        # A line may have been read before its answer was.
        for request_id in self._unanswered & self._book.unlogged.keys():
            self._unanswered.discard(request_id)
            del self._book.unlogged[request_id]
        for request_id, answered in self._book.unlogged.items():
            if not any(answered.after <= kill <= answered.before + LOG_SECONDS for kill in kills):
                self._book.findings.note("each answer has a log line", f"{request_id}: {answered}")
        if len(self._unanswered) > self._book.lost:
            what = f"{len(self._unanswered)} lines without an answer, and {self._book.lost} lost answers"
            self._book.findings.note("each log line has an answer or a lost one", what)


class Sizes:
    """Memory and descriptors of the oldest worker, and the number of workers that were started."""

    def __init__(self, service: Service, findings: Findings) -> None:
        self._service = service
        self._findings = findings
        self.samples: list[Size] = []
        self.idle = service.size()
        """Before the load."""

    async def run(self) -> None:
        """Take a sample each second, until cancelled."""
        while True:
            try:
                self._service.workers()
                self.samples.append(self._service.size())
            except psutil.NoSuchProcess:
                self._findings.note("workers do not end by themselves", "the oldest worker has ended")
                return
            await asyncio.sleep(1)

    def check(self, connections: int, kills: int) -> dict[str, str]:
        """`connections`: of all clients. All but the service's own must be closed by now. Returns figures to print."""
        samples = [sample.rss for sample in self.samples]
        tenth = max(1, len(samples) // 10)
        # Faults move load to the oldest worker for some seconds, so single samples differ.
        early, late = max(samples[tenth : 3 * tenth + 1] or samples), statistics.median(samples[-tenth:])
        if late > early * (1 + GROWTH_MAX) + GROWTH_BYTES_MAX:
            grown = f"from {early / 2**20:.0f} to {late / 2**20:.0f} MiB"
            self._findings.note("memory of a worker is flat", grown)
        most = max(sample.descriptors for sample in self.samples)
        now = self._service.size()
        for descriptors, allowed, when in (
            (most, connections, "during the load"),
            (now.descriptors, 0, "after the load"),
        ):
            if descriptors > self.idle.descriptors + POOL_SIZE + SPARE_DESCRIPTORS + allowed:
                what = f"{descriptors} {when}, {self.idle.descriptors} before it"
                self._findings.note("descriptors of a worker are flat", what)
        if len(self._service.seen) > WORKERS + kills:
            what = f"{len(self._service.seen)} workers after {kills} kills"
            self._findings.note("workers do not end by themselves", what)
        return {
            "memory of the oldest worker": f"{early / 2**20:.0f} MiB early, {late / 2**20:.0f} MiB at the end,"
            f" {max(samples) / 2**20:.0f} MiB at most",
            "its descriptors": f"{self.idle.descriptors} before the load, {most} at most, {now.descriptors} after it",
        }


async def check_replays(ledgers: Sequence[Ledger]) -> int:
    """Each signed case verifies. Returns their number."""
    signed = [(ledger, case) for ledger in ledgers for case in ledger.cases.values() if case.signatures]
    rest = iter(signed)

    async def check() -> None:
        for ledger, case in rest:
            try:
                await check_replay(ledger.admin, case)
            except Abandoned:
                continue

    await asyncio.gather(*(check() for _ in range(REPLAYS_AT_ONCE)))
    return len(signed)


def check_stored(operator: psycopg.Connection[Any], ledger: Ledger, findings: Findings) -> None:
    """Cases, revisions, signatures and API keys are as the answers say: each write was done exactly once."""

    def rows(columns: str, table: str, rest: str = "") -> Rows:
        query = f"SELECT {columns}" + OF_TENANT.format(table) + rest
        return operator.execute(query.encode(), [ledger.tenant_id]).fetchall()

    found = {str(id): (version, status) for id, version, status in rows("id, version, status", "cases")}
    signatures: dict[str, list[int]] = {case_id: [] for case_id in found}
    for case_id, number in rows(
        "case_id, (SELECT count(*) FROM signatures AS s WHERE (s.tenant_id, s.case_id, s.revision)"
        " = (r.tenant_id, r.case_id, r.revision))",
        "case_revisions AS r",
        " ORDER BY case_id, revision",
    ):
        signatures[str(case_id)].append(number)
    subjects = {str(case_id) for (case_id,) in rows("case_id", "case_disclosures", " AND name = 'subject'")}
    stored = {
        # A void revision has no subject, but those before it have one until it is erased.
        case_id: Case(
            case_id, version, status, signatures[case_id], bool(signatures[case_id]) and case_id not in subjects
        )
        for case_id, (version, status) in found.items()
    }
    for case_id in (stored.keys() | ledger.cases.keys()) - ledger.uncertain:
        if (one := stored.get(case_id)) != (acknowledged := ledger.cases.get(case_id)):
            what = f"stored {one}, acknowledged {acknowledged}"
            findings.note("each acknowledged write is stored exactly once", what)
    keys = rows("id, label, revoked_at", "api_keys")
    labels = Counter(label for _, label, _ in keys if not label.startswith("bootstrap-"))
    if labels != +ledger.labels:
        what = f"stored {labels - ledger.labels}, acknowledged {ledger.labels - labels}"
        findings.note("each acknowledged API key is stored exactly once", what)
    if unrevoked := ledger.revoked - {str(id) for id, _, revoked_at in keys if revoked_at}:
        findings.note("each acknowledged API key is stored exactly once", f"not revoked: {unrevoked}")


def check_counts(operator: psycopg.Connection[Any], ledger: Ledger, book: Book) -> int:
    """Usage events and entries of the access log: one for each answer, at most one for each lost one.

    Returns the number of events.
    """
    tenant_id = ledger.tenant_id
    events = {Call(tenant_id, method, path): 0 for method, path in book.operations}
    for method, path, number in operator.execute(
        "SELECT method, endpoint, count(*) FROM usage_events WHERE tenant_id = %s GROUP BY 1, 2", [tenant_id]
    ):
        events[Call(tenant_id, method, path)] = number
    _compare("usage events are as answered", events, book.counted, book)
    entries = dict(
        operator.execute(
            "SELECT operation, count(*) FROM access_log WHERE tenant_id = %s GROUP BY 1", [tenant_id]
        ).fetchall()
    )
    recorded = {
        call: entries.get(operation.id, 0)
        for (method, path), operation in book.operations.items()
        if (call := Call(tenant_id, method, path)).path.startswith("/cases") and not path.endswith("/access-log")
    }
    _compare("entries of the access log are as answered", recorded, book.recorded, book)
    return sum(events.values())


def _compare(invariant: str, stored: dict[Call, int], answered: Counter[Call], book: Book) -> None:
    for call, number in stored.items():
        most = answered[call] + book.doubtful[call]
        if not answered[call] <= number <= most:
            what = f"{call.method} {call.path}: {number} stored, {answered[call]} answered, at most {most} possible"
            book.findings.note(invariant, what)


def check_usage(operator: psycopg.Connection[Any], service: Service, findings: Findings) -> None:
    """The totals match the events."""
    closed = operator.execute("SELECT FROM usage_watermarks WHERE closed_before > '2000-01-01'").fetchone()
    if closed is None:
        # In a short run all events are too young for the totals.
        operator.execute("UPDATE usage_events SET created_at = created_at - interval '1 hour'")
    for command in ("rollup", "reconcile"):
        done = service.run("usage", command)
        if done.returncode:
            findings.note("`clincore usage reconcile` finds no difference", f"{command}: {done.stdout}{done.stderr}")


def check_isolation(service: Service, findings: Findings) -> str:
    """`clincore prove-isolation` finds no way to another tenant. Returns the last line of its output."""
    done = service.run("prove-isolation", "--url", service.url)
    if done.returncode or "PROVEN" not in done.stdout:
        findings.note("`clincore prove-isolation` is PROVEN", f"{done.stdout[-2000:]}{done.stderr[-500:]}")
    return done.stdout.strip().rpartition("\n")[2]


def check_end(server: embedded.Embedded, service: Service, findings: Findings) -> None:
    """The service has stopped with exit code 0, and left no connection to PostgreSQL."""
    if service.exit_code != 0:
        findings.note("the service stops with exit code 0", str(service.exit_code))
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as superuser:
        deadline = time.monotonic() + IDLE_SECONDS
        query = "SELECT state, query_start FROM pg_stat_activity WHERE usename = 'clincore_app'"
        while (left := superuser.execute(query).fetchall()) and time.monotonic() < deadline:
            time.sleep(0.1)
    if left:
        findings.note("no connection to PostgreSQL is left", str(left))
