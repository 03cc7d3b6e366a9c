"""Which address a request comes from, and how much each address holds of a worker."""

import ipaddress
from collections import Counter
from functools import cache

from clincore import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Shares:
    """What each address holds of this worker: connections, or requests that came through a trusted proxy.

    An address is the peer's, or the one that a trusted proxy forwards for. Unless the operator has said which peers are
    proxies, a peer with a private address may be one: its clients cannot be told apart, so it has no share.
    """

    def __init__(self, max_: int, trusted: tuple[Network, ...] | None) -> None:
        """`max_`: what one address may hold. `trusted`: the proxies; None: the operator has not said which."""
        self._max = max_
        self._trusted = trusted
        self._held = Counter[str]()

    def is_proxy(self, peer: str | None) -> bool:
        """Whether the operator has named the peer as a proxy."""
        address = _parse(peer)
        return address is not None and self._is_trusted(address)

    def of_peer(self, peer: str | None) -> str | None:
        """The address of a client that is connected itself; None: the peer is a proxy, or may be one."""
        address = _parse(peer)
        if address is None or self._is_trusted(address) or (self._trusted is None and not address.is_global):
            return None
        return _key(address)

    def of_forwarded(self, forwarded_for: list[bytes]) -> str | None:
        """The client's address in the X-Forwarded-For headers of a trusted proxy; None: there is none.

        From the right, because what is left of the first untrusted address was written by the client.
        """
        for part in reversed(b",".join(forwarded_for).decode("latin-1").split(",")):
            address = _parse(part.strip())
            if address is None:
                return None
            if not self._is_trusted(address):
                return _key(address)
        return None

    def take(self, address: str) -> bool:
        """Whether the address may hold one more, which it then does until `give_back`."""
        if self._held[address] >= self._max:
            return False
        self._held[address] += 1
        return True

    def give_back(self, address: str) -> None:
        """The end of a `take` that succeeded."""
        self._held[address] -= 1
        if not self._held[address]:
            del self._held[address]

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted or ())


@cache
def shares() -> Shares:
    """Those of this process, as the environment sets them.

    Raises:
        SettingsError: a variable is wrong.
    """
    configured = settings.load()
    return Shares(configured.connections_per_address, configured.trusted_proxies)


def _parse(text: str | None) -> Address | None:
    text = text or ""
    # Some proxies add the port: 192.0.2.1:5678, [2001:db8::1]:443.
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        # Without the zone of a link-local address.
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _key(address: Address) -> str:
    # One subscriber has a whole /64 of IPv6.
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
