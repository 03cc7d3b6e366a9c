"""Attacks by several statements: a forged or missing tenant, reused connections, objects that outlive a transaction."""

import secrets
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from clincore.isolation.harness import Scene, attempt, compose, judge, one_after_another, set_tenant, was_refused
from clincore.isolation.report import Report
from clincore.isolation.seed import insert_into


def settings(scene: Scene, report: Report) -> None:
    """Attack with a tenant that is unset, empty, random or not a UUID."""
    for what in ("unset", "empty", "random", "not a UUID"):
        entry = report.entry("attacks", f"setting {what}", f"Statements while the tenant is {what}")
        value = {"unset": None, "empty": "", "random": str(uuid4()), "not a UUID": "x' OR true --"}[what]
        with scene.connect() as connection, connection.transaction(force_rollback=True):
            if scene.is_distributed:
                one_after_another(connection)
            if value is not None:
                set_tenant(connection, value)
            for shape in scene.shapes:
                own = {
                    name: text
                    for name, text in scene.rows_of_b[shape.table.oid].items()
                    if shape.columns[name].insertable and not shape.columns[name].generated
                }
                for statement in (
                    compose("SELECT 1 FROM {t} LIMIT 1", shape, scene),
                    compose("SELECT 1 FROM {t} WHERE {k} = {a}", shape, scene),
                    compose("DELETE FROM {t} WHERE {k} = {a}", shape, scene),
                    insert_into(shape, own or {shape.key: str(scene.b)}),
                ):
                    entry.try_on(shape.table.quoted)
                    result = attempt(connection, statement)
                    if result.state != "22P02":
                        judge(scene, entry, result, shape.table.quoted, statement, f"while the tenant is {what}")


def forged(scene: Scene, report: Report) -> None:
    """Set the tenant by an expression inside a statement, as injected SQL would."""
    entry = report.entry("attacks", "forged", "Expressions that set another tenant, as injected SQL would")
    with scene.connect() as connection:
        found = connection.execute(
            "SELECT has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
        ).fetchone()
        known = bool(found and found[0])
        for shape in scene.shapes:
            for text in (
                "SELECT count(*) FROM (SELECT set_config('app.tenant_id', {a}, true)) AS forged,"
                " LATERAL (SELECT 1 FROM {t} WHERE {k} = {a} OFFSET 0) AS theirs WHERE forged IS NOT NULL",
                "SELECT CASE WHEN set_config('app.tenant_id', {a}, true) <> '' THEN"
                " (SELECT count(*) FROM {t} WHERE {k} = {a}) END",
                "SELECT CASE WHEN query_to_xml('SELECT set_config(''app.tenant_id'', ''' || {a} || ''', true)',"
                " false, false, '') IS NOT NULL THEN (SELECT count(*) FROM {t} WHERE {k} = {a}) END",
                "SELECT CASE WHEN query_to_xml('SET LOCAL app.tenant_id = ''' || {a} || '''', false, false, '')"
                " IS NOT NULL THEN (SELECT count(*) FROM {t} WHERE {k} = {a}) END",
                "WITH forged AS (UPDATE pg_catalog.pg_settings SET setting = {a} WHERE name = 'app.tenant_id'"
                " RETURNING 1) SELECT count(*) FROM {t} WHERE {k} = {a}",
                "SELECT count(*) FROM {t} WHERE {k} = {a} OR {k} IN (SELECT {a}::uuid) OR true AND {k} <> {b}",
            ):
                statement = sql.SQL(text).format(
                    t=shape.name,
                    k=sql.Identifier(shape.key),
                    a=sql.Literal(str(scene.a)),
                    b=sql.Literal(str(scene.b)),
                )
                entry.try_on(shape.table.quoted)
                with connection.transaction(force_rollback=True):
                    set_tenant(connection, scene.b)
                    result = attempt(connection, statement)
                if result.state or not result.rows or not result.rows[0][0]:
                    continue
                shown = statement.as_string(connection)[:160]
                if known and "set_config" in text:
                    entry.advise(
                        "function pg_catalog.set_config(text, text, boolean)",
                        "An injected expression that calls set_config reaches another tenant's rows.",
                        "See the advice on set_config above.",
                    )
                else:
                    entry.fail(f"table {shape.table.quoted}", f"{shown}: {result.rows[0][0]} rows of another tenant")


def generic_plans(scene: Scene, report: Report) -> None:
    """Serve the tenants in turn on one connection, with statements that are planned once for all of them."""
    for end in ("COMMIT", "ROLLBACK"):
        entry = report.entry("attacks", f"reused {end}", f"Generic plans on a reused connection, after {end}")
        with scene.connect() as connection:
            connection.execute("SET plan_cache_mode = force_generic_plan")
            for number, shape in enumerate(scene.shapes):
                plan = sql.Identifier(f"of_{number}")
                query = compose("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene)
                try:
                    connection.execute(sql.SQL("PREPARE {} AS {}").format(plan, query))
                    execute = sql.SQL("EXECUTE {}").format(plan)
                    for tenant in (scene.a, scene.b, None, scene.a, scene.b):
                        entry.try_on(shape.table.quoted)
                        with connection.transaction(force_rollback=end == "ROLLBACK"):
                            if tenant is not None:
                                set_tenant(connection, tenant)
                            seen = {row[0] for row in connection.execute(execute)}
                        after = {row[0] for row in connection.execute(execute)}
                        if seen - {str(tenant)} or after:
                            entry.fail(
                                f"table {shape.table.quoted}",
                                f"A plan made for one tenant shows rows of {len(seen - {str(tenant)})} other tenants,"
                                f" and of {len(after)} tenants while no tenant is set.",
                            )
                except psycopg.errors.InsufficientPrivilege:
                    continue
                except psycopg.Error as error:
                    entry.mark_unproven(f"{shape.table.quoted}: SQLSTATE {error.sqlstate}")


def savepoints(scene: Scene, report: Report) -> None:
    """Set another tenant in a savepoint that is rolled back."""
    entry = report.entry("attacks", "savepoints", "Savepoints that set another tenant and are rolled back")
    with scene.connect() as connection:
        for shape in scene.shapes:
            entry.try_on(shape.table.quoted)
            query = compose("SELECT DISTINCT {k}::text FROM {t} LIMIT 3", shape, scene)
            try:
                with connection.transaction():
                    set_tenant(connection, scene.b)
                    with connection.transaction(force_rollback=True):
                        set_tenant(connection, scene.a)
                        connection.execute(query)
                    seen = {row[0] for row in connection.execute(query)}
                    try:
                        with connection.transaction():
                            set_tenant(connection, scene.a)
                            connection.execute("SELECT 1 / 0")
                    except psycopg.errors.DivisionByZero:
                        pass
                    seen |= {row[0] for row in connection.execute(query)}
                seen |= {row[0] for row in connection.execute(query)}
            except psycopg.errors.InsufficientPrivilege:
                continue
            if seen - {str(scene.b)}:
                entry.fail(f"table {shape.table.quoted}", "A savepoint that was rolled back left another tenant set.")


def held_cursors(scene: Scene, report: Report) -> None:
    """Declare cursors that outlive their transaction, and fetch from them as the other tenant."""
    entry = report.entry("attacks", "cursors", "Cursors that outlive their transaction")
    with scene.connect() as connection:
        for number, shape in enumerate(scene.shapes):
            entry.try_on(shape.table.quoted)
            cursor = sql.Identifier(f"held_{number}")
            query = compose("SELECT {k}::text FROM {t}", shape, scene)
            try:
                with connection.transaction():
                    set_tenant(connection, scene.b)
                    connection.execute(sql.SQL("DECLARE {} CURSOR WITH HOLD FOR {}").format(cursor, query))
                with connection.transaction():
                    set_tenant(connection, scene.a)
                    seen = {row[0] for row in connection.execute(sql.SQL("FETCH 100 FROM {}").format(cursor))}
                connection.execute(sql.SQL("CLOSE {}").format(cursor))
            except psycopg.errors.InsufficientPrivilege:
                continue
            if seen - {str(scene.b)}:
                entry.fail(f"table {shape.table.quoted}", "A cursor that B declared shows rows of the next tenant.")


def new_tables(scene: Scene, report: Report) -> None:
    """Create tables, views and functions, which would outlive the transaction."""
    entry = report.entry(
        "attacks", "new tables", "New tables, views and functions, which would outlive the transaction"
    )
    name = sql.Identifier(f"isolation_{secrets.token_hex(4)}")
    with scene.connect() as connection:
        for text, culprit in (
            ("CREATE TEMPORARY TABLE {} (x text)", "TEMPORARY on the database"),
            ("SELECT 1 AS x INTO TEMPORARY {}", "TEMPORARY on the database"),
            ("CREATE TABLE public.{} (x text)", "CREATE on schema public"),
            ("CREATE VIEW public.{} AS SELECT 1 AS x", "CREATE on schema public"),
            ("CREATE FUNCTION public.{}() RETURNS text LANGUAGE sql AS 'SELECT ''x'''", "CREATE on schema public"),
        ):
            entry.try_on(culprit)
            with connection.transaction(force_rollback=True):
                set_tenant(connection, scene.b)
                result = attempt(connection, sql.SQL(text).format(name))
            if not was_refused(scene, result):
                entry.fail(culprit, f"{text.format('x')} is not refused: {result}")


def functions(scene: Scene, report: Report) -> None:
    """Call the owner's functions that the service may execute, as B with A's ids."""
    entry = report.entry("attacks", "functions", "Functions of the schema, called with another tenant's ids")
    with scene.connect() as connection:
        functions = connection.execute(
            "SELECT p.oid::regprocedure::text, n.nspname, proname, ARRAY(SELECT format_type(t, NULL)"
            " FROM unnest(proargtypes) WITH ORDINALITY a (t, place) ORDER BY place) FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = pronamespace WHERE p.oid >= 16384 AND prokind = 'f'"
            " AND prorettype <> 'trigger'::regtype AND has_function_privilege(p.oid, 'EXECUTE')"
            " AND has_schema_privilege(n.oid, 'USAGE') AND proowner = (SELECT relowner FROM pg_class"
            "  WHERE oid = to_regclass('public.tenants')) AND NOT EXISTS (SELECT FROM pg_depend d"
            "  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')"
        ).fetchall()
        for signature, schema, name, types in functions:
            entry.try_on(signature)
            arguments = sql.SQL(", ").join(
                sql.SQL("{}::{}").format(sql.Literal(_argument(type_, scene.a)), sql.SQL(type_)) for type_ in types
            )
            call = sql.SQL("SELECT to_jsonb(f)::text FROM {}({}) AS f").format(sql.Identifier(schema, name), arguments)
            secret = {
                value
                for row in scene.rows_of_a.values()
                for value in row.values()
                if value and len(value) >= 16 and value != str(scene.a)
            }
            with connection.transaction(force_rollback=True):
                set_tenant(connection, scene.b)
                try:
                    with connection.transaction():
                        answer = " ".join(str(row[0]) for row in connection.execute(call))
                except psycopg.Error:
                    continue
                setting = connection.execute("SELECT current_setting('app.tenant_id', true)").fetchone()
                left = setting[0] if setting else None
                if left not in ("", None, str(scene.b)):
                    entry.fail(f"function {signature}", "The function leaves another tenant set when it returns.")
                if any(value in answer for value in secret):
                    entry.fail(f"function {signature}", "The function returns data of tenant A to tenant B.")


def _argument(type_: str, tenant: UUID) -> str:
    """An argument of the type, as text. UUIDs are tenant A's id."""
    element = type_.removesuffix("[]")
    text = {"uuid": str(tenant), "boolean": "false", "jsonb": "{}", "json": "{}", "date": "2026-01-01"}.get(element)
    if text is None:
        text = "2026-01-01T00:00:00Z" if element.startswith("timestamp") else "1"
    return f"{{{text}}}" if type_.endswith("[]") else text
