"""Operators' commands on the database of the running service."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from support.commands import run
from support.contract import CONTRACT
from support.database import Database
from support.rows import insert
from support.tenants import MakeTenant, Tenant, bootstrap

LogCalls = Callable[[Tenant, int], None]
Operator = psycopg.Connection[Any]


class Cli:
    """`clincore`, logged in as the owner of a database."""

    def __init__(self, database: Database) -> None:
        self._url = database.url

    def __call__(self, *arguments: str) -> str:
        """The output of a command that must succeed."""
        ended = run("clincore", *arguments, DATABASE_URL=self._url)
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr == ""
        return ended.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def error(self, *arguments: str) -> str:
        """The one-line error of a command that must fail."""
        ended = run("clincore", *arguments, DATABASE_URL=self._url)
        assert (ended.returncode, ended.stdout) == (1, ""), ended.stderr
        assert ended.stderr.startswith("clincore: ")
        assert ended.stderr.count("\n") == 1
        return ended.stderr


@pytest.fixture(scope="module")
def cli(database: Database) -> Cli:
    return Cli(database)


def create_case(client: httpx.Client, tenant: Tenant) -> int:
    return client.post("/cases", json={"title": "x"}, headers=tenant.key).status_code


def create_key(client: httpx.Client, tenant: Tenant, **body: str) -> dict[str, Any]:
    response = client.post("/admin/api-keys", json={"label": "job"} | body, headers=tenant.key)
    assert response.status_code == 201
    return dict(response.json())


def test_tenants_list_shows_the_newest_first_with_counts(
    cli: Cli, client: httpx.Client, make_tenant: Any, operator: Operator
) -> None:
    older, newer = make_tenant(), make_tenant()
    create_case(client, older)
    expired = create_key(client, older)
    operator.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", [expired["id"]])
    create_key(client, older)

    listed = cli.json("tenants", "list", "--limit", "2")

    assert [item["id"] for item in listed["items"]] == [newer.id, older.id]
    assert listed["total"] >= 2
    created_at = listed["items"][1].pop("created_at")
    assert created_at.endswith("Z")
    assert listed["items"][1] == {
        "id": older.id,
        "name": older.name,
        "billing_status": "free",
        "suspended_at": None,
        "cases": 1,
        "keys": 2,
    }
    assert cli.json("tenants", "show", older.name) == listed["items"][1] | {
        "created_at": created_at,
        "cases_by_status": {"draft": 1},
        "admin_keys": 1,
        "ended_keys": 1,
    }


def test_tables_never_cut_ids_and_say_how_many_rows_are_left_out(
    cli: Cli, database: Database, make_tenant: MakeTenant
) -> None:
    make_tenant()
    tenant = make_tenant()

    ended = run("clincore", "tenants", "list", "--limit", "1", DATABASE_URL=database.url, COLUMNS="20")

    heading, line = ended.stdout.splitlines()
    assert heading.split() == ["id", "name", "billing", "created", "suspended", "cases", "keys"]
    assert line.split()[:3] == [tenant.id, tenant.name, "free"]
    assert line.split()[4:] == ["-", "0", "1"]
    assert ended.stderr.startswith("Showing 1 of ")
    shown = cli("tenants", "show", tenant.id)
    assert tenant.id in shown
    assert [line for line in (ended.stdout + shown).splitlines() if line != line.rstrip()] == []
    (_, key) = cli("keys", "list", tenant.name).splitlines()
    last_four, created = key.split()[5:7]
    assert last_four == tenant.api_key[-4:]
    whole = [tenant.key_id, f"bootstrap-{tenant.name}", "admin", "-", "live", last_four, created, "-", "-", "-"]
    assert key.split() == whole


@pytest.mark.slow
def test_tenants_list_handles_ten_thousand_tenants(
    migrated_database: Callable[[], Database],
) -> None:
    database = migrated_database()
    with database.as_owner() as owner:
        names = {uuid4(): f"tenant-{number}" for number in range(10_000)}
        insert(owner, "tenant_names", ({"tenant_id": tenant, "name": name} for tenant, name in names.items()))
        insert(owner, "tenants", ({"id": tenant, "name": name} for tenant, name in names.items()))
        insert(
            owner,
            "api_keys",
            (
                {"tenant_id": tenant, "id": uuid4(), "key_hash": sha256(tenant.bytes).hexdigest(), "label": "x"}
                for tenant in names
            ),
        )
    cli = Cli(database)

    listed = cli.json("tenants", "list")
    everything = cli.json("tenants", "list", "--limit", "10000")

    assert (len(listed["items"]), listed["total"]) == (50, 10_000)
    assert len({item["id"] for item in everything["items"]}) == 10_000
    assert {item["keys"] for item in everything["items"]} == {1}
    assert cli.json("tenants", "show", "tenant-7777")["name"] == "tenant-7777"


@pytest.mark.parametrize("named_by", ["id", "name"])
def test_set_billing_paid_lifts_the_402_and_free_brings_it_back(
    cli: Cli,
    client: httpx.Client,
    operator: Operator,
    make_tenant: MakeTenant,
    log_calls: LogCalls,
    named_by: str,
) -> None:
    tenant, other = make_tenant(), make_tenant()
    which = tenant.id if named_by == "id" else tenant.name
    statuses = [create_case(client, tenant)]
    create_case(client, other)
    log_calls(tenant, 1001)
    log_calls(other, 1001)
    statuses.append(create_case(client, tenant))

    assert cli("tenants", "set-billing", which, "paid") == f"{tenant.name} is paid; cases changed: 1.\n"
    statuses.append(create_case(client, tenant))
    shown = cli.json("tenants", "set-billing", which, "free")
    statuses.append(create_case(client, tenant))

    assert statuses == [201, 402, 201, 402]
    assert (shown["billing_status"], shown["cases"]) == ("free", 2)
    stamped = "SELECT DISTINCT billing_status FROM cases WHERE tenant_id = %s"
    assert operator.execute(stamped, [tenant.id]).fetchall() == [("free",)]
    assert create_case(client, other) == 402


def test_set_billing_paid_lifts_the_402_of_a_tenant_without_cases(
    cli: Cli, client: httpx.Client, tenant: Tenant, log_calls: LogCalls
) -> None:
    log_calls(tenant, 1001)
    assert create_case(client, tenant) == 402

    cli("tenants", "set-billing", tenant.id, "paid")

    assert create_case(client, tenant) == 201


def test_a_tenant_with_one_paid_case_is_shown_as_paid(
    cli: Cli, client: httpx.Client, tenant: Tenant, operator: Operator
) -> None:
    create_case(client, tenant)
    operator.execute("UPDATE cases SET billing_status = 'paid' WHERE tenant_id = %s", [tenant.id])

    assert cli.json("tenants", "show", tenant.id)["billing_status"] == "paid"


def test_keys_list_matches_the_api_and_shows_no_hash(
    cli: Cli, client: httpx.Client, tenant: Tenant, operator: Operator
) -> None:
    expired = create_key(client, tenant)
    operator.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", [expired["id"]])
    revoked = create_key(client, tenant)
    client.post(f"/admin/api-keys/revoke/{revoked['id']}", headers=tenant.key)
    of_api = client.get("/admin/api-keys", headers=tenant.key).json()["items"]

    listed = cli.json("keys", "list", tenant.id)
    table = cli("keys", "list", tenant.id)

    assert (listed["items"], listed["total"]) == (of_api, 3)
    schema = CONTRACT.document["components"]["schemas"]["ApiKeyDetails"]
    assert [CONTRACT.errors(schema, item) for item in listed["items"]] == [[]] * 3
    assert [line.split()[4] for line in table.splitlines()[1:]] == ["revoked", "expired", "live"]
    for (key_hash,) in operator.execute("SELECT key_hash FROM api_keys WHERE tenant_id = %s", [tenant.id]):
        assert key_hash not in table + json.dumps(listed)


def test_keys_create_issues_a_working_key(
    cli: Cli, database: Database, client: httpx.Client, make_tenant: MakeTenant
) -> None:
    tenant = make_tenant("user")

    options = ("--role", "admin", "--label", "recovery", "--rate-limit-per-minute", "100000")
    options += ("--scope", "write", "--scope", "read")
    ended = run("clincore", "keys", "create", tenant.name, *options, DATABASE_URL=database.url)
    issued = cli.json("keys", "create", tenant.id)

    assert ended.returncode == 0, ended.stderr
    key = ended.stdout.removesuffix("\n")
    assert key not in ended.stderr
    caller = client.get("/auth/whoami", headers={"X-API-Key": key}).json()
    assert {name: caller[name] for name in caller if name not in ("tenant_name", "key_id")} == {
        "tenant_id": tenant.id,
        "label": "recovery",
        "role": "admin",
        "scopes": ["read", "write"],
        "expires_at": None,
        "rate_limit_per_minute": 100_000,
    }
    assert CONTRACT.errors(CONTRACT.document["components"]["schemas"]["IssuedApiKey"], issued) == []
    assert (issued["role"], issued["label"], issued["scopes"]) == ("user", "operator", None)
    assert issued["rate_limit_per_minute"] is None
    assert [line.split()[3:5] for line in cli("keys", "list", tenant.id).splitlines()[1:3]] == [
        ["-", "live"],
        ["read,", "write"],
    ]
    listed = client.get("/admin/api-keys", headers={"X-API-Key": key}).json()["items"]
    assert [(item["id"], item["last_four"]) for item in listed[:2]] == [
        (issued["id"], issued["api_key"][-4:]),
        (caller["key_id"], key[-4:]),
    ]


def test_tenants_create_does_the_same_as_bootstrap(
    cli: Cli, database: Database, client: httpx.Client, operator: Operator
) -> None:
    name = f"Cafe\u0301 {uuid4().hex}"
    composed = name.replace("e\u0301", "\u00e9")

    ended = run("clincore", "tenants", "create", name, "--role", "admin", DATABASE_URL=database.url)
    made = cli.json("tenants", "create", f"{name} 2")

    assert ended.returncode == 0, ended.stderr
    key = ended.stdout.removesuffix("\n")
    assert key not in ended.stderr
    caller = client.get("/auth/whoami", headers={"X-API-Key": key}).json()
    assert (caller["tenant_name"], caller["label"], caller["role"]) == (composed, f"bootstrap-{composed}", "admin")
    assert client.post("/cases", json={"title": "x"}, headers={"X-API-Key": key}).status_code == 201
    assert CONTRACT.errors(CONTRACT.document["components"]["schemas"]["ProvisionedTenant"], made) == []
    assert client.get("/auth/whoami", headers={"X-API-Key": made["api_key"]}).json()["tenant_id"] == made["tenant_id"]
    # A taken name creates nothing.
    error = cli.error("tenants", "create", composed)
    assert error == f"clincore: the name {composed!r} is taken. Choose another, or see: clincore tenants show NAME\n"
    assert operator.execute("SELECT FROM tenant_names WHERE name = %s", [composed]).rowcount == 1


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        pytest.param(("keys", "create", "no-such-tenant"), 1, id="unknown-tenant"),
        pytest.param(("keys", "create", "a", "--label", ""), 2, id="empty-label"),
        pytest.param(("keys", "create", "a", "--label", "a\nb"), 2, id="label-with-newline"),
        pytest.param(("tenants", "create", " a"), 2, id="name-with-leading-space"),
        pytest.param(("tenants", "create", "a\udcff"), 2, id="name-not-utf-8"),
    ],
)
def test_create_refuses_bad_arguments_with_a_one_line_error(
    database: Database, arguments: tuple[str, ...], exit_code: int
) -> None:
    ended = run("clincore", *arguments, DATABASE_URL=database.url)

    assert (ended.returncode, ended.stdout) == (exit_code, ""), ended.stderr
    assert ended.stderr.startswith("clincore: ")
    assert ended.stderr.count("\n") == 1
    # The pattern of the schema is unreadable.
    assert "^" not in ended.stderr and len(ended.stderr) < 200


def test_set_role_applies_from_the_next_request(cli: Cli, client: httpx.Client, make_tenant: MakeTenant) -> None:
    tenant = make_tenant("user")
    statuses = []

    for role in ("admin", "user"):
        assert cli.json("keys", "set-role", tenant.key_id, role)["role"] == role
        statuses.append(client.get("/admin/usage", headers=tenant.key).status_code)

    assert statuses == [200, 403]


def test_revoke_applies_from_the_next_request_and_is_idempotent(cli: Cli, client: httpx.Client, tenant: Tenant) -> None:
    key = create_key(client, tenant)

    first = cli.json("keys", "revoke", key["id"])
    second = cli.json("keys", "revoke", key["id"])

    refused = client.get("/cases", headers={"X-API-Key": key["api_key"]})
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/key-revoked")
    assert first == second
    assert client.get("/cases", headers=tenant.key).status_code == 200


def test_revoking_the_last_admin_key_needs_force(cli: Cli, client: httpx.Client, tenant: Tenant) -> None:
    create_key(client, tenant)

    assert "--force" in cli.error("keys", "revoke", tenant.key_id)
    assert client.get("/admin/usage", headers=tenant.key).status_code == 200

    assert "was revoked at" in cli("keys", "revoke", tenant.key_id, "--force")
    assert client.get("/admin/usage", headers=tenant.key).status_code == 401


def test_concurrent_revocations_leave_one_admin_key(
    cli: Cli, client: httpx.Client, tenant: Tenant, database: Database, operator: Operator
) -> None:
    """Both commands wait for the tenant's lock before they look, so they start at the same time."""
    ids = [tenant.key_id, create_key(client, tenant, role="admin")["id"]]

    with ThreadPoolExecutor(2) as pool:
        with database.as_owner() as holder, holder.transaction():
            holder.execute("SELECT FROM tenants WHERE id = %s FOR NO KEY UPDATE", [tenant.id])
            runs = [pool.submit(run, "clincore", "keys", "revoke", one, DATABASE_URL=database.url) for one in ids]
            while database.count_waiting("%FOR NO KEY UPDATE%") != 2:
                assert not any(one.done() for one in runs), "it did not wait for the tenant's lock"
        codes = sorted(one.result().returncode for one in runs)

    assert codes == [0, 1]
    live = "SELECT count(*) FROM api_keys WHERE tenant_id = %s AND role = 'admin' AND revoked_at IS NULL"
    assert operator.execute(live, [tenant.id]).fetchone() == (1,)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("tenants", "show"), id="tenants-show"),
        pytest.param(("tenants", "set-billing", "paid"), id="tenants-set-billing"),
        pytest.param(("keys", "list"), id="keys-list"),
        pytest.param(("keys", "set-role", "admin"), id="keys-set-role"),
        pytest.param(("keys", "revoke"), id="keys-revoke"),
    ],
)
def test_an_unknown_id_is_a_one_line_error(cli: Cli, command: tuple[str, ...]) -> None:
    unknown = str(uuid4())

    error = cli.error(*command[:2], unknown, *command[2:])

    assert unknown in error
    assert f"See: clincore {'keys' if command[1] in ('set-role', 'revoke') else 'tenants'} list" in error


@pytest.mark.parametrize("command", [("tenants", "show"), ("keys", "revoke")], ids=["tenant", "key"])
def test_a_malformed_id_is_a_one_line_error_without_the_key(cli: Cli, tenant: Tenant, command: tuple[str, ...]) -> None:
    for wrong in ("no-such-thing", "", "caf\udce9", "a\x1b[31m\nb", tenant.api_key):
        error = cli.error(*command, wrong)
        assert "See: clincore " in error
        assert "\x1b" not in error
        assert tenant.api_key not in error


def test_key_ids_and_tenant_ids_are_not_interchangeable(cli: Cli, tenant: Tenant) -> None:
    cli.error("tenants", "show", tenant.key_id)
    cli.error("keys", "revoke", tenant.id)


def test_an_id_takes_precedence_over_another_tenants_name(cli: Cli, client: httpx.Client, tenant: Tenant) -> None:
    impostor = bootstrap(client, name=tenant.id)

    assert cli.json("tenants", "show", tenant.id)["id"] == tenant.id
    assert cli.json("tenants", "show", impostor.id)["name"] == tenant.id


def test_names_are_found_in_any_unicode_form_and_shown_without_markup(cli: Cli, client: httpx.Client) -> None:
    tail = uuid4().hex
    made = bootstrap(client, name=f"[red]Cafe\u0301[/red] :smile: {tail}")

    assert cli.json("tenants", "show", f"[red]Caf\u00e9[/red] :smile: {tail}")["id"] == made.id
    assert f"[red]Caf\u00e9[/red] :smile: {tail}" in cli("tenants", "show", made.id)


def test_control_characters_in_a_label_are_escaped(cli: Cli, client: httpx.Client, tenant: Tenant) -> None:
    key = create_key(client, tenant, label="a\u009b31m\u202eb")

    shown = cli("keys", "list", tenant.id) + cli("keys", "revoke", key["id"])

    assert "\u009b" not in shown and "\u202e" not in shown
    assert shown.count("a\\x9b31m\\u202eb") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("tenants", "set-billing", "x", "gold"), id="billing-status"),
        pytest.param(("keys", "set-role", str(uuid4()), "root"), id="role"),
        pytest.param(("tenants", "list", "--limit", "0"), id="limit"),
        pytest.param(("keys", "create", "x", "--rate-limit-per-minute", "0"), id="rate-limit-too-low"),
        pytest.param(("keys", "create", "x", "--rate-limit-per-minute", "100001"), id="rate-limit-too-high"),
        pytest.param(("keys", "create", "x", "--scope", "admin"), id="scope"),
        pytest.param(("tenants", "show"), id="missing-argument"),
    ],
)
def test_a_wrong_command_line_ends_with_exit_code_2(database: Database, arguments: tuple[str, ...]) -> None:
    ended = run("clincore", *arguments, DATABASE_URL=database.url)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr


def test_a_wrong_environment_ends_with_one_line_and_exit_code_2(
    database: Database, new_database: Callable[[], Database], tmp_path: Any
) -> None:
    app = make_url(database.url).set(username="clincore_app").render_as_string(hide_password=False)
    expected = {
        "no data under": {},
        "cannot be used": {"DATABASE_URL": "postgresql+psycopg://a:geheim@127.0.0.1:1/c"},
        "bypasses row-level security": {"DATABASE_URL": database.superuser_url},
        "no ClinCore tables": {"DATABASE_URL": new_database().url},
        "MIGRATION_DATABASE_URL": {"DATABASE_URL": app},
    }
    for text, variables in expected.items():
        for command in (("tenants", "list"), ("keys", "revoke", str(uuid4()))):
            ended = run("clincore", *command, cwd=tmp_path, **variables)
            assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
            assert text in ended.stderr
            assert "geheim" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_another_schema_and_a_lock_of_others_end_with_one_line_that_says_what_to_do(
    migrated_database: Callable[[], Database],
) -> None:
    database = migrated_database()
    ended = []
    with database.as_owner() as owner:
        with owner.transaction():
            owner.execute("LOCK TABLE tenants")
            ended.append(run("clincore", "tenants", "list", DATABASE_URL=database.url))
        owner.execute("ALTER TABLE tenants RENAME COLUMN suspended_at TO other")
        ended.append(run("clincore", "tenants", "list", DATABASE_URL=database.url))

    assert [(one.returncode, one.stdout, one.stderr) for one in ended] == [
        (1, "", "clincore: another transaction holds what this command needs. Try again when it has ended.\n"),
        (2, "", "clincore: the database's schema is not that of this version. Run: clincore migrate\n"),
    ]


def test_commands_work_with_any_encoding_and_date_style(
    migrated_database: Callable[[], Database], client: httpx.Client, database: Database
) -> None:
    tenant = bootstrap(client, name=f"Zo\u00eb \u2713 \u65e5\u672c {uuid4().hex}")
    environment = {
        "DATABASE_URL": database.url,
        "PGCLIENTENCODING": "LATIN1",
        "PGDATESTYLE": "German",
        "PGTZ": "Asia/Tokyo",
    }
    in_ascii = environment | {"PYTHONIOENCODING": "ascii"}
    other = migrated_database()
    name = other.name
    with other.as_superuser() as superuser:
        for setting in ("datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'", "client_encoding = 'LATIN1'"):
            superuser.execute(f"ALTER DATABASE {name} SET {setting}")  # type: ignore[call-overload]

    for words in (
        ("tenants", "list"),
        ("tenants", "show", tenant.name),
        ("keys", "list", tenant.id),
        ("usage", "show"),
    ):
        plain = run("clincore", *words, **in_ascii)
        as_json = run("clincore", *words, "--json", **environment)
        assert (plain.returncode, as_json.returncode) == (0, 0), plain.stderr + as_json.stderr
        assert "Traceback" not in plain.stderr
        assert json.loads(as_json.stdout)
    assert r"Zo\xeb \u2713 \u65e5\u672c" in run("clincore", "tenants", "show", tenant.id, **in_ascii).stdout
    unknown = run("clincore", "tenants", "show", "Zo\u00eb", **in_ascii)
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    assert run("clincore", "signing", "list", **in_ascii).returncode == 0
    with other.as_owner() as owner:
        owner.execute("INSERT INTO tenant_names (tenant_id, name) VALUES (%s, 'x')", [tenant.id])
        owner.execute("INSERT INTO tenants (id, name) VALUES (%s, 'x')", [tenant.id])
    shown = run("clincore", "tenants", "list", "--json", **environment | {"DATABASE_URL": other.url})
    assert json.loads(shown.stdout)["items"][0]["created_at"].endswith("Z"), shown.stderr
