"""The resources of a document Bundle that follow its Composition, and the people and organizations among them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from clincore.records.fhir.datatypes import Value, identifiers, keep, shown, text
from clincore.records.fhir.vocabulary import Json
from clincore.records.fhir.words import inline, narrative, paragraph, words


class Entries:
    """Resources with ids that derive from the case's id and their place in the case."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id
        self.url = f"urn:uuid:{case_id}"
        """The URL of the Composition."""
        self.all: list[Json] = []
        self._parties: dict[tuple[str, str], Json] = {}

    def add(self, place: str, resource: Json, content: str) -> Json:
        """Add the resource for a place in the case, with its narrative in XHTML; a Reference to it."""
        reference = self.reference(place)
        identified = {
            "resourceType": resource["resourceType"],
            "id": reference["reference"].removeprefix("urn:uuid:"),
            "text": narrative("generated", paragraph(content)),
            **resource,
        }
        self.all.append({"fullUrl": reference["reference"], "resource": identified})
        return reference

    def reference(self, place: str) -> Json:
        """A Reference to the resource for a place in the case."""
        return {"reference": f"urn:uuid:{uuid5(self.case_id, place)}"}

    def add_party(self, place: str, party: Value) -> Json:
        """A Reference to a Practitioner, an Organization, or the PractitionerRole that links them.

        `party`: the contract's `Party`, or a signer, who has one `identifier`. Equal ones share one resource.
        """
        organization, role = party.get("organization"), party.get("role")
        person = {name: party[name] for name in ("name", "identifiers") if party.get(name)}
        if party.get("identifier"):
            person["identifiers"] = [party["identifier"]]
        if organization and not person and role is None:
            return self.add_organization(f"{place}/organization", organization)
        practitioner = self._add_practitioner(place, person) if person else None
        if not organization and role is None and practitioner:
            return practitioner
        acting = keep(
            resourceType="PractitionerRole",
            practitioner=practitioner,
            organization=self.add_organization(f"{place}/organization", organization) if organization else None,
            code=[text("text", role)],
        )
        return self._once(f"{place}/role", acting, party, person.get("name"))

    def add_parties(self, place: str, parties: Sequence[Value] | None) -> list[Json]:
        """References to several parties."""
        return [self.add_party(f"{place}/{number}", party) for number, party in enumerate(parties or ())]

    def add_organization(self, place: str, value: Value) -> Json:
        """A Reference to an Organization."""
        resource = keep(
            resourceType="Organization",
            identifier=identifiers(value.get("identifiers")),
            **text("name", value.get("name")),
        )
        return self._once(place, resource, value, value.get("name"))

    def _add_practitioner(self, place: str, person: Value) -> Json:
        resource = keep(
            resourceType="Practitioner",
            identifier=identifiers(person.get("identifiers")),
            name=[text("text", person.get("name"))],
        )
        return self._once(place, resource, person, person.get("name"))

    def _once(self, place: str, resource: Json, said: Mapping[str, Any], name: str | None) -> Json:
        # The words of equal resources can differ only in blank texts.
        key = (resource["resourceType"], repr(resource))
        if key not in self._parties:
            added = self.add(place, resource, inline(words(said)))
            self._parties[key] = keep(**added, display=shown(name) if name else None)
        return self._parties[key]
