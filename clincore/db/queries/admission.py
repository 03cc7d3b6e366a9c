"""Admission: the functions `admit_batch` and `admit_of`, which check keys and write their usage events."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import text

from clincore.db.queries.api_keys import Scope
from clincore.db.queries.usage import FREE_CALLS_MAX
from clincore.db.session import Session
from clincore.db.statements import Statement


class AdmissionRequest(NamedTuple):
    """A request for admission. `event_id` is the id of its usage event, so that a retry counts once."""

    tenant_id: UUID
    key_hash: str
    event_id: UUID
    method: str
    endpoint: str
    """The path template."""
    is_capped: bool
    """Whether the free cap applies to the operation."""


class Admission(NamedTuple):
    """The database's answer about a request's key. The usage event is committed when `key_state` is `live`."""

    key_id: UUID
    label: str
    role: Literal["user", "admin"]
    expires_at: datetime | None
    key_state: Literal["live", "revoked", "expired", "suspended", "busy"] | None
    """`suspended`: the tenant is. `busy`: another transaction has locked the key or the tenant; the other fields are
    not known."""
    paid: bool
    """Whether the tenant or any of its cases is paid; only determined for capped operations."""
    earlier_calls: int
    """Events before this one, counted up to one above the free cap; 0 for operations without a cap."""
    lineage_id: UUID
    """The first key of the rotations that led to this one."""
    rate_limit_per_minute: int | None
    scopes: list[Scope] | None
    """None: everything that the role allows."""


_ROWS = (
    "CAST(:key_hashes AS text[]), CAST(:event_ids AS uuid[]), CAST(:methods AS text[]), CAST(:endpoints AS text[]),"
    " CAST(:capped AS boolean[]), CAST(:free_calls_max AS integer), CAST(:is_retry AS boolean)"
)
ADMIT = Statement(text(f"SELECT * FROM admit_batch(CAST(:tenant_ids AS uuid[]), {_ROWS})"), Admission)
ADMIT_OF = Statement(text(f"SELECT * FROM admit_of(CAST(:of_tenant AS uuid), {_ROWS})"), Admission)


async def admit(
    session: Session, requests: Sequence[AdmissionRequest], *, is_retry: bool, of_tenant: UUID | None = None
) -> list[Admission]:
    """Admit the requests in order, each under its own tenant's policy, and commit.

    `is_retry`: some may already have been admitted, and the answer was lost. `of_tenant`: the tenant of all requests;
    on Citus one node then admits them.
    """
    tenant_ids, key_hashes, event_ids, methods, endpoints, capped = zip(*requests, strict=True)
    values = {
        "key_hashes": _array(key_hashes),
        "event_ids": _array(map(str, event_ids)),
        "methods": _array(methods),
        "endpoints": _array(endpoints),
        "capped": _array(map(str, capped)),
        "free_calls_max": FREE_CALLS_MAX,
        "is_retry": is_retry,
    }
    if of_tenant is not None:
        return await session.finish(ADMIT_OF, of_tenant=of_tenant, **values)
    return await session.finish(ADMIT, tenant_ids=_array(map(str, tenant_ids)), **values)


def _array(values: Iterable[str]) -> str:
    """An array in PostgreSQL's text format. Ids, hashes, methods and path templates have no quotes to escape."""
    return '{"' + '","'.join(values) + '"}'
