"""Dump a database of the installed version, which the tests of later versions upgrade: `make dump`.

    python tools/release_dump.py tests/upgrades/0.2.0

It starts `clincore serve` with an embedded PostgreSQL in a temporary folder, creates rows in every table through the
API and operators' commands, and writes dump.sql and answers.json. The keys in them are valid only for copies of this
database.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import yaml

CLINCORE = (sys.executable, "-m", "clincore")
TOKEN = "token-of-the-service-that-makes-a-dump"
START_SECONDS = 60.0
OWNER = "clincore_owner"
"""Replaces the owner's name in the dump."""
# Left out of the dump: settings that older servers do not know, what every database has, and psql's commands.
LEFT_OUT = re.compile(
    r"^(SET transaction_timeout = .*|CREATE SCHEMA public;|COMMENT ON SCHEMA .*|\\.*)\n", re.MULTILINE
)

SIGNING = {"signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}
REVIEW = {"signer": {"name": "Prof. Karl Muster", "role": "Head of department"}, "meaning": "review"}
REASON = {"reason": "The laboratory corrected a value."}
PATCH = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}


def main(target: Path) -> None:
    """Write the dump into the folder `target`."""
    consultation = yaml.safe_load(Path("openapi.yaml").read_text())["components"]["examples"]["Consultation"]["value"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        variables = {key: value for key, value in os.environ.items() if not key.startswith("CLINCORE_")}
        variables |= {"CLINCORE_DATA_DIR": str(folder / "data"), "BOOTSTRAP_TOKEN": TOKEN, "LOG_LEVEL": "WARNING"}
        variables.pop("DATABASE_URL", None)

        def command(*words: str, given: str | None = None) -> str:
            ended = subprocess.run(
                [*CLINCORE, *words], env=variables, input=given, capture_output=True, text=True, check=False
            )
            if ended.returncode:
                raise SystemExit(f"clincore {' '.join(words)}: {ended.stderr}")
            return ended.stdout

        port = _free_port()
        service = subprocess.Popen([*CLINCORE, "serve", "--port", str(port)], env=variables, stdout=sys.stderr)
        try:
            answers = {}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _wait_for(client, service)
                for tenant in ("clinic-of-the-north", "clinic-of-the-south"):
                    answers[tenant] = _fill(client, tenant, consultation)
                # Events get into totals after minutes, and can be pruned after a day.
                command("psql", "--set=ON_ERROR_STOP=1", given=_AGED)
                command("usage", "rollup")
                command("usage", "prune", "--before", time.strftime("%Y-%m-%d", time.gmtime(time.time() - 5 * 86400)))
        finally:
            # The service writes outcomes of calls when it stops.
            service.send_signal(signal.SIGTERM)
            service.wait(30)
        dump = command(
            "pg_dump",
            "--enable-row-security",
            "--schema=public",
            "--no-owner",
            "--column-inserts",
            "--rows-per-insert=1000",
        )
        owner = command("psql", "-Atc", "SELECT tableowner FROM pg_tables WHERE tablename = 'cases'").strip()
    target.mkdir(parents=True, exist_ok=True)
    (target / "dump.sql").write_text(re.sub(rf"\b{owner}\b", OWNER, LEFT_OUT.sub("", dump)))
    (target / "answers.json").write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")
    print(f"{target}: {', '.join(f'{path.name} {path.stat().st_size} bytes' for path in sorted(target.iterdir()))}")


_AGED = """
UPDATE usage_events SET created_at = created_at - interval '9 days' WHERE method = 'PATCH';
UPDATE usage_events SET created_at = created_at - interval '3 days' WHERE method = 'POST';
"""


def _fill(client: httpx.Client, name: str, consultation: dict[str, Any]) -> dict[str, Any]:
    """Create a tenant with keys and cases in every state. Returns its key and the responses it gets."""

    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {"X-API-Key": key, "Content-Type": "application/json"} | headers
        answer = client.request(method, path, content=None if body is None else json.dumps(body), headers=given)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    made = client.post(
        "/bootstrap",
        json={"tenant_name": name, "role": "admin"},
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    key = made.raise_for_status().json()["api_key"]
    ended = [ask("POST", "/admin/api-keys", {"label": f"key {number}"}) for number in range(3)]
    ask("POST", f"/admin/api-keys/revoke/{ended[0]['id']}")
    ask("PATCH", f"/admin/api-keys/{ended[1]['id']}", {"expires_at": "2030-01-01T00:00:00Z"})
    key = ask("POST", "/auth/api-keys/rotate", {"grace_seconds": 3600})["api_key"]

    limited = ask("POST", "/admin/api-keys", {"label": "limited", "rate_limit_per_minute": 100})["api_key"]
    ask("GET", "/cases", **{"X-API-Key": limited})
    ask("POST", "/cases", consultation | {"external_id": "repeated"}, **{"Idempotency-Key": str(uuid4())})

    cases = {}
    for state in ("draft", "cancelled", "final", "attested", "amending", "amended", "erased", "entered-in-error"):
        case = consultation | {"external_id": f"{state}-{uuid4().hex[:8]}", "tags": ["upgrade", state]}
        path = f"/cases/{ask('POST', '/cases', case)['id']}"
        cases[state] = path
        ask("PATCH", path, {"plan": f"Rest, and come back ({state})."}, **PATCH)
        if state == "cancelled":
            ask("DELETE", path, **{"If-Match": "*"})
        if state in ("draft", "cancelled"):
            continue
        ask("POST", f"{path}/finalize", SIGNING, **{"If-Match": "*"})
        if state == "attested":
            ask("POST", f"{path}/attest", REVIEW)
        if state in ("amending", "amended", "erased"):
            ask("POST", f"{path}/amend", REASON)
            ask("PATCH", path, {"plan": "More rest."}, **PATCH)
        if state in ("amended", "erased"):
            ask("POST", f"{path}/finalize", SIGNING, **{"If-Match": "*"})
        if state == "erased":
            ask("POST", f"{path}/erase-subject", {"sections": ["history", "plan"]})
        if state == "entered-in-error":
            ask("POST", f"{path}/void", REASON | SIGNING)

    shown = {}
    for state, path in cases.items():
        shown[path] = ask("GET", path)
        if state not in ("draft", "cancelled"):
            shown[f"{path}/revisions"] = ask("GET", f"{path}/revisions")
            shown[f"{path}/revisions/1"] = ask("GET", f"{path}/revisions/1")
    shown["/cases?tag=upgrade"] = ask("GET", "/cases?tag=upgrade")
    return {"api_key": key, "answers": shown}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(client: httpx.Client, service: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and service.poll() is None:
        try:
            if client.get("/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("The service did not start.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
