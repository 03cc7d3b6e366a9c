"""`clincore compact`: remove erased text from the files of the tables."""

from clincore.cli.operator import operator_connection
from clincore.cli.output import AsJson, CommandError, print_json, progress_line


def compact(as_json: AsJson = False) -> None:
    """Rewrite the tables so that their files no longer contain erased text. Run it on a schedule.

    Each table is locked while it is rewritten; during that time, requests that need it get 503. PostgreSQL's
    write-ahead log and backups still contain the erased text: see docs/erasure.md. It cannot rewrite the tables of a
    Citus cluster.

    \b
    Example:
      clincore compact
    """
    from clincore.db.catalogue.citus import is_distributed
    from clincore.db.operator_queries import compact as queries

    compacted = []
    with operator_connection() as owner, progress_line() as show:
        if is_distributed(owner):
            raise CommandError(
                "The tables are on several nodes. As a superuser, run on the coordinator: VACUUM (FULL, ANALYZE)"
            )
        try:
            for table in queries.TABLES:
                show(f"rewriting {table}")
                compacted.append(queries.compact(owner, table))
        except queries.NotRewritten as error:
            raise CommandError(str(error)) from None
    if as_json:
        print_json({"items": [one._asdict() for one in compacted]})
    else:
        for one in compacted:
            print(f"{one.table}: {one.bytes_before} bytes, now {one.bytes_after}.")
    kept = sum(one.dead_rows_kept for one in compacted)
    if kept:
        raise CommandError(
            f"{kept} changed or deleted rows were kept, because a transaction, a standby or a replication slot may"
            " still read them. End it, then run clincore compact again."
        )
