// Observations and the reports of which they are the results.

import { entryTable, inWords, labelled, markView, marksOf, moreView, row, said, timeText, unknown } from "./document_entries.js";
import { h } from "./dom.js";
import { trendCharts, trendsOf } from "./trends.js";
import { BLOOD_PRESSURES, DIASTOLIC, LOINC, SYSTOLIC } from "./terms.js";
import * as values from "./values.js";

/** @import {Child} from "./dom.js" */
/** @import {DocumentContent} from "./document.js" */
/** @import {Row, Tone} from "./document_entries.js" */
/** @import {Schemas} from "./types" */

/** LOINC codes of FHIR's vital signs. */
const VITAL_SIGNS = new Set(
  "85353-1 9279-1 8867-4 2708-6 59408-5 8310-5 8302-2 9843-4 29463-7 39156-5 85354-9 55284-4 8480-6 8462-4 8478-0".split(" "),
);
/** FHIR observation-category. */
const CATEGORIES = new Map(Object.entries({
  "vital-signs": "Vital signs",
  laboratory: "Laboratory",
  imaging: "Imaging",
  exam: "Examination",
  procedure: "Procedures and measurements",
  survey: "Questionnaires and scores",
  "social-history": "Social history",
  therapy: "Therapy",
  activity: "Activity",
}));
const RESULTS = "Results of reports";
const OTHERS = "Other observations";

/**
 * The observations in groups, and charts of those that occur several times.
 *
 * @param {DocumentContent} shown
 * @param {Map<string, HTMLElement>} places gets the elements of the observations by id
 */
export function observationsView(shown, places) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map([...CATEGORIES.values(), RESULTS, OTHERS].map((title) => /** @type {[string, Row[]]} */ ([title, []])));
  const results = new Set((shown.diagnostic_reports ?? []).flatMap((report) => report.results ?? []));
  for (const observation of shown.observations ?? []) groups.get(groupOf(observation, results))?.push(observationRow(observation));
  const filled = [...groups].filter(([, rows]) => rows.length > 0);
  const titles = ["Observation", "Value", "Interpretation", "Reference range", "Time"];
  const charts = trendCharts(trendsOf([shown]));
  return [
    ...filled.flatMap(([title, rows]) => [h("h4", null, title), entryTable(title, titles, rows, places)]),
    ...(charts.length > 0 ? [h("h4", null, "Values over time in this case"), h("div", { class: "grid" }, charts)] : []),
  ];
}

/**
 * @param {Schemas["CaseObservation"]} observation
 * @param {Set<string>} results the ids of observations that reports name
 */
function groupOf({ id, categories = [], code }, results) {
  for (const { coding = [] } of categories) {
    for (const each of coding) {
      const known = CATEGORIES.get(each.code);
      if (known) return known;
    }
  }
  const isVital = (code.coding ?? []).some((each) => each.system === LOINC && VITAL_SIGNS.has(each.code));
  if (isVital) return "Vital signs";
  return id !== undefined && results.has(id) ? RESULTS : OTHERS;
}

/**
 * @param {Schemas["CaseObservation"]} observation
 * @returns {Row}
 */
function observationRow(observation) {
  const { id, code, status, effective, issued, value, data_absent_reason: absent, interpretations, ...others } = observation;
  const { reference_ranges: ranges, components = [], categories, performers, body_site: site, method, note, ...last } = others;
  const { identifiers, ...rest } = last;
  const isPressure = pressureText(observation) !== undefined;
  return row({
    id,
    marks: marksOf(status),
    name: values.conceptText(code),
    cells: [
      [
        h("div", { class: "value" }, said(mainText(observation))),
        ...components.flatMap((part) => componentView(part, isPressure)),
      ],
      interpretations && flagsView(interpretations),
      ranges && rangesText(ranges),
      values.effectiveText(effective),
    ],
    facts: [
      ["No value of its own", absent && (value || isPressure) && values.conceptText(absent)],
      ["Body site", site && values.conceptText(site)],
      ["Method", method && values.conceptText(method)],
      ["By", values.partiesText(performers)],
      ["Note", note],
    ],
    more: [
      ...labelled({
        status: inWords(status).toLowerCase(),
        category: values.conceptsText(categories),
        issued: timeText(issued),
        id,
      }),
      ...values.detailsOf(observation, code),
      ...unknown(rest),
    ],
  });
}

/**
 * The value, or why there is none. A blood pressure is `121/78 mmHg`.
 *
 * @param {Schemas["CaseObservation"]} observation
 */
function mainText(observation) {
  const { value, data_absent_reason: absent, components } = observation;
  const pressure = pressureText(observation);
  if (value) return pressure ? `${values.valueText(value)}; ${pressure}` : values.valueText(value);
  if (pressure) return pressure;
  if (absent) return `No value: ${values.conceptText(absent)}`;
  return components ? "" : "No value";
}

/**
 * @param {Schemas["CaseObservation"]} observation
 * @returns {string | undefined} undefined if it is not a blood pressure with exactly two amounts in one unit
 */
function pressureText({ code, components = [] }) {
  if (!hasCode(code, (each) => BLOOD_PRESSURES.has(each))) return undefined;
  const systolic = components.filter((part) => hasCode(part.code, (each) => each === SYSTOLIC));
  const diastolic = components.filter((part) => hasCode(part.code, (each) => each === DIASTOLIC));
  const [high, low] = [systolic[0]?.value?.quantity, diastolic[0]?.value?.quantity];
  if (systolic.length !== 1 || diastolic.length !== 1 || !high || !low) return undefined;
  if (high.comparator || low.comparator || values.unitText(high) !== values.unitText(low)) return undefined;
  return `${high.value}/${values.quantityText(low)}`;
}

/**
 * @param {Schemas["CaseConcept"]} concept
 * @param {(code: string) => boolean} isAsked
 */
function hasCode({ coding = [] }, isAsked) {
  return coding.some(({ system, code }) => system === LOINC && isAsked(code));
}

/**
 * A component on a line of its own. The two of a blood pressure that say nothing but their amount need none.
 *
 * @param {Schemas["CaseObservationComponent"]} part
 * @param {boolean} isPressure
 * @returns {HTMLElement[]}
 */
function componentView(part, isPressure) {
  const { code, value, data_absent_reason: absent, interpretations, reference_ranges: ranges, ...rest } = part;
  const others = unknown(rest);
  const isShown = isPressure && hasCode(code, (each) => each === SYSTOLIC || each === DIASTOLIC);
  if (isShown && !interpretations && !ranges && others.length === 0) return [];
  const text = value ? values.valueText(value) : absent ? `No value: ${values.conceptText(absent)}` : "No value";
  return [
    h(
      "div",
      { class: "fact" },
      h("span", { class: "label" }, said(values.conceptText(code)), ": "),
      said(text),
      interpretations && [" ", ...flagsView(interpretations)],
      ranges && h("span", { class: "label" }, " Reference range: ", said(rangesText(ranges))),
      moreView(others),
    ),
  ];
}

/** @param {Schemas["CaseReferenceRange"][]} ranges */
function rangesText(ranges) {
  return ranges.map(values.referenceRangeText).join("; ");
}

/**
 * @param {Schemas["CaseConcept"][]} interpretations
 * @returns {Child[]}
 */
function flagsView(interpretations) {
  return interpretations.flatMap((concept, place) => {
    const text = values.interpretationText(concept);
    return [place > 0 && " ", h("strong", { class: `mark ${toneOf(text)}`, dir: "auto" }, text)];
  });
}

/**
 * @param {string} text
 * @returns {Tone}
 */
function toneOf(text) {
  if (/critical|panic/i.test(text)) return "bad";
  return /\b(high|low|abnormal|above|below|worse|resistant)\b/i.test(text) ? "open" : "off";
}

/**
 * The reports, with their results and a way to each of them.
 *
 * @param {DocumentContent} shown
 * @param {Map<string, HTMLElement>} places the elements of the observations by id
 */
export function reportsView({ diagnostic_reports: reports = [], observations = [] }, places) {
  const found = new Map(observations.map((observation) => [observation.id, observation]));
  const rows = reports.map((report) => {
    const { code, status, effective, issued, performers, results, conclusion, conclusion_codes: codes, ...others } = report;
    const { categories, note, identifiers, ...rest } = others;
    return row({
      marks: marksOf(status),
      name: values.conceptText(code),
      cells: [
        inWords(status),
        results && h("ul", null, results.map((id) => h("li", null, resultView(id, found.get(id), places)))),
        values.effectiveText(effective),
        timeText(issued),
        values.partiesText(performers),
      ],
      facts: [["Conclusion", conclusion], ["Coded conclusion", values.conceptsText(codes)], ["Note", note]],
      more: [
        ...labelled({ category: values.conceptsText(categories) }),
        ...values.detailsOf(report, code),
        ...unknown(rest),
      ],
    });
  });
  return entryTable("Diagnostic reports", ["Report", "Status", "Results", "Time", "Issued", "By"], rows);
}

/**
 * @param {string} id
 * @param {Schemas["CaseObservation"] | undefined} observation
 * @param {Map<string, HTMLElement>} places
 * @returns {Child[]}
 */
function resultView(id, observation, places) {
  if (!observation) return [said(id), " (not in this document)"];
  // Not a link with a fragment: the fragment is the route of the console.
  const show = h(
    "button",
    { type: "button", class: "jump", onclick: () => places.get(id)?.focus(), title: "Go to the observation" },
    said(values.conceptText(observation.code)),
  );
  const marks = marksOf(observation.status);
  const isStruck = marks.some((mark) => mark.isStruck);
  const content = [
    h("span", { class: "value" }, said(mainText(observation))),
    ...(observation.components ?? []).flatMap((part) => componentView(part, pressureText(observation) !== undefined)),
  ];
  return [
    ...marks.flatMap((mark) => [markView(mark), " "]),
    show,
    ": ",
    h("div", { class: isStruck ? "inline struck" : "inline" }, content),
    observation.interpretations && " ",
    ...(observation.interpretations ? flagsView(observation.interpretations) : []),
  ];
}
