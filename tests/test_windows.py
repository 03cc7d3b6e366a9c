"""Without what Windows lacks everything works but the embedded PostgreSQL and the metrics, which say so."""

import sys
from pathlib import Path

import pytest

from support.commands import run
from support.database import Database
from support.lifecycle import Case
from support.paths import ROOT
from support.service import checked_client, serve
from support.tenants import bootstrap

PROGRAM = (sys.executable, str(ROOT / "tests" / "support" / "windows.py"))


def test_every_module_can_be_imported_and_a_case_signed(database: Database, folder: Path) -> None:
    with serve(database, folder, program=(*PROGRAM, "serve")) as service, checked_client(service.url) as client:
        case = Case(client, bootstrap(client)).reach("amended")

        assert case.replay()["valid"]


def test_an_operators_command_that_uses_the_services_sessions_works(database: Database) -> None:
    done = run(*PROGRAM, "usage", "rollup", DATABASE_URL=database.url)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "the embedded PostgreSQL does not run on Windows", id="embedded-postgresql"),
        pytest.param(("--metrics-port", "9464"), "--metrics-port does not work on Windows", id="metrics"),
    ],
)
def test_what_does_not_work_says_so(tmp_path: Path, database: Database, words: tuple[str, ...], said: str) -> None:
    variables = {"DATABASE_URL": database.url} if words else {"CLINCORE_DATA_DIR": str(tmp_path)}

    done = run(*PROGRAM, "serve", *words, **variables)

    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
