"""MedicationStatement, MedicationRequest, MedicationAdministration and MedicationDispense as entries of a case."""

from clincore.records.content_rules import MEDICATION_STATUSES
from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading import enums
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.dosages import dosage
from clincore.records.fhir.reading.element import Element, Json, Refused, Resource
from clincore.records.fhir.reading.notes import with_notes
from clincore.records.fhir.reading.words import words
from clincore.records.fhir.vocabulary import DOSAGE, EFFECTIVE, REASON, RECORDED_DATE

_DOSAGES_MAX = 20


def statement(root: Element, context: Context) -> Json:
    return _entry(
        "statement",
        root,
        context,
        effective=of.effective_time(root),
        recorded_date=of.moment(root, "dateAsserted"),
        reasons=of.concepts(root.children("reasonCode")),
        dosages=of.several(root.children("dosage"), dosage, _DOSAGES_MAX),
    )


def request(root: Element, context: Context) -> Json:
    return _entry(
        "request",
        root,
        context,
        intent=of.chosen(root, "intent", enums.INTENT, is_modifier=True),
        do_not_perform=of.boolean(root, "doNotPerform"),
        effective=_own_effective(root),
        recorded_date=of.moment(root, "authoredOn"),
        reasons=of.concepts(root.children("reasonCode")),
        dosages=of.several(root.children("dosageInstruction"), dosage, _DOSAGES_MAX),
    )


def administration(root: Element, context: Context) -> Json:
    own = _of_extensions(root, DOSAGE, "valueDosage")
    if own:
        root.take("dosage")
        dosages = of.several(own, dosage, _DOSAGES_MAX)
    else:
        given = root.child("dosage")
        dosages = [made] if given is not None and (made := _administered(given)) else []
    return _entry(
        "administration",
        root,
        context,
        effective=of.effective_time(root),
        recorded_date=_own_recorded_date(root),
        reasons=of.concepts(root.children("reasonCode")),
        dosages=dosages,
    )


def _administered(given: Element) -> Json:
    dose = of.simple_quantity(given.child("dose"))
    return of.keep(
        text=of.note_text(given, "text"),
        site=of.concept(given.child("site")),
        route=of.concept(given.child("route")),
        dose={"quantity": dose} if dose else None,
    )


def dispense(root: Element, context: Context) -> Json:
    effective = _own_effective(root)
    if effective is None:
        handed_over = of.moment(root, "whenHandedOver")
        effective = {"date_time": handed_over} if handed_over else None
    return _entry(
        "dispense",
        root,
        context,
        effective=effective,
        recorded_date=_own_recorded_date(root),
        reasons=of.concepts(_of_extensions(root, REASON, "valueCodeableConcept")),
        dosages=of.several(root.children("dosageInstruction"), dosage, _DOSAGES_MAX),
    )


def _entry(kind: str, root: Element, context: Context, **fields: object) -> Json:
    entry = of.keep(
        identifiers=of.identifiers(root),
        kind=kind,
        status=of.chosen(root, "status", MEDICATION_STATUSES[kind], is_modifier=True),
        medication=_medication(root, context),
        **fields,
    )
    return with_notes(root, entry)


def _medication(root: Element, context: Context) -> Json | None:
    """The medication's concept. Its form, ingredients and batch go into the note of the entry.

    Raises:
        Refused: there are two medications.
    """
    if root.has("medicationReference") and root.has("medicationCodeableConcept"):
        raise Refused("medication[x] has more than one value")
    reference = root.child("medicationReference")
    if reference is None:
        return of.concept(root.child("medicationCodeableConcept"))
    found = context.find(reference)
    if found is None or found.type != "Medication":
        display = reference.text("display")
        return {"text": display} if display and len(display) <= of.NOTE_MAX else None
    found.refuse_modifiers()
    if found.value.get("status") == "entered-in-error":
        raise Refused("the medication was entered in error")
    medication = Element(found.value, "medication", root.reader)
    concept = of.concept(medication.child("code"))
    said = reference.whole.get("display")
    if concept is None and isinstance(said, str) and 0 < len(said) <= of.NOTE_MAX:
        concept = {"text": said}
    if concept is None:
        concept = _ingredients(found, context)
    if concept is not None and said in (
        concept.get("text"),
        *(one.get("display") for one in concept.get("coding", ())),
    ):
        reference.take("display")
    reference.take("reference"), reference.take("type")
    if medication.whole.get("status") == "active":
        medication.take("status")
    return concept


def _ingredients(medication: Resource, context: Context) -> Json | None:
    """The names of the ingredients, for a medication without a code. They stay for the note."""
    names = []
    given = medication.value.get("ingredient")
    for one in given if isinstance(given, list) else ():
        item = one.get("itemCodeableConcept") if isinstance(one, dict) else None
        reference = one.get("itemReference") if isinstance(one, dict) else None
        literal = reference.get("reference") if isinstance(reference, dict) else None
        if isinstance(item, dict) and item:
            names.append(words(item))
        elif isinstance(literal, str) and (named := context.named(literal, medication)):
            names.append(named)
        else:
            return None
    text = "; ".join(names)
    return {"text": text} if 0 < len(text) <= of.NOTE_MAX else None


def _of_extensions(root: Element, url: str, name: str) -> list[Element]:
    values = [one[name] for one in root.extensions(url) if isinstance(one.get(name), dict)]
    return [Element(value, f"extension[{number}].{name}", root.reader) for number, value in enumerate(values)]


def _own_effective(root: Element) -> Json | None:
    """`effective` where R4 has no element for it."""
    found = root.extensions(EFFECTIVE)
    return of.effective_time(Element(found[0], "extension", root.reader), "value") if _is_one(root, found) else None


def _own_recorded_date(root: Element) -> str | None:
    found = root.extensions(RECORDED_DATE)
    return of.moment(Element(found[0], "extension", root.reader), "valueDateTime") if _is_one(root, found) else None


def _is_one(root: Element, found: list[Json]) -> bool:
    if found:
        found[0].pop("url", None)
    for other in found[1:]:
        root.remark("extension", other)
    return bool(found)
