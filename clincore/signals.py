"""What SIGTERM and SIGINT do while a process starts: end it at once, with exit code 0."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from clincore.system import unblock_signals

STOP = (signal.SIGTERM, signal.SIGINT)


def exit_at_once(*_: object) -> None:
    """End this process with exit code 0, without any clean-up: a signal handler.

    There is nothing to clean up before a process serves; the kernel drops its locks and connections. An exception would
    unwind more politely, but Python drops what a handler raises inside a finalizer, and each import runs one: of 300
    signals during the imports one was lost, with a traceback on stderr.
    """
    os._exit(0)


@contextmanager
def exiting_at_once() -> Iterator[None]:
    """Let both signals end the process in the block, also those that uvicorn has received before it.

    uvicorn only notes a signal until the start-up is complete. Outside of the main thread, and below another server
    than uvicorn, nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    replaced = {number: handler for number in STOP if callable(handler := signal.getsignal(number))}
    for number in replaced:
        signal.signal(number, exit_at_once)
    # `clincore serve` blocks SIGINT for its workers until here.
    unblock_signals(*STOP)
    # uvicorn's handler is a method of its server.
    if any(getattr(getattr(handler, "__self__", None), "should_exit", False) for handler in replaced.values()):
        exit_at_once()
    try:
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)
