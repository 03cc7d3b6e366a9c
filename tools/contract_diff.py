"""Compare the contract with the released one and report breaking changes.

    python tools/contract_diff.py             compare openapi.yaml with contract/released.yaml
    python tools/contract_diff.py --release   make openapi.yaml the released one

Exit code 0: there is no forbidden breaking change, and the CHANGELOG has an entry for the changes under `[Unreleased]`
or, with --release, in the section of `info.version`. 1: there is none, or a change breaks clients although the major
part of `info.version` is that of the release. Below 1.0.0 the minor part counts as the major one (semver.org, 4): a
breaking change needs an entry under "Changed", and the release a new minor version.

Requests and responses have opposite rules: the set of valid requests must not shrink, the set of possible responses
must not grow. Bounds of responses are ignored, because no client relies on the longest text. A new value in an
enumeration of a response breaks, because generated clients refuse unknown values. A new property of a response breaks
only where the released object is closed (`additionalProperties: false`). Names that become names in generated clients
(operationId, the first tag, schemas) must stay. A change in a shared component is reported once, at its first use.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from contract_document import LOWER, UPPER, Document, Node

ROOT = Path(__file__).parent.parent
CONTRACT, CHANGELOG = ROOT / "openapi.yaml", ROOT / "CHANGELOG.md"
RELEASED = ROOT / "contract" / "released.yaml"

OTHER = ("pattern", "not")
# Each format with the one that includes it.
WIDER_FORMATS = {"int32": "int64", "float": "double"}
ANYTHING: Mapping[str, Any] = {}

Direction = Literal["request", "response"]


class Finding(NamedTuple):
    """A change that breaks clients."""

    place: str
    change: str
    breaks: str
    """Which clients."""

    def __str__(self) -> str:
        return f"{self.place}: {self.change} (breaks {self.breaks})"


SENDERS, READERS, CALLERS = "clients that send it", "clients that read it", "clients that call it"
GENERATED = "generated clients, which use this name"
STRICT_READERS = "generated clients, which refuse unknown properties of a closed object"


class Comparison:
    """The comparison of an earlier and a later contract."""

    def __init__(self, old: Node, new: Node) -> None:
        self.old, self.new = Document(old), Document(new)
        self._seen: set[tuple[int, int, Direction]] = set()

    def findings(self) -> list[Finding]:
        """The breaking changes, in the order of the earlier contract."""
        return list(dict.fromkeys([*self._whole(), *self._operations(), *self._unreferenced()]))

    def _whole(self) -> Iterator[Finding]:
        old, new = self.old.content, self.new.content
        later = [server["url"] for server in new.get("servers", [{"url": "/"}])]
        for server in old.get("servers", [{"url": "/"}]):
            if server["url"] not in later:
                yield Finding("servers", f"server {server['url']} removed", CALLERS)
        old, new = old.get("components", {}), new.get("components", {})
        for name, scheme in old.get("securitySchemes", {}).items():
            scheme, after = self.old.resolve(scheme), self.new.resolve(new.get("securitySchemes", {}).get(name, {}))
            for keyword in ("type", "in", "name", "scheme", "flows", "openIdConnectUrl"):
                # A removed scheme is reported at the operations that used it.
                if after and scheme.get(keyword) != after.get(keyword):
                    change = _describe(keyword, scheme.get(keyword), after.get(keyword))
                    yield Finding(f"security scheme {name}", change, "clients that authenticate with it")
        for name in old.get("schemas", {}):
            if name not in new.get("schemas", {}):
                yield Finding(f"schema {name}", "schema removed", GENERATED)

    def _unreferenced(self) -> Iterator[Finding]:
        """Schemas without a reference, compared as responses: OpenAPI 3.0 cannot refer to the schema of a stream's
        lines."""
        old, new = (one.content.get("components", {}).get("schemas", {}) for one in (self.old, self.new))
        for name in old:
            if name in new and not self.old.has_merged(old[name]):
                yield from self._schemas(f"schema {name}", old[name], new[name], "response")

    def _operations(self) -> Iterator[Finding]:
        later = self.new.operations()
        # Before there were scopes, no key was limited to some.
        has_scopes = any("x-required-scope" in operation for operation in self.old.operations().values())
        for name, old in self.old.operations().items():
            if name not in later:
                yield Finding(name, "operation removed", CALLERS)
                continue
            new = later[name]
            if old.get("operationId") != new.get("operationId"):
                change = _describe("operationId", old.get("operationId"), new.get("operationId"))
                yield Finding(name, change, GENERATED)
            before, after = (next(iter(one.get("tags", [])), None) for one in (old, new))
            if before != after:
                yield Finding(name, _describe("first tag", before, after), GENERATED)
            yield from self._security(name, old["security"], new["security"])
            role = new.get("x-required-role")
            if role not in (None, old.get("x-required-role"), *_scopes(old["security"])):
                yield Finding(name, f"role {role} now required", "clients that call it with another role")
            scope = new.get("x-required-scope")
            if has_scopes and scope not in (None, old.get("x-required-scope")):
                yield Finding(name, f"scope {scope} now required", "clients whose keys lack this scope")
            yield from self._parameters(name, old["parameters"], new["parameters"])
            yield from self._body(name, old.get("requestBody"), new.get("requestBody"))
            yield from self._responses(name, old["responses"], new["responses"])

    def _security(self, place: str, old: list[Node], new: list[Node]) -> Iterator[Finding]:
        for held in old:
            if not any(
                all(name in held and set(scopes) <= set(held[name]) for name, scopes in wanted.items())
                for wanted in new
            ):
                had = " and ".join(f"{name} {list(scopes)}" for name, scopes in held.items())
                change = f"security requirement {had} no longer accepted" if had else "credentials now required"
                yield Finding(place, change, CALLERS)

    def _parameters(self, place: str, old: Node, new: Node) -> Iterator[Finding]:
        for key, parameter in old.items():
            where = f"{place}, {key[0]} parameter {parameter['name']}"
            if key not in new:
                yield Finding(where, "parameter removed", SENDERS)
                continue
            if new[key].get("required") and not parameter.get("required"):
                yield Finding(where, "parameter now required", "clients that omit it")
            before, after = _spelling(parameter), _spelling(new[key])
            for keyword in before:
                if before[keyword] != after[keyword]:
                    yield Finding(where, _describe(keyword, before[keyword], after[keyword]), SENDERS)
            yield from self._schemas(where, _schema_of(parameter), _schema_of(new[key]), "request")
        for key, parameter in new.items():
            if key not in old and parameter.get("required"):
                yield Finding(f"{place}, {key[0]} parameter {parameter['name']}", "required parameter added", CALLERS)

    def _body(self, place: str, old: Any, new: Any) -> Iterator[Finding]:
        old, new, where = self.old.resolve(old or {}), self.new.resolve(new or {}), f"{place}, body"
        if new.get("required") and not old.get("required"):
            yield Finding(where, "body now required", "clients that send none")
        for media_type, definition in old.get("content", {}).items():
            if media_type not in new.get("content", {}):
                yield Finding(where, f"media type {media_type} no longer accepted", SENDERS)
            else:
                later = new["content"][media_type]
                yield from self._schemas(
                    where, definition.get("schema", ANYTHING), later.get("schema", ANYTHING), "request"
                )

    def _responses(self, place: str, old: Node, new: Node) -> Iterator[Finding]:
        for status, response in old.items():
            where = f"{place}, {status}"
            if status not in new:
                yield Finding(where, "status removed", "clients that handle it")
                continue
            response, later = self.old.resolve(response), self.new.resolve(new[status])
            headers = {name.lower(): header for name, header in later.get("headers", {}).items()}
            for name, header in response.get("headers", {}).items():
                yield from self._header(f"{where}, header {name}", header, headers.get(name.lower()))
            for media_type, definition in response.get("content", {}).items():
                if media_type not in later.get("content", {}):
                    yield Finding(where, f"media type {media_type} removed from a response", READERS)
                else:
                    schema = later["content"][media_type].get("schema", ANYTHING)
                    yield from self._schemas(where, definition.get("schema", ANYTHING), schema, "response")

    def _header(self, where: str, old: Any, new: Any) -> Iterator[Finding]:
        if new is None:
            yield Finding(where, "header removed", READERS)
            return
        old, new = self.old.resolve(old), self.new.resolve(new)
        if old.get("required") and not new.get("required"):
            yield Finding(where, "header now optional in a response", READERS)
        yield from self._schemas(where, old.get("schema", ANYTHING), new.get("schema", ANYTHING), "response")

    def _schemas(self, place: str, old: Any, new: Any, direction: Direction) -> Iterator[Finding]:
        key = id(self.old.resolve(old)), id(self.new.resolve(new)), direction
        if key in self._seen:
            return
        self._seen.add(key)
        old, new = self.old.schema(old), self.new.schema(new)
        clients = SENDERS if direction == "request" else READERS
        yield from self._types(place, old, new, direction, clients)
        yield from self._enumerations(place, old, new, direction)
        yield from self._formats(place, old.get("format"), new.get("format"), direction, clients)
        if direction == "request":
            yield from self._bounds(place, old, new)
            if "default" in old and "default" in new and old["default"] != new["default"]:
                change = f"default changed from {old['default']} to {new['default']}"
                yield Finding(place, change, "clients that omit it")
        yield from self._members(place, old, new, direction)
        if "items" in old or "items" in new:
            yield from self._schemas(f"{place}[]", old.get("items", ANYTHING), new.get("items", ANYTHING), direction)
        for keyword in ("oneOf", "anyOf"):
            before, after = old.get(keyword), new.get(keyword)
            yield from self._alternatives(f"{place} ({keyword})", before, after, direction, clients)

    def _alternatives(
        self, place: str, old: list[Any] | None, new: list[Any] | None, direction: Direction, clients: str
    ) -> Iterator[Finding]:
        if (old is None) != (new is None):
            yield Finding(place, "alternatives removed" if new is None else "alternatives added", clients)
            return
        before, after = old or [], new or []
        for index, one in enumerate(before if direction == "request" else after):
            others = after if direction == "request" else before
            pairs = [(one, other) if direction == "request" else (other, one) for other in others]
            if not any(self._fits(*pair, direction) for pair in pairs):
                change = "no longer accepted" if direction == "request" else "added to a response"
                count = len(before if direction == "request" else after)
                yield Finding(place, f"alternative {index + 1} of {count} {change}", clients)

    def _fits(self, old: Any, new: Any, direction: Direction) -> bool:
        """Whether a change from one schema to the other breaks nothing."""
        alone = Comparison(ANYTHING, ANYTHING)
        alone.old, alone.new, alone._seen = self.old, self.new, set(self._seen)
        return not any(alone._schemas("", old, new, direction))

    def _formats(self, place: str, before: Any, after: Any, direction: Direction, clients: str) -> Iterator[Finding]:
        narrow, wide = (before, after) if direction == "request" else (after, before)
        # A schema without a format accepts any.
        if before != after and wide is not None and WIDER_FORMATS.get(narrow) != wide:
            yield Finding(place, _describe("format", before, after), clients)

    def _types(self, place: str, old: Node, new: Node, direction: Direction, clients: str) -> Iterator[Finding]:
        before, after = old.get("type"), new.get("type")
        wider, narrower = (before, after) == ("integer", "number"), (before, after) == ("number", "integer")
        # A schema without a type accepts any value.
        wider, narrower = wider or (after is None), narrower or (before is None)
        if before != after and not (wider if direction == "request" else narrower):
            yield Finding(place, _describe("type", before, after), clients)
        if direction == "request" and old.get("nullable") and not new.get("nullable"):
            yield Finding(place, "null no longer accepted", clients)
        if direction == "response" and new.get("nullable") and not old.get("nullable"):
            yield Finding(place, "now nullable in a response", clients)

    def _enumerations(self, place: str, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        before, after = old.get("enum"), new.get("enum")
        if direction == "request":
            gone = [value for value in before or () if value not in (after or before or ())]
            if after is not None and before is None:
                yield Finding(place, f"only {', '.join(map(str, after))} now accepted", SENDERS)
            for value in gone:
                yield Finding(place, f"enum value {value} no longer accepted", SENDERS)
        elif before is not None:
            if after is None:
                yield Finding(place, "enum removed from a response", READERS)
            for value in after or ():
                if value not in before:
                    yield Finding(place, f"enum value {value} added to a response", READERS)

    def _bounds(self, place: str, old: Node, new: Node) -> Iterator[Finding]:
        for keyword in LOWER + UPPER:
            before, after = old.get(keyword), new.get(keyword)
            if after is None or before == after:
                continue
            tighter = before is None or (after > before if keyword in LOWER else after < before)
            if tighter and not (before is None and keyword in LOWER and keyword != "minimum" and after == 0):
                yield Finding(place, _describe(keyword, before, after), SENDERS)
        for keyword in ("exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "readOnly"):
            if new.get(keyword) and not old.get(keyword):
                yield Finding(place, f"{keyword} added", SENDERS)
        step = new.get("multipleOf")
        if step is not None and ("multipleOf" not in old or old["multipleOf"] % step):
            yield Finding(place, _describe("multipleOf", old.get("multipleOf"), step), SENDERS)
        for keyword in OTHER:
            # A pattern that also accepts upper-case hexadecimal digits is wider.
            if keyword in new and old.get(keyword) not in (new[keyword], str(new[keyword]).replace("a-fA-F", "a-f")):
                yield Finding(place, _describe(keyword, old.get(keyword), new[keyword]), SENDERS)

    def _members(self, place: str, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
        for name, schema in before.items():
            where = f"{place}/{name}"
            sent = direction == "request" or not self._is(after.get(name, ANYTHING), "writeOnly", self.new)
            if name not in after or not (sent or self._is(schema, "writeOnly", self.old)):
                yield Finding(where, "property removed", SENDERS if direction == "request" else READERS)
                continue
            if direction == "response" and name in must_before - must_after:
                yield Finding(where, "now optional in a response", READERS)
            yield from self._schemas(where, schema, after[name], direction)
        if direction == "request":
            for name in sorted(must_after - must_before):
                yield Finding(f"{place}/{name}", "now required", "clients that omit it")
        open_before, open_after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if direction == "response" and open_before is False:
            for name in sorted(after.keys() - before.keys()):
                if not self._is(after[name], "writeOnly", self.new):
                    yield Finding(f"{place}/{name}", "property added to a closed response object", STRICT_READERS)
        if open_after is False:
            if open_before is not False and direction == "request":
                yield Finding(place, "additional properties no longer accepted", SENDERS)
            elif isinstance(open_before, Mapping):
                yield Finding(place, "additional properties removed from a response", READERS)
        elif open_before is not False:
            before, after = (one if isinstance(one, Mapping) else ANYTHING for one in (open_before, open_after))
            yield from self._schemas(f"{place}/*", before, after, direction)

    @staticmethod
    def _is(schema: Any, keyword: str, document: Document) -> bool:
        return bool(document.schema(schema).get(keyword))


def _scopes(security: list[Node]) -> Iterator[str]:
    """The scopes, in which contracts before 0.2.0 named the role of an operation."""
    for requirement in security:
        for scopes in requirement.values():
            yield from scopes


def _schema_of(parameter: Node) -> Any:
    content = next(iter(parameter.get("content", {}).values()), parameter)
    return content.get("schema", ANYTHING)


def _spelling(parameter: Node) -> dict[str, Any]:
    """How a parameter is serialized, with OpenAPI's defaults."""
    style = parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple")
    return {
        "style": style,
        "explode": parameter.get("explode", style == "form"),
        "allowReserved": parameter.get("allowReserved", False),
        "media type": ", ".join(parameter.get("content", ["plain"])),
    }


def _describe(name: str, before: Any, after: Any) -> str:
    """The change of one keyword; None stands for a missing one."""
    if before is None:
        return f"{name} {after} added"
    return f"{name} {before} removed" if after is None else f"{name} changed from {before} to {after}"


def breaking(old: Node, new: Node) -> list[Finding]:
    """The changes from `old` to `new` that break clients."""
    return Comparison(old, new).findings()


def has_entry(changelog: str, section: str, kind: str = "") -> bool:
    """Whether the `section` of this name has an entry. `kind`: under this heading."""
    found = re.search(rf"^## \[{re.escape(section)}\].*?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    text = found[1] if found else ""
    if kind:
        text = "".join(re.findall(rf"^### {kind}\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
    return re.search(r"^- ", text, re.MULTILINE) is not None


def faults(old: Node, new: Node, changelog: str, *, is_release: bool = False) -> list[str]:
    """Why the contract is not acceptable or, with `is_release`, cannot be released; one line each."""
    if old == new:
        return []
    found = []
    (major, minor), (released_major, released_minor) = (
        [int(part) for part in str(one["info"]["version"]).split(".")[:2]] for one in (new, old)
    )
    section = str(new["info"]["version"]) if is_release else "Unreleased"
    findings = [str(finding) for finding in breaking(old, new)] if major <= released_major else []
    if findings and released_major > 0:
        found += [*findings, f"Revert the changes, or raise info.version to {released_major + 1}.0.0."]
    elif findings and is_release and minor <= released_minor:
        found += [*findings, f"Raise info.version to 0.{released_minor + 1}.0."]
    elif findings and not has_entry(changelog, section, "Changed"):
        found += [*findings, f'Revert the changes, or add an entry under "Changed" in [{section}] of CHANGELOG.md.']
    if not has_entry(changelog, section):
        found.append(f"The contract has changed, but CHANGELOG.md has no entry for it. Add one under [{section}].")
    return found


def main() -> int:
    """Run the command and return its exit code."""
    is_release = sys.argv[1:] == ["--release"]
    if sys.argv[1:] and not is_release:
        print(__doc__, file=sys.stderr)
        return 2
    old, new = (yaml.safe_load(path.read_bytes()) for path in (RELEASED, CONTRACT))
    found = faults(old, new, CHANGELOG.read_text(), is_release=is_release)
    if found:
        print("\n".join(found))
        return 1
    if is_release:
        RELEASED.write_bytes(CONTRACT.read_bytes())
        print(f"{RELEASED.relative_to(ROOT)} is now openapi.yaml.")
    else:
        print("The contract has no forbidden breaking change.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
