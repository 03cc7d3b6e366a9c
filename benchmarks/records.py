"""The cost of finalizing a case compared with changing it, and of verifying one with 200 observations.

The handlers are called without HTTP and admission, so both sides of the ratio share only the session. PostgreSQL's time
is the CPU of its processes (/proc) per call, in alternating rounds. The time of verification is the CPU to recompute a
revision, as `POST /verify` and `verify-replay` do in a separate process.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from benchmarks.harness import add_tenant, cpu_seconds, postgresql, postmaster
from benchmarks.work import BODY
from clincore.db.operator_queries import signing_keys
from clincore.db.queries.access_log import Access
from clincore.handlers import case_verification, cases, records
from clincore.postgres import embedded
from clincore.records import signing_key as signing
from clincore.records import verification
from clincore.runtime import Runtime
from clincore.security import Caller

OBSERVATIONS = 200
FINALIZE_RATIO_MAX = 2.0
VERIFY_MILLISECONDS_MAX = 5.0
SIGNING = {"signer": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "meaning": "authorship"}


def main(rounds: int, calls: int) -> None:
    """Measure and print. Exit code 1: a target is missed."""
    with postgresql() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / signing.NAME
        signing_keys.publish(server.owner_url, signing.make(file).jwk)
        ratios, verify, finalize, document = asyncio.run(_measure(server, file, rounds, calls))
    table = Table(title=f"{calls} calls per round, {rounds} rounds; median (minimum to maximum)")
    for column in ("what", "figure", "target"):
        table.add_column(column)
    ratio, milliseconds = statistics.median(ratios), statistics.median(verify)
    table.add_row(
        "PostgreSQL's CPU: finalize over a change",
        f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        f"at most {FINALIZE_RATIO_MAX}",
    )
    for what, times, target in (
        ("verify", verify, f"at most {VERIFY_MILLISECONDS_MAX} ms"),
        ("finalize", finalize, "-"),
        ("FHIR document", document, "-"),
    ):
        shown = f"{statistics.median(times):.2f} ms ({min(times):.2f} to {max(times):.2f})"
        table.add_row(f"CPU of this process, {OBSERVATIONS} observations: {what}", shown, target)
    Console(width=140).print(table)
    if ratio > FINALIZE_RATIO_MAX or milliseconds > VERIFY_MILLISECONDS_MAX:
        raise SystemExit(1)


def _caller(server: embedded.Embedded) -> Caller:
    tenant_id, key_id = add_tenant(server)
    access = Access(key_id, "benchmark", uuid4(), "benchmark")
    return Caller(tenant_id, key_id, key_id, "benchmark", "admin", None, "paid", access)


async def _measure(
    server: embedded.Embedded, key: Path, rounds: int, calls: int
) -> tuple[list[float], list[float], list[float], list[float]]:
    caller, database = _caller(server), postmaster(server)

    async def create(body: dict[str, Any]) -> str:
        created, _, _ = await cases.create_case(body, caller)
        return str(created["id"])

    async def database_cpu(ids: list[str], call: Callable[[str], Awaitable[Any]]) -> float:
        before = cpu_seconds(database)
        for case_id in ids:
            await call(case_id)
        return (cpu_seconds(database) - before) / len(ids)

    def change(case_id: str) -> Awaitable[Any]:
        return cases.update_case(case_id, {"plan": "Sumatriptan 50 mg at onset."}, caller, "*")

    def finalize(case_id: str) -> Awaitable[Any]:
        return records.finalize_case(case_id, SIGNING, caller, "*")

    async def cpu(call: Callable[[], Awaitable[Any]]) -> float:
        before = time.process_time()
        await call()
        return (time.process_time() - before) * 1e3

    async with Runtime(server.url, signing_key=key):
        ratios = []
        for number in range(rounds + 1):
            ids = [await create(BODY) for _ in range(calls)]
            ratio = 1 / await database_cpu(ids, change) * await database_cpu(ids, finalize)
            # The first round is a warm-up.
            if number:
                ratios.append(ratio)
        large = BODY | {"observations": BODY["observations"] * OBSERVATIONS}
        signed = [await create(large) for _ in range(30)]
        finalized = [await cpu(lambda one=one: finalize(one)) for one in signed]  # type: ignore[misc]
        exported = [await records.get_revision(one, 1, caller) for one in signed]
        jwks = await case_verification.public_jwks()

        async def verify(one: dict[str, Any]) -> None:
            # As read from an export.
            verification.verified(one | {"created_at": one["created_at"].isoformat()}, jwks)

        verified = [await cpu(lambda one=one: verify(one)) for one in exported]  # type: ignore[misc]
        result = await records.verify_replay(signed[0], caller)
        assert result["valid"], result

        def show(case_id: str) -> Awaitable[Any]:
            return records.get_document(case_id, caller, "application/fhir+json")

        documents = [await cpu(lambda one=one: show(one)) for one in signed]  # type: ignore[misc]
    return ratios, verified[1:], finalized[1:], documents[1:]
