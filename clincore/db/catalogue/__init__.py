"""What PostgreSQL's catalogue must say so that tenants are kept apart.

`reader` reads the catalogue; each check is a function that yields faults: the culprit, what is wrong, and a remedy.
The service asks `checks.STARTUP_ROLES` and `checks.STARTUP_TABLES` before it serves; `clincore prove-isolation` asks
`checks.ALL`.
"""
