import { createHash, randomUUID } from "node:crypto";
import { reach, readAnswer } from "./answers.js";
import { delayBefore, isWorthRepeating, pause } from "./repeats.js";

/**
 * @import { CallOptions, Client, ClientOptions } from "./index.js"
 * @typedef {{ baseUrl: string, apiKey: string | null, fetch: typeof fetch, retries: number }} Settings
 */

/** Characters of a key of the API; longer ones are refused there. */
const LONGEST_KEY = 255;
/** What has an effect each time, unless a key says that it is the same deed. */
const WRITES = ["POST", "PATCH"];

/**
 * @param {ClientOptions} options
 * @returns {Client}
 */
export function createClient({ baseUrl, apiKey, fetch = globalThis.fetch, retries = 0 }) {
  if (!/^https?:\/\//.test(baseUrl)) throw new TypeError("baseUrl must begin with http:// or https://");
  const settings = { baseUrl: baseUrl.replace(/\/+$/, ""), apiKey: apiKey ?? null, fetch, retries };
  /** @param {string} method */
  const caller = (method) => (/** @type {string} */ path, /** @type {CallOptions} */ options) =>
    call(settings, method, path, options ?? {});
  const get = caller("GET");
  const client = {
    get,
    post: caller("POST"),
    put: caller("PUT"),
    patch: caller("PATCH"),
    delete: caller("DELETE"),
    each: (/** @type {string} */ path, /** @type {CallOptions} */ options) => each(get, path, options ?? {}),
  };
  return /** @type {any} */ (client);
}

/**
 * A key for `idempotencyKey` of a call. Made of parts that name the deed it is the same each time, also after a
 * restart; without parts it is a new one.
 *
 * @param {...(string | number)} parts
 * @returns {string}
 */
export function idempotencyKey(...parts) {
  if (parts.length === 0) return randomUUID();
  return createHash("sha256")
    .update(JSON.stringify(parts.map(String)))
    .digest("hex");
}

/**
 * All entries of a list, page by page.
 *
 * @param {(path: string, options: CallOptions) => Promise<any>} get
 * @param {string} path
 * @param {CallOptions} options
 */
async function* each(get, path, options) {
  let cursor = options.query?.cursor;
  do {
    const page = await get(path, { ...options, query: { ...options.query, cursor } });
    yield* page.data;
    cursor = page.nextCursor;
  } while (cursor);
}

/**
 * Calls until there is an answer that stands, at most `retries` times more often than once.
 *
 * @param {Settings} settings
 * @param {string} method
 * @param {string} path
 * @param {CallOptions} options
 */
async function call(settings, method, path, options) {
  const request = () => callOnce(settings, method, path, options);
  for (let tried = 1; ; tried++) {
    try {
      return await request();
    } catch (error) {
      const isSafe = !WRITES.includes(method) || options.idempotencyKey !== undefined;
      if (tried > settings.retries || !isSafe || !isWorthRepeating(error)) throw error;
      await pause(delayBefore(tried, error), options.signal);
    }
  }
}

/**
 * @param {Settings} settings
 * @param {string} method
 * @param {string} path
 * @param {CallOptions} options
 */
async function callOnce({ baseUrl, apiKey, fetch }, method, path, options) {
  const { body, headers, idempotencyKey: key, signal } = options;
  if (key !== undefined && (key.length === 0 || key.length > LONGEST_KEY)) {
    throw new TypeError(`idempotencyKey must have 1 to ${LONGEST_KEY} characters`);
  }
  const url = baseUrl + filledPath(path, options.path ?? {}) + queryText(options.query ?? {});
  const init = {
    method,
    headers: {
      ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    // Followed, a POST would become a GET, and the key could go to another host.
    redirect: /** @type {const} */ ("manual"),
  };
  const { answer, text } = await reach(() => fetch(url, init), signal);
  return text === null ? answer : readAnswer(answer, text);
}

/**
 * @param {string} path
 * @param {Record<string, string | number>} values
 */
function filledPath(path, values) {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const value = String(values[name] ?? "");
    // These would lead to another address.
    if (["", ".", ".."].includes(value)) throw new TypeError(`path.${name} is "${value}"`);
    return encodeURIComponent(value);
  });
}

/** @param {Record<string, unknown>} values */
function queryText(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}
