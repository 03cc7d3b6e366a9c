"""Cases made from the contract's examples."""

import httpx

from support.contract import CONTRACT

CONSULTATION = CONTRACT.document["components"]["examples"]["Consultation"]["value"]
SIGNING = {"signer": {"name": "Dr. Grete Beispiel"}, "meaning": "authorship"}
# Operations on a signed case; all others take a draft.
FOR_SIGNED_CASES = {"amend_case", "void_case", "attest_case", "get_revision", "verify_replay"}


def make_case(client: httpx.Client, key: dict[str, str], *, is_signed: bool = False) -> str:
    """Create a case that is ready to be finalized, and finalize it if `is_signed`; its id."""
    created = client.post("/cases", json=CONSULTATION, headers=key)
    assert created.status_code == 201, created.text
    case_id = str(created.json()["id"])
    if is_signed:
        finalized = client.post(f"/cases/{case_id}/finalize", json=SIGNING, headers=key | {"If-Match": "*"})
        assert finalized.status_code == 200, finalized.text
    return case_id
