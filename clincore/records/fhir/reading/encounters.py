"""The Encounter of a case."""

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading import enums
from clincore.records.fhir.reading.context import Around, Context, require_subject
from clincore.records.fhir.reading.element import Element, Json, Resource


def read_encounter(context: Context, resource: Resource) -> Json | None:
    """The Encounter as the case's `encounter`. What it does not hold is kept with the resources around the entries.

    Raises:
        Refused: the Encounter is about another subject, has a modifier that is not understood, or an element of a
            wrong type.
    """
    reader = context.reader(resource)
    made = _encounter(context, reader.root)
    reader.close()
    context.around[id(resource)] = Around(resource, made, reader)
    return made or None


def read_encounter_as_case(context: Context, resource: Resource) -> Json:
    """`encounter`, `period` and `author` of a case that an Encounter becomes.

    The author is the first participant who is a person, else the organization.

    Raises:
        Refused: as for `read_encounter`.
    """
    reader = context.reader(resource)
    root = reader.root
    participants = root.children("participant")
    people = ((one, one.child("individual")) for one in participants)
    author = next((party for _, person in people if person is not None and (party := context.party(person))), None)
    if author is None and (provider := root.child("serviceProvider")) is not None:
        author = context.party(provider)
    made = _encounter(context, root)
    reader.close()
    context.around[id(resource)] = Around(resource, made, reader)
    span = made.get("period", {})
    start, end = span.get("start", ""), span.get("end")
    is_full = of.is_instant(start) and (end is None or of.is_instant(end))
    return of.keep(encounter=made, author=author, period=span if is_full else None)


def _encounter(context: Context, root: Element) -> Json:
    subject = root.child("subject")
    if subject is not None:
        require_subject(context, subject)
    kind = root.child("class")
    held = of.coding(kind) if kind is not None else None
    if kind is not None and held is None:
        kind.remark_whole()
    return of.keep(
        identifiers=of.identifiers(root),
        status=of.chosen(root, "status", enums.ENCOUNTER, is_modifier=True),
        **{"class": held},
        types=of.concepts(root.children("type")),
        period=of.period(root.child("period")),
        reasons=of.concepts(root.children("reasonCode")),
    )
