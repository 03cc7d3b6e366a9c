"""FHIR's data types as those of a case.

Each function takes an element and returns what the case holds of it, or None. What it cannot hold stays in the element
or is remarked, so it goes into the note.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clincore.records.fhir.reading.element import Element, Json, Refused
from clincore.records.fhir.reading.words import cut, digits, words
from clincore.records.units import UCUM

EXTERNAL_ID_MAX = 128
TITLE_MAX = 200
NAME_MAX = 250
NOTE_MAX = 2000
CONCEPTS_MAX = 10
_CODINGS_MAX = 8
IDENTIFIERS_MAX = 10

# As in the contract.
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,250}")
_CODE = re.compile(r"(?=.{1,100}$)[^\s\x00-\x1f\x7f]+( [^\s\x00-\x1f\x7f]+)*")
_URI = re.compile(r"(?=.{1,255}$)[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+")
_DECIMAL = re.compile(r"(?=.{1,40}$)-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?", re.ASCII)
_DATE_TIME = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)",
    re.ASCII,
)
_INSTANT = re.compile(
    r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-5][0-9])",
    re.ASCII,
)
COMPARATORS = ("<", "<=", ">=", ">")

Convert = Callable[[Element], Json | None]


def keep(**fields: Any) -> Json:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def is_date(text: str) -> bool:
    """Whether it is a PartialDate of the contract, and a calendar has it."""
    return bool(_DATE.fullmatch(text)) and _is_day(text)


def is_moment(text: str) -> bool:
    """Whether it is a PartialDateTime of the contract, and a calendar has it."""
    return is_date(text) or _is_exact(text)


def _is_exact(text: str) -> bool:
    return bool(_DATE_TIME.fullmatch(text)) and _is_day(text[:10])


def is_instant(text: str) -> bool:
    """Whether it is a DateTime of the contract, and a calendar has it."""
    if not _INSTANT.fullmatch(text):
        return False
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def fitting(element: Element, name: str, fits: Callable[[str], Any]) -> str | None:
    """The text, if it fits into the case; otherwise it goes into the note."""
    text = element.text(name)
    if text is None or fits(text):
        return text
    element.remark(name, text)
    return None


def is_name(text: str) -> bool:
    """Whether it is a Name of the contract."""
    return bool(_NAME.fullmatch(text))


def is_uri(text: str) -> bool:
    """Whether it is a Uri of the contract."""
    return bool(_URI.fullmatch(text))


def one_line(element: Element, name: str) -> str | None:
    return fitting(element, name, _NAME.fullmatch)


def token(element: Element, name: str) -> str | None:
    return fitting(element, name, _CODE.fullmatch)


def uri(element: Element, name: str) -> str | None:
    return fitting(element, name, _URI.fullmatch)


def note_text(element: Element, name: str) -> str | None:
    return fitting(element, name, lambda text: len(text) <= NOTE_MAX)


def moment(element: Element, name: str) -> str | None:
    """A date or dateTime of any precision."""
    return fitting(element, name, is_moment)


def day(element: Element, name: str) -> str | None:
    """A date."""
    return fitting(element, name, is_date)


def instant(element: Element, name: str) -> str | None:
    """A time with an offset."""
    return fitting(element, name, is_instant)


def clock_time(element: Element, name: str) -> str | None:
    return fitting(element, name, _TIME.fullmatch)


def is_clock_time(text: Any) -> bool:
    return isinstance(text, str) and bool(_TIME.fullmatch(text))


def chosen(element: Element, name: str, codes: Iterable[str], *, is_modifier: bool = False) -> str | None:
    """A code of FHIR as the contract writes it, with `_` for `-`.

    Raises:
        Refused: it is a modifier, and the code is not known.
    """
    code = element.text(name)
    if code is None:
        return None
    if code in {known.replace("_", "-") for known in codes}:
        return code.replace("-", "_")
    if is_modifier:
        raise Refused(f"the code of {element.label_of(name)} is not one of FHIR R4")
    element.remark(name, code)
    return None


def status_of(element: Element, name: str, codes: Iterable[str]) -> str | None:
    """The code of a CodeableConcept that is a modifier and has a required value set, such as `clinicalStatus`.

    Raises:
        Refused: the code is not known.
    """
    child = element.child(name)
    if child is None:
        return None
    known = {code.replace("_", "-") for code in codes}
    codings = child.children("coding")
    found = {code for one in codings if (code := one.text("code")) in known}
    if len(found) != 1:
        if not codings and not child.has("text"):
            return None
        raise Refused(f"the code of {child.label} is not one of FHIR R4")
    (code,) = found
    for one in codings:
        one.take("system")
        _unless_the_same(one, "display", code)
    _unless_the_same(child, "text", code)
    return code.replace("-", "_")


def _unless_the_same(element: Element, name: str, code: str) -> None:
    text = element.text(name)
    if text and text.casefold().replace("-", " ") != code.replace("-", " "):
        element.remark(name, text)


def coding(element: Element) -> Json | None:
    """A Coding with system and code; None, with the whole still to be remarked, when one is missing."""
    system, code = element.text("system"), element.text("code")
    if system is None or code is None or not is_uri(system) or not _CODE.fullmatch(code):
        return None
    return keep(system=system, version=one_line(element, "version"), code=code, display=one_line(element, "display"))


def concept(element: Element | None) -> Json | None:
    """A CodeableConcept. Codings that a case cannot hold become its text when it has nothing else."""
    if element is None:
        return None
    kept: list[Json] = []
    lost: list[Element] = []
    for one in element.children("coding"):
        made = coding(one) if len(kept) < _CODINGS_MAX else None
        if made is None:
            lost.append(one)
        else:
            kept.append(made)
    text = element.text("text")
    if text is None and not kept and lost:
        in_words = "; ".join(words(one.whole) for one in lost)
        if len(in_words) <= NOTE_MAX:
            text = in_words
            element.reader.noted.append(f"{element.label}.coding")
            for one in lost:
                one.forget()
            lost = []
    elif text is not None and len(text) > NOTE_MAX:
        element.remark("text", text)
        text = None if kept else cut(text, NOTE_MAX)
    for one in lost:
        one.remark_whole()
    return keep(text=text, coding=kept) or None


def said(concept: Json | None) -> str | None:
    """The text of a concept, else its first display."""
    if not concept:
        return None
    displays = (one["display"] for one in concept.get("coding", ()) if "display" in one)
    return concept.get("text") or next(displays, None)


def concepts(elements: Iterable[Element], most: int = CONCEPTS_MAX) -> list[Json]:
    """CodeableConcepts 0..*; those over the limit go into the note."""
    return several(elements, concept, most)


def several(elements: Iterable[Element], convert: Convert, most: int) -> list[Json]:
    """What the case holds of each element; those over the limit go into the note."""
    made: list[Json] = []
    for element in elements:
        if len(made) == most:
            element.remark_whole()
        elif (one := convert(element)) is not None:
            made.append(one)
    return made


def number(element: Element, name: str) -> str | None:
    """A decimal with the digits of its source.

    Raises:
        Refused: it is not a number.
    """
    value = element.take(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refused(f"{element.label_of(name)} is not a number")
    text = digits(value)
    if _DECIMAL.fullmatch(text):
        return text
    element.remark(name, value)
    return None


def quantity(element: Element | None) -> Json | None:
    """A Quantity.

    Raises:
        Refused: its comparator is not one of FHIR R4.
    """
    return None if element is None else _quantity(element, COMPARATORS)


def simple_quantity(element: Element | None) -> Json | None:
    """A Quantity without comparator, an Age or a Duration.

    Raises:
        Refused: it has a comparator.
    """
    return None if element is None else _quantity(element, ())


def _quantity(element: Element, comparators: Iterable[str]) -> Json | None:
    comparator = element.text("comparator")
    if comparator is not None and comparator not in comparators:
        raise Refused(f"{element.label}.comparator is not understood")
    if not element.has("value"):
        element.remark_whole()
        return None
    value = number(element, "value")
    if value is None:
        element.remark_whole()
        return None
    unit, system, code = one_line(element, "unit"), uri(element, "system"), token(element, "code")
    if code is not None and (system is None or (system == UCUM and not element.reader.is_unit(code))):
        # A unit in words. A code that is no UCUM unit must not look like one.
        if unit is None:
            unit = code
            element.reader.noted.append(element.label_of("code"))
        elif unit != code:
            element.remark("code", code)
        code = None
        system = None if system == UCUM else system
    return keep(value=value, comparator=comparator, unit=unit, system=system, code=code)


def quantity_range(element: Element | None) -> Json | None:
    """A Range."""
    if element is None:
        return None
    return keep(low=simple_quantity(element.child("low")), high=simple_quantity(element.child("high"))) or None


def ratio(element: Element | None) -> Json | None:
    """A Ratio with both parts."""
    if element is None:
        return None
    if not (_has_value(element.whole.get("numerator")) and _has_value(element.whole.get("denominator"))):
        element.remark_whole()
        return None
    made = keep(numerator=quantity(element.child("numerator")), denominator=quantity(element.child("denominator")))
    return made if len(made) == 2 else None


def _has_value(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value


def period(element: Element | None) -> Json | None:
    """A Period."""
    return None if element is None else keep(start=moment(element, "start"), end=moment(element, "end")) or None


def choice(element: Element, name: str, kinds: Mapping[str, tuple[str, Callable[[Element, str], Any]]]) -> Json | None:
    """FHIR's `name[x]` as an object with one property. Types that the case does not hold stay for the note.

    `kinds`: the contract's property and a converter, by FHIR's type.

    Raises:
        Refused: it has values of several types.
    """
    given = {other.removeprefix("_") for other in element.names()}
    given = {other for other in given if other.startswith(name) and other[len(name) : len(name) + 1].isupper()}
    if len(given) > 1:
        raise Refused(f"{element.label_of(name)}[x] has more than one value")
    for full in given:
        kind = full[len(name) :]
        if kind == "String" and (held := element.held_exactly(full)) is not None:
            whole: Json = held
            return whole
        if kind in kinds:
            field, convert = kinds[kind]
            value = convert(element, full)
            return None if value is None else {field: value}
    return None


def of_child(convert: Callable[[Element | None], Json | None]) -> Callable[[Element, str], Json | None]:
    return lambda element, name: convert(element.child(name))


def boolean(element: Element, name: str) -> bool | None:
    value: bool | None = element.take_as(name, bool)
    return value


def integer(element: Element, name: str) -> int | None:
    value: int | None = element.take_as(name, int)
    if value is not None and not -(2**31) <= value < 2**31:
        raise Refused(f"{element.label_of(name)} is not an integer of 32 bits")
    return value


def clinical_time(element: Element, name: str) -> Json | None:
    """`onset[x]`, `abatement[x]`, `performed[x]`."""
    return choice(element, name, _CLINICAL_TIME)


def effective_time(element: Element, name: str = "effective") -> Json | None:
    """`effective[x]`. A timing goes into the note."""
    return choice(element, name, _EFFECTIVE_TIME)


_CLINICAL_TIME: dict[str, tuple[str, Callable[[Element, str], Any]]] = {
    "DateTime": ("date_time", moment),
    "Age": ("age", of_child(simple_quantity)),
    "Period": ("period", of_child(period)),
    "Range": ("range", of_child(quantity_range)),
    "String": ("string", note_text),
}
_EFFECTIVE_TIME: dict[str, tuple[str, Callable[[Element, str], Any]]] = {
    "DateTime": ("date_time", moment),
    "Instant": ("date_time", moment),
    "Period": ("period", of_child(period)),
}


def identifier(element: Element) -> Json | None:
    """An Identifier with system and value; others go into the note."""
    system, value = element.text("system"), element.text("value")
    if system is None or value is None or not is_uri(system) or not is_name(value):
        element.remark_whole()
        return None
    return {"system": system, "value": value}


def identifiers(element: Element) -> list[Json]:
    return several(element.children("identifier"), identifier, IDENTIFIERS_MAX)


def notes(element: Element) -> list[str]:
    """The texts of `note`. Their author and time stay for the remarks."""
    return [text for note in element.children("note") if (text := note.text("text"))]


def full_period(element: Element) -> Json | None:
    """A Period of full times with a start, in order; the rest goes into the note."""
    start, end = instant(element, "start"), instant(element, "end")
    if start is None or (end is not None and datetime.fromisoformat(end) < datetime.fromisoformat(start)):
        element.remark("start", start)
        element.remark("end", end)
        return None
    return keep(start=start, end=end)
