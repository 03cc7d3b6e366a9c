"""FHIR R4's data types (hl7.org/fhir/R4/datatypes.html) made from the contract's types.

Each function takes a value of the contract. Those that write a choice of types, such as `onset[x]`, take the name of
the element and return the property with its type in the name. None gives an empty object, which `keep` leaves out.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from clincore.records.fhir.vocabulary import ASSUMED, DATA_ABSENT_REASON, HL7, Json, exact, fhir_code
from clincore.records.fhir.words import FORBIDDEN, words
from clincore.records.units import UCUM

Value = Mapping[str, Any]

_OFFSET = re.compile(r"(\.[0-9]+)?([+-])([0-9]{2}):([0-9]{2})$", re.ASCII)
_OFFSET_MINUTES_MAX = 14 * 60
_DAY = len("2026-03-02")
_POSITIVE_MAX = 2**31 - 1


def keep(**fields: Any) -> Json:
    """The fields that have a value. FHIR forbids empty values, also in lists."""
    given = {
        name: [item for item in value if item] if isinstance(value, list) else value for name, value in fields.items()
    }
    return {name: value for name, value in given.items() if value not in (None, "", [], {})}


def shown(value: str) -> str | None:
    """A text as a FHIR string: None when it is blank, U+FFFD for characters that a string cannot hold."""
    return FORBIDDEN.sub("\ufffd", value) if value.strip() else None


def text(name: str, value: str | None) -> Json:
    """A string, markdown or uri, with `EXACT` where FHIR cannot hold it as it is."""
    return {} if value is None else _exact_if_changed(name, shown(value), value)


def absent(reason: str, display: str | None = None) -> Json:
    """An element without a value, with the reason (value set data-absent-reason)."""
    return keep(extension=[{"url": DATA_ABSENT_REASON, "valueCode": reason}], display=display)


def code(name: str, value: str | None, *, otherwise: str | None = None) -> Json:
    """A code of one of the contract's enums that R4 requires.

    `otherwise`: the code for an absent value, marked as assumed. Without it the element is absent, with the reason.
    """
    if value is not None:
        return {name: fhir_code(value)}
    if otherwise is None:
        return {f"_{name}": absent("unknown")}
    return {name: otherwise, f"_{name}": {"extension": [assumed()]}}


def assumed() -> Json:
    """The extension of an element that the case does not have."""
    return {"url": ASSUMED, "valueBoolean": True}


def coding(value: Value | None) -> Json:
    """A Coding."""
    if not value:
        return {}
    return {
        **text("system", value["system"]),
        **text("version", value.get("version")),
        **text("code", value["code"]),
        **text("display", value.get("display")),
    }


def concept(value: Value | None) -> Json:
    """A CodeableConcept."""
    if not value:
        return {}
    return keep(coding=[coding(each) for each in value.get("coding", ())], **text("text", value.get("text")))


def concepts(values: Sequence[Value] | None) -> list[Json]:
    """CodeableConcepts."""
    return [concept(value) for value in values or ()]


def status(system: str, value: str | None) -> Json:
    """A CodeableConcept of one of HL7's code systems."""
    return {"coding": [{"system": HL7 + system, "code": fhir_code(value)}]} if value else {}


def identifiers(values: Sequence[Value] | None) -> list[Json]:
    """Identifiers."""
    return [{**text("system", value["system"]), **text("value", value["value"])} for value in values or ()]


def quantity(value: Value | None) -> Json:
    """A Quantity or one of its special forms. Its value is a `Decimal`."""
    if not value:
        return {}
    return keep(
        value=Decimal(value["value"]),
        comparator=value.get("comparator"),
        **text("unit", value.get("unit")),
        **text("system", value.get("system")),
        **text("code", value.get("code")),
    )


def quantity_range(value: Value) -> Json:
    """A Range."""
    return keep(low=quantity(value.get("low")), high=quantity(value.get("high")))


def is_range(value: Value) -> bool:
    """Whether a range is one of FHIR, whose ends can be compared (rng-2)."""
    low, high = value.get("low"), value.get("high")
    if not low or not high:
        return True
    units = [[end.get(name) for name in ("unit", "system", "code")] for end in (low, high)]
    return units[0] == units[1] and Decimal(low["value"]) <= Decimal(high["value"])


def is_age(value: Value) -> bool:
    """Whether an amount is an Age of FHIR (age-1)."""
    return value.get("system") == UCUM and "code" in value and Decimal(value["value"]) > 0


def is_duration(value: Value) -> bool:
    """Whether an amount is a Duration of FHIR (drt-1)."""
    return "code" not in value or value.get("system") == UCUM


def ratio(value: Value | None) -> Json:
    """A Ratio."""
    if not value:
        return {}
    return {"numerator": quantity(value["numerator"]), "denominator": quantity(value["denominator"])}


def instant(name: str, value: str | None) -> Json:
    """An instant or a dateTime with a time. FHIR's offsets end at 14:00; a time with a larger one is shown in UTC."""
    return {} if value is None else _exact_if_changed(name, _time(value), value)


def server_time(value: datetime | str) -> str:
    """A time of the server, which is RFC 3339 when it comes from another process."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def period(value: Value | None) -> Json:
    """A Period.

    Where R4 cannot tell that it ends after it starts (per-1), as in 2019 to 2019-05, both ends are cut to the same
    precision. If that does not help either, the end is left out.
    """
    if not value:
        return {}
    start, end = (None if each is None else _time(each) for each in (value.get("start"), value.get("end")))
    if start and end and not _is_ordered(start, end):
        length = min(len(start), len(end), _DAY)
        cut_start, cut_end = start[:length], end[:length]
        if cut_start > cut_end or min(len(start), len(end)) > _DAY:
            end = None
        else:
            start, end = cut_start, cut_end
    return {
        **({} if "start" not in value else _exact_if_changed("start", start, value["start"])),
        **({} if "end" not in value else _exact_if_changed("end", end, value["end"])),
    }


def clinical_time(name: str, value: Value | None) -> Json:
    """A choice of dateTime, Age, Period, Range and string, or of some of them."""
    match value:
        case None:
            return {}
        case {"date_time": moment}:
            return {f"{name}DateTime": moment}
        case {"age": age} if is_age(age):
            return {f"{name}Age": quantity(age)}
        case {"period": span}:
            return {f"{name}Period": period(span)}
        case {"range": limits} if is_range(limits):
            return {f"{name}Range": quantity_range(limits)}
        case {"string": string}:
            # A blank string is shown too: R4 requires some of these elements.
            return _exact_if_changed(f"{name}String", shown(string) or "blank", string)
    return in_words(f"{name}String", value)


def in_words(name: str, value: Value) -> Json:
    """A string for a value whose own type R4 forbids, with `EXACT`."""
    return {name: shown(words(value)), f"_{name}": {"extension": [exact(value)]}}


def number_or_string(name: str, value: str | None) -> Json:
    """A choice of positiveInt and string."""
    if value is None:
        return {}
    if re.fullmatch("[1-9][0-9]{0,9}", value, re.ASCII) and int(value) <= _POSITIVE_MAX:
        return {f"{name}PositiveInt": int(value)}
    # An element of its own, also when it is blank: R4 requires it in some places.
    return _exact_if_changed(f"{name}String", shown(value) or "blank", value)


def _exact_if_changed(name: str, given: str | None, value: str) -> Json:
    return {name: value} if given == value else keep(**{name: given, f"_{name}": {"extension": [exact(value)]}})


def _time(value: str) -> str:
    """A dateTime of any precision, in UTC if its offset is over 14:00."""
    offset = _OFFSET.search(value) if len(value) > _DAY else None
    if not offset or int(offset[3]) * 60 + int(offset[4]) <= _OFFSET_MINUTES_MAX:
        return value
    # RFC 3339 allows more digits in the fraction than Python, so parse the time without it.
    at = datetime.fromisoformat(value[: offset.start()] + value[offset.start(2) :])
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}{offset[1] or ''}Z"


def _is_ordered(start: str, end: str) -> bool:
    """Whether `start <= end` is true in FHIRPath, which compares times of different precision by their common part."""
    if len(start) > _DAY and len(end) > _DAY:
        return datetime.fromisoformat(start) <= datetime.fromisoformat(end)
    if len(start) == len(end):
        return start <= end
    # A time's date depends on the time zone, by up to a day.
    first = _moved(start, 1) if len(start) > _DAY else start
    last = _moved(end, -1) if len(end) > _DAY else end
    length = min(len(first), len(last))
    return first[:length] < last[:length]


def _moved(value: str, days: int) -> str:
    return (datetime.fromisoformat(value) + timedelta(days=days)).date().isoformat()
