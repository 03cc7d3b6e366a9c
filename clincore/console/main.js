// The shell of the console: signing in, navigation, and the screen of the URL.

import { accessLog } from "./access_log.js";
import { Api, ApiError, SERVICE, asCurl } from "./api.js";
import { caseScreen } from "./case.js";
import { caseAccessLog, caseHistory } from "./case_history.js";
import { cases } from "./cases.js";
import { fragment, h } from "./dom.js";
import { editCase, newCase } from "./edit.js";
import { importScreen } from "./import.js";
import { keys } from "./keys.js";
import { overview } from "./overview.js";
import { announce, button, copyButton, empty, isAbort, link, problemView } from "./parts.js";
import { can } from "./rights.js";
import { href, match } from "./router.js";
import * as session from "./session.js";
import { signIn } from "./sign_in.js";
import { usage } from "./usage.js";

/** @import {Schemas, Screen, SentRequest} from "./types" */

/** @type {[string, Screen][]} */
const ROUTES = [
  ["/", overview],
  ["/cases", cases],
  ["/cases/new", newCase],
  ["/cases/{case_id}", caseScreen],
  ["/cases/{case_id}/edit", editCase],
  ["/cases/{case_id}/history", caseHistory],
  ["/cases/{case_id}/access-log", caseAccessLog],
  ["/import", importScreen],
  ["/keys", keys],
  ["/usage", usage],
  ["/access-log", accessLog],
];

/** @type {{path: string, label: string, role?: "admin", scope?: Schemas["KeyScope"]}[]} */
const NAVIGATION = [
  { path: "/", label: "Overview" },
  { path: "/cases", label: "Cases", scope: "read" },
  { path: "/import", label: "Import", scope: "import" },
  { path: "/keys", label: "Keys" },
  { path: "/usage", label: "Usage", role: "admin", scope: "read" },
  { path: "/access-log", label: "Access log", role: "admin", scope: "read" },
];

/** @type {Schemas["Caller"] | null} */
let caller = null;
let leaving = new AbortController();

const main = h("main", { id: "main", tabindex: -1 });
const header = h("header", { class: "bar" });
const requests = h("details", { class: "requests" });
// The page says this until its modules have arrived.
document.querySelector("#loading")?.remove();
document.body.append(
  h("a", { class: "skip", href: "#main", onclick: (/** @type {Event} */ event) => { event.preventDefault(); main.focus(); } }, "Skip to the content"),
  header,
  main,
  h("footer", null, requests, h("p", { class: "small" }, link(new URL("docs", SERVICE).href, "API reference"), " · ", link(new URL("problems", SERVICE).href, "Problem types"))),
  h("div", { id: "announcements", role: "status" }),
);
window.addEventListener("hashchange", show);
void show();

/** Show the screen of the URL, or the form to sign in. */
async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  announce("");
  /** @type {SentRequest[]} */
  const sent = [];
  const key = session.key();
  const found = match(ROUTES, location.hash);
  if (key === null) return showSignIn();
  const api = new Api(key, signal, (request) => {
    sent.push(request);
    showRequests(sent);
  });
  showRequests(sent);
  main.setAttribute("aria-busy", "true");
  try {
    caller ??= await api.get("/auth/whoami");
    showHeader(caller);
    if (found === null) return fill("Not found", empty("The console has no such page.", link("#/", "Go to the overview")));
    heading(found.screen.title);
    const content = await found.screen.show({ api, caller, path: found.path, query: found.query, signal, reload: show });
    if (!signal.aborted) fill(found.screen.title, content);
  } catch (error) {
    if (isAbort(error) || signal.aborted) return undefined;
    if (error instanceof ApiError && error.status === 401) {
      signOut();
      return showSignIn(error);
    }
    // The key may have been narrowed: the next screen asks what it may do.
    if (error instanceof ApiError && error.status === 403) caller = null;
    fill(found?.screen.title ?? "Error", fragment(problemView(error), button("Try again", show)));
  } finally {
    if (!signal.aborted) main.removeAttribute("aria-busy");
  }
  return undefined;
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function fill(title, ...content) {
  heading(title);
  main.append(...content);
}

/** @param {string} title */
function heading(title) {
  document.title = `${title} – ClinCore`;
  const made = h("h1", { tabindex: -1 }, title);
  main.replaceChildren(made);
  // Screen readers read the new screen, and Tab continues there.
  made.focus({ preventScroll: true });
}

/** @param {unknown} [error] why the key is not accepted any more */
function showSignIn(error) {
  header.replaceChildren(brand());
  showRequests([]);
  fill(
    "Sign in",
    signIn(async (key, isKept) => {
      caller = await new Api(key, leaving.signal).get("/auth/whoami");
      session.keep(key, isKept);
      await show();
    }, error),
  );
}

function signOut() {
  session.forget();
  caller = null;
}

function brand() {
  return h("a", { class: "brand", href: "#/" }, "ClinCore");
}

/** @param {Schemas["Caller"]} signedIn */
function showHeader(signedIn) {
  const path = location.hash.replace(/^#/, "").split("?")[0] || "/";
  header.replaceChildren(
    brand(),
    h(
      "nav",
      { "aria-label": "Main" },
      NAVIGATION.filter((entry) => can(signedIn, entry)).map((entry) => {
        const isHere = entry.path === "/" ? path === "/" : path.startsWith(entry.path);
        return h("a", { href: href(entry.path), "aria-current": isHere && "page" }, entry.label);
      }),
    ),
    h(
      "div",
      { class: "who" },
      h(
        "div",
        { class: "caller" },
        h("div", { class: "tenant", dir: "auto", title: signedIn.tenant_name }, signedIn.tenant_name),
        h("div", { class: "small", title: signedIn.label }, `${signedIn.role} · `, h("bdi", null, signedIn.label)),
      ),
      button("Sign out", () => {
        signOut();
        history.replaceState(null, "", "#/");
        // What the modules keep in memory goes with the page.
        location.reload();
      }),
    ),
  );
}

/** @param {SentRequest[]} sent */
function showRequests(sent) {
  requests.hidden = sent.length === 0;
  const commands = sent.map(asCurl).join("\n\n");
  requests.replaceChildren(
    h("summary", null, `As curl: ${sent.length === 1 ? "1 request" : `${sent.length} requests`} of this page`),
    h("pre", { tabindex: 0, "aria-label": "Commands" }, commands),
    copyButton("Copy", () => commands),
  );
}
