"""Connections to PostgreSQL and their pool; only `session.py` uses them."""
