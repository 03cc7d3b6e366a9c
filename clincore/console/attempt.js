// Requests of one part of a screen: when they fail, the other parts are still shown.

import { ApiError } from "./api.js";
import { isAbort, problemView } from "./parts.js";

/**
 * @template {{}} T
 * @typedef {{value: T | null, error?: unknown}} Outcome `error` is set if there is no value
 */

/**
 * The outcome of a request. Errors that end the whole screen are thrown: the key is not accepted, the screen was left.
 *
 * @template {{}} T
 * @param {Promise<T>} request
 * @returns {Promise<Outcome<T>>}
 */
export function attempt(request) {
  return request.then(
    (value) => ({ value }),
    (error) => {
      if (isAbort(error) || (error instanceof ApiError && error.status === 401)) throw error;
      return { value: null, error };
    },
  );
}

/**
 * What is shown of an outcome: its value, or its problem.
 *
 * @template {{}} T
 * @param {Outcome<T>} outcome
 * @param {(value: T) => Node} show
 */
export function shown({ value, error }, show) {
  return value === null ? problemView(error) : show(value);
}
