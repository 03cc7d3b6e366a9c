"""Replacement of a worker that has run out of memory."""

import logging
import multiprocessing
import os
import signal

_logger = logging.getLogger(__name__)
_is_ending = False


def replace_worker() -> None:
    """Let this worker answer the requests in progress and end, so that its parent starts another.

    A worker keeps most of the memory that it once had, so requests would go on failing. Without a parent that replaces
    it this does nothing: a service that answers some requests is better than none.
    """
    global _is_ending
    if _is_ending or multiprocessing.parent_process() is None:
        return
    _is_ending = True
    os.kill(os.getpid(), signal.SIGTERM)
    _logger.warning("This worker is out of memory and will be replaced.")
