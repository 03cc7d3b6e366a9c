"""`clincore tenants delete`: every row of a tenant, after an export and with a receipt."""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from clincore.cli import tenant_folder
from clincore.cli.operator import TenantArgument, database_errors, find_tenant, operator_connection, owner_server
from clincore.cli.output import (
    AsJson,
    CommandError,
    DryRun,
    PlainCommand,
    print_json,
    print_message,
    print_table,
    printable,
    progress_line,
)
from clincore.cli.tenant_copies import folder_errors, write_copy
from clincore.cli.tenants import tenants

if TYPE_CHECKING:
    from clincore.db.operator_queries.run import Connection
    from clincore.db.operator_queries.tenants import Standing


@tenants.command("delete", cls=PlainCommand)
def delete_tenant(
    tenant: TenantArgument,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A new or empty folder for the export and the receipt.")
    ],
    no_export: Annotated[bool, typer.Option("--no-export", help="Delete without an export.")] = False,
    confirmed: Annotated[
        str | None, typer.Option("--yes", metavar="NAME", help="The tenant's name, instead of asking for it.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Delete a tenant: every row of it in every table, with its keys, usage, access log and name.

    The tenant is suspended and exported first. The rows are deleted in short transactions. When the command is
    interrupted, run it again: it continues. The receipt, FOLDER/receipt.json, has the number of rows and the hash of
    the exported file of each table.

    \b
    Example:
      clincore tenants delete your-org-name /backups/your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with folder_errors(folder):
        with operator_connection() as connection:
            if _finish_receipt(connection, tenant, folder, as_json):
                return
            tenant_id = find_tenant(connection, tenant)
            standing = queries.standing(connection, tenant_id)
            if dry_run:
                _print_rows(connection, tenant_id, standing.name, as_json)
                return
        _confirm(standing.name, confirmed)
        if standing.deletion is None:
            standing = _begin(tenant_id, folder, exports=not no_export)
        else:
            folder.mkdir(mode=0o700, exist_ok=True)
        assert standing.deletion is not None
        if standing.deletion["manifest_sha256"] is not None:
            tenant_folder.publish(folder, tenant_folder.MANIFEST, standing.deletion["manifest_sha256"])
        receipt = _delete(tenant_id, standing, folder)
        tenant_folder.publish(folder, tenant_folder.RECEIPT)
    _print_receipt(receipt, folder, as_json)


def _finish_receipt(connection: "Connection", tenant: str, folder: Path, as_json: bool) -> bool:
    """Give the receipt its name, if a former run was interrupted between its commit and that."""
    from clincore.db.operator_queries import tenants as queries

    receipt = tenant_folder.read_receipt(folder)
    if receipt is None or tenant not in (receipt["tenant_id"], receipt["tenant_name"]):
        return False
    if queries.find_tenant(connection, receipt["tenant_id"]) is not None:
        return False
    tenant_folder.publish(folder, tenant_folder.RECEIPT)
    _print_receipt(receipt, folder, as_json)
    return True


def _print_rows(connection: "Connection", tenant_id: UUID, name: str, as_json: bool) -> None:
    """Print how many rows of the tenant a deletion would remove."""
    from clincore.db.operator_queries import tenant_rows

    rows = {table.name: tenant_rows.count(connection, table, tenant_id) for table in tenant_rows.tables(connection)}
    if as_json:
        print_json({"tenant_id": tenant_id, "tenant_name": name, "rows": rows})
        return
    print_table(("table", "rows"), list(rows.items()))
    print_message(f"{sum(rows.values())} rows of {printable(name)} would be deleted.")


def _confirm(name: str, given: str | None) -> None:
    """Compare the given name with the tenant's, and ask for it if none is given."""
    if given is None:
        print_message(f"This deletes every row of {printable(name)}. Type its name to continue:", sys.stderr, end=" ")
        line = sys.stdin.readline()
        if not line:
            # No person and no script has answered.
            print(file=sys.stderr)
            raise CommandError("the tenant's name is needed: give it with --yes. Nothing was done.", exit_code=2)
        given = line.rstrip("\n")
    if given != name:
        raise CommandError("the name is not the tenant's. Nothing was done.", exit_code=2)


def _begin(tenant_id: UUID, folder: Path, *, exports: bool) -> "Standing":
    """Suspend and export the tenant, and mark it as one that is being deleted."""
    from clincore.db.operator_queries import tenant_rows
    from clincore.db.operator_queries import tenants as queries
    from clincore.deadline import REQUEST_SECONDS

    tenant_folder.claim(folder)
    with operator_connection() as connection:
        queries.suspend(connection, tenant_id)
        since = queries.standing(connection, tenant_id).suspended_for
    # Requests that were admitted before still end.
    with progress_line("waiting for requests in progress"):
        sleep(max(0.0, REQUEST_SECONDS - since))
    manifest, sha256 = write_copy(tenant_id, folder) if exports else (None, None)
    with operator_connection() as connection:
        # With the row locked, no other transaction can add a row that refers to the tenant.
        queries.lock(connection, tenant_id)
        counted = {
            table.name: tenant_rows.count(connection, table, tenant_id) for table in tenant_rows.tables(connection)
        }
        if manifest is not None:
            for name, rows in counted.items():
                if rows != manifest.tables[name].rows:
                    raise CommandError(
                        f"the rows of {name} have changed since they were exported. Nothing was deleted, and the tenant"
                        f" is suspended. Remove {folder}, and run the command again."
                    )
        queries.mark_deletion(
            connection,
            tenant_id,
            {
                "began_at": datetime.now(UTC).isoformat(),
                "manifest_sha256": sha256,
                "tables": {
                    name: {"rows": rows, "sha256": manifest.tables[name].sha256 if manifest else None}
                    for name, rows in counted.items()
                },
            },
        )
        return queries.standing(connection, tenant_id)


def _delete(tenant_id: UUID, standing: "Standing", folder: Path) -> dict[str, Any]:
    """Delete the rows of a marked tenant, and write the receipt."""
    from clincore.db.operator_queries import tenant_rows
    from clincore.db.operator_queries import tenants as queries
    from clincore.db.session import operator_session

    assert standing.deletion is not None
    with owner_server() as (_, server), database_errors(server.owner_url), progress_line() as show:
        with operator_session(server.owner_url) as connection:
            order = tenant_rows.tables(connection)[::-1]
        # The tenant's row and its name stay until all others are deleted: a second run finds the tenant by them.
        for table in order:
            if table.name in ("tenants", "tenant_names"):
                continue
            deleted, done = tenant_rows.DELETED_AT_ONCE, 0
            while deleted == tenant_rows.DELETED_AT_ONCE:
                show(f"deleting {table.name}: {done} rows")
                with operator_session(server.owner_url) as connection:
                    deleted = tenant_rows.delete(connection, table, tenant_id, at_most=tenant_rows.DELETED_AT_ONCE)
                done += deleted
        with operator_session(server.owner_url) as connection:
            queries.lock(connection, tenant_id)
            for table in order:
                # A roll-up of usage that was in progress may have added rows.
                tenant_rows.delete(connection, table, tenant_id)
            receipt = {
                "tenant_id": str(tenant_id),
                "tenant_name": standing.name,
                "schema": tenant_rows.schema(connection),
                **standing.deletion,
                "finished_at": datetime.now(UTC).isoformat(),
            }
            tenant_folder.write_receipt(folder, receipt)
    return receipt


def _print_receipt(receipt: dict[str, Any], folder: Path, as_json: bool) -> None:
    if as_json:
        print_json(receipt)
        return
    rows = Counter({name: table["rows"] for name, table in receipt["tables"].items()}).total()
    print_message(
        f"{printable(receipt['tenant_name'])} is deleted: {rows} rows. Receipt: {folder / tenant_folder.RECEIPT}"
    )
