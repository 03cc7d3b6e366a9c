"""Slots: the files in which a worker records. A restarted worker continues the counters of a dead one.

prometheus_client writes a file per kind of series and process, and the exposition adds them up. By default files are
named by process id, so each restart would add files, and those of dead workers could never be removed. A slot is a
number that only one living worker has. It is taken while the worker holds its lock, which also ends with kill -9.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead

from clincore.system import fcntl


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keep other processes from creating or reading files in the folder.

    Otherwise the exposition could read an incomplete file, or mistake the gauges of a starting worker for those of the
    dead one before it.
    """
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def record_in(folder: Path) -> None:
    """Take a slot in the folder until the process ends. Series created after this call write to its files."""
    # The library reads the folder from this variable.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = _value_class(_take(folder))


def forget_gauges_of_the_dead(folder: Path) -> None:
    """Remove the gauges of workers that have ended. Counters and histograms are kept."""
    for lock in folder.glob("slot_*"):
        with lock.open("r+") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mark_process_dead(lock.name.removeprefix("slot_"), path=str(folder))  # type: ignore[no-untyped-call]


def _take(folder: Path) -> int:
    slot = 0
    while True:
        file = os.open(folder / f"slot_{slot}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            slot += 1
        else:
            # The file stays open to keep the lock.
            mark_process_dead(slot, path=str(folder))  # type: ignore[no-untyped-call]
            return slot


def _value_class(slot: int) -> type[Any]:
    shared: type[Any] = values.MultiProcessValue(process_identifier=lambda: slot)  # type: ignore[no-untyped-call]

    class Value(shared):
        """The library's value in a file, written without its lock and its search for the position in the file.

        These take four fifths of the time of an observation. No lock is needed: only the event loop's thread records,
        and other processes see eight aligned bytes change at once. When the library maps a grown file again, the
        position is still the same memory.
        """

        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            super().__init__(*arguments, **keywords)
            position = self._file._positions[self._key]
            self._memory = memoryview(self._file._m)[position : position + 8].cast("d")

        def inc(self, amount: float) -> None:
            self._value += amount
            self._memory[0] = self._value

        def set(self, value: float, timestamp: float | None = None) -> None:
            self._value = self._memory[0] = value

    return Value
