"""Liveness and readiness."""

import asyncio
from time import perf_counter
from typing import Any

import psycopg

from clincore import drain, runtime
from clincore.db import schema_version
from clincore.db.schema_version import Age
from clincore.db.session import examine_nodes, ping
from clincore.problems import STOPPING, Unavailable
from clincore.records.signing_key import NoSigningKey

PING_SECONDS = 2.5
"""Less than the time limit of a request, so that the answer still has the checks."""

Check = dict[str, str]
"""As the contract's `ReadinessCheck`."""


async def get_health() -> dict[str, str]:
    return {"status": "ok"}


async def get_readiness(verbose: bool) -> dict[str, Any]:
    serving = _serving()
    if serving["status"] == "failed" and not verbose:
        raise Unavailable(serving["detail"])
    of_database, cause = await _database()
    of_nodes = await _nodes() if verbose and cause is None else []
    checks = [serving, *of_database, *of_nodes, _signing_key()]
    shown: dict[str, Any] = {"checks": checks} if verbose else {}
    for check in checks:
        if check["status"] == "failed":
            # Of the database, only the reason's kind is shown. The log line has the error.
            raise Unavailable(check["detail"], **shown) from (cause if check["name"] == "database" else None)
    return {"status": "ok", **shown}


def _check(name: str, status: str, detail: str) -> Check:
    return {"name": name, "status": status, "detail": detail}


def _serving() -> Check:
    if drain.is_leaving():
        return _check("serving", "failed", STOPPING)
    return _check("serving", "ok", "The service accepts requests.")


async def _database() -> tuple[list[Check], Exception | None]:
    """The checks of the database and its schema, in one round trip, and the error if it failed."""
    asked_at = perf_counter()
    try:
        async with asyncio.timeout(PING_SECONDS):
            note = await ping()
    except Exception as error:
        # No request can be served, for any cause.
        is_read_only = isinstance(error, psycopg.errors.ReadOnlySqlTransaction)
        detail = "PostgreSQL accepts no writes." if is_read_only else Unavailable.detail
        unknown = _check("schema", "unknown", "Not known without the database.")
        return [_check("database", "failed", detail), unknown], error
    milliseconds = (perf_counter() - asked_at) * 1000
    detail = f"PostgreSQL answered after {milliseconds:.1f} ms and accepts writes."
    return [_check("database", "ok", detail), _schema(note)], None


async def _nodes() -> list[Check]:
    """The check of the nodes of a Citus cluster. It never fails: the tenants of the other nodes are served."""
    silent = await examine_nodes()
    if silent is None:
        return []
    if not silent:
        return [_check("nodes", "ok", "All nodes of the database answer.")]
    # Addresses are not for everyone.
    numbers = ", ".join(str(number) for number, _ in silent)
    detail = (
        f"No answer from the nodes of these groups: {numbers}. Requests of their tenants get 503, and no tenant can be"
        " created. The log has their addresses."
    )
    return [_check("nodes", "warning", detail)]


def _schema(note: str | None) -> Check:
    if note is None:
        return _check("schema", "unknown", "The comment of the table alembic_version is lost. Run: clincore migrate")
    match schema_version.age_of(note):
        case Age.EARLIER:
            return _check("schema", "failed", "The schema is older than this version. Run: clincore migrate")
        case Age.LATER:
            return _check("schema", "ok", "A later version has migrated the schema. This version serves on it.")
        case Age.SAME:
            return _check("schema", "ok", "The schema is that of this version.")


def _signing_key() -> Check:
    try:
        runtime.current().signing_key.current()
    except NoSigningKey:
        # Why is not for everyone: the answer to `finalize` says it.
        return _check("signing_key", "warning", "There is no usable signing key, so revisions cannot be signed.")
    return _check("signing_key", "ok", "The signing key can be read.")
