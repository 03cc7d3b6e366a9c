"""Access to the database for operators' commands: they log in as the owner of the tables, who sees every tenant."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from clincore.cli.output import CommandError, progress_line
from clincore.errors import RetryableStartupError, StartupError

if TYPE_CHECKING:
    import psycopg

    from clincore.database import Server
    from clincore.settings import Settings

TenantArgument = Annotated[str, typer.Argument(metavar="ID|NAME", help="The tenant's id or its name.")]
Role = Literal["user", "admin"]
RoleOption = Annotated[
    Role, typer.Option(metavar="user|admin", help="Role of the key. Only admin may use the operations under /admin.")
]


@contextmanager
def owner_server(*, may_create: bool = False) -> "Iterator[tuple[Settings, Server]]":
    """The settings and the configured server with the owner's login. An embedded server runs as long as the context.

    `may_create`: create an embedded database if there is none.

    Raises:
        StartupError: the settings are wrong, or there is no database or no owner's login.
    """
    from clincore import logs, settings

    configured = settings.load()
    logs.configure(configured.log_level)
    if not may_create:
        require_data(configured)
    with starting(configured) as server:
        if not server.has_owner_login:
            raise StartupError(
                "this command must log in as the owner of the tables. Set MIGRATION_DATABASE_URL to the owner's login."
            )
        yield configured, server


def require_data(configured: "Settings") -> None:
    """Check that there is a database; without DATABASE_URL: that `clincore serve` has created one in this folder.

    Raises:
        StartupError: there is none.
    """
    from clincore.postgres import embedded

    try:
        exists = configured.database_url is not None or embedded.exists(configured.data_dir)
    except embedded.EmbeddedError as error:
        raise StartupError(str(error)) from None
    if not exists:
        raise StartupError(
            f"there is no data under {configured.data_dir.absolute()}. Change to the folder where `clincore serve`"
            " runs, or set CLINCORE_DATA_DIR to its data folder."
        )


@contextmanager
def starting(configured: "Settings") -> "Iterator[Server]":
    """`database.find`, with progress while an embedded server starts."""
    from clincore import database

    with ExitStack() as held:
        with progress_line("starting PostgreSQL" if configured.database_url is None else ""):
            server = held.enter_context(database.find(configured))
        yield server


@contextmanager
def operator_connection(*, snapshot: bool = False) -> "Iterator[psycopg.Connection[Any]]":
    """One transaction as the owner on the configured database, with times in UTC.

    `snapshot`: all statements see the same state of the database.

    Raises:
        StartupError: as in `owner_server`; or the login is not the owner's, or PostgreSQL does not answer.
    """
    with owner_server() as (_, server), owner_session(server, snapshot=snapshot) as connection:
        yield connection


@contextmanager
def owner_session(server: "Server", *, snapshot: bool = False) -> "Iterator[psycopg.Connection[Any]]":
    """As `operator_connection`, on a server that was found."""
    from clincore.db.session import operator_session

    with database_errors(server.owner_url), operator_session(server.owner_url, snapshot=snapshot) as connection:
        yield connection


@contextmanager
def database_errors(owner_url: str) -> Iterator[None]:
    """Convert the errors of an `operator_session`.

    Raises:
        StartupError: the login is unfit, PostgreSQL does not answer, or the schema is another version's.
        CommandError: another transaction holds what the command needs.
    """
    import psycopg
    from psycopg import errors

    from clincore.db.session import OperatorError
    from clincore.db.urls import describe_unreachable

    try:
        yield
    except OperatorError as error:
        raise StartupError(str(error)) from None
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction):
        raise StartupError("the database's schema is not that of this version. Run: clincore migrate") from None
    except (errors.LockNotAvailable, errors.DeadlockDetected):
        raise CommandError("another transaction holds what this command needs. Try again when it has ended.") from None
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(owner_url, error)) from None


def find_tenant(connection: "psycopg.Connection[Any]", given: str) -> UUID:
    """The id of the tenant with this id or name.

    Raises:
        CommandError: there is no such tenant.
    """
    from clincore.db.operator_queries import tenants as queries

    tenant_id = queries.find_tenant(connection, given)
    if tenant_id is None:
        # Never print what may be an API key.
        which = "this is not a tenant" if given.startswith("clin_") else f"no tenant has the id or name {given[:100]!r}"
        raise CommandError(f"{which}. See: clincore tenants list")
    return tenant_id


def require_fits(schema: str, name: str, given: str) -> None:
    """Validate a text against a component schema of the contract. `name`: the argument, for the message.

    Raises:
        CommandError: the text does not match; the message does not repeat it.
    """
    from clincore.openapi import component

    # Arguments that are not UTF-8 contain lone surrogates.
    is_text = not any("\ud800" <= character <= "\udfff" for character in given)
    errors = component(schema).errors(given) if is_text else [("", "the value is not UTF-8")]
    if errors:
        text = errors[0][1]
        if "does not match" in text:
            # The pattern itself is a regular expression of hundreds of characters.
            text = "the value has a control or invisible character, or begins or ends with a space"
        raise CommandError(f"{name}: {text}. Give another value.", exit_code=2)
