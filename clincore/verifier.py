"""Verification of revisions, documents and checks of large cases, and checks of units, in a separate process.

They take CPU: a tenth of a second to verify a large revision, more for a thousand signatures; milliseconds for a unit.
The worker's event loop stays free for other requests. A thread would hold the interpreter's lock. docs/decisions/0009
has the figures.
"""

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import orjson

from clincore.records.worker import LENGTH_BYTES
from clincore.system import limit_memory

CALL_SECONDS = 2.0
"""Time limit of one call, which takes one revision or document. The largest takes a fifth of it."""
START_SECONDS = 10.0
MEMORY_MAX = 1024**3
"""Bytes of address space. The largest document takes a fifth of it."""

_CODE = "import sys; sys.path[:] = {path!r}; from clincore.records.worker import main; main()"


class NoAnswer(Exception):
    """The process could not be started, took too long or too much memory, or was killed."""


class Verifier:
    """The process, started by the first call. Tenants take turns, so none waits for all calls of another."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        # Writes and reads would block the event loop.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="verifier")
        self._turns = WeakValueDictionary[UUID | None, asyncio.Lock]()
        """By tenant; the calls that hold or await a lock keep the entry alive."""

    async def call(self, tenant_id: UUID | None, name: str, *arguments: Any) -> Any:
        """Call a function of `CALLS` in `clincore.records.worker`; its result, decoded from JSON.

        `tenant_id`: None for a caller without a key.

        Raises:
            NoAnswer: the process did not answer.
            RuntimeError: the function raised an exception.
        """
        # orjson does not serialize a NamedTuple as a tuple.
        message = orjson.dumps([name, arguments], default=tuple, option=orjson.OPT_UTC_Z)
        async with self._turns.setdefault(tenant_id, asyncio.Lock()):
            loop = asyncio.get_running_loop()
            is_good, answer = await loop.run_in_executor(self._thread, self._exchange, message)
        if answer == "MemoryError" and not is_good:
            raise NoAnswer
        if not is_good:
            raise RuntimeError(f"{name} failed: {answer}")
        return answer

    def close(self) -> None:
        """Kill the process. A pending call raises NoAnswer."""
        self._is_closed = True
        if self._process is not None:
            self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._discard()

    def _exchange(self, message: bytes) -> list[Any]:
        seconds = CALL_SECONDS
        try:
            if self._process is not None and self._process.poll() is not None:
                # It was killed while idle.
                self._discard()
            if self._process is None:
                seconds += START_SECONDS
                self._process = _start()
                if self._is_closed:
                    raise OSError("closed meanwhile")
            process = self._process
            assert process.stdin is not None and process.stdout is not None
            timer = threading.Timer(seconds, process.kill)
            timer.start()
            try:
                process.stdin.write(len(message).to_bytes(LENGTH_BYTES) + message)
                process.stdin.flush()
                length = int.from_bytes(process.stdout.read(LENGTH_BYTES))
                answer: list[Any] = orjson.loads(process.stdout.read(length))
                return answer
            finally:
                timer.cancel()
        except (OSError, ValueError) as error:
            self._discard()
            raise NoAnswer from error

    def _discard(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            # Closing the pipe flushes its buffer, which fails because the process has ended.
            with suppress(OSError), process:
                pass


def _start() -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        # Use this process's own sys.path: `-m` would put the working directory in front.
        [sys.executable, "-P", "-c", _CODE.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Keep Ctrl-C in a terminal from this process: the service ends it.
        start_new_session=True,
    )
    limit_memory(process.pid, MEMORY_MAX)
    return process
