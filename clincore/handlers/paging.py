"""Pages of a list: newest first, by cursor, and the times that it is asked for."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS_MAX = (datetime(2999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


class Row(Protocol):
    """A row of a list: lists go by the time at which something was made, and its id."""

    @property
    def id(self) -> UUID: ...

    @property
    def created_at(self) -> datetime: ...

    def _asdict(self) -> dict[str, Any]: ...


def page_of(rows: Sequence[Row], limit: int) -> dict[str, Any]:
    """The answer for a page of `limit` rows, of which one more was asked for to see whether the list goes on."""
    page: dict[str, Any] = {"items": [row._asdict() for row in rows[:limit]]}
    if len(rows) > limit:
        page["next_cursor"] = _cursor(rows[limit - 1])
    return page


def position(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The `created_at` and id after which the page begins.

    A cursor is 24 bytes in base64url: microseconds since 1970 and the id. It holds no secret and needs no signature:
    whatever it says, only rows of the caller's tenant come after it.
    """
    if cursor is None:
        return None
    content = base64.urlsafe_b64decode(cursor)
    microseconds = min(int.from_bytes(content[:8], "big"), _MICROSECONDS_MAX)
    return _EPOCH + timedelta(microseconds=microseconds), UUID(bytes=content[8:])


def _cursor(row: Row) -> str:
    microseconds = (row.created_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(microseconds.to_bytes(8, "big") + row.id.bytes).decode()


def time(text: str) -> datetime:
    """A `DateTime` of the contract, in UTC: PostgreSQL knows no offset of 16 hours or more, which RFC 3339 allows."""
    return datetime.fromisoformat(text).astimezone(UTC)
