"""`clincore import` with files and folders as they come: nothing is left out without a line, and nothing hangs."""

import gzip
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.commands import run
from support.fhir_in import PATIENT, Json, bundle, condition
from support.paths import make_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def folder() -> Iterator[Path]:
    with make_folder() as made:
        yield made


def dry_run(*paths: Path, code: int, report: Path, **variables: str) -> Json:
    """The report of a run that sends nothing."""
    command = ("clincore", "import", *map(str, paths), "--source", "ward", "--dry-run", "--report", str(report))
    ended = run(*command, **variables)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    made: Json = json.loads(report.read_text())
    return made


def reasons(report: Json) -> dict[str, str]:
    return {Path(row["file"]).name: str(row["reason"]) for row in report["resources"] if row["outcome"] == "refused"}


def write(file: Path, value: Any) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(value))
    return file


def test_links_loops_pipes_and_odd_names_get_a_line_or_are_read(folder: Path) -> None:
    files = folder / "files"
    write(files / "patient.json", PATIENT)
    write(folder / "elsewhere" / "condition.json", condition())
    (files / "linked").symlink_to(folder / "elsewhere")
    (files / "up").symlink_to(files)
    (files / "loop.json").symlink_to(files / "loop.json")
    (files / "broken.json").symlink_to(files / "none.json")
    os.mkfifo(files / "pipe.json")
    odd = Path(os.fsdecode(os.fsencode(files) + b"/caf\xe9.json"))
    write(odd, condition(id="2"))

    report = dry_run(files, code=1, report=folder / "report.json")

    assert [case["identity"] for case in report["cases"]] == ["ward:Patient/ada"]
    assert {row["resource"] for row in report["resources"] if row["outcome"] == "kept"} == {
        *("Patient/ada", "Condition/1", "Condition/2"),
    }
    assert set(reasons(report)) == {"loop.json", "broken.json", "pipe.json"}
    assert any(row["file"].endswith("caf\\xe9.json") for row in report["resources"])


def test_nothing_of_a_file_that_is_cut_off_becomes_a_case(folder: Path) -> None:
    lines = "".join(json.dumps(one) + "\n" for one in (PATIENT, *(condition(id=str(n)) for n in range(3000))))
    write(folder / "files" / "good.json", PATIENT | {"id": "bert"})
    (folder / "files" / "cut.ndjson.gz").write_bytes(gzip.compress(lines.encode())[:-100])
    long = f"{json.dumps(PATIENT | {'id': 'x'})}\n{' ' * (64 << 20)}\n{json.dumps(condition())}\n"
    (folder / "files" / "long.ndjson.gz").write_bytes(gzip.compress(long.encode(), 1))

    report = dry_run(folder / "files", code=1, report=folder / "report.json")

    assert report["cases"] == []
    assert set(reasons(report)) >= {"cut.ndjson.gz", "long.ndjson.gz"}
    assert all("nothing of it" in reasons(report)[name] for name in ("cut.ndjson.gz", "long.ndjson.gz"))
    assert "Patient/ada" not in str(report["resources"])


def test_a_report_in_the_folder_is_not_read_as_input(folder: Path) -> None:
    write(folder / "letter.json", bundle(condition()))

    for _ in range(2):
        report = dry_run(folder, code=0, report=folder / "report.json")
        assert report["files"] == 1


def test_a_report_that_cannot_be_written_is_said_before_anything_is_tried(folder: Path) -> None:
    file = write(folder / "letter.json", bundle(condition()))
    ended = run("clincore", "import", str(file), "--dry-run", "--report", str(folder / "none" / "report.json"))

    assert ended.returncode == 2
    assert "cannot write" in ended.stderr


@pytest.mark.parametrize(("limit", "tmpdir"), [("200", "{folder}"), ("unlimited", "{folder}/none")])
def test_a_full_disk_is_one_line(folder: Path, limit: str, tmpdir: str) -> None:
    lines = [json.dumps(condition(id=str(number))) for number in range(3000)]
    (folder / "all.ndjson").write_text("\n".join(lines))
    command = f"ulimit -f {limit}; exec clincore import {folder}/all.ndjson --source ward --dry-run"
    variables = {"TMPDIR": tmpdir.format(folder=folder), "TEMP": "/none", "TMP": "/none"}
    # Python would take another folder.
    patch = folder / "sitecustomize.py"
    patch.write_text("import os, tempfile\ntempfile._candidate_tempdir_list = lambda: [os.environ['TMPDIR']]\n")
    ended = run("bash", "-c", command, PYTHONPATH=f"{folder}:{os.environ.get('PYTHONPATH', '')}", **variables)

    assert ended.returncode == 2, ended.stderr
    assert "TMPDIR" in ended.stderr
    assert "Traceback" not in ended.stderr and len(ended.stderr.splitlines()) == 1
    assert not list(folder.glob("clincore-import-*"))


def test_what_a_killed_run_has_left_is_removed_and_what_another_uses_is_not(folder: Path) -> None:
    import fcntl

    left, used, young = (folder / f"clincore-import-{name}" for name in ("left", "used", "young"))
    for one in (left, used, young):
        one.mkdir()
        (one / "index.sqlite").write_text("clinical")
    for one in (left, used):
        os.utime(one, (time.time() - 3600, time.time() - 3600))
    held = os.open(used, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        file = write(folder / "letter.json", bundle(condition()))
        dry_run(file, code=0, report=folder / "report.json", TMPDIR=str(folder))
    finally:
        os.close(held)

    assert sorted(folder.glob("clincore-import-*")) == [used, young]
