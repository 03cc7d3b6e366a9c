"""Elements of a resource while it is read: what no converter takes goes into the note."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from clincore.records.fhir.datatypes import instant, shown
from clincore.records.fhir.reading.narrative import plain_text
from clincore.records.fhir.reading.words import Named, words
from clincore.records.fhir.vocabulary import ASSUMED, DATA_ABSENT_REASON, EXACT, HL7, unpacked
from clincore.records.fhir.words import words as case_words
from clincore.records.units import UCUM

Json = dict[str, Any]
IsUnit = Callable[[str], bool]

# They describe the resource in its system, not the clinical fact. docs/fhir.md names them.
_TECHNICAL = {"resourceType", "id", "language", "contained"}
# Of `meta`, only the security labels say something about the content.
TECHNICAL_META = ("versionId", "lastUpdated", "source", "profile", "tag")
ASSUMED_CODE = "unknown"
"""What stands in a document of ClinCore where R4 requires a code and the case has none."""
_VITAL_SIGNS = {"coding": [{"system": f"{HL7}observation-category", "code": "vital-signs"}]}
_ATTACHMENT = {"id", "extension", "contentType", "language", "data", "url", "size", "hash", "title", "creation"}
_DAY = len("2026-03-02")
_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}(T[0-9:]{8}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))?", re.ASCII)


class Refused(Exception):
    """A resource cannot be an entry of the case. The reason has names of elements, and no clinical text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(eq=False)
class Resource:
    """A resource of the input, with its identity."""

    type: str
    value: Json
    path: str
    """Such as `Bundle.entry[3].resource`."""
    url: str | None = None
    """The `fullUrl`."""
    container: "Resource | None" = None
    """The resource that contains this one."""
    contained: dict[str, "Resource"] = field(default_factory=dict)
    """By id."""

    @property
    def name(self) -> str:
        """Such as `Condition/4711`; for messages."""
        own = self.value.get("id")
        return f"{self.type}/{own}"[:100] if isinstance(own, str) and own else self.type

    def refuse_modifiers(self) -> None:
        """Refuse what changes its meaning.

        Raises:
            Refused: as `modifier_in` says.
        """
        if self._modifier is not None:
            raise Refused(self._modifier)

    @cached_property
    def _modifier(self) -> str | None:
        # Looked for once. A thousand resources can refer to this one, or stand in it.
        return modifier_in(self.value)

    @property
    def root(self) -> "Resource":
        """The resource that stands in the Bundle."""
        return self.container or self


class Reader:
    """Reads one resource, and collects what goes into its note."""

    def __init__(self, resource: Resource, named: Named, is_unit: IsUnit) -> None:
        """Begin to read. `named`: what a reference of the resource points to. `is_unit`: whether a code is of UCUM.

        Raises:
            Refused: it has an element that changes the meaning of others in an unknown way.
        """
        self.resource = resource
        self.remarks: list[str] = []
        """Words for the note."""
        self.noted: list[str] = []
        """The elements that are in the remarks."""
        self.lost: list[str] = []
        """What neither the case nor its notes hold; the report names it."""
        self._named = named
        self.is_unit = is_unit
        self._opened: list[Element] = []
        resource.refuse_modifiers()
        self.root = Element(resource.value, "", self)

    def opened(self, element: "Element") -> None:
        self._opened.append(element)

    def remark(self, label: str, value: Any) -> None:
        """Write the element into the note."""
        if value in (None, "", [], {}):
            return
        said = without_bytes(value)
        if said != value:
            self.lost.append(f"the bytes of {label}")
        if said not in ([], {}):
            self.noted.append(label)
            self.remarks.append(f"{label}: {words(said, self._named)}")

    def close(self) -> None:
        """Write everything that was not taken into the note."""
        for element in self._opened:
            for name, value in element.rest():
                label = element.label_of(name)
                if name == "text" and element.is_resource:
                    # Narrative that was generated from the other elements says nothing more.
                    if isinstance(value, dict) and value.get("status") == "generated":
                        continue
                    self.remark(label, _narrative(value))
                elif name == "meta" and element.is_resource and isinstance(value, dict):
                    for part in sorted(set(value) - set(TECHNICAL_META)):
                        self.remark(f"{label}.{part}", value[part])
                else:
                    self.remark(label, value)
        self._opened.clear()


class Element:
    """One element. Each property is taken once."""

    def __init__(self, value: Any, label: str, reader: Reader) -> None:
        if not isinstance(value, dict):
            raise Refused(f"{label} is not an object")
        self._left: Json = dict(value)
        self.label = label
        self.reader = reader
        self.whole: Json = value
        self.is_resource = "resourceType" in value
        reader.opened(self)

    def label_of(self, name: str) -> str:
        return f"{self.label}.{name}" if self.label else name

    def has(self, name: str) -> bool:
        return name in self._left

    def names(self) -> list[str]:
        """The properties that were not taken yet."""
        return list(self._left)

    def forget(self) -> None:
        """Nothing of the element goes into the note, because its words are elsewhere."""
        self._left.clear()

    def take(self, name: str) -> Any:
        """The property's value as it is; None when it is missing, or marked as assumed."""
        value, companion = self._left.pop(name, None), f"_{name}"
        if companion not in self._left:
            return None if is_assumed(value) else value
        beside = self._left[companion]
        if _is_marked_assumed(beside):
            del self._left[companion]
            # Another system can have written the true value since.
            return None if value == ASSUMED_CODE else value
        if (held := _exact(beside)) is not None:
            del self._left[companion]
            if _is_shown(held, value):
                return held
            self.reader.noted.append(f"{self.label_of(name)}: it differs from its extension, which does not count")
        elif value is None and is_unknown(beside):
            del self._left[companion]
        return value

    def take_as(self, name: str, kind: type) -> Any:
        """The value, which must be of this type.

        Raises:
            Refused: it has another type.
        """
        value = self.take(name)
        # A boolean is an int in Python.
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise Refused(f"{self.label_of(name)} is not {_KINDS[kind]}")
        return value

    def held_exactly(self, name: str) -> Any:
        """Take a property of a string that stands for a value of another type; None when it is not one.

        The words must be those of the value, so that a document that was edited counts as it reads.
        """
        held = held_exactly(self._left.get(f"_{name}"))
        if not isinstance(held, dict) or not self.reads_as(held, self._left.get(name)):
            return None
        del self._left[f"_{name}"]
        self._left.pop(name, None)
        return held

    def reads_as(self, held: Any, text: Any, before: str = "") -> bool:
        """Whether a value of a case is written as this text, and has no units but those of UCUM."""
        try:
            said = shown(before + case_words(held))
        except (AttributeError, KeyError, TypeError, ValueError):
            # Another system can have written anything.
            return False
        return said == text and self.has_good_units(held)

    def has_good_units(self, held: Any) -> bool:
        """Whether the codes of UCUM in a value of a case are units."""
        pending = [held]
        while pending:
            one = pending.pop()
            if isinstance(one, dict):
                code = one.get("code") if one.get("system") == UCUM else None
                if isinstance(code, str) and "value" in one and not self.reader.is_unit(code):
                    return False
                pending += one.values()
            elif isinstance(one, list):
                pending += one
        return True

    def extensions(self, url: str) -> list[Json]:
        """Take the extensions with this URL."""
        given = self._left.get("extension")
        if not isinstance(given, list):
            return []
        found = _extensions(self._left, url)
        self._left["extension"] = [one for one in given if not (isinstance(one, dict) and one.get("url") == url)]
        return found

    def text(self, name: str) -> str | None:
        """A string; None when it is missing or empty."""
        value: str | None = self.take_as(name, str)
        return value or None

    def own_text(self) -> str | None:
        """The text of an extension that `string_extension` has written."""
        self.take("url")
        packed = self.take("valueBase64Binary")
        if not isinstance(packed, str):
            return self.text("valueString")
        try:
            held = unpacked(packed)
        except (ValueError, RecursionError):
            held = None
        if isinstance(held, str):
            return held
        self.remark("valueBase64Binary", packed)
        return None

    def child(self, name: str) -> "Element | None":
        """An object."""
        value = self.take(name)
        if value is None or is_unknown(value):
            return None
        return Element(value, self.label_of(name), self.reader)

    def items(self, name: str) -> Sequence[Any]:
        """A list. A single value is refused: FHIR's JSON has a list for each element that can repeat.

        Raises:
            Refused: it is not a list.
        """
        value: Sequence[Any] = self.take_as(name, list) or ()
        return value

    def children(self, name: str) -> "list[Element]":
        """The objects of a list."""
        return [
            Element(item, f"{self.label_of(name)}[{number}]", self.reader)
            for number, item in enumerate(self.items(name))
            if not is_assumed(item)
        ]

    def remark(self, name: str, value: Any) -> None:
        """Write a property that was taken into the note."""
        self.reader.remark(self.label_of(name), value)

    def remark_whole(self) -> None:
        """Write the whole element into the note; nothing more of it is read."""
        self._left.clear()
        self.reader.remark(self.label, self.whole)

    def rest(self) -> Iterator[tuple[str, Any]]:
        is_root = self is self.reader.root
        for name, value in self._left.items():
            if name == "contained" and is_root and self.reader.resource.container is None:
                yield name, _without_resources(value)
            elif name not in _TECHNICAL or name == "contained":
                yield name, value


def is_assumed(value: Any) -> bool:
    """Whether the case that was written does not have this element, which R4 requires, and it still reads so."""
    if not _is_marked_assumed(value):
        return False
    rest = {name: part for name, part in value.items() if name != "extension"}
    codings = rest.get("coding")
    code = codings[0].get("code") if isinstance(codings, list) and codings and isinstance(codings[0], dict) else None
    # The title as the code of a section, the category of a vital sign, and the clinical status of an allergy.
    return set(rest) <= {"text"} or rest == _VITAL_SIGNS or rest.get("text") == f"Not stated, taken as {code}"


def _is_marked_assumed(value: Any) -> bool:
    return any(one.get("valueBoolean") is True for one in _extensions(value, ASSUMED))


def is_unknown(value: Any) -> bool:
    """Whether the element says only that its value is not known."""
    return isinstance(value, dict) and set(value) == {"extension"} and absent_reason(value) == "unknown"


def absent_reason(value: Any) -> str | None:
    """The code of the extension `data-absent-reason`."""
    codes = [one.get("valueCode") for one in _extensions(value, DATA_ABSENT_REASON)]
    return codes[0] if len(codes) == 1 and isinstance(codes[0], str) else None


def is_only_absent(reference: Json) -> bool:
    """Whether a Reference says only that its target is not known or was erased."""
    says_more = set(reference) - {"extension", "display"} or reference.get("display") not in (None, "Unknown", "Erased")
    return not says_more and absent_reason(reference) is not None


def without_bytes(value: Any) -> Any:
    """The value, in which no Attachment has its `data`. Base64 is no word."""
    if isinstance(value, list):
        return [without_bytes(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_attachment = isinstance(value.get("data"), str) and set(value) <= _ATTACHMENT
    return {name: without_bytes(part) for name, part in value.items() if not (is_attachment and name == "data")}


def _extensions(value: Any, url: str) -> list[Json]:
    given = value.get("extension") if isinstance(value, dict) else None
    return [one for one in given if isinstance(one, dict) and one.get("url") == url] if isinstance(given, list) else []


def held_exactly(value: Any) -> Any:
    """The case's value in the extension `EXACT` of an element; None when there is none that can be read."""
    found = _extensions(value, EXACT)
    content = found[0].get("valueBase64Binary") if len(found) == 1 else None
    try:
        return unpacked(content) if isinstance(content, str) else None
    except (ValueError, RecursionError):
        return None


def _is_shown(held: str, value: Any) -> bool:
    """Whether FHIR shows the text `held` as this value: as it is, as a time in UTC, or as a part of a date."""
    if shown(held) is None:
        # Blank, which FHIR forbids. What stands there instead says nothing.
        return True
    if value is None:
        # The end of a period that FHIR would take for its start.
        return _is_time(held)
    if not isinstance(value, str):
        return False
    if shown(held) == value:
        return True
    if not _is_time(held) or not _is_time(value):
        return False
    return held.startswith(value) if len(value) <= _DAY else instant("time", held)["time"] == value


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        return len(text) <= _DAY or bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _exact(beside: Any) -> str | None:
    held = held_exactly(beside)
    return held if isinstance(held, str) else None


_KINDS = {str: "a string", bool: "a boolean", int: "an integer", list: "a list", dict: "an object"}


def modifier_in(resource: Mapping[str, Any]) -> str | None:
    """Why an element changes the meaning of others (hl7.org/fhir/R4/extensibility.html#modifierExtension).

    It is a `modifierExtension` at any depth, or `implicitRules`. None: there is none. Contained resources are checked
    on their own.
    """
    if resource.get("implicitRules"):
        return "implicitRules can change the meaning of the resource"
    pending: list[tuple[str, Any]] = [("", {name: part for name, part in resource.items() if name != "contained"})]
    while pending:
        place, value = pending.pop()
        if isinstance(value, dict):
            if value.get("modifierExtension"):
                return f"modifierExtension{f' of {place}' if place else ''} is not understood"
            pending += [(name, part) for name, part in value.items() if isinstance(part, dict | list)]
        else:
            pending += [(place, part) for part in value if isinstance(part, dict | list)]
    return None


def _without_resources(contained: Any) -> Any:
    """What the element has beside resources, each of which has its own line."""
    if not isinstance(contained, list):
        return contained
    return [one for one in contained if not is_resource(one)]


def is_resource(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def _narrative(value: Any) -> Any:
    div = value.get("div") if isinstance(value, dict) else None
    return plain_text(div) if isinstance(div, str) else value


def listed(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
