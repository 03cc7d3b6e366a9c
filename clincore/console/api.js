// The client of the API. Each request is an operation of openapi.yaml.

import { counted } from "./format.js";

/** @import {Answer, Method, Options, PathOf, Schemas, SentRequest} from "./types" */

/** The URL of the service: the page is at `console/` below it. */
export const SERVICE = new URL("../", document.baseURI);

/** How often a request is sent when no answer arrives. Writes have an Idempotency-Key, so they are done once. */
const ATTEMPTS = 2;

/**
 * The Idempotency-Keys of writes of which it is not known whether they were done. Who sends one of them again, as it
 * was, gets the answer that was lost: there is no second case.
 *
 * @type {Map<string, string>} by the key of the caller and the request
 */
const unanswered = new Map();

const NOT_KNOWN = "It is not known whether this was done. Try again: it is done once, and you get its response.";
/** Answers with `Retry-After`. */
const WAITS = new Set([409, 429, 503]);

/** An answer that is not 2xx, or no answer. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 if there was no answer
   * @param {Partial<Schemas["Problem"]> & {errors?: Schemas["FieldError"][], id?: string}} problem
   * @param {string} [location] the path of what is in the way, such as a case that was imported before
   */
  constructor(status, problem, location = "") {
    super(problem.detail || problem.title || `HTTP status ${status}`);
    this.status = status;
    this.problem = problem;
    this.location = location;
    /** The problem type, such as `not-found`. */
    this.code = (problem.type ?? "").split("/").at(-1) ?? "";
  }
}

/**
 * Sends requests with a key, and keeps them to show them as curl.
 */
export class Api {
  /**
   * @param {string} key
   * @param {AbortSignal} signal ends reads that are in progress; writes are never cut off
   * @param {(request: SentRequest) => void} [onsent]
   */
  constructor(key, signal, onsent) {
    this.key = key;
    this.signal = signal;
    this.onsent = onsent;
  }

  /**
   * @template {PathOf<"get">} P
   * @param {P} path
   * @param {Options<"get", P>} [options]
   * @returns {Promise<Answer<"get", P>>}
   */
  async get(path, options = {}) {
    return (await this.send("get", path, options)).content;
  }

  /**
   * @template {PathOf<"post">} P
   * @param {P} path
   * @param {Options<"post", P>} [options]
   * @returns {Promise<Answer<"post", P>>}
   */
  async post(path, options = {}) {
    return (await this.send("post", path, options)).content;
  }

  /**
   * Send a request. `content` is parsed JSON, or text for another media type; `text` is what was sent, in which numbers
   * have all their digits; `etag` is for `ifMatch`.
   *
   * @template {Method} M
   * @template {PathOf<M>} P
   * @param {M} method
   * @param {P} path a path of the contract, such as `/cases/{case_id}`
   * @param {Options<M, P>} [options]
   * @returns {Promise<{content: Answer<M, P>, text: string, etag: string}>}
   * @throws {ApiError}
   */
  async send(method, path, options = {}) {
    const isRead = method === "get" || options.isRead === true;
    const sent = this.#request(method, path, options, isRead);
    const request = JSON.stringify([this.key, sent.method, sent.url, sent.headers["If-Match"], sent.body]);
    if (!isRead && options.idempotencyKey === undefined) {
      const idempotencyKey = unanswered.get(request) ?? randomId();
      sent.headers["Idempotency-Key"] = `"${idempotencyKey}"`;
      unanswered.set(request, idempotencyKey);
    }
    this.onsent?.(sent);
    const headers = new Headers({ ...sent.headers, "X-API-Key": this.key });
    const { response, text } = await this.#attempt(sent, headers, isRead);
    const content = jsonOf(response, text);
    const isDone = response.ok && (response.status === 204 || (typeof content === "object" && content !== null));
    if (!isDone) {
      const problem = problemOf(content, response, isRead);
      const error = new ApiError(response.ok ? 0 : response.status, problem, response.headers.get("Location") ?? "");
      if (!isUncertain(error)) unanswered.delete(request);
      throw error;
    }
    unanswered.delete(request);
    // A compressed answer has a tag of its own; writes take the one without the suffix.
    const etag = (response.headers.get("ETag") ?? "").replace(/\.gzip"$/, '"');
    return { content, text, etag };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{path?: any, query?: any, body?: any, ifMatch?: string, accept?: string, idempotencyKey?: string}} options
   * @param {boolean} isRead
   * @returns {SentRequest}
   */
  #request(method, path, options, isRead) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(options.path[name]));
    const url = new URL(filled.slice(1), SERVICE);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
    }
    /** @type {Record<string, string>} */
    const headers = { Accept: options.accept ?? "application/json" };
    if (options.ifMatch) headers["If-Match"] = options.ifMatch;
    if (!isRead && options.idempotencyKey) headers["Idempotency-Key"] = `"${options.idempotencyKey}"`;
    let body;
    if (options.body !== undefined) {
      headers["Content-Type"] = mediaTypeOf(method, path);
      body = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
    }
    return { method: method.toUpperCase(), url: url.href, headers, body };
  }

  /**
   * @param {SentRequest} sent
   * @param {Headers} headers
   * @param {boolean} isRead
   */
  async #attempt(sent, headers, isRead) {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(sent.url, {
          method: sent.method,
          headers,
          body: sent.body ?? null,
          credentials: "omit",
          redirect: "error",
          referrerPolicy: "no-referrer",
          signal: isRead ? this.signal : null,
        });
        return { response, text: await response.text() };
      } catch (error) {
        if (isRead && this.signal.aborted) throw error;
        if (attempt < ATTEMPTS) continue;
        const detail = isRead
          ? "The service did not answer. Check that it runs and that this machine can reach it, then try again."
          : `The service did not answer. ${NOT_KNOWN}`;
        throw new ApiError(0, { title: "No response", detail });
      }
    }
  }
}

/**
 * Whether a write that got this answer may have been done, or may still be in progress.
 *
 * @param {ApiError} error
 */
function isUncertain({ status, code }) {
  return status === 0 || status >= 500 || code === "idempotency-in-progress";
}

/**
 * @param {Response} response
 * @param {string} text
 * @returns {any} the text if it is not JSON
 */
function jsonOf(response, text) {
  if (!/[/+]json\b/.test(response.headers.get("Content-Type") ?? "")) return text;
  try {
    return JSON.parse(text);
  } catch {
    // What is between the service and the browser has cut it off.
    return text;
  }
}

/**
 * The problem document of a response; for FHIR's OperationOutcome, the same parts of it.
 *
 * @param {any} content
 * @param {Response} response
 * @param {boolean} isRead
 * @returns {Partial<Schemas["Problem"]> & {errors?: Schemas["FieldError"][]}}
 */
function problemOf(content, response, isRead) {
  const { status, headers } = response;
  const wait = headers.get("Retry-After") ?? "";
  const advice = WAITS.has(status) && /^\d+$/.test(wait) ? ` Wait ${counted(Number(wait), "second")}, then try again.` : "";
  const known = knownProblem(content);
  if (known) {
    const asked = { ...known, detail: `${known.detail ?? ""}${advice}`.trim() };
    return { ...asked, request_id: known.request_id ?? headers.get("X-Request-Id") ?? "" };
  }
  const detail = "The response does not come from ClinCore, but from a server or proxy before it: tell the operator.";
  const isLost = !isRead && (response.ok || status >= 500);
  return { title: response.ok ? "Unexpected response" : "Error", detail: `${detail}${isLost ? ` ${NOT_KNOWN}` : ""}${advice}` };
}

/**
 * @param {any} content
 * @returns {Partial<Schemas["Problem"]> & {errors?: Schemas["FieldError"][]} | null} null if it is not of ClinCore
 */
function knownProblem(content) {
  if (typeof content?.type === "string" && content.type.startsWith("/problems/")) return content;
  const coding = content?.issue?.[0]?.details?.coding?.[0];
  if (coding?.system !== "urn:clincore:problem") return null;
  return {
    type: `/problems/${coding.code}`,
    title: coding.display,
    detail: content.issue.map((/** @type {any} */ each) => each.details.text).join(" "),
    errors: content.issue
      .filter((/** @type {any} */ each) => each.expression)
      .map((/** @type {any} */ each) => ({ pointer: each.expression[0], detail: each.details.text })),
  };
}

/**
 * The request as a command for a POSIX shell, with the key in a variable.
 *
 * @param {SentRequest} request
 */
export function asCurl({ method, url, headers, body }) {
  const parts = ["curl"];
  if (method !== "GET") parts.push(`-X ${method}`);
  parts.push(quoted(url), `-H "X-API-Key: $CLINCORE_API_KEY"`);
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) parts.push(body.length > 4000 ? "--data-binary @body.json" : `-d ${quoted(body)}`);
  return parts.join(" \\\n  ");
}

/**
 * The media type of a body.
 *
 * @param {string} method
 * @param {string} path of the contract
 */
function mediaTypeOf(method, path) {
  if (path.startsWith("/fhir/")) return "application/fhir+json";
  return method === "patch" && path === "/cases/{case_id}" ? "application/merge-patch+json" : "application/json";
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A new value for `Idempotency-Key`: 128 random bits. `crypto.randomUUID` is missing on pages of plain HTTP. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
