"""Comparison of the catalogue of each node of a Citus cluster with the coordinator's.

Citus copies schema, policies and rights to its workers, and some of them change on the way: Citus 13.2 makes
RESTRICTIVE policies permissive. What a superuser does on each node by hand can be forgotten on one.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import psycopg

from clincore.db.catalogue.citus import CALLED_BY_CITUS


class Fact(NamedTuple):
    """One property that the coordinator and each node must agree on."""

    kind: str
    name: str
    value: str


# One value, because a node can return only one. Without parameters, because the text is sent to the nodes as it is.
FACTS = """
    SELECT coalesce(json_agg(json_build_array(kind, name, value)), '[]')::text FROM (
        SELECT 'version' AS kind, 'server' AS name, current_setting('server_version_num') AS value
        UNION ALL
        SELECT 'role', rolname, format('superuser %s, bypassrls %s, replication %s, createrole %s, login %s', rolsuper,
               rolbypassrls, rolreplication, rolcreaterole, rolcanlogin) FROM pg_catalog.pg_roles
         WHERE rolname = 'clincore_app'
        UNION ALL
        SELECT 'membership', g.rolname, 'clincore_app' FROM pg_catalog.pg_auth_members m
          JOIN pg_catalog.pg_roles g ON g.oid = m.roleid JOIN pg_catalog.pg_roles r ON r.oid = m.member
         WHERE r.rolname = 'clincore_app'
        UNION ALL
        SELECT 'row-level security', format('%I.%I', nspname, relname), format('enabled %s, forced %s, owner %s',
               relrowsecurity, relforcerowsecurity, pg_catalog.pg_get_userbyid(relowner))
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
         WHERE nspname = 'public' AND relkind IN ('r', 'p') AND relname <> 'alembic_version'
        UNION ALL
        SELECT 'policy', format('%s on %I.%I', policyname, schemaname, tablename),
               format('%s for %s to %s using %s with check %s', permissive, cmd, roles, qual, with_check)
          FROM pg_catalog.pg_policies WHERE schemaname = 'public'
        UNION ALL
        SELECT 'right', format('%I.%I', nspname, relname), string_agg(format('%s%s', a.privilege_type,
               CASE WHEN a.grantee = 0 THEN ' to PUBLIC' ELSE '' END), ', ' ORDER BY a.privilege_type, a.grantee)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace,
               pg_catalog.aclexplode(relacl) a
         WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v', 'm', 'S') AND (a.grantee = 0 OR a.grantee =
               (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = 'clincore_app')) GROUP BY 2
        UNION ALL
        SELECT 'view', format('%I.%I', nspname, relname), format('%s %s', relkind, reloptions)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
         WHERE nspname = 'public' AND relkind IN ('v', 'm')
        UNION ALL
        SELECT 'function', p.oid::pg_catalog.regprocedure::text, format('definer %s, volatility %s, leakproof %s',
               prosecdef, provolatile, proleakproof) FROM pg_catalog.pg_proc p
          JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'
        UNION ALL
        SELECT 'default', coalesce(rolname, 'ALL'), c FROM pg_catalog.pg_db_role_setting
          LEFT JOIN pg_catalog.pg_roles r ON r.oid = setrole, unnest(setconfig) c
         WHERE c LIKE 'app.%'
        UNION ALL
        SELECT 'set_config', 'clincore_app', pg_catalog.has_function_privilege('clincore_app',
               'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')::text
        UNION ALL
        SELECT 'membership', rolname, 'may become clincore_app: '
               || pg_catalog.pg_has_role(r.oid, 'clincore_app', 'MEMBER') FROM pg_catalog.pg_roles r
          JOIN pg_catalog.pg_class c ON relowner = r.oid AND c.oid = to_regclass('public.tenants')
        UNION ALL
        SELECT 'right', 'database', pg_catalog.concat_ws(', ',
               CASE WHEN pg_catalog.has_database_privilege('clincore_app', current_database(), 'TEMPORARY')
                    THEN 'TEMPORARY' END,
               CASE WHEN pg_catalog.has_database_privilege('clincore_app', current_database(), 'CREATE')
                    THEN 'CREATE' END,
               CASE WHEN pg_catalog.has_schema_privilege('clincore_app', 'public', 'CREATE')
                    THEN 'CREATE in public' END)
        UNION ALL
        SELECT 'setting', 'citus.propagate_set_commands', current_setting('citus.propagate_set_commands', true)
        UNION ALL
        SELECT 'right', CASE WHEN proname IN ({called}) THEN 'functions that Citus calls' ELSE 'functions of Citus' END,
               count(*) || ', such as ' || array_to_string((array_agg(p.oid::pg_catalog.regprocedure::text ORDER BY
               proname))[1:4], ', ') FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid
          JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')
         WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'
           AND pg_catalog.has_function_privilege('clincore_app', p.oid, 'EXECUTE') GROUP BY 2
        UNION ALL
        SELECT 'right', 'sequence ' || c.oid::pg_catalog.regclass, 'read' FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_class c ON c.oid = d.objid
          JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND extname IN ('citus', 'citus_columnar')
         WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND deptype = 'e'
           AND CASE relkind WHEN 'S' THEN
               pg_catalog.has_sequence_privilege('clincore_app', c.oid, 'SELECT, USAGE, UPDATE') END
    ) AS facts
""".replace("{called}", ", ".join(f"'{name}'" for name in CALLED_BY_CITUS))


def facts_of(result: str) -> list[Fact]:
    """The facts in a node's answer to `FACTS`."""
    return [Fact(kind, name, str(value)) for kind, name, value in json.loads(result)]


def differences(own: Collection[Fact], others: Collection[Fact], shards: Collection[int]) -> Iterator[tuple[str, str]]:
    """The culprit and the text of each difference between the coordinator (`own`) and a node (`others`).

    For each of its shards of `cases` a node has a table such as `cases_102008`, which must match `cases`. `shards`:
    the numbers of all shards.
    """
    expected = {(fact.kind, fact.name): fact.value for fact in own}
    seen = set()
    for fact in others:
        name = _without_shard(fact.name, shards)
        seen.add((fact.kind, name))
        is_shard = name != fact.name
        wanted = expected.get((fact.kind, name))
        if wanted is None:
            yield f"{fact.kind} {fact.name}", f"The node has {fact.value}; the coordinator does not have it."
        elif not (is_shard and fact.kind == "right") and _without_shard(fact.value, shards) != wanted:
            yield (
                f"{fact.kind} {fact.name}",
                f"The node has {fact.value or 'nothing'}; the coordinator has {wanted or 'nothing'}.",
            )
    for kind, name in expected:
        if (kind, name) not in seen:
            yield f"{kind} {name}", f"The coordinator has {expected[kind, name]}; the node does not have it."


def _without_shard(text: str, shards: Collection[int]) -> str:
    return re.sub(r"_(\d+)\b", lambda match: "" if int(match[1]) in shards else match[0], text)


class Answer(NamedTuple):
    """What a node answered when it was compared with the coordinator."""

    node: str
    """Its address."""
    error: str | None
    """Why it was not compared; None: it was."""
    differences: list[tuple[str, str]]
    """See `differences`."""


def compare_nodes(connection: psycopg.Connection[Any]) -> list[Answer]:
    """Compare every node with the coordinator, to which the connection leads as the tables' owner.

    The coordinator is compared too: it has shards of its own, which it shows to other nodes only.

    Raises:
        psycopg.Error: the coordinator refused; a node that does not answer is reported in its `Answer`.
    """
    own = facts_of(_one(connection, FACTS))
    shards = {int(row[0]) for row in connection.execute("SELECT shardid FROM pg_dist_shard")}
    # One row per node; its result is one value as text.
    found = connection.execute(
        "SELECT nodename, nodeport, success, result FROM run_command_on_all_nodes(%s) JOIN pg_dist_node USING (nodeid)"
        " ORDER BY nodeid",
        [FACTS],
    ).fetchall()
    return [
        Answer(f"{host}:{port}", None, [*differences(own, facts_of(result), shards)])
        if success
        else Answer(f"{host}:{port}", str(result)[:200], [])
        for host, port, success, result in found
    ]


def _one(connection: psycopg.Connection[Any], query: Any) -> str:
    row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])
