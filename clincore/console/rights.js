// What the key of the caller may do.

/** @import {Schemas} from "./types" */

/**
 * Whether a key may do something.
 *
 * @param {Schemas["Caller"]} caller
 * @param {{role?: "admin", scope?: Schemas["KeyScope"]}} needed
 */
export function can(caller, { role, scope }) {
  return (role !== "admin" || caller.role === "admin") && (!scope || !caller.scopes || caller.scopes.includes(scope));
}
