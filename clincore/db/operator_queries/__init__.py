"""Queries for operators' commands, which see every tenant."""
