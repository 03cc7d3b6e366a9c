"""The service as commands call it: its address, the API key, requests and their errors."""

import os
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clincore.cli.output import CommandError, printable

if TYPE_CHECKING:
    import httpx

DEFAULT_URL = "http://127.0.0.1:8000"
KEY_VARIABLE = "CLINCORE_API_KEY"
ATTEMPTS = 8
_LIMITED_MAX = 100
"""Attempts that the limit of the key ends."""
_SECONDS_MAX = 60.0

UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url", metavar="URL", help=f"The service. [$CLINCORE, else that of `clincore init`, else {DEFAULT_URL}]"
    ),
]


class Refused(CommandError):
    """The service refused a request. The text is one line with the problem and the request's id."""

    def __init__(self, text: str, status: int, code: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class Unreachable(CommandError):
    """The service does not answer, or only that it cannot answer now."""

    def __init__(self, text: str) -> None:
        super().__init__(text, exit_code=2)


@dataclass(frozen=True)
class Folder:
    """The folder in which `clincore init` stores the address and the key: that of the embedded server's data."""

    path: Path

    @property
    def key(self) -> Path:
        return self.path / "key"

    @property
    def url(self) -> Path:
        return self.path / "url"

    def store(self, url: str, api_key: str) -> None:
        """Write both files. Only their owner can read the key.

        Raises:
            OSError: they cannot be written.
        """
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.url.write_text(f"{url}\n")
        # A new file: an existing one may be open in another process.
        self.key.unlink(missing_ok=True)
        with open(self.key, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(f"{api_key}\n")


def folder() -> Folder:
    """The folder of this working directory."""
    # Not by clincore.settings, whose imports take longer than most commands that call the API.
    return Folder(Path(os.environ.get("CLINCORE_DATA_DIR") or ".clincore"))


def find_url(given: str | None) -> str:
    """The service's address: an option, $CLINCORE, the stored one or the default.

    Raises:
        CommandError: it is not one of HTTP.
    """
    url = given or os.environ.get("CLINCORE") or _read(folder().url) or DEFAULT_URL
    if not re.match(r"https?://[^/\s]", url):
        raise CommandError(f"--url {url!r} is not like {DEFAULT_URL}.", exit_code=2)
    return url.rstrip("/")


def find_key(url: str, variable: str = KEY_VARIABLE) -> str:
    """The API key for the service: of the environment variable, or the stored one.

    Raises:
        CommandError: there is none.
    """
    key = os.environ.get(variable, "").strip()
    if not key and variable == KEY_VARIABLE:
        key = stored_key(url)
    # An HTTP library would show an invalid header in its error.
    if not re.fullmatch(r"[!-~]+", key):
        raise CommandError(
            f"there is no API key. Run `clincore init`, or set the environment variable {variable} to a key of the"
            " tenant.",
            exit_code=2,
        )
    return key


def stored_key(url: str) -> str:
    """The stored API key for the service; empty: there is none.

    Raises:
        CommandError: it is stored with another address, to which alone it is sent.
    """
    stored = folder()
    key, its_url = _read(stored.key), _read(stored.url)
    if key and its_url != url:
        raise CommandError(
            f"the key in {stored.key} is for {its_url}, and is not sent to {url}. Set {KEY_VARIABLE} to a key of that"
            " service.",
            exit_code=2,
        )
    return key


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise CommandError(f"cannot read {file}: {why}.", exit_code=2) from None


class Service:
    """Requests to the service. An answer that asks to try later is asked for again (docs/retries.md)."""

    def __init__(self, url: str, api_key: str | None = None, *, attempts: int = ATTEMPTS) -> None:
        import httpx

        self.url = url
        self._attempts = attempts
        self._client = httpx.Client(
            base_url=url,
            headers={"X-API-Key": api_key} if api_key else {},
            timeout=httpx.Timeout(60, connect=10),
            trust_env=False,
        )

    def ask(self, method: str, path: str, **options: Any) -> "httpx.Response":
        """Send a request. Returns its answer with any status.

        Raises:
            Unreachable: the service does not answer.
        """
        import httpx

        trouble, attempt, limited = "", 0, 0
        while attempt < self._attempts and limited < _LIMITED_MAX:
            wait = random.uniform(0.1, 0.2) * 2**attempt
            try:
                response = self._client.request(method, path, **options)
            except httpx.TransportError as error:
                trouble = f"cannot be reached ({type(error).__name__})"
                if isinstance(error, httpx.ConnectError) and method == "GET":
                    # The first request: the address is wrong, or the service is not running.
                    break
            except (httpx.InvalidURL, UnicodeError):
                raise CommandError(f"--url {self.url!r} is not like {DEFAULT_URL}.", exit_code=2) from None
            else:
                if not _is_temporary(response):
                    return response
                trouble = f"answers {response.status_code}"
                after = response.headers.get("Retry-After", "")
                wait = float(after) if re.fullmatch("[0-9]{1,6}", after) else wait
                if response.status_code == 429 and self._attempts > 1:
                    # The service works, and other processes have taken what the key may do in this minute.
                    limited += 1
                    attempt -= 1
            attempt += 1
            if attempt < self._attempts:
                time.sleep(min(wait, _SECONDS_MAX))
        raise Unreachable(f"{self.url} {trouble}. Start the service with `clincore serve`, or give another --url.")

    def send(self, method: str, path: str, **options: Any) -> "httpx.Response":
        """Send a request. Returns its answer if it succeeded.

        Raises:
            Unreachable: the service does not answer.
            Refused: the service refused the request.
        """
        response = self.ask(method, path, **options)
        if not response.is_success:
            code = problem_of(response)
            status = response.status_code
            text = f"{status} {code}: {detail_of(response)} {_next_step(status, self.url)}".strip()
            raise Refused(text, status, code)
        return response

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON at the path. Parameters that are None are left out. Raises what `send` raises."""
        given = {name: value for name, value in parameters.items() if value is not None}
        response = self.send("GET", path, params=given, headers={"Accept": "application/json"})
        return json_of(response)


def _is_temporary(response: "httpx.Response") -> bool:
    return response.status_code in (408, 429, 502, 503, 504) or (
        response.status_code == 409 and "Retry-After" in response.headers
    )


def _next_step(status: int, url: str) -> str:
    if status == 401:
        return f"The key is not one of {url}. Run `clincore init`, or set CLINCORE_API_KEY."
    return ""


def json_of(response: "httpx.Response") -> Any:
    """The JSON object in the answer; an empty one if there is none."""
    try:
        value = response.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def problem_of(response: "httpx.Response") -> str:
    """The code of the problem type, of a problem document or an OperationOutcome."""
    body = json_of(response)
    issues = body.get("issue")
    if isinstance(issues, list) and issues:
        codings = issues[0].get("details", {}).get("coding", [{}])
        return str(codings[0].get("code", ""))
    return str(body.get("type", "")).rpartition("/")[2]


def detail_of(response: "httpx.Response") -> str:
    """Why the service refused, in one line: places and rules, no clinical text."""
    body = json_of(response)
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
