"""The sections of a Composition, with the resources of their entries."""

from collections.abc import Iterator, Sequence
from typing import Any

from clincore.records.fhir.datatypes import Value, assumed, concept, shown, text
from clincore.records.fhir.entries import Entries
from clincore.records.fhir.medications import medication
from clincore.records.fhir.problems import allergy, condition
from clincore.records.fhir.procedures import immunization, procedure
from clincore.records.fhir.results import document_reference, is_vital_sign, observation, report
from clincore.records.fhir.vocabulary import (
    DATA_ABSENT_REASON,
    HL7,
    LOINC,
    PATIENT_SUMMARY_SECTIONS,
    SECTION,
    SECTIONS,
    Json,
    exact,
)
from clincore.records.fhir.words import bullets, entry_xhtml, narrative, paragraph, words, xhtml

_REQUIRED_IN_SUMMARY = ("conditions", "allergies", "medications")
_MASKED = {"url": DATA_ABSENT_REASON, "valueCode": "masked"}
_RESULTS = ("diagnostic_reports", "observations")


class Sections:
    """The sections of one case. Making them adds the resources to `entries`."""

    def __init__(self, case: Value, subject: Json, entries: Entries, *, is_summary: bool) -> None:
        self._case = case
        self._subject = subject
        self._entries = entries
        self._is_summary = is_summary
        self._erased = set(case.get("erased") or ())

    def make(self) -> list[Json]:
        """The sections that have content, in reading order, and those whose content was erased."""
        return [section for field in SECTIONS for section in self._of(field)]

    def _of(self, field: str) -> Iterator[Json]:
        content = self._case.get(field)
        if self._is_summary and field in _RESULTS:
            # A summary has one section for both, and another one for vital signs.
            if field == _RESULTS[0]:
                yield from self._results()
        elif field in self._erased:
            yield _erased(field)
        elif field == "other_sections":
            for each in content or ():
                yield self._other(each)
        elif isinstance(content, str):
            yield {**_head(field), "text": _text(content)}
        elif content:
            yield self._list(field, content)
        elif self._is_summary and field in _REQUIRED_IN_SUMMARY:
            yield {
                **_head(field),
                "text": narrative("generated", "<p>No information available.</p>"),
                "emptyReason": _empty("unavailable", "Unavailable"),
            }

    def _list(self, field: str, content: Sequence[Value]) -> Json:
        return {
            **_head(field),
            "text": narrative("generated", _listed(content)),
            "entry": [self._add(field, number, entry) for number, entry in enumerate(content)],
        }

    def _results(self) -> Iterator[Json]:
        reports = self._case.get("diagnostic_reports") or ()
        observations = self._case.get("observations") or ()
        erased = [field for field in _RESULTS if field in self._erased]
        vital = [is_vital_sign(entry) for entry in observations]
        added = [self._add("diagnostic_reports", number, entry) for number, entry in enumerate(reports)]
        observed = [self._add("observations", number, entry) for number, entry in enumerate(observations)]
        added += [reference for reference, is_vital in zip(observed, vital, strict=True) if not is_vital]
        results = [*reports, *(entry for entry, is_vital in zip(observations, vital, strict=True) if not is_vital)]
        if added:
            field = "observations" if observed or "observations" in erased else "diagnostic_reports"
            head = _head(field)
            gone = "".join(paragraph(f"{SECTIONS[name][0]}: erased.") for name in erased)
            yield {
                **head,
                "extension": [*head["extension"], *([_MASKED] if erased else [])],
                "title": "Results",
                "text": narrative("generated", gone + _listed(results)),
                "entry": added,
            }
        elif erased:
            yield {**_erased(erased[-1]), "title": "Results"}
        if any(vital):
            yield {
                **_head("observations"),
                "title": "Vital signs",
                "code": {"coding": [{"system": LOINC, "code": "8716-3"}]},
                "text": narrative(
                    "generated",
                    _listed([entry for entry, is_vital in zip(observations, vital, strict=True) if is_vital]),
                ),
                "entry": [reference for reference, is_vital in zip(observed, vital, strict=True) if is_vital],
            }

    def _other(self, section: Value) -> Json:
        code, title = section.get("code"), section["title"]
        empty = section.get("empty_reason")
        said = f"Empty: {words(empty)}" if empty else "Empty."
        coded = concept(code)
        if self._is_summary and (not code or _is_of_summary(code)):
            # A summary requires a code, and has each of its own sections once.
            coded = {"extension": [exact(code) if code else assumed()], "text": shown(title) or "Other"}
        return {
            "extension": [{"url": SECTION, "valueCode": "other_sections"}],
            **text("title", title),
            **({"code": coded} if coded else {}),
            "text": _text(section["text"], said),
            **({"emptyReason": concept(empty)} if empty else {}),
        }

    def _add(self, field: str, number: int, entry: Value) -> Json:
        """Add the resource of an entry; a Reference to it."""
        place = f"{field}/{number}"
        return self._entries.add(place, self._resource(field, place, entry), entry_xhtml(entry))

    def _resource(self, field: str, place: str, entry: Value) -> Json:
        subject, entries = self._subject, self._entries
        match field:
            case "conditions":
                return condition(entry, subject)
            case "allergies":
                return allergy(entry, subject)
            case "medications":
                return medication(entry, subject, is_summary=self._is_summary)
            case "immunizations":
                return immunization(entry, subject, entries, place)
            case "procedures":
                return procedure(entry, subject, entries, place, is_summary=self._is_summary)
            case "observations":
                return observation(entry, subject, entries, place, is_summary=self._is_summary)
            case "diagnostic_reports":
                return report(entry, subject, entries, place, self._observed())
        return document_reference(entry, subject)

    def _observed(self) -> dict[str, Json]:
        """References to the observations, by their `id`."""
        observations = self._case.get("observations") or ()
        return {
            entry["id"]: self._entries.reference(f"observations/{number}")
            for number, entry in enumerate(observations)
            if "id" in entry
        }


def _head(field: str) -> Json:
    title, code = SECTIONS[field]
    head: Json = {"extension": [{"url": SECTION, "valueCode": field}], "title": title}
    return head if code is None else {**head, "code": {"coding": [{"system": LOINC, "code": code}]}}


def _erased(field: str) -> Json:
    head = _head(field)
    return {
        **head,
        "extension": [*head["extension"], _MASKED],
        "text": narrative("generated", "<p>Erased.</p>"),
        "emptyReason": _empty("withheld", "Information Withheld"),
    }


def _empty(code: str, display: str) -> Json:
    return {"coding": [{"system": f"{HL7}list-empty-reason", "code": code, "display": display}]}


def _text(content: str, otherwise: str = "Empty.") -> Json:
    """The Narrative of a free text. `otherwise`: for a blank one, which FHIR forbids."""
    given = shown(content)
    if given == content:
        return narrative("additional", paragraph(xhtml(content)))
    said = paragraph(xhtml(content if given else otherwise))
    return {"extension": [exact(content)], **narrative("additional" if given else "generated", said)}


def _listed(content: Sequence[Value]) -> str:
    """Entries in XHTML. What must not be given comes first."""
    return bullets([entry_xhtml(each) for each in sorted(content, key=lambda each: not each.get("do_not_perform"))])


def _is_of_summary(code: dict[str, Any]) -> bool:
    return any(each["system"] == LOINC and each["code"] in PATIENT_SUMMARY_SECTIONS for each in code.get("coding", ()))
