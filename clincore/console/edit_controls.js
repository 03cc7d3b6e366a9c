// Controls that are bound to a property of JSON. What a person types is written there, and all else is kept as it is.
//
// `data-at` names the property, relative to the nearest element around it that has one: together they are the JSON
// Pointer by which edit_errors.js finds the control.

import { h } from "./dom.js";
import { capitalized } from "./format.js";
import { FORMATS } from "./edit_presets.js";
import { button, field, newId, select } from "./parts.js";
import { isEmpty } from "./patch.js";
import { SYSTEMS, UCUM } from "./terms.js";

/** @import {Child} from "./dom.js" */
/** @import {Format} from "./edit_presets.js" */
/** @import {Json} from "./patch.js" */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** @typedef {(string | number)[]} Path names of properties and places in lists */

/**
 * @param {Json} target
 * @param {Path} path
 * @returns {any} undefined if it is not there
 */
export function valueAt(target, path) {
  return path.reduce((/** @type {any} */ value, name) => value?.[name], target);
}

/**
 * Set a property, with the objects and lists that it needs around it; undefined removes it.
 *
 * @param {Json} target
 * @param {Path} path
 * @param {unknown} value
 */
export function setAt(target, path, value) {
  let place = target;
  path.slice(0, -1).forEach((name, index) => {
    const isThere = typeof place[name] === "object" && place[name] !== null;
    if (!isThere) place[name] = typeof path[index + 1] === "number" ? [] : {};
    place = place[name];
  });
  const last = path.at(-1) ?? "";
  if (value === undefined) delete place[last];
  else place[last] = value;
}

/**
 * The list at the path. One that is not there is made.
 *
 * @param {Json} target
 * @param {Path} path
 * @returns {any[]}
 */
export function listAt(target, path) {
  if (!Array.isArray(valueAt(target, path))) setAt(target, path, []);
  return valueAt(target, path);
}

/**
 * @param {Path} path
 * @returns {string} the path as a JSON Pointer without the first slash
 */
export function pointer(path) {
  return path.map((name) => String(name).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
}

/**
 * Write the value of a control to its property. An empty text removes the property.
 *
 * @template {Control} C
 * @param {C} control
 * @param {Json} target
 * @param {Path} path
 * @param {{isEmptyKept?: boolean, onset?: () => void}} [options]
 * @returns {C}
 */
function bound(control, target, path, { isEmptyKept = false, onset } = {}) {
  control.dataset.at = pointer(path);
  control.addEventListener("input", () => {
    setAt(target, path, control.value === "" && !isEmptyKept ? undefined : control.value);
    onset?.();
  });
  return control;
}

/**
 * `list`: the id of a datalist; `isEmptyKept`: an empty text is a value; `onset`: called after the property was set.
 *
 * @typedef {object} TextOptions
 * @property {number} [lines]
 * @property {boolean} [required]
 * @property {boolean} [numeric]
 * @property {string} [list]
 * @property {boolean} [isEmptyKept]
 * @property {() => void} [onset]
 */

/**
 * A control for text; with `lines` for text of several lines.
 *
 * @param {Json} target
 * @param {Path} path
 * @param {Format & TextOptions} options
 * @returns {HTMLInputElement | HTMLTextAreaElement}
 */
export function text(target, path, { max, pattern, format, lines, required, numeric, list, ...options }) {
  const attributes = { maxlength: max, required, dir: "auto", autocomplete: "off", "data-format": format };
  const control = lines
    ? h("textarea", { ...attributes, rows: lines })
    : h("input", { ...attributes, type: "text", pattern, list, inputmode: numeric && "decimal" });
  const value = valueAt(target, path);
  control.value = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return bound(control, target, path, options);
}

/**
 * A select for a value of a list in the contract.
 *
 * @param {Json} target
 * @param {Path} path
 * @param {readonly string[]} values
 * @param {{none?: string | null, labels?: Record<string, string>, onset?: () => void}} [options]
 *   `none`: the label of no value, null if a value is needed
 */
export function choice(target, path, values, { none = "Not given", labels = {}, onset } = {}) {
  const chosen = valueAt(target, path);
  const all = typeof chosen === "string" && !values.includes(chosen) ? [...values, chosen] : values;
  return bound(select(all, { chosen, none: none ?? undefined, labels }), target, path, { onset });
}

/**
 * A checkbox: true, or no property.
 *
 * @param {string} label
 * @param {Json} target
 * @param {Path} path
 */
export function check(label, target, path) {
  const control = h("input", { type: "checkbox", id: newId("check"), "data-at": pointer(path) });
  control.checked = valueAt(target, path) === true;
  control.addEventListener("input", () => setAt(target, path, control.checked || undefined));
  return h("p", { class: "check" }, control, h("label", { for: control.id }, label));
}

/**
 * A checkbox for each value of a list.
 *
 * @param {string} label
 * @param {Json} target
 * @param {Path} path
 * @param {readonly string[]} values
 */
export function checks(label, target, path, values) {
  const chosen = new Set(Array.isArray(valueAt(target, path)) ? valueAt(target, path) : []);
  const boxes = values.map((value) => {
    const control = h("input", { type: "checkbox", id: newId("check") });
    control.checked = chosen.has(value);
    control.addEventListener("input", () => {
      if (control.checked) chosen.add(value);
      else chosen.delete(value);
      setAt(target, path, [...chosen]);
    });
    return h("span", { class: "check" }, control, h("label", { for: control.id }, capitalized(value)));
  });
  return h("fieldset", { "data-at": pointer(path) }, h("legend", null, label), h("div", { class: "row" }, boxes));
}

/**
 * A list of small objects, each with its fields and a button that removes it.
 *
 * @param {Json} target
 * @param {Path} path
 * @param {{item: string, max: number, fresh?: () => Json, fields: (item: Json) => Child[]}} options
 *   `item`: what one is, such as "identifier"
 */
export function rows(target, path, { item, max, fresh = () => ({}), fields }) {
  const given = () => {
    const value = valueAt(target, path);
    return Array.isArray(value) ? value : [];
  };
  const place = h("div", { "data-at": pointer(path) });
  const add = button(addLabel(item), () => {
    listAt(target, path).push(fresh());
    show();
    controlsIn(place.lastElementChild)[0]?.focus();
    changed(place);
  });
  const show = () => {
    const items = given();
    place.replaceChildren(
      ...items.map((one, index) => {
        const remove = h("button", { type: "button", "aria-label": `Remove ${item} ${index + 1}` }, "Remove");
        remove.addEventListener("click", () => {
          const list = given();
          list.splice(list.indexOf(one), 1);
          show();
          add.focus();
          changed(place);
        });
        const legend = h("legend", null, `${capitalized(item)} ${index + 1}`);
        return h("fieldset", { "data-at": index }, legend, h("div", { class: "fields" }, fields(one)), remove);
      }),
    );
    add.hidden = items.length >= max;
  };
  show();
  return h("div", { class: "rows" }, place, add);
}

/**
 * What a button says that adds one: `Add an allergy`.
 *
 * @param {string} item
 */
export function addLabel(item) {
  return `Add ${/^[aeiou]/.test(item) ? "an" : "a"} ${item}`;
}

/**
 * Tell the elements around one that the JSON has changed without typing.
 *
 * @param {Element} element
 */
export function changed(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * @param {Element | null | undefined} element
 * @returns {Control[]}
 */
export function controlsIn(element) {
  return [...(element?.querySelectorAll("input, select, textarea") ?? [])].map((found) => /** @type {Control} */ (found));
}

/**
 * Fields for a coding.
 *
 * @param {Json} target
 * @param {Path} [path]
 */
export function codingFields(target, path = []) {
  return [
    field("Code system", text(target, [...path, "system"], { ...FORMATS.uri, required: true, list: "code-systems" })),
    field("Code", text(target, [...path, "code"], { ...FORMATS.code, required: true })),
    field("Name of the code", text(target, [...path, "display"], FORMATS.name)),
  ];
}

/** The code systems that `codingFields` offers. A form has it once. */
export function systemList() {
  const options = Object.entries(SYSTEMS).map(([value, name]) => h("option", { value }, name));
  return h("datalist", { id: "code-systems" }, options);
}

/**
 * A meaning, in words and as codes.
 *
 * @param {string} label
 * @param {Json} target
 * @param {Path} path
 * @param {string} system the system of a code that is added
 */
export function conceptFields(label, target, path, system) {
  const fresh = () => ({ system });
  return h(
    "fieldset",
    null,
    h("legend", null, label),
    field("In words", text(target, [...path, "text"], FORMATS.note)),
    rows(target, [...path, "coding"], { item: "code", max: 8, fresh, fields: (coding) => codingFields(coding) }),
  );
}

/**
 * @param {Json} target
 * @param {Path} path
 */
export function identifierRows(target, path) {
  return rows(target, path, {
    item: "identifier",
    max: 10,
    fields: (identifier) => [
      field("System", text(identifier, ["system"], { ...FORMATS.uri, required: true }), "The URI of who assigned it."),
      field("Value", text(identifier, ["value"], { ...FORMATS.name, required: true })),
    ],
  });
}

/**
 * An amount with its unit.
 *
 * @param {Json} target
 * @param {Path} path
 * @param {string} label
 */
export function quantityFields(target, path, label) {
  const at = (/** @type {string} */ name) => [...path, name];
  const onset = () => {
    const quantity = valueAt(target, path);
    value.required = quantity !== undefined && !isEmpty(quantity);
  };
  /** @type {HTMLInputElement | HTMLTextAreaElement} */
  const value = text(target, at("value"), { ...FORMATS.decimal, numeric: true, onset });
  const comparator = choice(target, at("comparator"), ["<", "<=", ">=", ">"], { none: "Exactly", onset });
  const unit = text(target, at("unit"), { ...FORMATS.name, onset });
  /** @type {HTMLInputElement | HTMLTextAreaElement} */
  const code = text(target, at("code"), {
    ...FORMATS.code,
    onset: () => {
      const system = valueAt(target, at("system"));
      if (code.value && !system) setAt(target, at("system"), UCUM);
      if (!code.value && system === UCUM) setAt(target, at("system"), undefined);
      onset();
    },
  });
  onset();
  const system = valueAt(target, at("system"));
  return h(
    "div",
    { class: "fields" },
    field(label, value, "The digits are kept as you type them."),
    field("Unit", unit),
    field(system === undefined || system === UCUM ? "Unit in UCUM" : "Code of the unit", code),
    field("Compared", comparator),
  );
}

/**
 * A time as text, with a button for the present time.
 *
 * @param {string} label
 * @param {Json} target
 * @param {Path} path
 * @param {Format & {required?: boolean}} format
 */
export function timeField(label, target, path, format) {
  const control = text(target, path, format);
  const set = (/** @type {Date} */ time) => {
    control.value = withOffset(time);
    changed(control);
  };
  control.addEventListener("change", () => {
    const local = control.value.trim().replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/, "$1T$2");
    const time = new Date(local);
    // A time without an offset is of this browser's time zone. Browsers read 30 February as another day: not this.
    const isTime = /T[\d:]+$/.test(local) && !Number.isNaN(time.getTime());
    if (isTime && withOffset(time).startsWith(local)) set(time);
  });
  const now = button("Now", () => set(new Date()));
  now.setAttribute("aria-label", `Now: ${label}`);
  const hint = `${format === FORMATS.time ? "A time" : "A year, month, day or time"}, such as 2026-03-02 09:05.`;
  const made = field(label, control, hint);
  control.after(now);
  return made;
}

/**
 * The time in the browser's time zone, such as 2026-03-02T09:05:00+01:00.
 *
 * @param {Date} time
 */
function withOffset(time) {
  const minutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (/** @type {number} */ part) => String(Math.trunc(part)).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
