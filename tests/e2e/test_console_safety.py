"""What the web console must never do: show another tenant's data, run stored text, reach another host."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.browser import sync_api
from support.cases import CONSULTATION, make_case
from support.console import Console
from support.fhir_in import bundle, condition
from support.lifecycle import Case
from support.tenants import MakeTenant, Tenant

# CI has a gate for them.
pytestmark = pytest.mark.slow
expect = sync_api.expect

SCRIPT = '<script>window.injected = 1</script><img src=x onerror="window.injected = 1">'
ARABIC = "صداع نصفي"
MERGE = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}


# Properties that have a form of their own, or a list of allowed values, where they hold no object.
FIXED = {
    "system",
    "code",
    "value",
    "birth_date",
    "gender",
    "date_time",
    "start",
    "end",
    "kind",
    "status",
    "clinical_status",
    "verification_status",
    "type",
    "id",
    "criticality",
    "intent",
    "severity",
    "url",
    "hash",
    "content_type",
    "categories",
    "results",
    "unit",
    "period",
    "frequency",
    "recorded_date",
    "issued",
}


def with_text(value: Any, text: str) -> Any:
    """The value with the text in each text that people write."""
    if isinstance(value, dict):
        return {
            name: part if name in FIXED and not is_nested(part) else with_text(part, text)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [with_text(part, text) for part in value]
    return text if isinstance(value, str) else value


def is_nested(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value))


@pytest.mark.parametrize("text", [SCRIPT, ARABIC], ids=["script", "right-to-left"])
def test_stored_text_is_shown_as_text_in_every_field(
    console: Console, client: httpx.Client, tenant: Tenant, text: str
) -> None:
    body = with_text(CONSULTATION, text)
    body |= {"title": text, "external_id": text, "tags": [text[:60]], "metadata": {"ward": text, text: "3"}}
    body |= {"other_sections": [{"title": text, "text": text}]}
    body["documents"] = [{"title": text, "url": f"javascript:window.injected=1//{n}"} for n in range(2)]
    created = client.post("/cases", json=body, headers=tenant.key)
    assert created.status_code == 201, created.text
    case_id = created.json()["id"]
    client.post("/admin/api-keys", json={"label": text}, headers=tenant.key)
    console.sign_in(tenant.api_key)
    page = console.page
    for path in ("/", "/cases", f"/cases/{case_id}", f"/cases/{case_id}/edit", "/keys", "/access-log"):
        console.open(path)
        if path not in ("/access-log", f"/cases/{case_id}/edit"):
            assert text in page.get_by_role("main").text_content(), path

    signing = {"signer": {"name": text, "role": text}, "meaning": "authorship"}
    assert client.post(f"/cases/{case_id}/finalize", json=signing, headers=tenant.key | {"If-Match": "*"}).is_success
    assert client.post(f"/cases/{case_id}/amend", json={"reason": text}, headers=tenant.key).is_success
    patched = client.patch(f"/cases/{case_id}", content=b'{"plan": "Rest."}', headers=tenant.key | MERGE)
    assert patched.status_code == 200, patched.text
    for path in (f"/cases/{case_id}?show=both", f"/cases/{case_id}/history?from=1&to=draft"):
        console.open(path)
        assert text in page.get_by_role("main").text_content(), path
        links = page.locator("main a").evaluate_all("links => links.map((link) => link.protocol)")
        assert set(links) == {"http:"}, path
    if text == ARABIC:
        direction = "element => getComputedStyle(element).direction"
        console.open("/cases")
        assert page.get_by_role("link", name=ARABIC).first.evaluate(direction) == "rtl"
        console.open(f"/cases/{case_id}")
        assert page.locator(".narrative").first.evaluate(direction) == "rtl"
        console.picture("right-to-left")
    assert page.evaluate("window.injected") is None


def test_the_case_of_another_tenant_is_one_that_never_existed(
    console: Console, client: httpx.Client, make_tenant: MakeTenant
) -> None:
    mine, other = make_tenant(), make_tenant()
    case_id = make_case(client, other.key, is_signed=True)
    unknown = "3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11"
    console.sign_in(mine.api_key)
    page = console.page

    def shown(path: str) -> str:
        console.open(path)
        text = page.get_by_role("main").inner_text()
        return re.sub(r"[0-9a-f-]{36}", "ID", text)

    for rest in ("", "/edit", "/history", "/history?from=1&to=2", "/access-log", "?revision=1", "?show=both"):
        assert shown(f"/cases/{case_id}{rest}") == shown(f"/cases/{unknown}{rest}")
        assert "404" in page.get_by_role("main").inner_text() or "no draft" in page.get_by_role("main").inner_text()
    console.expected |= {refused for refused in console.refused if refused.startswith("404 /cases/")}
    console.open(f"/access-log?key={other.key_id}&case={case_id}")
    assert CONSULTATION["title"] not in page.content()
    assert page.locator("main tbody tr").count() == 0


def test_a_key_that_was_revoked_leads_back_to_signing_in(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    made = client.post("/admin/api-keys", json={"label": "short"}, headers=tenant.key).json()
    console.sign_in(made["api_key"], is_kept=True)
    assert client.post(f"/admin/api-keys/revoke/{made['id']}", headers=tenant.key).is_success
    console.page.get_by_role("link", name="Cases", exact=True).click()
    console.expected.add("401 /cases")

    expect(console.page.get_by_label("API key")).to_be_visible()
    expect(console.page.get_by_role("alert")).to_contain_text("(401)")
    assert console.page.evaluate("Object.keys(sessionStorage)") == []


def test_the_policy_blocks_inline_scripts_parsed_html_and_other_hosts(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key)
    page = console.page
    blocked = page.evaluate(
        """() => {
            const script = document.createElement("script");
            try { script.textContent = "window.injected = 1"; document.body.append(script); } catch {}
            try { document.body.innerHTML = "<b>x</b>"; } catch (error) { return error.name; }
            return "nothing";
        }"""
    )
    assert blocked == "TypeError"
    assert page.evaluate("fetch('http://127.0.0.2:9/').catch(() => 'refused')") == "refused"
    assert page.evaluate("window.injected") is None
    directives = {violation.split()[0] for violation in console.violations}
    assert {"require-trusted-types-for", "connect-src"} <= directives
    # They are the point of this test.
    console.errors.clear()
    page.evaluate("window.violations = []")


def test_nothing_is_requested_while_the_person_does_nothing(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    """Each request is metered, and a free tenant has 1000."""
    case_id = make_case(client, tenant.key, is_signed=True)
    page = console.page
    page.clock.install()
    console.sign_in(tenant.api_key)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for path in ("/", "/cases", f"/cases/{case_id}", "/keys", "/usage", "/access-log"):
        console.open(path)
        page.wait_for_load_state("networkidle")
        requests.clear()
        page.clock.run_for(600_000)
        page.wait_for_timeout(200)
        assert requests == [], path


def test_a_request_is_shown_as_a_command_without_the_key(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case = Case(client, tenant)
    console.sign_in(tenant.api_key, f"/cases/{case.id}")
    console.page.locator("footer summary").click()
    command = console.page.get_by_label("Commands").text_content()

    assert f"/cases/{case.id}'" in command and '-H "X-API-Key: $CLINCORE_API_KEY"' in command
    assert tenant.api_key not in console.page.content()


def module(console: Console, name: str, function: str) -> Any:
    """What a function of JavaScript returns that is called with a module of the console."""
    return console.page.evaluate(
        f"""async (name) => {{
            const main = document.querySelector("script[type=module]").src;
            return ({function})(await import(new URL(name, main)));
        }}""",
        name,
    )


def test_metadata_may_be_named_like_what_every_object_has(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    case_id = make_case(client, tenant.key, is_signed=True)
    assert client.post(f"/cases/{case_id}/amend", json={"reason": "Labels."}, headers=tenant.key).is_success
    named = {"__proto__": "first", "constructor": "second", "toString": "third"}
    patched = client.patch(f"/cases/{case_id}", json={"metadata": named}, headers=tenant.key | MERGE)
    assert patched.status_code == 200, patched.text
    console.sign_in(tenant.api_key, f"/cases/{case_id}/history?from=1&to=draft")
    page = console.page
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="Metadata changed")).to_be_visible()
    names = [*named, *CONSULTATION.get("metadata", {})]
    for name, value in named.items():
        line = main.locator(".diff-line", has=page.get_by_text(name, exact=True))
        assert line.locator("dt").all_text_contents() == ["Added"], name
        assert line.locator("dd").all_text_contents() == [value], name

    console.open(f"/cases/{case_id}?show=draft")
    for name in names:
        expect(main).to_contain_text(f"Metadata: {name}")
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "PATCH" else None)
    console.open(f"/cases/{case_id}/edit")
    page.get_by_label("Key", exact=True).nth(names.index("constructor")).press("End")
    page.get_by_label("Plan", exact=True).fill("Rest.")
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url(f"**/#/cases/{case_id}?show=draft")
    assert sent == [{"plan": "Rest."}]
    assert page.evaluate("Object.keys(Object.prototype).concat(Object.keys(Object))") == []


def test_a_patch_has_only_what_changed(console: Console) -> None:
    console.open()
    made = module(
        console,
        "patch.js",
        """({ mergePatch, merged, changesOf, isSame }) => {
            const made = (metadata) => JSON.parse(`{"plan":"a","tags":["a"],"metadata":${metadata}}`);
            const before = made('{"__proto__":"1","x":"2"}');
            const after = made('{"__proto__":"3","x":"2"}');
            const gone = made('{"x":"2"}');
            const added = merged(gone, changesOf(gone, after, gone));
            return [
                JSON.stringify(mergePatch(before, after)),
                JSON.stringify(mergePatch(before, gone)),
                JSON.stringify(mergePatch(gone, before)),
                JSON.stringify(mergePatch(before, structuredClone(before))),
                isSame(added, after),
                {}.x === undefined && Object.getPrototypeOf(added.metadata) === Object.prototype,
            ];
        }""",
    )
    assert made == [
        '{"metadata":{"__proto__":"3"}}',
        '{"metadata":{"__proto__":null}}',
        '{"metadata":{"__proto__":"1"}}',
        "{}",
        True,
        True,
    ]


ORDERED = {
    "\u202e05 mg\u202c": "[U+202E]05 mg[U+202C]",
    "\u202d05 mg": "[U+202D]05 mg",
    # What is not closed, or closes what the page has opened, would reach into the text after it.
    "\u2069\u2067 x": "[U+2069][U+2067] x",
    "a\u202c b \u2067c\n\u2069": "a[U+202C] b [U+2067]c\n[U+2069]",
    "\u2067\u202ex\u202c\u2069": "\u2067[U+202E]x[U+202C]\u2069",
    # Right-to-left text with parts of its own, and marks, stays as it is.
    f"{ARABIC} \u2068IL-6\u2069 \u202a5 mg\u202c\u200f": f"{ARABIC} \u2068IL-6\u2069 \u202a5 mg\u202c\u200f",
}


def test_no_character_reverses_the_digits_of_a_dose(console: Console) -> None:
    console.open()

    shown = module(console, "bidi.js", f"({{ inOrder }}) => {json.dumps(list(ORDERED))}.map(inOrder)")
    assert dict(zip(ORDERED, shown, strict=True)) == ORDERED


def test_a_dose_with_an_override_is_shown_in_the_order_in_which_it_was_written(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    reversed_dose = "\u202e05 mg\u202c"
    medication = {
        "kind": "request",
        "medication": {"text": f"Digoxin \u202e{ARABIC}"},
        "dosages": [{"text": reversed_dose}],
    }
    body = {"title": f"Case \u202e{SCRIPT}", "plan": reversed_dose, "medications": [medication]}
    case_id = client.post("/cases", json=body, headers=tenant.key).json()["id"]
    console.sign_in(tenant.api_key, f"/cases/{case_id}")
    for path in (f"/cases/{case_id}", f"/cases/{case_id}/edit", "/cases", "/"):
        console.open(path)
        text = console.page.get_by_role("main").text_content()
        assert "\u202e" not in text
        assert "[U+202E]" in text, path


def test_a_field_with_an_override_says_the_order_in_which_it_was_written(
    console: Console, client: httpx.Client, tenant: Tenant
) -> None:
    medication = {"kind": "request", "medication": {"text": "Digoxin"}, "dosages": [{"text": "\u202e05 mg\u202c"}]}
    case_id = client.post("/cases", json={"title": "Dose", "medications": [medication]}, headers=tenant.key).json()[
        "id"
    ]
    console.sign_in(tenant.api_key, f"/cases/{case_id}/edit")
    page = console.page
    page.locator("summary", has_text="Digoxin").click()
    dose, plan = page.get_by_label("Dosage", exact=True), page.get_by_label("Plan", exact=True)

    expect(dose).to_have_value("\u202e05 mg\u202c")
    expect(dose).to_have_accessible_description("In the order in which it was written: [U+202E]05 mg[U+202C]")
    expect(plan).to_have_accessible_description("")
    plan.fill("\u202d05 mg")
    expect(plan).to_have_accessible_description("In the order in which it was written: [U+202D]05 mg")
    plan.fill("50 mg")
    expect(plan).to_have_accessible_description("")


def test_another_session_sees_nothing_of_the_one_before(
    console: Console, client: httpx.Client, make_tenant: MakeTenant, tmp_path: Path
) -> None:
    mine, other = make_tenant(), make_tenant()
    case_id = make_case(client, mine.key, is_signed=True)
    made = client.post("/admin/api-keys", json={"label": "ward"}, headers=mine.key).json()
    (tmp_path / "letter-of-ada.json").write_text("{}")
    console.sign_in(made["api_key"], "/cases/new", is_kept=True)
    page = console.page
    page.get_by_label("Title", exact=True).first.fill("Half written about Ada")
    page.get_by_role("link", name="Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(tmp_path / "letter-of-ada.json")
    expect(page.get_by_text("letter-of-ada.json")).to_be_visible()
    page.get_by_role("link", name="Cases", exact=True).click()
    page.locator("summary", has_text="Search by").click()
    page.get_by_label("Subject identifier").fill("P-10082")
    console.button("Search").click()
    expect(page.get_by_text("Searching for")).to_be_visible()
    assert client.post(f"/admin/api-keys/revoke/{made['id']}", headers=mine.key).is_success
    traces = re.compile(f"P-10082|Half written|letter-of-ada|{re.escape(CONSULTATION['title'])}|{mine.name}|{case_id}")
    page.get_by_role("link", name=CONSULTATION["title"]).click()
    expect(page.get_by_label("API key")).to_be_visible()
    console.expected.add(f"401 /cases/{case_id}")

    assert not traces.search(page.content())
    page.get_by_label("API key").fill(other.api_key)
    console.button("Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    console.expected.add(f"404 /cases/{case_id}")
    for path in ("/cases/new", "/cases?search=on", "/import", "/", "/cases"):
        # Without a new page load, which would empty the memory.
        page.evaluate("hash => { location.hash = hash; }", f"#{path}")
        page.locator("main[aria-busy]").wait_for(state="detached")
        console.wait()
        content = page.content() + "".join(
            page.locator("input, textarea").evaluate_all("all => all.map((one) => one.value)")
        )
        assert not traces.search(content.replace(other.name, "")), path


def test_a_crafted_link_asks_the_api_for_nothing_else(console: Console, tenant: Tenant) -> None:
    console.sign_in(tenant.api_key)
    requests: list[str] = []
    console.page.on("request", lambda request: requests.append(request.url) if "/console/" not in request.url else None)
    for path in (
        "/cases/..",
        "/cases/%2e%2e/edit",
        "/cases/../history",
        "/cases/x%2F..%2Fusage",
        "/__proto__",
        "/cases/%",
    ):
        console.open(path)
        expect(console.page.get_by_role("heading", level=1)).to_have_text("Not found")
    assert [url for url in requests if not url.endswith("/auth/whoami")] == []


def test_numbers_keep_their_digits_everywhere(console: Console, client: httpx.Client, tenant: Tenant) -> None:
    def measured(value: str, time: str) -> dict[str, Any]:
        unit = {"unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
        return {
            "status": "final",
            "code": {"text": "Potassium"},
            "value": {"quantity": {"value": value, **unit}},
            "effective": {"date_time": time},
            "reference_ranges": [{"low": {"value": "3.5000000", **unit}, "high": {"value": "5.10", **unit}}],
        }

    long = "12345678901234567890.1234567890"
    values = ["4.10", "100.00", long]
    observations = [measured(value, f"2026-03-0{day + 1}") for day, value in enumerate(values)]
    made = client.post("/cases", json={"title": "Digits", "observations": observations}, headers=tenant.key)
    assert made.status_code == 201, made.text
    case_id = made.json()["id"]
    console.sign_in(tenant.api_key, f"/cases/{case_id}")
    page = console.page
    main = page.get_by_role("main")
    for value in values:
        expect(main.get_by_role("cell", name=f"{value} mmol/L", exact=True)).to_be_visible()
    expect(main.locator(".chart-legend")).to_contain_text("3.5000000 to 5.10 mmol/L")
    page.get_by_role("button", name="Show as table").click()
    table = main.get_by_role("table").last
    for value in values:
        expect(table).to_contain_text(f"{value} mmol/L")

    console.open(f"/cases/{case_id}/edit")
    page.get_by_text("Potassium: 4.10 mmol/L").click()
    page.get_by_label("Value", exact=True).last.fill("4.20")
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "PATCH" else None)
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url(f"**/#/cases/{case_id}")
    observations[0]["value"]["quantity"]["value"] = "4.20"
    assert sent == [{"observations": observations}]


def test_a_document_to_import_is_shown_as_text(console: Console, tenant: Tenant, tmp_path: Path) -> None:
    document = bundle(condition(code={"text": SCRIPT}), {"resourceType": "CarePlan", "id": "1"})
    document["entry"][0]["resource"]["title"] = SCRIPT
    name = "<img src=x onerror='window.injected=1'>.json"
    (tmp_path / name).write_text(json.dumps(document))
    console.sign_in(tenant.api_key, "/import")
    page = console.page
    page.locator("input[type=file]").set_input_files(tmp_path / name)
    expect(page.get_by_text("checked", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(SCRIPT)
    assert page.evaluate("window.injected") is None
