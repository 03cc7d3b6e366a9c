"""PromQL expressions of dashboards and rules, and the exposition that they have to match."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import promql_parser as promql
import yaml
from prometheus_client.parser import text_string_to_metric_families

from support.paths import ROOT

DASHBOARDS = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
RULES = ROOT / "deploy" / "prometheus" / "rules.yaml"
# Labels that Prometheus adds, and the series that it makes itself.
ADDED_LABELS = {"instance", "job"}
MADE_BY_PROMETHEUS = "up"
# Grafana's variables, with a value for each.
_VARIABLES = {"$__rate_interval": "5m", "$instance": ".*"}


class Selector(NamedTuple):
    """A series in an expression, with the labels by which it or what is computed from it is grouped."""

    name: str
    matchers: list[tuple[str, str]]
    """Labels, and regular expressions that match some of their values."""
    groups: set[str]


def expressions() -> dict[str, str]:
    """Every expression of the dashboards and rules, by its place."""
    found = {}
    for dashboard in DASHBOARDS:
        document = json.loads(dashboard.read_text())
        for panel in document["panels"]:
            for target in panel.get("targets", ()):
                found[f"{dashboard.name}: {panel['title']} {target['refId']}"] = target["expr"]
        for variable in document["templating"]["list"]:
            query = re.fullmatch(r"label_values\((.+), (\w+)\)", variable.get("definition", ""))
            if query is not None:
                found[f"{dashboard.name}: ${variable['name']}"] = f"group by ({query[2]}) ({query[1]})"
    for rule in rules():
        found[f"rules.yaml: {rule.get('alert') or rule['record']}"] = rule["expr"]
    return found


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def selectors(expression: str) -> list[Selector]:
    """The series in an expression. Raises ValueError: it is not PromQL."""
    for name, value in _VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return list(_selectors(promql.parse(expression), set()))


def _selectors(node: Any, groups: set[str]) -> Iterator[Selector]:
    match node:
        case promql.VectorSelector():
            matchers = [
                (one.name, part)
                for one in node.matchers.matchers
                for part in (one.value.split("|") if str(one.op).endswith("Re") else [re.escape(one.value)])
            ]
            yield Selector(node.name, matchers, groups)
        case promql.MatrixSelector():
            yield from _selectors(node.vector_selector, groups)
        case promql.AggregateExpr():
            by = set(node.modifier.labels) if node.modifier is not None else set()
            yield from _selectors(node.expr, groups | by)
        case promql.Call():
            for argument in node.args:
                yield from _selectors(argument, groups)
        case promql.BinaryExpr():
            yield from _selectors(node.lhs, groups)
            yield from _selectors(node.rhs, groups)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from _selectors(node.expr, groups)
        case promql.NumberLiteral() | promql.StringLiteral():
            pass
        case _:
            raise AssertionError(f"{type(node).__name__} is not read yet")


def exposed(text: str) -> dict[str, dict[str, set[str]]]:
    """The values of each label, by name of the series, in an exposition."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found
