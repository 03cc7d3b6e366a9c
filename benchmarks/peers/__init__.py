"""The same endpoints with other frameworks."""
