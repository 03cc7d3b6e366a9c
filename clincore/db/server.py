"""Which PostgreSQL this process uses, what must be true of it before the service starts, and how it gets its schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import make_url

from clincore.db.embedded import Embedded, EmbeddedError
from clincore.db.embedded import start as start_embedded
from clincore.db.models import Base
from clincore.db.session import libpq
from clincore.resources import MIGRATIONS
from clincore.settings import Settings


class ServerError(Exception):
    """PostgreSQL is not as ClinCore needs it; the text says what to do."""


class Unreachable(ServerError):
    """PostgreSQL does not answer now; it may a moment later."""


class NotNow(SystemExit):
    """The end of the process for a reason that may be gone a moment later."""


@dataclass(frozen=True)
class Server:
    """Two logins of one database, as SQLAlchemy URLs."""

    app_url: str
    owner_url: str
    embedded: Embedded | None = None


@contextmanager
def find(settings: Settings) -> Iterator[Server]:
    """The server of `DATABASE_URL`, else the embedded one, which runs at least as long as the context.

    Raises:
        ServerError: the embedded server cannot be started.
    """
    if settings.database_url is not None:
        app_url = settings.database_url.get_secret_value()
        owner = settings.migration_database_url
        yield Server(app_url, owner.get_secret_value() if owner else app_url)
        return
    try:
        running = start_embedded(settings.data_dir)
    except EmbeddedError as error:
        raise Unreachable(str(error)) from None
    with running:
        yield Server(running.url, running.owner_url, running)


def unreachable(url: str, error: BaseException | None) -> str:
    """One line, without the password, on a server that does not answer or does not let us in."""
    where = make_url(url).set(drivername="postgresql").render_as_string(hide_password=True)
    # SQLAlchemy's text has the statement in it, the driver's own has what the server said.
    why = " ".join(str(getattr(error, "orig", error) or "").split())
    return f"PostgreSQL at {where} cannot be used: {why or 'no answer'}"


def migrate(owner_url: str) -> None:
    """Bring the schema to this version's. Ends the process (SystemExit) with instructions when the login is unfit."""
    command.upgrade(_alembic(owner_url), "head")


def check(app_url: str) -> None:
    """See that the database keeps tenants apart and has this version's schema.

    Raises:
        ServerError: it is not so, with what to do.
    """
    try:
        with psycopg.connect(libpq(app_url), connect_timeout=5) as connection:
            _check_role(connection)
            _check_schema(app_url)
            _check_tables(connection)
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        raise Unreachable(unreachable(app_url, error)) from None


def _check_role(connection: psycopg.Connection[Any]) -> None:
    """Row security holds for the login, for the role that the service works as, and for whatever that could become."""
    (login,) = _one(connection, "SELECT quote_ident(session_user)")
    spared = _spared(connection, "session_user")
    if spared:
        raise ServerError(
            f"The login {login} {spared}, so that row security would not hold. Name an ordinary owner or clincore_app"
            " in DATABASE_URL; the README shows how to create one."
        )
    try:
        connection.execute("SET LOCAL ROLE clincore_app")
    except psycopg.errors.InvalidParameterValue:
        raise ServerError("The role clincore_app does not exist. Run: alembic upgrade head") from None
    except psycopg.errors.InsufficientPrivilege:
        raise ServerError(
            f"The login {login} may not work as clincore_app. Run as a superuser: GRANT clincore_app TO {login}"
        ) from None
    spared = _spared(connection, "current_user")
    if spared:
        raise ServerError(
            f"clincore_app {spared}, so that row security would not hold. Run as a superuser:"
            " ALTER ROLE clincore_app NOSUPERUSER NOBYPASSRLS"
        )
    through = connection.execute(
        "SELECT quote_ident(rolname) FROM pg_roles WHERE (rolsuper OR rolbypassrls)"
        " AND pg_has_role(current_user, oid, 'MEMBER') ORDER BY 1 LIMIT 1"
    ).fetchone()
    if through:
        raise ServerError(
            f"clincore_app could become {through[0]}, for whom row security does not hold."
            f" Run as a superuser: REVOKE {through[0]} FROM clincore_app"
        )
    owned = connection.execute(
        "SELECT format('%s %I.%I', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,"
        " nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE pg_has_role(current_user, relowner, 'MEMBER') AND relkind IN ('r', 'p', 'v', 'm', 'S')"
        " AND nspname NOT LIKE 'pg\\_%' ORDER BY 1 LIMIT 1"
    ).fetchone()
    if owned:
        raise ServerError(
            f"clincore_app owns a table and could lift its row security. Run: ALTER {owned[0]} OWNER TO <owner>"
        )


def _spared(connection: psycopg.Connection[Any], user: LiteralString) -> str | None:
    """Why row security does not hold for the user."""
    query = sql.SQL("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = {}").format(sql.SQL(user))
    superuser, bypass = _one(connection, query)
    return "is a superuser" if superuser else "has BYPASSRLS" if bypass else None


def _check_schema(app_url: str) -> None:
    def is_ours(_object: Any, _name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
        # An operator may add tables and indexes of his own.
        return not (reflected and compared_to is None and kind in ("table", "index"))

    engine = sa.create_engine(app_url, poolclass=sa.NullPool, creator=lambda: psycopg.connect(libpq(app_url)))
    try:
        with engine.connect() as inspected:
            context = MigrationContext.configure(inspected, opts={"include_object": is_ours})
            differences = compare_metadata(context, Base.metadata)
            has_none = not sa.inspect(inspected).has_table("tenants")
    finally:
        engine.dispose()
    if has_none:
        raise ServerError("The database has no ClinCore tables yet. Run: alembic upgrade head")
    if differences:
        raise ServerError(
            f"The database's schema is not this version's: {_describe(differences[0])}"
            + (f" and {len(differences) - 1} more differences" if len(differences) > 1 else "")
            + ". Databases of pre-releases are not upgraded. Take a backup, then start afresh with an empty database"
            " (embedded: another CLINCORE_DATA_DIR)."
        )


def _check_tables(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        "SELECT format('%I.%I', nspname, relname), relrowsecurity FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'p') AND nspname = 'public' AND NOT (relrowsecurity AND relforcerowsecurity)"
        " AND (relname = 'tenants' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
        " AND a.attname = 'tenant_id' AND NOT a.attisdropped)) ORDER BY 1 LIMIT 1"
    ).fetchone()
    if row:
        lacks = "FORCE" if row[1] else "ENABLE"
        raise ServerError(
            f"The table {row[0]} is open to other tenants' keys. Run as its owner: "
            f"ALTER TABLE {row[0]} {lacks} ROW LEVEL SECURITY"
        )
    # The owner's name is in the policy: after a restore under another owner operators' SQL would have no effect.
    lost = connection.execute(
        "SELECT quote_ident(p.tablename), quote_ident(tableowner) FROM pg_policies p"
        " JOIN pg_tables t USING (schemaname, tablename)"
        " WHERE schemaname = 'public' AND policyname = 'operator' AND NOT tableowner = ANY (roles) ORDER BY 1 LIMIT 1"
    ).fetchone()
    if lost:
        raise ServerError(
            f"The operator's policy on {lost[0]} is for another owner, so that operators' SQL would change nothing."
            f" Run as the owner, on each such table: ALTER POLICY operator ON {lost[0]} TO {lost[1]}"
        )
    # Permissive policies are OR-ed: one too many opens what the others close.
    policy = connection.execute(
        "SELECT quote_ident(policyname), quote_ident(tablename) FROM pg_policies"
        " WHERE schemaname = 'public' AND tablename = ANY (%s)"
        " AND policyname NOT IN ('tenant_isolation', 'operator') ORDER BY 1 LIMIT 1",
        [list(Base.metadata.tables)],
    ).fetchone()
    if policy:
        raise ServerError(
            f"The policy {policy[0]} on {policy[1]} is not ClinCore's and can open the table to other tenants' keys."
            f" Run as its owner: DROP POLICY {policy[0]} ON {policy[1]}"
        )
    default = connection.execute(
        "SELECT c, quote_ident(rolname), quote_ident(datname) FROM pg_db_role_setting"
        " LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) c"
        " WHERE (datname IS NULL OR datname = current_database()) AND c LIKE 'app.%' LIMIT 1"
    ).fetchone()
    if default:
        setting = default[0].partition("=")[0]
        whose = f"ROLE {default[1] or 'ALL'}" + (f" IN DATABASE {default[2]}" if default[2] else "")
        whose = f"DATABASE {default[2]}" if default[1] is None and default[2] else whose
        raise ServerError(
            f"{setting} has a default, so that a forgotten tenant would be somebody. Run: ALTER {whose} RESET {setting}"
        )
    if _one(connection, "SELECT has_database_privilege(current_user, current_database(), 'TEMP')")[0]:
        raise ServerError(
            "clincore_app may make temporary tables, which outlive a tenant's session. Run as the owner: "
            f"REVOKE TEMPORARY ON DATABASE {_one(connection, 'SELECT quote_ident(current_database())')[0]} FROM PUBLIC"
        )


def _one(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def _describe(difference: Any) -> str:
    """One entry of `compare_metadata`, in words."""
    if isinstance(difference, list):
        return _describe(difference[0])
    kind, *rest = difference
    named = [str(getattr(part, "name", part)) for part in rest if isinstance(part, str) or hasattr(part, "name")]
    return f"{kind.replace('_', ' ')} {'.'.join(named)}"


def _alembic(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    return config


def head() -> str:
    """The revision that this version's migrations lead to."""
    revision = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert revision is not None
    return revision
