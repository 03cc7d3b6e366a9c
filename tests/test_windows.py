"""Without the modules that Windows lacks, only the embedded PostgreSQL and the metrics refuse to start."""

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


def test_every_module_can_be_imported_and_a_case_can_be_signed(database: Database, folder: Path) -> None:
    with serve(database, folder, program=(*PROGRAM, "serve")) as service, checked_client(service.url) as client:
        case = Case(client, bootstrap(client)).reach("amended")

        assert case.replay()["valid"]


def test_an_operator_command_that_uses_tenant_sessions_works(database: Database) -> None:
    done = run(*PROGRAM, "usage", "rollup", DATABASE_URL=database.url)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param((), "the embedded PostgreSQL does not run on Windows", id="embedded-postgresql"),
        pytest.param(("--metrics-port", "9464"), "--metrics-port does not work on Windows", id="metrics"),
    ],
)
def test_unsupported_features_refuse_to_start(
    tmp_path: Path, database: Database, options: tuple[str, ...], message: str
) -> None:
    variables = {"DATABASE_URL": database.url} if options else {"CLINCORE_DATA_DIR": str(tmp_path)}

    done = run(*PROGRAM, "serve", *options, **variables)

    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr
