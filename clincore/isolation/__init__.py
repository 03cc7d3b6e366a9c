"""Proof that a tenant cannot reach another tenant's rows: catalogue checks, attacks, replay over HTTP, report."""

from clincore.isolation.prover import prove

__all__ = ["prove"]
