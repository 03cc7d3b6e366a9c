"""The numbering of changes, which a service does in the background."""

from typing import Any

import psycopg

from support.waiting import eventually


def wait_until_numbered(connection: psycopg.Connection[Any], tenant_id: str) -> None:
    """Wait until the tenant's changes are numbered. Then no row of `cases` changes by itself any more.

    `connection`: sees every tenant.
    """
    query = "SELECT FROM cases WHERE tenant_id = %s AND numbered_version IS DISTINCT FROM version"
    eventually(lambda: not connection.execute(query, [tenant_id]).rowcount)
