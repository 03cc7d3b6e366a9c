"""Checks of PostgreSQL's version: known vulnerabilities of row-level security."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue

# Vulnerabilities of row-level security, with the minor version of each major that has the fix. Other majors were never
# affected. https://www.postgresql.org/support/security/
_FIXES: tuple[tuple[str, str, dict[int, int]], ...] = (
    ("CVE-2023-2455", "a plan may be used with another role's policies", {15: 3}),
    ("CVE-2023-39418", "MERGE does not apply the policies of UPDATE and SELECT", {15: 4}),
    ("CVE-2024-10976", "a plan with subqueries may be used with another role's policies", {15: 9, 16: 5, 17: 1}),
    ("CVE-2024-10978", "a role that was set may be reset to a wrong one", {15: 9, 16: 5, 17: 1}),
    ("CVE-2025-8713", "statistics show values of hidden rows", {15: 14, 16: 10, 17: 6}),
)
# The attacker needs a row that conflicts with the hidden one on a unique index. The tenant is in every unique index
# except that of tenants' names.
_CONFLICT_FIX = ("CVE-2026-120154", {15: 20, 16: 16, 17: 12, 18: 7})


def minor_version(catalogue: Catalogue) -> Iterator[Fault]:
    """PostgreSQL has all security fixes of row-level security."""
    yield from holes_of(catalogue.connection.info.server_version)


def holes_of(number: int) -> Iterator[Fault]:
    """Known vulnerabilities of row-level security in a version of PostgreSQL, given as in `server_version_num`."""
    major, minor = divmod(number, 10000)
    culprit = f"PostgreSQL {major}.{minor}"
    if major < 15:
        yield Fault(culprit, f"{culprit} is not supported.", "Upgrade to PostgreSQL 15 or later.")
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
            f"{culprit} has {cve}: ON CONFLICT DO UPDATE reveals the values of a hidden row that conflicts with the new"
            " row. The tenant is in every unique index except that of tenants' names, so SQL that runs as the service"
            " and knows a tenant's name could learn its id, billing status and age.",
            f"Update to the newest {major}, at least {major}.{fixed[major]}.",
            severity="advice",
        )
