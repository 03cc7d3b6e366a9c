"""Tenants as a whole: suspend, resume, export, import and delete."""

import hashlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from support import commands
from support.cases import replay
from support.commands import environment, run
from support.database import Database
from support.feed import wait_until_numbered
from support.populated import populate, total_up
from support.schema import plain
from support.service import serve
from support.tables import SHARED_TABLE, key_of
from support.tenants import MakeTenant, Tenant
from support.waiting import eventually

Counts = dict[str, int]


def cli(database: Database, *words: str, code: int = 0, **variables: str) -> str:
    """The output of `clincore tenants`, or its error when another code than 0 is expected."""
    ended = run("clincore", "tenants", *words, DATABASE_URL=database.url, **variables)
    assert ended.returncode == code, ended.stderr
    if code:
        assert ended.stderr.startswith("clincore: ") and ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr if code else ended.stdout


def tenant_tables(database: Database) -> list[str]:
    with database.as_superuser() as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname NOT IN ('alembic_version', %s) ORDER BY 1",
            [SHARED_TABLE],
        )
        return [name for (name,) in found]


def rows_of(database: Database, tenant_id: str) -> dict[str, list[Any]]:
    """Every row of the tenant, by table."""
    found = {}
    with database.as_superuser() as connection:
        for table in tenant_tables(database):
            query = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE {} = %s ORDER BY 1").format(
                sql.Identifier(table), sql.Identifier(key_of(table))
            )
            found[table] = [row for (row,) in connection.execute(query, [tenant_id])]
    return found


def counts_of(database: Database, tenant_id: str) -> Counts:
    return {table: len(rows) for table, rows in rows_of(database, tenant_id).items()}


@dataclass(frozen=True)
class Exported:
    """A tenant with a row in every table, and the folder to which it was exported."""

    tenant: Tenant
    marker: str
    case_id: str
    folder: Path
    rows: dict[str, list[Any]]

    @property
    def counts(self) -> Counts:
        return {table: len(rows) for table, rows in self.rows.items()}


def make_full(client: httpx.Client, make_tenant: MakeTenant, database: Database) -> tuple[Tenant, str, str]:
    """A tenant with a row in every table, the marker in its texts, and a signed case."""
    tenant, marker = make_tenant(), f"marker{uuid4().hex}"
    case_id = populate(client, tenant, marker, amendments=1)
    with database.as_superuser() as superuser:
        total_up(superuser, tenant, "2026-03-02")
        wait_until_numbered(superuser, tenant.id)
    return tenant, marker, case_id


def freeze(database: Database, tenant: Tenant) -> None:
    """Suspend the tenant: then the service does not add the outcomes of its calls while the test compares its rows."""
    with database.as_superuser() as superuser:
        superuser.execute("UPDATE tenants SET suspended_at = now() WHERE id = %s", [tenant.id])


@pytest.fixture(scope="module")
def exported(
    client: httpx.Client, make_tenant: MakeTenant, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Exported:
    tenant, marker, case_id = make_full(client, make_tenant, database)
    freeze(database, tenant)
    folder = tmp_path_factory.mktemp("export") / "tenant"
    rows = rows_of(database, tenant.id)
    output = cli(database, "export", tenant.name, str(folder))
    assert output.startswith(f"{tenant.name} is exported: {sum(map(len, rows.values()))} rows of ")
    return Exported(tenant, marker, case_id, folder, rows)


@pytest.fixture(scope="module")
def elsewhere(database: Database, migrated_database: Callable[[], Database]) -> Database:
    """Another database, without a service. The shared one comes first: its owner creates the service's role."""
    return migrated_database()


@pytest.fixture
def copied(exported: Exported, tmp_path: Path) -> Path:
    """A copy of the exported folder, to change."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in exported.folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


@pytest.fixture
def imported(exported: Exported, elsewhere: Database) -> Iterator[str]:
    """The id of the exported tenant in the other database, where it was suspended an hour ago. Removed at the end."""
    cli(elsewhere, "import", str(exported.folder))
    with elsewhere.as_owner() as owner:
        owner.execute("UPDATE tenants SET suspended_at = now() - interval '1 hour' WHERE id = %s", [exported.tenant.id])
    yield exported.tenant.id
    remove(elsewhere, exported.tenant.id)


def remove(database: Database, tenant_id: str) -> None:
    with database.as_superuser() as superuser, superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        for table in tenant_tables(database):
            query = sql.SQL("DELETE FROM {} WHERE {} = %s")
            superuser.execute(query.format(sql.Identifier(table), sql.Identifier(key_of(table))), [tenant_id])


def test_a_suspended_tenant_is_refused_until_it_is_resumed(
    client: httpx.Client, database: Database, tenant: Tenant, make_tenant: MakeTenant
) -> None:
    other = make_tenant()
    before = rows_of(database, tenant.id)

    cli(database, "suspend", tenant.name)
    shown = json.loads(cli(database, "show", tenant.id, "--json"))
    refused = client.get("/auth/whoami", headers=tenant.key)
    others = client.get("/auth/whoami", headers=other.key)
    again = json.loads(cli(database, "suspend", tenant.id, "--json"))
    cli(database, "resume", tenant.id)
    after = rows_of(database, tenant.id)
    accepted = client.get("/auth/whoami", headers=tenant.key)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/tenant-suspended")
    assert (others.status_code, accepted.status_code) == (200, 200)
    # The time of the first suspension is kept.
    assert shown["suspended_at"] is not None and again["suspended_at"] == shown["suspended_at"]
    assert after == before


def test_the_usage_of_a_suspended_tenant_is_rolled_up_after_it_is_resumed(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    operator.execute(
        "INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint, created_at)"
        " VALUES (%s, gen_random_uuid(), %s, 'GET', '/cases', now() - interval '1 hour')",
        [tenant.id, tenant.key_id],
    )
    rolled_up = []
    for command in ("suspend", "resume", "suspend"):
        cli(database, command, tenant.id)
        ended = run("clincore", "usage", "rollup", "--tenant", tenant.id, DATABASE_URL=database.url)
        assert ended.returncode == 0, ended.stderr
        rolled_up.append(counts_of(database, tenant.id)["usage_hourly"])

    assert rolled_up == [0, 1, 1]


def test_an_export_has_every_row_of_the_tenant_and_no_other(exported: Exported) -> None:
    manifest = json.loads((exported.folder / "manifest.json").read_bytes())

    assert all(exported.counts.values()), "populate() creates no row of a table, so its export is not tested"
    assert set(manifest["tables"]) == set(exported.rows)
    for table, rows in exported.rows.items():
        content = (exported.folder / f"{table}.jsonl").read_bytes()
        written = [json.loads(line) for line in content.splitlines()]
        assert sorted(written, key=_in_order) == sorted(rows, key=_in_order), table
        assert manifest["tables"][table] == {"rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
    assert {file.name for file in exported.folder.iterdir()} == {
        "manifest.json",
        *(f"{t}.jsonl" for t in exported.rows),
    }


def _in_order(row: Any) -> str:
    return json.dumps(row, sort_keys=True)


def test_an_exported_folder_is_private(exported: Exported) -> None:
    assert exported.folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in exported.folder.iterdir()} == {0o600}


def test_an_export_never_overwrites_a_folder(database: Database, exported: Exported, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    for folder in (exported.folder, tmp_path):
        before = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert "is not empty" in cli(database, "export", exported.tenant.id, str(folder), code=1)
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_an_imported_tenant_works_in_another_database(
    database: Database, exported: Exported, migrated_database: Callable[[], Database], tmp_path: Path
) -> None:
    target = migrated_database()

    cli(target, "import", str(exported.folder))

    assert rows_of(target, exported.tenant.id) == exported.rows
    cli(target, "resume", exported.tenant.id)
    # Its service has another signing key.
    with serve(target, tmp_path) as service, httpx.Client(base_url=service.url, headers=exported.tenant.key) as client:
        for case in exported.rows["cases"]:
            if case["revision"]:
                assert replay(client, f"/cases/{case['id']}")["valid"] is True
        assert client.post("/cases", json={"title": "x"}).status_code == 201
        signed = client.post(f"/cases/{exported.case_id}/attest", json={"signer": {"name": "x"}, "meaning": "review"})
        assert signed.status_code == 200, signed.text
        assert replay(client, f"/cases/{exported.case_id}")["valid"] is True
    (kid,) = json.loads((exported.folder / "manifest.json").read_bytes())["signing_keys"]
    assert is_retired(target, kid)


def is_retired(database: Database, kid: str) -> bool:
    with database.as_owner() as owner:
        found = owner.execute("SELECT retired_at <= now() FROM signing_keys WHERE kid = %s", [kid]).fetchone()
    assert found is not None
    return bool(found[0])


def test_an_import_does_not_retire_the_key_that_signs_here(
    exported: Exported, migrated_database: Callable[[], Database], folder: Path
) -> None:
    """When the signing key moves together with its tenants."""
    target = migrated_database()

    cli(target, "import", str(exported.folder), CLINCORE_SIGNING_KEY=str(folder / "signing-key.pem"))

    (kid,) = json.loads((exported.folder / "manifest.json").read_bytes())["signing_keys"]
    assert not is_retired(target, kid)


def test_a_full_disk_is_one_line_that_names_the_folder(database: Database, exported: Exported, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    command = f"ulimit -f 1; exec clincore tenants export {exported.tenant.id} {folder}"

    full = run("bash", "-c", command, DATABASE_URL=database.url)
    again = run("clincore", "tenants", "export", exported.tenant.id, str(folder), DATABASE_URL=database.url)

    assert (full.returncode, full.stderr.count("\n")) == (1, 1), full.stderr
    assert f"{folder} cannot be used: File too large." in full.stderr
    assert again.returncode == 0, again.stderr


def test_an_import_never_replaces_a_tenant(database: Database, exported: Exported) -> None:
    before = rows_of(database, exported.tenant.id)

    assert "there is a tenant with" in cli(database, "import", str(exported.folder), code=1)

    assert rows_of(database, exported.tenant.id) == before


def change_line(folder: Path, manifest: Any) -> None:
    file = folder / "cases.jsonl"
    file.write_text(file.read_text().replace("marker", "forged", 1))


def drop_a_line(folder: Path, manifest: Any) -> None:
    file = folder / "access_log.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))


def remove_a_file(folder: Path, manifest: Any) -> None:
    (folder / "case_tags.jsonl").unlink()


def rename_the_schema(folder: Path, manifest: Any) -> None:
    manifest["schema"] = "b1c2d3e4f5ae"


def forget_a_table(folder: Path, manifest: Any) -> None:
    del manifest["tables"]["access_log"]


def interrupt(folder: Path, manifest: Any) -> None:
    (folder / "manifest.json").rename(folder / "manifest.json.partial")


def no_tenant(folder: Path, manifest: Any) -> None:
    manifest["tenant_id"] = "../x"


def with_hash(folder: Path, manifest: Any, table: str, old: str, new: str) -> None:
    file = folder / f"{table}.jsonl"
    content = file.read_text().replace(old, new, 1).encode()
    file.write_bytes(content)
    manifest["tables"][table]["sha256"] = hashlib.sha256(content).hexdigest()


def row_of_another(folder: Path, manifest: Any) -> None:
    with_hash(folder, manifest, "access_log", manifest["tenant_id"], str(uuid4()))


def row_without_parent(folder: Path, manifest: Any) -> None:
    case = json.loads((folder / "cases.jsonl").read_text().splitlines()[0])
    with_hash(folder, manifest, "cases", case["id"], str(uuid4()))


def other_public_key(folder: Path, manifest: Any) -> None:
    (jwk,) = manifest["signing_keys"].values()
    jwk["x"] = jwk["x"][:10] + ("A" if jwk["x"][10] != "A" else "B") + jwk["x"][11:]


@pytest.mark.parametrize(
    "change",
    [
        change_line,
        drop_a_line,
        remove_a_file,
        rename_the_schema,
        forget_a_table,
        interrupt,
        no_tenant,
        row_of_another,
        row_without_parent,
        other_public_key,
    ],
)
def test_an_import_that_is_refused_leaves_nothing(
    exported: Exported, elsewhere: Database, copied: Path, change: Callable[[Path, Any], None]
) -> None:
    manifest = json.loads((copied / "manifest.json").read_bytes())
    change(copied, manifest)
    if (copied / "manifest.json").exists():
        (copied / "manifest.json").write_text(json.dumps(manifest))

    error = cli(elsewhere, "import", str(copied), code=1)

    assert exported.marker not in error
    assert not any(counts_of(elsewhere, exported.tenant.id).values())
    with elsewhere.as_owner() as owner:
        # Public keys that an earlier test has published stay.
        assert owner.execute("SELECT FROM signing_keys WHERE retired_at IS NULL").rowcount == 0


def test_a_deletion_leaves_no_row_and_can_be_undone(
    client: httpx.Client, database: Database, make_tenant: MakeTenant, tmp_path: Path, bin_on_path: str
) -> None:
    tenant, marker, case_id = make_full(client, make_tenant, database)
    other = make_full(client, make_tenant, database)[0]
    for one in (tenant, other):
        freeze(database, one)
    rows, of_other, folder = rows_of(database, tenant.id), rows_of(database, other.id), tmp_path / "gone"

    output = cli(database, "delete", tenant.name, str(folder), "--yes", tenant.name)

    traces = (tenant.id, tenant.id.replace("-", ""), tenant.name, marker)
    assert found_in_tables(database, traces) == []
    dump = tmp_path / "dump.sql"
    dumped = run("pg_dump", "--enable-row-security", f"--file={dump}", plain(database), PATH=bin_on_path)
    assert dumped.returncode == 0, dumped.stderr
    text = dump.read_text()
    assert other.id in text and not [trace for trace in traces if trace in text]
    assert rows_of(database, other.id) == of_other
    assert client.get("/auth/whoami", headers=tenant.key).status_code == 401

    receipt = json.loads((folder / "receipt.json").read_bytes())
    assert f"{sum(map(len, rows.values()))} rows" in output
    assert {table: found["rows"] for table, found in receipt["tables"].items()} == {
        table: len(listed) for table, listed in rows.items()
    }
    for table, found in receipt["tables"].items():
        assert found["sha256"] == hashlib.sha256((folder / f"{table}.jsonl").read_bytes()).hexdigest()
    assert receipt["manifest_sha256"] == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()

    assert "is suspended" in cli(database, "import", str(folder))
    cli(database, "resume", tenant.id)
    restored = rows_of(database, tenant.id)
    (row,) = rows["tenants"]
    assert restored == rows | {"tenants": [row | {"suspended_at": None}]}
    assert replay(client, f"/cases/{case_id}", tenant.key)["valid"] is True


def test_a_deletion_under_load_leaves_no_row(
    client: httpx.Client, database: Database, make_tenant: MakeTenant, tmp_path: Path
) -> None:
    tenant, marker, _ = make_full(client, make_tenant, database)
    ended, statuses = threading.Event(), set[int]()

    def write() -> None:
        with httpx.Client(base_url=client.base_url, headers=tenant.key) as ours:
            while not ended.is_set():
                statuses.add(ours.post("/cases", json={"title": marker}).status_code)
                statuses.add(ours.get("/cases").status_code)

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write) for _ in range(2)]
        eventually(lambda: 201 in statuses)
        cli(database, "delete", tenant.name, str(tmp_path / "gone"), "--yes", tenant.name)
        eventually(lambda: 401 in statuses)
        ended.set()
        for writer in writers:
            writer.result()

    # 402: the free calls are used up.
    assert statuses <= {200, 201, 401, 402, 403}
    assert found_in_tables(database, (tenant.id, marker)) == []


def found_in_tables(database: Database, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of a table and a text that a row of it contains, among all tables outside of PostgreSQL's own schemas."""
    found = []
    with database.as_superuser() as superuser:
        tables = superuser.execute(
            "SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'm', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        ).fetchall()
        assert len(tables) > 10
        for (table,) in tables:
            for text in texts:
                query = sql.SQL("SELECT FROM {} t WHERE position(%s IN t::text) > 0 LIMIT 1").format(sql.SQL(table))
                if superuser.execute(query, [text]).rowcount:
                    found.append((table, text))
    return found


def test_a_deletion_needs_the_tenants_name(
    exported: Exported, elsewhere: Database, imported: str, tmp_path: Path
) -> None:
    command = ["clincore", "tenants", "delete", imported, str(tmp_path / "gone"), "--no-export"]
    before = rows_of(elsewhere, imported)

    assert "the name is not" in cli(elsewhere, *command[2:], "--yes", imported, code=2)
    typed = [
        subprocess.run(
            command, input=text, capture_output=True, text=True, env=environment(DATABASE_URL=elsewhere.url), timeout=60
        )
        for text in ("", "another\n")
    ]
    assert [ended.returncode for ended in typed] == [2, 2]
    assert (
        typed[0].stderr.splitlines()[1]
        == "clincore: the tenant's name is needed: give it with --yes. Nothing was done."
    )
    assert rows_of(elsewhere, imported) == before

    ended = subprocess.run(
        command,
        input=f"{exported.tenant.name}\n",
        capture_output=True,
        text=True,
        env=environment(DATABASE_URL=elsewhere.url),
        timeout=60,
    )
    assert (ended.returncode, "Type its name" in ended.stderr) == (0, True), ended.stderr
    assert not any(counts_of(elsewhere, imported).values())
    assert [file.name for file in (tmp_path / "gone").iterdir()] == ["receipt.json"]


def kill_while_it_waits(database: Database, lock: str, *words: str) -> None:
    """Start `clincore tenants`, and kill it when it waits for what `lock` has locked."""
    ours = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'clincore'"
    with database.as_superuser() as watching, database.as_superuser() as locking, open("/dev/null", "wb") as null:
        with locking.transaction():
            locking.execute(lock)  # type: ignore[call-overload]
            process = commands.start(
                ["clincore", "tenants", *words], stdout=null, stderr=null, DATABASE_URL=database.url
            )
            eventually(lambda: database.count_waiting("%"))
            process.kill()
            assert process.wait(30) != 0
        eventually(lambda: not watching.execute(ours).rowcount)


MOMENTS = {
    "exporting": "LOCK TABLE signatures IN ACCESS EXCLUSIVE MODE",
    "deleting-rows": "LOCK TABLE signatures IN SHARE MODE",
    "deleting-the-tenant": "LOCK TABLE tenant_names IN SHARE MODE",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupted_deletion_is_finished_by_a_second_run(
    exported: Exported, elsewhere: Database, imported: str, tmp_path: Path, moment: str
) -> None:
    words = ("delete", imported, str(tmp_path / "gone"), "--yes", exported.tenant.name)

    kill_while_it_waits(elsewhere, MOMENTS[moment], *words)

    assert json.loads(cli(elsewhere, "show", imported, "--json"))["suspended_at"] is not None
    if moment != "exporting":
        assert "the deletion of this tenant has begun" in cli(elsewhere, "resume", imported, code=1)
        assert "the deletion of this tenant has begun" in cli(
            elsewhere, "export", imported, str(tmp_path / "late"), code=1
        )
    cli(elsewhere, *words)
    assert found_in_tables(elsewhere, (imported, exported.marker)) == []
    receipt = json.loads((tmp_path / "gone" / "receipt.json").read_bytes())
    assert {table: found["rows"] for table, found in receipt["tables"].items()} == exported.counts
    assert json.loads((tmp_path / "gone" / "manifest.json").read_bytes())["tenant_id"] == imported
    assert not list((tmp_path / "gone").glob("*.partial"))


def test_a_receipt_that_was_not_finished_is_finished_by_a_second_run(
    exported: Exported, elsewhere: Database, imported: str, tmp_path: Path
) -> None:
    words = ("delete", imported, str(tmp_path / "gone"), "--no-export", "--yes", exported.tenant.name)
    cli(elsewhere, *words)
    receipt = tmp_path / "gone" / "receipt.json"
    content = receipt.read_bytes()
    # As if the command had been killed between the commit and this.
    receipt.rename(receipt.with_name("receipt.json.partial"))

    cli(elsewhere, *words)

    assert receipt.read_bytes() == content


def test_nothing_is_deleted_that_was_not_exported(
    exported: Exported, elsewhere: Database, imported: str, tmp_path: Path
) -> None:
    """A row that is added while the export runs."""
    words = ("delete", imported, str(tmp_path / "gone"), "--yes", exported.tenant.name)
    # The export waits in the middle, and the row is added to a table that it has read.
    insert = sql.SQL("INSERT INTO case_tags SELECT tenant_id, case_id, 'late', created_at FROM case_tags LIMIT 1")
    with elsewhere.as_superuser() as locking, open("/dev/null", "wb") as null:
        with locking.transaction():
            locking.execute("LOCK TABLE signatures IN ACCESS EXCLUSIVE MODE")
            process = commands.start(
                ["clincore", "tenants", *words], stdout=null, stderr=null, DATABASE_URL=elsewhere.url
            )
            eventually(lambda: elsewhere.count_waiting("%"))
            locking.execute(insert)
        code = process.wait(30)

    assert code == 1
    counts = counts_of(elsewhere, imported)
    assert counts == exported.counts | {"case_tags": exported.counts["case_tags"] + 1}


def test_an_interrupted_import_leaves_nothing(exported: Exported, elsewhere: Database) -> None:
    try:
        kill_while_it_waits(elsewhere, "LOCK TABLE signatures IN SHARE MODE", "import", str(exported.folder))

        assert not any(counts_of(elsewhere, exported.tenant.id).values())
        cli(elsewhere, "import", str(exported.folder))
        assert counts_of(elsewhere, exported.tenant.id) == exported.counts
    finally:
        remove(elsewhere, exported.tenant.id)
