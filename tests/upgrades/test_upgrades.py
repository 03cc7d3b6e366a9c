"""Databases of all released versions, upgraded to this one: no data is lost, and the service works on them.

Each released version is a folder next to this file, with dump.sql and the service's responses in answers.json. `make
dump` makes the next one.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from clincore.db.schema_version import HEAD, LAST_OF_0_1_0, last_migration
from clincore.records.model_1 import to_version_2
from support.cases import replay
from support.commands import run
from support.database import Database
from support.schema import NewDatabase, alembic, schema_of
from support.service import BOOTSTRAP_TOKEN, serve

RELEASES = sorted(path.parent for path in Path(__file__).parent.glob("*/dump.sql"))


def last_migration_of(release: Path) -> str:
    """0.1.0 wrote no note of it."""
    note = re.search(
        r"^COMMENT ON TABLE public\.alembic_version IS '.*?(\w+)';$", (release / "dump.sql").read_text(), re.M
    )
    return note[1] if note else LAST_OF_0_1_0


BEHIND = [release for release in RELEASES if last_migration_of(release) != last_migration()]
"""Releases after which this version has migrations."""

CONTENT = ("title", "type", "subject", "author", "period", "plan", "conditions", "observations", "medications", "tags")

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def restore(database: Database, new_database: NewDatabase) -> Callable[[Path], Database]:
    """Restores the database of a release. The shared database has created the role that its policies name."""

    def make(release: Path) -> Database:
        made = new_database()
        assert run("clincore", "migrate", "--for-restore", DATABASE_URL=made.url).returncode == 0
        dump = (release / "dump.sql").read_text().replace("clincore_owner", str(make_url(made.url).username))
        with made.as_owner() as owner:
            owner.execute("DROP TABLE alembic_version")
            owner.execute(dump)  # type: ignore[call-overload]
        return made

    return make


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release.name)
def release(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(params=BEHIND, ids=lambda release: release.name)
def older_release(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def rows_of(database: Database) -> Rows:
    """All rows of all tables except Alembic's, in the order of their text."""
    with database.as_owner() as owner:
        tables = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        return {
            table: [row for (row,) in owner.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY t::text")]  # type: ignore[call-overload]
            for (table,) in tables
        }


def contains(new: Any, old: Any) -> bool:
    """Whether a value contains everything of the older one."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(name in new and contains(new[name], value) for name, value in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(new) == len(old) and all(map(contains, new, old))
    return bool(new == old)


def test_the_dump_of_a_release_has_rows_in_every_table(release: Path, restore: Callable[[Path], Database]) -> None:
    assert not [table for table, rows in rows_of(restore(release)).items() if not rows]


def test_an_upgraded_database_keeps_every_row_and_has_the_schema_of_a_new_one(
    release: Path, restore: Callable[[Path], Database], database: Database
) -> None:
    upgraded = restore(release)
    before = rows_of(upgraded)

    ended = run("clincore", "migrate", DATABASE_URL=upgraded.url)

    assert (ended.returncode, ended.stdout) == (0, f"The schema is at {HEAD}.\n"), ended.stderr
    assert alembic(upgraded, "current").stdout == f"{HEAD} (head)\n"
    assert alembic(upgraded, "check").stdout == "No new upgrade operations detected.\n"
    after = rows_of(upgraded)
    for table, rows in before.items():
        assert len(after[table]) == len(rows), table
        # Sorted by the columns that both have.
        key = lambda row, names=tuple(rows[0]): json.dumps([row[name] for name in names])  # noqa: E731
        assert contains(sorted(after[table], key=key), sorted(rows, key=key)), table
    assert schema_of(upgraded) == schema_of(database)


def test_an_upgraded_database_serves_verifies_reconciles_and_keeps_tenants_apart(
    release: Path, restore: Callable[[Path], Database], folder: Path
) -> None:
    upgraded = restore(release)
    tenants = json.loads((release / "answers.json").read_text())
    is_first = release.name == "0.1.0"
    operator = {"DATABASE_URL": upgraded.url}
    refused = run("clincore", "migrate", "--for-restore", **operator)
    assert run("clincore", "migrate", **operator).returncode == 0

    with serve(upgraded, folder) as service:
        for name, tenant in tenants.items():
            with httpx.Client(base_url=service.url, headers={"X-API-Key": tenant["api_key"]}) as client:
                assert client.get("/auth/whoami").json()["tenant_name"] == name
                for path, answered in tenant["answers"].items():
                    # Cases are shown in the model of 0.2.0; exported revisions are as they were.
                    given = {name: value for name, value in answered.items() if value}
                    old = answered | to_version_2(given) if is_first and path.count("/") == 2 else answered
                    assert contains(client.get(path).json(), old), path
                    if path.endswith("/revisions"):
                        assert replay(client, path.removesuffix("/revisions"))["valid"] is True, path
                assert client.post("/cases", json={"title": "After the upgrade"}).status_code == 201
                paths = [path for path in tenant["answers"] if path.count("/") == 2]
                continue_signed_cases(client, paths, is_plain=is_first)
        taken = httpx.post(
            f"{service.url}/bootstrap",
            json={"tenant_name": next(iter(tenants))},
            headers={"Authorization": f"Bearer {BOOTSTRAP_TOKEN}"},
        )
        proof = run("clincore", "prove-isolation", "--url", service.url, BOOTSTRAP_TOKEN=BOOTSTRAP_TOKEN, **operator)

    assert taken.status_code == 409
    assert proof.returncode == 0, proof.stdout
    reconciled = run("clincore", "usage", "reconcile", **operator)
    assert reconciled.returncode == 0, reconciled.stdout
    assert refused.returncode == 2 and "already has ClinCore tables" in refused.stderr


def continue_signed_cases(client: httpx.Client, paths: list[str], *, is_plain: bool) -> None:
    """Attest, amend, erase and void cases that the release signed.

    `is_plain`: the release signed author, clinical entries and signers in plain text, which stays.
    """
    signing = {"signer": {"name": "Dr. Max Muster"}, "meaning": "approval"}
    sections = ["history", "plan", "conditions", "author", "signers"]
    continued = 0

    def act(path: str, action: str, body: dict[str, Any] | None = None) -> Any:
        answer = client.post(f"{path}/{action}", json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    for path in paths:
        before = client.get(path).json()
        if before["status"] not in ("final", "amended"):
            continue
        first = before["revision"]
        attested = act(path, "attest", signing)
        assert attested["signatures"][-1]["signer"]["name"] == "Dr. Max Muster"
        if not before["amendment_reason"]:
            act(path, "amend", {"reason": "x"})
        draft = client.get(f"{path}/draft").json()
        amended = act(path, "finalize", signing)
        assert {name: amended[name] for name in CONTENT} == {name: draft[name] for name in CONTENT}
        assert amended["erased"] == before["erased"]
        signed = client.get(f"{path}/revisions/{first + 1}").json()
        assert json.loads(signed["signed"])["previous_sha256"] == attested["sha256"]
        replayed = replay(client, path)
        assert replayed["valid"], replayed
        erased = act(path, "erase-subject", {"sections": sections})
        gone = ["subject", "author", "history", "plan", "conditions"]
        assert erased["erased"] == gone and (erased["author"], erased["conditions"]) == (None, [])
        act(path, "void", {"reason": "x", **signing})
        replayed = replay(client, path)
        assert replayed["valid"], replayed
        *old, new, void = (one["erased"] for one in replayed["revisions"])
        assert (new, void) == ([*gone, "signers"], ["subject", "author"])
        kept = client.get(f"{path}/revisions/{first}").json()
        if is_plain:
            assert old == [["subject", "history", "plan"]] * (first - 1) + [["subject", "history", "plan", "signers"]]
            assert kept["signatures"][0]["signer"]["name"] == "Dr. Grete Beispiel"
        else:
            assert old == [[*gone, "signers"]] * first
            assert list(kept["signatures"][0]["signer"]) == ["key_id"]
        assert list(kept["signatures"][-1]["signer"]) == ["key_id"]
        continued += 1
    assert continued >= 4


# --- the messages of commands in every state


@contextmanager
def noted(database: Database, revision: str | None) -> Iterator[None]:
    """Give a database at the head another note until the end of the block."""

    def note(text: str) -> None:
        with database.as_owner() as owner:
            owner.execute(f"COMMENT ON TABLE alembic_version IS {text}")  # type: ignore[call-overload]

    note("NULL" if revision is None else f"'{revision}'")
    try:
        yield
    finally:
        note(f"'{last_migration()}'")


def test_read_only_commands_report_an_old_database_and_change_nothing(
    older_release: Path, restore: Callable[[Path], Database], folder: Path
) -> None:
    behind = restore(older_release)
    with behind.as_superuser() as superuser:
        superuser.execute(
            f"ALTER DATABASE {behind.name} SET default_transaction_read_only = on"  # type: ignore[call-overload]
        )
        current, check = alembic(behind, "current"), alembic(behind, "check")
        superuser.execute(
            f"ALTER DATABASE {behind.name} RESET default_transaction_read_only"  # type: ignore[call-overload]
        )
    served = run("uvicorn", "clincore.asgi:app", "--port", "1", DATABASE_URL=behind.url)

    assert current.stdout == f"{last_migration_of(older_release)}\n", current.stderr
    assert "not up to date" in check.stdout
    assert "Run: clincore migrate" in served.stderr


def test_an_interrupted_upgrade_continues(older_release: Path, restore: Callable[[Path], Database]) -> None:
    database, last = restore(older_release), last_migration_of(older_release)

    assert alembic(database, "upgrade", "+1").returncode == 0
    half_way = alembic(database, "current").stdout
    refused = run("uvicorn", "clincore.asgi:app", "--port", "1", DATABASE_URL=database.url)
    assert alembic(database, "upgrade", "head").returncode == 0

    assert half_way.strip() not in (HEAD, last)
    assert "Run: clincore migrate" in refused.stderr
    assert alembic(database, "current").stdout == f"{HEAD} (head)\n"
    assert alembic(database, "downgrade", last).returncode == 0
    assert alembic(database, "current").stdout == f"{last}\n"
    assert alembic(database, "upgrade", "head").returncode == 0


@pytest.mark.parametrize("words", [("current",), ("check",), ("upgrade", "head"), ("downgrade", "-1")])
def test_the_refusal_of_a_later_versions_database_names_its_last_migration(
    migrated_database: NewDatabase, words: tuple[str, ...]
) -> None:
    database = migrated_database()
    with noted(database, "b1c2d3e4f5ff"):
        at_head = alembic(database, *words)
    with database.as_owner() as owner:
        owner.execute("UPDATE alembic_version SET version_num = 'b1c2d3e4f5fe'")
    half_way = alembic(database, *words)

    assert (at_head.returncode, half_way.returncode) == (1, 1)
    assert "newer version of ClinCore, up to b1c2d3e4f5ff" in at_head.stderr
    assert "newer version of ClinCore, up to b1c2d3e4f5fe" in half_way.stderr


def test_stamping_is_refused(migrated_database: NewDatabase) -> None:
    refused = alembic(migrated_database(), "stamp", "head")

    assert refused.returncode == 1
    assert "Use: alembic upgrade head" in refused.stderr


def test_a_lost_note_is_not_taken_for_version_0_1_0(migrated_database: NewDatabase) -> None:
    database = migrated_database()
    with noted(database, None):
        refused = run("clincore", "migrate", DATABASE_URL=database.url)

    assert refused.returncode == 2
    assert "comment of the table alembic_version is lost" in refused.stderr
    assert run("clincore", "migrate", DATABASE_URL=database.url).returncode == 0


def test_this_version_serves_on_a_later_schema_that_only_adds(migrated_database: NewDatabase, folder: Path) -> None:
    database = migrated_database()
    with database.as_owner() as owner:
        owner.execute("ALTER TABLE cases ADD COLUMN later text")
        owner.execute("ALTER TABLE cases ADD CONSTRAINT later UNIQUE (tenant_id, later)")
    with noted(database, "b1c2d3e4f5ff"), serve(database, folder) as service:
        assert httpx.get(f"{service.url}/ready").status_code == 200
