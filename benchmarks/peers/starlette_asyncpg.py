"""Starlette + asyncpg with tuned raw SQL: few round trips, orjson, no contract; of a body only the title is checked."""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clincore.keys import tenant_of

SUMMARY = "id, external_id, status, version, title, created_at, updated_at, finalized_at"
OF_CASE = ", ".join(f"c.{column}" for column in SUMMARY.split(", "))
ACCESS = "tenant_id, id, case_id, operation, key_id, key_label, request_id"
# Each is one statement together with its row of the access log, so both take one round trip.
GET = f"""
    WITH found AS (
        SELECT {OF_CASE}, c.content, c.created_by, r.signed FROM cases c
        LEFT JOIN case_revisions r ON r.tenant_id = c.tenant_id AND r.case_id = c.id AND r.revision = c.revision
        WHERE c.tenant_id = $1 AND c.id = $2
    ), logged AS (
        INSERT INTO access_log ({ACCESS}) SELECT $1, $3, id, 'get_case', $4, $5, $6 FROM found
    ) SELECT * FROM found
"""
POST = f"""
    WITH made AS (
        INSERT INTO cases (tenant_id, id, external_id, title, content, billing_status, created_by)
        VALUES ($1, $2, $3, $4, $5, 'paid', $7)
        ON CONFLICT (tenant_id, external_id) WHERE status NOT IN ('cancelled', 'entered_in_error') DO NOTHING
        RETURNING {SUMMARY}, content, created_by
    ), logged AS (
        INSERT INTO access_log ({ACCESS}) SELECT $1, $6, id, 'create_case', $7, $8, $9 FROM made
    ) SELECT * FROM made
"""
LIST = f"""
    WITH found AS (
        SELECT {SUMMARY} FROM cases WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2
    ), logged AS (
        INSERT INTO access_log ({ACCESS}, filter, count)
        SELECT $1, $3, NULL, 'list_cases', $4, $5, $6, '{{}}', count(*) FROM found
    ) SELECT * FROM found
"""
pool: "asyncpg.Pool[Any]"


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    global pool
    pool = await asyncpg.create_pool(os.environ["PEER_DATABASE_URL"].replace("+asyncpg", ""), min_size=20, max_size=20)
    yield
    await pool.close()


def json(content: Any, status: int = 200, **headers: str) -> Response:
    # asyncpg has its own UUID class, which orjson does not know.
    return Response(orjson.dumps(content, default=str), status, headers, "application/json")


@asynccontextmanager
async def tenant_session(tenant_id: UUID) -> AsyncIterator["asyncpg.Connection[Any]"]:
    async with pool.acquire() as connection:
        await connection.execute(f"BEGIN; SET LOCAL ROLE clincore_app; SET LOCAL app.tenant_id = '{tenant_id}'")
        try:
            yield connection
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        await connection.execute("COMMIT")


async def authenticate(request: Request, endpoint: str) -> tuple[UUID, UUID, str] | None:
    key = request.headers.get("x-api-key", "")
    tenant_id = tenant_of(key)
    if tenant_id is None:
        return None
    async with tenant_session(tenant_id) as connection:
        row = await connection.fetchrow(
            "SELECT id, label, revoked_at FROM api_keys WHERE tenant_id = $1 AND key_hash = $2",
            tenant_id,
            hashlib.sha256(key.encode()).hexdigest(),
        )
        if row is None or row["revoked_at"] is not None:
            return None
        await connection.execute(
            "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint) VALUES ($1, $2, $3, $4, $5)",
            tenant_id,
            uuid4(),
            row["id"],
            request.method,
            endpoint,
        )
    return tenant_id, row["id"], row["label"]


def as_case(row: Any) -> dict[str, Any]:
    case = dict(row)
    case.pop("signed", None)
    return {**orjson.loads(case.pop("content")), **case}


async def get_health(_request: Request) -> Response:
    return json({"status": "ok"})


async def get_case(request: Request) -> Response:
    caller = await authenticate(request, "/cases/{case_id}")
    if caller is None:
        return json({"detail": "unauthorized"}, 401)
    async with tenant_session(caller[0]) as connection:
        row = await connection.fetchrow(
            GET, caller[0], UUID(request.path_params["case_id"]), uuid4(), *caller[1:], uuid4()
        )
    if row is None:
        return json({"detail": "not found"}, 404)
    return json(as_case(row), etag=f'"{row["version"]}"')


async def create_case(request: Request) -> Response:
    caller = await authenticate(request, "/cases")
    if caller is None:
        return json({"detail": "unauthorized"}, 401)
    body = orjson.loads(await request.body())
    title = body.pop("title", None)
    if not isinstance(title, str):
        return json({"detail": "title"}, 400)
    external_id = body.pop("external_id", None)
    async with tenant_session(caller[0]) as connection:
        content = orjson.dumps(body).decode()
        row = await connection.fetchrow(
            POST, caller[0], uuid4(), external_id, title, content, uuid4(), *caller[1:], uuid4()
        )
    return json(as_case(row), 201) if row else json({"detail": "taken"}, 409)


async def list_cases(request: Request) -> Response:
    caller = await authenticate(request, "/cases")
    if caller is None:
        return json({"detail": "unauthorized"}, 401)
    limit = int(request.query_params.get("limit", 50))
    async with tenant_session(caller[0]) as connection:
        rows = await connection.fetch(LIST, caller[0], limit + 1, uuid4(), *caller[1:], uuid4())
    return json({"items": [dict(row) for row in rows[:limit]]})


app = Starlette(
    lifespan=lifespan,
    routes=[
        Route("/health", get_health),
        Route("/cases", list_cases),
        Route("/cases", create_case, methods=["POST"]),
        Route("/cases/{case_id}", get_case),
    ],
)
