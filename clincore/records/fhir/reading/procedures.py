"""Procedure and Immunization as entries of a case."""

from typing import Any

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading import enums
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Element, Json, Refused
from clincore.records.fhir.reading.notes import with_notes

_PROTOCOLS_MAX = 10
_POSITIVE = range(1, 2**31)


def procedure(root: Element, context: Context) -> Json:
    entry = of.keep(
        identifiers=of.identifiers(root),
        status=of.chosen(root, "status", enums.EVENT, is_modifier=True),
        status_reason=of.concept(root.child("statusReason")),
        category=of.concept(root.child("category")),
        code=of.concept(root.child("code")),
        performed=of.clinical_time(root, "performed"),
        performers=_performers(root, context),
        reasons=of.concepts(root.children("reasonCode")),
        body_sites=of.concepts(root.children("bodySite")),
        outcome=of.concept(root.child("outcome")),
    )
    return with_notes(root, entry)


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
        performers=_performers(root, context),
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


def _performers(root: Element, context: Context) -> list[Json]:
    """The parties of `performer.actor`. Their function, and on whose behalf they act, go into the note."""
    return context.parties([actor for one in root.children("performer") if (actor := one.child("actor")) is not None])
