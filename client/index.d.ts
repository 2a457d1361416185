import type { paths } from "./openapi.js";

export type { components, paths, webhooks } from "./openapi.js";

// ---- Calling the API

type Nothing = Record<never, never>;

type Method = "get" | "post" | "put" | "patch" | "delete";

/** The addresses that know a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: M extends keyof paths[P] ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> = M extends keyof paths[P] ? paths[P][M] : never;

type Part<T, K extends string> = K extends keyof T ? T[K] : unknown;

type AnswerContent<T> = T extends { content: infer C }
  ? C extends { "application/json": infer Json }
    ? Json
    : C extends { "text/csv": unknown }
      ? string
      : Response
  : undefined;

/** What a call resolves with: JSON read, CSV as text, nothing for 204; streams as the `Response` itself. */
export type AnswerOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer R } ? AnswerContent<R[keyof R]> : never;

/** The JSON that a call takes. */
export type BodyOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody?: infer B }
    ? NonNullable<B> extends { content: { "application/json": infer Json } }
      ? Json
      : never
    : never;

type BodyPart<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody: unknown }
    ? { body: BodyOf<M, P> }
    : Operation<M, P> extends { requestBody?: unknown }
      ? { body?: BodyOf<M, P> }
      : unknown;

interface Extras {
  headers?: Record<string, string>;
  /** Ends the call; what it says is thrown. `AbortSignal.timeout(10_000)` sets a limit. */
  signal?: AbortSignal | undefined;
}

interface KeyPart {
  /** The same key with the same body has one effect within a day, however often it is sent. 1 to 255 characters. */
  idempotencyKey?: string;
}

export type OptionsOf<M extends Method, P extends PathOf<M>> = Extras &
  (M extends "post" | "patch" ? KeyPart : unknown) &
  Pick<
    Part<Operation<M, P>, "parameters">,
    Extract<keyof Part<Operation<M, P>, "parameters">, "path" | "query">
  > &
  BodyPart<M, P>;

type Arguments<O> = Nothing extends O ? [options?: O] : [options: O];

type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...options: Arguments<OptionsOf<M, P>>
) => Promise<AnswerOf<M, P>>;

/** The addresses that answer `{data, nextCursor}`. */
export type ListPath = {
  [P in PathOf<"get">]: AnswerOf<"get", P> extends { data: unknown[]; nextCursor: string | null } ? P : never;
}[PathOf<"get">];

export interface Client {
  get: Call<"get">;
  post: Call<"post">;
  put: Call<"put">;
  patch: Call<"patch">;
  delete: Call<"delete">;
  /** All entries of a list, fetched page by page as they are read. */
  each<P extends ListPath>(
    path: P,
    ...options: Arguments<OptionsOf<"get", P>>
  ): AsyncGenerator<AnswerOf<"get", P> extends { data: (infer Entry)[] } ? Entry : never, void, undefined>;
}

export interface ClientOptions {
  /** Where Signalbox runs, such as `https://sms.example.com`. */
  baseUrl: string;
  /** `sk_live_…`; without it only public addresses answer. */
  apiKey?: string | undefined;
  /** Instead of the global one. */
  fetch?: typeof fetch;
  /** How often a call that failed for a while is made again, if that cannot do harm. Default 0. */
  retries?: number;
}

/** A call, untyped. */
export interface CallOptions extends Extras, KeyPart {
  path?: Record<string, string | number>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export function createClient(options: ClientOptions): Client;

/**
 * A key for `idempotencyKey`. Made of parts that name the deed (`"order", 4821, "shipped"`) it is the same each time,
 * also after a restart; without parts it is a new one.
 */
export function idempotencyKey(...parts: (string | number)[]): string;

/** One fault of one field. */
export interface Issue {
  path: string;
  message: string;
}

export interface SignalboxErrorFacts {
  code: string;
  status: number;
  issues?: Issue[];
  retryAfter?: number | null;
  cause?: unknown;
}

/** A call that failed. Its message is safe to show. */
export class SignalboxError extends Error {
  constructor(message: string, facts: SignalboxErrorFacts);
  /**
   * The API's code (`validation_error`, `not_found`, `rate_limited` ...); `no_answer` when none came, `not_the_api` when a
   * page or the like came, `http_<status>` when somebody in between answered.
   */
  readonly code: string;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** For `validation_error`: what is wrong with which field. */
  readonly issues: Issue[];
  /** Seconds after which it may be tried again, when the answer says so. */
  readonly retryAfter: number | null;
}

// ---- Checking webhooks

/** `Headers`, what Node, Express and Fastify have as `request.headers`, or name and value in pairs. */
export type SignedHeaders =
  | Iterable<[string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** The time to compare with, ms since 1970 or a date. Default: now. */
  now?: number | Date;
  /** How old, or how far ahead, a webhook may be; this many seconds still pass. Default 300. */
  toleranceSeconds?: number;
  /** Refuses `X-MAC-Signature` alone: it holds no time, so a request once seen passes for ever. Default false. */
  requireTimestamp?: boolean;
}

export interface VerifiedSignature {
  scheme: "standard-webhooks" | "x-mac-signature";
  /** The same on every repeat: what to dedupe by. Null for `x-mac-signature`, whose id nobody signed. */
  id: string | null;
  /** When this try was made. */
  timestamp: Date | null;
}

/**
 * - `missing_header`: not signed, or not completely
 * - `malformed_header`: the id, the time or the signature is not written as it must be
 * - `too_old`, `too_new`: outside of the tolerance; look at the clock of this machine
 * - `wrong_signature`: another secret, or the body was changed on its way
 * - `bad_secret`: the secret given here is empty or not of the kind that the signature needs
 * - `body_not_raw`: something parsed was given instead of text or bytes
 * - `body_not_json`: signed rightly, but not JSON
 */
export type WebhookFault =
  | "missing_header"
  | "malformed_header"
  | "too_old"
  | "too_new"
  | "wrong_signature"
  | "bad_secret"
  | "body_not_raw"
  | "body_not_json";

/** A webhook that is not to be believed, or cannot be checked. */
export class WebhookVerificationError extends Error {
  constructor(code: WebhookFault, message: string);
  readonly code: WebhookFault;
}

/**
 * Checks a webhook and answers its body, parsed. Throws `WebhookVerificationError`.
 *
 * @param rawBody the body as it came: text or bytes, not parsed
 * @param secret `whsec_…`, or `whpk_…` for Ed25519; several while they are being changed
 */
export function verifyWebhook<Body = unknown>(
  rawBody: string | Uint8Array,
  headers: SignedHeaders,
  secret: string | readonly string[],
  options?: VerifyOptions,
): Body;

/** The same for a body of any kind: checks, and answers what was signed beside it. */
export function verifySignature(
  rawBody: string | Uint8Array,
  headers: SignedHeaders,
  secret: string | readonly string[],
  options?: VerifyOptions,
): VerifiedSignature;
