"""PostgreSQL's log contains no clinical text, no key and no hash of a key, even when all statements are logged."""

import asyncio
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import make_url

from clincore import keys
from clincore.postgres import embedded
from support.cases import CONSULTATION, SIGNING
from support.commands import run
from support.contract import CONTRACT
from support.database import Database, make_database
from support.lifecycle import REASON, REVIEW
from support.operations import SIGNED, WRITES, request_to, takes_ids
from support.service import serve
from support.tour import Caller, tour

MARKER = "Zettelkasten4711"
# Everything that PostgreSQL can log of a statement except parameter values, which an operator must switch off when
# durations are logged.
LOGS_ALL = {
    "log_min_messages": "debug2",
    "log_min_error_statement": "debug5",
    "log_min_duration_statement": "0",
    "log_statement": "all",
    "log_error_verbosity": "verbose",
    "log_lock_waits": "on",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# Fields of bodies with free text of a tenant or signer.
FREE_TEXT = {
    *("title", "external_id", "subject", "author", "reason", "history", "assessment", "plan", "conditions"),
    *("observations", "medications", "allergies", "type", "tags", "metadata", "label", "tenant_name"),
    *("signer", "entry"),
}
FHIR_TEXT = {"display", "family", "given", "text", "title", "value"}
"""Names of texts in a FHIR document that have no other meaning. The marker would change what other texts refer to."""
# Statuses that depend on stored data, or on data sent to be stored.
STATUSES = {200, 201, 404, 409, 412, 422}


@cache
def field_schema(operation_id: str, name: str) -> dict[str, Any] | None:
    """The schema of a field of the body; None: the operation has no such field."""
    (operation,) = (operation for operation in CONTRACT.operations if operation.id == operation_id)
    schema = CONTRACT.resolve(CONTRACT.media_type(operation)[1]["schema"])
    return schema["properties"].get(name)


def marked(schema: dict[str, Any], value: Any) -> Any:
    """The value with the marker in each text, and as a key, wherever the schema allows it."""

    def tried(change: Any, *candidates: Any) -> Any:
        return next((one for one in candidates if not CONTRACT.errors(schema, change(one))), candidates[-1])

    def walk(part: Any, put: Any) -> Any:
        if isinstance(part, dict):
            part = {name: walk(inner, lambda new, name=name: put(part | {name: new})) for name, inner in part.items()}
            return tried(put, part | {MARKER: MARKER}, part)
        if isinstance(part, list):
            return [
                walk(inner, lambda new, place=place: put([*part[:place], new, *part[place + 1 :]]))
                for place, inner in enumerate(part)
            ]
        if isinstance(part, str) and MARKER not in part:
            return tried(put, f"{part} {MARKER}", f"{part}{MARKER}", part)
        return part

    return walk(value, lambda new: new)


def marked_fhir(value: Any, name: str = "") -> Any:
    """A part of a FHIR document with the marker in each text of `FHIR_TEXT`. `name`: the part's."""
    if isinstance(value, dict):
        return {key: marked_fhir(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [marked_fhir(inner, name) for inner in value]
    return f"{value} {MARKER}" if isinstance(value, str) and name in FHIR_TEXT else value


@cache
def marked_text(operation_id: str, name: str, text: str) -> str:
    """A field's JSON text, with the marker."""
    if operation_id in ("import_document", "preview_document"):
        return json.dumps(marked_fhir(json.loads(text), name))
    schema = field_schema(operation_id, name)
    return text if schema is None else json.dumps(marked(schema, json.loads(text)))


class MarkingCaller(Caller):
    """Adds the marker to every text, and records the keys, the statuses of responses and the fields with a marker."""

    def __init__(self, client: httpx.AsyncClient, api_key: str) -> None:
        super().__init__(client, api_key)
        self.keys = {api_key}
        self.answers: set[tuple[str, int]] = set()
        self.marked: set[str] = set()

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        operation = CONTRACT.find(method, path.partition("?")[0])
        assert operation is not None
        # Signed text already has the marker, and another one would invalidate the signature.
        if isinstance(body, dict) and operation.id != "verify_revision":
            body = {name: json.loads(marked_text(operation.id, name, json.dumps(body[name]))) for name in body}
            self.marked |= {name for name in body if MARKER in json.dumps(body[name])}
        self.keys |= {headers.get("X_API_Key", self.api_key)}
        response = await super().request(method, path, body, **headers)
        self.answers.add((operation.id, response.status_code))
        with suppress(ValueError, KeyError, TypeError):
            self.keys.add(response.json()["api_key"])
        return response


async def refused(caller: MarkingCaller, database: Database) -> None:
    """Requests of every kind that the database refuses, or that the service refuses after a query of the database."""
    ask = caller.ask
    for operation in filter(takes_ids, CONTRACT.operations):
        # Ids that do not exist.
        request = request_to(
            operation, {name: str(uuid4()) for name in ("case_id", "case_id of a signed case", "key_id")}
        )
        await ask(operation.method, request["url"], request.get("json"), status=404, If_Match="*")

    async def make(body: Any = CONSULTATION) -> str:
        return f"/cases/{(await ask('POST', '/cases', body, status=201)).json()['id']}"

    draft, signed, empty, cancelled = await make(), await make(), await make({"title": "x"}), await make()
    await ask("POST", f"{signed}/finalize", SIGNING, If_Match="*")
    await ask("DELETE", cancelled, If_Match="*")
    for status, match in ((412, '"0"'), (409, "*")):
        # With the wrong version, then in the wrong state.
        for_drafts, for_signed = (draft, signed) if status == 412 else (signed, draft)
        await ask("PATCH", for_drafts, {"plan": "Rest."}, status=status, If_Match=match)
        await ask("DELETE", for_drafts, status=status, If_Match=match)
        finalized = draft if status == 412 else cancelled
        await ask("POST", f"{finalized}/finalize", SIGNING, status=status, If_Match=match)
        await ask("POST", f"{for_signed}/amend", REASON, status=status, If_Match=match)
        await ask("POST", f"{for_signed}/void", REASON | SIGNING, status=status, If_Match=match)
        await ask("POST", f"{for_signed}/attest", REVIEW, status=status, If_Match=match)
    await ask("POST", f"{empty}/finalize", SIGNING, status=422, If_Match="*")
    await ask("PATCH", empty, {"subject": {"name": "Ada Example"}}, status=422, If_Match="*")
    await ask("POST", f"{signed}/amend", REASON)
    await ask("PATCH", signed, {"external_id": uuid4().hex}, status=409, If_Match="*")

    signers = [SIGNING | {"signer": {"name": f"Dr. {number}"}} for number in range(4)]
    answers = await asyncio.gather(
        *(caller.request("POST", f"{draft}/finalize", signing, If_Match="*") for signing in signers)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]

    drafts = [await make({"title": "x"}) for _ in range(4)]
    for _ in range(5):
        # Concurrent requests, one POST and several PATCH, for the same external_id.
        wanted = {"external_id": uuid4().hex}
        answers = await asyncio.gather(
            *(caller.request("PATCH", one, wanted, If_Match="*") for one in drafts[:2]),
            caller.request("POST", "/cases", {"title": "x"} | wanted),
            *(caller.request("PATCH", one, wanted, If_Match="*") for one in drafts[2:]),
        )
        assert sorted(answer.status_code for answer in answers)[1:] == [409] * 4, answers

    name = f"{uuid4().hex} {MARKER}"
    await ask("POST", "/bootstrap", {"tenant_name": name}, status=201)
    await ask("POST", "/bootstrap", {"tenant_name": name}, status=409)
    own = (await ask("GET", "/auth/whoami")).json()
    await ask("POST", f"/admin/api-keys/revoke/{own['key_id']}", status=409)
    made = (await ask("POST", "/admin/api-keys", {"label": "other", "role": "user"}, status=201)).json()
    await ask("GET", "/admin/usage", status=403, X_API_Key=made["api_key"])
    await ask("POST", "/auth/api-keys/rotate", {"grace_seconds": 60}, status=201, X_API_Key=made["api_key"])
    await ask("POST", "/auth/api-keys/rotate", {"grace_seconds": 60}, status=409, X_API_Key=made["api_key"])
    await ask("PATCH", f"/admin/api-keys/{made['id']}", {"expires_at": None}, status=409)
    over = {"label": MARKER, "expires_at": "2020-01-01T00:00:00Z"}
    await ask("POST", "/admin/api-keys", over, status=422)
    await ask("PATCH", f"/admin/api-keys/{own['key_id']}", over, status=422)
    await ask("POST", "/bootstrap", {"tenant_name": f"{MARKER}\U000e0041"}, status=422)
    await ask("POST", f"/admin/api-keys/revoke/{made['id']}")
    for bad in (made["api_key"], keys.generate(uuid4()), keys.generate(UUID(own["tenant_id"])), f"clin_{MARKER}"):
        await ask("GET", "/cases", status=401, X_API_Key=bad)

    backwards = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-01T09:00:00Z"}
    await ask("POST", "/cases", {"title": "x", "period": backwards}, status=422)
    no_composition = {"resourceType": "Bundle", "type": "document", "entry": [{"resource": {"resourceType": "Basic"}}]}
    await ask("POST", "/fhir/Bundle/preview", no_composition, status=422)
    with database.as_owner() as owner:
        owner.execute(
            "INSERT INTO usage_watermarks (tenant_id, closed_before, pruned_before)"
            " VALUES (%s, '2020-01-02', '2020-01-02')"
            " ON CONFLICT (tenant_id) DO UPDATE SET pruned_before = EXCLUDED.pruned_before",
            [own["tenant_id"]],
        )
    removed = "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z"
    await ask("GET", f"/admin/usage/timeseries?{removed}&bucket=hour", status=422)
    await ask("GET", f"/admin/usage/outcomes?{removed}", status=422)
    await ask("GET", f"/admin/usage/events.ndjson?{removed}", status=422)

    value = str(uuid4())
    with database.as_owner() as owner, owner.transaction(force_rollback=True):
        owner.execute(
            "INSERT INTO idempotency_keys (tenant_id, lineage_id, value_sha256, fingerprint)"
            " SELECT tenant_id, coalesce(lineage_id, id), %s, %s FROM api_keys WHERE id = %s",
            [hashlib.sha256(value.encode()).hexdigest(), "0" * 64, own["key_id"]],
        )
        of_subject = {"identifier": CONSULTATION["subject"]["identifiers"][0]}
        await ask("POST", "/admin/subjects/erase", of_subject, status=409, Idempotency_Key=value)

    with database.as_owner() as owner, owner.transaction():
        owner.execute("SELECT FROM cases WHERE id = %s FOR UPDATE", [empty.rpartition("/")[2]])
        await ask("PATCH", empty, {"plan": "Rest."}, status=503, If_Match="*")


async def repeated(caller: MarkingCaller) -> None:
    """Each write twice with the same `Idempotency-Key`, and another request with it."""
    ask = caller.ask
    for operation in WRITES:
        draft, signed = [(await ask("POST", "/cases", CONSULTATION, status=201)).json()["id"] for _ in range(2)]
        await ask("POST", f"/cases/{signed}/finalize", SIGNING, If_Match="*")
        key = (await ask("POST", "/admin/api-keys", {"label": "other"}, status=201)).json()
        request = request_to(operation, {"case_id": draft, SIGNED: signed, "key_id": key["id"]})
        body = request.get("json")
        given = {"If_Match": "*", "Idempotency_Key": f"{MARKER}-{uuid4()}"}
        if operation.id == "rotate_api_key":
            given["X_API_Key"] = key["api_key"]
            body = {"grace_seconds": 60}
        first = await caller.request(operation.method, request["url"], body, **given)
        again = await caller.request(operation.method, request["url"], body, **given)
        has_secret = operation.definition.get("x-answer-has-secret")
        assert (first.is_success, again.status_code) == (True, 409 if has_secret else first.status_code), operation.id
        await ask(operation.method, request["url"], body, status=422, **given | {"If_Match": '"7"'})
        if operation.id == "erase_subject":
            await ask(operation.method, request["url"], body)
            await ask(operation.method, request["url"], body, status=409, **given)


def replacements(body: Any, new: str) -> Iterator[Any]:
    """Copies of the body, each with one of its texts replaced."""
    if isinstance(body, dict):
        for name, inner in body.items():
            yield from (body | {name: changed} for changed in replacements(inner, new))
    elif isinstance(body, list):
        for place, inner in enumerate(body):
            yield from ([*body[:place], changed, *body[place + 1 :]] for changed in replacements(inner, new))
    elif isinstance(body, str):
        yield new


async def spoilt(caller: MarkingCaller) -> None:
    """Values that PostgreSQL or their encoding would reject, in each kind of text and in each filter."""
    names = ("title", "subject", "plan", "tags")
    fields = {name: CONSULTATION[name] for name in names} | {"external_id": uuid4().hex, "metadata": {"ward": "4"}}
    for new in (f"{MARKER}\0", f"{MARKER}\ud800", f"\U0010ffff{MARKER}\uffff", f"{{{MARKER}\\u0000"):
        for body in (*replacements(fields, new), fields | {"metadata": {new: "4"}}):
            assert (await caller.request("POST", "/cases", body)).status_code in (201, 400, 409)
    for name in ("external_id", "subject", "tag", "type", "status", "created_since", "cursor"):
        for value in (MARKER, f"{MARKER}%00", f"{MARKER}%ED%A0%80", f"http://{MARKER}|{MARKER}", f"'{MARKER}\\"):
            assert (await caller.request("GET", f"/cases?{name}={value}")).status_code in (200, 400)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[embedded.Embedded]:
    """A PostgreSQL that logs as much as possible."""
    with embedded.start(folder / "logging", options=LOGS_ALL | {"fsync": "off"}) as server:
        yield server
        server.close(wait=20)


@pytest.fixture(scope="module", params=["owner", "clincore_app"])
def served(
    server: embedded.Embedded, folder: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[MarkingCaller, str]]:
    """A caller after all its requests to a service with this login, and PostgreSQL's log during them."""
    log = server.data_dir / "postgresql.log"
    begin = log.stat().st_size
    with make_database(server.superuser_url) as database:
        assert run("alembic", "upgrade", "head", DATABASE_URL=database.url).returncode == 0
        logins = {}
        if request.param == "clincore_app":
            app = make_url(database.url).set(username=request.param, password=None)
            logins = {"DATABASE_URL": app.render_as_string(), "MIGRATION_DATABASE_URL": database.url}
        with serve(database, folder, **logins) as service:
            caller = asyncio.run(send_all(service.url, database))
    yield caller, log.read_bytes()[begin:].decode()


async def send_all(url: str, database: Database) -> MarkingCaller:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        public = MarkingCaller(client, "")
        tenant = await public.ask("POST", "/bootstrap", {"tenant_name": uuid4().hex, "role": "admin"}, status=201)
        caller = MarkingCaller(client, tenant.json()["api_key"])
        with database.as_owner() as owner:
            owner.execute("UPDATE tenants SET billing_status = 'paid' WHERE id = %s", [tenant.json()["tenant_id"]])
        await tour(caller)
        await refused(caller, database)
        await repeated(caller)
        await spoilt(caller)
        return caller


def lines_with(log: str, secrets: set[str]) -> list[str]:
    return [line[:500] for line in log.splitlines() if any(secret.lower() in line.lower() for secret in secrets)]


def test_the_log_contains_no_clinical_text_and_no_names(served: tuple[MarkingCaller, str]) -> None:
    caller, log = served

    assert caller.marked >= FREE_TEXT
    assert lines_with(log, {MARKER}) == []


def test_the_log_contains_no_key_and_no_hash_of_one(served: tuple[MarkingCaller, str]) -> None:
    caller, log = served
    # Only the last part of a key is secret. The part before it is the tenant's id.
    secrets = {key.rpartition("_")[2] for key in caller.keys if keys.tenant_of(key)}
    hashes = {hashlib.sha256(key.encode()).hexdigest() for key in caller.keys}

    assert len(secrets) > 5
    assert lines_with(log, secrets | hashes) == []


def test_no_error_in_the_log_quotes_a_value(served: tuple[MarkingCaller, str]) -> None:
    _, log = served

    # 55P03 is a lock timeout, 23505 are concurrent requests for one external_id. Errors of class 22 quote the invalid
    # value, whatever the settings are. Errors of constraints quote the row, except under row-level security.
    assert {"55P03"} <= set(re.findall(r"(?:ERROR|FATAL|PANIC):  (\w{5}):", log)) <= {"55P03", "23505"}
    assert re.findall(r"DETAIL:  (?:Key|Failing row).*", log) == []


def test_the_log_contains_the_statements(served: tuple[MarkingCaller, str]) -> None:
    """The log that the other tests search really contains the statements."""
    _, log = served

    for part in (
        "SELECT cases.id",
        "INSERT INTO cases",
        "UPDATE cases",
        "FROM admit_batch(",
        "INSERT INTO case_disclosures",
    ):
        assert re.search(rf"LOG:  .*{re.escape(part)}", log), part
    assert re.search(r"LOG:  .*duration: \S+ ms  bind", log)
    assert re.search(r"\n.*STATEMENT:  SELECT cases\.id", log)


def test_every_status_that_depends_on_stored_data_was_returned(served: tuple[MarkingCaller, str]) -> None:
    caller, _ = served
    # An operation that documents no 503 does not use the database.
    stored = [one for one in CONTRACT.operations if 503 in one.statuses]
    documented = {(one.id, status) for one in stored for status in one.statuses & STATUSES}

    assert documented - caller.answers == set()
