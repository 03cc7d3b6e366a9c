"""Where each worker records: in the files of a slot, so that a restarted worker goes on with what a dead one counted.

prometheus_client has a file per kind of series and process, which the exposition adds up. By default it names them by
process id: each restart would add files, and what dead workers counted could never be removed. A slot is a number that
only one living worker has; a lock that ends with its process, by kill -9 too, says which ones are taken.
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
    """Let no other process make or read files in the folder.

    Otherwise the exposition could read a file that is being made, and take the gauges of a worker that starts just now
    for those of the dead one before it.
    """
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def record_in(folder: Path) -> None:
    """Take a slot in the folder until the process ends. Series made after this call write to its files."""
    # The library reads the folder from here.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = _value_class(_take(folder))


def forget_gauges_of_the_dead(folder: Path) -> None:
    """Remove the gauges of workers that have ended: what they show is over. Counters and histograms stay."""
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
            # The file stays open, and with it the lock.
            mark_process_dead(slot, path=str(folder))  # type: ignore[no-untyped-call]
            return slot


def _value_class(slot: int) -> type[Any]:
    shared: type[Any] = values.MultiProcessValue(process_identifier=lambda: slot)  # type: ignore[no-untyped-call]

    class Value(shared):
        """The library's value in a file, written without its lock and its search for the place in the file.

        They take four fifths of the time of an observation. Only the event loop's thread records. When the library maps
        a grown file again, this place is still the same memory. Other processes see eight aligned bytes change at once.
        """

        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            super().__init__(*arguments, **keywords)
            place = self._file._positions[self._key]
            self._place = memoryview(self._file._m)[place : place + 8].cast("d")

        def inc(self, amount: float) -> None:
            self._value += amount
            self._place[0] = self._value

        def set(self, value: float, timestamp: float | None = None) -> None:
            self._value = self._place[0] = value

    return Value
