"""Paths of the contract and the migrations: next to the package in a checkout, inside it in an installed wheel."""

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = (_PACKAGE / "openapi.yaml").exists()

CONTRACT = (_PACKAGE if _IN_WHEEL else _PACKAGE.parent) / "openapi.yaml"
MIGRATIONS = _PACKAGE / "migrations" if _IN_WHEEL else _PACKAGE.parent / "alembic"


def read_contract() -> dict[str, Any]:
    """The contract. Each call returns a new document, which the caller may change."""
    document: dict[str, Any] = pickle.loads(_contract())
    return document


@cache
def _contract() -> bytes:
    # Several modules of a worker read the contract, and parsing takes twenty times as long as unpickling. The parser is
    # libyaml's; PyYAML's own takes five times as long.
    return pickle.dumps(yaml.load(CONTRACT.read_bytes(), Loader=yaml.CSafeLoader))
