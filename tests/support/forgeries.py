"""Forgeries that a superuser can make of a signed case, and the check of verification that must fail for each."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from clincore.records.signature import generate
from support.rows import insert


class Forger:
    """A superuser's changes to one case with three revisions, the second of which has three signatures."""

    def __init__(self, connection: psycopg.Connection[Any], case_id: str, other_id: str) -> None:
        self._connection = connection
        self.case_id, self.other_id = case_id, other_id

    def run(self, statement: str, **parameters: Any) -> list[Any]:
        given = {"case": self.case_id, "other": self.other_id, **parameters}
        cursor = self._connection.execute(statement, given)
        return cursor.fetchall() if cursor.description else []

    def set(self, table: str, column: str, expression: str, where: str = "revision = 2", **parameters: Any) -> None:
        condition = "id = %(case)s" if table == "cases" else f"case_id = %(case)s AND {where}"
        # Computed first, because Citus refuses an UPDATE with an expression that nodes could evaluate differently.
        ((value,),) = self.run(f"SELECT {expression} FROM {table} WHERE {condition}", **parameters)
        cursor = self._connection.execute(
            f"UPDATE {table} SET {column} = %(value)s WHERE {condition}",
            {"case": self.case_id, "other": self.other_id, "value": value, **parameters},
        )
        assert cursor.rowcount == 1, cursor.rowcount

    @contextmanager
    def without_constraints(self) -> Iterator[None]:
        with self._connection.transaction():
            self.run("SET LOCAL session_replication_role = replica")
            yield

    def copy(self, table: str, source: str, revision: int, number: int) -> None:
        """Copy the rows of a revision of the case `source` to a number of this case."""
        ((tenant_id,),) = self.run("SELECT tenant_id FROM cases WHERE id = %(case)s")
        query = "SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0"
        names = [name for (name,) in self.run(query, table=table)]
        values = ", ".join(f"{name}::text" for name in names)
        query = f"SELECT {values} FROM {table} WHERE case_id = %(source)s AND revision = %(revision)s"
        changed = {"tenant_id": tenant_id, "case_id": self.case_id, "revision": number}
        for row in self.run(query, source=source, revision=revision):
            insert(self._connection, table, [dict(zip(names, row, strict=True)) | changed])

    def delete(self, revision: int) -> None:
        for table in ("signatures", "case_disclosures", "case_revisions"):
            self.run(f"DELETE FROM {table} WHERE case_id = %(case)s AND revision = %(n)s", n=revision)

    def jws(self) -> str:
        query = "SELECT jws FROM signatures WHERE case_id = %(case)s AND revision = 2 AND number = 1"
        return str(self.run(query)[0][0])

    def signed(self) -> str:
        return str(self.run("SELECT signed FROM case_revisions WHERE case_id = %(case)s AND revision = 2")[0][0])


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def disclosure(name: str, value: Any) -> str:
    return base64url(json.dumps([base64url(secrets.token_bytes(16)), name, value], separators=(",", ":")).encode())


def sign_text(text: str) -> Callable[[Forger], None]:
    """Replace the signed text and its hash: a login that can write one can write the other."""

    def forge(forger: Forger) -> None:
        forger.set("case_revisions", "signed", "%(text)s", text=text)
        forger.set("case_revisions", "sha256", "%(hash)s", hash=hashlib.sha256(text.encode()).hexdigest())

    return forge


def change_title(forger: Forger) -> None:
    sign_text(forger.signed().replace("Consultation", "Conversation"))(forger)


def change_case_id_in_text(forger: Forger) -> None:
    sign_text(forger.signed().replace(forger.case_id, forger.other_id))(forger)


def add_space(forger: Forger) -> None:
    sign_text(forger.signed().replace("{", "{ ", 1))(forger)


def repeat_key(forger: Forger) -> None:
    sign_text(forger.signed()[:-1] + ',"title":"Another title"}')(forger)


def cut(forger: Forger) -> None:
    sign_text(forger.signed()[:-1])(forger)


def with_header(**members: Any) -> Callable[[Forger], None]:
    def forge(forger: Forger) -> None:
        header, _, signature = forger.jws().split(".")
        found = json.loads(base64.urlsafe_b64decode(header + "=="))
        changed = {name: value for name, value in {**found, **members}.items() if value is not None}
        text = f"{base64url(json.dumps(changed, separators=(',', ':')).encode())}..{signature}"
        forger.set("signatures", "jws", "%(jws)s", "revision = 2 AND number = 1", jws=text)

    return forge


def flip(position: int) -> Callable[[Forger], None]:
    """Change the character at this position of the JWS's signature, which has 86."""

    def forge(forger: Forger) -> None:
        jws = forger.jws()
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        at = len(jws) - 86 + position
        other = alphabet[alphabet.index(jws[at]) ^ 1]
        changed = jws[:at] + other + jws[at + 1 :]
        forger.set("signatures", "jws", "%(jws)s", "revision = 2 AND number = 1", jws=changed)

    return forge


def append(text: str) -> Callable[[Forger], None]:
    return lambda forger: forger.set("signatures", "jws", "jws || %(text)s", "revision = 2 AND number = 1", text=text)


def attach(forger: Forger) -> None:
    header, _, signature = forger.jws().split(".")
    jws = f"{header}.{base64url(forger.signed().encode())}.{signature}"
    forger.set("signatures", "jws", "%(jws)s", "revision = 2 AND number = 1", jws=jws)


def jws_of(source: str) -> Callable[[Forger], None]:
    """Replace the JWS with another one that the service made."""

    def forge(forger: Forger) -> None:
        jws = forger.run(f"SELECT jws FROM signatures WHERE {source}")[0][0]
        forger.set("signatures", "jws", "%(jws)s", "revision = 2 AND number = 1", jws=jws)

    return forge


def swap_keys(forger: Forger) -> None:
    """Replace the public keys, under the same ids."""
    for (kid,) in forger.run("SELECT kid FROM signing_keys"):
        jwk = Jsonb(generate().jwk | {"kid": kid})
        forger.run("UPDATE signing_keys SET jwk = %(jwk)s WHERE kid = %(kid)s", jwk=jwk, kid=kid)


def renumber(forger: Forger) -> None:
    forger.set("signatures", "number", "9", "revision = 2 AND number = 3")


def swap_signatures(forger: Forger) -> None:
    for old, new in ((2, 9), (3, 2), (9, 3)):
        forger.set("signatures", "number", "%(new)s", "revision = 2 AND number = %(old)s", old=old, new=new)


def swap_disclosures(forger: Forger) -> None:
    query = "SELECT name, disclosure FROM case_disclosures WHERE case_id = %(case)s AND revision = 2"
    known = dict(forger.run(query))
    for name, other in (("reason", "history"), ("history", "reason")):
        where = "revision = 2 AND name = %(name)s"
        forger.set("case_disclosures", "disclosure", "%(text)s", where, name=name, text=known[other])


def add_disclosure(forger: Forger) -> None:
    forger.run(
        "INSERT INTO case_disclosures (tenant_id, case_id, revision, name, disclosure)"
        " SELECT tenant_id, case_id, revision, 'plan', %(text)s FROM case_revisions"
        " WHERE case_id = %(case)s AND revision = 2",
        text=disclosure("plan", "Never signed."),
    )


def disclose(expression: str, **parameters: Any) -> Callable[[Forger], None]:
    where = "revision = 2 AND name = 'subject'"
    return lambda forger: forger.set("case_disclosures", "disclosure", expression, where, **parameters)


def change_key_id(forger: Forger) -> None:
    """Let another key have signed."""
    signed = forger.signed()
    key_id = json.loads(signed)["signer"]["key_id"]
    sign_text(signed.replace(key_id, forger.other_id))(forger)


def of_signer(expression: str, number: int = 1, **parameters: Any) -> Callable[[Forger], None]:
    where = f"revision = 2 AND name = 'signer_{number}'"
    return lambda forger: forger.set("case_disclosures", "disclosure", expression, where, **parameters)


def disclosure_of(name: str, source: str) -> Callable[[Forger], None]:
    """Replace the Disclosure with another one that the service made."""

    def forge(forger: Forger) -> None:
        text = forger.run(f"SELECT disclosure FROM case_disclosures WHERE {source}")[0][0]
        where = "revision = 2 AND name = %(name)s"
        forger.set("case_disclosures", "disclosure", "%(text)s", where, name=name, text=text)

    return forge


def swap_signers(forger: Forger) -> None:
    for old, new in (("2", "x"), ("3", "2"), ("x", "3")):
        where = f"revision = 2 AND name = 'signer_{old}'"
        forger.set("case_disclosures", "name", "%(name)s", where, name=f"signer_{new}")


def rename_signer(name: str) -> Callable[[Forger], None]:
    where = "revision = 2 AND name = 'signer_3'"
    return lambda forger: forger.set("case_disclosures", "name", "%(name)s", where, name=name)


def delete_signature(number: int) -> Callable[[Forger], None]:
    return lambda forger: (
        forger.run("DELETE FROM signatures WHERE case_id = %(case)s AND revision = 2 AND number = %(n)s", n=number)
        and None
    )


def delete_first_signatures(forger: Forger) -> None:
    forger.run("DELETE FROM signatures WHERE case_id = %(case)s AND revision = 2")


def orphan(revision: int) -> Callable[[Forger], None]:
    """Delete a revision and keep its signatures and Disclosures."""

    def forge(forger: Forger) -> None:
        with forger.without_constraints():
            forger.run("DELETE FROM case_revisions WHERE case_id = %(case)s AND revision = %(n)s", n=revision)

    return forge


def renumber_revisions(forger: Forger) -> None:
    """Delete the middle revision and give its number to the last one."""
    forger.delete(2)
    with forger.without_constraints():
        for table in ("case_revisions", "signatures", "case_disclosures"):
            forger.run(f"UPDATE {table} SET revision = 2 WHERE case_id = %(case)s AND revision = 3")
    forger.set("cases", "revision", "2")


def copy(source: int, number: int, other: bool = False) -> Callable[[Forger], None]:
    """Copy a revision of this case or another, with its signatures and Disclosures, to a number of this case."""

    def forge(forger: Forger) -> None:
        if number <= 3:
            forger.delete(number)
        for table in ("case_revisions", "signatures", "case_disclosures"):
            forger.copy(table, forger.other_id if other else forger.case_id, source, number)

    return forge


def of_case(column: str, expression: str) -> Callable[[Forger], None]:
    return lambda forger: forger.set("cases", column, expression)


def of_revision(column: str, expression: str) -> Callable[[Forger], None]:
    return lambda forger: forger.set("case_revisions", column, expression)


def of_statement(expression: str, number: int = 2) -> Callable[[Forger], None]:
    return lambda forger: forger.set("signatures", "statement", expression, "revision = 2 AND number = %(n)s", n=number)


NESTED = '{"a":' + "[" * 900 + '"\ue000"' + "]" * 900 + "}"

# By name: the forgery, the revision whose check must fail (0: a check of the case), the check, a part of its detail.
FORGERIES: dict[str, tuple[Callable[[Forger], None], int, str, str]] = {
    "title in the signed text": (change_title, 2, "signature 1", "does not match the text"),
    "case id in the signed text": (change_case_id_in_text, 2, "identity", "Case, revision, status and time"),
    "space in the signed text": (add_space, 2, "canonical", "canonical JSON"),
    "key twice in the signed text": (repeat_key, 2, "canonical", "canonical JSON"),
    "signed text cut short": (cut, 2, "form", "form that this service signs"),
    "signed text empty": (sign_text(""), 2, "form", "form that this service signs"),
    "signed text null": (sign_text("null"), 2, "form", "form that this service signs"),
    "signed text a list": (sign_text("[]"), 2, "form", "form that this service signs"),
    "signed text an empty object": (sign_text("{}"), 2, "form", "form that this service signs"),
    "digests a list": (sign_text('{"disclosure_digests":[]}'), 2, "form", "form that this service signs"),
    "digests a number": (sign_text('{"disclosure_digests":1}'), 2, "form", "form that this service signs"),
    "signed text nested deep": (sign_text(NESTED), 2, "form", "form that this service signs"),
    "signer nested deep": (
        sign_text(
            '{"disclosure_digests":{},"meaning":"","profile":"urn:clincore:revision:1","signed_at":"","signer":'
            + NESTED
            + "}"
        ),
        2,
        "identity",
        "those in the signed text",
    ),
    "hash": (of_revision("sha256", "repeat('0', 64)"), 2, "sha256", "SHA-256"),
    "status of the revision": (of_revision("status", "'final'"), 2, "identity", "Case, revision, status and time"),
    "time of the revision": (
        of_revision("created_at", "created_at - interval '1 day'"),
        2,
        "identity",
        "time",
    ),
    "jws of another case": (jws_of("case_id = %(other)s"), 2, "signature 1", "does not match the text"),
    "jws of another revision": (
        jws_of("case_id = %(case)s AND revision = 1"),
        2,
        "signature 1",
        "does not match the text",
    ),
    "jws of an attestation": (
        jws_of("case_id = %(case)s AND revision = 2 AND number = 2"),
        2,
        "signature 1",
        "does not match the text",
    ),
    "first bit of the jws": (flip(0), 2, "signature 1", "does not match the text"),
    "a bit in the middle of the jws": (flip(40), 2, "signature 1", "does not match the text"),
    "an unused bit of the jws": (flip(85), 2, "signature 1", "not a detached JWS"),
    "padding after the jws": (append("=="), 2, "signature 1", "not a detached JWS"),
    "a line break after the jws": (append("\n"), 2, "signature 1", "not a detached JWS"),
    "a fourth part of the jws": (append(".AAAA"), 2, "form", "form that this service signs"),
    "jws with its payload": (attach, 2, "form", "form that this service signs"),
    "jws without algorithm": (with_header(alg="none"), 2, "signature 1", "does not match the text"),
    "jws with the old name of the algorithm": (with_header(alg="EdDSA"), 2, "signature 1", "does not match the text"),
    "jws of an unknown key": (with_header(kid="unknown"), 2, "signature 1", "not among the public keys"),
    "jws without a key": (with_header(kid=None), 2, "signature 1", "not among the public keys"),
    "jws over encoded text": (with_header(b64=None, crit=None), 2, "signature 1", "does not match the text"),
    "statement": (
        of_statement("replace(statement, 'review', 'approval')"),
        2,
        "signature 2",
        "does not match the text",
    ),
    "statement no JSON": (of_statement("'x'"), 2, "form", "form that this service signs"),
    "statement gone": (of_statement("NULL"), 2, "signature 2", "has its own"),
    "statement for the first signature": (
        of_statement("'{\"signer\":{}}'", 1),
        2,
        "form",
        "form that this service signs",
    ),
    "first signature gone": (delete_signature(1), 2, "signature 1", "has no statement"),
    "signature in the middle gone": (delete_signature(2), 2, "signature 2", "and the previous signature"),
    "all signatures gone": (delete_first_signatures, 2, "signature", "There is no signature"),
    "another number of a signature": (renumber, 2, "signature 3", "listed with a number"),
    "signatures in another order": (swap_signatures, 2, "signature 2", "and the previous signature"),
    "revision in the middle gone": (lambda forger: forger.delete(2), 0, "chain", "Revision 2 is missing"),
    "first revision gone": (lambda forger: forger.delete(1), 0, "chain", "Revision 1 is missing"),
    "last revision gone": (lambda forger: forger.delete(3), 0, "chain", "Revision 3 is unexpected or missing"),
    "all revisions gone": (
        lambda forger: [forger.delete(number) for number in (1, 2, 3)] and None,
        0,
        "chain",
        "Revision 3 is unexpected or missing",
    ),
    "revision gone except its signatures": (orphan(2), 0, "chain", "Revision 2 is missing"),
    "last revision gone except its signatures": (orphan(3), 0, "chain", "Revision 3 is unexpected or missing"),
    "revision in the place of another": (renumber_revisions, 0, "chain", "hash of the one before"),
    "copied revision in the chain": (copy(3, 4), 0, "chain", "Revision 4 does not name"),
    "number of a copied revision": (copy(3, 4), 4, "identity", "Case, revision, status and time"),
    "revision of another case with its signatures": (copy(1, 1, True), 1, "identity", "Case, revision"),
    "disclosure": (disclose("%(text)s", text=disclosure("subject", {"gender": "male"})), 2, "disclosure subject", ""),
    "disclosure of another case": (
        disclosure_of("subject", "case_id = %(other)s AND name = 'subject'"),
        2,
        "disclosure subject",
        "",
    ),
    "disclosure no base64": (disclose("'ä'"), 2, "disclosure subject", ""),
    "disclosure empty": (disclose("''"), 2, "disclosure subject", ""),
    "swapped disclosures": (swap_disclosures, 2, "disclosure reason", ""),
    "disclosure that was never signed": (add_disclosure, 2, "disclosure plan", "no digest"),
    "key in the signed text": (change_key_id, 2, "signature 1", "does not match the text"),
    "key in a statement": (
        of_statement("replace(statement, statement::jsonb #>> '{signer,key_id}', gen_random_uuid()::text)"),
        2,
        "signature 2",
        "does not match the text",
    ),
    "signer": (of_signer("%(text)s", text=disclosure("signer", {"name": "Dr. Max Muster"})), 2, "signer 1", "digest"),
    "signer of an attestation": (
        of_signer("%(text)s", 3, text=disclosure("signer", {"name": "Dr. Max Muster"})),
        2,
        "signer 3",
        "digest",
    ),
    "signer of another revision": (
        disclosure_of("signer_1", "case_id = %(case)s AND revision = 1 AND name = 'signer_1'"),
        2,
        "signer 1",
        "digest",
    ),
    "signer of another case": (
        disclosure_of("signer_1", "case_id = %(other)s AND name = 'signer_1'"),
        2,
        "signer 1",
        "digest",
    ),
    "signers in another order": (swap_signers, 2, "signer 2", "digest"),
    "signer no base64": (of_signer("'ä'"), 2, "form", "form that this service signs"),
    "signer empty": (of_signer("''"), 2, "signer 1", "digest"),
    "signer without a signature": (rename_signer("signer_9"), 2, "disclosure signer_9", "no digest"),
    "disclosure of an unknown field": (rename_signer("other"), 2, "disclosure other", "no digest"),
    "title of the case": (of_case("title", "'Another title'"), 0, "case", "title"),
    "status of the case": (of_case("status", "'final'"), 0, "case", "status"),
    "case a draft again": (of_case("status", "'draft'"), 0, "case", "status"),
    "external id of the case": (of_case("external_id", "'another'"), 0, "case", "external_id"),
    "time of the case": (of_case("created_at", "created_at - interval '1 day'"), 0, "case", "created_at"),
    "time of finalizing": (of_case("finalized_at", "finalized_at - interval '1 day'"), 0, "case", "finalized_at"),
    "no time of finalizing": (of_case("finalized_at", "NULL"), 0, "case", "finalized_at"),
    "search column of the type": (of_case("type_code", "'1'"), 0, "case", "type"),
    "search column of the subject": (of_case("subject_value", "'P-2'"), 0, "case", "subject"),
    "case at an old revision": (of_case("revision", "2"), 0, "chain", "Revision 3 is unexpected"),
    "case at a future revision": (of_case("revision", "4"), 0, "chain", "Revision 4 is unexpected or missing"),
    "case at no revision": (of_case("revision", "NULL"), 0, "chain", "Revision 3 is unexpected"),
    "tag of the case": (
        lambda forger: forger.run("UPDATE case_tags SET tag = 'x' WHERE case_id = %(case)s") and None,
        0,
        "case",
        "tags",
    ),
    "public key gone": (
        lambda forger: forger.run("DELETE FROM signing_keys") and None,
        1,
        "signature 1",
        "not among the public keys",
    ),
    "another public key under the same id": (swap_keys, 1, "signature 1", "does not match the text"),
}
