"""Documents read in the separate process, whose calls and answers are JSON."""

from typing import Any

import orjson

from clincore.records import content_rules, units
from clincore.records.fhir.reading.documents import identifier_of, read_document
from clincore.records.fhir.reading.fit import fit
from clincore.records.fhir.reading.parsing import NotJson, parsed
from clincore.records.fhir.reading.report import Reading, Row, Unreadable

CASE_BYTES_MAX = 1024 * 1024
"""As for `POST /cases`."""
_UNIT_CHARACTERS = 500
"""Of the units of a document that are not common ones. A slow unit takes up to a millisecond for each character."""


def read(content: str) -> list[Any]:
    """Case, report and identifier of a document. If there is no case: None, the place, and the reason.

    The place is None if the content is not JSON as `parsed` wants it. The case may not match its schema. The identifier
    is None if it has no system.
    """
    left = _UNIT_CHARACTERS

    def is_unit(code: str) -> bool:
        nonlocal left
        if code in units.COMMON:
            return True
        left -= len(code)
        return left >= 0 and units.is_unit(code)

    try:
        bundle = parsed(content.encode())
        reading = read_document(bundle, is_unit)
    except Unreadable as error:
        return [None, error.path, error.reason]
    except NotJson as error:
        return [None, None, str(error)]
    # A reference of a few bytes can stand for thousands of them.
    if len(orjson.dumps(reading.case)) > CASE_BYTES_MAX:
        return [None, "", f"The case would have more than {CASE_BYTES_MAX} bytes as JSON."]
    return [reading.case, reading.rows, identifier_of(bundle)]


def fit_to_rules(case: dict[str, Any], rows: list[Any]) -> list[Any]:
    """A case that matches its schema, without what breaks its other rules, and all lines of the report.

    If it cannot be a case: None, and the reason.
    """
    try:
        return list(fit(Reading(case, [Row(*row) for row in rows]), _broken_rules))
    except Unreadable as error:
        return [None, error.reason]


def _broken_rules(case: dict[str, Any]) -> list[tuple[str, str]]:
    # Its units were compared with UCUM when they were read.
    return content_rules.check(case).errors or content_rules.reference_errors(case)
