// Errors at the fields of a form that JSON Pointers name.

import { ApiError } from "./api.js";
import { controlsIn, valueAt } from "./edit_controls.js";
import { h } from "./dom.js";
import { newId } from "./parts.js";
import { tidy } from "./patch.js";

/** @import {Control} from "./edit_controls.js" */
/** @import {Json} from "./patch.js" */
/** @import {Schemas} from "./types" */

/** Told to a part of a form that is made when it is opened, so that its controls can be found. */
export const MAKE = "makefields";

/** @type {WeakMap<object, Control>} the controls of errors that the browser found */
const controls = new WeakMap();

/**
 * The errors of the browser for the controls that are shown. Items in which nothing is entered are not sent, and have none.
 *
 * @param {HTMLFormElement} form
 * @param {Json} content what is entered
 * @returns {ApiError | null}
 */
export function invalidFields(form, content) {
  const errors = controlsIn(form)
    .filter((control) => !control.validity.valid && !isInEmptyItem(control, form, content))
    .map((control) => {
      const error = { pointer: pointerOf(control, form), detail: messageOf(control) };
      controls.set(error, control);
      return error;
    });
  return errors.length === 0 ? null : notSent(errors);
}

/**
 * @param {Control} control
 * @param {HTMLFormElement} form
 * @param {Json} content
 */
function isInEmptyItem(control, form, content) {
  // JSON that cannot be read is not in the content.
  if (control.classList.contains("as-json")) return false;
  const places = pointerOf(control, form).split("/").slice(1);
  return places.some((place, depth) => /^\d+$/.test(place) && tidy([valueAt(content, places.slice(0, depth + 1))]).length === 0);
}

/**
 * An error that is found before anything is sent.
 *
 * @param {Schemas["FieldError"][]} errors
 */
export function notSent(errors) {
  return new ApiError(0, { title: "Nothing was sent. Some fields need a change", errors });
}

/**
 * Show each error at the field that its pointer names, and focus the first of them.
 *
 * @param {HTMLFormElement} form
 * @param {readonly Schemas["FieldError"][]} errors
 */
export function markErrors(form, errors) {
  clearErrors(form);
  /** @type {Map<Control, string[]>} */
  const found = new Map();
  for (const error of errors) {
    const { pointer, detail } = error;
    const control = controls.get(error) ?? controlOf(form, pointer);
    if (!control) continue;
    // The summary has the whole pointer. Here is only what the label of the field does not say.
    const own = pointerOf(control, form);
    const rest = isWithin(own, pointer) ? "" : isWithin(pointer, own) ? pointer.slice(own.length) : pointer;
    found.set(control, [...(found.get(control) ?? []), `${rest} ${detail}`.trim()]);
  }
  for (const [control, details] of found) mark(control, details.join("; "));
  controlsIn(form).find((control) => found.has(control))?.focus();
}

/** @param {Element} form */
export function clearErrors(form) {
  for (const control of controlsIn(form)) unmark(control);
}

/**
 * @param {Control} control
 * @param {string} detail
 */
function mark(control, detail) {
  for (let around = control.parentElement; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  unmark(control);
  const id = newId("error");
  (control.closest(".check") ?? control).after(h("p", { class: "field-error", id }, detail));
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  control.addEventListener("input", () => unmark(control), { once: true });
}

/** @param {Control} control */
function unmark(control) {
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const kept = described.filter((id) => {
    const note = document.getElementById(id);
    const isError = note?.classList.contains("field-error") ?? false;
    if (isError) note?.remove();
    return !isError;
  });
  control.removeAttribute("aria-invalid");
  if (kept.length > 0) control.setAttribute("aria-describedby", kept.join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * The control for a value: its own, or the first one inside it, or the nearest one around it.
 *
 * @param {HTMLFormElement} form
 * @param {string} pointer
 * @returns {Control | undefined}
 */
function controlOf(form, pointer) {
  if (!pointer.startsWith("/")) return undefined;
  const places = () =>
    [...form.querySelectorAll("[data-at]")].map((element) => ({ element, at: pointerOf(element, form) }));
  for (const { element, at } of places()) if (isWithin(pointer, at)) element.dispatchEvent(new Event(MAKE));
  const found = places();
  const all = controlsIn(form);
  const inside = found.find(({ element, at }) => isWithin(at, pointer) && all.some((control) => control === element));
  const around = found.filter(({ at }) => isWithin(pointer, at)).at(-1);
  const nearest = inside?.element ?? around?.element;
  if (nearest) {
    const entry = nearest.closest("li") ?? nearest;
    const json = controlsIn(entry).find((control) => control.classList.contains("as-json"));
    const control = all.find((each) => each === nearest) ?? json ?? controlsIn(nearest)[0];
    if (control) return control;
  }
  return controlOf(form, pointer.slice(0, pointer.lastIndexOf("/")));
}

/**
 * @param {string} inner a JSON Pointer
 * @param {string} outer
 */
function isWithin(inner, outer) {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/**
 * @param {Element} element
 * @param {Element} form
 */
function pointerOf(element, form) {
  /** @type {string[]} */
  const names = [];
  for (let place = /** @type {Element | null} */ (element); place && place !== form; place = place.parentElement) {
    const at = place.getAttribute("data-at");
    if (at !== null) names.unshift(at);
  }
  return names.length === 0 ? "" : `/${names.join("/")}`;
}

/** @param {Control} control */
function messageOf(control) {
  if (control.validity.valueMissing) return "is required";
  if (control.validity.patternMismatch && control.dataset.format) return control.dataset.format;
  return control.validationMessage;
}
