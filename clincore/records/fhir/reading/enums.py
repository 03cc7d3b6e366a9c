"""The contract's enums that entries of a case are read into."""

from typing import Final

CLINICAL: Final = ("active", "recurrence", "relapse", "inactive", "remission", "resolved")
VERIFICATION: Final = ("unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered_in_error")
ALLERGY_CLINICAL: Final = ("active", "inactive", "resolved")
ALLERGY_VERIFICATION: Final = ("unconfirmed", "confirmed", "refuted", "entered_in_error")
OBSERVATION: Final = (
    *("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered_in_error", "unknown"),
)
REPORT: Final = (
    *("registered", "partial", "preliminary", "final", "amended", "corrected", "appended", "cancelled"),
    *("entered_in_error", "unknown"),
)
EVENT: Final = (
    *("preparation", "in_progress", "not_done", "on_hold", "stopped", "completed", "entered_in_error", "unknown"),
)
IMMUNIZATION: Final = ("completed", "entered_in_error", "not_done")
DOCUMENT: Final = ("current", "superseded", "entered_in_error")
ENCOUNTER: Final = (
    *("planned", "arrived", "triaged", "in_progress", "onleave", "finished", "cancelled", "entered_in_error"),
    "unknown",
)
INTENT: Final = (
    *("proposal", "plan", "order", "original_order", "reflex_order", "filler_order", "instance_order", "option"),
)
EVENT_TIMING: Final = frozenset(
    (
        *("MORN", "MORN.early", "MORN.late", "NOON", "AFT", "AFT.early", "AFT.late", "EVE", "EVE.early", "EVE.late"),
        *("NIGHT", "PHS", "HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"),
    )
)
UNITS_OF_TIME: Final = frozenset(("s", "min", "h", "d", "wk", "mo", "a"))
DAYS: Final = frozenset(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
