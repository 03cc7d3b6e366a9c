// Codes that the form offers, and the patterns of the contract for input elements.

import { BLOOD_PRESSURE, DEFAULT_TYPE, DIASTOLIC, LOINC, SYSTOLIC, UCUM } from "./terms.js";

/** @import {Json} from "./patch.js" */

/** LOINC codes of documents. */
export const DOCUMENT_TYPES = {
  [DEFAULT_TYPE.code]: DEFAULT_TYPE.display,
  "11488-4": "Consult note",
  "18842-5": "Discharge summary",
  "34117-2": "History and physical note",
  "11506-3": "Progress note",
  "11504-8": "Surgical operation note",
  "57133-1": "Referral note",
  "34111-5": "Emergency department Note",
};

/**
 * What an input element accepts: the longest text, the pattern (as of the attribute `pattern`: for the whole text, with
 * the flag v, in which a class must escape `-`), and the words for it.
 *
 * @typedef {{max: number, pattern?: string, format?: string}} Format
 */

const DAY = "[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])";
const CLOCK = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?";

/** @type {Record<"uri" | "name" | "code" | "note" | "narrative" | "date" | "dateTime" | "time" | "decimal", Format>} */
export const FORMATS = {
  uri: {
    max: 255,
    pattern: "[A-Za-z][A-Za-z0-9+.\\-]*:\\S+",
    format: "must be an absolute URI, such as http://loinc.org or urn:oid:1.2.3",
  },
  name: { max: 250 },
  code: { max: 100, pattern: "\\S+( \\S+)*", format: "must have no spaces at the ends, and single spaces inside" },
  note: { max: 2000 },
  narrative: { max: 20_000 },
  date: { max: 10, pattern: `${DAY})?)?`, format: "must be a year, a month or a day: 1984, 1984-03 or 1984-03-12" },
  dateTime: {
    max: 35,
    pattern: `${DAY}(${CLOCK}(Z|[+\\-](0[0-9]|1[0-3]):[0-5][0-9]|[+\\-]14:00))?)?)?`,
    format: "must be a year, month, day, or time with an offset: 2026, 2026-03-02 or 2026-03-02T09:05:00+01:00",
  },
  time: {
    max: 35,
    pattern: `[12][0-9]{3}-[01][0-9]-[0-3][0-9]${CLOCK}(Z|[+\\-][0-2][0-9]:[0-5][0-9])`,
    format: "must be a time with an offset, such as 2026-03-02T09:05:00+01:00",
  },
  decimal: { max: 40, pattern: "-?(0|[1-9][0-9]*)(\\.[0-9]+)?", format: "must be a number with a point, such as 37.20" },
};

/**
 * Measurements by the name of their group: code of LOINC, its display, unit in words, code of UCUM.
 *
 * @type {Record<string, [string, string, string, string][]>}
 */
const MEASUREMENTS = {
  "vital-signs": [
    ["8867-4", "Heart rate", "beats/min", "/min"],
    ["8310-5", "Body temperature", "°C", "Cel"],
    ["9279-1", "Respiratory rate", "breaths/min", "/min"],
    ["59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", "%"],
    ["29463-7", "Body weight", "kg", "kg"],
    ["8302-2", "Body height", "cm", "cm"],
    ["39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", "kg/m2"],
  ],
  laboratory: [
    ["718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", "g/dL"],
    ["6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10^3/µL", "10*3/uL"],
    ["777-3", "Platelets [#/volume] in Blood by Automated count", "10^3/µL", "10*3/uL"],
    ["2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", "mmol/L"],
    ["2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", "mmol/L"],
    ["2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", "mg/dL"],
    ["2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", "mg/dL"],
    ["4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", "%"],
    ["1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", "mg/L", "mg/L"],
  ],
};
const GROUPS = { "vital-signs": "Vital signs", laboratory: "Laboratory" };

/**
 * Observations to begin with, by the name of their group. Each needs only its values.
 *
 * @type {{group: string, presets: {name: string, entry: () => Json}[]}[]}
 */
export const OBSERVATION_PRESETS = Object.entries(GROUPS).map(([category, group]) => {
  const presets = (MEASUREMENTS[category] ?? []).map(([code, display, unit, ucum]) => ({
    name: display,
    entry: () => ({ ...observation(category, code, display), value: measured(unit, ucum) }),
  }));
  const first = category === "vital-signs" ? [{ name: "Blood pressure", entry: bloodPressure }] : [];
  return { group, presets: [...first, ...presets] };
});

/** @returns {Json} */
function bloodPressure() {
  return {
    ...observation("vital-signs", BLOOD_PRESSURE, "Blood pressure panel with all children optional"),
    components: [
      { code: concept(SYSTOLIC, "Systolic blood pressure"), value: measured("mmHg", "mm[Hg]") },
      { code: concept(DIASTOLIC, "Diastolic blood pressure"), value: measured("mmHg", "mm[Hg]") },
    ],
  };
}

/**
 * @param {string} category
 * @param {string} code
 * @param {string} display
 */
function observation(category, code, display) {
  const system = "http://terminology.hl7.org/CodeSystem/observation-category";
  return { status: "final", categories: [{ coding: [{ system, code: category }] }], code: concept(code, display) };
}

/**
 * @param {string} code
 * @param {string} display
 */
function concept(code, display) {
  return { coding: [{ system: LOINC, code, display }] };
}

/**
 * @param {string} unit
 * @param {string} code
 */
function measured(unit, code) {
  return { quantity: { unit, system: UCUM, code } };
}
