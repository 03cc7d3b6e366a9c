"""The service's queries, one module per table. Functions that act "with the next statement" queue theirs."""
