// The list of cases: filters in the URL, searches in memory, pages.

import { fragment, h } from "./dom.js";
import { counted, words } from "./format.js";
import { dateInput, foldedForm, idInput, newCaseLinks, noCasesYet, pages, startOfDay, uuidOf, visit } from "./lists.js";
import { button, caseStatus, download, empty, field, link, select, table, when } from "./parts.js";
import { go, href } from "./router.js";
import { owner } from "./session.js";

/** @import {Context, Schemas, Screen} from "./types" */
/** @typedef {{external_id?: string, subject?: string, tag?: string}} Search */

const PATH = "/cases";
/** @type {readonly Schemas["CaseStatus"][]} */
const STATUSES = ["draft", "final", "amended", "cancelled", "entered_in_error"];
const SIZES = [20, 50, 100];
const SIZE = 50;
const FILTERS = ["status", "type", "created_since", "created_before", "updated_since", "updated_before"];

/**
 * What is searched for. It can be personal data, so the URL says only that there is a search (`search=on`), and it is
 * of one session.
 *
 * @type {{session: object, fields: Search} | null}
 */
let remembered = null;

/** @type {Screen} */
export const cases = {
  title: "Cases",
  async show(context) {
    const search = searchOf(context);
    const query = queryOf(context, search);
    const page = await pageOf(context, query, search);
    const isFiltered = FILTERS.some((name) => query.get(name));
    const isNarrowed = isFiltered || search !== null;
    const hasNone = page.items.length === 0 && !isNarrowed && !query.has("cursor");
    return fragment(
      !hasNone && h("div", { class: "row" }, newCaseLinks(context.caller)),
      h(
        "div",
        { class: "folds" },
        filterForm(context, query, isFiltered),
        searchForm(context, query, search),
        openForm(),
      ),
      search && searchLine(context, query, search),
      page.items.length > 0 ? list(page.items) : hasNone ? noCasesYet(...spaced(newCaseLinks(context.caller))) : noneFound(isNarrowed),
      pages(PATH, query, page.next_cursor),
    );
  },
};

/**
 * The search that the URL stands for; null if there is none, or if it was lost because the page was loaded again.
 *
 * @param {Context} context
 */
function searchOf({ query }) {
  return query.has("search") && remembered?.session === owner() ? remembered.fields : null;
}

/**
 * The query of the URL. Without its search, its cursor is a place in another list.
 *
 * @param {Context} context
 * @param {Search | null} search
 */
function queryOf({ query }, search) {
  if (search !== null || !query.has("search")) return query;
  const values = { ...Object.fromEntries(query), search: null, cursor: null };
  history.replaceState(null, "", href(PATH, values));
  return new URLSearchParams(href(PATH, values).split("?")[1] ?? "");
}

/** @param {URLSearchParams} query */
function sizeOf(query) {
  return SIZES.find((size) => String(size) === query.get("limit")) ?? SIZE;
}

/**
 * @param {Context} context
 * @param {URLSearchParams} query
 * @param {Search | null} search
 * @returns {Promise<Schemas["CasePage"]>}
 */
function pageOf({ api }, query, search) {
  const asked = {
    status: STATUSES.find((status) => status === query.get("status")),
    type: query.get("type") || undefined,
    created_since: startOfDay(query.get("created_since")),
    created_before: startOfDay(query.get("created_before")),
    updated_since: startOfDay(query.get("updated_since")),
    updated_before: startOfDay(query.get("updated_before")),
    limit: sizeOf(query),
    cursor: query.get("cursor") ?? undefined,
  };
  if (search === null) return api.get("/cases", { query: asked });
  return api.post("/cases/search", { body: { ...asked, ...search }, isRead: true });
}

/**
 * @param {Context} context
 * @param {URLSearchParams} query
 * @param {boolean} isFiltered
 */
function filterForm(context, query, isFiltered) {
  const status = select(STATUSES, { chosen: query.get("status"), none: "Any status" });
  const type = textInput(510, query.get("type"));
  const createdSince = dateInput(query.get("created_since"));
  const createdBefore = dateInput(query.get("created_before"));
  const updatedSince = dateInput(query.get("updated_since"));
  const updatedBefore = dateInput(query.get("updated_before"));
  const size = select(SIZES.map(String), { chosen: String(sizeOf(query)) });
  const search = query.get("search");
  return foldedForm(
    isFiltered ? "Filter (in use)" : "Filter",
    isFiltered,
    [
      field("Status", status),
      field("Type", type, "A code, or system|code."),
      field("Created since", createdSince),
      field("Created before", createdBefore),
      field("Changed since", updatedSince),
      field("Changed before", updatedBefore),
      field("Cases per page", size),
    ],
    [h("button", { type: "submit", class: "primary" }, "Apply"), link(href(PATH, { search }), "Clear filter")],
    () =>
      visit(context, PATH, {
        status: status.value,
        type: type.value.trim(),
        created_since: createdSince.value,
        created_before: createdBefore.value,
        updated_since: updatedSince.value,
        updated_before: updatedBefore.value,
        limit: size.value === String(SIZE) ? null : size.value,
        search,
      }),
  );
}

/**
 * @param {Context} context
 * @param {URLSearchParams} query
 * @param {Search | null} search
 */
function searchForm(context, query, search) {
  const externalId = textInput(128, search?.external_id);
  const subject = textInput(510, search?.subject);
  const tag = textInput(64, search?.tag);
  return foldedForm(
    "Search by external id, subject or tag",
    search !== null,
    [
      field("External id", externalId, "Finds cancelled and voided cases only with a filter by their status."),
      field("Subject identifier", subject, "A value, or system|value."),
      field("Tag", tag),
    ],
    [
      h("button", { type: "submit", class: "primary" }, "Search"),
      h("p", { class: "hint" }, "Kept in memory only. It is not in the URL, and a reload of the page ends it."),
    ],
    () => {
      /** @type {Search} */
      const fields = {};
      if (externalId.value.trim()) fields.external_id = externalId.value.trim();
      if (subject.value.trim()) fields.subject = subject.value.trim();
      if (tag.value.trim()) fields.tag = tag.value.trim();
      setSearch(context, query, Object.keys(fields).length > 0 ? fields : null);
    },
  );
}

/**
 * Search, or end the search, and show the first page.
 *
 * @param {Context} context
 * @param {URLSearchParams} query
 * @param {Search | null} fields
 */
function setSearch(context, query, fields) {
  remembered = fields && { session: owner(), fields };
  visit(context, PATH, { ...Object.fromEntries(query), search: fields && "on", cursor: null });
}

/**
 * @param {number} length the most characters
 * @param {string | null} [value]
 */
function textInput(length, value) {
  return h("input", { type: "text", dir: "auto", autocomplete: "off", spellcheck: "false", maxlength: length, value });
}

function openForm() {
  const id = idInput();
  id.required = true;
  return foldedForm(
    "Open by case id",
    false,
    [field("Case id", id)],
    [h("button", { type: "submit", class: "primary" }, "Open")],
    () => go(`${PATH}/${uuidOf(id.value)}`),
  );
}

/**
 * @param {Context} context
 * @param {URLSearchParams} query
 * @param {Search} search
 */
function searchLine(context, query, search) {
  const parts = Object.entries(search).map(([name, value], place) =>
    fragment(place > 0 && ", ", `${words(name)} `, h("bdi", { class: "mono" }, `“${value}”`)),
  );
  return h(
    "div",
    { class: "row" },
    h("p", null, "Searching for ", ...parts),
    button("Clear search", () => setSearch(context, query, null)),
  );
}

/** @param {Schemas["CaseSummary"][]} items */
function list(items) {
  const lines = () => items.map((item) => `${JSON.stringify(item)}\n`).join("");
  return fragment(
    table(
      "Cases",
      [
        {
          title: "Title",
          isHeader: true,
          cell: ({ id, title }) => h("a", { href: href(`${PATH}/${id}`), dir: "auto" }, title),
        },
        { title: "Status", cell: ({ status }) => caseStatus(status) },
        { title: "External id", cell: ({ external_id: id }) => (id ? h("bdi", { class: "mono" }, id) : "–") },
        { title: "Created", cell: ({ created_at: time }) => when(time) },
        { title: "Changed", cell: ({ updated_at: time }) => when(time) },
        { title: "First signed", cell: ({ finalized_at: time }) => when(time) },
      ],
      items,
    ),
    h(
      "div",
      { class: "row" },
      h("p", { class: "muted" }, `${counted(items.length, "case")} shown, newest first.`),
      button("Download this page (NDJSON)", () => download("cases.ndjson", "application/x-ndjson", lines()), {
        description: "One case summary per line",
      }),
    ),
  );
}

/** @param {boolean} isNarrowed by a filter or a search */
function noneFound(isNarrowed) {
  if (!isNarrowed) return empty("This page has no cases.");
  return empty("No case matches. Change the filter or the search.", link(href(PATH), "Show all cases"));
}

/** @param {(Node | false)[]} nodes */
function spaced(nodes) {
  return nodes.flatMap((node) => (node ? [node, " "] : []));
}
