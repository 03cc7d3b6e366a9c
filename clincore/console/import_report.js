// A FHIR document as a file, and the report of what a case keeps of it.

import { fragment, h } from "./dom.js";
import { counted, number } from "./format.js";
import { badge, button, field, select, table } from "./parts.js";

/** @import {Schemas} from "./types" */

/** @typedef {{case: {title: string}, counts: Schemas["ImportCounts"], report: Schemas["ImportLine"][]}} Report */
/** @typedef {Schemas["ImportLine"]["outcome"]} Outcome */
/** @typedef {"good" | "open" | "bad" | "off"} Tone */
/**
 * @typedef {"unusable" | "waiting" | "checking" | "checked" | "creating" | "created" | "imported before" | "refused"}
 *   ImportState
 */

const BYTES_MAX = 2 * 1024 * 1024;
/** Rows of a report that are shown at once. */
const ROWS_MAX = 200;

/**
 * The words and the tone of each state of a file.
 *
 * @type {Record<ImportState, [string, Tone]>}
 */
export const STATES = {
  unusable: ["cannot be sent", "bad"],
  waiting: ["not checked yet", "off"],
  checking: ["being checked", "open"],
  checked: ["checked", "good"],
  creating: ["being created", "open"],
  created: ["created as draft", "good"],
  "imported before": ["imported before", "off"],
  refused: ["refused", "bad"],
};

/**
 * The outcomes, those to look at first.
 *
 * @type {Record<Outcome, {tone: Tone, meaning: string}>}
 */
const OUTCOMES = {
  refused: { tone: "bad", meaning: "The case does not have it." },
  noted: { tone: "open", meaning: "Some of it is in words." },
  kept: { tone: "good", meaning: "Fields of the case hold it." },
};
const ORDER = /** @type {Outcome[]} */ (Object.keys(OUTCOMES));

/**
 * The text of a file that can be a document. It is sent as it is, because parsed numbers lose digits.
 *
 * @param {File} file
 * @throws {Error} that says why not, and what to do
 */
export async function documentOf(file) {
  if (file.size > BYTES_MAX) {
    const size = (file.size / 1024 / 1024).toFixed(1);
    throw new Error(`It has ${size} MiB, and the console takes 2 MiB. Use “clincore import” for large files.`);
  }
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new Error("It cannot be read. For a folder use “clincore import”.");
  }
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("It is not text in UTF-8.");
  }
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("It is not JSON. Use “clincore import” for NDJSON and .gz files. FHIR as XML cannot be read.");
  }
  if (content?.resourceType !== "Bundle" || content.type !== "document") {
    throw new Error("It is not a Bundle of the type “document”. Use “clincore import” for other resources.");
  }
  return text;
}

/**
 * The title of the case, how many resources it keeps, and the lines of the report.
 *
 * @param {Report} shown
 */
export function reportView({ case: { title }, counts, report }) {
  const needsLook = counts.refused + counts.noted > 0;
  const place = h("div");
  const choice = select(["attention", ...ORDER, "all"], {
    chosen: needsLook ? "attention" : "all",
    labels: { attention: "Refused and noted", all: "All lines" },
  });
  const show = () => place.replaceChildren(linesView(report, choice.value));
  choice.addEventListener("change", show);
  show();
  return fragment(
    h("p", null, "Case: ", h("bdi", null, h("strong", null, title))),
    h("p", { class: "row" }, ORDER.map((name) => badge(`${number(counts[name])} ${name}`, counts[name] > 0 ? OUTCOMES[name].tone : "off"))),
    bar(counts),
    h(
      "details",
      { open: counts.refused > 0 },
      h("summary", null, `Report: ${counted(report.length, "line")}`),
      field("Show", choice),
      place,
    ),
  );
}

/**
 * The counts as lengths. The text before it says the same.
 *
 * @param {Schemas["ImportCounts"]} counts
 */
function bar(counts) {
  const parts = ORDER.map((outcome) => {
    const part = h("span", { class: OUTCOMES[outcome].tone });
    part.style.flexGrow = String(counts[outcome]);
    return part;
  });
  return h("div", { class: "shares", "aria-hidden": "true" }, parts);
}

/**
 * @param {Schemas["ImportLine"][]} report
 * @param {string} chosen `attention`, `all` or an outcome
 * @param {number} [rowsMax]
 * @returns {Node}
 */
function linesView(report, chosen, rowsMax = ROWS_MAX) {
  const fits = (/** @type {Outcome} */ outcome) =>
    chosen === "all" || chosen === outcome || (chosen === "attention" && outcome !== "kept");
  const lines = ORDER.filter(fits).flatMap((outcome) => report.filter((line) => line.outcome === outcome));
  if (lines.length === 0) return h("p", { class: "muted" }, "No line has this outcome.");
  const view = h("div");
  view.append(
    table(
      "Report",
      [
        { title: "Resource", isHeader: true, cell: ({ resource }) => h("code", null, resource) },
        { title: "Outcome", cell: ({ outcome }) => badge(outcome, OUTCOMES[outcome].tone) },
        { title: "Reason", cell: ({ outcome, reason }) => h("bdi", null, reason ?? OUTCOMES[outcome].meaning) },
        { title: "Place", cell: ({ path }) => h("code", null, path) },
      ],
      lines.slice(0, rowsMax),
    ),
  );
  if (lines.length > rowsMax) {
    const showAll = () => view.replaceWith(linesView(report, chosen, lines.length));
    view.append(button(`Show all ${number(lines.length)} lines`, showAll));
  }
  return view;
}
