// The API key of this tab. It is in memory; in sessionStorage too if the person asked for it, until the tab is closed.

const STORED = "clincore-api-key";

/** @type {string | null} */
let current = null;
/** The last key, also after it was forgotten. */
let last = "";
/** Stands for who signed in, and for what they may see. */
let session = {};

/** The key, or null if there is none. */
export function key() {
  current ??= stored();
  if (current !== null) last = current;
  return current;
}

/**
 * What is kept in memory for one session must not be shown in another. Signing in with another key begins a session;
 * rotating the key does not.
 *
 * @returns {object} to be compared
 */
export function owner() {
  return session;
}

/**
 * Sign in.
 *
 * @param {string} given
 * @param {boolean} isKept whether a reload of the page finds it
 */
export function keep(given, isKept) {
  if (given !== last) session = {};
  store(given, isKept);
}

/**
 * Go on with the key that replaces the current one.
 *
 * @param {string} rotated
 */
export function replace(rotated) {
  store(rotated, stored() !== null);
}

export function forget() {
  current = null;
  withStorage((storage) => storage.removeItem(STORED));
}

/**
 * @param {string} given
 * @param {boolean} isKept
 */
function store(given, isKept) {
  current = given;
  last = given;
  withStorage((storage) => (isKept ? storage.setItem(STORED, given) : storage.removeItem(STORED)));
}

function stored() {
  return withStorage((storage) => storage.getItem(STORED)) ?? null;
}

/**
 * Browsers can be set to refuse storage. Then the key is in memory only.
 *
 * @template T
 * @param {(storage: Storage) => T} act
 * @returns {T | undefined}
 */
function withStorage(act) {
  try {
    return act(sessionStorage);
  } catch {
    return undefined;
  }
}
