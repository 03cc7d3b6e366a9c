"""Traces for OpenTelemetry. docs/watching.md explains what they contain.

Without the settings of OpenTelemetry `recorder` is None: nothing is recorded, and the library is not imported.
"""

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.tracing.recording import Recorder

recorder: "Recorder | None" = None

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


def check() -> bool:
    """Whether the environment turns traces on: it names a collector, or otlp as the exporter of traces.

    Raises:
        StartupError: it does so in a way that does not work here.
    """
    exporter = os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporter == "none"
    if is_off or not (exporter or any(os.environ.get(name) for name in _ENDPOINTS)):
        return False
    if exporter not in ("", "otlp"):
        raise StartupError("OTEL_TRACES_EXPORTER names another exporter than otlp. Set it to otlp or none.")
    protocol = next(filter(None, map(os.environ.get, _PROTOCOLS)), "http/protobuf")
    if protocol != "http/protobuf":
        raise StartupError(
            "OTEL_EXPORTER_OTLP_PROTOCOL names another protocol than http/protobuf. Set it to http/protobuf, and the"
            " endpoint to the collector's port for HTTP, most often 4318."
        )
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter.otlp.proto.http") is None:
        raise StartupError("traces need OpenTelemetry's packages. Run: pip install 'clincore[otel]'")
    return True


def start() -> None:
    """Start recording if the environment turns traces on. Called before the application is created.

    Raises:
        StartupError: see `check`.
    """
    global recorder
    if recorder is None and check():
        # Imported here, because the import takes a third of a second.
        from clincore.tracing.recording import Recorder

        recorder = Recorder()


def stop() -> None:
    """Send what is recorded, and stop recording."""
    global recorder
    ending, recorder = recorder, None
    if ending is not None:
        ending.close()
