"""The service's queries, one module per table."""
