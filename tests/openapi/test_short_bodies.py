"""The short bodies of fuzzing leave nothing of the contract out."""

from typing import Any

import pytest

from support.contract import CONTRACT
from support.short_bodies import with_short_bodies

ROOTS = ["CaseInput", "CaseChange"]


def properties(schemas: dict[str, Any]) -> set[tuple[str, str]]:
    """The properties of the schemas that are reached from the bodies, each with the name of its schema."""
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()

    def walk(node: Any, name: str) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part, name)
        elif isinstance(node, dict) and isinstance(node.get("$ref"), str):
            reached = node["$ref"].rpartition("/")[2]
            if reached not in seen:
                seen.add(reached)
                walk(schemas[reached], reached)
        elif isinstance(node, dict):
            if isinstance(node.get("properties"), dict):
                found.update((name, each) for each in node["properties"])
            for key, value in node.items():
                if key != "example":
                    walk(value, name)

    for root in ROOTS:
        walk(schemas[root], root)
    return found


@pytest.mark.parametrize("turn", [0, 1, 7, 20261122])
def test_every_property_of_every_type_is_in_a_short_body(turn: int) -> None:
    short = with_short_bodies(CONTRACT.document, ROOTS, turn)["components"]["schemas"]

    assert properties(CONTRACT.document["components"]["schemas"]) <= properties(short)


def test_the_examples_of_short_bodies_are_valid_in_the_contract() -> None:
    whole = CONTRACT.document["components"]["schemas"]
    short = with_short_bodies(CONTRACT.document, ROOTS)["components"]["schemas"]

    made = {name: schema["example"] for name, schema in short.items() if name not in whole and "example" in schema}
    assert made
    for name, example in made.items():
        assert CONTRACT.errors(whole[name.partition("InShort")[0]], example) == [], name
