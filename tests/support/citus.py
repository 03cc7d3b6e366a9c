"""Databases on a Citus cluster instead of a single PostgreSQL.

`TEST_CITUS_URL`: a superuser's URL of the coordinator. `TEST_CITUS_WORKERS`: the workers as `host:port,host:port`. The
superuser's login must work on every node. With them every test gets a distributed database.
"""

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

from clincore.db.urls import libpq
from support.commands import run

if TYPE_CHECKING:
    from support.database import Database

COORDINATOR_URL = os.environ.get("TEST_CITUS_URL")
WORKERS = [
    (host, int(port))
    for host, _, port in (one.rpartition(":") for one in os.environ.get("TEST_CITUS_WORKERS", "").split(",") if one)
]
SHARDS = 4
needs_cluster = pytest.mark.skipif(COORDINATOR_URL is None, reason="needs a Citus cluster in TEST_CITUS_URL")


def not_on_a_cluster(why: str) -> pytest.MarkDecorator:
    """Skip a test on a cluster. `why`: what Citus lacks, or why the test says nothing about a cluster."""
    return pytest.mark.skipif(COORDINATOR_URL is not None, reason=f"not on a cluster: {why}")


def node_urls(name: str) -> list[str]:
    """A superuser's URLs of the database on each node, the coordinator first."""
    assert COORDINATOR_URL is not None
    admin = make_url(COORDINATOR_URL).set(database=name)
    return [_text(admin), *(_text(admin.set(host=host, port=port)) for host, port in WORKERS)]


def leave_out_workers(connection: psycopg.Connection[Any]) -> None:
    """Changes of the database's settings that follow on the connection apply to the coordinator alone."""
    if COORDINATOR_URL is not None:
        connection.execute("SET citus.enable_ddl_propagation = off")


def drop(name: str) -> None:
    """Drop the database on the workers."""
    for url in node_urls("postgres")[1:]:
        execute(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def dump(name: str, path: str) -> str:
    """The text of the database's rows on all nodes. `path`: PATH, with PostgreSQL's programs."""
    texts = []
    for url in node_urls(name):
        # Otherwise Citus hides the parts of distributed tables, and refuses the locks of pg_dump.
        options = "-c citus.show_shards_for_app_name_prefixes=* -c citus.enable_manual_changes_to_shards=on"
        dumped = run("pg_dump", "--data-only", libpq(url), PATH=path, PGOPTIONS=options)
        assert dumped.returncode == 0, dumped.stderr
        texts.append(dumped.stdout)
    return "".join(texts)


def distribute(name: str, owner_url: str, ports: Sequence[int] = ()) -> None:
    """Make the cluster of the migrated database, and distribute its tables. `ports`: see `prepare`."""
    prepare(name, owner_url, ports)
    done = run("clincore", "distribute", "--shards", str(SHARDS), DATABASE_URL=owner_url)
    assert done.returncode == 0, done.stderr


def prepare(name: str, owner_url: str, ports: Sequence[int] = ()) -> None:
    """Make the cluster of the database as `clincore distribute --plan` says. It can be repeated.

    `ports`: of proxies on this machine, one for each worker, through which the nodes reach it.
    """
    everywhere, _ = _plan(owner_url)
    for url in node_urls("postgres"):
        with psycopg.connect(libpq(url), autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
                connection.execute(f"CREATE DATABASE {name}".encode())
    for url in node_urls(name):
        execute(url, *everywhere)
    first, *others = map(make_url, node_urls(name))
    if ports:
        others = [one.set(host="127.0.0.1", port=port) for one, port in zip(others, ports, strict=True)]
    execute(
        _text(first),
        f"SELECT citus_set_coordinator_host('{first.host}', {first.port or 5432})",
        *(f"SELECT citus_add_node('{other.host}', {other.port or 5432})" for other in others),
    )
    _, on_the_coordinator = _plan(owner_url)
    execute(_text(first), *on_the_coordinator)


def app_url(database: "Database", node: int) -> str:
    """The service's own login to a node of the database, by its place in `node_urls`."""
    password = uuid4().hex
    execute(database.superuser_url, f"ALTER ROLE clincore_app PASSWORD '{password}'")
    url = make_url(node_urls(database.name)[node])
    return _text(url.set(username="clincore_app", password=password))


def _plan(owner_url: str) -> tuple[list[str], list[str]]:
    """The statements of the superuser's part: those for every node without their psql commands, and the coordinator's.

    The addresses in it are known, and its statements can be repeated.
    """
    planned = run("clincore", "distribute", "--plan", "--json", DATABASE_URL=owner_url)
    assert planned.returncode == 0, planned.stderr
    everywhere, on_the_coordinator = json.loads(planned.stdout)["superuser"].split("\n\n")
    return [
        line for line in everywhere.splitlines() if line.startswith(("CREATE EXTENSION", "SET", "ALTER DATABASE"))
    ], [on_the_coordinator[on_the_coordinator.index("SELECT nodeid") :]]


def execute(url: str, *statements: str) -> None:
    """Execute the statements one after another, each in a transaction of its own."""
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
