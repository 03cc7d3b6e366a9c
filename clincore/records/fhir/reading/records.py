"""Resources that are no document as cases: one for each encounter, and one for the rest of each patient."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading.context import Context, subject_of
from clincore.records.fhir.reading.documents import bundle_entries, require_bundle
from clincore.records.fhir.reading.element import Element, IsUnit, Json, Refused, Resource
from clincore.records.fhir.reading.encounters import read_encounter_as_case
from clincore.records.fhir.reading.entries import FIELDS, Entries, encounter_field, patient_field
from clincore.records.fhir.reading.further import Further
from clincore.records.fhir.reading.index import Index, contradicts_its_id, key_of
from clincore.records.fhir.reading.parsing import require_r4
from clincore.records.fhir.reading.report import Reading, Row, Unreadable, refused, unused
from clincore.records.fhir.reading.sections import Sections
from clincore.records.fhir.reading.words import cut

_BUNDLES = {"collection", "transaction", "batch", "searchset", "history", "message"}
_WITHOUT_ENCOUNTER = "Records without an encounter"


class Records:
    """Resources of one source: of Bundles, and of files with one resource a line."""

    def __init__(self, source: str, is_unit: IsUnit) -> None:
        """`source`: a name in which ids are unique; it begins each `external_id`. `is_unit`: as for `Context`."""
        self._is_unit = is_unit
        self._source = source
        self._index = Index()
        self._unusable: list[Resource] = []
        self.rows: list[Row] = []
        """Resources that are in no case, because of their form or their subject."""

    def add_bundle(self, bundle: Any, file: str) -> None:
        """Add the resources of a Bundle that is no document. `file`: what paths begin with.

        Raises:
            Unreadable: it is no such Bundle of FHIR R4.
        """
        rows: list[Row] = []
        for value, path, url in resources_of(bundle, rows):
            self._add(value, f"{file}: {path}", url)
        self.rows += [row._replace(path=f"{file}: {row.path}") for row in rows]

    def add_resource(self, value: Any, path: str, url: str | None = None) -> None:
        """Add one resource, as a line of Bulk Data has it. `url`: its `fullUrl`, if it comes from a Bundle.

        Raises:
            Unreadable: it is no resource of FHIR R4.
        """
        self._add(require_resource(value, path), path, url)

    def _add(self, value: Json, path: str, url: str | None) -> None:
        resource = self._index.add(value, path, url)
        if contradicts_its_id(resource):
            self._unusable.append(resource)
            self.rows.append(refused(resource, "its fullUrl names another resource than its type and id"))

    def cases(self) -> list[Reading]:
        """The cases in the order of their encounters; those of resources without one come last."""
        for claimants in list(self._index.conflicts()):
            self._unusable += claimants
            for one in claimants:
                other = next(each.path for each in claimants if each is not one)
                self.rows.append(refused(one, f"it claims the same identity as {other[:200]}"))
        unusable = {id(resource) for resource in self._unusable}
        for resource in self._index.all:
            # A case has one subject and one encounter.
            is_head = resource.type in ("Patient", "Encounter") and id(resource) not in unusable
            if is_head and self._index.has_versions(resource):
                self._unusable.append(resource)
                self.rows.append(refused(resource, "another version of it is here"))
        self._index.remove(self._unusable)
        groups = self._grouped()
        readings = [group.read(self._index, self._source, self._is_unit) for group in groups]
        done = {row.path for reading in readings for row in reading.rows} | {row.path for row in self.rows}
        for resource in self._index.all:
            if resource.path not in done:
                self.rows.append(refused(resource, unused(resource.type)))
        return readings

    def _grouped(self) -> "Sequence[_Group]":
        context = Context(self._index, self._is_unit)
        by_encounter: dict[int, _Group] = {}
        by_patient: dict[int, _Group] = {}
        for resource in self._index.all:
            if resource.type == "Encounter" and resource.container is None:
                patient = self._patient(context, resource)
                if patient is not None:
                    by_encounter[id(resource)] = _Group(patient, resource)
        for resource in self._index.all:
            if resource.type not in FIELDS:
                continue
            patient = self._patient(context, resource)
            if patient is None:
                continue
            encounter = _resolved(context, resource, encounter_field(resource.type))
            group = by_encounter.get(id(encounter))
            if group is not None and group.patient is not patient:
                self.rows.append(refused(resource, "its encounter is of another patient"))
                continue
            if encounter is None and self._is_refused(resource, encounter_field(resource.type)):
                self.rows.append(refused(resource, "its encounter is refused"))
                continue
            if group is None and encounter is not None and encounter.type == "Encounter":
                self.rows.append(refused(resource, "its encounter is of another patient, or of none that is here"))
                continue
            if group is None:
                group = by_patient.setdefault(id(patient), _Group(patient, None))
            group.resources.append(resource)
        return [*by_encounter.values(), *by_patient.values()]

    def _is_refused(self, resource: Resource, name: str) -> bool:
        literal = literal_of(resource.value, name)
        return literal is not None and self._index.was_removed(literal, resource)

    def _patient(self, context: Context, resource: Resource) -> Resource | None:
        """The patient of a resource; otherwise the resource gets a line."""
        name = patient_field(resource.type)
        # A contained resource is about the subject of its container.
        about = resource if name in resource.value else resource.root
        patient = _resolved(context, about, patient_field(about.type))
        if patient is None or patient.type != "Patient":
            self.rows.append(refused(resource, without_patient(resource.type)))
            return None
        return patient


def resources_of(bundle: Any, rows: list[Row]) -> list[tuple[Json, str, str | None]]:
    """The resource, path and `fullUrl` of each entry of a Bundle that is no document.

    Entries that cannot be read get a line in `rows`.

    Raises:
        Unreadable: it is no such Bundle of FHIR R4.
    """
    bundle = require_bundle(bundle)
    if bundle.get("type") not in _BUNDLES:
        raise Unreadable("Bundle.type is none that has resources.", "Bundle.type")
    return list(bundle_entries(bundle, rows))


def require_resource(value: Any, path: str) -> Json:
    """The resource.

    Raises:
        Unreadable: it is no resource of FHIR R4.
    """
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        raise Unreadable("This is not a FHIR resource: it has no resourceType.", path)
    require_r4(value, path)
    return value


def without_patient(kind: str) -> str:
    """Why a resource is refused that refers to no patient of the input."""
    return f"{patient_field(kind)}: it refers to no Patient that is here"


def literal_of(value: Json, name: str) -> str | None:
    """The text of a resource's Reference with this name."""
    reference = value.get(name)
    literal = reference.get("reference") if isinstance(reference, dict) else None
    return literal if isinstance(literal, str) else None


def _resolved(context: Context, resource: Resource, name: str) -> Resource | None:
    literal = literal_of(resource.value, name)
    return None if literal is None else context.index.find(literal, resource)


@dataclass(eq=False)
class _Group:
    """The resources of one case."""

    patient: Resource
    encounter: Resource | None
    resources: list[Resource] = field(default_factory=list)

    def read(self, index: Index, source: str, is_unit: IsUnit) -> Reading:
        context = Context(index, is_unit)
        sections, further = Sections(), Further()
        entries = Entries(context)
        case: Json = {}
        rows: list[Row] = []
        head = self.encounter or self.patient
        try:
            case["subject"] = self._subject(context)
            case |= self._head(context) if self.encounter is not None else {"title": _WITHOUT_ENCOUNTER}
        except Refused as error:
            reason = f"{head.name}: {error.reason}"
            return Reading(None, [refused(one, reason) for one in (head, *self.resources)])
        for resource in sorted(self.resources, key=lambda one: one.type == "DiagnosticReport"):
            entries.add(resource, self.encounter)
        case |= entries.lists
        case["external_id"] = _external_id(source, head)
        further.texts += entries.further
        rows += entries.rows
        further.add_around(context, rows)
        further.write(sections, head.path)
        case["other_sections"] = sections.others
        return Reading(of.keep(**case), [*rows, *sections.rows])

    def _subject(self, context: Context) -> Json | None:
        """The subject, from the patient's resource itself."""
        reader = context.reader(Resource("Reference", {}, self.patient.path, container=self.patient))
        subject = subject_of(context, Element({"reference": "#"}, "subject", reader))
        context.subject_name = (subject or {}).get("name")
        return subject

    def _head(self, context: Context) -> Json:
        """Title, author, period and encounter, from the Encounter."""
        assert self.encounter is not None
        made = read_encounter_as_case(context, self.encounter)
        types = made.get("encounter", {}).get("types", ())
        title = next((text for one in types if (text := of.said(one))), "Encounter")
        return {"title": cut(title, of.TITLE_MAX), **made}


def _external_id(source: str, resource: Resource) -> str:
    """An id that the same resource of the same source gets again.

    A `fullUrl` is part of it, because two servers of one source can give one id to two resources. So is the container.
    """
    root = resource.root
    own = key_of(root.value, root.url) or f"{root.type}/{_hash(repr(root.value))}"
    made = f"{source}:{own}" if resource is root else f"{source}:{own}#{resource.value.get('id')}"
    if len(made) <= of.EXTERNAL_ID_MAX and made.isprintable():
        return made
    return f"{source[:40]}:{resource.type[:20]}/{_hash(made)}"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
