"""The application in the process of a test, for tests that change or measure its parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from clincore.operations import compile_operations
from clincore.runtime import Runtime


@asynccontextmanager
async def application(
    app_url: str, *, key: dict[str, str] | None = None, **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client, with this key, of an application whose Runtime has these settings."""
    transport = httpx.ASGITransport(app=compile_operations())
    async with (
        Runtime(app_url, **settings),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=key, timeout=30) as client,
    ):
        yield client
