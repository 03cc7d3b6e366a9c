// A case as a clinician reads and prints it. Every field that has a value is shown, and nothing is requested.

import { h } from "./dom.js";
import { capitalized, words } from "./format.js";
import {
  allergiesView, conditionsView, documentsView, factView, immunizationsView, markView, marksOf, medicationsView, moreView,
  proceduresView, said, unknown,
} from "./document_entries.js";
import { observationsView, reportsView } from "./document_observations.js";
import { caseStatus, newId, when } from "./parts.js";
import * as values from "./values.js";

/** @import {Child} from "./dom.js" */
/** @import {Schemas} from "./types" */

/**
 * A case, or a part of it: the content of a revision, or what an import would create.
 *
 * @typedef {Partial<Schemas["Case"]>} DocumentContent
 */

/**
 * What is known about the document besides its content. All of it is printed.
 *
 * @typedef {object} DocumentOptions
 * @property {number | null} [revision] its number, if it is signed
 * @property {number | null} [latest] the number of the last signed revision: an earlier one is marked as superseded
 * @property {string | null} [sha256] of the signed text
 * @property {string | null} [signedAt]
 * @property {string | null} [reason] why the revision was signed, if it is an amendment or voids the case
 * @property {string | null} [verification] the result of a verification in words, with its time
 * @property {readonly Schemas["Signature"][]} [signatures] of the revision
 */

const ERASED = "Erased on request. The signature stays valid.";
const VERIFY = "Verify: clincore verify FILE, or POST /verify";
/** Longer texts would push the others off the margin. */
const MARGIN_TEXT_MAX = 100;

/** The document, and the texts in the margins of its printed pages while it is on the screen. */
class CaseDocument extends HTMLElement {
  #margins = new CSSStyleSheet();

  /** @param {string} css */
  setMargins(css) {
    this.#margins.replaceSync(css);
  }

  connectedCallback() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#margins];
  }

  disconnectedCallback() {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#margins);
  }
}
customElements.define("case-document", CaseDocument);

/**
 * The document, with headings from h2. Several can be on a screen: each is printed on pages of its own.
 *
 * @param {DocumentContent} shown
 * @param {DocumentOptions} [options]
 * @returns {HTMLElement}
 */
export function caseDocument(shown, options = {}) {
  const erased = new Set(shown.erased);
  /** @type {Map<string, HTMLElement>} */
  const places = new Map();
  const fields = /** @type {Record<string, unknown>} */ (shown);
  /**
   * @param {Schemas["ErasableField"]} name
   * @param {string} title
   * @param {() => Child | Child[]} content
   */
  const section = (name, title, content) => sectionView(title, erased.has(name), isEmpty(fields[name]), content);
  const narrative = (/** @type {"reason" | "history" | "assessment" | "plan"} */ name, /** @type {string} */ title) =>
    section(name, title, () => h("p", { class: "narrative", dir: "auto" }, shown[name]));

  const made = new CaseDocument();
  const page = newId("case-page");
  made.id = page;
  made.append(
    h(
      "article",
      { class: (shown.status === "entered_in_error" || shown.status === "cancelled") && "unusable" },
      headView(shown, options, erased),
      narrative("reason", "Reason for visit"),
      narrative("history", "History"),
      section("conditions", "Conditions", () => conditionsView(shown)),
      section("allergies", "Allergies and intolerances", () => allergiesView(shown)),
      section("medications", "Medications", () => medicationsView(shown)),
      section("immunizations", "Immunizations", () => immunizationsView(shown)),
      section("procedures", "Procedures", () => proceduresView(shown)),
      section("diagnostic_reports", "Diagnostic reports", () => reportsView(shown, places)),
      section("observations", "Observations", () => observationsView(shown, places)),
      narrative("assessment", "Assessment"),
      narrative("plan", "Plan"),
      section("other_sections", "Other sections", () => (shown.other_sections ?? []).map(otherSectionView)),
      section("documents", "Documents", () => documentsView(shown)),
      aboutView(shown, options),
    ),
  );
  made.setMargins(marginsOf(page, shown, options));
  return made;
}

/** @param {unknown} value */
function isEmpty(value) {
  if (typeof value === "string") return value.trim() === "";
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/**
 * @param {string} title
 * @param {boolean} isErased
 * @param {boolean} isLeftOut
 * @param {() => Child | Child[]} content
 */
function sectionView(title, isErased, isLeftOut, content) {
  if (isErased && isLeftOut) return h("section", null, h("h3", null, title), erasedView());
  return isLeftOut ? null : h("section", null, h("h3", null, title), [content()].flat());
}

function erasedView() {
  return h("p", { class: "erased" }, ERASED);
}

/** @param {Schemas["CaseOtherSection"]} section */
function otherSectionView({ title, code, text, empty_reason: emptyReason, ...rest }) {
  const codeText = code && values.conceptText(code);
  return h(
    "section",
    null,
    h("h4", { dir: "auto" }, title),
    codeText && codeText !== title && factView("Kind", codeText),
    !isEmpty(text) && h("p", { class: "narrative", dir: "auto" }, text),
    emptyReason && factView("Empty because", values.conceptText(emptyReason)),
    moreView([...values.detailsOf([code, emptyReason], code), ...unknown(rest)]),
  );
}

/**
 * What a reader must know before anything else.
 *
 * @param {DocumentContent} shown
 * @param {DocumentOptions} options
 * @returns {Child[]}
 */
function bannersOf({ status, revision, amendment_reason: reason }, options) {
  const number = options.revision ?? revision;
  /** @type {Child[]} */
  const banners = [];
  if (status === "entered_in_error") banners.push(bannerView("bad", "Entered in error: this case is voided.", "Do not use it."));
  if (status === "cancelled") banners.push(bannerView("bad", "Cancelled: this draft was given up, not signed.", "Do not use it."));
  if (status === "draft") banners.push(bannerView("open", "Draft: not signed.", "It can still change."));
  if (status === undefined && !number) banners.push(bannerView("open", "Preview: not stored and not signed."));
  if (number && options.latest && number < options.latest) {
    banners.push(bannerView("bad", `Superseded: this is revision ${number}.`, `Revision ${options.latest} is the latest.`));
  }
  if (reason) {
    const title = status === "draft" ? "Amendment of a signed case." : "An amendment is open. It is not shown here.";
    banners.push(bannerView("open", title, "Reason: ", said(reason)));
  }
  return banners;
}

/**
 * @param {"bad" | "open"} tone
 * @param {string} title
 * @param {...Child} rest
 */
function bannerView(tone, title, ...rest) {
  return h("p", { class: `banner ${tone}` }, h("strong", null, title), " ", ...rest);
}

/**
 * @param {DocumentContent} shown
 * @param {DocumentOptions} options
 * @param {Set<Schemas["ErasableField"]>} erased
 */
function headView(shown, options, erased) {
  const { title, status, type, subject, author, custodian, encounter, period } = shown;
  const number = options.revision ?? shown.revision;
  return h(
    "header",
    null,
    bannersOf(shown, options),
    h("h2", { dir: "auto" }, title ?? "Untitled"),
    h(
      "p",
      { class: "row" },
      status && caseStatus(status),
      h("span", null, number ? `Revision ${number}` : "Not signed"),
      options.signedAt && h("span", null, "signed ", timeView(options.signedAt)),
    ),
    factList([
      ["Subject", subject ? subjectView(subject) : erased.has("subject") ? erasedView() : h("span", { class: "muted" }, "None given")],
      ["Type", type && [said(values.codingText(type)), moreView(values.detailsOf(type))]],
      ["Period", period && values.periodText(period)],
      ["Author", author ? partyView(author) : erased.has("author") && erasedView()],
      ["Custodian", custodian ? partyView({ organization: custodian }) : erased.has("custodian") && erasedView()],
      ["Encounter", encounter ? encounterView(encounter) : erased.has("encounter") && erasedView()],
    ]),
  );
}

/** @param {NonNullable<Schemas["CaseSubject"]>} subject */
function subjectView({ name, birth_date: born, gender, deceased, identifiers = [], ...rest }) {
  const died = deceased?.date_time;
  const isDead = died !== undefined || deceased?.boolean === true;
  return [
    h("strong", { class: "subject" }, name ? said(name) : "Name not given"),
    " ",
    isDead && markView({ text: died ? `Deceased ${values.dateTimeText(died)}` : "Deceased", tone: "bad" }),
    factView("Born", born ?? "not given"),
    gender && factView("Gender", gender),
    deceased && !isDead && factView("Deceased", deceased.boolean === false ? "no" : values.otherText(deceased)),
    identifiers.map((identifier) => factView("Identifier", values.identifierText(identifier))),
    moreView(unknown(rest)),
  ].flat();
}

/** @param {Schemas["CaseParty"]} party */
function partyView(party) {
  const { name, role, organization, identifiers, ...rest } = party;
  return [said(values.partyText(party)), moreView([...values.detailsOf(party), ...unknown(rest)])];
}

/** @param {NonNullable<Schemas["CaseEncounter"]>} encounter */
function encounterView(encounter) {
  const { status, class: kind, types, period, reasons, identifiers, ...rest } = encounter;
  const isExpected = status === undefined || status === "finished";
  return [
    ...(isExpected ? [] : marksOf(status).map(markView)),
    " ",
    said([kind && values.codingText(kind), values.conceptsText(types), status && words(status)].filter(Boolean).join(", ")),
    period && factView("Period", values.periodText(period)),
    reasons && factView("Reason", values.conceptsText(reasons)),
    moreView([...values.detailsOf(encounter), ...unknown(rest)]),
  ];
}

/**
 * A list of facts without the empty ones.
 *
 * @param {[string, Child | Child[]][]} facts
 */
function factList(facts) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "");
  return h(
    "dl",
    null,
    known.map(([label, value]) =>
      h("div", null, h("dt", { dir: "auto" }, label), h("dd", null, typeof value === "string" ? said(value) : value)),
    ),
  );
}

/**
 * A time of the server to the second, in UTC.
 *
 * @param {string} time
 */
function paperTime(time) {
  return values.dateTimeText(time.replace(/\.\d+/, ""));
}

/**
 * A time of the server, on paper in UTC.
 *
 * @param {string} time
 */
function timeView(time) {
  const printed = h("span", { class: "print-only" }, paperTime(time));
  return h("span", null, h("span", { class: "no-print" }, when(time)), printed);
}

/** @param {Schemas["Signature"]} signature */
function signerView({ signer: { name, role }, meaning }) {
  return name === undefined ? erasedView() : h("p", null, said([name, role, meaning].filter(Boolean).join(", ")));
}

/**
 * What the record is, rather than what it says about the subject.
 *
 * @param {DocumentContent} shown
 * @param {DocumentOptions} options
 */
function aboutView(shown, options) {
  const { id, external_id: externalId, status, version, revision, amendment_reason: _reason, title, type, ...content } = shown;
  const { subject, author, custodian, encounter, period, reason, history, assessment, plan, other_sections, ...lists } = content;
  const { conditions, observations, medications, allergies, procedures, immunizations, ...others } = lists;
  const { diagnostic_reports, documents, tags, metadata, erased: _erased, created_at: createdAt, ...dates } = others;
  const { updated_at: updatedAt, created_by: createdBy, finalized_at: finalizedAt, ...rest } = dates;
  const number = options.revision ?? revision;
  const code = (/** @type {string | null | undefined} */ text) => text && h("code", null, text);
  return h(
    "section",
    { class: "about" },
    h("h3", null, "About this record"),
    factList([
      ["Tags", tags && tags.length > 0 && h("ul", { class: "tags" }, tags.map((tag) => h("li", { dir: "auto" }, tag)))],
      ["External id", externalId],
      ...Object.entries(metadata ?? {}).map(([name, value]) => /** @type {[string, string]} */ ([`Metadata: ${name}`, value])),
      ["Status", status && capitalized(words(status))],
      ["Revision", number && String(number)],
      ["Reason for this revision", options.reason],
      ["Signers", options.signatures?.map(signerView)],
      ["Signed", options.signedAt && timeView(options.signedAt)],
      ["SHA-256", code(options.sha256)],
      ["Verification", number && [options.verification && h("p", null, options.verification), h("p", null, `${VERIFY}.`)]],
      ["First signed", finalizedAt && timeView(finalizedAt)],
      ["Created", createdAt && timeView(createdAt)],
      ["Created with key", code(createdBy)],
      ["Changed", updatedAt && timeView(updatedAt)],
      ["Case", code(id)],
      ["Version", version && String(version)],
      ...unknown(rest).map((text) => /** @type {[string, string]} */ (["Also", text])),
    ]),
  );
}

/**
 * The style sheet that puts name, status and proof on every printed page of a document.
 *
 * @param {string} page the id of the element
 * @param {DocumentContent} shown
 * @param {DocumentOptions} options
 */
function marginsOf(page, { subject, status, revision }, { revision: given, latest, sha256, signedAt, verification }) {
  const number = given ?? revision;
  const warnings = /** @type {Record<string, string>} */ ({
    draft: "DRAFT: NOT SIGNED",
    cancelled: "CANCELLED: DO NOT USE",
    entered_in_error: "ENTERED IN ERROR: DO NOT USE",
  });
  const state = [
    number ? `Revision ${number}` : null,
    number && latest && number < latest ? `SUPERSEDED BY REVISION ${latest}` : null,
    status ? (warnings[status] ?? words(status)) : number ? null : "PREVIEW: NOT SIGNED",
    signedAt && `signed ${paperTime(signedAt)}`,
  ];
  const proof = number
    ? [sha256 && `SHA-256 ${sha256}`, verification && isolated(verification), VERIFY]
    : ["Not signed: there is no signature to verify."];
  const person = subject ? `${subject.name ? isolated(subject.name) : "Name not given"}, born ${subject.birth_date ?? "not given"}` : "";
  const joined = (/** @type {(string | null | undefined)[]} */ texts, /** @type {string} */ between) =>
    cssString(texts.filter(Boolean).join(between));
  return `
    #${page} { page: ${page}; }
    @page ${page} {
      @top-left { content: ${cssString(person)}; }
      @top-right { content: ${joined(state, ", ")}; }
      @bottom-left { content: ${joined(proof, "\n")}; }
      @bottom-right { content: "Page " counter(page) " of " counter(pages); }
    }`;
}

/**
 * Text that cannot change the direction or the order of the text around it.
 *
 * @param {string} text
 */
function isolated(text) {
  const characters = [...text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")];
  const shown = characters.length > MARGIN_TEXT_MAX ? `${characters.slice(0, MARGIN_TEXT_MAX).join("")}…` : characters.join("");
  return `\u2068${shown}\u2069`;
}

/**
 * A string of CSS. Characters that could end it are written as their code points.
 *
 * @param {string} text
 */
function cssString(text) {
  return `"${text.replace(/["\\<>\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => `\\${character.codePointAt(0)?.toString(16)} `)}"`;
}
