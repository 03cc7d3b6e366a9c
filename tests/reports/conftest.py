"""Fixtures for the files of this folder: a service with CORS, callers, cases and everything else they can name."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from support.cases import make_case
from support.database import Database
from support.paths import make_folder
from support.report_run import WAIT_SECONDS, Services
from support.reports import World, credentials
from support.service import BOOTSTRAP_TOKEN, Service, free_port, serve
from support.tenants import bootstrap

ORIGIN = "https://console.example"


@pytest.fixture(scope="module")
def open_service(database: Database, folder: Path) -> Iterator[Service]:
    """The service that all files share. Web pages of ORIGIN may use it."""
    with make_folder() as own, serve(database, own, CLINCORE_CORS_ORIGINS=ORIGIN) as service:
        yield service


@pytest.fixture(scope="module")
def open_client(open_service: Service) -> Iterator[httpx.Client]:
    # Steps set Accept-Encoding themselves, because ETags depend on it.
    headers = {"Accept-Encoding": "identity"}
    with httpx.Client(base_url=open_service.url, headers=headers, timeout=WAIT_SECONDS) as client:
        yield client


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    """Commands that keep running until all files are done."""
    with make_folder() as folder, closing(Services(folder)) as services:
        yield services


@pytest.fixture(scope="module")
def open_world(
    open_service: Service,
    open_client: httpx.Client,
    database: Database,
    new_database: Callable[[], Database],
) -> Callable[[], AbstractContextManager[World]]:
    """Creates the names that one file can use, with separate tenants."""

    def user_key(world: World) -> Any:
        new = {"label": "user", "role": "user"}
        answer = open_client.post("/admin/api-keys", json=new, headers=credentials(world, "admin"))
        return answer.json()["api_key"]

    def key_id(world: World) -> Any:
        return open_client.get("/auth/whoami", headers=credentials(world, "admin")).json()["key_id"]

    def case(*, is_signed: bool) -> Callable[[World], str]:
        return lambda world: make_case(open_client, credentials(world, "admin"), is_signed=is_signed)

    makers: dict[str, Callable[[World], Any]] = {
        "admin": lambda world: bootstrap(open_client),
        "admin_key": lambda world: world["admin"].api_key,
        "key_id": key_id,
        "tenant": lambda world: world["admin"].id,
        "user_key": user_key,
        "stranger": lambda world: bootstrap(open_client),
        "stranger_key": lambda world: world["stranger"].api_key,
        "token": lambda world: BOOTSTRAP_TOKEN,
        "case": case(is_signed=False),
        "signed_case": case(is_signed=True),
        "missing": lambda world: str(uuid4()),
        "unique": lambda world: uuid4().hex,
        "origin": lambda world: ORIGIN,
        "host": lambda world: open_service.url.removeprefix("http://"),
        "service_port": lambda world: open_service.url.rpartition(":")[2],
        "port": lambda world: str(free_port()),
        "database": lambda world: database.url,
        "database_address": lambda world: database.url.partition("://")[2],
        "empty_database": lambda world: new_database().url,
    }

    @contextmanager
    def world() -> Iterator[World]:
        with make_folder() as folder:
            yield World(makers | {"folder": lambda world: str(folder)})

    return world
