// Numeric observations over time: within a case, and over the cases of its subject.

import { lineChart } from "./charts.js";
import { fragment, h } from "./dom.js";
import { counted } from "./format.js";
import { announce, button, empty } from "./parts.js";
import { can } from "./rights.js";
import { BLOOD_PRESSURES, DIASTOLIC, LOINC, SYSTOLIC, UCUM } from "./terms.js";
import { conceptText, dateTimeText, quantityText, rangeText, unitText } from "./values.js";

/** @import {Context, Schemas} from "./types" */

/**
 * The part of a case that is read here.
 *
 * @typedef {Partial<Pick<Schemas["Case"], "id" | "status" | "version" | "subject" | "observations">>} TrendCase
 *
 * @typedef {{time: number, value: number, text: string}} Point `time` in milliseconds since 1970
 * @typedef {{name: string, points: Point[]}} Line
 * @typedef {object} Trend
 * @property {string} title
 * @property {string} unit empty if there is none
 * @property {Line[]} lines two of a blood pressure, otherwise one
 * @property {{low?: number, high?: number, text: string} | undefined} range the reference range, if all values have the same
 * @property {string[]} leftOut values that cannot be drawn, with the reason
 */

/** The most cases that the panel reads. */
const CASES_MAX = 20;

const PRESSURE = "#pressure";
const PRESSURE_LINES = new Map([[SYSTOLIC, "Systolic"], [DIASTOLIC, "Diastolic"]]);

/**
 * The numeric observations of cases by code and unit, in the order in which they first occur. What was entered in error
 * or cancelled is ignored. A value with a comparator or without a time is not drawn, but listed in `leftOut`.
 *
 * @param {readonly TrendCase[]} cases
 * @returns {Trend[]}
 */
export function trendsOf(cases) {
  /** @type {Map<string, Trend & {ranges: Map<string, Trend["range"]>}>} */
  const trends = new Map();
  for (const { status, observations = [] } of cases) {
    if (isDiscarded(status)) continue;
    for (const observation of observations) {
      if (isDiscarded(observation.status)) continue;
      for (const measured of measurementsOf(observation)) add(measured, observation, status === "draft");
    }
  }
  for (const { lines } of trends.values()) {
    lines.sort((one, other) => lineOrder(one) - lineOrder(other));
    for (const { points } of lines) points.sort((one, other) => one.time - other.time);
  }
  return [...trends.values()].map(({ ranges, ...trend }) => {
    const [range] = ranges.values();
    return { ...trend, range: ranges.size === 1 ? range : undefined };
  });

  /**
   * @param {Measured} measured
   * @param {Schemas["CaseObservation"]} observation
   * @param {boolean} isDraft
   */
  function add({ key, title, name, quantity, ranges }, observation, isDraft) {
    const { unit, system, code } = quantity;
    const unitKey = unitKeyOf(quantity);
    const trendKey = `${key} ${unitKey}`;
    let trend = trends.get(trendKey);
    if (!trend) {
      trend = { title, unit: unitText({ unit, system, code }), lines: [], range: undefined, leftOut: [], ranges: new Map() };
      trends.set(trendKey, trend);
    }
    const at = timeOf(observation);
    const detailed = (/** @type {string} */ time) => [
      quantityText(quantity),
      time,
      observation.body_site && conceptText(observation.body_site),
      observation.method && conceptText(observation.method),
      observation.status && !["final", "amended", "corrected"].includes(observation.status) && observation.status,
      isDraft && "from a draft: not signed",
    ].filter(Boolean).join(", ");
    const value = Number(quantity.value);
    if (quantity.comparator || !at || !Number.isFinite(value)) {
      const left = `${name === title ? "" : `${name} `}${detailed(at?.text ?? "no time")}${quantity.comparator ? " (not an exact value)" : ""}`;
      if (!trend.leftOut.includes(left)) trend.leftOut.push(left);
      return;
    }
    let line = trend.lines.find((each) => each.name === name);
    if (!line) trend.lines.push((line = { name, points: [] }));
    // The same measurement can be in several documents.
    if (line.points.some((point) => point.time === at.time && point.value === value)) return;
    line.points.push({ time: at.time, value, text: detailed(at.note) });
    const range = rangeIn(ranges, unitKey);
    const ends = `${range?.low} ${range?.high}`;
    // Of the ways to write it, such as 3.5 and 3.50, the first is shown.
    if (!trend.ranges.has(ends)) trend.ranges.set(ends, range);
  }
}

/** @typedef {{key: string, title: string, name: string, quantity: Schemas["CaseQuantity"], ranges: Schemas["CaseReferenceRange"][]}} Measured */

/**
 * The numbers in an observation and its components.
 *
 * @param {Schemas["CaseObservation"]} observation
 * @returns {Measured[]}
 */
function measurementsOf({ code, value, reference_ranges: ranges = [], components = [] }) {
  const isPressure = loincCodes(code).some((each) => BLOOD_PRESSURES.has(each));
  const title = conceptText(code);
  /** @type {Measured[]} */
  const found = [];
  const quantity = numberIn(value);
  if (quantity) found.push({ ...nameOf(code, true), quantity, ranges });
  for (const part of components) {
    const number = numberIn(part.value);
    if (!number) continue;
    const name = nameOf(part.code, isPressure);
    const others = name.key === PRESSURE ? {} : { key: `${keyOf(code)} ${name.key}`, title: `${title}: ${name.title}` };
    found.push({ ...name, ...others, quantity: number, ranges: part.reference_ranges ?? [] });
  }
  return found;
}

/**
 * The chart and the line of a code. Systolic and diastolic pressure share a chart.
 *
 * @param {Schemas["CaseConcept"]} code
 * @param {boolean} isPressure whether it is not part of an unrelated panel
 */
function nameOf(code, isPressure) {
  const line = isPressure && loincCodes(code).map((each) => PRESSURE_LINES.get(each)).find(Boolean);
  if (line) return { key: PRESSURE, title: "Blood pressure", name: line };
  const title = conceptText(code);
  return { key: keyOf(code), title, name: title };
}

/** @param {Schemas["CaseConcept"]} concept */
function loincCodes({ coding = [] }) {
  return coding.filter(({ system }) => system === LOINC).map(({ code }) => code);
}

/** @param {Schemas["CaseConcept"]} concept */
function keyOf({ text = "", coding = [] }) {
  const chosen = coding.find(({ system }) => system === LOINC) ?? coding[0];
  return chosen ? `${chosen.system}|${chosen.code}` : text.trim().toLowerCase();
}

/**
 * @param {Schemas["CaseObservationValue"] | undefined} value
 * @returns {Schemas["CaseQuantity"] | undefined}
 */
function numberIn(value) {
  if (value?.quantity) return value.quantity;
  return value?.integer === undefined ? undefined : { value: String(value.integer), system: UCUM, code: "1" };
}

/** @param {string | undefined} status of a case or an observation */
function isDiscarded(status) {
  return status === "entered_in_error" || status === "cancelled";
}

/** @param {Line} line */
function lineOrder({ name }) {
  return name === "Diastolic" ? 1 : 0;
}

/**
 * When an observation is drawn: at its time, at the start of its period, or else when it was issued.
 *
 * @param {Schemas["CaseObservation"]} observation
 */
function timeOf({ effective, issued }) {
  if (effective?.date_time) return placed(effective.date_time, "");
  if (effective?.period?.start) return placed(effective.period.start, "start of a period");
  if (effective?.period?.end) return placed(effective.period.end, "end of a period");
  return issued ? placed(issued, "issued") : null;
}

/**
 * A date is placed at its start. `text` is the time in words, `note` what the place in the chart does not say of it.
 *
 * @param {string} written such as `2019-05` or `2026-03-02T09:05:00Z`
 * @param {string} kind what the time is, if it is not that of the measurement
 */
function placed(written, kind) {
  if (written.includes("T")) {
    const time = Date.parse(written.replace(/(\.\d{3})\d+/, "$1"));
    return Number.isNaN(time) ? null : { time, text: `${kind} ${dateTimeText(written)}`.trim(), note: kind };
  }
  const [year = 0, month = 1, day = 1] = written.split("-").map(Number);
  const text = `${kind} ${written.length === 10 ? "on" : "in"} ${written}`.trim();
  return { time: new Date(year, month - 1, day).getTime(), text, note: `${text} without a time` };
}

/** @param {{unit?: string, system?: string, code?: string}} quantity */
function unitKeyOf({ unit, system, code }) {
  return system && code ? `${system}|${code}` : `|${unit ?? ""}`;
}

/**
 * The one range that applies to everyone, in the unit of the value, which an end without a unit has too.
 *
 * @param {Schemas["CaseReferenceRange"][]} ranges
 * @param {string} unitKey
 * @returns {Trend["range"]}
 */
function rangeIn([range, ...others], unitKey) {
  if (!range || others.length > 0 || range.applies_to || range.age || range.type) return undefined;
  const { low, high } = range;
  const ends = [low, high].filter((end) => end !== undefined);
  const isOther = ends.some((end) => (end.unit || end.code) && unitKeyOf(end) !== unitKey);
  if (ends.length === 0 || isOther) return undefined;
  return { ...(low && { low: Number(low.value) }), ...(high && { high: Number(high.value) }), text: rangeText(range) };
}

/**
 * Charts of the trends that have a line with two points or more.
 *
 * @param {readonly Trend[]} trends
 */
export function trendCharts(trends) {
  return trends
    .filter(({ lines }) => lines.some(({ points }) => points.length > 1))
    .map(({ title, unit, lines, range, leftOut }) => {
      const countOf = (/** @type {Line} */ line) => counted(line.points.length, "value");
      const counts = lines.map((line) => (lines.length > 1 ? `${line.name}: ${countOf(line)}` : countOf(line)));
      const description = `${counts.join(", ")}, as recorded${unit && ` in ${unit}`}.`;
      const chart = lineChart({ title, description, lines, unit, range });
      if (leftOut.length === 0) return chart;
      return h("div", null, chart, h("p", { class: "small" }, "Not drawn:"), h("ul", { class: "small" }, leftOut.map((text) => h("li", { dir: "auto" }, text))));
    });
}

/**
 * The button that reads the cases of the subject and draws their values over time.
 *
 * @param {Context} context
 * @param {TrendCase} shown the case on the screen; it is not read again if it is the stored one
 */
export function trendsPanel(context, shown) {
  const identifier = shown.subject?.identifiers[0];
  if (!identifier || !can(context.caller, { scope: "read" })) return fragment();
  const place = h("div");
  const start = button("Show values over time", async () => {
    const { cases, total, hasMore } = await casesOf(context, shown, identifier);
    const trends = trendsOf(cases);
    const charts = trendCharts(trends);
    const left = trends.length - charts.length;
    place.replaceChildren(
      h(
        "p",
        { class: "small" },
        `From ${readText(cases.length, total, hasMore)}, without cancelled and voided ones. Drafts are marked. `,
        left > 0 && `${counted(left, "measurement")} not drawn, because of fewer than two values with a time in the same unit.`,
      ),
      charts.length > 0
        ? h("div", { class: "grid" }, charts)
        : empty("No measurement has two values with a time in the same unit. Charts appear once a second case has one."),
    );
    announce(`${counted(charts.length, "chart")} of values over time.`);
  });
  return h(
    "section",
    { class: "no-print" },
    h("h2", null, "Values over time"),
    h(
      "p",
      { class: "hint" },
      `Laboratory values, blood pressure and other numbers from all cases with the same first identifier of the subject. This sends up to ${CASES_MAX + 1} requests: a search, and one for each of the newest ${CASES_MAX} cases. Each case that is read gets an entry in the access log.`,
    ),
    start,
    place,
  );
}

/**
 * @param {number} read
 * @param {number} total
 * @param {boolean} hasMore
 */
function readText(read, total, hasMore) {
  if (read === total && !hasMore) return counted(read, "case");
  return `${counted(read, "case")} of ${hasMore ? `more than ${total}` : total}`;
}

/**
 * The newest cases of a subject, at most `CASES_MAX`.
 *
 * @param {Context} context
 * @param {TrendCase} shown
 * @param {Schemas["CaseIdentifier"]} identifier
 */
async function casesOf({ api }, shown, { system, value }) {
  const page = await api.post("/cases/search", { body: { subject: `${system}|${value}`, limit: 100 }, isRead: true });
  const usable = page.items.filter(({ status }) => !isDiscarded(status));
  /** @type {TrendCase[]} */
  const cases = [];
  for (const { id, status, version } of usable.slice(0, CASES_MAX)) {
    const isShown = id === shown.id && status === shown.status && version === shown.version;
    const found = isShown ? shown : await api.get("/cases/{case_id}", { path: { case_id: id } });
    // The case can have changed since the search. Values of two people in one chart would be misread.
    const first = found.subject?.identifiers[0];
    if (first?.system === system && first.value === value) cases.push(found);
  }
  return { cases, total: usable.length, hasMore: page.next_cursor !== undefined };
}
