"""Citus: compare the catalogue of every worker with the coordinator's.

`run_command_on_workers` returns one row per worker (nodename, nodeport, success, result); the result is one value as
text.
"""

from typing import Any

import psycopg

from clincore.db.catalogue.citus import FACTS, differences, facts_of
from clincore.isolation.report import Report


def check(connection: psycopg.Connection[Any], report: Report) -> None:
    """Compare every worker with the coordinator, to which the connection leads."""
    if connection.execute("SELECT FROM pg_extension WHERE extname = 'citus'").fetchone() is None:
        return
    entry = report.entry("workers", "workers", "Every worker has the coordinator's policies, privileges and roles")
    try:
        with connection.transaction():
            own = facts_of(_one(connection, FACTS))
            shards = {int(row[0]) for row in connection.execute("SELECT shardid FROM pg_dist_shard")}
            answers = connection.execute(
                "SELECT nodename, nodeport, success, result FROM run_command_on_workers(%s)", [FACTS]
            ).fetchall()
    except psycopg.Error as error:
        entry.mark_unproven(f"the workers cannot be queried: {error.diag.message_primary}")
        return
    if not answers:
        entry.try_on("the coordinator, which has no workers")
    for host, port, success, result in answers:
        worker = f"worker {host}:{port}"
        entry.try_on(worker)
        if not success:
            entry.mark_unproven(f"{worker} does not answer: {str(result)[:200]}")
            continue
        for culprit, text in differences(own, facts_of(result), shards):
            entry.fail(f"{culprit} on {worker}", text)


def _one(connection: psycopg.Connection[Any], query: Any) -> str:
    row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])
