"""Liveness and readiness."""

from clincore import drain
from clincore.db.session import ping
from clincore.problems import STOPPING, Unavailable


async def get_health() -> dict[str, str]:
    return {"status": "ok"}


async def get_readiness() -> dict[str, str]:
    if drain.is_draining():
        raise Unavailable(STOPPING)
    try:
        await ping()
    except Exception:
        # No request can be served, for any cause. The start-up checks and the log of other requests show which.
        raise Unavailable from None
    return {"status": "ok"}
