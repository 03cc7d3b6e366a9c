"""Condition and AllergyIntolerance as entries of a case."""

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading import enums
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Element, Json
from clincore.records.fhir.reading.notes import with_notes

_REACTIONS_MAX = 20
_SEVERITIES = ("mild", "moderate", "severe")


def condition(root: Element, context: Context) -> Json:
    entry = of.keep(
        identifiers=of.identifiers(root),
        clinical_status=of.status_of(root, "clinicalStatus", enums.CLINICAL),
        verification_status=of.status_of(root, "verificationStatus", enums.VERIFICATION),
        categories=of.concepts(root.children("category")),
        severity=of.concept(root.child("severity")),
        code=of.concept(root.child("code")),
        body_sites=of.concepts(root.children("bodySite")),
        onset=of.clinical_time(root, "onset"),
        abatement=of.clinical_time(root, "abatement"),
        recorded_date=of.moment(root, "recordedDate"),
        stage=_stage(root),
    )
    return with_notes(root, entry)


def _stage(root: Element) -> str | None:
    """The words of one stage. Its coding and type, and further stages, go into the note."""
    stages = root.children("stage")
    summary = stages[0].child("summary") if stages else None
    return of.note_text(summary, "text") if summary is not None else None


def allergy(root: Element, context: Context) -> Json:
    entry = of.keep(
        identifiers=of.identifiers(root),
        clinical_status=of.status_of(root, "clinicalStatus", enums.ALLERGY_CLINICAL),
        verification_status=of.status_of(root, "verificationStatus", enums.ALLERGY_VERIFICATION),
        type=of.chosen(root, "type", ("allergy", "intolerance")),
        categories=_categories(root),
        criticality=of.chosen(root, "criticality", ("low", "high", "unable_to_assess")),
        code=of.concept(root.child("code")),
        onset=of.clinical_time(root, "onset"),
        recorded_date=of.moment(root, "recordedDate"),
        reactions=of.several(root.children("reaction"), _reaction, _REACTIONS_MAX),
    )
    return with_notes(root, entry)


def _categories(root: Element) -> list[str]:
    known = ("food", "medication", "environment", "biologic")
    kept: list[str] = []
    for category in root.items("category"):
        if category in known and category not in kept:
            kept.append(category)
        elif category not in known:
            root.remark("category", category)
    return kept


def _reaction(reaction: Element) -> Json | None:
    """A reaction with a manifestation; another goes into the note."""
    manifestations = of.concepts(reaction.children("manifestation"))
    if not manifestations:
        reaction.remark_whole()
        return None
    return of.keep(
        manifestations=manifestations,
        onset=of.moment(reaction, "onset"),
        severity=of.chosen(reaction, "severity", _SEVERITIES),
        note=_reaction_note(reaction),
    )


def _reaction_note(reaction: Element) -> str | None:
    text = "\n\n".join(of.notes(reaction))
    if len(text) <= of.NOTE_MAX:
        return text or None
    reaction.remark("note", text)
    return None
