"""Clinical cases."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from clincore.db import cases
from clincore.handlers.paging import page_of, position
from clincore.problems import ExternalIdTaken, NotFound, ValidationFailed
from clincore.security import Caller

# LOINC's document type for what a case is when nobody says what it is.
DEFAULT_TYPE = {"system": "http://loinc.org", "code": "34133-9", "display": "Summary of episode note"}

# What the contract answers for a field that was not given, in its order.
_EMPTY: dict[str, Any] = {
    "type": DEFAULT_TYPE,
    "subject": None,
    "author": None,
    "period": None,
    "reason": None,
    "history": None,
    "assessment": None,
    "plan": None,
    "conditions": [],
    "observations": [],
    "medications": [],
    "allergies": [],
    "tags": [],
    "metadata": {},
}


async def create_case(body: dict[str, Any], user: Caller) -> tuple[dict[str, Any], int, dict[str, str]]:
    # OpenAPI 3.0 has no schema for keys.
    if any(not 1 <= len(key) <= 64 for key in body.get("metadata", ())):
        raise ValidationFailed([("/metadata", "has a key that is empty or longer than 64 characters")])
    content = {"type": DEFAULT_TYPE, **body}
    title, external_id = content.pop("title"), content.pop("external_id", None)
    case = await cases.insert(
        user.tenant_id,
        uuid4(),
        external_id=external_id,
        title=title,
        content=content,
        billing_status=user.billing_status,
        created_by=user.key_id,
    )
    if case is None:
        raise ExternalIdTaken("The tenant has a case with this external_id. GET /cases?external_id=... finds it.")
    return as_json(case), 201, {"Location": f"/cases/{case.id}", "ETag": etag(case)}


async def get_case(case_id: str, user: Caller) -> tuple[dict[str, Any], int, dict[str, str]]:
    case = await cases.find(user.tenant_id, UUID(case_id))
    if case is None:
        raise NotFound("No such case.")
    return as_json(case), 200, {"ETag": etag(case)}


async def list_cases(
    user: Caller,
    limit: int,
    status: str | None = None,
    external_id: str | None = None,
    updated_since: str | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    rows = await cases.page(
        user.tenant_id,
        status=status,
        external_id=external_id,
        updated_since=datetime.fromisoformat(updated_since) if updated_since else None,
        after=position(cursor),
        size=limit + 1,
    )
    return page_of(rows, limit)


def as_json(case: Any) -> dict[str, Any]:
    """`Case` of the contract."""
    return {
        "id": case.id,
        "external_id": case.external_id,
        "status": case.status,
        "version": case.version,
        "title": case.title,
        **_EMPTY,
        **case.content,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "created_by": case.created_by,
        "finalized_at": case.finalized_at,
    }


def etag(case: Any) -> str:
    """The strong tag of the case's version."""
    return f'"{case.version}"'
