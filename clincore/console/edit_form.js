// The form of a case: what it is about, its texts, its entries, and the tenant's own labels.

import { h } from "./dom.js";
import {
  choice, codingFields, identifierRows, pointer, rows, setAt, systemList, text, timeField, valueAt,
} from "./edit_controls.js";
import { DOCUMENT_TYPES, FORMATS } from "./edit_presets.js";
import { entryList, readJson } from "./entry_form.js";
import { capitalized, words } from "./format.js";
import { field, select } from "./parts.js";
import { isObject } from "./patch.js";
import { DEFAULT_TYPE, LOINC } from "./terms.js";

/** @import {CaseForm} from "./edit_unsaved.js" */
/** @import {Json} from "./patch.js" */

const NARRATIVES = { reason: "Reason for visit", history: "History", assessment: "Assessment", plan: "Plan" };
const ENTRIES = ["conditions", "observations", "medications", "allergies", "procedures", "immunizations"];
const TAG_MAX = 64;
const TAGS_MAX = 20;

/**
 * The parts of the form. Controls write to `form.content`.
 *
 * @param {CaseForm} form
 * @param {() => void} again makes the form again
 * @returns {Node[]}
 */
export function caseFields({ content, isSigned }, again) {
  const narratives = Object.entries(NARRATIVES).map(([name, label]) =>
    field(label, text(content, [name], { ...FORMATS.narrative, lines: 5 })),
  );
  return [
    systemList(),
    ...caseSection(content, isSigned),
    h("h2", null, "Subject"),
    ...subjectSection(content, again),
    h("h2", null, "Author"),
    ...authorSection(content),
    h("h2", null, "Text"),
    ...narratives,
    entryList(content, "other_sections"),
    h("h2", null, "Entries"),
    h("p", { class: "hint" }, "Open an entry to edit it. An entry that stays empty is left out."),
    ...ENTRIES.map((name) => entryList(content, name)),
    h("h2", null, "Tags and metadata"),
    tagsField(content),
    metadataRows(content),
    jsonSection(content),
  ];
}

/**
 * @param {Json} content
 * @param {boolean} isSigned
 */
function caseSection(content, isSigned) {
  const externalId = text(content, ["external_id"], { max: 128 });
  externalId.readOnly = isSigned;
  const hint = isSigned
    ? "The case is signed with its external id, which cannot change."
    : "Your own id for the case. No other case may have it.";
  return [
    h("h2", null, "Case"),
    field("Title", text(content, ["title"], { max: 200, required: true })),
    field("External id", externalId, hint),
    typeFields(content),
    h(
      "div",
      { class: "fields" },
      timeField("Period: start", content, ["period", "start"], FORMATS.time),
      timeField("Period: end", content, ["period", "end"], FORMATS.time),
    ),
  ];
}

/**
 * The type: one of a few documents of LOINC, or another code.
 *
 * @param {Json} content
 */
function typeFields(content) {
  const isKnown = () => content.type?.system === LOINC && Object.hasOwn(DOCUMENT_TYPES, content.type.code);
  const chosen = content.type === undefined ? DEFAULT_TYPE.code : isKnown() ? content.type.code : "other";
  const labels = Object.fromEntries(Object.entries(DOCUMENT_TYPES).map(([code, name]) => [code, `${name} (LOINC ${code})`]));
  const which = select([...Object.keys(DOCUMENT_TYPES), "other"], { chosen, labels: { ...labels, other: "Another code" } });
  const own = h("div", { class: "fields" });
  const show = () => own.replaceChildren(...(which.value === "other" ? codingFields(content, ["type"]) : []));
  which.addEventListener("input", () => {
    const display = DOCUMENT_TYPES[/** @type {keyof typeof DOCUMENT_TYPES} */ (which.value)];
    content.type = display ? { system: LOINC, code: which.value, display } : { system: LOINC };
    show();
  });
  show();
  return h("div", null, field("Type", which), own);
}

/**
 * @param {Json} content
 * @param {() => void} again
 */
function subjectSection(content, again) {
  const remove = h("button", { type: "button" }, "Remove the subject");
  remove.addEventListener("click", () => {
    delete content.subject;
    again();
  });
  return [
    h("p", { class: "hint" }, "The person the case is about. A subject needs an identifier. Searches find the first one."),
    identifierRows(content, ["subject", "identifiers"]),
    field("Name", text(content, ["subject", "name"], FORMATS.name)),
    h(
      "div",
      { class: "fields" },
      field("Birth date", text(content, ["subject", "birth_date"], FORMATS.date), "Such as 1984, 1984-03 or 1984-03-12."),
      field("Gender", choice(content, ["subject", "gender"], ["female", "male", "other", "unknown"])),
    ),
    h("p", null, remove),
  ];
}

/** @param {Json} content */
function authorSection(content) {
  return [
    h(
      "div",
      { class: "fields" },
      field("Name", text(content, ["author", "name"], FORMATS.name)),
      field("Role", text(content, ["author", "role"], FORMATS.name)),
      field("Organization", text(content, ["author", "organization", "name"], FORMATS.name)),
    ),
    identifierRows(content, ["author", "identifiers"]),
  ];
}

/** @param {Json} content */
function tagsField(content) {
  const control = h("textarea", { rows: 3, dir: "auto", "data-at": "tags" });
  control.value = Array.isArray(content.tags) ? content.tags.join("\n") : "";
  control.addEventListener("input", () => {
    const lines = control.value.split("\n").map((line) => line.trim());
    content.tags = [...new Set(lines.filter((line) => line !== ""))];
    const isLong = content.tags.some((/** @type {string} */ tag) => tag.length > TAG_MAX);
    const isMany = content.tags.length > TAGS_MAX;
    const wrong = isLong ? `has a tag of more than ${TAG_MAX} characters` : isMany ? `has more than ${TAGS_MAX} tags` : "";
    control.setCustomValidity(wrong);
  });
  return field("Tags", control, "One tag a line, at most 20.");
}

/**
 * Keys with their values. They are rows while they are edited, and an object in the case.
 *
 * @param {Json} content
 */
function metadataRows(content) {
  const pairs = Object.entries(content.metadata ?? {}).map(([key, value]) => ({ key, value }));
  const edited = { pairs };
  /** @type {WeakMap<object, HTMLInputElement | HTMLTextAreaElement>} */
  const keys = new WeakMap();
  const list = rows(edited, ["pairs"], {
    item: "key",
    max: 20,
    fresh: () => ({ value: "" }),
    fields: (pair) => {
      const value = text(pair, ["value"], { max: 500, isEmptyKept: true });
      const showAt = () => (value.dataset.at = pointer([pair.key ?? ""]));
      // The service accepts an empty key. It can stay, but a new one needs a name.
      const key = text(pair, ["key"], { max: 500, required: pair.key !== "", onset: showAt });
      delete key.dataset.at;
      showAt();
      keys.set(pair, key);
      return [field("Key", key), field("Value", value)];
    },
  });
  // The pointers of the values are /metadata/{key}, without places of rows.
  const withoutPlaces = () => {
    const places = list.querySelectorAll("[data-at='pairs'], fieldset[data-at]");
    for (const element of places) element.removeAttribute("data-at");
  };
  const place = h("div", { "data-at": "metadata" }, h("h3", null, "Metadata"), list);
  place.addEventListener("input", () => {
    const given = edited.pairs.filter(({ key }) => key !== undefined);
    content.metadata = Object.fromEntries(given.map(({ key, value }) => [key, value ?? ""]));
    for (const pair of given) {
      const isTwice = given.some((other) => other !== pair && other.key === pair.key);
      keys.get(pair)?.setCustomValidity(isTwice ? "is there twice" : "");
    }
    withoutPlaces();
  });
  withoutPlaces();
  return place;
}

/**
 * The fields that have no form, as JSON.
 *
 * @param {Json} content
 */
function jsonSection(content) {
  const fields = [
    jsonField(content, "encounter", isObject, "must be a JSON object", "Its status can be changed, but not removed."),
    jsonField(content, "custodian", isObject, "must be a JSON object"),
    jsonField(content, "diagnostic_reports", Array.isArray, "must be a JSON list"),
    jsonField(content, "documents", Array.isArray, "must be a JSON list"),
  ];
  const title = "More, as JSON: encounter, custodian, diagnostic reports, documents";
  return h("details", { class: "more" }, h("summary", null, title), fields);
}

/**
 * @param {Json} content
 * @param {string} name
 * @param {(value: unknown) => boolean} isRight
 * @param {string} rule
 * @param {string} [hint]
 */
function jsonField(content, name, isRight, rule, hint = "") {
  const control = h("textarea", { class: "mono as-json", rows: 6, spellcheck: "false", "data-at": name });
  const value = valueAt(content, [name]);
  control.value = value === undefined ? "" : JSON.stringify(value, null, 2);
  control.addEventListener("input", () => control.setCustomValidity(""));
  control.addEventListener("change", () => {
    if (control.value.trim() === "") return setAt(content, [name], undefined);
    const read = readJson(control, isRight, rule);
    if (read !== undefined) setAt(content, [name], read);
    return undefined;
  });
  return field(capitalized(words(name)), control, `${hint} Leave it empty for none.`.trim());
}
