"""What the service counts and times for Prometheus; docs/metrics.md explains each series.

`recorder` is None unless `clincore serve` was started with --metrics-port: nothing is recorded then, and the library is
not imported.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clincore.metrics.recording import Recorder

FOLDER_VARIABLE = "CLINCORE_METRICS_FOLDER"
"""Set by `clincore serve` for its workers: where they record."""

recorder: "Recorder | None" = None


def start() -> None:
    """Record from now on, if the environment says where. Called before the application is made."""
    global recorder
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder and recorder is None:
        # It takes a sixth of a second to import.
        from clincore.metrics import slots
        from clincore.metrics.recording import Recorder

        with slots.one_at_a_time(Path(folder)):
            slots.record_in(Path(folder))
            recorder = Recorder()
