"""Queries of `rate_limit_counters`: leases of a key's requests per minute."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from clincore.db.session import Session
from clincore.db.statements import Statement

WINDOW_SECONDS = 60


class Granted(NamedTuple):
    """The number of requests that a lease has got."""

    granted: int


class Counter(NamedTuple):
    """The state of a key's counter, as the model describes it, and the database's Unix time."""

    second: int
    leased: list[int]
    now: float


class Lease(NamedTuple):
    """The answer to a lease."""

    granted: int
    """Requests that the caller may accept; 0 when the limit is reached."""
    left: int
    """Requests that can still be leased."""
    more_in: float
    """Seconds until further requests can be leased, beyond those that are left."""


# `leased` has one entry more than a window has seconds: a lease at the end of a second counts until the window has
# passed completely. So the leases of any 60 seconds are at most the limit.
#
# The time and the size come from `excluded`, because Citus allows only immutable functions in DO UPDATE. The time is
# that of BEGIN, so of two transactions the later one to get the row may have the earlier time. A refused lease changes
# nothing. `granted` is a column because RETURNING cannot show the row as it was.
_SHIFT = "greatest(0, least(61, excluded.second - c.second))"
_FREE = f"CAST(:limit AS bigint) - (c.leased[1] - c.leased[62 - {_SHIFT}])"
_GRANT = f"least(excluded.granted, {_FREE})"
LEASE = Statement(
    text(
        "INSERT INTO rate_limit_counters AS c (tenant_id, lineage_id, second, leased, granted)"
        " VALUES (:tenant_id, :lineage_id, CAST(floor(extract(epoch FROM now())) AS bigint),"
        " CAST(:calls AS bigint) || array_fill(CAST(0 AS bigint), ARRAY[61]), CAST(:calls AS bigint))"
        " ON CONFLICT (tenant_id, lineage_id) DO UPDATE SET"
        " second = greatest(c.second, excluded.second),"
        f" leased = (c.leased[1] + {_GRANT})"
        f" || (array_fill(c.leased[1], ARRAY[CAST({_SHIFT} AS integer)]) || c.leased)[2:62],"
        f" granted = {_GRANT}"
        f" WHERE {_FREE} > 0"
        " RETURNING granted"
    ),
    Granted,
)
FIND = Statement(
    text(
        "SELECT second, leased, CAST(extract(epoch FROM now()) AS double precision) AS now FROM rate_limit_counters"
        " WHERE tenant_id = :tenant_id AND lineage_id = :lineage_id"
    ),
    Counter,
)


async def lease(session: Session, lineage_id: UUID, *, calls: int, limit: int) -> Lease:
    """Lease up to `calls` requests of the key, of which there are `limit` in any 60 seconds, and commit.

    A refused lease writes nothing.
    """
    granted = session.queue(LEASE, lineage_id=lineage_id, calls=min(calls, limit), limit=limit)
    (counter,) = await session.finish(FIND, lineage_id=lineage_id)
    return lease_of(counter, granted.rows[0].granted if granted.rows else 0, limit)


def lease_of(counter: Counter, granted: int, limit: int) -> Lease:
    """What the counter says after a lease."""
    second, leased, now = counter
    # Another transaction may have counted a later second.
    age = min(61, max(0, int(now) - second))
    before = leased[61 - age]
    oldest = next((i for i in range(60 - age, -1, -1) if leased[i] > before), None)
    more_in = 0.0 if oldest is None else max(0.0, second - oldest + 61 - now)
    return Lease(granted, max(0, limit - (leased[0] - before)), more_in)
