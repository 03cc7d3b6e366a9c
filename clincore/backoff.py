"""The keys that this worker accepted recently, and a limit on attempts with wrong keys and tokens per address."""

from math import ceil
from time import monotonic

BURST = 20
"""Wrong attempts in a row before the address has to wait."""
REFILL_SECONDS = 3.0
"""How long the address then waits for each further attempt."""
ADDRESSES_MAX = 4096
KEYS_MAX = 4096


class Backoff:
    """Counts wrong keys and tokens by address, in this process.

    A recently accepted key never waits, because the guesses may come from other clients behind the same address. It
    skips only the wait, and has its tenant's queue at the gate: the database still checks the key on each request.
    """

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}
        """By address: when all its wrong attempts have expired."""
        self._accepted: dict[str, None] = {}
        """Hashes of recently accepted keys, oldest first."""

    def wait_seconds(self, address: str) -> int:
        """How many seconds the address must wait before its next attempt; 0: no wait."""
        free_at = self._free_at.get(address)
        if free_at is None:
            return 0
        seconds = free_at - monotonic() - (BURST - 1) * REFILL_SECONDS
        return max(0, ceil(seconds))

    def note_wrong(self, address: str) -> None:
        """A key or token from the address was wrong."""
        now = monotonic()
        # Removed and added at the end, so the first entry is the address that failed longest ago.
        self._free_at[address] = max(now, self._free_at.pop(address, now)) + REFILL_SECONDS
        if len(self._free_at) > ADDRESSES_MAX:
            del self._free_at[next(iter(self._free_at))]

    def is_accepted(self, key_hash: str) -> bool:
        """Whether the key was accepted recently."""
        return key_hash in self._accepted

    def note_accepted(self, key_hash: str) -> None:
        """The key was accepted."""
        self._accepted[key_hash] = None
        if len(self._accepted) > KEYS_MAX:
            del self._accepted[next(iter(self._accepted))]

    def note_ended(self, key_hash: str) -> None:
        """The key was not accepted; it may have been accepted earlier."""
        self._accepted.pop(key_hash, None)
