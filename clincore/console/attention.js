// What needs attention, with what to do about it.

import { h } from "./dom.js";
import { counted, words } from "./format.js";
import { badge, link, pageLink, problemView, when } from "./parts.js";
import { can } from "./rights.js";
import { href } from "./router.js";
import { failedVerifications } from "./signatures.js";

/** @import {Outcome} from "./attempt.js" */
/** @import {Child} from "./dom.js" */
/** @import {Schemas} from "./types" */

/**
 * @typedef {object} Examined what the caller may see; null for what it may not
 * @property {Outcome<{isReady: boolean, checks: Schemas["ReadinessCheck"][]}>} service
 * @property {Outcome<Schemas["Quota"]>} quota
 * @property {Outcome<Schemas["CasePage"]> | null} drafts drafts that were created before `oldDay`
 * @property {string} oldDay a date in the browser's time zone
 * @property {Outcome<Schemas["ApiKeyPage"]> | null} keys
 * @property {number} now
 */

/** @typedef {{state: string, tone: "open" | "bad", text: Child[], next?: Node}} Finding */

const SOON = 14 * 86_400_000;
const NEAR_CAP = 0.8;

/**
 * @param {Schemas["Caller"]} caller
 * @param {Examined} examined
 */
export function attention(caller, { service, quota, drafts, oldDay, keys, now }) {
  const findings = [
    ...(service.value ? checkFindings(service.value.checks) : []),
    ...verificationFindings(caller),
    ...(quota.value ? quotaFindings(caller, quota.value) : []),
    ...ownKeyFindings(caller, now),
    ...(keys?.value ? keyFindings(caller, keys.value, now) : []),
    ...(drafts?.value ? draftFindings(drafts.value, oldDay) : []),
  ];
  // The screen shows the problems of the service and of the quota in their own places.
  const unseen = [drafts, keys].filter((outcome) => outcome !== null && outcome.value === null);
  const isComplete = unseen.length === 0 && service.value !== null && quota.value !== null;
  const sorted = [...findings.filter(({ tone }) => tone === "bad"), ...findings.filter(({ tone }) => tone !== "bad")];
  return h(
    "div",
    null,
    sorted.length > 0 && h("ul", { class: "findings" }, sorted.map(findingView)),
    unseen.map((outcome) => problemView(outcome?.error)),
    sorted.length === 0 && h("p", null, isComplete ? "Nothing needs attention." : "Not everything could be checked."),
    keys?.value?.next_cursor && h("p", { class: "small muted" }, "Of the keys, only the newest 100 were checked."),
  );
}

/** @param {Finding} finding */
function findingView({ state, tone, text, next }) {
  return h("li", null, badge(state, tone), " ", text, next && " ", next);
}

/**
 * @param {Schemas["ReadinessCheck"][]} checks
 * @returns {Finding[]}
 */
function checkFindings(checks) {
  return checks
    .filter(({ status }) => status !== "ok")
    .map(({ name, status, detail }) => ({
      state: status,
      tone: status === "failed" ? "bad" : "open",
      text: [`Service, ${words(name)}: ${detail}`],
      next: pageLink("ready?verbose", "See the checks"),
    }));
}

/**
 * @param {Schemas["Caller"]} caller
 * @returns {Finding[]}
 */
function verificationFindings(caller) {
  return failedVerifications(caller).map(({ caseId, time }) => ({
    state: "not valid",
    tone: "bad",
    text: ["The verification of a case failed ", when(time), ". See which check failed, and tell the operator."],
    next: link(href(`/cases/${caseId}`), "Open the case"),
  }));
}

/**
 * @param {Schemas["Caller"]} caller
 * @param {Schemas["Quota"]} quota
 * @returns {Finding[]}
 */
function quotaFindings(caller, { used, limit, remaining }) {
  if (limit === null || remaining === null || used < limit * NEAR_CAP) return [];
  const effect = "creating and importing cases gets 402; reading goes on.";
  const state = `Only ${counted(remaining, "free call")} left. When none are left, ${effect}`;
  return [{
    state: remaining === 0 ? "none left" : "few left",
    tone: remaining === 0 ? "bad" : "open",
    text: [
      remaining === 0 ? `All free calls are used: ${effect}` : state,
      " Ask the operator to set the tenant to paid, with ", h("code", null, "clincore tenants set-billing"), ".",
    ],
    next: can(caller, { role: "admin", scope: "read" })
      ? link(href("/usage"), "See what uses them")
      : pageLink("problems/billing-cap-reached", "What does 402 mean?"),
  }];
}

/**
 * @param {Schemas["Caller"]} caller
 * @param {number} now
 * @returns {Finding[]}
 */
function ownKeyFindings(caller, now) {
  if (!isSoon(caller.expires_at, now)) return [];
  const isAdmin = can(caller, { role: "admin", scope: "read" });
  return [{
    state: "expires",
    tone: "open",
    text: [
      "The key that you use expires ", when(caller.expires_at), ".",
      isAdmin ? " Extend it, or create another one." : " Ask an admin of the tenant for another one.",
    ],
    next: isAdmin
      ? link(href("/keys"), "Open keys")
      : pageLink("problems/unauthorized", "What happens then?"),
  }];
}

/**
 * @param {Schemas["Caller"]} caller
 * @param {Schemas["ApiKeyPage"]} page
 * @param {number} now
 * @returns {Finding[]}
 */
function keyFindings(caller, { items }, now) {
  return items.flatMap(({ id, label, last_four: lastFour, state, expires_at: end }) => {
    if (id === caller.key_id) return [];
    const name = ["The key ", h("bdi", { dir: "auto" }, label), lastFour && ` (…${lastFour})`];
    const next = link(href("/keys"), "Open keys");
    const isRotated = state === "grace";
    if (!isRotated && !(state === "live" && isSoon(end, now))) return [];
    const text = isRotated
      ? [...name, " was rotated and ends ", when(end), ". Use its successor."]
      : [...name, " expires ", when(end), ". Extend or replace it."];
    /** @type {Finding} */
    const finding = { state: isRotated ? "grace" : "expires", tone: "open", text, next };
    return [finding];
  });
}

/**
 * @param {Schemas["CasePage"]} page
 * @param {string} oldDay
 * @returns {Finding[]}
 */
function draftFindings({ items, next_cursor: more }, oldDay) {
  if (items.length === 0) return [];
  const verb = items.length === 1 ? "is" : "are";
  const count = `${more ? "More than " : ""}${counted(items.length, "draft")}`;
  return [{
    state: "draft",
    tone: "open",
    text: [`${count} ${verb} older than a week. Finalize or cancel ${verb === "is" ? "it" : "them"}.`],
    next: link(href("/cases", { status: "draft", created_before: oldDay }), "See old drafts"),
  }];
}

/**
 * @param {string | null} time
 * @param {number} now
 */
function isSoon(time, now) {
  return time !== null && Date.parse(time) - now < SOON;
}
