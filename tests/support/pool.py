"""The service's pool of connections, used without a server."""

import asyncio
from collections.abc import Awaitable, Callable

from clincore.db.session import close_pool, open_pool


def run_with_pool(url: str, main: Callable[[], Awaitable[None]], *, is_distributed: bool = False) -> None:
    """Run `main` in a new event loop, with the pool open on the database at `url`."""

    async def whole() -> None:
        open_pool(url, is_distributed=is_distributed)
        try:
            await main()
        finally:
            close_pool()

    asyncio.run(whole())
