"""Fixtures: services that a browser page of another origin may call, with and without a path prefix."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.database import Database
from support.nginx import PREFIX
from support.service import BROWSER_ORIGIN, Service, serve


@pytest.fixture(scope="session")
def prefixed(database: Database, folder: Path) -> Iterator[Service]:
    """`clincore serve` under the prefix."""
    program = ("clincore", "serve", "--root-path", PREFIX)
    with serve(database, folder, program=program, CLINCORE_CORS_ORIGINS=BROWSER_ORIGIN) as running:
        yield running


@pytest.fixture(scope="session")
def unprefixed(database: Database, folder: Path) -> Iterator[Service]:
    with serve(database, folder, CLINCORE_CORS_ORIGINS=f"https://other.example.org, {BROWSER_ORIGIN}") as running:
        yield running
