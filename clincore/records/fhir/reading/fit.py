"""Cases that break a rule of the contract after all: what breaks it goes into words, or is refused by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from clincore.records.fhir.reading.datatypes import NOTE_MAX
from clincore.records.fhir.reading.entries import MOST, NEEDED
from clincore.records.fhir.reading.report import Outcome, Reading, Row, Unreadable
from clincore.records.fhir.words import words

Json = dict[str, Any]
Errors = Callable[[Json], Sequence[tuple[str, str]]]
"""What is wrong with a case: pairs of a JSON Pointer and a message, empty for a good one."""

_TITLE = {"title": "-"}
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
    rows = _Rows(reading.rows)
    case: Json = {}
    for field, value in reading.case.items():
        if field in MOST:
            case[field] = []
            for number, entry in enumerate(value):
                fitting = _fitting(field, number, entry, errors_of, rows)
                if fitting is not None:
                    rows.move(f"{field}[{number}]", f"{field}[{len(case[field])}]")
                    case[field].append(fitting)
        elif field == "title" or not errors_of({**_TITLE, field: value}):
            case[field] = value
        else:
            rows.add(Row("Composition", field, "refused", _said(errors_of({**_TITLE, field: value}))))
    _without_missing_results(case)
    case = {field: value for field, value in case.items() if value != [] or field not in MOST}
    if errors := errors_of(case):
        raise Unreadable(f"The case would be invalid: {_said(errors)}")
    return Reading(case, rows.all)


class _Rows:
    """The lines of the report, found by the entries that their resources became."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.all = list(rows)
        self._places = {row.entry: place for place, row in enumerate(rows) if row.entry is not None}

    def add(self, row: Row) -> None:
        self.all.append(row)

    def set(self, entry: str, outcome: Outcome, reason: str) -> None:
        """Say what became of the entry, in the line of its resource."""
        place = self._places.get(entry)
        if place is None:
            self.add(Row(entry, entry, outcome, reason))
            return
        row = self.all[place]
        before = row.reason if outcome == "noted" else None
        self.all[place] = row._replace(outcome=outcome, reason="; ".join(filter(None, (before, reason))), entry=None)

    def move(self, entry: str, now: str) -> None:
        """Let the entry have another number in its list."""
        if (place := self._places.get(entry)) is not None:
            self.all[place] = self.all[place]._replace(entry=now)


def _fitting(field: str, number: int, entry: Json, errors_of: Errors, rows: _Rows) -> Json | None:
    """The entry without the fields that have errors, which are in its note; None if it cannot be without them."""
    errors = errors_of(_alone(field, entry))
    if not errors:
        return entry
    place = f"{field}[{number}]"
    names = {pointer.split("/")[3] for pointer, _ in errors if pointer.count("/") >= 3}
    if not names or names & ({*NEEDED.values()} | _MODIFIERS) or not names <= set(entry):
        rows.set(place, "refused", _said(errors))
        return None
    remarks = [f"{name}: {words(entry[name])}" for name in sorted(names) if name != "note"]
    made = {name: value for name, value in entry.items() if name not in names}
    note = "\n\n".join([*([made["note"]] if "note" in made else []), "\n".join(remarks)])
    made |= {"note": note} if note else {}
    if len(note) > NOTE_MAX or errors_of(_alone(field, made)):
        rows.set(place, "refused", _said(errors))
        return None
    rows.set(place, "noted", f"in words in the note: {', '.join(sorted(names))}; {_said(errors)}")
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
