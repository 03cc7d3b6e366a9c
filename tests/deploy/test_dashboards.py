"""The dashboard and the alert rules match what the service really exposes."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import httpx
import pytest
import yaml

from support.commands import run
from support.contract import CONTRACT
from support.database import Database
from support.paths import ROOT
from support.promql import ADDED_LABELS, DASHBOARDS, MADE_BY_PROMETHEUS, RULES, exposed, expressions, rules, selectors
from support.service import free_port, serve
from support.waiting import eventually

# Debian's prometheus has it; it is not on the PATH of a user everywhere.
PROMTOOL = shutil.which("promtool", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
RULES_TEST = RULES.with_name("rules_test.yaml")
EXPRESSIONS = expressions()
ROUTES = {operation.path for operation in CONTRACT.operations} | {"(unmatched)"}
# Values that a quiet service has not exposed yet; docs/metrics.md has them.
VALUES = {
    "http_route": ROUTES,
    "http_response_status_code": {str(status) for operation in CONTRACT.operations for status in operation.statuses},
}


@pytest.fixture(scope="module")
def series(database: Database, folder: Path) -> Iterator[dict[str, dict[str, set[str]]]]:
    """What a service exposes after a request of each kind that has labels."""
    port, program = str(free_port()), ["clincore", "serve", "--metrics-port"]
    with serve(database, folder, program=[*program, port], BOOTSTRAP_TOKEN="") as service:
        made = run("clincore", "tenants", "create", f"tenant-{uuid4().hex}", DATABASE_URL=database.url)
        key = {"X-API-Key": made.stdout.split()[-1]}
        assert httpx.get(f"{service.url}/cases", headers=key).status_code == 200
        assert httpx.post(f"{service.url}/bootstrap", json={"tenant_name": "x"}).status_code == 401
        refused = httpx.post(
            f"{service.url}/bootstrap", json={"tenant_name": "x"}, headers={"Authorization": "Bearer x"}
        )
        assert refused.status_code == 503

        def read() -> dict[str, dict[str, set[str]]]:
            return exposed(urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())

        eventually(lambda: "reason" in read().get("clincore_refusals_total", {}))
        eventually(lambda: "db_client_connection_max" in read())
        yield read()


@pytest.mark.parametrize("place", EXPRESSIONS)
def test_every_series_and_label_of_an_expression_is_exposed(series: dict[str, dict[str, set[str]]], place: str) -> None:
    recorded = {rule["record"]: rule["expr"] for rule in rules() if "record" in rule}
    found = selectors(EXPRESSIONS[place])

    assert found
    for name, matchers, groups in found:
        if name in recorded:
            assert matchers == []
            continue
        assert name in series or name == MADE_BY_PROMETHEUS, f"{name} is not exposed"
        labels = series.get(name, {})
        assert groups - ADDED_LABELS <= set(labels), f"{name} has no label {groups - set(labels)}"
        for label, pattern in matchers:
            if label in ADDED_LABELS:
                continue
            assert label in labels, f"{name} has no label {label}"
            known = labels[label] | VALUES.get(label, set())
            assert any(re.fullmatch(pattern, value) for value in known), f"{name} never has {label} {pattern}"


def test_every_exposed_series_is_on_the_dashboard(series: dict[str, dict[str, set[str]]]) -> None:
    shown = {selector.name for place in EXPRESSIONS if ".json" in place for selector in selectors(EXPRESSIONS[place])}

    # `_created` is the library's; of a histogram, one of its series is enough.
    families = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in series if not name.endswith("_created")}
    assert families <= {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown} | shown


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.name)
def test_a_dashboard_can_be_provisioned_as_a_file(dashboard: Path) -> None:
    document = json.loads(dashboard.read_text())

    assert "id" not in document and document["uid"] and document["schemaVersion"] >= 41
    panels = document["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [
        (panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + line)
        for panel in panels
        for column in range(panel["gridPos"]["w"])
        for line in range(panel["gridPos"]["h"])
    ]
    assert len(set(places)) == len(places), "panels overlap"
    assert max(x for x, _ in places) < 24
    for panel in panels:
        if panel["type"] != "row":
            assert panel["description"].endswith("."), panel["title"]
            assert {target["datasource"]["uid"] for target in panel["targets"]} == {"$datasource"}


def test_every_alert_says_what_is_wrong_and_how_urgent_it_is() -> None:
    alerts = [rule for rule in rules() if "alert" in rule]

    assert len({rule["alert"] for rule in alerts}) == len(alerts) > 10
    for rule in alerts:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert {"summary", "description"} <= set(rule["annotations"]), rule["alert"]


def test_every_alert_has_series_on_which_it_fires_and_series_on_which_it_does_not() -> None:
    tried = [one for test in yaml.safe_load(RULES_TEST.read_text())["tests"] for one in test["alert_rule_test"]]
    alerts = {rule["alert"] for rule in rules() if "alert" in rule}

    assert {one["alertname"] for one in tried if one.get("exp_alerts")} == alerts
    assert {one["alertname"] for one in tried if not one.get("exp_alerts")} == alerts


@pytest.mark.parametrize(("command", "file"), [("check", RULES), ("test", RULES_TEST)])
def test_promtool_accepts_the_rules_and_their_tests(command: str, file: Path) -> None:
    if PROMTOOL is None:
        pytest.skip("SKIPPED: promtool is not installed, so the rules are not run on series")

    ended = subprocess.run([PROMTOOL, command, "rules", file.name], cwd=file.parent, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "SUCCESS" in ended.stdout


def test_the_pages_name_every_alert() -> None:
    page = (ROOT / "docs" / "watching.md").read_text()

    assert [rule["alert"] for rule in rules() if "alert" in rule and f"`{rule['alert']}`" not in page] == []
