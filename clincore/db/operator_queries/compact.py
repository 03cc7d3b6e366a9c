"""Rewrite the tables from which rows are erased."""

import re
import time
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from clincore.db.operator_queries.run import Connection

# The planner's statistics contain frequent values. VACUUM of the tables writes new statistics but leaves the old ones
# in the file of pg_statistic, which only the owner of the database may rewrite.
TABLES = ("cases", "case_disclosures", "idempotency_keys", "pg_catalog.pg_statistic")
TRIES = 60
_KEPT = re.compile(r"(\d+) dead row versions? cannot be removed yet")


class NotRewritten(Exception):
    """PostgreSQL did not rewrite a table."""


class Compacted(NamedTuple):
    """A table that was rewritten."""

    table: str
    bytes_before: int
    bytes_after: int
    dead_rows_kept: int
    """Old row versions that a transaction may still read, so the new file contains them too."""


def compact(connection: Connection, table: str) -> Compacted:
    """Rewrite the table and its indexes without deleted and replaced rows, and commit.

    It waits half a second for the table's lock, so that requests queued behind it wait no longer, and retries for a
    minute.

    Raises:
        psycopg.errors.LockNotAvailable: the table was locked at every attempt.
        NotRewritten: PostgreSQL did not rewrite the table; the text says why.
    """
    connection.commit()
    connection.autocommit = True
    connection.execute("SET lock_timeout = '500ms'; SET statement_timeout = 0", prepare=False)
    name = sql.Identifier(*table.split("."))
    before = _size(connection, table)
    notices: list[str] = []
    warnings: list[str] = []

    def note(diagnostic: Any) -> None:
        notices.append(f"{diagnostic.message_primary} {diagnostic.message_detail}")
        if diagnostic.severity_nonlocalized == "WARNING":
            warnings.append(diagnostic.message_primary)

    connection.add_notice_handler(note)
    try:
        for attempt in range(TRIES):
            try:
                connection.execute(sql.SQL("VACUUM (FULL, ANALYZE, VERBOSE) {}").format(name), prepare=False)
                break
            except psycopg.errors.LockNotAvailable:
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.5)
    finally:
        connection.remove_notice_handler(note)
    if warnings:
        # VACUUM skips tables that the login may not rewrite, and succeeds.
        raise NotRewritten(f"{table} was not rewritten: {'; '.join(warnings)}.")
    kept = sum(int(count) for text in notices for count in _KEPT.findall(text))
    return Compacted(table, before, _size(connection, table), kept)


def _size(connection: Connection, table: str) -> int:
    row = connection.execute("SELECT pg_total_relation_size(%s::regclass)", [table]).fetchone()
    return int(row[0]) if row else 0
