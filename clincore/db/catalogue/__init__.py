"""Checks of PostgreSQL's catalogue: roles, policies, tables and privileges must keep tenants apart.

`reader` reads the catalogue. Each check is a function that yields faults: the culprit, what is wrong, and a remedy.
At start the service runs `checks.STARTUP_ROLES` and `checks.STARTUP_TABLES`; `clincore prove-isolation` runs
`checks.ALL`.
"""
