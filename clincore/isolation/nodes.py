"""Citus: compare the catalogue of every node with the coordinator's."""

from typing import Any

import psycopg

from clincore.db.catalogue.nodes import compare_nodes
from clincore.isolation.report import Report


def check(connection: psycopg.Connection[Any], report: Report) -> None:
    """Compare every node with the coordinator, to which the connection leads as the tables' owner."""
    if connection.execute("SELECT FROM pg_extension WHERE extname = 'citus'").fetchone() is None:
        return
    entry = report.entry("nodes", "nodes", "Every node has the coordinator's policies, privileges and roles")
    try:
        with connection.transaction():
            answers = compare_nodes(connection)
    except psycopg.Error as error:
        entry.mark_unproven(f"the nodes cannot be queried: {error.diag.message_primary}")
        return
    if not answers:
        entry.try_on("the coordinator, which has no nodes")
    for answer in answers:
        entry.try_on(f"node {answer.node}")
        if answer.error is not None:
            entry.mark_unproven(f"node {answer.node} does not answer: {answer.error}")
        for culprit, text in answer.differences:
            entry.fail(f"{culprit} on node {answer.node}", text)
