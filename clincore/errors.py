"""Errors that prevent a process from starting. Their text tells the operator what is wrong and what to do."""


class StartupError(Exception):
    """The process cannot start. The text never contains a password."""


class RetryableStartupError(StartupError):
    """The process cannot start because PostgreSQL does not answer; a later attempt may succeed."""
