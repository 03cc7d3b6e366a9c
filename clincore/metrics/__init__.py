"""Metrics for Prometheus. docs/metrics.md explains each series.

Without --metrics-port `recorder` is None: nothing is recorded, and the library is not imported.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clincore.metrics.recording import Recorder

FOLDER_VARIABLE = "CLINCORE_METRICS_FOLDER"
"""Set by `clincore serve` for its workers: the folder in which they record."""

recorder: "Recorder | None" = None


def start() -> None:
    """Start recording if `FOLDER_VARIABLE` is set. Called before the application is created."""
    global recorder
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder and recorder is None:
        # Imported here, because the import takes a sixth of a second.
        from clincore.metrics import slots
        from clincore.metrics.recording import Recorder

        with slots.one_at_a_time(Path(folder)):
            slots.record_in(Path(folder))
            recorder = Recorder()
