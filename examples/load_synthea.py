"""Load FHIR R4 Bundles, as Synthea writes them, as cases: `python examples/load_synthea.py FOLDER`.

Each Encounter becomes one case with its Conditions, Observations and MedicationRequests. An AllergyIntolerance without
an encounter goes to the patient's earliest encounter, so each allergy is in exactly one case. `external_id` is
`synthea-<Encounter.id>`, so a second run creates nothing. When a field holds one coding, further codings go into the
entry's note. The final table counts the resources that a case cannot hold. Every file is read before anything is sent.
Exit code 1: the service refused a case; 2: the folder, a file or an option cannot be used.
"""

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

Json = dict[str, Any]

ENTRIES_MAX = {"conditions": 50, "observations": 200, "medications": 100, "allergies": 50}
BODY_BYTES_MAX = 256 * 1024
ATTEMPTS = 6
HINTS = {
    400: "Correct the file or this example.",
    401: "Set CLINCORE_API_KEY to a live key of your tenant.",
    402: "The operator's SQL for it: UPDATE cases SET billing_status = 'paid' WHERE tenant_id = '{tenant_id}';",
}
WAIT_SECONDS_MAX = 60.0

SYNTHEA = "https://github.com/synthetichealth/synthea"
CLASSES = {"AMB": "ambulatory", "EMER": "emergency", "HH": "home", "IMP": "inpatient", "VR": "virtual"}
# A MedicationRequest is an order, but a case states what was taken: a cancelled order was not, a draft one is intended.
MEDICATION_STATUS = {"cancelled": "not_taken", "draft": "intended"}
# Resources that become subject, author, metadata and medication code.
CARRIED_ELSEWHERE = {"Encounter", "Patient", "Practitioner", "Organization", "Medication"}


class Unusable(Exception):
    """The folder, a file or an encounter cannot be turned into cases."""


class Refused(Exception):
    """The service refuses the cases, and the next ones would be refused too."""


def parse(content: bytes) -> Any:
    """Read JSON and keep the digits of its numbers."""
    return json.loads(content, parse_float=Decimal)


def plain(number: Decimal | int) -> str:
    """A number without exponent and with the digits of the source: `37.20` stays `37.20`."""
    return format(Decimal(number), "f")


def keep(**fields: Any) -> Json:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def snake(code: str | None) -> str | None:
    return code and code.replace("-", "_")


def codings(concepts: Any) -> list[Json]:
    """Each coding of one CodeableConcept or several, once."""
    found: list[Json] = []
    for concept in listed(concepts):
        for coding in concept.get("coding", []):
            display = coding.get("display") or concept.get("text")
            entry = keep(system=coding["system"], code=coding["code"], display=display)
            found += [] if entry in found else [entry]
    return found


def words(concepts: Any) -> str:
    """The text of one CodeableConcept or several, for people."""
    return "; ".join(
        concept.get("text") or ", ".join(coding.get("display") or coding["code"] for coding in concept["coding"])
        for concept in listed(concepts)
    )


def first(field: str, concepts: Any, notes: list[str]) -> Json | None:
    """The first coding; the others, and texts without a coding, are added to `notes`."""
    found = codings(concepts)
    notes += [f"Also {field}: {other.get('display', '')} ({other['system']}|{other['code']})" for other in found[1:]]
    notes += [f"{field}: {words(concept)}" for concept in listed(concepts) if not concept.get("coding")]
    return found[0] if found else None


def status(concept: Json | None) -> str | None:
    return snake(codings(concept)[0]["code"]) if concept else None


def measured(resource: Json, notes: list[str]) -> Json:
    """The value of an Observation or of one of its components."""
    kind = next((key for key in resource if key.startswith("value")), None)
    value: Any = resource.get(kind) if kind else None
    match kind:
        case None:
            return {}
        case "valueQuantity" if value.get("comparator") or (value.get("unit") and not value.get("code")):
            # `<5 mg/dL` must not become `5 mg/dL`, and a unit that is not UCUM must not become a UCUM code.
            unit = value.get("unit") or value.get("code", "")
            return {"value_string": f"{value.get('comparator', '')}{plain(value['value'])} {unit}".strip()}
        case "valueQuantity":
            unit, code = value.get("unit"), value.get("code", "1")
            return {"value_quantity": keep(value=plain(value["value"]), unit=unit, code=code)}
        case "valueCodeableConcept" if value.get("coding"):
            return {"value_coding": first("value", value, notes)}
        case "valueCodeableConcept":
            return {"value_string": words(value)}
        case "valueString":
            return {"value_string": value}
    raise Unusable(f"{kind} does not fit into a case")


def condition(resource: Json, notes: list[str]) -> Json:
    return keep(
        code=first("code", resource["code"], notes),
        clinical_status=status(resource.get("clinicalStatus")),
        verification_status=status(resource.get("verificationStatus")),
        onset=resource.get("onsetDateTime"),
        abatement=resource.get("abatementDateTime"),
    )


def observation(resource: Json, notes: list[str]) -> Json:
    parts = resource.get("component", [])
    return keep(
        code=first("code", resource["code"], notes),
        status=snake(resource["status"]),
        category=first("category", resource.get("category"), notes),
        effective=resource.get("effectiveDateTime"),
        **measured(resource, notes),
        interpretation=first("interpretation", resource.get("interpretation"), notes),
        components=[keep(code=first("code", part["code"], notes), **measured(part, notes)) for part in parts],
    )


def allergy(resource: Json, notes: list[str]) -> Json:
    categories = [snake(category) for category in resource.get("category", [])]
    notes += [f"Also category: {category}" for category in categories[1:]]
    return condition(resource, notes) | keep(
        type=snake(resource.get("type")),
        category=next(iter(categories), None),
        criticality=snake(resource.get("criticality")),
        reaction="; ".join(
            words(reaction["manifestation"]) + (f" ({reaction['severity']})" if "severity" in reaction else "")
            for reaction in resource.get("reaction", [])
        ),
    )


def dosage(instruction: Json) -> str:
    """A dosage in words; Synthea writes a structure without a text."""
    structure = {key: value for key, value in instruction.items() if key not in {"sequence", "asNeededBoolean"}}
    needed = "as needed" if instruction.get("asNeededBoolean") else ""
    rest = json.dumps(structure, default=str) if structure else ""
    return str(instruction.get("text") or ", ".join(filter(None, (needed, rest))))


def person(resource: Json) -> str:
    names = sorted(resource.get("name", []), key=lambda name: name.get("use") != "official")
    name = names[0] if names else {}
    parts = [*name.get("prefix", []), *name.get("given", []), name.get("family", ""), *name.get("suffix", [])]
    return name.get("text") or " ".join(filter(None, parts))


def identifier(resource: Json) -> Json | None:
    """Synthea's own identifier, else the first one."""
    known = [keep(system=i["system"], value=i["value"]) for i in resource.get("identifier", []) if "system" in i]
    return next((i for i in known if i["system"] == SYNTHEA), next(iter(known), None))


def encode(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def check_limits(body: Json) -> None:
    """Check that the encounter fits into a case and a request.

    Raises:
        Unusable: it does not.
    """
    for field, most in ENTRIES_MAX.items():
        if (count := len(body.get(field, []))) > most:
            raise Unusable(f"{count} {field}, but a case holds at most {most}")
    if (size := len(encode(body))) > BODY_BYTES_MAX:
        raise Unusable(f"{size} bytes, but a request has at most {BODY_BYTES_MAX}")


class Bundle:
    """The resources of one file and the references between them."""

    def __init__(self, document: Any, file: str) -> None:
        if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
            raise Unusable(f"{file} is not a FHIR Bundle")
        entries = [entry for entry in document.get("entry", []) if "resource" in entry]
        self.file = file
        self.resources: list[Json] = [entry["resource"] for entry in entries]
        self._by_reference = {f"{r['resourceType']}/{r.get('id')}": r for r in self.resources}
        self._by_reference |= {entry["fullUrl"]: entry["resource"] for entry in entries if "fullUrl" in entry}
        self._converters = {
            "Condition": ("conditions", condition),
            "Observation": ("observations", observation),
            "MedicationRequest": ("medications", self._medication),
            "AllergyIntolerance": ("allergies", allergy),
        }

    def cases(self) -> list[Json]:
        """Each encounter as the body of a case.

        Raises:
            Unusable: a part of an encounter would be left out.
        """
        encounters = [resource for resource in self.resources if resource["resourceType"] == "Encounter"]
        parts: dict[str, list[Json]] = {encounter["id"]: [] for encounter in encounters}
        for resource in (r for r in self.resources if r["resourceType"] in self._converters):
            home = self._resolve(resource.get("encounter"))
            if resource["resourceType"] == "AllergyIntolerance" and not home:
                patient = self._resolve(resource["patient"])
                theirs = (e for e in encounters if self._resolve(e["subject"]) is patient)
                home = min(theirs, key=lambda e: datetime.fromisoformat(e["period"]["start"]), default={})
            if home.get("id") not in parts:
                raise Unusable(f"{self.file}: {resource['resourceType']} {resource.get('id')} belongs to no encounter")
            parts[home["id"]].append(resource)
        return [self._case(encounter, parts[encounter["id"]]) for encounter in encounters]

    def left_out(self) -> Counter[str]:
        """How many resources of each type a case cannot hold."""
        kinds = Counter(resource["resourceType"] for resource in self.resources)
        return Counter({k: n for k, n in kinds.items() if k not in CARRIED_ELSEWHERE and k not in self._converters})

    def _resolve(self, reference: Json | None) -> Json:
        return self._by_reference.get((reference or {}).get("reference", ""), {})

    def _medication(self, resource: Json, notes: list[str]) -> Json:
        referred = self._resolve(resource.get("medicationReference"))
        known = [self._resolve(r).get("code") or {"text": str(r)} for r in resource.get("reasonReference", [])]
        return keep(
            medication=first("medication", resource.get("medicationCodeableConcept") or referred["code"], notes),
            status=MEDICATION_STATUS.get(resource["status"]) or snake(resource["status"]),
            effective=keep(start=resource.get("authoredOn")),
            dosage="; ".join(filter(None, map(dosage, resource.get("dosageInstruction", [])))),
            reason=first("reason", [*resource.get("reasonCode", []), *known], notes),
        )

    def _author(self, encounter: Json, provider: str | None) -> Json:
        for participant in encounter.get("participant", []):
            practitioner = self._resolve(participant.get("individual"))
            if name := person(practitioner) or participant.get("individual", {}).get("display"):
                return keep(name=name, identifier=identifier(practitioner))
        return keep(name=provider)

    def _case(self, encounter: Json, resources: list[Json]) -> Json:
        patient = self._resolve(encounter["subject"])
        where = encounter.get("serviceProvider", {})
        provider = self._resolve(where).get("name") or where.get("display")
        kind, act = codings(encounter["type"]), encounter["class"]["code"]
        entries: dict[str, list[Json]] = {}
        try:
            for resource in resources:
                field, convert = self._converters[resource["resourceType"]]
                notes = [note["text"] for note in resource.get("note", [])]
                entry = convert(resource, notes)
                entries.setdefault(field, []).append(entry | keep(note="\n".join(notes)))
            body = keep(
                external_id=f"synthea-{encounter['id']}",
                title=words(encounter["type"]),
                subject=keep(
                    identifier=identifier(patient)
                    or {"system": "urn:ietf:rfc3986", "value": f"urn:uuid:{patient['id']}"},
                    name=person(patient),
                    birth_date=patient.get("birthDate"),
                    gender=patient.get("gender", "unknown"),
                ),
                author=self._author(encounter, provider),
                period=keep(start=encounter["period"]["start"], end=encounter["period"].get("end")),
                reason=words(encounter.get("reasonCode")),
                **entries,
                tags=["synthea", CLASSES.get(act, act)],
                metadata=keep(
                    source_file=self.file,
                    encounter_status=encounter["status"],
                    encounter_type=f"{kind[0]['system']}|{kind[0]['code']}" if kind else None,
                    service_provider=provider,
                    discharge=words(encounter.get("hospitalization", {}).get("dischargeDisposition")),
                ),
            )
            check_limits(body)
        except Unusable as error:
            raise Unusable(f"{self.file}: encounter {encounter['id']}: {error}") from error
        return body


def read(folder: Path) -> tuple[list[Json], Counter[str]]:
    """The cases of every Bundle in a folder, and how many resources of each type a case cannot hold.

    Raises:
        Unusable: a file cannot be read, or none has an encounter.
    """
    cases, left_out = list[Json](), Counter[str]()
    for file in sorted(folder.glob("*.json")):
        try:
            bundle = Bundle(parse(file.read_bytes()), file.name)
            cases += bundle.cases()
            left_out += bundle.left_out()
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise Unusable(f"{file.name} is not valid FHIR R4: {error!r}") from error
        except (OSError, ValueError, ArithmeticError, RecursionError) as error:
            raise Unusable(f"{file.name} cannot be read: {error}") from error
    if not cases:
        raise Unusable(f"{folder} has no FHIR Bundle (*.json) with an Encounter")
    return cases, left_out


def ask(client: httpx.Client, stop: Event, method: str, path: str, content: bytes | None = None) -> httpx.Response:
    """Send a request, and repeat it after 503 or a lost connection; `external_id` makes that safe.

    Raises:
        Refused: all attempts failed.
    """
    trouble = ""
    for attempt in range(ATTEMPTS):
        wait = 0.5 * 2**attempt
        try:
            response = client.request(method, path, content=content)
            if response.status_code != 503:
                return response
            trouble, after = "answers 503", response.headers.get("Retry-After", "")
            wait = min(float(after), WAIT_SECONDS_MAX) if after.isdecimal() else wait
        except httpx.TransportError as error:
            trouble = f"cannot be reached ({type(error).__name__})"
        if attempt + 1 == ATTEMPTS or stop.wait(wait):
            break
    raise Refused(f"{client.base_url} {trouble}. Check that it is running, then start again: no case is created twice.")


def whose(client: httpx.Client, stop: Event) -> str:
    """The tenant of the key.

    Raises:
        Refused: the key or the address is wrong.
    """
    response = ask(client, stop, "GET", "auth/whoami")
    if response.status_code == 401:
        raise Refused(f"401: {detail(response)} {HINTS[401]}")
    try:
        return str(response.raise_for_status().json()["tenant_id"])
    except (httpx.HTTPStatusError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{response.url} answers {response.status_code}, but is not ClinCore: check --url") from error


def create(client: httpx.Client, stop: Event, body: Json, tenant_id: str) -> str:
    """Post one case. Returns the outcome.

    Raises:
        Refused: the next cases would be refused too.
    """
    if stop.is_set():
        return "not sent"
    response = ask(client, stop, "POST", "cases", encode(body))
    if outcome := {201: "created", 409: "already there"}.get(response.status_code):
        return outcome
    said = f"{response.status_code}: {body['external_id']} of {body['metadata']['source_file']}: {detail(response)}"
    if hint := HINTS.get(response.status_code):
        raise Refused(f"{said} {hint.format(tenant_id=tenant_id)}")
    return said


def detail(response: httpx.Response) -> str:
    """The detail of a problem document, in one line."""
    try:
        return " ".join(str(response.json()["detail"]).split())
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase


def load(client: httpx.Client, cases: list[Json], workers: int, console: Console) -> tuple[Counter[str], list[str]]:
    """Post the cases. Returns the count of each outcome and of observations sent, and the errors."""
    outcomes, troubles, stop = Counter[str](), list[str](), Event()
    tenant_id = whose(client, stop)
    columns = TextColumn("Cases"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress, ThreadPoolExecutor(workers) as pool:
        bar = progress.add_task("", total=len(cases))
        futures = {pool.submit(create, client, stop, body, tenant_id): body for body in cases}
        try:
            for future in as_completed(futures):
                try:
                    outcome = future.result()
                except Refused as error:
                    # Requests that were already sent fail for the same reason.
                    troubles += [] if stop.is_set() else [str(error)]
                    stop.set()
                    outcome = "not sent"
                if outcome not in {"created", "already there", "not sent"}:
                    troubles.append(outcome)
                    outcome = "failed"
                outcomes[outcome] += 1
                if outcome == "created":
                    outcomes["observations"] += len(futures[future].get("observations", []))
                progress.advance(bar, outcome != "not sent")
        finally:
            # Otherwise Ctrl-C would wait until every case is posted.
            stop.set()
    return outcomes, troubles


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Load FHIR R4 Bundles (Synthea) as cases.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder with *.json")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="the service (default: %(default)s)")
    parser.add_argument("--api-key", help="default: the environment variable CLINCORE_API_KEY, which ps does not show")
    parser.add_argument("--workers", type=int, default=4, choices=range(1, 33), metavar="1-32", help="default: 4")
    options, console, started = parser.parse_args(argv), Console(), time.monotonic()
    try:
        key = (options.api_key or os.environ.get("CLINCORE_API_KEY", "")).strip()
        # httpx would show an invalid header value in its error.
        if not re.fullmatch(r"[!-~]+", key):
            raise Unusable("no valid API key: set CLINCORE_API_KEY or give --api-key")
        if not re.match(r"https?://[^/]", options.url):
            raise Unusable(f"--url {options.url} is not like http://127.0.0.1:8000")
        cases, left_out = read(options.folder)
        headers = {"X-API-Key": key, "Content-Type": "application/json"}
        with httpx.Client(base_url=options.url, headers=headers, timeout=30) as client:
            outcomes, troubles = load(client, cases, options.workers, console)
    except (Unusable, Refused, httpx.InvalidURL) as error:
        print(f"load_synthea: {error}", file=sys.stderr)
        return 1 if isinstance(error, Refused) else 2
    except KeyboardInterrupt:
        print("load_synthea: stopped; start again to load the rest", file=sys.stderr)
        return 130
    table = Table("", "", show_header=False)
    table.add_row("files", str(len({body["metadata"]["source_file"] for body in cases})))
    table.add_row("patients", str(len({body["subject"]["identifier"]["value"] for body in cases})))
    table.add_row("cases created", str(outcomes["created"]))
    for outcome in ("already there", "failed", "not sent"):
        table.add_row(outcome, str(outcomes[outcome]))
    table.add_row("observations sent", str(outcomes["observations"]))
    table.add_row("seconds", f"{time.monotonic() - started:.1f}")
    table.add_row("not loaded", ", ".join(f"{n} {kind}" for kind, n in left_out.most_common()) or "-")
    console.print(table)
    for trouble in troubles[:5]:
        print(f"load_synthea: {trouble}", file=sys.stderr)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
