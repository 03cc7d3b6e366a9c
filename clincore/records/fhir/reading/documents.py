"""A FHIR R4 document Bundle as one case."""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading.context import Around, Context, subject_of, system_and_value
from clincore.records.fhir.reading.element import (
    TECHNICAL_META,
    Element,
    IsUnit,
    Json,
    Reader,
    Refused,
    Resource,
    is_only_absent,
    listed,
    modifier_in,
)
from clincore.records.fhir.reading.encounters import read_encounter
from clincore.records.fhir.reading.entries import FIELDS, Entries
from clincore.records.fhir.reading.further import TITLE, Further
from clincore.records.fhir.reading.index import Index, contradicts_its_id
from clincore.records.fhir.reading.parsing import require_r4
from clincore.records.fhir.reading.report import Reading, Row, Unreadable, refused, row_of, unused
from clincore.records.fhir.reading.sections import Sections
from clincore.records.fhir.reading.words import cut, words
from clincore.records.fhir.vocabulary import CASE_TYPE, METADATA

RESOURCES_MAX = 5000
"""In one document, with contained ones."""
_TAGS_MAX = 20
_TAG_MAX = 64
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STATUSES = ("preliminary", "final", "amended", "entered_in_error")
SIGNATURES = "Signatures of the source"
# Their content is in the words of other resources.
_SIGNING = {"Provenance"}
_SIGNERS = {"Practitioner", "PractitionerRole", "Organization"}
_OWN = "urn:clincore:"
_TECHNICAL = ("resourceType", "id", "meta", "text")


def read_document(bundle: Any, is_unit: IsUnit) -> Reading:
    """The case of a document, and a line for each of its resources.

    `bundle`: parsed JSON whose numbers are int or Decimal. `is_unit`: whether a code is a unit of UCUM.

    Raises:
        Unreadable: it is no FHIR R4 document, its resources contradict each other, or its Composition cannot be read.
    """
    return _Document(bundle, is_unit).read()


def bundle_entries(bundle: Json, rows: list[Row]) -> Iterator[tuple[Json, str, str | None]]:
    """The resource, path and `fullUrl` of each entry; entries that cannot be read get a line in `rows`.

    Raises:
        Unreadable: a resource is of another version than R4, or `entry` is not a list.
    """
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise Unreadable("entry is not a list", "Bundle.entry")
    for number, entry in enumerate(entries):
        path = f"Bundle.entry[{number}]"
        resource = entry.get("resource") if isinstance(entry, dict) else None
        url = entry.get("fullUrl") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            rows.append(Row("Bundle", path, "refused", "it has no resource"))
            continue
        path += ".resource"
        name = resource["resourceType"][:64]
        require_r4(resource, path)
        if url is not None and not isinstance(url, str):
            rows.append(Row(name, path, "refused", "its fullUrl is not a string"))
        elif entry.get("modifierExtension"):
            rows.append(Row(name, path, "refused", "modifierExtension of the entry is not understood"))
        else:
            yield resource, path, url


def require_bundle(bundle: Any) -> Json:
    """The Bundle.

    Raises:
        Unreadable: it is none, or an element of it changes its meaning in an unknown way.
    """
    if not isinstance(bundle, dict) or not isinstance(bundle.get("resourceType"), str):
        raise Unreadable("This is not a FHIR resource: it has no resourceType.", "$this")
    require_r4(bundle, "Bundle")
    if bundle["resourceType"] != "Bundle":
        raise Unreadable("This is not a Bundle.", "$this")
    modifier = modifier_in({name: value for name, value in bundle.items() if name != "entry"})
    if modifier is not None:
        raise Unreadable(modifier)
    return bundle


def identifier_of(bundle: Json) -> str | None:
    """System and value of the Bundle's identifier, as one text; None when one is missing.

    It identifies the document (hl7.org/fhir/R4/documents.html).
    """
    pair = system_and_value(bundle.get("identifier"))
    # A system is a URI, which has no white space.
    return None if pair is None else " ".join(pair)


class _Document:
    def __init__(self, bundle: Any, is_unit: IsUnit) -> None:
        self.bundle = require_bundle(bundle)
        if self.bundle.get("type") != "document":
            raise Unreadable("Bundle.type is not document.", "Bundle.type")
        identifier = self.bundle.get("identifier")
        system = identifier.get("system") if isinstance(identifier, dict) else None
        self.is_own = isinstance(system, str) and system.startswith(_OWN)
        """Whether ClinCore wrote the document."""
        self.attesters: list[Any] = []
        self.rows: list[Row] = []
        self.index = Index()
        self._repetitions: list[tuple[str, Resource]] = []
        for value, path, url in bundle_entries(self.bundle, self.rows):
            if (first := self.index.same(value, url)) is not None:
                self._repetitions.append((path, first))
                continue
            resource = self.index.add(value, path, url)
            if contradicts_its_id(resource):
                raise Unreadable("fullUrl names another resource than resourceType and id.", path)
            if len(self.index.all) > RESOURCES_MAX:
                raise Unreadable(f"The document has more than {RESOURCES_MAX} resources.", "Bundle.entry")
        for one, other, *_ in self.index.conflicts():
            raise Unreadable(f"It claims the same identity as {one.path}.", other.path)
        first = next(iter(self.index.all), None)
        if first is None or first.type != "Composition" or first.path != "Bundle.entry[0].resource":
            raise Unreadable("The first entry of a document must be its Composition.", "Bundle.entry[0]")
        self.composition = first
        self.context = Context(self.index, is_unit)
        self.sections = Sections(is_own=self.is_own)
        self.further = Further()

    def read(self) -> Reading:
        try:
            reader = self.context.reader(self.composition)
            case = self._composition(reader)
        except Refused as error:
            raise Unreadable(error.reason, self.composition.path) from None
        self._signatures()
        self._rows_around()
        # Not the path of the Composition, which has a line of its own.
        self.further.write(self.sections, f"{self.composition.path}.section")
        case["other_sections"] = self.sections.others
        # A text can be empty.
        return Reading(of.keep(**case) | self.sections.texts, self.rows + self.sections.rows)

    def _composition(self, reader: Reader) -> Json:
        root, context = reader.root, self.context
        status = of.chosen(root, "status", _STATUSES, is_modifier=True)
        if status == "entered_in_error":
            raise Refused("the document was entered in error")
        if status != "final" and not self.is_own:
            root.remark("status", status)
        case: Json = {}
        case["external_id"] = self._external_id(root)
        case["type"] = self._type(root)
        case["title"] = self._title(root, case["type"])
        reference = root.child("subject")
        case["subject"] = self._subject(reference) if reference is not None else None
        authors = [party for one in root.children("author") if (party := context.party(one))]
        case["author"] = authors[0] if authors else None
        for other in authors[1:]:
            root.remark("author", other)
        case["custodian"] = context.organization(root.child("custodian"))
        case["encounter"], encounter = self._encounter(root)
        case["period"] = self._period(root)
        case["tags"], case["metadata"] = self._tags(root), self._metadata(root)
        self.sections.read(root, context)
        entries = Entries(context)
        self._entries(entries, encounter)
        case |= entries.lists
        self.further.texts += entries.further
        self.attesters = root.take_as("attester", list) or []
        if self.is_own:
            # When the source was written, which is no content of a case.
            root.take("date")
        reader.close()
        self.rows.insert(0, row_of(self.composition, reader, place=f"the section {TITLE}"))
        self.rows += entries.rows
        self.further.add("Document", reader.remarks)
        return case

    def _subject(self, reference: Element) -> Json | None:
        found = self.context.find(reference)
        try:
            subject = subject_of(self.context, reference)
        except Refused as error:
            raise Unreadable(error.reason, (found or self.composition).path) from None
        self.context.subject_reference = reference
        self.context.subject_name = (subject or {}).get("name")
        return subject

    def _title(self, root: Element, type_: Json | None) -> str:
        """The title, which R4 requires; without one the words of the type."""
        title = root.text("title") or (type_ or {}).get("display") or "Document"
        if len(title) > of.TITLE_MAX:
            root.remark("title", title)
        return cut(title, of.TITLE_MAX)

    def _external_id(self, root: Element) -> str | None:
        """The identifier without a system, as ClinCore writes it. One of another system identifies nothing here."""
        identifier = root.child("identifier")
        if identifier is None:
            return None
        value = identifier.text("value") if self.is_own and not identifier.has("system") else None
        if value is None or len(normalize("NFC", value)) > of.EXTERNAL_ID_MAX or _CONTROL.search(value):
            identifier.remark_whole()
            return None
        return value

    def _type(self, root: Element) -> Json | None:
        """The first coding with system and code; the rest is a section."""
        element = root.child("type")
        if element is None:
            return None
        own = element.extensions(CASE_TYPE)
        if len(own) == 1 and isinstance(own[0].get("valueCoding"), dict):
            element.forget()
            return of.coding(Element(own[0]["valueCoding"], "type", root.reader))
        kept: Json | None = None
        rest: list[str] = []
        for one in element.children("coding"):
            made = of.coding(one) if kept is None else None
            if made is None:
                rest.append(words(one.whole))
                one.forget()
            else:
                kept = made
        if text := element.text("text"):
            rest.insert(0, text)
        if rest:
            root.reader.noted.append("type (in the section Document type)")
            self.sections.add("Document type", "\n".join(rest), f"{self.composition.path}.type")
        return kept

    def _encounter(self, root: Element) -> tuple[Json | None, Resource | None]:
        reference = root.child("encounter")
        if reference is None:
            return None, None
        if is_only_absent(reference.whole):
            reference.forget()
            return None, None
        found = self.context.find(reference)
        if found is None or found.type != "Encounter":
            reference.remark_whole()
            return None, None
        try:
            made = read_encounter(self.context, found)
        except Refused as error:
            self.context.around[id(found)] = Around(found, None, None, error.reason)
            reference.remark_whole()
            return None, None
        reference.take("reference"), reference.take("type")
        return made, found

    def _period(self, root: Element) -> Json | None:
        """The period of the first event, if it has full times."""
        events = root.children("event")
        first = events[0].child("period") if events else None
        return of.full_period(first) if first is not None else None

    def _tags(self, root: Element) -> list[str]:
        meta = root.child("meta")
        if meta is None:
            return []
        kept: list[str] = []
        for one in meta.children("tag"):
            text = one.text("code") or one.text("display")
            fits = text is not None and len(text) <= _TAG_MAX and not _CONTROL.search(text)
            if not one.has("system") and fits and text is not None and len(kept) < _TAGS_MAX and text not in kept:
                kept.append(text)
            # A tag with a system is for the workflow of the source.
            one.forget()
        for technical in TECHNICAL_META:
            meta.take(technical)
        return kept

    def _metadata(self, root: Element) -> Json:
        held: Json = {}
        for number, pair in enumerate(root.extensions(METADATA)):
            parts = {
                part.get("url"): Element(part, f"extension[{number}]", root.reader)
                for part in listed(pair.get("extension"))
                if isinstance(part, dict) and isinstance(part.get("url"), str)
            }
            if {"key", "value"} <= set(parts):
                key, value = (parts[name].own_text() for name in ("key", "value"))
                # An empty text is none for FHIR.
                held[key or ""] = value or ""
        return held

    def _entries(self, entries: Entries, encounter: Resource | None) -> None:
        resources = [one for one in self.index.all if one is not self.composition]
        reports = [one for one in resources if one.type == "DiagnosticReport"]
        for resource in [one for one in resources if one.type in FIELDS and one not in reports] + reports:
            entries.add(resource, encounter)

    def _signatures(self) -> None:
        """Who signed the source, in words: they signed the source's bytes, not this case."""
        said = [f"Attested: {self._words(one)}" for one in self.attesters]
        reason = f"in words in the section {SIGNATURES}"
        if (signature := self.bundle.get("signature")) is not None:
            said.append(f"Signature of the Bundle: {self._words(signature)}")
            self.rows.append(Row("Bundle", "Bundle.signature", "noted", reason))
        signing = [resource for resource in self.index.all if resource.type in _SIGNING]
        signers = self._signers([self.attesters, signature, *(resource.value for resource in signing)])
        named = [("Provenance", resource) for resource in signing]
        for name, resource in named + [(resource.name, resource) for resource in signers]:
            value = {element: part for element, part in resource.value.items() if element not in _TECHNICAL}
            said.append(f"{name}: {self._words(value)}")
            self.rows.append(Row(resource.name, resource.path, "noted", reason))
        if said:
            self.sections.add(SIGNATURES, "\n\n".join(said), "Bundle.signature")

    def _signers(self, signatures: list[Any]) -> list[Resource]:
        """The people and organizations that signatures name, except those that are authors or performers too."""
        found: set[int] = set()
        pending = signatures
        while pending:
            value = pending.pop()
            if isinstance(value, dict):
                literal = value.get("reference")
                named = self.index.find(literal, self.composition) if isinstance(literal, str) else None
                if named is not None and named.type in _SIGNERS and id(named) not in found:
                    found.add(id(named))
                    pending.append(named.value)
                pending += value.values()
            elif isinstance(value, list):
                pending += value
        return [one for one in self.index.all if id(one) in found and id(one) not in self.context.around]

    def _words(self, value: Any) -> str:
        return words(value, lambda reference: self.context.named(reference, self.composition))

    def _rows_around(self) -> None:
        """A line for each resource that is no entry."""
        self.further.add_around(self.context, self.rows)
        done = {row.path: row for row in self.rows}
        for resource in self.index.all:
            if resource.path not in done:
                done[resource.path] = refused(resource, unused(resource.type))
                self.rows.append(done[resource.path])
        for path, first in self._repetitions:
            self.rows.append(done[first.path]._replace(path=path, reason=f"the same as {first.path}"))
