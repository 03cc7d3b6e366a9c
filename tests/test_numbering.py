"""How long changes have been waiting for their numbers in the change feed."""

import asyncio
import time
from uuid import UUID, uuid4

import pytest

from clincore import numbering


def test_the_lag_is_that_of_the_tenant_that_has_waited_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(numbering, "PAUSE_SECONDS_MAX", 0.001)
    failing, other = uuid4(), uuid4()
    asked: list[UUID] = []
    fails = True

    async def number(tenant_id: UUID) -> tuple[int, bool]:
        asked.append(tenant_id)
        if fails and tenant_id == failing:
            raise OSError
        return 1, False

    monkeypatch.setattr(numbering, "number", number)

    async def main() -> None:
        nonlocal fails
        numberer = numbering.Numberer()
        assert numberer.lag() == 0.0
        numberer.wake(failing)
        began_at = time.monotonic()
        running = asyncio.create_task(numberer.run())
        while asked.count(failing) < 3:
            numberer.wake(other)
            await asyncio.sleep(0.002)
        # Attempts that fail, and the numbers of others, do not shorten it.
        assert other in asked
        assert numberer.lag() >= time.monotonic() - began_at
        fails = False
        while numberer.lag():
            await asyncio.sleep(0.002)
        running.cancel()

    asyncio.run(asyncio.wait_for(main(), 30))


def test_tenants_that_fail_delay_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "PAUSE_SECONDS", 0.001)
    failing, other = uuid4(), uuid4()
    asked: list[UUID] = []

    async def number(tenant_id: UUID) -> tuple[int, bool]:
        asked.append(tenant_id)
        if tenant_id == failing:
            raise OSError
        return 1, False

    monkeypatch.setattr(numbering, "number", number)

    async def main() -> None:
        numberer = numbering.Numberer()
        numberer.wake(failing)
        running = asyncio.create_task(numberer.run())
        # Each attempt doubles the pause of the tenant that fails, so its last one is at least as long as all before.
        while asked.count(failing) < 8:
            await asyncio.sleep(0.002)
        failed = asked.count(failing)
        for _ in range(5):
            numbered = asked.count(other)
            numberer.wake(other)
            while asked.count(other) == numbered:
                await asyncio.sleep(0.001)
        assert asked.count(failing) <= failed + 1
        running.cancel()

    asyncio.run(asyncio.wait_for(main(), 30))
