"""The sections of a Composition, with the resources of their entries."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

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


class _Added(NamedTuple):
    """An entry whose resource was added."""

    entry: Value
    said: str
    """Its narrative in XHTML."""
    reference: Json


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
        said = [entry_xhtml(entry) for entry in content]
        return {
            **_head(field),
            "text": narrative("generated", _listed(content, said)),
            "entry": self._add_all(field, content, said),
        }

    def _results(self) -> Iterator[Json]:
        erased = [field for field in _RESULTS if field in self._erased]
        added: dict[bool, list[_Added]] = {False: [], True: []}
        """By whether it is a vital sign."""
        for field in _RESULTS:
            content = self._case.get(field) or ()
            said = [entry_xhtml(entry) for entry in content]
            references = self._add_all(field, content, said)
            for each in map(_Added, content, said, references):
                added[field == "observations" and is_vital_sign(each.entry)].append(each)
        results, vital_signs = added[False], added[True]
        if results:
            gone = "".join(paragraph(f"{SECTIONS[name][0]}: erased.") for name in erased)
            yield _of_results("Results", "30954-2", results, gone, [_MASKED] if erased else [])
        elif erased:
            yield {**_erased(erased[-1]), "title": "Results"}
        if vital_signs:
            yield _of_results("Vital signs", "8716-3", vital_signs)

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

    def _add_all(self, field: str, content: Sequence[Value], said: Sequence[str]) -> list[Json]:
        """Add the resources of entries with their narratives; References to them."""
        return [
            self._entries.add(place, self._resource(field, place, entry), narrated)
            for place, entry, narrated in zip(
                (f"{field}/{number}" for number in range(len(content))), content, said, strict=True
            )
        ]

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
                return report(entry, subject, entries, place, self._observed)
        return document_reference(entry, subject)

    @cached_property
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


def _listed(content: Sequence[Value], said: Sequence[str]) -> str:
    """Entries in XHTML. What must not be given comes first."""
    order = sorted(range(len(content)), key=lambda number: not content[number].get("do_not_perform"))
    return bullets([said[number] for number in order])


def _of_results(
    title: str, code: str, added: Sequence[_Added], gone: str = "", extensions: Sequence[Json] = ()
) -> Json:
    """A section of a summary with observations or reports."""
    head = _head("observations")
    return {
        **head,
        "extension": [*head["extension"], *extensions],
        "title": title,
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "text": narrative("generated", gone + bullets([each.said for each in added])),
        "entry": [each.reference for each in added],
    }


def _is_of_summary(code: dict[str, Any]) -> bool:
    return any(each["system"] == LOINC and each["code"] in PATIENT_SUMMARY_SECTIONS for each in code.get("coding", ()))
