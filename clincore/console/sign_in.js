// The form for the API key.

import { fragment, h } from "./dom.js";
import { field, problemView, run } from "./parts.js";

/**
 * @param {(key: string, isKept: boolean) => Promise<void>} enter checks the key and shows the console
 * @param {unknown} error why the last key is not accepted any more
 * @param {boolean} hasUnsavedForm whether signing in with another key discards a form
 */
export function signIn(enter, error, hasUnsavedForm) {
  const key = h("input", { type: "password", autocomplete: "off", spellcheck: "false", required: true });
  key.addEventListener("input", () => {
    // Browsers cannot send others in a header.
    key.setCustomValidity(/^[!-~]*$/.test(key.value.trim()) ? "" : "A key has only letters, digits and _.");
  });
  const keep = h("input", { type: "checkbox", id: "keep" });
  const submit = h("button", { type: "submit", class: "primary" }, "Sign in");
  return h(
    "form",
    {
      class: "sign-in",
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void run(submit, () => enter(key.value.trim(), keep.checked));
      },
    },
    error ? problemView(error) : null,
    hasUnsavedForm && h("p", null, h("strong", null, "A form is not saved. "), "The same key shows it again, another key discards it."),
    field("API key", key, hint()),
    h("p", { class: "check" }, keep, h("label", { for: "keep" }, "Keep the key until this tab is closed, also when the page is loaded again")),
    submit,
    h("p", { class: "hint" }, "The key is sent to this service only. Every page that you open makes some requests, and each of them is metered."),
  );
}

function hint() {
  const code = (/** @type {string} */ text) => h("code", null, text);
  return fragment(
    "It begins with clin_. ", code("clincore init"), " stores one in ", code(".clincore/key"), ", and ",
    code("clincore keys create"), " creates one.",
  );
}
