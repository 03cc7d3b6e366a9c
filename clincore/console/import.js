// Importing FHIR documents: choose files, see what a case would keep of each, create the drafts.

import { ApiError, randomId } from "./api.js";
import { fragment, h } from "./dom.js";
import { capitalized, counted, number } from "./format.js";
import { STATES, documentOf, reportView } from "./import_report.js";
import { uuidOf } from "./lists.js";
import { announce, badge, button, field, isAbort, link, problemView } from "./parts.js";
import { href } from "./router.js";
import { owner } from "./session.js";

/** @import {Context, Schemas, Screen} from "./types" */
/** @import {ImportState, Report} from "./import_report.js" */

const FILES_MAX = 100;
/** Answers that the next file would get too. 0: no answer. */
const STOPS = new Set([0, 401, 402, 403, 429, 503]);

/**
 * The list is kept while other screens are shown, so that a file whose case was opened is not sent again. It is of one
 * session.
 *
 * @type {{session: object, list: ImportList} | null}
 */
let kept = null;

/** @type {Screen} */
export const importScreen = {
  title: "Import",
  async show(context) {
    if (kept?.session !== owner()) kept = { session: owner(), list: new ImportList() };
    kept.list.context = context;
    return kept.list.view;
  },
};

/** A file, what is known of it, and its part of the screen. */
class ImportFile {
  /** @type {ImportState} */
  state = "waiting";
  text = "";
  /** Why it cannot be sent. */
  note = "";
  /** @type {Report | null} */
  report = null;
  /** The case that was made of it, now or before. */
  caseId = "";
  /** @type {unknown} */
  error = null;
  /** After a lost answer the file is sent with the same value, and gets the case that was made. */
  idempotencyKey = randomId();

  /**
   * @param {string} name
   * @param {(file: ImportFile) => Promise<void>} create
   */
  constructor(name, create) {
    this.name = name;
    this.create = create;
    this.view = h("section", { class: "card import-file" });
  }

  /** @param {ImportState} state */
  become(state) {
    this.state = state;
    const hadFocus = this.view.contains(document.activeElement);
    const heading = h("h2", { dir: "auto", tabindex: -1 }, this.name);
    const [text, tone] = STATES[state];
    const body = [
      heading,
      h("p", null, badge(text, tone), this.note && ` ${this.note}`),
      this.report && reportView(this.report),
      this.error ? problemView(this.error) : null,
      this.#next(),
    ];
    this.view.replaceChildren(...body.filter((node) => node !== null));
    if (hadFocus) heading.focus();
  }

  #next() {
    const toCase = () => link(href(`/cases/${this.caseId}`), "Open the case");
    switch (this.state) {
      case "checked":
        return h("div", { class: "buttons" }, button("Create draft", () => this.create(this), { kind: "primary" }));
      case "created":
        return h("p", null, toCase());
      case "imported before":
        return h("p", null, "A case was created from this document before. ", this.caseId !== "" && toCase());
      case "refused":
        return this.caseId === "" ? null : h("p", null, "The case that has it: ", toCase());
      default:
        return null;
    }
  }

  /** @param {Report} report */
  keep({ case: { title }, counts, report }) {
    this.report = { case: { title }, counts, report };
  }

  /**
   * What an error of a check (`waiting`) or of creating (`checked`) means for the file.
   *
   * @param {unknown} error
   * @param {"waiting" | "checked"} before
   */
  failed(error, before) {
    const status = error instanceof ApiError ? error.status : 0;
    if (error instanceof ApiError && status === 409) this.caseId = uuidOf(error.location.split("/").at(-1)) ?? "";
    if (error instanceof ApiError && error.code === "document-imported") return this.become("imported before");
    const isTemporary = STOPS.has(status) || status >= 500;
    // What holds for all files is shown once, above them.
    this.error = STOPS.has(status) && error instanceof ApiError ? null : error;
    return this.become(isTemporary ? before : "refused");
  }
}

class ImportList {
  /** @type {Context | null} */
  context = null;
  /** @type {ImportFile[]} */
  files = [];
  /** How many of the files that were chosen last did not fit into the list. */
  leftOut = 0;
  /** Requests are sent one after the other. */
  queue = Promise.resolve();
  /** Changes when the person stops what is in progress. */
  stops = 0;
  isRunning = false;

  constructor() {
    this.place = h("div");
    this.actions = h("div", { class: "buttons" });
    this.stop = h("div");
    this.text = h("p", { role: "status", tabindex: -1 });
    this.meter = h("progress", { "aria-label": "Progress", max: 1, value: 0 });
    this.meter.hidden = true;
    const zone = this.#dropZone();
    // A file that is dropped beside the zone would replace the console.
    const over = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      zone.classList.add("over");
    };
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      zone.classList.remove("over");
      void this.#add([...(event.dataTransfer?.files ?? [])]);
    };
    const leave = () => zone.classList.remove("over");
    this.view = h(
      "div",
      { ondragover: over, ondragleave: leave, ondrop: drop },
      zone,
      this.text,
      this.meter,
      this.stop,
      this.actions,
      this.place,
    );
  }

  #dropZone() {
    const input = h("input", { type: "file", multiple: true, accept: ".json,application/json,application/fhir+json" });
    input.addEventListener("change", () => {
      void this.#add([...(input.files ?? [])]);
      input.value = "";
    });
    return h(
      "div",
      { class: "drop" },
      field("Drop FHIR R4 documents here, or choose them", input, "Bundles of the type “document”, up to 2 MiB each."),
      h("p", null, "Each file is checked first: nothing is stored until you create the drafts."),
      h(
        "p",
        { class: "hint" },
        "For larger files, other Bundles and resources, NDJSON and whole folders use the command line: ",
        h("code", null, "clincore import FOLDER"),
      ),
    );
  }

  /** @param {File[]} given */
  async #add(given) {
    // What is dropped may be no file, such as a selected text.
    if (given.length === 0) return;
    this.leftOut = 0;
    for (const [place, each] of given.entries()) {
      if (this.files.length >= FILES_MAX) {
        this.leftOut = given.length - place;
        break;
      }
      const file = new ImportFile(each.name, (one) => this.#create([one]));
      this.files.push(file);
      this.place.append(file.view);
      try {
        file.text = await documentOf(each);
        const same = this.files.find((other) => other !== file && other.text === file.text);
        if (same) throw new Error(`It is the same as ${same.name} in this list.`);
        file.become("waiting");
      } catch (error) {
        file.text = "";
        file.note = error instanceof Error ? error.message : String(error);
        file.become("unusable");
      }
    }
    if (!this.isRunning) this.#say(this.#summary());
    this.#update();
    // One file is one call. Several wait for a button that says how many.
    if (this.#with("waiting").length === 1) await this.#check();
  }

  /** @param {ImportState} state */
  #with(state) {
    return this.files.filter((file) => file.state === state);
  }

  #check() {
    return this.#each(this.#with("waiting"), "waiting", "checking", async (file, api) => {
      file.keep(await api.post("/fhir/Bundle/preview", { body: file.text, isRead: true }));
      file.become("checked");
    });
  }

  /** @param {ImportFile[]} files */
  #create(files) {
    return this.#each(files, "checked", "creating", async (file, api) => {
      const made = /** @type {Schemas["ImportedCase"]} */ (
        await api.post("/fhir/Bundle", { body: file.text, idempotencyKey: file.idempotencyKey })
      );
      file.keep(made);
      file.caseId = made.case.id;
      file.become("created");
    });
  }

  /**
   * Send files one after the other, when those before are done. A file whose state has changed meanwhile is left out,
   * so none is sent twice.
   *
   * @param {ImportFile[]} files
   * @param {"waiting" | "checked"} before the state of files to send
   * @param {"checking" | "creating"} during
   * @param {(file: ImportFile, api: Context["api"]) => Promise<void>} act
   */
  #each(files, before, during, act) {
    const { context, stops } = this;
    if (context === null) return this.queue;
    this.queue = this.queue.then(async () => {
      const chosen = files.filter((file) => file.state === before);
      if (chosen.length === 0) return;
      this.isRunning = true;
      this.stop.replaceChildren();
      this.meter.max = chosen.length;
      this.meter.hidden = false;
      this.#update();
      for (const [place, file] of chosen.entries()) {
        if (context.signal.aborted || this.stops !== stops) break;
        this.#say(`${capitalized(during)} ${number(place + 1)} of ${number(chosen.length)} …`);
        this.meter.value = place;
        file.error = null;
        file.become(during);
        try {
          await act(file, context.api);
        } catch (error) {
          if (isAbort(error) && before === "waiting") {
            file.become(before);
            break;
          }
          file.failed(error, before);
          if (error instanceof ApiError && STOPS.has(error.status)) {
            this.stop.replaceChildren(stopped(error, chosen.length - place));
            break;
          }
        }
      }
      this.isRunning = false;
      this.meter.hidden = true;
      this.#say(this.#summary());
      this.#update();
    });
    return this.queue;
  }

  #summary() {
    const states = /** @type {ImportState[]} */ (Object.keys(STATES));
    const parts = states.map((state) => [this.#with(state).length, STATES[state][0]]).filter(([count]) => count !== 0);
    const rest = this.leftOut > 0 ? ` ${counted(this.leftOut, "file")} left out: the list takes ${FILES_MAX}.` : "";
    return `${counted(this.files.length, "file")}: ${parts.map(([count, text]) => `${count} ${text}`).join(", ")}.${rest}`;
  }

  /** @param {string} text */
  #say(text) {
    this.text.textContent = text;
  }

  #update() {
    const hadFocus = this.actions.contains(document.activeElement);
    const waiting = this.#with("waiting").length;
    const checked = this.#with("checked").length;
    const calls = (/** @type {number} */ count) => `${counted(count, "file")} (${counted(count, "call")})`;
    const check = () => this.#check();
    const createAll = () => this.#create(this.#with("checked"));
    const made = this.isRunning
      ? [button("Stop after this file", () => void this.stops++)]
      : [
          waiting > 0 ? button(`Check ${calls(waiting)}`, check, { kind: "primary" }) : null,
          checked > 1 ? button(`Create all: ${calls(checked)}`, createAll, { kind: "primary" }) : null,
          this.files.length > 0 ? button("Clear the list", () => this.#clear()) : null,
        ];
    this.actions.replaceChildren(...made.filter((each) => each !== null));
    if (hadFocus) this.text.focus();
  }

  #clear() {
    this.files = [];
    this.place.replaceChildren();
    this.stop.replaceChildren();
    this.#say("");
    announce("The list is empty.");
    this.#update();
  }
}

/**
 * Why the files after one were not sent.
 *
 * @param {ApiError} error
 * @param {number} left how many files are not done, with the one that got the error
 */
function stopped(error, left) {
  const isCap = error.status === 402;
  return fragment(
    problemView(error),
    h(
      "p",
      null,
      `Stopped: ${counted(left, "file")} of this run not done. The list stays while this tab is open. `,
      isCap
        ? "Nothing more can be created until the operator makes this tenant paid: "
        : "Try again with the buttons of the files that can be sent.",
      isCap && h("code", null, "clincore tenants set-billing"),
    ),
  );
}
