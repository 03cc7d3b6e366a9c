"""The load of the soak: tenants that use all kinds of operations and know what must be stored, and one that floods."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from benchmarks import work
from benchmarks.soak.client import Abandoned, Answer, Client

SIGNING = {"signer": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "meaning": "authorship"}
REASON = {"reason": "The laboratory corrected a value."}
ANY_VERSION = {"If-Match": "*"}
GRACE_SECONDS = 3600
"""Of a rotated key: longer than a client may have to repeat the rotation."""
REFUSED_PAUSE_SECONDS = 0.5
"""How long a connection of the flood pauses after 429 or 503. It ignores Retry-After."""
FLOOD_CASES = 100


@dataclass
class Case:
    """A case as the answers showed it."""

    id: str
    version: int
    status: str
    signatures: list[int] = field(default_factory=list)
    """Of each revision."""
    is_erased: bool = False


@dataclass
class Ledger:
    """What must be stored for a tenant. A case whose write was abandoned is in no ledger."""

    tenant_id: str
    admin: Client
    cases: dict[str, Case] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)
    """Cases with an abandoned write."""
    labels: Counter[str] = field(default_factory=Counter)
    """The number of API keys by label."""
    revoked: set[str] = field(default_factory=set)


class User:
    """One client of a tenant, which does one thing after another."""

    def __init__(self, ledger: Ledger, number: int) -> None:
        self._ledger = ledger
        self._client = ledger.admin
        self._chance = ledger.admin.chance
        self._names = (f"{number}-{one}" for one in count())

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop."""
        while not stopping.is_set():
            try:
                await self._use_a_case(self._client)
                if self._chance.random() < 0.3:
                    await self._use_keys()
                await self._look_at_usage()
            except Abandoned:
                continue

    async def _use_a_case(self, client: Client) -> None:
        """The life of a case."""
        chance = self._chance
        case = await self._create(client)
        try:
            for _ in range(chance.randint(1, 2)):
                await self._change(client, case, "PATCH", body={"plan": f"Rest. {chance.random()}"})
            await client.ask("GET", "/cases/{case_id}/draft", case_id=case.id)
            if chance.random() < 0.1:
                await self._change(client, case, "DELETE", status="cancelled")
                return
            await self._finalize(client, case, "final")
            if chance.random() < 0.5:
                await self._attest(client, case)
            if chance.random() < 0.5:
                await self._change(client, case, "POST", "/amend", REASON)
                await self._change(client, case, "PATCH", body={"plan": "More rest."})
                await self._finalize(client, case, "amended")
            await self._read(client, case)
            if chance.random() < 0.3:
                sections = {"sections": chance.sample(["reason", "assessment", "plan"], 1)}
                # Only an admin's key may erase.
                await self._change(self._client, case, "POST", "/erase-subject", sections)
                case.is_erased = True
            if chance.random() < 0.1:
                await self._change(client, case, "POST", "/void", REASON | SIGNING, status="entered_in_error")
                case.signatures.append(1)
            await check_replay(client, case)
        except Abandoned:
            self._ledger.uncertain.add(case.id)
            raise

    async def _create(self, client: Client) -> Case:
        title = f"Consultation {next(self._names)}"
        body = (await client.ask("POST", "/cases", expected=(201,), body={**work.BODY, "title": title})).body
        case = Case(body["id"], 0, "draft")
        self._ledger.cases[case.id] = case
        self._expect(case, body, title)
        return case

    async def _change(
        self, client: Client, case: Case, method: str, path: str = "", body: object = None, *, status: str = ""
    ) -> Answer:
        """Change the case. `status`: its new one, if it gets one."""
        path = f"/cases/{{case_id}}{path}"
        # Without an Idempotency-Key, a repeated request would fail with the one and be done twice with the other.
        headers = {"If-Match": f'"{case.version}"'} if self._chance.random() < 0.5 else ANY_VERSION
        answer = await client.ask(method, path, body=body, headers=headers, case_id=case.id)
        case.status = status or case.status
        self._expect(case, answer.body)
        return answer

    def _expect(self, case: Case, shown: dict[str, Any], title: str = "") -> None:
        """The answer to a write shows that it was done once."""
        case.version += 1
        if shown["version"] != case.version or (title and shown["title"] != title):
            what = f"{case.id} has version {shown['version']} and not {case.version}"
            self._client.book.findings.note("each acknowledged write is stored exactly once", what)
            raise Abandoned

    async def _finalize(self, client: Client, case: Case, status: str) -> None:
        await self._change(client, case, "POST", "/finalize", SIGNING, status=status)
        case.signatures.append(1)
        await check_replay(client, case)

    async def _attest(self, client: Client, case: Case) -> None:
        signer = {"name": f"Prof. Karl Muster {next(self._names)}", "role": "Head of department"}
        body = {"signer": signer, "meaning": "review"}
        await client.ask("POST", "/cases/{case_id}/attest", body=body, case_id=case.id)
        case.signatures[-1] += 1

    async def _read(self, client: Client, case: Case) -> None:
        shown = (await client.ask("GET", "/cases/{case_id}", case_id=case.id)).body
        if (shown["version"], shown["status"], shown["revision"]) != (
            case.version,
            case.status,
            len(case.signatures),
        ):
            what = f"GET {case.id} shows version {shown['version']}, status {shown['status']}, not {case}"
            client.book.findings.note("each acknowledged write is stored exactly once", what)
        await client.ask("GET", "/cases", query="?limit=20&status=final")
        await client.ask("GET", "/cases/{case_id}/revisions", case_id=case.id)
        newest = str(len(case.signatures))
        revision = await client.ask("GET", "/cases/{case_id}/revisions/{revision}", case_id=case.id, revision=newest)
        without_key = Client(client.http, client.book, client.group, "", {}, client.chance)
        if not (await without_key.ask("POST", "/verify", body=revision.body)).body["valid"]:
            client.book.findings.note("signed revisions are valid", f"{case.id} revision {newest}")
        await client.ask("GET", "/cases/{case_id}/document", case_id=case.id)
        await self._client.ask("GET", "/cases/{case_id}/access-log", case_id=case.id)

    async def _use_keys(self) -> None:
        """Create, use, rotate and revoke a key."""
        ledger, admin, label = self._ledger, self._client, f"key {next(self._names)}"
        made = await admin.ask("POST", "/admin/api-keys", expected=(201, 409), body={"label": label})
        ledger.labels[label] += 1
        last = made
        if made.status == 201:
            user = self._with_key(made)
            await user.ask("GET", "/auth/whoami")
            await self._use_a_case(user)
            grace = {"grace_seconds": GRACE_SECONDS}
            last = await user.ask("POST", "/auth/api-keys/rotate", expected=(201, 409), body=grace)
            ledger.labels[label] += 1
            if last.status == 201:
                await self._with_key(last).ask("GET", "/auth/whoami")
        # After a lost answer the key is not known, only its id (409 `secret-not-replayable`).
        key_id = last.body["id"]
        await admin.ask("PATCH", "/admin/api-keys/{key_id}", body={"label": f"{label} renamed"}, key_id=key_id)
        ledger.labels[label] -= 1
        ledger.labels[f"{label} renamed"] += 1
        await admin.ask("POST", "/admin/api-keys/revoke/{key_id}", key_id=key_id)
        ledger.revoked.add(key_id)
        await admin.ask("GET", "/admin/api-keys", query="?limit=10")

    def _with_key(self, issued: Answer) -> Client:
        client = self._client
        headers = {"X-API-Key": issued.body["api_key"]}
        return Client(client.http, client.book, client.group, client.tenant_id, headers, client.chance)

    async def _look_at_usage(self) -> None:
        chance = self._chance
        await self._client.ask("GET", "/usage")
        if chance.random() < 0.3:
            await self._client.ask("GET", "/admin/usage")
        now = datetime.now(UTC)
        during = f"?from={_text(now - timedelta(seconds=20))}&to={_text(now)}"
        if chance.random() < 0.2:
            await self._client.ask("GET", "/admin/usage/timeseries", query=f"{during}&bucket=hour&group_by=endpoint")
        if chance.random() < 0.2:
            await self._client.ask("GET", "/admin/usage/events.ndjson", query=during)
        if chance.random() < 0.2:
            await self._client.ask("GET", "/admin/access-log", query="?limit=50")


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


async def check_replay(client: Client, case: Case) -> None:
    """A signed case verifies, with all its revisions."""
    if not case.signatures:
        return
    after: int | None = 0
    number = 0
    while after is not None:
        path, query = "/cases/{case_id}/verify-replay", f"?after={after}" if after else ""
        replay = (await client.ask("POST", path, query=query, case_id=case.id)).body
        number += sum(revision["valid"] for revision in replay["revisions"])
        # A busy service verifies the rest with the next request.
        after = replay["next_after"]
    if not replay["valid"] or number != len(case.signatures):
        client.book.findings.note("verify-replay is valid for each signed case", f"{case}: {replay}")


async def make_flood_cases(ledger: Ledger) -> str:
    """Create what the flood reads. Returns the id of a signed case."""
    for _ in range(FLOOD_CASES):
        body = (await ledger.admin.ask("POST", "/cases", expected=(201,), body=work.BODY)).body
        ledger.cases[body["id"]] = Case(body["id"], body["version"], "draft")
    case = ledger.cases[body["id"]]
    answer = await ledger.admin.ask(
        "POST", "/cases/{case_id}/finalize", body=SIGNING, headers=ANY_VERSION, case_id=case.id
    )
    case.version, case.status, case.signatures = answer.body["version"], "final", [1]
    return case.id


async def flood(client: Client, case_id: str, stopping: asyncio.Event) -> None:
    """One connection of the flood: expensive requests without pause, which are never repeated."""
    while not stopping.is_set():
        match client.chance.randrange(8):
            case 0:
                answer = await client.send("POST", "/cases/{case_id}/verify-replay", headers={}, case_id=case_id)
            case 1:
                answer = await client.send("GET", "/cases/{case_id}/document", headers={}, case_id=case_id)
            case _:
                answer = await client.send("GET", "/cases", query="?limit=100", headers={})
        if answer is None or answer.status in (429, 503):
            await asyncio.sleep(REFUSED_PAUSE_SECONDS)
