"""Immunization and DocumentReference as entries of a case."""

import re
from typing import Any

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading import enums
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Element, Json, Refused
from clincore.records.fhir.reading.notes import with_note, with_notes
from clincore.records.fhir.reading.problems import actors

_PROTOCOLS_MAX = 10
_POSITIVE = range(1, 2**31)
_URL = re.compile(r"(?=.{1,2000}$)[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+")
_SHA1 = re.compile(r"[A-Za-z0-9+/]{27}=")


def immunization(root: Element, context: Context) -> Json:
    if root.take("isSubpotent") is True:
        raise Refused("isSubpotent: the dose does not count as given")
    entry = of.keep(
        identifiers=of.identifiers(root),
        status=of.chosen(root, "status", enums.IMMUNIZATION, is_modifier=True),
        status_reason=of.concept(root.child("statusReason")),
        vaccine_code=of.concept(root.child("vaccineCode")),
        occurrence=of.choice(
            root, "occurrence", {"DateTime": ("date_time", of.moment), "String": ("string", of.note_text)}
        ),
        manufacturer=context.organization(root.child("manufacturer")),
        lot_number=of.one_line(root, "lotNumber"),
        expiration_date=of.day(root, "expirationDate"),
        site=of.concept(root.child("site")),
        route=of.concept(root.child("route")),
        dose_quantity=of.simple_quantity(root.child("doseQuantity")),
        performers=actors(root, context),
        reasons=of.concepts(root.children("reasonCode")),
        protocols=of.several(root.children("protocolApplied"), _protocol, _PROTOCOLS_MAX),
    )
    return with_notes(root, entry)


def _protocol(protocol: Element) -> Json | None:
    """A protocol with the number of the dose; another goes into the note."""
    number = _number_of(protocol, "doseNumber")
    if number is None:
        protocol.remark_whole()
        return None
    return of.keep(
        series=of.one_line(protocol, "series"),
        target_diseases=of.concepts(protocol.children("targetDisease")),
        dose_number=number,
        series_doses=_number_of(protocol, "seriesDoses"),
    )


def _number_of(protocol: Element, name: str) -> str | None:
    """A positiveInt or a string as text."""
    made = of.choice(protocol, name, {"PositiveInt": ("text", _positive), "String": ("text", of.one_line)})
    return None if made is None else str(made["text"])


def _positive(element: Element, name: str) -> Any:
    value = element.take(name)
    if isinstance(value, int) and not isinstance(value, bool) and value in _POSITIVE:
        return str(value)
    raise Refused(f"{element.label_of(name)} is not a positive integer")


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
        url=_matching(attachment, "url", _URL),
        hash=_matching(attachment, "hash", _SHA1),
    )
    if attachment.take("data") is not None:
        attachment.reader.lost.append("the bytes of content[0].attachment.data")
    return held


def _matching(element: Element, name: str, pattern: re.Pattern[str]) -> str | None:
    text = element.text(name)
    if text is None or pattern.fullmatch(text):
        return text
    element.remark(name, text)
    return None
