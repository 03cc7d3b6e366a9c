"""The content of cases over HTTP: kept as it was given, within its limits, and checked without delaying others."""

import asyncio
import time
from typing import Any

import httpx
import orjson
import psycopg
from psycopg.types.json import Jsonb

from clincore.handlers.cases import CASE_BYTES_MAX
from clincore.records import content_rules, units
from support.application import application
from support.cases import CONSULTATION, SIGNING
from support.contract import CONTRACT
from support.database import Database
from support.lifecycle import NewCase
from support.model_1 import VERSION_1, VERSION_2
from support.service import Service
from support.tenants import Tenant

Json = dict[str, Any]

CODE = {"text": "x"}
PATCH = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}


def quantity(code: str) -> Json:
    return {"code": CODE, "value": {"quantity": {"value": "1", "system": units.UCUM, "code": code}}}


def large(size: int = CASE_BYTES_MAX) -> bytes:
    """A case whose JSON has this many bytes, in thousands of objects and long texts."""
    one = quantity("mg/dL") | {
        "effective": {"period": {"start": "2019-05", "end": "2019-05-03T10:00:00+02:00"}},
        "performers": [{"name": "Dr. Grete Beispiel", "organization": {"name": "Example Hospital"}}],
        "reference_ranges": [{"low": {"value": "1"}, "high": {"value": "2"}}],
    }
    case: Json = {"title": "x", "observations": [{**one, "id": f"o-{number}", "note": "n"} for number in range(1000)]}
    room = size - len(orjson.dumps(case))
    for observation in case["observations"]:
        observation["note"] += "n" * (room // 1000)
    case["observations"][-1]["note"] += "n" * (room % 1000)
    return orjson.dumps(case)


def test_dates_are_kept_as_exact_as_they_were_given(client: httpx.Client, new_case: NewCase) -> None:
    given = {
        "subject": {
            "identifiers": [{"system": "a:b", "value": "1"}],
            "birth_date": "1984",
            "deceased": {"date_time": "2019-05"},
        },
        "encounter": {"period": {"start": "2019", "end": "2019-05-03"}},
        "conditions": [
            {"code": CODE, "onset": {"date_time": "1998"}, "recorded_date": "2019-05-03T10:00:00.100-00:00"},
            {
                "code": CODE,
                "onset": {"string": "in childhood"},
                "abatement": {"age": {"value": "34.0", "unit": "years"}},
            },
        ],
        "observations": [{"code": CODE, "value": {"time": "08:30:00.50"}}, {"code": CODE, "value": {"boolean": False}}],
    }
    case = new_case(**given, diagnostic_reports=[])

    assert {name: case.show()[name] for name in given} == given
    assert {name: case.finalize()[name] for name in given} == given
    assert {name: case.show()[name] for name in given} == given


def test_a_patch_replaces_a_choice_when_the_old_one_is_null(client: httpx.Client, new_case: NewCase) -> None:
    case = new_case()
    assert case.patch(subject={"deceased": {"boolean": True}})["subject"]["deceased"] == {"boolean": True}

    both = case.ask("PATCH", body={"subject": {"deceased": {"date_time": "2019"}}}, If_Match="*")
    none = case.ask("PATCH", body={"subject": {"deceased": {"boolean": None}}}, If_Match="*")
    other = case.patch(subject={"deceased": {"boolean": None, "date_time": "2019"}})

    for refused in (both, none):
        assert refused.status_code == 422
        detail = "must have exactly one of boolean, date_time"
        assert refused.json()["errors"] == [{"pointer": "/subject/deceased", "detail": detail}]
    assert other["subject"]["deceased"] == {"date_time": "2019"}
    assert "deceased" not in case.patch(subject={"deceased": None})["subject"]


def test_a_case_of_a_mebibyte_is_created_changed_signed_and_read_and_one_byte_more_is_refused(
    client: httpx.Client, tenant: Tenant
) -> None:
    content, headers = large(), tenant.key | {"Content-Type": "application/json"}
    limit = next(one for one in CONTRACT.operations if one.id == "create_case").definition["x-body-bytes-max"]
    assert (len(content), limit) == (CASE_BYTES_MAX, CASE_BYTES_MAX)

    created = client.post("/cases", content=content, headers=headers)
    refused = client.post("/cases", content=content + b" ", headers=headers)

    assert (created.status_code, refused.status_code) == (201, 413)
    path, given = created.headers["Location"], orjson.loads(content)["observations"]
    patch = orjson.dumps({"observations": given[:0:-1]}).ljust(CASE_BYTES_MAX)
    changed = client.patch(path, content=patch, headers=tenant.key | PATCH)
    assert (changed.status_code, changed.json()["observations"]) == (200, given[:0:-1])
    assert client.patch(path, content=patch + b" ", headers=tenant.key | PATCH).status_code == 413
    too_much = client.patch(path, json={"plan": "x" * 5000}, headers=tenant.key | PATCH)
    assert (too_much.status_code, too_much.json()["errors"][0]["pointer"]) == (422, "")
    people = {"subject": CONSULTATION["subject"], "author": CONSULTATION["author"]}
    assert client.patch(path, json=people, headers=tenant.key | PATCH).status_code == 200
    signed = client.post(f"{path}/finalize", json=SIGNING, headers=tenant.key | {"If-Match": "*"})
    assert (signed.status_code, signed.json()["observations"]) == (200, given[:0:-1])
    assert client.get(path, headers=tenant.key).json()["observations"] == given[:0:-1]
    assert client.post(f"{path}/verify-replay", headers=tenant.key).json()["valid"]


def test_a_rule_is_checked_in_the_largest_case_too(client: httpx.Client, tenant: Tenant) -> None:
    case = orjson.loads(large(CASE_BYTES_MAX - 100))
    created = client.post("/cases", json={"title": "x"}, headers=tenant.key).headers["Location"]
    case["observations"][-1] |= {"effective": {"date_time": "2019-02-30"}}

    for refused in (
        client.post("/cases", content=orjson.dumps(case), headers=tenant.key | {"Content-Type": "application/json"}),
        client.patch(created, content=orjson.dumps(case), headers=tenant.key | PATCH),
    ):
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/case-invalid")
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/observations/999/effective/date_time"]


def test_a_unit_that_ucum_does_not_have_is_named(client: httpx.Client, tenant: Tenant) -> None:
    def create(*codes: str) -> httpx.Response:
        body = {"title": "x", "observations": [quantity(code) for code in codes]}
        return client.post("/cases", json=body, headers=tenant.key)

    # The second time without the parser.
    for _ in range(2):
        assert create("mg", "mmol/mol{something}", "10*6.kg").status_code == 201
        refused = create("mg", "milligrams", "mg", "mg per day")
        assert refused.status_code == 422
        assert refused.json()["errors"] == [
            {"pointer": "/observations/1/value/quantity/code", "detail": "is no unit of UCUM: milligrams"},
            {"pointer": "/observations/3/value/quantity/code", "detail": "is no unit of UCUM: mg per day"},
        ]
    assert create(*(f"{{a{number}}}" for number in range(content_rules.UNITS_MAX))).status_code == 201
    too_many = create(*(f"{{b{number}}}" for number in range(content_rules.UNITS_MAX + 1)))
    assert (too_many.status_code, too_many.json()["errors"][0]["pointer"]) == (
        422,
        "/observations/100/value/quantity/code",
    )


def test_a_hundred_units_that_are_slow_to_parse_are_refused_at_once(client: httpx.Client, tenant: Tenant) -> None:
    """They took longer than a request may, so the answer was 503."""
    codes = ["(" * 40 + f"m{number + 1}" + ")" * 40 for number in range(content_rules.UNITS_MAX)]
    answer = client.post(
        "/cases", json={"title": "x", "observations": [quantity(code) for code in codes]}, headers=tenant.key
    )

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/case-invalid")


def test_units_that_are_slow_to_parse_take_little_cpu_of_the_event_loop(service: Service, tenant: Tenant) -> None:
    """A round with other units each time, because answers are remembered."""

    def codes(place: int) -> list[str]:
        # Nested as deep as a code can be.
        return ["(" * 40 + f"m{place * 5 + number + 1}" + ")" * 40 for number in range(5)]

    def parse(place: int) -> float:
        before = time.process_time()
        assert all(units.is_unit(code) for code in codes(place))
        return time.process_time() - before

    parse(0)
    work = min(parse(place) for place in (1, 2, 3))

    async def main() -> None:
        async with application(service.database.url) as client:
            taken = []
            for place in (4, 5, 6, 7):
                before = time.process_time()
                body = {"title": "x", "observations": [quantity(code) for code in codes(place)]}
                answer = await client.post("/cases", json=body, headers=tenant.key)
                taken.append(time.process_time() - before)
                assert answer.status_code == 201, answer.text
            # The first one starts the process.
            assert min(taken[1:]) < work / 2, (taken, work)

    asyncio.run(main())


# --- drafts that version 0.1.0 stored


def store_draft(database: Database, case_id: str, content: Json) -> None:
    with database.as_owner() as owner:
        owner.execute("UPDATE cases SET content = %s WHERE id = %s", [Jsonb(content), case_id])


def stored_draft(owner: psycopg.Connection[Any], case_id: str) -> Json:
    found = owner.execute("SELECT content FROM cases WHERE id = %s", [case_id]).fetchone()
    assert found
    return dict(found[0])


def test_a_draft_of_version_1_is_read_as_version_2_and_stays_as_it_is_until_it_is_changed(
    client: httpx.Client, new_case: NewCase, database: Database
) -> None:
    case = new_case()
    store_draft(database, case.id, VERSION_1)

    for shown in (case.show(), case.do("GET", "/draft")):
        assert {name: shown[name] for name in VERSION_2} == VERSION_2
        assert (shown["custodian"], shown["procedures"]) == (None, [])
    with database.as_owner() as owner:
        assert stored_draft(owner, case.id) == VERSION_1
        changed = case.patch(subject={"name": None}, plan="Rest.")
        assert stored_draft(owner, case.id)["model_version"] == 2
    subject = {name: value for name, value in VERSION_2["subject"].items() if name != "name"}
    expected = VERSION_2 | {"subject": subject, "plan": "Rest."}
    assert {name: changed[name] for name in VERSION_2} == expected
    found = client.get("/cases", params={"subject": "P-10082"}, headers=case.tenant.key).json()["items"]
    assert [one["id"] for one in found] == [case.id]


def test_a_draft_of_version_1_is_signed_in_version_2(new_case: NewCase, database: Database) -> None:
    case = new_case()
    store_draft(database, case.id, VERSION_1)

    signed = case.finalize()

    assert {name: signed[name] for name in VERSION_2} == VERSION_2
    assert {name: case.show()[name] for name in VERSION_2} == VERSION_2
    assert case.replay()["checks"][0]["passed"]


def test_a_period_that_version_1_did_not_check_is_refused_when_the_draft_is_signed(
    new_case: NewCase, database: Database
) -> None:
    case = new_case()
    backwards = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:59:59+01:00"}
    entry = VERSION_1["medications"][0] | {"effective": backwards}
    store_draft(database, case.id, VERSION_1 | {"medications": [entry]})

    refused = case.ask("POST", "/finalize", SIGNING, If_Match="*")

    assert case.show()["medications"][0]["effective"] == {"period": backwards}
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/case-invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/medications/0/effective/period/end"]


def test_an_erased_draft_of_version_1_has_no_subject(new_case: NewCase, database: Database) -> None:
    case = new_case()
    store_draft(database, case.id, VERSION_1)

    erased = case.do("POST", "/erase-subject", {"sections": ["plan", "conditions"]})

    assert (erased["subject"], erased["plan"], erased["conditions"]) == (None, None, [])
    assert erased["observations"] == VERSION_2["observations"]
