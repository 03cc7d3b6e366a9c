"""Attacks by tenant B on tenant A's rows: in every table, over connections like the service's."""

from psycopg import sql

from clincore.isolation import commands, probes, reads, sequences, sessions, shards, stacking, writes
from clincore.isolation.harness import Actor, Scene, attempt, compose, judge, record_errors, transaction
from clincore.isolation.report import Report
from clincore.isolation.shape import Shape


def run(scene: Scene, app_url: str, report: Report) -> None:
    """Run all attacks. Each kind of attack is one entry of the report."""
    roles: list[Actor] = ["the service", "the service with all privileges", "the owner"]
    for who in roles:
        whole = report.entry("attacks", f"statements as {who}", f"Every statement was tried as {who}")
        if who != "the service" and scene.owner is None:
            whole.mark_unproven("this needs the owner's login")
            continue
        if who == shards.WHO and scene.is_distributed:
            shards.run(scene, report)
            continue
        for shape in scene.shapes:
            whole.try_on(shape.table.quoted)
            with record_errors(whole, shape.table.quoted):
                _statements(scene, shape, who, report)
                if who != "the owner":
                    _control(scene, shape, who, report)
            if who != "the owner":
                with record_errors(whole, shape.table.quoted):
                    probes.constraints(scene, shape, who, report)
    whole = report.entry("attacks", "sequences of statements", "Every sequence of statements was tried")
    for attack in (
        sequences.settings,
        sequences.forged,
        sequences.generic_plans,
        sequences.savepoints,
        sequences.held_cursors,
        sequences.new_tables,
        sequences.functions,
        commands.functions_of_citus,
    ):
        whole.tried += 1
        with record_errors(whole, attack.__name__.replace("_", " ")):
            attack(scene, report)
    with record_errors(whole, "session"):
        sessions.session(scene, app_url, report)
    with record_errors(whole, "stacked statements"):
        stacking.in_session(scene, app_url, report)
        stacking.leave_role(scene, report)


def _statements(scene: Scene, shape: Shape, who: Actor, report: Report) -> None:
    """Single statements on one table, as tenant B."""
    table = shape.table.quoted
    with transaction(scene, who, scene.b, shape) as connection:

        def tried(kind: str, statement: sql.Composed) -> None:
            entry = report.entry("attacks", f"{kind} as {who}", f"{kind} as {who}")
            entry.try_on(table)
            judge(scene, entry, attempt(connection, statement), table, statement, f"as {who}")

        for statement in reads.selects(shape, scene):
            tried("SELECT", statement)
        for kind, statement in writes.changes(shape, scene, who):
            tried(kind, statement)
        for kind, statement in writes.inserts(shape, scene, who):
            tried(kind, statement)
        copies = report.entry("attacks", f"COPY as {who}", f"COPY as {who}")
        reads.copy_out(scene, shape, who, connection, copies)
        writes.copy_in(scene, shape, who, connection, copies)


def _control(scene: Scene, shape: Shape, who: Actor, report: Report) -> None:
    """Check that each tenant finds its own row: otherwise an attack that finds nothing proves nothing."""
    table = shape.table.quoted
    entry = report.entry("attacks", "control", "Each tenant reaches its own rows")
    for tenant in (scene.a, scene.b):
        with transaction(scene, who, tenant, shape) as connection:
            entry.try_on(table)
            own = attempt(
                connection,
                compose("SELECT 1 FROM {t} WHERE {k} = {own} LIMIT 1", shape, scene, own=sql.Literal(tenant)),
            )
            if who == "the service" and own.state == "42501":
                # The service may not read this table at all.
                continue
            if not own.rows:
                entry.mark_unproven(f"{table}: the tenant does not see its own row as {who} ({own})")
