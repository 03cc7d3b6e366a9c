"""Each screen's main act in the web console, in a real Chromium, on the real service."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from support.browser import sync_api
from support.cases import CONSULTATION, make_case
from support.console import Console
from support.fhir_in import bundle, condition, observation
from support.lifecycle import Case
from support.rows import insert
from support.tenants import MakeTenant, Tenant

# CI has a gate for them.
pytestmark = pytest.mark.slow
expect = sync_api.expect
Json = dict[str, Any]


def sign(console: Console, name: str, meaning: str) -> None:
    """Fill in the fields of a signature in the open dialog."""
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Meaning").select_option(meaning)


def test_a_person_signs_in_with_a_key_and_out_again(console: Console, tenant: Tenant) -> None:
    page = console.page
    console.open()
    page.get_by_label("API key").fill("clin_wrong")
    console.button("Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Request ")
    console.expected.add("401 /auth/whoami")

    page.get_by_label("API key").fill(tenant.api_key)
    console.button("Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.get_by_text(tenant.name, exact=True)).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage))") == []
    page.reload()
    expect(page.get_by_label("API key")).to_be_visible()

    console.sign_in(tenant.api_key, is_kept=True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    console.button("Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_the_overview_shows_state_calls_quota_and_newest_cases(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    make_case(client, tenant.key)
    console.sign_in(tenant.api_key)
    page = console.page

    main = page.get_by_role("main")
    expect(main).to_contain_text("ready")
    expect(main.get_by_role("link", name=CONSULTATION["title"])).to_be_visible()
    for title in ("Calls in the last 24 hours", "Outcomes in the last 24 hours"):
        expect(main.get_by_role("img", name=title)).to_be_visible()
    expect(main).to_contain_text("Nothing needs attention.")
    assert page.locator("footer summary").text_content().startswith("As curl")
    console.picture("overview")


def test_the_overview_costs_few_calls(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    """A free tenant has 1000 calls."""
    console.sign_in(tenant.api_key)
    console.page.wait_for_timeout(1500)

    used = client.get("/usage", headers=tenant.key).json()["used"]
    assert used <= 8


def test_cases_are_filtered_searched_paged_and_saved(
    console: Console, client: httpx.Client, tenant: Tenant, tmp_path: Path
) -> None:
    for number in range(22):
        body = {
            "title": f"Case {number}",
            "external_id": f"encounter-{number}",
            "tags": ["even", "odd"][number % 2 :][:1],
        }
        assert client.post("/cases", json=body, headers=tenant.key).status_code == 201
    case_id = make_case(client, tenant.key, is_signed=True)
    console.sign_in(tenant.api_key, "/cases?limit=20")
    page = console.page
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(20)
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(3)
    page.go_back()
    expect(rows).to_have_count(20)

    with page.expect_download() as saved:
        console.button("Download this page (NDJSON)").click()
    saved.value.save_as(tmp_path / "cases.ndjson")
    lines = [json.loads(line) for line in (tmp_path / "cases.ndjson").read_text().splitlines()]
    assert lines == client.get("/cases?limit=20", headers=tenant.key).json()["items"]

    console.open("/cases?status=final")
    expect(rows).to_have_count(1)
    page.locator("summary", has_text="Search by").click()
    page.get_by_label("Subject identifier").fill("P-10082")
    console.button("Search").click()
    expect(page.get_by_text("Searching for")).to_be_visible()
    expect(rows).to_have_count(1)
    # Nothing of the subject is in a URL, of the page or of a request.
    assert "10082" not in page.url
    console.picture("cases")
    page.get_by_role("link", name=CONSULTATION["title"]).click()
    page.wait_for_url(f"**/#/cases/{case_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Case")
    assert "Consultation" not in page.title()

    console.open("/cases?status=cancelled")
    expect(page.get_by_text("No case matches.")).to_be_visible()


def test_no_url_that_is_requested_has_what_was_searched_for(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    urls: list[str] = []
    console.page.on("request", lambda request: urls.append(request.url))
    case_id = make_case(client, tenant.key, is_signed=True)
    console.sign_in(tenant.api_key, "/cases")
    console.page.locator("summary", has_text="Search by").click()
    console.page.get_by_label("Subject identifier").fill("P-10082")
    console.button("Search").click()
    expect(console.page.get_by_text("Searching for")).to_be_visible()
    console.open(f"/cases/{case_id}")
    console.button("Show values over time").click()
    console.told("of values over time")

    assert urls and not [url for url in urls if "10082" in url or "neurology" in url]


def test_a_case_is_written_signed_amended_verified_and_voided(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/cases")
    page = console.page
    main = page.get_by_role("main")
    page.get_by_role("link", name="New case").first.click()
    console.wait()
    page.get_by_label("Title", exact=True).first.fill("Follow-up of migraine")
    page.get_by_label("Value").first.fill("P-77")
    page.get_by_label("System").first.fill("urn:example:patients")
    page.locator("[data-at='subject/name']").fill("Ada Example")
    page.locator("[data-at='author/name']").fill("Dr. Grete Beispiel")
    page.get_by_label("Plan", exact=True).fill("Sumatriptan 50 mg at onset.")
    console.picture("new")
    console.button("Create the case").click()

    expect(main).to_contain_text("Sumatriptan 50 mg at onset.")
    expect(main).to_contain_text("not signed")
    page.get_by_role("link", name="Edit", exact=True).click()
    console.wait()
    page.get_by_label("Plan", exact=True).fill("Sumatriptan 100 mg at onset.")
    console.button("Save the draft").click()
    expect(main).to_contain_text("Sumatriptan 100 mg at onset.")

    console.button("Finalize").click()
    sign(console, "Dr. Grete Beispiel", "authorship")
    console.picture("finalize")
    console.button("Finalize").click()
    console.told("Revision 1 is signed.")
    expect(main.get_by_role("region", name="Signatures of revision 1")).to_contain_text("Dr. Grete Beispiel")

    console.button("Verify").click()
    console.told("The case is valid.")
    expect(main.get_by_role("region", name="Checks")).to_contain_text("sha256")
    console.picture("verified")

    console.button("Attest").click()
    sign(console, "Prof. Karl Muster", "review")
    console.button("Attest").click()
    console.told("The signature is added.")

    console.button("Amend").click()
    page.get_by_label("Why the case is amended").fill("The dose was wrong.")
    console.button("Begin").click()
    console.told("The amendment is open.")
    page.get_by_role("link", name="Edit", exact=True).click()
    console.wait()
    page.get_by_label("Plan", exact=True).fill("Sumatriptan 25 mg at onset.")
    console.button("Save the draft").click()
    expect(main).to_contain_text("Sumatriptan 25 mg at onset.")
    page.get_by_role("link", name="Both side by side").click()
    console.wait()
    expect(main).to_contain_text("Sumatriptan 100 mg at onset.")
    expect(main).to_contain_text("Sumatriptan 25 mg at onset.")
    console.picture("beside")
    console.button("Finalize").click()
    sign(console, "Dr. Grete Beispiel", "authorship")
    console.button("Finalize").click()
    console.told("Revision 2 is signed.")

    page.get_by_role("link", name="History").click()
    console.wait()
    expect(main).to_contain_text("The dose was wrong.")
    console.open(page.url.partition("#")[2] + "?from=1&to=2")
    expect(main).to_contain_text("100")
    expect(main).to_contain_text("25")
    console.picture("history")
    page.go_back()
    page.go_back()
    console.wait()

    console.button("Void").click()
    page.get_by_label("Why the case is voided").fill("The case is about another person.")
    sign(console, "Dr. Grete Beispiel", "authorship")
    console.button("Void the case").click()
    # Nothing is done before the word is typed.
    assert page.get_by_role("dialog").count() == 1
    page.get_by_label("Type VOID to confirm").fill("VOID")
    console.button("Void the case").click()
    console.told("The case is voided.")
    expect(main).to_contain_text("entered in error")


def test_a_conflict_loses_nothing(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    case = Case(client, tenant)
    console.sign_in(tenant.api_key, f"/cases/{case.id}/edit")
    page = console.page
    main = page.get_by_role("main")
    page.get_by_label("Plan", exact=True).fill("My plan.")
    page.get_by_label("Assessment", exact=True).fill("My assessment.")
    case.patch(plan="Their plan.", history="Their history.")
    console.button("Save the draft").click()
    console.expected.add(f"412 /cases/{case.id}")

    expect(main.get_by_text("Their plan.")).to_be_visible()
    expect(main.get_by_text("My plan.")).to_be_visible()
    console.picture("conflict")
    page.get_by_role("group", name=re.compile("Plan")).get_by_label("My version").check()
    console.button("Save what I chose").click()
    page.wait_for_url(f"**/#/cases/{case.id}")
    console.wait()

    shown = case.show()
    assert (shown["plan"], shown["assessment"], shown["history"]) == ("My plan.", "My assessment.", "Their history.")


def test_an_unfinished_form_is_kept_while_another_screen_is_shown(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/cases/new")
    console.page.get_by_label("Title", exact=True).first.fill("Half written")
    console.page.get_by_role("link", name="Cases", exact=True).click()
    console.wait()
    console.open("/cases/new")

    expect(console.page.get_by_label("Title", exact=True).first).to_have_value("Half written")


def test_an_edit_keeps_every_field_that_the_form_does_not_have(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant)
    before = case.show()
    console.sign_in(tenant.api_key, f"/cases/{case.id}/edit")
    console.page.get_by_label("Plan", exact=True).fill("Rest.")
    console.button("Save the draft").click()
    console.page.wait_for_url(f"**/#/cases/{case.id}")
    console.wait()

    after = case.show()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"plan", "version", "updated_at"}


def test_an_invalid_field_is_named_where_it_is(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/cases/new")
    page = console.page
    page.get_by_label("Title", exact=True).first.fill("x")
    page.get_by_label("Birth date").fill("2026-02-30")
    page.get_by_label("Value").first.fill("P-1")
    page.get_by_label("System").first.fill("urn:example:patients")
    console.button("Create the case").click()
    console.expected.add("422 /cases")

    expect(page.get_by_label("Birth date")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Birth date")).to_be_in_viewport()
    expect(page.get_by_label("Title", exact=True).first).to_have_value("x")


def pressure(systolic: int, diastolic: int, day: str) -> Json:
    """A blood pressure as an observation of a case."""

    def part(code: str, value: int) -> Json:
        quantity = {"value": str(value), "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
        return {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "value": {"quantity": quantity}}

    return {
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9", "display": "Blood pressure panel"}]},
        "effective": {"date_time": day},
        "components": [part("8480-6", systolic), part("8462-4", diastolic)],
    }


def test_values_of_a_subjects_cases_are_drawn_over_time(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    pulse = CONSULTATION["observations"][0]
    later = pulse | {"effective": {"date_time": "2026-04-01T09:00:00Z"}, "value": {"quantity": {"value": "104"}}}
    later["value"]["quantity"] |= {key: pulse["value"]["quantity"][key] for key in ("unit", "system", "code")}
    first = Case(client, tenant, observations=[pulse, pressure(148, 92, "2026-03-02")]).reach("final")
    Case(client, tenant, observations=[later, pressure(131, 84, "2026-04-01")], diagnostic_reports=[])
    void = [pressure(333, 222, "2026-05-01")]
    Case(client, tenant, observations=void, diagnostic_reports=[]).reach("entered_in_error")
    other = {"identifiers": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-2"}]}
    Case(client, tenant, subject=other, observations=[pressure(111, 66, "2026-05-01")], diagnostic_reports=[])
    console.sign_in(tenant.api_key, f"/cases/{first.id}")
    page = console.page
    console.button("Show values over time").click()
    console.told("2 charts of values over time.")

    expect(page.get_by_role("img", name=re.compile("^Blood pressure"))).to_be_visible()
    console.picture("trends")
    chart = page.locator("chart-figure", has_text="Blood pressure")
    chart.get_by_role("button", name="Show as table").click()
    shown = chart.get_by_role("table").inner_text()
    assert all(value in shown for value in ("148", "92", "131", "84"))
    # Neither of a voided case nor of another person.
    assert not [value for value in ("333", "222", "111", "66") if value in shown]
    # What is not signed says so.
    assert "from a draft: not signed" in shown
    chart.get_by_role("button", name="Show as chart").click()
    expect(page.get_by_role("img", name=re.compile("^Blood pressure"))).to_be_visible()


def test_what_must_not_be_misread_is_said_in_words(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    penicillin = {"kind": "request", "do_not_perform": True, "medication": {"text": "Penicillin V"}}
    case = Case(
        client,
        tenant,
        conditions=[{"code": {"text": "Meningitis"}, "verification_status": "refuted"}],
        observations=[pressure(300, 20, "2026-03-02") | {"status": "entered_in_error"}],
        medications=[penicillin],
        immunizations=[{"vaccine_code": {"text": "Influenza"}, "status": "not_done"}],
        diagnostic_reports=[],
    ).reach("final")
    console.sign_in(tenant.api_key, f"/cases/{case.id}")
    page = console.page
    main = page.get_by_role("main")

    def row(name: str) -> Any:
        return main.get_by_role("row", name=re.compile(name))

    expect(row("Meningitis")).to_contain_text("Refuted: ruled out")
    expect(row("Blood pressure panel")).to_contain_text("Entered in error: do not use")
    expect(row("Penicillin V")).to_contain_text("Do NOT give")
    expect(row("Influenza")).to_contain_text("Not given")
    console.picture("words")
    case.amend()
    console.open(f"/cases/{case.id}/edit")
    for name in ("Meningitis (refuted)", "300 mmHg / 20 mmHg (entered in error)", "Not to be given: Penicillin V"):
        expect(main.locator("summary", has_text=name)).to_be_visible()

    case.void()
    console.open(f"/cases/{case.id}")
    expect(main.locator(".banner").first).to_have_text("Entered in error: this case is voided. Do not use it.")
    expect(main).to_contain_text("Reason for this revision: The laboratory corrected a value.")
    console.picture("void")
    console.open(f"/cases/{case.id}?revision=1")
    expect(main).to_contain_text("The case was voided later. Do not use this revision.")


def test_entries_are_added_changed_removed_and_brought_back(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant, observations=[], diagnostic_reports=[])
    before = case.show()
    console.sign_in(tenant.api_key, f"/cases/{case.id}/edit")
    page = console.page
    page.get_by_label("Kind of observation").select_option(label="Blood pressure")
    console.button("Add an observation").click()
    values = page.locator("[data-at='observations']").get_by_label("Value", exact=True)
    values.nth(0).fill("121")
    values.nth(1).fill("78.50")
    console.button("Add a condition").click()
    added = page.locator("[data-at='conditions'] > li").last
    added.get_by_label("In words").fill("Tension headache")
    added.get_by_label("Certainty").select_option("provisional")
    console.picture("entries")
    console.button("Remove: medication 1").click()
    console.button("Undo: remove medication 1").click()
    console.button("Remove: allergy 1").click()
    console.button("Save the draft").click()
    page.wait_for_url(f"**/#/cases/{case.id}")
    console.wait()

    after = case.show()
    parts = [part["value"]["quantity"] for part in after["observations"][0]["components"]]
    assert [(part["value"], part["code"]) for part in parts] == [("121", "mm[Hg]"), ("78.50", "mm[Hg]")]
    new = {"code": {"text": "Tension headache"}, "verification_status": "provisional"}
    assert after["conditions"] == [*before["conditions"], new]
    assert (after["medications"], after["allergies"]) == (before["medications"], [])


def test_an_act_on_a_case_that_changed_meanwhile_does_nothing(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant)
    console.sign_in(tenant.api_key, f"/cases/{case.id}")
    console.button("Finalize").click()
    sign(console, "Dr. Grete Beispiel", "authorship")
    case.patch(plan="Their plan.")
    console.button("Finalize").click()
    console.expected.add(f"412 /cases/{case.id}/finalize")

    dialog = console.page.get_by_role("dialog")
    expect(dialog).to_contain_text("nothing was done")
    expect(dialog.get_by_role("alert")).to_be_in_viewport(ratio=0.9)
    assert case.show()["status"] == "draft"
    console.picture("outdated")
    console.button("Load the case again").click()
    expect(console.page.get_by_role("main")).to_contain_text("Their plan.")


def test_files_of_a_case_are_saved_as_the_service_sends_them(
    console: Console, client: httpx.Client, tenant: Tenant, tmp_path: Path
) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    console.sign_in(tenant.api_key, f"/cases/{case_id}")

    def saved(button: str) -> str:
        with console.page.expect_download() as download:
            console.button(button).click()
        download.value.save_as(tmp_path / "file")
        return (tmp_path / "file").read_text()

    verified = client.post(
        "/verify", content=saved("Download the revision"), headers={"Content-Type": "application/json"}
    )
    assert verified.json()["valid"] is True
    for button, query in (("Download as FHIR document", ""), ("Download as patient summary (IPS)", "?profile=ips")):
        document = client.get(f"/cases/{case_id}/document{query}", headers=tenant.key)
        assert saved(button) == document.text


def test_an_entry_that_is_no_json_is_named_and_nothing_is_sent(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant)
    before = case.show()
    console.sign_in(tenant.api_key, f"/cases/{case.id}/edit")
    entry = console.page.locator("[data-at='conditions'] > li").first
    entry.locator("summary").first.click()
    entry.locator("summary", has_text="As JSON").click()
    entry.get_by_label("Condition as JSON").fill('{"code": {"text": "Migraine"}, ')
    console.button("Save the draft").click()

    expect(console.page.get_by_role("alert")).to_contain_text("Nothing was sent.")
    expect(entry.get_by_label("Condition as JSON")).to_have_attribute("aria-invalid", "true")
    expect(entry.get_by_label("Condition as JSON")).to_be_in_viewport()
    console.picture("no-json")
    assert case.show() == before

    entry.get_by_label("Condition as JSON").fill('{"code": {"text": "Migraine"}, "severity": {"text": "severe"}}')
    console.button("Save the draft").click()
    console.page.wait_for_url(f"**/#/cases/{case.id}")
    assert case.show()["conditions"] == [{"code": {"text": "Migraine"}, "severity": {"text": "severe"}}]


def test_a_draft_is_cancelled_and_says_so(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    case = Case(client, tenant)
    console.sign_in(tenant.api_key, f"/cases/{case.id}")
    console.button("Cancel the draft").click()
    console.button("Go back").click()
    assert case.show()["status"] == "draft"
    console.button("Cancel the draft").click()
    console.button("Cancel the draft").click()
    console.told("The draft is cancelled.")

    expect(console.page.locator(".banner").first).to_contain_text("Do not use it.")
    assert console.page.get_by_role("button", name=re.compile("Finalize|Cancel|Void")).count() == 0


def test_without_free_calls_a_new_case_stays_in_its_form(
    console: Console, tenant: Tenant, log_calls: Callable[[Tenant, int], None]
) -> None:
    log_calls(tenant, 1001)
    console.sign_in(tenant.api_key, "/cases/new")
    page = console.page
    page.get_by_label("Title", exact=True).first.fill("One too many")
    console.button("Create the case").click()
    console.expected.add("402 /cases")

    expect(page.get_by_role("alert")).to_contain_text("What you typed stays in this form.")
    expect(page.get_by_label("Title", exact=True).first).to_have_value("One too many")
    console.open("/")
    expect(page.get_by_role("main")).to_contain_text("none left")


def test_fhir_documents_are_checked_and_then_imported_once(
    console: Console, client: httpx.Client, tenant: Tenant, tmp_path: Path
) -> None:
    careful = {"resourceType": "CarePlan", "id": "1", "status": "active", "intent": "plan"}
    identifier = {"system": "urn:ietf:rfc3986", "value": f"urn:uuid:{tenant.id}"}
    document = bundle(condition(), observation(device={"display": "Cuff"}), careful) | {"identifier": identifier}
    (tmp_path / "letter.json").write_text(json.dumps(document))
    (tmp_path / "broken.json").write_text("{")
    console.sign_in(tenant.api_key, "/import")
    page = console.page
    chooser = page.locator("input[type=file]")

    chooser.set_input_files([tmp_path / "letter.json", tmp_path / "broken.json"])
    expect(page.get_by_text("checked", exact=True)).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Letter")
    expect(main).to_contain_text("CarePlan/1")
    assert client.get("/cases", headers=tenant.key).json()["items"] == []
    console.picture("import")

    console.button("Create draft").click()
    page.get_by_role("link", name="Open the case").click()
    console.wait()
    expect(main).to_contain_text("Letter")
    assert len(client.get("/cases", headers=tenant.key).json()["items"]) == 1

    page.go_back()
    console.wait()
    console.button("Clear the list").click()
    chooser.set_input_files(tmp_path / "letter.json")
    console.button("Create draft").click()
    console.expected.add("409 /fhir/Bundle")
    expect(main).to_contain_text("imported before")
    assert len(client.get("/cases", headers=tenant.key).json()["items"]) == 1


def test_several_files_are_checked_and_imported_on_demand(
    console: Console, client: httpx.Client, tenant: Tenant, tmp_path: Path
) -> None:
    def letter(number: int, *resources: Json) -> Json:
        identifier = {"system": "urn:ietf:rfc3986", "value": f"urn:uuid:{tenant.id[:-1]}{number}"}
        return bundle(*resources) | {"identifier": identifier}

    contents = {
        "first": letter(1, condition()),
        "second": letter(2, observation()),
        "no-case": {"resourceType": "Bundle", "type": "document", "entry": []},
        "copy": letter(1, condition()),
        "patient": {"resourceType": "Patient"},
    }
    files = [tmp_path / f"{name}.json" for name in contents]
    for file, content in zip(files, contents.values(), strict=True):
        file.write_text(json.dumps(content))
    console.sign_in(tenant.api_key, "/import")
    page = console.page
    main = page.get_by_role("main")
    page.locator("input[type=file]").set_input_files(files)
    expect(main).to_contain_text("It is the same as first.json in this list.")
    expect(main).to_contain_text("It is not a Bundle of the type “document”.")

    console.button("Check 3 files (3 calls)").click()
    console.expected.add("400 /fhir/Bundle/preview")
    status = main.get_by_role("status")
    expect(status).to_have_text("5 files: 2 cannot be sent, 2 checked, 1 refused.")
    expect(main.get_by_role("alert")).to_contain_text("Request ")
    assert client.get("/cases", headers=tenant.key).json()["items"] == []
    console.button("Create all: 2 files (2 calls)").click()
    expect(status).to_have_text("5 files: 2 cannot be sent, 2 created as draft, 1 refused.")
    console.picture("import-several")
    assert len(client.get("/cases", headers=tenant.key).json()["items"]) == 2


def test_an_admin_creates_changes_rotates_and_revokes_keys(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    console.sign_in(tenant.api_key, "/keys")
    page = console.page
    main = page.get_by_role("main")
    console.button("Create key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("reporting job")
    console.button("Create").click()
    key = dialog.get_by_label("API key").input_value()
    assert client.get("/auth/whoami", headers={"X-API-Key": key}).status_code == 200
    # It cannot be closed by mistake.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_label("I have saved it").check()
    console.button("Close").click()
    row = main.get_by_role("row", name=re.compile("reporting job"))
    expect(row).to_contain_text(key[-4:])
    assert key not in page.content()

    row.get_by_role("button", name="Change").click()
    dialog.get_by_label("Label").fill("nightly job")
    console.button("Save").click()
    row = main.get_by_role("row", name=re.compile("nightly job"))
    expect(row).to_be_visible()
    console.picture("keys")

    row.get_by_role("button", name="Revoke").click()
    dialog.get_by_label(re.compile("^Type ")).fill(key[-4:])
    console.button("Revoke").click()
    expect(row).to_contain_text("revoked")
    assert client.get("/auth/whoami", headers={"X-API-Key": key}).status_code == 401

    console.button("Rotate your key").click()
    console.button("Rotate").click()
    new_key = dialog.get_by_label("API key").input_value()
    dialog.get_by_label("I have saved it").check()
    console.button("Close").click()
    console.open("/cases")
    used = client.get("/admin/api-keys", headers={"X-API-Key": new_key}).json()["items"][0]["last_used_at"]
    assert used is not None


def test_the_console_goes_on_with_a_rotated_key(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key, "/keys", is_kept=True)
    page = console.page
    console.button("Rotate your key").click()
    page.get_by_label("How long the old key stays valid").select_option(label="Not at all: it ends immediately")
    console.button("Rotate").click()
    dialog = page.get_by_role("dialog", name="Your new key")
    dialog.get_by_label("I have saved it").check()
    console.button("Close").click()

    expect(page.get_by_role("row", name=re.compile("your key"))).to_contain_text("live")
    console.open("/cases")
    expect(page.get_by_role("main")).to_contain_text("No cases yet.")
    page.reload()
    console.wait()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    assert client.get("/auth/whoami", headers=tenant.key).status_code == 401


def test_usage_is_shown_as_a_chart_a_table_and_csv(
    console: Console, client: httpx.Client, tenant: Tenant, log_calls: Callable[[Tenant, int], None], tmp_path: Path
) -> None:
    log_calls(tenant, 800)
    console.sign_in(tenant.api_key, "/usage?range=7d")
    page = console.page
    main = page.get_by_role("main")
    expect(main.get_by_role("img", name=re.compile("Calls by endpoint"))).to_be_visible()
    console.picture("usage")
    main.get_by_role("button", name="Show as table").first.click()
    expect(main.get_by_role("table").first).to_be_visible()

    with page.expect_download() as saved:
        console.button("Download CSV").click()
    saved.value.save_as(tmp_path / "usage.csv")
    lines = (tmp_path / "usage.csv").read_text().splitlines()
    assert lines[0] == "start,endpoint,calls"
    assert sum(int(line.rpartition(",")[2]) for line in lines[1:]) >= 800

    console.open("/")
    expect(page.get_by_role("main")).to_contain_text("few left")


def test_an_outcome_keeps_its_place_and_colour_when_others_are_missing(
    console: Console, operator: psycopg.Connection[Any], tenant: Tenant
) -> None:
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    rows = [{"tenant_id": tenant.id, "hour": hour, "outcome": name, "calls": 7} for name in ("429", "5xx")]
    insert(operator, "usage_outcomes", rows)
    console.sign_in(tenant.api_key, "/usage?range=24h")
    figure = console.page.locator("chart-figure", has_text="Outcomes of calls")

    names = ["Done (2xx)", "Not changed (3xx)", "Refused (4xx)", "Over a limit (429)", "Failed (5xx)"]
    expect(figure.locator(".chart-legend li")).to_have_text(names)
    colours = figure.locator("defs .chart-colour").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).fill)"
    )
    assert len(set(colours)) == len(names)
    figure.get_by_role("button", name="Show as table").click()
    row = figure.get_by_role("row", name=f"{hour:%m-%d %H}:00")
    expect(row.get_by_role("cell")).to_have_text(["0", "0", "0", "7", "7", "14"])


def test_the_access_log_is_filtered_by_key(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    case_id = make_case(client, tenant.key)
    made = client.post("/admin/api-keys", json={"label": "second"}, headers=tenant.key).json()
    client.get(f"/cases/{case_id}", headers={"X-API-Key": made["api_key"]})
    console.sign_in(tenant.api_key, f"/access-log?key={made['id']}")
    rows = console.page.locator("main tbody tr")

    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("get_case")
    console.open("/access-log")
    expect(rows).to_have_count(2)
    console.picture("access-log")
    console.open(f"/cases/{case_id}/access-log")
    expect(rows).to_have_count(2)


def test_the_access_log_is_filtered_in_a_form(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    case_id = make_case(client, tenant.key)
    make_case(client, tenant.key)
    console.sign_in(tenant.api_key, "/access-log")
    page = console.page
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(2)
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Case id").fill(case_id)
    console.button("Apply").click()
    expect(rows).to_have_count(1)
    page.get_by_label("To", exact=True).fill("2001-01-01")
    console.button("Apply").click()
    expect(page.get_by_text("No entry matches.")).to_be_visible()
    page.get_by_role("link", name="Clear filter").click()
    expect(rows).to_have_count(2)


def test_a_subject_is_erased_after_the_word_was_typed(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    console.sign_in(tenant.api_key, f"/cases/{case_id}")
    page = console.page
    main = page.get_by_role("main")
    expect(main).to_contain_text(CONSULTATION["subject"]["name"])
    console.button("Erase the subject").click()
    page.get_by_role("dialog").get_by_label("History").check()
    console.picture("erase")
    page.get_by_label("Type ERASE to confirm").fill("ERASE")
    console.button("Erase").click()
    console.told("The subject is erased.")

    expect(main).not_to_contain_text(CONSULTATION["subject"]["name"])
    expect(main.get_by_text("Erased on request. The signature stays valid.").first).to_be_visible()
    console.picture("erased")
    console.button("Verify").click()
    console.told("The case is valid.")


def test_a_user_sees_and_does_what_its_role_allows(
    console: Console, client: httpx.Client, make_tenant: MakeTenant
) -> None:
    admin = make_tenant()
    made = client.post("/admin/api-keys", json={"label": "ward"}, headers=admin.key).json()
    case_id = make_case(client, admin.key, is_signed=True)
    console.sign_in(made["api_key"])
    page = console.page
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(
        ["Overview", "Cases", "Import", "Keys"]
    )
    expect(page.get_by_role("main")).not_to_contain_text("403")
    console.picture("user")
    console.open(f"/cases/{case_id}")
    expect(page.get_by_role("button", name="Amend")).to_be_visible()
    for hidden in ("Erase the subject", "Access log"):
        assert page.get_by_text(hidden, exact=True).count() == 0
    console.open("/keys")
    expect(page.get_by_role("main")).to_contain_text("ward")
    assert page.get_by_role("button", name="Create key").count() == 0
    for path, request in (
        ("/usage", "/admin/usage"),
        ("/access-log", "/admin/access-log"),
        (f"/cases/{case_id}/access-log", f"/cases/{case_id}/access-log"),
    ):
        console.open(path)
        expect(page.get_by_role("main")).to_contain_text(re.compile("role"))
        console.expected |= {f"403 {request}", "403 /admin/usage/timeseries", "403 /admin/usage/outcomes"}


@pytest.mark.parametrize("scopes", [["read"], ["write"], ["import"], ["export"]])
def test_a_key_with_one_scope_meets_no_error(
    console: Console, client: httpx.Client, tenant: Tenant, scopes: list[str]
) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    body = {"label": "narrow", "scopes": scopes}
    made = client.post("/admin/api-keys", json=body, headers=tenant.key).json()
    console.sign_in(made["api_key"])
    page = console.page

    names = page.get_by_role("navigation", name="Main").get_by_role("link").all_text_contents()
    for name in names:
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
        console.wait()
        assert page.get_by_role("alert").count() == 0, name
    if scopes == ["read"]:
        console.open(f"/cases/{case_id}")
        assert page.get_by_role("button", name=re.compile("Amend|Attest|Void|Erase")).count() == 0
