"""The process for work that takes CPU, which `clincore.verifier` starts. It handles one call at a time.

Calls and answers are JSON, each preceded by its length in four bytes. The process exits at the end of its input.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson

from clincore.records import content_rules, replay, units, verification
from clincore.records.export import StoredRevision, StoredSignature
from clincore.records.fhir import document as fhir
from clincore.records.fhir.reading import in_process

LENGTH_BYTES = 4


def main() -> None:
    """Answer calls until the input ends."""
    # Ctrl-C reaches every process of a terminal, but this one must end only after the process that started it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while length := source.read(LENGTH_BYTES):
        answer = _answer(source.read(int.from_bytes(length)))
        try:
            target.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
            target.flush()
        except OSError:
            # The process that started this one was killed. An exception, or the interpreter's own exit with the answer
            # still in the buffer, would print a traceback into the service's log.
            os._exit(0)


def _answer(message: bytes) -> bytes:
    try:
        name, arguments = orjson.loads(message)
        # orjson does not serialize a NamedTuple as a tuple.
        return orjson.dumps([True, CALLS[name](*arguments)], default=tuple)
    except Exception as error:
        # The text of the error can contain clinical text.
        return orjson.dumps([False, type(error).__name__])


def _verified_stored(case_id: str, stored: list[Any], jwks: dict[str, Any]) -> list[Any]:
    one = StoredRevision(*stored)
    one = one._replace(
        # A `datetime` marks a stored time, which is compared to the microsecond.
        created_at=datetime.fromisoformat(stored[2]),
        signatures=[StoredSignature(*signature) for signature in one.signatures],
    )
    return [replay.verified_stored(case_id, one, jwks), _link(one.revision, one.signed)]


def _link(revision: int, signed: str) -> list[Any] | None:
    link = replay.link_of(revision, signed)
    return link and list(link)


def _document(case_and_signatures: list[Any], identifier_system: str, profile: fhir.Profile | None) -> str:
    case, signatures = case_and_signatures
    made = fhir.document(case, identifier_system=identifier_system, signatures=signatures, profile=profile)
    return fhir.as_json(made).decode()


def _are_units(codes: list[str]) -> dict[str, bool]:
    return {code: units.is_unit(code) for code in codes}


CALLS: dict[str, Callable[..., Any]] = {
    "check_content": content_rules.check,
    "are_units": _are_units,
    "read_document": in_process.read,
    "fit_to_rules": in_process.fit_to_rules,
    "exported": verification.verified,
    "stored": _verified_stored,
    "link": _link,
    "document": _document,
    "signed_values": replay.signed_values,
}
