"""The list of a case's revisions."""

from datetime import UTC, datetime, timedelta

import httpx

from support.database import Database
from support.lifecycle import REASON, REVIEW, Case, NewCase


def test_revisions_are_listed_newest_first_in_pages(new_case: NewCase) -> None:
    case = new_case().reach("amended")
    case.attest()
    case.void(REVIEW)

    whole = case.do("GET", "/revisions")
    paged, query = [], "?limit=1"
    while True:
        page = case.do("GET", f"/revisions{query}")
        paged += page["items"]
        if "next_cursor" not in page:
            break
        query = f"?limit=1&cursor={page['next_cursor']}"

    assert paged == whole["items"]
    assert [(item["revision"], item["status"], item["signatures"]) for item in paged] == [
        (3, "entered_in_error", 1),
        (2, "amended", 2),
        (1, "final", 1),
    ]
    assert [item["change_reason"] for item in paged] == [REASON["reason"], REASON["reason"], None]
    for item in paged:
        assert item["sha256"] == case.revision(item["revision"])["sha256"]


def test_pages_of_revisions_do_not_depend_on_clocks(new_case: NewCase, database: Database) -> None:
    """Two machines sign; the clock of the second is behind."""
    case = new_case().reach("amended")
    case.amend()
    case.finalize()
    with database.as_superuser() as connection:
        connection.execute(
            "UPDATE case_revisions SET created_at = %s WHERE tenant_id = %s AND case_id = %s AND revision = 2",
            [datetime.now(UTC) - timedelta(hours=1), case.tenant.id, case.id],
        )
    seen, query = [], "?limit=1"
    while query:
        page = case.do("GET", f"/revisions{query}")
        seen += [item["revision"] for item in page["items"]]
        query = f"?limit=1&cursor={page['next_cursor']}" if "next_cursor" in page else ""

    assert seen == [3, 2, 1]


def test_an_id_in_upper_case_is_the_same_id(client: httpx.Client, case: Case) -> None:
    """RFC 9562, section 4: UUIDs are read in upper or lower case."""
    case.finalize()
    revision = case.revision(1)
    in_upper_case = revision | {"case_id": case.id.upper()}

    verified = client.post("/verify", json=in_upper_case)

    assert verified.json()["valid"]
