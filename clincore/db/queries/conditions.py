"""Parameters and conditions shared by several query modules."""

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_

from clincore.db.models import Case, CaseDisclosure, CaseRevision
from clincore.records import lifecycle

TENANT = bindparam("tenant_id", type_=Case.tenant_id.type)
"""The tenant, which the session fills in."""
CASE = bindparam("case_id", type_=Case.id.type)
LIMIT = bindparam("limit", type_=Integer)

IS_SHOWN = and_(
    CaseRevision.tenant_id == TENANT, CaseRevision.case_id == Case.id, CaseRevision.revision == Case.revision
)
"""The revision is the one that its case shows."""
IS_OF_SHOWN = and_(
    CaseDisclosure.tenant_id == TENANT, CaseDisclosure.case_id == Case.id, CaseDisclosure.revision == Case.revision
)
"""The Disclosure is one of that revision."""


def _is_stored_as(stored: lifecycle.Stored) -> ColumnElement[bool]:
    is_status = or_(*(Case.status == status for status in stored.statuses))
    if stored.has_draft is None:
        return is_status
    return and_(is_status, Case.content.is_not(None) if stored.has_draft else Case.content.is_(None))


IS_EDITABLE = or_(*(_is_stored_as(lifecycle.STORED[state]) for state in sorted(lifecycle.EDITABLE)))
"""The case has a draft that can be edited."""
