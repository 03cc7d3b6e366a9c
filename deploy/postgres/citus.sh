#!/bin/sh
# Make the nodes of a Citus cluster, as a superuser: the superuser's part of `clincore distribute --plan`, and the logins
# of nodes at each other. It can be repeated: after CITUS_WORKERS has a new one, and after an upgrade of the extension.
#
# CITUS_COORDINATOR: host:port, with the roles and the database of roles.sh. CITUS_WORKERS: the same of each worker.
# PGPASSWORD: of the superuser, on every node. CLINCORE_OWNER_PASSWORD and CLINCORE_APP_PASSWORD: those of roles.sh.
set -eu
: "${PGPASSWORD:?export it, the password of the superuser}"
: "${CLINCORE_OWNER_PASSWORD:?export it, the password of clincore_owner}"
: "${CLINCORE_APP_PASSWORD:?export it, the password of clincore_app}"

run() {
  node=$1
  shift
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="${node%:*}" --port="${node#*:}" --username=postgres "$@"
}

for node in $CITUS_COORDINATOR $CITUS_WORKERS; do
  run "$node" --dbname=postgres <<'SQL'
SELECT 'CREATE DATABASE clincore' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'clincore') \gexec
\connect clincore
\getenv password PGPASSWORD
CREATE EXTENSION IF NOT EXISTS citus;
SET citus.enable_ddl_propagation TO off;
ALTER DATABASE clincore SET citus.propagate_set_commands = 'local';
INSERT INTO pg_dist_authinfo VALUES (0, 'postgres', 'password=' || :'password')
    ON CONFLICT (rolename, nodeid) DO UPDATE SET authinfo = excluded.authinfo;
SQL
done

run "$CITUS_COORDINATOR" --dbname=clincore --set=host="${CITUS_COORDINATOR%:*}" --set=port="${CITUS_COORDINATOR#*:}" <<'SQL'
SELECT citus_set_coordinator_host(:'host', :port);
SQL
for node in $CITUS_WORKERS; do
  run "$CITUS_COORDINATOR" --dbname=clincore --set=host="${node%:*}" --set=port="${node#*:}" <<'SQL'
SELECT citus_add_node(:'host', :port);
SQL
done

# Citus has now copied the roles.
for node in $CITUS_COORDINATOR $CITUS_WORKERS; do
  run "$node" --dbname=clincore <<'SQL'
\getenv owner_password CLINCORE_OWNER_PASSWORD
\getenv app_password CLINCORE_APP_PASSWORD
INSERT INTO pg_dist_authinfo VALUES
    (0, 'clincore_owner', 'password=' || :'owner_password'), (0, 'clincore_app', 'password=' || :'app_password')
    ON CONFLICT (rolename, nodeid) DO UPDATE SET authinfo = excluded.authinfo;
SQL
done

run "$CITUS_COORDINATOR" --dbname=clincore <<'SQL'
SELECT nodeid, success, result FROM run_command_on_all_nodes($every_node$
DO $do$
DECLARE
    one text;
    since_16 boolean := current_setting('server_version_num')::integer >= 160000;
BEGIN
    SET LOCAL citus.enable_ddl_propagation TO off;
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    FOR one IN
        SELECT p.oid::regprocedure FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
        JOIN pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')
        WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'
          AND proname <> ALL ('{assign_distributed_transaction_id,citus_table_is_visible,lock_shard_resources,relation_is_a_known_shard}')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', one);
        EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO "clincore_owner"', one);
    END LOOP;
    FOR one IN
        SELECT c.oid::regclass FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND relkind = 'S'
        JOIN pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'
    LOOP
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC', one);
    END LOOP;
    REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO "clincore_owner";
    -- Citus copies roles without their memberships.
    IF to_regrole('clincore_app') IS NOT NULL THEN
        IF NOT pg_has_role('clincore_owner', 'clincore_app', CASE WHEN since_16 THEN 'SET' ELSE 'MEMBER' END) THEN
            EXECUTE 'GRANT clincore_app TO "clincore_owner"'
                    || CASE WHEN since_16 THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
        END IF;
    END IF;
END
$do$
$every_node$);
SQL
