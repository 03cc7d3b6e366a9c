"""A program that uses the generated Python client against a running service.

CLINCORE is the service's URL, BOOTSTRAP_TOKEN its token. Any exception means that the service, the contract or the
client is wrong; `mypy --strict` checks the types.
"""

import os
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias, TypeVar
from uuid import UUID, uuid4

import httpx
from clincore_client import AuthenticatedClient
from clincore_client.api.admin import create_api_key, list_api_keys, revoke_api_key
from clincore_client.api.auth import get_caller, rotate_api_key
from clincore_client.api.bootstrap import bootstrap_tenant
from clincore_client.api.cases import cancel_case, create_case, get_case, get_draft, list_cases, update_case
from clincore_client.api.fhir import import_document
from clincore_client.api.records import (
    amend_case,
    attest_case,
    erase_subject,
    finalize_case,
    get_document,
    get_jwks,
    get_revision,
    list_case_accesses,
    list_revisions,
    verify_replay,
    verify_revision,
    void_case,
)
from clincore_client.api.usage import get_quota
from clincore_client.models import (
    Amendment,
    ApiKeyInput,
    BillingProblem,
    BillingStatus,
    Case,
    CaseChange,
    CaseClinicalTime,
    CaseInput,
    CaseObservationValue,
    CaseQuantity,
    CaseStatus,
    ClinicalTime,
    Coding,
    Concept,
    Erasure,
    FhirBundle,
    Gender,
    Identifier,
    IssuedApiKey,
    Observation,
    ObservationValue,
    OperationOutcome,
    Party,
    Problem,
    Procedure,
    Quantity,
    RepeatProblem,
    RevisionToVerify,
    Role,
    Rotation,
    Section,
    SignatureMeaning,
    Signer,
    Signing,
    Subject,
    SubjectChange,
    TenantInput,
    ValidationProblem,
    Voiding,
)
from clincore_client.types import UNSET, Unset
from retries import Retrying

SERVICE = os.environ["CLINCORE"]

AnyProblem: TypeAlias = Problem | ValidationProblem | BillingProblem | RepeatProblem | OperationOutcome
Answer = TypeVar("Answer")
Refusal = TypeVar("Refusal", Problem, ValidationProblem, BillingProblem, RepeatProblem)


def good(answer: Answer | AnyProblem | None) -> Answer:
    """The response body, which must not be a problem."""
    assert answer is not None, "the contract does not document the response"
    assert not isinstance(answer, AnyProblem), answer
    return answer


def refused(answer: object, kind: type[Refusal], status: int, code: str) -> Refusal:
    """The problem document, which must have this status and code."""
    assert isinstance(answer, kind), answer
    assert (answer.status, answer.type_) == (status, f"/problems/{code}"), answer
    assert answer.title and answer.detail
    return answer


def with_key(key: str) -> AuthenticatedClient:
    """A client that sends this API key, and repeats requests until they have an answer."""
    return AuthenticatedClient(
        SERVICE,
        token=key,
        prefix="",
        auth_header_name="X-API-Key",
        timeout=httpx.Timeout(10),
        httpx_args={"transport": Retrying()},
    )


def provision() -> AuthenticatedClient:
    """A client with the first key, an admin's, of a new tenant."""
    operator = AuthenticatedClient(SERVICE, token=os.environ["BOOTSTRAP_TOKEN"])
    wanted = TenantInput(tenant_name=f"python-sdk-{uuid4()}", role=Role.ADMIN)
    made = good(bootstrap_tenant.sync(client=operator, body=wanted))
    admin = with_key(made.api_key)
    caller = good(get_caller.sync(client=admin))
    assert (caller.tenant_id, caller.tenant_name, caller.role) == (made.tenant_id, wanted.tenant_name, Role.ADMIN)
    assert caller.expires_at is None

    refused(bootstrap_tenant.sync(client=operator, body=wanted), RepeatProblem, 409, "tenant-name-taken")
    return admin


def keys(admin: AuthenticatedClient) -> None:
    """Create, list, rotate and revoke."""
    issued, lost = new_key(admin, ApiKeyInput(label="reporting job", role=Role.USER))
    first = with_key(issued.api_key)
    refused(list_api_keys.sync(client=first), Problem, 403, "role-required")

    rotated = good(rotate_api_key.sync(client=first, body=Rotation(grace_seconds=0)))
    assert (rotated.label, rotated.role) == (issued.label, issued.role)
    expect_unauthorized(first, "key-revoked")

    successor = with_key(rotated.api_key)
    assert good(get_caller.sync(client=successor)).key_id == rotated.id
    revoked = good(revoke_api_key.sync(rotated.id, client=admin))
    assert revoked.revoked_at is not None and revoked.revoked_at >= revoked.created_at
    expect_unauthorized(successor, "key-revoked")

    newest, older, *others, oldest = good(list_api_keys.sync(client=admin)).items
    assert (newest.id, older.id, oldest.revoked_at) == (rotated.id, issued.id, None)
    assert [key.id for key in others] == lost[::-1] and all(key.revoked_at for key in others)


def new_key(admin: AuthenticatedClient, wanted: ApiKeyInput) -> tuple[IssuedApiKey, list[UUID]]:
    """A new API key, and the keys whose answers were lost. They are not shown again, so they are revoked."""
    lost: list[UUID] = []
    while len(lost) < 3:
        answer = create_api_key.sync(client=admin, body=wanted)
        if not isinstance(answer, RepeatProblem) or answer.type_ != "/problems/secret-not-replayable":
            return good(answer), lost
        assert isinstance(answer.id, UUID)
        good(revoke_api_key.sync(answer.id, client=admin))
        lost.append(answer.id)
    raise AssertionError("the network loses too many answers")


def expect_unauthorized(client: AuthenticatedClient, code: str) -> None:
    """A 401 has a type, and its headers can be read."""
    response = get_caller.sync_detailed(client=client)
    problem = refused(response.parsed, Problem, 401, code)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'ApiKey realm="clincore", Bearer realm="clincore"'
    assert response.headers["X-Request-Id"] == str(problem.request_id)


NEW_CASE = CaseInput(
    title="Consultation for migraine",
    external_id="encounter-4711",
    subject=Subject(
        [Identifier("urn:oid:1.2.36.146.595.217.0.1", "P-10082")], birth_date="1984-03", gender=Gender.FEMALE
    ),
    author=Party(name="Dr. Grete Beispiel", role="Neurologist"),
    history="Two similar episodes last year.",
    observations=[
        Observation(
            code=Concept(coding=[Coding("http://loinc.org", "8867-4", display="Heart rate")]),
            value=ObservationValue(
                quantity=Quantity("72", unit="beats/min", system="http://unitsofmeasure.org", code="/min")
            ),
        )
    ],
    procedures=[Procedure(code=Concept(text="Appendectomy"), performed=ClinicalTime(date_time="1998"))],
    tags=["neurology"],
)
AUTHORSHIP = Signing(Signer("Dr. Grete Beispiel"), SignatureMeaning.AUTHORSHIP)
APPROVAL = Signing(Signer("Dr. Max Muster"), SignatureMeaning.APPROVAL)


def a_case(admin: AuthenticatedClient) -> None:
    """Create, read, change and cancel."""
    created = create_case.sync_detailed(client=admin, body=NEW_CASE)
    case = good(created.parsed)
    assert created.headers["Location"] == f"/cases/{case.id}"
    assert (created.headers["ETag"], case.version, case.status) == ('"1"', 1, CaseStatus.DRAFT)
    assert case.subject is not None
    assert (case.subject.birth_date, case.subject.gender) == ("1984-03", Gender.FEMALE)
    assert case.assessment is None and case.finalized_at is None

    read = good(get_case.sync(case.id, client=admin))
    assert read == case
    value = read.observations[0].value
    assert isinstance(value, CaseObservationValue)
    assert isinstance(value.quantity, CaseQuantity) and value.quantity.value == "72"
    performed = read.procedures[0].performed
    assert isinstance(performed, CaseClinicalTime) and performed.date_time == "1998"
    refused(create_case.sync(client=admin, body=NEW_CASE), Problem, 409, "external-id-taken")

    change = CaseChange(history=None, plan="Headache diary", subject=SubjectChange(name="Ada Example"))
    changed = good(update_case.sync(case.id, client=admin, body=change, if_match='"1"'))
    assert (changed.version, changed.history, changed.plan) == (2, None, "Headache diary")
    assert changed.subject is not None
    assert (changed.subject.name, changed.subject.gender) == ("Ada Example", Gender.FEMALE)

    late = update_case.sync_detailed(case.id, client=admin, body=CaseChange(title="Too late"), if_match='"1"')
    refused(late.parsed, Problem, 412, "precondition-failed")
    assert late.headers["ETag"] == '"2"'
    refused(cancel_case.sync(case.id, client=admin, if_match='"1"'), Problem, 412, "precondition-failed")

    assert good(cancel_case.sync(case.id, client=admin, if_match='"2"')).status is CaseStatus.CANCELLED
    ended = finalize_case.sync(case.id, client=admin, body=AUTHORSHIP, if_match='"3"')
    refused(ended, Problem, 409, "invalid-transition")


def a_signed_case(admin: AuthenticatedClient) -> None:
    """Finalize, attest, amend, erase and void; the signed revisions verify after every step. Import the document."""
    untold = good(create_case.sync(client=admin, body=CaseInput(title="Migraine")))
    early = finalize_case.sync(untold.id, client=admin, body=AUTHORSHIP, if_match='"1"')
    lacking = refused(early, ValidationProblem, 422, "case-invalid")
    assert [error.pointer for error in lacking.errors] == ["/subject/identifiers", "/author"]

    new = CaseInput.from_dict(NEW_CASE.to_dict() | {"external_id": "encounter-4712"})
    case = good(create_case.sync(client=admin, body=new))
    stale = finalize_case.sync(case.id, client=admin, body=AUTHORSHIP, if_match='"7"')
    refused(stale, Problem, 412, "precondition-failed")
    final = good(finalize_case.sync(case.id, client=admin, body=AUTHORSHIP, if_match='"1"'))
    assert final.status is CaseStatus.FINAL and final.finalized_at is not None
    late = update_case.sync(case.id, client=admin, body=CaseChange(title="Too late"), if_match="*")
    refused(late, Problem, 409, "case-finalized")
    verify(admin, final, revisions=1)

    attested = good(attest_case.sync(case.id, client=admin, body=APPROVAL))
    assert [one.meaning for one in attested.signatures] == [SignatureMeaning.AUTHORSHIP, SignatureMeaning.APPROVAL]
    assert {one.kid for one in attested.signatures} <= {key.kid for key in good(get_jwks.sync(client=admin)).keys}

    draft = good(amend_case.sync(case.id, client=admin, body=Amendment("The laboratory corrected a value.")))
    assert good(get_draft.sync(case.id, client=admin)) == draft
    edit = CaseChange(title="Corrected")
    edited = good(update_case.sync(case.id, client=admin, body=edit, if_match=f'"{draft.version}"'))
    assert good(get_case.sync(case.id, client=admin)).title == new.title
    amended = good(finalize_case.sync(case.id, client=admin, body=AUTHORSHIP, if_match=f'"{edited.version}"'))
    assert (amended.status, amended.title) == (CaseStatus.AMENDED, "Corrected")
    verify(admin, amended, revisions=2)

    document = good(get_document.sync(case.id, client=admin))
    assert (document.resource_type, document.type_) == ("Bundle", "document")
    assert document.entry[0]["resource"]["title"] == "Corrected"

    erased = good(erase_subject.sync(case.id, client=admin, body=Erasure([Section.HISTORY])))
    assert (erased.subject, erased.history) == (None, None)
    verify(admin, erased, revisions=2)

    voiding = Voiding("The case is about another person.", AUTHORSHIP.signer, AUTHORSHIP.meaning)
    voided = good(void_case.sync(case.id, client=admin, body=voiding))
    assert voided.status is CaseStatus.ENTERED_IN_ERROR
    verify(admin, voided, revisions=3)

    # A voided case no longer has its external_id, which is in the document.
    imported = good(import_document.sync(client=admin, body=FhirBundle.from_dict(document.to_dict())))
    assert (imported.case.status, imported.case.title) == (CaseStatus.DRAFT, "Corrected")
    assert imported.case.procedures == case.procedures and imported.counts.refused == 0, imported.report

    revisions = [good(get_revision.sync(case.id, number, client=admin)) for number in (1, 2, 3)]
    assert [len(revision.signatures) for revision in revisions] == [2, 1, 1]
    accesses = good(list_case_accesses.sync(case.id, client=admin)).items
    assert {"create_case", "finalize_case", "erase_subject"} <= {access.operation for access in accesses}


def verify(admin: AuthenticatedClient, case: Case, revisions: int) -> None:
    """All revisions of the case verify in the service, and the newest one as a client received it."""
    replay = good(verify_replay.sync(case.id, client=admin))
    assert replay.valid and len(replay.revisions) == revisions, replay
    newest = good(list_revisions.sync(case.id, client=admin, limit=1)).items[0]
    assert newest.revision == revisions
    shown = good(get_revision.sync(case.id, revisions, client=admin))
    # Schemas of requests are closed and those of responses open, so they have different types.
    revision = RevisionToVerify.from_dict(shown.to_dict())
    verification = good(verify_revision.sync(client=admin, body=revision))
    assert verification.valid, verification

    revision.signed = revision.signed.replace(case.title, "Another title")
    assert not good(verify_revision.sync(client=admin, body=revision)).valid


def pages(admin: AuthenticatedClient) -> None:
    """Read a list by cursor: each entry once, newest first."""
    made = [good(create_case.sync(client=admin, body=CaseInput(title=f"Visit {number}"))).id for number in range(5)]

    seen: list[UUID] = []
    cursor: str | Unset = UNSET
    while True:
        page = good(list_cases.sync(client=admin, status=CaseStatus.DRAFT, limit=2, cursor=cursor))
        seen += [summary.id for summary in page.items]
        if isinstance(page.next_cursor, Unset):
            break
        assert len(page.items) == 2
        cursor = page.next_cursor

    assert seen[:5] == made[::-1] and len(seen) == len(set(seen))


def no_doubles(admin: AuthenticatedClient) -> None:
    """Nothing was done twice or is missing, even if answers were lost."""
    page = good(list_cases.sync(client=admin, limit=100))
    assert isinstance(page.next_cursor, Unset)
    made = Counter(case.title for case in page.items)
    visits = [f"Visit {number}" for number in range(5)]
    assert made == Counter(["Consultation for migraine", "Migraine", "Corrected", "Corrected", *visits]), made


def errors(admin: AuthenticatedClient) -> None:
    """Errors have types too."""
    expect_unauthorized(with_key("clin_mistyped"), "unauthorized")

    refused(get_case.sync(uuid4(), client=admin), Problem, 404, "not-found")

    untitled = create_case.sync(client=admin, body=CaseInput(title=""))
    (error,) = refused(untitled, ValidationProblem, 400, "validation-failed").errors
    assert error.pointer == "/title"


def payment(admin: AuthenticatedClient) -> None:
    """Use up the free calls: creating cases is refused, everything else still works."""
    while (quota := good(get_quota.sync(client=admin))).remaining:
        assert quota.billing_status is BillingStatus.FREE

    one_too_many = create_case.sync(client=admin, body=CaseInput(title="One too many"))
    problem = refused(one_too_many, BillingProblem, 402, "billing-cap-reached")
    assert (problem.limit, problem.billing_status) == (1000, BillingStatus.FREE) and problem.used > problem.limit
    good(list_cases.sync(client=admin))


STEPS: list[Callable[[AuthenticatedClient], None]] = [keys, a_case, a_signed_case, pages, errors, no_doubles, payment]

if __name__ == "__main__":
    admin = provision()
    for step in STEPS:
        step(admin)
        print(f"Python SDK: {step.__name__.replace('_', ' ')}: passed")
