// Times, numbers and names as people read them.

const NUMBER = new Intl.NumberFormat("en");
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3600], ["minute", 60]];

/** @param {number} value */
export function number(value) {
  return NUMBER.format(value);
}

/**
 * `1 case`, `2 cases`.
 *
 * @param {number} count
 * @param {string} singular
 * @param {string} [plural]
 */
export function counted(count, singular, plural = `${singular}s`) {
  return `${number(count)} ${count === 1 ? singular : plural}`;
}

/**
 * A time of the server in the browser's time zone: `2026-03-02 09:05`.
 *
 * @param {string | Date} time
 */
export function localTime(time) {
  const date = new Date(time);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * How long ago or from now: `3 days ago`, `in 2 hours`.
 *
 * @param {string} time
 */
export function relativeTime(time) {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.trunc(seconds / length), unit);
  }
  return seconds > 0 ? "in less than a minute" : "just now";
}

/**
 * A value of the contract as words: `entered_in_error` is `entered in error`.
 *
 * @param {string} value
 */
export function words(value) {
  return value.replaceAll("_", " ");
}

/**
 * The text with a capital letter.
 *
 * @param {string} text
 */
export function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
