// The signatures of a revision, and the verification of a case.

import { fragment, h } from "./dom.js";
import { capitalized, counted } from "./format.js";
import { announce, badge, button, download, table, when } from "./parts.js";

/** @import {Context, Schemas} from "./types" */

/** @typedef {Schemas["Check"] & {subject: string}} CheckOf a check of the case or of a revision, as `subject` says */

/** How many revisions one request verifies. */
const REVISIONS_PER_REQUEST = 100;

/**
 * The last verification of each case that was not valid, until the page is loaded again.
 *
 * @type {Map<string, {tenantId: string, time: string}>}
 */
const failed = new Map();

/**
 * The cases of the tenant whose last verification in this tab was not valid.
 *
 * @param {Schemas["Caller"]} caller
 * @returns {{caseId: string, time: string}[]} the time of the verification
 */
export function failedVerifications(caller) {
  return [...failed]
    .filter(([, { tenantId }]) => tenantId === caller.tenant_id)
    .map(([caseId, { time }]) => ({ caseId, time }));
}

/**
 * Save a revision as a file for `clincore verify`.
 *
 * @param {string} caseId
 * @param {Schemas["Revision"]} revision
 */
export function saveRevision(caseId, revision) {
  download(`case-${caseId}-revision-${revision.revision}.json`, "application/json", JSON.stringify(revision));
}

/**
 * The signatures of a revision, in the order of signing.
 *
 * @param {Schemas["Revision"]} revision
 */
export function signaturesView(revision) {
  return table(
    `Signatures of revision ${revision.revision}`,
    [
      { title: "Number", cell: ({ number }) => number, isNumber: true },
      { title: "Signer", isHeader: true, cell: signerView },
      { title: "Meaning", cell: ({ meaning }) => capitalized(meaning) },
      { title: "Signed", cell: ({ signed_at: time }) => when(time) },
      { title: "API key", cell: keyView },
      { title: "Signing key (kid)", cell: ({ kid }) => h("code", null, kid) },
    ],
    revision.signatures,
  );
}

/**
 * The person who signed. Signers of the current format can be erased; what is left then is the id of the API key.
 *
 * @param {{signer: Schemas["RevisionSigner"]}} signed
 */
export function signerView({ signer: { name, role, identifier } }) {
  if (name === undefined) return h("span", { class: "muted" }, "Erased");
  return fragment(
    h("bdi", null, name),
    role && h("div", { class: "small", dir: "auto" }, role),
    identifier && h("div", { class: "small" }, h("code", null, `${identifier.system}|${identifier.value}`)),
  );
}

/** @param {Schemas["Signature"]} signature */
function keyView({ signer: { key_id: id, key_label: label } }) {
  // The first format did not record the key.
  if (id === undefined) return h("span", { class: "muted" }, "Not recorded");
  return fragment(
    label === undefined ? h("span", { class: "muted" }, "Label erased") : h("bdi", null, label),
    h("div", { class: "small" }, h("code", null, id)),
  );
}

/**
 * The button that verifies all revisions of a case, and what it finds.
 *
 * @param {Context} context
 * @param {Schemas["Case"]} shown a case with a signed revision
 * @param {(result: string) => void} onverified gets the result in words, with its time
 */
export function verifyPanel(context, shown, onverified) {
  const place = h("div");
  const requests = Math.ceil((shown.revision ?? 0) / REVISIONS_PER_REQUEST);
  const label = requests > 1 ? `Verify (at least ${requests} requests)` : "Verify";
  const start = button(label, async () => {
    const { isValid, checks } = await verify(context, shown.id);
    const tenantId = context.caller.tenant_id;
    if (isValid) failed.delete(shown.id);
    else failed.set(shown.id, { tenantId, time: new Date().toISOString() });
    place.replaceChildren(verdictView(isValid, checks));
    // On paper, in UTC.
    const time = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
    onverified(`${isValid ? "Valid" : "Not valid"} when verified at ${time}: ${resultOf(checks)}`);
    announce(isValid ? "The case is valid." : "The case is not valid.");
  });
  return h(
    "section",
    null,
    h("h2", null, "Verification"),
    h(
      "p",
      { class: "hint" },
      "Computes everything again: the signed texts, hashes, signatures, the chain of revisions, and whether the case ",
      "is shown as it was signed.",
    ),
    start,
    place,
  );
}

/**
 * @param {Context} context
 * @param {string} caseId
 * @returns {Promise<{isValid: boolean, checks: CheckOf[]}>}
 */
async function verify({ api }, caseId) {
  /** @type {CheckOf[]} */
  const checks = [];
  /** @type {number | undefined} */
  let after;
  for (;;) {
    /** @type {Schemas["Replay"]} */
    const page = await api.post("/cases/{case_id}/verify-replay", {
      path: { case_id: caseId },
      query: { after },
      isRead: true,
    });
    after = page.next_after ?? undefined;
    // `rest` only says that revisions are left, which the next request verifies.
    const ofCase = page.checks.filter(({ check }) => check !== "rest" || after === undefined);
    checks.push(...ofCase.map((check) => ({ ...check, subject: "Case" })));
    for (const { revision, checks: found } of page.revisions) {
      checks.push(...found.map((check) => ({ ...check, subject: `Revision ${revision}` })));
    }
    if (after === undefined) return { isValid: page.valid && checks.every(({ passed }) => passed), checks };
  }
}

/**
 * @param {boolean} isValid
 * @param {CheckOf[]} checks
 */
function verdictView(isValid, checks) {
  const wrong = checks.filter(({ passed }) => !passed);
  return fragment(
    h("p", null, badge(isValid ? "valid" : "not valid", isValid ? "good" : "bad"), " ", resultOf(checks)),
    !isValid &&
      h("p", null, "Do not rely on this case. Compare it with a copy outside of the database, and tell the operator."),
    table(
      "Checks",
      [
        { title: "Check", isHeader: true, cell: ({ check, subject }) => `${subject}: ${check}` },
        { title: "Result", cell: ({ passed }) => (passed ? badge("passed", "good") : badge("failed", "bad")) },
        { title: "Found", cell: ({ detail }) => detail, isPlain: true },
      ],
      [...wrong, ...checks.filter(({ passed }) => passed)],
    ),
  );
}

/** @param {CheckOf[]} checks */
function resultOf(checks) {
  const wrong = checks.filter(({ passed }) => !passed).length;
  const all = counted(checks.length, "check");
  return wrong === 0 ? `All ${all} passed.` : `${wrong} of ${all} failed.`;
}
