"""What has no field and no note of its own: a section of the case with further details."""

from clincore.records.fhir.reading.context import Context
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

    def add_around(self, context: Context, rows: list[Row]) -> None:
        """The words and lines of the resources that were read for the entries, such as their people."""
        for around in context.around.values():
            if around.refused is not None:
                rows.append(refused(around.resource, around.refused))
            elif around.reader is not None:
                rows.append(row_of(around.resource, around.reader, place=f"the section {TITLE}"))
                self.add(around.resource.name, around.reader.remarks)
        for resource in context.used.values():
            if resource.type == "Medication":
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
