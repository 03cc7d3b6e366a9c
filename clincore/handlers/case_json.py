"""Rows of cases and revisions as the contract's `Case`, `Revision` and `RevisionSummary`."""

from typing import Any

import orjson

from clincore.db.queries.cases import CaseRow
from clincore.db.queries.revisions import RevisionSummaryRow, WholeRevision
from clincore.records import revision as revisions
from clincore.records.export import StoredRevision, StoredSignature

Json = dict[str, Any]
Answer = tuple[Json, int, dict[str, str]]
"""Body, status and headers."""

# The LOINC document type of a case that was given none.
DEFAULT_TYPE = {"system": "http://loinc.org", "code": "34133-9", "display": "Summary of episode note"}

# The values of fields that were not given, in the order of the contract.
_EMPTY: Json = {
    "type": DEFAULT_TYPE,
    "subject": None,
    "author": None,
    "custodian": None,
    "encounter": None,
    "period": None,
    "reason": None,
    "history": None,
    "assessment": None,
    "plan": None,
    "other_sections": [],
    "conditions": [],
    "observations": [],
    "medications": [],
    "allergies": [],
    "procedures": [],
    "immunizations": [],
    "diagnostic_reports": [],
    "documents": [],
    "tags": [],
    "metadata": {},
}


def case_as_shown(case: CaseRow) -> Json:
    """The last signed revision, or the draft of a case that was never signed, as `Case`."""
    return case_with(case, *content_shown(case))


def case_as_draft(case: CaseRow) -> Json:
    """The draft of a case or of an amendment, as `Case`."""
    return case_with(case, case.draft) | {"status": "draft", "revision": None}


def case_with(case: CaseRow, content: Json, erased: list[str] | None = None) -> Json:
    """The case with these fields, as `Case`. `erased`: the names of erased fields."""
    return {
        "id": case.id,
        "external_id": case.external_id,
        "status": case.status,
        "version": case.version,
        "revision": case.revision,
        "amendment_reason": case.amendment_reason,
        "title": content["title"],
        **_EMPTY,
        **content,
        "erased": erased or [],
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "created_by": case.created_by,
        "finalized_at": case.finalized_at,
    }


def content_shown(case: CaseRow) -> tuple[Json, list[str]]:
    """The fields that a case shows, and the names of erased ones."""
    if case.revision is None:
        return case.draft, []
    if case.signed is None:
        # Never fall back to the draft of an amendment, which is not signed.
        raise LookupError("the revision that the case shows is not stored")
    return revisions.content_of(case.signed, case.disclosures or {})


def stored_revision(stored: WholeRevision) -> StoredRevision:
    """The revision as `records` takes it for export and verification."""
    row = stored.row
    return StoredRevision(
        row.revision,
        row.status,
        row.created_at,
        row.sha256,
        row.signed,
        stored.disclosures,
        [StoredSignature(one.number, one.statement, one.jws) for one in stored.signatures],
    )


def revision_summary(row: RevisionSummaryRow) -> Json:
    """The revision as `RevisionSummary`."""
    document = orjson.loads(row.signed)
    return {
        "revision": row.revision,
        "status": row.status,
        "created_at": row.created_at,
        "sha256": row.sha256,
        "change_reason": document["change_reason"],
        "signer": revisions.signer_of(document, row.signer),
        "meaning": document["meaning"],
        "signatures": row.signatures,
    }
