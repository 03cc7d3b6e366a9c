"""Requests that wait for admission in one batch: none waits forever, however the batch ends."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from clincore.db.queries.admission import Admission
from clincore.deadline import Deadline
from clincore.metering.admission import AdmissionQueue, Waiting
from clincore.metering.rollup import RollUp

ADMITTED = Admission(
    uuid4(),
    "label",
    "admin",
    None,
    "live",
    paid=False,
    earlier_calls=0,
    lineage_id=uuid4(),
    rate_limit_per_minute=None,
    scopes=None,
)


@pytest.mark.parametrize("steps", range(4))
def test_cancelling_the_task_of_a_batch_leaves_no_request_waiting(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    async def admit_slowly(_: AdmissionQueue, batch: list[Waiting], _deadline: Deadline) -> list[Admission]:
        await asyncio.sleep(0)
        return [ADMITTED] * len(batch)

    monkeypatch.setattr(AdmissionQueue, "_admit", admit_slowly)

    async def main() -> None:
        queue = AdmissionQueue(RollUp())

        def ask() -> asyncio.Task[Any]:
            return asyncio.create_task(queue.admit(uuid4(), "0" * 64, "GET", "/cases", False))

        asked = [ask() for _ in range(4)]
        while queue._runner is None:
            await asyncio.sleep(0)
        for _ in range(steps):
            await asyncio.sleep(0)
        queue._runner.cancel()
        async with asyncio.timeout(1):
            answers = await asyncio.gather(*asked, return_exceptions=True)
            assert {type(answer) for answer in answers} <= {Admission, TimeoutError}
            assert await ask() == ADMITTED

    asyncio.run(main())
