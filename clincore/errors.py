"""Errors that end a process before it serves. Their text is for the operator: what is wrong, and what to do."""


class StartupError(Exception):
    """The process cannot start. The text holds no password."""


class RetryableStartupError(StartupError):
    """The process cannot start now, but may a moment later: PostgreSQL does not answer."""
