"""The proof that one tenant cannot reach another's rows: catalogue, attacks, replay over HTTP, report."""

from clincore.isolation.prover import prove

__all__ = ["prove"]
