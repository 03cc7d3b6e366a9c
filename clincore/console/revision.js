// The content of a signed revision, read from its signed text and the values behind the digests in it.
//
// Nothing is verified here: `POST /cases/{case_id}/verify-replay` does that.

import { ERASABLE, FIELDS, LISTS } from "./fields.js";
import { DEFAULT_TYPE, UCUM } from "./terms.js";

/** @import {Field} from "./fields.js" */
/** @import {Schemas} from "./types" */

/**
 * The fields of a case that have content, as `GET /cases/{case_id}` shows them.
 *
 * @typedef {Pick<Schemas["Case"], Field>} Content
 */

const REVISION_1 = "urn:clincore:revision:1";
const CLEAR = ["title", "type", "period", "tags", "metadata"];
const CLEAR_1 = [...CLEAR, "author", "conditions", "observations", "medications", "allergies"];

/** @returns {Content} what a case has that was given nothing but a title */
function emptyContent() {
  const empty = Object.fromEntries(FIELDS.map((field) => [field, null]));
  const lists = Object.fromEntries(LISTS.map((field) => [field, []]));
  const rest = { title: "", type: DEFAULT_TYPE, tags: [], metadata: {} };
  return /** @type {Content} */ (/** @type {unknown} */ ({ ...empty, ...lists, ...rest }));
}

/**
 * What a revision says: its content in the current model, the names of erased fields, and why it was signed.
 *
 * @param {Schemas["Revision"]} revision
 * @returns {{content: Content, erased: Schemas["ErasableField"][], reason: string | null}}
 * @throws {SyntaxError | TypeError | DOMException} the revision does not have the form that the service signs
 */
export function contentOf({ signed, disclosures }) {
  const document = JSON.parse(signed);
  const isFirstFormat = document.profile === REVISION_1;
  const digests = document.disclosure_digests;
  /** @type {Record<string, any>} */
  const fields = {};
  for (const name of isFirstFormat ? CLEAR_1 : CLEAR) {
    if (Object.hasOwn(document, name)) fields[name] = document[name];
  }
  const disclosed = ERASABLE.filter((name) => Object.hasOwn(digests, name));
  for (const name of disclosed) {
    const disclosure = disclosures[name];
    if (disclosure) fields[name] = disclosedValue(disclosure);
  }
  const current = isFirstFormat ? fromFirstModel(fields) : fields;
  return {
    content: { ...emptyContent(), ...current, external_id: document.external_id },
    erased: disclosed.filter((name) => !disclosures[name]),
    reason: document.change_reason,
  };
}

/**
 * The value in a Disclosure (RFC 9901): base64url of the UTF-8 of `[salt, name, value]`.
 *
 * @param {string} disclosure
 */
function disclosedValue(disclosure) {
  const binary = atob(disclosure.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))[2];
}

// Format 1 has version 1 of the model. The service shows it as version 2 (clincore/records/model_1.py), and so does
// this, except that notes may become longer here and times keep their offset.

/** @param {Record<string, any>} fields */
function fromFirstModel(fields) {
  /** @type {Record<string, (value: any) => unknown>} */
  const converters = {
    subject: withIdentifiers,
    author: withIdentifiers,
    conditions: (entries) => entries.map(condition),
    observations: (entries) => entries.map(observation),
    medications: (entries) => entries.map(medication),
    allergies: (entries) => entries.map(allergy),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, converters[name]?.(value) ?? value]));
}

/** @param {any} person */
function withIdentifiers({ identifier, ...others }) {
  return identifier ? { identifiers: [identifier], ...others } : others;
}

/** @param {any} entry */
function condition(entry) {
  const times = { ...time("onset", entry.onset), ...time("abatement", entry.abatement) };
  return { code: concept(entry.code), ...same(entry), ...times };
}

/** @param {any} entry */
function observation(entry) {
  const [value, ...others] = valuesOf(entry);
  const lines = others.map((other) => `Value: ${other.words}`);
  const components = (entry.components ?? []).map((/** @type {any} */ part) => {
    const [first, ...rest] = valuesOf(part);
    lines.push(...rest.map((other) => `${codingInWords(part.code)}: Value: ${other.words}`));
    return { code: concept(part.code), ...(first && { value: first.value }) };
  });
  const note = [entry.note, ...lines].filter(Boolean).join("\n\n");
  return {
    code: concept(entry.code),
    ...same(entry),
    ...concepts("categories", entry.category),
    ...time("effective", entry.effective),
    ...(value && { value: value.value }),
    ...concepts("interpretations", entry.interpretation),
    ...(components.length > 0 && { components }),
    ...(note && { note }),
  };
}

/** @param {any} entry */
function medication(entry) {
  const hasPeriod = Object.keys(entry.effective ?? {}).length > 0;
  return {
    kind: "statement",
    medication: concept(entry.medication),
    ...same(entry),
    ...(hasPeriod && { effective: { period: entry.effective } }),
    ...concepts("reasons", entry.reason),
    ...(entry.dosage && { dosages: [{ text: entry.dosage }] }),
  };
}

/** @param {any} entry */
function allergy(entry) {
  return {
    code: concept(entry.code),
    ...same(entry),
    ...(entry.category && { categories: [entry.category] }),
    ...time("onset", entry.onset),
    ...(entry.reaction && { reactions: [{ manifestations: [{ text: entry.reaction }] }] }),
  };
}

/**
 * The properties that are the same in both models.
 *
 * @param {any} entry
 */
function same(entry) {
  const names = ["clinical_status", "verification_status", "status", "type", "criticality", "note"];
  return Object.fromEntries(names.filter((name) => entry[name]).map((name) => [name, entry[name]]));
}

/**
 * The values of an observation in the order of the service: the first becomes its value, the others go into its note.
 *
 * @param {any} entry
 * @returns {{value: unknown, words: string}[]}
 */
function valuesOf({ value_quantity: quantity, value_coding: coding, value_string: string }) {
  const found = [];
  if (quantity) {
    const words = quantity.unit ? `${quantity.unit} (${quantity.code})` : quantity.code;
    found.push({ value: { quantity: { ...quantity, system: UCUM } }, words: `${quantity.value} ${words}` });
  }
  if (coding) found.push({ value: { concept: concept(coding) }, words: codingInWords(coding) });
  if (string) found.push({ value: { string }, words: string });
  return found;
}

/** @param {any} coding */
function codingInWords({ system, code, display }) {
  return display === undefined ? `${system}|${code}` : `${display} (${system}|${code})`;
}

/** @param {any} coding */
function concept(coding) {
  return { coding: [coding] };
}

/**
 * @param {string} name
 * @param {any} coding
 */
function concepts(name, coding) {
  return coding ? { [name]: [concept(coding)] } : {};
}

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function time(name, value) {
  return value ? { [name]: { date_time: value } } : {};
}
