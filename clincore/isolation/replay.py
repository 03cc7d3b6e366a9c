"""Send tenant A's ids, cursors and ETags to the running service with tenant B's key.

Operations, parameters and bodies come from the contract that the service serves, so a new operation is covered as soon
as it exists. The service must accept the contract's examples, and an operation that creates a resource must have a link
to the operation that shows it.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import httpx

from clincore.isolation.client import Party, send
from clincore.isolation.contract import Contract, Operation, is_id, path_examples, smallest_page
from clincore.isolation.holdings import Holdings
from clincore.isolation.report import Entry, Report

_SECRET_MIN = 8
# Headers that differ between responses that are otherwise equal.
_IGNORED_HEADERS = ("date", "x-request-id", "content-length")


class Replay:
    """B's calls, whose responses must reveal nothing about A's resources."""

    def __init__(self, client: httpx.Client, contract: Contract, a: Holdings, b: Party, report: Report) -> None:
        self._client, self._contract, self._a, self._b, self._report = client, contract, a, b, report

    def run(self) -> None:
        """Make all of B's calls. Each operation is one entry of the report."""
        for operation in self._contract.keyed:
            if operation.takes_id:
                self._replay_ids(operation)
        for operation in self._contract.keyed:
            if operation.method == "GET" and not operation.takes_id:
                self._replay_lists(operation)
        self._replay_creations()

    def _replay_ids(self, operation: Operation) -> None:
        entry = self._report.entry("http", operation.id, f"{operation.name} with A's ids")
        bodies: list[tuple[str, Any]] = self._contract.bodies(operation)[:1]
        for target, etag in self._a.targets.get(operation.id, ()):
            unknown = {
                parameter["name"]: str(uuid4()) if is_id(parameter) else target[parameter["name"]]
                for parameter in operation.in_path
            }
            for sent_etag in dict.fromkeys((None, etag if operation.takes_etag else None)):
                entry.try_on(operation.name)
                body = bodies[0] if bodies else None
                foreign = send(self._client, operation, target, self._b.key, body=body, etag=sent_etag)
                missing = send(self._client, operation, unknown, self._b.key, body=body, etag=sent_etag)
                if _observable(foreign, target.values()) != _observable(missing, unknown.values()):
                    entry.fail(
                        f"operation {operation.id}",
                        f"With A's {', '.join(target)}, B's key gets {foreign.status_code}. With ids that never existed"
                        f" it gets {missing.status_code}, or another text.",
                    )
                elif missing.status_code in (404, 410):
                    self._check_leaks(entry, operation, foreign, target.values())
                elif not operation.named("header", "If-Match") or sent_etag is not None:
                    entry.mark_unproven(f"an id that never existed gets {missing.status_code} instead of 404")

    def _replay_creations(self) -> None:
        """B creates the same resources as A, and must get the same statuses, and nothing of A."""
        sent: list[str] = []
        for operation in self._contract.keyed:
            if operation.id not in self._a.created:
                continue
            body, status = self._a.created[operation.id]
            entry = self._report.entry("http", operation.id, f"{operation.name} as A did, with B's key")
            entry.try_on(operation.name)
            answer = send(self._client, operation, {}, self._b.new_key(), body=body)
            if answer.status_code != status:
                entry.fail(
                    f"operation {operation.id}",
                    f"B's key gets {answer.status_code} for a request for which A's key got {status}. The difference"
                    " reveals that A has the resource.",
                )
            # What B has now stored has the same texts as A's resources.
            sent += [text for _, text in _leaves(body[1]) if isinstance(text, str)] if body else []
            self._check_leaks(entry, operation, answer, sent)

    def _replay_lists(self, operation: Operation) -> None:
        entry = self._report.entry("http", operation.id, f"{operation.name} with B's key")
        path = path_examples(operation)
        entry.try_on(operation.name)
        self._check_leaks(entry, operation, send(self._client, operation, path, self._b.key), ())
        for parameter in operation.parameters:
            name = parameter["name"]
            if parameter["in"] != "query":
                continue
            # B's own list continues at any position, so only what it shows matters.
            for position in self._a.positions.get(name, ()):
                entry.try_on(f"{operation.name}?{name}")
                answer = send(self._client, operation, path, self._b.key, query={name: position})
                self._check_leaks(entry, operation, answer, [position])
            if name == "cursor":
                if operation.id not in self._a.cursors:
                    entry.mark_unproven("A has no second page, so there is no cursor to send")
                    continue
                known = self._a.cursors[operation.id]
                made_up = known[:-8] + secrets.token_hex(4)
            elif name in self._a.values or (name in self._a.fields and "enum" not in parameter["schema"]):
                known = self._a.values[name][0] if name in self._a.values else self._a.fields[name]
                made_up = str(uuid4()) if _like_uuid(known) else f"isolation-{secrets.token_hex(8)}"
            else:
                continue
            entry.try_on(f"{operation.name}?{name}")
            more = smallest_page(operation) if name == "cursor" else {}
            # Ask for the made-up value before and after: responses about B itself may change with B's own calls.
            before, foreign, after = (
                send(self._client, operation, path, self._b.key, query={name: value, **more})
                for value in (made_up, known, made_up)
            )
            if name == "cursor" and not before.is_success:
                # The service may recognize a made-up cursor and refuse it.
                same = True
            else:
                same = _same_except_changes(before, foreign, after, (made_up, known))
            if not same:
                entry.fail(
                    f"operation {operation.id}",
                    f"A's {name} gets another response than one that does not exist.",
                )
            self._check_leaks(entry, operation, foreign, [known])

    def _check_leaks(self, entry: Entry, operation: Operation, answer: httpx.Response, sent: Iterable[str]) -> None:
        """Check that the response to B contains nothing of A, except values that B sent."""
        text = answer.text
        for value in sent:
            text = text.replace(str(value), "")
        # Short values, such as revision numbers, are not unique to A.
        hidden = self._a.texts | {
            one for values in self._a.values.values() for one in values if len(one) >= _SECRET_MIN
        }
        leaked = [secret for secret in hidden if secret in text]
        if leaked:
            entry.fail(
                f"operation {operation.id}", f"The response to B's key contains {len(leaked)} of A's ids or texts."
            )


def _same_except_changes(
    before: httpx.Response, foreign: httpx.Response, after: httpx.Response, sent: Sequence[str]
) -> bool:
    """Whether A's value gets the same response as made-up values, ignoring what also differs between the latter."""
    seen_by_b = [_observable(answer, sent) for answer in (before, foreign, after)]
    if seen_by_b[1] in (seen_by_b[0], seen_by_b[2]):
        return True
    if len({status for status, *_ in seen_by_b}) > 1 or not foreign.is_success:
        return False
    first, seen, last = (dict(_leaves(answer.json())) for answer in (before, foreign, after))
    changing = {place for place in first if first[place] != last.get(place)}
    return {place: value for place, value in first.items() if place not in changing} == {
        place: value for place, value in seen.items() if place not in changing
    }


def _observable(answer: httpx.Response, ids: Iterable[str]) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and text of a response, without its request id and the ids that were sent."""
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


def _like_uuid(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


def _leaves(content: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The values in a JSON document with their places, and the length of each object and list."""
    if isinstance(content, dict | list):
        yield place, len(content)
        for name, inner in content.items() if isinstance(content, dict) else enumerate(content):
            yield from _leaves(inner, f"{place}/{name}")
    else:
        yield place, content
