"""`clincore signing`: the keys that revisions are signed with."""

import sys
from datetime import UTC, datetime
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clincore.cli.operator import database_errors, owner_server
from clincore.cli.output import AsJson, CommandError, CommandGroup, print_json, print_table
from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.db.operator_queries.signing_keys import Published

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
        print_json({"items": [row | {"signs": row["kid"] == current and _is_in_use(row)} for row in rows]})
        return
    print_table(
        ("kid", "published", "retired", "compromised", "signs"),
        [
            [
                *(row[name] for name in ("kid", "created_at", "retired_at", "compromised_at")),
                "now" if row["kid"] == current and _is_in_use(row) else "-",
            ]
            for row in rows
        ],
    )


def _is_in_use(row: dict[str, Any]) -> bool:
    return row["retired_at"] is None and row["compromised_at"] is None


@signing_app.command("rotate")
def rotate() -> None:
    """Sign with a new key from now on, and retire the former one.

    The file of the key is replaced, in one step; a running service takes the new key for its next signature. The old
    private key is gone; its public half stays, so that what it signed can still be verified. What is dated after its
    retirement is not valid. Services that have a copy of the old file sign nothing until they get the new one.
    """
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.db.session import operator_session
    from clincore.records import signing_key as signing
    from clincore.records.signature import generate

    with owner_server() as (configured, server):
        file = startup.signing_file(configured, server)
        if file is None:
            raise StartupError("there is no key to rotate: name the file of one in CLINCORE_SIGNING_KEY.")
        try:
            former = signing.read(file, may_be_open=True).kid
        except signing.NoSigningKey as error:
            # Lost or broken, which is a reason to rotate.
            former = None
            print(
                f"clincore: {error} The former key was not retired: find it with `clincore signing list` and end it"
                " with `clincore signing revoke KID`.",
                file=sys.stderr,
            )
        key = generate()
        try:
            with database_errors(server.owner_url):
                signing_keys.publish(server.owner_url, key.jwk)
            # Before the former key is retired, so that there is always one that signs.
            signing.replace(file, key)
        except OSError as error:
            raise CommandError(f"cannot write {file}: {error.strerror}.", exit_code=2) from None
        print(f"Signs from now on: {key.kid}", flush=True)
        if former is not None:
            with database_errors(server.owner_url), operator_session(server.owner_url) as connection:
                ended = signing_keys.end(connection, former)
            if ended is not None:
                _wait_for(ended)
                print(f"Retired: {former}")


# Ids of keys can begin with a hyphen.
@signing_app.command("revoke", context_settings={"ignore_unknown_options": True})
def revoke(
    kid: Annotated[str, typer.Argument(metavar="KID", help="The key's id, as `clincore signing list` shows it.")],
    compromised_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Since when another may have the private key, such as 2026-03-02T09:00:00Z. What is dated from then on"
            " is not valid.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let a key sign nothing more, at once and everywhere. An earlier end stays.

    Without --compromised-at what is dated until now stays valid. A key that is stolen can date its signatures back:
    give the earliest time at which it can have been.
    """
    from clincore.db.operator_queries import signing_keys
    from clincore.db.session import operator_session

    since = _past(compromised_at) if compromised_at is not None else None
    with owner_server() as (_, server):
        with database_errors(server.owner_url), operator_session(server.owner_url) as connection:
            ended = signing_keys.end(connection, kid, compromised_at=since)
        if ended is None:
            raise CommandError("no key with this id was published. See: clincore signing list")
        _wait_for(ended)
    if as_json:
        print_json(ended._asdict())
        return
    print(f"Signs nothing more: {kid}")
    for word, time in (("retired", ended.retired_at), ("compromised", ended.compromised_at)):
        if time is not None:
            print(f"What is dated from {time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC on is not valid ({word}).")


def _past(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text[:40]!r} is no time such as 2026-03-02T09:00:00Z.", exit_code=2) from None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    if time > datetime.now(UTC):
        raise CommandError("--compromised-at is in the future.", exit_code=2)
    return time


def _wait_for(key: "Published") -> None:
    """Wait until a key that was just retired is at its end: what is signed in this moment is still valid."""
    from clincore.db.operator_queries import signing_keys

    end = min(time for time in (key.retired_at, key.compromised_at) if time is not None)
    remaining = (end - datetime.now(UTC)).total_seconds()
    sleep(min(max(remaining, 0.0), signing_keys.RETIRING_SECONDS))
