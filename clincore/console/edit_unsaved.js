// Forms with unsaved changes. They stay in memory when the person looks at another screen, until they are saved or
// discarded or the person signs out. Nothing of them is stored.

import { isEmpty, mergePatch, tidy } from "./patch.js";
import { owner } from "./session.js";

/** @import {Json} from "./patch.js" */

/**
 * A case in a form. `began` is the content when the form was opened, `content` what the person made of it.
 *
 * @typedef {object} CaseForm
 * @property {string} caseId empty for a new case
 * @property {Json} began
 * @property {Json} content
 * @property {string} etag of the version that `began` is
 * @property {Promise<void> | null} saving set while it is being saved
 * @property {boolean} isSigned whether the case has a signed revision, so that its external id cannot change
 */

/** @type {Map<string, CaseForm>} by the id of the case */
const forms = new Map();
/** @type {object | null} the session that the forms are of */
let ofSession = null;

addEventListener("beforeunload", (event) => {
  if (hasUnsavedForm()) event.preventDefault();
});

/** Whether a form of this session has changes. */
export function hasUnsavedForm() {
  return ofSession === owner() && [...forms.values()].some(isChanged);
}

/**
 * The form of the case, if it has unsaved changes. What is being saved must not be changed or sent again, so this waits
 * for its answer.
 *
 * @param {string} caseId empty for a new case
 */
export async function unsavedForm(caseId) {
  await forms.get(caseId)?.saving;
  // The forms of one session are never shown in another.
  if (ofSession !== owner()) forgetForms();
  const form = forms.get(caseId);
  return form && isChanged(form) ? form : null;
}

/** @param {CaseForm} form */
export function keepForm(form) {
  if (ofSession !== owner()) forgetForms();
  ofSession = owner();
  forms.set(form.caseId, form);
  return form;
}

/** @param {CaseForm} form */
export function forgetForm(form) {
  if (forms.get(form.caseId) === form) forms.delete(form.caseId);
}

export function forgetForms() {
  forms.clear();
  ofSession = null;
}

/** @param {CaseForm} form */
export function isChanged({ began, content }) {
  return !isEmpty(mergePatch(began, tidy(content)));
}
