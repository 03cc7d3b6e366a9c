// Screens by URL. The route is in the fragment, which browsers send to no server.

/** Nothing else fits a parameter: `..` would be a part of another URL of the API. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * @template Route
 * @param {[string, Route][]} routes paths such as `/cases/{case_id}` with what is there; the first that matches is taken
 * @param {string} hash the fragment, such as `#/cases/4711?show=draft`
 * @returns {{route: Route, path: Record<string, string>, query: URLSearchParams} | null}
 */
export function match(routes, hash) {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const asked = segmentsOf(path);
  for (const [template, route] of routes) {
    const wanted = segmentsOf(template);
    /** @type {Record<string, string>} */
    const values = {};
    const fits = wanted.every((segment, place) => {
      const given = asked[place];
      if (given === undefined) return false;
      if (!segment.startsWith("{")) return segment === given;
      values[segment.slice(1, -1)] = given;
      return ID.test(given);
    });
    if (fits && wanted.length === asked.length) return { route, path: values, query: new URLSearchParams(query) };
  }
  return null;
}

/**
 * The fragment of a screen. `query` must not hold an identifier or text of a subject: browsers keep URLs.
 *
 * @param {string} path
 * @param {Record<string, string | number | null | undefined>} [query] null, undefined and empty values are left out
 */
export function href(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#${path}${search ? `?${search}` : ""}`;
}

/**
 * Show another screen.
 *
 * @param {string} path
 * @param {Record<string, string | number | null | undefined>} [query]
 */
export function go(path, query = {}) {
  location.hash = href(path, query);
}

/** @param {string} path */
function segmentsOf(path) {
  return path.split("/").filter((segment) => segment !== "");
}
