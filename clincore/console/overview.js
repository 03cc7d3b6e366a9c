// The overview: what needs attention, the state of the service, calls, and the newest cases.

import { ApiError } from "./api.js";
import { attempt, shown } from "./attempt.js";
import { attention } from "./attention.js";
import { BUCKET, callsChart, outcomesChart, quotaView, rangeUntilNow } from "./calls.js";
import { fragment, h } from "./dom.js";
import { localTime } from "./format.js";
import { newCaseLinks, noCasesYet, startOfDay } from "./lists.js";
import { badge, caseStatus, link, pageLink, table, when } from "./parts.js";
import { can } from "./rights.js";
import { href } from "./router.js";

/** @import {Api} from "./api.js" */
/** @import {Schemas, Screen} from "./types" */

const DAY = BUCKET.day;
const OLD_DRAFT_DAYS = 7;
/** @type {Record<Schemas["ReadinessCheck"]["status"], "good" | "open" | "bad" | "off">} */
const CHECK_TONES = { ok: "good", warning: "open", failed: "bad", unknown: "off" };

/** @type {Screen} */
export const overview = {
  title: "Overview",
  async show({ api, caller }) {
    const now = Date.now();
    const oldDay = localTime(new Date(now - OLD_DRAFT_DAYS * DAY)).slice(0, 10);
    const mayRead = can(caller, { scope: "read" });
    const isAdmin = can(caller, { role: "admin", scope: "read" });
    const oldDrafts = /** @type {const} */ ({ status: "draft", created_before: startOfDay(oldDay), limit: 5 });
    const [service, capabilities, quota, newest, drafts, keys, hours, days, outcomes] = await Promise.all([
      attempt(readinessOf(api)),
      attempt(api.get("/fhir/metadata")),
      attempt(api.get("/usage")),
      mayRead ? attempt(api.get("/cases", { query: { limit: 5 } })) : null,
      mayRead ? attempt(api.get("/cases", { query: oldDrafts })) : null,
      isAdmin ? attempt(api.get("/admin/api-keys", { query: { limit: 100 } })) : null,
      isAdmin ? attempt(callsOf(api, 1, "hour", now)) : null,
      isAdmin ? attempt(callsOf(api, 30, "day", now)) : null,
      isAdmin ? attempt(outcomesOf(api, now)) : null,
    ]);
    const version = capabilities.value && versionOf(capabilities.value);
    return fragment(
      h("div", { class: "row no-print" }, newCaseLinks(caller)),
      section("Needs attention", attention(caller, { service, quota, drafts, oldDay, keys, now })),
      h(
        "div",
        { class: "grid" },
        card("Service", shown(service, (found) => serviceView(found, version))),
        card("Calls left", shown(quota, quotaView)),
      ),
      newest && section("Newest cases", shown(newest, newestView)),
      hours && days && outcomes && section(
        "Calls",
        h(
          "div",
          { class: "grid" },
          h("div", null, shown(hours, (usage) => callsChart(usage, "Calls in the last 24 hours"))),
          h("div", null, shown(days, (usage) => callsChart(usage, "Calls in the last 30 days"))),
          h("div", null, shown(outcomes, (found) => outcomesChart(found, "Outcomes in the last 24 hours"))),
        ),
        h("p", null, link(href("/usage"), "More about usage")),
      ),
    );
  },
};

/**
 * @param {string} title
 * @param {...Node} content
 */
function section(title, ...content) {
  return h("section", null, h("h2", null, title), content);
}

/**
 * @param {string} title
 * @param {Node} content
 */
function card(title, content) {
  return h("section", { class: "card" }, h("h2", null, title), content);
}

/**
 * The checks of the service. While it is not ready, they come with a problem, which is not an error here.
 *
 * @param {Api} api
 * @returns {Promise<{isReady: boolean, checks: Schemas["ReadinessCheck"][]}>}
 */
async function readinessOf(api) {
  try {
    const { checks } = await api.get("/ready", { query: { verbose: true } });
    return { isReady: true, checks: checks ?? [] };
  } catch (error) {
    const checks = error instanceof ApiError && error.status === 503 ? checksOf(error.problem) : undefined;
    if (!checks) throw error;
    return { isReady: false, checks };
  }
}

/**
 * @param {any} problem
 * @returns {Schemas["ReadinessCheck"][] | undefined}
 */
function checksOf(problem) {
  return problem.checks;
}

/**
 * Calls by endpoint.
 *
 * @param {Api} api
 * @param {number} days
 * @param {Schemas["UsageBucket"]} bucket
 * @param {number} now
 */
function callsOf(api, days, bucket, now) {
  const range = rangeUntilNow(days * DAY, bucket, now);
  return api.get("/admin/usage/timeseries", { query: { ...range, bucket, group_by: "endpoint" } });
}

/**
 * How the calls of the last 24 hours ended.
 *
 * @param {Api} api
 * @param {number} now
 */
function outcomesOf(api, now) {
  return api.get("/admin/usage/outcomes", { query: { ...rangeUntilNow(DAY, "hour", now), bucket: "hour" } });
}

/** @param {any} capabilities FHIR's CapabilityStatement */
function versionOf(capabilities) {
  return /** @type {string | null} */ (capabilities.software?.version ?? null);
}

/**
 * @param {{isReady: boolean, checks: Schemas["ReadinessCheck"][]}} service
 * @param {string | null} version
 */
function serviceView({ isReady, checks }, version) {
  return fragment(
    h(
      "p",
      { class: "row" },
      isReady ? badge("ready", "good") : badge("not ready", "bad"),
      version && `ClinCore ${version}`,
    ),
    table(
      "Checks of the service",
      [
        { title: "Check", isHeader: true, cell: ({ name }) => name.replaceAll("_", " ") },
        { title: "State", cell: ({ status }) => badge(status, CHECK_TONES[status] ?? "off") },
        { title: "Detail", cell: ({ detail }) => detail, isPlain: true },
      ],
      checks,
    ),
    h("p", { class: "small" }, pageLink("ready?verbose", "The same as JSON"), ", for monitoring."),
  );
}

/** @param {Schemas["CasePage"]} page */
function newestView({ items }) {
  if (items.length === 0) return noCasesYet();
  return fragment(
    table(
      "Newest cases",
      [
        {
          title: "Title",
          isHeader: true,
          cell: ({ id, title }) => h("a", { href: href(`/cases/${id}`), dir: "auto" }, title),
        },
        { title: "Status", cell: ({ status }) => caseStatus(status) },
        { title: "Created", cell: ({ created_at: time }) => when(time) },
      ],
      items,
    ),
    h("p", null, link(href("/cases"), "All cases")),
  );
}
