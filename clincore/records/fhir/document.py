"""A case as a FHIR R4 document Bundle (hl7.org/fhir/R4/documents.html).

Values of a case that R4's invariants forbid are written into the entry's `note` instead: the clinical status of a
condition or allergy that was entered in error (con-5, ait-2), the abatement of a condition that is not inactive, in
remission or resolved (con-4), an observation's second value, the value of an observation that has a component with the
same code (obs-7), and a medication's period that ends before it starts (per-1). The narrative of each section shows
its complete entries.

Left out: `metadata`, which would need custom extensions; `created_by` and `finalized_at`, which describe the service
rather than the case; a case's period that ends before it starts; blank texts, which FHIR forbids.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID, uuid5

import orjson

_Json = dict[str, Any]
_Entry = Mapping[str, Any]

_LOINC = "http://loinc.org"
_UCUM = "http://unitsofmeasure.org"
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

# FHIR has no cancelled Composition, and a discarded draft must not be read as one in progress.
_STATUS = {"draft": "preliminary", "cancelled": "entered_in_error"}
_UNSIGNED = {"draft", "cancelled"}

# hl7.org/fhir/R4/valueset-signature-type.html, with the definitions of ASTM E1762: a Validation Signature is that of a
# physician who accepts another's document into the record; a Verification Signature countersigns an order.
_SIGNATURE_TYPES = {
    "authorship": ("1.2.840.10065.1.12.1.1", "Author's Signature"),
    "approval": ("1.2.840.10065.1.12.1.6", "Validation Signature"),
    "review": ("1.2.840.10065.1.12.1.13", "Review Signature"),
}

# Field, title and LOINC code of each section, in reading order. The codings have no `display`: LOINC's names change
# between releases, and validators reject an old one.
_SECTIONS = (
    ("reason", "Reason for visit", "29299-5"),
    ("history", "History of present illness", "10164-2"),
    ("conditions", "Problem list", "11450-4"),
    ("allergies", "Allergies and intolerances", "48765-2"),
    ("medications", "Medications", "10160-0"),
    ("observations", "Observations", "30954-2"),
    ("assessment", "Assessment", "51848-0"),
    ("plan", "Plan of care", "18776-5"),
)

_XML_FORBIDS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CODE = re.compile(r"\S+(\s\S+)*")
_OFFSET = re.compile(r"(\.[0-9]+)?([+-])([0-9]{2}):([0-9]{2})$", re.ASCII)
_OFFSET_MINUTES_MAX = 14 * 60


def document(case: _Entry, *, identifier_system: str, signatures: Sequence[_Entry]) -> _Json:
    """A document Bundle. Its quantities are `Decimal`, so write it with `as_json`.

    `case`: the contract's `Case`, plus `revision`, the number of the signed revision that it shows, if any. Times are
    `datetime` or RFC 3339. `signatures`: of that revision, in the order of signing, each with `signer` (`name`,
    `identifier`?, `role`?; no `name` once it was erased), `meaning`, `signed_at` and `jws`.

    `identifier_system` is the namespace of the Bundle's identifier: `<case id>/revisions/<n>/<digest>` for a signed
    case, else `<case id>/versions/<n>/<digest>`. The digest covers all other content, so a further signature or an
    erasure gives a new identifier. Other ids derive from the case's id and the place in the case. The same arguments
    give the same bytes. A signed Composition has no `versionId`, which would change with each edit of an amendment.

    Each signer is an attester of the Composition. The first signature is in `Bundle.signature`, which holds at most
    one, each further one in a Provenance of the Composition. They sign ClinCore's canonical JSON of the revision, as
    `targetFormat` states, not this Bundle. A verifier needs the revision's bytes.

    References to a subject or author that the case lacks have a `data-absent-reason`: `masked` when the case is signed,
    because it had one that was erased, else `unknown`.
    """
    entries = _Entries(UUID(str(case["id"])))
    is_signed = bool(signatures) or case["status"] not in _UNSIGNED
    missing = _absent("masked", "Erased") if is_signed else _absent("unknown", "Unknown")
    subject = _subject(case, entries) or missing
    author = case.get("author")
    authors = [entries.add_person("author", author) if author else missing]
    people = {f"signatures/{n}/signer": each["signer"] for n, each in enumerate(signatures)}
    signers = [entries.add_person(place, each) if "name" in each else missing for place, each in people.items()]
    sections = [_section(case, subject, entries, *section) for section in _SECTIONS]
    updated_at, title, revision = _time(case["updated_at"]), _text(case["title"]), case.get("revision")
    version = str(case["version"]) if revision is None else None
    composition = _keep(
        resourceType="Composition",
        id=str(entries.case_id),
        meta=_keep(versionId=version, lastUpdated=updated_at, tag=_tags(case.get("tags") or ())),
        identifier=_keep(value=_text(case.get("external_id"))),
        status=_kebab(_STATUS.get(case["status"], case["status"])),
        type=_concept(case["type"]),
        subject=subject,
        date=updated_at,
        author=authors,
        title=title,
        _title=None if title else _absent("unknown"),
        attester=[
            {"mode": "professional", "time": _time(each["signed_at"]), "party": signer}
            for each, signer in zip(signatures, signers, strict=True)
        ],
        event=[_keep(period=_period(case.get("period")))],
        section=[section for section in sections if section],
    )
    signed = [_signature(each, signer) for each, signer in zip(signatures, signers, strict=True)]
    for number, signature in enumerate(signed[1:], start=1):
        provenance = {
            "resourceType": "Provenance",
            "target": [{"reference": entries.url}],
            "recorded": signature["when"],
            "agent": [{"who": signature["who"]}],
            "signature": [signature],
        }
        entries.add(f"signatures/{number}", provenance)
    content = _keep(
        type="document",
        timestamp=max([updated_at, *(signature["when"] for signature in signed)], key=datetime.fromisoformat),
        entry=[{"fullUrl": entries.url, "resource": composition}, *entries.all],
        signature=next(iter(signed), None),
    )
    state = f"revisions/{revision}" if version is None else f"versions/{version}"
    named = f"{state}/{hashlib.sha256(as_json(content)).hexdigest()[:32]}"
    identifier = {"system": identifier_system, "value": f"{entries.case_id}/{named}"}
    return {"resourceType": "Bundle", "id": str(uuid5(entries.case_id, named)), "identifier": identifier, **content}


def as_json(bundle: _Json) -> bytes:
    """The Bundle as JSON. Each `Decimal` becomes a number with exactly its digits: `72.50` stays `72.50`."""
    return orjson.dumps(bundle, default=_number)


def _number(value: object) -> orjson.Fragment:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no form in FHIR's JSON")
    return orjson.Fragment(format(value, "f"))


class _Entries:
    """The resources that follow the Composition."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id
        self.url = f"urn:uuid:{case_id}"
        """The URL of the Composition."""
        self.all: list[_Json] = []
        self._people: list[tuple[_Json, _Json]] = []

    def add(self, place: str, resource: _Json) -> _Json:
        """Add the resource for a place in the case; a Reference to it."""
        resource_id = uuid5(self.case_id, place)
        identified = {"resourceType": resource["resourceType"], "id": str(resource_id), **resource}
        self.all.append({"fullUrl": f"urn:uuid:{resource_id}", "resource": identified})
        return {"reference": f"urn:uuid:{resource_id}"}

    def add_person(self, place: str, person: _Entry) -> _Json:
        """A Reference to the Practitioner, or to the role in which they acted; equal people share one resource."""
        name, identifier, role = _text(person["name"]), _identifier(person.get("identifier")), _text(person.get("role"))
        practitioner = self._once(
            place, _keep(resourceType="Practitioner", identifier=[identifier], name=[_keep(text=name)]), name
        )
        if not role:
            return practitioner
        acting = {"resourceType": "PractitionerRole", "practitioner": practitioner, "code": [{"text": role}]}
        return self._once(f"{place}/role", acting, name)

    def _once(self, place: str, resource: _Json, name: str | None) -> _Json:
        for known, reference in self._people:
            if known == resource:
                return reference
        reference = _keep(**self.add(place, resource), display=name)
        self._people.append((resource, reference))
        return reference


def _subject(case: _Entry, entries: _Entries) -> _Json | None:
    if not (subject := case.get("subject")):
        return None
    patient = _keep(
        resourceType="Patient",
        identifier=[_identifier(subject["identifier"])],
        name=[_keep(text=_text(subject.get("name")))],
        gender=subject["gender"],
        birthDate=subject.get("birth_date"),
    )
    return entries.add("subject", patient)


def _section(case: _Entry, subject: _Json, entries: _Entries, field: str, title: str, code: str) -> _Json | None:
    """A section of free text, or of references to coded entries with their narrative; None when it is empty."""
    content = case.get(field)
    if not content or (isinstance(content, str) and not content.strip()):
        return None
    head = {"title": title, "code": {"coding": [{"system": _LOINC, "code": code}]}}
    if isinstance(content, str):
        return {**head, "text": _narrative("additional", f'<p style="white-space: pre-wrap">{_xhtml(content)}</p>')}
    lines = "".join(f"<li>{_xhtml(_words(entry))}</li>" for entry in content)
    resources = [_RESOURCES[field](entry, subject) for entry in content]
    return {
        **head,
        "text": _narrative("generated", f'<ul style="white-space: pre-wrap">{lines}</ul>'),
        "entry": [entries.add(f"{field}/{number}", resource) for number, resource in enumerate(resources)],
    }


def _condition(entry: _Entry, subject: _Json) -> _Json:
    clinical, verification = entry.get("clinical_status"), entry.get("verification_status")
    in_error = verification == "entered_in_error"
    over = clinical in ("inactive", "remission", "resolved") and not in_error
    unplaced = [*(["clinical_status"] if in_error else []), *([] if over else ["abatement"])]
    return _keep(
        resourceType="Condition",
        clinicalStatus=None if in_error else _status("condition-clinical", clinical),
        verificationStatus=_status("condition-ver-status", verification),
        code=_concept(entry["code"]),
        subject=subject,
        onsetDateTime=_when(entry.get("onset")),
        abatementDateTime=_when(entry.get("abatement")) if over else None,
        note=_notes(entry, unplaced),
    )


def _observation(entry: _Entry, subject: _Json) -> _Json:
    components = entry.get("components") or ()
    parts = [_value(part) for part in components]
    value, unplaced = _value(entry)
    if any(_same_code(part["code"], entry["code"]) for part in components):
        value, unplaced = {}, _given_values(entry)
    second = [
        f"{_words(part['code'])}: {_words(part[name])}"
        for part, (_, names) in zip(components, parts, strict=True)
        for name in names
    ]
    return _keep(
        resourceType="Observation",
        # Required by R4 but optional in a case.
        status=_kebab(entry.get("status") or "unknown"),
        category=[_concept(entry.get("category"))],
        code=_concept(entry["code"]),
        subject=subject,
        effectiveDateTime=_when(entry.get("effective")),
        **value,
        interpretation=[_concept(entry.get("interpretation"))],
        note=_notes(entry, unplaced, second),
        component=[
            _keep(code=_concept(part["code"]), **measured)
            for part, (measured, _) in zip(components, parts, strict=True)
        ],
    )


def _medication(entry: _Entry, subject: _Json) -> _Json:
    period = _period(entry.get("effective"))
    return _keep(
        resourceType="MedicationStatement",
        # Required by R4 but optional in a case.
        status=_kebab(entry.get("status") or "unknown"),
        medicationCodeableConcept=_concept(entry["medication"]),
        subject=subject,
        effectivePeriod=period,
        reasonCode=[_concept(entry.get("reason"))],
        note=_notes(entry, [] if period else ["effective"]),
        dosage=[_keep(text=_text(entry.get("dosage")))],
    )


def _allergy(entry: _Entry, subject: _Json) -> _Json:
    verification = entry.get("verification_status")
    in_error = verification == "entered_in_error"
    clinical = None if in_error else _status("allergyintolerance-clinical", entry.get("clinical_status"))
    if not clinical and not in_error:
        # ait-1 requires a status of the value set, which has no "unknown". Active is the safest assumption.
        assumed = "inactive" if verification == "refuted" else "active"
        clinical = {**_status("allergyintolerance-clinical", assumed), "text": f"Not stated, taken as {assumed}"}
    reaction = _text(entry.get("reaction"))
    return _keep(
        resourceType="AllergyIntolerance",
        clinicalStatus=clinical,
        verificationStatus=_status("allergyintolerance-verification", verification),
        type=entry.get("type"),
        category=[entry.get("category")],
        criticality=_kebab(entry.get("criticality")),
        code=_concept(entry["code"]),
        patient=subject,
        onsetDateTime=_when(entry.get("onset")),
        note=_notes(entry, ["clinical_status"] if in_error else []),
        reaction=[{"manifestation": [{"text": reaction}]}] if reaction else None,
    )


_RESOURCES = {
    "conditions": _condition,
    "observations": _observation,
    "medications": _medication,
    "allergies": _allergy,
}


def _signature(signature: _Entry, signer: _Json) -> _Json:
    code, display = _SIGNATURE_TYPES[signature["meaning"]]
    return {
        "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": code, "display": display}],
        "when": _time(signature["signed_at"]),
        "who": signer,
        "targetFormat": "application/json",
        "sigFormat": "application/jose",
        "data": b64encode(signature["jws"].encode()).decode(),
    }


def _keep(**fields: Any) -> _Json:
    """The fields that have a value. FHIR forbids empty values, also in lists."""
    given = {
        name: [item for item in value if item] if isinstance(value, list) else value for name, value in fields.items()
    }
    return {name: value for name, value in given.items() if value not in (None, "", [], {})}


def _text(value: str | None) -> str | None:
    """A FHIR string; None when it is blank. Characters that XML cannot hold become U+FFFD."""
    return _XML_FORBIDS.sub("\ufffd", value) if value and value.strip() else None


def _kebab(code: str | None) -> str | None:
    return code and code.replace("_", "-")


def _tags(tags: Sequence[str]) -> list[_Json]:
    """Codings without a system."""
    return [_code(tag) for tag in tags]


def _code(code: str) -> _Json:
    """`code`, or `display` for a text with outer or double white space, which FHIR forbids in a code."""
    return {"code": code} if _CODE.fullmatch(code) else _keep(display=_text(code))


def _absent(reason: str, display: str | None = None) -> _Json:
    """An element without a value, with the reason (value set data-absent-reason)."""
    return _keep(extension=[{"url": _ABSENT, "valueCode": reason}], display=display)


def _identifier(identifier: _Entry | None) -> _Json:
    return _keep(system=identifier["system"], value=_text(identifier["value"])) if identifier else {}


def _concept(coding: _Entry | None) -> _Json:
    """A CodeableConcept; empty for None."""
    if not coding:
        return {}
    display = _keep(display=_text(coding.get("display")))
    return {"coding": [{"system": coding["system"], **_code(coding["code"]), **display}]}


def _status(system: str, code: str | None) -> _Json:
    """A CodeableConcept of one of HL7's code systems; empty for None."""
    return {"coding": [{"system": _HL7 + system, "code": _kebab(code)}]} if code else {}


def _same_code(one: _Entry, other: _Entry) -> bool:
    return bool(one["system"] == other["system"] and one["code"] == other["code"])


def _value(entry: _Entry) -> tuple[_Json, list[str]]:
    """FHIR's value[x], which holds at most one value, and the names of the remaining fields."""
    quantity = entry.get("value_quantity")
    if quantity:
        measured = {"value": Decimal(quantity["value"]), "unit": _text(quantity.get("unit"))}
        value = {"valueQuantity": _keep(**measured, system=_UCUM, code=quantity["code"])}
    elif entry.get("value_coding"):
        value = {"valueCodeableConcept": _concept(entry["value_coding"])}
    else:
        value = _keep(valueString=_text(entry.get("value_string")))
    return value, _given_values(entry)[1:]


def _given_values(entry: _Entry) -> list[str]:
    names = [name for name in ("value_quantity", "value_coding") if entry.get(name)]
    return [*names, "value_string"] if _text(entry.get("value_string")) else names


def _notes(entry: _Entry, unplaced: Sequence[str], lines: Sequence[str] = ()) -> list[_Json]:
    """Annotations: the entry's own note, its fields that have no place in the resource, and further lines."""
    fields = [f"{_label(name)}: {_words(entry[name])}" for name in unplaced if entry.get(name)]
    return [{"text": text} for line in (entry.get("note"), *fields, *lines) if (text := _text(line))]


def _time(value: datetime | str) -> str:
    """A FHIR dateTime. Offsets over 14:00, which RFC 3339 allows and FHIR does not, are converted to UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    offset = _OFFSET.search(value)
    if not offset or int(offset[3]) * 60 + int(offset[4]) <= _OFFSET_MINUTES_MAX:
        return value
    # RFC 3339 allows more digits in the fraction than Python, so parse the time without it.
    at = datetime.fromisoformat(value[: offset.start()] + value[offset.start(2) :])
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}{offset[1] or ''}Z"


def _when(value: str | None) -> str | None:
    return _time(value) if value else None


def _period(period: _Entry | None) -> _Json:
    """A FHIR Period; empty for None and for one that ends before it starts."""
    if not period:
        return {}
    start, end = period["start"], period.get("end")
    if end and datetime.fromisoformat(end) < datetime.fromisoformat(start):
        return {}
    return _keep(start=_time(start), end=_when(end))


def _narrative(status: str, xhtml: str) -> _Json:
    return {"status": status, "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{xhtml}</div>'}


def _xhtml(text: str) -> str:
    # An XML parser would turn a bare carriage return into a line feed.
    return escape(_XML_FORBIDS.sub("\ufffd", text), quote=False).replace("\r", "&#13;")


def _label(name: str) -> str:
    return "value" if name.startswith("value_") else name.replace("_", " ")


def _words(value: Any) -> str:
    """Any part of a case as readable text: what it is, then each further field with its name."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return ", ".join(f"({_words(item)})" for item in value)
    if "system" in value:
        return _text(value.get("display")) or str(value["code"])
    if "value" in value:
        unit = "" if value["code"] == "1" else value["code"]
        return f"{value['value']} {_text(value.get('unit')) or unit}".strip()
    if "start" in value:
        return f"{value['start']} to {value['end']}" if value.get("end") else f"from {value['start']}"
    # The order of stored fields is not fixed.
    head, *names = sorted(value, key=lambda name: (name not in ("code", "medication"), name == "note", name))
    fields = ((_label(name), _words(value[name])) for name in names)
    return "; ".join([_words(value[head]), *(f"{label}: {words}" for label, words in fields if words.strip())])
