"""`clincore signing`: the keys that revisions are signed with."""

import typer

from clincore.cli.operator import database_errors, owner_server
from clincore.cli.output import AsJson, CommandError, CommandGroup, print_json, print_table
from clincore.errors import StartupError

signing_app = typer.Typer(
    cls=CommandGroup, no_args_is_help=True, help="Keys that revisions are signed with. For operators."
)


@signing_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the public keys, oldest first, and which one signs now."""
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.db.session import operator_session
    from clincore.records import signing_key as signing

    with owner_server() as (configured, server):
        file = startup.signing_file(configured, server)
        try:
            current = signing.read(file).kid if file is not None and file.exists() else None
        except signing.NoSigningKey as error:
            raise StartupError(str(error)) from None
        with database_errors(server.owner_url), operator_session(server.owner_url) as connection:
            rows = [key._asdict() for key in signing_keys.published(connection)]
    if as_json:
        print_json({"items": [row | {"signs": row["kid"] == current} for row in rows]})
        return
    print_table(
        ("kid", "published", "signs"),
        [[row["kid"], row["created_at"], "now" if row["kid"] == current else "-"] for row in rows],
    )


@signing_app.command("rotate")
def rotate() -> None:
    """Sign with a new key from now on.

    The file of the key is replaced, in one step; a running service takes the new key for its next signature. The old
    private key is gone; its public half stays, so that what it signed can still be verified.
    """
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.records import signing_key as signing
    from clincore.records.signature import generate

    with owner_server() as (configured, server):
        file = startup.signing_file(configured, server)
        if file is None:
            raise StartupError("there is no key to rotate: name the file of one in CLINCORE_SIGNING_KEY.")
        key = generate()
        try:
            with database_errors(server.owner_url):
                signing_keys.publish(server.owner_url, key.jwk)
            signing.replace(file, key)
        except OSError as error:
            raise CommandError(f"cannot write {file}: {error.strerror}.", exit_code=2) from None
    print(f"Signs from now on: {key.kid}")
