"""The corpus of bad input: what hostile and broken clients send, byte for byte, and the answers that are right.

Each input spoils a good request of whatever operation it can apply to; the operations and the places in them come from
`openapi.yaml`. A few inputs are fine and look bad: they must be served.
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
