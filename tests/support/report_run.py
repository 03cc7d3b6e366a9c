"""Runs the steps of a file in tests/reports."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections import ChainMap
from contextlib import ExitStack, suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

import httpx

from support.commands import start
from support.contract import CONTRACT
from support.leaks import LEAKS
from support.reports import World, as_list, as_text, credentials, differences, fill, find
from support.sockets import is_closed

# The status for a connection that was closed without an answer.
NO_ANSWER = 0
WAIT_SECONDS = 60.0


class Command:
    """A running command."""

    def __init__(self, arguments: list[str], folder: Path, variables: dict[str, str]) -> None:
        self._end = ExitStack()
        self._stdout, self._stderr = (self._end.enter_context(tempfile.TemporaryFile()) for _ in range(2))  # noqa: SIM115
        self._process = start(arguments, stdout=self._stdout, stderr=self._stderr, cwd=folder, **variables)

    @property
    def output(self) -> dict[str, str]:
        """The output on stdout and stderr so far."""
        # The command shares the files' positions, so read without moving them.
        sides = {"stdout": self._stdout, "stderr": self._stderr}
        return {name: os.pread(side.fileno(), 1 << 20, 0).decode(errors="replace") for name, side in sides.items()}

    def wait_for(self, regex: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not re.search(regex, "\n".join(self.output.values())):
            assert self._process.poll() is None, f"exit {self._process.returncode}: {self.output}"
            assert time.monotonic() < deadline, f"no {regex}: {self.output}"
            time.sleep(0.02)

    def end(self, *, is_asked: bool) -> int:
        """Wait for the end; the exit code. `is_asked`: send SIGTERM first."""
        if is_asked:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running: {self.output}") from None

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(WAIT_SECONDS)
        self._end.close()


class Services:
    """Commands that keep running until the end of all files. Equal commands are started once, each on its own port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._running: dict[str, tuple[Command, str]] = {}

    def find(
        self, key: str, arguments: list[str], variables: dict[str, str], until: str, port: str
    ) -> tuple[Command, str]:
        """The running command and its port. `port` is used if the command must be started."""
        with self._lock:
            if key not in self._running:
                self._running[key] = Command(arguments, self._folder, variables), port
            command, port = self._running[key]
            command.wait_for(until)
            return command, port

    def close(self) -> None:
        for command, _ in self._running.values():
            command.stop()


class Run:
    """The steps of one file, run in order.

    Raises:
        AssertionError: an answer is not the expected one.
    """

    def __init__(self, world: World, client: httpx.Client, services: Services, path: str) -> None:
        self._world, self._client, self._services, self._path = world, client, services, path
        self._connections: dict[str, socket.socket] = {}
        self._end = ExitStack()

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()

    def step(self, step: dict[str, Any]) -> None:
        if "request" in step:
            self._request(step)
        elif "raw" in step:
            self._raw(step)
        else:
            self._command(step)

    def _fill(self, value: Any, *, is_regex: bool = False) -> Any:
        return fill(value, self._world, is_regex=is_regex)

    def _request(self, step: dict[str, Any]) -> None:
        method, target = self._fill(step["request"]).split(" ", 1)
        headers = credentials(self._world, step.get("as", "admin"))
        body = None
        if "json" in step:
            headers["Content-Type"] = "application/json"
            body = json.dumps(self._fill(step["json"]), separators=(",", ":")).encode()
        elif "text" in step:
            body = self._fill(step["text"]).encode()
        headers |= self._fill(step.get("headers", {}))
        client = self._client_from(step["from"]) if "from" in step else self._client
        for _ in range(step.get("times", 1)):
            began = time.monotonic()
            response = send(client, client.build_request(method, target, headers=headers, content=body))
        self._check(step, response, time.monotonic() - began)

    def _client_from(self, address: str) -> httpx.Client:
        transport = httpx.HTTPTransport(local_address=address)
        return self._end.enter_context(
            httpx.Client(base_url=self._client.base_url, transport=transport, timeout=WAIT_SECONDS)
        )

    def _raw(self, step: dict[str, Any]) -> None:
        sent = self._fill(step["raw"]).encode("latin-1")
        name = step.get("connection", "")
        if name not in self._connections:
            address = (self._client.base_url.host, self._client.base_url.port or 80)
            self._connections[name] = self._end.enter_context(socket.create_connection(address, timeout=WAIT_SECONDS))
        connection = self._connections[name]
        began = time.monotonic()
        # The service may refuse the request before the last byte.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
        if "answer" in step:
            response = read(connection, self._client.base_url, sent)
            self._check(step, response, time.monotonic() - began)
            if step["answer"].get("closed"):
                assert is_closed(connection), "the connection is still open"

    def _check(self, step: dict[str, Any], response: httpx.Response, seconds: float) -> None:
        right = step["answer"]
        told = f"{response.status_code} {dict(response.headers)} {response.text[:2000]}"
        assert response.status_code in as_list(right["status"]), f"not {right['status']}: {told}"
        headers = self._fill(right.get("headers", {}))
        wrong = differences(headers, {name: response.headers[name] for name in headers if name in response.headers})
        wrong += [f"{name} is sent" for name in right.get("absent", []) if name in response.headers]
        if "json" in right:
            wrong += differences(self._fill(right["json"]), response.json())
        if not re.search(self._fill(right.get("text", ""), is_regex=True), response.text):
            wrong.append(f"no {right['text']}")
        if seconds > right.get("within", WAIT_SECONDS):
            wrong.append(f"took {seconds:.1f} seconds")
        assert not wrong, f"{wrong}: {told}"
        check_always(response)
        for name, (place, *regex) in step.get("keep", {}).items():
            if place == "text":
                value = response.text
            else:
                value = find(place, response.json()) if place[:1] in ("", "/") else response.headers[place]
            self._keep(name, value, regex)

    def _keep(self, name: str, value: Any, regex: list[str]) -> None:
        for one in self._fill(regex, is_regex=True):
            found = re.search(one, as_text(value))
            assert found, f"no {one} in {value}"
            value = found[1]
        self._world[name] = value

    def _command(self, step: dict[str, Any]) -> None:
        folder = Path(self._world["folder"])
        for name, file in step.get("files", {}).items():
            if "text" in file:
                (folder / name).write_bytes(as_text(self._fill(file["text"])).encode(file.get("encoding", "utf-8")))
            if "mode" in file:
                (folder / name).chmod(int(file["mode"], 8))
        command = self._start(step, folder)
        result = step.get("result", {})
        if result:
            status = command.end(is_asked="until" in step)
            assert status in as_list(result.get("exit", 0)), f"exit {status}: {command.output}"
        elif "until" in step:
            # The other stream may follow a moment later.
            for _, *regex in step.get("keep", {}).values():
                command.wait_for(self._fill(regex[0], is_regex=True))
        output = command.output
        assert "Traceback" not in "".join(output.values()), output
        for name in ("stdout", "stderr"):
            regex = self._fill(result.get(name, ""), is_regex=True)
            assert re.search(regex, output[name]), f"no {regex}: {output}"
        modes = {name: f"{(folder / name).stat().st_mode & 0o777:o}" for name in result.get("modes", {})}
        assert modes == result.get("modes", {}), modes
        assert not [name for name in result.get("absent", []) if (folder / name).exists()], os.listdir(folder)
        for name, (place, *regex) in step.get("keep", {}).items():
            self._keep(name, output[place], regex)

    def _start(self, step: dict[str, Any], folder: Path) -> Command:
        given = {"DATABASE_URL": "{database}", "PATH": self._path} | step.get("environment", {})
        set_ones = {name: value for name, value in given.items() if value is not None}
        arguments, variables = self._fill(step["command"]), self._fill(set_ones)
        until = self._fill(step.get("until", ""), is_regex=True)
        if "until" not in step or "result" in step:
            command = Command(arguments, folder, variables)
            self._end.callback(command.stop)
            if until:
                command.wait_for(until)
            return command
        key = str(fill([step["command"], set_ones, until], ChainMap({"port": "any"}, self._world)))
        command, self._world["port"] = self._services.find(key, arguments, variables, until, self._world["port"])
        return command


def send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return client.send(request)
        except httpx.ConnectError:
            # A previous step has started the service.
            assert time.monotonic() < deadline, f"nothing listens at {request.url}"
            time.sleep(0.05)


def read(connection: socket.socket, base: httpx.URL, sent: bytes) -> httpx.Response:
    """The answer to a request that was sent as bytes; its status is NO_ANSWER if the connection was closed."""
    line = re.match(r"([A-Z]+) (/[^ ]*) ", sent.decode("latin-1"))
    method, target = line.groups() if line else ("GET", "/unknown")
    request = httpx.Request(method, base.join(target))
    answer = HTTPResponse(connection, method=method)
    try:
        answer.begin()
        return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read(), request=request)
    except (ConnectionResetError, HTTPException):
        return httpx.Response(NO_ANSWER, request=request)


def check_always(response: httpx.Response) -> None:
    """Check that the answer is documented and that an error reveals no internals."""
    if response.status_code == NO_ANSWER:
        return
    request = response.request
    if request.method == "HEAD":
        operation = CONTRACT.find("GET", request.url.path)
        assert operation is None or response.status_code in operation.statuses, "not documented"
        assert response.content == b""
    else:
        CONTRACT.check(response)
    if response.status_code >= 400:
        assert not LEAKS.search(response.text), response.text
