"""A budget for the number of ClinCore's own functions and files between a request and its SQL.

The numbers exist to notice detours. Do not inline a readable function to meet them: raise the number, and give the
reason in the commit.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import pytest

from clincore import logs
from support import citus
from support.application import application
from support.cases import CONSULTATION
from support.paths import ROOT
from support.service import Service
from support.tenants import Tenant

PACKAGE = f"{ROOT / 'clincore'}/"
# The two ends of the path: reading HTTP from the socket, and sending statements to PostgreSQL.
ENDS = ("server/", "logs.py", "db/session.py", "db/statements.py", "db/driver/")


async def functions_of(ask: Callable[[], Awaitable[Any]]) -> tuple[set[str], set[str]]:
    """The named functions that a request calls: those between the two ends, and those of the end at PostgreSQL."""
    seen: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        # Comprehensions and lambdas count as part of their function.
        if event == "call" and code.co_filename.startswith(PACKAGE) and not code.co_name.startswith("<"):
            seen.add((code.co_filename.removeprefix(PACKAGE), code.co_qualname))

    sys.setprofile(note)
    try:
        await ask()
    finally:
        sys.setprofile(None)
    return (
        {f"{file} {name}" for file, name in seen if not file.startswith(ENDS)},
        {f"{file} {name}" for file, name in seen if file.startswith("db/") and file.startswith(ENDS)},
    )


@citus.not_on_a_cluster("the budget is that of one server; on a cluster admission takes another path")
@pytest.mark.parametrize(("method", "functions_max", "files_max"), [("GET", 45, 21), ("POST", 73, 27)])
def test_a_request_calls_no_more_functions_than_budgeted(
    service: Service, tenant: Tenant, method: str, functions_max: int, files_max: int
) -> None:
    async def main() -> tuple[set[str], set[str]]:
        async with application(service.database.url, key=tenant.key) as client:
            # Compression, which a client may request, is not counted.
            del client.headers["Accept-Encoding"]
            created = await client.post("/cases", json=CONSULTATION)
            path = created.headers["Location"]

            async def ask() -> None:
                if method == "GET":
                    assert (await client.get(path)).status_code == 200
                else:
                    assert (await client.post("/cases", json=CONSULTATION)).status_code == 201

            # Work that is done once, such as preparing statements, is not counted.
            for _ in range(2):
                await ask()
            # The lines of several requests are written together.
            logs.flush()
            # On a busy machine a request may take so long that clincore/gate.py calls two functions more. The shortest
            # path of five is without them.
            return min([await functions_of(ask) for _ in range(5)], key=lambda found: len(found[0]))

    on_path, at_postgresql = asyncio.run(main())

    files = {name.partition(" ")[0] for name in on_path}
    assert len(on_path) <= functions_max, "\n".join(sorted(on_path))
    assert len(files) <= files_max, sorted(files)
    assert len(at_postgresql) <= 30, sorted(at_postgresql)
