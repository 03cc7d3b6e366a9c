"""A revision's canonical text, its Disclosures, and the signature over the text."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clincore.records import revision as records
from support.cases import CONSULTATION
from support.revisions import KEY, KEY_ID, METADATA, SIGNER, compose


def test_the_signed_text_is_canonical() -> None:
    signed, _ = compose()

    assert signed.encode() == rfc8785.dumps(json.loads(signed))
    assert records.is_canonical(signed)
    document = json.loads(signed)
    assert (document["profile"], document["signed_at"]) == (records.REVISION, "2026-03-02T09:30:00.123456Z")
    # Sorted by UTF-16, in which surrogates come before U+E000.
    assert list(document["metadata"]) == ["é", "\U0001f600", "\ue000"]


def test_disclosures_match_their_digests_and_each_has_its_own_salt() -> None:
    signed, disclosures = compose()
    _, others = compose()
    digests = json.loads(signed)["disclosure_digests"]

    signer = disclosures.pop("signer_1")
    clear = {"title", "type", "period", "tags", "metadata"}
    assert set(disclosures) == set(digests) == set(CONSULTATION) - clear
    salts = set()
    for name, disclosure in disclosures.items():
        array = json.loads(base64.urlsafe_b64decode(disclosure + "=="))
        assert array[1:] == [name, CONSULTATION[name]] == records.read(disclosure)[1:]
        assert len(base64.urlsafe_b64decode(array[0] + "==")) == 16
        digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).rstrip(b"=").decode()
        assert digests[name] == digest == records.digest_of(disclosure)
        salts |= {array[0], records.read(others[name])[0]}
    assert len(salts) == 2 * len(disclosures)
    # The signer's Disclosure has everything about the signer except the key's id.
    assert records.read(signer)[1:] == ["signer", {name: SIGNER[name] for name in ("name", "key_label")}]
    assert json.loads(signed)["signer"] == {"key_id": KEY_ID, "disclosure_digest": records.digest_of(signer)}


def test_a_field_that_this_version_does_not_know_is_signed_as_a_disclosure() -> None:
    value = [{"any": {"shape": [1, None, "x"]}}]
    signed, disclosures = compose(new_field=value)

    assert "shape" not in signed and "new_field" in json.loads(signed)["disclosure_digests"]
    assert records.content_of(signed, disclosures)[0]["new_field"] == value


def test_the_example_of_rfc_9901_is_read_and_digested() -> None:
    """RFC 9901, section 4.2.1, with the digest from section 4.2.3."""
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"

    assert records.read(disclosure) == ["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]
    assert records.digest_of(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_content_of_restores_the_content_and_names_erased_fields() -> None:
    signed, disclosures = compose()
    whole, erased = records.content_of(signed, disclosures)
    assert (whole, erased) == (CONSULTATION | {"metadata": METADATA}, [])

    without = {name: text for name, text in disclosures.items() if name not in ("plan", "subject")}
    content, erased = records.content_of(signed, without)
    assert erased == ["subject", "plan"]
    assert content == {name: value for name, value in whole.items() if name not in erased}


def test_a_tombstone_has_nothing_clinical() -> None:
    kept = {"title", "type", "subject", "author", "custodian", "period", "tags", "metadata"}
    assert set(records.tombstone_of(CONSULTATION)) == kept


# JSON without floats: texts from all Unicode planes, and integers inside and outside the range of RFC 8785.
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("\ue000\uffff\U00010000\U0001f600"))
)
INTEGERS = st.one_of(st.integers(-(2**53) - 2, 2**53 + 2), st.integers(-(2**63), 2**64 - 1))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), INTEGERS, TEXTS),
    lambda children: st.one_of(st.lists(children), st.dictionaries(TEXTS, children)),
    max_leaves=12,
)
DUMPERS: tuple[Callable[[Any], str], ...] = (
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    lambda value: json.dumps(value, separators=(",", ":"), sort_keys=True),
    lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True),
)


def is_canonical_by_rfc8785(text: str) -> bool:
    try:
        return bool(rfc8785.dumps(json.loads(text)) == text.encode())
    except rfc8785.CanonicalizationError:
        return False


@settings(max_examples=300, deadline=None)
@given(VALUES)
@example({"\U0001f600": 1, "\ue000": 2})
@example({"\uffff": {"\U00010000": '\x7f\x1f\u2028/"\\'}})
@example([2**53, -(2**53), 2**53 - 1])
@example(2**53 + 1)
def test_is_canonical_agrees_with_rfc8785_for_json_without_floats(value: Any) -> None:
    for dump in DUMPERS:
        text = dump(value)
        assert records.is_canonical(text) == is_canonical_by_rfc8785(text), text
    try:
        canonical = rfc8785.dumps(value).decode()
    except rfc8785.CanonicalizationError:
        return
    assert records.is_canonical(canonical)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " {}",
        "{}\n",
        '{"a":1,"a":1}',
        '{"b":1,"a":1}',
        "[1.0]",
        "[1e2]",
        "[-0]",
        '{"a":01}',
        '"\\u0061"',
        '"\\/"',
        "NaN",
        "[",
        '{"a":' * 2000 + "1" + "}" * 2000,
        '{"a":' * 900 + '"\ue000"' + " " + "}" * 900,
        '{"a":' * 900 + '"x"' + " " + "}" * 900,
        '"\ud800"',
    ],
)
def test_texts_in_another_form_are_not_canonical(text: str) -> None:
    try:
        assert not records.is_canonical(text)
    except UnicodeEncodeError:
        assert text == '"\ud800"'


def test_a_signature_is_a_detached_jws_over_the_unencoded_text() -> None:
    """Verified with a different library from the one that signs."""
    text = "täxt"
    header, payload, value = KEY.sign(text).split(".")
    members = json.loads(base64.urlsafe_b64decode(header + "=="))

    assert (payload, members) == ("", {"alg": "Ed25519", "kid": KEY.kid, "b64": False, "crit": ["b64"]})
    public = ed25519.Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(KEY.jwk["x"] + "=="))
    public.verify(base64.urlsafe_b64decode(value + "=="), f"{header}.{text}".encode())
