"""Units of UCUM: which codes are units, and that what is remembered about them is bounded."""

import pytest

from clincore.records import units


def test_every_common_unit_is_a_unit() -> None:
    assert len(units.COMMON) > 200
    assert [code for code in sorted(units.COMMON) if not units.is_unit(code)] == []


@pytest.mark.parametrize(
    "code",
    ["mg/dL", "10*9/L", "mmol/mol{creatinine}", "L/min/(173.10*-2.m2)", "m[Hg]", "{arbitrary_text}"],
)
def test_expressions_of_ucum_are_units(code: str) -> None:
    assert units.is_unit(code)


@pytest.mark.parametrize(
    "code", ["mgs", "beats/min", "MG/DL", "mg per dL", "mg//dL", "(mg", "mg}", "", "µg", "0", "mg\n"]
)
def test_other_codes_are_no_units(code: str) -> None:
    assert not units.is_unit(code)


def test_known_units_are_bounded_and_never_forget_a_common_one() -> None:
    known = units.KnownUnits()

    assert (known.get("mg"), known.get("{x}")) == (True, None)
    for number in range(3):
        known.add({f"{{x{number}-{code}}}": code % 2 == 0 for code in range(units.REMEMBERED)})

    answered = [code for code in range(units.REMEMBERED) if known.get(f"{{x0-{code}}}") is not None]
    assert (answered, known.get("mg")) == ([], True)
    assert (known.get("{x2-0}"), known.get("{x2-1}")) == (True, False)
