// The lists of a case: entries that are added, edited, moved and removed.

import { fragment, h } from "./dom.js";
import { addLabel, changed, controlsIn, listAt } from "./edit_controls.js";
import { KINDS, entryName } from "./edit_entries.js";
import { MAKE } from "./edit_errors.js";
import { capitalized } from "./format.js";
import { announce, field, newId } from "./parts.js";
import { isObject, tidy } from "./patch.js";

/** @import {Json} from "./patch.js" */

/**
 * The entries of one list of a case, with a button to add one.
 *
 * @param {Json} content the content of the case
 * @param {string} name the list, such as `conditions`
 */
export function entryList(content, name) {
  const kind = KINDS[name];
  if (!kind) throw new Error(`There is no form for ${name}.`);
  const { item, max } = kind;
  const list = () => listAt(content, [name]);
  const place = h("ol", { class: "entries", "data-at": name });
  const none = h("p", { class: "muted" }, "None.");
  const undo = h("button", { type: "button", hidden: true });
  /** @type {{index: number, entry: unknown} | null} */
  let removed = null;

  const renumber = () => {
    const items = [...place.children];
    items.forEach((element, index) => {
      element.setAttribute("data-at", String(index));
      for (const control of element.querySelectorAll(":scope > .entry-buttons > button")) {
        control.setAttribute("aria-label", `${control.textContent}: ${item} ${index + 1}`);
      }
    });
    none.hidden = items.length > 0;
    add.hidden = items.length >= max;
  };

  /** @param {HTMLElement} element */
  const indexOf = (element) => [...place.children].indexOf(element);

  /**
   * @param {HTMLElement} element
   * @param {-1 | 1} step
   * @param {HTMLElement} control keeps the focus
   */
  const move = (element, step, control) => {
    const from = indexOf(element);
    const other = place.children[from + step];
    if (!other) return announce(`The ${item} is the ${step < 0 ? "first" : "last"} one.`);
    const entries = list();
    [entries[from], entries[from + step]] = [entries[from + step], entries[from]];
    if (step < 0) other.before(element);
    else other.after(element);
    renumber();
    control.focus();
    changed(place);
    return announce(`Moved to place ${from + step + 1}.`);
  };

  /** @param {HTMLElement} element */
  const remove = (element) => {
    const index = indexOf(element);
    removed = { index, entry: list().splice(index, 1)[0] };
    element.remove();
    undo.textContent = `Undo: remove ${item} ${index + 1}`;
    undo.hidden = false;
    renumber();
    undo.focus();
    changed(place);
  };

  undo.addEventListener("click", () => {
    if (!removed) return;
    const { index, entry } = removed;
    removed = null;
    list().splice(index, 0, entry);
    const element = itemOf(entry);
    place.insertBefore(element, place.children[index] ?? null);
    renumber();
    undo.hidden = true;
    element.querySelector("summary")?.focus();
    changed(place);
  });

  /**
   * @param {unknown} entry
   * @returns {HTMLLIElement}
   */
  const itemOf = (entry) => {
    const element = h("li", null);
    const details = entryDetails(name, entry, element, (replaced) => (list()[indexOf(element)] = replaced));
    const up = h("button", { type: "button" }, "Up");
    const down = h("button", { type: "button" }, "Down");
    up.addEventListener("click", () => move(element, -1, up));
    down.addEventListener("click", () => move(element, 1, down));
    const out = h("button", { type: "button", onclick: () => remove(element) }, "Remove");
    element.append(details, h("div", { class: "entry-buttons" }, up, down, out));
    return element;
  };

  /** @param {Json} entry */
  const append = (entry) => {
    list().push(entry);
    const element = itemOf(entry);
    place.append(element);
    renumber();
    element.dispatchEvent(new Event(MAKE));
    const details = element.querySelector("details");
    if (details) details.open = true;
    controlsIn(element)[0]?.focus();
    changed(place);
  };

  const add = adding(kind, append);
  place.append(...list().map(itemOf));
  renumber();
  return h("section", { class: "entry-list" }, h("h3", null, kind.title), none, place, h("div", { class: "row" }, add, undo));
}

/**
 * The button that adds an entry, with a choice of entries to begin with where there are such.
 *
 * @param {import("./edit_entries.js").EntryKind} kind
 * @param {(entry: Json) => void} append
 */
function adding({ item, fresh, presets }, append) {
  const label = addLabel(item);
  if (!presets) return h("div", null, h("button", { type: "button", onclick: () => append(fresh()) }, label));
  const all = presets.flatMap((group) => group.presets);
  let count = 0;
  const which = h(
    "select",
    null,
    h("option", { value: "" }, `Other ${item}`),
    presets.map(({ group, presets: some }) =>
      h("optgroup", { label: group }, some.map((preset) => h("option", { value: count++ }, preset.name))),
    ),
  );
  const onclick = () => append((all[which.value === "" ? -1 : Number(which.value)]?.entry ?? fresh)());
  return h("div", { class: "row" }, field(`Kind of ${item}`, which), h("button", { type: "button", onclick }, label));
}

/**
 * An entry: its name, which opens its fields. They are made when it is opened, because a case can have 1000 of them.
 *
 * @param {string} name the list
 * @param {unknown} given
 * @param {HTMLElement} element the item of the list
 * @param {(entry: Json) => unknown} replace called with what was edited as JSON
 */
function entryDetails(name, given, element, replace) {
  const kind = KINDS[name];
  let entry = isObject(given) ? given : {};
  const title = h("span", { dir: "auto" });
  const fields = h("div", { class: "entry-fields" });
  const json = h("textarea", { class: "mono as-json", rows: 12, spellcheck: "false", id: newId("json") });
  const showName = () => title.replaceChildren(fragment(entryName(name, entry) || `New ${kind?.item}`));
  const showJson = () => {
    // JSON that cannot be read yet stays as it was typed.
    if (!json.validity.valid) return;
    json.value = JSON.stringify(tidy(entry), null, 2);
    json.dispatchEvent(new Event("input"));
  };
  const showFields = () => {
    const focused = fields.contains(document.activeElement) ? document.activeElement?.getAttribute("data-at") : null;
    fields.replaceChildren(...(kind?.fields(entry, showFields) ?? []));
    controlsIn(fields).find((control) => focused && control.dataset.at === focused)?.focus();
  };
  const make = () => {
    if (body.hasChildNodes()) return;
    showFields();
    showJson();
    const hint = "Here you can edit all that the entry has, also what has no field above.";
    const label = `${capitalized(kind?.item ?? "entry")} as JSON`;
    body.append(fields, h("details", null, h("summary", null, "As JSON"), field(label, json, hint)));
  };
  const body = h("div", {
    oninput: (/** @type {Event} */ event) => {
      if (event.target === json) return;
      showName();
      showJson();
    },
  });
  json.addEventListener("input", () => json.setCustomValidity(""));
  json.addEventListener("change", () => {
    const read = readJson(json, isObject, "must be a JSON object");
    if (read === undefined) return;
    entry = read;
    replace(entry);
    showName();
    showFields();
    changed(body);
  });
  element.addEventListener(MAKE, make);
  showName();
  return h("details", { ontoggle: make }, h("summary", null, title), body);
}

/**
 * The JSON in a textarea. What cannot be read makes the textarea invalid, which shows when the form is saved.
 *
 * @param {HTMLTextAreaElement} control
 * @param {(value: any) => boolean} isRight
 * @param {string} rule what is said of another value
 * @returns {any} undefined if it cannot be read
 */
export function readJson(control, isRight, rule) {
  try {
    const value = JSON.parse(control.value);
    control.setCustomValidity(isRight(value) ? "" : rule);
    return isRight(value) ? value : undefined;
  } catch (error) {
    control.setCustomValidity(`${rule}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
