"""The files in tests/reports: parsing, placeholders, and comparison with answers."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from support.paths import ROOT

FOLDER = ROOT / "tests" / "reports"
SCHEMA = jsonschema_rs.validator_for(yaml.safe_load((Path(__file__).parent / "report_schema.yaml").read_text()))
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?::(upper))?\}")


class Loader(yaml.SafeLoader):
    """YAML with `!repeat {times: N, of: VALUE}`: a list of N equal values, or one text repeated N times.

    A repeated key is an error: otherwise its first value would be lost silently.
    """


def _repeat(loader: Loader, node: yaml.MappingNode) -> Any:
    value = loader.construct_mapping(node, deep=True)
    return (value["of"] if isinstance(value["of"], str) else [value["of"]]) * value["times"]


def _mapping(loader: Loader, node: yaml.MappingNode) -> Any:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    assert not twice, f"repeated keys {twice}, {node.start_mark}"
    return loader.construct_mapping(node, deep=True)


Loader.add_constructor("!repeat", _repeat)
Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@dataclass(frozen=True)
class Report:
    """One file."""

    name: str
    system: str
    guarantee: str
    source: str
    steps: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.name}\n  met by: {self.system}\n  guarantee: {self.guarantee}\n  source: {self.source}"


def parse(name: str, text: str) -> Report:
    """Parse a file.

    Raises:
        AssertionError: the file does not match report_schema.yaml.
    """
    document = yaml.load(text, Loader)
    wrong = [f"/{'/'.join(map(str, one.instance_path))}: {one.message}" for one in SCHEMA.iter_errors(document)]
    assert not wrong, f"{name}: {wrong}"
    for regex in _regexes(document):
        try:
            re.compile(PLACEHOLDER.sub("name", regex))
        except re.error as error:
            raise AssertionError(f"{name}: {regex!r} is not a regular expression: {error}") from None
    return Report(name, **document)


class World(dict[str, Any]):
    """The values of placeholders: those made on first use, and those that steps keep."""

    def __init__(self, makers: dict[str, Callable[["World"], Any]]) -> None:
        self._makers = makers

    def __missing__(self, name: str) -> Any:
        assert name in self._makers, f"{{{name}}} is unknown; known: {sorted({*self._makers, *self})}"
        self[name] = self._makers[name](self)
        return self[name]


def credentials(world: World, caller: str) -> dict[str, str]:
    """The credentials of a caller, as headers."""
    if caller == "anonymous":
        return {}
    if caller == "operator":
        return {"Authorization": f"Bearer {world['token']}"}
    return {"X-API-Key": world[f"{caller}_key"]}


def _regexes(value: Any, *, is_regex: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            # `text` is a regular expression in an answer, and plain text in a request or a file.
            yield from _regexes(
                one, is_regex=key in ("stdout", "stderr", "until") or (key == "text" and "status" in value)
            )
    elif isinstance(value, list):
        for one in value:
            yield from _regexes(one)
    elif isinstance(value, str) and (is_regex or _is_between_slashes(value)):
        yield value if is_regex else value[1:-1]


def _is_between_slashes(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == "/"


def fill(value: Any, names: Mapping[str, Any], *, is_regex: bool = False) -> Any:
    """The value with `{name}` replaced in each text. A text that is only a placeholder becomes the value itself.

    `is_regex`: the texts are regular expressions, so values are escaped.

    Raises:
        KeyError: a name is unknown.
    """
    if isinstance(value, dict):
        return {fill(key, names): fill(one, names, is_regex=is_regex) for key, one in value.items()}
    if isinstance(value, list):
        return [fill(one, names, is_regex=is_regex) for one in value]
    if not isinstance(value, str):
        return value
    if (whole := PLACEHOLDER.fullmatch(value)) and not whole[2]:
        return names[whole[1]]
    is_regex = is_regex or _is_between_slashes(value)

    def put(found: re.Match[str]) -> str:
        named = as_text(names[found[1]])
        named = named.upper() if found[2] else named
        return re.escape(named) if is_regex else named

    return PLACEHOLDER.sub(put, value)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def differences(right: Any, value: Any, where: str = "") -> list[str]:
    """How the JSON value differs from the expected one.

    Objects may have further members, lists must have the same length. A text between slashes is a regular expression.
    """
    if isinstance(right, dict) and isinstance(value, dict):
        missing = [f"{where}/{name} is missing" for name in right if name not in value]
        both = [name for name in right if name in value]
        return missing + [wrong for name in both for wrong in differences(right[name], value[name], f"{where}/{name}")]
    if isinstance(right, list) and isinstance(value, list) and len(right) == len(value):
        pairs = enumerate(zip(right, value, strict=True))
        return [wrong for place, pair in pairs for wrong in differences(*pair, f"{where}/{place}")]
    if isinstance(right, str) and _is_between_slashes(right):
        return [] if re.search(right[1:-1], as_text(value)) else [f"{where} is {value!a}, not {right!a}"]
    return [] if type(right) is type(value) and right == value else [f"{where} is {value!a}, not {right!a}"]


def find(pointer: str, document: Any) -> Any:
    """The value at a JSON Pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document
