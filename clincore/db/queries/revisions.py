"""Queries of `case_revisions`, `signatures` and `case_disclosures`. The first two are append-only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, and_, bindparam, delete, func, insert, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB

from clincore.db.models import CaseDisclosure, CaseRevision, Signature
from clincore.db.queries.conditions import CASE, LIMIT, TENANT
from clincore.db.session import Pending, Session
from clincore.db.statements import NoRow, Statement
from clincore.records.revision import SIGNER_PREFIX, SIGNERS, signer_name

SIZES_MAX = 101
"""The most rows that `sizes` returns."""


class SignatureRow(NamedTuple):
    """A signature. `statement` is the signed text; None: the revision's own text."""

    revision: int
    number: int
    statement: str | None
    jws: str


class RevisionRow(NamedTuple):
    """A revision as it was signed."""

    revision: int
    status: str
    signed: str
    sha256: str
    created_at: datetime


class DisclosureRow(NamedTuple):
    """A Disclosure: the value behind a digest in the signed text of a revision or a signature."""

    revision: int
    name: str
    disclosure: str


class RevisionSummaryRow(NamedTuple):
    """A revision as lists show it.

    `id` is the case's id, `signatures` the number of signatures, `signer` the Disclosure of the first signer, if any.
    """

    id: UUID
    revision: int
    status: str
    signed: str
    sha256: str
    created_at: datetime
    signatures: int
    signer: str | None


class SizeRow(NamedTuple):
    """The size of a revision: bytes of its signed text and its Disclosures, and the number of signatures."""

    revision: int
    bytes: int
    signatures: int


class Erased(NamedTuple):
    """A Disclosure that was deleted."""

    name: str


@dataclass(frozen=True, slots=True)
class WholeRevision:
    """A revision with its signatures, in order, and the Disclosures that were not erased, by stored name."""

    row: RevisionRow
    signatures: list[SignatureRow] = field(default_factory=list)
    disclosures: dict[str, str] = field(default_factory=dict)


_REVISION = bindparam("revision", type_=CaseRevision.revision.type)
_KEY = {"tenant_id": TENANT, "case_id": CASE, "revision": _REVISION}


def _insert(table: type, *names: str) -> Statement[NoRow]:
    return Statement(insert(table).values(**_KEY, **{name: bindparam(name) for name in names}).inline(), NoRow)


_INSERT = _insert(CaseRevision, "status", "signed", "sha256", "created_at")
_INSERT_SIGNATURE = _insert(Signature, "number", "statement", "jws", "created_at")
# One statement for all. Selects from the revision, as a distributed database prefers.
_INSERT_DISCLOSURES = Statement(
    text(
        "INSERT INTO case_disclosures (tenant_id, case_id, revision, name, disclosure)"
        " SELECT r.tenant_id, r.case_id, r.revision, d.key, d.value"
        " FROM case_revisions AS r, jsonb_each_text(CAST(:disclosures AS jsonb)) AS d"
        " WHERE r.tenant_id = CAST(:tenant_id AS uuid) AND r.case_id = CAST(:case_id AS uuid)"
        " AND r.revision = CAST(:revision AS integer)"
    ),
    NoRow,
)

_revisions = select(*(getattr(CaseRevision, name) for name in RevisionRow._fields)).where(
    CaseRevision.tenant_id == TENANT, CaseRevision.case_id == CASE
)
_signatures = select(*(getattr(Signature, name) for name in SignatureRow._fields)).where(
    Signature.tenant_id == TENANT, Signature.case_id == CASE
)
_disclosures = select(*(getattr(CaseDisclosure, name) for name in DisclosureRow._fields)).where(
    CaseDisclosure.tenant_id == TENANT, CaseDisclosure.case_id == CASE
)
_LAST = bindparam("last", type_=CaseRevision.revision.type)
_RANGE = (
    Statement(
        _revisions.where(CaseRevision.revision.between(_REVISION, _LAST)).order_by(CaseRevision.revision), RevisionRow
    ),
    Statement(
        _signatures.where(Signature.revision.between(_REVISION, _LAST)).order_by(Signature.revision, Signature.number),
        SignatureRow,
    ),
    Statement(_disclosures.where(CaseDisclosure.revision.between(_REVISION, _LAST)), DisclosureRow),
)
_ONE = (
    Statement(_revisions.where(CaseRevision.revision == _REVISION), RevisionRow),
    Statement(_signatures.where(Signature.revision == _REVISION).order_by(Signature.number), SignatureRow),
    Statement(_disclosures.where(CaseDisclosure.revision == _REVISION), DisclosureRow),
)

_count = (
    select(func.count())
    .where(
        Signature.tenant_id == TENANT,
        Signature.case_id == CaseRevision.case_id,
        Signature.revision == CaseRevision.revision,
    )
    .scalar_subquery()
)
_of_revision = and_(
    CaseDisclosure.tenant_id == TENANT,
    CaseDisclosure.case_id == CaseRevision.case_id,
    CaseDisclosure.revision == CaseRevision.revision,
)
_signer = select(CaseDisclosure.disclosure).where(_of_revision, CaseDisclosure.name == signer_name(1))
_disclosed = select(func.coalesce(func.sum(func.octet_length(CaseDisclosure.disclosure)), 0)).where(_of_revision)
_newest = (
    select(
        CaseRevision.case_id.label("id"),
        CaseRevision.revision,
        CaseRevision.status,
        CaseRevision.signed,
        CaseRevision.sha256,
        CaseRevision.created_at,
        _count.label("signatures"),
        _signer.scalar_subquery().label("signer"),
    )
    .where(CaseRevision.tenant_id == TENANT, CaseRevision.case_id == CASE)
    .order_by(CaseRevision.revision.desc())
    .limit(LIMIT)
)
_SIZES = Statement(
    select(
        CaseRevision.revision,
        (func.octet_length(CaseRevision.signed) + _disclosed.scalar_subquery()).label("bytes"),
        _count.label("signatures"),
    )
    .where(CaseRevision.tenant_id == TENANT, CaseRevision.case_id == CASE, CaseRevision.revision > _REVISION)
    .order_by(CaseRevision.revision)
    .limit(LIMIT),
    SizeRow,
)
# Pages are ordered by number, not by time, because the clocks of two signing machines may differ.
_last = (
    select(func.min(CaseRevision.revision))
    .where(
        CaseRevision.tenant_id == TENANT,
        CaseRevision.case_id == CASE,
        CaseRevision.created_at == bindparam("after_created_at", type_=CaseRevision.created_at.type),
    )
    .scalar_subquery()
)
_NEWEST = Statement(_newest, RevisionSummaryRow)
_NEXT = Statement(_newest.where(CaseRevision.revision < _last), RevisionSummaryRow)

_ERASE = Statement(
    delete(CaseDisclosure)
    .where(
        CaseDisclosure.tenant_id == TENANT,
        CaseDisclosure.case_id == CASE,
        or_(
            CaseDisclosure.name.in_(select(func.jsonb_array_elements_text(bindparam("names", type_=JSONB)))),
            and_(bindparam("signers", type_=Boolean), CaseDisclosure.name.startswith(SIGNER_PREFIX, autoescape=True)),
        ),
    )
    .returning(CaseDisclosure.name),
    Erased,
)


def add(
    session: Session,
    case_id: UUID,
    revision: int,
    *,
    status: str,
    signed: str,
    sha256: str,
    jws: str,
    disclosures: Mapping[str, str],
    created_at: datetime,
) -> None:
    """Store a revision with its first signature and its Disclosures by name, with the next statement."""
    session.queue(
        _INSERT,
        case_id=case_id,
        revision=revision,
        status=status,
        signed=signed,
        sha256=sha256,
        created_at=created_at,
    )
    add_signature(session, case_id, revision, 1, statement=None, jws=jws, created_at=created_at)
    add_disclosures(session, case_id, revision, disclosures)


def add_disclosures(session: Session, case_id: UUID, revision: int, disclosures: Mapping[str, str]) -> None:
    """Store Disclosures of a revision by name, with the next statement."""
    session.queue(_INSERT_DISCLOSURES, case_id=case_id, revision=revision, disclosures=dict(disclosures))


def add_signature(
    session: Session,
    case_id: UUID,
    revision: int,
    number: int,
    *,
    statement: str | None,
    jws: str,
    created_at: datetime,
) -> None:
    """Store a signature, with the next statement. `statement`: the signed text; None: the revision's own text."""
    session.queue(
        _INSERT_SIGNATURE,
        case_id=case_id,
        revision=revision,
        number=number,
        statement=statement,
        jws=jws,
        created_at=created_at,
    )


async def whole(session: Session, case_id: UUID, revision: int, last: int | None = None) -> list[WholeRevision]:
    """One of the case's revisions, or those from `revision` to `last`, in order.

    Unless the session is a snapshot, the caller holds the case's lock.
    """
    revisions, signatures, disclosures = _ONE if last is None else _RANGE
    values = {"case_id": case_id, "revision": revision, "last": last}
    queued_revisions, queued_signatures = session.queue(revisions, **values), session.queue(signatures, **values)
    disclosure_rows = await session.fetch(disclosures, **values)
    found = {row.revision: WholeRevision(row) for row in queued_revisions.rows}
    # Skip signatures and Disclosures of a removed revision; verification reports that the revision is missing.
    for signature in queued_signatures.rows:
        if signature.revision in found:
            found[signature.revision].signatures.append(signature)
    for disclosure in disclosure_rows:
        if disclosure.revision in found:
            found[disclosure.revision].disclosures[disclosure.name] = disclosure.disclosure
    return list(found.values())


def sizes(session: Session, case_id: UUID, after: int) -> Pending[SizeRow]:
    """Ask, with the next statement, for the sizes of the revisions after this number; in order, at most `SIZES_MAX`."""
    return session.queue(_SIZES, case_id=case_id, revision=after, limit=SIZES_MAX)


async def page(
    session: Session, case_id: UUID, *, after: tuple[datetime, UUID] | None, size: int
) -> list[RevisionSummaryRow]:
    """Revisions without their Disclosures, newest first; commits.

    `after`: `created_at` and `id` of the last revision of the previous page.
    """
    if after is None:
        return await session.finish(_NEWEST, case_id=case_id, limit=size)
    return await session.finish(_NEXT, case_id=case_id, limit=size, after_created_at=after[0])


async def erase(session: Session, case_id: UUID, names: Collection[str]) -> bool:
    """Delete the Disclosures of these fields, or of `SIGNERS`, in every revision. False: there were none."""
    return bool(await session.fetch(_ERASE, case_id=case_id, names=list(names), signers=SIGNERS in names))
