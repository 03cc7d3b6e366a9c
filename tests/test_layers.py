"""The rules for imports, of the package and of the tests: imports point down, and each library has one place."""

import ast
from functools import cache
from pathlib import Path

import pytest

from support.contract import CONTRACT
from support.paths import ROOT

PACKAGE = ROOT / "clincore"
# From bottom to top: each area imports these of those listed before it. `cli` may import all of them.
MAY_IMPORT: dict[str, set[str]] = {
    "backoff": set(),
    "deadline": set(),
    "drain": set(),
    "errors": set(),
    "keys": set(),
    "pages": set(),
    "problems": set(),
    "quotas": set(),
    "replacement": set(),
    "resources": set(),
    "system": set(),
    "signals": {"system"},
    "settings": {"errors"},
    "metrics": {"errors", "system"},
    "tracing": {"errors"},
    "server": {"drain", "errors", "metrics", "problems", "replacement", "settings", "signals", "system"},
    "postgres": {"system"},
    "records": set(),
    "db": {"deadline", "errors", "metrics", "records", "resources", "tracing"},
    "database": {"errors", "postgres", "settings"},
    "gate": {"deadline", "metrics", "problems", "quotas", "tracing"},
    "metering": {"db", "deadline", "metrics"},
    "numbering": {"db"},
    "openapi": {"deadline", "gate", "problems", "resources"},
    "log_text": set(),
    "log_writer": set(),
    "logs": {"db", "log_text", "log_writer", "openapi"},
    "verifier": {"records", "system"},
    "exports": set(),
    "runtime": {
        *("backoff", "db", "exports", "gate", "logs", "metering", "metrics", "numbering", "records", "replacement"),
        *("tracing", "verifier"),
    },
    "security": {"db", "gate", "keys", "metrics", "problems", "quotas", "runtime", "tracing"},
    "idempotency": {"db", "openapi", "problems", "security"},
    "handlers": {
        "db",
        "deadline",
        "drain",
        "exports",
        "idempotency",
        "keys",
        "openapi",
        "pages",
        "problems",
        "quotas",
        "records",
        "resources",
        "runtime",
        "security",
        "verifier",
    },
    "isolation": {"db", "errors", "keys", "system"},
    "startup": {"database", "db", "errors", "logs", "records", "server", "settings"},
    "operations": {
        *("db", "idempotency", "logs", "metrics", "openapi", "pages", "problems", "replacement", "resources"),
        *("runtime", "security", "tracing"),
    },
    "app": {"errors", "metrics", "openapi", "operations", "runtime", "signals", "startup", "tracing"},
    "asgi": {"app"},
}
# The only modules that may import each library.
ONLY_IN = {
    "connexion": {"openapi/loading.py"},
    "starlette": set(),
    "uvicorn": {"server"},
    "alembic": {"db/migrations.py", "db/schema_version.py"},
    "joserfc": {"records/signature.py"},
    "rfc8785": {"records/revision.py"},
    "prometheus_client": {"metrics"},
    "opentelemetry": {"tracing"},
    "psutil": {"cli/status.py", "postgres", "startup.py"},
    "typer": {"cli"},
    "rich": {"cli"},
    "jsonschema_rs": {"openapi/validation.py"},
    "ucumvert": {"records/units.py"},
    "werkzeug": {"handlers/etags.py", "openapi/representations.py"},
    # Missing on Windows.
    "fcntl": {"system.py"},
    "pwd": {"system.py"},
    "resource": {"system.py"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def _imports(path: Path) -> set[str]:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return imported


def _area(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("area", MAY_IMPORT)
def test_an_area_imports_what_its_rule_says_and_nothing_else(area: str) -> None:
    """A permission that no module needs any more is taken back."""
    imported = {
        name.split(".")[1]
        for path in FILES
        if _area(path) == area
        for name in _imports(path)
        if name.startswith("clincore.")
    }

    assert imported - {area} == MAY_IMPORT[area]


CONTROLLERS = {operation.definition["x-openapi-router-controller"] for operation in CONTRACT.operations}


@pytest.mark.parametrize("controller", sorted(CONTROLLERS))
def test_handler_modules_do_not_import_each_other(controller: str) -> None:
    imported = _imports(PACKAGE.parent / f"{controller.replace('.', '/')}.py")

    assert not imported & CONTROLLERS


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_where_its_rule_says_and_nowhere_else(library: str) -> None:
    users = [path for path in FILES if library in {name.partition(".")[0] for name in _imports(path)}]
    places = {PACKAGE / place for place in ONLY_IN[library]}

    assert [path for path in users if not places & {path, *path.parents}] == []
    assert {place for place in places if not any(place in (path, *path.parents) for path in users)} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_session_module_imports_the_driver(path: Path) -> None:
    file = path.relative_to(PACKAGE).as_posix()
    if not file.startswith("db/driver/") and file != "db/session.py":
        assert not {name for name in _imports(path) if name.startswith("clincore.db.driver")}


def test_every_area_has_a_rule() -> None:
    areas = {_area(path) for path in FILES} - {"__init__", "__main__", "cli"}

    assert areas == set(MAY_IMPORT)


def test_the_rules_have_no_cycle() -> None:
    seen: set[str] = set()
    for area, allowed in MAY_IMPORT.items():
        assert allowed <= seen | {area}, area
        seen.add(area)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_450_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 450


@pytest.mark.parametrize("path", sorted((ROOT / "alembic" / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_migrations_import_nothing_of_clincore(path: Path) -> None:
    assert not {name for name in _imports(path) if name.startswith("clincore")}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_variable_of_a_package_has_the_name_of_its_module(path: Path) -> None:
    """The first import of the module would replace the variable."""
    modules = {each.stem for each in path.parent.glob("*.py")} | {each.name for each in path.parent.glob("*/")}
    variables = {
        target.id
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }

    assert not variables & modules


TESTS = ROOT / "tests"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("conftest.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_conftest_files_define_only_fixtures_and_hooks(path: Path) -> None:
    """Helpers are in tests/support, where every test can import them."""
    defined = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    helpers = [
        node.name
        for node in defined
        if not node.name.startswith("pytest_")
        and not any("fixture" in ast.unparse(each) for each in node.decorator_list)
    ]

    assert helpers == []


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_tests_import_no_test_module_and_no_conftest(path: Path) -> None:
    """An imported test would run twice, and a change to one test module would affect another."""
    parts = {part for name in _imports(path) for part in name.split(".")}

    assert not {part for part in parts if part.startswith("test_") or part in ("conftest", "tests")}


def test_modules_of_tests_are_in_the_right_place() -> None:
    """A module outside tests/support is a conftest.py or a test module."""
    misplaced = [
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("*.py")
        if TESTS / "support" not in path.parents and path.name != "conftest.py" and not path.name.startswith("test_")
    ]

    assert misplaced == []
