"""Write the table of docs/fhir.md that says where each part of a case is in its FHIR document.

python tools/fhir_table.py          write it
python tools/fhir_table.py --check  exit code 1 if the page differs from the code

Each row comes from two documents: of a case with the part's example in the contract, and of the same case without it.
"""

import re
from collections.abc import Iterator
from typing import Any

import generated_part

from clincore.records.fhir.document import document
from clincore.records.fhir.vocabulary import ASSUMED, DATA_ABSENT_REASON, MEDICATION_RESOURCES, RESOURCES
from clincore.resources import read_contract

BEGIN = "<!-- from clincore/records/fhir: make docs -->"

Json = dict[str, Any]
Path_ = tuple[str, ...]

SCHEMAS: Json = read_contract()["components"]["schemas"]
# FHIR's choices of types, such as onset[x].
CHOICE = re.compile(
    r"\b(onset|abatement|performed|effective|value|occurrence|deceased|asNeeded|bounds|doseNumber|seriesDoses)[A-Z]\w*"
)
# Parts with parts of their own that have rows.
NESTED = {"reference_ranges", "components", "dosages", "timing", "reactions", "protocols"}
OTHER = {"text": "other"}
OBSERVATION = {"id": "heart-rate", "code": OTHER}


def table() -> str:
    """The table as Markdown."""
    lines = ["| in the case | in FHIR |", "|---|---|"]
    lines += [f"| `{part}` | {', '.join(f'`{element}`' for element in fhir)} |" for part, fhir in rows()]
    return "\n".join(lines)


def rows() -> Iterator[tuple[str, list[str]]]:
    """Each part of a case, and the elements of FHIR that it is in."""
    for field, schema in SCHEMAS["CaseInput"]["properties"].items():
        if field in RESOURCES:
            kinds = MEDICATION_RESOURCES if field == "medications" else ("",)
            yield from _rows_below((field,), _resolved(_resolved(schema)["items"]), [_in_list(field, k) for k in kinds])
        elif field in ("subject", "author", "custodian", "encounter"):
            yield from _rows_below((field,), _resolved(schema), [lambda value, field=field: {field: value}])
        else:
            example = [{"title": "other", "text": "other"}] if field == "other_sections" else _example(schema)
            yield field, _changed({"title": "other"}, {"title": "other", field: example}, depth=1)


def _in_list(field: str, kind: str) -> Any:
    """A function that makes the content of a case from an entry of a list."""

    def content(entry: Json) -> Json:
        given = {"kind": kind, **entry} if kind else entry
        observations = {} if field == "observations" else {"observations": [OBSERVATION]}
        return {field: [given], **observations}

    return content


def _rows_below(place: Path_, schema: Json, contents: list[Any]) -> Iterator[tuple[str, list[str]]]:
    """The rows of an object's parts. `contents`: functions that make the content of a case from the object."""
    for part, part_schema in schema["properties"].items():
        if part == "kind":
            yield ".".join((*place, part)), [*MEDICATION_RESOURCES.values()]
            continue
        needed = {name: _other(schema["properties"][name]) for name in schema.get("required", ()) if name != "kind"}
        if not needed and len(place) == 1:
            # Without any part there is no resource to compare with.
            name = next(name for name in schema["properties"] if name not in (part, "id"))
            needed = {name: _other(schema["properties"][name])}
        # Without it FHIR has no place for the abatement of a condition.
        needed |= {"clinical_status": "resolved"} if part == "abatement" else {}
        example = ["heart-rate"] if part == "results" else _example(part_schema)
        if part in ("intent", "do_not_perform"):
            contents_of_part = [content for content in contents if content({})["medications"][0]["kind"] == "request"]
        else:
            contents_of_part = contents
        found = [
            _changed(content(needed), content({**needed, part: example}), len(place)) for content in contents_of_part
        ]
        yield ".".join((*place, part)), [*dict.fromkeys(name for names in found for name in names)]
        if part in NESTED:
            inner = _resolved(part_schema)
            is_list = inner["type"] == "array"
            yield from _rows_below(
                (*place, part),
                _resolved(inner["items"]) if is_list else inner,
                [
                    lambda value, content=content, part=part, needed=needed, is_list=is_list: content(
                        {**needed, part: [value] if is_list else value} if value else needed
                    )
                    for content in contents[:1]
                ],
            )


def _changed(before: Json, after: Json, depth: int) -> list[str]:
    """The elements, with so many names below their resource, that differ between the documents of two contents."""
    old, new = _elements(before), _elements(after)
    is_entry = any(field in RESOURCES for field in after)
    found: dict[str, None] = {}
    for (kind, path), value in new.items():
        if old.get((kind, path)) == value or path[0] in ("id", "resourceType") or (is_entry and kind == "Composition"):
            continue
        if path[0] == "meta" and path[1] != "tag":
            continue
        if "extension" in path:
            if path[:2] != ("extension", "url") or value in (ASSUMED, DATA_ABSENT_REASON):
                continue
            found[f"{kind}.extension {value}"] = None
        else:
            names = [name.lstrip("_") for name in path[: depth + (path[0] == "meta") + ("repeat" in path)]]
            found[CHOICE.sub(r"\1[x]", ".".join([kind, *names]))] = None
    return [*found]


def _elements(content: Json) -> dict[tuple[str, Path_], Any]:
    """The values of a document by resource type and path, without narratives and without places in lists."""
    case = {**SCHEMAS["Case"]["example"], "external_id": None, **content}
    found: dict[tuple[str, Path_], Any] = {}

    def walk(kind: str, path: Path_, value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                walk(kind, path, item)
        elif isinstance(value, dict):
            for name, inner in value.items():
                walk(kind, (*path, name), inner)
        else:
            found[kind, path] = str(value)

    for entry in document(case, identifier_system="urn:x:y", signatures=[])["entry"]:
        resource = dict(entry["resource"])
        del resource["text"]
        for section in resource.pop("section", ()):
            found["Composition", ("section",)] = found.get(("Composition", ("section",)), "") + section["text"]["div"]
        walk(resource["resourceType"], (), resource)
    return found


def _example(schema: Json) -> Any:
    schema = _resolved(schema)
    if "enum" in schema:
        # Not what a document assumes without it.
        return next(name for name in reversed(schema["enum"]) if name != "unknown")
    return schema["example"] if "example" in schema else [_example(schema["items"])]


def _other(schema: Json) -> Any:
    """Another value than the example."""
    example = _example(schema)
    match schema.get("$ref", "").rpartition("/")[2]:
        case "Concept":
            return OTHER
        case "Concepts":
            return [OTHER]
        case "Identifiers":
            return [{**example[0], "value": "other"}]
    return f"{example}0" if isinstance(example, str) else example


def _resolved(schema: Json) -> Json:
    found: Json = SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


if __name__ == "__main__":
    generated_part.main("fhir.md", BEGIN, table())
