"""Which keys may call which operations. Operations come from `openapi.yaml`, so new ones are covered automatically."""

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from clincore import keys
from support.contract import CONTRACT, Operation
from support.database import Database
from support.errors import code_of
from support.operations import World, make_world, request_to, takes_ids
from support.service import BOOTSTRAP_TOKEN, Service, serve
from support.tenants import MakeTenant, Tenant

Headers = list[tuple[str, str | bytes]]
Operator = psycopg.Connection[Any]


@pytest.fixture
def world(client: httpx.Client, tenant: Tenant) -> World:
    return make_world(client, tenant)


def send(
    client: httpx.Client, operation: Operation, ids: Mapping[str, str], credentials: Any, **changes: Any
) -> httpx.Response:
    request = request_to(operation, ids) | {name: value for name, value in changes.items() if name != "headers"}
    given = credentials.items() if isinstance(credentials, dict) else credentials
    headers = [*(request.pop("headers") | changes.get("headers", {})).items(), *given]
    return client.request(**request, headers=headers)


def events_of(operator: Operator, *tenants: Tenant) -> list[tuple[Any, ...]]:
    query = "SELECT api_key_id::text, method, endpoint FROM usage_events WHERE tenant_id = ANY(%s)"
    return operator.execute(query, [[UUID(tenant.id) for tenant in tenants]]).fetchall()


def with_checksum(body: str) -> str:
    """The key with these first 71 characters and its checksum, computed without the service's code."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number, checksum = zlib.crc32(body.encode()), ""
    while len(checksum) < 6:
        number, value = divmod(number, 62)
        checksum = digits[value] + checksum
    return body + checksum


WITH_KEY = [pytest.param(operation, id=operation.id) for operation in CONTRACT.operations if operation.needs_key]
FOR_ADMINS = [param for param in WITH_KEY if param.values[0].needs_admin]
FOR_USERS = [param for param in WITH_KEY if not param.values[0].needs_admin]
WITH_SCOPE = [param for param in WITH_KEY if param.values[0].scope]
SCOPES = ("read", "write", "import", "sign", "export")
WITH_IDS = [param for param in WITH_KEY if takes_ids(param.values[0])]
WITH_BODY = [param for param in WITH_KEY if "requestBody" in param.values[0].definition]
PUBLIC = [pytest.param(operation, id=operation.id) for operation in CONTRACT.operations if not operation.security]
BOOTSTRAP = [operation for operation in CONTRACT.operations if operation.security == [{"BootstrapToken": []}]]


@pytest.fixture(scope="module")
def victim(client: httpx.Client, make_tenant: MakeTenant) -> World:
    """A tenant whose data no test of this module changes."""
    return make_world(client, make_tenant())


REFUSED = {
    "no-key": "unauthorized",
    "empty": "unauthorized",
    "wrong-format": "unauthorized",
    "not-ascii": "unauthorized",
    "cut-off": "unauthorized",
    "mistyped": "unauthorized",
    "wrong-case": "unauthorized",
    "sent-twice": "unauthorized",
    "empty-bearer": "unauthorized",
    "mistyped-bearer": "unauthorized",
    "with-foreign-bearer": "unauthorized",
    "with-bearer-of-a-gateway": "unauthorized",
    "mistyped-with-good-bearer": "unauthorized",
    "with-foreign-bearer-after-basic": "unauthorized",
    "with-foreign-bearer-after-a-tab": "unauthorized",
    "bootstrap-token": "unauthorized",
    "impossible-tenant": "unauthorized",
    "unknown-tenant": "unauthorized",
    "unknown-secret": "unauthorized",
    "revoked": "key-revoked",
    "expired": "key-expired",
    "revoked-bearer": "key-revoked",
    "expired-bearer": "key-expired",
    "revoked-in-both-headers": "key-revoked",
}


@pytest.fixture(scope="module")
def refused(client: httpx.Client, victim: World, operator: Operator, make_tenant: MakeTenant) -> dict[str, Headers]:
    """The headers with each invalid key, by its name in REFUSED."""
    good, ended = victim.tenant.api_key, {}
    for name, column in (("revoked", "revoked_at"), ("expired", "expires_at")):
        made = client.post("/admin/api-keys", json={"label": name, "role": "admin"}, headers=victim.tenant.key).json()
        ended[name] = made["api_key"]
        operator.execute(f"UPDATE api_keys SET {column} = now() WHERE id = '{made['id']}'")
    other_secret = good[28:70] + ("0" if good[70] != "0" else "1")
    sent = {
        "empty": "",
        "wrong-format": "secret",
        "not-ascii": b"clin_\xff\xc3\xa9",
        "cut-off": good[:-1],
        "mistyped": good[:40] + ("a" if good[40] != "a" else "b") + good[41:],
        "wrong-case": good.swapcase(),
        "bootstrap-token": BOOTSTRAP_TOKEN,
        # 22 digits of base 62 can exceed 128 bits.
        "impossible-tenant": with_checksum("clin_" + "z" * 22 + good[27:71]),
        "unknown-tenant": keys.generate(uuid4()),
        "unknown-secret": with_checksum(good[:28] + other_secret),
        **ended,
    }
    headers: dict[str, Headers] = {name: [("X-API-Key", key)] for name, key in sent.items()}
    headers["bootstrap-token"].append(("Authorization", f"Bearer {BOOTSTRAP_TOKEN}"))
    headers["sent-twice"] = [("X-API-Key", good), ("X-API-Key", good)]
    for name in ("empty", "mistyped", "revoked", "expired"):
        headers[f"{name}-bearer"] = [("Authorization", f"Bearer {sent[name]!s}".rstrip())]
    headers["revoked-in-both-headers"] = headers["revoked"] + headers["revoked-bearer"]
    pairs = {
        "with-foreign-bearer": (good, make_tenant().api_key),
        "with-bearer-of-a-gateway": (good, "token-of-a-gateway"),
        "mistyped-with-good-bearer": (sent["mistyped"], good),
    }
    for name, (key, token) in pairs.items():
        headers[name] = [("X-API-Key", key), ("Authorization", f"Bearer {token}")]
    another = make_tenant().api_key
    headers["with-foreign-bearer-after-basic"] = [
        ("X-API-Key", good),
        ("Authorization", "Basic eDp5"),
        ("Authorization", f"Bearer {another}"),
    ]
    headers["with-foreign-bearer-after-a-tab"] = [("X-API-Key", good), ("Authorization", f"Bearer\t{another}")]
    headers["no-key"] = []
    return headers


def test_each_operation_has_one_kind_of_security() -> None:
    kinds = (WITH_KEY, PUBLIC, BOOTSTRAP)

    assert sum(len(kind) for kind in kinds) == len(CONTRACT.operations)
    assert all(kinds)


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("operation", WITH_KEY)
def test_an_invalid_key_is_refused_and_not_metered(
    client: httpx.Client,
    operator: Operator,
    victim: World,
    refused: dict[str, Headers],
    operation: Operation,
    kind: str,
) -> None:
    counted = events_of(operator, victim.tenant)

    response = send(client, operation, victim.ids, refused[kind])

    assert response.status_code == 401
    assert code_of(response) == REFUSED[kind]
    authorization = next((value for name, value in refused[kind] if name == "Authorization"), "")
    error = ', error="invalid_token"' if authorization.partition(" ")[0] == "Bearer" else ""
    assert response.headers["WWW-Authenticate"] == f'ApiKey realm="clincore", Bearer realm="clincore"{error}'
    assert events_of(operator, victim.tenant) == counted


def test_the_detail_says_whether_a_key_is_mistyped(client: httpx.Client, refused: dict[str, Headers]) -> None:
    details = {kind: client.get("/auth/whoami", headers=refused[kind]).json()["detail"] for kind in REFUSED}

    assert "mistyped" in details["mistyped"]
    assert "mistyped" not in details["unknown-secret"]


def comparable(response: httpx.Response, *ids: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """All that a client can compare, without the request id, the ids in the path and the date."""
    content = response.content.replace(response.headers["X-Request-Id"].encode(), b"")
    for one in ids:
        content = content.replace(one.encode(), b"")
    ignored = (b"date", b"x-request-id")
    return response.status_code, [pair for pair in response.headers.raw if pair[0].lower() not in ignored], content


@pytest.mark.parametrize("operation", WITH_KEY)
def test_an_invalid_key_does_not_reveal_which_tenants_exist(
    client: httpx.Client, victim: World, refused: dict[str, Headers], operation: Operation
) -> None:
    answers = [send(client, operation, victim.ids, refused[kind]) for kind in ("unknown-tenant", "unknown-secret")]

    assert comparable(answers[0]) == comparable(answers[1])


@pytest.mark.parametrize("operation", WITH_KEY)
def test_an_admin_key_may_call_every_operation(client: httpx.Client, world: World, operation: Operation) -> None:
    response = send(client, operation, world.ids, world.tenant.key)

    # 409 depends on the stored data, any other error on the request.
    assert response.status_code < 300 or response.status_code == 409, response.text


def test_every_operation_that_takes_a_key_takes_it_as_a_bearer_token_too() -> None:
    for param in WITH_KEY:
        (operation,) = param.values
        roles = operation.security[0]["ApiKey"]
        assert operation.security == [{"ApiKey": roles}, {"Bearer": roles}], operation.id


@pytest.mark.parametrize("operation", WITH_KEY)
def test_a_key_as_a_bearer_token_is_accepted_and_metered(
    client: httpx.Client, operator: Operator, world: World, operation: Operation
) -> None:
    counted = events_of(operator, world.tenant)

    response = send(client, operation, world.ids, [("Authorization", f"Bearer {world.tenant.api_key}")])

    assert response.status_code < 300 or response.status_code == 409, response.text
    now = events_of(operator, world.tenant)
    for event in counted:
        now.remove(event)
    assert now == [(world.tenant.key_id, operation.method, operation.path)]


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("Bearer {key}", id="the-same-key"),
        pytest.param("bEARER   {key}", id="mixed-case"),
        pytest.param("Basic {key}", id="another-scheme"),
        pytest.param("", id="empty"),
    ],
)
def test_a_key_is_accepted_with_an_authorization_header_without_another_key(
    client: httpx.Client, operator: Operator, tenant: Tenant, authorization: str
) -> None:
    headers = tenant.key | {"Authorization": authorization.format(key=tenant.api_key)}

    response = client.get("/auth/whoami", headers=headers)

    assert (response.status_code, response.json().get("key_id")) == (200, tenant.key_id)
    assert len(events_of(operator, tenant)) == 1


@pytest.mark.parametrize("operation", FOR_ADMINS)
def test_a_user_key_is_refused_by_operations_for_admins(
    client: httpx.Client, world: World, operation: Operation
) -> None:
    for credentials in (world.user.key, {"Authorization": f"Bearer {world.user.api_key}"}):
        response = send(client, operation, world.ids, credentials)

        assert response.status_code == 403
        assert code_of(response) == "role-required"


@pytest.mark.parametrize("operation", FOR_USERS)
def test_a_user_key_may_call_all_other_operations(client: httpx.Client, world: World, operation: Operation) -> None:
    response = send(client, operation, world.ids, world.user.key)

    assert response.status_code < 300 or response.status_code == 409, response.text


def make_key(client: httpx.Client, tenant: Tenant, scopes: list[str] | None) -> dict[str, Any]:
    """A new admin key of the tenant, as the contract's `IssuedApiKey`."""
    made = client.post("/admin/api-keys", json={"label": "x", "role": "admin", "scopes": scopes}, headers=tenant.key)
    assert made.status_code == 201, made.text
    return dict(made.json())


@pytest.fixture(scope="module")
def by_scope(client: httpx.Client, victim: World) -> dict[str, dict[str, Any]]:
    """A key with all other scopes, by the scope that it lacks."""
    return {scope: make_key(client, victim.tenant, [other for other in SCOPES if other != scope]) for scope in SCOPES}


def test_the_operations_that_every_key_may_call_are_few() -> None:
    assert {param.id for param in WITH_KEY} - {param.id for param in WITH_SCOPE} == {
        "get_caller",
        "get_quota",
        "rotate_api_key",
    }


@pytest.mark.parametrize("operation", WITH_SCOPE)
def test_a_key_with_all_scopes_but_the_needed_one_is_refused_and_metered(
    client: httpx.Client,
    operator: Operator,
    victim: World,
    by_scope: dict[str, dict[str, Any]],
    operation: Operation,
) -> None:
    assert operation.scope is not None
    key = by_scope[operation.scope]
    before = events_of(operator, victim.tenant)

    response = send(client, operation, victim.ids, {"X-API-Key": key["api_key"]})

    assert (response.status_code, code_of(response)) == (403, "scope-required")
    now = events_of(operator, victim.tenant)
    for event in before:
        now.remove(event)
    assert now == [(key["id"], operation.method, operation.path)]


@pytest.mark.parametrize("operation", WITH_KEY)
def test_a_key_needs_no_other_scope(client: httpx.Client, world: World, operation: Operation) -> None:
    key = make_key(client, world.tenant, [operation.scope or "import"])

    response = send(client, operation, world.ids, {"X-API-Key": key["api_key"]})

    if operation.id in ("create_api_key",):
        # The example gives the scope read, which this key does not have.
        assert code_of(response) == "scope-required"
        response = send(
            client, operation, world.ids, {"X-API-Key": key["api_key"]}, json={"label": "x", "scopes": ["write"]}
        )
    assert response.status_code < 300 or response.status_code == 409, response.text


@pytest.fixture(scope="module")
def suspended(client: httpx.Client, operator: Operator, make_tenant: MakeTenant) -> World:
    world = make_world(client, make_tenant())
    operator.execute("UPDATE tenants SET suspended_at = now() WHERE id = %s", [world.tenant.id])
    return world


@pytest.mark.parametrize("operation", WITH_KEY)
def test_the_keys_of_a_suspended_tenant_are_refused_and_not_metered(
    client: httpx.Client, operator: Operator, suspended: World, operation: Operation
) -> None:
    before = events_of(operator, suspended.tenant)

    for tenant in (suspended.tenant, suspended.user):
        response = send(client, operation, suspended.ids, tenant.key)

        assert (response.status_code, code_of(response)) == (403, "tenant-suspended")
        assert response.headers["Cache-Control"] == "no-store"
    assert events_of(operator, suspended.tenant) == before


def test_every_path_below_admin_requires_an_admin() -> None:
    open_ = [operation.path for operation in CONTRACT.operations if not operation.needs_admin]

    assert not [path for path in open_ if path.startswith("/admin")]


@pytest.mark.parametrize("operation", WITH_IDS)
def test_another_tenants_data_is_answered_like_missing_data(
    client: httpx.Client, tenant: Tenant, victim: World, operation: Operation
) -> None:
    unknown_ids = {name: str(uuid4()) for name in victim.ids}

    foreign = send(client, operation, victim.ids, tenant.key)
    missing = send(client, operation, unknown_ids, tenant.key)

    assert missing.status_code == 404
    assert code_of(missing) == "not-found"
    assert comparable(foreign, *victim.ids.values()) == comparable(missing, *unknown_ids.values())


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("Bearer", id="scheme-alone"),
        pytest.param("Bearer wrong", id="wrong"),
        pytest.param(f"Bearer {BOOTSTRAP_TOKEN}x", id="longer"),
        pytest.param(f"Bearer {BOOTSTRAP_TOKEN[:-1]}", id="shorter"),
        pytest.param(f"Bearer {BOOTSTRAP_TOKEN} {BOOTSTRAP_TOKEN}", id="twice"),
        pytest.param(BOOTSTRAP_TOKEN, id="without-scheme"),
        pytest.param(f"Basic {BOOTSTRAP_TOKEN}", id="another-scheme"),
        pytest.param("Bearer tökén".encode(), id="utf-8"),
        pytest.param(b"Bearer \xff\xfe", id="not-text"),
    ],
)
@pytest.mark.parametrize("operation", BOOTSTRAP, ids=lambda operation: operation.id)
def test_bootstrap_is_refused_without_its_token(
    client: httpx.Client, operator: Operator, operation: Operation, authorization: str | bytes | None
) -> None:
    name = f"refused-{uuid4().hex}"
    headers = [] if authorization is None else [("Authorization", authorization)]

    response = send(client, operation, {}, headers, json={"tenant_name": name})

    assert response.status_code == 401
    assert code_of(response) == "unauthorized"
    was_bearer = str(authorization).removeprefix("b'").startswith("Bearer")
    error = ', error="invalid_token"' if was_bearer else ""
    assert response.headers["WWW-Authenticate"] == f'Bearer realm="clincore"{error}'
    assert operator.execute("SELECT FROM tenants WHERE name = %s", [name]).rowcount == 0


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_tenants_key_is_not_a_bootstrap_token(client: httpx.Client, tenant: Tenant, header: str) -> None:
    key = f"Bearer {tenant.api_key}" if header == "Authorization" else tenant.api_key

    assert send(client, BOOTSTRAP[0], {}, [(header, key)]).status_code == 401


@pytest.mark.parametrize("operation", PUBLIC)
def test_a_public_operation_ignores_keys(
    client: httpx.Client, operator: Operator, victim: World, refused: dict[str, Headers], operation: Operation
) -> None:
    counted = events_of(operator, victim.tenant)

    sent: list[Any] = [[], victim.tenant.key, *refused.values()]
    answers = [send(client, operation, victim.ids, credentials) for credentials in sent]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert events_of(operator, victim.tenant) == counted


def test_a_role_changed_by_the_operator_takes_effect_on_the_next_request(
    client: httpx.Client, operator: Operator, make_tenant: MakeTenant
) -> None:
    tenant = make_tenant(role="user")
    statuses = [client.get("/admin/usage", headers=tenant.key).status_code]

    for role in ("admin", "user"):
        changed = operator.execute(f"UPDATE api_keys SET role = '{role}' WHERE id = '{tenant.key_id}'")
        assert changed.rowcount == 1
        statuses.append(client.get("/admin/usage", headers=tenant.key).status_code)

    assert statuses == [403, 200, 403]


def test_every_worker_refuses_an_ended_key_on_the_next_request(
    client: httpx.Client, database: Database, folder: Path, service: Service, make_tenant: MakeTenant
) -> None:
    with serve(database, folder) as second, httpx.Client(base_url=second.url) as elsewhere:
        for way in ("revoked", "rotated"):
            world = make_world(client, make_tenant())
            before = elsewhere.get("/auth/whoami", headers=world.user.key)
            if way == "revoked":
                path = f"/admin/api-keys/revoke/{world.user.key_id}"
                assert client.post(path, headers=world.tenant.key).status_code == 200
            else:
                assert client.post("/auth/api-keys/rotate", headers=world.user.key).status_code == 201

            after = elsewhere.get("/auth/whoami", headers=world.user.key)

            assert (before.status_code, after.status_code, code_of(after)) == (200, 401, "key-revoked"), way


COUNTED = {
    200: WITH_KEY,
    400: WITH_KEY,
    403: FOR_ADMINS,
    404: WITH_IDS,
    406: WITH_KEY,
    413: WITH_BODY,
    415: WITH_BODY,
}


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        pytest.param(param.values[0], status, id=f"{param.id}-{status}")
        for status, params in COUNTED.items()
        for param in params
    ],
)
def test_a_request_with_a_valid_key_is_metered_once_for_every_status(
    client: httpx.Client, operator: Operator, world: World, operation: Operation, status: int
) -> None:
    too_much = b" " * (operation.definition.get("x-body-bytes-max", 256 * 1024) + 1)
    changes: dict[int, dict[str, Any]] = {
        400: {"params": {"unknown": "1"}},
        406: {"headers": {"Accept": "application/x-nothing"}},
        413: {"json": None, "content": too_much, "headers": {"Content-Type": "application/json"}},
        415: {"json": None, "content": b"{}", "headers": {"Content-Type": "text/plain"}},
    }
    ids = {name: str(uuid4()) for name in world.ids} if status == 404 else world.ids
    caller = world.user if status == 403 else world.tenant
    counted = events_of(operator, world.tenant)

    response = send(client, operation, ids, caller.key, **changes.get(status, {}))

    assert response.status_code == status or (status == 200 and response.status_code in (201, 204, 409)), response.text
    now = events_of(operator, world.tenant)
    for event in counted:
        now.remove(event)
    assert now == [(caller.key_id, operation.method, operation.path)]
