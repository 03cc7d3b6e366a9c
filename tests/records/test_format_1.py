"""Revisions in the first signed format, which version 0.1.0 stored and exported: they stay valid and readable."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from clincore.records import export, replay, signature, verification
from clincore.records import revision as records
from support.model_1 import VERSION_2
from support.paths import ROOT
from support.revisions import SIGNER, failed

Json = dict[str, Any]

STORED: Json = json.loads((ROOT / "tests" / "records" / "format_1.json").read_text())
"""One case as a service exported it: `whole` are its first two revisions, `erased` are all three after subject and plan
were erased and the case was voided. Exports of that time have no `disclosure` beside a signature."""
JWKS = {key["kid"]: key for key in STORED["jwks"]["keys"]}
WHOLE, ERASED = STORED["whole"], STORED["erased"]
ALL = {f"{name} {one['revision']}": one for name in ("whole", "erased") for one in STORED[name]}


def disclosures_of(exported: Json) -> dict[str, str]:
    return {name: text for name, text in exported["disclosures"].items() if text is not None}


def stored(exported: Json) -> export.StoredRevision:
    """The rows of an exported revision."""
    signatures = [export.StoredSignature(one["number"], one["statement"], one["jws"]) for one in exported["signatures"]]
    return export.StoredRevision(
        exported["revision"],
        exported["status"],
        datetime.fromisoformat(exported["created_at"]),
        exported["sha256"],
        exported["signed"],
        disclosures_of(exported),
        signatures,
    )


@pytest.mark.parametrize("exported", ALL.values(), ids=ALL)
def test_a_revision_in_format_1_is_valid_with_the_checks_of_that_time(exported: Json) -> None:
    checks = verification.check_revision(exported, JWKS)

    assert failed(checks) == {}
    numbers = range(1, len(exported["signatures"]) + 1)
    assert [check.check for check in checks] == [
        *("canonical", "sha256", "identity"),
        *(f"{what} {number}" for number in numbers for what in ("signature", "key life")),
        *(f"disclosure {name}" for name in exported["disclosures"]),
    ]
    gone = [name for name in records.ERASABLE if exported["disclosures"].get(name, "") is None]
    assert verification.erased(exported) == gone == (["subject", "plan"][: len(gone)])
    # The service exports the stored rows as it did then, with an empty place for the Disclosures of signers.
    again = export.revision_json(exported["case_id"], stored(exported))
    assert again == exported | {
        "created_at": datetime.fromisoformat(exported["created_at"]),
        "signatures": [one | {"disclosure": None} for one in exported["signatures"]],
    }
    assert failed(verification.check_revision(again, JWKS)) == {}


@pytest.mark.parametrize("listed", [WHOLE, ERASED], ids=["whole", "erased"])
def test_the_chain_of_format_1_is_complete(listed: list[Json]) -> None:
    links = [replay.link_of(one["revision"], one["signed"]) for one in listed]

    assert replay.check_chain(links, revision=len(listed)).passed


def test_the_content_of_format_1_is_read_from_plain_text_and_disclosures() -> None:
    first, second = VERSION_2, VERSION_2 | {"plan": "More rest."}

    for exported, content in zip(WHOLE, (first, second), strict=True):
        assert records.content_of(exported["signed"], disclosures_of(exported)) == (content, [])
    assert records.content_of(ERASED[1]["signed"], disclosures_of(ERASED[1])) == (
        {name: value for name, value in second.items() if name not in ("subject", "plan")},
        ["subject", "plan"],
    )


def test_every_change_of_a_signer_in_format_1_is_found() -> None:
    for number in (0, 1, 2):
        for change in ({"name": "Dr. Max Muster"}, {"key_id": "x"}, {"key_label": "x"}, {"role": "x"}):
            changed = deepcopy(WHOLE[0])
            changed["signatures"][number]["signer"] |= change
            assert set(failed(verification.check_revision(changed, JWKS))) == {f"signature {number + 1}"}
        changed = deepcopy(WHOLE[0])
        changed["signatures"][number]["disclosure"] = WHOLE[0]["disclosures"]["subject"]
        found = failed(verification.check_revision(changed, JWKS))
        assert found == {f"signer {number + 1}": "The signed text has no digest for it."}
    # A Disclosure that was put into the database is exported, and found there.
    added = stored(WHOLE[0])._replace(disclosures={**disclosures_of(WHOLE[0]), "signer_1": "eA"})
    assert set(failed(verification.check_revision(export.revision_json(WHOLE[0]["case_id"], added), JWKS))) == {
        "signer 1"
    }


def test_an_amendment_and_an_attestation_continue_from_format_1_in_format_2() -> None:
    before, key = ERASED[1], signature.generate()
    document = json.loads(before["signed"])
    at = datetime.fromisoformat(before["created_at"]) + timedelta(days=1)
    content, gone = records.content_of(before["signed"], disclosures_of(before))
    named = {"tenant_id": UUID(document["tenant_id"]), "case_id": UUID(document["case_id"])}
    signed, disclosures = records.compose(
        **named,
        external_id=document["external_id"],
        revision=3,
        status="amended",
        previous_sha256=before["sha256"],
        change_reason="x",
        created_at=datetime.fromisoformat(document["created_at"]),
        content=content,
        erased=records.erased_digests(before["signed"], disclosures_of(before)),
        signer=SIGNER,
        meaning="authorship",
        signed_at=at,
    )
    amended = export.StoredRevision(
        3,
        "amended",
        at,
        records.sha256_of(signed),
        signed,
        disclosures,
        [export.StoredSignature(1, None, key.sign(signed))],
    )

    exported = export.revision_json(before["case_id"], amended)

    jwks = JWKS | {key.kid: key.jwk}
    assert failed(verification.check_revision(exported, jwks)) == {}
    assert verification.erased(exported) == gone == ["subject", "plan"]
    assert records.content_of(signed, disclosures) == (content, gone)
    for name in gone:
        assert json.loads(signed)["disclosure_digests"][name] == document["disclosure_digests"][name]
    # What was in plain text is a Disclosure now.
    assert set(disclosures) == {*content, "signer_1"} - {"title", "type", "period", "tags", "metadata"}
    for text in ("Dr. Grete Beispiel", VERSION_2["conditions"][0]["code"]["coding"][0]["display"]):
        assert text in before["signed"] and text not in signed
    links = [replay.link_of(one["revision"], one["signed"]) for one in (*ERASED[:2], exported)]
    assert replay.check_chain(links, revision=3).passed
    # A further signature of the old revision.
    statement, disclosure = records.attest(
        **named,
        revision=2,
        revision_sha256=before["sha256"],
        number=2,
        previous_jws=before["signatures"][0]["jws"],
        signer=SIGNER,
        meaning="review",
        signed_at=datetime.now(UTC),
    )
    row = stored(before)
    further = row._replace(
        signatures=[*row.signatures, export.StoredSignature(2, statement, key.sign(statement))],
        disclosures={**row.disclosures, "signer_2": disclosure},
    )
    checks = verification.check_revision(export.revision_json(before["case_id"], further), jwks)
    assert failed(checks) == {}
    assert {"signature 2", "signer 2"} <= {check.check for check in checks} and "signer 1" not in {
        check.check for check in checks
    }
