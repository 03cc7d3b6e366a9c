"""How often an address may try keys and tokens that are wrong."""

from math import ceil
from time import monotonic

BURST = 20
"""Wrong ones in a row before the address has to wait."""
REFILL_SECONDS = 3.0
"""Until it may try one more."""
ADDRESSES_MAX = 4096
KEYS_MAX = 4096


class Backoff:
    """Counts wrong keys and tokens by address, in this process.

    A key that was accepted lately is never held up: others behind the same address may be the ones that guess. It skips
    the wait and nothing else; the database decides about each of its requests.
    """

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}
        """When the address has made up for all its wrong ones."""
        self._accepted: dict[str, None] = {}
        """Hashes of keys that were accepted lately, the oldest first."""

    def wait_seconds(self, address: str) -> int:
        """How long the address has to wait for its next try, in seconds; 0: it need not."""
        free_at = self._free_at.get(address)
        if free_at is None:
            return 0
        seconds = free_at - monotonic() - (BURST - 1) * REFILL_SECONDS
        return max(0, ceil(seconds))

    def note_wrong(self, address: str) -> None:
        """A key or token from the address was wrong."""
        now = monotonic()
        # Moved to the end: the first of the dictionary failed longest ago.
        self._free_at[address] = max(now, self._free_at.pop(address, now)) + REFILL_SECONDS
        if len(self._free_at) > ADDRESSES_MAX:
            del self._free_at[next(iter(self._free_at))]

    def is_accepted(self, key_hash: str) -> bool:
        """Whether the key was accepted lately."""
        return key_hash in self._accepted

    def note_accepted(self, key_hash: str) -> None:
        """The key was accepted."""
        self._accepted[key_hash] = None
        if len(self._accepted) > KEYS_MAX:
            del self._accepted[next(iter(self._accepted))]
