// The screen of a case: its document, its state and what can be done with it.

import { actButtons, stateOf } from "./acts.js";
import { SERVICE } from "./api.js";
import { caseDocument } from "./document.js";
import { fragment, h } from "./dom.js";
import { badge, button, caseStatus, copyButton, download, link, when } from "./parts.js";
import { contentOf } from "./revision.js";
import { can } from "./rights.js";
import { href } from "./router.js";
import { saveRevision, signaturesView, verifyPanel } from "./signatures.js";
import { trendsPanel } from "./trends.js";

/** @import {Context, Schemas, Screen} from "./types" */

/** @typedef {"signed" | "draft" | "both"} View what is shown of a case */

/** @type {Screen} */
export const caseScreen = {
  title: "Case",
  async show(context) {
    const { api, query } = context;
    const path = { case_id: context.path.case_id ?? "" };
    const revisionOf = (/** @type {number} */ revision) =>
      api.get("/cases/{case_id}/revisions/{revision}", { path: { ...path, revision } });
    const shown = await api.get("/cases/{case_id}", { path });
    const asked = Number(query.get("revision") ?? shown.revision);
    if (Number.isInteger(asked) && asked > 0 && asked !== shown.revision) {
      return revisionView(shown, await revisionOf(asked));
    }
    const view = viewOf(shown, query.get("show"));
    const state = stateOf(shown);
    const [draft, revision] = await Promise.all([
      state === "amending" && view !== "signed" ? api.get("/cases/{case_id}/draft", { path }) : null,
      shown.revision !== null && view !== "draft" ? revisionOf(shown.revision) : null,
    ]);
    const documents = h("div", null, documentsView(shown, { draft, revision, view }));
    return fragment(
      stateView(context, shown),
      actButtons(context, shown, state === "draft" ? shown : draft, revision !== null),
      state === "amending" && switchView(shown, view),
      revision && view === "signed" && reasonView(contentOf(revision).reason),
      documents,
      trendsPanel(context, shown),
      revision && signaturesSection(revision),
      revision &&
        verifyPanel(context, shown, (verification) => {
          // The result is printed with the document.
          documents.replaceChildren(documentsView(shown, { draft, revision, view, verification }));
        }),
      filesView(revision, view === "draft" && shown.revision !== null ? null : context, shown.id),
    );
  },
};

/**
 * @param {Schemas["Case"]} shown
 * @param {string | null} asked
 * @returns {View}
 */
function viewOf(shown, asked) {
  if (shown.revision === null) return "draft";
  return stateOf(shown) === "amending" && (asked === "draft" || asked === "both") ? asked : "signed";
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} shown
 */
function stateView({ caller }, { id, status, revision, amendment_reason: reason, updated_at: updated }) {
  const maySeeAccesses = can(caller, { role: "admin", scope: "read" });
  return h(
    "p",
    { class: "row" },
    caseStatus(status),
    reason !== null && badge("open amendment", "open"),
    h("span", null, "Changed ", when(updated)),
    revision !== null && link(href(`/cases/${id}/history`), "History"),
    maySeeAccesses && link(href(`/cases/${id}/access-log`), "Access log"),
    button("Print", () => window.print()),
  );
}

/**
 * The choice between the signed revision and the open amendment.
 *
 * @param {Schemas["Case"]} shown
 * @param {View} view
 */
function switchView({ id, revision }, view) {
  /** @type {[View, string][]} */
  const choices = [
    ["signed", `Signed revision ${revision}`],
    ["draft", "Open amendment (draft)"],
    ["both", "Both side by side"],
  ];
  return h(
    "nav",
    { class: "switch no-print", "aria-label": "What is shown" },
    choices.map(([choice, label]) => {
      const show = choice === "signed" ? null : choice;
      return h("a", { href: href(`/cases/${id}`, { show }), "aria-current": choice === view && "true" }, label);
    }),
    h("a", { href: href(`/cases/${id}/history`, { from: revision, to: "draft" }) }, "Differences"),
  );
}

/**
 * @param {Schemas["Case"]} shown
 * @param {object} parts
 * @param {Schemas["Case"] | null} parts.draft of the open amendment, if it is shown
 * @param {Schemas["Revision"] | null} parts.revision that `shown` is of, if it is shown
 * @param {View} parts.view
 * @param {string} [parts.verification]
 */
function documentsView(shown, { draft, revision, view, verification }) {
  const options = revision ? { ...proofOf(revision), latest: shown.revision, verification } : {};
  if (!draft) return caseDocument(shown, options);
  const ofDraft = h(
    "section",
    { class: "draft-document" },
    h("h2", null, "Open amendment (draft)"),
    h("p", { class: "hint" }, "Readers of the case see the signed revision."),
    caseDocument(draft),
  );
  if (view === "draft") return ofDraft;
  const ofRevision = h(
    "section",
    null,
    h("h2", null, `Signed revision ${shown.revision}`),
    // The amendment is shown, so the document must not say that it is not.
    caseDocument({ ...shown, amendment_reason: null }, options),
  );
  return h("div", { class: "beside" }, ofRevision, ofDraft);
}

/** @param {string | null} reason why a revision amends or voids the case */
function reasonView(reason) {
  return reason !== null && h("p", null, h("span", { class: "muted" }, "Reason for this revision: "), h("bdi", null, reason));
}

/**
 * What a document says about its signatures.
 *
 * @param {Schemas["Revision"]} signed
 */
function proofOf(signed) {
  const { revision, sha256, signatures } = signed;
  return { revision, sha256, signatures, signedAt: signatures[0]?.signed_at ?? null, reason: contentOf(signed).reason };
}

/**
 * A revision that is not the one that the case shows now.
 *
 * @param {Schemas["Case"]} shown
 * @param {Schemas["Revision"]} revision
 */
function revisionView({ id, status: current, revision: latest, created_at, created_by }, revision) {
  const { content, erased, reason } = contentOf(revision);
  const path = `/cases/${id}/history`;
  const { status, revision: number } = revision;
  return fragment(
    h(
      "p",
      { class: "row" },
      link(href(`/cases/${id}`), "Show the case as it is now"),
      link(href(path, { from: number, to: latest }), `Compare with revision ${latest}`),
      link(href(path), "History"),
      button("Print", () => window.print()),
    ),
    current === "entered_in_error" &&
      h("p", null, badge(current, "bad"), " The case was voided later. Do not use this revision."),
    reasonView(reason),
    caseDocument({ id, ...content, status, erased, created_at, created_by }, { ...proofOf(revision), latest }),
    signaturesSection(revision),
    filesView(revision, null, id),
  );
}

/** @param {Schemas["Revision"]} revision */
function signaturesSection(revision) {
  return h(
    "section",
    null,
    h("h2", null, `Signatures of revision ${revision.revision}`),
    signaturesView(revision),
    h(
      "p",
      { class: "row" },
      h("span", null, "SHA-256 of the signed text: ", h("code", null, revision.sha256)),
      copyButton("Copy SHA-256", () => revision.sha256),
    ),
  );
}

/**
 * What can be saved as a file.
 *
 * @param {Schemas["Revision"] | null} revision
 * @param {Context | null} context null if what the service makes a document of is not what is shown
 * @param {string} caseId
 */
function filesView(revision, context, caseId) {
  if (!revision && !context) return null;
  return h(
    "section",
    { class: "no-print" },
    h("h2", null, "Files"),
    h(
      "div",
      { class: "buttons" },
      revision && button("Download the revision", () => saveRevision(caseId, revision)),
      context && button("Download as FHIR document", () => downloadDocument(context, caseId)),
      context && button("Download as patient summary (IPS)", () => downloadDocument(context, caseId, "ips")),
    ),
    revision &&
      h(
        "p",
        { class: "hint" },
        h("code", null, "clincore verify FILE --jwks jwks.json"),
        " verifies the revision without the service. It needs the ",
        h("a", { href: new URL(".well-known/jwks.json", SERVICE).href, download: "jwks.json" }, "public keys"),
        ".",
      ),
  );
}

/**
 * @param {Context} context
 * @param {string} caseId
 * @param {"ips"} [profile]
 */
async function downloadDocument({ api }, caseId, profile) {
  // The text as it was sent: numbers keep the digits that JSON.parse drops, such as those of 1.50.
  const { text } = await api.send("get", "/cases/{case_id}/document", {
    path: { case_id: caseId },
    query: { profile },
    accept: "application/fhir+json",
  });
  download(`case-${caseId}${profile ? `-${profile}` : ""}.fhir.json`, "application/fhir+json", text);
}
