"""SQL statements with bound parameters, compiled once, at import; and the one that sets a tenant."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.selectable import ReturnsRows

R = TypeVar("R")

# Parameters in the form of PostgreSQL's protocol: $1, $2.
_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


UNLABELLED = "unlabelled"
ROLE = "clincore_app"
"""The role that the service works as."""


class NoRow(NamedTuple):
    """The row type of statements that return no rows."""


class Statement(Generic[R]):
    """One SQL statement.

    Its parameters are the names given to `bindparam` (or `:name` in `text`). The session fills in `tenant_id`.
    """

    def __init__(self, statement: Executable, row: type[R], label: str = UNLABELLED) -> None:
        """`row`: a NamedTuple whose first fields are the statement's columns, in order; further fields have defaults.

        `label`: the statement's name in metrics; by default its module and variable, see `clincore.db.labels`.

        Raises:
            TypeError: the columns do not match the row's fields.
        """
        compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.label = label
        self.text = str(compiled)
        self.name = f"clincore_{hashlib.sha256(self.text.encode()).hexdigest()[:16]}"
        self.encoded_name = self.name.encode()
        self.encoded_text = self.text.encode()
        self.parameters: Sequence[str] = tuple(compiled.positiontup or ())
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self.make_row = _row_maker(statement, row)

    def bind(self, tenant_id: UUID | None, values: Mapping[str, Any]) -> list[Any]:
        """The parameter values, in the order of `parameters`.

        Raises:
            KeyError: a parameter has no value.
        """
        given = {**self._constants, **values, "tenant_id": tenant_id}
        return [given[name] for name in self.parameters]


def _row_maker(statement: Executable, row: type[R]) -> Callable[[Sequence[Any]], R]:
    fields: tuple[str, ...] = row._fields  # type: ignore[attr-defined]
    if isinstance(statement, ReturnsRows):
        columns = tuple(statement.exported_columns.keys())
        if columns != fields[: len(columns)]:
            raise TypeError(f"{row.__name__} has the fields {fields}, the statement the columns {columns}")
        if len(columns) < len(fields):
            return lambda values: row(*values)
    make: Callable[[Sequence[Any]], R] = row._make  # type: ignore[attr-defined]
    return make


def set_tenant(tenant_id: UUID) -> bytes:
    """The statement that sets the tenant of a transaction."""
    # SET takes no parameters. The text of a uuid.UUID has only hexadecimal digits and hyphens.
    return b"SET LOCAL app.tenant_id = '%s'" % str(tenant_id).encode()


def encode(value: Any) -> bytes | None:
    """A parameter's value in PostgreSQL's text format.

    Raises:
        psycopg.DataError: the text contains NUL, which PostgreSQL cannot store.
        TypeError: there is no encoding for values of this type.
    """
    if value is None:
        return None
    try:
        return _ENCODERS[type(value)](value)
    except KeyError:
        raise TypeError(f"no encoding for {type(value).__name__}") from None


def _encode_text(value: str) -> bytes:
    # libpq reads a text parameter as a C string: NUL would truncate it without an error.
    if "\0" in value:
        raise psycopg.DataError("PostgreSQL text cannot contain NUL (0x00) bytes")
    return value.encode()


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    str: _encode_text,
    # Without hyphens: PostgreSQL accepts it, and Python formats it in a third of the time.
    UUID: lambda value: b"%032x" % value.int,
    bool: lambda value: b"true" if value else b"false",
    int: lambda value: b"%d" % value,
    # JSON Schema accepts 3600.0 as an integer; PostgreSQL does not.
    float: lambda value: b"%d" % value if value.is_integer() else repr(value).encode(),
    # RFC 3339 allows offsets of 16 hours and more; PostgreSQL rejects them.
    datetime: lambda value: value.astimezone(UTC).isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    dict: orjson.dumps,
    list: orjson.dumps,
}
