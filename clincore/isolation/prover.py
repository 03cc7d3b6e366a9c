"""`prove`: check the catalogue, create two temporary tenants, attack one as the other, and remove both."""

import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from uuid import UUID, uuid4

import httpx
import psycopg
from psycopg import sql

from clincore import keys
from clincore.db import session
from clincore.db.catalogue import checks
from clincore.db.catalogue.citus import is_distributed
from clincore.db.catalogue.reader import Catalogue, Table, read_catalogue
from clincore.db.catalogue.tables import EXEMPT
from clincore.db.models import UNNUMBERED
from clincore.db.statements import ROLE
from clincore.db.urls import describe_unreachable, libpq, without_password
from clincore.errors import StartupError
from clincore.isolation import attacks, nodes
from clincore.isolation.client import Misconfigured, Party
from clincore.isolation.contract import Contract
from clincore.isolation.harness import Connection, Scene, set_tenant
from clincore.isolation.holdings import Holdings
from clincore.isolation.replay import Replay
from clincore.isolation.report import Entry, Report
from clincore.isolation.seed import Draft, OpenOperator, insert_into, read_shared, remove, seed
from clincore.isolation.shape import Row, Shape, read_shapes
from clincore.isolation.stacking import Stacking


def prove(
    app_url: str,
    owner_url: str,
    service_url: str | None = None,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Attack one tenant's rows as another tenant, and report every attempt.

    `app_url`: the service's login. `owner_url`: the owner's login, which removes the two tenants. `service_url`: a
    running service on the same database. `progress`: called with the title of each step.

    Raises:
        psycopg.OperationalError: PostgreSQL cannot be reached with the service's login.
        StartupError: it cannot be reached with the owner's login.
    """
    started = time.monotonic()
    report = Report(progress=progress)
    a, b = uuid4(), uuid4()
    if service_url is not None and not _is_ready(service_url, report):
        # The report has the reason. The attacks on the database run anyway.
        report.not_asked.append(f"the operations of {service_url}")
        service_url = None
    with psycopg.connect(libpq(app_url), connect_timeout=5) as connection:
        catalogue = read_catalogue(connection)
        report.facts = _facts(catalogue, app_url, a, b)
        shapes = _check_catalogue(catalogue, report)
        report.tables = [shape.table.quoted for shape in shapes]
    open_operator, why_none = _operator(owner_url)
    if open_operator is not None:
        with open_operator() as operator:
            nodes.check(operator, report)
    if shapes:
        try:
            exempt = [table for table in catalogue.tables if table.full_name in EXEMPT and table.reachable]
            _attack(app_url, owner_url, service_url, a, b, shapes, exempt, open_operator, report)
        except (psycopg.Error, session.OperatorError) as error:
            report.entry("attacks", "end", "All attacks were run").mark_unproven(
                f"{type(error).__name__}: PostgreSQL stopped answering"
            )
        except KeyboardInterrupt:
            # The report of an interrupted run must still say what is left behind.
            report.entry("attacks", "end", "All attacks were run").mark_unproven("interrupted")
        finally:
            _clean_up(app_url, shapes, (a, b), open_operator, why_none, report)
    if service_url is None and not report.not_asked:
        report.not_asked.append("a running service (give its URL with --url)")
    report.seconds = time.monotonic() - started
    return report


def _facts(catalogue: Catalogue, app_url: str, a: UUID, b: UUID) -> dict[str, str]:
    version = catalogue.connection.info.server_version
    return {
        "Database": without_password(app_url),
        "PostgreSQL": f"{version // 10000}.{version % 10000}",
        "Role": f"{ROLE}, logged in as {catalogue.login}",
        "Tables": ", ".join(table.name for table in catalogue.tables if table.is_tenant_table),
        "Tenant A": str(a),
        "Tenant B": str(b),
    }


def _check_catalogue(catalogue: Catalogue, report: Report) -> list[Shape]:
    for check in checks.ALL:
        entry = report.entry("catalogue", check.name, check.title)
        entry.tried += 1
        try:
            with catalogue.connection.transaction():
                for fault in check.find_faults(catalogue):
                    if fault.severity == "finding":
                        entry.fail(fault.culprit, fault.text, fault.remedy)
                    else:
                        entry.advise(fault.culprit, fault.text, fault.remedy)
        except psycopg.Error as error:
            entry.mark_unproven(f"{error.diag.message_primary} (SQLSTATE {error.sqlstate})")
    entry = report.entry("catalogue", "tables", "The tables of tenants exist and can be described")
    try:
        with catalogue.connection.transaction():
            shapes = read_shapes(catalogue)
    except psycopg.Error as error:
        entry.mark_unproven(f"{error.diag.message_primary} (SQLSTATE {error.sqlstate})")
        return []
    if not any(shape.table.full_name == "public.tenants" for shape in shapes):
        entry.mark_unproven("the database has no table public.tenants. Run: clincore migrate")
        return []
    entry.tried = len(shapes)
    return shapes


def _operator(owner_url: str) -> tuple[OpenOperator | None, str]:
    """A function that opens an operator's session; or None, and why there is none."""
    try:
        with session.operator_session(owner_url):
            pass
    except session.OperatorError as error:
        return None, str(error)
    except psycopg.OperationalError as error:
        # Without it the two tenants would be left behind.
        raise StartupError(describe_unreachable(owner_url, error)) from None
    return lambda: session.operator_session(owner_url), ""


def _attack(
    app_url: str,
    owner_url: str,
    service_url: str | None,
    a: UUID,
    b: UUID,
    shapes: Sequence[Shape],
    exempt: Sequence[Table],
    open_operator: OpenOperator | None,
    report: Report,
) -> None:
    @contextmanager
    def connect_owner() -> Iterator[Connection]:
        with psycopg.connect(libpq(owner_url), autocommit=True, connect_timeout=5) as connection:
            connection.execute(
                "SET lock_timeout = '1s'; SET statement_timeout = '2500ms'; SET datestyle = 'ISO'", prepare=False
            )
            yield connection

    made = report.entry("attacks", "rows", "Both tenants have a row in every table")
    with ExitStack() as open_connections:
        try:
            service = open_connections.enter_context(_as_service(app_url))
        except psycopg.Error as error:
            made.mark_unproven(f"cannot connect as the service: {error.diag.message_primary or error}")
            return
        owner = open_connections.enter_context(connect_owner()) if open_operator is not None else None
        shared_rows = read_shared(exempt, service, open_operator)
        rows_of_a, missing_a = seed(shapes, a, service, open_operator, shared_rows)
        rows_of_b, missing_b = seed(shapes, b, service, open_operator, shared_rows)
        for table, why in {**missing_a, **missing_b}.items():
            made.mark_unproven(f"{table} has no row to attack: {why}")
        scene = Scene(
            a,
            b,
            [shape for shape in shapes if shape.table.oid in rows_of_a and shape.table.oid in rows_of_b],
            rows_of_a,
            rows_of_b,
            lambda: _as_service(app_url),
            service,
            owner,
            is_distributed(service),
        )
        for shape in scene.shapes:
            made.try_on(shape.table.quoted)
        before = _fingerprint(scene, open_operator)
        attacks.run(scene, app_url, report)
        unchanged = report.entry("attacks", "unchanged", "A's rows are unchanged")
        _compare(unchanged, before, _fingerprint(scene, open_operator))
        if service_url is not None:
            _replay(service_url, scene, open_operator, report)


@contextmanager
def _as_service(app_url: str) -> Iterator[Connection]:
    """A connection like the service's: with its login and its role, in autocommit mode."""
    with psycopg.connect(libpq(app_url), autocommit=True, connect_timeout=5) as connection:
        connection.execute("; ".join(session.ON_CONNECT), prepare=False)
        yield connection


def _fingerprint(
    scene: Scene, open_operator: OpenOperator | None, *, without: Container[str] = ()
) -> dict[str, str | None]:
    """A digest of A's rows, by table. None if neither the operator nor the service can read the table.

    `without`: names of tables that are left out.
    """
    found: dict[str, str | None] = {}
    with ExitStack() as stack:
        readers: list[tuple[Connection, UUID | None]] = [(scene.service, scene.a)]
        if open_operator is not None:
            readers.insert(0, (stack.enter_context(open_operator()), None))
        for shape in scene.shapes:
            if shape.table.name in without:
                continue
            found[shape.table.quoted] = None
            for connection, tenant in readers:
                try:
                    with connection.transaction():
                        if tenant is not None:
                            set_tenant(connection, tenant)
                        found[shape.table.quoted] = _digest(shape, scene.a, connection)
                    break
                except psycopg.Error:
                    continue
    return found


def _digest(shape: Shape, tenant: UUID, connection: Connection) -> str:
    """A digest of the tenant's rows in the table."""
    row = connection.execute(
        sql.SQL(
            "SELECT md5(coalesce(string_agg(digest, '' ORDER BY digest), ''))"
            " FROM (SELECT md5(t::text) AS digest FROM {} AS t WHERE {} = {}) AS rows"
        ).format(shape.name, sql.Identifier(shape.key), sql.Literal(tenant))
    ).fetchone()
    return str(row[0]) if row else ""


def _compare(entry: Entry, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> None:
    for table, digest in before.items():
        entry.try_on(table)
        if digest is None:
            entry.mark_unproven(f"{table} can be read neither by an operator nor by the service")
        elif after[table] != digest:
            entry.fail(f"table {table}", f"A's rows in {table} changed.")


def _is_ready(service_url: str, report: Report) -> bool:
    """Whether the service can be attacked: it answers, reaches its database and has a signing key."""
    entry = report.entry("http", "configuration", "The service is ready, and has a signing key")
    entry.try_on(service_url)
    try:
        with httpx.Client(base_url=service_url, timeout=10, follow_redirects=False) as client:
            paths = client.get("/openapi.json").raise_for_status().json()["paths"]
            ready = client.get("/ready") if "/ready" in paths else None
            if ready is not None and not ready.is_success:
                entry.mark_unproven(f"{service_url}/ready answers {ready.status_code}: {ready.json().get('detail')}")
            elif _KEYS in paths and not client.get(_KEYS).raise_for_status().json()["keys"]:
                entry.mark_unproven(
                    f"{service_url} has no signing key. Set CLINCORE_SIGNING_KEY to a key file, run clincore migrate"
                    " and restart the service."
                )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as error:
        entry.mark_unproven(f"{service_url} does not answer as expected: {type(error).__name__}: {error}")
    return not entry.not_proven


_KEYS = "/.well-known/jwks.json"
_COUNTED_LATER = ("usage_outcomes",)
"""Where the service adds A's calls up to a minute after they were made. The attacks in SQL come before A's first call,
and must leave these rows unchanged, too."""


def _replay(service_url: str, scene: Scene, open_operator: OpenOperator | None, report: Report) -> None:
    entry = report.entry("http", "service", "The service accepts the keys of the two tenants")
    by_name = {shape.table.name: shape for shape in scene.shapes}
    try:
        with httpx.Client(base_url=service_url, timeout=10, follow_redirects=False) as client:
            contract = Contract(client.get("/openapi.json").raise_for_status().json())
            a, b = (_party(scene, tenant, by_name["api_keys"]) for tenant in (scene.a, scene.b))
            asked = [
                operation
                for operation in contract.operations
                if operation.method == "GET" and operation.needs_key and not operation.in_path
            ]
            for party in (a, b):
                for operation in asked[:1]:
                    entry.try_on(f"{service_url}{operation.path}")
                    answer = client.get(operation.path, headers={"X-API-Key": party.key})
                    if not answer.is_success:
                        entry.mark_unproven(
                            f"{service_url} answers {answer.status_code} to a key from this database."
                            " Does it use another database?"
                        )
                        return
            known = {
                f"{_singular(shape.table.name)}_id": str(row["id"])
                for shape in scene.shapes
                if (row := scene.rows_of_a[shape.table.oid]) and row.get("id")
            }
            texts = [str(scene.a), str(scene.rows_of_a[by_name["tenants"].table.oid]["name"])]
            holdings = Holdings(client, contract, a, known, texts, report)
            holdings.collect()
            if not _wait_until_numbered(scene):
                entry.mark_unproven(f"{service_url} has not numbered A's changes after {_NUMBERED_SECONDS} s")
            before = _fingerprint(scene, open_operator, without=_COUNTED_LATER)
            Replay(client, contract, holdings, b, report).run()
            unchanged = report.entry("http", "unchanged", "A's rows are unchanged by the replay")
            _compare(unchanged, before, _fingerprint(scene, open_operator, without=_COUNTED_LATER))
            Stacking(client, contract, scene.a, b, report).run()
            unchanged = report.entry("http", "unchanged by stacked", "A's rows are unchanged by stacked statements")
            _compare(unchanged, before, _fingerprint(scene, open_operator, without=_COUNTED_LATER))
    except Misconfigured as error:
        entry.mark_unproven(f"{service_url} lacks a setting: {error}")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as error:
        entry.mark_unproven(f"{service_url} does not answer as expected: {type(error).__name__}: {error}")


_NUMBERED_SECONDS = 30


def _wait_until_numbered(scene: Scene) -> bool:
    """Wait until A's changes are numbered, which the service does in the background: no row of A changes after that."""
    deadline = time.monotonic() + _NUMBERED_SECONDS
    while time.monotonic() < deadline:
        with scene.service.transaction():
            set_tenant(scene.service, scene.a)
            query = sql.SQL("SELECT FROM cases WHERE tenant_id = {} AND {}").format(scene.a, sql.SQL(UNNUMBERED))
            if not scene.service.execute(query).rowcount:
                return True
        time.sleep(0.05)
    return False


def _singular(table: str) -> str:
    """The word that the contract's parameters use: `case` for `cases`, `key` for `api_keys`."""
    word = table.rpartition("_")[2]
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _party(scene: Scene, tenant: UUID, shape: Shape) -> Party:
    rows: Mapping[int, Row] = scene.rows_of_a if tenant == scene.a else scene.rows_of_b

    def new_key() -> str:
        key = keys.generate(tenant)
        row = {
            **Draft(shape, tenant, rows).row,
            "id": str(uuid4()),
            "key_hash": keys.hash_of(key),
            "label": "isolation",
            "role": "admin",
        }
        with scene.connect() as connection, connection.transaction():
            set_tenant(connection, tenant)
            connection.execute(insert_into(shape, row))
        return key

    return Party(new_key(), new_key)


def _clean_up(
    app_url: str,
    shapes: Sequence[Shape],
    tenants: Sequence[UUID],
    open_operator: OpenOperator | None,
    why_none: str,
    report: Report,
) -> None:
    entry = report.entry("clean-up", "removed", "Everything of the two tenants is removed")
    names = " and ".join(map(str, tenants))
    left: dict[str, int] = {}
    try:
        if open_operator is None:
            entry.fail("no operator", f"{why_none} Tenants left behind: {names}.")
        else:
            with open_operator() as operator:
                left = remove(shapes, tenants, operator)
            for table, count in left.items():
                entry.fail(f"table {table}", f"{count} rows of the tenants {names} are left.")
            _check_removed(app_url, shapes, tenants, names, report)
    except (psycopg.Error, session.OperatorError) as error:
        entry.fail("the operator", f"The tenants could not be removed ({error}). Tenants left behind: {names}.")
    entry.tried += 1


def _check_removed(app_url: str, shapes: Sequence[Shape], tenants: Sequence[UUID], names: str, report: Report) -> None:
    """Look for remaining rows as the tenants themselves: an operator who sees no rows also removes none."""
    entry = report.entry("clean-up", "removed", "Everything of the two tenants is removed")
    with _as_service(app_url) as connection:
        for shape in shapes:
            for tenant in tenants:
                try:
                    with connection.transaction():
                        set_tenant(connection, tenant)
                        found = connection.execute(
                            sql.SQL("SELECT 1 FROM {} WHERE {} = {} LIMIT 1").format(
                                shape.name, sql.Identifier(shape.key), sql.Literal(tenant)
                            )
                        ).fetchone()
                except psycopg.errors.InsufficientPrivilege:
                    continue
                if found:
                    entry.fail(
                        f"table {shape.table.quoted}",
                        f"The operator could not remove the rows of the tenants {names}.",
                    )
