// The access log: who read or changed which case, when, and with which request.

import { fragment, h } from "./dom.js";
import { capitalized, counted, localTime, number, words } from "./format.js";
import { dateInput, foldedForm, idInput, pages, startOfDay, uuidOf, visit } from "./lists.js";
import { copyButton, empty, field, link, table } from "./parts.js";
import { href } from "./router.js";

/** @import {Column} from "./parts.js" */
/** @import {Schemas, Screen} from "./types" */

const PATH = "/access-log";

/**
 * What was done, by `operationId`.
 *
 * @type {Record<string, string>}
 */
const OPERATIONS = {
  list_cases: "Listed cases",
  search_cases: "Searched cases",
  create_case: "Created case",
  get_case: "Read case",
  update_case: "Changed draft",
  cancel_case: "Cancelled draft",
  get_draft: "Read draft",
  finalize_case: "Finalized case",
  amend_case: "Began amendment",
  void_case: "Voided case",
  attest_case: "Attested case",
  erase_subject: "Erased fields of case",
  verify_replay: "Verified case",
  list_revisions: "Listed revisions",
  get_revision: "Read revision",
  get_document: "Read FHIR document",
  list_case_accesses: "Read access log of case",
  import_document: "Imported case",
  export_cases: "Exported cases",
  export_subject_cases: "Exported case of a subject",
  erase_subject_cases: "Erased subject of case",
};

/** Operations whose count is of cases that were streamed, not shown. */
const EXPORTS = new Set(["export_cases", "export_subject_cases"]);

/** @param {Schemas["AccessLogEntry"]} entry */
function done({ operation, count }) {
  const text = OPERATIONS[operation] ?? capitalized(words(operation));
  if (count === null) return text;
  return `${text} (${EXPORTS.has(operation) ? counted(count, "case") : `${number(count)} shown`})`;
}

/** @param {Schemas["AccessLogEntry"]["filter"]} filter */
function filterText(filter) {
  if (!filter) return "–";
  const parts = Object.entries(filter).map(([name, value]) => {
    if (value === true) return `${words(name)} (value not logged)`;
    const text = String(value);
    const isTime = /_(since|before)$/.test(name) && !Number.isNaN(Date.parse(text));
    return `${words(name)} ${isTime ? localTime(text) : text}`;
  });
  return parts.length > 0 ? parts.join(", ") : "all cases";
}

/** @param {string} id */
function short(id) {
  return `${id.slice(0, 8)}…`;
}

/**
 * Entries as a table.
 *
 * @param {readonly Schemas["AccessLogEntry"][]} entries
 * @param {{withCase?: boolean}} [options] `withCase`: entries of many cases and of lists, for an admin: the table links
 *   to cases and to the entries of a key, and shows filters
 */
export function accessTable(entries, { withCase = false } = {}) {
  /** @type {Column<Schemas["AccessLogEntry"]>[]} */
  const ofMany = [
    {
      title: "Case",
      cell: ({ case_id: id }) =>
        id ? h("a", { href: href(`/cases/${id}`), class: "mono nowrap", title: id }, short(id)) : "–",
    },
    { title: "Filter", cell: ({ filter }) => h("span", { dir: "auto" }, filterText(filter)) },
  ];
  return table(
    "Access log",
    [
      // To the second, because the order matters here.
      { title: "Time", cell: ({ created_at: time }) => h("time", { datetime: time, title: time }, localTime(time) + time.slice(16, 19)) },
      {
        title: "Operation",
        isHeader: true,
        cell: (entry) => [done(entry), h("br"), h("code", { class: "muted" }, entry.operation)],
      },
      ...(withCase ? ofMany : []),
      {
        title: "Key",
        cell: ({ key_id: key, key_label: label }) =>
          withCase
            ? h("a", { href: href(PATH, { key }), dir: "auto", title: "Show the entries of this key" }, label)
            : h("span", { dir: "auto", title: key }, label),
      },
      {
        title: "Request",
        cell: ({ request_id: id }) =>
          h("span", { class: "row" }, h("code", { class: "nowrap", title: id }, short(id)), copyButton("Copy id", () => id)),
      },
    ],
    entries,
  );
}

/** @type {Screen} */
export const accessLog = {
  title: "Access log",
  async show(context) {
    const { api, query } = context;
    const filters = {
      case_id: uuidOf(query.get("case")),
      key_id: uuidOf(query.get("key")),
      since: startOfDay(query.get("from")),
      before: startOfDay(query.get("to"), 1),
    };
    const cursor = query.get("cursor") ?? undefined;
    const page = await api.get("/admin/access-log", { query: { ...filters, cursor } });
    const isFiltered = Object.values(filters).some((value) => value !== undefined);
    const ofCase = idInput(query.get("case"));
    const ofKey = idInput(query.get("key"));
    const from = dateInput(query.get("from"));
    const to = dateInput(query.get("to"));
    const filter = foldedForm(
      isFiltered ? "Filter (in use)" : "Filter",
      isFiltered,
      [
        field("Case id", ofCase),
        field("Key id", ofKey, "Or choose a key in the table."),
        field("From", from),
        field("To", to, "This day is included."),
      ],
      [h("button", { type: "submit", class: "primary" }, "Apply"), link(href(PATH), "Clear filter")],
      () =>
        visit(context, PATH, { case: uuidOf(ofCase.value), key: uuidOf(ofKey.value), from: from.value, to: to.value }),
    );
    return fragment(
      h("p", null, "Who read or changed cases, newest first. A list of cases is one entry. No content is logged."),
      filter,
      page.items.length > 0
        ? accessTable(page.items, { withCase: true })
        : isFiltered || query.has("cursor")
          ? empty("No entry matches.", link(href(PATH), "Show all entries"))
          : empty("No entries yet. Reading or changing a case makes the first one."),
      pages(PATH, query, page.next_cursor),
    );
  },
};
