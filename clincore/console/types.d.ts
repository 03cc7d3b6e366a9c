// Types of the console that JSDoc cannot say. Those of the contract are generated: `make check-console`.

import type { components, paths } from "../../build/sdk/typescript/clincore";

export type Schemas = components["schemas"];
export type Paths = paths;
export type Method = "get" | "post" | "patch" | "delete";

/** The paths that have the method. */
export type PathOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends { [K in M]: { responses: unknown } } ? P : never;
}[keyof Paths];

type Operation<M extends Method, P extends PathOf<M>> = Paths[P] extends { [K in M]: infer O } ? O : never;
type Content<R> = R extends { content: infer C } ? C : never;
type JsonOf<C> = C extends { "application/json": infer J } ? J : C extends { "application/fhir+json": infer J } ? J : string;

/** The JSON of the 2xx responses of an operation. */
export type Answer<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer R } ? JsonOf<Content<R[keyof R & (200 | 201)]>> : never;

export type PathValues<M extends Method, P extends PathOf<M>> =
  Paths[P] extends { parameters: { path: infer V } } ? V : undefined;

export type Query<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { parameters: { query?: infer Q } } ? Q : undefined;

type BodyOf<O> = O extends { requestBody?: { content: infer C } } ? C[keyof C] : undefined;
export type Body<M extends Method, P extends PathOf<M>> = BodyOf<Operation<M, P>>;

/** What a request has besides its method and path. */
export interface Options<M extends Method, P extends PathOf<M>> {
  path?: PathValues<M, P>;
  query?: Query<M, P>;
  /** Sent as JSON; a string is sent as it is. */
  body?: Body<M, P> | string;
  /** The ETag of the version that the request is made for. */
  ifMatch?: string;
  /** The media type to ask for, by default application/json. */
  accept?: string;
  /** Of a write that can be sent again later; by default each call gets a new one. */
  idempotencyKey?: string;
  /** A POST that changes nothing: it gets no Idempotency-Key. */
  isRead?: boolean;
}

/** A request as it was sent, to show it as curl. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** What a screen is shown with. */
export interface Context {
  api: import("./api.js").Api;
  caller: Schemas["Caller"];
  /** The values in the path, such as `case_id`. */
  path: Record<string, string>;
  /** The part of the URL after `?`. It holds no identifier or text of a subject. */
  query: URLSearchParams;
  /** Ends when another screen is shown. */
  signal: AbortSignal;
  /** Show this screen again, with fresh data. */
  reload(): Promise<void>;
}

export interface Screen {
  /** The heading and the title of the window. It has no text of a case. */
  title: string;
  /** Fetch what the screen needs and make its content, which follows the heading. */
  show(context: Context): Promise<Node>;
}
