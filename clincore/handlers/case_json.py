"""Cases and revisions as the contract's schemas have them."""

from typing import Any

import orjson

from clincore.db.queries.cases import CaseRow
from clincore.db.queries.revisions import RevisionSummaryRow, WholeRevision
from clincore.records import revision as revisions
from clincore.records.export import StoredRevision, StoredSignature

Json = dict[str, Any]
Answer = tuple[Json, int, dict[str, str]]
"""Body, status and headers."""

# LOINC's document type for a case that does not say what it is.
DEFAULT_TYPE = {"system": "http://loinc.org", "code": "34133-9", "display": "Summary of episode note"}

# What the contract answers for a field that was not given, in its order.
_EMPTY: Json = {
    "type": DEFAULT_TYPE,
    "subject": None,
    "author": None,
    "period": None,
    "reason": None,
    "history": None,
    "assessment": None,
    "plan": None,
    "conditions": [],
    "observations": [],
    "medications": [],
    "allergies": [],
    "tags": [],
    "metadata": {},
}


def case_as_shown(case: CaseRow) -> Json:
    """`Case`: the signed revision, else the draft."""
    return case_with(case, *content_shown(case))


def case_as_draft(case: CaseRow) -> Json:
    """`Case`: the draft, that of an amendment too."""
    return case_with(case, case.draft) | {"status": "draft", "revision": None}


def case_with(case: CaseRow, content: Json, erased: list[str] | None = None) -> Json:
    """`Case` with these fields, and the names of those that were erased."""
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
    """The fields of a case as it is shown, and the names of those that were erased."""
    if case.revision is None:
        return case.draft, []
    if case.signed is None:
        # Never the draft of an amendment instead, which is not signed.
        raise LookupError("the revision that the case shows is not stored")
    return revisions.content_of(case.signed, case.disclosures or {})


def stored_revision(stored: WholeRevision) -> StoredRevision:
    """A revision for what makes `Revision` of it."""
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
    """`RevisionSummary`."""
    document = orjson.loads(row.signed)
    return {
        "revision": row.revision,
        "status": row.status,
        "created_at": row.created_at,
        "sha256": row.sha256,
        "change_reason": document["change_reason"],
        "signer": document["signer"],
        "meaning": document["meaning"],
        "signatures": row.signatures,
    }
