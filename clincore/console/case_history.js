// The revisions of a case, the differences between two of them, and who has read or changed the case.

import { accessTable } from "./access_log.js";
import { differences, differencesView } from "./diff.js";
import { fragment, h } from "./dom.js";
import { capitalized, counted } from "./format.js";
import { pages } from "./lists.js";
import { announce, badge, button, caseStatus, copyButton, empty, field, link, run, select, when } from "./parts.js";
import { contentOf } from "./revision.js";
import { href } from "./router.js";
import { saveRevision, signerView } from "./signatures.js";

/** @import {Comparable} from "./diff.js" */
/** @import {Context, Schemas, Screen} from "./types" */

/** The draft, among the revisions to compare. */
const DRAFT = "draft";
const REVISION = "/cases/{case_id}/revisions/{revision}";

/** @type {Screen} */
export const caseHistory = {
  title: "History of a case",
  async show(context) {
    const { api, query } = context;
    const caseId = context.path.case_id ?? "";
    const [shown, page] = await Promise.all([
      api.get("/cases/{case_id}", { path: { case_id: caseId } }),
      api.get("/cases/{case_id}/revisions", {
        path: { case_id: caseId },
        query: { cursor: query.get("cursor") ?? undefined },
      }),
    ]);
    const back = link(href(`/cases/${caseId}`), "Back to the case");
    if (shown.revision === null) {
      return empty("This case has no signed revision yet. Finalize its draft to make the first one.", back);
    }
    const comparison = comparisonPanel(context, shown);
    const result = fragment(
      h(
        "p",
        { class: "row" },
        caseStatus(shown.status),
        shown.amendment_reason !== null && badge("open amendment", "open"),
        back,
      ),
      h("h2", null, "Revisions"),
      h("ol", { class: "timeline" }, page.items.map((revision) => revisionView(context, revision, caseId, comparison.compare))),
      pages(`/cases/${caseId}/history`, query, page.next_cursor),
      comparison.panel,
    );
    if (query.has("from") && query.has("to")) await comparison.start();
    return result;
  },
};

/**
 * @param {Context} context
 * @param {Schemas["RevisionSummary"]} revision
 * @param {string} caseId
 * @param {(from: string, to: string) => Promise<void>} compare
 */
function revisionView({ api }, revision, caseId, compare) {
  const { revision: number, status, created_at: time, sha256, change_reason: reason, meaning, signatures } = revision;
  return h(
    "li",
    null,
    h(
      "h3",
      null,
      link(href(`/cases/${caseId}`, { revision: number }), `Revision ${number}`),
      caseStatus(status),
      when(time),
    ),
    h(
      "div",
      { class: "row" },
      h("div", null, signerView(revision)),
      h("span", null, capitalized(meaning)),
      h("span", null, counted(signatures, "signature")),
    ),
    reason !== null && h("p", null, h("span", { class: "muted" }, "Reason: "), h("bdi", null, reason)),
    h(
      "p",
      { class: "row" },
      h("span", null, "SHA-256 ", h("code", { title: sha256 }, `${sha256.slice(0, 16)}…`)),
      copyButton("Copy SHA-256", () => sha256),
      button(`Download revision ${number}`, async () => {
        saveRevision(caseId, await api.get(REVISION, { path: { case_id: caseId, revision: number } }));
      }),
    ),
    number > 1 && button(`Compare with revision ${number - 1}`, () => compare(String(number - 1), String(number))),
  );
}

/**
 * The form that compares two revisions, or a revision and the draft. `compare` chooses them and compares; `start`
 * compares those that are chosen.
 *
 * @param {Context} context
 * @param {Schemas["Case"]} shown a case with a signed revision
 */
function comparisonPanel(context, shown) {
  const last = shown.revision ?? 1;
  const numbers = Array.from({ length: last }, (_, place) => String(last - place));
  const values = shown.amendment_reason === null ? numbers : [DRAFT, ...numbers];
  /** @type {Record<string, string>} */
  const labels = { [DRAFT]: "Open amendment (draft)" };
  for (const number of numbers) labels[number] = `Revision ${number}`;
  const given = (/** @type {string} */ name) => values.find((value) => value === context.query.get(name));
  const from = select(values, { chosen: given("from") ?? values[1] ?? values[0] ?? null, labels });
  const to = select(values, { chosen: given("to") ?? values[0] ?? null, labels });
  const heading = h("h2", { tabindex: -1 }, "Differences");
  const place = h("div");
  const submit = h("button", { type: "submit", class: "primary" }, "Compare");
  const read = reader(context, shown.id);

  const show = async () => {
    // The choice can change before the answers arrive.
    const [earlier, later] = [from.value, to.value];
    if (earlier === later) {
      place.replaceChildren(h("p", null, "Choose two that are not the same."));
      return;
    }
    const [before, after] = await Promise.all([read(earlier), read(later)]);
    const found = differences(before, after);
    const count = found.filter(({ kind }) => kind !== "erased").length;
    const named = `From ${labels[earlier]} to ${labels[later]}`;
    place.replaceChildren(
      h("p", null, `${named}: ${counted(count, "field")} with differences.`),
      differencesView(found),
    );
    const query = { ...Object.fromEntries(context.query), from: earlier, to: later };
    history.replaceState(null, "", href(`/cases/${shown.id}/history`, query));
    announce(`${counted(count, "field")} with differences.`);
  };
  let running = Promise.resolve();
  const start = () => (running = running.then(() => run(submit, show)));
  const form = h(
    "form",
    {
      class: "row",
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void start();
      },
    },
    field("From", from),
    field("To", to),
    submit,
  );
  const hint = h("p", { class: "hint" }, "Comparing takes up to two requests.");
  const none = h("p", { class: "hint" }, "Nothing to compare yet: the case has one revision and no open amendment.");
  return {
    panel: h("section", null, heading, values.length > 1 ? [form, hint, place] : none),
    start,
    /** @type {(earlier: string, later: string) => Promise<void>} */
    compare: async (earlier, later) => {
      from.value = earlier;
      to.value = later;
      await start();
      heading.focus();
    },
  };
}

/**
 * Reads what can be compared, each once.
 *
 * @param {Context} context
 * @param {string} caseId
 * @returns {(which: string) => Promise<Comparable>} by the number of a revision, or `draft`
 */
function reader({ api }, caseId) {
  /** @type {Map<string, Comparable>} */
  const known = new Map();
  return async (which) => {
    const stored = known.get(which);
    if (stored) return stored;
    if (which === DRAFT) return api.get("/cases/{case_id}/draft", { path: { case_id: caseId } });
    const revision = await api.get(REVISION, { path: { case_id: caseId, revision: Number(which) } });
    const { content, erased } = contentOf(revision);
    known.set(which, { ...content, erased });
    return { ...content, erased };
  };
}

/** @type {Screen} */
export const caseAccessLog = {
  title: "Access log of a case",
  async show({ api, path, query }) {
    const caseId = path.case_id ?? "";
    const back = link(href(`/cases/${caseId}`), "Back to the case");
    const page = await api.get("/cases/{case_id}/access-log", {
      path: { case_id: caseId },
      query: { cursor: query.get("cursor") ?? undefined },
    });
    return fragment(
      h("p", { class: "row" }, back),
      page.items.length > 0 ? accessTable(page.items) : empty("There are no entries.", back),
      pages(`/cases/${caseId}/access-log`, query, page.next_cursor),
    );
  },
};
