"""Paths of the contract and the migrations: next to the package in a checkout, inside it in an installed wheel."""

from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = (_PACKAGE / "openapi.yaml").exists()

CONTRACT = (_PACKAGE if _IN_WHEEL else _PACKAGE.parent) / "openapi.yaml"
MIGRATIONS = _PACKAGE / "migrations" if _IN_WHEEL else _PACKAGE.parent / "alembic"


def read_contract() -> dict[str, Any]:
    """The contract. Each call returns a new document, which the caller may change."""
    # libyaml's parser; PyYAML's own takes five times as long, and every worker reads the contract.
    document: dict[str, Any] = yaml.load(CONTRACT.read_bytes(), Loader=yaml.CSafeLoader)
    return document
