"""The exposition: the metrics of all workers, which Prometheus fetches."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from clincore.errors import StartupError
from clincore.metrics import FOLDER_VARIABLE, slots
from clincore.system import IS_POSIX, fcntl

_PREFIX = "clincore-metrics-"


@contextmanager
def exposed(host: str, port: int) -> Iterator[None]:
    """Serve the exposition from a thread of this process, and set `FOLDER_VARIABLE` for the workers.

    Raises:
        StartupError: the address cannot be listened on, or the system is Windows.
    """
    if not IS_POSIX:
        raise StartupError(
            "--metrics-port does not work on Windows, where open files cannot be renamed. Start without it."
        )
    with _folder() as folder:
        registry = CollectorRegistry(support_collectors_without_names=True)
        registry.register(_AllWorkers(folder))
        try:
            server, thread = start_http_server(port, host, registry)
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "this is no address"
            raise StartupError(
                f"cannot listen on {host}:{port}: {why}. Choose another --metrics-host or --metrics-port."
            ) from None
        os.environ[FOLDER_VARIABLE] = str(folder)
        try:
            yield
        finally:
            del os.environ[FOLDER_VARIABLE]
            server.shutdown()
            server.server_close()
            thread.join()


@contextmanager
def _folder() -> Iterator[Path]:
    """A private folder until the end of the block. Removes the folders of killed services first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Another user's file cannot be opened, and that of a running service is locked.
        with suppress(OSError), (left / "owner").open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    new = folder / "owner.new"
    with new.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # Renamed only after it is locked, so that another service does not find it unlocked.
        new.rename(folder / "owner")
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _AllWorkers(Collector):
    """The merged metrics of all slots, and the build info."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._merged = MultiProcessCollector(None, path=str(folder))  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        build = GaugeMetricFamily("clincore_build_info", "1, with the running version as a label.", labels=["version"])
        build.add_metric([version("clincore")], 1)
        with slots.one_at_a_time(self._folder):
            slots.forget_gauges_of_the_dead(self._folder)
            return [build, *self._merged.collect()]  # type: ignore[no-untyped-call]
