"""Backup and restore with `clincore pg_dump` and `pg_restore`."""

import subprocess
from pathlib import Path

import httpx

from support import citus
from support.cases import make_case, replay
from support.commands import environment, run
from support.database import Database
from support.schema import NewDatabase, alembic, plain, schema_of
from support.service import serve
from support.tenants import bootstrap

ADOPT = (
    "SELECT format('ALTER POLICY operator ON %I TO CURRENT_USER', tablename) FROM pg_policies"
    " WHERE policyname = 'operator' \\gexec\n"
)


@citus.not_on_a_cluster("pg_dump copies no cluster at one moment")
def test_a_restored_backup_has_its_keys_cases_and_policies(
    migrated_database: NewDatabase, new_database: NewDatabase, folder: Path, bin_on_path: str
) -> None:
    # A separate database: rows that other tests tamper with could not be restored.
    database, restored, file = migrated_database(), new_database(), str(folder / "clincore.dump")
    with serve(database, folder) as service, httpx.Client(base_url=service.url) as client:
        tenant = bootstrap(client)
        case_id = make_case(client, tenant.key, is_signed=True)
        case = client.get(f"/cases/{case_id}", headers=tenant.key).json()
        key_id = client.get("/auth/whoami", headers=tenant.key).json()["key_id"]
    dump = ("clincore", "pg_dump", "--format=custom", f"--file={file}")
    target = {"DATABASE_URL": restored.url, "PATH": bin_on_path}
    restore = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")

    refused = run("pg_dump", plain(database), PATH=bin_on_path)
    dumped = run(*dump, "--enable-row-security", DATABASE_URL=database.url, PATH=bin_on_path)
    assert refused.returncode != 0 and "row-level security" in refused.stderr
    assert (dumped.returncode, dumped.stderr) == (0, "")
    # Other users of the machine cannot read it, whatever the operator's umask is.
    assert Path(file).stat().st_mode & 0o777 == 0o600
    # A dump lacks the role, the owner's membership in it and rights on the database; the first migration creates them.
    assert alembic(restored, "upgrade", "b1c2d3e4f501").returncode == 0
    done = run("clincore", "pg_restore", *restore, f"--dbname={restored.name}", file, **target)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    # The dump's policies name the owner of the dumped database.
    adopted = subprocess.run(
        ["clincore", "psql", "--set=ON_ERROR_STOP=1"],
        input=ADOPT,
        env=environment(**target),
        capture_output=True,
        text=True,
    )
    assert adopted.returncode == 0, adopted.stderr

    assert schema_of(restored) == schema_of(database)
    with serve(restored, folder) as service, httpx.Client(base_url=service.url, headers=tenant.key) as again:
        assert again.get(f"/cases/{case['id']}").json() == case
        assert replay(again, f"/cases/{case['id']}")["valid"] is True
        assert again.post("/cases", json={"title": "x"}).status_code == 201
    with restored.as_owner() as operator:
        found = operator.execute("UPDATE api_keys SET role = 'user' WHERE id = %s", [key_id])
        assert found.rowcount == 1


@citus.needs_cluster
def test_a_dump_of_a_cluster_is_refused_except_for_its_schema(database: Database, folder: Path) -> None:
    file = folder / "cluster.dump"
    dump = ("clincore", "pg_dump", "--schema=public", f"--file={file}")

    refused = run(*dump, DATABASE_URL=database.url)
    schema = run(*dump, "--schema-only", DATABASE_URL=database.url)

    (line,) = refused.stderr.splitlines()
    assert refused.returncode == 1 and "restore point" in line and "clincore tenants export" in line
    assert schema.returncode == 0, schema.stderr
    assert "CREATE TABLE public.cases" in file.read_text()
