"""Which package of clincore may import which."""

import ast
from pathlib import Path

import pytest

from support.paths import ROOT

PACKAGE = ROOT / "clincore"
# What each package may import of clincore; a package that is not named here may import everything.
MAY_IMPORT = {
    "db": {"database", "resources"},
    "records": set(),
    "problems": set(),
    "keys": set(),
    "resources": set(),
    "settings": set(),
    "server": set(),
    "postgres": set(),
    "metering": {"db"},
    "security": {"db", "keys", "metering", "problems"},
    "handlers": {"db", "records", "problems", "security", "keys", "resources", "openapi"},
    "openapi": {"problems", "resources"},
    "isolation": {"db", "keys"},
}


def _imports(path: Path) -> set[str]:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return imported


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    imported = _imports(path)
    ours = {name.split(".")[1] for name in imported if name.startswith("clincore.")}
    if package in MAY_IMPORT:
        assert ours <= MAY_IMPORT[package] | {package}
    if package != "openapi":
        assert not {name for name in imported if name.startswith("connexion.") and name != "connexion.middleware"} - {
            "connexion.middleware.MiddlewarePosition"
        }, "only clincore/openapi touches Connexion's internals"
    if path.name != "session.py":
        assert "sqlalchemy.ext.asyncio.create_async_engine" not in imported, "only session.py makes the engine"


@pytest.mark.parametrize("path", sorted((ROOT / "alembic" / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_migrations_import_nothing_of_clincore(path: Path) -> None:
    assert not {name for name in _imports(path) if name.startswith("clincore")}
