"""`clincore tenants suspend`, `resume`, `export`, `import` and `delete`: tenants as a whole."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
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
from clincore.cli.tenant_folder import Manifest, UnfitFolder
from clincore.cli.tenants import tenants

if TYPE_CHECKING:
    from clincore.db.operator_queries.run import Connection
    from clincore.db.operator_queries.tenants import Standing

BYTES_AT_ONCE = 4 << 20
"""Lines of an import that are sent together."""

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder. It is made private.")]


@tenants.command("suspend", cls=PlainCommand)
def suspend_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Refuse the keys of a tenant from the next request on, with 403 tenant-suspended. Its data is kept.

    A write whose body is still on its way is refused, too. Refused requests are not metered.

    \b
    Example:
      clincore tenants suspend your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
        queries.suspend(connection, tenant_id)
        standing = queries.standing(connection, tenant_id)
    _print_standing(tenant_id, standing, as_json)


@tenants.command("resume", cls=PlainCommand)
def resume_tenant(tenant: TenantArgument, as_json: AsJson = False) -> None:
    """Accept the keys of a suspended tenant again.

    \b
    Example:
      clincore tenants resume your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
        if not queries.resume(connection, tenant_id):
            raise CommandError("the deletion of this tenant has begun. Finish it with: clincore tenants delete")
        standing = queries.standing(connection, tenant_id)
    _print_standing(tenant_id, standing, as_json)


@tenants.command("export", cls=PlainCommand)
def export_tenant(tenant: TenantArgument, folder: FolderArgument, as_json: AsJson = False) -> None:
    """Write everything of a tenant to a folder: a file of JSON lines for each table, and a manifest.

    The rows are those of one moment. The service keeps running; to move a tenant, suspend it first. The folder has
    clinical text and hashes of API keys. `clincore tenants import` reads it.

    \b
    Example:
      clincore tenants export your-org-name /backups/your-org-name
    """
    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
    with _folder_errors(folder):
        tenant_folder.claim(folder)
        manifest, _ = _export(tenant_id, folder)
        tenant_folder.publish(folder, tenant_folder.MANIFEST)
    rows = sum(table.rows for table in manifest.tables.values())
    if as_json:
        print_json({"tenant_id": tenant_id, "folder": str(folder), "rows": rows})
        return
    print_message(
        f"{printable(manifest.tenant_name)} is exported: {rows} rows of {len(manifest.tables)} tables in {folder}."
    )


@tenants.command("import", cls=PlainCommand)
def import_tenant(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `clincore tenants export` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Create a tenant from an exported folder, with its keys, cases, signatures and usage, in one transaction.

    The database must have the schema from which the tenant was exported, and no tenant with its id or name. Public keys
    of its signatures that are not published here are published as retired: they sign nothing from now on. A tenant that
    was suspended stays so.

    \b
    Example:
      clincore tenants import /backups/your-org-name
    """
    from clincore.db.operator_queries import tenants as queries

    with _folder_errors(folder):
        manifest = tenant_folder.read_manifest(folder)
        tenant_id = _uuid_of(manifest)
        _publish_own_key()
        with operator_connection() as connection:
            _import(connection, manifest, tenant_id, folder)
            standing = queries.standing(connection, tenant_id)
    rows = sum(table.rows for table in manifest.tables.values())
    if as_json:
        print_json({"tenant_id": tenant_id, "rows": rows, "suspended_at": standing.suspended_at})
        return
    print_message(f"{printable(manifest.tenant_name)} is imported: {rows} rows. Its id is {tenant_id}.")
    if standing.suspended_at is not None:
        print_message(f"It is suspended. Its keys work after: clincore tenants resume {tenant_id}")


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

    with _folder_errors(folder):
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


def _print_rows(connection: "Connection", tenant_id: UUID, name: str, as_json: bool) -> None:
    """Print how many rows of the tenant a deletion would remove."""
    from clincore.db.operator_queries import tenant_rows

    rows = {table.name: tenant_rows.count(connection, table, tenant_id) for table in tenant_rows.tables(connection)}
    if as_json:
        print_json({"tenant_id": tenant_id, "tenant_name": name, "rows": rows})
        return
    print_table(("table", "rows"), list(rows.items()))
    print(f"{sum(rows.values())} rows of {printable(name)} would be deleted.")


def _export(tenant_id: UUID, folder: Path) -> tuple[Manifest, str]:
    """Write the tenant's rows and the manifest. Returns it and its SHA-256."""
    from importlib.metadata import version

    from clincore.db.operator_queries import signing_keys, tenant_rows
    from clincore.db.operator_queries import tenants as queries

    written, kids = dict[str, tenant_folder.Table](), set[str]()
    tenant_folder.begin(folder)
    with operator_connection(snapshot=True) as connection, progress_line() as show:
        standing = queries.standing(connection, tenant_id)
        if standing.deletion is not None:
            raise CommandError("the deletion of this tenant has begun, so some of its rows are gone.")
        for table in tenant_rows.tables(connection):
            show(f"writing {table.name}")
            lines = tenant_rows.read(connection, table, tenant_id)
            if table.name == "signatures":
                lines = _noting_kids(lines, kids)
            written[table.name] = tenant_folder.write_table(folder, table.name, lines)
        published = signing_keys.jwks(connection)
        manifest = Manifest(
            tenant_id=str(tenant_id),
            tenant_name=standing.name,
            exported_at=datetime.now(UTC).isoformat(),
            clincore=version("clincore"),
            schema=tenant_rows.last_migration(connection),
            tables=written,
            signing_keys={kid: _as_text(published[kid]) for kid in sorted(kids & published.keys())},
        )
    return manifest, tenant_folder.write_manifest(folder, manifest)


def _noting_kids(lines: Iterable[str], kids: set[str]) -> Iterator[str]:
    """Pass on rows of `signatures`, and add the ids of their keys to `kids`."""
    import orjson

    from clincore.records.signature import kid_of

    for line in lines:
        # A row that was tampered with names no key. Its verification reports that.
        with suppress(ValueError):
            kids.add(kid_of(orjson.loads(line)["jws"]))
        yield line


def _as_text(jwk: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in jwk.items()}


def _publish_own_key() -> None:
    """Publish the key of CLINCORE_SIGNING_KEY, if it is set: it must not be published as retired."""
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.records import signing_key as signing

    with owner_server() as (configured, server), database_errors(server.owner_url):
        file = startup.signing_file(configured, server)
        if file is not None and file.exists():
            try:
                signing_keys.publish(server.owner_url, signing.read(file).jwk)
            except signing.NoSigningKey as error:
                raise CommandError(str(error)) from None


def _import(connection: "Connection", manifest: Manifest, tenant_id: UUID, folder: Path) -> None:
    import psycopg

    from clincore.db.errors import constraint_of
    from clincore.db.operator_queries import signing_keys, tenant_rows
    from clincore.db.operator_queries import tenants as queries

    schema, tables = tenant_rows.last_migration(connection), tenant_rows.tables(connection)
    if manifest.schema != schema:
        raise CommandError(
            f"the tenant was exported at the schema {manifest.schema}, and the database is at {schema}. Import it with"
            f" the version that exported it ({manifest.clincore}), and then upgrade that database."
        )
    if {table.name for table in tables} != set(manifest.tables):
        other = sorted({table.name for table in tables} ^ set(manifest.tables))
        raise CommandError(f"the database and the export have other tables: {', '.join(other)[:300]}")
    for given in (manifest.tenant_id, manifest.tenant_name):
        if queries.find_tenant(connection, given) is not None:
            raise CommandError(f"there is a tenant with the id or name {given!r}. Nothing was imported.")
    kids = set[str]()
    with progress_line() as show:
        for table in tables:
            check = manifest.tables[table.name]
            done = 0
            for lines in tenant_folder.read_table(folder, table.name, check, tenant_rows.ROWS_AT_ONCE, BYTES_AT_ONCE):
                if table.name == "signatures":
                    lines = list(_noting_kids(lines, kids))
                show(f"reading {table.name}: {done} of {check.rows} rows")
                try:
                    inserted = tenant_rows.insert(connection, table, tenant_id, lines)
                except (psycopg.DataError, psycopg.IntegrityError) as error:
                    # Never the driver's text: it has values of the row.
                    what = constraint_of(error) or error.sqlstate
                    raise CommandError(
                        f"{table.name}: a row cannot be stored ({what}). Nothing was imported."
                    ) from None
                if inserted != len(lines):
                    raise CommandError(f"{table.name}: a row is of another tenant. Nothing was imported.")
                done += inserted
    needed = [manifest.signing_keys[kid] for kid in sorted(kids & manifest.signing_keys.keys())]
    try:
        signing_keys.publish_retired(connection, needed)
    except (signing_keys.NotThisKey, psycopg.DataError) as error:
        why = str(error) if isinstance(error, signing_keys.NotThisKey) else "a public key cannot be stored"
        raise CommandError(f"{why}. Nothing was imported.") from None


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
    manifest, sha256 = _export(tenant_id, folder) if exports else (None, None)
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
                "schema": tenant_rows.last_migration(connection),
                **standing.deletion,
                "finished_at": datetime.now(UTC).isoformat(),
            }
            tenant_folder.write_receipt(folder, receipt)
    return receipt


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


def _confirm(name: str, given: str | None) -> None:
    """Compare the given name with the tenant's, and ask for it if none is given."""
    if given is None:
        print(f"This deletes every row of {printable(name)}. Type its name to continue: ", end="", file=sys.stderr)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            # No person and no script has answered.
            print(file=sys.stderr)
            raise CommandError("the tenant's name is needed: give it with --yes. Nothing was done.", exit_code=2)
        given = line.rstrip("\n")
    if given != name:
        raise CommandError("the name is not the tenant's. Nothing was done.", exit_code=2)


def _print_receipt(receipt: dict[str, Any], folder: Path, as_json: bool) -> None:
    if as_json:
        print_json(receipt)
        return
    rows = Counter({name: table["rows"] for name, table in receipt["tables"].items()}).total()
    print_message(
        f"{printable(receipt['tenant_name'])} is deleted: {rows} rows. Receipt: {folder / tenant_folder.RECEIPT}"
    )


def _print_standing(tenant_id: UUID, standing: "Standing", as_json: bool) -> None:
    if as_json:
        print_json({"id": tenant_id, "name": standing.name, "suspended_at": standing.suspended_at})
    elif standing.suspended_at is None:
        print_message(f"{printable(standing.name)} is not suspended.")
    else:
        print_message(f"{printable(standing.name)} is suspended since {standing.suspended_at:%Y-%m-%d %H:%M:%S} UTC.")


def _uuid_of(manifest: Manifest) -> UUID:
    try:
        return UUID(manifest.tenant_id)
    except (ValueError, AttributeError, TypeError):
        raise UnfitFolder("the manifest has no tenant's id") from None


@contextmanager
def _folder_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except UnfitFolder as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(
            f"{folder} cannot be used: {error.strerror}. Make room or set its rights, and run the command again."
        ) from None
