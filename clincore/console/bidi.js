// Characters that change the direction of text. A dose could be read backwards because of them.

const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** What ends each of the characters that begin a part with its own direction. */
const ENDS = new Map([..."\u202a\u202b\u202d\u202e"].map((begin) => [begin, "\u202c"]));
for (const begin of "\u2066\u2067\u2068") ENDS.set(begin, "\u2069");
/** They show the characters after them in a wrong order: 50 as 05. */
const OVERRIDES = "\u202d\u202e";

/**
 * The text with a name, such as `[U+202E]`, in place of characters that override the order of others, or that would
 * reach into the text after it. Parts with a direction of their own are kept, as right-to-left text needs them.
 *
 * @param {string} text
 */
export function inOrder(text) {
  if (text.search(CONTROLS) < 0) return text;
  const characters = [...text];
  /** @type {Set<number>} the places of pairs */
  const paired = new Set();
  /** @type {number[]} */
  let open = [];
  for (const [place, character] of characters.entries()) {
    const begin = open.at(-1) ?? -1;
    const opened = characters[begin] ?? "";
    // A new line ends what is open.
    if (character === "\n" || character === "\u2029") open = [];
    else if (ENDS.has(character)) open.push(place);
    else if (ENDS.get(opened) === character) {
      open.pop();
      if (!OVERRIDES.includes(opened)) paired.add(begin).add(place);
    }
  }
  return characters
    .map((character, place) => (paired.has(place) ? character : character.replace(CONTROLS, named)))
    .join("");
}

/** @param {string} character */
function named(character) {
  return `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`;
}
