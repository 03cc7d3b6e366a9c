"""Citus: calls of the extension's functions that execute a text as SQL, which may set another tenant.

Of the functions that execute a query, some stop the whole server when the text is another statement. They are not
called here; the catalogue's check says whether the service may call any function of the extension.
"""

from typing import LiteralString

import psycopg
from psycopg import sql

from clincore.isolation.harness import Connection, Scene, set_tenant
from clincore.isolation.refusals import PERMISSION
from clincore.isolation.report import Entry, Report

# By signature: the call that executes {c}. None of the two commands changes a row.
CALLS: dict[str, LiteralString] = {
    "run_command_on_workers(text,boolean)": "run_command_on_workers({c})",
    "run_command_on_all_nodes(text,boolean,boolean)": "run_command_on_all_nodes({c})",
    "run_command_on_coordinator(text,boolean)": "run_command_on_coordinator({c})",
    "run_command_on_placements(regclass,text,boolean)": "run_command_on_placements('public.tenants', {c})",
    "run_command_on_shards(regclass,text,boolean)": "run_command_on_shards('public.tenants', {c})",
    "run_command_on_colocated_placements(regclass,regclass,text,boolean)": (
        "run_command_on_colocated_placements('public.tenants', 'public.api_keys', {c})"
    ),
    "master_run_on_worker(text[],integer[],text[],boolean)": (
        "master_run_on_worker((SELECT array_agg(nodename) FROM pg_dist_node), (SELECT array_agg(nodeport)"
        " FROM pg_dist_node), (SELECT array_agg({c}::text) FROM pg_dist_node), false)"
    ),
    "citus_run_local_command(text)": "citus_run_local_command({c})",
    "worker_apply_shard_ddl_command(bigint,text)": "worker_apply_shard_ddl_command(1, {c})",
    "worker_apply_shard_ddl_command(bigint,text,text)": "worker_apply_shard_ddl_command(1, 'public', {c})",
    "worker_apply_inter_shard_ddl_command(bigint,text,bigint,text,text)": (
        "worker_apply_inter_shard_ddl_command(1, 'public', 2, 'public', {c})"
    ),
}
_FOUND = "isolation found A"


def functions_of_citus(scene: Scene, report: Report) -> None:
    """Call each function as B, with commands that set tenant A. Nothing is tried without the extension."""
    with scene.connect() as connection:
        there = connection.execute(
            "SELECT signature, proname FROM unnest(%s::text[]) AS signature JOIN pg_proc p"
            " ON p.oid = to_regprocedure(signature)",
            [[*CALLS]],
        ).fetchall()
        for signature, name in there:
            entry = report.entry("attacks", "functions of Citus", "Functions of Citus that execute a text as SQL")
            for command in _commands(scene):
                entry.try_on(signature)
                with connection.transaction(force_rollback=True):
                    set_tenant(connection, scene.b)
                    _call(scene, connection, signature, name, command, entry)


def _commands(scene: Scene) -> list[sql.Composable]:
    """One command that sets tenant A and shows that A's row can be read, and one that only sets it."""
    switch = sql.SQL("SET LOCAL app.tenant_id = {}").format(sql.Literal(str(scene.a)))
    shown = sql.SQL(
        "DO $do$ BEGIN {}; IF EXISTS (SELECT FROM public.tenants WHERE id = {}) THEN RAISE EXCEPTION {}; END IF; END"
        " $do$"
    ).format(switch, sql.Literal(scene.a), sql.Literal(_FOUND))
    return [shown, switch]


def _call(
    scene: Scene, connection: Connection, signature: str, name: str, command: sql.Composable, entry: Entry
) -> None:
    """Call the function in the connection's transaction, in which B is set, and report what it lets B do."""
    text = sql.Literal(command.as_string(connection))
    call = sql.SQL("SELECT f::text FROM {} AS f").format(sql.SQL(CALLS[signature]).format(c=text))
    try:
        with connection.transaction():
            answer = " ".join(str(row[0]) for row in connection.execute(call, prepare=False))
    except psycopg.Error as error:
        answer = str(error.diag.message_primary)
        if error.sqlstate == PERMISSION and answer == f"permission denied for function {name}":
            return
    setting = connection.execute("SELECT current_setting('app.tenant_id', true)").fetchone()
    if _FOUND in answer:
        found = "A command reads a row of tenant A."
    elif setting == (str(scene.a),):
        found = "A command leaves tenant A set."
    else:
        found = f"It is not refused: {answer[:100]}"
    entry.fail(f"function {signature}", found, "See the functions of Citus above.")
