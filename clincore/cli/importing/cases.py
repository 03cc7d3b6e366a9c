"""The cases of a patient or a document of the index, ready to be sent, with their lines of the report."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from clincore.cli.importing.index import Document, Found, Index, Line, place
from clincore.records import units
from clincore.records.fhir.reading import in_process
from clincore.records.fhir.reading.fit import Errors, fit
from clincore.records.fhir.reading.index import target
from clincore.records.fhir.reading.records import Records
from clincore.records.fhir.reading.report import Reading, Row, Unreadable

DOCUMENT_BYTES_MAX = 2 * 1024 * 1024
"""What `POST /fhir/Bundle` takes."""


class Prepared(NamedTuple):
    """A case to send, or only lines of the report."""

    path: str
    """Of the operation."""
    body: bytes | None
    """None: nothing is sent."""
    identity: str
    """Its `external_id`, or the identifier of the document."""
    lines: list[Line]
    """What the case keeps of the resources, and what was refused."""


def of_patient(index: Index, about: str, source: str, errors_of: Errors) -> list[Prepared]:
    """The cases of one patient. `errors_of`: of a case, by the contract's schema."""
    own, others = _loaded(index, about)
    records = Records(source, units.is_unit)
    by_path = {place(one.file, one.path): one for one in (*own, *others)}
    for path, one in by_path.items():
        records.add_resource(one.value, path, one.url)
    stubs = {one.n for one in others if one.about is not None}
    readings = records.cases()

    def lines(rows: list[Row], at: Found) -> list[Line]:
        made = (_line(row, by_path, at) for row in rows)
        return [line for line in made if line.n not in stubs]

    at = own[0]
    prepared = [Prepared("", None, "", lines(records.rows, at))]
    for reading in readings:
        at = next((found for row in reading.rows if (found := by_path.get(row.path))), own[0])
        prepared.append(_case(reading, errors_of, lambda rows, at=at: lines(rows, at)))  # type: ignore[misc]
    return prepared


def _loaded(index: Index, about: str) -> tuple[list[Found], list[Found]]:
    """The patient's resources, and those that they refer to."""
    own = index.of_patient(about)
    loaded = {one.n for one in own}
    others: list[Found] = []
    pending = list(own)
    seen = set[tuple[str, int]]()
    while pending:
        one = pending.pop()
        for reference in _references(one.value):
            key, _ = target(reference, one.url)
            if key is None or (key, one.bundle) in seen:
                continue
            seen.add((key, one.bundle))
            for found in index.with_key(key, one.bundle):
                # Entries of other patients are theirs. An encounter of another patient refuses the entry.
                if found.n in loaded or (found.about is not None and found.type != "Encounter"):
                    continue
                loaded.add(found.n)
                others.append(found)
                if found.about is None:
                    pending.append(found)
    return own, sorted(others)


def _references(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack += one
        elif isinstance(one, dict):
            literal = one.get("reference")
            if isinstance(literal, str) and not literal.startswith("#"):
                yield literal
            stack += one.values()


def _line(row: Row, by_path: dict[str, Found], at: Found) -> Line:
    """`at`: the resource whose file has what is no resource, such as an entry of the case."""
    whole, _, rest = row.path.partition(".contained[")
    found = by_path.get(row.path) or by_path.get(whole)
    if found is None:
        return Line(at.n, at.file, row.resource, row.path, row.outcome, row.reason)
    path = f"{found.path}.contained[{rest}" if rest and row.path not in by_path else found.path
    return Line(found.n, found.file, row.resource, path, row.outcome, row.reason)


def _case(reading: Reading, errors_of: Errors, lines: Callable[[list[Row]], list[Line]]) -> Prepared:
    if reading.case is None:
        return Prepared("", None, "", lines(reading.rows))
    external_id = reading.case["external_id"]
    try:
        fitting = _fitting(reading, errors_of)
    except Unreadable as error:
        refused = [row._replace(outcome="refused", reason=error.reason) for row in reading.rows]
        return Prepared("", None, external_id, lines(refused))
    assert fitting.case is not None
    return Prepared("/cases", orjson.dumps(fitting.case), external_id, lines(fitting.rows))


def _fitting(reading: Reading, errors_of: Errors) -> Reading:
    """The reading with a case that the service takes.

    Raises:
        Unreadable: it cannot be one.
    """
    fitting = fit(reading, errors_of)
    case, found = in_process.fit_to_rules(fitting.case or {}, fitting.rows)
    if case is None:
        raise Unreadable(found)
    if len(orjson.dumps(case)) > in_process.CASE_BYTES_MAX:
        raise Unreadable(f"the case would have more than {in_process.CASE_BYTES_MAX} bytes as JSON")
    return Reading(case, [Row(*row) for row in found])


def of_document(document: Document, source: str | None, errors_of: Errors, document_errors_of: Errors) -> Prepared:
    """The case of a document. One with an identifier is sent as it is.

    `errors_of`, `document_errors_of`: of a case and of a document, by the contract's schemas.
    """

    def lines(rows: list[Row]) -> list[Line]:
        return [document_line(document, row) for row in rows]

    def refused(reason: str, path: str = "Bundle") -> Prepared:
        return Prepared("", None, identity, lines([Row("Bundle", path, "refused", reason)]))

    identity = document.identifier or f"{source}:Bundle/{hashlib.sha256(document.content).hexdigest()}"
    if len(document.content) > DOCUMENT_BYTES_MAX:
        return refused(f"the document has more than {DOCUMENT_BYTES_MAX} bytes")
    case, *rest = in_process.read(document.content.decode())
    if case is None:
        return refused(rest[1], rest[0])
    if document.identifier is not None and (errors := document_errors_of(orjson.loads(document.content))):
        pointer, message = errors[0]
        return refused(f"the service does not take the document: {pointer} {message}")
    try:
        reading = _fitting(Reading(case, [Row(*row) for row in rest[0]]), errors_of)
    except Unreadable as error:
        return refused(error.reason)
    if document.identifier is not None:
        return Prepared("/fhir/Bundle", document.content, identity, lines(reading.rows))
    assert reading.case is not None
    return Prepared("/cases", orjson.dumps(reading.case | {"external_id": identity}), identity, lines(reading.rows))


def document_line(document: Document, row: Row) -> Line:
    path = f"{document.path}: {row.path}" if document.path else row.path
    return Line(document.n, document.file, row.resource, path, row.outcome, row.reason)
