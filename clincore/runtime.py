"""What one worker process holds open. The lifespan of the application opens and closes it."""

import asyncio

from clincore.db.session import close_pool, open_pool
from clincore.metering.admission import AdmissionQueue
from clincore.metering.rollup import RollUp

EXPORTS_MAX = 4


class Runtime:
    """The database pool, the admission queue, the roll-up of usage and the slots for exports."""

    def __init__(self, app_url: str) -> None:
        """`app_url`: the database, `postgresql+psycopg://...`."""
        open_pool(app_url)
        self.roll_up = RollUp()
        self.admission = AdmissionQueue(self.roll_up)
        self.exports = asyncio.Semaphore(EXPORTS_MAX)
        self._rolling_up = asyncio.create_task(self.roll_up.run())

    async def close(self) -> None:
        self._rolling_up.cancel()
        await asyncio.gather(self._rolling_up, return_exceptions=True)
        close_pool()


_current: Runtime | None = None


def open_runtime(app_url: str) -> Runtime:
    """Make the process's runtime."""
    global _current
    _current = Runtime(app_url)
    return _current


def current() -> Runtime:
    """The process's runtime."""
    if _current is None:
        raise RuntimeError("the application has not started")
    return _current
