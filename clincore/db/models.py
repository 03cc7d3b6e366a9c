"""The tables, as the migrations create them; `alembic check` compares the two.

Queries use these classes with SQLAlchemy Core. Policies, grants and check constraints are in the migrations.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text(), dict[str, Any]: JSONB(none_as_null=True)}  # noqa: RUF012


class TenantName(Base):
    """Names, unique among all tenants. On Citus this is a reference table, while `tenants` is distributed."""

    __tablename__ = "tenant_names"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, unique=True)


class Tenant(Base):
    __tablename__ = "tenants"

    __table_args__ = (ForeignKeyConstraint(["id", "name"], ["tenant_names.tenant_id", "tenant_names.name"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    billing_status: Mapped[str | None]
    """None: free."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    suspended_at: Mapped[datetime | None]
    """Since when the tenant's keys are refused. None: they are accepted."""
    deletion: Mapped[dict[str, Any] | None]
    """What the receipt of the deletion will say. None: the tenant is not being deleted."""


class ApiKey(Base):
    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("tenant_id", "key_hash"), Index(None, "tenant_id", "created_at", "id"))

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_hash: Mapped[str]
    label: Mapped[str]
    role: Mapped[str] = mapped_column(server_default="user")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_four: Mapped[str | None]
    """None: the key is older than this column."""
    lineage_id: Mapped[UUID | None]
    """The first key of the rotations that led to this one. None: this key itself."""
    rate_limit_per_minute: Mapped[int | None]
    """None: no limit."""
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """What the key may be used for. None: everything that its role allows."""


class RateLimitCounter(Base):
    """The requests that workers have leased of the rate limit of a key and its successors."""

    __tablename__ = "rate_limit_counters"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "lineage_id"], ["api_keys.tenant_id", "api_keys.id"]),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    lineage_id: Mapped[UUID] = mapped_column(primary_key=True)
    second: Mapped[int] = mapped_column(BigInteger)
    """The Unix time, in seconds, of the last lease."""
    leased: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """The sum of all leases until the end of `second`, of the second before it, and so on."""
    granted: Mapped[int] = mapped_column(BigInteger)
    """The size of the last lease."""


# Literals, because PostgreSQL cannot prove from a bound value that a partial index covers the query.
ENDED = "status IN ('cancelled', 'entered_in_error')"
LIVING = "status NOT IN ('cancelled', 'entered_in_error')"
UNNUMBERED = "numbered_version IS DISTINCT FROM version"


class Case(Base):
    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "ix_cases_tenant_id_external_id_living",
            "tenant_id",
            "external_id",
            unique=True,
            postgresql_where=text(LIVING),
        ),
        Index("ix_cases_tenant_id_external_id_ended", "tenant_id", "external_id", postgresql_where=text(ENDED)),
        Index(
            "ix_cases_tenant_id_source_sha256_living",
            "tenant_id",
            "source_sha256",
            unique=True,
            postgresql_where=text(f"source_sha256 IS NOT NULL AND {LIVING}"),
        ),
        ForeignKeyConstraint(["tenant_id", "created_by"], ["api_keys.tenant_id", "api_keys.id"]),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "updated_at"),
        Index(None, "tenant_id", "type_code", "created_at", "id"),
        Index(None, "tenant_id", "subject_value", "created_at", "id"),
        Index("ix_cases_tenant_id_paid", "tenant_id", postgresql_where=text("billing_status = 'paid'")),
        # Partial, because an UPDATE of a column with a whole unique index conflicts with checks of foreign keys.
        Index(
            "ix_cases_tenant_id_change_seq",
            "tenant_id",
            "change_seq",
            unique=True,
            postgresql_where=text("change_seq IS NOT NULL"),
        ),
        Index("ix_cases_tenant_id_unnumbered", "tenant_id", postgresql_where=text(UNNUMBERED)),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="draft")
    version: Mapped[int] = mapped_column(server_default="1")
    title: Mapped[str]
    content: Mapped[dict[str, Any] | None]
    amendment_reason: Mapped[str | None]
    revision: Mapped[int | None]
    type_system: Mapped[str] = mapped_column(server_default="http://loinc.org")
    type_code: Mapped[str] = mapped_column(server_default="34133-9")
    subject_system: Mapped[str | None]
    subject_value: Mapped[str | None]
    billing_status: Mapped[str] = mapped_column(server_default="free")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[UUID]
    finalized_at: Mapped[datetime | None]
    change_seq: Mapped[int | None] = mapped_column(BigInteger)
    """The number of its last change in the tenant's change feed, if `numbered_version` is `version`."""
    numbered_version: Mapped[int | None]
    """The version that `change_seq` belongs to. None: a change other than of the version has no number yet."""
    source_sha256: Mapped[str | None]
    """Of the identifier of the document that the case was created from."""


class CaseTag(Base):
    __tablename__ = "case_tags"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["cases.tenant_id", "cases.id"]),
        Index(None, "tenant_id", "tag", "created_at", "case_id"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class CaseRevision(Base):
    __tablename__ = "case_revisions"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "case_id"], ["cases.tenant_id", "cases.id"]),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    signed: Mapped[str]
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def _of_revision() -> ForeignKeyConstraint:
    columns = ["tenant_id", "case_id", "revision"]
    return ForeignKeyConstraint(columns, [f"case_revisions.{column}" for column in columns])


class Signature(Base):
    __tablename__ = "signatures"
    __table_args__ = (_of_revision(),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    statement: Mapped[str | None]
    jws: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CaseDisclosure(Base):
    __tablename__ = "case_disclosures"
    __table_args__ = (_of_revision(),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    disclosure: Mapped[str]


class IdempotencyKey(Base):
    """A write that was done with an `Idempotency-Key`, and its answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "tenant_id", "created_at"), Index(None, "tenant_id", "case_id"))

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    lineage_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The lineage of the API key; the nil UUID for the bootstrap token."""
    value_sha256: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    """SHA-256 of the request, to recognize another request with the same value."""
    case_id: Mapped[UUID | None]
    """The case that the answer shows. An erasure of the case empties `body`."""
    status: Mapped[int | None] = mapped_column(BigInteger)
    """This and the two columns below are set before the commit."""
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AccessLogEntry(Base):
    __tablename__ = "access_log"
    __table_args__ = (
        Index(None, "tenant_id", "case_id", "created_at", "id"),
        Index(None, "tenant_id", "key_id", "created_at", "id"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None]
    operation: Mapped[str]
    key_id: Mapped[UUID]
    key_label: Mapped[str]
    request_id: Mapped[UUID]
    filter: Mapped[dict[str, Any] | None]
    count: Mapped[int | None]


class ChangeFeed(Base):
    """The change feed of a tenant. The transaction that numbers changes locks the row."""

    __tablename__ = "change_feeds"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    """The last number that was given."""


class SigningKey(Base):
    """Public keys, which belong to no tenant."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(primary_key=True)
    jwk: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]
    """The key no longer signs, and a signature dated at or after this time is invalid. None: not retired."""
    compromised_at: Mapped[datetime | None]
    """Since when others may have the private key. As `retired_at`, but most often in the past."""


class UsageEvent(Base):
    __tablename__ = "usage_events"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "api_key_id"], ["api_keys.tenant_id", "api_keys.id"]),
        Index(None, "tenant_id", "created_at"),
        Index(None, "tenant_id", "api_key_id", "created_at"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    api_key_id: Mapped[UUID]
    method: Mapped[str]
    endpoint: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UsageHour(Base):
    __tablename__ = "usage_hourly"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "api_key_id"], ["api_keys.tenant_id", "api_keys.id"]),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    api_key_id: Mapped[UUID] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)


class UsageDay(Base):
    __tablename__ = "usage_daily"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "api_key_id"], ["api_keys.tenant_id", "api_keys.id"]),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    api_key_id: Mapped[UUID] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)


class UsageOutcome(Base):
    __tablename__ = "usage_outcomes"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    """The class of the status, such as `2xx`, or `429`."""
    calls: Mapped[int] = mapped_column(BigInteger)


class UsageWatermark(Base):
    __tablename__ = "usage_watermarks"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    closed_before: Mapped[datetime]
    pruned_before: Mapped[date | None]
    pruned_calls: Mapped[int | None] = mapped_column(BigInteger)
