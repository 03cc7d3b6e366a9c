"""FHIR's JSON as it comes, and which version of FHIR it is."""

import json
import re
from array import array
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from typing import Any

import orjson

from clincore.records.fhir.reading.report import Unreadable

DEPTH_MAX = 64
CONTAINERS_MAX = 200_000
"""Objects and lists. A document of 2 MiB has far fewer."""

_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_INT_DIGITS = 18


class NotJson(Exception):
    """The content is no JSON that every parser understands in the same way. The message says why."""


def parsed(content: bytes, *, containers_max: int = CONTAINERS_MAX) -> Any:
    """Parse JSON and keep the digits of its numbers: each is an int, or a Decimal.

    `containers_max`: the most objects and lists that it may have.

    Raises:
        Unreadable: it is XML.
        NotJson: it is not JSON; or it has repeated keys, more than 64 levels, too many objects and lists, a NUL or
            an exponent that is too long.
    """
    if content.lstrip()[:1] == b"<":
        raise Unreadable("This is XML. Send FHIR as JSON.")
    try:
        # Stricter than the standard library about text and infinite numbers, which it refuses.
        orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "memory" in error.msg:
            raise MemoryError from None
        raise NotJson(f"It is not JSON: {error}"[:200]) from None
    outside = b"".join(content.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    if outside.count(b"[") + outside.count(b"{") > containers_max:
        raise NotJson(f"It has more than {containers_max} objects and lists.")
    if max(accumulate(array("b", outside.translate(_STEPS, _NO_BRACKETS))), default=0) > DEPTH_MAX:
        raise NotJson(f"It is nested deeper than {DEPTH_MAX} levels.")
    if b"\\u0000" in content and b"\\u0000" in content.replace(b"\\\\", b""):
        raise NotJson("It contains the character NUL (\\u0000), which cannot be stored.")
    return json.loads(content, parse_float=_decimal, parse_int=_integer, object_pairs_hook=_unique)


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise NotJson("It has a number whose exponent is too long.") from None


def _integer(digits: str) -> int | Decimal:
    # int() refuses thousands of digits, and loses the sign of -0.
    return int(digits) if len(digits) <= _INT_DIGITS and digits != "-0" else Decimal(digits)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise NotJson("It has an object with a repeated key.")
    return value


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _any(value: Any) -> bool:
    return True


# Elements that a version of FHIR has and R4 does not, or has with another type. The first one found decides.
_OTHER_VERSIONS: tuple[tuple[str, str, str, Callable[[Any], bool]], ...] = (
    ("DSTU2", "Condition", "patient", _any),
    ("DSTU2", "Condition", "dateRecorded", _any),
    ("DSTU2", "AllergyIntolerance", "substance", _any),
    ("DSTU2", "AllergyIntolerance", "status", _any),
    ("DSTU2", "Observation", "comments", _any),
    ("DSTU2", "MedicationStatement", "patient", _any),
    ("DSTU2", "MedicationStatement", "wasNotTaken", _any),
    ("DSTU2", "Immunization", "wasNotGiven", _any),
    ("DSTU2", "Immunization", "reported", _any),
    ("DSTU2", "Patient", "careProvider", _any),
    ("DSTU2", "Encounter", "patient", _any),
    ("DSTU2", "Encounter", "class", _is(str)),
    ("DSTU2", "Procedure", "notPerformed", _any),
    ("STU3", "Condition", "clinicalStatus", _is(str)),
    ("STU3", "Condition", "verificationStatus", _is(str)),
    ("STU3", "Condition", "context", _any),
    ("STU3", "Condition", "assertedDate", _any),
    ("STU3", "AllergyIntolerance", "clinicalStatus", _is(str)),
    ("STU3", "AllergyIntolerance", "verificationStatus", _is(str)),
    ("STU3", "AllergyIntolerance", "assertedDate", _any),
    ("STU3", "Observation", "context", _any),
    ("STU3", "Observation", "comment", _any),
    ("STU3", "Observation", "related", _any),
    ("STU3", "Observation", "interpretation", _is(dict)),
    ("STU3", "MedicationStatement", "taken", _any),
    ("STU3", "MedicationRequest", "context", _any),
    ("STU3", "Procedure", "context", _any),
    ("STU3", "Procedure", "notDone", _any),
    ("STU3", "Immunization", "notGiven", _any),
    ("STU3", "Immunization", "date", _any),
    ("STU3", "Immunization", "vaccinationProtocol", _any),
    ("STU3", "DiagnosticReport", "context", _any),
    ("STU3", "DiagnosticReport", "codedDiagnosis", _any),
    ("STU3", "DocumentReference", "indexed", _any),
    ("STU3", "DocumentReference", "class", _any),
    ("STU3", "Composition", "class", _any),
    ("STU3", "Patient", "animal", _any),
    ("R5", "Bundle", "issues", _any),
    ("R5", "Composition", "subject", _is(list)),
    ("R5", "Condition", "participant", _any),
    ("R5", "AllergyIntolerance", "type", _is(dict)),
    ("R5", "AllergyIntolerance", "participant", _any),
    ("R5", "MedicationStatement", "medication", _any),
    ("R5", "MedicationRequest", "medication", _any),
    ("R5", "MedicationAdministration", "medication", _any),
    ("R5", "MedicationDispense", "medication", _any),
    ("R5", "MedicationStatement", "reason", _any),
    ("R5", "MedicationRequest", "reason", _any),
    ("R5", "Encounter", "class", _is(list)),
    ("R5", "Encounter", "actualPeriod", _any),
    ("R5", "Encounter", "reason", _any),
    ("R5", "Procedure", "reason", _any),
    ("R5", "Procedure", "occurrenceDateTime", _any),
    ("R5", "Procedure", "occurrencePeriod", _any),
    ("R5", "Immunization", "reason", _any),
    ("R5", "DocumentReference", "attester", _any),
)
# Types that R4 does not have.
_OTHER_TYPES = {
    "MedicationOrder": "DSTU2",
    "DiagnosticOrder": "DSTU2",
    "BodySite": "STU3 or DSTU2",
    "ProcedureRequest": "STU3 or DSTU2",
    "ReferralRequest": "STU3 or DSTU2",
    "MedicationUsage": "R5",
    "DeviceUsage": "R5",
    "GenomicStudy": "R5",
    "InventoryItem": "R5",
    "Transport": "R5",
    "Permission": "R5",
}
_PROFILES = (("/STU3/", "STU3"), ("/DSTU2/", "DSTU2"), ("/5.0/", "R5"), ("/R5/", "R5"))


def other_version(resource: Mapping[str, Any]) -> str | None:
    """The version of FHIR that a resource shows to be of, when it is not R4; such as `STU3`."""
    kind = resource.get("resourceType")
    if isinstance(kind, str) and kind in _OTHER_TYPES:
        return _OTHER_TYPES[kind]
    for version, type_, name, is_so in _OTHER_VERSIONS:
        if type_ == kind and name in resource and is_so(resource[name]):
            return version
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for profile in profiles if isinstance(profiles, list) else ():
        for part, version in _PROFILES:
            if isinstance(profile, str) and re.match(r"https?://hl7\.org/fhir/", profile) and part in profile:
                return version
    return None


def require_r4(resource: Mapping[str, Any], path: str) -> None:
    """Check the version of a resource.

    Raises:
        Unreadable: it is of another version.
    """
    version = other_version(resource)
    if version is not None:
        raise Unreadable(f"This is FHIR {version}. Only FHIR R4 (4.0.1) can be read.", path)
