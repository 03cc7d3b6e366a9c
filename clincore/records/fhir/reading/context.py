"""The resources around the entries of a case: patient, people, organizations. Each is read once."""

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from clincore.records.content_rules import UNIT_CHARACTERS_MAX, UNITS_MAX
from clincore.records.fhir.datatypes import shown
from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading.element import (
    Element,
    IsUnit,
    Json,
    Reader,
    Refused,
    Resource,
    is_only_absent,
    listed,
)
from clincore.records.fhir.reading.index import MEANINGLESS, Index, is_meaningless, target
from clincore.records.fhir.reading.words import cut, words

PARTIES_MAX = 10
CODES_MAX = 300
"""Codes of units that are looked up for one case; those that follow are words."""
_ENTRY_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_NAMED_MAX = 250
"""Characters of what a reference points to."""
_URI_SYSTEM = "urn:ietf:rfc3986"


@dataclass
class Around:
    """A resource that is read for others, and what was read of it."""

    resource: Resource
    content: Json | None
    reader: Reader | None
    refused: str | None = None


class Context:
    """What the entries of one case share: the index of resources, and what was read of those around them."""

    def __init__(self, index: Index, is_unit: IsUnit) -> None:
        """`is_unit`: whether a code is a unit of UCUM."""
        self.index = index
        self._is_unit = is_unit
        self._units: dict[str, bool] = {}
        self.around: dict[int, Around] = {}
        """By the identity of the resource."""
        self.used: dict[int, Resource] = {}
        """Resources whose content is in an entry or around one."""
        self.observations: dict[int, Json] = {}
        """Observations of the case, by the identity of their resource."""
        self.entry_ids: set[str] = set()
        self.patient: Resource | None = None
        """The subject of the case, if it is in the input."""
        self.subject_reference: Element | None = None
        """The document's Reference to its subject."""
        self.subject_name: str | None = None
        self._names: dict[int, str | None] = {}
        """What resources are called in words, by their identity."""

    def reader(self, resource: Resource) -> Reader:
        """Begin to read a resource.

        Raises:
            Refused: it has a modifier that is not understood.
        """
        return Reader(resource, lambda reference: self.named(reference, resource), self.is_unit)

    def is_unit(self, code: str) -> bool:
        """Whether a code is a unit of UCUM, and not one more than a case can have."""
        if code not in self._units:
            if len(self._units) == CODES_MAX:
                return False
            units = [known for known, is_unit in self._units.items() if is_unit]
            has_room = len(units) < UNITS_MAX and sum(map(len, units)) + len(code) <= UNIT_CHARACTERS_MAX
            self._units[code] = has_room and self._is_unit(code)
        return self._units[code]

    def find(self, reference: Element) -> Resource | None:
        """The resource that a Reference resolves to."""
        literal = reference.whole.get("reference")
        at = reference.reader.resource
        found = self.index.find(literal, at) if isinstance(literal, str) else None
        if found is not None:
            self.used[id(found)] = found
        return found

    def known(self) -> tuple[int, int]:
        """How much was read until now, for `forget_since`."""
        return len(self.used), len(self.around)

    def forget_since(self, known: tuple[int, int]) -> None:
        """Forget what was read since then, for an entry that was refused after all."""
        used, around = known
        for key in list(self.used)[used:]:
            del self.used[key]
        for key in list(self.around)[around:]:
            del self.around[key]

    def is_subject(self, reference: Element) -> bool:
        """Whether a Reference names the subject of the case."""
        found = self.find(reference)
        if found is not None:
            return found is self.patient
        if self.patient is not None:
            return "reference" not in reference.whole and _is_identified(
                reference.whole.get("identifier"), self.patient
            )
        # Neither resolves: only the same words name the same subject.
        own = None if self.subject_reference is None else _named(self.subject_reference)
        return own is not None and _named(reference) == own

    def entry_id(self, resource: Resource) -> str | None:
        """The id of an observation of the case, which gets one if it has none; None: the case does not have it."""
        entry = self.observations.get(id(resource))
        if entry is None:
            return None
        if "id" not in entry:
            own = resource.value.get("id")
            made = (f"observation-{number}" for number in count(len(self.entry_ids) + 1))
            entry["id"] = own if self.is_free(own) else next(name for name in made if name not in self.entry_ids)
            self.entry_ids.add(str(entry["id"]))
        return str(entry["id"])

    def is_free(self, entry_id: Any) -> bool:
        """Whether an observation of the case can get this id."""
        return isinstance(entry_id, str) and bool(_ENTRY_ID.fullmatch(entry_id)) and entry_id not in self.entry_ids

    def named(self, reference: str, at: Resource) -> str | None:
        """What a reference points to, in a few words."""
        found = self.index.find(reference, at)
        if found is None:
            return None
        if id(found) not in self._names:
            said = _said_of(found)
            # A resource can be referred to a thousand times.
            self._names[id(found)] = said and cut(said, _NAMED_MAX)
        return self._names[id(found)]

    def party(self, reference: Element) -> Json | None:
        """The person or organization of a Reference as a Party; otherwise the Reference goes into the note."""
        if is_only_absent(reference.whole):
            reference.forget()
            return None
        found = self.find(reference)
        if found is None:
            return _by_its_own_words(reference)
        if found is self.patient:
            # Who they are is in the subject of the case.
            content: Json | None = {"role": "Patient"}
            names = {self.subject_name}
        else:
            content = self._around(found).content
            names = _names_of(content or {})
        if content is None:
            reference.remark_whole()
            return None
        said = reference.whole.get("display")
        if isinstance(said, str) and said in names:
            reference.take("display")
        reference.take("reference"), reference.take("type")
        return content

    def organization(self, reference: Element | None) -> Json | None:
        """The organization of a Reference; otherwise the Reference goes into the note."""
        if reference is None:
            return None
        party = self.party(reference)
        if party is None:
            return None
        if set(party) == {"organization"}:
            organization: Json = party["organization"]
            return organization
        reference.remark_whole()
        return None

    def parties(self, references: list[Element]) -> list[Json]:
        return of.several(references, self.party, PARTIES_MAX)

    def _around(self, resource: Resource) -> Around:
        """What a party's resource says, read once."""
        if (known := self.around.get(id(resource))) is not None:
            return known
        # A role that refers to itself finds nothing.
        self.around[id(resource)] = Around(resource, None, None)
        convert = _PARTIES.get(resource.type)
        if convert is None:
            return self.around[id(resource)]
        try:
            reader = self.reader(resource)
            _take_active(reader.root)
            content = convert(self, reader.root)
            reader.close()
            around = Around(resource, content or None, reader)
        except Refused as error:
            around = Around(resource, None, None, error.reason)
        self.around[id(resource)] = around
        return around


def _said_of(resource: Resource) -> str | None:
    for name in ("code", "vaccineCode", "medicationCodeableConcept", "type", "name", "description", "deviceName"):
        value = resource.value.get(name)
        if value and name == "name" and isinstance(value, list):
            value = value[0]
        if value:
            return words(value)
    return None


def require_subject(context: Context, reference: Element) -> None:
    """Check that a resource is about the subject of the case.

    Raises:
        Refused: it is not, or cannot be known to be.
    """
    if not context.is_subject(reference):
        literal = reference.whole.get("reference")
        if isinstance(literal, str) and is_meaningless(literal, reference.reader.resource.root.url):
            raise Refused(f"{reference.label}: {MEANINGLESS}")
        if isinstance(literal, str) and context.find(reference) is None:
            raise Refused(f"{reference.label}: it refers to nothing here, so it can be about another subject")
        raise Refused(f"{reference.label}: it is about another subject than the case")
    reference.forget()


def _named(reference: Element) -> tuple[str, Any] | None:
    """What a Reference that does not resolve names; None: nothing that could be compared."""
    value = reference.whole
    literal = value.get("reference")
    if isinstance(literal, str):
        key, version = target(literal, reference.reader.resource.root.url)
        return None if literal.startswith("#") else ("reference", (key or literal, version))
    rest = {name: part for name, part in value.items() if name != "display"}
    if rest.get("identifier") or rest.get("extension"):
        return "other", rest
    return ("display", value) if value.get("display") else None


def _is_identified(identifier: Any, patient: Resource) -> bool:
    """Whether the patient has an identifier with this system and value."""
    known = patient.value.get("identifier")
    pair = system_and_value(identifier)
    return pair is not None and any(pair == system_and_value(one) for one in listed(known))


def system_and_value(identifier: Any) -> tuple[str, str] | None:
    """Both parts of an Identifier; None if one is missing."""
    system, value = (identifier.get(name) if isinstance(identifier, dict) else None for name in ("system", "value"))
    return (system, value) if isinstance(system, str) and isinstance(value, str) and system and value else None


def _take_active(root: Element) -> None:
    """Whether the record is in use; that it is, is no remark."""
    if root.whole.get("active") is True:
        root.take("active")


def _practitioner(context: Context, root: Element) -> Json:
    return of.keep(name=human_name(root), identifiers=of.identifiers(root))


def _organization(context: Context, root: Element) -> Json:
    return of.keep(organization=of.keep(name=of.one_line(root, "name"), identifiers=of.identifiers(root)))


def _role(context: Context, root: Element) -> Json:
    person: Json = {}
    if (practitioner := root.child("practitioner")) is not None:
        person = context.party(practitioner) or {}
    organization = context.organization(root.child("organization"))
    role = None
    for number, code in enumerate(root.children("code")):
        concept = of.concept(code) or {}
        said = of.said(concept)
        if number == 0 and said and len(said) <= of.NAME_MAX and "\n" not in said:
            role = said
            for coding in concept.get("coding", ()):
                code.remark("coding", coding)
        else:
            code.remark_whole()
    return of.keep(name=person.get("name"), identifiers=person.get("identifiers"), role=role, organization=organization)


def _related_person(context: Context, root: Element) -> Json:
    relationship = of.concepts(root.children("relationship")[:1])
    said = words(relationship[0]) if relationship else "Related person"
    if len(said) > of.NAME_MAX or "\n" in said:
        root.remark("relationship", said)
        said = "Related person"
    patient = root.child("patient")
    if patient is not None:
        require_subject(context, patient)
    return of.keep(name=human_name(root), identifiers=of.identifiers(root), role=said)


_PARTIES = {
    "Practitioner": _practitioner,
    "PractitionerRole": _role,
    "Organization": _organization,
    "RelatedPerson": _related_person,
}


def _names_of(party: Json) -> set[str | None]:
    """The names by which a Reference can show the party."""
    names = (party.get("name"), party.get("role"), party.get("organization", {}).get("name"))
    return {shown(name) for name in names if name is not None}


def _by_its_own_words(reference: Element) -> Json | None:
    """A Party from the display and identifier of a Reference that does not resolve but names its type."""
    literal, kind = reference.whole.get("reference"), reference.whole.get("type")
    if kind is None and isinstance(literal, str):
        parts = literal.partition("/_history/")[0].split("/")
        kind = parts[-2] if len(parts) > 1 else None
    if kind not in ("Practitioner", "PractitionerRole", "Organization"):
        reference.remark_whole()
        return None
    named = reference.child("identifier")
    identifier = of.identifier(named) if named is not None else None
    reference.take("type")
    made = of.keep(name=of.one_line(reference, "display"), identifiers=[identifier] if identifier else None)
    if not made:
        return None
    return {"organization": made} if kind == "Organization" else made


def human_name(root: Element) -> str | None:
    """The official name in one line. Other names, and parts that it does not show, go into the note."""
    names = root.children("name")
    if not names:
        return None
    order = {"official": 0, "usual": 1, None: 2, "nickname": 3, "anonymous": 3, "temp": 4, "old": 5, "maiden": 5}
    best = min(names, key=lambda one: order.get(_string(one.whole.get("use")), 4))
    whole = best.whole
    parts = [*_strings(whole.get("prefix")), *_strings(whole.get("given")), *_strings([whole.get("family")])]
    parts += _strings(whole.get("suffix"))
    joined = " ".join(parts)
    text = best.text("text") or joined
    if not text:
        return None
    if text != joined and (not of.is_name(text) or len({part in text for part in parts}) > 1):
        # A text with some of the parts, such as the family name alone, is not the whole name. One with none of them can
        # be in another script.
        best.remark("text", text)
        text = joined
    if text == joined or all(part in text for part in parts):
        for name in ("prefix", "given", "family", "suffix"):
            best.take(name)
    if whole.get("use") in ("official", "usual"):
        best.take("use")
    if of.is_name(text):
        return text
    best.remark("text", text)
    return None


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _strings(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _identifiers_in_use(root: Element) -> list[Json]:
    """The identifiers, temporary ones last. Those that are no longer used go into the note."""
    given = root.children("identifier")
    for one in given:
        if one.whole.get("use") == "old":
            one.remark_whole()
    used = sorted(
        (one for one in given if one.whole.get("use") != "old"), key=lambda one: one.whole.get("use") == "temp"
    )
    return of.several(used, of.identifier, of.IDENTIFIERS_MAX)


def subject_of(context: Context, reference: Element) -> Json | None:
    """The patient of a Reference as the case's subject.

    Without an identifier that has a system, the subject is identified by the URL of the resource.

    Raises:
        Refused: the patient has a modifier that is not understood, or an element of a wrong type.
    """
    found = context.find(reference)
    if found is None or found.type != "Patient":
        if is_only_absent(reference.whole):
            reference.forget()
            return None
        identifier = reference.child("identifier")
        known = of.identifier(identifier) if identifier is not None else None
        if known is None or found is not None:
            reference.remark_whole()
            return None
        return of.keep(identifiers=[known], name=of.one_line(reference, "display"))
    reader = context.reader(found)
    root = reader.root
    _take_active(root)
    identifiers = _identifiers_in_use(root)
    name = human_name(root)
    deceased = of.choice(root, "deceased", {"Boolean": ("boolean", of.boolean), "DateTime": ("date_time", of.moment)})
    gender = of.chosen(root, "gender", ("male", "female", "other", "unknown"))
    birth_date = of.day(root, "birthDate")
    subject = of.keep(name=name, birth_date=birth_date, gender=gender, deceased=deceased)
    if not identifiers and subject and found.url and of.is_uri(found.url):
        identifiers = [{"system": _URI_SYSTEM, "value": found.url}]
    subject = of.keep(identifiers=identifiers, **subject)
    if not identifiers:
        for field, value in subject.items():
            root.remark(field, value)
        subject = {}
    reader.close()
    context.around[id(found)] = Around(found, subject, reader)
    said = reference.whole.get("display")
    if said == (name and shown(name)):
        reference.take("display")
    reference.take("reference"), reference.take("type")
    context.patient = found
    return subject or None
