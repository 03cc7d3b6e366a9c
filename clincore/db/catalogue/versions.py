"""Checks of PostgreSQL's version: known holes in row security."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue

# Holes in row security itself, with the first minor version of each major that has the fix. Majors that are not named
# never had the hole. https://www.postgresql.org/support/security/
_FIXES: tuple[tuple[str, str, dict[int, int]], ...] = (
    ("CVE-2023-2455", "a plan may be used with another role's policies", {15: 3}),
    ("CVE-2023-39418", "MERGE does not ask the policies of UPDATE and SELECT", {15: 4}),
    ("CVE-2024-10976", "a plan with sub-queries may be used with another role's policies", {15: 9, 16: 5, 17: 1}),
    ("CVE-2024-10978", "a role that was set may be reset to a wrong one", {15: 9, 16: 5, 17: 1}),
    ("CVE-2025-8713", "statistics show values of hidden rows", {15: 14, 16: 10, 17: 6}),
)
# Needs a row of one's own that collides with the hidden one on a unique index. Where the tenant is in every unique
# index there is no such row; what remains are the names of tenants.
_CONFLICT_FIX = ("CVE-2026-120154", {15: 20, 16: 16, 17: 12, 18: 7})


def minor_version(catalogue: Catalogue) -> Iterator[Fault]:
    """PostgreSQL has the fixes of its own holes in row security."""
    yield from holes_of(catalogue.connection.info.server_version)


def holes_of(number: int) -> Iterator[Fault]:
    """The known holes in the row security of a version of PostgreSQL, as `server_version_num` has it."""
    major, minor = divmod(number, 10000)
    culprit = f"PostgreSQL {major}.{minor}"
    if major < 15:
        yield Fault(culprit, f"{culprit} is not supported: ClinCore needs 15 or later.")
    for cve, what, fixed in _FIXES:
        if minor < fixed.get(major, 0):
            yield Fault(
                culprit,
                f"{culprit} has {cve}: {what}.",
                f"Update to the newest {major}, at least {major}.{fixed[major]}.",
            )
    cve, fixed = _CONFLICT_FIX
    if minor < fixed.get(major, 0):
        yield Fault(
            culprit,
            f"{culprit} has {cve}: ON CONFLICT DO UPDATE tells what a hidden row holds when a row of one's own collides"
            " with it. The tenant is in every unique index but that of tenants' names, so that SQL that runs as"
            " the service and knows a tenant's name could learn its id, billing status and age.",
            f"Update to the newest {major}, at least {major}.{fixed[major]}.",
            severity="advice",
        )
