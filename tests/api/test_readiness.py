"""`/ready`: what each check says, and which of them take the service out of rotation."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from clincore.db.schema_version import last_migration
from support.citus import COORDINATOR_URL, leave_out_workers
from support.database import Database
from support.schema import NewDatabase
from support.service import Service, checked_client, serve


@pytest.fixture(scope="module")
def own(migrated_database: NewDatabase, folder: Path) -> Iterator[Service]:
    """A service with a database of its own."""
    with serve(migrated_database(), folder) as service:
        yield service


def ask(service: Service, query: str = "?verbose") -> httpx.Response:
    with checked_client(service.url) as client:
        return client.get(f"/ready{query}")


def states(response: httpx.Response) -> dict[str, str]:
    return {check["name"]: check["status"] for check in response.json()["checks"]}


@contextmanager
def noted(database: Database, note: str) -> Iterator[None]:
    """Give the database another note of its last migration until the end of the block."""
    with database.as_owner() as owner:
        owner.execute(f"COMMENT ON TABLE alembic_version IS {note}")  # type: ignore[call-overload]
        try:
            yield
        finally:
            owner.execute(f"COMMENT ON TABLE alembic_version IS '{last_migration()}'")  # type: ignore[call-overload]


@pytest.mark.parametrize("query", ["?verbose", "?verbose=", "?verbose=true"])
def test_verbose_shows_each_check(own: Service, query: str) -> None:
    response = ask(own, query)

    assert response.status_code == 200
    checks = ("serving", "database", "schema", "signing_key") + (("nodes",) if COORDINATOR_URL is not None else ())
    assert states(response) == dict.fromkeys(checks, "ok")


@pytest.mark.parametrize("query", ["", "?verbose=false"])
def test_the_answer_is_short_without_verbose(own: Service, query: str) -> None:
    assert ask(own, query).json() == {"status": "ok"}


@pytest.mark.parametrize("query", ["?verbose=yes", "?verbose&verbose", "?quiet"])
def test_another_query_is_refused(own: Service, query: str) -> None:
    assert ask(own, query).status_code == 400


@pytest.mark.parametrize(
    ("note", "status", "schema"),
    [
        pytest.param("'b1c2d3e4f5a7'", 503, "failed", id="older"),
        pytest.param("'b1c2d3e4f5ff'", 200, "ok", id="later"),
        pytest.param("NULL", 200, "unknown", id="lost"),
    ],
)
def test_only_a_schema_that_is_older_than_the_service_makes_it_unready(
    own: Service, note: str, status: int, schema: str
) -> None:
    with noted(own.database, note):
        verbose, short = ask(own), ask(own, "")

    assert (verbose.status_code, short.status_code, states(verbose)["schema"]) == (status, status, schema)
    if status == 503:
        assert short.json()["detail"] == "The schema is older than this version. Run: clincore migrate"
        assert "checks" not in short.json()


def test_without_its_database_the_other_checks_are_still_shown(own: Service) -> None:
    name = own.database.url.rpartition("/")[2].partition("?")[0]
    with own.database.as_superuser() as superuser:
        superuser.execute(f"UPDATE pg_database SET datallowconn = false WHERE datname = '{name}'")
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )
        try:
            response = ask(own)
        finally:
            superuser.execute(f"UPDATE pg_database SET datallowconn = true WHERE datname = '{name}'")

    assert response.status_code == 503
    assert states(response) == {"serving": "ok", "database": "failed", "schema": "unknown", "signing_key": "ok"}
    # While only probes arrive, their log lines alone can say why.
    assert re.search('"error":"[A-Za-z]+"', own.line_of(response))


def test_a_database_that_accepts_no_writes_is_named(own: Service) -> None:
    def end_sessions(default: Any) -> None:
        with own.database.as_superuser() as superuser:
            name = own.database.url.rpartition("/")[2].partition("?")[0]
            superuser.execute("SET default_transaction_read_only = off")
            leave_out_workers(superuser)
            superuser.execute(f"ALTER DATABASE {name} {default}")
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )

    end_sessions("SET default_transaction_read_only = on")
    try:
        response = ask(own)
    finally:
        end_sessions("RESET default_transaction_read_only")

    assert response.status_code == 503
    assert response.json()["detail"] == "PostgreSQL accepts no writes."


def test_an_unusable_signing_key_is_a_warning(database: Database, folder: Path) -> None:
    with serve(database, folder, CLINCORE_SIGNING_KEY="") as service:
        response = ask(service)

    assert response.status_code == 200
    assert states(response)["signing_key"] == "warning"
