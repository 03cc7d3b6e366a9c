// Clinical values in words: meanings, amounts, times, dosages. Everything is shown as it was recorded: no unit, zone or
// precision is changed.

import { capitalized, words } from "./format.js";
import { SYSTEMS, UCUM } from "./terms.js";

/** @import {Schemas} from "./types" */

/** @type {Record<string, string>} */
const SYSTEM_NAMES = { ...SYSTEMS, [UCUM]: "UCUM" };
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
// Maps where the key is text of a case, as an object has more keys than its own.
const TIME_UNITS = new Map(Object.entries({ s: "second", min: "minute", h: "hour", d: "day", wk: "week", mo: "month", a: "year" }));

/** @type {Record<string, string>} */
const DAYS = { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" };

/**
 * FHIR EventTiming.
 *
 * @type {Record<string, string>}
 */
const EVENTS = {
  MORN: "in the morning",
  "MORN.early": "in the early morning",
  "MORN.late": "in the late morning",
  NOON: "at noon",
  AFT: "in the afternoon",
  "AFT.early": "in the early afternoon",
  "AFT.late": "in the late afternoon",
  EVE: "in the evening",
  "EVE.early": "in the early evening",
  "EVE.late": "in the late evening",
  NIGHT: "at night",
  PHS: "after going to sleep",
  HS: "before sleep",
  WAKE: "upon waking",
  C: "with meals",
  CM: "with breakfast",
  CD: "with lunch",
  CV: "with dinner",
  AC: "before meals",
  ACM: "before breakfast",
  ACD: "before lunch",
  ACV: "before dinner",
  PC: "after meals",
  PCM: "after breakfast",
  PCD: "after lunch",
  PCV: "after dinner",
};

/**
 * HL7 GTSAbbreviation, of which several are easily confused.
 */
const TIMING_CODES = new Map(Object.entries({
  BID: "twice a day",
  TID: "three times a day",
  QID: "four times a day",
  AM: "every morning",
  PM: "every afternoon",
  QD: "every day",
  QOD: "every other day",
  Q1H: "every hour",
  Q2H: "every 2 hours",
  Q3H: "every 3 hours",
  Q4H: "every 4 hours",
  Q6H: "every 6 hours",
  Q8H: "every 8 hours",
  BED: "at bedtime",
  WK: "weekly",
  MO: "monthly",
}));

/**
 * HL7 ObservationInterpretation.
 */
const INTERPRETATIONS = new Map(Object.entries({
  "<": "Below the measuring range",
  ">": "Above the measuring range",
  A: "Abnormal",
  AA: "Critically abnormal",
  B: "Better",
  CAR: "Carrier",
  D: "Significant change down",
  DET: "Detected",
  E: "Equivocal",
  EXP: "Expected",
  H: "High",
  HH: "Critically high",
  HU: "Significantly high",
  HX: "Above the high threshold",
  I: "Intermediate",
  IE: "Insufficient evidence",
  IND: "Indeterminate",
  L: "Low",
  LL: "Critically low",
  LU: "Significantly low",
  LX: "Below the low threshold",
  N: "Normal",
  ND: "Not detected",
  NEG: "Negative",
  NR: "Non-reactive",
  NS: "Non-susceptible",
  POS: "Positive",
  R: "Resistant",
  RR: "Reactive",
  S: "Susceptible",
  SDD: "Susceptible, dose dependent",
  "SYN-R": "Synergy: resistant",
  "SYN-S": "Synergy: susceptible",
  U: "Significant change up",
  UNE: "Unexpected",
  W: "Worse",
  WR: "Weakly reactive",
}));

/**
 * The names of a meaning in the order in which people read them: its words, a name of a code, or the code.
 *
 * @param {Schemas["CaseConcept"]} concept
 */
export function conceptText({ text, coding = [] }) {
  return text ?? coding.find(({ display }) => display)?.display ?? coding.map(codeText).join(", ");
}

/** @param {readonly Schemas["CaseConcept"][] | undefined} concepts */
export function conceptsText(concepts) {
  return concepts?.map(conceptText).join("; ");
}

/** @param {Schemas["CaseCoding"]} coding */
export function codingText(coding) {
  return coding.display ?? codeText(coding);
}

/**
 * `SNOMED CT 4473006`, with the version of the system if it is known.
 *
 * @param {Schemas["CaseCoding"]} coding
 */
export function codeText({ system, code, version }) {
  return `${SYSTEM_NAMES[system] ?? system} ${code}${version ? ` (version ${version})` : ""}`;
}

/**
 * A flag such as High. A code with another name than the flag's own gets both.
 *
 * @param {Schemas["CaseConcept"]} concept
 */
export function interpretationText(concept) {
  const shown = conceptText(concept);
  const known = (concept.coding ?? []).flatMap(({ system, code }) =>
    system.endsWith("ObservationInterpretation") ? (INTERPRETATIONS.get(code) ?? []) : [],
  );
  const hasName = concept.text !== undefined || (concept.coding ?? []).some(({ display }) => display);
  if (!hasName && known.length > 0) return known.join(", ");
  const others = known.filter((word) => !new RegExp(`\\b${word}\\b`, "i").test(shown));
  return capitalized(shown) + (others.length > 0 ? ` (${others.join(", ")})` : "");
}

/** @param {Schemas["CaseIdentifier"]} identifier */
export function identifierText({ system, value }) {
  return `${value} (${system})`;
}

/**
 * A person, their role and their organization, without identifiers.
 *
 * @param {Schemas["CaseParty"]} party
 */
export function partyText({ name, role, organization, identifiers }) {
  const known = [name, role, organization?.name].filter(Boolean);
  return known.join(", ") || [...(identifiers ?? []), ...(organization?.identifiers ?? [])].map(identifierText).join(", ");
}

/** @param {readonly Schemas["CaseParty"][] | undefined} parties */
export function partiesText(parties) {
  return parties?.map(partyText).join("; ");
}

/**
 * A date or time as exact as it was recorded: `2019-05`, `2026-03-02 09:05 UTC`. Times keep their offset.
 *
 * @param {string} time
 */
export function dateTimeText(time) {
  const found = /^(.{10})T(\d\d:\d\d)(:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)$/.exec(time);
  if (!found) return time;
  const [, date, minutes, seconds = "", offset] = found;
  return `${date} ${minutes}${/[1-9]/.test(seconds) ? seconds : ""} ${offset === "Z" ? "UTC" : offset}`;
}

/** @param {string} time */
function clockText(time) {
  return time.replace(/^(\d\d:\d\d):00(\.0+)?$/, "$1");
}

/** @param {Schemas["CaseEntryPeriod"]} period */
export function periodText({ start, end }) {
  if (!start) return `until ${dateTimeText(end ?? "")}`;
  return end ? `${dateTimeText(start)} to ${dateTimeText(end)}` : `from ${dateTimeText(start)}`;
}

/**
 * The unit as people read it. UCUM's `1` is no unit, and its `{…}` are words.
 *
 * @param {{value?: string, unit?: string, system?: string, code?: string}} quantity
 */
export function unitText({ value, unit, system, code }) {
  if (unit) return system === UCUM && unit === code ? powersOf(unit) : unit;
  if (system !== UCUM || !code) return code ?? "";
  const time = TIME_UNITS.get(code);
  if (time) return value === "1" ? time : `${time}s`;
  return code === "1" ? "" : powersOf(code.replace(/^\{([^{}]*)\}$/, "$1"));
}

/**
 * Powers of ten as people write them: UCUM's `10*9` is ×10⁹.
 *
 * @param {string} code
 */
function powersOf(code) {
  const raised = (/** @type {string} */ each) => SUPERSCRIPTS[Number(each)] ?? "⁻";
  return code.replace(/\b10\*(-?\d+)/g, (_, exponent) => `×10${[...exponent].map(raised).join("")}`);
}

/** @param {Schemas["CaseQuantity"] | Schemas["CaseSimpleQuantity"]} quantity */
export function quantityText(quantity) {
  const comparators = /** @type {Record<string, string>} */ ({ "<": "< ", "<=": "≤ ", ">=": "≥ ", ">": "> " });
  const comparator = "comparator" in quantity ? (comparators[String(quantity.comparator)] ?? "") : "";
  const unit = unitText(quantity);
  return `${comparator}${quantity.value}${unit && ` ${unit}`}`;
}

/** @param {Schemas["CaseQuantityRange"]} range */
export function rangeText({ low, high }) {
  if (!low || !high) return low ? `≥ ${quantityText(low)}` : high ? `≤ ${quantityText(high)}` : "";
  return unitText(low) === unitText(high) ? `${low.value} to ${quantityText(high)}` : `${quantityText(low)} to ${quantityText(high)}`;
}

/** @param {Schemas["CaseQuantityRatio"]} ratio */
function ratioText({ numerator, denominator }) {
  const isPlain = !unitText(numerator) && !unitText(denominator);
  return isPlain ? `${quantityText(numerator)} : ${quantityText(denominator)}` : `${quantityText(numerator)} per ${quantityText(denominator)}`;
}

/** @param {Schemas["CaseClinicalTime"] | undefined} time */
export function clinicalTimeText(time) {
  if (!time) return undefined;
  if (time.date_time) return dateTimeText(time.date_time);
  if (time.age) return `at the age of ${quantityText(time.age)}`;
  if (time.period) return periodText(time.period);
  if (time.range) return `at the age of ${rangeText(time.range)}`;
  return time.string ?? otherText(time);
}

/** @param {Schemas["CaseEffectiveTime"] | undefined} time */
export function effectiveText(time) {
  if (!time) return undefined;
  if (time.date_time) return dateTimeText(time.date_time);
  return time.period ? periodText(time.period) : otherText(time);
}

/** @param {Schemas["CaseObservationValue"]} value */
export function valueText(value) {
  if (value.quantity) return quantityText(value.quantity);
  if (value.concept) return conceptText(value.concept);
  if (value.string !== undefined) return value.string;
  if (value.boolean !== undefined) return value.boolean ? "Yes" : "No";
  if (value.integer !== undefined) return String(value.integer);
  if (value.range) return rangeText(value.range);
  if (value.ratio) return ratioText(value.ratio);
  if (value.time) return clockText(value.time);
  if (value.date_time) return dateTimeText(value.date_time);
  return value.period ? periodText(value.period) : otherText(value);
}

/** @param {Schemas["CaseReferenceRange"]} range */
export function referenceRangeText({ low, high, type, applies_to: appliesTo, age, text }) {
  const details = [type && conceptText(type), appliesTo && `for ${conceptsText(appliesTo)}`, age && `age ${rangeText(age)}`, text];
  const known = details.filter(Boolean).join(", ");
  const limits = rangeText({ low, high });
  return limits && known ? `${limits} (${known})` : limits || known;
}

/**
 * How a medication is taken: the author's words, and what the coded parts say. Both are shown, as they may differ.
 *
 * @param {Schemas["CaseDosage"]} dosage
 * @returns {{text: string | undefined, parts: string}}
 */
export function dosageText({ text, timing, as_needed: asNeeded, site, route, dose, max, ...others }) {
  const parts = [
    dose && (dose.quantity ? quantityText(dose.quantity) : dose.range ? rangeText(dose.range) : otherText(dose)),
    route && conceptText(route),
    site && `site: ${conceptText(site)}`,
    timing && timingText(timing),
    asNeeded && (asNeeded.concept ? `as needed for ${conceptText(asNeeded.concept)}` : asNeeded.boolean ? "as needed" : "regularly, not only as needed"),
    max && `at most ${quantityText(max.numerator)} in ${quantityText(max.denominator)}`,
    Object.keys(others).length > 0 && otherText(others),
  ];
  return { text, parts: parts.filter(Boolean).join(", ") };
}

/** @param {Schemas["CaseTiming"]} timing */
function timingText(timing) {
  const { code, events, bounds, count, duration, frequency, period, days_of_week: days, times_of_day: times } = timing;
  const { when, offset } = timing;
  const parts = [
    code && timingCodeText(code),
    rhythmText(frequency, period),
    when && listed(when.map((event) => eventText(event, offset))),
    times && `at ${listed(times.map(clockText))}`,
    days && `on ${listed(days.map((day) => DAYS[day] ?? day))}`,
    duration && `for ${spanText(duration)} each time`,
    count && `${countText(count)} in total`,
    bounds && boundsText(bounds),
    events && `on ${listed(events.map(dateTimeText))}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** @param {Schemas["CaseConcept"]} concept */
function timingCodeText(concept) {
  const shown = conceptText(concept);
  const known = (concept.coding ?? []).flatMap(({ code }) => TIMING_CODES.get(code) ?? []);
  return known.length > 0 && !known.includes(shown.toLowerCase()) ? `${known.join(", ")} (${shown})` : shown;
}

/**
 * `twice a day`, `every 4 to 6 hours`. Without a frequency it is once a period (FHIR Timing.repeat).
 *
 * @param {Schemas["CaseTimingCount"] | undefined} frequency
 * @param {Schemas["CaseTimingSpan"] | undefined} period
 */
function rhythmText(frequency, period) {
  if (!period) return frequency && countText(frequency);
  const isOne = period.value === "1" && !period.max;
  const unit = TIME_UNITS.get(period.unit) ?? period.unit;
  const each = isOne ? `every ${unit}` : `every ${spanText(period)}`;
  if (!frequency || (frequency.value === 1 && !frequency.max)) return each;
  return isOne ? `${countText(frequency)} ${unit === "hour" ? "an" : "a"} ${unit}` : `${countText(frequency)} ${each}`;
}

/** @param {Schemas["CaseTimingCount"]} count */
function countText({ value, max }) {
  if (max !== undefined && max !== value) return `${value} to ${max} times`;
  return value === 1 ? "once" : value === 2 ? "twice" : `${value} times`;
}

/** @param {Schemas["CaseTimingSpan"]} span */
function spanText({ value, max, unit }) {
  const name = TIME_UNITS.get(unit) ?? unit;
  return max !== undefined ? `${value} to ${max} ${name}s` : `${value} ${name}${value === "1" ? "" : "s"}`;
}

/** @param {Schemas["CaseTimingBounds"]} bounds */
function boundsText(bounds) {
  if (bounds.duration) return `for ${quantityText(bounds.duration)}`;
  if (bounds.range) return `for ${rangeText(bounds.range)}`;
  if (!bounds.period) return otherText(bounds);
  const { start, end } = bounds.period;
  return start && end ? `from ${periodText(bounds.period)}` : periodText(bounds.period);
}

/**
 * An offset from an event that names no side is after it (FHIR Timing.repeat.offset).
 *
 * @param {string} event
 * @param {number} [offset] minutes
 */
function eventText(event, offset) {
  const phrase = EVENTS[event] ?? event;
  if (!offset) return phrase;
  const minutes = `${offset} minute${offset === 1 ? "" : "s"}`;
  return /^(before|after) /.test(phrase) ? `${minutes} ${phrase}` : `${minutes} after ${phrase.replace(/^(in the|at|upon|with) /, "")}`;
}

/** @param {readonly string[]} texts */
function listed(texts) {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/**
 * What the console does not know, so that nothing is missed.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function otherText(value) {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value).map(([name, part]) => `${words(name)}: ${otherText(part)}`).join(", ");
}

/**
 * The parts of an entry that texts leave out: codes with other names, identifiers, and units whose code is not their
 * name, such as `mmHg = UCUM mm[Hg]`. Each is listed once.
 *
 * @param {unknown} entry
 * @param {Schemas["CaseConcept"]} [main] the meaning whose name is shown next to this
 * @returns {string[]}
 */
export function detailsOf(entry, main) {
  /** @type {Set<string>} */
  const found = new Set();
  visit(entry, "", "");
  return [...found];

  /**
   * @param {any} node
   * @param {string} name of the property
   * @param {string} owner the name of the property in which it is
   * @returns {void}
   */
  function visit(node, name, owner) {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const each of node) visit(each, name, owner);
    } else if (name === "identifiers") {
      found.add(`${owner && `${words(owner)} `}identifier ${identifierText(node)}`);
    } else if (Array.isArray(node.coding)) {
      const shown = conceptText(node);
      const codes = node.coding.map((/** @type {Schemas["CaseCoding"]} */ each) =>
        each.display && each.display !== shown ? `${codeText(each)} “${each.display}”` : codeText(each),
      );
      if (codes.join(", ") !== shown) found.add(node === main ? codes.join(", ") : `${shown} = ${codes.join(", ")}`);
    } else if (node.system && node.code) {
      const isQuantity = "value" in node;
      const shown = isQuantity ? unitText(node) : codingText(node);
      const code = codeText(node);
      const isSame = isQuantity && node.system === UCUM && shown === node.code;
      if (!isSame && shown !== code) found.add(isQuantity && !shown ? `no unit = ${code}` : `${shown} = ${code}`);
    } else {
      for (const [key, value] of Object.entries(node)) visit(value, key, name);
    }
  }
}
