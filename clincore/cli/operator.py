"""The operator's way to the database: as the owner of the tables, who sees every tenant."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from clincore.cli.output import CommandError
from clincore.errors import RetryableStartupError, StartupError

if TYPE_CHECKING:
    import psycopg

    from clincore.database import Server
    from clincore.settings import Settings

TenantArgument = Annotated[str, typer.Argument(metavar="ID|NAME", help="The tenant's id or its name.")]
Role = Literal["user", "admin"]
RoleOption = Annotated[Role, typer.Option(help="admin: with the operations below /admin.")]


@contextmanager
def owner_server(*, may_create: bool = False) -> "Iterator[tuple[Settings, Server]]":
    """The settings and the configured server, with the owner's login; an embedded server runs as long as the context.

    `may_create`: also make an embedded database where there is none.

    Raises:
        StartupError: the settings are wrong, there is no database or no owner's login.
    """
    from clincore import database, logs, settings
    from clincore.postgres import embedded

    configured = settings.load()
    logs.configure(configured.log_level)
    try:
        exists = configured.database_url is not None or may_create or embedded.exists(configured.data_dir)
    except embedded.EmbeddedError as error:
        raise StartupError(str(error)) from None
    if not exists:
        raise StartupError(
            f"there is no data under {configured.data_dir.absolute()}. Go to the folder where `clincore serve` runs,"
            " or name its data in CLINCORE_DATA_DIR."
        )
    with database.find(configured) as server:
        if not server.has_owner_login:
            raise StartupError("this needs the owner of the tables: name it in MIGRATION_DATABASE_URL.")
        yield configured, server


@contextmanager
def operator_connection() -> "Iterator[psycopg.Connection[Any]]":
    """One transaction of the owner on the configured database, with times in UTC.

    Raises:
        StartupError: as `owner_server`; or the login is not the owner's, or PostgreSQL does not answer.
    """
    from clincore.db.session import operator_session

    with (
        owner_server() as (_, server),
        database_errors(server.owner_url),
        operator_session(server.owner_url) as connection,
    ):
        yield connection


@contextmanager
def database_errors(owner_url: str) -> Iterator[None]:
    """Turn what an `operator_session` raises into a StartupError."""
    import psycopg

    from clincore.db.session import OperatorError, describe_unreachable

    try:
        yield
    except OperatorError as error:
        raise StartupError(str(error)) from None
    except psycopg.Error as error:
        raise RetryableStartupError(describe_unreachable(owner_url, error)) from None


def find_tenant(connection: "psycopg.Connection[Any]", given: str) -> UUID:
    """The tenant with this id or name.

    Raises:
        CommandError: there is none.
    """
    from clincore.db.operator_queries import tenants as queries

    tenant_id = queries.find_tenant(connection, given)
    if tenant_id is None:
        # What may be a key is not repeated.
        which = "that is no tenant" if given.startswith("clin_") else f"no tenant has the id or name {given[:100]!r}"
        raise CommandError(f"{which}. See: clincore tenants list")
    return tenant_id


def require_fits(schema: str, name: str, given: str) -> None:
    """See that a text is what the contract's component schema asks for. `name`: the argument, for the message.

    Raises:
        CommandError: it is not; the text is not repeated.
    """
    from clincore.openapi import component

    # What the shell gave and is no UTF-8 has lone surrogates.
    is_text = not any("\ud800" <= character <= "\udfff" for character in given)
    errors = component(schema).errors(given) if is_text else [("", "is not UTF-8")]
    if errors:
        raise CommandError(f"{name}: {errors[0][1]}", exit_code=2)
