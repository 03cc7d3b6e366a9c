// Axes: round numbers and times, gridlines, and labels that fit.

import { svg } from "./dom.js";
import { localTime } from "./format.js";

/** The height of a chart in CSS pixels, and of the parts of it without values. */
export const HEIGHT = 220;
export const TOP = 10;
export const BOTTOM = HEIGHT - 26;
export const RIGHT = 8;
const DIGIT_WIDTH = 7;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AXIS = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 6 });

/**
 * The axis of the values.
 *
 * @param {number[]} ticks
 * @returns `left` is where the values begin; `y` places a value; `grid` makes the labels and the gridlines
 */
export function valueAxis(ticks) {
  const labels = ticks.map((tick) => AXIS.format(tick));
  const left = 12 + DIGIT_WIDTH * Math.max(...labels.map((label) => label.length));
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const y = (/** @type {number} */ value) => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP);
  const grid = (/** @type {number} */ width) =>
    ticks.flatMap((tick, place) => [
      levelLine(tick === 0 ? "chart-zero" : "chart-grid", left, width - RIGHT, y(tick)),
      svg("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, labels[place]),
    ]);
  return { left, low, high, y, grid };
}

/**
 * @param {string | null} name a class
 * @param {number} left
 * @param {number} right
 * @param {number} y
 */
export function levelLine(name, left, right, y) {
  return svg("line", { class: name, x1: left, x2: right, y1: y, y2: y });
}

/**
 * As many of the labels as fit side by side.
 *
 * @param {{x: number, text: string}[]} labels
 * @param {number} width
 * @param {boolean} [isLastKept] moves a label that is too far right, instead of leaving it out
 */
export function labelsBelow(labels, width, isLastKept = false) {
  let free = 0;
  return labels.flatMap(({ x, text }) => {
    const half = (text.length * DIGIT_WIDTH) / 2;
    const middle = Math.max(isLastKept ? Math.min(x, width - half) : x, half);
    if (middle - half < free || (middle + half > width && labels.length > 1)) return [];
    free = middle + half + DIGIT_WIDTH;
    return [svg("text", { x: middle, y: HEIGHT - 8, "text-anchor": "middle" }, text)];
  });
}

/**
 * About five round numbers that contain the range; at least two.
 *
 * @param {number} low
 * @param {number} high
 * @param {boolean} isWhole whether fractions make no sense
 */
export function ticksOf(low, high, isWhole) {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power, isWhole ? 1 : 0);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step);
}

/**
 * Round numbers for lines.
 *
 * @param {number[]} values not empty
 */
export function lineTicks(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) return ticksOf(low - (Math.abs(low) / 10 || 1), high + (Math.abs(high) / 10 || 1), false);
  // With the zero, unless the changes would become hard to see.
  return ticksOf(low > 0 && low < high / 2 ? 0 : low, high, false);
}

/**
 * Round times in the browser's time zone.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {{time: number, text: string}[]}
 */
export function timeTicks(low, high, most) {
  const span = high - low;
  const fits = (/** @type {number} */ length) => span / length <= Math.max(most, 1);
  const hours = [1, 3, 6, 12, 24, 48, 168, 336].find((each) => fits(each * HOUR));
  const months = [1, 2, 3, 6, 12, 24, 60, 120].find((each) => fits(each * 30 * DAY)) ?? 1200;
  const textOf = (/** @type {number} */ time) => {
    const text = localTime(new Date(time));
    if (hours) return hours < 24 ? text.slice(5) : text.slice(0, 10);
    return months < 12 ? text.slice(0, 7) : text.slice(0, 4);
  };
  if (span === 0) return [{ time: low, text: localTime(new Date(low)).slice(0, 10) }];
  const at = new Date(low);
  at.setHours(0, 0, 0, 0);
  // Years are multiples of their step.
  if (!hours) at.setFullYear(at.getFullYear() - (at.getFullYear() % Math.max(months / 12, 1)), 0, 1);
  const times = [];
  while (at.getTime() <= high) {
    if (at.getTime() >= low) times.push(at.getTime());
    if (hours) at.setHours(at.getHours() + hours);
    else at.setMonth(at.getMonth() + months);
  }
  if (times.length > 1) return times.map((time) => ({ time, text: textOf(time) }));
  return [low, high].map((time) => ({ time, text: localTime(new Date(time)).slice(0, 10) }));
}
