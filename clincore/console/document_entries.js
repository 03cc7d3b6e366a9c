// The lists of entries of a case as tables. What must not be misread stands in words before the text of its entry.

import { h } from "./dom.js";
import { capitalized, words } from "./format.js";
import { table } from "./parts.js";
import * as values from "./values.js";

/** @import {Child} from "./dom.js" */
/** @import {DocumentContent} from "./document.js" */
/** @import {Schemas} from "./types" */

/** @typedef {"bad" | "open" | "off"} Tone */
/** @typedef {{text: string, tone: Tone, isStruck?: boolean}} Mark */
/** @typedef {[string, Child]} Fact a label and a text; it is left out if the text is empty */

/**
 * @typedef {object} Row
 * @property {Mark[]} marks
 * @property {string} name
 * @property {(Child | Child[])[]} cells
 * @property {Fact[]} facts
 * @property {string[]} more details of less importance
 * @property {string | undefined} [id]
 */

/** What has one of these is as a reader expects it. */
const EXPECTED = new Set(["active", "recurrence", "relapse", "confirmed", "final", "completed", "current"]);

/** @type {Record<string, Mark>} */
const MARKS = {
  entered_in_error: { text: "Entered in error: do not use", tone: "bad", isStruck: true },
  refuted: { text: "Refuted: ruled out", tone: "bad", isStruck: true },
  cancelled: { text: "Cancelled", tone: "bad", isStruck: true },
  not_taken: { text: "Not taken", tone: "bad", isStruck: true },
  not_done: { text: "Not done", tone: "bad", isStruck: true },
  declined: { text: "Declined", tone: "bad", isStruck: true },
  stopped: { text: "Stopped", tone: "bad" },
  differential: { text: "Differential diagnosis: not confirmed", tone: "open" },
  provisional: { text: "Provisional: not confirmed", tone: "open" },
  intended: { text: "Intended: not taken yet", tone: "open" },
  preparation: { text: "In preparation: not done yet", tone: "open" },
  draft: { text: "Draft: not ordered", tone: "open" },
  registered: { text: "Registered: no result yet", tone: "open" },
  unknown: { text: "Status unknown", tone: "open" },
  superseded: { text: "Superseded", tone: "bad" },
  inactive: { text: "Inactive", tone: "off" },
  remission: { text: "In remission", tone: "off" },
  resolved: { text: "Resolved", tone: "off" },
  amended: { text: "Amended", tone: "off" },
  corrected: { text: "Corrected", tone: "off" },
  appended: { text: "Appended", tone: "off" },
};
/** @type {Mark} */
const NOT_GIVEN = { text: "Not given", tone: "bad", isStruck: true };
/** @type {Mark} */
const FORBIDDEN = { text: "Do NOT give", tone: "bad" };

/** @type {Record<string, Mark>} */
const INTENTS = {
  proposal: { text: "Proposal: not ordered", tone: "open" },
  plan: { text: "Plan: not ordered", tone: "open" },
  option: { text: "Option: not ordered", tone: "open" },
};

/**
 * Text of the case: it keeps its white space, and its own direction.
 *
 * @param {string} text
 */
export function said(text) {
  return h("span", { class: "said", dir: "auto" }, text);
}

/** @param {Mark} mark */
export function markView({ text, tone }) {
  return h("strong", { class: `mark ${tone}` }, text);
}

/**
 * @param {string} label
 * @param {Child} text
 */
export function factView(label, text) {
  return h("div", { class: "fact" }, h("span", { class: "label" }, `${label}: `), typeof text === "string" ? said(text) : text);
}

/** @param {readonly string[]} more */
export function moreView(more) {
  if (more.length === 0) return null;
  return h("div", { class: "codes" }, "More: ", more.flatMap((text, place) => [place > 0 && "; ", said(text)]));
}

/**
 * The words that stand before an entry.
 *
 * @param {...(string | undefined)} statuses values of the contract
 * @returns {Mark[]}
 */
export function marksOf(...statuses) {
  return statuses
    .filter((status) => status !== undefined)
    .filter((status) => !EXPECTED.has(status))
    .map((status) => MARKS[status] ?? { text: capitalized(words(status)), tone: "open" });
}

/** @param {...(string | undefined)} statuses */
export function inWords(...statuses) {
  return capitalized(statuses.flatMap((status) => status ?? []).map(words).join(", "));
}

/**
 * Fields that this version of the console does not know.
 *
 * @param {object} others
 * @returns {string[]}
 */
export function unknown(others) {
  return Object.entries(others)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${words(name)}: ${values.otherText(value)}`);
}

/**
 * Gives a row its type.
 *
 * @param {Row} made
 */
export function row(made) {
  return made;
}

/**
 * Details with a label, without the empty ones.
 *
 * @param {Record<string, string | undefined>} details
 * @returns {string[]}
 */
export function labelled(details) {
  return Object.entries(details).flatMap(([label, text]) => (text ? `${label} ${text}` : []));
}

/** @param {string | undefined} time */
export function timeText(time) {
  return time && values.dateTimeText(time);
}

/** @param {Schemas["CaseConcept"] | undefined} concept */
function textOf(concept) {
  return concept && values.conceptText(concept);
}

/**
 * A table of entries without the columns that no entry fills.
 *
 * @param {string} caption
 * @param {string[]} titles
 * @param {Row[]} rows
 * @param {Map<string, HTMLElement>} [places] gets the elements of the rows by the ids of their entries
 */
export function entryTable(caption, titles, rows, places) {
  const [first = "", ...others] = titles;
  const isFilled = (/** @type {number} */ place) => rows.some(({ cells }) => [cells[place]].flat().some((child) => child || child === 0));
  return table(
    caption,
    [
      { title: first, isHeader: true, cell: (row) => nameView(row, places) },
      ...others.flatMap((title, place) =>
        isFilled(place) ? [{ title, cell: (/** @type {Row} */ row) => cellView(row, [row.cells[place]].flat()) }] : [],
      ),
    ],
    rows,
  );
}

/**
 * @param {Row} row
 * @param {Map<string, HTMLElement> | undefined} places
 */
function nameView({ marks, name, facts, more, id }, places) {
  const isStruck = marks.some((mark) => mark.isStruck);
  const made = h(
    "div",
    { class: "entry", tabindex: id !== undefined && -1 },
    marks.flatMap((mark) => [markView(mark), " "]),
    isStruck ? h("s", null, said(name)) : h("span", { class: marks.some(({ tone }) => tone === "bad") && "framed" }, said(name)),
    facts.filter(([, text]) => text).map(([label, text]) => factView(label, text)),
    moreView(more),
  );
  if (id !== undefined) places?.set(id, made);
  return made;
}

/**
 * @param {Row} row
 * @param {Child[]} children
 */
function cellView({ marks }, children) {
  const shown = children.map((child) => (typeof child === "string" ? said(child) : child));
  return marks.some((mark) => mark.isStruck) && shown.some(Boolean) ? h("div", { class: "struck" }, shown) : shown;
}

// Each view names all fields of its entries, identifiers too, which `detailsOf` shows: `rest` has the unknown ones only.

/** @param {DocumentContent} shown */
export function conditionsView({ conditions = [] }) {
  const rows = conditions.map((entry) => {
    const { code, clinical_status: status, verification_status: verification, severity, onset, abatement, ...others } = entry;
    const { categories, body_sites: sites, stage, note, recorded_date: recorded, identifiers, ...rest } = others;
    return row({
      marks: marksOf(verification, status),
      name: values.conceptText(code),
      cells: [inWords(status, verification), textOf(severity), values.clinicalTimeText(onset), values.clinicalTimeText(abatement)],
      facts: [["Body site", values.conceptsText(sites)], ["Stage", stage], ["Note", note]],
      more: [
        ...labelled({ category: values.conceptsText(categories), recorded: timeText(recorded) }),
        ...values.detailsOf(entry, code),
        ...unknown(rest),
      ],
    });
  });
  return entryTable("Conditions", ["Condition", "Status", "Severity", "Began", "Ended"], rows);
}

/** @param {DocumentContent} shown */
export function allergiesView({ allergies = [] }) {
  const rows = allergies.map((entry) => {
    const { code, clinical_status: status, verification_status: verification, criticality, reactions, onset, ...others } = entry;
    const { type, categories, recorded_date: recorded, note, identifiers, ...rest } = others;
    const marks = marksOf(verification, status);
    if (criticality === "high" && !marks.some(({ isStruck }) => isStruck)) marks.push({ text: "High criticality", tone: "bad" });
    return row({
      marks,
      name: values.conceptText(code),
      cells: [
        criticality && (criticality === "unable_to_assess" ? "Unable to assess" : inWords(criticality)),
        reactions && h("ul", null, reactions.map(reactionView)),
        inWords(status, verification),
        values.clinicalTimeText(onset),
      ],
      facts: [["Type", inWords(type, ...(categories ?? []))], ["Note", note]],
      more: [...labelled({ recorded: timeText(recorded) }), ...values.detailsOf(entry, code), ...unknown(rest)],
    });
  });
  return entryTable("Allergies and intolerances", ["Allergy", "Criticality", "Reactions", "Status", "Began"], rows);
}

/** @param {Schemas["CaseAllergyReaction"]} reaction */
function reactionView({ manifestations, severity, onset, note, ...rest }) {
  return h(
    "li",
    null,
    said(values.conceptsText(manifestations) ?? ""),
    severity && [" ", h("strong", { class: `mark ${severity === "severe" ? "bad" : "off"}` }, `${capitalized(severity)} reaction`)],
    onset && `, ${values.dateTimeText(onset)}`,
    note && factView("Note", note),
    moreView(unknown(rest)),
  );
}

/** @type {Record<string, string>} */
const KINDS = { statement: "Statement of use", request: "Request", administration: "Administration", dispense: "Dispense" };

/** @param {DocumentContent} shown */
export function medicationsView({ medications = [] }) {
  const rows = medications.map((entry) => {
    const { kind, status, intent, do_not_perform: isForbidden, medication, effective, dosages, ...others } = entry;
    const { reasons, recorded_date: recorded, note, identifiers, ...rest } = others;
    const isEnded = status === "completed" && (kind === "statement" || kind === "request");
    /** @type {Mark[]} */
    const marks = kind === "administration" && status === "not_done" ? [NOT_GIVEN] : marksOf(status);
    if (isEnded) marks.push({ text: "Completed", tone: "off" });
    const intended = intent && INTENTS[intent];
    if (intended) marks.push(intended);
    if (isForbidden) marks.unshift(FORBIDDEN);
    return row({
      marks,
      name: values.conceptText(medication),
      cells: [
        [isForbidden ? "Request not to give" : (KINDS[kind] ?? inWords(kind)), inWords(status, intent)].filter(Boolean).join(": "),
        dosages && [isForbidden && markView(FORBIDDEN), h("ul", null, dosages.map(dosageView))],
        values.effectiveText(effective),
      ],
      facts: [["Reason", values.conceptsText(reasons)], ["Note", note]],
      more: [...labelled({ recorded: timeText(recorded) }), ...values.detailsOf(entry, medication), ...unknown(rest)],
    });
  });
  return entryTable("Medications", ["Medication", "Kind and status", "Dosage", "Time"], rows);
}

/** @param {Schemas["CaseDosage"]} dosage */
function dosageView(dosage) {
  const { text, parts } = values.dosageText(dosage);
  return h("li", null, text && said(text), parts && (text ? factView("As coded", parts) : said(capitalized(parts))));
}

/** @param {DocumentContent} shown */
export function proceduresView({ procedures = [] }) {
  const rows = procedures.map((entry) => {
    const { code, status, status_reason: statusReason, performed, performers, outcome, ...others } = entry;
    const { category, reasons, body_sites: sites, note, identifiers, ...rest } = others;
    return row({
      marks: marksOf(status),
      name: values.conceptText(code),
      cells: [inWords(status), values.clinicalTimeText(performed), values.partiesText(performers), textOf(outcome)],
      facts: [
        ["Reason for the status", textOf(statusReason)],
        ["Body site", values.conceptsText(sites)],
        ["Reason", values.conceptsText(reasons)],
        ["Note", note],
      ],
      more: [...labelled({ category: textOf(category) }), ...values.detailsOf(entry, code), ...unknown(rest)],
    });
  });
  return entryTable("Procedures", ["Procedure", "Status", "Time", "By", "Outcome"], rows);
}

/** @param {DocumentContent} shown */
export function immunizationsView({ immunizations = [] }) {
  const rows = immunizations.map((entry) => {
    const { vaccine_code: code, status, status_reason: statusReason, occurrence, dose_quantity: dose, protocols, ...others } = entry;
    const { lot_number: lot, expiration_date: expires, manufacturer, performers, site, route, reasons, note, ...last } = others;
    const { identifiers, ...rest } = last;
    return row({
      marks: status === "not_done" ? [NOT_GIVEN] : marksOf(status),
      name: values.conceptText(code),
      cells: [
        status === "not_done" ? "Not given" : inWords(status),
        occurrence && (timeText(occurrence.date_time) ?? occurrence.string ?? values.otherText(occurrence)),
        protocols && h("ul", null, protocols.map((protocol) => h("li", null, said(protocolText(protocol))))),
        lot,
        values.partiesText(performers),
      ],
      facts: [
        ["Reason for the status", textOf(statusReason)],
        ["Amount", dose && values.quantityText(dose)],
        ["Route", textOf(route)],
        ["Site", textOf(site)],
        ["Reason", values.conceptsText(reasons)],
        ["Note", note],
      ],
      more: [
        ...labelled({ manufacturer: manufacturer && values.partyText({ organization: manufacturer }), expires }),
        ...values.detailsOf(entry, code),
        ...unknown(rest),
      ],
    });
  });
  return entryTable("Immunizations", ["Vaccine", "Status", "Given", "Dose", "Lot", "By"], rows);
}

/** @param {Schemas["CaseImmunizationProtocol"]} protocol */
function protocolText({ series, target_diseases: diseases, dose_number: dose, series_doses: doses, ...rest }) {
  const parts = [`Dose ${dose}${doses ? ` of ${doses}` : ""}`, diseases && `against ${values.conceptsText(diseases)}`, series, ...unknown(rest)];
  return parts.filter(Boolean).join(", ");
}

/** @param {DocumentContent} shown */
export function documentsView({ documents = [] }) {
  const rows = documents.map((entry) => {
    const { title, type, status, date, url, content_type: mediaType, categories, hash, note, identifiers, ...rest } = entry;
    return row({
      marks: marksOf(status),
      name: title ?? textOf(type) ?? "Document without a title",
      cells: [title && textOf(type), inWords(status), timeText(date), url && urlView(url)],
      facts: [["Note", note]],
      more: [
        ...labelled({ category: values.conceptsText(categories), "media type": mediaType, "SHA-1 (base64)": hash }),
        ...values.detailsOf(entry, type),
        ...unknown(rest),
      ],
    });
  });
  return entryTable("Documents", ["Document", "Type", "Status", "Date", "Place"], rows);
}

/**
 * A link for the web only: another scheme could start a program.
 *
 * @param {string} url
 */
function urlView(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return h("span", { class: "mono", dir: "ltr" }, url);
  // `href` has no characters that change the direction of the text or look like another host.
  return h("a", { class: "url", href: parsed.href, target: "_blank", rel: "noopener noreferrer", dir: "ltr" }, parsed.href);
}
