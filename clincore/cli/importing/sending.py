"""Requests to the service, repeated as docs/retries.md says."""

import random
import re
import time
from typing import Any
from uuid import uuid4

import httpx

from clincore.cli.importing.cases import Prepared
from clincore.cli.output import printable

ATTEMPTS = 8
LIMITED_MAX = 100
"""Attempts that the limit of the key ends."""
_SECONDS_MAX = 60.0
_FINAL = {
    401: "Set the variable that --key-env names to a live key of the tenant.",
    402: "The free tenant has reached its limit. docs/limits.md explains what is counted.",
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
        self._client = httpx.Client(
            base_url=url, headers={"X-API-Key": api_key}, timeout=httpx.Timeout(60, connect=10), trust_env=False
        )

    def check(self) -> None:
        """Check the URL and the key.

        Raises:
            Stopped: one of them is wrong.
        """
        response = self._ask("GET", "/auth/whoami")
        if response.status_code in _FINAL:
            raise Stopped(f"{response.status_code}: {_detail(response)} {_FINAL[response.status_code]}")
        if response.status_code != 200 or "tenant_id" not in _json(response):
            raise Stopped(f"{self._client.base_url} answers {response.status_code}, but is not ClinCore. Check --url.")

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
            return Sent("created", answer=_json(response))
        code = _problem(response)
        # The external_id of a document can be that of another case. The document is then not imported.
        if status == 409 and code in _EXISTING and (code == "document-imported" or prepared.path == "/cases"):
            location = response.headers.get("Location", "").rpartition("/")[2]
            return Sent("existing", reason=_said_to_exist(location))
        if status in _FINAL:
            raise Stopped(f"{status}: {_detail(response)} {_FINAL.get(status, '')}".strip())
        return Sent("refused", reason=f"the service refused the case: {status} {_detail(response)}"[:500])

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        trouble, attempt, limited = "", 0, 0
        while attempt < ATTEMPTS and limited < LIMITED_MAX:
            wait = random.uniform(0.1, 0.2) * 2**attempt
            try:
                response = self._client.request(method, path, **options)
            except httpx.TransportError as error:
                trouble = f"cannot be reached ({type(error).__name__})"
                if isinstance(error, httpx.ConnectError) and method == "GET":
                    # The first request: the address is wrong, or the service is not running.
                    break
            else:
                if not _is_temporary(response):
                    return response
                trouble = f"answers {response.status_code}"
                after = response.headers.get("Retry-After", "")
                wait = float(after) if re.fullmatch("[0-9]{1,6}", after) else wait
                if response.status_code == 429:
                    # The service works, and other processes have taken what the key may do in this minute.
                    limited += 1
                    attempt -= 1
            attempt += 1
            if attempt < ATTEMPTS:
                time.sleep(min(wait, _SECONDS_MAX))
        raise Stopped(f"{self._client.base_url} {trouble}. Check --url and that the service runs, then run this again.")


def _said_to_exist(case_id: str) -> str:
    # Of a case that exists, the command does not know what it has.
    return f"{f'the case {case_id}' if case_id else 'a case with this external_id'} exists, and was not changed"


def _is_temporary(response: httpx.Response) -> bool:
    return response.status_code in (408, 429, 502, 503, 504) or (
        response.status_code == 409 and "Retry-After" in response.headers
    )


def _json(response: httpx.Response) -> Any:
    try:
        value = response.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _problem(response: httpx.Response) -> str:
    """The code of the problem type, of a problem document or an OperationOutcome."""
    body = _json(response)
    issues = body.get("issue")
    if isinstance(issues, list) and issues:
        codings = issues[0].get("details", {}).get("coding", [{}])
        return str(codings[0].get("code", ""))
    return str(body.get("type", "")).rpartition("/")[2]


def _detail(response: httpx.Response) -> str:
    """Why the service refused, in one line: places and rules, no clinical text."""
    body = _json(response)
    errors = body.get("errors")
    parts = [str(body.get("detail", response.reason_phrase))]
    if isinstance(errors, list):
        parts += [f"{one.get('pointer', '')} {one.get('detail', '')}" for one in errors[:3] if isinstance(one, dict)]
    issues = body.get("issue")
    if isinstance(issues, list):
        parts = [
            f"{' '.join(one.get('expression', []))} {one.get('details', {}).get('text', '')}"
            for one in issues[:3]
            if isinstance(one, dict)
        ]
    return printable(" ".join(" ".join(parts).split()))[:300]
