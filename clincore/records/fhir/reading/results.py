"""Observation, DiagnosticReport and DocumentReference as entries of a case."""

import re
from collections.abc import Callable
from typing import Any

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading import enums
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Element, Json, Refused, absent_reason, held_exactly
from clincore.records.fhir.reading.notes import with_note, with_notes
from clincore.records.fhir.vocabulary import ENTRY_ID, NOTE

_COMPONENTS_MAX = 50
_RANGES_MAX = 20
_FOCUS_CODE = "http://hl7.org/fhir/StructureDefinition/observation-focusCode"
"""Says in a code what `focus` says with a Reference."""
RESULTS_MAX = 200
_CONCLUSION_MAX = 20_000
_URL = re.compile(r"(?=.{1,2000}$)[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+")
_SHA1 = re.compile(r"[A-Za-z0-9+/]{27}=")


def observation(root: Element, context: Context) -> Json:
    if root.has("focus"):
        raise Refused("focus: it is about something else than the subject")
    if root.extensions(_FOCUS_CODE):
        raise Refused("the extension observation-focusCode: it is about something else than the subject")
    identity = root.extensions(ENTRY_ID)
    entry = of.keep(
        id=identity[0].get("valueId") if len(identity) == 1 else None,
        identifiers=of.identifiers(root),
        status=of.chosen(root, "status", enums.OBSERVATION, is_modifier=True),
        categories=of.concepts(root.children("category")),
        code=of.concept(root.child("code")),
        effective=of.effective_time(root),
        issued=of.instant(root, "issued"),
        performers=context.parties(root.children("performer")),
        **_measured(root),
        body_site=of.concept(root.child("bodySite")),
        method=of.concept(root.child("method")),
        components=of.several(root.children("component"), _component, _COMPONENTS_MAX),
    )
    return with_notes(root, entry)


def _measured(element: Element) -> Json:
    value = of.choice(element, "value", _VALUE)
    absent = of.concept(element.child("dataAbsentReason"))
    if value is not None and absent is not None:
        raise Refused(f"{element.label_of('value')}[x] and dataAbsentReason contradict each other")
    return of.keep(
        value=value,
        data_absent_reason=absent,
        interpretations=of.concepts(element.children("interpretation")),
        reference_ranges=of.several(element.children("referenceRange"), _reference_range, _RANGES_MAX),
    )


def _component(component: Element) -> Json | None:
    code = of.concept(component.child("code"))
    if code is None:
        component.remark_whole()
        return None
    return {"code": code, **_measured(component)}


def _reference_range(one: Element) -> Json | None:
    """A range with low, high or text (obs-3); another goes into the note."""
    low, high = of.simple_quantity(one.child("low")), of.simple_quantity(one.child("high"))
    text = of.note_text(one, "text")
    if not (low or high or text):
        one.remark_whole()
        return None
    return of.keep(
        low=low,
        high=high,
        type=of.concept(one.child("type")),
        applies_to=of.concepts(one.children("appliesTo")),
        age=_age(one),
        text=text,
    )


def _age(one: Element) -> Json | None:
    held, given = held_exactly(one.whole.get("age")), one.whole.get("age", {})
    if isinstance(held, dict) and set(given) == {"extension"} and one.has_good_units(held):
        one.take("age")
        return held
    return of.quantity_range(one.child("age"))


_VALUE: dict[str, tuple[str, Callable[[Element, str], Any]]] = {
    "Quantity": ("quantity", of.of_child(of.quantity)),
    "CodeableConcept": ("concept", of.of_child(of.concept)),
    "String": ("string", of.note_text),
    "Boolean": ("boolean", of.boolean),
    "Integer": ("integer", of.integer),
    "Range": ("range", of.of_child(of.quantity_range)),
    "Ratio": ("ratio", of.of_child(of.ratio)),
    "Time": ("time", of.clock_time),
    "DateTime": ("date_time", of.moment),
    "Period": ("period", of.of_child(of.period)),
}


def report(root: Element, context: Context) -> Json:
    own = [Element(one, "extension", root.reader) for one in root.extensions(NOTE)]
    notes = [text for one in own if (text := one.own_text()) is not None]
    entry = of.keep(
        identifiers=of.identifiers(root),
        status=of.chosen(root, "status", enums.REPORT, is_modifier=True),
        categories=of.concepts(root.children("category")),
        code=of.concept(root.child("code")),
        effective=of.effective_time(root),
        issued=of.instant(root, "issued"),
        performers=context.parties(root.children("performer")),
        results=_results(root, context),
        conclusion=of.fitting(root, "conclusion", lambda text: len(text) <= _CONCLUSION_MAX),
        conclusion_codes=of.concepts(root.children("conclusionCode")),
    )
    return with_note(entry, notes)


def _results(root: Element, context: Context) -> list[str]:
    """The ids of observations of the case. Other results go into the note."""
    found: list[str] = []
    for reference in root.children("result"):
        if absent_reason(reference.whole) is not None and "reference" not in reference.whole:
            reference.forget()
            continue
        one = context.find(reference)
        name = None if one is None or len(found) == RESULTS_MAX else context.entry_id(one)
        if name is None:
            reference.remark_whole()
        else:
            reference.forget()
            found += [] if name in found else [name]
    return found


def document(root: Element, context: Context) -> Json:
    """A DocumentReference. Bytes of an attachment are not kept; its title, type, URL and hash are."""
    contents = root.children("content")
    attachment = contents[0].child("attachment") if contents else None
    entry = of.keep(
        identifiers=of.identifiers(root),
        status=of.chosen(root, "status", enums.DOCUMENT, is_modifier=True),
        type=of.concept(root.child("type")),
        categories=of.concepts(root.children("category")),
        date=of.instant(root, "date"),
        **(_attachment(attachment) if attachment is not None else {}),
    )
    text = root.text("description")
    return with_note(entry, [text] if text else [])


def _attachment(attachment: Element) -> Json:
    held = of.keep(
        title=of.one_line(attachment, "title"),
        content_type=of.token(attachment, "contentType"),
        url=of.fitting(attachment, "url", _URL.fullmatch),
        hash=of.fitting(attachment, "hash", _SHA1.fullmatch),
    )
    if attachment.take("data") is not None:
        attachment.reader.lost.append("the bytes of content[0].attachment.data")
    return held
