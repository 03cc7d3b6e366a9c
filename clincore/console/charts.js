// Charts: SVG with every value as text too.

import { BOTTOM, HEIGHT, RIGHT, TOP } from "./chart_axes.js";
import { labelsBelow, levelLine, lineTicks, ticksOf, timeTicks, valueAxis } from "./chart_axes.js";
import { ChartFigure } from "./chart_figure.js";
import { h, svg } from "./dom.js";
import { counted, localTime } from "./format.js";
import { newId, table } from "./parts.js";

/**
 * @typedef {{name: string, values: number[]}} Series
 * @typedef {{time: number, value: number, text?: string}} Point `time` in milliseconds since 1970
 * @typedef {{name: string, points: Point[]}} Line
 * @typedef {{low?: number, high?: number, text?: string}} ReferenceRange `text`: the limits as they were recorded
 */

/** Narrower columns could not be told apart: the chart scrolls. */
const COLUMN_MIN = 4;
const COLOURS = 6;
const EXACT = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** By series: nothing, lines and dots on its colour, so that no series differs by colour alone. */
const TEXTURES = [
  "", "M-2 2l4-4M-1 7l8-8M4 8l4-4", "M3 2.2v1.6", "M0 3h6", "M-2 4l4 4M-1-1l8 8M4-2l4 4", "M3 0v6M0 3h6",
];
/** By line: circle, square, triangle, diamond. */
const MARKERS = ["M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-4-4h8v8h-8z", "M0-5.5l5.5 9.5h-11z", "M0-6l6 6-6 6-6-6z"];

/**
 * Stacked bars. Negative values are stacked below zero.
 *
 * @param {object} chart
 * @param {string} chart.title
 * @param {string} chart.description
 * @param {string[]} chart.categories the labels of the bars
 * @param {Series[]} chart.series
 * @param {string} chart.unit a plural, such as `calls`
 * @param {string} [chart.categoryName] the heading of the labels in the table
 * @returns {HTMLElement}
 */
export function barChart({ title, description, categories, series, unit, categoryName = "Time" }) {
  const id = newId("texture");
  const textOf = (/** @type {number} */ value) => counted(value, unit.replace(/s$/, ""), unit);
  const bars = categories.map((at, place) => {
    const parts = series.map(({ name, values }) => ({ name, value: values[place] ?? 0 }));
    const value = sum(parts.map((part) => part.value));
    const told = parts.filter((part) => part.value !== 0).map((part) => `${part.name}: ${EXACT.format(part.value)}`);
    const detail = series.length > 1 && told.length > 0 ? ` (${told.join(", ")})` : "";
    return { at, value, text: textOf(value), parts, told: `${at}: ${textOf(value)}${detail}` };
  });
  const isWhole = bars.every(({ parts }) => parts.every(({ value }) => Number.isInteger(value)));
  const stackOf = (/** @type {number} */ sign) =>
    Math.max(0, ...bars.map(({ parts }) => sum(parts.map(({ value }) => Math.max(0, sign * value)))));
  const { left, y, grid } = valueAxis(ticksOf(-stackOf(-1), stackOf(1), isWhole));
  /** @typedef {typeof bars[number]} Bar */
  const totals = { title: "Total", cell: (/** @type {Bar} */ { value }) => EXACT.format(value), isNumber: true };
  const total = bars.length > 1 ? `In all ${textOf(sum(bars.map(({ value }) => value)))}. ` : "";

  return new ChartFigure({
    title,
    summary: bars.length === 0 ? `${description} There are no values.` : `${description} ${total}${summaryOf(bars)}`,
    legend: series.length < 2 ? [] : series.map(({ name }, index) => ({ name, swatch: barSwatch(`${id}-${index}`) })),
    asTable: () =>
      table(
        `${title}, as a table`,
        [
          { title: categoryName, cell: ({ at }) => at, isHeader: true },
          ...series.map(({ name }, index) => ({
            title: name,
            cell: (/** @type {Bar} */ { parts }) => EXACT.format(parts[index]?.value ?? 0),
            isNumber: true,
          })),
          ...(series.length > 1 ? [totals] : []),
        ],
        bars,
      ),
    draw: bars.length === 0 ? null : (given) => {
      const width = Math.max(given, left + RIGHT + bars.length * COLUMN_MIN);
      const column = (width - left - RIGHT) / bars.length;
      const rects = bars.flatMap(({ parts }, place) => {
        let [up, down] = [0, 0];
        return parts.flatMap(({ value }, index) => {
          if (value === 0) return [];
          const from = value > 0 ? up : down;
          if (value > 0) up += value;
          else down += value;
          const top = Math.min(y(from), y(from + value));
          // A gap of one unit separates the segments.
          const height = Math.max(Math.abs(y(value) - y(0)) - 1, 1);
          const x = left + (place + 0.1) * column;
          return [svg("rect", { x, y: top, width: column * 0.8, height, fill: `url(#${id}-${index})` })];
        });
      });
      const middles = bars.map(({ at }, place) => ({ x: left + (place + 0.5) * column, text: at }));
      const targets = bars.map(({ told }, place) => (
        { x: left + place * column, y: TOP, width: column, height: BOTTOM - TOP, text: told, group: 0 }
      ));
      const textures = svg("defs", null, series.map((_, index) => texture(`${id}-${index}`, index)));
      const marks = [textures, ...grid(width), ...rects, ...labelsBelow(middles, width)];
      return { width, height: HEIGHT, marks, targets };
    },
  });
}

/**
 * Values over time, with a line for each name.
 *
 * @param {object} chart
 * @param {string} chart.title
 * @param {string} chart.description
 * @param {Line[]} chart.lines
 * @param {string} chart.unit empty if the values have none
 * @param {ReferenceRange} [chart.range] the reference range, drawn as a band
 * @returns {HTMLElement}
 */
export function lineChart({ title, description, lines, unit, range = {} }) {
  const drawn = lines
    .map(({ name, points }) => ({
      name,
      points: points
        .filter(({ time, value }) => Number.isFinite(time) && Number.isFinite(value))
        .toSorted((one, other) => one.time - other.time)
        .map(({ time, value, text }) => (
          { name, time, value, at: localTime(new Date(time)), text: text ?? `${EXACT.format(value)} ${unit}`.trim() }
        )),
    }))
    .filter(({ points }) => points.length > 0);
  const points = drawn.flatMap((line) => line.points).toSorted((one, other) => one.time - other.time);
  const named = drawn.length > 1;
  const band = rangeText(range, unit);
  const summaries = drawn.map(({ name, points: own }) => `${named ? `${name}. ` : ""}${extremesOf(own, unit)}`);
  if (points.length === 0) summaries.push("There are no values.");
  if (band) summaries.push(`${band}.`);
  const legend = drawn.map(({ name }, index) => ({ name, swatch: lineSwatch(index) }));
  if (band) legend.push({ name: band, swatch: svg("svg", { viewBox: "0 0 28 16" }, bandMark(range, 0, 28, 2, 14)) });

  /** @typedef {typeof points[number]} Value */
  const names = { title: "Name", cell: (/** @type {Value} */ { name }) => h("span", { dir: "auto" }, name) };

  return new ChartFigure({
    title,
    summary: [description, ...summaries].join(" "),
    legend: named || band ? legend : [],
    asTable: () =>
      table(
        `${title}, as a table`,
        [
          { title: "Time", cell: ({ at }) => at, isHeader: true },
          ...(named ? [names] : []),
          { title: "Value", cell: ({ text }) => h("span", { dir: "auto" }, text), isNumber: true },
        ],
        points,
      ),
    draw: points.length === 0 ? null : (width) => {
      const values = points.map(({ value }) => value);
      const { left, low, high, y, grid } = valueAxis(lineTicks([...values, ...limitsOf(range)]));
      const [start, end] = [left + 10, width - RIGHT - 10];
      const [first, last] = [points[0]?.time ?? 0, points.at(-1)?.time ?? 0];
      const partOf = (/** @type {number} */ time) => (first === last ? 0.5 : (time - first) / (last - first));
      const x = (/** @type {number} */ time) => start + partOf(time) * (end - start);
      const area = band ? [bandMark(range, left, width - RIGHT, y(range.high ?? high), y(range.low ?? low))] : [];
      const paths = drawn.map(({ points: own }, index) => {
        const d = own.map(({ time, value }, place) => `${place === 0 ? "M" : "L"}${x(time)} ${y(value)}`).join("");
        return svg("path", { class: `chart-line ${seriesClass(index)}`, d });
      });
      const markers = drawn.flatMap(({ points: own }, index) =>
        own.map(({ time, value }) => marker(index, x(time), y(value))),
      );
      const times = timeTicks(first, last, Math.floor((end - start) / 100));
      const labels = labelsBelow(times.map(({ time, text }) => ({ x: x(time), text })), width, true);
      const targets = drawn.flatMap(({ points: own, name }, group) =>
        own.map(({ time, value, at, text }) => {
          const told = `${at}: ${named ? `${name} ` : ""}${text}`;
          return { x: x(time) - 12, y: y(value) - 12, width: 24, height: 24, text: told, group };
        }),
      );
      const axis = levelLine("chart-zero", left, width - RIGHT, BOTTOM);
      const marks = [...area, ...grid(width), axis, ...paths, ...markers, ...labels];
      return { width, height: HEIGHT, marks, targets };
    },
  });
}

/**
 * A part of a maximum. From 80 % on its look changes, and from 100 % on again; `text` must say what it means.
 *
 * @param {{title: string, description: string, value: number, max: number, text: string}} chart
 * @returns {HTMLElement}
 */
export function gauge({ title, description, value, max, text }) {
  const part = max > 0 ? Math.min(Math.max(value / max, 0), 1) : Number(value > 0);
  const tone = part >= 1 ? "over" : part >= 0.8 ? "near" : "";
  const made = new ChartFigure({
    title,
    summary: `${text} ${description}`,
    legend: [],
    // The summary says all that a table could.
    asTable: null,
    draw: (width) => ({
      width,
      height: 24,
      marks: [
        svg("rect", { class: "chart-track", x: 1, y: 1, width: width - 2, height: 22, rx: 4 }),
        svg("rect", { class: `chart-fill ${tone}`, x: 3, y: 3, width: (width - 6) * part, height: 18, rx: 2 }),
      ],
      targets: [],
    }),
  });
  made.classList.add("gauge");
  return made;
}

/**
 * @param {{value: number, at: string, text: string}[]} entries
 */
function summaryOf(entries) {
  const [first, ...others] = entries;
  if (!first) return "There are no values.";
  const told = (/** @type {{at: string, text: string}} */ { at, text }) => `${text} (${at})`;
  const latest = others.at(-1);
  if (!latest) return `${told(first)}.`;
  const highest = others.reduce((best, entry) => (entry.value > best.value ? entry : best), first);
  const lowest = others.reduce((best, entry) => (entry.value < best.value ? entry : best), first);
  return `Highest: ${told(highest)}. Lowest: ${told(lowest)}. Latest: ${told(latest)}.`;
}

/**
 * Without times: those of partial dates would say too much.
 *
 * @param {{value: number}[]} points in the order of time
 * @param {string} unit
 */
function extremesOf(points, unit) {
  const values = points.map(({ value }) => value);
  const textOf = (/** @type {number} */ value) => `${EXACT.format(value)} ${unit}`.trim();
  const latest = `Latest: ${textOf(values.at(-1) ?? 0)}`;
  if (values.length === 1) return `${latest}.`;
  return `${latest}, lowest ${textOf(Math.min(...values))}, highest ${textOf(Math.max(...values))}.`;
}

/** @param {ReferenceRange} range */
function limitsOf({ low, high }) {
  return [low, high].filter((limit) => limit !== undefined);
}

/**
 * @param {ReferenceRange} range
 * @param {string} unit
 */
function rangeText(range, unit) {
  const limits = limitsOf(range).map((limit) => EXACT.format(limit)).join("–");
  const how = range.low === undefined ? "up to " : range.high === undefined ? "from " : "";
  return limits && `Reference range: ${range.text ?? `${how}${limits} ${unit}`.trim()}`;
}

/**
 * @param {ReferenceRange} range only the limits that it has get a line
 * @param {number} left
 * @param {number} right
 * @param {number} top
 * @param {number} bottom
 */
function bandMark({ low, high }, left, right, top, bottom) {
  return svg(
    "g",
    { class: "chart-band" },
    svg("rect", { x: left, y: top, width: right - left, height: Math.max(bottom - top, 1) }),
    high !== undefined && levelLine(null, left, right, top),
    low !== undefined && levelLine(null, left, right, bottom),
  );
}

/** @param {string} textureId */
function barSwatch(textureId) {
  return svg("svg", { viewBox: "0 0 28 16" }, svg("rect", { x: 2, width: 24, height: 16, fill: `url(#${textureId})` }));
}

/** @param {number} index */
function lineSwatch(index) {
  const line = svg("path", { class: `chart-line ${seriesClass(index)}`, d: "M0 8h28" });
  return svg("svg", { viewBox: "0 0 28 16" }, line, marker(index, 14, 8));
}

/**
 * @param {string} id
 * @param {number} index
 */
function texture(id, index) {
  return svg(
    "pattern",
    { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
    svg("rect", { class: `chart-colour ${seriesClass(index)}`, width: 6, height: 6 }),
    svg("path", { class: "chart-texture", d: TEXTURES[index % COLOURS] }),
  );
}

/**
 * @param {number} index
 * @param {number} x
 * @param {number} y
 */
function marker(index, x, y) {
  const d = MARKERS[index % MARKERS.length];
  return svg("path", { class: `chart-marker ${seriesClass(index)}`, d, transform: `translate(${x} ${y})` });
}

/** @param {number} index */
function seriesClass(index) {
  return `series-${(index % COLOURS) + 1}`;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
