"""Problems of cases and their states."""

from clincore.problems.base import Problem, Unprocessable, example_of


class ExternalIdTaken(Problem):
    status, code, title = 409, "external-id-taken", "External id already in use"
    meaning = "Another case of the tenant has this `external_id`. Nothing was changed."
    occurs = (
        "A case is created with, or a draft is changed to, the `external_id` of a case that is not cancelled or voided."
    )
    remedy = (
        "If the request repeats an earlier one, the case exists already: `GET /cases?external_id=...` finds it. "
        "Otherwise choose another `external_id`."
    )
    example = example_of("The tenant has a case with this external_id. GET /cases?external_id=... finds it.", "/cases")


class DocumentImported(Problem):
    status, code, title = 409, "document-imported", "Document already imported"
    meaning = "A case was created from the document with this `Bundle.identifier`. Nothing was changed."
    occurs = "A document is sent again, and the case that was created from it is not cancelled or voided."
    remedy = "Read the case that `Location` names. To import the document again, cancel or void that case first."
    example = example_of(
        "A case was created from the document with this identifier. Location names it.", "/fhir/Bundle"
    )


class DocumentUnreadable(Unprocessable):
    code, title = "document-unreadable", "Document cannot be read"
    meaning = "No case can be created from the document. Nothing was changed."
    occurs = (
        "The Bundle is of another version than FHIR R4, its first entry is no Composition that can be read, or two of "
        "its resources claim one identity."
    )
    remedy = "Correct the place that `errors` names. An entry that cannot be read alone is only left out, by name."
    example = example_of(
        "/entry/1/resource This is FHIR STU3. Only FHIR R4 (4.0.1) can be read.",
        "/fhir/Bundle",
        errors=[{"pointer": "/entry/1/resource", "detail": "This is FHIR STU3. Only FHIR R4 (4.0.1) can be read."}],
    )


class CaseFinalized(Problem):
    status, code, title = 409, "case-finalized", "Case is finalized"
    meaning = "The case is signed and can be changed only by an amendment. Nothing was changed."
    occurs = (
        "`PATCH`, `DELETE` or `finalize` on a signed case without an open amendment, "
        "or a change of the `external_id` of a case that was signed."
    )
    remedy = "Begin an amendment with `POST /cases/{case_id}/amend`, change its draft, and finalize it."
    example = example_of(
        "The case is finalized. Begin an amendment with POST /cases/{case_id}/amend to change it.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
    )


class InvalidTransition(Problem):
    status, code, title = 409, "invalid-transition", "Not allowed in the current status"
    meaning = "The operation does not apply to the case in its current status. Nothing was changed."
    occurs = (
        "For example, amending a case that is still a draft, amending it twice, or changing a case that is cancelled "
        "or voided. Also when a revision has as many signatures as it can have (1000)."
    )
    remedy = "Read the case with `GET /cases/{case_id}`. `detail` says which step is possible."
    example = example_of(
        "The case is a draft. Sign it with POST /cases/{case_id}/finalize first.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/amend",
    )


class PreconditionFailed(Problem):
    status, code, title = 412, "precondition-failed", "Resource has changed"
    meaning = "The case is not at the version that `If-Match` names. Nothing was changed."
    occurs = "Another request changed the case after the client read it."
    remedy = (
        "Read the case again, apply the change to what you read, and send the new `ETag` as `If-Match`. "
        "The header `ETag` of this response names the current version."
    )
    example = example_of(
        "The case is now at version 2. Read it again and repeat the change.",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11",
    )


class CaseInvalid(Unprocessable):
    code, title = "case-invalid", "Invalid case"
    meaning = "The request matches its schema, but the case would break a rule. Nothing was changed."
    occurs = (
        "A date is in no calendar, a period or range ends before it starts, a unit is not in UCUM, or another rule for "
        "the content is broken. A changed draft lacks a property that its parts need, or is larger than 1 MiB. "
        "Or a case is finalized without a title, a subject, or an author."
    )
    remedy = "Correct each place that `errors` names, then send the request again."
    example = example_of(
        "/author is required to finalize",
        "/cases/3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11/finalize",
        errors=[{"pointer": "/author", "detail": "is required to finalize"}],
    )
