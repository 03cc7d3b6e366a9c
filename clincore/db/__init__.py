"""The database: tables, sessions, queries and the checks that keep tenants apart."""

from clincore.db.session import tenant_session

__all__ = ["tenant_session"]
