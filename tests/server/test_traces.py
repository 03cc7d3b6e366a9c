"""Traces, as a collector receives them."""

import asyncio
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from clincore import tracing
from clincore.errors import StartupError
from clincore.gate import Gate, Place
from clincore.tracing.recording import Recorder
from support import citus
from support.cases import CONSULTATION, make_case
from support.collector import Collector, Span, collector
from support.commands import run
from support.database import Database
from support.paths import ROOT
from support.service import Service, checked_client, free_port, serve
from support.tenants import Tenant, bootstrap
from support.tour import Caller, tour
from support.waiting import eventually

WORKERS = 2
SERVER, CLIENT = 2, 3
"""Kinds of spans in OTLP."""
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
SETTINGS = {"OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
TEXT = "Rhabdomyolysis after the marathon"


@contextmanager
def traced(database: Database, folder: Path, workers: int = 1, **variables: str) -> Iterator[tuple[Service, Collector]]:
    with collector() as running:
        settings = {**SETTINGS, "OTEL_EXPORTER_OTLP_ENDPOINT": running.url, **variables}
        with serve(database, folder, program=["clincore", "serve", "--workers", str(workers)], **settings) as service:
            yield service, running


@pytest.fixture(scope="module")
def running(database: Database, folder: Path) -> Iterator[tuple[Service, Collector]]:
    with traced(database, folder, WORKERS) as found:
        yield found


@pytest.fixture(scope="module")
def service(running: tuple[Service, Collector]) -> Service:
    return running[0]


@pytest.fixture(scope="module")
def traces(running: tuple[Service, Collector]) -> Collector:
    return running[1]


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with checked_client(service.url) as made:
        yield made


@pytest.fixture(scope="module")
def tenant(client: httpx.Client) -> Tenant:
    return bootstrap(client)


def trace_of(response: httpx.Response) -> str:
    """The trace id of the response's `traceresponse`."""
    matched = re.fullmatch(r"00-([0-9a-f]{32})-[0-9a-f]{16}-0[01]", response.headers["traceresponse"])
    assert matched is not None
    return matched[1]


def tree(spans: list[Span]) -> Any:
    """The names of spans, each with those of its children."""

    def below(parent: str) -> list[Any]:
        return [(span.name, below(span.span_id)) for span in spans if span.parent_id == parent]

    roots = {span.parent_id for span in spans} - {span.span_id for span in spans}
    return [branch for root in sorted(roots) for branch in below(root)]


def test_a_request_has_spans_of_admission_transactions_and_statements(
    client: httpx.Client, traces: Collector, tenant: Tenant
) -> None:
    case_id = make_case(client, tenant.key)

    response = client.get(f"/cases/{case_id}", headers=tenant.key)

    spans = traces.trace(trace_of(response), "GET /cases/{case_id}")
    assert tree(spans) == [
        (
            "GET /cases/{case_id}",
            [
                # On a cluster admission always belongs to several requests, and so to no trace.
                ("admission", [] if citus.COORDINATOR_URL else [("transaction", [("admission.admit", [])])]),
                ("transaction", [("access_log.insert_for_case", [])]),
            ],
        )
    ]
    by_name = {span.name: span for span in spans}
    request = by_name["GET /cases/{case_id}"]
    assert request.kind == SERVER and request.parent_id == ""
    assert request.attributes == {
        "clincore.operation": "get_case",
        "clincore.request_id": response.headers["X-Request-Id"],
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/cases/{case_id}",
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    }
    assert request.resource["service.name"] == "clincore"
    assert request.resource["deployment.environment.name"] == "test"
    statement = by_name["access_log.insert_for_case"]
    assert statement.kind == CLIENT
    assert statement.attributes == {
        "clincore.statements": ["cases.find", "access_log.insert_for_case"],
        "db.query.summary": "access_log.insert_for_case",
        "db.system.name": "postgresql",
    }
    assert 0 < statement.seconds <= by_name["transaction"].seconds <= request.seconds


def test_each_worker_is_an_instance_of_its_own(client: httpx.Client, service: Service, traces: Collector) -> None:
    def instances() -> set[Any]:
        # A new connection may reach the other worker.
        assert httpx.get(f"{service.url}/health").status_code == 200
        return {span.resource["service.instance.id"] for span in traces.spans}

    eventually(lambda: len(instances()) == WORKERS)


@pytest.mark.parametrize(
    ("headers", "continues"),
    [
        pytest.param([("traceparent", PARENT)], True, id="valid"),
        pytest.param([("traceparent", PARENT.replace("00-", "cc-", 1) + "-later")], True, id="a-later-version"),
        pytest.param([], False, id="none"),
        pytest.param([("traceparent", PARENT.upper())], False, id="upper-case"),
        pytest.param([("traceparent", "00-" + "0" * 32 + PARENT[35:])], False, id="no-trace-id"),
        pytest.param([("traceparent", PARENT), ("traceparent", PARENT)], False, id="two"),
        pytest.param([("traceparent", PARENT + "-" + "a" * 600)], False, id="too-long"),
        pytest.param([("traceparent", b"\xff\x00".decode("latin-1").replace("\0", "\xfe"))], False, id="not-ascii"),
    ],
)
def test_a_valid_traceparent_is_continued_and_any_other_ignored(
    client: httpx.Client, traces: Collector, headers: list[tuple[str, str]], continues: bool
) -> None:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    response = client.get("/health", headers=[*sent, (b"tracestate", TEXT.encode())])

    assert response.status_code == 200
    _, trace_id, parent_id, _ = PARENT.split("-")
    assert (trace_of(response) == trace_id) is continues
    request_id = response.headers["X-Request-Id"]

    def parents() -> list[str]:
        return [s.parent_id for s in traces.spans if s.attributes.get("clincore.request_id") == request_id]

    eventually(parents)
    assert parents() == [parent_id if continues else ""]


@pytest.mark.parametrize(("path", "member"), [("/cases", "trace_id"), ("/fhir/Bundle", "diagnostics")])
def test_errors_and_the_log_name_the_trace(
    client: httpx.Client, service: Service, tenant: Tenant, path: str, member: str
) -> None:
    response = client.post(path, json={"unknown": TEXT}, headers=tenant.key)

    trace_id, document = trace_of(response), response.json()
    assert response.status_code == 400
    if member == "trace_id":
        assert document["trace_id"] == trace_id
    else:
        assert document["issue"][0]["diagnostics"].endswith(f", trace {trace_id}")
    assert f'"trace_id":"{trace_id}"' in service.line_of(response)


def test_a_failed_statement_marks_the_spans_without_its_text(
    client: httpx.Client, traces: Collector, tenant: Tenant, operator: psycopg.Connection[Any]
) -> None:
    with operator.transaction():
        operator.execute("LOCK TABLE access_log IN ACCESS EXCLUSIVE MODE")
        response = client.post("/cases", json={"title": TEXT}, headers=tenant.key)

    assert response.status_code == 503
    spans = traces.trace(trace_of(response), "POST /cases")
    assert {span.name for span in spans if span.is_error} >= {"POST /cases", "transaction"}
    for span in spans:
        if span.is_error:
            assert span.attributes["error.type"] == "LockNotAvailable"
            assert span.kind == SERVER or span.attributes["db.response.status_code"] == "55P03"


def test_spans_have_no_values(service: Service, traces: Collector) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(base_url=service.url) as asking:
            await tour(Caller(asking, own.api_key))

    with checked_client(service.url) as asking:
        own = bootstrap(asking)
        case_id = make_case(asking, own.key)
        asyncio.run(main())
        missing = asking.get(f"/patients/{case_id}?name={TEXT}", headers=own.key)
    traces.trace(trace_of(missing), "GET")

    texts = [value for value in re.findall(r"[^\W\d_]{4,} [^\W\d_]{4,}", str(CONSULTATION)) if value.isascii()]
    assert len(texts) > 5
    secrets = [TEXT, own.id, own.name, own.api_key, own.api_key[-20:], case_id, *texts]
    sent = b"".join(traces.received)
    assert [secret for secret in secrets if secret.encode() in sent] == []
    queries = {path.stem for path in (ROOT / "clincore" / "db" / "queries").glob("*.py")}
    statements = {name for span in traces.spans for name in span.attributes.get("clincore.statements", ())}
    assert len(statements) > 30
    assert {name.partition(".")[0] for name in statements} <= {*queries, "begin", "commit", "ping"}


def test_an_unsampled_trace_is_named_but_not_sent(database: Database, folder: Path) -> None:
    with traced(database, folder, OTEL_TRACES_SAMPLER="always_off") as (service, traces):
        with checked_client(service.url) as client:
            response = client.get("/cases", headers={"traceparent": PARENT})
        assert response.json()["trace_id"] == trace_of(response) == PARENT.split("-")[1]
        assert response.headers["traceresponse"].endswith("-00")

    assert traces.received == []


def test_a_collector_that_does_not_answer_delays_neither_requests_nor_the_end(database: Database, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = SETTINGS | {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_BSP_MAX_QUEUE_SIZE": "512"}
        with serve(database, folder, **settings) as service:
            with httpx.Client(base_url=service.url) as client:
                for _ in range(1000):
                    assert client.get("/health").status_code == 200
            began = time.monotonic()
            service.process.terminate()
            assert service.process.wait(30) == 0
            assert time.monotonic() - began < 20

    lines = [line for line in service.log.read_text().splitlines() if '"event":"request"' not in line]
    assert len(lines) < 40, lines


def test_the_last_spans_are_sent_when_the_service_stops(database: Database, folder: Path) -> None:
    with traced(database, folder, OTEL_BSP_SCHEDULE_DELAY="60000") as (service, traces):
        trace_id = trace_of(httpx.get(f"{service.url}/health"))

    assert trace_id in {span.trace_id for span in traces.spans}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        pytest.param({"OTEL_TRACES_EXPORTER": "zipkin"}, "Set it to otlp or none", id="exporter"),
        pytest.param(
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "Set it to http/protobuf",
            id="protocol",
        ),
        pytest.param(
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "is not like http://127.0.0.1:4318", id="endpoint"
        ),
        pytest.param(
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_HEADERS": f"a=b,Authorization: {TEXT}"},
            "is not like name=value",
            id="header",
        ),
    ],
)
def test_settings_that_do_not_work_end_the_start_with_one_line(variables: dict[str, str], said: str) -> None:
    ended = run("clincore", "serve", "--port", str(free_port()), **variables)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("clincore: OTEL_") and said in ended.stderr and ended.stderr.count("\n") == 1
    assert TEXT not in ended.stderr


def test_a_setting_that_the_library_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer abc==,x-tenant=a%20b")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "256")

    with pytest.raises(StartupError, match=r"max_queue_size\. Correct the variables OTEL_\*\."):
        tracing.start()


@pytest.mark.parametrize("missing", ["opentelemetry", "opentelemetry.exporter"])
def test_without_the_packages_the_start_says_which_to_install(missing: str) -> None:
    code = (
        "import sys; sys.path[:0] = ['.']\n"
        "class Missing:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {missing!r}: raise ModuleNotFoundError(name)\n"
        "sys.meta_path[:0] = [Missing()]\n"
        "from clincore import tracing; tracing.check()"
    )

    ended = run("python", "-c", code, OTEL_TRACES_EXPORTER="otlp")

    assert "pip install 'clincore[otel]'" in ended.stderr


@pytest.mark.parametrize(
    "variables", [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}]
)
def test_without_the_settings_the_library_is_not_imported(variables: dict[str, str]) -> None:
    code = (
        "import sys, clincore.operations, clincore.runtime, clincore.server.protocol; from clincore import tracing\n"
        "tracing.start(); tracing.stop(); print(*sys.modules)"
    )

    imported = run("python", "-c", code, **variables)

    assert "clincore.tracing" in imported.stdout.split(), imported.stderr
    assert not [name for name in imported.stdout.split() if name.startswith("opentelemetry")]


def test_a_wait_at_the_gate_is_a_span_of_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(8)

    async def app(*_: Any) -> None:
        inside = [Place(gate, "tenant", False) for _ in range(8)]
        waiting = next(place for place in inside if not place.enter())
        asyncio.get_running_loop().call_later(0.2, inside[0].leave, 0.0)
        await waiting.wait()

    with collector() as traces:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", traces.url)
        recorder = Recorder()
        monkeypatch.setattr(tracing, "recorder", recorder)
        scope = {"type": "http", "method": "GET", "http_version": "1.1", "headers": []}
        asyncio.run(recorder.tracing(app)(scope, None, None))  # type: ignore[arg-type]
        recorder.close()

    assert tree(traces.spans) == [("GET", [("gate", [])])]
    (span,) = [span for span in traces.spans if span.name == "gate"]
    assert 0.1 < span.seconds < 5
