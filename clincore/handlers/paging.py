"""Pages of lists, newest first, by cursor. Positions in the change feed. Times of filters."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS_MAX = (datetime(2999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
FEED_START = "start"
_SEQ_BYTES = 9
"""A multiple of three, so that base64url needs no padding."""
_SEQ_MAX = 2**63 - 1


class Row(Protocol):
    """A row of a list. Lists are sorted by creation time and id."""

    @property
    def id(self) -> UUID: ...

    @property
    def created_at(self) -> datetime: ...

    def _asdict(self) -> dict[str, Any]: ...


def page_of(rows: Sequence[Row], limit: int) -> dict[str, Any]:
    """The response for a page. `rows`: up to `limit` + 1 rows; the last one only shows that another page follows."""
    page: dict[str, Any] = {"items": [row._asdict() for row in rows[:limit]]}
    if len(rows) > limit:
        page["next_cursor"] = _cursor(rows[limit - 1])
    return page


def position(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The `created_at` and id after which the page begins.

    A cursor is 24 bytes in base64url: microseconds since 1970 and the id. It holds no secret and needs no signature: a
    forged one still leads only to rows of the caller's tenant.
    """
    if cursor is None:
        return None
    content = base64.urlsafe_b64decode(cursor)
    microseconds = min(int.from_bytes(content[:8], "big"), _MICROSECONDS_MAX)
    return _EPOCH + timedelta(microseconds=microseconds), UUID(bytes=content[8:])


def _cursor(row: Row) -> str:
    microseconds = (row.created_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(microseconds.to_bytes(8, "big") + row.id.bytes).decode()


def feed_position(seq: int) -> str:
    """The contract's `FeedPosition` after the change with this number."""
    return base64.urlsafe_b64encode(seq.to_bytes(_SEQ_BYTES, "big")).decode()


def seq_of(changed_after: str) -> int:
    """The number of the last change before a `FeedPosition`; 0 for the start."""
    if changed_after == FEED_START:
        return 0
    return min(int.from_bytes(base64.urlsafe_b64decode(changed_after), "big"), _SEQ_MAX)


def time(text: str) -> datetime:
    """A `DateTime` of the contract, in UTC. PostgreSQL refuses offsets of 16 hours or more, which RFC 3339 allows."""
    return datetime.fromisoformat(text).astimezone(UTC)
