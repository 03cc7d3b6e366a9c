"""Commands on signatures: `clincore verify`, for whoever has a revision, and `clincore signing`, for operators.

What they sign and verify with takes a tenth of a second to import, so that each command does it itself.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from clincore import settings, startup
from clincore.cli.tenants import AsJson, print_json, print_table, printable
from clincore.db.operator_queries import signing_keys
from clincore.db.session import OperatorError

if TYPE_CHECKING:
    from clincore.records.verification import Check

signing_app = typer.Typer(no_args_is_help=True, help="Keys that revisions are signed with. For operators.")


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="What GET /cases/{case_id}/revisions/{revision} answered; - for stdin."),
    ],
    jwks: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What GET /.well-known/jwks.json answered; without it, this database's keys."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify signed revisions without the service.

    With --jwks nothing but the files is read, neither settings nor a database. Of several files of one case, all
    revisions from the first on, the chain is verified too. Exit code 0: all holds; 1: something does not.
    """
    from clincore.records import verification

    keys = _read_jwks(jwks) if jwks is not None else _own_jwks()
    exported = [_read_json(file) for file in files]
    results: list[dict[str, Any]] = []
    for file, one in zip(files, exported, strict=True):
        checks = verification.check_revision(one, keys)
        is_read = not any(check.check == "form" for check in checks)
        results.append(
            {
                "file": str(file),
                "case_id": one["case_id"] if is_read else None,
                "revision": one["revision"] if is_read else None,
                "valid": all(check.passed for check in checks),
                "checks": [check._asdict() for check in checks],
                "erased": verification.erased(one) if is_read else [],
            }
        )
    chain = _chain(exported) if len(files) > 1 and all(result["revision"] for result in results) else []
    valid = all(result["valid"] for result in results) and all(check.passed for check in chain)
    if as_json:
        print_json({"valid": valid, "chain": [check._asdict() for check in chain], "files": results})
    else:
        for result in results:
            named = (
                f"revision {result['revision']} of case {result['case_id']}" if result["revision"] else "no revision"
            )
            print(f"{result['file']}: {printable(named)}")
            _print_checks(result["checks"])
        _print_checks([check._asdict() for check in chain])
        print("VALID" if valid else "NOT VALID")
    raise typer.Exit(0 if valid else 1)


@signing_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the public keys, oldest first, and which one signs now."""
    from clincore.records import signing_key as signing

    found = startup.prepare_operator()
    file = startup.signing_file(settings.load(), found)
    try:
        current = signing.read(file).kid if file is not None and file.exists() else None
    except signing.NoSigningKey as error:
        raise startup.fail(str(error)) from None
    with startup.operator() as connection:
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

    The file of the key is replaced, in one step; a running service takes the new one for its next signature. The old
    private key is gone; its public half stays, so that what it signed can be verified for ever.
    """
    from clincore.records import signing_key as signing
    from clincore.records.signature import generate

    found = startup.prepare_operator()
    file = startup.signing_file(settings.load(), found)
    if file is None:
        raise startup.fail("there is no key to rotate: name the file of one in CLINCORE_SIGNING_KEY.")
    key = generate()
    try:
        signing_keys.publish(found.owner_url, key.jwk)
        signing.replace(file, key)
    except OperatorError as error:
        raise startup.fail(str(error)) from None
    except OSError as error:
        raise startup.fail(f"cannot write {file}: {error.strerror}.") from None
    print(f"Signs from now on: {key.kid}")


def _print_checks(checks: Sequence[dict[str, Any]]) -> None:
    for check in checks:
        print(
            f"  {'passed' if check['passed'] else 'FAILED'}  {printable(check['check'])}: {printable(check['detail'])}"
        )


def _chain(exported: Sequence[dict[str, Any]]) -> "list[Check]":
    from clincore.records import verification

    try:
        if len({one["case_id"] for one in exported}) > 1:
            return [verification.Check("chain", False, "The files are of several cases.")]
        return verification.check_chain(sorted(exported, key=lambda one: int(one["revision"])), None)
    except (TypeError, ValueError, OverflowError):
        return [verification.Check("chain", False, "A file names no case or no revision that can be put in order.")]


def _read_json(file: Path) -> Any:
    try:
        return orjson.loads(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    except OSError as error:
        raise startup.fail(f"cannot read {file}: {error.strerror}.") from None
    except ValueError:
        raise startup.fail(
            f"{file} is not JSON. Save what GET /cases/{{case_id}}/revisions/{{revision}} answers."
        ) from None


def _read_jwks(file: Path) -> dict[str, Any]:
    document = _read_json(file)
    try:
        return {key["kid"]: key for key in document["keys"]}
    except (KeyError, TypeError):
        raise startup.fail(f"{file} is no JSON Web Key Set. Save what GET /.well-known/jwks.json answers.") from None


def _own_jwks() -> dict[str, Any]:
    with startup.operator() as connection:
        return signing_keys.jwks(connection)
