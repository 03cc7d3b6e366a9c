"""Queries of operators' commands, which see every tenant."""
