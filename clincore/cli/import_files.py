"""`clincore import`: create cases from files with FHIR R4, through the API."""

import os
import re
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from clincore.cli.api import KEY_VARIABLE, UrlOption, find_key, find_url
from clincore.cli.output import AsJson, CommandError, print_json, require_writable

if TYPE_CHECKING:
    from clincore.cli.importing.files import Input
    from clincore.cli.importing.index import Index
    from clincore.cli.importing.report import Progress

_SOURCE = re.compile(r"[A-Za-z0-9._-]{1,40}")
_JOBS = min(4, os.cpu_count() or 1)


def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Files, and folders with .json, .ndjson, .json.gz and .ndjson.gz."),
    ],
    url: UrlOption = None,
    key_env: Annotated[
        str,
        typer.Option(metavar="NAME", help="The environment variable with the API key. Default: also the stored key."),
    ] = KEY_VARIABLE,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The system that the files come from; it begins the external_id of each case. Required unless all are"
            " documents with an identifier.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and convert, but send nothing.")] = False,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, max=64, help="How many processes convert and send.")] = _JOBS,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what became of each resource, as JSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create cases from files with FHIR R4: documents, other Bundles, and NDJSON of Bulk Data.

    A document becomes a case. Other resources become a case for each Encounter, and one for the rest of a patient. What
    exists is not created again: run the same command again after an interruption.

    Exit code 0: everything is in a case. 1: something was refused. 2: nothing was tried.

    \b
    Examples:
      clincore import export/ --source ward --dry-run
      clincore import export/ --source ward --report report.json
    """
    address = find_url(url, key_env)
    api_key = "" if dry_run else find_key(address, key_env)
    if source is not None and not _SOURCE.fullmatch(source):
        raise CommandError("--source has 1 to 40 letters, digits and . _ - characters.", exit_code=2)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # `nohup` ignores SIGHUP.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        code = _Import(None if dry_run else address, api_key, source, jobs, report, as_json).run(paths)
    except _Interrupted as error:
        print("clincore: stopped. Run the same command again for the rest.", file=sys.stderr)
        sys.stdout.flush()
        # Processes that wait for an answer end with this one.
        os._exit(128 + error.number)
    raise typer.Exit(code)


class _Interrupted(BaseException):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _stop(number: int, _: object) -> NoReturn:
    raise _Interrupted(number)


class _Import:
    """One run of the command."""

    def __init__(
        self, url: str | None, api_key: str, source: str | None, jobs: int, report: Path | None, as_json: bool
    ) -> None:
        self._url = url
        self._api_key = api_key
        self._source = source
        self._jobs = jobs
        self._report = report
        self._as_json = as_json
        self._cases = Counter[str]()
        self._others = 0

    def run(self, paths: list[Path]) -> int:
        """Import the files. Returns the exit code."""
        from clincore.cli.importing.files import find
        from clincore.cli.importing.folder import IndexFolderError, temporary_folder
        from clincore.cli.importing.index import Index
        from clincore.cli.importing.sending import Sender, Stopped

        if self._report is not None:
            require_writable(self._report)
        inputs, self._others = find(paths, except_for=self._report)
        if not inputs:
            raise CommandError("there is no .json or .ndjson file in the folder.", exit_code=2)
        if self._url is not None:
            try:
                Sender(self._url, self._api_key).check()
            except Stopped as error:
                raise CommandError(str(error), exit_code=2) from None
        with ExitStack() as opened:
            try:
                file = opened.enter_context(temporary_folder()) / "index.sqlite"
                index = Index(file)
                opened.callback(index.close)
                index.create()
                return self._run(inputs, index, file)
            except (IndexFolderError, sqlite3.OperationalError) as error:
                raise CommandError(
                    f"the temporary index of the files cannot be written: {error}. Set TMPDIR to a folder with room for"
                    " all of them, and run this again.",
                    exit_code=1 if self._cases else 2,
                ) from None

    def _run(self, inputs: "list[Input]", index: "Index", file: Path) -> int:
        from clincore.cli.importing.report import Progress, print_problems, print_totals
        from clincore.cli.importing.sending import Stopped

        stopped: Stopped | None = None
        with Progress() as progress:
            try:
                self._read(inputs, index, progress)
                self._send(index, file, progress)
            except Stopped as error:
                stopped = error
            except _Interrupted:
                self._finish(index, "not sent: the import was stopped", progress.files)
                raise
        self._finish(index, None if stopped is None else "not sent: the import ended early", progress.files)
        print_problems(index)
        counts = index.counts()
        if self._as_json:
            print_json(self._head(progress.files, counts) | {"cases": dict(self._cases)})
        else:
            print_totals(progress.files, self._others, self._cases, counts, is_dry_run=self._url is None)
        if stopped is not None:
            raise CommandError(str(stopped))
        return 1 if counts.get("refused") else 0

    def _read(self, inputs: "list[Input]", index: "Index", progress: "Progress") -> None:
        from clincore.cli.importing.reading import FileReader

        reader = FileReader(index)
        for number, one in enumerate(inputs):
            progress.problems += reader.read(one)
            progress.files += 1
            progress.show(number + 1, len(inputs))
        if self._source is None and index.needs_source():
            raise CommandError(
                "give --source NAME: the files have more than documents with an identifier, and ids are unique only in"
                " their system.",
                exit_code=2,
            )

    def _send(self, index: "Index", file: Path, progress: "Progress") -> None:
        from clincore.cli.importing.work import Task, Work, results

        tasks = [Task("document", str(n)) for n in index.documents()]
        tasks += [Task("patient", about) for about in index.patients()]
        work = Work(file, self._source or "", self._url, self._api_key)
        for number, done in enumerate(results(work, tasks, self._jobs)):
            index.add_rows(done.lines)
            for case in done.cases:
                self._cases[case.outcome] += 1
                index.add_case(case.identity, case.outcome)
            progress.cases += sum(case.outcome != "refused" for case in done.cases)
            progress.problems += sum(line.outcome == "refused" for line in done.lines)
            progress.show(number + 1, len(tasks))

    def _finish(self, index: "Index", unsent: str | None, files: int) -> None:
        """Give each resource a line, and write the report."""
        from clincore.cli.importing.report import write_report
        from clincore.records.fhir.reading.report import unused

        index.add_rows_of_rest(lambda kind: unsent or unused(kind))
        index.add_rows_of_repetitions()
        if self._report is not None:
            write_report(self._report, self._head(files, index.counts()), index)

    def _head(self, files: int, counts: dict[str, int]) -> dict[str, Any]:
        return {
            "source": self._source,
            "dry_run": self._url is None,
            "files": files,
            "counts": {"kept": 0, "noted": 0, "existing": 0, "refused": 0} | counts,
        }
