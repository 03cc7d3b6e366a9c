"""Where the contract and the migrations lie: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = (_PACKAGE / "openapi.yaml").exists()

CONTRACT = (_PACKAGE if _IN_WHEEL else _PACKAGE.parent) / "openapi.yaml"
MIGRATIONS = _PACKAGE / "migrations" if _IN_WHEEL else _PACKAGE.parent / "alembic"
