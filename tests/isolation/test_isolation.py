"""A tenant reaches only its own rows: attacks on every table and every GET."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import randrange
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import text

from clincore.db import tenant_session
from clincore.db.statements import Statement
from clincore.isolation.refusals import is_refusal
from clincore.isolation.sessions import TenantSeen
from support import citus
from support.contract import CONTRACT
from support.database import Database
from support.feed import wait_until_numbered
from support.operations import SIGNED, is_id, parameters_of, request_to
from support.pool import run_with_pool
from support.populated import populate, total_up
from support.tables import UPDATABLE, key_of
from support.tenants import MakeTenant, Tenant

Connection = psycopg.Connection[Any]
Row = dict[str, Any]


IS_CLUSTER = citus.COORDINATOR_URL is not None
UNLIMITED = f"clincore_test_unlimited_{os.getpid()}"
REFUSED_BY_CITUS = {"could not run distributed query with FOR UPDATE/SHARE commands"}
"""Refusals of statements that prove-isolation does not try."""


@dataclass(frozen=True)
class Pair:
    """Two tenants, each with a row in every table. `ours` attacks `theirs`."""

    theirs: Tenant
    ours: Tenant
    marker: str
    case_id: str


@pytest.fixture(scope="module", autouse=True)
def unlimited(database: Database, superuser: Connection) -> Iterator[None]:
    """Creates the role. Policies of the service apply to its members, too."""
    name = sql.Identifier(UNLIMITED)
    superuser.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE clincore_app").format(name))
    superuser.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}").format(name))
    yield
    superuser.execute(sql.SQL("DROP OWNED BY {}").format(name))
    superuser.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.fixture(scope="module")
def pair(client: httpx.Client, make_tenant: MakeTenant, superuser: Connection, tables: list[str]) -> Pair:
    theirs, ours, marker = make_tenant(), make_tenant(), f"marker-{uuid4().hex}"
    case_id = populate(client, theirs, marker, amendments=1)
    populate(client, ours, f"ours-{uuid4().hex}")
    total_up(superuser, theirs, "2026-03-02")
    total_up(superuser, ours, "2026-03-01")
    for tenant in (theirs, ours):
        wait_until_numbered(superuser, tenant.id)
    for table in tables:
        for tenant in (theirs, ours):
            assert rows_of(superuser, table, tenant), f"populate() creates no row of {table}, so it is not attacked"
    return Pair(theirs, ours, marker, case_id)


def rows_of(connection: Connection, table: str, tenant: Tenant) -> list[Row]:
    query = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE {} = %s ORDER BY 1").format(*names(table, key_of(table)))
    return [row for (row,) in connection.execute(query, [tenant.id])]


def settled_rows(connection: Connection, table: str, tenant: Tenant) -> list[Row]:
    """The rows without totals of later hours than those of `total_up`, to which the service adds the tenant's calls."""
    return [row for row in rows_of(connection, table, tenant) if row.get("hour", "") < "2026-03-03"]


def names(*identifiers: str) -> list[sql.Identifier]:
    return [sql.Identifier(identifier) for identifier in identifiers]


def unique_columns(connection: Connection, table: str) -> set[str]:
    """Columns of unique indexes, except the tenant's."""
    found = connection.execute(
        "SELECT DISTINCT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
        " WHERE indisunique AND indrelid = %s::regclass AND attname <> %s",
        [table, key_of(table)],
    )
    return {column for (column,) in found}


def references(connection: Connection, table: str) -> list[tuple[str, list[str], list[str]]]:
    """Foreign keys to tables other than `tenants`: the table, and the columns on both sides except the tenant's."""
    found = connection.execute(
        "SELECT confrelid::regclass::text,"
        " ARRAY(SELECT attname::text FROM unnest(conkey[2:]) JOIN pg_attribute"
        "  ON (attrelid, attnum) = (conrelid, unnest)),"
        " ARRAY(SELECT attname::text FROM unnest(confkey[2:]) JOIN pg_attribute"
        "  ON (attrelid, attnum) = (confrelid, unnest))"
        " FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass AND confrelid <> 'tenants'::regclass",
        [table],
    )
    return found.fetchall()


def fresh(row: Row, columns: set[str]) -> Row:
    """The row with values in these columns that no row has."""
    days = timedelta(days=randrange(10_000))

    def value(name: str) -> str:
        match name:
            case "hour" | "created_at":
                return (datetime(1970, 1, 1, tzinfo=UTC) + days).isoformat()
            case "day":
                return (date(1970, 1, 1) + days).isoformat()
            case "revision" | "number" | "change_seq":
                return str(1000 + randrange(10**9))
            case _:
                return str(uuid4()) if name.endswith("id") else uuid4().hex + uuid4().hex

    return row | {name: value(name) for name in columns}


def insert(connection: Connection, table: str, row: Row, suffix: str = "") -> tuple[sql.Composed, list[Any]]:
    """An INSERT of the columns that the role may insert, and its values."""
    may = "SELECT has_column_privilege(%s, %s, 'INSERT')"
    given = [name for name in row if connection.execute(may, [table, name]).fetchone() == (True,)]
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(names(*given)),
        sql.SQL(", ").join([sql.Placeholder()] * len(given)),
        sql.SQL(suffix),
    )
    return query, [Jsonb(row[name]) if isinstance(row[name], dict) else row[name] for name in given]


def attempt(connection: Connection, query: Any, values: Any = ()) -> tuple[str, int, Any]:
    """SQLSTATE, number of affected rows, and returned rows. A failed statement is rolled back."""
    try:
        with connection.transaction():
            if query.as_string().startswith("COPY") and "TO STDOUT" in query.as_string():
                with connection.cursor().copy(query, values) as copy:
                    return "", 0, [bytes(line).decode() for line in copy]
            done = connection.execute(query, values)
            return "", done.rowcount, done.fetchall() if done.description else []
    except psycopg.Error as error:
        message = error.diag.message_primary or ""
        if IS_CLUSTER and (is_refusal(error.sqlstate or "", message, of_citus=True) or message in REFUSED_BY_CITUS):
            return "42501", 0, str(error)
        return error.sqlstate or "?", 0, str(error)


@contextmanager
def attacker(database: Database, role: str, tenant_id: str | None) -> Iterator[Connection]:
    """A transaction of the role with the tenant set.

    `unlimited` is a role with the service's policies and all privileges, so that only the policies protect. What it
    does is rolled back.
    """
    connect = {"service": database.as_app, "owner": database.as_owner, "unlimited": database.as_superuser}[role]
    with connect() as connection, connection.transaction():
        if IS_CLUSTER:
            # Otherwise Citus refuses a statement that has to see what an earlier one did over several connections.
            connection.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
        if role == "unlimited":
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(UNLIMITED)))
        if tenant_id is not None:
            connection.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(tenant_id))
        yield connection
        if role == "unlimited":
            raise psycopg.Rollback


def attacks(connection: Connection, superuser: Connection, table: str, pair: Pair) -> Iterator[tuple[Any, Any]]:
    """Statements that try to reach rows of `theirs`. Each must be refused or find nothing."""
    key = key_of(table)
    columns = [*sorted(UPDATABLE.get(table, {key})), key]
    theirs, ours = rows_of(superuser, table, pair.theirs)[0], rows_of(superuser, table, pair.ours)[0]
    a, b = pair.theirs.id, pair.ours.id
    foreign = f"{key} <> '{b}'"
    for statement in (
        f"SELECT * FROM {table} WHERE {key} = '{a}'",
        f"SELECT * FROM (SELECT * FROM {table} OFFSET 0) AS everything WHERE {foreign}",
        f"SELECT 1 FROM {table} WHERE {foreign} HAVING count(*) > 0",
        f"SELECT 1 FROM {table} WHERE CASE WHEN {foreign} THEN 1 / (length({key}::text) - 36) > 0 END",
        f"SELECT * FROM {table} WHERE {foreign} FOR UPDATE",
        f"SELECT * FROM {table} WHERE {foreign} FOR KEY SHARE",
        f"TABLE {table} EXCEPT SELECT * FROM {table} WHERE {key} = '{b}'",
        f"COPY (SELECT * FROM {table} WHERE {foreign}) TO STDOUT",
        f"DELETE FROM {table} WHERE {foreign} RETURNING *",
        f"UPDATE {table} SET {key} = '{a}' WHERE {key} = '{b}' RETURNING *",
        f"MERGE INTO {table} t USING (SELECT '{a}'::uuid AS k) s ON t.{key} = s.k WHEN MATCHED THEN DELETE",
        *(f"UPDATE {table} SET {column} = {column} WHERE {foreign} RETURNING *" for column in columns),
        *(
            f"MERGE INTO {table} t USING (SELECT '{a}'::uuid AS k) s ON t.{key} = s.k"
            f" WHEN MATCHED THEN UPDATE SET {column} = t.{column}"
            for column in columns
        ),
    ):
        yield sql.SQL(statement), None
    unique = unique_columns(superuser, table) | ({key} if table == "tenants" else set())
    given = {key: a} if table != "tenants" else {}
    conflict = f"ON CONFLICT ON CONSTRAINT pk_{table} DO UPDATE SET {key} = '{b}'"
    for row in (theirs, fresh(theirs, unique), fresh(ours | given, unique)):
        for suffix in ("", "RETURNING *", "ON CONFLICT DO NOTHING", conflict):
            yield insert(connection, table, row, suffix)


@pytest.mark.parametrize("role", ["service", "unlimited", "owner"])
def test_no_statement_reaches_another_tenants_rows(
    database: Database, superuser: Connection, tables: list[str], pair: Pair, role: str
) -> None:
    before = {table: settled_rows(superuser, table, pair.theirs) for table in tables}
    successes = []
    for table in tables:
        with attacker(database, role, pair.ours.id) as connection:
            for query, values in attacks(connection, superuser, table, pair):
                state, count, result = attempt(connection, query, values)
                if state != "42501" and (state, count, result) != ("", 0, []):
                    successes.append((query.as_string()[:200], state, count, result))
            _, _, lines = attempt(connection, sql.SQL(f"COPY {table} TO STDOUT"))
            assert pair.theirs.id not in str(lines), table

    assert successes == []
    assert {table: settled_rows(superuser, table, pair.theirs) for table in tables} == before


@pytest.mark.parametrize("role", ["service", "unlimited"])
def test_no_constraint_reveals_another_tenants_values(
    database: Database, superuser: Connection, tables: list[str], pair: Pair, role: str
) -> None:
    """Repeating another tenant's value, or referencing its row, has the same result as a made-up value."""
    probes = 0
    # The key of `tenants` is the tenant itself. A taken name is refused; bootstrap reveals that too.
    for table in set(tables) - {"tenants", "tenant_names"}:
        own = rows_of(superuser, table, pair.ours)
        ours, unique = own[0], unique_columns(superuser, table)
        pointing_columns = {column for _, columns, _ in references(superuser, table) for column in columns}
        # Foreign-key columns keep our values: neither their row nor a made-up one exists for us.
        unique -= pointing_columns
        new = fresh(ours, unique)
        # Skip values that we have ourselves: they would be refused in any case.
        theirs = next(
            row
            for row in rows_of(superuser, table, pair.theirs)
            if not unique or not any(all(row[column] == one[column] for column in unique) for one in own)
        )
        tries = [({column: theirs[column] for column in unique}, {}, "")] if unique else []
        for target, columns, target_columns in references(superuser, table):
            known = rows_of(superuser, target, pair.theirs)[0]
            pointing = dict(zip(columns, (known[column] for column in target_columns), strict=True))
            unused = fresh({}, {name for name, value in pointing.items() if isinstance(value, int)})
            tries.append((pointing, dict.fromkeys(columns, str(uuid4())) | unused, "23503"))
        for stolen, made_up, expected in tries:
            for suffix in ("", "ON CONFLICT DO NOTHING"):
                outcomes = []
                for values in (stolen, made_up):
                    with (
                        attacker(database, role, pair.ours.id) as connection,
                        connection.transaction(force_rollback=True),
                    ):
                        query, row = insert(connection, table, new | values, suffix)
                        outcomes.append(attempt(connection, query, row)[:2])
                assert outcomes == [(expected, 0 if expected else 1)] * 2, (table, stolen, suffix)
                probes += 1
    assert probes >= 2 * len(tables)


@pytest.mark.parametrize("tenant_id", [None, "", str(uuid4())], ids=["unset", "empty", "random"])
@pytest.mark.parametrize("role", ["service", "unlimited"])
def test_the_service_sees_nothing_without_a_valid_tenant(
    database: Database, superuser: Connection, tables: list[str], pair: Pair, role: str, tenant_id: str | None
) -> None:
    with attacker(database, role, tenant_id) as connection:
        for table in tables:
            assert attempt(connection, sql.SQL(f"SELECT * FROM {table}")) == ("", 0, []), table
            row = fresh(rows_of(superuser, table, pair.ours)[0], unique_columns(superuser, table))
            assert attempt(connection, *insert(connection, table, row))[0] == "42501", table


@pytest.mark.parametrize("prepared", [False, True], ids=["plain", "generic-plan"])
@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_a_reused_connection_keeps_nothing_of_the_previous_tenant(
    database: Database, tables: list[str], pair: Pair, end: str, prepared: bool
) -> None:
    with database.as_app() as connection:
        connection.execute("SET plan_cache_mode = force_generic_plan")
        for table in tables:
            query = f"SELECT DISTINCT {key_of(table)}::text FROM {table}"
            if prepared:
                connection.execute(f"PREPARE of_{table} AS {query}")
                query = f"EXECUTE of_{table}"
            for tenant in (pair.theirs, pair.ours, None, pair.theirs):
                connection.execute("BEGIN")
                if tenant is not None:
                    connection.execute(f"SET LOCAL app.tenant_id = '{tenant.id}'")
                seen = connection.execute(query).fetchall()
                connection.execute(end)
                assert seen == ([(tenant.id,)] if tenant else []), table
                assert connection.execute(query).fetchall() == [], table


@pytest.mark.parametrize("login", ["owner", "superuser"])
def test_the_sql_updates_of_the_runbook_take_effect(
    database: Database, client: httpx.Client, make_tenant: MakeTenant, log_calls: Any, login: str
) -> None:
    tenant = make_tenant(role="user")
    client.post("/cases", json={"title": "x"}, headers=tenant.key)
    log_calls(tenant, 1001)
    refused = client.post("/cases", json={"title": "x"}, headers=tenant.key)

    with database.as_owner() if login == "owner" else database.as_superuser() as operator:
        made_admin = operator.execute(f"UPDATE api_keys SET role = 'admin' WHERE id = '{tenant.key_id}'")
        paid = operator.execute(f"UPDATE cases SET billing_status = 'paid' WHERE tenant_id = '{tenant.id}'")

    assert (refused.status_code, made_admin.rowcount, paid.rowcount) == (402, 1, 1)
    assert client.get("/auth/whoami", headers=tenant.key).json()["role"] == "admin"
    assert client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code == 201


@pytest.mark.parametrize("not_a_tenant", [None, "", str(uuid4()), 1], ids=["none", "empty", "text", "number"])
def test_a_session_without_a_tenant_does_not_begin(not_a_tenant: Any) -> None:
    async def begin() -> None:
        async with tenant_session(not_a_tenant):
            raise AssertionError("it began")

    with pytest.raises(TypeError):
        asyncio.run(begin())


def test_a_session_sees_only_its_own_tenant_even_with_the_owners_login(
    database: Database, tables: list[str], pair: Pair
) -> None:
    async def tenants_seen(tenant: Tenant, table: str) -> set[str]:
        async with tenant_session(UUID(tenant.id)) as session:
            seen = await session.fetch(Statement(text(f"SELECT {key_of(table)} FROM {table}"), TenantSeen))
            return {str(row.tenant_id) for row in seen}

    async def main() -> None:
        for table in tables:
            for tenant in (pair.theirs, pair.ours):
                assert await tenants_seen(tenant, table) == {tenant.id}, table

    run_with_pool(database.url, main)


GETS = [operation for operation in CONTRACT.operations if operation.method == "GET" and operation.needs_key]


@pytest.mark.parametrize("operation", GETS, ids=lambda operation: operation.id)
def test_no_get_shows_another_tenants_rows_even_with_its_cursor(
    client: httpx.Client, pair: Pair, operation: Any
) -> None:
    ids = {"case_id": pair.case_id, SIGNED: pair.case_id, "key_id": pair.theirs.key_id}
    request = request_to(operation, ids)
    headers = request.pop("headers")
    optional = {parameter["name"] for parameter in parameters_of(operation) if parameter["in"] == "query"}
    tries: list[dict[str, str]] = [{}]
    if "external_id" in optional:
        tries.append({"external_id": pair.marker})
    if "cursor" in optional:
        first = client.get(request["url"], params={"limit": "1"}, headers=pair.theirs.key).json()
        tries.append({"cursor": first["next_cursor"]})

    secrets = [pair.marker, pair.theirs.name, pair.theirs.id]
    if not any(is_id(parameter) for parameter in parameters_of(operation)):
        secrets += ids.values()  # Otherwise the response repeats the requested path.
        own = {"from": "2026-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"} if "from" in optional else {}
        if "bucket" in optional:
            own |= {"to": "2027-01-01T00:00:00Z"}
        if "group_by" in optional:
            own |= {"group_by": "key"}
        tries.append(own)
        shown = client.get(request["url"], params=own, headers=pair.theirs.key).text
        has_nothing_of_its_own = operation.id in ("get_usage", "get_usage_outcomes", "get_quota")
        assert has_nothing_of_its_own or any(secret in shown for secret in secrets), "there was nothing to hide"
    for parameters in tries:
        answer = client.request(**request | {"params": parameters}, headers=headers | pair.ours.key)
        assert not [secret for secret in secrets if secret in answer.text], parameters
