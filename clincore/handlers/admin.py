"""API keys, usage and access log of the tenant, for admins."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import orjson

from clincore.db import tenant_session
from clincore.db.queries import access_log, api_keys, tenants, usage, usage_outcomes
from clincore.db.queries.api_keys import KeyRow
from clincore.handlers.new_keys import issue_key
from clincore.handlers.paging import page_of, position, time
from clincore.handlers.streams import LINE, export_slot
from clincore.problems import (
    ExpiryPassed,
    KeyAlreadyRotated,
    LastAdminKey,
    NotFound,
    RangeRefused,
)
from clincore.security import Caller, require_may_give, require_rights

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
SERIES_DAYS_MAX = {"hour": timedelta(days=366), "day": timedelta(days=3660)}
SERIES_ITEMS_MAX = 50_000
SERIES_ITEMS_AT_ONCE = 1000

Json = dict[str, Any]
Row = TypeVar("Row")


async def create_api_key(body: Json, user: Caller) -> tuple[Json, int]:
    expires_at = _expiry(body)
    async with tenant_session(user.tenant_id) as session:
        rights = require_rights(user, await api_keys.find_rights(session, user.key_id, locks=True))
        require_may_give(rights, body.get("scopes"))
        issued = await issue_key(
            session,
            user.tenant_id,
            label=body["label"],
            role=body.get("role", "user"),
            expires_at=expires_at,
            rate_limit_per_minute=body.get("rate_limit_per_minute"),
            scopes=body.get("scopes"),
        )
    return issued, 201


async def list_api_keys(user: Caller, limit: int, cursor: str | None = None) -> Json:
    async with tenant_session(user.tenant_id) as session:
        rows = await api_keys.page(session, after=position(cursor), size=limit + 1)
    return page_of(rows, limit) | {"items": [row.shown() for row in rows[:limit]]}


async def update_api_key(key_id: str, body: Json, user: Caller) -> Json:
    changes, changed = dict(body), UUID(key_id)
    if "expires_at" in changes:
        changes["expires_at"] = _expiry(changes)
    async with tenant_session(user.tenant_id) as session:
        # Two admins who change each other's key at the same time would deadlock.
        tenants.lock(session)
        found = api_keys.rights(session, user.key_id, locks=True)
        key, is_changed = await api_keys.change(session, changed, changes)
        rights = require_rights(user, found.rows)
        if "scopes" in changes:
            require_may_give(rights, changes["scopes"])
        if key is None:
            raise NotFound("The tenant has no API key with this id.")
        if not is_changed:
            raise KeyAlreadyRotated(
                "This API key was rotated. It ends with its grace period, which cannot be extended."
            )
    return key.shown()


async def revoke_api_key(key_id: str, user: Caller) -> Json:
    async with tenant_session(user.tenant_id) as session:
        # Two admins who revoke each other's key at the same time must not both succeed.
        tenants.lock(session)
        rights = api_keys.rights(session, user.key_id, locks=True)
        is_last_admin = await api_keys.is_last_admin(session, UUID(key_id))
        require_rights(user, rights.rows)
        if is_last_admin:
            raise LastAdminKey("This is the tenant's last live admin key. Create another admin key first.")
        key: KeyRow | None = await api_keys.revoke(session, UUID(key_id))
    if key is None:
        raise NotFound("The tenant has no API key with this id.")
    return key.shown()


async def list_accesses(
    user: Caller,
    limit: int,
    case_id: str | None = None,
    key_id: str | None = None,
    since: str | None = None,
    before: str | None = None,
    cursor: str | None = None,
) -> Json:
    filters = {
        "case_id": UUID(case_id) if case_id else None,
        "key_id": UUID(key_id) if key_id else None,
        "since": time(since) if since else None,
        "before": time(before) if before else None,
    }
    async with tenant_session(user.tenant_id) as session:
        rows = await access_log.page(session, filters, after=position(cursor), size=limit + 1)
    return page_of(rows, limit)


async def get_usage(user: Caller) -> Json:
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        by_endpoint, last_24h = await usage.totals(session)
    return {
        "total_calls": sum(by_endpoint.values()),
        "calls_by_endpoint": by_endpoint,
        "last_24h_count": last_24h,
    }


async def get_usage_timeseries(user: Caller, from_: str, to: str, bucket: usage.Bucket, group_by: usage.Group) -> bytes:
    start, end = _buckets(from_, to, bucket)
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        if bucket == "hour":
            _refuse_pruned(
                await usage.pruned_before(session), start, end, "Ask with bucket=day: daily totals are kept."
            )
        rows = await usage.timeseries(session, start, end, bucket, group_by, SERIES_ITEMS_MAX + 1)
    if len(rows) > SERIES_ITEMS_MAX:
        detail = f"is too late: there would be more than {SERIES_ITEMS_MAX} entries. Ask for a shorter range."
        raise RangeRefused([("to", detail)])

    def item(row: usage.BucketCalls) -> Json:
        return {
            "start": row.start,
            "endpoint": row.name if group_by == "endpoint" else None,
            "key_id": row.name if group_by == "key" else None,
            "calls": row.calls,
        }

    return await _series_json({"from": start, "to": end, "bucket": bucket, "group_by": group_by}, rows, item)


async def get_usage_outcomes(user: Caller, from_: str, to: str, bucket: usage.Bucket) -> bytes:
    start, end = _buckets(from_, to, bucket)
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        instead = "GET /admin/usage/timeseries has the daily numbers of calls."
        _refuse_pruned(await usage.pruned_before(session), start, end, instead)
        rows = await usage_outcomes.series(session, start, end, bucket)
    head = {"from": start, "to": end, "bucket": bucket}
    return await _series_json(head, rows, usage_outcomes.OutcomeCalls._asdict)


def _buckets(from_: str, to: str, bucket: usage.Bucket) -> tuple[datetime, datetime]:
    """The start of the first and the end of the last bucket of a range.

    Raises:
        RangeRefused: it has too many.
    """
    start, end = _range(from_, to)
    width = timedelta(hours=1) if bucket == "hour" else timedelta(days=1)
    if start < end:
        start, end = _floor(start, width), _floor(end - timedelta.resolution, width) + width
    if end - start > SERIES_DAYS_MAX[bucket]:
        days = SERIES_DAYS_MAX[bucket].days
        raise RangeRefused([("to", f"is more than {days} days after from, the maximum by the {bucket}")])
    return start, end


async def _series_json(head: Json, rows: Sequence[Row], item: Callable[[Row], Json]) -> bytes:
    """The JSON of a series: its head, and the item of each row."""
    parts = []
    for index in range(0, len(rows), SERIES_ITEMS_AT_ONCE):
        items = [item(row) for row in rows[index : index + SERIES_ITEMS_AT_ONCE]]
        parts.append(orjson.dumps(items, option=orjson.OPT_UTC_Z)[1:-1])
        # Tens of thousands of items at once would stop all other requests.
        await asyncio.sleep(0)
    return b'%s,"items":[%s]}' % (orjson.dumps(head, option=orjson.OPT_UTC_Z)[:-1], b",".join(parts))


async def export_usage_events(user: Caller, from_: str, to: str) -> AsyncIterator[bytes]:
    start, end = _range(from_, to)
    return _export(user, start, end)


async def _export(user: Caller, start: datetime, end: datetime) -> AsyncIterator[bytes]:
    async with export_slot(user), tenant_session(user.tenant_id, snapshot=True) as session:
        rights = api_keys.rights(session, user.key_id)
        pruned_before = await usage.pruned_before(session)
        # The key may have ended during the wait for a place.
        require_rights(user, rights.rows)
        instead = "GET /admin/usage/timeseries has their daily totals."
        _refuse_pruned(pruned_before, start, end, instead)
        async for rows in usage.events(session, start, end):
            yield b"".join(orjson.dumps(row._asdict(), option=LINE) for row in rows)


def _range(from_: str, to: str) -> tuple[datetime, datetime]:
    """Start and end. Both are the same, an empty range, when `to` is not later than `from`."""
    # No usage was counted before.
    start = max(time(from_), EARLIEST)
    return start, max(start, time(to))


def _refuse_pruned(pruned_before: date | None, start: datetime, end: datetime, instead: str) -> None:
    if pruned_before is not None and start < end and start.date() < pruned_before:
        raise RangeRefused([("from", f"is before {pruned_before}; events before that day were removed. {instead}")])


def _expiry(body: Json) -> datetime | None:
    if body.get("expires_at") is None:
        return None
    expires_at = time(body["expires_at"])
    if expires_at <= datetime.now(UTC):
        raise ExpiryPassed([("/expires_at", "is not in the future. To end a key now, revoke it.")])
    return expires_at


def _floor(moment: datetime, width: timedelta) -> datetime:
    return moment - (moment - EARLIEST) % width
