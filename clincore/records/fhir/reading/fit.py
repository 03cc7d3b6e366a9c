"""Cases that break a rule of the contract after all: what breaks it goes into words, or is refused by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from clincore.records.fhir.reading.entries import MOST, NEEDED
from clincore.records.fhir.reading.report import Reading, Row, Unreadable
from clincore.records.fhir.words import words

Json = dict[str, Any]
Errors = Callable[[Json], Sequence[tuple[str, str]]]
"""What is wrong with a case: pairs of a JSON Pointer and a message, empty for a good one."""

_TITLE = {"title": "-"}
_NOTE_MAX = 2000
# They turn the meaning of an entry round, so an entry without them would say something else.
_MODIFIERS = {"status", "clinical_status", "verification_status", "do_not_perform", "intent", "kind"}


def fit(reading: Reading, errors_of: Errors) -> Reading:
    """The reading with a case without errors.

    Each entry is checked alone, so the time is proportional to the size of the case.

    Raises:
        Unreadable: the case has errors that belong to no field that could be left out.
    """
    if reading.case is None or not errors_of(reading.case):
        return reading
    rows: list[Row] = []
    case: Json = {}
    for field, value in reading.case.items():
        if field in MOST:
            entries = [_fitting(field, number, entry, errors_of, rows) for number, entry in enumerate(value)]
            case[field] = [entry for entry in entries if entry is not None]
        elif field == "title" or not errors_of({**_TITLE, field: value}):
            case[field] = value
        else:
            rows.append(Row("Composition", field, "refused", _said(errors_of({**_TITLE, field: value}))))
    _without_missing_results(case)
    case = {field: value for field, value in case.items() if value != [] or field not in MOST}
    if errors := errors_of(case):
        raise Unreadable(f"The case would be invalid: {_said(errors)}")
    return Reading(case, [*reading.rows, *rows])


def _fitting(field: str, number: int, entry: Json, errors_of: Errors, rows: list[Row]) -> Json | None:
    """The entry without the fields that have errors, which are in its note; None if it cannot be without them."""
    errors = errors_of(_alone(field, entry))
    if not errors:
        return entry
    place = f"{field}[{number}]"
    names = {pointer.split("/")[3] for pointer, _ in errors if pointer.count("/") >= 3}
    if not names or names & ({*NEEDED.values()} | _MODIFIERS) or not names <= set(entry):
        rows.append(Row(place, place, "refused", _said(errors)))
        return None
    remarks = [f"{name}: {words(entry[name])}" for name in sorted(names) if name != "note"]
    made = {name: value for name, value in entry.items() if name not in names}
    note = "\n\n".join([*([made["note"]] if "note" in made else []), "\n".join(remarks)])
    made |= {"note": note} if note else {}
    if len(note) > _NOTE_MAX or errors_of(_alone(field, made)):
        rows.append(Row(place, place, "refused", _said(errors)))
        return None
    rows.append(Row(place, place, "noted", f"in words in the note: {', '.join(sorted(names))}; {_said(errors)}"))
    return made


def _alone(field: str, entry: Mapping[str, Any]) -> Json:
    """A case with only this entry, and the observations to which it refers."""
    results = entry.get("results") if field == "diagnostic_reports" else None
    observed = [{"id": name, "code": {"text": "-"}} for name in results] if isinstance(results, list) else []
    return {**_TITLE, field: [entry], **({"observations": observed} if observed else {})}


def _without_missing_results(case: Json) -> None:
    """Remove references to observations that were refused. Their own lines say so."""
    ids = {entry.get("id") for entry in case.get("observations", ())}
    for number, report in enumerate(case.get("diagnostic_reports", ())):
        if not ids.issuperset(report.get("results", ())):
            kept = [name for name in report["results"] if name in ids]
            made = {name: value for name, value in report.items() if name != "results"}
            case["diagnostic_reports"][number] = made | ({"results": kept} if kept else {})


def _said(errors: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{pointer} {message}" for pointer, message in list(errors)[:3])[:300]
