"""`Idempotency-Key`: a write that is repeated with the same value is done once, and its answer is sent again.

The value is stored in the write's own transaction, so both are committed or neither. Only answers with a status of 2xx
are stored: after an error nothing was committed, and the value can be used again. Unlike the draft standard
(draft-ietf-httpapi-idempotency-key-header), which also repeats errors: a client can then correct what was wrong. The
answer keeps its media type, whatever `Accept` the repeated request has; a retry has the same.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import orjson
import psycopg

from clincore.db import tenant_session
from clincore.db.queries import access_log, api_keys, idempotency_keys
from clincore.openapi import Request, Response
from clincore.problems import (
    AnswerErased,
    IdempotencyInProgress,
    IdempotencyKeyReused,
    SecretNotReplayable,
    Unavailable,
)
from clincore.security import Caller, require_rights

_DONE = "This request was done before."
_MADE = ("id", "tenant_id")
"""The members of an answer with a secret that name what was created."""


async def answer_once(
    request: Request, value: str, content: bytes, case_id: str | None, answer: Callable[[], Awaitable[Response]]
) -> Response:
    """Do the write and store its answer, or send the stored answer again.

    `value`: of the header `Idempotency-Key`, in quotation marks or bare. `content`: the body as it was sent. `case_id`:
    the case in the path. `answer`: does the write in one tenant session.

    Raises:
        IdempotencyInProgress: a request with this value is in progress.
        IdempotencyKeyReused: this value was used for another request.
        SecretNotReplayable, AnswerErased: the write was done, and its answer is not stored.
        What `answer` raises.
    """
    caller: Any = request.context["user"]
    lineage_id = caller.lineage_id if isinstance(caller, Caller) else idempotency_keys.BOOTSTRAP
    stored_as = idempotency_keys.Value(lineage_id, hashlib.sha256(bare(value).encode()).hexdigest())
    fingerprint = _fingerprint(request, content)
    for _ in range(2):
        try:
            async with idempotency_keys.enclose(stored_as, fingerprint) as envelope:
                response = await answer()
                to_store = _to_store(request, response, fingerprint, case_id)
                await idempotency_keys.store(envelope, stored_as, to_store)
                return response
        except psycopg.Error as error:
            if idempotency_keys.is_in_progress(error):
                raise IdempotencyInProgress(
                    "A request with this Idempotency-Key is in progress. Repeat this request."
                ) from None
            if not idempotency_keys.is_done(error):
                raise
        assert envelope.tenant_id is not None
        stored = await _find(envelope.tenant_id, caller, stored_as, fingerprint)
        if stored is not None:
            return _replayed(request, stored)
        # It was older than 24 hours, and is removed now.
    raise Unavailable


def tenant_id_for(value: str | None) -> UUID:
    """The id of a tenant that a request with this `Idempotency-Key` creates, so that a repeated request finds it."""
    return uuid4() if value is None else uuid5(NAMESPACE_URL, f"clincore:bootstrap:{bare(value)}")


def bare(value: str) -> str:
    """The value without the quotation marks of a structured field's string (RFC 9651, section 3.3.3)."""
    return value[1:-1] if value.startswith('"') else value


def _to_store(request: Request, response: Response, fingerprint: str, case_id: str | None) -> idempotency_keys.Answer:
    assert request.operation is not None
    body = response.body
    if request.operation.answers_secret:
        shown = orjson.loads(body)
        body = orjson.dumps({name: shown[name] for name in _MADE if name in shown})
    elif request.template in ("/cases", "/fhir/Bundle"):
        # The path has no id yet when a case is created.
        case_id = dict(response.headers)[b"location"].decode().rpartition("/")[2]
    return idempotency_keys.Answer(
        fingerprint,
        UUID(case_id) if case_id else None,
        response.status,
        {name.decode(): text.decode("latin-1") for name, text in response.headers},
        body.decode(),
    )


def _fingerprint(request: Request, content: bytes) -> str:
    headers = request.headers
    head = (
        request.method,
        request.path.removeprefix(request.root_path),
        request.query.decode("latin-1"),
        headers.get(b"content-type", b"").decode("latin-1"),
        headers.get(b"if-match", b"").decode("latin-1"),
    )
    return hashlib.sha256(orjson.dumps(head) + content).hexdigest()


async def _find(
    tenant_id: UUID, caller: Any, value: idempotency_keys.Value, fingerprint: str
) -> idempotency_keys.Answer | None:
    async with tenant_session(tenant_id) as session:
        if isinstance(caller, Caller):
            # A key that was revoked since its admission must not read stored answers.
            rights = api_keys.rights(session, caller.key_id)
            stored = await idempotency_keys.find(session, value)
            require_rights(caller, rights.rows)
        else:
            stored = await idempotency_keys.find(session, value)
        if stored is not None and stored.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        if stored is not None and stored.case_id is not None:
            access_log.record(session, stored.case_id, caller.access)
    return stored


def _replayed(request: Request, stored: idempotency_keys.Answer) -> Response:
    if stored.body is None:
        raise AnswerErased(f"{_DONE} Its response was erased. Read the case with GET /cases/{{case_id}}.")
    assert request.operation is not None
    if request.operation.answers_secret:
        made = orjson.loads(stored.body)
        cure = (
            "Revoke the key with this id, and create another with a new Idempotency-Key."
            if "id" in made
            else "The operator creates a key with: clincore keys create"
        )
        raise SecretNotReplayable(f"{_DONE} Its response had a key, which is not stored. {cure}", **made)
    headers = [(name.encode(), text.encode("latin-1")) for name, text in stored.headers.items()]
    return Response(stored.status, [*headers, (b"idempotent-replayed", b"true")], stored.body.encode())
