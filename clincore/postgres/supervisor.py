"""The detached process that runs PostgreSQL and stops it after its last user.

The first user waits until it has started, so it imports only this package and `clincore.system`.
"""

import argparse
import contextlib
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from clincore.postgres.binaries import find_bin_dir
from clincore.postgres.cluster import launch_server, make_cluster, set_up, stop_leftovers
from clincore.postgres.errors import EmbeddedError, embedded_errors
from clincore.postgres.locks import Lock
from clincore.postgres.place import Place, find_place
from clincore.system import fcntl, os, signal

IDLE_SECONDS = 2.0
LOG_BYTES_MAX = 10_000_000


def main() -> int:
    """Supervise the PostgreSQL of DATA_DIR while it has users. `start()` runs this in the background."""
    parser = argparse.ArgumentParser(prog="python -m clincore.postgres.supervisor", description=main.__doc__)
    parser.add_argument("data_dir", type=Path, metavar="DATA_DIR")
    parser.add_argument("--lock-fd", type=int, help=argparse.SUPPRESS)
    parser.add_argument("-c", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    try:
        with embedded_errors(arguments.data_dir):
            place = find_place(arguments.data_dir)
            os.chdir("/")
            try:
                lock = Lock(place.supervisor_lock, fcntl.LOCK_EX, arguments.lock_fd)
            except BlockingIOError:
                return 0
            lock.write(f"{os.getpid()}\n")
            if place.log.exists() and place.log.stat().st_size > LOG_BYTES_MAX:
                place.log.rename(place.log.with_suffix(".log.1"))
            with place.open_log() as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            _supervise(place, lock, arguments.settings)
            # Before users.lock, which the process holds until it ends: the next user that gets it needs this one free.
            lock.release()
    except (EmbeddedError, psycopg.Error) as error:
        print(f"clincore: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


def _supervise(place: Place, lock: Lock, settings: list[str]) -> None:
    """Run the server until it has no users, a signal arrives or its folder is removed; then stop it."""
    asked_to_stop = False

    def stop(number: int, frame: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    bin_dir = find_bin_dir(place)
    place.renew_socket_dir()
    if not place.cluster.exists():
        make_cluster(place, bin_dir, settings)

    server: subprocess.Popen[bytes] | None = None
    ready = False
    failures = 0
    last_used = time.monotonic()
    try:
        while not asked_to_stop and os.fstat(lock.fd).st_nlink > 0:
            try:
                users = Lock(place.users_lock, fcntl.LOCK_EX)
            except BlockingIOError:
                last_used = time.monotonic()
            else:
                if time.monotonic() - last_used > IDLE_SECONDS:
                    # Keep the lock, so that a new user waits until the server has stopped.
                    break
                users.release()
            if server is None or server.poll() is not None:
                if server and not ready:
                    failures += 1
                    if failures == 5:
                        raise EmbeddedError(f"postgres failed to start {failures} times: {place.last_log_line()}")
                    time.sleep(0.1 * failures)
                ready = False
                lock.write(f"{os.getpid()}\n")
                stop_leftovers(place)
                server = launch_server(place, bin_dir, settings)
            elif not ready and set_up(place):
                ready, failures = True, 0
                lock.write(f"{os.getpid()}\nready\n")
            time.sleep(0.2 if ready else 0.05)
    finally:
        lock.write(f"{os.getpid()}\n")
        # For PostgreSQL SIGINT is a fast shutdown, SIGQUIT an immediate one.
        for number, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if server and server.poll() is None:
                server.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(seconds)


if __name__ == "__main__":
    sys.exit(main())
