"""`clincore import` against the real service: whose cases, once each, and a line for everything that is not kept."""

import gzip
import json
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from uuid import uuid4

import httpx
import psutil
import pytest

from support.commands import run, start
from support.fhir_in import BASE, PATIENT, SUBJECT, Json, bundle, condition, observation
from support.paths import make_folder
from support.service import Service, free_port
from support.tenants import Tenant
from support.waiting import eventually

VISIT: Json = {
    "resourceType": "Encounter",
    "id": "visit",
    "status": "finished",
    "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
    "subject": SUBJECT,
}
AT_VISIT = {"encounter": {"reference": "Encounter/visit"}}
ONE_PATIENT = (PATIENT, VISIT, condition(**AT_VISIT), observation())


def write(file: Path, value: Any) -> Path:
    file.write_text(json.dumps(value))
    return file


def write_lines(file: Path, *resources: Json) -> Path:
    content = "".join(f"{json.dumps(one)}\n" for one in resources).encode()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file


def collection(base: str, *resources: Json, kind: str = "collection") -> Json:
    entries = [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def letter() -> Json:
    identifier = {"system": "urn:ietf:rfc3986", "value": f"urn:uuid:{uuid4()}"}
    return bundle(condition(), identifier=identifier)


class Import:
    """The command with the key of one tenant."""

    def __init__(self, service: Service, tenant: Tenant, folder: Path, client: httpx.Client) -> None:
        self.folder = folder
        self._client = client
        self._tenant = tenant
        self.options = ("--url", service.url)
        self.variables = {"CLINCORE_API_KEY": tenant.api_key}

    def __call__(self, *arguments: str | Path, code: int = 0, source: str | None = "ward") -> Json:
        """Run it. Returns the report."""
        report = self.folder / f"{uuid4()}.report"
        named = ("--source", source) if source else ()
        given = (*map(str, arguments), *self.options, *named, "--report", str(report))
        ended = run("clincore", "import", *given, **self.variables)
        assert ended.returncode == code, ended.stderr
        assert "Traceback" not in ended.stderr
        made: Json = json.loads(report.read_text())
        made["stdout"], made["stderr"] = ended.stdout, ended.stderr
        return made

    def cases(self) -> list[Json]:
        items: list[Json] = []
        query = "?limit=100"
        while True:
            page = self._client.get(f"/cases{query}", headers=self._tenant.key).json()
            items += page["items"]
            if not page.get("next_cursor"):
                return items
            query = f"?limit=100&cursor={page['next_cursor']}"

    def case(self, external_id: str) -> Json:
        (found,) = [one for one in self.cases() if one["external_id"] == external_id]
        shown: Json = self._client.get(f"/cases/{found['id']}", headers=self._tenant.key).json()
        return shown

    def external_ids(self) -> list[str]:
        return sorted(case["external_id"] for case in self.cases())


@pytest.fixture
def imported(service: Service, tenant: Tenant, client: httpx.Client) -> Iterator[Import]:
    with make_folder() as folder:
        yield Import(service, tenant, folder, client)


def outcomes(report: Json) -> Counter[str]:
    return Counter(row["outcome"] for row in report["resources"])


def case_outcomes(report: Json) -> Counter[str]:
    return Counter(case["outcome"] for case in report["cases"])


def refusals(report: Json) -> dict[str, str]:
    """Reasons by the end of the file's name."""
    return {Path(row["file"]).name: row["reason"] for row in report["resources"] if row["outcome"] == "refused"}


def test_bad_files_stop_nothing_and_are_named(imported: Import) -> None:
    folder = imported.folder
    write(folder / "good.json", letter())
    (folder / "cut.json").write_text('{"resourceType": "Bundle", "type": ')
    (folder / "cut.ndjson.gz").write_bytes(gzip.compress(b'{"resourceType"' * 500)[:-12])
    (folder / "page.xml").write_text('<Bundle xmlns="http://hl7.org/fhir"/>')
    (folder / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (folder / "list.json").write_text("[]")
    (folder / "notes.txt").write_text("{}")
    write(folder / "stu3.json", condition(clinicalStatus="active"))
    write(folder / "dstu2.json", condition(dateRecorded="2012-01-01"))
    write(folder / "r5.json", collection("https://a.example", VISIT | {"class": [{}]}))
    write_lines(folder / "lines.ndjson", PATIENT, condition(), condition(id="2", subject={"reference": "Patient/no"}))

    report = imported(folder, code=1)

    assert case_outcomes(report) == {"created": 2}
    said = refusals(report)
    assert said.keys() == {
        *("cut.json", "cut.ndjson.gz", "page.xml", "bytes.json", "list.json", "stu3.json", "dstu2.json", "r5.json"),
        "lines.ndjson",
    }
    assert "cut off" in said["cut.ndjson.gz"] and "XML" in said["page.xml"]
    for name, version in (("stu3.json", "STU3"), ("dstu2.json", "DSTU2"), ("r5.json", "R5")):
        assert f"This is FHIR {version}." in said[name]
    (orphan,) = [row for row in report["resources"] if row["resource"] == "Condition/2"]
    assert (orphan["path"], orphan["outcome"]) == ("line 3", "refused")
    *_, reason, place = report["stderr"].splitlines()
    assert reason == "      1  Condition: subject: it refers to no Patient that is here"
    assert place == f"         {folder / 'lines.ndjson'}: line 3"
    assert "cases created" in report["stdout"]
    assert re.search("files of other types, not read +1\n", report["stdout"])


def test_whole_files_and_then_what_was_refused_most_often_are_said_first(imported: Import) -> None:
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": {"reference": "Patient/ada"}}
    few = condition(id="2", subject={"reference": "Patient/no"})
    write_lines(imported.folder / "lines.ndjson", PATIENT, condition(), few, *(plan | {"id": str(n)} for n in range(3)))
    (imported.folder / "page.xml").write_text("<Bundle/>")

    report = imported(imported.folder, code=1)

    folder = imported.folder
    assert report["stderr"].splitlines() == [
        "Refused:",
        "      1  This is XML. Send FHIR as JSON.",
        f"         {folder / 'page.xml'}",
        "      3  CarePlan: a case has no place for it",
        f"         first in {folder / 'lines.ndjson'}: line 4",
        "      1  Condition: subject: it refers to no Patient that is here",
        f"         {folder / 'lines.ndjson'}: line 3",
    ]


def test_a_second_run_creates_nothing(imported: Import) -> None:
    write(imported.folder / "letter.json", letter())
    write(imported.folder / "plain.json", {**letter(), "identifier": None})
    write(imported.folder / "ward.json", collection("https://a.example", *ONE_PATIENT))
    first = imported(imported.folder)
    before = imported.cases()

    second = imported(imported.folder)

    assert case_outcomes(first) == {"created": 4}
    assert case_outcomes(second) == {"existing": 4}
    assert outcomes(second) == {"existing": len(first["resources"])}
    ids = {case["id"] for case in before}
    reasons = {row["reason"].removesuffix(" exists, and was not changed") for row in second["resources"]}
    assert reasons <= {"a case with this external_id", *(f"the case {one}" for one in ids)}
    assert imported.cases() == before


def test_another_source_with_the_same_encounter_gets_its_own_cases(imported: Import) -> None:
    file = write_lines(imported.folder / "all.ndjson", *ONE_PATIENT)
    imported(file, source="ward")

    imported(file, source="lab")

    assert imported.external_ids() == [
        "lab:Encounter/visit",
        "lab:Patient/ada",
        "ward:Encounter/visit",
        "ward:Patient/ada",
    ]


def test_patients_with_one_id_on_two_servers_are_kept_apart(imported: Import) -> None:
    other = PATIENT | {"identifier": [{"system": "urn:oid:1.2.36", "value": "9999"}]}
    write(imported.folder / "a.json", collection("https://a.example", *ONE_PATIENT))
    write(imported.folder / "b.json", collection("https://b.example", other, *ONE_PATIENT[1:], kind="searchset"))

    report = imported(imported.folder)

    assert case_outcomes(report) == {"created": 4}
    for base, value in (("https://a.example", "4711"), ("https://b.example", "9999")):
        assert imported.case(f"ward:{base}/Patient/ada")["subject"]["identifiers"][0]["value"] == value


def test_two_resources_with_one_identity_are_refused_unless_they_are_the_same(imported: Import) -> None:
    write(imported.folder / "1.json", collection("https://a.example", *ONE_PATIENT, kind="searchset"))
    write(imported.folder / "2.json", collection("https://a.example", PATIENT, condition(id="2"), kind="searchset"))
    same = imported(imported.folder, "--dry-run")
    write(imported.folder / "2.json", collection("https://a.example", PATIENT | {"gender": "male"}, kind="searchset"))

    different = imported(imported.folder, "--dry-run", code=1)

    assert case_outcomes(same) == {"created": 2}
    (again,) = [row for row in same["resources"] if str(row["reason"]).startswith("the same as")]
    assert (Path(again["file"]).name, again["resource"], again["outcome"]) == ("2.json", "Patient/ada", "kept")
    assert case_outcomes(different) == {}
    assert "claims the same identity" in str(refusals(different))


def test_one_identifier_for_two_documents_is_refused_unless_they_are_the_same(imported: Import) -> None:
    one = letter()
    write(imported.folder / "1.json", one)
    write(imported.folder / "2.json", one)
    write(imported.folder / "3.json", {**one, "timestamp": "2026-03-03T10:00:00Z"})

    report = imported(imported.folder, source=None, code=1)

    assert case_outcomes(report) == {"created": 1}
    assert outcomes(report)["existing"] == 1
    assert set(refusals(report)) == {"3.json"}


def test_a_dry_run_sends_nothing_and_reports_the_same(imported: Import) -> None:
    write(imported.folder / "letter.json", letter())
    relative = letter()
    for one in relative["entry"]:
        one["fullUrl"] = one["fullUrl"].removeprefix(f"{BASE}/")
    write(imported.folder / "relative.json", relative)
    write(imported.folder / "base.json", letter() | {"base": "https://dstu2.example"})
    write(imported.folder / "empty.json", bundle(composition={"status": "entered-in-error"}))
    write(imported.folder / "ward.json", collection("https://a.example", *ONE_PATIENT, kind="transaction"))
    write_lines(imported.folder / "CarePlan.ndjson", {"resourceType": "CarePlan", "id": "1", "subject": SUBJECT})

    dry = imported(imported.folder, "--dry-run", code=1)
    assert imported.cases() == []
    real = imported(imported.folder, code=1)

    assert case_outcomes(real) == {"created": 4, "refused": 2}
    assert refusals(real)["base.json"] == "the service does not take the document: /base is not a known property"
    for name in ("resources", "cases", "counts", "files"):
        assert dry[name] == real[name]


def test_a_relative_reference_beside_a_uuid_is_refused_for_that_reason(imported: Import) -> None:
    entries = [{"fullUrl": f"urn:uuid:{uuid4()}", "resource": one} for one in (PATIENT, condition())]
    write(imported.folder / "uuid.json", {"resourceType": "Bundle", "type": "collection", "entry": entries})

    assert "has no meaning" in str(refusals(imported(imported.folder, "--dry-run", code=1)))


def many(folder: Path, patients: int) -> list[str]:
    """Files of Bulk Data, one for each type; the ids of the cases."""
    numbers = range(patients)
    write_lines(folder / "Patient.ndjson", *(PATIENT | {"id": f"p{n}"} for n in numbers))
    about = [{"subject": {"reference": f"Patient/p{n}"}} for n in numbers]
    visits = [VISIT | {"id": f"e{n}"} | about[n] for n in numbers]
    write_lines(folder / "Encounter.ndjson.gz", *visits)
    at = [about[n] | {"encounter": {"reference": f"Encounter/e{n}"}} for n in numbers]
    write_lines(folder / "Observation.ndjson", *(observation(id=f"o{n}", **at[n]) for n in reversed(numbers)))
    return sorted(f"ward:Encounter/e{n}" for n in numbers)


def test_a_folder_of_bulk_data_is_brought_together_by_several_processes(imported: Import) -> None:
    expected = many(imported.folder, 31)
    write(imported.folder / "log.json", {"transactionTime": "2026-03-02T10:00:00Z", "output": []})

    report = imported(imported.folder, "--jobs", "4")

    assert imported.external_ids() == expected
    assert outcomes(report)["kept"] == 93
    assert [row["path"] for row in report["resources"] if row["resource"] == "Observation/o0"] == ["line 31"]


def runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGKILL, "2"), (signal.SIGINT, "1")])
def test_a_run_that_was_stopped_continues_when_it_is_run_again(
    imported: Import, client: httpx.Client, tenant: Tenant, number: int, jobs: str
) -> None:
    expected = many(imported.folder, 31)
    # With this key the command waits after its first ten requests, so it cannot be done before it is stopped.
    slow = client.post("/admin/api-keys", json={"label": "slow", "rate_limit_per_minute": 10}, headers=tenant.key)
    variables = {"CLINCORE_API_KEY": slow.json()["api_key"], "TMPDIR": str(imported.folder)}
    output = imported.folder / "output"
    with output.open("wb") as file:
        command = ("clincore", "import", str(imported.folder), "--source", "ward", "--jobs", jobs, *imported.options)
        process = start(command, stdout=file, stderr=file, **variables)
        eventually(imported.cases)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        assert process.wait(30) in (-signal.SIGKILL, 130), output.read_text()
    eventually(lambda: not any(map(runs, workers)))
    assert len(imported.cases()) < len(expected)
    assert bool(list(imported.folder.glob("clincore-import-*"))) == (number == signal.SIGKILL)

    report = imported(imported.folder / "Patient.ndjson", *imported.folder.glob("[EO]*.ndjson*"))

    assert imported.external_ids() == expected
    assert set(case_outcomes(report)) == {"created", "existing"}


@pytest.mark.parametrize(
    ("arguments", "key", "said"),
    [
        pytest.param(("{folder}/none",), "k", "does not exist", id="no-file"),
        pytest.param(("{folder}/ward.json",), "", "CLINCORE_API_KEY", id="no-key"),
        pytest.param(("{folder}/ward.json", "--source", "w:x"), "k", "--source", id="source"),
        pytest.param(("{folder}/ward.json", "--url", "clinic"), "k", "--url", id="no-url"),
        pytest.param(("{folder}/ward.json", "--source", "w"), "wrong", "401", id="wrong-key"),
        pytest.param(("{folder}/ward.json", "--dry-run"), "", "--source NAME", id="source-is-never-guessed"),
        pytest.param(("{folder}/ward.json", "--key-env", "NO_KEY"), "k", "NO_KEY", id="other-variable"),
        pytest.param(("{folder}/ward.json", "--jobs", "0"), "k", "--jobs", id="jobs"),
    ],
)
def test_wrong_use_is_exit_code_2_and_one_line(
    imported: Import, arguments: tuple[str, ...], key: str, said: str
) -> None:
    write(imported.folder / "ward.json", collection("https://a.example", *ONE_PATIENT))
    url = () if "--url" in arguments else imported.options
    given = [argument.format(folder=imported.folder) for argument in arguments]

    ended = run("clincore", "import", *given, *url, CLINCORE_API_KEY=key)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert imported.cases() == []


def test_a_service_that_cannot_be_reached_is_said_at_once(imported: Import) -> None:
    file = write(imported.folder / "letter.json", letter())
    url = f"http://127.0.0.1:{free_port()}"

    ended = run("clincore", "import", str(file), "--url", url, CLINCORE_API_KEY="k")

    assert ended.returncode == 2
    assert "cannot be reached" in ended.stderr


LIMITED = 12


class Unreliable(BaseHTTPRequestHandler):
    """Accepts keys, and creates a case after a key's limit and a lost answer."""

    attempts: ClassVar[list[tuple[str | None, bytes]]] = []

    def do_GET(self) -> None:
        self._answer(200, {"tenant_id": "1"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.attempts.append((self.headers["Idempotency-Key"], content))
        if len(self.attempts) <= LIMITED:
            self._answer(429, {}, Retry_After="0")
        elif len(self.attempts) == LIMITED + 1:
            # The answer is lost.
            self.close_connection = True
        else:
            self._answer(201, {})

    def _answer(self, status: int, body: Json, **headers: str) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *_: object) -> None:
        pass


def test_a_request_without_an_answer_is_repeated_with_the_same_idempotency_key() -> None:
    Unreliable.attempts.clear()
    with make_folder() as folder, HTTPServer(("127.0.0.1", 0), Unreliable) as server:
        file = write_lines(folder / "all.ndjson", PATIENT, condition())
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            ended = run("clincore", "import", str(file), "--url", url, "--source", "ward", CLINCORE_API_KEY="k")
        finally:
            server.shutdown()
            thread.join()

    assert ended.returncode == 0, ended.stderr
    assert len(Unreliable.attempts) == LIMITED + 2
    assert len(set(Unreliable.attempts)) == 1 and Unreliable.attempts[0][0]


def test_the_help_fits_80_columns_and_has_an_example() -> None:
    ended = run("clincore", "import", "--help", COLUMNS="80", NO_COLOR="1")

    assert "Examples:\n    clincore import" in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 80
    assert "\x1b" not in ended.stdout


def test_a_tenant_over_its_limit_stops_the_import_and_the_rest_is_reported(
    imported: Import, tenant: Tenant, log_calls: Callable[[Tenant, int], None]
) -> None:
    write(imported.folder / "ward.json", collection("https://a.example", *ONE_PATIENT))
    log_calls(tenant, 1100)

    report = imported(imported.folder, code=1)

    assert "402" in report["stderr"]
    assert {row["reason"] for row in report["resources"]} == {"not sent: the import ended early"}
