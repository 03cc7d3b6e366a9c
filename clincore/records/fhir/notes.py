"""Notes of entries as FHIR Annotations."""

from collections.abc import Sequence

from clincore.records.fhir.datatypes import Value, shown, text
from clincore.records.fhir.vocabulary import Json, noted
from clincore.records.fhir.words import words


def notes(entry: Value, refused: Sequence[str] = ()) -> list[Json]:
    """The entry's own note, and a note for each field that has no place in the resource."""
    written = [
        {"extension": [noted(name, entry[name])], "text": shown(f"{name.replace('_', ' ')}: {words(entry[name])}")}
        for name in refused
        if name in entry
    ]
    return [text("text", entry.get("note")), *written]
