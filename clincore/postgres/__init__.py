"""The embedded PostgreSQL: `embedded` is what the rest of ClinCore uses, `supervisor` the process that it starts."""
