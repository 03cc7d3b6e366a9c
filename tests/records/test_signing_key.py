"""The signing key: its id, its file, its rotation, and a service whose key is missing or unusable."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from joserfc.jwk import OKPKey
from psycopg import sql
from sqlalchemy import make_url

from clincore.records import signature
from clincore.records import signing_key as signing
from support.cases import SIGNING, make_case
from support.commands import run
from support.database import Database
from support.paths import make_folder
from support.revisions import KEY
from support.schema import NewDatabase
from support.service import Service, checked_client, free_port, serve
from support.tenants import bootstrap

# The key of RFC 8037, appendices A.1 and A.2, and its thumbprint in appendix A.3.
RFC_8037 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_id_of_a_key_is_its_thumbprint() -> None:
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
def test_only_an_unencrypted_private_ed25519_key_can_sign(content: bytes) -> None:
    with pytest.raises(signature.UnusableKey):
        signature.load(content)


def test_a_key_of_openssl_can_sign(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("SKIPPED: OpenSSL is not installed")
    file = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", file], check=True, capture_output=True)

    assert signature.check(signing.read(file).sign("x"), "x", {(key := signing.read(file)).kid: key.jwk}) == ""


def test_make_creates_a_key_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"

    first, second = signing.make(file), signing.make(file)

    assert first.kid == second.kid
    assert (file.stat().st_mode & 0o777, [path.name for path in tmp_path.iterdir()]) == (0o600, ["key.pem"])
    signing.stage(file, other := signature.generate()).replace(file)
    assert signing.read(file).kid == other.kid
    assert (file.stat().st_mode & 0o777, [path.name for path in tmp_path.iterdir()]) == (0o600, ["key.pem"])


@pytest.fixture(scope="module")
def key_file() -> Iterator[Path]:
    with make_folder() as folder:
        yield folder / "signing-key.pem"


@pytest.fixture(scope="module")
def own_service(database: Database, key_file: Path) -> Iterator[Service]:
    """A service with its own signing key."""
    with serve(database, key_file.parent) as running:
        yield running


@pytest.fixture(scope="module")
def own_client(own_service: Service) -> Iterator[httpx.Client]:
    with checked_client(own_service.url) as client:
        yield client


def finalized(client: httpx.Client, key: dict[str, str]) -> tuple[str, str]:
    """Sign a new case; its id, and the id of the key that signed it."""
    case_id = make_case(client, key, is_signed=True)
    revision = client.get(f"/cases/{case_id}/revisions/1", headers=key).json()
    return case_id, revision["signatures"][0]["kid"]


def published(client: httpx.Client) -> list[str]:
    return [key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]]


def test_a_new_key_signs_at_once_and_the_old_one_still_verifies(
    own_service: Service, own_client: httpx.Client, key_file: Path
) -> None:
    key = bootstrap(own_client).key
    case_id, old = finalized(own_client, key)
    variables = {"DATABASE_URL": own_service.database.url, "CLINCORE_SIGNING_KEY": str(key_file)}

    # Rotation must accept a key file that others can read: it is a reason to rotate.
    key_file.chmod(0o644)
    rotated = run("clincore", "signing", "rotate", **variables)

    assert (rotated.returncode, rotated.stderr) == (0, "")
    new = rotated.stdout.splitlines()[0].removeprefix("Signs from now on: ")
    assert rotated.stdout.splitlines()[1:] == [f"Retired: {old}"]
    assert new != old and key_file.stat().st_mode & 0o777 == 0o600
    second, signed_with = finalized(own_client, key)
    assert signed_with == new
    assert set(published(own_client)) >= {old, new}
    for one in (case_id, second):
        assert own_client.post(f"/cases/{one}/verify-replay", headers=key).json()["valid"]
    # One case can have revisions signed by both keys.
    assert own_client.post(f"/cases/{case_id}/void", json={"reason": "x"} | SIGNING, headers=key).status_code == 200
    assert own_client.post(f"/cases/{case_id}/verify-replay", headers=key).json()["valid"]
    listed = run("clincore", "signing", "list", "--json", **variables)
    signs = {one["kid"]: one["signs"] for one in json.loads(listed.stdout)["items"]}
    assert (signs[old], signs[new]) == (False, True)
    table = run("clincore", "signing", "list", **variables).stdout
    signs_now = {line.split()[0]: line.split()[-1] for line in table.splitlines()[1:]}
    assert (signs_now[old], signs_now[new]) == ("-", "now")


def ends(client: httpx.Client, kid: str) -> tuple[str | None, str | None]:
    (found,) = (key for key in client.get("/.well-known/jwks.json").json()["keys"] if key["kid"] == kid)
    return found["retired_at"], found["compromised_at"]


def test_a_retired_key_signs_nothing_and_later_signatures_are_invalid(
    own_service: Service, own_client: httpx.Client, key_file: Path
) -> None:
    key = bootstrap(own_client).key
    variables = {"DATABASE_URL": own_service.database.url, "CLINCORE_SIGNING_KEY": str(key_file)}
    case_id, old = finalized(own_client, key)
    stolen = signing.read(key_file)
    assert ends(own_client, old) == (None, None)

    assert run("clincore", "signing", "rotate", **variables).returncode == 0

    retired_at, compromised_at = ends(own_client, old)
    assert retired_at is not None and compromised_at is None
    assert datetime.fromisoformat(retired_at) <= datetime.now(UTC)
    # Earlier signatures are valid. A forgery with the stolen key, dated now, is not.
    exported = own_client.get(f"/cases/{case_id}/revisions/1", headers=key).json()
    assert own_client.post("/verify", json=exported).json()["valid"]
    forged = own_client.post("/verify", json=forged_with(stolen, exported)).json()
    assert {check["check"] for check in forged["checks"] if not check["passed"]} == {"key life 1"}, forged
    password = uuid4().hex
    with own_service.database.as_superuser() as superuser:
        superuser.execute(sql.SQL("ALTER ROLE clincore_app PASSWORD {}").format(sql.Literal(password)))
    app = make_url(own_service.database.url).set(username="clincore_app", password=password)
    app_url = app.render_as_string(hide_password=False)
    # A service that has the retired key refuses to sign and gives the reason.
    new = signing.read(key_file)
    signing.stage(key_file, stolen).replace(key_file)
    try:
        draft = make_case(own_client, key)
        refused = own_client.post(f"/cases/{draft}/finalize", json=SIGNING, headers=key | {"If-Match": "*"})
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/signing-unavailable")
        # Its file may be a copy, as systemd makes one: then a rotation has taken place, and a restart is missing.
        assert "was retired" in refused.json()["detail"] and "restarts it" in refused.json()["detail"]
        assert own_client.get("/ready").status_code == 200
        with make_folder() as folder:
            ended = run("clincore", "serve", "--port", str(free_port()), cwd=folder, **variables)
        assert ended.returncode == 2 and ended.stderr.count("\n") == 1, ended.stderr
        assert "was retired at" in ended.stderr and "clincore signing rotate" in ended.stderr
        # The service's own login, which may not publish keys, gets the same error.
        ended = run("clincore", "serve", "--port", str(free_port()), **variables | {"DATABASE_URL": app_url})
        assert ended.returncode == 2 and "was retired at" in ended.stderr, ended.stderr
    finally:
        signing.stage(key_file, new).replace(key_file)
    assert own_client.post(f"/cases/{draft}/finalize", json=SIGNING, headers=key | {"If-Match": "*"}).status_code == 200


def forged_with(key: signature.SigningKey, exported: dict[str, Any]) -> dict[str, Any]:
    """A revision of a case that does not exist, signed now."""
    document = json.loads(exported["signed"])
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    document |= {"case_id": "3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11", "signed_at": now}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (first,) = exported["signatures"]
    return exported | {
        "case_id": document["case_id"],
        "created_at": now,
        "signed": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "signatures": [first | {"signed_at": now, "jws": key.sign(text), "kid": key.kid}],
    }


def test_rotation_warns_that_an_unreadable_former_key_was_not_retired(own_service: Service, key_file: Path) -> None:
    kept = signing.read(key_file)
    variables = {"DATABASE_URL": own_service.database.url, "CLINCORE_SIGNING_KEY": str(key_file)}
    key_file.write_bytes(b"not a key")
    try:
        rotated = run("clincore", "signing", "rotate", **variables)

        assert rotated.returncode == 0 and "Retired" not in rotated.stdout
        assert "The former key was not retired" in rotated.stderr and "clincore signing revoke KID" in rotated.stderr
    finally:
        signing.stage(key_file, kept).replace(key_file)


def test_a_rotation_that_cannot_replace_the_file_publishes_nothing(own_service: Service, key_file: Path) -> None:
    # The name of a temporary file next to it would be too long, also for root.
    file = key_file.with_name("k" * 250)
    former = signing.read(key_file)
    file.write_bytes(former.pem())
    file.chmod(0o600)
    variables = {"DATABASE_URL": own_service.database.url, "CLINCORE_SIGNING_KEY": str(file)}
    before = run("clincore", "signing", "list", "--json", **variables).stdout

    rotated = run("clincore", "signing", "rotate", **variables)

    assert run("clincore", "signing", "list", "--json", **variables).stdout == before
    assert rotated.returncode == 2 and rotated.stderr.startswith(f"clincore: cannot write {file}: "), rotated.stderr
    assert f"clincore signing revoke {former.kid}" in rotated.stderr


def test_revoking_a_key_binds_every_worker_without_a_restart(database: Database) -> None:
    """Two workers, and enough connections to reach both."""
    with make_folder() as folder:
        program = ("clincore", "serve", "--workers", "2")
        with serve(database, folder, program=program) as running, checked_client(running.url) as client:
            key = bootstrap(client).key
            case_id, kid = finalized(client, key)
            exported = client.get(f"/cases/{case_id}/revisions/1", headers=key).json()
            variables = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": str(folder / "signing-key.pem")}

            def revoke(*more: str) -> subprocess.CompletedProcess[str]:
                return run("clincore", "signing", "revoke", kid, *more, **variables)

            since = exported["created_at"]
            revoked = revoke("--compromised-at", since)
            assert (revoked.returncode, revoked.stderr) == (0, "")
            assert revoked.stdout.startswith(f"No longer signs: {kid}\n") and "(compromised)" in revoked.stdout
            for _ in range(8):
                with httpx.Client(base_url=running.url) as other:
                    assert ends(other, kid)[1] == since
                    (wrong,) = (
                        check["check"]
                        for check in other.post("/verify", json=exported).json()["checks"]
                        if not check["passed"]
                    )
                    assert wrong == "key life 1"
                    refused = other.post(f"/cases/{case_id}/void", json={"reason": "x"} | SIGNING, headers=key)
                    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/signing-unavailable")
            assert not client.post(f"/cases/{case_id}/verify-replay", headers=key).json()["valid"]
            # A later revocation does not move the end of the key.
            before = ends(client, kid)
            again = revoke("--compromised-at", datetime.now(UTC).isoformat(), "--json")
            assert again.returncode == 0 and ends(client, kid) == before, again.stderr
            table = run("clincore", "signing", "list", **variables).stdout
            assert next(line for line in table.splitlines() if line.startswith(kid)).split()[-1] == "-"
            for time, word in (("soon", "not a time"), ("2999-01-01", "future")):
                refused_time = revoke("--compromised-at", time)
                assert refused_time.returncode == 2 and word in refused_time.stderr


def test_a_key_id_that_begins_with_a_hyphen_can_be_revoked(database: Database) -> None:
    kid = f"-{signature.generate().kid[1:]}"
    with database.as_owner() as connection:
        connection.execute("INSERT INTO signing_keys (kid, jwk) VALUES (%s, '{}')", [kid])
        try:
            since = ("--compromised-at", "2026-03-02T09:00:00Z")
            revoked = run("clincore", "signing", "revoke", kid, *since, DATABASE_URL=database.url)
            assert revoked.returncode == 0, revoked.stderr
            unknown = run("clincore", "signing", "revoke", "unknown", *since, DATABASE_URL=database.url)
            assert unknown.returncode == 1 and unknown.stderr.count("\n") == 1
        finally:
            connection.execute("DELETE FROM signing_keys WHERE kid = %s", [kid])


def test_an_unpublished_or_unusable_key_signs_nothing(own_client: httpx.Client, key_file: Path) -> None:
    key = bootstrap(own_client).key
    case_id, _ = finalized(own_client, key)
    draft = make_case(own_client, key)
    before = own_client.get(f"/cases/{draft}", headers=key).content
    good = signing.read(key_file)
    try:
        for content in (signature.generate().pem(), b"not a key", UNUSABLE["RSA"], UNUSABLE["encrypted"], None):
            key_file.unlink()
            if content is not None:
                key_file.touch(mode=0o600)
                key_file.write_bytes(content)
            for path, body in (
                (f"/cases/{draft}/finalize", SIGNING),
                (f"/cases/{case_id}/attest", SIGNING | {"meaning": "review"}),
                (f"/cases/{case_id}/void", {"reason": "x"} | SIGNING),
            ):
                refused = own_client.post(path, json=body, headers=key | {"If-Match": "*"})
                assert (refused.status_code, refused.json()["type"]) == (503, "/problems/signing-unavailable")
                assert "PRIVATE" not in refused.text and str(key_file) not in refused.text
        assert own_client.get(f"/cases/{draft}", headers=key).content == before
    finally:
        signing.stage(key_file, good).replace(key_file)
    signed = own_client.post(f"/cases/{draft}/finalize", json=SIGNING, headers=key | {"If-Match": "*"})
    assert signed.status_code == 200


def test_everything_but_signing_works_without_a_key(
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
            refused = keyless.post(path, json=body, headers=tenant.key | {"If-Match": "*"})
            assert (refused.status_code, refused.json()["type"]) == (503, "/problems/signing-unavailable")
            # A retry would not help.
            assert "Retry-After" not in refused.headers
            assert "CLINCORE_SIGNING_KEY" in refused.json()["detail"]


def test_an_unusable_key_ends_the_start_with_one_line_and_code_2(database: Database) -> None:
    def start(kind: str) -> subprocess.CompletedProcess[str]:
        with make_folder() as folder:
            file = folder / "key.pem"
            if kind != "absent":
                file.touch(mode=0o644 if kind == "open to others" else 0o600)
                file.write_bytes(UNUSABLE.get(kind, KEY.pem()))
            variables = {"DATABASE_URL": database.url, "CLINCORE_SIGNING_KEY": str(file)}
            return run("clincore", "serve", "--port", str(free_port()), cwd=folder, **variables)

    with ThreadPoolExecutor(4) as pool:
        for ended in pool.map(start, ("open to others", "absent", "no PEM", "RSA", "encrypted")):
            assert ended.returncode == 2
            assert ended.stderr.startswith("clincore: The file of CLINCORE_SIGNING_KEY ")
            assert ended.stderr.count("\n") == 1
            assert "PRIVATE" not in ended.stderr
    assert "(mode 0644)" in start("open to others").stderr


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_an_unusable_key_ends_a_command_before_the_schema_is_migrated(
    database: Database, new_database: NewDatabase, tmp_path: Path, command: str
) -> None:
    empty = new_database()

    ended = run("clincore", command, DATABASE_URL=empty.url, CLINCORE_SIGNING_KEY=str(tmp_path / "absent.pem"))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("clincore: The file of CLINCORE_SIGNING_KEY ")
    with empty.as_owner() as owner:
        assert owner.execute("SELECT to_regclass('tenants')").fetchone() == (None,)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o644, 0o660, 0o602])
def test_a_key_file_that_other_users_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(KEY.pem())
    file.chmod(mode)

    if mode & 0o077:
        with pytest.raises(signing.NoSigningKey, match=rf"\(mode {mode:04o}\).*Run: chmod 600"):
            signing.read(file)
        if os.geteuid() == 0:
            # A secret store mounts files of another user.
            os.chown(file, 1, -1)
            assert signing.read(file).kid == KEY.kid
    else:
        assert signing.read(file).kid == KEY.kid


def test_the_service_can_read_public_keys_but_not_write_them(database: Database, service: Service) -> None:
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
