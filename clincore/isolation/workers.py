"""Citus: compare the catalogue of every worker with the coordinator's."""

from typing import Any

import psycopg

from clincore.db.catalogue.citus import compare_workers
from clincore.isolation.report import Report


def check(connection: psycopg.Connection[Any], report: Report) -> None:
    """Compare every worker with the coordinator, to which the connection leads as the tables' owner."""
    if connection.execute("SELECT FROM pg_extension WHERE extname = 'citus'").fetchone() is None:
        return
    entry = report.entry("workers", "workers", "Every worker has the coordinator's policies, privileges and roles")
    try:
        with connection.transaction():
            answers = compare_workers(connection)
    except psycopg.Error as error:
        entry.mark_unproven(f"the workers cannot be queried: {error.diag.message_primary}")
        return
    if not answers:
        entry.try_on("the coordinator, which has no workers")
    for answer in answers:
        entry.try_on(f"worker {answer.worker}")
        if answer.error is not None:
            entry.mark_unproven(f"worker {answer.worker} does not answer: {answer.error}")
        for culprit, text in answer.differences:
            entry.fail(f"{culprit} on worker {answer.worker}", text)
