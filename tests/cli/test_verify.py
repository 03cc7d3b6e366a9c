"""`clincore verify`, and two other implementations: Node.js, and OpenSSL as described in docs/verify.md."""

import json
import re
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from clincore.cli.app import app
from clincore.records import revision as records
from clincore.records import signature
from support.cases import CONSULTATION, SIGNING, make_case
from support.commands import environment, run
from support.pages import blocks, seen_by_git
from support.paths import ROOT, make_folder
from support.revisions import CASE, KEY, KEY_ID, export, history
from support.service import Service

Json = dict[str, Any]


class Files:
    """Files for the command, and its results."""

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


def test_verify_works_offline_in_an_empty_folder(files: Files) -> None:
    exported = export()
    files.write("revision.json", exported)
    with make_folder() as folder:
        words = (str(files.folder / "revision.json"), "--jwks", str(files.folder / "jwks.json"))
        ended = run("clincore", "verify", *words, cwd=folder)
        assert list(folder.iterdir()) == []

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[0].endswith(f"revision.json: revision 1 of case {CASE}")
    assert ended.stdout.splitlines()[-1] == "VALID"
    assert ended.stdout.count("  passed  ") == 3 + 3 * 3 + len(exported["disclosures"])


def test_verify_says_which_check_failed(files: Files) -> None:
    exported = export()
    files.write("tampered.json", exported | {"signed": exported["signed"].replace("migraine", "headache")})
    files.write("other.json", {"keys": [signature.generate().jwk]})
    files.write("revision.json", exported)

    code, out, err = files.verify("tampered.json")
    assert (code, err) == (1, "")
    assert "  FAILED  sha256: " in out and "  FAILED  signature 1: " in out and out.endswith("NOT VALID\n")
    code, out, _ = files.verify("revision.json", jwks="other.json")
    assert code == 1 and "not among the public keys" in out
    files.write("ended.json", {"keys": [KEY.jwk | {"retired_at": "2026-03-02T09:30:00Z", "compromised_at": None}]})
    code, out, _ = files.verify("revision.json", jwks="ended.json")
    assert code == 1 and "  FAILED  key life 1: It is dated 2026-03-02T09:30:00.123456Z, and the key was retired" in out
    assert files.verify("-", stdin=json.dumps(exported))[0] == 0
    code, out, _ = files.verify("-", "--json", stdin=json.dumps(exported))
    answer = json.loads(out)
    assert (code, answer["valid"], answer["files"][0]["revision"]) == (0, True, 1)
    assert {check["check"] for check in answer["files"][0]["checks"]} >= {"canonical", "signature 3"}


def test_verify_checks_the_chain_of_revisions_in_any_order(files: Files) -> None:
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
def test_verify_accepts_any_json_value_in_any_member(files: Files, member: str) -> None:
    files.write("1.json", export())
    for value in (None, "x", 0, 1.5, [], {"x": "x"}, [1]):
        files.write("strange.json", export() | {member: value})
        for names in (("strange.json",), ("1.json", "strange.json"), ("strange.json", "strange.json")):
            code, out, err = files.verify(*names)
            assert (code, err) == (1, ""), (value, out)
    # A lone surrogate is not valid JSON.
    files.write("strange.json", json.dumps(export() | {member: "\ud800"}))
    assert files.verify("strange.json")[0] == 2


def test_verify_accepts_a_revision_larger_than_the_apis_body_limit(
    client: httpx.Client, tenant: Any, files: Files
) -> None:
    long = "\U0001f600" * 20_000
    texts = {"plan": long, "other_sections": [{"title": "x", "text": long}] * 11}
    headers = tenant.key | {"Content-Type": "application/json"}
    body = json.dumps(CONSULTATION | texts, ensure_ascii=False).encode()
    path = client.post("/cases", content=body, headers=headers).headers["Location"]
    assert (
        client.post(f"{path}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"}).json()["plan"]
        == texts["plan"]
    )
    exported = client.get(f"{path}/revisions/1", headers=tenant.key)
    assert len(exported.content) > 1024 * 1024
    files.write("service.json", client.get("/.well-known/jwks.json").text)
    files.write("long.json", exported.text)

    code, out, _ = files.verify("long.json", jwks="service.json")

    assert (code, out.splitlines()[-1]) == (0, "VALID")
    assert client.post(f"{path}/verify-replay", headers=tenant.key).json()["valid"]
    refused = client.post("/verify", content=exported.content, headers={"Content-Type": "application/json"})
    assert refused.status_code == 413


ENCODINGS = {
    "UTF-8 with a byte order mark": "utf-8-sig",
    "UTF-16, little-endian with a mark": "utf-16",
    "UTF-16, big-endian": "utf-16-be",
    "UTF-16, little-endian": "utf-16-le",
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_verify_reads_encodings_that_windows_and_editors_write(files: Files, encoding: str) -> None:
    for name, value in (("revision.json", export()), ("keys.json", {"keys": [KEY.jwk]})):
        (files.folder / name).write_bytes(json.dumps(value, ensure_ascii=False).encode(encoding))

    assert files.verify("revision.json", jwks="keys.json")[0] == 0
    # Incomplete last character.
    (files.folder / "revision.json").write_bytes((files.folder / "revision.json").read_bytes()[:-1] + b"\xff")
    assert files.verify("revision.json", jwks="keys.json")[0] == 2


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [[]], [None]])
def test_verify_reports_json_that_is_not_a_revision(files: Files, value: Any) -> None:
    files.write("strange.json", value if not isinstance(value, str) else '"x"')

    code, out, err = files.verify("strange.json")
    assert (code, err) == (1, "")
    assert "not a revision" in out and "FAILED  form" in out


def test_verify_ends_with_one_line_and_exit_code_2_for_unreadable_files(files: Files) -> None:
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
    # The hint names the response that the file must contain.
    assert "/revisions/" in files.verify("text.json")[2]
    assert "jwks.json" in files.verify("revision.json", jwks="text.json")[2].partition(" is not JSON.")[2]


@pytest.fixture(scope="module")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("SKIPPED: Node.js is not installed, so no second implementation verifies signatures")
    return program


def test_the_node_example_accepts_signed_revisions_and_finds_every_change(files: Files, node: str) -> None:
    def verify(exported: Json | str, encoding: str = "utf-8") -> tuple[int, str]:
        file = files.write("revision.json", exported)
        file.write_bytes(file.read_text().encode(encoding))
        command = [node, str(ROOT / "examples" / "verify.mjs"), str(file), str(files.folder / "jwks.json")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.stderr == ""
        return ended.returncode, ended.stdout

    exported = export()
    code, out = verify(exported)
    assert code == 0 and out.endswith("\nVALID\n"), out
    assert out.count("passed") == 3 + 3 * 3 + 2 + len(exported["disclosures"])
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
    renamed, moved, undisclosed, other_key = (deepcopy(exported) for _ in range(4))
    renamed["signatures"][0]["signer"]["name"] = "Dr. Max Muster"
    moved["signatures"][2] |= {name: exported["signatures"][0][name] for name in ("signer", "disclosure")}
    undisclosed["signatures"][1]["disclosure"] = None
    other_key["signatures"][1]["signer"]["key_id"] = str(uuid4())
    for one, word in (
        (changed, "FAILED  signature 1"),
        (swapped, "FAILED  disclosure plan"),
        (statement, "FAILED  signature 2"),
        (attached, "FAILED  signature 1"),
        (dropped, "FAILED  signature 2 statement"),
        (renamed, "FAILED  signer 1"),
        (moved, "FAILED  signer 3"),
        (undisclosed, "FAILED  signer 2"),
        (other_key, "FAILED  signer 2"),
        (exported | {"sha256": "0" * 64}, "FAILED  sha256"),
        (exported | {"case_id": str(uuid4())}, "FAILED  identity"),
        (exported | {"signed": "x"}, "FAILED  form"),
    ):
        code, out = verify(one)
        assert code == 1 and word in out and out.endswith("NOT VALID\n"), out
    erased = deepcopy(exported)
    erased["disclosures"]["subject"] = None
    erased["signatures"][2] |= {"disclosure": None, "signer": {"key_id": KEY_ID}}
    assert verify(erased)[0] == 0
    for ends, is_valid in (
        ({"retired_at": None, "compromised_at": None}, True),
        ({"retired_at": "2026-03-02T09:30:00.123457Z"}, True),
        ({"retired_at": "2026-03-02T09:30:00.123456Z"}, False),
        ({"retired_at": "2026-04-01T00:00:00Z", "compromised_at": "2026-03-02T10:30:00.1+01:00"}, False),
        ({"retired_at": "soon"}, False),
    ):
        files.write("jwks.json", {"keys": [KEY.jwk | ends]})
        code, out = verify(exported)
        assert (code == 0) == is_valid and ("FAILED  key life 1" in out) != is_valid, (ends, out)
    files.write("jwks.json", {"keys": [KEY.jwk]})
    assert verify(exported | {"case_id": exported["case_id"].upper(), "created_at": "2026-03-02T09:30:00.123Z"})[0] == 0
    for encoding in ("utf-8-sig", "utf-16"):
        assert verify(json.dumps(exported, ensure_ascii=False), encoding)[0] == 0


def test_the_node_example_and_the_command_accept_the_first_format(files: Files, node: str) -> None:
    """The same file for all three revisions; `clincore verify` verifies their chain too."""
    format_1 = json.loads((ROOT / "tests" / "records" / "format_1.json").read_text())
    jwks = files.write("keys.json", format_1["jwks"])
    script = str(ROOT / "examples" / "verify.mjs")
    for name in ("whole", "erased"):
        listed = [files.write(f"{one['revision']}.json", one) for one in format_1[name]]
        code, out, _ = files.verify(*(file.name for file in listed), jwks="keys.json")
        assert code == 0 and f"Revisions 1 to {len(listed)}" in out, out
        for file in listed:
            ended = subprocess.run([node, script, str(file), str(jwks)], capture_output=True, text=True, check=False)
            assert (ended.returncode, ended.stdout[-6:]) == (0, "VALID\n"), ended.stdout
    for change in (
        {"signer": {"name": "Dr. Max Muster"}},
        {"disclosure": format_1["whole"][0]["disclosures"]["subject"]},
    ):
        changed = deepcopy(format_1["whole"][0])
        changed["signatures"][0] |= change
        file = files.write("changed.json", changed)
        ended = subprocess.run([node, script, str(file), str(jwks)], capture_output=True, text=True, check=False)
        assert ended.returncode == 1 and "FAILED  signer 1" in ended.stdout, ended.stdout
        code, out, _ = files.verify("changed.json", jwks="keys.json")
        assert code == 1, out


def test_the_commands_of_the_verify_page_work(client: httpx.Client, service: Service, tenant: Any) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("SKIPPED: OpenSSL is not installed, so docs/verify.md is not tested")
    shell_blocks = blocks("docs/verify.md")
    expected_of_node = ["VALID"] if shutil.which("node") else []
    if not expected_of_node:
        # The `node` fixture reports that Node.js is missing.
        shell_blocks = [block for block in shell_blocks if not block.startswith("node ")]
    case_id = make_case(client, tenant.key, is_signed=True)
    variables = {"CLINCORE": service.url, "CASE_ID": case_id, "CLINCORE_API_KEY": tenant.api_key}
    found = []
    with make_folder() as folder:
        (folder / "examples").symlink_to(ROOT / "examples")
        for block in shell_blocks:
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
                found.append(expected)
        # Its disclosures are clinical text.
        assert seen_by_git(folder) == set()
        # The same command refuses a changed text.
        (folder / "input.bin").write_bytes((folder / "input.bin").read_bytes().replace(b"migraine", b"headache"))
        command = next(line for line in "".join(shell_blocks).splitlines() if line.startswith("openssl pkeyutl"))
        refused = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
        assert refused.returncode == 1 and "Signature Verified Successfully" not in refused.stdout
    assert found == ["VALID", *expected_of_node, "Signature Verified Successfully", "1", "1", "1"]
