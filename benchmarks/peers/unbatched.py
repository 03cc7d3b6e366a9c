"""ClinCore without group commit: each request is admitted separately and waits for no other."""

import asyncio
from uuid import UUID, uuid4

from clincore.asgi import app
from clincore.db.queries.admission import Admission, AdmissionRequest
from clincore.deadline import Deadline
from clincore.metering.admission import AdmissionQueue, Waiting

__all__ = ["app"]


async def _admit(
    queue: AdmissionQueue, tenant_id: UUID, key_hash: str, method: str, endpoint: str, is_capped: bool
) -> Admission:
    asked = AdmissionRequest(tenant_id, key_hash, uuid4(), method, endpoint, is_capped)
    deadline = Deadline(asyncio.get_running_loop().time())
    (admitted,) = await queue._admit([Waiting(asked, deadline)], deadline)
    return admitted


AdmissionQueue.admit = _admit  # type: ignore[assignment, method-assign]
