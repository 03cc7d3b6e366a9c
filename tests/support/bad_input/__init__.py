"""The corpus of bad input: bytes that hostile and broken clients send, and the expected answers.

Each input spoils a valid request of every operation to which it applies. Operations and the places to spoil come from
`openapi.yaml`. A few inputs only look bad and must be served.
"""

from support.bad_input import bodies, framing, headers, media_types, paths, queries
from support.bad_input.good import Good, World
from support.bad_input.wire import FINE, NO_ANSWER, Input, Wire

INPUTS: list[Input] = [
    *bodies.INPUTS,
    *media_types.INPUTS,
    *paths.INPUTS,
    *queries.INPUTS,
    *headers.INPUTS,
    *framing.INPUTS,
]

__all__ = ["FINE", "INPUTS", "NO_ANSWER", "Good", "Input", "Wire", "World"]
