"""The sections of a Composition as the texts of a case."""

import re
from collections.abc import Iterator
from typing import Any

from clincore.records.fhir.datatypes import shown
from clincore.records.fhir.reading import datatypes as of
from clincore.records.fhir.reading.context import Context
from clincore.records.fhir.reading.element import Element, Json, Resource, absent_reason, held_exactly
from clincore.records.fhir.reading.narrative import plain_text, unescaped
from clincore.records.fhir.reading.report import Row
from clincore.records.fhir.reading.words import cut, words
from clincore.records.fhir.vocabulary import LOINC, SECTION, SECTIONS

SECTIONS_MAX = 30
TEXT_MAX = 20_000
TEXTS = ("reason", "history", "assessment", "plan")
_BY_CODE = {SECTIONS[field][1]: field for field in TEXTS}
_TAGS = re.compile(r"<[^<>]*>")
_TITLE_MAX = 250
_DEPTH_MAX = 8


class Sections:
    """The four free-text sections and the other sections of one case."""

    def __init__(self, *, is_own: bool = False) -> None:
        """`is_own`: ClinCore wrote the document, so its own sections say what they are."""
        self._is_own = is_own
        self.texts: dict[str, str] = {}
        self.others: list[Json] = []
        self.rows: list[Row] = []
        self._known: dict[int, set[str]] = {}

    def add(self, title: str, text: str, path: str, **fields: Any) -> None:
        """Add a section, in parts if its text is too long, or refuse what does not fit into the case."""
        for number, part in enumerate(split(text)):
            if len(self.others) == SECTIONS_MAX:
                reason = f"a case holds at most {SECTIONS_MAX} other sections of {TEXT_MAX} characters"
                self.rows.append(Row("Composition", path, "refused", reason))
                return
            suffix = f" ({number + 1})" if number else ""
            named = cut(title, _TITLE_MAX - len(suffix)) + suffix
            self.others.append({"title": named, "text": part, **(fields if number == 0 else {})})

    def read(self, composition: Element, context: Context) -> None:
        """Read the sections of a Composition."""
        place = f"{composition.reader.resource.path}.section"
        self._read(composition, context, path=place, above="", about="", depth=0)

    def _read(self, parent: Element, context: Context, *, path: str, above: str, about: str, depth: int) -> None:
        for number, section in enumerate(parent.children("section")):
            place = f"{path}[{number}]"
            if depth == _DEPTH_MAX:
                section.remark_whole()
                continue
            title, focus = self._section(section, context, place, above, about)
            self._read(
                section, context, path=f"{place}.section", above=f"{_one_line(title)} / ", about=focus, depth=depth + 1
            )

    def _section(self, section: Element, context: Context, place: str, above: str, about: str) -> tuple[str, str]:
        """Read a section. Returns its title, and words for its focus if that is not the subject."""
        own = section.extensions(SECTION) if self._is_own else []
        field = own[0].get("valueCode") if len(own) == 1 else None
        for reference in section.children("entry"):
            # What became of the entry is said in its own line.
            if (found := context.find(reference)) is not None:
                if reference.has("display") and reference.whole["display"] in self._texts_of(found):
                    reference.take("display")
                reference.take("reference"), reference.take("type")
        if isinstance(field, str) and field in SECTIONS:
            return self._own(section, field, place), ""
        code = of.concept(section.child("code"))
        title = section.text("title") or of.said(code) or f"Section {place.rpartition('section')[2]}"
        text = _foreign_text(section)
        empty_reason = of.concept(section.child("emptyReason"))
        if (focus := section.child("focus")) is not None:
            found = context.find(focus)
            is_subject = found is not None and found is context.patient
            about = "" if is_subject else words(focus.whole, lambda one: context.named(one, section.reader.resource))
            section.reader.noted += [] if is_subject else [focus.label]
            focus.forget()
        if about:
            # Before the text, which would otherwise be read as the subject's.
            text = f"About: {about}\n{text}".strip()
        known = next((_BY_CODE[one["code"]] for one in (code or {}).get("coding", ()) if _is_known(one)), None)
        if known and known not in self.texts and not above and not empty_reason and text and not about:
            first, *rest = split(text)
            self.texts[known] = first
            for part in rest:
                self.add(f"{_one_line(title)} (continued)", part, place)
            if title != SECTIONS[known][0]:
                section.remark("title", title)
            self._remark_code(section, code, SECTIONS[known][1])
            return title, about
        if text or empty_reason or not section.whole.get("entry"):
            name = _one_line(above + title)
            if name != above + title:
                section.remark("title", title)
            if text or empty_reason or not section.whole.get("section"):
                self.add(name, text, place, **of.keep(code=code, empty_reason=empty_reason))
            elif code:
                section.remark("code", code)
        else:
            # Only references: the entries say it all, except under which title they stood.
            if above or section.whole.get("title"):
                section.remark("title", above + title)
            section.remark("code", code)
        return title, about

    def _texts_of(self, resource: Resource) -> set[str]:
        if id(resource) not in self._known:
            self._known[id(resource)] = texts_in(resource.value)
        return self._known[id(resource)]

    def _remark_code(self, section: Element, code: Json | None, known: str | None) -> None:
        if code != {"coding": [{"system": LOINC, "code": known}]}:
            section.remark("code", code)

    def _own(self, section: Element, field: str, place: str) -> str:
        """A section that ClinCore wrote."""
        title = SECTIONS[field][0]
        extensions = section.whole.get("extension")
        if absent_reason({"extension": extensions}) == "masked":
            self.rows.append(Row("Composition", place, "noted", f"{field} was erased in the source"))
        elif field in TEXTS:
            self.texts.setdefault(field, own_text(section))
        elif field == "other_sections":
            made = of.keep(
                title=section.take("title"),
                code=_own_code(section),
                empty_reason=of.concept(section.child("emptyReason")),
            )
            self.others.append({"title": "", **made, "text": own_text(section)})
        section.forget()
        return title


def texts_in(value: Any) -> set[str]:
    """All strings in a value."""
    found: set[str] = set()
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            found.add(one)
        elif isinstance(one, list | dict):
            pending += one.values() if isinstance(one, dict) else one
    return found


def split(text: str) -> Iterator[str]:
    """The text in parts that a section holds, cut at the end of a line or word where there is one."""
    start = 0
    while len(text) - start > TEXT_MAX:
        end = start + TEXT_MAX
        cut = max(text.rfind("\n", start, end), text.rfind(" ", end - 500, end)) + 1
        cut = cut if cut - start > TEXT_MAX // 2 else end
        yield text[start:cut]
        start = cut
    yield text[start:]


def own_text(section: Element) -> str:
    """The text of a section that ClinCore wrote: all text of its XHTML, as it is."""
    narrative = section.whole.get("text")
    div = narrative.get("div") if isinstance(narrative, dict) else None
    text = unescaped(_TAGS.sub("", div)) if isinstance(div, str) else ""
    held = held_exactly(narrative)
    if isinstance(held, str) and (shown(held) == text or (not held.strip() and text.startswith("Empty"))):
        return held
    return text


def _own_code(section: Element) -> Json | None:
    """The code of another section. A summary can have another one, which it requires."""
    whole = section.whole.get("code", {})
    held = held_exactly(whole)
    return held if isinstance(held, dict) and set(whole) == {"extension", "text"} else of.concept(section.child("code"))


def _foreign_text(section: Element) -> str:
    narrative = section.child("text")
    if narrative is None:
        return ""
    div = narrative.text("div")
    narrative.take("status")
    return plain_text(div) if div else ""


def _is_known(coding: Json) -> bool:
    return coding["system"] == LOINC and coding["code"] in _BY_CODE


def _one_line(title: str) -> str:
    return cut(" ".join(title.split()) or "Section", _TITLE_MAX)
