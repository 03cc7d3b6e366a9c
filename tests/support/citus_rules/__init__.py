"""Rules for schema and statements, which must run on Citus unchanged. Each rule is a function that yields faults.

Observed with Citus 13.2: it sends a statement to the single node with the tenant's rows when each table has a condition
with the tenant's parameter, and refuses expressions that nodes could evaluate differently.
"""
