"""Checks of PostgreSQL's settings: its log must not show the values of statements."""

from collections.abc import Iterator

from clincore.db.catalogue.faults import Fault
from clincore.db.catalogue.reader import Catalogue

# Settings that log successful statements with their values.
_SHOWS = """
    SELECT name, setting FROM (VALUES
        ('log_statement', current_setting('log_statement') IN ('mod', 'all')),
        ('log_min_duration_statement', current_setting('log_min_duration_statement') <> '-1'),
        ('log_min_duration_sample', current_setting('log_min_duration_sample') <> '-1'
            AND current_setting('log_statement_sample_rate')::float > 0),
        ('log_transaction_sample_rate', current_setting('log_transaction_sample_rate')::float > 0)
    ) AS shows (name, is_on) JOIN pg_settings USING (name)
    WHERE is_on AND current_setting('log_parameter_max_length') <> '0'
"""
_ON_ERROR = "log_parameter_max_length_on_error"
# Settings of extensions exist only once the library is loaded.
_EXTENSIONS = """
    SELECT name, setting FROM pg_settings
    WHERE name = 'auto_explain.log_min_duration' AND setting <> '-1'
        AND coalesce(current_setting('auto_explain.log_parameter_max_length', true), '-1') <> '0'
        OR name = 'pgaudit.log_parameter' AND setting = 'on'
"""


def logged_values(catalogue: Catalogue) -> Iterator[Fault]:
    """PostgreSQL's log does not show the values of statements."""
    for name, value in catalogue.rows(_SHOWS):
        yield _fault(f"{name} = {value}", "log_parameter_max_length = 0")
    for name, value in catalogue.rows("SELECT name, setting FROM pg_settings WHERE name = %s", _ON_ERROR):
        if value != "0":
            yield _fault(f"{name} = {value}", f"{name} = 0")
    for name, value in catalogue.rows(_EXTENSIONS):
        is_audit = name.startswith("pgaudit")
        wanted = "pgaudit.log_parameter = off" if is_audit else "auto_explain.log_parameter_max_length = 0"
        yield _fault(f"{name} = {value}", wanted)


def _fault(setting: str, wanted: str) -> Fault:
    return Fault(
        f"setting {setting.partition(' ')[0]}",
        f"With {setting} PostgreSQL's log shows the values of the service's statements, including clinical text.",
        f"Set, as a superuser: {wanted}",
        severity="advice",
    )
