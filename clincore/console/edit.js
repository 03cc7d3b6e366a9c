// Screens: a new case, and the draft of a case in a form.

import { ApiError } from "./api.js";
import { fragment, h } from "./dom.js";
import { conflictView } from "./edit_conflict.js";
import { controlsIn } from "./edit_controls.js";
import { clearErrors, invalidFields, markErrors, notSent } from "./edit_errors.js";
import { caseFields } from "./edit_form.js";
import { forgetForm, isChanged, keepForm, unsavedForm } from "./edit_unsaved.js";
import { FIELDS } from "./fields.js";
import { announce, ask, button, copyButton, empty, link, run } from "./parts.js";
import { isEmpty, isObject, mergePatch, tidy } from "./patch.js";
import { go, href } from "./router.js";

/** @import {CaseForm} from "./edit_unsaved.js" */
/** @import {Json} from "./patch.js" */
/** @import {Context, Schemas, Screen} from "./types" */

/** @type {Set<string>} */
const NAMES = new Set(FIELDS);

/** @type {Screen} */
export const newCase = {
  title: "New case",
  async show(context) {
    const form = await unsavedForm("");
    if (form) return editor(context, form, true);
    // A case without a subject can be stored, but not signed. An identifier that stays empty is left out.
    const content = { subject: { identifiers: [{}] } };
    const fresh = { caseId: "", began: {}, content, etag: "", saving: null, isSigned: false };
    return editor(context, keepForm(fresh), false);
  },
};

/** @type {Screen} */
export const editCase = {
  title: "Edit a case",
  async show(context) {
    const caseId = context.path.case_id ?? "";
    const form = await unsavedForm(caseId);
    if (form) return editor(context, form, true);
    try {
      return editor(context, keepForm(await loaded(context, caseId)), false);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      const text = "This case has no draft, or there is no such case. A signed case changes only by an amendment.";
      return empty(`${text} Begin one at the case.`, link(href(`/cases/${caseId}`), "Go to the case"));
    }
  },
};

/**
 * The draft of a case, or of its open amendment.
 *
 * @param {Context} context
 * @param {string} caseId
 * @returns {Promise<CaseForm>}
 */
async function loaded({ api }, caseId) {
  const { content, etag } = await api.send("get", "/cases/{case_id}/draft", { path: { case_id: caseId } });
  const began = contentOf(content);
  return { caseId, began, content: structuredClone(began), etag, saving: null, isSigned: content.finalized_at !== null };
}

/**
 * The fields of a case that can be changed, without those that have nothing.
 *
 * @param {Schemas["Case"]} shown
 * @returns {Json}
 */
function contentOf(shown) {
  return tidy(Object.fromEntries(Object.entries(shown).filter(([name]) => NAMES.has(name))));
}

/**
 * The form, or the choice between two versions in its place.
 *
 * @param {Context} context
 * @param {CaseForm} form
 * @param {boolean} isReturned whether it has changes of an earlier visit
 */
function editor(context, form, isReturned) {
  const place = h("div");
  const path = form.caseId ? `/cases/${form.caseId}` : "/cases";
  // Of a signed case, the screen shows the signed revision unless it is asked for the draft.
  const shownThere = () => ({ show: form.isSigned ? "draft" : null });
  let element = h("form");
  let submit = h("button");

  const showForm = () => {
    submit = h("button", { type: "submit", class: "primary" }, form.caseId ? "Save the draft" : "Create the case");
    element = h(
      "form",
      {
        class: "case-form",
        // The errors of the browser are shown like those of the service, also in parts that are closed.
        novalidate: true,
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          void trySave();
        },
      },
      caseFields(form, () => {
        showForm();
        controlsIn(element).find((control) => control.dataset.at === "subject/name")?.focus();
      }),
      h(
        "div",
        { class: "buttons" },
        submit,
        h("a", { class: "button", href: href(path, shownThere()) }, "Leave"),
        copyButton("Copy as JSON", () => JSON.stringify(tidy(form.content), null, 2)),
      ),
      h("p", { class: "hint" }, "If you leave, this tab keeps what you changed until you sign out. This screen then shows it again."),
    );
    place.replaceChildren(element);
  };

  const trySave = async () => {
    if (form.saving) return;
    const wrong = invalidFields(element, form.content) ?? brokenRules(form);
    // Errors of the service count the items that are sent, so empty ones leave the form first.
    if (!wrong && hasEmptyItems(form.content)) {
      form.content = tidy(form.content);
      showForm();
    }
    form.saving = run(submit, () => save(wrong));
    await form.saving;
    form.saving = null;
  };

  /** @param {ApiError | null} wrong what is known before anything is sent */
  const save = async (wrong) => {
    clearErrors(element);
    try {
      if (wrong) throw wrong;
      // What is typed now would not be saved, and be lost with the form.
      element.inert = true;
      await send();
    } catch (error) {
      element.inert = false;
      submit.focus();
      if (context.signal.aborted) announce("The case was not saved. Its form keeps your changes.");
      if (error instanceof ApiError && error.status === 412) return showConflict(await currentDraft());
      if (error instanceof ApiError && error.status === 402) {
        const rest = "Cases can still be read and changed. What you typed stays in this form.";
        throw new ApiError(402, { ...error.problem, detail: `${error.message} ${rest}` });
      }
      if (error instanceof ApiError) {
        markErrors(element, error.code === "external-id-taken" ? [TAKEN] : (error.problem.errors ?? []));
      }
      throw error;
    }
    return undefined;
  };

  const send = async () => {
    const { api, signal } = context;
    let id = form.caseId;
    if (id) {
      const patch = mergePatch(form.began, tidy(form.content));
      if (isEmpty(patch)) {
        element.inert = false;
        return announce("Nothing has changed, so nothing was sent.");
      }
      const body = /** @type {Schemas["CaseChange"]} */ (patch);
      await api.send("patch", "/cases/{case_id}", { path: { case_id: id }, body, ifMatch: form.etag });
    } else {
      id = (await api.post("/cases", { body: /** @type {Schemas["CaseInput"]} */ (tidy(form.content)) })).id;
    }
    forgetForm(form);
    if (!signal.aborted) {
      // The way back from the case does not lead to a form that is empty now.
      history.replaceState(null, "", href(`/cases/${id}`, shownThere()));
      await context.reload();
    }
    return announce(form.caseId ? "The draft is saved." : "The case is created as a draft.");
  };

  const currentDraft = async () => {
    try {
      return await loaded(context, form.caseId);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      const kept = "The draft was signed or cancelled meanwhile. Your version stays in this form.";
      const next = "If the case is signed, begin an amendment at the case, come back and save again.";
      throw new ApiError(404, { ...error.problem, title: "The case has no draft any more", detail: `${kept} ${next}` });
    }
  };

  /** @param {CaseForm} current */
  const showConflict = (current) => {
    const versions = { began: form.began, mine: tidy(form.content), theirs: current.began };
    const back = () => {
      showForm();
      submit.focus();
    };
    const { element: shown, heading } = conflictView(
      versions,
      async (content) => {
        Object.assign(form, { began: current.began, etag: current.etag, isSigned: current.isSigned, content });
        showForm();
        if (isChanged(form)) return trySave();
        forgetForm(form);
        return go(path, shownThere());
      },
      back,
    );
    place.replaceChildren(shown);
    heading.focus();
  };

  showForm();
  return fragment(isReturned && returnedNotice(context, form), place);
}

const TAKEN = { pointer: "/external_id", detail: "Another case has this external id. Choose another one." };

/**
 * An error for rules that the browser does not know.
 *
 * @param {CaseForm} form
 */
function brokenRules({ began, content }) {
  const errors = [];
  const { subject, encounter } = tidy(content);
  if (subject && !subject.identifiers) {
    const needed = "A subject needs an identifier. Add one, or remove the subject.";
    errors.push({ pointer: "/subject/identifiers", detail: needed });
  }
  // The patches of the contract have no null for these two.
  const detail = "This can be changed, but not removed. Choose unknown.";
  if (subject && !subject.gender && began.subject?.gender) errors.push({ pointer: "/subject/gender", detail });
  if (encounter && !encounter.status && began.encounter?.status) errors.push({ pointer: "/encounter/status", detail });
  return errors.length === 0 ? null : notSent(errors);
}

/**
 * Whether a list in the value has an item with nothing in it.
 *
 * @param {unknown} value
 * @returns {boolean}
 */
function hasEmptyItems(value) {
  if (Array.isArray(value)) return value.some((item) => tidy([item]).length === 0 || hasEmptyItems(item));
  return isObject(value) && Object.values(value).some(hasEmptyItems);
}

/**
 * @param {Context} context
 * @param {CaseForm} form
 */
function returnedNotice(context, form) {
  const discard = button("Discard the changes", async () => {
    await ask({
      title: "Discard the changes?",
      content: h("p", null, form.caseId ? "The form then shows the draft as it is saved." : "The form is then empty."),
      action: "Discard",
      isDanger: true,
      act: () => {
        forgetForm(form);
        context.reload();
      },
    });
  });
  const text = "This form has changes that you did not save. They are shown here.";
  return h("div", { class: "card" }, h("p", null, text), discard);
}
