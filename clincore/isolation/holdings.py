"""Tenant A's resources, created through the service: ids, ETags, cursors and texts."""

import itertools
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx

from clincore.isolation.client import Party, send
from clincore.isolation.contract import Contract, Operation, example_of, is_id, path_examples, smallest_page, value_at
from clincore.isolation.report import Report

_VALUES_MAX = 6
_PRODUCT_MAX = 36


class Holdings:
    """Everything of tenant A that B could send, or see in a response."""

    def __init__(
        self,
        client: httpx.Client,
        contract: Contract,
        a: Party,
        known: Mapping[str, str],
        texts: Iterable[str],
        report: Report,
    ) -> None:
        """`known`: ids from A's rows, by possible parameter name (`case_id`). `texts`: texts that only A has."""
        self._client, self._contract, self._a, self._report = client, contract, a, report
        self._known = known
        self._producers: dict[str, tuple[Operation, str]] = {}
        self._joint: list[dict[str, str]] = []
        """Values from one response that belong together, such as a case id and a revision number."""
        self.values: dict[str, list[str]] = {}
        """A's values, by parameter name."""
        self.texts = set(texts)
        """Texts that no response to B may contain."""
        self.fields: dict[str, str] = {}
        """Texts of A's responses, by field name."""
        self.targets: dict[str, list[tuple[dict[str, str], str | None]]] = {}
        """By operation id: values for the path, each with the ETag of the resource."""
        self.cursors: dict[str, str] = {}
        """By operation id: the cursor of A's second page."""
        self.positions: dict[str, list[str]] = {}
        """By parameter name: positions of A from which B could continue an export or the change feed."""
        self.created: dict[str, tuple[tuple[str, Any] | None, int]] = {}
        """By operation id: the body that A sent and the status of the response."""

    def collect(self) -> None:
        """Create resources as A, and collect their ids, ETags and cursors.

        All calls as A are made here: later ones would change A's rows, because calls are metered.
        """
        self._make_things()
        for operation in self._contract.keyed:
            self._prepare(operation)

    def create(self) -> None:
        """Create one resource of each kind. `fresh` then knows how to create more."""
        for operation in self._contract.keyed:
            if operation.method == "POST" and not operation.in_path:
                self._create(operation)

    def _make_things(self) -> None:
        # Two of each, so that lists have a second page.
        self.create()
        self.create()
        for name, value in self._known.items():
            if name not in self.values:
                self.values[name] = [value]
        changing = [operation for operation in self._contract.keyed if operation.method != "GET" and operation.takes_id]
        for operation in changing:
            self._apply(operation, self.fresh(operation))
        # Apply all operations to one resource, in the contract's order.
        lives: dict[tuple[str, ...], dict[str, str]] = {}
        for operation in changing:
            names = tuple(parameter["name"] for parameter in operation.in_path if is_id(parameter))
            if operation.method != "DELETE":
                life = lives.setdefault(names, self.fresh(operation))
                self._apply(operation, life)

    def _create(self, operation: Operation) -> httpx.Response | None:
        """Call the operation as A with an example body that contains texts only A has."""
        answer = None
        for body in self._own_bodies(operation):
            answer = send(self._client, operation, {}, self._a.new_key(), body=body)
            if answer.is_success:
                self.created[operation.id] = (body, answer.status_code)
                self._learn(operation, answer)
                return answer
        return answer

    def _own_bodies(self, operation: Operation) -> Iterator[tuple[str, Any] | None]:
        """The contract's examples with texts only A has: first in every free-text field, then only in fields that the
        example has."""
        examples = self._contract.bodies(operation)
        if not examples:
            yield None
        for media_type, example in examples:
            for everywhere in (True, False):
                yield media_type, self.marked(operation, example, everywhere)

    def marked(self, operation: Operation, example: Any, everywhere: bool) -> Any:
        """The example with texts only A has; they are added to `texts`."""
        if not isinstance(example, dict):
            return example
        body = dict(example)
        for name, schema in self._contract.free_texts(operation).items():
            text = f"isolation-{secrets.token_hex(8)}"
            fits = len(text) <= schema.get("maxLength", 1000) and _matches(schema.get("pattern"), text)
            if fits and (everywhere or name in body):
                body[name] = text
                self.texts.add(text)
        return body

    def _learn(self, operation: Operation, answer: httpx.Response) -> None:
        """Store the values that the contract's links and the response's fields give."""
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        if not media_type.endswith("json") or media_type.endswith("ndjson"):
            return
        content = answer.json()
        for link in self._contract.links(operation, answer.status_code):
            named = {name: value for name, place in link.items() if (value := value_at(content, place)) is not None}
            for name, value in named.items():
                self._producers.setdefault(name, (operation, link[name]))
                self._remember(name, value)
            if len(named) > 1:
                self._joint.append(named)
        if isinstance(content, dict):
            self.fields |= {name: value for name, value in content.items() if isinstance(value, str)}

    def _remember(self, name: str, value: str) -> None:
        values = self.values.setdefault(name, [])
        if value not in values:
            values.append(value)

    def fresh(self, operation: Operation) -> dict[str, str]:
        """Path parameters of resources of A that were just created."""
        found = {}
        for parameter in operation.in_path:
            name = parameter["name"]
            if name in self._producers:
                producer, place = self._producers[name]
                answer = self._create(producer)
                if answer is not None and answer.is_success:
                    found[name] = str(value_at(answer.json(), place))
        return found

    def _apply(self, operation: Operation, ids: Mapping[str, str]) -> None:
        """Call the operation as A on the resource with these ids, with the first body that the service accepts."""
        given = {**{parameter["name"]: example_of(parameter) for parameter in operation.in_path}, **ids}
        if any(value is None for value in given.values()):
            return
        etag = self.etag_of(operation, given) if operation.named("header", "If-Match") else None
        for body in self._own_bodies(operation):
            answer = send(self._client, operation, given, self._a.new_key(), body=body, etag=etag)
            if answer.is_success:
                self._learn(operation, answer)
                return

    def etag_of(self, operation: Operation, ids: Mapping[str, Any]) -> str | None:
        """The ETag of the resource at the path, or of its nearest parent that has one."""
        parts = operation.path.split("/")
        for length in range(len(parts), 1, -1):
            for shown in self._contract.operations:
                if shown.method == "GET" and shown.path == "/".join(parts[:length]) and shown.needs_key:
                    answer = send(self._client, shown, ids, self._a.key)
                    if "ETag" in answer.headers:
                        return answer.headers["ETag"]
        return None

    def _prepare(self, operation: Operation) -> None:
        """Find the ids, ETags and cursors with which the operation reaches A's resources."""
        if not operation.takes_id:
            if operation.method == "GET" and operation.named("query", "cursor"):
                page = send(
                    self._client, operation, path_examples(operation), self._a.key, query=smallest_page(operation)
                )
                cursor = page.json().get("next_cursor") if page.is_success else None
                if isinstance(cursor, str):
                    self.cursors[operation.id] = cursor
            if operation.method == "GET" and operation.named("query", "changed_after"):
                self._find_positions(operation)
            return
        entry = self._report.entry("http", operation.id, f"{operation.name} with A's ids")
        choices = []
        for parameter in operation.in_path:
            example = example_of(parameter)
            values = self.values.get(parameter["name"], [] if example is None else [example])
            choices.append([(parameter["name"], value) for value in values[-_VALUES_MAX:]])
        names = {name for chosen in choices for name, _ in chosen[:1]}
        targets = [joint for joint in self._joint if joint.keys() == names][-_VALUES_MAX:]
        targets += [dict(chosen) for chosen in itertools.product(*choices)][:_PRODUCT_MAX]
        if not targets:
            unknown = [parameter["name"] for parameter in operation.in_path if parameter["name"] not in self.values]
            entry.mark_unproven(f"no value of A is known for {', '.join(unknown)}")
            return
        found: list[tuple[dict[str, str], str | None]] = []
        status = 0
        for target in targets:
            if operation.method == "GET":
                answer = send(self._client, operation, target, self._a.key)
                status = answer.status_code
                if answer.is_success:
                    found.append((target, answer.headers.get("ETag")))
            else:
                found.append((target, self.etag_of(operation, target) if operation.takes_etag else None))
        if not found:
            entry.mark_unproven(f"A's own key gets {status}, so there is nothing to hide")
        self.targets[operation.id] = found

    def _find_positions(self, operation: Operation) -> None:
        answer = send(self._client, operation, path_examples(operation), self._a.key, query={"changed_after": "start"})
        found = answer.headers.get("Next-Changed-After")
        if found is None and answer.is_success:
            found = answer.json().get("next_changed_after")
        if found is not None:
            self.positions.setdefault("changed_after", []).append(found)
        self.positions["after"] = self.values.get("case_id", [])


def _matches(pattern: str | None, text: str) -> bool:
    try:
        return pattern is None or re.search(pattern, text) is not None
    except re.error:
        return False
