"""The contract's `Revision` and `Signature` made from stored rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from clincore.records import revision as revisions
from clincore.records import signature as signatures

Json = dict[str, Any]


class StoredSignature(NamedTuple):
    """A stored signature. `statement`: the text that it signs; None: the revision's own text."""

    number: int
    statement: str | None
    jws: str


class StoredRevision(NamedTuple):
    """A stored revision. If it was tampered with, its fields can hold anything."""

    revision: int
    status: str
    created_at: datetime
    sha256: str
    signed: str
    disclosures: Mapping[str, str]
    """The Disclosures that were not erased, by stored name."""
    signatures: Sequence[StoredSignature]


def revision_json(case_id: str, stored: StoredRevision) -> Json:
    """The contract's `Revision`.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the stored text is not in the form that this service signs.
    """
    document = orjson.loads(stored.signed)
    disclosures = dict(stored.disclosures)
    listed = [
        signature_json(
            one,
            document if one.statement is None else orjson.loads(one.statement),
            disclosures.pop(revisions.signer_name(one.number), None),
        )
        for one in stored.signatures
    ]
    return {
        "case_id": case_id,
        "revision": stored.revision,
        "status": stored.status,
        "created_at": stored.created_at,
        "sha256": stored.sha256,
        "signed": stored.signed,
        # With those that have no digest: verification reports them.
        "disclosures": {**{name: None for name in document["disclosure_digests"]}, **disclosures},
        "signatures": listed,
    }


def signature_json(stored: StoredSignature, document: Mapping[str, Any], disclosure: str | None) -> Json:
    """The contract's `Signature`. `document`: the parsed text that it signs. `disclosure`: of its signer, if any."""
    return {
        "number": stored.number,
        "kid": signatures.kid_of(stored.jws),
        "signer": revisions.signer_of(document, disclosure),
        "meaning": document["meaning"],
        "signed_at": document["signed_at"],
        "statement": stored.statement,
        "disclosure": disclosure,
        "jws": stored.jws,
    }
