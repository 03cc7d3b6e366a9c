#!/bin/sh
# Create the database and its two logins, once, as a superuser. The image of PostgreSQL runs it at its first start.
set -eu
: "${CLINCORE_OWNER_PASSWORD:?export it, the password of the new login clincore_owner}"
: "${CLINCORE_APP_PASSWORD:?export it, the password of the new login clincore_app}"
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\getenv owner_password CLINCORE_OWNER_PASSWORD
\getenv app_password CLINCORE_APP_PASSWORD
CREATE ROLE clincore_owner LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE DATABASE clincore OWNER clincore_owner;
SET ROLE clincore_owner;
CREATE ROLE clincore_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
RESET ROLE;
\connect clincore
REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO clincore_owner;
SQL
