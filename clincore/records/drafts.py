"""The stored form of a draft: the fields of the case, with the version of the model that they have.

The version is stored in the same value as the fields, so that whatever writes them decides it. Drafts of ClinCore 0.1.0
have none. No field has this name, and version 1 of the model had no other properties than its fields.
"""

from collections.abc import Collection, Mapping
from typing import Any

from clincore.records import model_1

_VERSION = "model_version"
_CURRENT = 2


def to_store(content: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of a draft with these fields, as the contract names them."""
    return {_VERSION: _CURRENT, **content}


def read(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a stored draft, in the current version of the model.

    Raises:
        ValueError: a later version of ClinCore wrote it.
    """
    content = dict(stored)
    match content.pop(_VERSION, 1):
        case 1:
            return model_1.to_version_2(content)
        case 2:
            return content
    raise ValueError("the draft has a version of the model that this version of ClinCore does not know")


def without(content: Mapping[str, Any], erased: Collection[str]) -> dict[str, Any]:
    """The fields of a draft without the erased ones. Results of reports name no observations that were erased."""
    kept = {name: value for name, value in content.items() if name not in erased}
    if "observations" in erased and kept.get("diagnostic_reports"):
        kept["diagnostic_reports"] = [
            {name: value for name, value in report.items() if name != "results"}
            for report in kept["diagnostic_reports"]
        ]
    return kept
