"""`clincore cases`: list, show and verify the cases of the tenant whose key is used, over the API."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from clincore.cli.api import Service, UrlOption, find_key, find_url
from clincore.cli.output import (
    AsJson,
    CommandError,
    CommandGroup,
    Limit,
    PlainCommand,
    print_json,
    print_table,
    progress_line,
)

cases = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    help="List, show and verify cases over the API, with the stored key or $CLINCORE_API_KEY.",
)

PAGE = 100
STATUS_STYLES = {"draft": "yellow", "final": "green", "amended": "cyan", "cancelled": "dim", "entered_in_error": "red"}

Status = Literal["draft", "final", "amended", "cancelled", "entered_in_error"]
CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="The case's id or its external id.")]


@cases.command("list", cls=PlainCommand)
def list_cases(
    status: Annotated[
        Status | None,
        typer.Option(metavar="STATUS", help="Only these: draft, final, amended, cancelled or entered_in_error."),
    ] = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="Only cases with this tag.")] = None,
    limit: Limit = 50,
    url: UrlOption = None,
    as_json: AsJson = False,
) -> None:
    """List cases, newest first.

    \b
    Examples:
      clincore cases list
      clincore cases list --status draft --json
    """
    service = connect(url)
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    with progress_line() as show:
        while len(found) < limit:
            page = service.get("/cases", status=status, tag=tag, limit=min(limit - len(found), PAGE), cursor=cursor)
            found += page["items"]
            cursor = page.get("next_cursor")
            if cursor is None:
                break
            show(f"{len(found)} cases")
    if as_json:
        print_json({"items": found})
        return
    # Either id names a case, so a narrow terminal needs only one of them.
    has_names = all(one["external_id"] is not None for one in found)
    print_table(
        ("external id", "title", "status", "changed", "id"),
        [[one["external_id"], one["title"], one["status"], one["updated_at"][:10], one["id"]] for one in found],
        optional=("id", "changed") if has_names else ("external id", "changed", "status"),
        styles=STATUS_STYLES,
    )
    if cursor is not None:
        print(f"Showing {len(found)}. Use --limit to show more.", file=sys.stderr)


@cases.command("show", cls=PlainCommand)
def show_case(case: CaseArgument, url: UrlOption = None, as_json: AsJson = False) -> None:
    """Show a case with its content and signatures. The access is recorded in the case's access log.

    \b
    Examples:
      clincore cases show demo-01
      clincore cases show demo-01 --json
    """
    from clincore.cli.case_text import print_case

    service = connect(url)
    case_id = find_case(service, case)
    shown = service.get(f"/cases/{case_id}")
    if as_json:
        print_json(shown)
        return
    signed = service.get(f"/cases/{case_id}/revisions", limit=PAGE)["items"] if shown["revision"] else []
    print_case(shown, signed)


@cases.command("verify", cls=PlainCommand)
def verify_case(
    case: CaseArgument,
    jwks: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Trust only the public keys in this file. Default: those of the service."),
    ] = None,
    url: UrlOption = None,
    as_json: AsJson = False,
) -> None:
    """Fetch all signed revisions of a case, and verify signatures, hashes and their chain on this machine.

    The service only supplies the texts. With --jwks the result needs no trust in it; without, it supplies the keys too.

    Exit code 0: everything is valid. Exit code 1: something is not valid, or nothing was signed.

    \b
    Examples:
      clincore cases verify demo-01
      clincore cases verify demo-01 --jwks jwks.json
    """
    from clincore.cli.verify import check_all, print_result, read_jwks

    service = connect(url)
    case_id = find_case(service, case)
    keys = read_jwks(jwks) if jwks is not None else keys_of(service)
    with progress_line() as show:
        exported = []
        newest = service.get(f"/cases/{case_id}/revisions", limit=1)["items"]
        last = newest[0]["revision"] if newest else 0
        for number in range(1, last + 1):
            show(f"revision {number} of {last}")
            exported.append((case, service.get(f"/cases/{case_id}/revisions/{number}")))
    if not exported:
        raise CommandError(f"the case {case_id} has no signed revision. Sign it first.")
    result = check_all(exported, keys)
    print_result(result, as_json)
    raise typer.Exit(0 if result["valid"] else 1)


def connect(url: str | None) -> Service:
    """The service with the key for it.

    Raises:
        CommandError: there is no key.
    """
    found = find_url(url)
    return Service(found, find_key(found))


def find_case(service: Service, given: str) -> str:
    """The id of the case with this id or external id. Of cases with the same one, the case that has not ended.

    Raises:
        CommandError: the tenant has no such case.
    """
    try:
        return str(UUID(given))
    except ValueError:
        pass
    # Without a status, the API finds only cases that have not ended.
    for status in (None, "entered_in_error", "cancelled"):
        found = service.get("/cases", external_id=given, status=status, limit=1)["items"]
        if found:
            return str(found[0]["id"])
    raise CommandError(f"no case has the id or external id {given[:100]!r}. See: clincore cases list")


def keys_of(service: Service) -> dict[str, Any]:
    """The service's public keys, by `kid`."""
    return {key["kid"]: key for key in service.get("/.well-known/jwks.json")["keys"]}
