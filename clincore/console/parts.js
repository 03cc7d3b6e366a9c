// Parts that screens share: times, states, tables, forms, dialogs, errors.

import { ApiError, SERVICE } from "./api.js";
import { inOrder } from "./bidi.js";
import { fragment, h } from "./dom.js";
import { capitalized, localTime, relativeTime, words } from "./format.js";

/** @import {Child} from "./dom.js" */
/** @import {Schemas} from "./types" */

/**
 * A time, absolute and relative.
 *
 * @param {string | null | undefined} time
 * @param {string} [otherwise] shown without a time
 */
export function when(time, otherwise = "–") {
  if (!time) return h("span", { class: "muted" }, otherwise);
  const relative = h("span", { class: "muted" }, `(${relativeTime(time)})`);
  return h("time", { datetime: time, title: time }, h("span", null, localTime(time)), " ", relative);
}

/**
 * The state of a case, a key or a check, as a word in a coloured frame.
 *
 * @param {string} state a value of the contract
 * @param {"good" | "open" | "bad" | "off"} tone
 */
export function badge(state, tone) {
  return h("span", { class: `badge ${tone}` }, words(state));
}

/** @type {Record<Schemas["CaseStatus"], "good" | "open" | "bad" | "off">} */
const CASE_TONES = { draft: "open", final: "good", amended: "good", cancelled: "off", entered_in_error: "bad" };

/** @param {Schemas["CaseStatus"]} status */
export function caseStatus(status) {
  return badge(status, CASE_TONES[status] ?? "off");
}

/**
 * A link that looks like one; for acts use `button`.
 *
 * @param {string} href
 * @param {...Child} children
 */
export function link(href, ...children) {
  return h("a", { href }, ...children);
}

/**
 * A link to a page of the service outside of the console. It has its own tab, because the console forgets the key when
 * its page is left.
 *
 * @param {string} path
 * @param {string} text
 */
export function pageLink(path, text) {
  return h("a", { href: new URL(path, SERVICE).href, target: "_blank", rel: "noopener" }, text);
}

/**
 * A button that cannot be pressed twice while its act is in progress. An error of the act is shown after it.
 *
 * @param {string} label
 * @param {() => unknown} act
 * @param {{kind?: "primary" | "danger" | "plain", description?: string}} [options]
 */
export function button(label, act, { kind = "plain", description } = {}) {
  const made = h("button", { type: "button", class: kind, title: description }, label);
  made.addEventListener("click", () => run(made, act));
  return made;
}

/**
 * Run an act of a control: it is disabled meanwhile, and an error is shown after it.
 *
 * @param {HTMLButtonElement} control
 * @param {() => unknown} act
 */
export async function run(control, act) {
  if (control.getAttribute("aria-disabled") === "true") return;
  const shown = control.nextElementSibling;
  if (shown?.classList.contains("problem")) shown.remove();
  // Not `disabled`: the focus would be lost.
  control.setAttribute("aria-disabled", "true");
  try {
    await act();
  } catch (error) {
    if (isAbort(error)) return;
    const problem = problemView(error);
    control.after(problem);
    // It can be below the end of a dialog or of the window. A field with an error has the focus, and stays in view.
    const isAtField = document.activeElement?.getAttribute("aria-invalid") === "true";
    if (!isAtField) problem.scrollIntoView({ block: "nearest" });
  } finally {
    control.removeAttribute("aria-disabled");
  }
}

/** @param {unknown} error */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * An error with what to do, the request's id and a link to the page of its type.
 *
 * @param {unknown} error
 */
export function problemView(error) {
  if (!(error instanceof ApiError)) {
    console.error(error);
    return h("div", { class: "problem", role: "alert" }, h("strong", null, "The console has an error"), h("p", null, String(error)));
  }
  const { problem, status, code } = error;
  const errors = problem.errors ?? [];
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("strong", null, status ? `${problem.title} (${status})` : problem.title),
    errors.length === 0 && h("p", null, error.message),
    errors.length > 0 && h("ul", null, errors.map(({ pointer, detail }) => h("li", null, pointer && h("code", null, pointer), pointer && " ", detail))),
    h(
      "p",
      { class: "small" },
      problem.request_id && fragment("Request ", h("code", null, problem.request_id)),
      code && fragment(problem.request_id && " · ", pageLink(`problems/${code}`, "What does this mean?")),
    ),
  );
}

/**
 * What a screen shows when there is nothing: what it would be, and what to do.
 *
 * @param {string} text
 * @param {...Child} next
 */
export function empty(text, ...next) {
  return h("div", { class: "empty" }, h("p", null, text), next.length > 0 && h("p", null, ...next));
}

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: Row) => Child | Child[]} cell
 * @property {boolean} [isNumber]
 * @property {boolean} [isHeader] the cell names its row
 * @property {boolean} [isPlain] it needs no title beside it on a narrow screen
 */

/**
 * A table that scrolls inside its own region when it is wider than the screen. On a narrow screen, each row becomes a
 * block with the titles beside the values; tables of numbers stay as they are.
 *
 * @template Row
 * @param {string} caption the name of the table, for screen readers
 * @param {Column<Row>[]} columns
 * @param {readonly Row[]} rows
 */
export function table(caption, columns, rows) {
  const isStacked = columns.some(({ isHeader, isNumber }) => !isHeader && !isNumber);
  return h(
    "div",
    { class: "scroll", role: "region", "aria-label": caption, tabindex: 0 },
    h(
      "table",
      { class: isStacked && "stack" },
      h("caption", { class: "hidden" }, caption),
      h("thead", null, h("tr", null, columns.map(({ title, isNumber }) => h("th", { scope: "col", dir: "auto", class: isNumber && "number" }, title)))),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            null,
            columns.map(({ title, cell, isNumber, isHeader, isPlain }) => {
              const content = [cell(row)].flat();
              if (isHeader) return h("th", { scope: "row" }, content);
              if (!isStacked) return h("td", { class: isNumber && "number" }, content);
              const value = h("div", { class: "value-of" }, content);
              const isEmpty = ["", "–"].includes(value.textContent ?? "");
              const kind = isEmpty ? "none" : isNumber && "number";
              return h("td", { class: kind, "data-title": !isPlain && title }, value);
            }),
          ),
        ),
      ),
    ),
  );
}

/**
 * A label with its control and, if given, a hint.
 *
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control gets an id
 * @param {Child} [hint]
 */
export function field(label, control, hint) {
  control.id ||= newId("field");
  const notes = [orderNote(control), hint ? h("p", { class: "hint" }, hint) : null].filter((note) => note !== null);
  for (const note of notes) note.id = newId("hint");
  if (notes.length > 0) control.setAttribute("aria-describedby", notes.map(({ id }) => id).join(" "));
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, notes);
}

/**
 * The text of a control, while it has characters that show others in a wrong order. The control shows them so: they are
 * a part of what is saved.
 *
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 */
function orderNote(control) {
  if (!(control instanceof HTMLTextAreaElement) && control.type !== "text") return null;
  const note = h("p", { class: "order-note", dir: "auto" });
  const update = () => {
    const ordered = inOrder(control.value);
    note.hidden = ordered === control.value;
    note.textContent = note.hidden ? "" : `In the order in which it was written: ${ordered}`;
  };
  control.addEventListener("input", update);
  update();
  return note;
}

/**
 * A select with these values; their labels are the values in words.
 *
 * @param {readonly string[]} values
 * @param {{chosen?: string | null, none?: string, labels?: Record<string, string>}} [options] `none`: the label of an empty first choice
 */
export function select(values, { chosen, none, labels = {} } = {}) {
  return h(
    "select",
    null,
    none !== undefined && h("option", { value: "" }, none),
    values.map((value) => h("option", { value, selected: value === chosen }, labels[value] ?? capitalized(words(value)))),
  );
}

let ids = 0;

/** @param {string} prefix */
export function newId(prefix) {
  return `${prefix}-${++ids}`;
}

/**
 * A button that copies text.
 *
 * @param {string} label
 * @param {() => string} text
 */
export function copyButton(label, text) {
  return button(label, async () => {
    await copy(text());
    announce("Copied.");
  });
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text);
  }
}

/**
 * Pages of plain HTTP have no clipboard, and browsers can refuse it.
 *
 * @param {string} text
 */
function copySelected(text) {
  const focused = document.activeElement;
  const area = h("textarea", { class: "hidden", "aria-hidden": "true", tabindex: -1 });
  area.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!isCopied) throw new Error("The browser does not let the console copy. Select the text, and copy it yourself.");
}

/** How long an announcement stays over the page, in milliseconds. The screen shows its result in its own place too. */
const ANNOUNCED = 10_000;
let announcing = 0;

/**
 * Tell everyone, also by screen readers, that something was done.
 *
 * @param {string} text
 */
export function announce(text) {
  const place = document.querySelector("#announcements");
  if (!place) return;
  clearTimeout(announcing);
  announcing = setTimeout(() => place.replaceChildren(), ANNOUNCED);
  // What is outside of an open dialog is inert.
  (document.querySelector("dialog[open]") ?? document.body).append(place);
  place.textContent = "";
  place.append(fragment(text));
}

/**
 * Save text as a file.
 *
 * @param {string} name
 * @param {string} type the media type
 * @param {string} text
 */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Ask in a dialog, and do what the person confirms. An error keeps the dialog open and is shown in it.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {Child | Child[]} question.content what will happen, and the form's fields
 * @param {string} question.action the label of the button, a verb
 * @param {() => unknown} question.act called when the form is valid and confirmed
 * @param {string} [question.typed] what the person must type to confirm an act that cannot be undone
 * @param {boolean} [question.isDanger]
 * @returns {Promise<boolean>} whether it was done
 */
export function ask({ title, content, action, act, typed, isDanger = false }) {
  const titleId = newId("dialog");
  const typing = typed === undefined ? null : h("input", { type: "text", autocomplete: "off", spellcheck: "false", required: true });
  let isDone = false;
  const submit = h("button", { type: "submit", class: isDanger ? "danger" : "primary" }, action);
  const back = h("button", { type: "button" }, "Go back");
  let isRunning = false;
  let isLeft = false;
  const form = h(
    "form",
    null,
    h("h2", { id: titleId }, title),
    [content].flat(),
    typing && field(`Type ${typed} to confirm`, typing),
    h("div", { class: "buttons" }, back, submit),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (typing && typing.value.trim() !== typed) {
      typing.setCustomValidity(`Type ${typed} to confirm.`);
      typing.reportValidity();
      return;
    }
    void run(submit, async () => {
      isRunning = true;
      try {
        await act();
        isDone = true;
      } finally {
        isRunning = false;
        submit.hidden = isLeft;
      }
      dialog.close();
    });
  });
  typing?.addEventListener("input", () => typing.setCustomValidity(""));
  const dialog = h("dialog", { "aria-labelledby": titleId }, form);
  const close = () => {
    // What was confirmed cannot be taken back, and its answer must be seen.
    if (!isRunning) dialog.close();
  };
  const leave = () => {
    isLeft = true;
    close();
  };
  back.addEventListener("click", close);
  dialog.addEventListener("cancel", (event) => {
    if (isRunning) event.preventDefault();
  });
  // The question is about what the screen shows.
  window.addEventListener("hashchange", leave);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      // Some browsers close a dialog on a second Escape, whatever its listeners say.
      if (isRunning) return dialog.showModal();
      window.removeEventListener("hashchange", leave);
      removeDialog(dialog);
      return resolve(isDone);
    });
  });
}

/**
 * Remove a dialog, and keep what tells screen readers what was done: it is in the dialog while that is open.
 *
 * @param {HTMLDialogElement} dialog
 */
export function removeDialog(dialog) {
  const told = dialog.querySelector("#announcements");
  if (told) document.body.append(told);
  dialog.remove();
}
