"""The note of an entry, and the fields that a document of ClinCore writes as notes."""

from typing import Any

from clincore.records.fhir.reading.element import Element, Json
from clincore.records.fhir.vocabulary import NOTED, unpacked


def with_notes(root: Element, entry: Json) -> Json:
    """The entry with the texts of its `note`, and with the fields that its notes stand for."""
    texts: list[str] = []
    for note in root.children("note"):
        field = noted_field(note)
        if field is not None:
            note.forget()
            entry.setdefault(*field)
        elif text := note.text("text"):
            texts.append(text)
    return with_note(entry, texts)


def with_note(entry: Json, texts: list[str]) -> Json:
    return entry | {"note": "\n\n".join(texts)} if texts else entry


def noted_field(element: Element) -> tuple[str, Any] | None:
    """The name and value of a field that words stand for (the extension `NOTED`); None: they are only words.

    The words must be those of the value, so that a document that was edited counts as it reads.
    """
    given = element.whole.get("extension")
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict) and one.get("url") == NOTED and isinstance(one.get("extension"), list):
            parts = {part.get("url"): part for part in one["extension"] if _is_extension(part)}
            field, content = parts.get("field", {}).get("valueCode"), parts.get("value", {}).get("valueBase64Binary")
            if isinstance(field, str) and isinstance(content, str):
                try:
                    value = unpacked(content)
                except (ValueError, RecursionError):
                    return None
                text = element.whole.get("text")
                label = text.partition(": ")[0] if isinstance(text, str) else ""
                return (field, value) if element.reads_as(value, text, f"{label}: ") else None
    return None


def _is_extension(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("url"), str)
