"""What is signed: a revision's canonical text, its disclosures, and the signature over it."""

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
from support.revisions import KEY, METADATA, compose


def test_a_revision_is_signed_as_rfc_8785_writes_it() -> None:
    signed, _ = compose()

    assert signed.encode() == rfc8785.dumps(json.loads(signed))
    assert records.is_canonical(signed)
    document = json.loads(signed)
    assert (document["profile"], document["signed_at"]) == (records.REVISION, "2026-03-02T09:30:00.123456Z")
    # By UTF-16: the surrogates of what is beyond the first plane come before U+E000.
    assert list(document["metadata"]) == ["é", "\U0001f600", "\ue000"]


def test_disclosures_open_digests_and_each_has_a_salt_of_its_own() -> None:
    signed, disclosures = compose()
    _, others = compose()
    digests = json.loads(signed)["disclosure_digests"]

    assert set(disclosures) == set(digests) == {"subject", "reason", "history", "assessment", "plan"}
    salts = set()
    for name, disclosure in disclosures.items():
        array = json.loads(base64.urlsafe_b64decode(disclosure + "=="))
        assert array[1:] == [name, CONSULTATION[name]] == records.read(disclosure)[1:]
        assert len(base64.urlsafe_b64decode(array[0] + "==")) == 16
        digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).rstrip(b"=").decode()
        assert digests[name] == digest == records.digest_of(disclosure)
        salts |= {array[0], records.read(others[name])[0]}
    assert len(salts) == 10


def test_a_disclosure_is_what_rfc_9901_says() -> None:
    """The example of its section 4.2.1, whose digest section 4.2.3 gives."""
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"

    assert records.read(disclosure) == ["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]
    assert records.digest_of(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_content_comes_back_from_what_was_signed_and_says_what_was_erased() -> None:
    signed, disclosures = compose()
    whole, erased = records.content_of(signed, disclosures)
    assert (whole, erased) == (CONSULTATION | {"metadata": METADATA}, [])

    without = {name: text for name, text in disclosures.items() if name not in ("plan", "subject")}
    content, erased = records.content_of(signed, without)
    assert erased == ["subject", "plan"]
    assert content == {name: value for name, value in whole.items() if name not in erased}


def test_a_tombstone_has_nothing_clinical() -> None:
    kept = {"title", "type", "subject", "author", "period", "tags", "metadata"}
    assert set(records.tombstone_of(CONSULTATION)) == kept


# JSON without floats: keys and texts of all planes, integers within and beyond what RFC 8785 has.
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


def is_canonical_by_the_book(text: str) -> bool:
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
def test_is_canonical_is_what_rfc_8785_says_of_any_json_without_floats(value: Any) -> None:
    for dump in DUMPERS:
        text = dump(value)
        assert records.is_canonical(text) == is_canonical_by_the_book(text), text
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
def test_what_is_not_canonical_is_said_to_be_so(text: str) -> None:
    try:
        assert not records.is_canonical(text)
    except UnicodeEncodeError:
        assert text == '"\ud800"'


def test_a_signature_is_a_detached_jws_over_the_text_as_it_is() -> None:
    """Checked with another library than the one that made it."""
    text = "täxt"
    header, payload, value = KEY.sign(text).split(".")
    members = json.loads(base64.urlsafe_b64decode(header + "=="))

    assert (payload, members) == ("", {"alg": "Ed25519", "kid": KEY.kid, "b64": False, "crit": ["b64"]})
    public = ed25519.Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(KEY.jwk["x"] + "=="))
    public.verify(base64.urlsafe_b64decode(value + "=="), f"{header}.{text}".encode())
