"""What an error response says, as a problem document or as an OperationOutcome of FHIR."""

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
        return [place for issue in error["issue"] for place in issue.get("expression", [""])]
    return [one["pointer"] for one in error["errors"]]
