"""Citus can run the schema and the statements. The rules are checked without Citus.

They do not apply to the bodies of the functions `admit` and `admit_of`, which run in PostgreSQL on the node that has
the tenant's rows.
"""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from clincore.db.catalogue.reader import read_catalogue
from clincore.db.statements import NoRow, Statement
from support.citus_rules import catalogue, collection, mutants, statements
from support.commands import run
from support.copies import copy_of
from support.database import Database
from support.paths import ROOT

# --- the schema


@pytest.fixture(scope="module")
def copy(database: Database, pristine: Database) -> Iterator[Database]:
    """A copy for changes that are rolled back. The shared database comes first: its owner creates clincore_app."""
    with copy_of(pristine) as made:
        yield made


def faults_after(copy: Database, change: str, rule: catalogue.Rule) -> list[str]:
    """Culprits that the rule finds after the change, which is then rolled back."""
    with copy.as_superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute(change, prepare=False)
        return [fault.culprit for fault in rule(read_catalogue(connection))]


@pytest.mark.parametrize("rule", catalogue.RULES, ids=lambda rule: rule.__name__)
def test_citus_can_distribute_the_schema(copy: Database, rule: catalogue.Rule) -> None:
    assert faults_after(copy, "SELECT", rule) == []


@pytest.mark.parametrize("name", mutants.SCHEMA)
def test_the_rules_find_each_schema_change_that_citus_rejects(copy: Database, name: str) -> None:
    change, rule_name, culprit = mutants.SCHEMA[name]
    (rule,) = (rule for rule in catalogue.RULES if rule.__name__ == rule_name)

    assert culprit in faults_after(copy, change, rule)


def test_every_schema_rule_has_a_change_that_it_must_find() -> None:
    assert {rule for _, rule, _ in mutants.SCHEMA.values()} == {rule.__name__ for rule in catalogue.RULES}


# --- the statements

STATEMENTS = collection.statements()


@pytest.fixture(scope="module")
def immutable(operator: psycopg.Connection[Any]) -> frozenset[str]:
    """PostgreSQL's functions whose overloads are all IMMUTABLE."""
    found = operator.execute("SELECT proname FROM pg_proc GROUP BY proname HAVING bool_and(provolatile = 'i')")
    return frozenset(str(name) for (name,) in found)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_runs_on_the_node_of_its_tenant(name: str, immutable: frozenset[str]) -> None:
    assert list(statements.faults_of(STATEMENTS[name], immutable)) == []


def test_the_collection_contains_every_statement() -> None:
    # In a separate process, which has made no other statements.
    lines = "from support.citus_rules import collection; print(collection.forgotten())"
    ended = run(
        "python", "-c", lines, PYTHONPATH=os.pathsep.join((str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))
    )

    assert (ended.returncode, ended.stdout) == (0, "[]\n"), ended.stderr


def test_a_statement_outside_all_modules_is_reported_as_missing() -> None:
    hidden = Statement(text("SELECT 'hidden'"), NoRow)

    assert hidden.text in collection.forgotten()


def test_only_known_functions_make_statements_at_run_time() -> None:
    # The prover makes its attacks at run time. The collection has each kind of the lists.
    assert collection.made_at_run_time() == {
        "db.queries.access_log.page_with",
        "db.queries.case_lists.page_with",
        "isolation.sessions._use_sessions",
        "isolation.stacking._in_session",
    }


@pytest.mark.parametrize("name", mutants.STATEMENTS)
def test_the_rules_find_each_statement_that_citus_rejects(name: str, immutable: frozenset[str]) -> None:
    rule_name, statement = mutants.STATEMENTS[name]
    found = statements.faults_of(Statement(text(statement), NoRow), immutable)

    assert rule_name in {fault.rule for fault in found}


def test_every_statement_rule_has_a_statement_that_it_must_find() -> None:
    assert {rule for rule, _ in mutants.STATEMENTS.values()} == {rule.__name__ for rule in statements.RULES}


@pytest.mark.parametrize("statement", mutants.SOUND)
def test_the_rules_accept_valid_statements(statement: str, immutable: frozenset[str]) -> None:
    assert list(statements.faults_of(Statement(text(statement), NoRow), immutable)) == []
