"""Verification in a separate process: it delays no other request, is bounded, and ends with the service."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil
import pytest

from clincore.deadline import REQUEST_SECONDS
from clincore.handlers import case_verification
from clincore.records import revision as records
from clincore.records import signing_key as signing
from clincore.records import verification
from clincore.records.worker import LENGTH_BYTES
from clincore.verifier import MEMORY_MAX, Verifier
from support.application import application
from support.cases import SIGNING, make_case
from support.database import Database
from support.paths import make_folder
from support.revisions import JWKS, REVIEWER, export
from support.service import Service, checked_client, serve
from support.tenants import MakeTenant, Tenant
from support.waiting import eventually

Json = dict[str, Any]
ROUNDS = 3


def slow_export(numbers: int = 55_000) -> Json:
    """A body whose text is slow to canonicalize. By default it has the largest size that the service accepts."""
    exported = export(attestations=0)
    return exported | {"signed": '{"a":[' + ",".join(["1.5"] * numbers) + "]}"}


@pytest.fixture(scope="module")
def own_service(database: Database, folder: Path) -> Iterator[Service]:
    with serve(database, folder) as running:
        yield running


def cpu(work: Callable[[], Any]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


async def own_cpu(ask: Callable[[], Awaitable[httpx.Response]]) -> float:
    """The least CPU time of this process, which runs the event loop. A first round starts the verifier."""
    times = []
    for _ in range(ROUNDS + 1):
        before = time.process_time()
        answer = await ask()
        times.append(time.process_time() - before)
        assert answer.status_code == 200, answer.text
    return min(times[1:])


def test_verifying_the_largest_body_takes_little_cpu_of_the_event_loop(service: Service, folder: Path) -> None:
    exported = slow_export()
    work = min(cpu(lambda: verification.check_revision(exported, JWKS)) for _ in range(ROUNDS))

    async def main() -> None:
        async with application(service.database.url, signing_key=folder / "signing-key.pem") as client:
            taken = await own_cpu(lambda: client.post("/verify", json=exported))
            assert taken < work / 2, (taken, work)

    asyncio.run(main())


def attest_often(database: Database, tenant: Tenant, case_id: str, key: Path, count: int) -> Json:
    """Add `count` signatures to the case's first revision as the service would; the public keys by `kid`."""
    with database.as_owner() as connection:
        found = connection.execute("SELECT sha256 FROM case_revisions WHERE case_id = %s", [case_id]).fetchone()
        jws = connection.execute("SELECT jws FROM signatures WHERE case_id = %s", [case_id]).fetchone()
        assert found and jws
        signer, previous = signing.read(key), str(jws[0])
        for number in range(2, count + 2):
            statement, disclosure = records.attest(
                tenant_id=UUID(tenant.id),
                case_id=UUID(case_id),
                revision=1,
                revision_sha256=found[0],
                number=number,
                previous_jws=previous,
                signer=REVIEWER | {"role": str(number)},
                meaning="review",
                signed_at=datetime.now(UTC),
            )
            previous = signer.sign(statement)
            connection.execute(
                "INSERT INTO signatures (tenant_id, case_id, revision, number, statement, jws)"
                " VALUES (%s, %s, 1, %s, %s, %s)",
                [tenant.id, case_id, number, statement, previous],
            )
            connection.execute(
                "INSERT INTO case_disclosures (tenant_id, case_id, revision, name, disclosure)"
                " VALUES (%s, %s, 1, %s, %s)",
                [tenant.id, case_id, records.signer_name(number), disclosure],
            )
    return {signer.kid: signer.jwk}


def test_verifying_a_case_with_many_signatures_takes_little_cpu_of_the_event_loop(
    client: httpx.Client, tenant: Tenant, database: Database, service: Service, folder: Path
) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    jwks = attest_often(database, tenant, case_id, folder / "signing-key.pem", 300)
    exported = client.get(f"/cases/{case_id}/revisions/1", headers=tenant.key).json()
    assert verification.verified(exported, jwks)["valid"]
    work = min(cpu(lambda: verification.check_revision(exported, jwks)) for _ in range(ROUNDS))

    async def main() -> None:
        async with application(service.database.url, signing_key=folder / "signing-key.pem") as client:
            taken = await own_cpu(lambda: client.post(f"/cases/{case_id}/verify-replay", headers=tenant.key))
            assert taken < work / 2, (taken, work)

    asyncio.run(main())


def test_verifications_without_a_key_wait_and_leave_turns_for_tenants(
    own_service: Service, make_tenant: MakeTenant, client: httpx.Client
) -> None:
    tenant = make_tenant()
    case_id = make_case(client, tenant.key, is_signed=True)
    body = json.dumps(slow_export(20_000)).encode()

    def verify(_: int) -> httpx.Response:
        with checked_client(own_service.url) as caller:
            return caller.post("/verify", content=body, headers={"Content-Type": "application/json"})

    # The first call starts the process, which takes seconds on a busy machine.
    while verify(0).status_code != 200:
        time.sleep(0.2)
    with ThreadPoolExecutor(32) as pool, checked_client(own_service.url) as other:
        asked = pool.map(verify, range(32))
        replayed = other.post(f"/cases/{case_id}/verify-replay", headers=tenant.key)
        answers = list(asked)

    # On a busy machine it may time out, but it is never refused.
    assert replayed.status_code == 200 or "overloaded" not in replayed.text, replayed.text
    for answer in answers:
        if answer.status_code != 200:
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
    assert verify(0).status_code == 200


@pytest.mark.parametrize(
    ("limit", "value", "pages"),
    [
        ("REVISIONS_MAX", 2, [[1, 2], [3, 4], [5]]),
        ("BYTES_MAX", 1, [[1], [2], [3], [4], [5]]),
        # A revision has about 1700 bytes of signed text and 4500 of Disclosures.
        ("BYTES_MAX", 16_000, [[1, 2], [3, 4], [5]]),
        ("SIGNATURES_MAX", 3, [[1, 2, 3], [4, 5]]),
        ("VERIFY_SECONDS", -1.0, [[1], [2], [3], [4], [5]]),
        # Longer than a request may take, so the request's deadline decides.
        ("VERIFY_SECONDS", 10.0, [[1], [2], [3], [4], [5]]),
    ],
)
def test_a_long_case_is_verified_in_pages(
    client: httpx.Client,
    tenant: Tenant,
    database: Database,
    service: Service,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: float,
    pages: list[list[int]],
) -> None:
    case_id, signer = make_case(client, tenant.key, is_signed=True), tenant.key | {"If-Match": "*"}
    for _ in range(4):
        assert client.post(f"/cases/{case_id}/amend", json={"reason": "x"}, headers=tenant.key).is_success
        assert client.post(f"/cases/{case_id}/finalize", json=SIGNING, headers=signer).is_success
    assert client.post(f"/cases/{case_id}/verify-replay", headers=tenant.key).json()["next_after"] is None
    # The separate process starts with the first page, which takes a second on a busy machine.
    monkeypatch.setattr(case_verification, "VERIFY_SECONDS", REQUEST_SECONDS / 2)
    monkeypatch.setattr(case_verification, limit, value)

    async def verify_all(asking: httpx.AsyncClient) -> list[Json]:
        answers: list[Json] = []
        query = ""
        while True:
            answer = (await asking.post(f"/cases/{case_id}/verify-replay{query}", headers=tenant.key)).json()
            answers.append(answer)
            if answer["next_after"] is None:
                return answers
            query = f"?after={answer['next_after']}"

    async def main() -> None:
        async with application(service.database.url, signing_key=folder / "signing-key.pem") as asking:
            answers = await verify_all(asking)
            assert [[one["revision"] for one in answer["revisions"]] for answer in answers] == pages
            for answer in answers[:-1]:
                assert not answer["valid"]
                assert [check["check"] for check in answer["checks"] if not check["passed"]] == ["rest"]
            assert answers[-1]["valid"], answers[-1]
            after_all = (await asking.post(f"/cases/{case_id}/verify-replay?after=5", headers=tenant.key)).json()
            assert (after_all["valid"], after_all["revisions"]) == (True, [])
            unknown = await asking.post(f"/cases/{case_id}/verify-replay?after=6", headers=tenant.key)
            assert unknown.status_code == 404
            # The chain is also checked across pages.
            with database.as_superuser() as superuser:
                superuser.execute(
                    "UPDATE case_revisions SET signed = replace(signed, 'Consultation', 'Conversation')"
                    " WHERE case_id = %s AND revision = 2",
                    [case_id],
                )
            broken = [
                check["detail"]
                for answer in await verify_all(asking)
                for check in answer["checks"]
                if not check["passed"] and check["check"] == "chain"
            ]
            assert broken[0] == "Revision 3 does not name the hash of the one before."

    asyncio.run(main())


def verifiers_of(service: Service) -> list[psutil.Process]:
    children = psutil.Process(service.process.pid).children(recursive=True)
    return [child for child in children if "clincore.records.worker" in " ".join(child.cmdline())]


def wait_for_end(process: psutil.Process) -> None:
    # Its parent, or the container's first process, may reap it later.
    eventually(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, 20)


def test_a_killed_verifier_is_replaced_and_ends_with_the_service(database: Database) -> None:
    exported = export()
    with make_folder() as folder, serve(database, folder) as service, checked_client(service.url) as client:
        assert verifiers_of(service) == []
        assert client.post("/verify", json=exported).status_code == 200
        (first,) = verifiers_of(service)
        first.kill()
        wait_for_end(first)
        assert client.post("/verify", json=exported).status_code == 200
        (second,) = verifiers_of(service)
        assert second.pid != first.pid
        # It also ends when the service is killed and cannot clean up.
        service.process.kill()
        wait_for_end(second)


def test_a_verifier_whose_worker_was_killed_meanwhile_prints_nothing() -> None:
    message = json.dumps(["link", [1, "{}"]]).encode()
    with subprocess.Popen(
        [sys.executable, "-c", "from clincore.records.worker import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdout.close()
        process.stdin.write(len(message).to_bytes(LENGTH_BYTES) + message)
        process.stdin.close()

        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


def test_the_memory_of_the_process_is_limited() -> None:
    async def read_limits() -> None:
        process = Verifier()
        try:
            assert await process.call(None, "are_units", ["mg"]) == {"mg": True}
            assert process._process is not None
            limits = Path(f"/proc/{process._process.pid}/limits").read_text()
        finally:
            process.close()
        assert str(MEMORY_MAX) in next(line for line in limits.splitlines() if line.startswith("Max address space"))

    asyncio.run(read_limits())
