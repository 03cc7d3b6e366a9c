"""What has no field and no note of its own: a section of the case with further details."""

from collections.abc import Iterable

from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Resource
from clincore.records.fhir.reading.report import Row, refused, row_of
from clincore.records.fhir.reading.sections import TEXT_MAX, Sections

TITLE = "Further details"


class Further:
    """The texts of one case."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, name: str, remarks: list[str]) -> None:
        if remarks:
            self.texts.append(f"{name}:\n" + "\n".join(remarks))

    def add_around(self, resources: Iterable[Resource], context: Context, rows: list[Row]) -> None:
        """The words and lines of the resources that were read for the entries, such as their people."""
        for resource in resources:
            around = context.around.get(id(resource))
            if around is not None and around.refused is not None:
                rows.append(refused(resource, around.refused))
            elif around is not None and around.reader is not None:
                rows.append(row_of(resource, around.reader, place=f"the section {TITLE}"))
                self.add(resource.name, around.reader.remarks)
            elif id(resource) in context.used and resource.type == "Medication":
                rows.append(Row(resource.name, resource.path, "kept", "in the entries that refer to it"))

    def write(self, sections: Sections, path: str) -> None:
        """Add the texts as sections, each as long as it can be."""
        pending = ""
        for text in self.texts:
            if pending and len(pending) + len(text) + 2 > TEXT_MAX:
                sections.add(TITLE, pending, path)
                pending = ""
            pending = f"{pending}\n\n{text}" if pending else text
        if pending:
            sections.add(TITLE, pending, path)
