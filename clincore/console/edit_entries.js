// The fields of each kind of entry. What has no field here is kept as it is, and can be edited as JSON.

import { h } from "./dom.js";
import {
  check, checks, choice, conceptFields, quantityFields, rows, text, timeField, valueAt,
} from "./edit_controls.js";
import { FORMATS, OBSERVATION_PRESETS } from "./edit_presets.js";
import { words } from "./format.js";
import { field } from "./parts.js";
import { CVX, LOINC, RXNORM, SNOMED } from "./terms.js";
import { isObject } from "./patch.js";

/** @import {Json} from "./patch.js" */

/**
 * @typedef {object} EntryKind
 * @property {string} title
 * @property {string} item what one entry is
 * @property {number} max how many a case can have
 * @property {() => Json} fresh a new entry
 * @property {{group: string, presets: {name: string, entry: () => Json}[]}[]} [presets] entries to begin with
 * @property {(entry: Json) => string} name
 * @property {(entry: Json, again: () => void) => Node[]} fields `again` makes the fields again, with other choices
 */

const CLINICAL_STATUSES = ["active", "recurrence", "relapse", "inactive", "remission", "resolved"];
const CERTAINTIES = ["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered_in_error"];
const OBSERVATION_STATUSES = [
  "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered_in_error", "unknown",
];
const EVENT_STATUSES = [
  "preparation", "in_progress", "not_done", "on_hold", "stopped", "completed", "entered_in_error", "unknown",
];
/** Statuses of what was ruled out, given up, or never happened. */
const NEGATIONS = new Set(["refuted", "entered_in_error", "cancelled", "not_done", "not_taken", "declined"]);
const INTENTS = [
  "proposal", "plan", "order", "original_order", "reflex_order", "filler_order", "instance_order", "option",
];
const ALLERGY_CERTAINTIES = ["unconfirmed", "confirmed", "refuted", "entered_in_error"];
/** The statuses that FHIR has for each kind of medication; the service refuses others. */
const MEDICATION_STATUSES = {
  statement: ["active", "completed", "entered_in_error", "intended", "stopped", "on_hold", "unknown", "not_taken"],
  request: ["active", "on_hold", "cancelled", "completed", "entered_in_error", "stopped", "draft", "unknown"],
  administration: ["in_progress", "not_done", "on_hold", "completed", "entered_in_error", "stopped", "unknown"],
  dispense: [
    "preparation", "in_progress", "cancelled", "on_hold", "completed", "entered_in_error", "stopped", "declined",
    "unknown",
  ],
};
const MEDICATION_KINDS = {
  statement: "Statement: it is, was or will be taken",
  request: "Request: it is ordered",
  administration: "Administration: it was given",
  dispense: "Dispense: it was handed over",
};

/** @type {Record<string, EntryKind>} */
export const KINDS = {
  other_sections: {
    title: "Other sections",
    item: "section",
    max: 30,
    fresh: () => ({ text: "" }),
    name: ({ title }) => title ?? "",
    fields: (entry) => [
      field("Title", text(entry, ["title"], { ...FORMATS.name, required: true })),
      field("Text", text(entry, ["text"], { ...FORMATS.narrative, lines: 5, isEmptyKept: true })),
    ],
  },
  conditions: {
    title: "Conditions",
    item: "condition",
    max: 200,
    fresh: () => ({}),
    name: ({ code }) => conceptName(code),
    fields: (entry) => [
      conceptFields("Problem or diagnosis", entry, ["code"], SNOMED),
      together(
        field("Clinical status", choice(entry, ["clinical_status"], CLINICAL_STATUSES)),
        field("Certainty", choice(entry, ["verification_status"], CERTAINTIES)),
        ...timeOf("Onset", entry, "onset"),
      ),
    ],
  },
  observations: {
    title: "Observations",
    item: "observation",
    max: 1000,
    fresh: () => ({}),
    presets: OBSERVATION_PRESETS,
    name: (entry) => [conceptName(entry.code), valueName(entry)].filter(Boolean).join(": "),
    fields: (entry) => [
      ...valueFields(entry, []),
      together(field("Status", choice(entry, ["status"], OBSERVATION_STATUSES)), ...timeOf("Time", entry, "effective")),
      conceptFields("What was measured or found", entry, ["code"], LOINC),
    ],
  },
  medications: {
    title: "Medications",
    item: "medication",
    max: 200,
    fresh: () => ({ kind: "statement" }),
    name: (entry) => (entry.do_not_perform === true ? "Not to be given: " : "") + conceptName(entry.medication),
    fields: medicationFields,
  },
  allergies: {
    title: "Allergies",
    item: "allergy",
    max: 200,
    fresh: () => ({}),
    name: ({ code }) => conceptName(code),
    fields: (entry) => [
      conceptFields("Substance or allergy", entry, ["code"], SNOMED),
      together(
        field("Type", choice(entry, ["type"], ["allergy", "intolerance"])),
        field("Criticality", choice(entry, ["criticality"], ["low", "high", "unable_to_assess"])),
        field("Clinical status", choice(entry, ["clinical_status"], ["active", "inactive", "resolved"])),
        field("Certainty", choice(entry, ["verification_status"], ALLERGY_CERTAINTIES)),
      ),
      checks("Category", entry, ["categories"], ["food", "medication", "environment", "biologic"]),
      rows(entry, ["reactions"], { item: "reaction", max: 20, fields: reactionFields }),
    ],
  },
  procedures: {
    title: "Procedures",
    item: "procedure",
    max: 200,
    fresh: () => ({}),
    name: ({ code }) => conceptName(code),
    fields: (entry) => [
      conceptFields("What was done", entry, ["code"], SNOMED),
      together(field("Status", choice(entry, ["status"], EVENT_STATUSES)), ...timeOf("Time", entry, "performed")),
    ],
  },
  immunizations: {
    title: "Immunizations",
    item: "immunization",
    max: 200,
    fresh: () => ({}),
    name: (entry) => conceptName(entry.vaccine_code),
    fields: (entry) => [
      conceptFields("Vaccine", entry, ["vaccine_code"], CVX),
      together(
        field("Status", choice(entry, ["status"], ["completed", "entered_in_error", "not_done"])),
        field("Lot number", text(entry, ["lot_number"], FORMATS.name)),
        ...timeOf("Time", entry, "occurrence"),
      ),
    ],
  },
};

/**
 * A short name of an entry; empty if it has none yet. It says so when the entry must not be read as a fact.
 *
 * @param {string} list
 * @param {unknown} entry
 */
export function entryName(list, entry) {
  if (!isObject(entry)) return "";
  const name = KINDS[list]?.name(entry) ?? (conceptName(entry.code) || entry.title);
  if (typeof name !== "string" || name === "") return "";
  const negation = [entry.verification_status, entry.status].find((status) => NEGATIONS.has(status));
  return negation ? `${name} (${words(negation)})` : name;
}

/**
 * @param {any} concept
 * @returns {string}
 */
function conceptName(concept) {
  const coding = concept?.coding?.[0];
  return String(concept?.text ?? coding?.display ?? coding?.code ?? "");
}

/**
 * @param {Json} entry
 * @returns {string}
 */
function valueName({ value, components }) {
  if (Array.isArray(components)) {
    return components.map((component) => valueName(component ?? {})).filter(Boolean).join(" / ");
  }
  const { quantity, string } = value ?? {};
  if (quantity?.value) {
    return [quantity.comparator, quantity.value, quantity.unit ?? quantity.code].filter(Boolean).join(" ");
  }
  return typeof string === "string" ? string : "";
}

/** @param {...Node} fields */
function together(...fields) {
  return h("div", { class: "fields" }, fields);
}

/**
 * A field for a time, unless it has another form than a date or time.
 *
 * @param {string} label
 * @param {Json} entry
 * @param {string} name
 */
function timeOf(label, entry, name) {
  const isOther = Object.keys(entry[name] ?? {}).some((form) => form !== "date_time");
  if (isOther) return [h("p", { class: "muted" }, `${label}: see As JSON.`)];
  return [timeField(label, entry, [name, "date_time"], FORMATS.dateTime)];
}

/**
 * The value of an observation or of each of its components.
 *
 * @param {Json} entry
 * @param {(string | number)[]} path of the observation or component in the entry
 * @returns {Node[]}
 */
function valueFields(entry, path) {
  const components = valueAt(entry, [...path, "components"]);
  if (Array.isArray(components)) {
    return components.map((component, index) =>
      h(
        "fieldset",
        null,
        h("legend", { dir: "auto" }, conceptName(component?.code) || `Component ${index + 1}`),
        valueFields(entry, ["components", index]),
      ),
    );
  }
  const target = path.length === 0 ? entry : valueAt(entry, path);
  return isObject(target) ? [valueChoice(target, path)] : [];
}

/**
 * @param {Json} target the observation or component
 * @param {(string | number)[]} path
 */
function valueChoice(target, path) {
  const labels = { quantity: "Amount with a unit", string: "Text", other: "Another form (see As JSON)", none: "No value" };
  const given = Object.keys(target.value ?? {})[0];
  const usual = target.data_absent_reason ? "none" : "quantity";
  const first = given === undefined ? usual : given in labels ? given : "other";
  /** @type {Record<string, any>} what each choice had, to come back to it */
  const kept = { [first]: target.value };
  const which = h(
    "select",
    null,
    Object.entries(labels)
      .filter(([form]) => form !== "other" || first === "other")
      .map(([form, label]) => h("option", { value: form, selected: form === first }, label)),
  );
  const place = h("div", { "data-at": path.length > 0 && path.join("/") });
  let shown = first;
  const show = () => {
    if (shown === "quantity") place.replaceChildren(quantityFields(target, ["value", "quantity"], "Value"));
    else if (shown === "string") place.replaceChildren(field("Value", note(target, ["value", "string"])));
    else place.replaceChildren();
  };
  which.addEventListener("input", () => {
    kept[shown] = target.value;
    shown = which.value;
    if (kept[shown] === undefined) delete target.value;
    else target.value = kept[shown];
    show();
  });
  show();
  return h("div", null, place, field("Form of the value", which));
}

/**
 * @param {Json} entry
 * @param {() => void} again
 */
function medicationFields(entry, again) {
  const kinds = Object.keys(MEDICATION_KINDS);
  const statuses = MEDICATION_STATUSES[/** @type {keyof typeof MEDICATION_STATUSES} */ (entry.kind)] ?? [];
  const isRequest = entry.kind === "request";
  /** @type {HTMLSelectElement} */
  const kind = choice(entry, ["kind"], kinds, {
    none: null,
    labels: MEDICATION_KINDS,
    onset: () => {
      if (entry.kind !== "request") {
        delete entry.intent;
        delete entry.do_not_perform;
      }
      again();
    },
  });
  const dosages = Array.isArray(entry.dosages) ? entry.dosages.length : 0;
  return [
    conceptFields("Medication", entry, ["medication"], RXNORM),
    together(
      field("Kind", kind),
      field("Status", choice(entry, ["status"], statuses)),
      ...(isRequest ? [field("Intent", choice(entry, ["intent"], INTENTS))] : []),
    ),
    ...(isRequest ? [check("Do not perform: the medication must not be given", entry, ["do_not_perform"])] : []),
    field(dosages > 1 ? `Dosage (1 of ${dosages})` : "Dosage", note(entry, ["dosages", 0, "text"])),
  ];
}

/**
 * @param {Json} target
 * @param {(string | number)[]} path
 */
function note(target, path) {
  return text(target, path, { ...FORMATS.note, lines: 2 });
}

/** @param {Json} reaction */
function reactionFields(reaction) {
  const inWords = text(reaction, ["manifestations", 0, "text"], FORMATS.note);
  return [
    field("Reaction in words", inWords, conceptName(reaction.manifestations?.[0])),
    field("Severity", choice(reaction, ["severity"], ["mild", "moderate", "severe"])),
  ];
}
