"""Stacked statements: in the service's own session, and in every text of a request that may reach SQL."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import httpx
import psycopg
from psycopg import sql
from sqlalchemy import text

from clincore.db.session import close_pool, open_pool, tenant_session
from clincore.db.statements import Statement
from clincore.isolation.client import Party, send
from clincore.isolation.contract import Contract, Operation, is_id, path_examples
from clincore.isolation.harness import Scene, compose, set_tenant
from clincore.isolation.holdings import Holdings
from clincore.isolation.report import Entry, Report
from clincore.system import run

_SYNTAX_ERROR = "42601"
# What ends a quoted and an unquoted value, before the stacked statements.
_ENDS = ("'", "")
_DIVIDE = "x{end};SELECT 1/{divisor}--"


class Seen(NamedTuple):
    """One row of the last statement."""

    one: int


def leave_role(scene: Scene, report: Report) -> None:
    """Leave the service's role on the service's connection. The login decides what SQL can reach then."""
    entry = report.entry("attacks", "leaving the role", "SQL that leaves the service's role reaches no tenant's rows")
    with scene.connect() as connection:
        for shape in scene.shapes:
            entry.try_on(shape.table.quoted)
            with connection.transaction(force_rollback=True):
                set_tenant(connection, scene.b)
                connection.execute("SET LOCAL ROLE NONE")
                set_tenant(connection, "")
                try:
                    found = connection.execute(compose("SELECT 1 FROM {t} WHERE {k} = {a} LIMIT 1", shape, scene))
                except psycopg.errors.InsufficientPrivilege:
                    continue
                if found.fetchone():
                    entry.advise(
                        f"login {scene.service.info.user}",
                        "After RESET ROLE, without a tenant, the connection sees every tenant's rows.",
                        "See the advice on the login above.",
                    )


def in_session(scene: Scene, app_url: str, report: Report) -> None:
    """Send several statements in one text through the service's own session, which must refuse them."""
    entry = report.entry("attacks", "stacked", "The service's session refuses stacked statements")
    run(_in_session(scene, app_url, entry))


async def _in_session(scene: Scene, app_url: str, entry: Entry) -> None:
    own: LiteralString = "SELECT 1 FROM {t} WHERE {k} = {b} LIMIT 1; "
    theirs: LiteralString = "SELECT 1 FROM {t} WHERE {k} = {a} LIMIT 1"
    open_pool(app_url)
    try:
        for shape in scene.shapes:
            for between in ("", "RESET ROLE; SET LOCAL app.tenant_id = ''; "):
                stacked = compose(own, shape, scene) + sql.SQL(between) + compose(theirs, shape, scene)
                entry.try_on(shape.table.quoted)
                try:
                    async with tenant_session(scene.b) as session:
                        await session.fetch(Statement(text(stacked.as_string()), Seen))
                except psycopg.Error as error:
                    if error.sqlstate == _SYNTAX_ERROR:
                        continue
                    entry.mark_unproven(f"{shape.table.quoted}: SQLSTATE {error.sqlstate}")
                    continue
                entry.fail("clincore.db.session", f"The session executed several statements: {stacked.as_string()}")
    finally:
        close_pool()


class Stacking:
    """B's calls with statements stacked on every text. The service must treat them as text, and change no row of A.

    Each text is sent with a statement that divides by zero and with one that divides by one. If the responses differ,
    the statement was executed. If a text is accepted, a statement that would rename A's keys is sent too.
    """

    def __init__(self, client: httpx.Client, contract: Contract, a: UUID, b: Party, report: Report) -> None:
        self._client, self._contract, self._b, self._report = client, contract, b, report
        self._own = Holdings(client, contract, b, {}, (), report)
        self._rename = (
            "x{end};RESET ROLE;SET app.tenant_id='';UPDATE public.api_keys SET label='stacked'"
            f" WHERE tenant_id='{a}';COMMIT--"
        )

    def run(self) -> None:
        """Make all calls. Each operation is one entry of the report."""
        self._own.create()
        for operation in self._contract.operations:
            if operation.needs_key or operation.definition.get("security") == []:
                self._try(operation)
        entry = self._report.entry("http", "stacked on the key", "Statements stacked on the API key")
        for end in _ENDS:
            for payload in (f"{self._b.key}{end};SELECT 1/0--", self._rename.format(end=end)):
                entry.try_on("X-API-Key")
                answer = self._client.get(self._contract.keyed[0].path, headers={"X-API-Key": payload})
                _judge(entry, self._contract.keyed[0], "X-API-Key", [answer])

    def _try(self, operation: Operation) -> None:
        places = [
            (parameter["in"], parameter["name"])
            for parameter in operation.parameters
            if parameter["schema"].get("type") == "string" and not is_id(parameter)
        ]
        bodies = self._contract.bodies(operation)
        if bodies:
            shown = list(_pointers(bodies[0][1]))
            more = [f"/{name}" for name in self._contract.free_texts(operation)]
            places += [("body", pointer) for pointer in dict.fromkeys([*shown, *more])]
        if not places:
            return
        title = f"{operation.name} with stacked statements"
        entry = self._report.entry("http", f"stacked on {operation.id}", title)
        self._ids: Mapping[str, str] = {}
        for place, name in places:
            what = name if place == "body" else f"{place} {name}"
            # A text of a body would be quoted.
            for end in _ENDS[:1] if place == "body" else _ENDS:
                entry.try_on(what)
                answers = [
                    self._send(operation, bodies, place, name, _DIVIDE.format(end=end, divisor=divisor))
                    for divisor in (0, 1)
                ]
                _judge(entry, operation, what, answers)
                if end and answers[1].is_success:
                    self._send(operation, bodies, place, name, self._rename.format(end=end))

    def _send(
        self, operation: Operation, bodies: Sequence[tuple[str, Any]], place: str, name: str, payload: str
    ) -> httpx.Response:
        if not self._ids:
            self._ids = self._own.fresh(operation)
        path: dict[str, Any] = {**path_examples(operation), **self._ids}
        etag = self._own.etag_of(operation, path) if operation.named("header", "If-Match") else None
        query, headers, body = {}, {}, None
        if bodies:
            body = bodies[0][0], self._own.marked(operation, bodies[0][1], everywhere=False)
        if place == "path":
            path[name] = payload.replace("/", "%2F")
        elif place == "query":
            query = {name: payload}
        elif place == "header":
            headers = {name: payload}
        elif body is not None:
            # The example may lack a text of the first level.
            given = body[1] | {name[1:]: ""} if name.count("/") == 1 else body[1]
            body = body[0], _replaced(given, name, payload)
        answer = send(self._client, operation, path, self._b.key, query=query, body=body, etag=etag, headers=headers)
        if answer.is_success and operation.method != "GET":
            # The resource has changed, so the next call gets a new one.
            self._ids = {}
        return answer


def _judge(entry: Entry, operation: Operation, what: str, answers: list[httpx.Response]) -> None:
    statuses = [answer.status_code for answer in answers]
    if 402 in statuses:
        entry.mark_unproven(f"{what}: B's free calls are used up")
    elif any(status >= 500 and status != 503 for status in statuses):
        entry.fail(f"operation {operation.id}", f"A statement in {what} causes a {max(statuses)}.")
    elif len(set(statuses)) > 1:
        entry.fail(
            f"operation {operation.id}",
            f"A statement in {what} is executed: 1/0 gets {statuses[0]}, 1/1 gets {statuses[1]}.",
        )


def _pointers(node: Any, pointer: str = "") -> Iterator[str]:
    """JSON Pointers to the texts in a JSON document."""
    if isinstance(node, str):
        yield pointer
    elif isinstance(node, dict | list):
        for name, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _pointers(inner, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")


def _replaced(node: Any, wanted: str, payload: str, pointer: str = "") -> Any:
    """The document with the text at the JSON Pointer replaced."""
    if pointer == wanted:
        return payload
    if isinstance(node, dict):
        return {
            name: _replaced(inner, wanted, payload, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
            for name, inner in node.items()
        }
    if isinstance(node, list):
        return [_replaced(inner, wanted, payload, f"{pointer}/{place}") for place, inner in enumerate(node)]
    return node
