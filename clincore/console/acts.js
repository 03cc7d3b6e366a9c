// What can be done with a case: the buttons and their dialogs.

import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { ERASABLE } from "./fields.js";
import { capitalized, words } from "./format.js";
import { announce, ask, button, field, newId, select } from "./parts.js";
import { can } from "./rights.js";
import { href } from "./router.js";

/** @import {Child} from "./dom.js" */
/** @import {Context, Schemas} from "./types" */

/**
 * As in clincore/records/lifecycle.py.
 *
 * @typedef {"draft" | "signed" | "amending" | "cancelled" | "entered_in_error"} State
 */

/** The problems of a request that was made for an older state of the case. */
const OUTDATED = ["precondition-failed", "case-finalized", "invalid-transition"];

const REASON_HINT = "Signed in plain text, and never erased: write no name and no clinical detail.";

/** @type {Schemas["Section"][]} */
const SECTIONS = [...ERASABLE.filter((name) => name !== "subject"), "signers"];

/**
 * @param {Schemas["Case"]} shown as `get_case` returns it
 * @returns {State}
 */
export function stateOf({ status, amendment_reason: reason }) {
  if (status !== "final" && status !== "amended") return status;
  return reason === null ? "signed" : "amending";
}

/**
 * The acts that the state of the case and the key allow. A draft can be signed or discarded only where it is shown, and
 * a revision attested only where it is shown.
 *
 * @param {Context} context
 * @param {Schemas["Case"]} shown as `get_case` returns it
 * @param {Schemas["Case"] | null} draft the draft, if the screen shows it
 * @param {boolean} isRevisionShown whether the screen shows the signed revision
 */
export function actButtons(context, shown, draft, isRevisionShown) {
  const state = stateOf(shown);
  const isSigned = state === "signed" || state === "amending";
  const mayWrite = can(context.caller, { scope: "write" });
  const maySign = can(context.caller, { scope: "sign" });
  const mayErase = can(context.caller, { role: "admin", scope: "write" });
  const isAmendment = state === "amending";
  const cancelLabel = isAmendment ? "Discard the amendment" : "Cancel the draft";
  /** @type {Child[]} */
  const buttons = [
    draft && mayWrite && h("a", { class: "button", href: href(`/cases/${shown.id}/edit`) }, "Edit"),
    draft && maySign && button("Finalize", () => finalize(context, draft, shown.revision), { kind: "primary" }),
    state === "signed" && mayWrite && button("Amend", () => amend(context, shown)),
    isSigned && isRevisionShown && maySign && button("Attest", () => attest(context, shown)),
    draft && mayWrite && button(cancelLabel, () => cancel(context, draft, isAmendment), { kind: "danger" }),
    isSigned && maySign && button("Void", () => voidCase(context, shown), { kind: "danger" }),
    mayErase && button("Erase the subject", () => erase(context, shown), { kind: "danger" }),
  ];
  if (!buttons.some(Boolean)) return null;
  return h("div", { class: "buttons no-print", role: "group", "aria-label": "Actions" }, buttons);
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} draft
 * @param {number | null} revision the last signed one
 */
function finalize(context, draft, revision) {
  const signing = signingFields();
  const number = (revision ?? 0) + 1;
  return askAndShow(context, draft.id, {
    title: `Finalize as revision ${number}`,
    content: [
      h("p", null, "This signs the draft as it is shown. It needs a title, a subject with an identifier, and an author."),
      h("p", null, `Revision ${number} cannot be changed; corrections need an amendment.`),
      ...signing.fields,
    ],
    action: "Finalize",
    act: () =>
      context.api.post("/cases/{case_id}/finalize", {
        path: { case_id: draft.id },
        body: signing.value(),
        ifMatch: etagOf(draft),
      }),
    done: `Revision ${number} is signed.`,
  });
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} shown
 */
function amend(context, shown) {
  const reason = reasonField();
  return askAndShow(context, shown.id, {
    title: "Begin an amendment",
    content: [
      h(
        "p",
        null,
        `This opens a draft with the content of revision ${shown.revision}. `,
        "Readers see the signed revision until the draft is finalized.",
      ),
      field("Why the case is amended", reason, REASON_HINT),
    ],
    action: "Begin",
    act: () =>
      context.api.post("/cases/{case_id}/amend", {
        path: { case_id: shown.id },
        body: { reason: reason.value },
        ifMatch: etagOf(shown),
      }),
    done: "The amendment is open. Edit the draft, then finalize it.",
    show: "draft",
  });
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} shown
 */
function attest(context, shown) {
  const signing = signingFields();
  return askAndShow(context, shown.id, {
    title: `Attest revision ${shown.revision}`,
    content: [
      h("p", null, "This adds a signature, by another signer or with another meaning. The content does not change."),
      ...signing.fields,
    ],
    action: "Attest",
    act: () =>
      context.api.post("/cases/{case_id}/attest", {
        path: { case_id: shown.id },
        body: signing.value(),
        ifMatch: etagOf(shown),
      }),
    done: "The signature is added.",
  });
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} shown
 */
function voidCase(context, shown) {
  const reason = reasonField();
  const signing = signingFields();
  return askAndShow(context, shown.id, {
    title: "Void a case that was entered in error",
    content: [
      h(
        "p",
        null,
        "This signs a last revision without clinical content. An open amendment is discarded, and the external id is ",
        "free again. Earlier revisions stay readable. It cannot be undone.",
      ),
      field("Why the case is voided", reason, REASON_HINT),
      ...signing.fields,
    ],
    action: "Void the case",
    typed: "VOID",
    isDanger: true,
    act: () =>
      context.api.post("/cases/{case_id}/void", {
        path: { case_id: shown.id },
        body: { reason: reason.value, ...signing.value() },
        ifMatch: etagOf(shown),
      }),
    done: "The case is voided.",
  });
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} draft
 * @param {boolean} isAmendment
 */
function cancel(context, draft, isAmendment) {
  const text = isAmendment
    ? "The changes in the draft are lost. The case stays as it was signed."
    : "The case becomes cancelled. It stays readable, and can no longer be changed.";
  return askAndShow(context, draft.id, {
    title: isAmendment ? "Discard the amendment" : "Cancel the draft",
    content: [h("p", null, text)],
    action: isAmendment ? "Discard the amendment" : "Cancel the draft",
    isDanger: true,
    act: () => context.api.send("delete", "/cases/{case_id}", { path: { case_id: draft.id }, ifMatch: etagOf(draft) }),
    done: isAmendment ? "The amendment is discarded." : "The draft is cancelled.",
  });
}

/**
 * @param {Context} context
 * @param {Schemas["Case"]} shown
 */
function erase(context, shown) {
  const boxes = SECTIONS.map((section) => ({ section, box: h("input", { type: "checkbox", id: newId("erase") }) }));
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ section }) => section);
  return askAndShow(context, shown.id, {
    title: "Erase the subject",
    content: [
      h("p", null, "This deletes data permanently. It cannot be undone."),
      h("h3", null, "What is erased"),
      h("p", null, "The subject, and the fields that you choose: from the case, its draft, every revision, and lists."),
      h(
        "fieldset",
        null,
        h("legend", null, "Fields to erase as well"),
        h(
          "div",
          { class: "erase-fields" },
          boxes.map(({ section, box }) => {
            const label = h("label", { for: box.id }, sectionLabel(section, shown));
            return h("p", { class: "check" }, box, label);
          }),
        ),
        button("Choose all", () => {
          for (const { box } of boxes) box.checked = true;
        }),
      ),
      h("h3", null, "What stays"),
      h(
        "ul",
        null,
        h("li", null, "Title, external id, type, period, tags, metadata, reasons of amendments: signed in plain text."),
        h("li", null, "All signatures, which stay valid."),
        h("li", null, "Author, signers and coded entries of revisions of version 0.1.0."),
        h("li", null, "Copies outside of the service, such as exports, downloads and backups."),
      ),
    ],
    action: "Erase",
    typed: "ERASE",
    isDanger: true,
    act: () =>
      context.api.post("/cases/{case_id}/erase-subject", {
        path: { case_id: shown.id },
        body: { sections: chosen() },
      }),
    done: "The subject is erased.",
  });
}

/**
 * @param {Schemas["Section"]} section
 * @param {Schemas["Case"]} shown
 */
function sectionLabel(section, { erased }) {
  const name = section === "signers" ? "Names of signers and labels of their keys" : capitalized(words(section));
  return erased.includes(section) ? `${name} (erased before)` : name;
}

/**
 * Ask, act, and show the case again. If the case was changed meanwhile, the dialog offers to load it.
 *
 * @param {Context} context
 * @param {string} caseId
 * @param {object} question as of `ask`
 * @param {string} question.title
 * @param {Child[]} question.content
 * @param {string} question.action
 * @param {() => Promise<unknown>} question.act
 * @param {string} question.done what is announced
 * @param {string} [question.show] what the screen shows of the case afterwards
 * @param {string} [question.typed]
 * @param {boolean} [question.isDanger]
 */
async function askAndShow(context, caseId, { content, act, done, show, ...question }) {
  const outdated = h("div");
  const isDone = await ask({
    ...question,
    content: [...content, outdated],
    act: async () => {
      outdated.replaceChildren();
      try {
        await act();
      } catch (error) {
        if (error instanceof ApiError && OUTDATED.includes(error.code)) {
          outdated.append(
            h("p", null, "The case has changed since you loaded it, and nothing was done. Load it again and check it."),
            loadAgain(context, outdated),
          );
        } else if (error instanceof ApiError && error.status === 0) {
          outdated.append(loadAgain(context, outdated));
        }
        throw error;
      }
    },
  });
  if (!isDone) return;
  if (context.signal.aborted) return announce(done);
  history.replaceState(null, "", href(`/cases/${caseId}`, { show }));
  await context.reload();
  // The shell clears announcements when it shows a screen.
  return announce(done);
}

/**
 * @param {Context} context
 * @param {Element} place in the dialog
 */
function loadAgain(context, place) {
  return button("Load the case again", () => {
    place.closest("dialog")?.close();
    context.reload();
  });
}

/** The fields that every signature needs. The signer is typed each time: one key can sign for several persons. */
function signingFields() {
  const text = (/** @type {boolean} */ required) =>
    h("input", { type: "text", required, maxlength: 250, autocomplete: "off", dir: "auto" });
  const [name, role, identifier, system] = [text(true), text(false), text(false), text(false)];
  const meaning = select(["authorship", "approval", "review"], { none: "Choose what the signature means" });
  meaning.required = true;
  for (const control of [identifier, system]) {
    // An identifier needs its system, and the other way round.
    control.addEventListener("input", () => {
      identifier.required = system.value.trim() !== "";
      system.required = identifier.value.trim() !== "";
    });
  }
  return {
    fields: [
      h(
        "fieldset",
        null,
        h("legend", null, "Signer"),
        field("Name", name),
        field("Role", role, "Optional, such as Neurologist."),
        field("Identifier", identifier, "Optional: a staff or license number."),
        field("System of the identifier", system, "A URI that says who assigned it, such as urn:oid:1.2.36.146.595."),
      ),
      field("Meaning", meaning),
    ],
    value: () => {
      const number = identifier.value.trim();
      return {
        signer: {
          name: name.value.trim(),
          role: role.value.trim() || undefined,
          identifier: number ? { system: system.value.trim(), value: number } : undefined,
        },
        meaning: /** @type {Schemas["SignatureMeaning"]} */ (meaning.value),
      };
    },
  };
}

function reasonField() {
  return h("textarea", { required: true, maxlength: 500, dir: "auto" });
}

/**
 * The tag of the version that the screen shows. Drafts and signed revisions of a case have one version.
 *
 * @param {Schemas["Case"]} shown
 */
function etagOf({ version }) {
  return `"${version}"`;
}
