"""`clincore cases`: list, show and verify."""

import json
import re
from pathlib import Path
from typing import Any

import httpx

from support.cases import make_case
from support.cli import as_tenant
from support.commands import run
from support.service import Service
from support.tenants import MakeTenant, Tenant


class TestCases:
    def test_lists_follow_pages_up_to_the_limit(self, service: Service, client: httpx.Client, tenant: Tenant) -> None:
        for number in range(105):
            client.post("/cases", json={"title": f"case {number}"}, headers=tenant.key)
        clincore = ("clincore", "cases", "list", "--json", "--limit")

        for limit, shown in ((104, 104), (1000, 105)):
            listed = json.loads(run(*clincore, str(limit), **as_tenant(service, tenant)).stdout)["items"]
            assert [one["title"] for one in listed] == [f"case {104 - number}" for number in range(shown)]

    def test_show_names_the_signers_and_the_content(self, service: Service, admin: Tenant) -> None:
        listed = json.loads(run("clincore", "cases", "list", "--json", **as_tenant(service, admin)).stdout)["items"]
        (signed,) = [case["id"] for case in listed if case["status"] == "final"]

        shown = run("clincore", "cases", "show", signed, **as_tenant(service, admin)).stdout
        as_json = json.loads(run("clincore", "cases", "show", signed, "--json", **as_tenant(service, admin)).stdout)

        assert as_json["id"] == signed
        assert as_json["title"] in shown and as_json["plan"] in shown
        assert re.search(r"revision 1 by .+ \(authorship\), 2", shown)

    def test_a_case_that_has_ended_is_found_by_its_external_id(
        self, service: Service, client: httpx.Client, tenant: Tenant
    ) -> None:
        def show() -> Any:
            return json.loads(run("clincore", "cases", "show", "e-1", "--json", **as_tenant(service, tenant)).stdout)

        body = {"title": "case", "external_id": "e-1"}
        ended = client.post("/cases", json=body, headers=tenant.key).json()["id"]
        client.delete(f"/cases/{ended}", headers=tenant.key | {"If-Match": "*"})
        shown_alone = show()["id"]
        living = client.post("/cases", json=body, headers=tenant.key).json()["id"]

        assert shown_alone == ended
        assert show()["id"] == living

    def test_show_neither_hides_statuses_nor_changes_texts(
        self, service: Service, client: httpx.Client, tenant: Tenant
    ) -> None:
        body = {
            "title": "case",
            "subject": {"identifiers": [{"system": "urn:example:patients", "value": "P_1"}], "name": "A"},
            "allergies": [{"code": {"text": "Penicillin"}, "verification_status": "refuted"}],
            "observations": [
                {"code": {"text": "Pregnant"}, "status": "entered_in_error", "value": {"boolean": False}, "note": "a_b"}
            ],
        }
        created = client.post("/cases", json=body, headers=tenant.key)
        assert created.status_code == 201, created.text

        shown = run("clincore", "cases", "show", created.json()["id"], **as_tenant(service, tenant)).stdout

        assert "A, P_1" in shown
        assert "- Penicillin, refuted\n" in shown
        assert "- Pregnant false, entered in error, a_b\n" in shown

    def test_verify_trusts_no_other_keys_than_those_in_the_given_file(
        self, service: Service, client: httpx.Client, admin: Tenant, own_folder: Path
    ) -> None:
        cases = client.get("/cases", params={"status": "final"}, headers=admin.key).json()["items"]
        (own_folder / "jwks.json").write_text('{"keys": []}')
        verify = ("clincore", "cases", "verify", cases[0]["id"])

        valid = run(*verify, **as_tenant(service, admin))
        untrusted = run(*verify, "--jwks", str(own_folder / "jwks.json"), **as_tenant(service, admin))

        assert (valid.returncode, valid.stdout.splitlines()[-1]) == (0, "VALID")
        assert (untrusted.returncode, untrusted.stdout.splitlines()[-1]) == (1, "NOT VALID")

    def test_verify_finds_a_revision_that_was_tampered_with(
        self, service: Service, client: httpx.Client, make_tenant: MakeTenant, operator: Any
    ) -> None:
        tenant = make_tenant()
        case_id = make_case(client, tenant.key, is_signed=True)
        operator.execute("UPDATE case_revisions SET sha256 = repeat('0', 64) WHERE case_id = %s", [case_id])

        ended = run("clincore", "cases", "verify", str(case_id), **as_tenant(service, tenant))

        assert ended.returncode == 1
        assert "FAILED  sha256" in ended.stdout
