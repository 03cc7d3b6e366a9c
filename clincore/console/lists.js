// Parts of lists: filters in the URL, pages, and the ways to a new case.

import { fragment, h } from "./dom.js";
import { empty, link } from "./parts.js";
import { can } from "./rights.js";
import { href } from "./router.js";

/** @import {Child} from "./dom.js" */
/** @import {Context, Schemas} from "./types" */
/** @typedef {Record<string, string | number | null | undefined>} Values the query of a URL */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DATE = /^([12]\d{3})-([01]\d)-([0-3]\d)$/;

/**
 * The id in lower case; undefined if the text is no UUID.
 *
 * @param {string | null | undefined} text
 */
export function uuidOf(text) {
  const id = (text ?? "").trim().toLowerCase();
  return UUID.test(id) ? id : undefined;
}

/**
 * The start of a day in the browser's time zone, as the API takes times; undefined if the text is no date.
 *
 * @param {string | null} date such as `2026-03-02`
 * @param {number} [daysLater] the start of a later day
 */
export function startOfDay(date, daysLater = 0) {
  const found = DATE.exec(date ?? "");
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map(Number);
  return new Date(year ?? 0, (month ?? 0) - 1, (day ?? 0) + daysLater).toISOString();
}

/** @param {string | null} value */
export function dateInput(value) {
  return h("input", { type: "date", min: "1900-01-01", max: "2999-12-30", value });
}

/**
 * A control for the id of something. The form that has it cannot be sent with anything else.
 *
 * @param {string | null} [value]
 */
export function idInput(value) {
  return h("input", {
    type: "text",
    class: "mono",
    autocomplete: "off",
    spellcheck: "false",
    pattern: "\\s*[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\s*",
    title: "An id looks like 3f0e1a52-7c84-4d0e-9f57-0a4f4d1b8c11.",
    value,
  });
}

/**
 * A part of a form that can be opened.
 *
 * @param {string} title
 * @param {boolean} isOpen
 * @param {(Node | false)[]} fields
 * @param {Node[]} buttons the first of them sends the form
 * @param {() => void} onsubmit
 */
export function foldedForm(title, isOpen, fields, buttons, onsubmit) {
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    onsubmit();
  };
  return h(
    "details",
    { class: "fold", open: isOpen },
    h("summary", null, title),
    h("form", { onsubmit: send }, h("div", { class: "fields" }, fields), h("div", { class: "buttons" }, buttons)),
  );
}

/**
 * Show a screen with these values in its URL, again if it is there already.
 *
 * @param {Context} context
 * @param {string} path
 * @param {Values} values
 */
export function visit(context, path, values) {
  const hash = href(path, values);
  if (location.hash === hash) context.reload();
  else location.hash = hash;
}

/**
 * Links to the first and the next page of a list; null if it has one page.
 *
 * @param {string} path
 * @param {URLSearchParams} query the query of the page that is shown
 * @param {string | undefined} next the cursor of the next page
 */
export function pages(path, query, next) {
  const isFirst = !query.has("cursor");
  if (isFirst && !next) return null;
  const values = Object.fromEntries(query);
  return h(
    "nav",
    { class: "row", "aria-label": "Pages" },
    !isFirst && link(href(path, { ...values, cursor: null }), "First page"),
    next && link(href(path, { ...values, cursor: next }), "Next page"),
  );
}

/**
 * What a list says of a tenant without cases.
 *
 * @param {...Child} next the ways to a new case
 */
export function noCasesYet(...next) {
  return fragment(
    empty("No cases yet. Create the first one, or import FHIR documents.", ...next),
    h("p", null, "To look around, load 20 cases of an invented clinic: ", h("code", null, "clincore init --demo")),
  );
}

/**
 * The ways to a new case that the key may go.
 *
 * @param {Schemas["Caller"]} caller
 */
export function newCaseLinks(caller) {
  return [
    can(caller, { scope: "write" }) && h("a", { class: "button primary", href: href("/cases/new") }, "New case"),
    can(caller, { scope: "import" }) && h("a", { class: "button", href: href("/import") }, "Import"),
  ];
}
