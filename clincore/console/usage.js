// The usage of the tenant: calls by time and group, their outcomes, all calls by endpoint, and the quota.

import { attempt, shown } from "./attempt.js";
import { BUCKET, bucketCount, callsChart, groupOf, outcomesChart, quotaView, rangeUntilNow, totalOf } from "./calls.js";
import { fragment, h } from "./dom.js";
import { counted, number } from "./format.js";
import { dateInput, visit } from "./lists.js";
import { button, download, empty, field, problemView, select, table } from "./parts.js";

/** @import {Api} from "./api.js" */
/** @import {Outcome} from "./attempt.js" */
/** @import {Outcomes, Range, Timeseries} from "./calls.js" */
/** @import {Context, Schemas, Screen} from "./types" */

const PATH = "/usage";
const DAY = BUCKET.day;
const OWN = "own";
/** @type {Record<string, number>} in days */
const RANGES = { "24h": 1, "7d": 7, "30d": 30, "90d": 90 };
const RANGE_LABELS = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  [OWN]: "Own dates",
};
/** @type {Schemas["UsageBucket"][]} */
const BUCKETS = ["hour", "day"];
/** @type {Schemas["UsageGroup"][]} */
const GROUPS = ["endpoint", "key", "none"];
const GROUP_LABELS = { key: "API key", none: "Nothing" };
/** More could not be told apart, and would take long to draw. */
const CHART_BUCKETS = 1000;

/**
 * @typedef {object} Asked what the URL asks for
 * @property {string} range
 * @property {Schemas["UsageBucket"]} bucket
 * @property {Schemas["UsageGroup"]} group
 * @property {string} first dates, both inclusive, for `own`
 * @property {string} last
 */

/** @type {Screen} */
export const usage = {
  title: "Usage",
  async show(context) {
    const { api, query } = context;
    const asked = askedOf(query);
    const form = rangeForm(context, asked);
    const times = timesOf(asked);
    if (!times) return fragment(form, empty("Choose the first and the last day, which must not be before the first."));
    const { bucket, group } = asked;
    const [calls, outcomes, all, quota] = await Promise.all([
      attempt(api.get("/admin/usage/timeseries", { query: { ...times, bucket, group_by: group } })),
      attempt(api.get("/admin/usage/outcomes", { query: { ...times, bucket } })),
      attempt(api.get("/admin/usage")),
      attempt(api.get("/usage")),
    ]);
    /** @type {Outcome<Map<string, string>>} */
    const names = calls.value && group === "key" ? await attempt(keyNames(api, calls.value)) : { value: new Map() };
    return fragment(
      form,
      h(
        "section",
        null,
        h("h2", null, `Calls by the ${bucket}`),
        names.value === null && problemView(names.error),
        shown(calls, (series) => callsView(series, names.value ?? new Map())),
      ),
      h("section", null, h("h2", null, `Outcomes by the ${bucket}`), shown(outcomes, outcomesView)),
      h("section", null, h("h2", null, "Calls left"), shown(quota, quotaView)),
      h("section", null, h("h2", null, "All calls by endpoint"), shown(all, totalsView)),
    );
  },
};

/**
 * What the URL asks for; for what it does not say or says wrongly, the default.
 *
 * @param {URLSearchParams} query
 * @returns {Asked}
 */
function askedOf(query) {
  const given = query.get("range") ?? "";
  const range = given === OWN || Object.hasOwn(RANGES, given) ? given : "30d";
  return {
    range,
    bucket: BUCKETS.find((bucket) => bucket === query.get("bucket")) ?? (range === "24h" ? "hour" : "day"),
    group: GROUPS.find((group) => group === query.get("group")) ?? "endpoint",
    first: query.get("first") ?? "",
    last: query.get("last") ?? "",
  };
}

/**
 * The times that the API is asked for; null if own dates are missing or in the wrong order. Days are in UTC, as the
 * buckets are.
 *
 * @param {Asked} asked
 * @returns {{from: string, to: string} | null}
 */
function timesOf({ range, bucket, first, last }) {
  if (range !== OWN) return rangeUntilNow((RANGES[range] ?? 30) * DAY, bucket, Date.now());
  const [from, to] = [Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`) + DAY];
  return from < to ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : null;
}

/**
 * @param {Context} context
 * @param {Asked} asked
 */
function rangeForm(context, asked) {
  const range = select([...Object.keys(RANGES), OWN], { chosen: asked.range, labels: RANGE_LABELS });
  const bucket = select(BUCKETS, { chosen: asked.bucket });
  const group = select(GROUPS, { chosen: asked.group, labels: GROUP_LABELS });
  const [first, last] = [dateInput(asked.first), dateInput(asked.last)];
  const dates = [field("First day (UTC)", first), field("Last day (UTC)", last)];
  const update = () => {
    const isOwn = range.value === OWN;
    for (const date of dates) date.hidden = !isOwn;
    for (const date of [first, last]) date.required = isOwn;
  };
  range.addEventListener("change", update);
  update();
  const onsubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const own = range.value === OWN ? { first: first.value, last: last.value } : {};
    visit(context, PATH, { range: range.value, bucket: bucket.value, group: group.value, ...own });
  };
  return h(
    "form",
    { class: "usage-form", onsubmit },
    field("Time", range),
    dates,
    field("Bars", bucket),
    field("Group by", group),
    h("button", { type: "submit", class: "primary" }, "Show"),
  );
}

/**
 * The labels of the keys that made calls. A key's label is not unique, so its last characters follow.
 *
 * @param {Api} api
 * @param {Timeseries} series
 * @returns {Promise<Map<string, string>>} by id
 */
async function keyNames(api, series) {
  const missing = new Set(series.items.map(groupOf));
  const names = new Map();
  /** @type {string | undefined} */
  let cursor;
  while (missing.size > 0) {
    /** @type {Schemas["ApiKeyPage"]} */
    const page = await api.get("/admin/api-keys", { query: { limit: 100, cursor } });
    for (const { id, label, last_four: lastFour } of page.items) {
      names.set(id, lastFour ? `${label} (…${lastFour})` : label);
      missing.delete(id);
    }
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return names;
}

/**
 * @param {Timeseries} series
 * @param {Map<string, string>} names of keys
 */
function callsView(series, names) {
  const { bucket, group_by: groupBy, from, to } = series;
  const total = totalOf(series);
  if (total === 0) return empty("No calls in this time. Choose a longer time.");
  const nameOf = (/** @type {string} */ group) => {
    if (groupBy === "none") return "Calls";
    return groupBy === "key" ? (names.get(group) ?? `Key ${group.slice(0, 8)}…`) : group;
  };
  const title = { endpoint: "Calls by endpoint", key: "Calls by API key", none: "Calls" }[groupBy];
  return fragment(
    h("p", null, h("strong", null, counted(total, "call")), ` from ${utcText(from)} to ${utcText(to)} (UTC).`),
    tooMany(series, "Choose a shorter time, or get the CSV.") ?? callsChart(series, title, nameOf),
    h(
      "div",
      { class: "row" },
      button("Download CSV", () => download(fileName(series), "text/csv", csvOf(series, nameOf))),
      h("p", { class: "hint" }, `A line for each ${bucket} and group with calls. Times are in UTC.`),
    ),
  );
}

/** @param {Outcomes} outcomes */
function outcomesView(outcomes) {
  if (totalOf(outcomes) === 0) return empty("No outcomes in this time yet. They are written once a minute.");
  return tooMany(outcomes, "Choose a shorter time.") ?? outcomesChart(outcomes, "Outcomes of calls");
}

/**
 * What is shown instead of a chart with too many bars; null if it has few enough.
 *
 * @param {Range} range
 * @param {string} advice
 */
function tooMany(range, advice) {
  const count = bucketCount(range);
  if (count <= CHART_BUCKETS) return null;
  return h("p", null, `${counted(count, range.bucket)} are too many for a chart. ${advice}`);
}

/** @param {Schemas["Usage"]} all */
function totalsView({ total_calls: total, calls_by_endpoint: byEndpoint, last_24h_count: lastDay }) {
  const rows = Object.entries(byEndpoint).toSorted(([, one], [, other]) => other - one);
  return fragment(
    h("p", null, `${counted(total, "call")} since the beginning, ${number(lastDay)} of them in the last 24 hours.`),
    table(
      "All calls by endpoint",
      [
        { title: "Endpoint", isHeader: true, cell: ([endpoint]) => h("code", null, endpoint) },
        { title: "Calls", isNumber: true, cell: ([, calls]) => number(calls) },
        { title: "Share", isNumber: true, cell: ([, calls]) => `${((100 * calls) / total).toFixed(1)} %` },
      ],
      rows,
    ),
  );
}

/** @param {string} time */
function utcText(time) {
  return time.slice(0, 16).replace("T", " ");
}

/** @param {Timeseries} series */
function fileName({ from, to, bucket }) {
  return `calls-by-${bucket}-${from.slice(0, 10)}-${to.slice(0, 10)}.csv`;
}

/**
 * RFC 4180.
 *
 * @param {Timeseries} series
 * @param {(group: string) => string} nameOf
 */
function csvOf({ group_by: groupBy, items }, nameOf) {
  const columns = { endpoint: ["endpoint"], key: ["key_id", "key"], none: [] }[groupBy];
  const rows = items.map((item) => {
    const group = groupOf(item);
    const cells = groupBy === "key" ? [group, nameOf(group)] : groupBy === "endpoint" ? [group] : [];
    return [item.start, ...cells, item.calls];
  });
  return [["start", ...columns, "calls"], ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** @param {string | number} value */
function csvCell(value) {
  // Spreadsheets would run a label that looks like a formula.
  const text = String(value).replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
