"""Write the tables of what an import keeps, notes and refuses into docs/fhir.md, from the code that reads FHIR.

python tools/fhir_import_table.py          write them
python tools/fhir_import_table.py --check  exit code 1 if the page differs from the code

Each element of a resource is read alone, with a value of a wrong type: who takes it, keeps it or refuses it.
"""

import importlib
from typing import Any

import generated_part

from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Refused, Resource
from clincore.records.fhir.reading.entries import FIELDS, encounter_field, patient_field
from clincore.records.fhir.reading.index import Index

BEGIN = "<!-- what an import keeps, from clincore/records/fhir/reading: make docs -->"

# They have the same meaning in every resource; the page explains them.
EVERYWHERE = {
    *("id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"),
    *("resourceType", "fhir_comments", "resource_type"),
}
WRONG = object()
"""A value that is of no type of FHIR."""


def elements(type_: str) -> list[str]:
    """The elements of a type in R4, with `[x]` for a choice of types."""
    module = importlib.import_module(f"fhir.resources.R4B.{type_.lower()}")
    fields: dict[str, Any] = getattr(module, type_).model_fields
    found: dict[str, None] = {}
    for name, field in fields.items():
        extra = field.json_schema_extra or {}
        choice = extra.get("one_of_many") if isinstance(extra, dict) else None
        plain = field.alias or name
        if choice:
            found[f"{choice}[x]"] = None
        elif plain not in EVERYWHERE and not name.endswith("__ext") and not plain.startswith("_"):
            found[plain] = None
    return list(found)


def choices(type_: str, name: str) -> list[str]:
    """The properties of a choice of types, such as `valueQuantity`; of another element its own name."""
    if not name.endswith("[x]"):
        return [name]
    module = importlib.import_module(f"fhir.resources.R4B.{type_.lower()}")
    fields: dict[str, Any] = getattr(module, type_).model_fields
    return [
        field.alias or plain
        for plain, field in fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("one_of_many") == name[:-3]
    ]


def outcome(type_: str, name: str) -> str:
    """`kept`, `noted`, or `refused`, which is `isSubpotent` only when it is true."""
    return max((_outcome(type_, name, value) for value in (WRONG, True)), key=("kept", "noted", "refused").index)


def _outcome(type_: str, name: str, value: object) -> str:
    resource = Resource(type_, {"resourceType": type_, name: value}, "")
    context = Context(Index(), lambda code: False)
    reader = context.reader(resource)
    try:
        FIELDS[type_][1](reader.root, context)
    except Refused as error:
        return "kept" if error.reason.startswith(f"{name} is not ") else "refused"
    return "noted" if name in reader.root.names() else "kept"


def row(type_: str) -> str:
    columns: dict[str, list[str]] = {"kept": [], "noted": [], "refused": []}
    handled = {patient_field(type_), encounter_field(type_)}
    for name in elements(type_):
        parts = {one: "kept" if one in handled else outcome(type_, one) for one in choices(type_, name)}
        for said, names in columns.items():
            those = [one for one, found in parts.items() if found == said]
            names += [name] if len(those) == len(parts) else those
    cells = [", ".join(f"`{name}`" for name in names) or "-" for names in columns.values()]
    return f"| {type_} → `{FIELDS[type_][0]}` | {' | '.join(cells)} |"


def table() -> str:
    """The table in Markdown."""
    head = ["| resource → list | kept | in words in the note | refuses the entry |", "|---|---|---|---|"]
    return "\n".join([*head, *(row(type_) for type_ in FIELDS)])


if __name__ == "__main__":
    generated_part.main("fhir.md", BEGIN, table())
