// API keys: the caller's own, and for admins all keys of the tenant.

import { ApiError } from "./api.js";
import { fragment, h } from "./dom.js";
import { counted, number } from "./format.js";
import { keyForm, showSecret } from "./key_form.js";
import { pages } from "./lists.js";
import { announce, ask, badge, button, copyButton, empty, field, select, table, when } from "./parts.js";
import { can } from "./rights.js";
import * as session from "./session.js";

/** @import {Column} from "./parts.js" */
/** @import {Context, Schemas, Screen} from "./types" */
/** @typedef {Schemas["ApiKeyDetails"]} Key */

const PATH = "/keys";
/** @type {Record<Schemas["ApiKeyState"], "good" | "open" | "bad" | "off">} */
const TONES = { live: "good", grace: "open", expired: "bad", revoked: "off" };
/** How long the old key stays valid after a rotation, in seconds. */
const GRACE = ["3600", "86400", "604800", "0"];
const GRACE_LABELS = { 3600: "1 hour", 86400: "1 day", 604800: "7 days", 0: "Not at all: it ends immediately" };

/** @type {Screen} */
export const keys = {
  title: "Keys",
  async show(context) {
    const { caller } = context;
    const isListed = can(caller, { role: "admin", scope: "read" });
    const isManaged = can(caller, { role: "admin", scope: "write" });
    const list = isListed ? await listOf(context, isManaged) : null;
    return fragment(
      ownKey(context),
      h("h2", null, "Keys of the tenant"),
      isManaged && h("p", null, button("Create key", () => create(context), { kind: "primary" })),
      list ?? h("p", null, "A key with the role admin and the scope read sees all keys of the tenant here."),
    );
  },
};

/**
 * What is known of the key of the caller, with no request.
 *
 * @param {Context} context
 */
function ownKey(context) {
  const { caller } = context;
  return h(
    "section",
    { class: "card" },
    h("h2", null, "Your key"),
    h("p", null, h("bdi", null, h("strong", null, caller.label)), ` · ${caller.role}`),
    h("p", null, `Scopes: ${scopesText(caller.scopes)}`),
    h("p", null, "Expires: ", when(caller.expires_at, "never")),
    h("p", null, `Rate limit: ${rateText(caller.rate_limit_per_minute)}`),
    h(
      "div",
      { class: "buttons" },
      button("Rotate your key", () => rotate(context)),
      copyButton("Copy key id", () => caller.key_id),
    ),
  );
}

/**
 * @param {Context} context
 * @param {boolean} isManaged whether the caller may change keys
 */
async function listOf(context, isManaged) {
  const { api, caller, query } = context;
  const page = await api.get("/admin/api-keys", { query: { cursor: query.get("cursor") ?? undefined } });
  if (page.items.length === 0) return fragment(empty("This page has no keys."), pages(PATH, query, page.next_cursor));
  /** @type {Column<Key>} */
  const acts = {
    title: "Change",
    cell: (key) =>
      key.state === "revoked"
        ? "–"
        : h(
            "span",
            { class: "row" },
            button("Change", () => change(context, key), { description: `Change ${key.label}` }),
            button("Revoke", () => revoke(context, key), { kind: "danger", description: `Revoke ${key.label}` }),
          ),
  };
  return fragment(
    table(
      "Keys",
      [
        {
          title: "Label",
          isHeader: true,
          cell: ({ id, label }) => [
            h("bdi", null, label),
            id === caller.key_id && fragment(" ", badge("your key", "off")),
          ],
        },
        { title: "Role", cell: ({ role }) => role },
        { title: "Scopes", cell: ({ scopes }) => scopesText(scopes) },
        { title: "State", cell: ({ state }) => badge(state, TONES[state] ?? "off") },
        { title: "Last four", cell: ({ last_four: end }) => (end === null ? "–" : h("code", null, `…${end}`)) },
        { title: "Last used", cell: ({ last_used_at: time }) => when(time, "never") },
        { title: "Created", cell: ({ created_at: time }) => when(time) },
        { title: "Expires", cell: ({ expires_at: time }) => when(time, "never") },
        { title: "Rate limit", cell: ({ rate_limit_per_minute: limit }) => rateText(limit) },
        ...(isManaged ? [acts] : []),
      ],
      page.items,
    ),
    h("p", { class: "hint" }, "Newest first. A key in grace was rotated and is valid until it expires."),
    pages(PATH, query, page.next_cursor),
  );
}

/** @param {Schemas["KeyScopes"]} scopes */
function scopesText(scopes) {
  return scopes === null ? "all of its role" : scopes.join(", ");
}

/** @param {number | null} limit */
function rateText(limit) {
  return limit === null ? "none" : `${number(limit)} per minute`;
}

/** @param {Context} context */
async function create(context) {
  const form = keyForm(context.caller, null);
  /** @type {Schemas["IssuedApiKey"] | null} */
  let made = null;
  await ask({
    title: "Create key",
    content: form.fields,
    action: "Create",
    act: async () => {
      made = await context.api.post("/admin/api-keys", { body: form.input() });
    },
  });
  const issued = /** @type {Schemas["IssuedApiKey"] | null} */ (made);
  if (issued === null) return;
  await showSecret("The new key", issued.api_key, "It belongs to this tenant. Store it where its program reads it.");
  context.reload();
}

/** @param {Context} context */
async function rotate(context) {
  const { api, caller } = context;
  const grace = select(GRACE, { chosen: "3600", labels: GRACE_LABELS });
  let secret = "";
  await ask({
    title: "Rotate your key",
    content: [
      h("p", null, "You get a new key with the same label, role, scopes and expiry, and this console goes on with it."),
      field("How long the old key stays valid", grace, "Not longer than its own expiry."),
      h(
        "p",
        null,
        "Give the new key to the programs that use the old one before it ends. If .clincore/key has the old key, ",
        "store the new one there.",
      ),
    ],
    action: "Rotate",
    act: async () => {
      const made = await api.post("/auth/api-keys/rotate", { body: { grace_seconds: Number(grace.value) } });
      secret = made.api_key;
      session.replace(secret);
      caller.key_id = made.id;
      keepChanges(caller, made);
    },
  });
  if (secret === "") return;
  await showSecret("Your new key", secret, "You are signed in with it already. Your old key cannot be rotated again.");
  context.reload();
}

/**
 * The shell goes on with what the key is now, without asking the service.
 *
 * @param {Schemas["Caller"]} caller
 * @param {Pick<Schemas["Caller"], "label" | "role" | "scopes" | "expires_at" | "rate_limit_per_minute">} key
 */
function keepChanges(caller, { label, role, scopes, expires_at, rate_limit_per_minute }) {
  Object.assign(caller, { label, role, scopes, expires_at, rate_limit_per_minute });
}

/**
 * @param {Context} context
 * @param {Key} key
 */
async function change(context, key) {
  const { api, caller } = context;
  const isOwn = key.id === caller.key_id;
  const form = keyForm(caller, key);
  const isDone = await ask({
    title: "Change key",
    content: [
      isOwn && warning("You are signed in with this key. Fewer scopes or an earlier expiry also limit this console."),
      key.state === "grace" &&
        h("p", null, "This key was rotated. It ends with its grace period, which cannot be extended."),
      form.fields,
    ].flat(),
    action: "Save",
    act: async () => {
      const changes = form.changes();
      if (Object.keys(changes).length === 0) return announce("Nothing was changed.");
      const path = { key_id: key.id };
      const { content } = await api.send("patch", "/admin/api-keys/{key_id}", { path, body: changes });
      if (isOwn) keepChanges(caller, content);
      announce(`Changed: ${counted(Object.keys(changes).length, "property", "properties")}.`);
      return undefined;
    },
  });
  if (isDone && Object.keys(form.changes()).length > 0) context.reload();
}

/**
 * @param {Context} context
 * @param {Key} key
 */
async function revoke(context, key) {
  const isOwn = key.id === context.caller.key_id;
  const isDone = await ask({
    title: "Revoke key",
    content: [
      h("p", null, "Key: ", h("bdi", null, h("strong", null, key.label))),
      h("p", null, "Last used: ", when(key.last_used_at, "never")),
      h("p", null, "It is refused from the next request on. A revoked key stays revoked."),
      isOwn && warning("You are signed in with this key. You will be signed out, and need another key to sign in."),
    ],
    action: "Revoke",
    typed: key.last_four ?? "REVOKE",
    isDanger: true,
    act: async () => {
      try {
        await context.api.post("/admin/api-keys/revoke/{key_id}", { path: { key_id: key.id } });
      } catch (error) {
        throw error instanceof ApiError && error.code === "last-admin-key" ? explained(error) : error;
      }
    },
  });
  if (!isDone) return;
  context.reload();
}

/** @param {ApiError} error */
function explained(error) {
  const detail = `${error.message} A tenant needs one to manage its keys. To replace this key, rotate it instead.`;
  return new ApiError(error.status, { ...error.problem, detail });
}

/** @param {string} text */
function warning(text) {
  return h("p", { class: "problem" }, h("strong", null, "Careful: "), text);
}
