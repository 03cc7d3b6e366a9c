"""The second part of an import: tasks, each of which converts and sends a patient or a document, in processes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from pathlib import Path
from typing import Literal, NamedTuple

from clincore.cli.importing.cases import Prepared, document_line, of_document, of_patient
from clincore.cli.importing.index import Index, Line
from clincore.cli.importing.sending import Sender, Stopped
from clincore.openapi import component
from clincore.records.fhir.reading.report import Row

_WAITING_PER_PROCESS = 4
_TASKS_PER_PROCESS = 10
"""Fewer do not pay for the start of another process."""


class Task(NamedTuple):
    """A unit of work."""

    kind: Literal["patient", "document"]
    key: str
    """The identity of the patient, or the number of the document."""


class Case(NamedTuple):
    """What became of a case."""

    identity: str
    outcome: str
    """`created`, `existing` or `refused`."""


class Done(NamedTuple):
    """The result of a task."""

    lines: list[Line]
    cases: list[Case]


class Work(NamedTuple):
    """What each process needs to know."""

    database: Path
    source: str
    url: str | None
    """None: nothing is sent."""
    api_key: str


class Worker:
    """Does tasks."""

    def __init__(self, work: Work) -> None:
        self._index = Index(work.database)
        self._source = work.source
        self._sender = None if work.url is None else Sender(work.url, work.api_key)
        self._errors_of = component("CaseInput").errors
        self._document_errors_of = component("FhirBundle").errors

    def do(self, task: Task) -> Done:
        """Convert and send.

        Raises:
            Stopped: all other cases would be refused too.
        """
        if task.kind == "patient":
            prepared = of_patient(self._index, task.key, self._source, self._errors_of)
        else:
            document = self._index.document(int(task.key))
            prepared = [of_document(document, self._source, self._errors_of, self._document_errors_of)]
        done = Done([], [])
        for one in prepared:
            self._finish(task, one, done)
        return done

    def _finish(self, task: Task, prepared: Prepared, done: Done) -> None:
        lines = prepared.lines
        if prepared.body is None:
            done.lines.extend(lines)
            if prepared.identity:
                done.cases.append(Case(prepared.identity, "refused"))
            return
        outcome = "created"
        if self._sender is not None:
            sent = self._sender.send(prepared)
            outcome = sent.outcome
            if sent.outcome == "created" and prepared.path == "/fhir/Bundle":
                # The service's own words count.
                document = self._index.document(int(task.key))
                lines = [
                    document_line(document, Row(row["resource"], row["path"], row["outcome"], row["reason"]))
                    for row in sent.answer["report"]
                ]
            elif sent.outcome == "existing":
                lines = [
                    line if line.outcome == "refused" else line._replace(outcome="existing", reason=sent.reason)
                    for line in lines
                ]
            elif sent.outcome == "refused":
                lines = [line._replace(outcome="refused", reason=sent.reason) for line in lines]
        done.lines.extend(lines)
        done.cases.append(Case(prepared.identity, outcome))


_worker: Worker | None = None


def _start(work: Work) -> None:
    global _worker
    # Ctrl-C reaches every process of a terminal. The first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(work)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    os._exit(1)


def _do(task: Task) -> Done:
    assert _worker is not None
    return _worker.do(task)


def results(work: Work, tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    """Do the tasks, in any order, in at most `jobs` processes; one works in this process.

    Raises:
        Stopped: all other cases would be refused too, or a process was killed.
    """
    processes = min(jobs, len(tasks) // _TASKS_PER_PROCESS + 1)
    if processes == 1:
        worker = Worker(work)
        yield from map(worker.do, tasks)
        return
    executor = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_start, initargs=(work,)
    )
    pending = set[Future[Done]]()
    try:
        for task in tasks:
            if len(pending) >= processes * _WAITING_PER_PROCESS:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
            pending.add(executor.submit(_do, task))
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BrokenProcessPool:
        raise Stopped("A process of the import ended unexpectedly. Run this again.") from None
    finally:
        # Processes that wait for an answer end with this one.
        executor.shutdown(wait=not pending, cancel_futures=True)
