// Another person has changed the draft: both versions, field by field, to choose from.

import { h } from "./dom.js";
import { entryName } from "./edit_entries.js";
import { capitalized, counted, words } from "./format.js";
import { badge, newId, run } from "./parts.js";
import { changesOf, isSame, merged } from "./patch.js";

/** @import {Change, Json} from "./patch.js" */

/** @type {Record<Change["changed"], [string, "open" | "off" | "bad"]>} */
const WHO = {
  mine: ["only you changed it", "off"],
  theirs: ["only the other version changed it", "off"],
  both: ["both changed it: choose one", "bad"],
};

/**
 * @param {object} versions
 * @param {Json} versions.began the version with which the person began
 * @param {Json} versions.mine
 * @param {Json} versions.theirs
 * @param {(content: Json) => Promise<void>} save called with the content that was chosen
 * @param {() => void} back shows the form again
 */
export function conflictView({ began, mine, theirs }, save, back) {
  const changes = changesOf(began, mine, theirs);
  const conflicts = changes.filter(({ changed }) => changed === "both").length;
  /** @type {Set<Change>} */
  const taken = new Set(changes.filter(({ changed }) => changed === "mine"));
  const submit = h("button", { type: "submit", class: "primary" }, "Save what I chose");
  const onsubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    void run(submit, () => save(merged(theirs, [...taken])));
  };
  const heading = h("h2", { tabindex: -1 }, "The draft has changed meanwhile");
  const element = h(
    "form",
    { onsubmit },
    heading,
    h(
      "p",
      null,
      "Nothing was saved and nothing is lost. Choose for each field what the draft will have. ",
      conflicts > 0 ? `${counted(conflicts, "field")} changed in both versions.` : "No field changed in both versions.",
    ),
    changes.length === 0 && h("p", null, "Both versions are the same now. Saving makes no change."),
    changes.map((change) => changeView(change, taken)),
    h("div", { class: "buttons" }, submit, h("button", { type: "button", onclick: back }, "Back to my version")),
  );
  return { element, heading };
}

/**
 * @param {Change} change
 * @param {Set<Change>} taken the changes for which mine is chosen
 */
function changeView(change, taken) {
  const { path, began, mine, theirs, changed } = change;
  const [text, tone] = WHO[changed];
  const name = newId("version");
  const option = (/** @type {"mine" | "theirs"} */ version, /** @type {string} */ label, /** @type {any} */ value) => {
    const radio = h("input", { type: "radio", name, id: newId("choice"), required: true, checked: changed === version });
    radio.addEventListener("change", () => {
      if (version === "mine") taken.add(change);
      else taken.delete(change);
    });
    const labelled = h("p", { class: "check" }, radio, h("label", { for: radio.id }, label));
    return h("div", null, labelled, valueView(path, value, began));
  };
  return h(
    "fieldset",
    null,
    h("legend", { dir: "auto" }, path.map((part) => capitalized(words(part))).join(": ")),
    h("p", null, badge(text, tone)),
    h(
      "div",
      { class: "versions" },
      option("mine", "My version", mine),
      option("theirs", "The other version", theirs),
      h("div", null, h("p", { class: "muted" }, "When you began"), valueView(path, began, began)),
    ),
  );
}

/**
 * A value of a field. In a list of entries those that are not in `began` are marked.
 *
 * @param {string[]} path
 * @param {any} value
 * @param {any} began
 */
function valueView(path, value, began) {
  if (value === undefined) return h("p", { class: "muted" }, "Nothing");
  if (typeof value === "string") return h("p", { class: "version-text", dir: "auto" }, value || "(an empty text)");
  const json = h("pre", { dir: "auto" }, JSON.stringify(value, null, 2));
  if (!Array.isArray(value) || !value.every((part) => typeof part === "object")) return json;
  const before = Array.isArray(began) ? began : [];
  const entries = value.map((entry) => {
    const isNew = !before.some((old) => isSame(old, entry));
    const label = entryName(path[0] ?? "", entry) || [entry?.system, entry?.value].filter(Boolean).join(" ") || "Entry";
    return h("li", null, h("span", { dir: "auto" }, label), isNew && h("em", null, " – new or changed"));
  });
  const gone = before.filter((old) => !value.some((entry) => isSame(old, entry))).length;
  return h(
    "div",
    null,
    entries.length > 0 ? h("ol", null, entries) : h("p", { class: "muted" }, "Nothing"),
    gone > 0 && h("p", { class: "muted" }, `${counted(gone, "entry", "entries")} of the beginning removed or changed.`),
    h("details", null, h("summary", null, "As JSON"), json),
  );
}
