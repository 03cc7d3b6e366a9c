"""Which package may import which: imports point down, and only one place touches each driver or framework."""

import ast
from pathlib import Path

import pytest

from support.contract import CONTRACT
from support.paths import ROOT

PACKAGE = ROOT / "clincore"
# From the bottom to the top: each may import some of those above it. `cli` may import everything.
MAY_IMPORT: dict[str, set[str]] = {
    "backoff": set(),
    "deadline": set(),
    "errors": set(),
    "keys": set(),
    "problems": set(),
    "resources": set(),
    "system": set(),
    "signals": {"system"},
    "settings": {"errors"},
    "metrics": {"errors", "system"},
    "server": {"metrics", "problems", "settings", "signals", "system"},
    "postgres": {"system"},
    "records": set(),
    "db": {"deadline", "errors", "metrics", "records", "resources"},
    "database": {"errors", "postgres", "settings"},
    "metering": {"db", "deadline", "metrics"},
    "openapi": {"deadline", "problems", "resources"},
    "logs": {"db", "openapi"},
    "verifier": {"records"},
    "exports": set(),
    "runtime": {"backoff", "db", "exports", "logs", "metering", "metrics", "records", "verifier"},
    "security": {"db", "keys", "metrics", "problems", "runtime"},
    "handlers": {
        "db",
        "deadline",
        "exports",
        "keys",
        "openapi",
        "problems",
        "records",
        "resources",
        "runtime",
        "security",
        "verifier",
    },
    "isolation": {"db", "keys", "resources", "system"},
    "startup": {"database", "db", "errors", "logs", "records", "settings"},
    "operations": {"db", "logs", "metrics", "openapi", "problems", "resources"},
    "app": {"errors", "metrics", "openapi", "operations", "runtime", "signals", "startup"},
    "asgi": {"app"},
}
# Which modules import which library.
ONLY_IN = {
    "connexion": {"openapi/loading.py"},
    "starlette": set(),
    "uvicorn": {"server"},
    "alembic": {"db/migrations.py", "db/schema_version.py"},
    "joserfc": {"records/signature.py"},
    "rfc8785": {"records/revision.py"},
    "prometheus_client": {"metrics"},
    "psutil": {"postgres", "startup.py"},
    "typer": {"cli"},
    "rich": {"cli"},
    "jsonschema_rs": {"openapi/validation.py"},
    "werkzeug": {"handlers/etags.py", "openapi/representations.py"},
    # Windows does not have them.
    "fcntl": {"system.py"},
    "pwd": {"system.py"},
    "resource": {"system.py"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def _imports(path: Path) -> set[str]:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return imported


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    room = _room(path)
    ours = {name.split(".")[1] for name in _imports(path) if name.startswith("clincore.")}
    if room in MAY_IMPORT:
        assert ours <= MAY_IMPORT[room] | {room}


CONTROLLERS = {operation.definition["x-openapi-router-controller"] for operation in CONTRACT.operations}


@pytest.mark.parametrize("controller", sorted(CONTROLLERS))
def test_modules_of_handlers_do_not_import_each_other(controller: str) -> None:
    imported = _imports(PACKAGE.parent / f"{controller.replace('.', '/')}.py")

    assert not imported & CONTROLLERS


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_are_used_where_they_belong(path: Path) -> None:
    file = path.relative_to(PACKAGE).as_posix()
    used = {name.partition(".")[0] for name in _imports(path)}
    for library, places in ONLY_IN.items():
        if library in used:
            assert any(file == place or file.startswith(f"{place}/") for place in places), f"{library} in {file}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_sessions_use_the_driver(path: Path) -> None:
    file = path.relative_to(PACKAGE).as_posix()
    if not file.startswith("db/driver/") and file != "db/session.py":
        assert not {name for name in _imports(path) if name.startswith("clincore.db.driver")}


def test_every_room_has_a_rule() -> None:
    rooms = {_room(path) for path in FILES} - {"__init__", "__main__", "cli"}

    assert rooms == set(MAY_IMPORT)


def test_the_rules_have_no_circle() -> None:
    seen: set[str] = set()
    for room, allowed in MAY_IMPORT.items():
        assert allowed <= seen | {room}, room
        seen.add(room)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_has_more_than_one_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 450


@pytest.mark.parametrize("path", sorted((ROOT / "alembic" / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_migrations_import_nothing_of_clincore(path: Path) -> None:
    assert not {name for name in _imports(path) if name.startswith("clincore")}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_variable_of_a_package_has_the_name_of_a_module_in_it(path: Path) -> None:
    """The first import of the module would put it in the variable's place."""
    modules = {each.stem for each in path.parent.glob("*.py")} | {each.name for each in path.parent.glob("*/")}
    variables = {
        target.id
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }

    assert not variables & modules
