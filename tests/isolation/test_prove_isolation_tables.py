"""`clincore prove-isolation` attacks every table, including new ones, and reports what it could not try."""

from uuid import uuid4

from psycopg import sql
from sqlalchemy import make_url

from clincore.db.catalogue import nodes
from clincore.db.catalogue.reader import read_catalogue
from clincore.isolation import prove
from support.commands import run
from support.copies import apply, copy_of, left_of
from support.database import Database
from support.mutants import OWN, SETTING

ATTACKED = {"SELECT", "COPY", "INSERT", "UPDATE", "DELETE", "MERGE", "ON CONFLICT", "UPDATE of the tenant column"}


def test_every_table_of_a_migrated_database_is_attacked_and_nothing_is_left(pristine: Database) -> None:
    with copy_of(pristine) as database:
        report = prove(database.url, database.url)
        with database.as_superuser() as connection, connection.transaction():
            tables = {table.full_name for table in read_catalogue(connection).tables if table.is_tenant_table}
        left = left_of(report, database)

    assert report.passed, report.as_text()
    assert left == []
    assert report.seconds < 30
    tried = {entry.name: set(entry.on) for entry in report.entries if entry.part == "attacks"}
    for who in ("the service", "the service with all privileges", "the owner"):
        for kind in ATTACKED:
            assert tried[f"{kind} as {who}"] == tables, (kind, who)
    for kind in ("setting unset", "setting empty", "setting random", "forged", "reused COMMIT", "reused ROLLBACK"):
        assert tried[kind] == tables, kind
    assert {"savepoints", "cursors", "new tables", "functions", "session"} <= set(tried)
    assert tried["stacked"] == tried["leaving the role"] == tables
    # The owner's login limits the claim.
    assert report.claim == (
        "PROVEN for the service's own statements; with this login injected SQL could leave the role: use two logins"
    )
    assert report.as_text().endswith(f"\n{report.claim}\n")
    assert report.as_json()["claim"] == report.claim and report.as_json()["login_can_leave_role"] is True
    limited = {entry.name for entry in report.entries for advice in entry.advice if advice.culprit.startswith("login ")}
    assert limited == {"separate_login", "leaving the role"}


def policies(table: str) -> str:
    """SQL that gives a table to the owner and protects it like the tables of tenants."""
    return (
        f" ALTER TABLE {table} OWNER TO {{owner}};"
        f" ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        f" CREATE POLICY tenant_isolation ON {table} TO clincore_app USING ({OWN}) WITH CHECK ({OWN});"
        f" CREATE POLICY operator ON {table} TO {{owner}} USING (coalesce({SETTING}, '') = '')"
        f" WITH CHECK (coalesce({SETTING}, '') = '');"
    )


NEW_TABLE = f"""
    CREATE DOMAIN severity AS text CHECK (VALUE IN ('mild', 'grave'));
    CREATE TYPE kind AS ENUM ('note', 'letter');
    CREATE TABLE notes (
        tenant_id uuid NOT NULL, id uuid NOT NULL, case_id uuid NOT NULL, number integer NOT NULL CHECK (number > 1),
        digest bytea NOT NULL CHECK (octet_length(digest) = 32), name varchar(12) NOT NULL, kind kind NOT NULL,
        severity severity NOT NULL, written_on date NOT NULL, document jsonb NOT NULL
        CHECK (jsonb_typeof(document) = 'array'), words text[] NOT NULL, total numeric(6, 2) NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'closed')), closed_at timestamptz,
        length integer GENERATED ALWAYS AS (number * 2) STORED, counter bigint GENERATED ALWAYS AS IDENTITY,
        CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
        PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name), UNIQUE (tenant_id, number),
        FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id)
    );
    GRANT SELECT, INSERT, UPDATE (state) ON notes TO clincore_app;
    {policies("notes")}
"""


def test_a_new_table_is_attacked_as_soon_as_it_exists(pristine: Database) -> None:
    with copy_of(pristine) as database:
        apply(database, NEW_TABLE)
        guarded = prove(database.url, database.url)
        left = left_of(guarded, database)
        apply(database, "ALTER POLICY tenant_isolation ON notes USING (true)")
        opened = prove(database.url, database.url)

    assert guarded.passed, guarded.as_text()
    assert left == []
    assert "public.notes" in next(entry.on for entry in guarded.entries if entry.name == "MERGE as the service")
    reached = [entry.name for entry in opened.entries if any(f.culprit == "table public.notes" for f in entry.findings)]
    assert {"SELECT as the service", "COPY as the service", "DELETE as the service with all privileges"} <= set(reached)


def guarded(table: str, columns: str) -> str:
    """SQL that creates a table of tenants with correct policies."""
    return (
        f"CREATE TABLE {table} (tenant_id uuid NOT NULL, id uuid NOT NULL, {columns}, PRIMARY KEY (tenant_id, id));"
        f" GRANT SELECT, INSERT ON {table} TO clincore_app;{policies(table)}"
    )


CIRCLE = (
    guarded("a_revisions", "case_id uuid NOT NULL, n integer NOT NULL, kid text NOT NULL REFERENCES signing_keys")
    + guarded("b_cases", "head uuid")
    + "ALTER TABLE a_revisions ADD FOREIGN KEY (tenant_id, case_id) REFERENCES b_cases (tenant_id, id);"
    " ALTER TABLE b_cases ADD FOREIGN KEY (tenant_id, head) REFERENCES a_revisions (tenant_id, id);"
)


def test_tables_that_reference_each_other_and_a_shared_table_are_attacked(pristine: Database) -> None:
    with copy_of(pristine) as database:
        apply(database, CIRCLE)
        without = prove(database.url, database.url)
        apply(database, "INSERT INTO signing_keys VALUES ('first', '{}')")
        report = prove(database.url, database.url)

        assert left_of(without, database) == left_of(report, database) == []
    reasons = [why for entry in without.entries for why in entry.not_proven]
    assert not without.passed and without.culprits == []
    assert any("public.a_revisions" in why and "a_revisions_kid_fkey" in why for why in reasons)
    assert report.passed, report.as_text()
    attacked = next(entry.on for entry in report.entries if entry.name == "SELECT as the service")
    assert {"public.a_revisions", "public.b_cases"} <= set(attacked)


def test_a_table_without_a_row_is_not_proven(pristine: Database) -> None:
    with copy_of(pristine) as database:
        apply(database, NEW_TABLE + "ALTER TABLE notes ADD CHECK (name ~ '^z{5}$')")

        report = prove(database.url, database.url)

        reasons = [why for entry in report.entries for why in entry.not_proven]
        assert not report.passed
        assert any("public.notes" in why for why in reasons), report.as_text()
        assert report.culprits == []
        assert left_of(report, database) == []


def test_without_an_operators_login_the_report_names_the_tenants_left_behind(
    pristine: Database, superuser_url: str
) -> None:
    with copy_of(pristine) as database:
        # The service's own login. Only this database admits it without a password.
        url = make_url(database.url).set(username="clincore_app", password=f"isolation-{uuid4().hex}")
        with database.as_superuser() as connection:
            connection.execute(sql.SQL("ALTER ROLE clincore_app PASSWORD {}").format(sql.Literal(str(url.password))))
        done = run("clincore", "prove-isolation", DATABASE_URL=url.render_as_string(hide_password=False))
        report = prove(url.render_as_string(hide_password=False), url.render_as_string(hide_password=False))

        left = left_of(report, database)
        assert (done.returncode, done.stderr) == (1, "")
        assert "NOT PROVEN" in done.stdout and "Tenants left behind: " in done.stdout
        assert "not proven  Every statement was tried as the owner" in done.stdout
        assert report.facts["Tenant A"] in report.as_text().split("Tenants left behind: ")[1]
        assert set(left) >= {"public.tenants", "public.cases"}
        # With the owner's login in MIGRATION_DATABASE_URL, everything is removed.
        report = prove(url.render_as_string(hide_password=False), database.url)
        assert report.claim == "PROVEN", report.as_text()
        assert report.as_json()["login_can_leave_role"] is False
        assert left_of(report, database) == []


def test_workers_that_differ_from_the_coordinator_are_found(pristine: Database) -> None:
    """Two real catalogues stand in for a coordinator and a worker with shards; Citus itself is not used here."""

    def facts(database: Database) -> list[nodes.Fact]:
        with database.as_owner() as connection:
            row = connection.execute(nodes.FACTS).fetchone()
            assert row is not None
            return nodes.facts_of(row[0])

    with copy_of(pristine) as coordinator, copy_of(pristine) as worker:
        assert list(nodes.differences(facts(coordinator), facts(worker), ())) == []
        apply(worker, "CREATE TABLE cases_102008 (LIKE cases);" + policies("cases_102008"))
        assert list(nodes.differences(facts(coordinator), facts(worker), {102008})) == []
        # Citus 13.2 makes a policy PERMISSIVE on workers that is RESTRICTIVE on the coordinator.
        sealed = "CREATE POLICY sealed ON cases AS {kind} FOR UPDATE TO clincore_app USING (status = 'draft')"
        apply(coordinator, sealed.replace("{kind}", "RESTRICTIVE"))
        apply(worker, sealed.replace("{kind}", "PERMISSIVE"))
        apply(worker, "ALTER TABLE cases_102008 NO FORCE ROW LEVEL SECURITY; GRANT TRUNCATE ON cases TO clincore_app")
        apply(worker, f"GRANT TEMPORARY ON DATABASE {worker.name} TO clincore_app")
        found = dict(nodes.differences(facts(coordinator), facts(worker), {102008}))

    assert set(found) == {
        "policy sealed on public.cases",
        "row-level security public.cases_102008",
        "right public.cases",
        "right database",
    }
    assert found["right database"] == "The node has TEMPORARY; the coordinator has nothing."
    assert "RESTRICTIVE" in found["policy sealed on public.cases"]
