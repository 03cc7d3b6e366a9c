"""Citus: attacks on the shards with tenant A's rows, on the nodes that have them, with all privileges.

On a cluster the owner cannot grant privileges and use them in the same transaction: Citus has a connection per role to
each node. A block of statements on the node itself can. Shards are ordinary tables there, with policies of their own.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from psycopg import sql

from clincore.db.statements import ROLE
from clincore.isolation import reads, writes
from clincore.isolation.harness import Actor, Result, Scene, compose, judge, record_errors
from clincore.isolation.refusals import PERMISSION
from clincore.isolation.report import Report
from clincore.isolation.shape import Shape

WHO: Actor = "the service with all privileges"


class Placement(NamedTuple):
    """A shard on one of the nodes that have it."""

    host: str
    port: int
    number: int
    table: str
    """The shard's name, without schema."""

    def __str__(self) -> str:
        return f"{self.table} on {self.host}:{self.port}"


def run(scene: Scene, report: Report) -> None:
    """Attack A's rows of each table. The scene has an owner's connection."""
    whole = report.entry("attacks", f"statements as {WHO}", f"Every statement was tried as {WHO}, in A's shards")
    for shape in scene.shapes:
        table = shape.table.quoted
        whole.try_on(table)
        with record_errors(whole, table):
            placements = list(_placements(scene, shape))
            if not placements:
                whole.mark_unproven(f"{table} has no shards")
            for placement in placements:
                _attack(scene, shape, placement, report)


def _placements(scene: Scene, shape: Shape) -> Iterator[Placement]:
    """Where A's rows of the table are. A reference table is on every node."""
    assert scene.owner is not None
    found = scene.owner.execute(
        "SELECT nodename, nodeport, shardid, shard_name(logicalrelid, shardid, true) FROM pg_dist_shard"
        " JOIN pg_dist_placement USING (shardid) JOIN pg_dist_node USING (groupid) WHERE noderole = 'primary'"
        " AND logicalrelid = %(table)s::regclass"
        " AND shardid = get_shard_id_for_distribution_column(logicalrelid, %(a)s) ORDER BY nodeid",
        {"table": shape.table.quoted, "a": scene.a},
    )
    return (Placement(*row) for row in found.fetchall())


def _attack(scene: Scene, shape: Shape, placement: Placement, report: Report) -> None:
    shard = replace(
        shape,
        table=shape.table._replace(name=placement.table),
        primary=shape.primary and f"{shape.primary}_{placement.number}",
    )
    attacks = [("SELECT", statement) for statement in reads.selects(shard, scene)]
    attacks += [*writes.changes(shard, scene, WHO), *writes.inserts(shard, scene, WHO)]
    own = [
        compose("SELECT FROM {t} WHERE {k} = {a} LIMIT 1", shard, scene),
        compose("DELETE FROM {t} WHERE {k} = {a}", shard, scene),
    ]
    control = report.entry("attacks", f"control in shards as {WHO}", "A reaches its own rows in its shards")
    control.try_on(shape.table.quoted)
    seen, deleted = _results(scene, shard, placement, str(scene.a), own)
    if not seen.count or deleted.state == PERMISSION:
        control.mark_unproven(f"{placement}: the tenant cannot read or delete its own row ({seen}, {deleted})")
    statements = [statement for _, statement in attacks]
    for (kind, statement), result in zip(
        attacks, _results(scene, shard, placement, str(scene.b), statements), strict=True
    ):
        entry = report.entry("attacks", f"{kind} in shards as {WHO}", f"{kind} in A's shards as {WHO}")
        entry.try_on(shape.table.quoted)
        judge(scene, entry, result, shape.table.quoted, statement, f"in {placement} as {WHO}")


def _results(
    scene: Scene, shard: Shape, placement: Placement, tenant: str, statements: Sequence[sql.Composed]
) -> list[Result]:
    """Run the statements on the node, as the tenant with all privileges on the shard. All are rolled back."""
    assert scene.owner is not None
    tried = sql.SQL("").join(
        sql.SQL(_TRIED).format(sql.Literal(statement.as_string(scene.owner))) for statement in statements
    )
    block = sql.SQL(_BLOCK).format(
        shard=shard.name, role=sql.Identifier(ROLE), tenant=sql.Literal(tenant), statements=tried
    )
    answer = scene.owner.execute(
        "SELECT success, result FROM master_run_on_worker(%s, %s, %s, false)",
        [[placement.host], [placement.port], [block.as_string(scene.owner)]],
    ).fetchone()
    # The block ends with an error, which rolls everything back and carries the results.
    text = str(answer[1]) if answer else ""
    start = text.find(_RESULTS)
    if start < 0:
        return [Result("?", 0, message=text)] * len(statements)
    found, _ = json.JSONDecoder().raw_decode(text[start + len(_RESULTS) :])
    return [Result(state, count, message=message) for state, count, message in found]


_RESULTS = "isolation results: "
_BLOCK = """\
DO $block$
DECLARE
    results jsonb := '[]';
    changed bigint;
BEGIN
    SET LOCAL lock_timeout = '1s';
    GRANT SELECT, INSERT, UPDATE, DELETE ON {shard} TO {role};
    SET LOCAL ROLE {role};
    SET LOCAL app.tenant_id = {tenant};
    {statements}
    RAISE EXCEPTION 'isolation results: %', results;
END
$block$"""
_TRIED = """
    BEGIN
        EXECUTE {};
        GET DIAGNOSTICS changed = ROW_COUNT;
        RAISE EXCEPTION USING ERRCODE = 'P0003';
    EXCEPTION
        WHEN too_many_rows THEN results := results || jsonb_build_array(jsonb_build_array('', changed, ''));
        WHEN OTHERS THEN results := results || jsonb_build_array(jsonb_build_array(SQLSTATE, 0, SQLERRM));
    END;"""
