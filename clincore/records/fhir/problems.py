"""Conditions and allergies as FHIR R4 resources.

Values that R4's invariants forbid become a note: the clinical status of an entry that was entered in error (con-5,
ait-2), and the abatement of a condition that is not inactive, in remission or resolved (con-4).
"""

from clincore.records.fhir.datatypes import (
    Value,
    assumed,
    clinical_time,
    concept,
    concepts,
    identifiers,
    keep,
    status,
    text,
)
from clincore.records.fhir.notes import notes
from clincore.records.fhir.vocabulary import Json, fhir_code


def condition(entry: Value, subject: Json) -> Json:
    """A Condition."""
    clinical, verification = entry.get("clinical_status"), entry.get("verification_status")
    in_error = verification == "entered_in_error"
    is_over = clinical in ("inactive", "remission", "resolved") and not in_error
    return keep(
        resourceType="Condition",
        identifier=identifiers(entry.get("identifiers")),
        clinicalStatus=None if in_error else status("condition-clinical", clinical),
        verificationStatus=status("condition-ver-status", verification),
        category=concepts(entry.get("categories")),
        severity=concept(entry.get("severity")),
        code=concept(entry["code"]),
        bodySite=concepts(entry.get("body_sites")),
        subject=subject,
        **clinical_time("onset", entry.get("onset")),
        **(clinical_time("abatement", entry.get("abatement")) if is_over else {}),
        recordedDate=entry.get("recorded_date"),
        stage=[keep(summary=text("text", entry.get("stage")))],
        note=notes(entry, [*(["clinical_status"] if in_error else []), *([] if is_over else ["abatement"])]),
    )


def allergy(entry: Value, subject: Json) -> Json:
    """An AllergyIntolerance."""
    verification = entry.get("verification_status")
    in_error = verification == "entered_in_error"
    clinical = None if in_error else status("allergyintolerance-clinical", entry.get("clinical_status"))
    if not clinical and not in_error:
        # ait-1 requires a status of the value set, which has no "unknown". Active is the safest assumption.
        likely = "inactive" if verification == "refuted" else "active"
        clinical = {
            "extension": [assumed()],
            **status("allergyintolerance-clinical", likely),
            "text": f"Not stated, taken as {likely}",
        }
    criticality = entry.get("criticality")
    return keep(
        resourceType="AllergyIntolerance",
        identifier=identifiers(entry.get("identifiers")),
        clinicalStatus=clinical,
        verificationStatus=status("allergyintolerance-verification", verification),
        type=entry.get("type"),
        category=list(entry.get("categories", ())),
        criticality=fhir_code(criticality) if criticality else None,
        code=concept(entry["code"]),
        patient=subject,
        **clinical_time("onset", entry.get("onset")),
        recordedDate=entry.get("recorded_date"),
        note=notes(entry, ["clinical_status"] if in_error else []),
        reaction=[_reaction(reaction) for reaction in entry.get("reactions", ())],
    )


def _reaction(reaction: Value) -> Json:
    return keep(
        manifestation=concepts(reaction["manifestations"]),
        onset=reaction.get("onset"),
        severity=reaction.get("severity"),
        note=notes(reaction),
    )
