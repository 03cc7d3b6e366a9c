"""Verification of cases and of exported revisions, in the separate process of `clincore.verifier`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from clincore.db import tenant_session
from clincore.db.queries import access_log, api_keys, cases, revisions, signing_keys
from clincore.db.queries.revisions import SizeRow, WholeRevision
from clincore.db.session import public_session
from clincore.deadline import CURRENT
from clincore.handlers.case_json import Json, stored_revision
from clincore.handlers.case_rules import require_case
from clincore.handlers.separate_process import in_process
from clincore.problems import NotFound
from clincore.records import replay
from clincore.records.replay import Link
from clincore.records.verification import Check
from clincore.security import Caller, require_rights

REVISIONS_MAX = 100
"""In one response: `maxItems` of `revisions` in the contract's `Replay`."""
BYTES_MAX = 8 * 1024 * 1024
SIGNATURES_MAX = 2000
VERIFY_SECONDS = 1.0
"""After this time no further revision is begun, so that the response meets the deadline."""

Call = Callable[..., Awaitable[Any]]


class _Snapshot(NamedTuple):
    row: Json
    """The case's row and its tags."""
    revision: int | None
    """The number of the shown revision; None for a draft."""
    first: WholeRevision | None
    before: WholeRevision | None
    """The last revision before the page."""
    page: list[WholeRevision]
    is_last_page: bool
    jwks: dict[str, Json]


async def verify_export(exported: Json) -> Json:
    """Verify an exported revision. Returns a `Verification`."""
    verified: Json = await _calls(None)("exported", exported, await public_jwks())
    return verified


async def verify_case(case_id: UUID, user: Caller, after: int) -> Json:
    """Verify a case, with its revisions after this number, as many as fit into one response. Returns a `Replay`.

    Raises:
        NotFound: the tenant has no such case, or the case has no revision with this number.
    """
    call = _calls(user.tenant_id)
    # No connection is held while revisions are verified.
    read = await _read(case_id, user, after)
    before = await _link(call, read.before) if read.before else None
    until = asyncio.get_running_loop().time() + VERIFY_SECONDS
    if (deadline := CURRENT.get()) is not None:
        # Reading may have taken most of the request's time.
        until = min(until, deadline.at - VERIFY_SECONDS)
    results: list[Json] = []
    links: list[Link | None] = []
    for stored in read.page:
        if results and asyncio.get_running_loop().time() > until:
            break
        result, link = await call("stored", str(case_id), stored_revision(stored), read.jwks)
        results.append(result)
        links.append(link and Link(*link))
    reached = results[-1]["revision"] if results else after
    is_last = read.is_last_page and len(results) == len(read.page)
    if is_last:
        checks = await _case_checks(call, read, before, links)
    else:
        rest = f"Revisions after {reached} are not verified yet. Continue with after={reached}."
        checks = [replay.check_chain(links, after=before), Check("rest", False, rest)]
    return {
        "case_id": case_id,
        "valid": all(check.passed for check in checks) and all(result["valid"] for result in results),
        "checks": [check._asdict() for check in checks],
        "revisions": results,
        "next_after": None if is_last else reached,
    }


async def public_jwks() -> dict[str, Json]:
    """Every public key, by `kid`, oldest first."""
    async with public_session() as session:
        return await signing_keys.jwks(session)


def _calls(tenant_id: UUID | None) -> Call:
    return partial(in_process, tenant_id, otherwise="The verification was interrupted. Try again.")


async def _read(case_id: UUID, user: Caller, after: int) -> _Snapshot:
    async with tenant_session(user.tenant_id, snapshot=True) as session:
        rights = api_keys.rights(session, user.key_id)
        sizes = revisions.sizes(session, case_id, after)
        found = await cases.find(session, case_id)
        require_rights(user, rights.rows)
        case = require_case(found)
        last, is_last_page = _fitting(sizes.rows)
        page = await revisions.whole(session, case_id, after, max(last, after))
        first = page[:1] if after <= 1 else await revisions.whole(session, case_id, 1)
        search_terms, tags = await cases.search_terms(session, case_id)
        access_log.record(session, case_id, user.access)
        jwks = await signing_keys.jwks(session)
    before = page.pop(0) if after and page and page[0].row.revision == after else None
    if after and before is None:
        raise NotFound("The case has no revision with this number.")
    row = {
        "tenant_id": str(user.tenant_id),
        "case_id": str(case.id),
        "status": case.status,
        "external_id": case.external_id,
        "created_at": case.created_at,
        "finalized_at": case.finalized_at,
        "tags": tags,
        **search_terms._asdict(),
    }
    return _Snapshot(row, case.revision, first[0] if first else None, before, page, is_last_page, jwks)


def _fitting(sizes: Sequence[SizeRow]) -> tuple[int, bool]:
    """The number of the last revision that fits into one response (0 if there is none), and whether none follows it."""
    last = size = signatures = 0
    for place, one in enumerate(sizes):
        size += one.bytes
        signatures += one.signatures
        if place and (place == REVISIONS_MAX or size > BYTES_MAX or signatures > SIGNATURES_MAX):
            return last, False
        last = one.revision
    return last, True


async def _link(call: Call, stored: WholeRevision) -> Link | None:
    link = await call("link", stored.row.revision, stored.row.signed)
    return link and Link(*link)


async def _case_checks(call: Call, read: _Snapshot, before: Link | None, links: Sequence[Link | None]) -> list[Check]:
    last = read.page[-1] if read.page else read.before
    if read.first is None and last is None:
        if read.revision is None:
            return [Check("signed", False, "No revision of this case is signed.")]
        return [replay.check_chain([], revision=read.revision)]
    assert last is not None
    first = read.first or last
    expected = await call("signed_values", first.row.signed, last.row.signed, last.disclosures)
    return replay.case_checks(
        links,
        after=before,
        revision=read.revision or 0,
        row=read.row,
        expected=expected,
        search_columns=lambda content: cases.search_columns(content)._asdict(),
    )
