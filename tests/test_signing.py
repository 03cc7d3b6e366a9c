"""Signatures without the service: units, second implementations, `clincore verify`; and the keys that make them."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
import rfc8785
from conftest import (
    CONSULTATION,
    ROOT,
    SIGNING,
    Database,
    Service,
    bootstrap,
    checked_client,
    environment,
    free_port,
    make_case,
    make_folder,
    run,
    serve,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from hypothesis import example, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey
from typer.testing import CliRunner

from clincore.cli.app import app
from clincore.records import revision as records
from clincore.records import signature, verification
from clincore.records import signing_key as signing

Json = dict[str, Any]

TENANT, CASE = UUID("8a4f7a52-9b7e-4a53-8a4e-0f6a2b8f1f10"), UUID("3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11")
MOMENT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
REVIEWER = {"name": "Prof. Karl Müller", "role": "Head of department"}
# A key that sorts otherwise in UTF-16 than in UTF-8 comes with each revision.
METADATA = {"\U0001f600": "astral", "\ue000": "private use", "é": "Latin"}
KEY = signature.generate()
JWKS = {KEY.kid: KEY.jwk}

# `x` and `d` of RFC 8037, appendix A.1 and A.2, and the thumbprint of appendix A.3.
RFC_8037 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def compose(number: int = 1, previous: str | None = None, **more: Any) -> tuple[str, dict[str, str]]:
    return records.compose(
        tenant_id=TENANT,
        case_id=CASE,
        external_id="encounter-4711",
        revision=number,
        status="final" if number == 1 else "amended",
        previous_sha256=previous,
        change_reason=None if number == 1 else "x",
        created_at=MOMENT,
        content=CONSULTATION | {"metadata": METADATA} | more,
        signer=SIGNING["signer"],
        meaning=SIGNING["meaning"],
        signed_at=MOMENT,
    )


def export(number: int = 1, previous: str | None = None, attestations: int = 2) -> Json:
    """A revision as the service exports it."""
    signed, disclosures = compose(number, previous)
    texts: list[str | None] = [None]
    all_jws = [KEY.sign(signed)]
    for further in range(2, attestations + 2):
        statement = records.attest(
            tenant_id=TENANT,
            case_id=CASE,
            revision=number,
            revision_sha256=records.sha256_of(signed),
            number=further,
            previous_jws=all_jws[-1],
            signer=REVIEWER,
            meaning="review" if further == 2 else "approval",
            signed_at=MOMENT,
        )
        texts.append(statement)
        all_jws.append(KEY.sign(statement))
    return {
        "case_id": str(CASE),
        "revision": number,
        "status": "final" if number == 1 else "amended",
        "created_at": "2026-03-02T09:30:00.123456Z",
        "sha256": records.sha256_of(signed),
        "signed": signed,
        "disclosures": disclosures,
        "signatures": [
            {
                "number": place,
                "kid": KEY.kid,
                **{name: json.loads(text or signed)[name] for name in ("signer", "meaning", "signed_at")},
                "statement": text,
                "jws": jws,
            }
            for place, (text, jws) in enumerate(zip(texts, all_jws, strict=True), start=1)
        ],
    }


def history(length: int = 3) -> list[Json]:
    found: list[Json] = []
    for number in range(1, length + 1):
        found.append(export(number, found[-1]["sha256"] if found else None, attestations=0))
    return found


def failed(checks: list[verification.Check]) -> dict[str, str]:
    return {check.check: check.detail for check in checks if not check.passed}


# What is signed.


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


# Keys and signatures.


def test_the_id_of_a_key_is_its_thumbprint_as_rfc_8037_shows_it() -> None:
    key = signature.SigningKey(OKPKey.import_key(dict(RFC_8037)))

    assert key.kid == key.jwk["kid"] == THUMBPRINT
    assert key.jwk == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": RFC_8037["x"],
        "kid": THUMBPRINT,
        "alg": "Ed25519",
        "use": "sig",
    }
    assert "d" not in key.jwk
    assert signature.load(key.pem()).kid == THUMBPRINT


def test_a_signature_is_a_detached_jws_over_the_text_as_it_is() -> None:
    """Checked with another library than the one that made it."""
    text = "täxt"
    header, payload, value = KEY.sign(text).split(".")
    members = json.loads(base64.urlsafe_b64decode(header + "=="))

    assert (payload, members) == ("", {"alg": "Ed25519", "kid": KEY.kid, "b64": False, "crit": ["b64"]})
    public = ed25519.Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(KEY.jwk["x"] + "=="))
    public.verify(base64.urlsafe_b64decode(value + "=="), f"{header}.{text}".encode())


def pem(key: Any, **more: Any) -> bytes:
    encryption = more.get("encryption", serialization.NoEncryption())
    found: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    return found


UNUSABLE = {
    "nothing": b"",
    "no PEM": b"not a key",
    "binary": b"\x00\xff" * 100,
    "cut short": KEY.pem()[:60],
    "RSA": pem(rsa.generate_private_key(65537, 2048)),
    "EC": pem(ec.generate_private_key(ec.SECP256R1())),
    "X25519": pem(x25519.X25519PrivateKey.generate()),
    "Ed448": pem(ed448.Ed448PrivateKey.generate()),
    "encrypted": pem(ed25519.Ed25519PrivateKey.generate(), encryption=serialization.BestAvailableEncryption(b"x")),
    "public": ed25519.Ed25519PrivateKey.generate()
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
}


@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE)
def test_only_an_open_private_ed25519_key_can_sign(content: bytes) -> None:
    with pytest.raises(signature.UnusableKey):
        signature.load(content)


def test_a_key_of_openssl_can_sign(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("SKIPPED: OpenSSL is not here")
    file = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", file], check=True, capture_output=True)

    assert signature.check(signing.read(file).sign("x"), "x", {(key := signing.read(file)).kid: key.jwk}) == ""


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"

    first, second = signing.make(file), signing.make(file)

    assert first.kid == second.kid
    assert (file.stat().st_mode & 0o777, [path.name for path in tmp_path.iterdir()]) == (0o600, ["key.pem"])
    signing.replace(file, other := signature.generate())
    assert signing.read(file).kid == other.kid
    assert (file.stat().st_mode & 0o777, [path.name for path in tmp_path.iterdir()]) == (0o600, ["key.pem"])


# Verification.


def test_a_revision_holds_with_the_keys_and_without_a_service() -> None:
    checks = verification.check_revision(export(), JWKS)

    assert failed(checks) == {}
    assert [check.check for check in checks] == [
        *("canonical", "sha256", "identity", "signature 1", "signature 2", "signature 3"),
        *(f"disclosure {name}" for name in ("assessment", "history", "plan", "reason", "subject")),
    ]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of everything in it, the containers too."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from leaves(child, (*path, key))


def test_nothing_of_a_revision_can_be_changed_or_left_out() -> None:
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
            # The last signature has nothing behind it that would miss it.
            is_shorter = (path == ("signatures",) and other == "cut") or (
                path == ("signatures", 2) and other == "delete"
            )
            if is_erased or is_shorter or changed == whole:
                continue
            checks = verification.check_revision(changed, JWKS)
            assert failed(checks), (path, other)
            tried += 1
    assert tried > 300


def test_erased_fields_are_told() -> None:
    exported = export()
    exported["disclosures"]["subject"] = None
    del exported["disclosures"]["plan"]

    assert failed(verification.check_revision(exported, JWKS)) == {}
    assert verification.erased(exported) == ["subject", "plan"]


@pytest.mark.parametrize("value", [None, 5, "x", [], [1], {}, True])
def test_what_is_no_revision_has_another_form(value: Any) -> None:
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
def test_whatever_a_forger_writes_fails_and_breaks_nothing(header: Json, document: Json | None) -> None:
    """Headers that name the right key over a good signature's bytes, and texts of any shape."""
    exported = export(attestations=0)
    value = exported["signatures"][0]["jws"].split(".")[2]
    encoded = base64.urlsafe_b64encode(json.dumps({"kid": KEY.kid, **header}).encode()).rstrip(b"=").decode()
    exported["signatures"][0]["jws"] = f"{encoded}..{value}"
    if document is not None:
        exported["signed"] = json.dumps(document)

    assert set(failed(verification.check_revision(exported, JWKS))) & {"signature 1", "form"}


def test_keys_that_are_not_the_signers_verify_nothing() -> None:
    exported, other = export(), signature.generate()

    for jwks, word in (
        ({}, "not among the public keys"),
        ({other.kid: other.jwk}, "not among the public keys"),
        ({KEY.kid: other.jwk}, "does not fit"),
        ({KEY.kid: {"kty": "OKP"}}, "does not fit"),
        ({KEY.kid: JWKS[KEY.kid] | {"crv": "X25519"}}, "does not fit"),
        ({KEY.kid: {"kty": "oct", "crv": "Ed25519", "x": "AAAA"}}, "does not fit"),
        ({KEY.kid: JWKS[KEY.kid] | {"x": 5}}, "does not fit"),
    ):
        found = failed(verification.check_revision(exported, jwks))
        assert set(found) == {"signature 1", "signature 2", "signature 3"}, found
        assert all(word in detail for detail in found.values()), found


def test_a_chain_is_whole_in_order_and_of_its_own_links() -> None:
    first, second, third = history()
    other_second = export(2, "0" * 64)

    assert failed(verification.check_chain([first, second, third], 3)) == {}
    assert failed(verification.check_chain([first, second, third], None)) == {}
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
        assert list(failed(verification.check_chain(listed, revision))) == ["chain"]


# `clincore verify`.


class Files:
    """Files for the command, and what it says of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("jwks.json", {"keys": [KEY.jwk]})

    def write(self, name: str, value: Any) -> Path:
        file = self.folder / name
        file.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        return file

    def verify(self, *names: str, jwks: str = "jwks.json", stdin: str | None = None) -> tuple[int, str, str]:
        words = [name if name.startswith("-") else str(self.folder / name) for name in names]
        result = CliRunner().invoke(app, ["verify", *words, "--jwks", str(self.folder / jwks)], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_the_command_verifies_offline_in_an_empty_folder(files: Files) -> None:
    files.write("revision.json", export())
    with make_folder() as folder:
        words = (str(files.folder / "revision.json"), "--jwks", str(files.folder / "jwks.json"))
        told = run("clincore", "verify", *words, cwd=folder)
        assert list(folder.iterdir()) == []

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines()[0].endswith(f"revision.json: revision 1 of case {CASE}")
    assert told.stdout.splitlines()[-1] == "VALID"
    assert told.stdout.count("  passed  ") == 11


def test_the_command_says_what_does_not_hold(files: Files) -> None:
    exported = export()
    files.write("tampered.json", exported | {"signed": exported["signed"].replace("migraine", "headache")})
    files.write("other.json", {"keys": [signature.generate().jwk]})
    files.write("revision.json", exported)

    code, out, err = files.verify("tampered.json")
    assert (code, err) == (1, "")
    assert "  FAILED  sha256: " in out and "  FAILED  signature 1: " in out and out.endswith("NOT VALID\n")
    code, out, _ = files.verify("revision.json", jwks="other.json")
    assert code == 1 and "not among the public keys" in out
    assert files.verify("-", stdin=json.dumps(exported))[0] == 0
    code, out, _ = files.verify("-", "--json", stdin=json.dumps(exported))
    answer = json.loads(out)
    assert (code, answer["valid"], answer["files"][0]["revision"]) == (0, True, 1)
    assert {check["check"] for check in answer["files"][0]["checks"]} >= {"canonical", "signature 3"}


def test_the_command_verifies_the_chain_of_several_revisions_in_any_order(files: Files) -> None:
    revisions = history()
    for one in revisions:
        files.write(f"{one['revision']}.json", one)
    files.write("cuckoo.json", export(2, "0" * 64, attestations=0))
    files.write("stranger.json", revisions[1] | {"case_id": str(uuid4())})

    code, out, _ = files.verify("3.json", "1.json", "2.json")
    assert code == 0 and "  passed  chain: Revisions 1 to 3" in out
    for names, word in (
        (("1.json", "3.json"), "Revision 2 is missing"),
        (("2.json", "3.json"), "Revision 1 is missing"),
        (("1.json", "cuckoo.json"), "Revision 2 does not name the hash"),
        (("1.json", "1.json"), "Revision 2 is missing"),
        (("1.json", "stranger.json"), "several cases"),
    ):
        code, out, _ = files.verify(*names)
        assert code == 1 and word in out, (names, out)


@pytest.mark.parametrize("member", ["revision", "case_id", "disclosures", "signed", "signatures", "status"])
def test_the_command_takes_whatever_is_json(files: Files, member: str) -> None:
    files.write("1.json", export())
    for value in (None, "x", 0, 1.5, [], {"x": "x"}, [1]):
        files.write("strange.json", export() | {member: value})
        for names in (("strange.json",), ("1.json", "strange.json"), ("strange.json", "strange.json")):
            code, out, err = files.verify(*names)
            assert (code, err) == (1, ""), (value, out)
    # A lone surrogate is no JSON to begin with.
    files.write("strange.json", json.dumps(export() | {member: "\ud800"}))
    assert files.verify("strange.json")[0] == 2


def test_the_command_takes_a_revision_that_is_longer_than_a_body(
    client: httpx.Client, tenant: Any, files: Files
) -> None:
    texts = {name: "\U0001f600" * 20_000 for name in ("history", "assessment", "plan")}
    headers = tenant.key | {"Content-Type": "application/json"}
    body = json.dumps(CONSULTATION | texts, ensure_ascii=False).encode()
    path = client.post("/cases", content=body, headers=headers).headers["Location"]
    assert client.post(f"{path}/finalize", json=SIGNING, headers=tenant.key).json()["plan"] == texts["plan"]
    exported = client.get(f"{path}/revisions/1", headers=tenant.key)
    assert len(exported.content) > 256 * 1024
    files.write("service.json", client.get("/.well-known/jwks.json").text)
    files.write("long.json", exported.text)

    code, out, _ = files.verify("long.json", jwks="service.json")

    assert (code, out.splitlines()[-1]) == (0, "VALID")
    assert client.post(f"{path}/verify-replay", headers=tenant.key).json()["valid"]
    refused = client.post("/verify", content=exported.content, headers={"Content-Type": "application/json"})
    assert refused.status_code == 413


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [[]], [None]])
def test_the_command_takes_json_that_is_no_revision(files: Files, value: Any) -> None:
    files.write("strange.json", value if not isinstance(value, str) else '"x"')

    code, out, err = files.verify("strange.json")
    assert (code, err) == (1, "")
    assert "no revision" in out and "FAILED  form" in out


def test_the_command_ends_with_one_line_and_code_2_for_what_it_cannot_read(files: Files) -> None:
    files.write("revision.json", export())
    files.write("text.json", "not JSON")
    (files.folder / "bytes.json").write_bytes(b"\xff\x00")
    files.write("list.json", [])
    files.write("keys.json", {"keys": [{"x": 1}]})
    files.write("unhashable.json", {"keys": [{"kid": []}]})
    files.write("strings.json", {"keys": ["x"]})

    for names, jwks in (
        (("absent.json",), "jwks.json"),
        ((".",), "jwks.json"),
        (("text.json",), "jwks.json"),
        (("bytes.json",), "jwks.json"),
        (("revision.json", "text.json"), "jwks.json"),
        (("revision.json",), "absent.json"),
        (("revision.json",), "text.json"),
        (("revision.json",), "list.json"),
        (("revision.json",), "keys.json"),
        (("revision.json",), "unhashable.json"),
        (("revision.json",), "strings.json"),
    ):
        code, out, err = files.verify(*names, jwks=jwks)
        assert (code, out) == (2, ""), (names, jwks, out)
        assert err.startswith("clincore: ") and err.count("\n") == 1, err


# Second implementations.


@pytest.fixture(scope="module")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("SKIPPED: Node.js is not here, so that no second implementation verifies signatures")
    return program


def test_node_verifies_what_was_signed_and_finds_what_was_changed(files: Files, node: str) -> None:
    def verify(exported: Json) -> tuple[int, str]:
        file = files.write("revision.json", exported)
        command = [node, str(ROOT / "examples" / "verify.mjs"), str(file), str(files.folder / "jwks.json")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.stderr == ""
        return ended.returncode, ended.stdout

    exported = export()
    code, out = verify(exported)
    assert code == 0 and out.endswith("\nVALID\n"), out
    assert out.count("passed") == 3 + 5 + 5
    changed = deepcopy(exported)
    changed["signed"] = changed["signed"].replace("migraine", "headache")
    changed["sha256"] = records.sha256_of(changed["signed"])
    swapped = deepcopy(exported)
    names = swapped["disclosures"]
    names["plan"], names["history"] = names["history"], names["plan"]
    statement = deepcopy(exported)
    statement["signatures"][1]["statement"] = statement["signatures"][1]["statement"].replace("review", "approval")
    attached = deepcopy(exported)
    attached["signatures"][0]["jws"] = exported["signatures"][0]["jws"].replace("..", ".e30.")
    dropped = deepcopy(exported)
    del dropped["signatures"][1]
    for one, word in (
        (changed, "FAILED  signature 1"),
        (swapped, "FAILED  disclosure plan"),
        (statement, "FAILED  signature 2"),
        (attached, "FAILED  signature 1"),
        (dropped, "FAILED  signature 2 statement"),
        (exported | {"sha256": "0" * 64}, "FAILED  sha256"),
        (exported | {"case_id": str(uuid4())}, "FAILED  identity"),
        (exported | {"signed": "x"}, "FAILED  form"),
    ):
        code, out = verify(one)
        assert code == 1 and word in out and out.endswith("NOT VALID\n"), out
    erased = deepcopy(exported)
    erased["disclosures"]["subject"] = None
    assert verify(erased)[0] == 0


def test_the_page_about_verifying_is_true_to_the_letter(client: httpx.Client, service: Service, tenant: Any) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("SKIPPED: OpenSSL is not here, so that docs/verify.md is not tried")
    blocks = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "docs" / "verify.md").read_text(), re.MULTILINE | re.DOTALL)
    expected_of_node = ["VALID"] if shutil.which("node") else []
    if not expected_of_node:
        # The test before says loudly that it is not here.
        blocks = [block for block in blocks if not block.startswith("node ")]
    case_id = make_case(client, tenant.key, is_signed=True)
    variables = {"CLINCORE": service.url, "CASE_ID": case_id, "CLINCORE_API_KEY": tenant.api_key}
    told = []
    with make_folder() as folder:
        (folder / "examples").symlink_to(ROOT / "examples")
        for block in blocks:
            ended = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block],
                cwd=folder,
                env=environment(**variables),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert ended.returncode == 0, f"{block}\n{ended.stdout}{ended.stderr}"
            for expected in re.findall(r"  # (.+)$", block, re.MULTILINE):
                assert re.search(rf"^{re.escape(expected)}$", ended.stdout, re.MULTILINE), f"{block}\n{ended.stdout}"
                told.append(expected)
        # The same command does not say so of another text.
        (folder / "input.bin").write_bytes((folder / "input.bin").read_bytes().replace(b"migraine", b"headache"))
        command = next(line for line in "".join(blocks).splitlines() if line.startswith("openssl pkeyutl"))
        refused = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
        assert refused.returncode == 1 and "Signature Verified Successfully" not in refused.stdout
    assert told == ["VALID", *expected_of_node, "Signature Verified Successfully", "1", "1"]


# The service and its key.


@pytest.fixture(scope="module")
def key_file() -> Iterator[Path]:
    with make_folder() as folder:
        yield folder / "signing-key.pem"


@pytest.fixture(scope="module")
def own_service(database: Database, key_file: Path) -> Iterator[Service]:
    """A service whose key is nobody else's."""
    with serve(database, key_file.parent) as running:
        yield running


@pytest.fixture(scope="module")
def own_client(own_service: Service) -> Iterator[httpx.Client]:
    with checked_client(own_service.url) as client:
        yield client


def finalized(client: httpx.Client, key: dict[str, str]) -> tuple[str, str]:
    """A case that was just signed, and the id of the key that signed it."""
    case_id = make_case(client, key, is_signed=True)
    revision = client.get(f"/cases/{case_id}/revisions/1", headers=key).json()
    return case_id, revision["signatures"][0]["kid"]


def published(client: httpx.Client) -> list[str]:
    return [key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]]


def test_a_rotated_key_signs_at_once_and_the_old_one_verifies(
    own_service: Service, own_client: httpx.Client, key_file: Path
) -> None:
    key = bootstrap(own_client).key
    case_id, old = finalized(own_client, key)
    variables = {"DATABASE_URL": own_service.database.url, "CLINCORE_SIGNING_KEY": str(key_file)}

    rotated = run("clincore", "signing", "rotate", **variables)

    assert (rotated.returncode, rotated.stderr) == (0, "")
    new = rotated.stdout.strip().removeprefix("Signs from now on: ")
    assert new != old and key_file.stat().st_mode & 0o777 == 0o600
    second, signed_with = finalized(own_client, key)
    assert signed_with == new
    assert set(published(own_client)) >= {old, new}
    for one in (case_id, second):
        assert own_client.post(f"/cases/{one}/verify-replay", headers=key).json()["valid"]
    # One case may have revisions of both.
    assert own_client.post(f"/cases/{case_id}/void", json={"reason": "x"} | SIGNING, headers=key).status_code == 200
    assert own_client.post(f"/cases/{case_id}/verify-replay", headers=key).json()["valid"]
    listed = run("clincore", "signing", "list", "--json", **variables)
    signs = {one["kid"]: one["signs"] for one in json.loads(listed.stdout)["items"]}
    assert (signs[old], signs[new]) == (False, True)
    table = run("clincore", "signing", "list", **variables).stdout
    signs_now = {line.split()[0]: line.split()[-1] for line in table.splitlines()[1:]}
    assert (signs_now[old], signs_now[new]) == ("-", "now")


def test_a_key_that_nobody_published_signs_nothing(own_client: httpx.Client, key_file: Path) -> None:
    key = bootstrap(own_client).key
    case_id, _ = finalized(own_client, key)
    draft = make_case(own_client, key)
    before = own_client.get(f"/cases/{draft}", headers=key).content
    good = signing.read(key_file)
    try:
        for content in (signature.generate().pem(), b"not a key", UNUSABLE["RSA"], UNUSABLE["encrypted"], None):
            key_file.unlink()
            if content is not None:
                key_file.write_bytes(content)
            for path, body in (
                (f"/cases/{draft}/finalize", SIGNING),
                (f"/cases/{case_id}/attest", SIGNING | {"meaning": "review"}),
                (f"/cases/{case_id}/void", {"reason": "x"} | SIGNING),
            ):
                refused = own_client.post(path, json=body, headers=key)
                assert (refused.status_code, refused.json()["type"]) == (503, "/problems/signing-unavailable")
                assert "PRIVATE" not in refused.text and str(key_file) not in refused.text
        assert own_client.get(f"/cases/{draft}", headers=key).content == before
    finally:
        signing.replace(key_file, good)
    assert own_client.post(f"/cases/{draft}/finalize", json=SIGNING, headers=key).status_code == 200


def test_without_a_key_everything_works_but_signing(
    client: httpx.Client, database: Database, folder: Path, make_tenant: Any
) -> None:
    tenant = make_tenant()
    signed = make_case(client, tenant.key, is_signed=True)
    with serve(database, folder, CLINCORE_SIGNING_KEY="") as running, checked_client(running.url) as keyless:
        draft = make_case(keyless, tenant.key)
        patch = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
        statuses = {
            f"{method} {path}": keyless.request(method, path, json=body, headers=tenant.key | more).status_code
            for method, path, body, more in (
                ("PATCH", f"/cases/{draft}", {"plan": "x"}, patch),
                ("GET", f"/cases/{draft}/draft", None, {}),
                ("GET", f"/cases/{draft}/document", None, {}),
                ("GET", f"/cases/{signed}/revisions/1", None, {}),
                ("POST", f"/cases/{signed}/amend", {"reason": "x"}, {}),
                ("DELETE", f"/cases/{signed}", None, {"If-Match": "*"}),
                ("POST", f"/cases/{signed}/erase-subject", None, {}),
                ("GET", "/cases", None, {}),
                ("GET", "/.well-known/jwks.json", None, {}),
            )
        }
        assert set(statuses.values()) == {200}, statuses
        assert keyless.post(f"/cases/{signed}/verify-replay", headers=tenant.key).json()["valid"]
        exported = keyless.get(f"/cases/{signed}/revisions/1", headers=tenant.key).json()
        assert keyless.post("/verify", json=exported).json()["valid"]
        for path, body in (
            (f"/cases/{draft}/finalize", SIGNING),
            (f"/cases/{signed}/attest", SIGNING | {"meaning": "review"}),
            (f"/cases/{signed}/void", {"reason": "x"} | SIGNING),
        ):
            refused = keyless.post(path, json=body, headers=tenant.key)
            assert (refused.status_code, refused.json()["type"]) == (503, "/problems/signing-unavailable")
            assert refused.headers["Retry-After"]
            assert "CLINCORE_SIGNING_KEY" in refused.json()["detail"]


def test_a_key_that_cannot_be_used_ends_the_start_with_one_line_and_code_2(database: Database) -> None:
    def start(kind: str) -> subprocess.CompletedProcess[str]:
        with make_folder() as folder:
            file = folder / "key.pem"
            if kind != "absent":
                file.write_bytes(UNUSABLE[kind])
            variables = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": str(file)}
            return run("clincore", "serve", "--port", str(free_port()), cwd=folder, **variables)

    with ThreadPoolExecutor(4) as pool:
        for ended in pool.map(start, ("absent", "no PEM", "RSA", "encrypted")):
            assert ended.returncode == 2
            assert ended.stderr.startswith("clincore: The file of CLINCORE_SIGNING_KEY ")
            assert ended.stderr.count("\n") == 1
            assert "PRIVATE" not in ended.stderr


def test_public_keys_are_the_services_to_read_and_the_owners_to_add(database: Database, service: Service) -> None:
    with database.as_app() as connection:
        assert connection.execute("SELECT count(*) FROM signing_keys").fetchone() != (0,)
        for statement in (
            "INSERT INTO signing_keys (kid, jwk) VALUES ('x', '{}')",
            "UPDATE signing_keys SET jwk = '{}'",
            "DELETE FROM signing_keys",
            "TRUNCATE signing_keys",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
