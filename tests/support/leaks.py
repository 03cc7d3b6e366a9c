"""Text that no error response may contain: internals of the service, SQL, API keys."""

import re

LEAKS = re.compile(
    r"Traceback|File \"|\.py\b|psycopg|sqlalchemy|asyncpg|postgresql[+:]|clincore_app|SQLSTATE"
    r"|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b|clin_[0-9A-Za-z]{22}_",
    re.IGNORECASE,
)
