"""The first part of an import: every file into the index, and a line for what cannot be read."""

from itertools import count
from typing import Any

from clincore.cli.importing.files import Input, Piece, Unusable, pieces
from clincore.cli.importing.index import Document, Index, Line
from clincore.records.fhir.reading.documents import identifier_of
from clincore.records.fhir.reading.element import Resource
from clincore.records.fhir.reading.entries import FIELDS, patient_field
from clincore.records.fhir.reading.index import MEANINGLESS, is_meaningless, key_of, target
from clincore.records.fhir.reading.parsing import NotJson, parsed, require_r4
from clincore.records.fhir.reading.records import literal_of, require_resource, resources_of, without_patient
from clincore.records.fhir.reading.report import Row, Unreadable

_CONTAINERS_MAX = 5_000_000


class FileReader:
    """Reads files into an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers = count(1)
        self._bundles = count(1)

    def read(self, file: Input) -> int:
        """Read a file. Returns the number of its problems.

        Of a file that cannot be read to its end, nothing is used: cases with a part of their entries would not be
        completed by a later run.
        """
        problems = 0
        self._index.begin()
        try:
            for piece in pieces(file):
                problems += self._piece(file, piece)
        except Unusable as error:
            self._index.rollback()
            self._index.begin()
            problems = self._refuse(file, "", "", f"{error}; nothing of it was used")
        self._index.commit()
        return problems

    def _refuse(self, file: Input, resource: str, path: str, reason: str) -> int:
        self._add_row(file, Row(resource, path, "refused", reason))
        return 1

    def _add_row(self, file: Input, row: Row) -> None:
        line = Line(next(self._numbers), file.name, row.resource, row.path, row.outcome, row.reason)
        self._index.add_rows([line])

    def _piece(self, file: Input, piece: Piece) -> int:
        try:
            value = parsed(piece.content, containers_max=_CONTAINERS_MAX)
            if isinstance(value, dict) and value.get("resourceType") == "Bundle":
                require_r4(value, "Bundle")
                if value.get("type") == "document":
                    return self._document(file, piece, value)
                return self._bundle(file, piece.place, value)
            if isinstance(value, dict) and "resourceType" not in value and {"transactionTime", "output"} <= set(value):
                self._add_row(
                    file, Row("", piece.place, "noted", "the manifest of a Bulk Data export, which has no data")
                )
                return 0
            resource = require_resource(value, "")
            path = piece.place or resource["resourceType"][:64]
            return self._resource(file, resource, path, None, 0)
        except Unreadable as error:
            path = error.path if error.path not in ("$this", "Bundle") else ""
            return self._refuse(file, "", ": ".join(filter(None, (piece.place, path))), error.reason)
        except NotJson as error:
            return self._refuse(file, "", piece.place, str(error))

    def _document(self, file: Input, piece: Piece, value: dict[str, Any]) -> int:
        document = Document(next(self._numbers), file.name, piece.place, identifier_of(value), piece.content)
        other = self._index.add_document(document)
        if other is None:
            return 0
        if other.startswith("="):
            row = Line(document.n, file.name, "Bundle", piece.place, "existing", f"the same as {other[1:]}")
        else:
            reason = f"its identifier is that of {other[1:]}, which has other content"
            row = Line(document.n, file.name, "Bundle", piece.place, "refused", reason)
        self._index.add_rows([row])
        return row.outcome == "refused"

    def _bundle(self, file: Input, place: str, value: dict[str, Any]) -> int:
        rows: list[Row] = []
        resources = resources_of(value, rows)
        number = next(self._bundles)
        prefix = f"{place}: " if place else ""
        for row in rows:
            self._add_row(file, row._replace(path=prefix + row.path))
        return len(rows) + sum(
            self._resource(file, resource, prefix + path, url, number) for resource, path, url in resources
        )

    def _resource(self, file: Input, value: dict[str, Any], path: str, url: str | None, bundle: int) -> int:
        n = next(self._numbers)
        kind = value["resourceType"]
        name = Resource(kind, value, "").name
        about: str | None = None
        if kind == "Patient":
            about = key_of(value, url) or f"#{n}"
        elif kind == "Encounter" or kind in FIELDS:
            about = _about(value, url, n)
            if about is None:
                line = Line(n, file.name, name, path, "refused", _why_without_patient(value, url))
                self._index.add_rows([line])
                return 1
        self._index.add(
            n,
            value,
            file=file.name,
            path=path,
            name=name,
            key=key_of(value, url),
            url=url,
            bundle=bundle,
            about=about,
        )
        return 0


def _about(value: dict[str, Any], url: str | None, n: int) -> str | None:
    """The identity of the patient, whether it is in the input or not."""
    literal = literal_of(value, patient_field(value["resourceType"]))
    if literal is None:
        return None
    return f"#{n}" if literal.startswith("#") else target(literal, url)[0]


def _why_without_patient(value: dict[str, Any], url: str | None) -> str:
    kind = value["resourceType"]
    literal = literal_of(value, patient_field(kind))
    if literal is not None and is_meaningless(literal, url):
        return f"{patient_field(kind)}: {MEANINGLESS}"
    return without_patient(kind)
