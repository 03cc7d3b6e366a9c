"""Tenant A's ids, cursors and ETags, sent to the running service with tenant B's key.

The operations, their parameters and bodies come from the contract that the service serves, so that a new operation is
covered the moment it exists: its examples must be what the service accepts, and what creates something must have a link
to what shows it.
"""

import itertools
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from clincore.isolation.report import Report

_METHODS = ("get", "post", "put", "patch", "delete")
_TRIES_MAX = 4
_VALUES_MAX = 6
_PRODUCT_MAX = 36
_SECRET_MIN = 8
# What may differ between two answers that are the same to a client.
_IGNORED_HEADERS = ("date", "x-request-id", "content-length")


@dataclass(frozen=True)
class Operation:
    """One operation of the served contract."""

    id: str
    method: str
    path: str
    definition: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]
    needs_key: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def in_path(self) -> list[Mapping[str, Any]]:
        return [parameter for parameter in self.parameters if parameter["in"] == "path"]

    def named(self, place: str, name: str) -> bool:
        return any(
            parameter["in"] == place and parameter["name"].lower() == name.lower() for parameter in self.parameters
        )


@dataclass
class Contract:
    """The served `openapi.json`."""

    document: Mapping[str, Any]
    operations: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    definition = item[method]
                    parameters = [
                        self.resolve(parameter)
                        for parameter in [*item.get("parameters", ()), *definition.get("parameters", ())]
                    ]
                    security = definition.get("security", self.document.get("security", ()))
                    needs_key = any("ApiKey" in requirement for requirement in security)
                    self.operations.append(
                        Operation(
                            definition["operationId"],
                            method.upper(),
                            path,
                            definition,
                            [{**parameter, "schema": self.resolve(parameter["schema"])} for parameter in parameters],
                            needs_key,
                        )
                    )

    def resolve(self, node: Any) -> Any:
        """What a Reference Object stands for; anything else as it is."""
        while isinstance(node, Mapping) and "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def takes_id(self, operation: Operation) -> bool:
        return any(_is_id(parameter) for parameter in operation.in_path)

    def bodies(self, operation: Operation) -> list[tuple[str, Any]]:
        """Media type and example of each body that the contract shows, the fullest first; none: no body is needed."""
        if "requestBody" not in operation.definition:
            return []
        found = []
        for media_type, content in self.resolve(operation.definition["requestBody"])["content"].items():
            shown = [self.resolve(example)["value"] for example in content.get("examples", {}).values()]
            schema = self.resolve(content.get("schema", {}))
            shown += [place["example"] for place in (content, schema) if "example" in place]
            found += [(media_type, example) for example in shown]
        return sorted(found, key=lambda pair: -len(json.dumps(pair[1])))

    def free_texts(self, operation: Operation) -> dict[str, Mapping[str, Any]]:
        """Fields of the body's top level that take any text."""
        fields: dict[str, Mapping[str, Any]] = {}
        for content in self.resolve(operation.definition.get("requestBody", {})).get("content", {}).values():
            for name, schema in self.resolve(content.get("schema", {})).get("properties", {}).items():
                schema = self.resolve(schema)
                if schema.get("type") == "string" and "enum" not in schema and "format" not in schema:
                    fields[name] = schema
        return fields

    def links(self, operation: Operation, status: int) -> Iterator[Mapping[str, str]]:
        """For each link, names of parameters and where in the answer their values stand."""
        response = self.resolve(operation.definition["responses"].get(str(status), {}))
        for link in response.get("links", {}).values():
            yield self.resolve(link).get("parameters", {})


def _is_id(parameter: Mapping[str, Any]) -> bool:
    return bool(parameter["in"] == "path" and parameter["schema"].get("format") == "uuid")


@dataclass
class Party:
    """A tenant as a client of the service."""

    key: str
    new_key: Callable[[], str]
    """A further key of the tenant, for calls that may end the one they are made with."""


class Replay:
    """One run against one service."""

    def __init__(
        self, client: httpx.Client, contract: Contract, a: Party, b: Party, known: Mapping[str, str], report: Report
    ) -> None:
        """`known`: what the tables say of A, by the name that a parameter could have (`case_id`)."""
        self._client, self._contract, self._a, self._b, self._report = client, contract, a, b, report
        self._values: dict[str, list[str]] = {}
        self._known = known
        self._producers: dict[str, tuple[Operation, str]] = {}
        self._secrets: set[str] = set()
        self._fields: dict[str, str] = {}
        self._targets: dict[str, list[tuple[dict[str, str], str | None]]] = {}
        self._joint: list[dict[str, str]] = []
        """Values that one answer gave together, such as a case and the number of its revision."""
        self._cursors: dict[str, str] = {}
        self._created: dict[str, tuple[tuple[str, Any] | None, int]] = {}

    def prepare(self) -> None:
        """Let A make things, and learn their ids, ETags and cursors.

        All that A itself must be asked is asked here: its own calls are counted among its rows.
        """
        self._make_world()
        for operation in self._keyed():
            self._prepare(operation)

    def run(self) -> None:
        """Everything that B tries."""
        for operation in self._keyed():
            if self._contract.takes_id(operation):
                self._replay_ids(operation)
        for operation in self._keyed():
            if operation.method == "GET" and not self._contract.takes_id(operation):
                self._replay_lists(operation)
        self._replay_creations()

    def _keyed(self) -> list[Operation]:
        return [operation for operation in self._contract.operations if operation.needs_key]

    # What A has

    def _make_world(self) -> None:
        creators = [operation for operation in self._keyed() if operation.method == "POST" and not operation.in_path]
        for operation in [*creators, *creators]:
            self._create(operation)
        for name, value in self._known.items():
            if name not in self._values:
                self._values[name] = [value]
        changing = [
            operation for operation in self._keyed() if operation.method != "GET" and self._contract.takes_id(operation)
        ]
        for operation in changing:
            self._apply(operation, self._fresh(operation))
        # One thing through all of its life.
        lives: dict[tuple[str, ...], dict[str, str]] = {}
        for operation in changing:
            names = tuple(parameter["name"] for parameter in operation.in_path if _is_id(parameter))
            if operation.method != "DELETE":
                life = lives.setdefault(names, self._fresh(operation))
                self._apply(operation, life)

    def _create(self, operation: Operation) -> httpx.Response | None:
        """Call it as A with an example of its body, with texts that are A's alone."""
        answer = None
        for body in self._own_bodies(operation):
            answer = self._send(operation, {}, self._a.new_key(), body=body)
            if answer.is_success:
                self._created[operation.id] = (body, answer.status_code)
                self._learn(operation, answer)
                return answer
        return answer

    def _own_bodies(self, operation: Operation) -> Iterator[tuple[str, Any] | None]:
        """The contract's examples with texts that are A's alone: in every field that takes any text, else where one
        is already."""
        examples = self._contract.bodies(operation)
        if not examples:
            yield None
        for media_type, example in examples:
            for everywhere in (True, False):
                yield media_type, self._marked(operation, example, everywhere)

    def _marked(self, operation: Operation, example: Any, everywhere: bool) -> Any:
        if not isinstance(example, dict):
            return example
        body = dict(example)
        for name, schema in self._contract.free_texts(operation).items():
            text = f"isolation-{secrets.token_hex(8)}"
            fits = len(text) <= schema.get("maxLength", 1000) and _matches(schema.get("pattern"), text)
            if fits and (everywhere or name in body):
                body[name] = text
                self._secrets.add(text)
        return body

    def _learn(self, operation: Operation, answer: httpx.Response) -> None:
        if "json" not in answer.headers.get("Content-Type", ""):
            return
        content = answer.json()
        for link in self._contract.links(operation, answer.status_code):
            named = {name: value for name, place in link.items() if (value := _at(content, place)) is not None}
            for name, value in named.items():
                self._producers.setdefault(name, (operation, link[name]))
                self._remember(name, value)
            if len(named) > 1:
                self._joint.append(named)
        if isinstance(content, dict):
            self._fields |= {name: value for name, value in content.items() if isinstance(value, str)}

    def _remember(self, name: str, value: str) -> None:
        values = self._values.setdefault(name, [])
        if value not in values:
            values.append(value)

    def _fresh(self, operation: Operation) -> dict[str, str]:
        """Ids of things of A's that nothing was done with yet."""
        found = {}
        for parameter in operation.in_path:
            name = parameter["name"]
            if name in self._producers:
                producer, place = self._producers[name]
                answer = self._create(producer)
                if answer is not None and answer.is_success:
                    found[name] = str(_at(answer.json(), place))
        return found

    def _apply(self, operation: Operation, ids: Mapping[str, str]) -> None:
        given = {**{parameter["name"]: _example(parameter) for parameter in operation.in_path}, **ids}
        if any(value is None for value in given.values()):
            return
        etag = self._etag_of(operation, given) if operation.named("header", "If-Match") else None
        for body in self._own_bodies(operation):
            answer = self._send(operation, given, self._a.new_key(), body=body, etag=etag)
            if answer.is_success:
                self._learn(operation, answer)
                return

    def _etag_of(self, operation: Operation, ids: Mapping[str, Any]) -> str | None:
        """The ETag of the thing that the path names, or of the nearest one above it that can be shown."""
        parts = operation.path.split("/")
        for length in range(len(parts), 1, -1):
            for shown in self._contract.operations:
                if shown.method == "GET" and shown.path == "/".join(parts[:length]) and shown.needs_key:
                    answer = self._send(shown, ids, self._a.key)
                    if "ETag" in answer.headers:
                        return answer.headers["ETag"]
        return None

    def _prepare(self, operation: Operation) -> None:
        """Find out what of A's the operation shows, by which ids, and with which ETags and cursors."""
        if not self._contract.takes_id(operation):
            if operation.method == "GET" and operation.named("query", "cursor"):
                page = self._send(operation, _examples(operation), self._a.key, query=_one_at_a_time(operation))
                cursor = page.json().get("next_cursor") if page.is_success else None
                if isinstance(cursor, str):
                    self._cursors[operation.id] = cursor
            return
        entry = self._report.entry("http", operation.id, f"{operation.name} with A's ids")
        choices = []
        for parameter in operation.in_path:
            example = _example(parameter)
            values = self._values.get(parameter["name"], [] if example is None else [example])
            choices.append([(parameter["name"], value) for value in values[-_VALUES_MAX:]])
        names = {name for chosen in choices for name, _ in chosen[:1]}
        targets = [joint for joint in self._joint if joint.keys() == names][-_VALUES_MAX:]
        targets += [dict(chosen) for chosen in itertools.product(*choices)][:_PRODUCT_MAX]
        if not targets:
            unknown = [parameter["name"] for parameter in operation.in_path if parameter["name"] not in self._values]
            entry.leave_open(f"nothing of A's is known that {', '.join(unknown)} could name")
            return
        found: list[tuple[dict[str, str], str | None]] = []
        status = 0
        for target in targets:
            if operation.method == "GET":
                answer = self._send(operation, target, self._a.key)
                status = answer.status_code
                if answer.is_success:
                    found.append((target, answer.headers.get("ETag")))
            else:
                found.append((target, self._etag_of(operation, target) if self._takes_etag(operation) else None))
        if not found:
            entry.leave_open(f"A's own key gets {status}, so that there is nothing to hide")
        self._targets[operation.id] = found

    # What B gets

    def _replay_ids(self, operation: Operation) -> None:
        entry = self._report.entry("http", operation.id, f"{operation.name} with A's ids")
        bodies: list[tuple[str, Any]] = self._contract.bodies(operation)[:1]
        for target, etag in self._targets.get(operation.id, ()):
            nobodys = {
                parameter["name"]: str(uuid4()) if _is_id(parameter) else target[parameter["name"]]
                for parameter in operation.in_path
            }
            for sent_etag in dict.fromkeys((None, etag if self._takes_etag(operation) else None)):
                entry.try_on(operation.name)
                body = bodies[0] if bodies else None
                foreign = self._send(operation, target, self._b.key, body=body, etag=sent_etag)
                missing = self._send(operation, nobodys, self._b.key, body=body, etag=sent_etag)
                if self._as_told(foreign, target.values()) != self._as_told(missing, nobodys.values()):
                    entry.fail(
                        f"operation {operation.id}",
                        f"With A's {', '.join(target)} B's key gets {foreign.status_code}, with ids that never existed"
                        f" {missing.status_code}, or another text.",
                    )
                elif missing.status_code in (404, 410):
                    self._tell_tales(entry, operation, foreign, target.values())
                elif not operation.named("header", "If-Match") or sent_etag is not None:
                    entry.leave_open(f"an id that never existed gets {missing.status_code} and not 404")

    def _replay_creations(self) -> None:
        """What A has made, B makes too, and gets what A got."""
        for operation in self._keyed():
            if operation.id not in self._created:
                continue
            body, status = self._created[operation.id]
            entry = self._report.entry("http", operation.id, f"{operation.name} as A did, with B's key")
            entry.try_on(operation.name)
            answer = self._send(operation, {}, self._b.new_key(), body=body)
            if answer.status_code != status:
                entry.fail(
                    f"operation {operation.id}",
                    f"B's key gets {answer.status_code} for what A's got {status} for: the answer tells what A has.",
                )

    def _takes_etag(self, operation: Operation) -> bool:
        return operation.named("header", "If-Match") or operation.named("header", "If-None-Match")

    def _replay_lists(self, operation: Operation) -> None:
        entry = self._report.entry("http", operation.id, f"{operation.name} with B's key")
        path = _examples(operation)
        entry.try_on(operation.name)
        self._tell_tales(entry, operation, self._send(operation, path, self._b.key), ())
        for parameter in operation.parameters:
            name = parameter["name"]
            if parameter["in"] != "query":
                continue
            if name == "cursor":
                if operation.id not in self._cursors:
                    entry.leave_open("A has no second page, so that there is no cursor to send")
                    continue
                known = self._cursors[operation.id]
                made_up = known[:-8] + secrets.token_hex(4)
            elif name in self._values or (name in self._fields and "enum" not in parameter["schema"]):
                known = self._values[name][0] if name in self._values else self._fields[name]
                made_up = str(uuid4()) if _like_uuid(known) else f"isolation-{secrets.token_hex(8)}"
            else:
                continue
            entry.try_on(f"{operation.name}?{name}")
            more = _one_at_a_time(operation) if name == "cursor" else {}
            # Twice: an answer about B's own things may tell of the calls that B makes meanwhile.
            before, foreign, after = (
                self._send(operation, path, self._b.key, query={name: value, **more})
                for value in (made_up, known, made_up)
            )
            if name == "cursor" and not before.is_success:
                # A cursor that the service can tell from a made-up one may be answered otherwise.
                same = True
            else:
                same = self._same_but_for_what_changes(before, foreign, after, (made_up, known))
            if not same:
                entry.fail(
                    f"operation {operation.id}",
                    f"A's {name} is answered otherwise than one that nobody has or was given.",
                )
            self._tell_tales(entry, operation, foreign, [known])

    def _same_but_for_what_changes(
        self, before: httpx.Response, foreign: httpx.Response, after: httpx.Response, sent: Sequence[str]
    ) -> bool:
        told = [self._as_told(answer, sent) for answer in (before, foreign, after)]
        if told[0] == told[1] or told[1] == told[2]:
            return True
        if len({told[n][0] for n in range(3)}) > 1 or not foreign.is_success:
            return False
        first, seen, last = (dict(_leaves(answer.json())) for answer in (before, foreign, after))
        changing = {place for place in first if first[place] != last.get(place)}
        return {place: value for place, value in first.items() if place not in changing} == {
            place: value for place, value in seen.items() if place not in changing
        }

    def _tell_tales(self, entry: Any, operation: Operation, answer: httpx.Response, sent: Any) -> None:
        """No answer to B has anything of A's in it but what B sent."""
        text = answer.text
        for value in sent:
            text = text.replace(str(value), "")
        # A short value, such as the number of a revision, is anybody's.
        hidden = self._secrets | {one for values in self._values.values() for one in values if len(one) >= _SECRET_MIN}
        told = [secret for secret in hidden if secret in text]
        if told:
            entry.fail(f"operation {operation.id}", f"B's key is shown {len(told)} of A's ids or texts.")

    def add_secrets(self, *texts: str) -> None:
        """What else no answer to B may contain."""
        self._secrets |= set(texts)

    def _as_told(self, answer: httpx.Response, ids: Any) -> tuple[int, list[tuple[str, str]], str]:
        """All that a client can tell apart, but for request id and the ids that it sent."""
        headers = [
            (name, value)
            for name, value in answer.headers.multi_items()
            if name.lower() not in _IGNORED_HEADERS and not name.lower().startswith(("ratelimit", "x-ratelimit"))
        ]
        text = answer.text.replace(answer.headers.get("X-Request-Id", "no request id"), "")
        for value in ids:
            text = text.replace(str(value), "")
            headers = [(name, content.replace(str(value), "")) for name, content in headers]
        return answer.status_code, headers, text

    def _send(
        self,
        operation: Operation,
        path: Mapping[str, Any],
        key: str,
        *,
        query: Mapping[str, str] | None = None,
        body: tuple[str, Any] | None = None,
        etag: str | None = None,
    ) -> httpx.Response:
        headers = {"X-API-Key": key}
        parameters = dict(query or {})
        for parameter in operation.parameters:
            if parameter.get("required") and parameter["in"] in ("query", "header"):
                place = headers if parameter["in"] == "header" else parameters
                place.setdefault(parameter["name"], str(_example(parameter)))
            if parameter["in"] == "header" and parameter["name"].lower() == "idempotency-key":
                headers[parameter["name"]] = str(uuid4())
        if etag:
            for name in ("If-Match", "If-None-Match"):
                if operation.named("header", name):
                    headers[name] = etag
        content = None
        if body is not None:
            headers["Content-Type"] = body[0]
            content = json.dumps(body[1]).encode()
        for _ in range(_TRIES_MAX):
            answer = self._client.request(
                operation.method, _filled(operation, path), params=parameters, headers=headers, content=content
            )
            if answer.status_code not in (429, 503):
                break
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 2.0))
        return answer


def _matches(pattern: str | None, text: str) -> bool:
    try:
        return pattern is None or re.search(pattern, text) is not None
    except re.error:
        return False


def _like_uuid(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


def _example(parameter: Mapping[str, Any]) -> Any:
    if _is_id(parameter):
        return None
    schema = parameter["schema"]
    for place in (parameter, schema):
        if "example" in place:
            return str(place["example"])
    return next((str(schema[name]) for name in ("default", "minimum") if name in schema), None)


def _examples(operation: Operation) -> dict[str, Any]:
    return {parameter["name"]: _example(parameter) for parameter in operation.in_path}


def _one_at_a_time(operation: Operation) -> dict[str, str]:
    return {"limit": "1"} if operation.named("query", "limit") else {}


def _leaves(content: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a JSON document, by where they stand."""
    if isinstance(content, dict | list):
        yield place, len(content)
        for name, inner in content.items() if isinstance(content, dict) else enumerate(content):
            yield from _leaves(inner, f"{place}/{name}")
    else:
        yield place, content


def _filled(operation: Operation, values: Mapping[str, Any]) -> str:
    path = operation.path
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


def _at(content: Any, place: str) -> str | None:
    """The value of a runtime expression `$response.body#/pointer`."""
    if not place.startswith("$response.body#/"):
        return None
    for part in place.removeprefix("$response.body#/").split("/"):
        if not isinstance(content, dict) or part not in content:
            return None
        content = content[part]
    return str(content)
