"""Verification of a whole case: its revisions, their chain, and the case's row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from clincore.records import export, verification
from clincore.records import revision as revisions
from clincore.records.export import StoredRevision
from clincore.records.verification import Check

Json = dict[str, Any]

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


class Link(NamedTuple):
    """A revision's link of the chain: the hash of its text, and the previous revision's hash that it names."""

    revision: int
    sha256: str
    previous_sha256: str | None


def verified_stored(case_id: str, stored: StoredRevision, jwks: Mapping[str, Mapping[str, Any]]) -> Json:
    """The contract's `VerifiedRevision`. `jwks`: public keys by `kid`."""
    try:
        verified = verification.verified(export.revision_json(case_id, stored), jwks)
    except _UNREADABLE:
        form = Check("form", False, "The stored revision is not in the form that this service signs.")
        verified = {"valid": False, "checks": [form._asdict()], "erased": []}
    return {"revision": stored.revision, **verified}


def link_of(revision: int, signed: str) -> Link | None:
    """The link of a revision with this signed text; None: the text cannot be read."""
    try:
        return Link(revision, revisions.sha256_of(signed), orjson.loads(signed).get("previous_sha256"))
    except _UNREADABLE:
        return None


def signed_values(first: str, last: str, disclosures: Mapping[str, str]) -> Json | None:
    """The values of the case's row according to the signed texts of its first and last revision; None: unreadable.

    `disclosures`: those of the last revision, by field. In the result, `content` has the fields that are searched.
    """
    try:
        document = orjson.loads(last)
        content, _ = revisions.content_of(last, disclosures)
        return {
            **{name: document[name] for name in ("tenant_id", "case_id", "status", "external_id", "created_at")},
            "finalized_at": orjson.loads(first)["signed_at"],
            "tags": sorted(content.get("tags", ())),
            "content": {name: content[name] for name in ("title", "type", "subject") if name in content},
        }
    except _UNREADABLE:
        return None


def case_checks(
    links: Sequence[Link | None],
    *,
    after: Link | None,
    revision: int,
    row: Mapping[str, Any],
    expected: Mapping[str, Any] | None,
    search_columns: Callable[[Json], Mapping[str, Any]],
) -> list[Check]:
    """Check that the revisions form a complete chain and that the case's row matches its last revision.

    `links`, `after`, `revision`: as in `check_chain`. `row`: the case's row and tags. `expected`: from `signed_values`.
    `search_columns`: makes the search columns of a case from its content.
    """
    if any(link is None for link in links) or expected is None:
        return [_UNREADABLE_TEXT]
    try:
        times = {name: verification.instant(expected[name]) for name in ("created_at", "finalized_at")}
        columns = {**expected, **times, **search_columns(expected["content"])}
    except _UNREADABLE:
        return [_UNREADABLE_TEXT]
    differing = [name for name, value in row.items() if name not in columns or columns[name] != value]
    detail = f"The case's row differs from its last revision: {', '.join(differing)}."
    chain = check_chain(links, after=after, revision=revision)
    return [chain, Check("case", not differing, detail if differing else "The case's row matches its last revision.")]


def check_chain(links: Sequence[Link | None], *, after: Link | None = None, revision: int | None = None) -> Check:
    """Check that revisions are numbered without a gap, each names the previous hash, and the last is `revision`.

    `after`: the revision before the first link; None: the links begin with revision 1. `revision`: None: others may
    follow.
    """
    number, previous = (after.revision, after.sha256) if after else (0, None)
    first = number + 1
    for number, link in enumerate(links, start=first):
        if link is None:
            return _UNREADABLE_TEXT
        if link.revision != number:
            return Check("chain", False, f"Revision {number} is missing.")
        if link.previous_sha256 != previous:
            return Check("chain", False, f"Revision {number} does not name the hash of the one before.")
        previous = link.sha256
    if revision is not None and revision != number:
        return Check("chain", False, f"Revision {max(revision, number)} is unexpected or missing.")
    return Check("chain", True, f"Revisions {first} to {number}, each with the hash of the one before.")


_UNREADABLE_TEXT = Check("chain", False, "The signed text of a revision cannot be read.")
