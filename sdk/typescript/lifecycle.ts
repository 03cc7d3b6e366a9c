// A program that uses the generated TypeScript client against a running service.
//
// CLINCORE is the service's URL, BOOTSTRAP_TOKEN its token. Any exception means that the service, the contract or the
// client is wrong; `tsc --strict` checks the types.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient, { type Client } from "openapi-fetch";
import type {
  ApiKeyInput,
  BillingProblem,
  Case,
  CaseStatus,
  CaseInput,
  FhirBundle,
  IssuedApiKey,
  paths,
  Problem,
  Role,
  Signing,
  ValidationProblem,
} from "../../build/sdk/typescript/clincore.js";
import { retrying } from "./retries.js";

type ClinCore = Client<paths>;

interface Outcome<Data, Refusal> {
  data?: Data;
  error?: Refusal;
  response: Response;
}

function variable(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

/** The response body, which must not be a problem. */
function good<Data, Refusal>({ data, error, response }: Outcome<Data, Refusal>): Data {
  assert(data !== undefined, `${response.status} ${JSON.stringify(error)}`);
  return data;
}

/** The problem document, which must have this status and code. */
function refused<Refusal extends Problem>(outcome: Outcome<unknown, Refusal>, status: number, code: string): Refusal {
  const { error, response } = outcome;
  assert(error !== undefined, `${response.status} instead of ${status}`);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
  assert.deepEqual([response.status, error.status, error.type], [status, status, `/problems/${code}`]);
  assert.equal(error.request_id, response.headers.get("X-Request-Id"));
  return error;
}

/** A client that repeats requests until they have an answer. */
function clientWith(headers: Record<string, string>): ClinCore {
  const client = createClient<paths>({ baseUrl: variable("CLINCORE"), headers, fetch: retrying });
  client.use({
    onResponse: ({ response }) => {
      // Prism's proxy, if there is one, reports violations of the contract. They are expected in refused requests.
      const violations = response.headers.get("sl-violations");
      assert(!violations || [400, 401].includes(response.status), `${response.status} ${response.url} ${violations}`);
    },
  });
  return client;
}

/** A client that sends this API key. */
function withKey(key: string): ClinCore {
  return clientWith({ "X-API-Key": key });
}

/** A client with the first key, an admin's, of a new tenant. */
async function provision(): Promise<ClinCore> {
  const operator = clientWith({ Authorization: `Bearer ${variable("BOOTSTRAP_TOKEN")}` });
  const role: Role = "admin";
  const body = { tenant_name: `typescript-sdk-${randomUUID()}`, role };
  const made = good(await operator.POST("/bootstrap", { body }));
  const admin = withKey(made.api_key);
  const caller = good(await admin.GET("/auth/whoami"));
  assert.deepEqual([caller.tenant_id, caller.tenant_name, caller.role], [made.tenant_id, body.tenant_name, role]);
  assert.equal(caller.expires_at, null);

  refused(await operator.POST("/bootstrap", { body }), 409, "tenant-name-taken");
  return admin;
}

/** Create, list, rotate and revoke. */
async function keys(admin: ClinCore): Promise<void> {
  const { issued, lost } = await newKey(admin, { label: "reporting job", role: "user" });
  const first = withKey(issued.api_key);
  refused(await first.GET("/admin/api-keys"), 403, "role-required");

  const rotated = good(await first.POST("/auth/api-keys/rotate", { body: {} }));
  assert.deepEqual([rotated.label, rotated.role], [issued.label, issued.role]);
  refused(await first.GET("/auth/whoami"), 401, "key-revoked");

  const successor = withKey(rotated.api_key);
  assert.equal(good(await successor.GET("/auth/whoami")).key_id, rotated.id);
  const path = { key_id: rotated.id };
  const revoked = good(await admin.POST("/admin/api-keys/revoke/{key_id}", { params: { path } }));
  assert(revoked.revoked_at !== null && revoked.revoked_at >= revoked.created_at);
  refused(await successor.GET("/auth/whoami"), 401, "key-revoked");

  const { items } = good(await admin.GET("/admin/api-keys"));
  assert.deepEqual(items.slice(0, -1).map(({ id }) => id), [rotated.id, issued.id, ...lost.reverse()]);
  assert(items.slice(2, -1).every(({ revoked_at }) => revoked_at !== null));
  assert.equal(items.at(-1)?.revoked_at, null);
}

/** A new API key, and the keys whose answers were lost. They are not shown again, so they are revoked. */
async function newKey(admin: ClinCore, body: ApiKeyInput): Promise<{ issued: IssuedApiKey; lost: string[] }> {
  const lost: string[] = [];
  while (lost.length < 3) {
    const { data: issued, error, response } = await admin.POST("/admin/api-keys", { body });
    if (issued !== undefined) {
      return { issued, lost };
    }
    assert(error.type === "/problems/secret-not-replayable" && "id" in error, `${response.status} ${error.type}`);
    const path = { key_id: String(error.id) };
    good(await admin.POST("/admin/api-keys/revoke/{key_id}", { params: { path } }));
    lost.push(path.key_id);
  }
  throw new Error("the network loses too many answers");
}

const NEW_CASE: CaseInput = {
  title: "Consultation for migraine",
  external_id: "encounter-4711",
  subject: {
    identifiers: [{ system: "urn:oid:1.2.36.146.595.217.0.1", value: "P-10082" }],
    birth_date: "1984-03",
    gender: "female",
  },
  author: { name: "Dr. Grete Beispiel", role: "Neurologist" },
  history: "Two similar episodes last year.",
  observations: [
    {
      code: { coding: [{ system: "http://loinc.org", code: "8867-4", display: "Heart rate" }] },
      value: { quantity: { value: "72", unit: "beats/min", system: "http://unitsofmeasure.org", code: "/min" } },
    },
  ],
  procedures: [{ code: { text: "Appendectomy" }, performed: { date_time: "1998" } }],
  tags: ["neurology"],
};
const AUTHORSHIP: Signing = { signer: { name: "Dr. Grete Beispiel" }, meaning: "authorship" };
const APPROVAL: Signing = { signer: { name: "Dr. Max Muster" }, meaning: "approval" };

// openapi-fetch sends application/json by default.
const MERGE_PATCH = { "Content-Type": "application/merge-patch+json" };

/** Create, read, change and cancel. */
async function aCase(admin: ClinCore): Promise<void> {
  const created = await admin.POST("/cases", { body: NEW_CASE });
  const made = good(created);
  assert.equal(created.response.headers.get("Location"), `/cases/${made.id}`);
  assert.deepEqual([created.response.headers.get("ETag"), made.version], ['"1"', 1]);
  assert.equal(made.status, "draft" satisfies CaseStatus);
  assert.deepEqual([made.subject?.gender, made.assessment, made.finalized_at], ["female", null, null]);

  const path = { case_id: made.id };
  const read = good(await admin.GET("/cases/{case_id}", { params: { path } }));
  assert.deepEqual(read, made);
  assert.equal(read.subject?.birth_date, "1984-03");
  assert.equal(read.observations[0]?.value?.quantity?.value, "72");
  assert.equal(read.procedures[0]?.performed?.date_time, "1998");
  refused(await admin.POST("/cases", { body: NEW_CASE }), 409, "external-id-taken");

  const version1 = { params: { path, header: { "If-Match": '"1"' } } };
  const version2 = { params: { path, header: { "If-Match": '"2"' } } };
  const body = { history: null, plan: "Headache diary", subject: { name: "Ada Example" } };
  const changed = good(await admin.PATCH("/cases/{case_id}", { ...version1, body, headers: MERGE_PATCH }));
  assert.deepEqual([changed.version, changed.history, changed.plan], [2, null, "Headache diary"]);
  assert.deepEqual([changed.subject?.name, changed.subject?.gender], ["Ada Example", "female"]);

  const tooLate = { ...version1, body: { title: "Too late" }, headers: MERGE_PATCH };
  const late = await admin.PATCH("/cases/{case_id}", tooLate);
  refused(late, 412, "precondition-failed");
  assert.equal(late.response.headers.get("ETag"), '"2"');
  refused(await admin.DELETE("/cases/{case_id}", version1), 412, "precondition-failed");

  assert.equal(good(await admin.DELETE("/cases/{case_id}", version2)).status, "cancelled" satisfies CaseStatus);
  const cancelled = await admin.POST("/cases/{case_id}/finalize", { ...version2, body: AUTHORSHIP });
  refused(cancelled, 409, "invalid-transition");
}

/** Finalize, attest, amend, erase and void; the signed revisions verify after every step. Import the document. */
async function aSignedCase(admin: ClinCore): Promise<void> {
  const untold = good(await admin.POST("/cases", { body: { title: "Migraine" } }));
  const version1 = { "If-Match": '"1"' };
  const tooEarly = { params: { path: { case_id: untold.id }, header: version1 }, body: AUTHORSHIP };
  const lacking = refused(await admin.POST("/cases/{case_id}/finalize", tooEarly), 422, "case-invalid");
  assert("errors" in lacking);
  assert.deepEqual(lacking.errors.map(({ pointer }) => pointer), ["/subject/identifiers", "/author"]);

  const made = good(await admin.POST("/cases", { body: { ...NEW_CASE, external_id: "encounter-4712" } }));
  const path = { case_id: made.id };
  const stale = { params: { path, header: { "If-Match": '"7"' } }, body: AUTHORSHIP };
  refused(await admin.POST("/cases/{case_id}/finalize", stale), 412, "precondition-failed");
  const fresh = { params: { path, header: version1 }, body: AUTHORSHIP };
  const final = good(await admin.POST("/cases/{case_id}/finalize", fresh));
  assert.equal(final.status, "final" satisfies CaseStatus);
  assert(final.finalized_at !== null);
  const any = { path, header: { "If-Match": "*" } };
  const edit = { body: { title: "Corrected" }, headers: MERGE_PATCH };
  refused(await admin.PATCH("/cases/{case_id}", { params: any, ...edit }), 409, "case-finalized");
  await verify(admin, final, 1);

  const attested = good(await admin.POST("/cases/{case_id}/attest", { params: { path }, body: APPROVAL }));
  assert.deepEqual(attested.signatures.map(({ meaning }) => meaning), ["authorship", "approval"]);
  const { keys: published } = good(await admin.GET("/.well-known/jwks.json"));
  assert(attested.signatures.every((signature) => published.some(({ kid }) => kid === signature.kid)));

  const amendment = { params: { path }, body: { reason: "The laboratory corrected a value." } };
  const draft = good(await admin.POST("/cases/{case_id}/amend", amendment));
  assert.deepEqual(good(await admin.GET("/cases/{case_id}/draft", { params: { path } })), draft);
  const current = { path, header: { "If-Match": `"${draft.version}"` } };
  const edited = good(await admin.PATCH("/cases/{case_id}", { params: current, ...edit }));
  assert.equal(good(await admin.GET("/cases/{case_id}", { params: { path } })).title, NEW_CASE.title);
  const amending = { params: { path, header: { "If-Match": `"${edited.version}"` } }, body: AUTHORSHIP };
  const amended = good(await admin.POST("/cases/{case_id}/finalize", amending));
  assert.deepEqual([amended.status, amended.title], ["amended" satisfies CaseStatus, "Corrected"]);
  await verify(admin, amended, 2);

  const document = good(await admin.GET("/cases/{case_id}/document", { params: { path } }));
  assert.deepEqual([document.resourceType, document.type], ["Bundle", "document"]);
  assert.match(JSON.stringify(document.entry[0]?.["resource"]), /"title":"Corrected"/);

  const erasure = { params: { path }, body: { sections: ["history" as const] } };
  const erased = good(await admin.POST("/cases/{case_id}/erase-subject", erasure));
  assert.deepEqual([erased.subject, erased.history], [null, null]);
  await verify(admin, erased, 2);

  const voiding = { params: { path }, body: { reason: "The case is about another person.", ...AUTHORSHIP } };
  const voided = good(await admin.POST("/cases/{case_id}/void", voiding));
  assert.equal(voided.status, "entered_in_error" satisfies CaseStatus);
  await verify(admin, voided, 3);

  // A voided case no longer has its external_id, which is in the document. Schemas of requests are closed and those of
  // responses open, so they have different types.
  const imported = good(await admin.POST("/fhir/Bundle", { body: document as unknown as FhirBundle }));
  assert.deepEqual([imported.case.status, imported.case.title], ["draft" satisfies CaseStatus, "Corrected"]);
  assert.deepEqual(imported.case.procedures, made.procedures);
  assert.equal(imported.counts.refused, 0);

  const signatures: number[] = [];
  for (const revision of [1, 2, 3]) {
    const numbered = { params: { path: { ...path, revision } } };
    signatures.push(good(await admin.GET("/cases/{case_id}/revisions/{revision}", numbered)).signatures.length);
  }
  assert.deepEqual(signatures, [2, 1, 1]);
  const { items } = good(await admin.GET("/cases/{case_id}/access-log", { params: { path } }));
  const operations = items.map(({ operation }) => operation);
  assert(["create_case", "finalize_case", "erase_subject"].every((operation) => operations.includes(operation)));
}

/** All revisions of the case verify in the service, and the newest one as a client received it. */
async function verify(admin: ClinCore, { id, title }: Case, revisions: number): Promise<void> {
  const path = { case_id: id };
  const replay = good(await admin.POST("/cases/{case_id}/verify-replay", { params: { path } }));
  assert(replay.valid, JSON.stringify(replay.checks));
  assert.equal(replay.revisions.length, revisions);
  const query = { limit: 1 };
  const { items } = good(await admin.GET("/cases/{case_id}/revisions", { params: { path, query } }));
  assert.deepEqual(items.map(({ revision }) => revision), [revisions]);

  const numbered = { ...path, revision: revisions };
  const body = good(await admin.GET("/cases/{case_id}/revisions/{revision}", { params: { path: numbered } }));
  const verification = good(await admin.POST("/verify", { body }));
  assert(verification.valid, JSON.stringify(verification.checks));
  const forged = { ...body, signed: body.signed.replace(title, "Another title") };
  assert(!good(await admin.POST("/verify", { body: forged })).valid);
}

/** Read a list by cursor: each entry once, newest first. */
async function pages(admin: ClinCore): Promise<void> {
  const made: string[] = [];
  for (const number of [1, 2, 3, 4, 5]) {
    made.unshift(good(await admin.POST("/cases", { body: { title: `Visit ${number}` } })).id);
  }

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { status: "draft" as const, limit: 2, ...(cursor && { cursor }) };
    const page = good(await admin.GET("/cases", { params: { query } }));
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
    assert(!cursor || page.items.length === 2);
  } while (cursor);

  assert.deepEqual(seen.slice(0, 5), made);
  assert.equal(new Set(seen).size, seen.length);
}

/** Nothing was done twice or is missing, even if answers were lost. */
async function noDoubles(admin: ClinCore): Promise<void> {
  const { items, next_cursor } = good(await admin.GET("/cases", { params: { query: { limit: 100 } } }));
  assert.equal(next_cursor, undefined);
  const visits = [4, 3, 2, 1, 0].map((number) => `Visit ${number + 1}`);
  assert.deepEqual(items.map(({ title }) => title), [...visits, "Corrected", "Corrected", "Migraine", NEW_CASE.title]);
}

/** Errors have types too. */
async function errors(admin: ClinCore): Promise<void> {
  const mistyped = await withKey("clin_mistyped").GET("/auth/whoami");
  refused(mistyped, 401, "unauthorized");
  assert.equal(mistyped.response.headers.get("WWW-Authenticate"), 'ApiKey realm="clincore", Bearer realm="clincore"');

  const unknown = await admin.GET("/cases/{case_id}", { params: { path: { case_id: randomUUID() } } });
  refused(unknown, 404, "not-found");

  const untitled = await admin.POST("/cases", { body: { title: "" } });
  assert.equal(untitled.response.headers.has("sl-violations"), isThroughPrism, "Prism must report the violation");
  const problem = refused(untitled, 400, "validation-failed");
  assert("errors" in problem);
  const invalid: ValidationProblem = problem;
  assert.equal(invalid.errors[0]?.pointer, "/title");
}

/** Use up the free calls: creating cases is refused, everything else still works. */
async function payment(admin: ClinCore): Promise<void> {
  while (good(await admin.GET("/usage")).remaining !== 0);

  const problem = refused(await admin.POST("/cases", { body: { title: "One too many" } }), 402, "billing-cap-reached");
  assert("limit" in problem);
  const capped: BillingProblem = problem;
  assert.deepEqual([capped.limit, capped.billing_status], [1000, "free"]);
  assert(capped.used > capped.limit);
  good(await admin.GET("/cases"));
}

const isThroughPrism = "THROUGH_PRISM" in process.env;
// A thousand calls take too long through Prism.
const last = isThroughPrism ? {} : { payment };
const steps = { keys, "a case": aCase, "a signed case": aSignedCase, pages, "no doubles": noDoubles, errors, ...last };

const admin = await provision();
for (const [name, step] of Object.entries(steps)) {
  await step(admin);
  console.log(`TypeScript SDK: ${name}: passed`);
}
