// The fields of a case's content.

/** Fields with a list of entries. */
export const LISTS = /** @type {const} */ ([
  "other_sections",
  "conditions",
  "observations",
  "medications",
  "allergies",
  "procedures",
  "immunizations",
  "diagnostic_reports",
  "documents",
]);

/** All fields, in the order of the contract. */
export const FIELDS = /** @type {const} */ ([
  "external_id",
  "title",
  "type",
  "subject",
  "author",
  "custodian",
  "encounter",
  "period",
  "reason",
  "history",
  "assessment",
  "plan",
  ...LISTS,
  "tags",
  "metadata",
]);

/** @typedef {typeof FIELDS[number]} Field */
/** @typedef {"external_id" | "title" | "type" | "period" | "tags" | "metadata"} PlainField signed in plain text */
/** @typedef {Exclude<Field, PlainField>} ErasableField */

/** @type {readonly Field[]} */
const PLAIN = ["external_id", "title", "type", "period", "tags", "metadata"];

/** Fields that are signed as salted digests. */
export const ERASABLE = /** @type {ErasableField[]} */ (FIELDS.filter((field) => !PLAIN.includes(field)));
