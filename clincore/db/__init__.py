"""The database: who may reach it, what it holds, and the queries of each table."""

from clincore.db.session import tenant_session

__all__ = ["tenant_session"]
