"""FastAPI + SQLAlchemy's ORM + asyncpg, as a good engineer writes it in a day.

It does the same work as ClinCore: key check, tenant session, a committed usage event, a validated body and response.
"""

import base64
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import and_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from clincore.db.models import AccessLogEntry, ApiKey, Case, CaseRevision, UsageEvent
from clincore.keys import tenant_of

engine = create_async_engine(os.environ["PEER_DATABASE_URL"], pool_size=20, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Coding(Model):
    system: str = Field(max_length=255)
    code: str = Field(max_length=100)
    display: str | None = Field(None, max_length=250)


class Concept(Model):
    text: str | None = Field(None, max_length=2000)
    coding: list[Coding] | None = Field(None, max_length=8)


class Identifier(Model):
    system: str = Field(max_length=255)
    value: str = Field(max_length=250)


class Subject(Model):
    identifiers: list[Identifier] = Field(max_length=10)
    name: str | None = Field(None, max_length=250)
    birth_date: str | None = None
    gender: Literal["male", "female", "other", "unknown"] | None = None


class Author(Model):
    identifiers: list[Identifier] | None = None
    name: str | None = Field(None, max_length=250)
    role: str | None = Field(None, max_length=250)


class Period(Model):
    start: datetime
    end: datetime | None = None


class Time(Model):
    date_time: str | None = None
    string: str | None = None


class Quantity(Model):
    value: str = Field(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Value(Model):
    quantity: Quantity | None = None
    concept: Concept | None = None
    string: str | None = None


class Condition(Model):
    code: Concept
    clinical_status: str | None = None
    verification_status: str | None = None
    onset: Time | None = None
    abatement: Time | None = None
    note: str | None = None


class Observation(Model):
    code: Concept
    status: str | None = None
    categories: list[Concept] | None = None
    effective: Time | None = None
    value: Value | None = None


class Dosage(Model):
    text: str | None = None


class Medication(Model):
    kind: str
    medication: Concept
    status: str | None = None
    effective: Time | None = None
    dosages: list[Dosage] | None = None


class Reaction(Model):
    manifestations: list[Concept]


class Allergy(Model):
    code: Concept
    clinical_status: str | None = None
    criticality: str | None = None
    reactions: list[Reaction] | None = None


class Content(Model):
    type: Coding = Coding(system="http://loinc.org", code="34133-9", display="Summary of episode note")
    subject: Subject | None = None
    author: Author | None = None
    period: Period | None = None
    reason: str | None = Field(None, max_length=20_000)
    history: str | None = Field(None, max_length=20_000)
    assessment: str | None = Field(None, max_length=20_000)
    plan: str | None = Field(None, max_length=20_000)
    conditions: list[Condition] = Field([], max_length=200)
    observations: list[Observation] = Field([], max_length=1000)
    medications: list[Medication] = Field([], max_length=200)
    allergies: list[Allergy] = Field([], max_length=200)
    tags: list[str] = Field([], max_length=20)
    metadata: dict[str, str] = {}


class NewCase(Content):
    title: str = Field(min_length=1, max_length=200)
    external_id: str | None = Field(None, max_length=128)


class CaseOut(Content):
    id: UUID
    external_id: str | None
    status: str
    version: int
    title: str
    created_at: datetime
    updated_at: datetime
    created_by: UUID
    finalized_at: datetime | None


class CaseSummary(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    external_id: str | None
    status: str
    version: int
    title: str
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None


class CasePage(BaseModel):
    items: list[CaseSummary]
    next_cursor: str | None = None


class Caller(BaseModel):
    tenant_id: UUID
    key_id: UUID
    key_label: str

    def access(self, operation: str, case_id: UUID | None, **values: Any) -> AccessLogEntry:
        """A row of the access log, in the transaction of the work."""
        return AccessLogEntry(
            tenant_id=self.tenant_id,
            id=uuid4(),
            case_id=case_id,
            operation=operation,
            key_id=self.key_id,
            key_label=self.key_label,
            request_id=uuid4(),
            **values,
        )


@asynccontextmanager
async def tenant_session(tenant_id: UUID) -> AsyncIterator[AsyncSession]:
    async with sessions() as session, session.begin():
        await session.execute(text("SET LOCAL ROLE clincore_app"))
        await session.execute(text(f"SET LOCAL app.tenant_id = '{tenant_id}'"))
        yield session


def authenticate(method: str, endpoint: str) -> Any:
    async def dependency(x_api_key: Annotated[str, Header()]) -> Caller:
        tenant_id = tenant_of(x_api_key)
        if tenant_id is None:
            raise HTTPException(401)
        async with tenant_session(tenant_id) as session:
            key_hash = hashlib.sha256(x_api_key.encode()).hexdigest()
            key = await session.scalar(select(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.key_hash == key_hash))
            if key is None or key.revoked_at is not None:
                raise HTTPException(401)
            event = UsageEvent(tenant_id=tenant_id, id=uuid4(), api_key_id=key.id, method=method, endpoint=endpoint)
            session.add(event)
        return Caller(tenant_id=tenant_id, key_id=key.id, key_label=key.label)

    return Depends(dependency)


app = FastAPI()


def as_case(case: Case) -> CaseOut:
    return CaseOut(
        id=case.id,
        external_id=case.external_id,
        status=case.status,
        version=case.version,
        title=case.title,
        created_at=case.created_at,
        updated_at=case.updated_at,
        created_by=case.created_by,
        finalized_at=case.finalized_at,
        **{name: value for name, value in (case.content or {}).items() if name not in ("title", "model_version")},
    )


@app.get("/health")
async def get_health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/cases", status_code=201)
async def create_case(body: NewCase, caller: Annotated[Caller, authenticate("POST", "/cases")]) -> CaseOut:
    async with tenant_session(caller.tenant_id) as session:
        case = Case(
            tenant_id=caller.tenant_id,
            id=uuid4(),
            external_id=body.external_id,
            title=body.title,
            content=body.model_dump(mode="json", exclude={"title", "external_id"}),
            created_by=caller.key_id,
            billing_status="paid",
        )
        session.add(case)
        session.add(caller.access("create_case", case.id))
        await session.flush()
        await session.refresh(case)
        return as_case(case)


@app.get("/cases/{case_id}")
async def get_case(
    case_id: UUID, response: Response, caller: Annotated[Caller, authenticate("GET", "/cases/{case_id}")]
) -> CaseOut:
    async with tenant_session(caller.tenant_id) as session:
        shown = and_(
            CaseRevision.tenant_id == Case.tenant_id,
            CaseRevision.case_id == Case.id,
            CaseRevision.revision == Case.revision,
        )
        query = select(Case, CaseRevision).outerjoin(CaseRevision, shown)
        found = (
            await session.execute(query.where(Case.tenant_id == caller.tenant_id, Case.id == case_id))
        ).one_or_none()
        if found is None:
            raise HTTPException(404)
        case = found[0]
        session.add(caller.access("get_case", case.id))
    response.headers["ETag"] = f'"{case.version}"'
    return as_case(case)


@app.get("/cases")
async def list_cases(
    caller: Annotated[Caller, authenticate("GET", "/cases")],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: str | None = None,
) -> CasePage:
    query = select(Case).where(Case.tenant_id == caller.tenant_id)
    if cursor is not None:
        created_at, _, case_id = base64.urlsafe_b64decode(cursor).decode().partition("|")
        query = query.where(tuple_(Case.created_at, Case.id) < (datetime.fromisoformat(created_at), UUID(case_id)))
    query = query.order_by(Case.created_at.desc(), Case.id.desc()).limit(limit + 1)
    async with tenant_session(caller.tenant_id) as session:
        rows = (await session.scalars(query)).all()
        session.add(caller.access("list_cases", None, filter={}, count=min(len(rows), limit)))
    page = CasePage(items=[CaseSummary.model_validate(row) for row in rows[:limit]])
    if len(rows) > limit:
        last = rows[limit - 1]
        page.next_cursor = base64.urlsafe_b64encode(f"{last.created_at.isoformat()}|{last.id}".encode()).decode()
    return page
