// The form of an API key, and the dialog that shows a new key once.

import { h } from "./dom.js";
import { localTime } from "./format.js";
import { copyButton, field, newId, removeDialog, select } from "./parts.js";

/** @import {Schemas} from "./types" */

/**
 * What the scopes are for.
 *
 * @type {Record<Schemas["KeyScope"], string>}
 */
const SCOPES = {
  read: "See and verify cases, their history and documents. Admins: also the access log, keys and usage.",
  write: "Create, change, cancel and amend cases. Admins: also erase subjects, and create, change and revoke keys.",
  sign: "Finalize, attest and void cases.",
  import: "Create cases from FHIR documents, and preview them.",
  export: "Admins: export cases and usage events.",
};
const SCOPE_NAMES = /** @type {Schemas["KeyScope"][]} */ (Object.keys(SCOPES));
const RATE_MAX = 100_000;

/**
 * The fields of a new key, or of `key`, and what is entered in them.
 *
 * @param {Schemas["Caller"]} caller a key that is limited to scopes can only give scopes that it has
 * @param {Schemas["ApiKeyDetails"] | null} key the key to change
 */
export function keyForm(caller, key) {
  const label = h("input", { type: "text", dir: "auto", required: true, maxlength: 250, value: key?.label });
  label.autocomplete = "off";
  const role = select(["user", "admin"], { chosen: "user" });
  const scopes = scopesField(caller, key ? key.scopes : caller.scopes);
  const expiryBefore = key?.expires_at ? localTime(key.expires_at).replace(" ", "T") : "";
  const expiry = h("input", { type: "datetime-local", max: "2999-12-30T00:00", value: expiryBefore });
  const rateBefore = key?.rate_limit_per_minute ?? null;
  const rate = h("input", { type: "number", min: 1, max: RATE_MAX, step: 1, value: rateBefore });

  const expiresAt = () => (expiry.value ? new Date(expiry.value).toISOString() : null);
  const rateLimit = () => (rate.value ? Number(rate.value) : null);
  return {
    /** @type {HTMLElement[]} */
    fields: [
      field("Label", label, "What the key is used for."),
      ...(key ? [] : [field("Role", role, "Admins also manage keys, see usage and the access log, erase subjects.")]),
      scopes.view,
      field("Expires", expiry, "In the time of this browser. Empty: never."),
      field("Requests per minute", rate, `1 to ${RATE_MAX}. Empty: no limit.`),
    ],
    /** @returns {Schemas["ApiKeyInput"]} */
    input: () => ({
      label: label.value,
      role: role.value === "admin" ? "admin" : "user",
      scopes: scopes.value(),
      expires_at: expiresAt() ?? undefined,
      rate_limit_per_minute: rateLimit(),
    }),
    /** Only the properties that are changed: others may have been changed elsewhere. */
    changes: () => {
      /** @type {Schemas["ApiKeyChange"]} */
      const changes = {};
      if (label.value !== key?.label) changes.label = label.value;
      if (sorted(scopes.value()) !== sorted(key?.scopes ?? null)) changes.scopes = scopes.value();
      if (expiry.value !== expiryBefore) changes.expires_at = expiresAt();
      if (rateLimit() !== rateBefore) changes.rate_limit_per_minute = rateLimit();
      return changes;
    },
  };
}

/** @param {Schemas["KeyScopes"]} scopes */
function sorted(scopes) {
  return JSON.stringify(scopes && [...scopes].sort());
}

/**
 * @param {Schemas["Caller"]} caller
 * @param {Schemas["KeyScopes"]} current
 */
function scopesField(caller, current) {
  const hasAll = caller.scopes === null || current === null;
  const limit = select(hasAll ? ["all", "some"] : ["some"], {
    chosen: current === null ? "all" : "some",
    labels: { all: "Everything that its role allows", some: "Only the scopes below" },
  });
  const boxes = SCOPE_NAMES.map((scope) => {
    const isChosen = current?.includes(scope) ?? false;
    const isAllowed = isChosen || caller.scopes === null || caller.scopes.includes(scope);
    const id = newId("scope");
    return h("input", { type: "checkbox", id, value: scope, checked: isChosen, disabled: !isAllowed });
  });
  const chosen = () => SCOPE_NAMES.filter((_, place) => boxes[place]?.checked);
  const list = h(
    "fieldset",
    null,
    h("legend", null, "Scopes"),
    boxes.map((box) => {
      const text = SCOPES[/** @type {Schemas["KeyScope"]} */ (box.value)];
      return h("p", { class: "check" }, box, h("label", { for: box.id }, h("strong", null, box.value), ` ${text}`));
    }),
    caller.scopes !== null && h("p", { class: "hint" }, "Your key can give only the scopes that it has."),
  );
  const check = () => {
    list.hidden = limit.value === "all";
    const isMissing = limit.value === "some" && chosen().length === 0;
    boxes.find((box) => !box.disabled)?.setCustomValidity(isMissing ? "Choose at least one scope." : "");
  };
  limit.addEventListener("change", check);
  list.addEventListener("change", check);
  check();
  return {
    view: h("div", null, field("What the key may do", limit), list),
    value: () => (limit.value === "all" ? null : chosen()),
  };
}

/**
 * Show a new key in a dialog that can be closed only after “I have saved it”.
 *
 * @param {string} title
 * @param {string} secret
 * @param {string} note
 * @returns {Promise<void>}
 */
export function showSecret(title, secret, note) {
  return new Promise((resolve) => {
    let isSaved = false;
    const titleId = newId("dialog");
    const area = h("textarea", { class: "mono", readonly: true, rows: 3, spellcheck: "false" });
    area.value = secret;
    const saved = h("input", { type: "checkbox", id: newId("saved"), required: true });
    const warn = (/** @type {Event} */ event) => event.preventDefault();
    const refuse = (/** @type {Event} */ event) => {
      event.preventDefault();
      saved.reportValidity();
    };
    const dialog = h(
      "dialog",
      {
        "aria-labelledby": titleId,
        closedby: "none",
        oncancel: refuse,
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Escape") refuse(event);
        },
        onclose: () => {
          // Some browsers close a dialog on a second Escape, whatever its listeners say.
          if (!isSaved) {
            dialog.showModal();
            return;
          }
          window.removeEventListener("beforeunload", warn);
          removeDialog(dialog);
          resolve();
        },
      },
      h("h2", { id: titleId }, title),
      h(
        "form",
        {
          onsubmit: (/** @type {SubmitEvent} */ event) => {
            event.preventDefault();
            isSaved = true;
            dialog.close();
          },
        },
        field("API key", area, "It is shown only now. ClinCore cannot show it again."),
        h("div", { class: "buttons" }, copyButton("Copy", () => secret)),
        h("p", null, note),
        h("p", { class: "check" }, saved, h("label", { for: saved.id }, "I have saved it")),
        h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, "Close")),
      ),
    );
    window.addEventListener("beforeunload", warn);
    document.body.append(dialog);
    dialog.showModal();
  });
}
