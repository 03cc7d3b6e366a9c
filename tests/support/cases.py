"""Cases made from the contract's examples."""

from collections.abc import Mapping
from typing import Any

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


def replay(client: httpx.Client, path: str, key: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The last response of `verify-replay` for the case at this path, with all revisions. `valid` is of all responses.

    A response has as many as the service had time for, which a service that just started on a busy machine lacks.
    """
    revisions: list[dict[str, Any]] = []
    are_valid, after = True, 0
    while True:
        response = client.post(f"{path}/verify-replay", params={"after": after} if after else {}, headers=key)
        assert response.status_code == 200, response.text
        page: dict[str, Any] = response.json()
        revisions += page["revisions"]
        # The check `rest` fails in every response but the last.
        are_valid &= all(check["passed"] for check in page["checks"] if check["check"] != "rest")
        if page["next_after"] is None:
            are_valid &= page["valid"] and all(one["valid"] for one in revisions)
            return page | {"revisions": revisions, "valid": are_valid}
        after = page["next_after"]
