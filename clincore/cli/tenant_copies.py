"""`clincore tenants export` and `import`: the copy of a tenant in a folder."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from clincore.cli import tenant_folder
from clincore.cli.operator import TenantArgument, database_errors, find_tenant, operator_connection, owner_server
from clincore.cli.output import AsJson, CommandError, PlainCommand, print_json, print_message, printable, progress_line
from clincore.cli.tenant_folder import Manifest, UnfitFolder
from clincore.cli.tenants import tenants

if TYPE_CHECKING:
    from clincore.db.operator_queries.run import Connection

BYTES_AT_ONCE = 4 << 20
"""Lines of an import that are sent together."""


@tenants.command("export", cls=PlainCommand)
def export_tenant(
    tenant: TenantArgument,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder. It is made private.")],
    as_json: AsJson = False,
) -> None:
    """Write everything of a tenant to a folder: a file of JSON lines for each table, and a manifest.

    The rows are those of one moment. The service keeps running; to move a tenant, suspend it first. The folder has
    clinical text and hashes of API keys. `clincore tenants import` reads it.

    \b
    Example:
      clincore tenants export your-org-name /backups/your-org-name
    """
    with operator_connection() as connection:
        tenant_id = find_tenant(connection, tenant)
    with folder_errors(folder):
        tenant_folder.claim(folder)
        manifest, _ = write_copy(tenant_id, folder)
        tenant_folder.publish(folder, tenant_folder.MANIFEST)
    rows = sum(table.rows for table in manifest.tables.values())
    if as_json:
        print_json({"tenant_id": tenant_id, "folder": str(folder), "rows": rows})
        return
    print_message(
        f"{printable(manifest.tenant_name)} is exported: {rows} rows of {len(manifest.tables)} tables in {folder}."
    )


def write_copy(tenant_id: UUID, folder: Path) -> tuple[Manifest, str]:
    """Write the tenant's rows and the manifest to a claimed folder. Returns it and its SHA-256.

    Raises:
        CommandError: the tenant's deletion has begun.
    """
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
            schema=tenant_rows.schema(connection),
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

    with folder_errors(folder):
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


def _uuid_of(manifest: Manifest) -> UUID:
    try:
        return UUID(manifest.tenant_id)
    except (ValueError, AttributeError, TypeError):
        raise UnfitFolder("the manifest has no tenant's id") from None


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

    schema, tables = tenant_rows.schema(connection), tenant_rows.tables(connection)
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


@contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Turn errors of the folder into errors of the command."""
    try:
        yield
    except UnfitFolder as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(
            f"{folder} cannot be used: {error.strerror}. Make room or set its rights, and run the command again."
        ) from None
