// JSON Merge Patch (RFC 7396), and the merge of two changed versions. All functions are pure.

/** @typedef {Record<string, any>} Json an object of JSON that a person or the service wrote */

/**
 * What one field was when the person began, what they made of it, and what others made of it meanwhile. `undefined`: it
 * is not there. `changed` says who changed it; "both" is a conflict.
 *
 * @typedef {{path: string[], began: any, mine: any, theirs: any, changed: "mine" | "theirs" | "both"}} Change
 */

const WRITABLE = { configurable: true, enumerable: true, writable: true };
/** The objects whose properties are compared one by one. The properties of other objects belong together. */
const OPEN = new Set(["subject", "author", "custodian", "encounter", "metadata"]);

/**
 * The patch that makes `after` of `before`. It has only what changed: null removes, objects are merged, lists and other
 * values are replaced as a whole. A property that is null or undefined counts as absent.
 *
 * @param {Json} before
 * @param {Json} after
 * @returns {Json} empty if nothing changed
 */
export function mergePatch(before, after) {
  /** @type {[string, any][]} */
  const patch = [];
  for (const name of namesOf(before, after)) {
    const [old, value] = [own(before, name), own(after, name)];
    if (isSame(old, value)) continue;
    if (isObject(old) && isObject(value)) {
      const inner = mergePatch(old, value);
      if (!isEmpty(inner)) patch.push([name, inner]);
    } else {
      patch.push([name, value ?? null]);
    }
  }
  return Object.fromEntries(patch);
}

/**
 * The fields that differ between my version and theirs, of which each changed what `began` was.
 *
 * @param {Json} began
 * @param {Json} mine
 * @param {Json} theirs
 * @param {string[]} [path] of the three in the case
 * @returns {Change[]}
 */
export function changesOf(began, mine, theirs, path = []) {
  return namesOf(began, mine, theirs).flatMap((name) => {
    const [old, my, their] = [own(began, name), own(mine, name), own(theirs, name)];
    if (isSame(my, their)) return [];
    const inner = [...path, name];
    if (path.length === 0 && OPEN.has(name) && [old, my, their].every(isObject)) return changesOf(old, my, their, inner);
    const changed = isSame(old, their) ? "mine" : isSame(old, my) ? "theirs" : "both";
    return [{ path: inner, began: old, mine: my, theirs: their, changed }];
  });
}

/**
 * Their version with my value of these changes.
 *
 * @param {Json} theirs
 * @param {Change[]} changes those for which mine was chosen
 * @returns {Json}
 */
export function merged(theirs, changes) {
  const result = structuredClone(theirs);
  for (const { path, mine } of changes) {
    const name = path.at(-1) ?? "";
    const place = path.length === 1 ? result : result[path[0] ?? ""];
    if (mine === undefined) delete place[name];
    // Not by assignment: it would set the prototype for the name `__proto__`.
    else Object.defineProperty(place, name, { ...WRITABLE, value: structuredClone(mine) });
  }
  return result;
}

/**
 * A copy without null, and without objects and lists that have nothing in them. Empty texts are kept.
 *
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function tidy(value) {
  const isKept = (/** @type {unknown} */ part) => part !== null && part !== undefined && !isEmpty(part);
  /** @type {unknown} */
  let result = value;
  if (Array.isArray(value)) result = value.map(tidy).filter(isKept);
  else if (isObject(value)) {
    const parts = Object.entries(value).map(([name, part]) => [name, tidy(part)]);
    result = Object.fromEntries(parts.filter(([, part]) => isKept(part)));
  }
  return /** @type {T} */ (result);
}

/**
 * Whether two values of JSON are equal. The order of properties does not matter; null and undefined are equal.
 *
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
export function isSame(one, other) {
  if (Object.is(one ?? null, other ?? null)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((part, place) => isSame(part, other[place]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  return namesOf(one, other).every((name) => isSame(own(one, name), own(other, name)));
}

/**
 * @param {unknown} value
 * @returns {value is Json}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether it is an object or a list that has nothing in it.
 *
 * @param {unknown} value
 */
export function isEmpty(value) {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/**
 * @param {...Json} objects
 * @returns {string[]}
 */
function namesOf(...objects) {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

/**
 * The object's own property: each object has `constructor`, which a tenant can have as a name of its own.
 *
 * @param {Json} object
 * @param {string} name
 * @returns {any} undefined for null
 */
export function own(object, name) {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}
