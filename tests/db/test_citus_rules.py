"""Schema and statements keep to what Citus can run, which is seen here without Citus.

The bodies of the functions `admit` and `admit_of` are no part of this: Citus runs them as PostgreSQL does, on the node
that has the tenant's rows.
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
from support.schema import NewDatabase

# --- the schema


@pytest.fixture(scope="module")
def copy(database: Database, migrated_database: NewDatabase) -> Iterator[Database]:
    """For changes that are rolled back. The shared database comes first: its owner makes clincore_app."""
    with copy_of(migrated_database()) as made:
        yield made


def faults_after(copy: Database, change: str, rule: catalogue.Rule) -> list[str]:
    """Culprits that the rule finds when the change is made, which is taken back."""
    with copy.as_superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute(change, prepare=False)
        return [fault.culprit for fault in rule(read_catalogue(connection))]


@pytest.mark.parametrize("rule", catalogue.RULES, ids=lambda rule: rule.__name__)
def test_the_schema_can_be_spread_over_nodes(copy: Database, rule: catalogue.Rule) -> None:
    assert faults_after(copy, "SELECT", rule) == []


@pytest.mark.parametrize("name", mutants.SCHEMA)
def test_the_rules_find_each_change_of_the_schema_that_citus_would_refuse(copy: Database, name: str) -> None:
    change, rule_name, culprit = mutants.SCHEMA[name]
    (rule,) = (rule for rule in catalogue.RULES if rule.__name__ == rule_name)

    assert culprit in faults_after(copy, change, rule)


def test_every_rule_of_the_schema_has_a_change_that_it_must_find() -> None:
    assert {rule for _, rule, _ in mutants.SCHEMA.values()} == {rule.__name__ for rule in catalogue.RULES}


# --- the statements

STATEMENTS = collection.statements()


@pytest.fixture(scope="module")
def immutable(operator: psycopg.Connection[Any]) -> frozenset[str]:
    """PostgreSQL's functions all of whose forms depend on their arguments only."""
    found = operator.execute("SELECT proname FROM pg_proc GROUP BY proname HAVING bool_and(provolatile = 'i')")
    return frozenset(str(name) for (name,) in found)


@pytest.mark.parametrize("name", STATEMENTS)
def test_each_statement_runs_on_the_node_of_its_tenant(name: str, immutable: frozenset[str]) -> None:
    assert list(statements.faults_of(STATEMENTS[name], immutable)) == []


def test_no_statement_is_left_out() -> None:
    # A process of its own, which made no other statements.
    lines = "from support.citus_rules import collection; print(collection.forgotten())"
    ended = run(
        "python", "-c", lines, PYTHONPATH=os.pathsep.join((str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))
    )

    assert (ended.returncode, ended.stdout) == (0, "[]\n"), ended.stderr


def test_a_statement_that_no_module_holds_is_missed() -> None:
    hidden = Statement(text("SELECT 'hidden'"), NoRow)

    assert hidden.text in collection.forgotten()


def test_statements_are_made_at_import_but_for_those_that_are_known() -> None:
    # The prover writes its attacks as it goes; of the lists of cases each kind is in the collection.
    assert collection.made_at_run_time() == {
        "db.queries.cases.page_with",
        "isolation.sessions._use_sessions",
        "isolation.stacking._in_session",
    }


@pytest.mark.parametrize("name", mutants.STATEMENTS)
def test_the_rules_find_each_statement_that_citus_would_refuse(name: str, immutable: frozenset[str]) -> None:
    rule_name, statement = mutants.STATEMENTS[name]
    found = statements.faults_of(Statement(text(statement), NoRow), immutable)

    assert rule_name in {fault.rule for fault in found}


def test_every_rule_of_statements_has_one_that_it_must_find() -> None:
    assert {rule for rule, _ in mutants.STATEMENTS.values()} == {rule.__name__ for rule in statements.RULES}


@pytest.mark.parametrize("statement", mutants.SOUND)
def test_the_rules_find_nothing_in_statements_that_are_sound(statement: str, immutable: frozenset[str]) -> None:
    assert list(statements.faults_of(Statement(text(statement), NoRow), immutable)) == []
