"""`clincore usage`."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from sqlalchemy import make_url

from support.commands import run
from support.database import Database
from support.rows import insert
from support.tenants import Tenant


def today() -> datetime:
    """The start of today in UTC. Tests call it again each time, because a run may pass midnight."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def clincore(database: Database, *words: str) -> subprocess.CompletedProcess[str]:
    return run("clincore", "usage", *words, DATABASE_URL=database.url)


def printed(database: Database, *words: str) -> Any:
    done = clincore(database, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def log(operator: psycopg.Connection[Any], tenant: Tenant, days: int, calls: int) -> None:
    event = {"tenant_id": tenant.id, "api_key_id": tenant.key_id, "method": "GET", "endpoint": "/cases"}
    created_at = today() - timedelta(days=days) + timedelta(hours=3)
    insert(operator, "usage_events", ({"id": uuid4(), "created_at": created_at} | event for _ in range(calls)))


def test_show_rollup_prune_and_reconcile_agree_with_the_api(
    database: Database, operator: psycopg.Connection[Any], client: httpx.Client, tenant: Tenant
) -> None:
    for days in (9, 8, 2):
        log(operator, tenant, days, 30)
    only = ("--tenant", tenant.name)
    day = (today() - timedelta(days=5)).strftime("%Y-%m-%d")

    before_rollup = clincore(database, "prune", "--before", day, *only)
    rolled_up = printed(database, "rollup", *only)
    shown = printed(database, "show", *only)["items"]
    planned = printed(database, "prune", "--before", day, *only, "--dry-run")
    pruned = printed(database, "prune", "--before", day, *only)
    again = printed(database, "prune", "--before", day, *only)
    reconciled = clincore(database, "reconcile", *only)

    assert "clincore usage rollup" in before_rollup.stdout and "0 events removed" in before_rollup.stdout
    assert rolled_up["tenants"] == 1 and rolled_up["closed_before"] is not None
    (usage,) = shown
    assert (usage["tenant_id"], usage["name"], usage["total_calls"]) == (tenant.id, tenant.name, 90)
    assert (planned, pruned, again) == (
        {"removed": 60, "tenants_not_closed": 0},
        {"removed": 60, "tenants_not_closed": 0},
        {"removed": 0, "tenants_not_closed": 0},
    )
    assert (reconciled.returncode, reconciled.stdout) == (0, "The totals match the events.\n")
    assert client.get("/admin/usage", headers=tenant.key).json()["total_calls"] == 91


def test_prune_keeps_events_of_today_and_yesterday(
    database: Database, operator: psycopg.Connection[Any], client: httpx.Client, tenant: Tenant
) -> None:
    log(operator, tenant, 1, 5)
    log(operator, tenant, 3, 5)
    printed(database, "rollup", "--tenant", tenant.id)

    tomorrow = (today() + timedelta(days=1)).strftime("%Y-%m-%d")
    assert printed(database, "prune", "--before", tomorrow, "--tenant", tenant.id)["removed"] == 5
    left = operator.execute("SELECT FROM usage_events WHERE tenant_id = %s", [tenant.id]).rowcount
    assert left == 5


def test_reconcile_and_prune_report_a_wrong_total_with_exit_code_1(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    log(operator, tenant, 3, 5)
    printed(database, "rollup", "--tenant", tenant.id)
    operator.execute("UPDATE usage_daily SET calls = 6 WHERE tenant_id = %s", [tenant.id])

    found = clincore(database, "reconcile", "--tenant", tenant.id)
    as_json = clincore(database, "reconcile", "--tenant", tenant.id, "--json")
    pruned = clincore(database, "prune", "--before", today().strftime("%Y-%m-%d"), "--tenant", tenant.id)

    assert found.returncode == as_json.returncode == pruned.returncode == 1
    assert tenant.id in found.stdout and "do not match the events" in found.stderr
    (difference,) = json.loads(as_json.stdout)["items"]
    assert (difference["table"], difference["in_totals"], difference["in_events"]) == ("usage_daily", 6, 5)
    assert "No event of that day was removed" in pruned.stderr and len(pruned.stderr.splitlines()) == 1
    operator.execute("UPDATE usage_daily SET calls = 5 WHERE tenant_id = %s", [tenant.id])


def test_rollup_says_that_the_services_login_is_refused(
    database: Database, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    log(operator, tenant, 2, 1)
    wrong = make_url(database.url).set(username="clincore_app", database="none").render_as_string(hide_password=False)
    variables = {"DATABASE_URL": wrong, "MIGRATION_DATABASE_URL": database.url}

    ended = run("clincore", "usage", "rollup", "--tenant", tenant.name, **variables)

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    assert "clincore_app:***@" in ended.stderr and 'database "none" does not exist' in ended.stderr


def test_an_unknown_tenant_or_date_is_an_error(database: Database) -> None:
    unknown = clincore(database, "show", "--tenant", "unknown-tenant")
    no_date = clincore(database, "prune", "--before", "2026-02-30")

    assert (unknown.returncode, len(unknown.stderr.splitlines())) == (1, 1)
    assert "clincore tenants list" in unknown.stderr
    assert no_date.returncode == 2 and "2026-02-30" in no_date.stderr
