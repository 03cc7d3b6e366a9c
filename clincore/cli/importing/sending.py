"""Requests to the service, repeated as docs/retries.md says."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from clincore.cli.api import Service, Unreachable, detail_of, json_of, problem_of
from clincore.cli.importing.cases import Prepared

if TYPE_CHECKING:
    import httpx

_FINAL = {
    401: "Set the variable that --key-env names to a live key of the tenant, or run `clincore init`.",
    402: "docs/limits.md explains the free cap.",
    403: "The key has no right to create cases.",
}
_EXISTING = {"document-imported", "external-id-taken"}


class Stopped(Exception):
    """The service refuses this case for a reason that holds for all others, or cannot be reached."""


class Sent:
    """What became of a case."""

    def __init__(self, outcome: str, *, reason: str | None = None, answer: Any = None) -> None:
        self.outcome = outcome
        """`created`, `existing` or `refused`."""
        self.reason = reason
        self.answer = answer


class Sender:
    """Sends cases with one API key."""

    def __init__(self, url: str, api_key: str) -> None:
        self._service = Service(url, api_key)

    def check(self) -> None:
        """Check the URL and the key.

        Raises:
            Stopped: one of them is wrong.
        """
        response = self._ask("GET", "/auth/whoami")
        _require_usable(response)
        if response.status_code != 200 or "tenant_id" not in json_of(response):
            raise Stopped(f"{self._service.url} answers {response.status_code}, but is not ClinCore. Check --url.")

    def send(self, prepared: Prepared) -> Sent:
        """Create the case.

        Raises:
            Stopped: all other cases would be refused too.
        """
        kind = "application/fhir+json" if prepared.path.startswith("/fhir/") else "application/json"
        headers = {"Content-Type": kind, "Idempotency-Key": f'"{uuid4()}"'}
        response = self._ask("POST", prepared.path, content=prepared.body, headers=headers)
        status = response.status_code
        if status == 201:
            return Sent("created", answer=json_of(response))
        code = problem_of(response)
        # The external_id of a document can be that of another case. The document is then not imported.
        if status == 409 and code in _EXISTING and (code == "document-imported" or prepared.path == "/cases"):
            location = response.headers.get("Location", "").rpartition("/")[2]
            return Sent("existing", reason=_said_to_exist(location))
        _require_usable(response)
        return Sent("refused", reason=f"the service refused the case: {status} {detail_of(response)}"[:500])

    def _ask(self, method: str, path: str, **options: Any) -> "httpx.Response":
        try:
            return self._service.ask(method, path, **options)
        except Unreachable as error:
            raise Stopped(f"{error} Then run this again.") from None


def _require_usable(response: "httpx.Response") -> None:
    """Raises Stopped: the answer would be the same for every case."""
    if response.status_code in _FINAL:
        raise Stopped(f"{response.status_code}: {detail_of(response)} {_FINAL[response.status_code]}")


def _said_to_exist(case_id: str) -> str:
    # Of a case that exists, the command does not know what it has.
    return f"{f'the case {case_id}' if case_id else 'a case with this external_id'} exists, and was not changed"
