"""Suggest a known path for an unknown one."""

from collections.abc import Iterable
from difflib import get_close_matches

PATH_LENGTH_MAX = 200
"""Longer paths get no suggestion: the comparison would cost more than the rest of the response."""
SIMILARITY_MIN = 0.7


def closest(path: str, templates: Iterable[str]) -> str | None:
    """The path template most similar to the path, such as `/cases` for `/cases/`; None if none is similar."""
    if len(path) > PATH_LENGTH_MAX:
        return None
    asked = [segment for segment in path.lower().split("/") if segment]
    # A template can end in a slash, such as `/console/`.
    split = ((template, template.strip("/").split("/")) for template in templates)
    found = [(template, parts) for template, parts in split if len(parts) == len(asked)]
    for place, segment in enumerate(asked):
        names = {parts[place] for _, parts in found if not parts[place].startswith("{")}
        name = segment if segment in names else next(iter(get_close_matches(segment, names, 1, SIMILARITY_MIN)), None)
        found = [(template, parts) for template, parts in found if parts[place] == name] or [
            (template, parts) for template, parts in found if parts[place].startswith("{")
        ]
    return found[0][0] if found else None
