"""Client addresses, and the limit on what one address may hold of a worker."""

import ipaddress
from collections import Counter
from functools import cache

from clincore import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressLimits:
    """Counts what each address holds of this worker: connections, or requests that came through a trusted proxy.

    The address is the peer's own, or the one that a trusted proxy forwards. When no proxies are configured, a peer with
    a private address may be one. Its clients cannot be distinguished, so it has no limit.
    """

    def __init__(self, max_: int, trusted: tuple[Network, ...] | None) -> None:
        """`max_`: the most that one address may hold. `trusted`: the proxies; None: not configured."""
        self._max = max_
        self._trusted = trusted
        self._held = Counter[str]()

    def is_proxy(self, peer: str | None) -> bool:
        """Whether the peer is a configured proxy."""
        address = _parse(peer)
        return address is not None and self._is_trusted(address)

    def peer_address(self, peer: str | None) -> str | None:
        """The address of a directly connected client; None: the peer is a proxy, or may be one."""
        address = _parse(peer)
        if address is None or self._is_trusted(address) or (self._trusted is None and not address.is_global):
            return None
        return _key(address)

    def forwarded_address(self, forwarded_for: list[bytes]) -> str | None:
        """The client's address in the X-Forwarded-For headers of a trusted proxy; None: there is none.

        Read from right to left: everything before the first untrusted address is written by the client.
        """
        for part in reversed(b",".join(forwarded_for).decode("latin-1").split(",")):
            address = _parse(part.strip())
            if address is None:
                return None
            if not self._is_trusted(address):
                return _key(address)
        return None

    def acquire(self, address: str) -> bool:
        """Count one more for the address until `release`; False: it has reached its limit."""
        if self._held[address] >= self._max:
            return False
        self._held[address] += 1
        return True

    def release(self, address: str) -> None:
        """Undo an `acquire` that returned True."""
        self._held[address] -= 1
        if not self._held[address]:
            del self._held[address]

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted or ())


@cache
def address_limits() -> AddressLimits:
    """The limits of this process, from its environment.

    Raises:
        SettingsError: a variable is invalid.
    """
    configured = settings.load()
    return AddressLimits(configured.connections_per_address, configured.trusted_proxies)


def _parse(text: str | None) -> Address | None:
    text = text or ""
    # Some proxies add the port: 192.0.2.1:5678, [2001:db8::1]:443.
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        # A link-local address may carry a zone, as in fe80::1%eth0.
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _key(address: Address) -> str:
    # An IPv6 subscriber usually has a whole /64.
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
