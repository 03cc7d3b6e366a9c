"""`clincore signing`: list, rotate and revoke the keys that sign revisions."""

import re
import sys
from datetime import UTC, datetime
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clincore.cli.operator import database_errors, owner_server, owner_session
from clincore.cli.output import (
    AsJson,
    CommandError,
    CommandGroup,
    DryRun,
    PlainCommand,
    Yes,
    confirm,
    print_json,
    print_message,
    print_table,
    progress_line,
)
from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.db.operator_queries.signing_keys import Published

signing_app = typer.Typer(cls=CommandGroup, no_args_is_help=True, help="Manage the keys that sign revisions.")


@signing_app.command("list", cls=PlainCommand)
def list_keys(as_json: AsJson = False) -> None:
    """List the public keys, oldest first, and show which one signs now.

    \b
    Example:
      clincore signing list
    """
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.records import signing_key as signing

    with owner_server() as (configured, server):
        file = startup.signing_file(configured, server)
        try:
            current = signing.read(file).kid if file is not None and file.exists() else None
        except signing.NoSigningKey as error:
            raise StartupError(str(error)) from None
        with owner_session(server) as connection:
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
        optional=("published",),
    )


def _is_in_use(row: dict[str, Any]) -> bool:
    return row["retired_at"] is None and row["compromised_at"] is None


@signing_app.command("rotate", cls=PlainCommand)
def rotate(yes: Yes = False, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Create a new signing key, and retire the current one.

    The key file is replaced in one step. A running instance uses the new key from its next signature on. Instances that
    have a copy of the former file cannot sign until they get the new one.

    The former private key is deleted. Its public key stays published, so its signatures can still be verified.
    Signatures dated after its retirement are invalid.

    \b
    Example:
      clincore signing rotate
    """
    from clincore import startup
    from clincore.db.operator_queries import signing_keys
    from clincore.records import signing_key as signing
    from clincore.records.signature import generate

    with owner_server() as (configured, server):
        file = startup.signing_file(configured, server)
        if file is None:
            raise StartupError("there is no signing key to rotate. Set CLINCORE_SIGNING_KEY to the key file.")
        try:
            former = signing.read(file, may_be_open=True).kid
        except signing.NoSigningKey as error:
            # A lost or broken key is a reason to rotate.
            former = None
            print_message(
                f"clincore: {error} The former key was not retired. Find its id with `clincore signing list`, then run"
                " `clincore signing revoke KID`.",
                sys.stderr,
            )
        if dry_run:
            if as_json:
                print_json({"kid": None, "retired": former})
                return
            print("Would sign from now on: a new key")
            if former is not None:
                print(f"Would be retired: {former}")
            return
        confirm(f"This retires the key {former or 'that was lost'} and deletes its private half. Continue?", yes)
        key = generate()
        try:
            # First, because the folder may be read-only: a public half that was published would stay.
            staged = signing.stage(file, key)
            try:
                with database_errors(server.owner_url):
                    signing_keys.publish(server.owner_url, key.jwk)
                # Replace the file before the old key is retired, so that there is always a key that signs.
                staged.replace(file)
            finally:
                staged.unlink(missing_ok=True)
        except OSError as error:
            raise CommandError(
                f"cannot write {file}: {error.strerror}. Put a new key there in another way. Then run"
                f" `clincore migrate`, and `clincore signing revoke {former or 'KID'}`.",
                exit_code=2,
            ) from None
        if not as_json:
            print(f"Signs from now on: {key.kid}", flush=True)
        ended = None
        if former is not None:
            with owner_session(server) as connection:
                ended = signing_keys.end(connection, former)
            if ended is not None:
                _wait_for(ended)
    if as_json:
        print_json({"kid": key.kid, "retired": None if ended is None else former})
    elif ended is not None:
        print(f"Retired: {former}")


class _KeyIdCommand(PlainCommand):
    """A command whose argument, a key's id, may begin with a hyphen."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ids = [word for word in args if re.fullmatch(r"-[\w-]{42}", word, re.ASCII)]
        rest = [word for word in args if word not in ids]
        return super().parse_args(ctx, [*rest, "--", *ids] if ids else args)


@signing_app.command("revoke", cls=_KeyIdCommand)
def revoke(
    kid: Annotated[str, typer.Argument(metavar="KID", help="The key's id, as `clincore signing list` shows it.")],
    compromised_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="When the private key may have been stolen, such as 2026-03-02T09:00:00Z. Signatures dated from then"
            " on are invalid.",
        ),
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Stop a key from signing, at once and in every instance. Earlier times of retirement or compromise are kept.

    Without --compromised-at, signatures dated before now stay valid. A stolen key can sign with an earlier date, so
    give the earliest time at which it may have been stolen.

    \b
    Examples:
      clincore signing list
      clincore signing revoke KID --compromised-at 2026-03-02T09:00:00Z
    """
    from clincore.db.operator_queries import signing_keys

    since = _past(compromised_at) if compromised_at is not None else None
    with owner_server() as (_, server):
        with owner_session(server) as connection:
            is_known = any(key.kid == kid for key in signing_keys.published(connection))
        if is_known and not dry_run:
            confirm(f"The key {kid} will never sign again. Continue?", yes)
        with owner_session(server) as connection:
            ended = signing_keys.end(connection, kid, compromised_at=since)
            if dry_run:
                connection.rollback()
        if ended is None:
            raise CommandError("no published key has this id. See: clincore signing list")
        if not dry_run:
            _wait_for(ended)
    if as_json:
        print_json(ended._asdict())
        return
    print(f"{'Would no longer sign' if dry_run else 'No longer signs'}: {kid}")
    for word, time in (("retired", ended.retired_at), ("compromised", ended.compromised_at)):
        if time is not None:
            print_message(
                f"Signatures dated {time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC or later are invalid ({word})."
            )


def _past(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--compromised-at: {text[:40]!r} is not a time. Write it like 2026-03-02T09:00:00Z.", exit_code=2
        ) from None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    if time > datetime.now(UTC):
        raise CommandError("--compromised-at is in the future. Give a time in the past.", exit_code=2)
    return time


def _wait_for(key: "Published") -> None:
    """Wait until a key that was just retired is no longer valid: requests in progress may still sign with it."""
    from clincore.db.operator_queries import signing_keys

    end = min(time for time in (key.retired_at, key.compromised_at) if time is not None)
    remaining = (end - datetime.now(UTC)).total_seconds()
    with progress_line("waiting until requests in progress no longer sign with the key"):
        sleep(min(max(remaining, 0.0), signing_keys.RETIRING_SECONDS))
