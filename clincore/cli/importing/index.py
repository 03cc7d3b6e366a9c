"""All resources of an import in a temporary SQLite database, so that those of one patient can be read together."""

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import orjson

_TABLES = """
CREATE TABLE resources (
    n INTEGER PRIMARY KEY, file TEXT, path TEXT, type TEXT, name TEXT, key TEXT, url TEXT, bundle INTEGER, about TEXT,
    same_as INTEGER, hash BLOB, content BLOB
);
CREATE INDEX by_key ON resources (key);
CREATE INDEX by_about ON resources (about);
CREATE TABLE documents (
    n INTEGER PRIMARY KEY, file TEXT, path TEXT, identifier TEXT UNIQUE, hash BLOB, content BLOB
);
CREATE TABLE rows (
    n INTEGER, file TEXT, path TEXT, resource TEXT, outcome TEXT, reason TEXT, rank INTEGER,
    PRIMARY KEY (n, path, resource)
) WITHOUT ROWID;
CREATE TABLE cases (identity TEXT, outcome TEXT);
"""
# A resource can be in several cases. Its line says what one of them kept, or why none did.
_RANKS = {"refused": 0, "existing": 1, "kept": 2, "noted": 3}


class Line(NamedTuple):
    """A line of the report."""

    n: int
    """The place in the input, in the order of which the report is written."""
    file: str
    resource: str
    """Type and id, such as `Condition/4711`."""
    path: str
    outcome: str
    """`kept`, `noted`, `refused` or `existing`."""
    reason: str | None


class Found(NamedTuple):
    """A resource of the index."""

    n: int
    file: str
    path: str
    type: str
    url: str | None
    bundle: int
    about: str | None
    value: dict[str, Any]


class Document(NamedTuple):
    """A document of the index."""

    n: int
    file: str
    path: str
    identifier: str | None
    content: bytes


class Index:
    """The resources, documents and lines of the report."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        # Losing it loses nothing: a run that was killed begins again.
        self._database.execute("PRAGMA synchronous = OFF")

    def create(self) -> None:
        self._database.executescript(f"PRAGMA journal_mode = WAL; {_TABLES}")

    def close(self) -> None:
        self._database.close()

    def begin(self) -> None:
        self._database.execute("BEGIN")

    def rollback(self) -> None:
        self._database.execute("ROLLBACK")

    def commit(self) -> None:
        self._database.execute("COMMIT")

    def add(
        self,
        n: int,
        value: dict[str, Any],
        *,
        file: str,
        path: str,
        name: str,
        key: str | None,
        url: str | None,
        bundle: int,
        about: str | None,
    ) -> None:
        """Add a resource. `about`: the identity of its patient; None: it is none of an entry.

        The same resource in another place is stored once.
        """
        hash_ = sha256(orjson.dumps(value, default=lambda number: f"\0{number}", option=orjson.OPT_SORT_KEYS)).digest()
        same = self._database.execute(
            "SELECT n FROM resources WHERE key = ? AND hash = ? AND same_as IS NULL", [key, hash_]
        ).fetchone()
        self._database.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [n, file, path, value["resourceType"], name, key, url, bundle, about]
            + ([same[0], hash_, None] if same else [None, hash_, pickle.dumps(value)]),
        )

    def add_document(self, document: Document) -> str | None:
        """Add a document. If there is one with its identifier: the file of that one, and nothing is added.

        The text begins with `=` if their content is the same, else with `!`.
        """
        hash_ = sha256(document.content).digest()
        other = self._database.execute(
            "SELECT file, path, hash FROM documents WHERE identifier = ?", [document.identifier]
        ).fetchone()
        if other is not None:
            return f"{'=' if other[2] == hash_ else '!'}{place(other[0], other[1])}"
        n, file, path, identifier, content = document
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", [n, file, path, identifier, hash_, content]
        )
        return None

    def needs_source(self) -> bool:
        """Whether there is something without an identity of its own."""
        query = "SELECT EXISTS (SELECT 1 FROM resources) OR EXISTS (SELECT 1 FROM documents WHERE identifier IS NULL)"
        return bool(self._database.execute(query).fetchone()[0])

    def patients(self) -> list[str]:
        """The identities of all patients, in the order of the input."""
        query = "SELECT about FROM resources WHERE about IS NOT NULL AND same_as IS NULL GROUP BY about ORDER BY min(n)"
        return [about for (about,) in self._database.execute(query)]

    def documents(self) -> list[int]:
        return [n for (n,) in self._database.execute("SELECT n FROM documents ORDER BY n")]

    def document(self, n: int) -> Document:
        query = "SELECT n, file, path, identifier, content FROM documents WHERE n = ?"
        return Document(*self._database.execute(query, [n]).fetchone())

    def of_patient(self, about: str) -> list[Found]:
        """The patient, encounters and entries with this identity of their patient."""
        return self._found(
            "SELECT n, file, path, type, url, bundle, about, content FROM resources"
            " WHERE about = ? AND same_as IS NULL ORDER BY n",
            [about],
        )

    def with_key(self, key: str, bundle: int) -> list[Found]:
        """What a reference to the identity finds: in the Bundle, else anywhere."""
        return self._found(
            "SELECT n, file, path, type, url, bundle, about, content FROM resources WHERE n IN ("
            "SELECT coalesce(same_as, n) FROM resources WHERE key = :key AND ("
            "bundle = :bundle OR NOT EXISTS (SELECT 1 FROM resources WHERE key = :key AND bundle = :bundle)"
            ")) ORDER BY n",
            {"key": key, "bundle": bundle},
        )

    def _found(self, query: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Found]:
        return [Found._make((*row, pickle.loads(content))) for *row, content in self._database.execute(query, values)]

    def add_rows(self, rows: Iterable[Line]) -> None:
        self._database.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET outcome = excluded.outcome, reason = excluded.reason, rank = excluded.rank"
            " WHERE excluded.rank > rank OR excluded.rank = rank AND ifnull(excluded.reason, '') < ifnull(reason, '')",
            [(row.n, row.file, row.path, row.resource, row.outcome, row.reason, _RANKS[row.outcome]) for row in rows],
        )

    def add_rows_of_rest(self, reason_of: Callable[[str], str]) -> None:
        """Give each resource and document that is in no case a line. `reason_of`: by the type of the resource."""
        for (kind,) in self._database.execute("SELECT DISTINCT type FROM resources").fetchall():
            self._database.execute(
                "INSERT INTO rows SELECT n, file, path, name, 'refused', ?, 0 FROM resources"
                " WHERE type = ? AND same_as IS NULL AND n NOT IN (SELECT n FROM rows)",
                [reason_of(kind), kind],
            )
        self._database.execute(
            "INSERT INTO rows SELECT n, file, path, 'Bundle', 'refused', ?, 0 FROM documents"
            " WHERE n NOT IN (SELECT n FROM rows)",
            [reason_of("Bundle")],
        )

    def add_rows_of_repetitions(self) -> None:
        """Give each repetition of a resource the outcome of the first one."""
        self._database.execute(
            "INSERT INTO rows SELECT other.n, other.file, other.path, other.name, rows.outcome,"
            " 'the same as ' || first.file || ': ' || first.path, rows.rank FROM resources AS other"
            " JOIN resources AS first ON first.n = other.same_as"
            " JOIN rows ON rows.n = first.n AND rows.path = first.path AND rows.resource = first.name"
        )

    def rows(self) -> Iterator[Line]:
        """The lines of the report, in the order of the input."""
        query = "SELECT n, file, resource, path, outcome, reason FROM rows ORDER BY n, path, resource"
        return (Line(*row) for row in self._database.execute(query))

    def add_case(self, identity: str, outcome: str) -> None:
        self._database.execute("INSERT INTO cases VALUES (?, ?)", [identity, outcome])

    def cases(self) -> Iterator[tuple[str, str]]:
        """Identity and outcome of each case."""
        return iter(self._database.execute("SELECT identity, outcome FROM cases ORDER BY identity"))

    def refusals(self, most: int) -> list[tuple[str, str, str, str, int]]:
        """File and path of the first refusal of each type of resource and reason, both of these, and the count.

        Files and documents that were refused as a whole come first, then what was refused most often.
        """
        query = (
            "SELECT file, path, substr(resource, 1, instr(resource || '/', '/') - 1) AS kind, reason, count(*), min(n)"
            " FROM rows WHERE outcome = 'refused' GROUP BY kind, reason"
            " ORDER BY kind NOT IN ('', 'Bundle'), count(*) DESC, min(n) LIMIT ?"
        )
        return [row[:5] for row in self._database.execute(query, [most])]

    def counts(self) -> dict[str, int]:
        """The number of lines by outcome."""
        return dict(self._database.execute("SELECT outcome, count(*) FROM rows GROUP BY outcome").fetchall())


def place(file: str, path: str) -> str:
    return f"{file}: {path}" if path else file
