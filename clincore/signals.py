"""Handling of SIGTERM and SIGINT while a process starts: they end it at once, with exit code 0."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from clincore.system import unblock_signals

STOP = (signal.SIGTERM, signal.SIGINT)


def exit_at_once(*_: object) -> None:
    """Signal handler: end this process with exit code 0, without clean-up.

    Before a process serves there is nothing to clean up: the kernel releases its locks and connections. An exception is
    no alternative. Python discards what a handler raises inside a finalizer, and each import runs one: of 300 signals
    during the imports one was lost, with a traceback on stderr.
    """
    os._exit(0)


@contextmanager
def exiting_at_once() -> Iterator[None]:
    """End the process on either signal in the block, and on one that uvicorn received earlier.

    Until the start-up is complete uvicorn only records a signal. Outside the main thread, and under a server other than
    uvicorn, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    replaced = {number: handler for number in STOP if callable(handler := signal.getsignal(number))}
    for number in replaced:
        signal.signal(number, exit_at_once)
    # `clincore serve` starts its workers with SIGINT blocked.
    unblock_signals(*STOP)
    # uvicorn's handler is a method of its server, whose `should_exit` records the signal.
    if any(getattr(getattr(handler, "__self__", None), "should_exit", False) for handler in replaced.values()):
        exit_at_once()
    try:
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)
