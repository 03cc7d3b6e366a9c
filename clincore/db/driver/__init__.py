"""Connections to PostgreSQL and their pool. Only `db/session.py` uses them."""
