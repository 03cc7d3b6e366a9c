"""The headers `RateLimit-Policy` and `RateLimit`: which limits apply to a request, and what is left of them."""

from typing import NamedTuple


class Quota(NamedTuple):
    """One of the limits that apply to a request."""

    name: str
    limit: int
    left: int | None
    """How many requests are left after this one; None: not known."""
    window: int | None = None
    """The seconds in which there are `limit` requests; None: the quota never fills up again."""
    more_in: int | None = None
    """Seconds until there are more requests."""
    unit: str | None = None
    """What is counted, as the draft's `qu` names it; None: requests."""


def free_calls(limit: int, used: int) -> Quota:
    """The quota of free calls, of which `used` were made before."""
    return Quota("free-calls", limit, max(0, limit - used))


def quota_headers(*quotas: Quota) -> dict[str, str]:
    """The headers that say how much of each quota is left (draft-ietf-httpapi-ratelimit-headers-11)."""
    policies = [
        f'"{each.name}";q={each.limit}'
        + (f";w={each.window}" if each.window else "")
        + (f';qu="{each.unit}"' if each.unit else "")
        for each in quotas
    ]
    headers = {"RateLimit-Policy": ", ".join(policies)}
    left = [
        f'"{each.name}";r={each.left}' + ("" if each.more_in is None else f";t={each.more_in}")
        for each in quotas
        if each.left is not None
    ]
    if left:
        headers["RateLimit"] = ", ".join(left)
    return headers
