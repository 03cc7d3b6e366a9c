"""What the service supports of FHIR R4, and documents of other systems."""

from typing import Any

import orjson

from clincore.handlers.case_document import FHIR_JSON
from clincore.handlers.case_json import Answer, Json
from clincore.handlers.document_import import case_from, preview_of
from clincore.handlers.etags import digest_of
from clincore.resources import read_contract
from clincore.security import Caller

CHANGED_ON = "2026-11-30"
"""The date of the last change of what the statement claims."""

_DOCUMENTS = {
    "http://hl7.org/fhir/StructureDefinition/Bundle": "The document of a case: GET /cases/{case_id}/document.",
    "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips": (
        "The document of a case as a patient summary: GET /cases/{case_id}/document?profile=ips."
    ),
}
"""What each kind of document is, by its profile."""

CAPABILITIES: dict[str, Any] = {
    "resourceType": "CapabilityStatement",
    "status": "active",
    "date": CHANGED_ON,
    "kind": "instance",
    "software": {"name": "ClinCore", "version": read_contract()["info"]["version"]},
    "implementation": {"description": "Clinical cases with signed revisions"},
    "fhirVersion": "4.0.1",
    "format": [FHIR_JSON, "json"],
    "document": [
        {"mode": "producer", "documentation": documentation, "profile": profile}
        for profile, documentation in _DOCUMENTS.items()
    ]
    + [
        {
            "mode": "consumer",
            "documentation": "A document of another system as a case: POST /fhir/Bundle.",
            "profile": "http://hl7.org/fhir/StructureDefinition/Bundle",
        }
    ],
}

_CONTENT = orjson.dumps(CAPABILITIES)


async def get_capabilities(media_type: str) -> tuple[bytes, int, dict[str, str]]:
    return _CONTENT, 200, {"ETag": f'"{digest_of(media_type.encode() + _CONTENT)}"', "Content-Type": media_type}


async def import_document(body: Json, content: bytes, user: Caller, media_type: str) -> Answer:
    # The numbers of `body`, which was compared with the contract, have lost their digits.
    del body
    return await case_from(content, user, media_type)


async def preview_document(body: Json, content: bytes, user: Caller, media_type: str) -> Answer:
    del body
    return await preview_of(content, user, media_type)
