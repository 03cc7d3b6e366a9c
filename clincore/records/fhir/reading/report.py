"""What became of each resource."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from clincore.records.fhir.reading.element import Reader, Resource

Outcome = Literal["kept", "noted", "refused"]

OUTCOMES = "urn:clincore:import"
"""The code system of outcomes in an OperationOutcome."""

_MEANS: Mapping[Outcome, str] = {
    "kept": "Fields of the case hold the whole resource",
    "noted": "Some of the resource is in words",
    "refused": "The case does not have the resource",
}

_NAMES_MAX = 20
_NAME_MAX = 60


class Unreadable(Exception):
    """Nothing can be made of the input. The reason has no clinical text."""

    def __init__(self, reason: str, path: str = "Bundle") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        """The place, as a path of FHIRPath."""


class Row(NamedTuple):
    """A line of the report."""

    resource: str
    """Type and id, such as `Condition/4711`."""
    path: str
    """The place in the input, such as `Bundle.entry[3].resource`."""
    outcome: Outcome
    """`kept`: fields of the case hold it. `noted`: some of it is in words. `refused`: the case does not have it."""
    reason: str | None = None
    """What is in words, or why it was refused. Names of elements only, no clinical text."""
    entry: str | None = None
    """The entry of the case that it became, such as `conditions[0]`; not part of the report."""

    def shown(self) -> dict[str, str | None]:
        """The line as the contract's `ImportLine`."""
        return {"resource": self.resource, "path": self.path, "outcome": self.outcome, "reason": self.reason}

    def issue(self) -> dict[str, Any]:
        """The line as an issue of an OperationOutcome of R4.

        The request succeeds, so nothing is an `error`, which FHIR defines as making it fail; a `warning` is what was
        done in another way than desired (hl7.org/fhir/R4/valueset-issue-severity.html).
        """
        means, is_kept = _MEANS[self.outcome], self.outcome == "kept"
        is_in_bundle = self.path.startswith("Bundle")
        return {
            "severity": "information" if is_kept else "warning",
            "code": "informational" if is_kept else "processing",
            "details": {
                "coding": [{"system": OUTCOMES, "code": self.outcome, "display": means}],
                "text": self.reason or means,
            },
            "diagnostics": self.resource if is_in_bundle else f"{self.resource}: {self.path} of the case",
            **({"expression": [self.path]} if is_in_bundle else {}),
        }


class Reading(NamedTuple):
    """A case as the contract's `CaseInput`, or None, and what became of the resources that were read for it."""

    case: dict[str, Any] | None
    rows: list[Row]


def row_of(resource: Resource, reader: Reader, *, place: str = "the note") -> Row:
    """The line of a resource that was read."""
    reasons = []
    if reader.noted:
        reasons.append(f"in words in {place}: {_listed(reader.noted)}")
    if reader.lost:
        reasons.append(f"not kept: {_listed(reader.lost)}")
    return Row(resource.name, resource.path, "noted" if reasons else "kept", "; ".join(reasons) or None)


_AROUND = {"Practitioner", "PractitionerRole", "Organization", "Patient", "Medication", "RelatedPerson", "Encounter"}


def unused(kind: str) -> str:
    """Why a resource is refused that no case has."""
    return "no field of the case refers to it" if kind in _AROUND else "a case has no place for it"


def refused(resource: Resource, reason: str) -> Row:
    return Row(resource.name, resource.path, "refused", reason[:500])


def _listed(names: Sequence[str]) -> str:
    once = list(dict.fromkeys(name[:_NAME_MAX] for name in names))
    more = f" and {len(once) - _NAMES_MAX} more" if len(once) > _NAMES_MAX else ""
    return ", ".join(once[:_NAMES_MAX]) + more
