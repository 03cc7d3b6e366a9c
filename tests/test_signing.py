"""Signatures and their keys: verification without the service, by other implementations, and the keys' own life."""

import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import rfc8785
from conftest import ROOT, SIGNING, Database, Service, Tenant, bootstrap, checked_client, environment, make_case, serve
from hypothesis import given, settings
from hypothesis import strategies as st
from test_runbook import Shell, commands

from clincore.records import revision as revisions
from clincore.records.signature import check, generate, kid_of, load

REVIEW = SIGNING | {"meaning": "review"}


@pytest.fixture(scope="module")
def exported(client: httpx.Client, make_tenant: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two revisions of a case, as they were answered, and the public keys."""
    tenant, folder = make_tenant(), tmp_path_factory.mktemp("exported")
    case = f"/cases/{make_case(client, tenant.key, is_signed=True)}"
    client.post(f"{case}/attest", json=REVIEW, headers=tenant.key)
    for step, body in (("amend", {"reason": "x"}), ("finalize", SIGNING)):
        assert client.post(f"{case}/{step}", json=body, headers=tenant.key).status_code == 200
    (folder / "jwks.json").write_bytes(client.get("/.well-known/jwks.json").content)
    for number, name in ((1, "revision.json"), (2, "second.json")):
        (folder / name).write_bytes(client.get(f"{case}/revisions/{number}", headers=tenant.key).content)
    return folder


def verify(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """`clincore verify` with no setting and no database."""
    return subprocess.run(
        ["clincore", "verify", *arguments], cwd=folder, env=environment(), input=stdin, capture_output=True, check=False
    )


def test_a_revision_verifies_offline(exported: Path) -> None:
    one = verify(exported, "revision.json", "--jwks", "jwks.json")
    both = verify(exported, "revision.json", "second.json", "--jwks", "jwks.json", "--json")
    piped = verify(exported, "-", "--jwks", "jwks.json", stdin=(exported / "second.json").read_bytes())

    assert [done.returncode for done in (one, both, piped)] == [0, 0, 0]
    assert one.stdout.splitlines()[-1] == b"VALID"
    assert b"review, " in one.stdout
    report = json.loads(both.stdout)
    assert (report["valid"], [check["passed"] for check in report["chain"]]) == (True, [True])


@pytest.mark.parametrize(
    "tampered",
    [
        {"signed": lambda value: value.replace("Grete", "Greta")},
        {"sha256": lambda value: "0" * 64},
        {"case_id": lambda value: "00000000-0000-4000-8000-000000000000"},
        {"revision": lambda value: 2},
        {"signatures": lambda value: []},
        {"signatures": lambda value: value[1:]},
        {"signatures": lambda value: [value[0] | {"meaning": "approval"}]},
        {"signatures": lambda value: [value[0] | {"signer": {"name": "Somebody else"}}]},
        {"signatures": lambda value: [value[0] | {"signed_at": "2020-01-01T00:00:00Z"}]},
        {"disclosures": lambda value: value | {"plan": value["reason"]}},
        {"disclosures": lambda value: value | {"unknown": value["reason"]}},
        {"signed": lambda value: 1},
    ],
    ids=lambda tampered: next(iter(tampered)),
)
def test_whatever_was_changed_does_not_verify(exported: Path, tampered: dict[str, Any]) -> None:
    revision = json.loads((exported / "revision.json").read_bytes())
    for name, change in tampered.items():
        revision[name] = change(revision[name])

    done = verify(exported, "-", "--jwks", "jwks.json", stdin=json.dumps(revision).encode())

    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.splitlines()[-1] == b"NOT VALID"
    assert b"FAILED" in done.stdout


def test_a_gap_in_the_chain_and_another_key_do_not_verify(exported: Path) -> None:
    other = json.dumps(
        {"keys": [generate().jwk | {"kid": json.loads((exported / "jwks.json").read_bytes())["keys"][0]["kid"]}]}
    )
    (exported / "other.json").write_text(other)

    assert verify(exported, "second.json", "second.json", "--jwks", "jwks.json").returncode == 1
    assert verify(exported, "revision.json", "--jwks", "other.json").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("absent.json", "--jwks", "jwks.json"), "cannot read absent.json"),
        (("revision.json", "--jwks", "absent.json"), "cannot read absent.json"),
        (("revision.json", "--jwks", "revision.json"), "is no JSON Web Key Set"),
        (("text", "--jwks", "jwks.json"), "is not JSON"),
        (("revision.json",), "no data under"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(exported: Path, arguments: tuple[str, ...], said: str) -> None:
    (exported / "text").write_text("no JSON")

    done = verify(exported, *arguments)

    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_other_implementations_verify_it_as_the_docs_say(exported: Path, tmp_path: Path) -> None:
    """OpenSSL and Node.js, command for command."""
    for name in ("revision.json", "jwks.json"):
        shutil.copy(exported / name, tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    blocks = (ROOT / "docs" / "verify.md").read_text().split("```sh\n")[1:]
    key = json.loads((exported / "revision.json").read_bytes())["signatures"][0]["kid"]
    keys = json.loads((tmp_path / "jwks.json").read_bytes())["keys"]
    # The docs say that the key is the first.
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": sorted(keys, key=lambda one: one["kid"] != key)}))
    tried = 0
    with Shell(tmp_path) as shell:
        for block in blocks:
            for command, expected in commands(block.partition("```")[0]):
                if shutil.which(command.split()[0]) is None and command.startswith("node"):
                    print("SKIPPED: a second implementation needs Node.js, which is not here")
                    continue
                output = shell(command)
                assert expected in output, f"{command}\n{output}"
                tried += 1
                if command.startswith("openssl dgst"):
                    assert len(set(output.split())) == 1, output
        digests = shell(
            "json revision.json disclosures subject | openssl dgst -sha256 -binary | openssl base64 -A"
            " | tr '/+' '_-' | tr -d '='; echo; json signed.txt disclosure_digests subject; echo"
        )
    assert len(set(digests.split())) == 1
    assert tried >= 9


def test_nodes_crypto_refuses_what_was_changed(exported: Path, tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("a second implementation needs Node.js, which is not here")
    for name, value in (("Grete", "Greta"), ("Neurologist", "Surgeon")):
        text = (exported / "revision.json").read_text()
        assert name in text
        (tmp_path / "changed.json").write_text(text.replace(name, value))
        program = [shutil.which("node") or "", str(ROOT / "examples" / "verify.mjs"), str(tmp_path / "changed.json")]
        done = subprocess.run([*program, str(exported / "jwks.json")], capture_output=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (1, b"NOT VALID")


def test_a_signature_with_a_payload_of_its_own_is_none() -> None:
    key = generate()
    jws = key.sign('{"a":1}')
    jwks = {key.kid: key.jwk}

    assert check(jws, '{"a":1}', jwks) == ""
    assert check(jws, '{"a":2}', jwks)
    assert check(jws.replace("..", ".e30."), "{}", jwks)
    assert check(jws, '{"a":1}', {})
    assert kid_of(jws) == key.kid


def test_a_keys_id_is_its_thumbprint_of_rfc_7638() -> None:
    """RFC 8037, appendix A: the key, its thumbprint (A.3)."""
    # The seed of A.1 in PKCS #8.
    pem = (
        b"-----BEGIN PRIVATE KEY-----\n"
        b"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
        b"-----END PRIVATE KEY-----\n"
    )

    key = load(pem)

    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert key.jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
# Names that UTF-8 and UTF-16 sort otherwise.
NAMES = TEXT | st.sampled_from(["\ue000", "\uffff", "\U00010000", "\U0010ffff", "a", "\u0080", "\ud7ff"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(VALUES)
def test_the_short_way_to_canonical_json_is_rfc_8785(value: Any) -> None:
    canonical = rfc8785.dumps(value).decode()

    assert revisions.is_canonical(canonical)
    for other in (orjson.dumps(value).decode(), json.dumps(value), f"{canonical} "):
        assert revisions.is_canonical(other) == (other == canonical)


@pytest.mark.parametrize(
    "text", ["", "x", "[1.0]", "-1.5e3", '{"a":1.0}', '{"a":1,"a":1}', '{"b":1,"a":1}', "[1e2]", '"\\u0061"', '"\\/"']
)
def test_what_is_not_canonical_is_told(text: str) -> None:
    assert not revisions.is_canonical(text)


@pytest.fixture
def keyless(database: Database, folder: Path) -> Iterator[Service]:
    with serve(database, folder, CLINCORE_SIGNING_KEY="") as service:
        yield service


def test_without_a_key_everything_but_signing_works(keyless: Service, client: httpx.Client, make_tenant: Any) -> None:
    tenant: Tenant = make_tenant()
    signed = make_case(client, tenant.key, is_signed=True)
    with checked_client(keyless.url) as without:
        draft = make_case(without, tenant.key)
        refused = [
            without.post(f"/cases/{draft}/finalize", json=SIGNING, headers=tenant.key),
            without.post(f"/cases/{signed}/attest", json=REVIEW, headers=tenant.key),
            without.post(f"/cases/{signed}/void", json=SIGNING | {"reason": "x"}, headers=tenant.key),
        ]
        fine = [
            without.get(f"/cases/{signed}", headers=tenant.key),
            without.post(f"/cases/{signed}/verify-replay", headers=tenant.key),
            without.post(f"/cases/{signed}/amend", json={"reason": "x"}, headers=tenant.key),
            without.get("/ready"),
        ]

    assert {(answer.status_code, answer.json()["type"]) for answer in refused} == {
        (503, "/problems/signing-unavailable")
    }
    assert all("Retry-After" in answer.headers for answer in refused)
    assert [answer.status_code for answer in fine] == [200] * 4
    assert fine[1].json()["valid"] is True


def test_a_rotated_key_signs_at_once_and_old_signatures_verify(database: Database, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(generate().pem())
    settings_ = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": str(key)}

    def command(*arguments: str) -> str:
        done = subprocess.run(
            ["clincore", "signing", *arguments],
            env=environment(**settings_),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    with serve(database, tmp_path, CLINCORE_SIGNING_KEY=str(key)) as service, checked_client(service.url) as client:
        tenant = bootstrap(client)

        def sign() -> tuple[str, str]:
            case_id = make_case(client, tenant.key, is_signed=True)
            revision = client.get(f"/cases/{case_id}/revisions/1", headers=tenant.key).json()
            return case_id, revision["signatures"][0]["kid"]

        first, old = sign()
        new = command("rotate").split()[-1]
        _, used = sign()
        listed = json.loads(command("list", "--json"))["items"]
        # A key that nobody published: whoever verifies would not know it.
        key.write_bytes(generate().pem())
        unknown = client.post(f"/cases/{make_case(client, tenant.key)}/finalize", json=SIGNING, headers=tenant.key)
        key.unlink()
        gone = client.post(f"/cases/{make_case(client, tenant.key)}/finalize", json=SIGNING, headers=tenant.key)
        replayed = client.post(f"/cases/{first}/verify-replay", headers=tenant.key).json()

    assert old != new == used
    assert {one["kid"]: one["signs"] for one in listed}.items() >= {(old, False), (new, True)}
    assert [answer.json()["type"] for answer in (unknown, gone)] == ["/problems/signing-unavailable"] * 2
    assert "clincore migrate" in unknown.json()["detail"]
    assert replayed["valid"] is True


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"no PEM", "openssl genpkey"),
        ("RSA", "openssl genpkey"),
        ("encrypted", "openssl genpkey"),
        ("public", "no private Ed25519 key"),
    ],
)
def test_a_key_that_cannot_sign_ends_in_one_line(
    database: Database, tmp_path: Path, content: bytes | str | None, said: str
) -> None:
    key = tmp_path / "key.pem"
    make = {
        "RSA": ["genpkey", "-algorithm", "RSA"],
        "encrypted": ["genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x"],
    }
    if isinstance(content, bytes):
        key.write_bytes(content)
    elif content in make:
        subprocess.run(["openssl", *make[str(content)], "-out", str(key)], check=True, capture_output=True)
    elif content == "public":
        key.write_bytes(generate().pem())
        public = ["openssl", "pkey", "-in", str(key), "-pubout", "-out", str(tmp_path / "public.pem")]
        subprocess.run(public, check=True)
        (tmp_path / "public.pem").replace(key)

    done = subprocess.run(
        ["clincore", "migrate"],
        env=environment(DATABASE_URL=database.url, CLINCORE_SIGNING_KEY=str(key)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_embedded_servers_key_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    from clincore import signing

    key = signing.make(tmp_path / signing.NAME)

    assert stat.S_IMODE((tmp_path / signing.NAME).stat().st_mode) == 0o600
    assert signing.make(tmp_path / signing.NAME).kid == key.kid
    assert [path.name for path in tmp_path.iterdir()] == [signing.NAME]
