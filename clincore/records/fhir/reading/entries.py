"""The lists of a case, filled from the resources of its entries."""

from collections.abc import Callable

from clincore.records.fhir.reading import medications, problems, procedures, results
from clincore.records.fhir.reading.context import Context, require_subject
from clincore.records.fhir.reading.datatypes import NOTE_MAX
from clincore.records.fhir.reading.element import (
    Element,
    Json,
    Reader,
    Refused,
    Resource,
    absent_reason,
)
from clincore.records.fhir.reading.report import Row, refused, row_of

_CONTINUED = "More is in the section “Further details”."

Convert = Callable[[Element, Context], Json]

FIELDS: dict[str, tuple[str, Convert, str]] = {
    "Condition": ("conditions", problems.condition, "code"),
    "Observation": ("observations", results.observation, "code"),
    "MedicationStatement": ("medications", medications.statement, "medication"),
    "MedicationRequest": ("medications", medications.request, "medication"),
    "MedicationAdministration": ("medications", medications.administration, "medication"),
    "MedicationDispense": ("medications", medications.dispense, "medication"),
    "AllergyIntolerance": ("allergies", problems.allergy, "code"),
    "Procedure": ("procedures", procedures.procedure, "code"),
    "Immunization": ("immunizations", procedures.immunization, "vaccine_code"),
    "DiagnosticReport": ("diagnostic_reports", results.report, "code"),
    "DocumentReference": ("documents", results.document, ""),
}
"""By type of resource: the list of the case, its reader, and the field that an entry must have."""
MOST = {field: 1000 if field == "observations" else 200 for field, _, _ in FIELDS.values()}
"""`maxItems` of the contract's lists."""
NEEDED = {field: needed for field, _, needed in FIELDS.values() if needed}
"""The field that each entry of a list must have."""
_PATIENT_FIELDS = {"AllergyIntolerance": "patient", "Immunization": "patient"}
_NEEDS_SUBJECT = {"Condition", "Procedure", "AllergyIntolerance", "Immunization"} | {
    type_ for type_ in FIELDS if type_.startswith("Medication") and type_ != "MedicationDispense"
}
_ENCOUNTER_FIELDS = {
    "MedicationStatement": "context",
    "MedicationAdministration": "context",
    "MedicationDispense": "context",
}


def patient_field(kind: str) -> str:
    """The element of a type of resource that names its patient."""
    return _PATIENT_FIELDS.get(kind, "subject")


def encounter_field(kind: str) -> str:
    """The element of a type of resource that names its encounter."""
    return _ENCOUNTER_FIELDS.get(kind, "encounter")


class Entries:
    """The lists of one case."""

    def __init__(self, context: Context) -> None:
        self.lists: dict[str, list[Json]] = {}
        self.rows: list[Row] = []
        self.further: list[str] = []
        """What has no place in the notes of entries."""
        self._context = context

    def add(self, resource: Resource, encounter: Resource | None) -> None:
        """Read a resource of the types in `FIELDS` into its list. `encounter`: the case's own.

        Observations must come before the reports that refer to them.
        """
        field, convert, needed = FIELDS[resource.type]
        entries = self.lists.setdefault(field, [])
        if self._context.index.has_versions(resource):
            self.rows.append(refused(resource, "another version of it is here"))
            return
        if len(entries) == MOST[field]:
            self.rows.append(refused(resource, f"a case holds at most {MOST[field]} {field}"))
            return
        known = self._context.known()
        try:
            reader = self._context.reader(resource)
            self._check_subject(reader.root)
            self._take_encounter(reader.root, encounter)
            entry = convert(reader.root, self._context)
            if needed and needed not in entry:
                raise Refused(f"it has no {needed} that can be read")
            reader.close()
        except Refused as error:
            self._context.forget_since(known)
            self.rows.append(refused(resource, error.reason))
            return
        if field == "documents" and not (set(entry) or reader.remarks):
            self.rows.append(refused(resource, "it is empty"))
            return
        entries.append(self._with_remarks(entry, reader))
        if field == "observations":
            self._keep_observation(resource, entries[-1])
        self.rows.append(row_of(resource, reader)._replace(entry=f"{field}[{len(entries) - 1}]"))

    def _keep_observation(self, resource: Resource, entry: Json) -> None:
        own = entry.get("id")
        if own is not None and not self._context.is_free(own):
            del entry["id"]
        elif own is not None:
            self._context.entry_ids.add(own)
        self._context.observations[id(resource)] = entry

    def _check_subject(self, root: Element) -> None:
        resource = root.reader.resource
        name = patient_field(resource.type)
        value = root.take(name)
        if value is None:
            if resource.container is not None:
                self._check_container(resource.container, root.reader)
            elif resource.type in _NEEDS_SUBJECT:
                raise Refused(f"it has no {name}")
            return
        reference = Element(value, name, root.reader)
        require_subject(self._context, reference)
        display = reference.whole.get("display")
        is_absent = absent_reason(reference.whole) is not None
        if display is not None and not is_absent and display != self._context.subject_name:
            root.remark(f"{name}.display", display)

    def _check_container(self, container: Resource, reader: Reader) -> None:
        """A contained resource without a subject is about that of its container, if the case can have that one.

        Raises:
            Refused: it cannot.
        """
        if container.type not in (*FIELDS, "Composition", "Encounter"):
            raise Refused(f"it has no subject, and stands in a {container.type[:64]}")
        container.refuse_modifiers()
        name = patient_field(container.type)
        value = container.value.get(name)
        if value is not None and container.type != "Composition":
            require_subject(self._context, Element(value, f"{name} of {container.name}", reader))
        elif value is None and container.type in _NEEDS_SUBJECT:
            raise Refused(f"it has no subject, and {container.name} has none")

    def _take_encounter(self, root: Element, encounter: Resource | None) -> None:
        name = encounter_field(root.reader.resource.type)
        value = root.whole.get(name)
        if encounter is not None and isinstance(value, dict):
            reference = Element(value, name, root.reader)
            if self._context.find(reference) is encounter:
                root.take(name)
                reference.take("reference"), reference.take("type")
            else:
                reference.forget()

    def _with_remarks(self, entry: Json, reader: Reader) -> Json:
        note = entry.pop("note", None)
        texts = ([note] if note else []) + (["\n".join(reader.remarks)] if reader.remarks else [])
        whole = "\n\n".join(texts)
        if len(whole) <= NOTE_MAX:
            return entry | ({"note": whole} if whole else {})
        held: list[str] = []
        left = NOTE_MAX - len(_CONTINUED) - 1
        pending = ([note] if note else []) + reader.remarks
        while pending and len(pending[0]) + 1 <= left:
            left -= len(pending[0]) + 1
            held.append(pending.pop(0))
        self.further.append(f"{reader.resource.name}:\n" + "\n".join(pending))
        return entry | {"note": "\n".join([*held, _CONTINUED])}
