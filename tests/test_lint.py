"""A lint for code that could weaken the isolation of tenants by policies. Each rule says why."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.paths import ROOT

PACKAGE = ROOT / "clincore"


@dataclass(frozen=True)
class Violation:
    """A line that breaks a rule."""

    rule: str
    line: int
    function: str
    """The enclosing function; `<module>`: none."""
    why: str


SQL = re.compile(
    r"\s*(SELECT|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO|WITH\s+\w+\s+AS|"
    r"SET\s+(LOCAL|ROLE|SESSION)|SET\s+[\w.]+\s*(=|TO)|CREATE|ALTER|DROP|GRANT|REVOKE|TRUNCATE|DECLARE|FETCH|PREPARE|"
    r"EXECUTE|LOCK\s+TABLE)\b|\s*BEGIN\s*;|\s*COPY\s+(\(|\S+\s+(\(|FROM\b|TO\b))",
    re.IGNORECASE,
)
# SET as a separate statement, not that of an UPDATE. After a semicolon only in upper case: prose has "set X to".
SESSION_SET = re.compile(
    r"(^\s*(?i:SET)|;\s*SET)\s+(?!(?i:LOCAL)\b)(?i:SESSION\b|ROLE\b|TIME\s+ZONE\b|[\w.]+\s*(=|\bTO\b))"
)
OUTLIVES = re.compile(
    r"\bWITH\s+HOLD\b|(^|;)\s*LISTEN\b|\bpg_(try_)?advisory_lock\b|\bCREATE\s+(LOCAL\s+)?TEMP", re.IGNORECASE
)
# Names that create connections, and names that hold the service's own.
ENGINES = {"create_engine", "create_async_engine", "create_pool", "Pool", "ConnectionPool", "AsyncConnectionPool"}
PRIVATE = {"_pool", "_connection"}
CONNECTORS = {"psycopg", "Connection", "AsyncConnection"}

WHY = {
    "set_config": "set_config can set a tenant for the whole session, Citus does not forward it to its workers, and it"
    " must be possible to revoke it from PUBLIC; use SET LOCAL through tenant_session",
    "session SET": "a session-level SET stays on the pooled connection for the next tenant; use SET LOCAL through"
    " tenant_session",
    "f-string SQL": "text that is built into SQL will become an injection; bind it as a parameter, or compose names"
    " with psycopg.sql",
    "engine": "only db/driver and operator_session connect: any other connection would see no tenant's rows, or, as"
    " the owner, every tenant's; use tenant_session or operator_session",
    "outlives": "cursors WITH HOLD, LISTEN, session-level locks and temporary tables outlive the transaction and its"
    " tenant, on a connection that is used by another tenant next",
}

# The exempt rule, file and function ("": the whole file), and why.
EXEMPT = {
    ("set_config", "postgres/cluster.py", ""): "revokes it from PUBLIC",
    ("set_config", "db/catalogue/privileges.py", ""): "checks that it is revoked, and shows how to revoke it",
    ("set_config", "db/catalogue/citus.py", ""): "checks that it is revoked on every node",
    (
        "set_config",
        "db/operator_queries/distribution.py",
        "<module>",
    ): "shows a superuser how to revoke it",
    ("set_config", "isolation/sequences.py", ""): "attacks with it",
    ("session SET", "db/driver/connection.py", "<module>"): "ON_CONNECT: the role that sees no row, the timeouts",
    ("session SET", "db/operator_queries/distribution.py", "<module>"): "printed for a superuser, never executed here",
    ("session SET", "isolation/sequences.py", "generic_plans"): "forces generic plans on its own connection",
    ("session SET", "isolation/stacking.py", "__init__"): "attacks with it",
    ("session SET", "isolation/prover.py", "connect_owner"): "timeouts on its own connection",
    ("session SET", "db/operator_queries/compact.py", "compact"): "VACUUM cannot run in a transaction",
    ("f-string SQL", "postgres/cluster.py", ""): "contains the name of a function of PostgreSQL, a constant nearby",
    ("f-string SQL", "db/driver/connection.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/catalogue/citus.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/session.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/session.py", "_set_tenant"): "contains a UUID, which has no character to break out with",
    ("f-string SQL", "db/session.py", "_lock_limit"): "contains an integer that the service computes",
    ("f-string SQL", "db/operator_session.py", "operator_session"): "contains a number of seconds, a constant nearby",
    ("f-string SQL", "db/placement.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/placement.py", "_silent"): "contains constants and a UUID",
    ("f-string SQL", "db/driver/nodes.py", "_probe"): "contains constants and a UUID",
    ("f-string SQL", "db/queries/admission.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/queries/rate_limits.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/operator_queries/usage.py", "<module>"): "built once, at import, from constants nearby",
    ("f-string SQL", "db/queries/usage.py", ""): "built once, at import, from constants nearby",
    ("engine", "db/session.py", ""): "tenant_session, with the only pool",
    ("engine", "db/operator_session.py", ""): "the only place for operators",
    ("engine", "db/placement.py", "silent_nodes"): "asks each node for a tenant that does not exist",
    ("engine", "db/driver/nodes.py", ""): "asks each node for a tenant, with the tenant's own setting",
    ("engine", "db/driver/connection.py", ""): "the only place for the service",
    ("engine", "db/migrations.py", "_connect"): "reads the catalogue before anything is served",
    ("engine", "db/migrations.py", "_inspected"): "reads the schema before anything is served",
    ("engine", "db/operator_queries/signing_keys.py", "find"): "reads one public key before anything is served",
    ("engine", "postgres/place.py", "connect"): "the supervisor's login to the embedded server, as its superuser",
    ("engine", "isolation/prover.py", ""): "attacks with the service's login, outside any pool",
    ("outlives", "isolation/sequences.py", ""): "attacks with them",
}


def text_of(node: ast.AST) -> str | None:
    """The literal text of a string, bytes or f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{}" for part in node.values)
    return None


def violations(tree: ast.Module) -> Iterator[Violation]:
    """Every violation of a rule in a module."""
    statements = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and SQL.match(text_of(node.value) or "")
    }

    def is_sql(node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in statements
        return SQL.match(text_of(node) or "") is not None

    def visit(node: ast.AST, function: str) -> Iterator[Violation]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        body = getattr(node, "body", None)
        documented = isinstance(body, list) and body and isinstance(body[0], ast.Expr) and text_of(body[0].value)
        skipped = body[0] if documented and isinstance(body, list) else None

        def found(rule: str) -> Violation:
            return Violation(rule, getattr(node, "lineno", 0), function, WHY[rule])

        text = text_of(node)
        if text is not None:
            if "set_config" in text:
                yield found("set_config")
            if SESSION_SET.search(text):
                yield found("session SET")
            if OUTLIVES.search(text):
                yield found("outlives")
        if isinstance(node, ast.JoinedStr) and is_sql(node):
            if any(isinstance(part, ast.FormattedValue) for part in node.values):
                yield found("f-string SQL")
            # Its parts have been checked with it.
            return
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("format", "format_map", "replace") and is_sql(node.func.value):
                yield found("f-string SQL")
            if node.func.attr == "connect" and isinstance(node.func.value, ast.Name | ast.Attribute):
                name = node.func.value.id if isinstance(node.func.value, ast.Name) else node.func.value.attr
                if name in CONNECTORS or "engine" in name:
                    yield found("engine")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if is_sql(one) and not isinstance(other, ast.Constant):
                    yield found("f-string SQL")
        if isinstance(node, ast.ImportFrom) and ENGINES & {alias.name for alias in node.names}:
            yield found("engine")
        if isinstance(node, ast.ImportFrom) and PRIVATE & {alias.name for alias in node.names}:
            yield found("engine")
        if isinstance(node, ast.ImportFrom) and node.module == "psycopg" and "connect" in {a.name for a in node.names}:
            yield found("engine")
        if isinstance(node, ast.Attribute) and node.attr in ENGINES | PRIVATE:
            yield found("engine")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Session", "Call"):
            yield found("engine")
        for child in ast.iter_child_nodes(node):
            if child is not skipped:
                yield from visit(child, function)

    yield from visit(tree, "<module>")


def exemption(violation: Violation, file: str) -> tuple[str, str, str] | None:
    for function in (violation.function, ""):
        if (violation.rule, file, function) in EXEMPT:
            return violation.rule, file, function
    return None


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_bypasses_tenant_session(path: Path) -> None:
    file = path.relative_to(PACKAGE).as_posix()
    found = [violation for violation in violations(ast.parse(path.read_text())) if exemption(violation, file) is None]

    assert not found, "\n".join(f"{file}:{one.line}: {one.rule}: {one.why}" for one in found)


def test_every_exemption_is_needed() -> None:
    used = {
        exemption(violation, path.relative_to(PACKAGE).as_posix())
        for path in FILES
        for violation in violations(ast.parse(path.read_text()))
    }

    assert set(EXEMPT) - used == set()


BROKEN: dict[str, tuple[str, str]] = {
    "set_config": ("set_config", "execute(\"SELECT set_config('app.tenant_id', %s, true)\", [tenant])"),
    "set_config-by-core": ("set_config", "session.execute(text('SELECT set_config(:a, :b, false)'))"),
    "set": ("session SET", "connection.execute(\"SET app.tenant_id = '1'\")"),
    "set-to": ("session SET", "connection.execute('set app.tenant_id to x')"),
    "set-session": ("session SET", "connection.execute('SET SESSION app.tenant_id = x')"),
    "set-role": ("session SET", "connection.execute('SET ROLE clincore_owner')"),
    "set-in-a-batch": ("session SET", "connection.execute('BEGIN; SET app.tenant_id = x; COMMIT')"),
    "set-in-an-f-string": ("session SET", "connection.execute(f\"SET app.tenant_id = '{tenant}'\")"),
    "bytes": ("f-string SQL", "connection.run([Call(b\"SET LOCAL app.tenant_id = '%s'\" % tenant.encode())])"),
    "f-string": ("f-string SQL", "session.execute(text(f'SELECT * FROM cases WHERE id = {case_id}'))"),
    "f-string-over-lines": ("f-string SQL", "query = ('SELECT * FROM cases'\n         f' WHERE id = {case_id}')"),
    "set-local-by-hand": ("f-string SQL", "session.execute(text(f\"SET LOCAL app.tenant_id = '{tenant}'\"))"),
    "format": ("f-string SQL", "session.execute('SELECT * FROM {}'.format(table))"),
    "format-of-a-constant": ("f-string SQL", "Q = 'DELETE FROM {}'\ndef f(t):\n    execute(Q.format(t))"),
    "percent": ("f-string SQL", "session.execute('SELECT * FROM cases WHERE id = %s' % case_id)"),
    "plus": ("f-string SQL", "session.execute('SELECT * FROM cases WHERE id = ' + case_id)"),
    "engine": ("engine", "from sqlalchemy.ext.asyncio import create_async_engine"),
    "sync-engine": ("engine", "import sqlalchemy as sa\nengine = sa.create_engine(url)"),
    "private-pool": ("engine", "from clincore.db.session import _pool"),
    "private-attribute": ("engine", "from clincore.db import session\nsession._pool.acquire()"),
    "pool": ("engine", "from clincore.db.driver.pool import Pool"),
    "session-by-hand": ("engine", "async def f():\n  async with Session(None, snapshot=False) as session:\n    pass"),
    "call-by-hand": ("engine", "async def f(c):\n    await c.run([Call(b'SELECT 1')])"),
    "psycopg-by-name": ("engine", "from psycopg import connect\nconnect(url)"),
    "engines-connection": ("engine", "async def f(engine):\n    await engine.connect()"),
    "psycopg": ("engine", "import psycopg\npsycopg.connect(url)"),
    "psycopg-async": ("engine", "import psycopg\nawait_(psycopg.AsyncConnection.connect(url))"),
    "hold": ("outlives", "connection.execute('DECLARE c CURSOR WITH HOLD FOR SELECT 1')"),
    "listen": ("outlives", "connection.execute('LISTEN cases')"),
    "session-lock": ("outlives", "connection.execute('SELECT pg_advisory_lock(1)')"),
    "temporary-table": ("outlives", "connection.execute('CREATE TEMP TABLE x (y text)')"),
}
SOUND = [
    "session.execute(select(Case).where(Case.id == case_id))",
    "session.execute(text('SELECT * FROM cases WHERE id = :id'), {'id': case_id})",
    "connection.execute('UPDATE cases SET title = %s', [title])",
    "connection.execute('SELECT pg_advisory_xact_lock(1)')",
    "connection.execute(sql.SQL('SELECT * FROM {}').format(sql.Identifier(table)))",
    "raise ServerError(f'The table is open. Run: ALTER TABLE {table} FORCE ROW LEVEL SECURITY')",
    'def f():\n    """SET app.tenant_id = x, with set_config or an f-string."""',
    "connection.execute('SET LOCAL lock_timeout = 1')",
]


@pytest.mark.parametrize("name", BROKEN)
def test_the_lint_finds_every_violation(name: str) -> None:
    rule, code = BROKEN[name]

    assert rule in {violation.rule for violation in violations(ast.parse(code))}


@pytest.mark.parametrize("code", SOUND)
def test_the_lint_accepts_sound_code(code: str) -> None:
    assert list(violations(ast.parse(code))) == []
