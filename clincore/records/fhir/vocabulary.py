"""The names that cases have in FHIR R4, and ClinCore's own extensions. Writing and reading documents both use them.

The extensions keep what plain FHIR cannot say, so that a document read back gives the same case.
"""

import base64
from collections.abc import Mapping
from typing import Any

import orjson

Json = dict[str, Any]
_DEPTH_MAX = 16

LOINC = "http://loinc.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"
"""Prefix of HL7's own code systems."""
DATA_ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
"""HL7's extension. An element with it and without a value is absent: `unknown`, or `masked` because it was erased."""

EXACT = "urn:clincore:fhir:exact"
"""On an element that FHIR cannot hold as the case has it: `valueBase64Binary` with the case's value as JSON."""
ASSUMED = "urn:clincore:fhir:assumed"
"""`valueBoolean` true on an element that R4 requires and the case does not have."""
NOTED = "urn:clincore:fhir:noted"
"""On a note or an instruction in words that stands for a field of the entry: `field` and `value`, as in `EXACT`."""
SECTION = "urn:clincore:fhir:section"
"""`valueCode` on a section of the Composition: the field of the case."""
METADATA = "urn:clincore:fhir:metadata"
"""On the Composition, once per pair: `key` and `value`, both as `string_extension` writes them."""
CASE_TYPE = "urn:clincore:fhir:case-type"
"""`valueCoding` on `Composition.type` of a patient summary: the type of the case."""
ENTRY_ID = "urn:clincore:fhir:entry-id"
"""`valueId` on an Observation: the `id` that it has in the case."""
EFFECTIVE = "urn:clincore:fhir:effective"
"""`valueDateTime` or `valuePeriod`: `effective` of a MedicationRequest, and a period of a MedicationDispense."""
RECORDED_DATE = "urn:clincore:fhir:recorded-date"
"""`valueDateTime` on a MedicationAdministration or MedicationDispense."""
REASON = "urn:clincore:fhir:reason"
"""`valueCodeableConcept` on a MedicationDispense, once per reason."""
DOSAGE = "urn:clincore:fhir:dosage"
"""`valueDosage` on a MedicationAdministration, once per dosage, in place of its own `dosage`."""
NOTE = "urn:clincore:fhir:note"
"""On a DiagnosticReport, as `string_extension` writes it."""

# Title and LOINC code of each field's section, in reading order. The codings have no `display`: LOINC's names change
# between releases, and validators reject an old one.
SECTIONS: Mapping[str, tuple[str, str | None]] = {
    "reason": ("Reason for visit", "29299-5"),
    "history": ("History of present illness", "10164-2"),
    "conditions": ("Problem list", "11450-4"),
    "allergies": ("Allergies and intolerances", "48765-2"),
    "medications": ("Medications", "10160-0"),
    "immunizations": ("Immunizations", "11369-6"),
    "procedures": ("Procedures", "47519-4"),
    "diagnostic_reports": ("Diagnostic reports", "30954-2"),
    "observations": ("Observations", "30954-2"),
    "assessment": ("Assessment", "51848-0"),
    "plan": ("Plan of care", "18776-5"),
    "other_sections": ("Other sections", None),
    "documents": ("Documents", "77599-9"),
}

MEDICATION_RESOURCES = {
    "statement": "MedicationStatement",
    "request": "MedicationRequest",
    "administration": "MedicationAdministration",
    "dispense": "MedicationDispense",
}
"""By `kind` of a medication."""

RESOURCES: Mapping[str, tuple[str, ...]] = {
    "conditions": ("Condition",),
    "observations": ("Observation",),
    "medications": tuple(MEDICATION_RESOURCES.values()),
    "allergies": ("AllergyIntolerance",),
    "procedures": ("Procedure",),
    "immunizations": ("Immunization",),
    "diagnostic_reports": ("DiagnosticReport",),
    "documents": ("DocumentReference",),
}
"""The resource types of each list of a case."""

# LOINC codes of the profile hl7.org/fhir/R4/observation-vitalsigns.html.
VITAL_SIGNS = frozenset(
    {"85353-1", "9279-1", "8867-4", "2708-6", "59408-5", "8310-5", "8302-2", "9843-4", "29463-7", "39156-5"}
    | {"85354-9", "8480-6", "8462-4", "8478-0"}
)

PATIENT_SUMMARY = "60591-5"
"""LOINC code of an International Patient Summary (hl7.org/fhir/uv/ips)."""
PATIENT_SUMMARY_SECTIONS = frozenset(
    {"11450-4", "48765-2", "10160-0", "11369-6", "30954-2", "47519-4", "46264-8", "42348-3", "104605-1", "47420-5"}
    | {"11348-0", "10162-6", "81338-6", "18776-5", "29762-2", "8716-3"}
)
"""LOINC codes of the sections that a patient summary has at most once."""


def fhir_code(value: str) -> str:
    """A value of one of the contract's enums as FHIR writes it: `entered_in_error` is `entered-in-error`."""
    return value.replace("_", "-")


def exact(value: Any) -> Json:
    """The extension that keeps a value of the case."""
    return {"url": EXACT, "valueBase64Binary": _packed(value)}


def noted(field: str, value: Any) -> Json:
    """The extension of words that stand for a field of an entry."""
    parts = [{"url": "field", "valueCode": field}, {"url": "value", "valueBase64Binary": _packed(value)}]
    return {"url": NOTED, "extension": parts}


def string_extension(url: str, value: str, shown: str | None) -> Json:
    """An extension with a text: `valueString`, or `valueBase64Binary` as in `EXACT` where FHIR shows it differently."""
    return {"url": url, **({"valueString": value} if shown == value else {"valueBase64Binary": _packed(value)})}


def unpacked(content: str) -> Any:
    """The value in `valueBase64Binary` of ClinCore's extensions.

    Raises:
        ValueError: it is not JSON in base64, or no part of a case: it has a NUL or more than 16 levels.
    """
    value = orjson.loads(base64.b64decode(content, validate=True))
    level, depth = [value], 0
    while level:
        if depth > _DEPTH_MAX or any(isinstance(one, str) and "\0" in one for one in level):
            raise ValueError
        lists = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level, depth = [part for parts in lists for part in parts], depth + 1
    return value


def _packed(value: Any) -> str:
    return base64.b64encode(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).decode()
