"""Read from PostgreSQL's catalogue what the checks need: a database's tables and the service's login."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg

from clincore.db.statements import ROLE

Connection = psycopg.Connection[Any]


class Table(NamedTuple):
    """A table that belongs neither to PostgreSQL nor to an extension."""

    oid: int
    schema: str
    name: str
    quoted: str
    """Schema and name, quoted for SQL."""
    kind: str
    """`r`: table, `p`: partitioned table, `f`: foreign table."""
    parent: str | None
    enabled: bool
    forced: bool
    owner: str
    key: str | None
    """The column that identifies the tenant; None: there is none."""
    reachable: bool
    """The service has a right on the table or on a column of it."""

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def is_tenant_table(self) -> bool:
        return self.key is not None


@dataclass(frozen=True)
class Catalogue:
    """The catalogue of one database, read in a transaction that has `search_path = pg_catalog`."""

    connection: Connection
    login: str
    """The login of the service."""
    tables: Sequence[Table]

    def rows(self, query: Any, *parameters: Any) -> list[Any]:
        """All rows of the query, run in the same transaction."""
        return self.connection.execute(query, parameters or None).fetchall()

    @property
    def owner(self) -> str | None:
        """The owner of ClinCore's tables; None: the database has no such tables."""
        return next((table.owner for table in self.tables if table.full_name == "public.tenants"), None)


def read_catalogue(connection: Connection, login: str | None = None) -> Catalogue:
    """Read the catalogue in the connection's transaction, and set its search_path to `pg_catalog`.

    `login`: the login of the service; None: that of the connection.
    """
    # Otherwise names in policies and messages would depend on the role's search_path.
    connection.execute("SET LOCAL search_path = pg_catalog")
    if login is None:
        row = connection.execute("SELECT session_user").fetchone()
        assert row is not None
        login = str(row[0])
    found = connection.execute(
        """
        SELECT c.oid::bigint, n.nspname, c.relname, format('%%I.%%I', n.nspname, c.relname), c.relkind::text,
               (SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid LIMIT 1),
               c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
               CASE WHEN n.nspname = 'public' AND c.relname = 'tenants' THEN 'id'
                    WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                                 AND NOT a.attisdropped) THEN 'tenant_id' END,
               EXISTS (SELECT FROM pg_roles r WHERE r.rolname = %(role)s AND has_schema_privilege(r.oid, n.oid, 'USAGE')
                       AND (has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES')
                            OR has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                           AND d.deptype = 'e')
         ORDER BY 2, 3
        """,
        {"role": ROLE},
    )
    return Catalogue(connection, login, [Table(*row) for row in found])
