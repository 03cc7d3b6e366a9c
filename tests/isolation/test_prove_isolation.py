"""Mutation tests of `clincore prove-isolation`.

Each mutant is a migrated database with one fault that opens a tenant's rows to another tenant. The command must fail on
it and name the culprit, and must pass on harmless changes.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import pytest

from clincore.db.catalogue import checks
from clincore.db.catalogue.reader import read_catalogue
from clincore.db.catalogue.versions import holes_of
from clincore.isolation import prove
from clincore.isolation.report import Report
from support.copies import apply, copy_of, filled, left_of, names_of
from support.database import SHARED_CLUSTER, Database
from support.mutants import CLUSTER, HARMLESS, SCHEMA


def test_there_are_enough_mutants() -> None:
    assert len(SCHEMA) + len(CLUSTER) >= 40
    assert not set(SCHEMA) & set(CLUSTER)


def mostly_slow(names: Iterable[str]) -> list[Any]:
    """All but every eighth are marked slow: each takes a copy of the database and a whole run of the command."""
    return [
        pytest.param(name, marks=() if number % 8 == 0 else (pytest.mark.slow,)) for number, name in enumerate(names)
    ]


@pytest.mark.parametrize("mutant", mostly_slow(SCHEMA))
def test_each_mutant_of_the_schema_is_found_by_name(pristine: Database, mutant: str) -> None:
    with copy_of(pristine) as database:
        apply(database, SCHEMA[mutant][0])

        report = prove(database.url, database.url)

        assert not report.passed
        assert filled(SCHEMA[mutant][1], database) in report.culprits, report.as_text()


@pytest.mark.parametrize("mutant", mostly_slow(CLUSTER))
def test_each_mutant_of_the_cluster_is_found_by_name(pristine: Database, mutant: str) -> None:
    statements, undo, culprit = CLUSTER[mutant]
    with copy_of(pristine) as database, ExitStack() as undone:
        if SHARED_CLUSTER:
            # Other tests use the same role, so only this transaction may see the mutant.
            connection = undone.enter_context(database.as_superuser())
            undone.enter_context(connection.transaction(force_rollback=True))
            connection.execute(filled(statements, database), prepare=False)  # type: ignore[call-overload]
            catalogue = read_catalogue(connection, login=names_of(database)["owner"])
            culprits = [fault.culprit for check in checks.ALL for fault in check.find_faults(catalogue)]
        else:
            undone.callback(apply, database, undo)
            apply(database, statements)
            report = prove(database.url, database.url)
            assert not report.passed
            culprits = report.culprits

        assert filled(culprit, database) in culprits


@pytest.mark.parametrize("mutant", mostly_slow(HARMLESS))
def test_a_harmless_change_raises_no_false_alarm(pristine: Database, mutant: str) -> None:
    with copy_of(pristine) as database:
        apply(database, HARMLESS[mutant][0])

        report = prove(database.url, database.url)

        assert report.passed, report.as_text()
        assert left_of(report, database) == []


def test_an_old_minor_version_is_reported_with_its_vulnerability() -> None:
    def found(number: int) -> list[tuple[str, str]]:
        return [(fault.severity, fault.text) for fault in holes_of(number)]

    assert [severity for severity, text in found(150008)] == ["finding", "finding", "finding", "advice"]
    assert "CVE-2024-10976" in found(160004)[0][1]
    assert "CVE-2025-8713" in found(170005)[0][1]
    assert [severity for severity, _ in found(180004)] == ["advice"]
    for fixed in (150020, 160016, 170012, 180007, 190000):
        assert found(fixed) == []
    assert found(140030)[0][0] == "finding"


def test_the_report_wraps_at_the_width_and_names_all_tables_once() -> None:
    report = Report(facts={"Tables": "cases, tenants"}, tables=["public.cases", "public.tenants"])
    entry = report.entry("attacks", "SELECT", "SELECT as the service")
    for table in report.tables:
        entry.try_on(table)
    entry.fail("table public.cases", "row " * 30)

    wrapped = report.as_text(66)

    assert "  failed      SELECT as the service (2 tries on all 2 tables)\n" in wrapped
    assert max(map(len, wrapped.splitlines())) <= 66
    assert wrapped.split() == report.as_text().split()
