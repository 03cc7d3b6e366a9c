"""ClinCore without group commit: each request's admission is a call of its own, as before requests waited together."""

from clincore import security
from clincore.asgi import app
from clincore.metering import admission

__all__ = ["app"]


async def admit(tenant_id: admission.UUID, *request: object) -> admission.Admission:
    waiting = admission._Waiting(tenant_id, *request, None)  # type: ignore[arg-type, call-arg]
    (admitted,) = await admission._execute([waiting])
    return admitted


security.admit = admit  # type: ignore[assignment]
