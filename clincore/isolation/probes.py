"""Probes of constraints: does an error, or its absence, reveal to tenant B that tenant A has a row?"""

from uuid import uuid4

import psycopg
from psycopg import sql

from clincore.db.catalogue.tables import UNIQUE_AMONG_ALL
from clincore.isolation.harness import Actor, Connection, Result, Scene, attempt, transaction
from clincore.isolation.report import Entry, Report
from clincore.isolation.seed import Draft, NoRow, insert, insert_into, unused_value
from clincore.isolation.shape import Reference, Row, Shape
from clincore.isolation.writes import insertable_columns


def constraints(scene: Scene, shape: Shape, who: Actor, report: Report) -> None:
    """A row of B that repeats A's value, or references A's row, must get the same result as an unused value."""
    if shape.key == "id":
        # The key of this table is the tenant, so the only value of A that B can repeat is the name.
        hidden_conflicts(scene, shape, who, report)
        return
    theirs, ours = scene.rows_of_a[shape.table.oid], scene.rows_of_b[shape.table.oid]
    pointing = {name for reference in shape.references for name in reference.columns}
    # A value that is unique among all tenants collides in every index that contains it.
    unique_among_all = {name for index in UNIQUE_AMONG_ALL for name in shape.unique.get(index, ())}
    with transaction(scene, who, scene.b, shape) as connection:
        new = _further_row(scene, shape, connection)
        for index, columns in shape.unique.items():
            stolen = {name: theirs[name] for name in columns if name not in pointing and name != shape.key}
            if new is None or not stolen or unique_among_all & stolen.keys():
                continue
            if None in stolen.values() or all(ours[name] == value for name, value in stolen.items()):
                # B already has the same values and would collide with its own row.
                continue
            entry = report.entry("attacks", f"unique as {who}", f"Probes of unique indexes as {who}")
            for result in _probe(entry, connection, shape, {**new, **stolen}):
                if result.state in ("23505", "23P01") or (not result.state and not result.count):
                    entry.fail(
                        f"index {index} on {shape.table.quoted}",
                        f"As {who}, a row with another tenant's value gets {result}, a row with an unused value gets"
                        " 1 rows. The difference reveals that the value exists.",
                    )
        by_oid = {other.table.oid: other for other in scene.shapes}
        row = {name: value for name, value in (new or ours).items() if name in insertable_columns(shape, who)}
        for reference in shape.references:
            target = by_oid.get(reference.target)
            if target is None or reference.columns == (shape.key,):
                continue
            entry = report.entry("attacks", f"foreign keys as {who}", f"Probes of foreign keys as {who}")
            stolen, unused = _pointers(scene, shape, target, reference)
            if None in stolen.values() or not set(stolen) <= set(row):
                continue
            results = zip(*(_probe(entry, connection, shape, {**row, **to}) for to in (stolen, unused)), strict=True)
            for known, unknown in results:
                if known.count or (unknown.state == "23503" and known.state != "23503"):
                    entry.fail(
                        f"foreign key {reference.name} on {shape.table.quoted}",
                        f"As {who}, a row that references another tenant's row gets {known}, a row that references"
                        f" nothing gets {unknown}.",
                    )
    hidden_conflicts(scene, shape, who, report)


def _further_row(scene: Scene, shape: Shape, connection: Connection) -> dict[str, str | None] | None:
    """Another row of B that the role can insert; None if there is none."""
    try:
        draft = Draft(shape, scene.b, scene.rows_of_b)
        with connection.transaction(force_rollback=True):
            insert(shape, draft, connection)
    except (NoRow, psycopg.errors.InsufficientPrivilege):
        return None
    return draft.row


def _probe(entry: Entry, connection: Connection, shape: Shape, row: Row) -> list[Result]:
    """The results of inserting the row, without and with ON CONFLICT."""
    results = []
    for suffix in (sql.SQL(""), sql.SQL("ON CONFLICT DO NOTHING")):
        entry.try_on(shape.table.quoted)
        results.append(attempt(connection, insert_into(shape, row, suffix)))
    return results


def _pointers(
    scene: Scene, shape: Shape, target: Shape, reference: Reference
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Values that reference A's row, and values that reference nothing."""
    known = scene.rows_of_a[target.table.oid]
    stolen = {
        name: known[target_name]
        for name, target_name in zip(reference.columns, reference.target_columns, strict=True)
        if name != shape.key
    }
    return stolen, {name: unused_value(shape.columns[name], value) for name, value in stolen.items()}


def hidden_conflicts(scene: Scene, shape: Shape, who: Actor, report: Report) -> None:
    """ON CONFLICT DO UPDATE ... WHERE must not reveal the content of a hidden row (CVE-2026-120154)."""
    columns = [column.name for column in shape.columns.values() if column.updatable]
    changed = columns[0] if who == "the service" and columns else shape.key
    may = insertable_columns(shape, who)
    theirs, ours = scene.rows_of_a[shape.table.oid], scene.rows_of_b[shape.table.oid]
    entry = report.entry("attacks", f"hidden conflicts as {who}", f"Conflicts with hidden rows as {who}")
    with transaction(scene, who, scene.b, shape) as connection:
        for index, names in shape.unique.items():
            if shape.key in names or not names or not set(names) <= set(may):
                # The index contains the tenant, so B's row cannot collide with another tenant's.
                continue
            row = {name: theirs[name] if name in names else ours[name] for name in may}
            results = []
            for guess in (scene.a, uuid4()):
                entry.try_on(shape.table.quoted)
                suffix = sql.SQL("ON CONFLICT ({}) DO UPDATE SET {} = EXCLUDED.{} WHERE {}.{} = {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.Identifier(changed),
                    sql.Identifier(changed),
                    sql.Identifier(shape.table.name),
                    sql.Identifier(shape.key),
                    sql.Literal(guess),
                )
                results.append(attempt(connection, insert_into(shape, row, suffix)))
            if (results[0].state, results[0].count) != (results[1].state, results[1].count):
                culprit = f"index {index} on {shape.table.quoted}"
                text = (
                    f"As {who}, ON CONFLICT DO UPDATE ... WHERE reveals the content of the row with the same"
                    f" {', '.join(names)}: a right guess gets {results[0]}, a wrong guess gets {results[1]}"
                    " (CVE-2026-120154)."
                )
                remedy = "Update PostgreSQL to a minor version with the fix."
                if index in UNIQUE_AMONG_ALL:
                    entry.advise(culprit, text, remedy)
                else:
                    entry.fail(culprit, text, remedy)
