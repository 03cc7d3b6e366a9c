// The differences between two contents of a case, and how they are shown.

import { h } from "./dom.js";
import { FIELDS } from "./fields.js";
import { capitalized, words } from "./format.js";
import { badge } from "./parts.js";
import { own } from "./patch.js";
import { textDifferences } from "./text_diff.js";

/** @import {Content} from "./revision.js" */
/** @import {Part} from "./text_diff.js" */

/**
 * @typedef {"added" | "removed" | "changed"} Kind
 * @typedef {{name: string, kind: Kind, before: string, after: string}} Line a value that differs, as text
 * @typedef {{name: string, kind: Kind, lines: Line[]}} EntryDifference an entry of a list
 * @typedef {object} Difference a field that differs
 * @property {string} field as the contract names it
 * @property {Kind | "erased"} kind
 * @property {string} note
 * @property {Line[]} lines
 * @property {EntryDifference[]} entries
 */

/** @typedef {Partial<Content> & {erased?: readonly string[]}} Comparable */

/** Properties that say nothing beside the name of the property that holds them: `{effective: {date_time: …}}`. */
const WRAPPERS = ["date_time", "quantity", "concept", "string", "text"];

/** @type {Record<Difference["kind"], "good" | "open" | "bad" | "off">} */
const TONES = { added: "good", removed: "bad", changed: "open", erased: "off" };

/**
 * The fields that differ, in the order of the contract. A field that is missing is the same as an empty one.
 *
 * @param {Comparable} before
 * @param {Comparable} after
 * @returns {Difference[]}
 */
export function differences(before, after) {
  /** @type {Difference[]} */
  const found = [];
  for (const field of FIELDS) {
    const [earlier, later] = [valueOf(before[field]), valueOf(after[field])];
    const isErased = Boolean(before.erased?.includes(field) || after.erased?.includes(field));
    if (isErased && earlier === undefined && later === undefined) {
      found.push({ field, kind: "erased", note: "Erased, so it cannot be compared.", lines: [], entries: [] });
      continue;
    }
    if (keyOf(earlier) === keyOf(later)) continue;
    const made = { field, kind: kindOf(earlier, later), note: isErased ? "The other value was erased." : "" };
    found.push({ ...made, ...partsOf(field, earlier, later, made.note) });
  }
  return found;
}

/**
 * How differences are shown: by field under headings of the third level, with the words added, removed and changed.
 *
 * @param {Difference[]} found
 */
export function differencesView(found) {
  if (found.length === 0) return h("p", null, "There are no differences.");
  return h(
    "div",
    { class: "diff" },
    found.map(({ field, kind, note, lines, entries }) =>
      h(
        "section",
        null,
        h("h3", null, capitalized(words(field)), " ", badge(kind, TONES[kind])),
        note && h("p", { class: "small" }, note),
        lines.map(lineView),
        entries.map((entry) =>
          h(
            "div",
            { class: "diff-entry" },
            h("h4", null, h("bdi", null, entry.name), " ", badge(entry.kind, TONES[entry.kind])),
            entry.lines.map(lineView),
          ),
        ),
      ),
    ),
  );
}

/** @param {Line} line */
function lineView({ name, kind, before, after }) {
  const parts = textDifferences(before, after);
  const isChanged = kind === "changed";
  const side = (/** @type {"removed" | "added"} */ shown) => textView(parts, shown, isChanged);
  return h(
    "div",
    { class: "diff-line" },
    name && h("p", { class: "diff-name", dir: "auto" }, name),
    h(
      "dl",
      null,
      kind !== "added" && h("div", null, h("dt", null, isChanged ? "Before" : "Removed"), side("removed")),
      kind !== "removed" && h("div", null, h("dt", null, isChanged ? "After" : "Added"), side("added")),
    ),
  );
}

/**
 * One side of a text, with marks on what the other side does not have.
 *
 * @param {Part[]} parts
 * @param {"removed" | "added"} side
 * @param {boolean} isMarked
 */
function textView(parts, side, isMarked) {
  const shown = parts.filter(({ kind }) => kind === "same" || kind === side);
  return h(
    "dd",
    { class: "diff-text", dir: "auto" },
    shown.map(({ kind, text }) => {
      if (kind === "same" || !isMarked) return text;
      return h(kind === "removed" ? "del" : "ins", null, h("span", { class: "hidden" }, ` ${kind}: `), text);
    }),
  );
}

/**
 * @param {string} field
 * @param {unknown} earlier
 * @param {unknown} later
 * @param {string} note
 * @returns {{lines: Line[], entries: EntryDifference[], note: string}}
 */
function partsOf(field, earlier, later, note) {
  if (field === "tags") {
    const [before, after] = [listOf(earlier), listOf(later)];
    const lines = [
      ...before.filter((tag) => !after.includes(tag)).map((tag) => lineOf("", tag, undefined)),
      ...after.filter((tag) => !before.includes(tag)).map((tag) => lineOf("", undefined, tag)),
    ];
    return { lines, entries: [], note: lines.length > 0 ? note : "Only the order changed." };
  }
  if (Array.isArray(earlier ?? later)) {
    const entries = entryDifferences(listOf(earlier), listOf(later));
    return { lines: [], entries, note: entries.length > 0 ? note : "Only the order of the entries changed." };
  }
  if (typeof (earlier ?? later) === "object") {
    return { lines: propertyLines(earlier, later, field === "metadata"), entries: [], note };
  }
  return { lines: [lineOf("", earlier, later)], entries: [], note };
}

/**
 * The properties of two objects that differ.
 *
 * @param {any} before
 * @param {any} after
 * @param {boolean} [isNamedByTenant] the names are text of the tenant, not of the contract
 */
function propertyLines(before = {}, after = {}, isNamedByTenant = false) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, earlier: own(before, name), later: own(after, name) }))
    .filter(({ earlier, later }) => keyOf(earlier) !== keyOf(later))
    .map(({ name, earlier, later }) => lineOf(isNamedByTenant ? name : capitalized(words(name)), earlier, later));
}

/**
 * @param {string} name
 * @param {unknown} earlier
 * @param {unknown} later
 * @returns {Line}
 */
function lineOf(name, earlier, later) {
  const [before, after] = [textOf(earlier), textOf(later)];
  const kind = kindOf(earlier, later);
  if (before !== after) return { name, kind, before, after };
  return { name, kind, before: keyOf(earlier), after: keyOf(later) };
}

/**
 * @param {unknown} earlier
 * @param {unknown} later
 * @returns {Kind}
 */
function kindOf(earlier, later) {
  if (earlier === undefined || earlier === null) return "added";
  return later === undefined || later === null ? "removed" : "changed";
}

// Entries of lists

/** What makes two entries the same one, the best first. An entry without it gets no key. */
const IDENTITIES = [
  (/** @type {any} */ entry) => [keyOf(entry)],
  (/** @type {any} */ entry) => listOf(entry.id),
  (/** @type {any} */ entry) => listOf(entry.identifiers).map(keyOf),
  (/** @type {any} */ entry) => listOf(entry.url),
  (/** @type {any} */ entry) => {
    const [name, time] = [entry.title ?? codeOf(entry), timeOf(entry)];
    return name === undefined || time === undefined ? [] : [keyOf([entry.title, codeOf(entry), time])];
  },
  (/** @type {any} */ entry) => listOf(entry.title),
  (/** @type {any} */ entry) => listOf(codeOf(entry)),
];

/**
 * @param {any[]} before
 * @param {any[]} after
 * @returns {EntryDifference[]} in the order of `after`, then those that were removed
 */
function entryDifferences(before, after) {
  const matches = matched(before, after);
  /** @type {EntryDifference[]} */
  const found = [];
  after.forEach((entry, place) => {
    const earlier = before[matches.get(place) ?? -1];
    if (earlier === undefined) found.push({ name: nameOf(entry), kind: "added", lines: propertyLines({}, entry) });
    else if (keyOf(earlier) !== keyOf(entry)) {
      found.push({ name: nameOf(entry), kind: "changed", lines: propertyLines(earlier, entry) });
    }
  });
  const kept = new Set(matches.values());
  before.forEach((entry, place) => {
    if (!kept.has(place)) found.push({ name: nameOf(entry), kind: "removed", lines: propertyLines(entry, {}) });
  });
  return found;
}

/**
 * Which entry was which before.
 *
 * @param {any[]} before
 * @param {any[]} after
 * @returns {Map<number, number>} places in `before` by places in `after`
 */
function matched(before, after) {
  /** @type {Map<number, number>} */
  const matches = new Map();
  const free = new Set(before.keys());
  for (const identity of IDENTITIES) {
    /** @type {Map<string, number[]>} */
    const places = new Map();
    for (const place of free) {
      for (const key of identity(before[place])) places.set(key, [...(places.get(key) ?? []), place]);
    }
    after.forEach((entry, place) => {
      if (matches.has(place)) return;
      const candidates = identity(entry).flatMap((key) => places.get(key) ?? []);
      const match = candidates.find((candidate) => free.has(candidate));
      if (match === undefined) return;
      free.delete(match);
      matches.set(place, match);
    });
  }
  return matches;
}

/** @param {any} entry */
function conceptOf(entry) {
  return entry.medication ?? entry.vaccine_code ?? entry.code ?? (typeof entry.type === "object" ? entry.type : null);
}

/** @param {any} entry */
function codeOf(entry) {
  const concept = conceptOf(entry);
  const coding = concept?.coding?.[0];
  return coding ? `${coding.system}|${coding.code}` : concept?.text;
}

/** @param {any} entry */
function timeOf(entry) {
  return entry.effective ?? entry.onset ?? entry.performed ?? entry.occurrence ?? entry.date;
}

/** @param {any} entry */
function nameOf(entry) {
  const concept = conceptOf(entry);
  const coding = concept?.coding?.[0];
  const name = entry.title ?? concept?.text ?? coding?.display ?? coding?.code ?? "Entry";
  return [name, textOf(timeOf(entry))].filter(Boolean).join(", ");
}

// Values

/**
 * The value, or undefined if there is nothing in it.
 *
 * @param {any} value
 */
function valueOf(value) {
  if (value === null || value === undefined || value === "") return undefined;
  return typeof value === "object" && Object.keys(value).length === 0 ? undefined : value;
}

/**
 * @param {any} value
 * @returns {any[]}
 */
function listOf(value) {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * The same text for equal values, whatever the order of their properties.
 *
 * @param {unknown} value
 * @returns {string}
 */
function keyOf(value) {
  const sorted = (/** @type {string} */ _, /** @type {any} */ each) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each;
  return JSON.stringify(value, sorted) ?? "";
}

/**
 * A value as text that leaves nothing out that could differ.
 *
 * @param {any} value
 * @returns {string}
 */
function textOf(value) {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join("; ");
  if (typeof value !== "object") return String(value);
  if (hasOnly(value, ["system", "value"])) return `${value.system}|${value.value}`;
  if (value.system && value.code && hasOnly(value, ["system", "version", "code", "display"])) {
    const code = `${value.system}|${value.code}${value.version ? `|${value.version}` : ""}`;
    return value.display ? `${value.display} (${code})` : code;
  }
  if (value.value && hasOnly(value, ["comparator", "value", "unit", "system", "code"])) {
    const code = value.code && value.code !== value.unit ? `(${value.code})` : "";
    return [value.comparator, value.value, value.unit, code].filter(Boolean).join(" ");
  }
  if (hasOnly(value, ["text", "coding"])) {
    return [value.text, ...listOf(value.coding).map(textOf)].filter(Boolean).join("; ");
  }
  const [name = "", ...others] = Object.keys(value);
  if (others.length === 0 && WRAPPERS.includes(name)) return textOf(value[name]);
  return Object.entries(value).map(([property, each]) => `${words(property)}: ${textOf(each)}`).join(", ");
}

/**
 * @param {object} value
 * @param {string[]} names
 */
function hasOnly(value, names) {
  return Object.keys(value).every((name) => names.includes(name));
}
