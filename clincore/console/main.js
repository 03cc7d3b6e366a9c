// The shell of the console: signing in, navigation, and the screen of the URL.

import { Api, ApiError, asCurl } from "./api.js";
import { fragment, h } from "./dom.js";
import { forgetForms, hasUnsavedForm } from "./edit_unsaved.js";
import { announce, ask, button, copyButton, empty, isAbort, link, pageLink, problemView } from "./parts.js";
import { can } from "./rights.js";
import { href, match } from "./router.js";
import * as session from "./session.js";
import { signIn } from "./sign_in.js";

/** @import {Schemas, Screen, SentRequest} from "./types" */

/**
 * A screen and the rights that it needs. `label`: its name in the navigation. The first screen does not wait for the
 * modules of the others.
 *
 * @typedef {{label?: string, role?: "admin", scope?: Schemas["KeyScope"], load: () => Promise<Screen>}} Route
 */

/** @type {[string, Route][]} */
const ROUTES = [
  ["/", { label: "Overview", load: async () => (await import("./overview.js")).overview }],
  ["/cases", { label: "Cases", scope: "read", load: async () => (await import("./cases.js")).cases }],
  ["/cases/new", { scope: "write", load: async () => (await import("./edit.js")).newCase }],
  ["/cases/{case_id}", { scope: "read", load: async () => (await import("./case.js")).caseScreen }],
  ["/cases/{case_id}/edit", { scope: "write", load: async () => (await import("./edit.js")).editCase }],
  ["/cases/{case_id}/history", { scope: "read", load: async () => (await import("./case_history.js")).caseHistory }],
  ["/cases/{case_id}/access-log", { role: "admin", scope: "read", load: async () => (await import("./case_history.js")).caseAccessLog }],
  ["/import", { label: "Import", scope: "import", load: async () => (await import("./import.js")).importScreen }],
  ["/keys", { label: "Keys", load: async () => (await import("./keys.js")).keys }],
  ["/usage", { label: "Usage", role: "admin", scope: "read", load: async () => (await import("./usage.js")).usage }],
  ["/access-log", { label: "Access log", role: "admin", scope: "read", load: async () => (await import("./access_log.js")).accessLog }],
];

const DISCARD = {
  title: "Sign out?",
  content: h("p", null, "A form has changes that are not saved. Signing out discards them."),
  action: "Sign out",
  act: () => {},
  isDanger: true,
};

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
  h("footer", null, requests, h("p", { class: "small" }, pageLink("docs", "API reference"), " · ", pageLink("problems", "Problem types"))),
  h("div", { id: "announcements", role: "status" }),
);
window.addEventListener("hashchange", show);
// The browser's own memory does not wait until a list is there again.
window.addEventListener("scrollend", () => {
  if (!main.hasAttribute("aria-busy")) history.replaceState({ top: window.scrollY }, "");
});
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
  let title = "Error";
  try {
    const [signedIn, screen] = await Promise.all([caller ?? api.get("/auth/whoami"), found?.route.load()]);
    if (signal.aborted) return undefined;
    caller = signedIn;
    showHeader(caller);
    if (!found || !screen) return fill("Not found", empty("The console has no such page.", link("#/", "Go to the overview")));
    title = screen.title;
    if (!can(caller, found.route)) return fill(title, mayNotOpen(found.route));
    heading(title);
    const content = await screen.show({ api, caller, path: found.path, query: found.query, signal, reload: show });
    if (signal.aborted) return undefined;
    fill(title, content);
    window.scrollTo(0, history.state?.top ?? 0);
  } catch (error) {
    if (isAbort(error) || signal.aborted) return undefined;
    if (error instanceof ApiError && error.status === 401) {
      signOut();
      return showSignIn(error);
    }
    // The key may have been narrowed: the next screen asks what it may do.
    if (error instanceof ApiError && error.status === 403) caller = null;
    fill(title, fragment(problemView(error), button("Try again", show)));
  } finally {
    if (!signal.aborted) main.removeAttribute("aria-busy");
  }
  return undefined;
}

/** @param {Route} route */
function mayNotOpen({ role, scope }) {
  const needed = [role && `the role ${role}`, scope && `the scope ${scope}`].filter(Boolean).join(" and ");
  return empty(`This key may not open this page: it needs ${needed}.`, link("#/", "Go to the overview"));
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
    }, error, hasUnsavedForm()),
  );
  main.querySelector("input")?.focus();
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
      ROUTES.filter(([, route]) => route.label && can(signedIn, route)).map(([place, { label }]) => {
        const isHere = place === "/" ? path === "/" : path.startsWith(place);
        return h("a", { href: href(place), "aria-current": isHere && "page" }, label);
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
      button("Sign out", async () => {
        if (hasUnsavedForm() && !(await ask(DISCARD))) return;
        forgetForms();
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
