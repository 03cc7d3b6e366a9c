"""`clincore verify`: verify signed revisions, offline or with the keys in the service's database."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clincore.cli.operator import operator_connection
from clincore.cli.output import AsJson, CommandError, coloured, print_json, print_message, print_wrapped, printable
from clincore.errors import StartupError

if TYPE_CHECKING:
    from clincore.records.verification import Check


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="A response of GET /cases/{case_id}/revisions/{revision}; - reads it from stdin."
        ),
    ],
    jwks: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A response of GET /.well-known/jwks.json. Default: the public keys in the database."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify signed revisions without the service.

    With --jwks, the command reads only the given files: no settings and no database. With several files, it also
    verifies the chain; the files must then be all revisions of one case up to the newest one given, in any order.

    Exit code 0: everything is valid. Exit code 1: something is not valid.

    \b
    Examples:
      clincore verify revision.json --jwks jwks.json
      clincore cases verify CASE
    """
    exported = [(str(file), _read_json(file, "/cases/{case_id}/revisions/{revision}")) for file in files]
    result = check_all(exported, read_jwks(jwks) if jwks is not None else _own_jwks())
    print_result(result, as_json)
    raise typer.Exit(0 if result["valid"] else 1)


def check_all(exported: Sequence[tuple[str, Any]], keys: dict[str, Any]) -> dict[str, Any]:
    """Check revisions, and their chain if there are several. Returns what --json prints.

    `exported`: the name of each and what the service exports. `keys`: public keys by `kid`.
    """
    from clincore.records import verification

    results: list[dict[str, Any]] = []
    for name, one in exported:
        verified = verification.verified(one, keys)
        is_read = not any(check["check"] == "form" for check in verified["checks"])
        named = {part: one[part] if is_read else None for part in ("case_id", "revision")}
        results.append({"file": name, **named, **verified})
    several = len(exported) > 1 and all(result["revision"] for result in results)
    chain = _chain([one for _, one in exported]) if several else []
    valid = all(result["valid"] for result in results) and all(check.passed for check in chain)
    return {"valid": valid, "chain": [check._asdict() for check in chain], "files": results}


def print_result(result: dict[str, Any], as_json: bool) -> None:
    """Print what `check_all` returns."""
    if as_json:
        print_json(result)
        return
    for one in result["files"]:
        named = f"revision {one['revision']} of case {one['case_id']}" if one["revision"] else "not a revision"
        print_message(f"{printable(one['file'])}: {printable(named)}")
        _print_checks(one["checks"])
    _print_checks(result["chain"])
    print(coloured("VALID", "green") if result["valid"] else coloured("NOT VALID", "red"))


def _print_checks(checks: Sequence[dict[str, Any]]) -> None:
    for check in checks:
        outcome = coloured("passed", "green") if check["passed"] else coloured("FAILED", "red")
        print_wrapped(f"{printable(check['check'])}: {printable(check['detail'])}", f"  {outcome}  ", " " * 10)


def _chain(exported: Sequence[dict[str, Any]]) -> "list[Check]":
    from clincore.records import replay, verification

    try:
        if len({str(one["case_id"]).lower() for one in exported}) > 1:
            return [verification.Check("chain", False, "The files belong to several cases.")]
        in_order = sorted(exported, key=lambda one: int(one["revision"]))
        return [replay.check_chain([replay.link_of(one["revision"], one["signed"]) for one in in_order])]
    except (TypeError, ValueError, OverflowError):
        return [verification.Check("chain", False, "A file lacks a valid case id or revision number.")]


def _read_json(file: Path, source: str) -> Any:
    import orjson

    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        # Windows PowerShell redirects as UTF-16, and some editors put a byte order mark before UTF-8.
        return orjson.loads(content.decode(json.detect_encoding(content)))
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}.", exit_code=2) from None
    except ValueError:
        raise CommandError(f"{file} is not JSON. Save the response of GET {source}.", exit_code=2) from None


def read_jwks(file: Path) -> dict[str, Any]:
    """The public keys in a response of GET /.well-known/jwks.json, by `kid`.

    Raises:
        CommandError: it is not one.
    """
    source = "/.well-known/jwks.json"
    document = _read_json(file, source)
    try:
        return {key["kid"]: key for key in document["keys"]}
    except (KeyError, TypeError):
        raise CommandError(
            f"{file} is not a JSON Web Key Set. Save the response of GET {source}.", exit_code=2
        ) from None


def _own_jwks() -> dict[str, Any]:
    from clincore.db.operator_queries import signing_keys

    try:
        with operator_connection() as connection:
            return signing_keys.jwks(connection)
    except StartupError as error:
        raise CommandError(f"{error} Without a database, give the public keys with --jwks.", exit_code=2) from None
