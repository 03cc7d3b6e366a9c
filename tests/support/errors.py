"""What an error response says, as a problem document or as an OperationOutcome of FHIR."""

import re
from typing import Any

import httpx


def code_of(response: httpx.Response) -> str:
    """The problem type."""
    error = response.json()
    if error.get("resourceType") == "OperationOutcome":
        return str(error["issue"][0]["details"]["coding"][0]["code"])
    return str(error["type"]).removeprefix("/problems/")


def places_of(response: httpx.Response) -> list[str]:
    """The places that are wrong."""
    error = response.json()
    if error.get("resourceType") == "OperationOutcome":
        return [place for issue in error["issue"] for place in issue.get("expression", [_parameter_of(issue)])]
    return [one["pointer"] for one in error["errors"]]


def _parameter_of(issue: dict[str, Any]) -> str:
    """The parameter that an issue without an expression names; empty for the request as a whole."""
    named = re.match(r"([A-Za-z_-]+): ", issue["details"]["text"])
    return named[1] if named else ""
