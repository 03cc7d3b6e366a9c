"""Units of UCUM (The Unified Code for Units of Measure, ucum.org).

The parser is ucumvert's. It takes milliseconds for a unit, and half a second to load, so it works in the separate
process of `clincore.verifier`. In all other processes, known units are looked up here.
"""

from functools import cache, lru_cache
from typing import Any

UCUM = "http://unitsofmeasure.org"
"""The system of these codes in FHIR."""
REMEMBERED = 4096

_COMMON = """
    % %{vol} /min /h /d /L /uL /mL /[HPF] /[LPF] /kg /100{WBCs} 1 10*3/uL 10*6/uL 10*9/L 10*12/L 10*3/mL 10*6/L
    10*6/mL {score} {ratio} {count} {index} {INR} {pH} {beats}/min {breaths}/min {cells}/uL {copies}/mL {titer} {tbl}
    {#} A Cel F Gy Hz J K N Pa S V W [degF] [pH] [ft_i] [in_i] [lb_av] [oz_av] [iU] [iU]/L [iU]/mL [iU]/d [iU]/kg [IU]
    [IU]/L [IU]/mL [arb'U]/mL U U/L U/mL U/d U/h k[IU]/L k[IU]/mL kU/L m[IU]/L m[IU]/mL mU/L mU/mL u[IU]/mL u[IU]/L a
    mo wk d h min s ms us bar cm cm2 cm3 cm[H2O] dL deg dm fL fg fmol/L g g/d g/dL g/g g/kg g/h g/L g/m2 g/mL g/mol
    kPa kcal kcal/d kg kg/m2 kg/m3 kg/L km L L/min L/h L/s L/kg lx m m/s m2 mA meq meq/L meq/d meq/kg mbar mL mL/min
    mL/h mL/d mL/kg mL/dL mL/m2 mL/min/{1.73_m2} mL/s mL/mmol mm mm/h mm2 mm3 mm[Hg] mm[H2O] mmol mmol/L mmol/d
    mmol/kg mmol/mol mmol/mol{creatinine} mmol/g mol mol/L mosm/kg mosm/L mV mW mg mg/d mg/dL mg/g mg/g{creatinine}
    mg/h mg/kg mg/kg/d mg/kg/h mg/L mg/m2 mg/mL mg/min mg/mmol mg/24.h ng ng/L ng/mL ng/dL ng/mL/h ng/g ng/kg nmol
    nmol/L nmol/mL nmol/d nm pg pg/mL pg/dL pg/mL/h pmol/L pmol pm ug ug/L ug/mL ug/dL ug/d ug/g ug/h ug/kg ug/kg/min
    ug/kg/h ug/m2 ug/min ug/mg ug/mmol umol umol/L umol/d umol/mL um ukat/L nkat/L kat dB dB[SPL] [diop] [MET] [drp]
    [tsp_us] [tbs_us] [foz_us] [gal_us] [cup_us] [pt_us] [qt_us]
"""
COMMON = frozenset(_COMMON.split())
"""Units that need no parser. A test parses each of them."""


class KnownUnits:
    """What is known about codes: the common units, and the answers for the last few thousand other codes."""

    def __init__(self) -> None:
        self._answers: dict[str, bool] = {}

    def get(self, code: str) -> bool | None:
        """Whether a code is a unit; None: not known."""
        return True if code in COMMON else self._answers.get(code)

    def add(self, answers: dict[str, bool]) -> None:
        """Remember whether these codes are units."""
        self._answers |= answers
        for code in list(self._answers)[: max(len(self._answers) - REMEMBERED, 0)]:
            del self._answers[code]


@lru_cache(REMEMBERED)
def is_unit(code: str) -> bool:
    """Whether a code is a unit of UCUM, case sensitive. It takes up to a millisecond for each character."""
    # Only here: importing it also imports pint, and takes half a second.
    from ucumvert import InvalidUcumError, parse_ucum

    try:
        parse_ucum(code, _parser())
    except InvalidUcumError:
        return False
    return True


@cache
def _parser() -> Any:
    from ucumvert import get_ucum_parser

    return get_ucum_parser()
