"""Verification of a whole case: its revisions, and what the case's row says of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from clincore.records import revision as revisions
from clincore.records import verification
from clincore.records.verification import Check

Json = dict[str, Any]


class StoredRevision(NamedTuple):
    """A revision as it is stored, which may be anything once it was tampered with."""

    revision: int
    signed: str
    disclosures: Mapping[str, str]
    export: Callable[[], Json]
    """Makes `Revision` of the contract. May raise what reading a document of another form raises."""


def verified_revision(exported: Mapping[str, Any], jwks: Mapping[str, Mapping[str, Any]]) -> Json:
    """`VerifiedRevision` of the contract. `jwks`: public keys by `kid`."""
    checks = verification.check_revision(exported, jwks)
    is_read = not any(check.check == "form" for check in checks)
    return {
        "revision": exported["revision"],
        "valid": all(check.passed for check in checks),
        "checks": [check._asdict() for check in checks],
        "erased": verification.erased(exported) if is_read else [],
    }


def replay(
    case: Mapping[str, Any],
    revision: int | None,
    stored: Sequence[StoredRevision],
    search_columns: Callable[[Json], Mapping[str, Any]],
    jwks: Mapping[str, Mapping[str, Any]],
) -> Json:
    """`Verification` of the contract without the case's id.

    `case`: what its row and its tags say, by the names of `_said_of_case`. `revision`: the one that is shown.
    `search_columns`: the columns by which lists find a case with a content. `jwks`: public keys by `kid`.
    """
    results = [_verified(one, jwks) for one in stored]
    checks = _case_checks(case, revision, stored, search_columns)
    return {
        "valid": all(check.passed for check in checks) and all(result["valid"] for result in results),
        "checks": [check._asdict() for check in checks],
        "revisions": results,
    }


def _verified(stored: StoredRevision, jwks: Mapping[str, Mapping[str, Any]]) -> Json:
    try:
        return verified_revision(stored.export(), jwks)
    except (KeyError, TypeError, ValueError, AttributeError):
        form = Check("form", False, "What is stored is nothing that this service signs.")
        return {"revision": stored.revision, "valid": False, "checks": [form._asdict()], "erased": []}


def _case_checks(
    case: Mapping[str, Any],
    revision: int | None,
    stored: Sequence[StoredRevision],
    search_columns: Callable[[Json], Mapping[str, Any]],
) -> list[Check]:
    """That the revisions are a chain, and that the case is shown and found as its last revision says."""
    if not stored and revision is None:
        return [Check("signed", False, "No revision of this case is signed.")]
    try:
        checks = verification.check_chain([one._asdict() for one in stored], revision or 0)
        said = _said_of_case(stored, search_columns) if stored else {}
    except (KeyError, TypeError, ValueError, AttributeError):
        return [Check("chain", False, "A revision has a signed text that cannot be read.")]
    differing = [name for name, value in case.items() if name not in said or said[name] != value]
    detail = f"The case's row differs from its last revision: {', '.join(differing)}."
    return [*checks, Check("case", not differing, detail if differing else "The case's row is as it was signed.")]


def _said_of_case(stored: Sequence[StoredRevision], search_columns: Callable[[Json], Mapping[str, Any]]) -> Json:
    """What the signed texts say that the case's row has.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: they say nothing of the kind.
    """
    first, last = orjson.loads(stored[0].signed), orjson.loads(stored[-1].signed)
    content, _ = revisions.content_of(stored[-1].signed, stored[-1].disclosures)
    return {
        **{name: last[name] for name in ("tenant_id", "case_id", "status", "external_id")},
        "created_at": verification.instant(last["created_at"]),
        "finalized_at": verification.instant(first["signed_at"]),
        "tags": sorted(content.get("tags", ())),
        **search_columns(content),
    }
