// Calls as charts: by time, and as a part of the free ones.

import { barChart, gauge } from "./charts.js";
import { h } from "./dom.js";
import { counted, number } from "./format.js";
import { badge } from "./parts.js";

/** @import {Schemas} from "./types" */
/** @typedef {Schemas["UsageTimeseries"]} Timeseries */
/** @typedef {Schemas["UsageTimeseriesItem"]} Item */
/** @typedef {Schemas["UsageOutcomes"]} Outcomes */
/** @typedef {{from: string, to: string, bucket: Schemas["UsageBucket"]}} Range */

/** In milliseconds. */
export const BUCKET = { hour: 3_600_000, day: 86_400_000 };
/** The largest groups that are shown; the others are one more. */
const GROUPS = 5;
const OTHER = "Other";
/** The outcomes in the order of the bars. All are always drawn, so each has the same colour in every chart. */
const OUTCOMES = /** @type {const} */ ([
  ["2xx", "Done (2xx)"],
  ["3xx", "Not changed (3xx)"],
  ["4xx", "Refused (4xx)"],
  ["429", "Over a limit (429)"],
  ["5xx", "Failed (5xx)"],
]);

/**
 * A range of the API that ends now and has whole buckets: the last 24 hours are 24 buckets, with the current hour.
 *
 * @param {number} length in milliseconds
 * @param {Schemas["UsageBucket"]} bucket
 * @param {number} now
 */
export function rangeUntilNow(length, bucket, now) {
  const from = length > BUCKET[bucket] ? now - length + BUCKET[bucket] : now - length;
  return { from: new Date(from).toISOString(), to: new Date(now + 1).toISOString() };
}

/** @param {Range} usage */
export function bucketCount({ from, to, bucket }) {
  return Math.max(Math.round((Date.parse(to) - Date.parse(from)) / BUCKET[bucket]), 0);
}

/** @param {{items: {calls: number}[]}} usage */
export function totalOf({ items }) {
  return items.reduce((total, { calls }) => total + calls, 0);
}

/**
 * The value that an entry is grouped by; empty for calls that are not grouped.
 *
 * @param {Item} item
 */
export function groupOf({ endpoint, key_id: keyId }) {
  return endpoint ?? keyId ?? "";
}

/**
 * Calls as stacked bars. Buckets without calls are zero.
 *
 * @param {Timeseries} usage
 * @param {string} title
 * @param {(group: string) => string} [nameOf]
 */
export function callsChart(usage, title, nameOf = (group) => group || "Calls") {
  return chartOf(usage, title, seriesOf(usage, nameOf), "");
}

/**
 * Outcomes as stacked bars. Buckets without calls are zero.
 *
 * @param {Outcomes} outcomes
 * @param {string} title
 */
export function outcomesChart(outcomes, title) {
  const series = OUTCOMES.map(([outcome, name]) => (
    { name, values: valuesOf(outcomes, outcomes.items.filter((item) => item.outcome === outcome)) }
  ));
  return chartOf(outcomes, title, series, " Calls of the last minute may be missing.");
}

/**
 * @param {Range} range
 * @param {string} title
 * @param {{name: string, values: number[]}[]} series
 * @param {string} note follows the description
 */
function chartOf(range, title, series, note) {
  const isHours = range.bucket === "hour";
  const start = Date.parse(range.from);
  const starts = valuesOf(range, []).map((_, place) => new Date(start + place * BUCKET[range.bucket]).toISOString());
  return barChart({
    title,
    description: `Calls by the ${range.bucket}. The times are in UTC.${note}`,
    categories: starts.map((time) => (isHours ? time.slice(5, 16).replace("T", " ") : time.slice(0, 10))),
    series,
    unit: "calls",
    categoryName: isHours ? "Hour (UTC)" : "Day (UTC)",
  });
}

/**
 * The calls of each bucket.
 *
 * @param {Range} range
 * @param {{start: string, calls: number}[]} items
 */
function valuesOf(range, items) {
  const values = Array.from({ length: bucketCount(range) }, () => 0);
  for (const { start, calls } of items) {
    const place = Math.round((Date.parse(start) - Date.parse(range.from)) / BUCKET[range.bucket]);
    values[place] = (values[place] ?? 0) + calls;
  }
  return values;
}

/**
 * The groups by their size, the largest first.
 *
 * @param {Timeseries} usage
 * @param {(group: string) => string} nameOf
 */
function seriesOf(usage, nameOf) {
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of usage.items) {
    const group = groups.get(groupOf(item));
    if (group) group.push(item);
    else groups.set(groupOf(item), [item]);
  }
  const ranked = [...groups].toSorted(([, one], [, other]) => totalOf({ items: other }) - totalOf({ items: one }));
  const shown = ranked.length > GROUPS + 1 ? ranked.slice(0, GROUPS) : ranked;
  const others = ranked.slice(shown.length).flatMap(([, items]) => items);
  const series = shown.map(([group, items]) => ({ name: nameOf(group), values: valuesOf(usage, items) }));
  return others.length > 0 ? [...series, { name: OTHER, values: valuesOf(usage, others) }] : series;
}

/**
 * How many of the free calls are used and left.
 *
 * @param {Schemas["Quota"]} quota
 */
export function quotaView({ used, limit, remaining }) {
  if (limit === null || remaining === null) {
    return h("p", null, badge("paid", "good"), ` No limit. ${counted(used, "call")} so far.`);
  }
  return gauge({
    title: "Free calls used",
    description: "When none are left, creating and importing cases gets 402. Reading, signing and managing keys go on.",
    value: used,
    max: limit,
    text: `${number(used)} of ${number(limit)} used, ${number(remaining)} left.`,
  });
}
