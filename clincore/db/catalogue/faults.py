"""The result of a check of the catalogue."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Fault:
    """One thing in the catalogue that weakens the separation of tenants."""

    culprit: str
    text: str
    remedy: str = ""
    severity: Literal["finding", "advice"] = "finding"
