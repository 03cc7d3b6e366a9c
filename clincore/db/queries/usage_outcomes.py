"""Queries of `usage_outcomes`: how many calls of a tenant ended with which class of status."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from clincore.db.models import Tenant, UsageOutcome
from clincore.db.queries.conditions import TENANT
from clincore.db.queries.usage import Bucket
from clincore.db.session import Session
from clincore.db.statements import NoRow, Statement


class OutcomeCalls(NamedTuple):
    """Calls with one outcome in an hour or a day."""

    start: datetime
    outcome: str
    calls: int


_HOUR = bindparam("hour", type_=UsageOutcome.hour.type)
_OUTCOME = bindparam("outcome", type_=UsageOutcome.outcome.type)
_CALLS = bindparam("calls", type_=UsageOutcome.calls.type)

# Selects from the tenant: nothing is written for one that was deleted, nor for a suspended one, so that it can be
# exported and deleted.
_added = pg_insert(UsageOutcome).from_select(
    ["tenant_id", "hour", "outcome", "calls"],
    select(Tenant.id, _HOUR, _OUTCOME, _CALLS).where(Tenant.id == TENANT, Tenant.suspended_at.is_(None)),
)
_ADD = Statement(
    _added.on_conflict_do_update(
        index_elements=["tenant_id", "hour", "outcome"],
        set_={"calls": UsageOutcome.calls + _added.excluded.calls},
    ).inline(),
    NoRow,
)


def _series(bucket: Bucket) -> Statement[OutcomeCalls]:
    start = (UsageOutcome.hour if bucket == "hour" else func.date_trunc("day", UsageOutcome.hour, "UTC")).label("start")
    return Statement(
        select(start, UsageOutcome.outcome, cast(func.sum(UsageOutcome.calls), BigInteger).label("calls"))
        .where(
            UsageOutcome.tenant_id == TENANT,
            UsageOutcome.hour >= bindparam("start", type_=UsageOutcome.hour.type),
            UsageOutcome.hour < bindparam("end", type_=UsageOutcome.hour.type),
        )
        .group_by(start, UsageOutcome.outcome)
        .order_by(start, UsageOutcome.outcome),
        OutcomeCalls,
    )


_SERIES: dict[Bucket, Statement[OutcomeCalls]] = {"hour": _series("hour"), "day": _series("day")}


def add(session: Session, hour: datetime, outcome: str, calls: int) -> None:
    """Add calls of an hour (UTC), with the next statement.

    Does nothing for a tenant that is suspended or does not exist.
    """
    session.queue(_ADD, hour=hour, outcome=outcome, calls=calls)


async def series(session: Session, start: datetime, end: datetime, bucket: Bucket) -> list[OutcomeCalls]:
    """Calls from `start` (inclusive) to `end` (exclusive) by outcome, in order; commits.

    Both times are bucket boundaries in UTC. Outcomes that did not occur in a bucket are omitted.
    """
    return await session.finish(_SERIES[bucket], start=start, end=end)
