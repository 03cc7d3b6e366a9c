"""Traces for OpenTelemetry. docs/watching.md explains what they contain.

Without the settings of OpenTelemetry `recorder` is None: nothing is recorded, and the library is not imported.
"""

import os
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.tracing.recording import Recorder

recorder: "Recorder | None" = None

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_HEADERS = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
# RFC 9110, section 5.6.2, and printable characters.
_HEADER = r"\s*[\w!#$%&'*+.^`|~-]+\s*=[ !#-+\--:<-\[\]-~]*\s*"


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
    for name in filter(os.environ.get, _ENDPOINTS):
        if not re.match(r"https?://[^/\s]", os.environ[name]):
            raise StartupError(f"{name} is not like http://127.0.0.1:4318.")
    for name in filter(os.environ.get, _HEADERS):
        # The library logs a header that it cannot read, with its secret.
        if not all(re.fullmatch(_HEADER, part) for part in os.environ[name].split(",") if part.strip()):
            raise StartupError(f"{name} has a part that is not like name=value. Encode special characters as in URLs.")
    if not _is_installed():
        raise StartupError("traces need OpenTelemetry's packages. Run: pip install 'clincore[otel]'")
    return True


def _is_installed() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        # Other libraries install parts of OpenTelemetry.
        return False


def start() -> None:
    """Start recording if the environment turns traces on. Called before the application is created.

    Raises:
        StartupError: see `check`; or OpenTelemetry's library refuses a setting.
    """
    global recorder
    if recorder is None and check():
        # Imported here, because the import takes a third of a second.
        from clincore.tracing.recording import Recorder

        try:
            recorder = Recorder()
        except ValueError as error:
            raise StartupError(f"OpenTelemetry refuses its settings: {error} Correct the variables OTEL_*.") from None


def stop() -> None:
    """Send what is recorded, and stop recording."""
    global recorder
    ending, recorder = recorder, None
    if ending is not None:
        ending.close()
