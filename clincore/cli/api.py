"""The service as commands call it: its address, the API key, requests and their errors."""

import ipaddress
import os
import random
import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

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
_FOR_THE_OPERATOR = {"signing-unavailable", "bootstrap-disabled"}
"""Problem types with 503 that a repetition does not solve."""

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
        """Write both files. Only their owner can read the key, and git ignores the folder.

        Raises:
            OSError: they cannot be written.
        """
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        # Otherwise `git add .` in the folder above would publish the key.
        with suppress(FileExistsError), open(self.path / ".gitignore", "x", encoding="utf-8") as file:
            file.write("*\n")
        for path, text, mode in ((self.url, url, 0o644), (self.key, api_key, 0o600)):
            # New files: an existing one may be open in another process, or a link to a file that would be overwritten.
            path.unlink(missing_ok=True)
            with open(path, "x", opener=partial(os.open, mode=mode), encoding="utf-8") as file:
                file.write(f"{text}\n")


def folder() -> Folder:
    """The folder of this working directory."""
    # Not by clincore.settings, whose imports take longer than most commands that call the API.
    return Folder(Path(os.environ.get("CLINCORE_DATA_DIR") or ".clincore"))


def find_url(given: str | None, variable: str = KEY_VARIABLE) -> str:
    """The service's address: an option, $CLINCORE, the one that is stored with a key, or the default.

    `variable`: the environment variable that can have another key.

    Raises:
        CommandError: it is not one of HTTP, or that key is not sent to it.
    """
    url = given or os.environ.get("CLINCORE") or _find_stored_url(os.environ.get(variable, "").strip(), variable)
    if not (re.fullmatch(r"https?://[^/\s?#@]+(/[^\s?#]*)?", url) and url.isprintable()):
        raise CommandError(f"--url {url!r} is not like {DEFAULT_URL}.", exit_code=2)
    return url.rstrip("/")


def _find_stored_url(key: str, variable: str) -> str:
    """The address that is stored with a key, or the default. `key`: that of the environment variable."""
    stored, url = _stored()
    # Folders are copied and cloned. One of a stranger must not get the key that a user has set.
    if key not in ("", stored) and url and not is_local(url):
        raise CommandError(
            f"the key in {variable} is not sent to {url}, which only {folder().url} names. Set CLINCORE to the address"
            f" of the service, or unset {variable} to use the stored key.",
            exit_code=2,
        )
    return url or DEFAULT_URL


def is_local(url: str) -> bool:
    """Whether the service's address is one of this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
    key, its_url = _stored()
    if key and its_url != url:
        raise CommandError(
            f"the key in {folder().key} is for {its_url}, and is not sent to {url}. Set {KEY_VARIABLE} to a key of that"
            " service.",
            exit_code=2,
        )
    return key


def _stored() -> tuple[str, str]:
    """The stored key and its address; empty without a key."""
    stored = folder()
    key = _read(stored.key, is_secret=True)
    return (key, _read(stored.url)) if key else ("", "")


def _read(file: Path, *, is_secret: bool = False) -> str:
    """The text of a stored file; empty: there is none.

    Raises:
        CommandError: it cannot be read, or another user could have written it, or could read a secret.
    """
    ended = "and is not used. Remove it, and run: clincore init"
    if not file.resolve().is_relative_to(file.parent.resolve()):
        # The key that is sent to the stored address would be any file that the link names.
        raise CommandError(f"{file} is a link to another folder, {ended}", exit_code=2)
    try:
        with open(file, encoding="utf-8") as opened:
            found = os.fstat(opened.fileno())
            text = opened.read().strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise CommandError(f"cannot read {file}: {why}.", exit_code=2) from None
    user_id = getattr(os, "geteuid", lambda: found.st_uid)()
    if found.st_uid not in (0, user_id):
        raise CommandError(f"{file} belongs to another user, {ended}", exit_code=2)
    mode = stat.S_IMODE(found.st_mode)
    if is_secret and os.name == "posix" and found.st_uid == user_id and mode & 0o077:
        raise CommandError(
            f"{file} is open to other users (mode {mode:04o}), and is not used. Run: chmod 600 {file}", exit_code=2
        )
    return text


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

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, method: str, path: str, **options: Any) -> "httpx.Response":
        """Send a request. Returns its answer with any status.

        Raises:
            Unreachable: the service does not answer.
        """
        import httpx

        failed = limited = 0
        while True:
            wait = random.uniform(0.1, 0.2) * 2**failed
            is_last = is_limited = False
            try:
                response = self._client.request(method, path, **options)
            except httpx.TransportError as error:
                trouble = f"cannot be reached ({type(error).__name__}). Start the service, or give another --url."
                # The first request is a GET: the address is wrong, or the service is not running.
                is_last = isinstance(error, httpx.ConnectError) and method == "GET"
            except (httpx.InvalidURL, UnicodeError):
                raise CommandError(f"--url {self.url!r} is not like {DEFAULT_URL}.", exit_code=2) from None
            else:
                if not _is_temporary(response):
                    return response
                trouble = f"answers {response.status_code}: {detail_of(response)} Try again later."
                after = response.headers.get("Retry-After", "")
                wait = float(after) if re.fullmatch("[0-9]{1,6}", after) else wait
                # The service works: other processes have taken what the key may do in this minute.
                is_limited = response.status_code == 429 and self._attempts > 1
            failed, limited = failed + (not is_limited), limited + is_limited
            if is_last or failed >= self._attempts or limited >= _LIMITED_MAX:
                raise Unreachable(f"{self.url} {trouble}")
            time.sleep(min(wait, _SECONDS_MAX))

    def send(self, method: str, path: str, **options: Any) -> "httpx.Response":
        """Send a request. Returns its answer if it succeeded.

        Raises:
            Unreachable: the service does not answer.
            Refused: the service refused the request.
            CommandError: another program answers.
        """
        response = self.ask(method, path, **options)
        if not response.is_success:
            code = problem_of(response)
            status = response.status_code
            if not code:
                raise self._is_another(f"answers {status}")
            text = f"{status} {code}: {detail_of(response)} {_next_step(status, self.url)}".strip()
            raise Refused(text, status, code)
        return response

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON at the path. Parameters that are None are left out. Raises what `send` raises."""
        given = {name: value for name, value in parameters.items() if value is not None}
        response = self.send("GET", path, params=given, headers={"Accept": "application/json"})
        found = json_of(response)
        if not found:
            raise self._is_another("answers")
        return found

    def _is_another(self, answers: str) -> CommandError:
        return CommandError(f"{self.url} {answers}, but is not ClinCore. Check --url.")


def _is_temporary(response: "httpx.Response") -> bool:
    if response.status_code == 409:
        return "Retry-After" in response.headers
    # A proxy sends no Retry-After either, so the header does not tell what only the operator can solve.
    return response.status_code in (408, 429, 502, 503, 504) and problem_of(response) not in _FOR_THE_OPERATOR


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
    match json_of(response):
        case {"issue": [{"details": {"coding": [{"code": str(code)}, *_]}}, *_]}:
            return code
        case {"type": str(uri)}:
            return uri.rpartition("/")[2]
        case _:
            return ""


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
