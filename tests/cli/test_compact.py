"""`clincore compact`: afterwards, no file of the tables contains erased text."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg import sql

from clincore.db.urls import libpq
from clincore.postgres import embedded
from support import citus
from support.cases import SIGNING
from support.commands import run
from support.database import Database
from support.paths import make_folder
from support.service import serve
from support.tenants import Tenant, bootstrap

MARKER = "Zettelkasten4711"


def files_with(server: embedded.Embedded, text: str) -> list[str]:
    """The files of tables, indexes and catalogues that contain the text, after a checkpoint."""
    with psycopg.connect(libpq(server.superuser_url), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    (base,) = server.data_dir.glob("postgresql-*/base")
    return [file.name for file in base.rglob("*") if file.is_file() and text.encode() in content_of(file)]


def content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def make_and_erase(client: httpx.Client, tenant: Tenant, number: int) -> None:
    subject = {"identifiers": [{"system": "urn:x", "value": MARKER}], "name": MARKER, "gender": "female"}
    body = {"title": "x", "subject": subject, "author": {"name": "Dr. A"}, "plan": f"{MARKER} {number}"}
    case_id = post(client, tenant, "/cases", body)["id"]
    post(client, tenant, f"/cases/{case_id}/finalize", SIGNING)
    post(client, tenant, f"/cases/{case_id}/erase-subject", {"sections": ["plan"]})


def post(client: httpx.Client, tenant: Tenant, path: str, body: Any) -> Any:
    """The response to a call. A 503 is retried: checkpoints are slow on a busy machine."""
    for _ in range(10):
        answer = client.post(path, json=body, headers=tenant.key | {"If-Match": "*"})
        if answer.status_code != 503:
            break
        time.sleep(1)
    return answer.raise_for_status().json()


def test_compact_removes_erased_text_from_all_files() -> None:
    with make_folder() as folder:
        data_dir = folder / "data"
        variables: dict[str, Any] = {"DATABASE_URL": "", "CLINCORE_SIGNING_KEY": "", "CLINCORE_DATA_DIR": str(data_dir)}
        with (
            serve(Database("", ""), folder, **variables) as service,
            httpx.Client(base_url=service.url, timeout=30) as client,
            embedded.start(data_dir) as server,
        ):
            tenant = bootstrap(client)
            for number in range(10):
                make_and_erase(client, tenant, number)
            post(client, tenant, "/cases", {"title": "kept", "history": "kept-history"})
            before = files_with(server, MARKER)
            with psycopg.connect(libpq(server.superuser_url)) as reader:
                # This transaction may still read text that is erased after its start.
                reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                reader.execute("SELECT count(*) FROM tenants")
                make_and_erase(client, tenant, 10)
                held = run("clincore", "compact", **variables)
            done = run("clincore", "compact", **variables)
            after, kept = files_with(server, MARKER), files_with(server, "kept-history")
            shown = client.get("/cases", headers=tenant.key).json()

    assert before and kept
    assert after == []
    assert held.returncode == 1 and "changed or deleted rows were kept" in held.stderr, held.stdout
    assert (done.returncode, done.stderr) == (0, "")
    tables = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert tables == ["cases", "case_disclosures", "idempotency_keys", "pg_catalog.pg_statistic"]
    assert len(shown["items"]) == 12


@citus.needs_cluster
def test_compact_of_a_cluster_says_what_to_run_instead(database: Database) -> None:
    ended = run("clincore", "compact", DATABASE_URL=database.url)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1 and "on the coordinator: VACUUM (FULL, ANALYZE)" in ended.stderr


@citus.not_on_a_cluster("clincore compact rewrites no table of a cluster")
def test_compact_reports_a_table_that_the_login_may_not_rewrite(migrated_database: Callable[[], Database]) -> None:
    database = migrated_database()
    with database.as_superuser() as superuser:
        name = sql.Identifier(database.name)
        superuser.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(name))

    ended = run("clincore", "compact", DATABASE_URL=database.url)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("clincore: pg_catalog.pg_statistic was not rewritten: "), ended.stderr
