"""A case as a FHIR R4 document Bundle (hl7.org/fhir/R4/documents.html).

Values of a case that R4's invariants forbid are written in words instead, mostly into the entry's `note`, with the
value itself in an extension. Extensions also keep what R4 has no place for; `vocabulary` names them. So the document
has all content of the case, and can be read back as the same case. The narrative of each section shows its complete
entries.

Left out: `created_by` and `finalized_at`, which describe the service rather than the case.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid5

import orjson

from clincore.records.fhir.composition import SUMMARY_PROFILE, composition
from clincore.records.fhir.datatypes import absent, keep, server_time
from clincore.records.fhir.entries import Entries
from clincore.records.fhir.vocabulary import Json
from clincore.records.fhir.words import inline

Profile = Literal["ips"]
"""`ips`: an International Patient Summary (hl7.org/fhir/uv/ips)."""

# hl7.org/fhir/R4/valueset-signature-type.html, with the definitions of ASTM E1762: a Validation Signature is that of a
# physician who accepts another's document into the record; a Verification Signature countersigns an order.
_SIGNATURE_TYPES = {
    "authorship": ("1.2.840.10065.1.12.1.1", "Author's Signature"),
    "approval": ("1.2.840.10065.1.12.1.6", "Validation Signature"),
    "review": ("1.2.840.10065.1.12.1.13", "Review Signature"),
}


def document(
    case: Mapping[str, Any],
    *,
    identifier_system: str,
    signatures: Sequence[Mapping[str, Any]],
    profile: Profile | None = None,
) -> Json:
    """A document Bundle. Its decimal numbers are `Decimal`, so write it with `as_json`.

    `case`: the contract's `Case`, plus `revision`, the number of the signed revision that it shows, if any. Times of
    the server are `datetime` or RFC 3339 in UTC. `signatures`: of that revision, in the order of signing, each with
    `signer` (`name`, `identifier`?, `role`?; no name if it was erased), `meaning`, `signed_at` and `jws`.

    `identifier_system` is the namespace of the Bundle's identifier: `<case id>/revisions/<n>/<digest>` for a signed
    case, else `<case id>/versions/<n>/<digest>`. The digest covers all other content, so a further signature, an
    erasure or another profile gives a new identifier. Other ids derive from the case's id and the place in the case.
    The same arguments give the same bytes. A signed Composition has no `versionId`, which would change with each edit
    of an amendment.

    Each signer is an attester of the Composition. The first signature is in `Bundle.signature`, which holds at most
    one, each further one in a Provenance of the Composition. They sign ClinCore's canonical JSON of the revision, as
    `targetFormat` states, not this Bundle. A verifier needs the revision's bytes.

    Without a subject, references to it have a `data-absent-reason`: `masked` when the case is signed, because it had a
    subject that was erased, else `unknown`. A section whose field was erased has `masked` too, and no entries.
    """
    entries = Entries(UUID(str(case["id"])))
    is_summary = profile == "ips"
    head = composition(case, entries, is_signed=bool(signatures), is_summary=is_summary)
    signers = [_signer(number, each["signer"], entries) for number, each in enumerate(signatures)]
    attester = [
        {"mode": "professional", "time": server_time(each["signed_at"]), "party": signer}
        for each, signer in zip(signatures, signers, strict=True)
    ]
    signed = [_signature(each, signer) for each, signer in zip(signatures, signers, strict=True)]
    for number, signature in enumerate(signed[1:], start=1):
        provenance = {
            "resourceType": "Provenance",
            "target": [{"reference": entries.url}],
            "recorded": signature["when"],
            "agent": [{"who": signature["who"]}],
            "signature": [signature],
        }
        said = f"{signature['type'][0]['display']}, {signature['when']}"
        entries.add(f"signatures/{number}", provenance, inline(said))
    updated_at, revision = head["date"], case.get("revision")
    content = keep(
        meta={"profile": [SUMMARY_PROFILE.format("Bundle")]} if is_summary else None,
        type="document",
        timestamp=max([updated_at, *(signature["when"] for signature in signed)], key=datetime.fromisoformat),
        entry=[{"fullUrl": entries.url, "resource": {**head, **keep(attester=attester)}}, *entries.all],
        signature=next(iter(signed), None),
    )
    state = f"versions/{case['version']}" if revision is None else f"revisions/{revision}"
    named = f"{state}/{hashlib.sha256(as_json(content)).hexdigest()[:32]}"
    identifier = {"system": identifier_system, "value": f"{entries.case_id}/{named}"}
    return {"resourceType": "Bundle", "id": str(uuid5(entries.case_id, named)), "identifier": identifier, **content}


def as_json(bundle: Json) -> bytes:
    """The Bundle as JSON. Each `Decimal` becomes a number with exactly its digits: `72.50` stays `72.50`."""
    return orjson.dumps(bundle, default=_number)


def _number(value: object) -> orjson.Fragment:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no form in FHIR's JSON")
    return orjson.Fragment(format(value, "f"))


def _signer(number: int, signer: Mapping[str, Any], entries: Entries) -> Json:
    if not signer.get("name"):
        return absent("masked", "Erased")
    return entries.add_party(f"signatures/{number}/signer", signer)


def _signature(signature: Mapping[str, Any], signer: Json) -> Json:
    code, display = _SIGNATURE_TYPES[signature["meaning"]]
    return {
        "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": code, "display": display}],
        "when": server_time(signature["signed_at"]),
        "who": signer,
        "targetFormat": "application/json",
        "sigFormat": "application/jose",
        "data": b64encode(signature["jws"].encode()).decode(),
    }
