"""Verification of revisions and chains of them, with nothing but public keys."""

import base64
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from clincore.records import replay, signature, verification
from clincore.records import revision as records
from support.cases import CONSULTATION
from support.forgeries import disclosure
from support.revisions import (
    CASE,
    JWKS,
    KEY,
    KEY_ID,
    MOMENT,
    SIGNER,
    attestation_of,
    attested,
    compose,
    export,
    failed,
    history,
)

Json = dict[str, Any]


def test_an_exported_revision_verifies_without_a_service() -> None:
    exported = export()
    checks = verification.check_revision(exported, JWKS)

    assert failed(checks) == {}
    assert [check.check for check in checks] == [
        *("canonical", "sha256", "identity"),
        *(f"{what} {number}" for number in (1, 2, 3) for what in ("signature", "key life", "signer")),
        *(f"disclosure {name}" for name in sorted(exported["disclosures"])),
    ]
    assert {"author", "medications", "plan", "subject"} <= set(exported["disclosures"])


@pytest.mark.parametrize("statement", ["", "0000", "[]", "{}", '{"profile": "urn:clincore:attestation:2"}'])
def test_a_first_signature_with_a_statement_fails_its_check(statement: str) -> None:
    exported = export()
    exported["signatures"][0] |= {"statement": statement, "disclosure": None}

    verified = verification.verified(exported, JWKS)

    assert "signature 1" in {check["check"] for check in verified["checks"] if not check["passed"]}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in it, containers included."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from leaves(child, (*path, key))


def test_every_change_or_omission_in_a_revision_is_found() -> None:
    whole = export()
    tried = 0
    for path in leaves(whole):
        for other in (None, 5, -1, "", "x", [], {}, [None], {"x": None}, "{}", "[]", "a..b", "cut", "delete"):
            changed = deepcopy(whole)
            place: Any = changed
            for key in path[:-1]:
                place = place[key]
            before = place[path[-1]]
            if other == "delete":
                del place[path[-1]]
            else:
                place[path[-1]] = before[:-1] if other == "cut" and isinstance(before, (str, list)) else other
            is_erased = path[0] == "disclosures" and (
                (len(path) == 2 and other in (None, "delete")) or (len(path) == 1 and other in ({}, {"x": None}))
            )
            # Nothing refers to the last signature, so its removal cannot be found.
            is_shorter = (path == ("signatures",) and other == "cut") or (
                path == ("signatures", 2) and other == "delete"
            )
            if is_erased or is_shorter or changed == whole:
                continue
            checks = verification.check_revision(changed, JWKS)
            assert failed(checks), (path, other)
            tried += 1
    assert tried > 300


@pytest.mark.parametrize("listed", ["2026-03-02T09:30:00.123Z", "2026-03-02T10:30:00.123456+01:00"])
def test_a_revision_that_a_client_parsed_and_wrote_again_is_valid(listed: str) -> None:
    """A JavaScript Date has milliseconds. Other clients write another offset, upper-case UUIDs or 1.0 for 1."""
    exported = export()
    exported |= {"created_at": listed, "case_id": exported["case_id"].upper(), "revision": 1.0}
    for one in exported["signatures"]:
        one |= {"signed_at": listed, "number": float(one["number"])}

    assert failed(verification.check_revision(exported, JWKS)) == {}


@pytest.mark.parametrize("listed", ["2026-03-02T09:30:00.122Z", "2026-03-02T09:30:00.125Z", "2026-03-02T09:30:01Z"])
def test_a_time_that_differs_from_the_signed_one_fails(listed: str) -> None:
    exported = export()
    assert set(failed(verification.check_revision(exported | {"created_at": listed}, JWKS))) == {"identity"}
    exported["signatures"][1]["signed_at"] = listed
    assert set(failed(verification.check_revision(exported, JWKS))) == {"signature 2"}


def test_a_stored_time_must_equal_the_signed_one_to_the_microsecond() -> None:
    exported = export() | {"created_at": MOMENT}
    assert failed(verification.check_revision(exported, JWKS)) == {}
    exported["created_at"] = MOMENT.replace(microsecond=MOMENT.microsecond + 1)
    assert set(failed(verification.check_revision(exported, JWKS))) == {"identity"}


def test_erased_fields_are_valid_and_listed() -> None:
    exported = export()
    exported["disclosures"]["subject"] = None
    del exported["disclosures"]["plan"]

    assert failed(verification.check_revision(exported, JWKS)) == {}
    assert verification.erased(exported) == ["subject", "plan"]
    last = exported["signatures"][2]
    last |= {"disclosure": None, "signer": {"key_id": KEY_ID}}
    checks = verification.check_revision(exported, JWKS)
    assert failed(checks) == {}
    was_erased = {check.check for check in checks if check.detail == "Was erased; its digest stays in the signed text."}
    assert was_erased == {"disclosure subject", "disclosure plan", "signer 3"}
    assert verification.erased(exported) == ["subject", "plan", "signers"]
    del last["disclosure"]
    assert failed(verification.check_revision(exported, JWKS)) == {}


@pytest.mark.parametrize("value", [None, 5, "x", [], [1], {}, True])
def test_a_value_that_is_not_a_revision_fails_the_form_check(value: Any) -> None:
    (check,) = verification.check_revision(value, JWKS)

    assert (check.check, check.passed) == ("form", False)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["Ed25519", "none", "b64", KEY.kid]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "kid", "b64"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def some_of(*names: str) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional={name: ODD for name in names})


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    some_of("alg", "b64", "crit", "typ", "jwk", "zip"), st.none() | some_of("disclosure_digests", "signer", "revision")
)
def test_forged_headers_and_texts_fail_without_an_exception(header: Json, document: Json | None) -> None:
    """Headers that name the right key, with the bytes of a valid signature, and texts of any shape."""
    exported = export(attestations=0)
    value = exported["signatures"][0]["jws"].split(".")[2]
    encoded = base64.urlsafe_b64encode(json.dumps({"kid": KEY.kid, **header}).encode()).rstrip(b"=").decode()
    exported["signatures"][0]["jws"] = f"{encoded}..{value}"
    if document is not None:
        exported["signed"] = json.dumps(document)

    assert set(failed(verification.check_revision(exported, JWKS))) & {"signature 1", "form"}


def test_signatures_fail_with_any_key_but_the_signers() -> None:
    exported, other = export(), signature.generate()

    for jwks, word in (
        ({}, "not among the public keys"),
        ({other.kid: other.jwk}, "not among the public keys"),
        ({KEY.kid: other.jwk}, "does not match the text"),
        ({KEY.kid: {"kty": "OKP"}}, "does not match the text"),
        ({KEY.kid: JWKS[KEY.kid] | {"crv": "X25519"}}, "does not match the text"),
        ({KEY.kid: {"kty": "oct", "crv": "Ed25519", "x": "AAAA"}}, "does not match the text"),
        ({KEY.kid: JWKS[KEY.kid] | {"x": 5}}, "does not match the text"),
    ):
        found = failed(verification.check_revision(exported, jwks))
        assert set(found) == {"signature 1", "signature 2", "signature 3"}, found
        assert all(word in detail for detail in found.values()), found


LIVES = {
    "retired later": ({"retired_at": "2026-03-02T09:30:00.123457Z"}, True),
    "compromised later": ({"compromised_at": "2026-03-02T09:30:01Z"}, True),
    "in another zone": ({"retired_at": "2026-03-02T10:30:00+01:00"}, False),
    "retired at that moment": ({"retired_at": "2026-03-02T09:30:00.123456Z"}, False),
    "compromised before": ({"compromised_at": "2026-03-01T00:00:00Z"}, False),
    "compromised before it was retired": (
        {"retired_at": "2026-04-01T00:00:00Z", "compromised_at": "2026-03-01T00:00:00Z"},
        False,
    ),
    "retired before it was compromised": (
        {"retired_at": "2026-03-01T00:00:00Z", "compromised_at": "2026-04-01T00:00:00Z"},
        False,
    ),
    "a datetime from the database": ({"retired_at": MOMENT}, False),
    "in use": ({"retired_at": None, "compromised_at": None}, True),
    "no time": ({"retired_at": "soon"}, False),
    "no zone": ({"retired_at": "2027-01-01T00:00:00"}, False),
    "no text": ({"compromised_at": 5}, False),
}


@pytest.mark.parametrize(("ends", "is_valid"), LIVES.values(), ids=LIVES)
def test_a_signature_dated_after_the_end_of_its_key_is_invalid(ends: Json, is_valid: bool) -> None:
    found = failed(verification.check_revision(export(), {KEY.kid: KEY.jwk | ends}))

    assert set(found) == (set() if is_valid else {"key life 1", "key life 2", "key life 3"}), found


def test_each_signature_is_checked_against_the_end_of_its_own_key() -> None:
    """A revision that was signed in time but attested after its key was retired."""
    exported, late = export(attestations=0), datetime(2026, 5, 1, tzinfo=UTC)
    statement, disclosure = attestation_of(exported, signed_at=late)
    jwks = {KEY.kid: KEY.jwk | {"retired_at": "2026-04-01T00:00:00Z"}}

    found = failed(verification.check_revision(attested(exported, statement, disclosure, KEY), jwks))

    assert set(found) == {"key life 2"} and "2026-04-01T00:00:00Z" in found["key life 2"], found
    other = signature.generate()
    by_other = attested(exported, statement, disclosure, other)
    assert failed(verification.check_revision(by_other, jwks | {other.kid: other.jwk})) == {}


def test_the_end_of_a_key_is_compared_with_the_signed_time_only() -> None:
    exported = export(attestations=0)
    exported["created_at"] = exported["signatures"][0]["signed_at"] = "2026-03-02T09:30:00.123Z"

    found = failed(verification.check_revision(exported, {KEY.kid: KEY.jwk | {"retired_at": MOMENT}}))

    assert set(found) == {"key life 1"}


FORGED_SIGNERS: dict[str, tuple[Callable[[Json], Any], dict[str, str]]] = {
    "another name, beside its Disclosure": (
        lambda exported: exported["signatures"][0]["signer"].update(name="Dr. Max Muster"),
        {"signature 1": "signer"},
    ),
    "another key": (
        lambda exported: exported["signatures"][1]["signer"].update(key_id=str(CASE)),
        {"signature 2": "signer"},
    ),
    "another name, with a Disclosure of it": (
        lambda exported: disclose_signer(exported["signatures"][0], "signer", {"name": "Dr. Max Muster"}),
        {"signer 1": "digest"},
    ),
    "another name in an attestation": (
        lambda exported: disclose_signer(exported["signatures"][2], "signer", {"name": "Dr. Max Muster"}),
        {"signer 3": "digest"},
    ),
    "the signer of another signature": (
        lambda exported: exported["signatures"][2].update(
            {name: exported["signatures"][0][name] for name in ("signer", "disclosure")}
        ),
        {"signer 3": "digest"},
    ),
    "a name without a Disclosure": (
        lambda exported: exported["signatures"][0].update(disclosure=None),
        {"signature 1": "signer"},
    ),
    "the Disclosure of a field": (
        lambda exported: exported["signatures"][0].update(
            disclosure=exported["disclosures"]["author"], signer=SIGNER | {"key_label": "x"}
        ),
        {"signature 1": "signer"},
    ),
}


def disclose_signer(signature: Json, name: str, value: Json) -> None:
    signature["disclosure"] = disclosure(name, value)
    signature["signer"] = value | {"key_id": KEY_ID}


@pytest.mark.parametrize(("forge", "expected"), FORGED_SIGNERS.values(), ids=FORGED_SIGNERS)
def test_a_signer_other_than_the_signed_one_is_invalid(forge: Callable[[Json], Any], expected: dict[str, str]) -> None:
    exported = export()

    forge(exported)

    found = failed(verification.check_revision(exported, JWKS))
    assert set(found) == set(expected), found
    assert all(word in found[check] for check, word in expected.items()), found


def test_a_signed_digest_proves_the_value_of_its_own_field_only() -> None:
    """Signed texts that this service does not make: a genuine Disclosure under the name of another field."""
    signed, disclosures = compose()
    document = json.loads(signed)
    digests = document["disclosure_digests"]
    for name, other in (("plan", "history"), ("signer", "author")):
        forged = deepcopy(document)
        exported = export(attestations=0)
        exported["disclosures"] = {name: text for name, text in disclosures.items() if name != "signer_1"}
        if name == "signer":
            forged["signer"]["disclosure_digest"] = digests[other]
            exported["signatures"][0] |= {
                "disclosure": disclosures[other],
                "signer": CONSULTATION["author"] | {"key_id": KEY_ID},
            }
        else:
            forged["disclosure_digests"][name] = digests[other]
            exported["disclosures"][name] = disclosures[other]
            exported["signatures"][0]["disclosure"] = disclosures["signer_1"]
        text = rfc8785.dumps(forged).decode()
        exported |= {"signed": text, "sha256": records.sha256_of(text)}
        exported["signatures"][0]["jws"] = KEY.sign(text)
        check = "signer 1" if name == "signer" else f"disclosure {name}"
        assert set(failed(verification.check_revision(exported, JWKS))) == {check}


@pytest.mark.parametrize("profile", ["urn:clincore:revision:3", records.ATTESTATION, records.ATTESTATION_1, None, 2])
def test_a_signed_text_of_another_profile_is_not_a_revision(profile: Any) -> None:
    exported = export(attestations=0)
    text = rfc8785.dumps(json.loads(exported["signed"]) | {"profile": profile}).decode()
    exported |= {"signed": text, "sha256": records.sha256_of(text)}
    exported["signatures"][0]["jws"] = KEY.sign(text)

    assert "identity" in failed(verification.check_revision(exported, JWKS))


@pytest.mark.parametrize("profile", ["urn:clincore:attestation:3", records.REVISION, records.REVISION_1, None, 2])
def test_a_signed_text_of_another_profile_is_not_an_attestation(profile: Any) -> None:
    exported = export(attestations=0)
    statement, disclosure = attestation_of(exported)
    text = rfc8785.dumps(json.loads(statement) | {"profile": profile}).decode()

    assert set(failed(verification.check_revision(attested(exported, text, disclosure, KEY), JWKS))) == {"signature 2"}


def test_a_chain_must_be_complete_in_order_and_linked_by_hashes() -> None:
    first, second, third = history()
    other_second = export(2, "0" * 64)

    def check(listed: list[Json], revision: int | None) -> verification.Check:
        links = [replay.link_of(one["revision"], one["signed"]) for one in listed]
        return replay.check_chain(links, revision=revision)

    assert check([first, second, third], 3).passed
    assert check([first, second, third], None).passed
    for listed, revision in (
        ([first, third], 3),
        ([second, third], 3),
        ([first, second], 3),
        ([first, second, third], 2),
        ([first, second, third], 0),
        ([], 1),
        ([second, first], 2),
        ([first, other_second], 2),
        ([first, first], 2),
    ):
        assert not check(listed, revision).passed
    # A later part of the chain continues from the revision before it.
    links = [replay.link_of(one["revision"], one["signed"]) for one in (first, second, third)]
    assert replay.check_chain(links[1:], after=links[0], revision=3).passed
    assert not replay.check_chain(links[2:], after=links[0]).passed
    assert not replay.check_chain([replay.link_of(2, other_second["signed"])], after=links[0]).passed
