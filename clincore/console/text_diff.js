// What two texts share and what they do not, by lines and words.

/** Larger tables of the comparison take too much memory; such texts are compared as a whole. */
const CELLS_MAX = 12_000_000;

/** @typedef {{kind: "same" | "removed" | "added", text: string}} Part */

/**
 * What two texts share and what they do not, by lines, and by words within lines that changed.
 *
 * @param {string} before
 * @param {string} after
 * @returns {Part[]}
 */
export function textDifferences(before, after) {
  /** @type {Part[]} */
  const parts = [];
  let removed = "";
  let added = "";
  const close = () => {
    if (removed || added) parts.push(...sequenceDifferences(wordsOf(removed), wordsOf(added)));
    removed = "";
    added = "";
  };
  for (const part of sequenceDifferences(linesOf(before), linesOf(after))) {
    if (part.kind === "removed") removed += part.text;
    else if (part.kind === "added") added += part.text;
    else {
      close();
      parts.push(part);
    }
  }
  close();
  return parts;
}

/** @param {string} text */
function linesOf(text) {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/**
 * The words of any language, each with the space after it.
 *
 * @param {string} text
 */
function wordsOf(text) {
  /** @type {string[]} */
  const found = [];
  for (const { segment } of new Intl.Segmenter("en", { granularity: "word" }).segment(text)) {
    if (found.length > 0 && segment.trim() === "") found[found.length - 1] += segment;
    else found.push(segment);
  }
  return found;
}

/**
 * A longest common subsequence as `same`, and the rest; neighbours of one kind are one part.
 *
 * @param {string[]} before
 * @param {string[]} after
 * @returns {Part[]}
 */
function sequenceDifferences(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  /** @type {Part[]} */
  const parts = [];
  const add = (/** @type {Part["kind"]} */ kind, /** @type {string} */ text) => {
    const last = parts.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) parts.push({ kind, text });
  };
  add("same", before.slice(0, start).join(""));
  addMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end), add);
  add("same", before.slice(before.length - end).join(""));
  return parts;
}

/**
 * @param {string[]} before
 * @param {string[]} after
 * @param {(kind: Part["kind"], text: string) => void} add
 */
function addMiddle(before, after, add) {
  const width = after.length + 1;
  const isTooLarge = (before.length + 1) * width > CELLS_MAX;
  // The length of the longest common subsequence of what follows each pair of places.
  const lengths = new Uint16Array(isTooLarge ? 0 : (before.length + 1) * width);
  const at = (/** @type {number} */ row, /** @type {number} */ column) => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0 && !isTooLarge; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const isSame = before[row] === after[column];
      const skipped = Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row * width + column] = isSame ? at(row + 1, column + 1) + 1 : skipped;
    }
  }
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [earlier, later] = [before[row], after[column]];
    if (!isTooLarge && earlier !== undefined && earlier === later) {
      add("same", earlier);
      row++;
      column++;
    } else if (earlier !== undefined && (later === undefined || at(row + 1, column) >= at(row, column + 1))) {
      add("removed", earlier);
      row++;
    } else {
      add("added", later ?? "");
      column++;
    }
  }
}
