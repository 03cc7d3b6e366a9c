// Repeats requests of openapi-fetch until they have an answer. Copy it; it needs a browser or Node.js 20.3.
//
//     const client = createClient<paths>({ baseUrl, headers, fetch: retrying });
//
// A write gets a random Idempotency-Key and keeps it when it is repeated, so the service does it once. Requests are
// repeated after network errors, 429, 503 and 409 idempotency-in-progress, as Retry-After says or after growing random
// times. When all attempts have failed, the client gets the last answer or error.

const ATTEMPTS = 11;
const ANSWER_MILLISECONDS = 30_000;
const WAIT_MILLISECONDS_MAX = 60_000;

export async function retrying(request: Request): Promise<Response> {
  if (["POST", "PATCH", "DELETE"].includes(request.method) && !request.headers.has("Idempotency-Key")) {
    request.headers.set("Idempotency-Key", `"${crypto.randomUUID()}"`);
  }
  for (let attempt = 1; ; attempt++) {
    let wait = Math.random() * 100 * 2 ** attempt;
    try {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(ANSWER_MILLISECONDS)]);
      const response = await fetch(request.clone(), { signal });
      // An answer is also lost when its body is.
      await response.clone().arrayBuffer();
      const retryAfter = response.headers.get("Retry-After");
      // Other conflicts are final, and have no Retry-After.
      const isTemporary = [429, 503].includes(response.status) || (response.status === 409 && retryAfter !== null);
      if (!isTemporary || attempt === ATTEMPTS) {
        return response;
      }
      wait = Number(retryAfter) * 1000 || wait;
    } catch (error) {
      if (request.signal.aborted || attempt === ATTEMPTS) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, WAIT_MILLISECONDS_MAX)));
  }
}
