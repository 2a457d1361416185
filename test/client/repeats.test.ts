import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientOptions } from "signalbox/client";
import { createClient, SignalboxError } from "signalbox/client";
import { afterEach, expect, test } from "vitest";

/** What the client makes of servers that are not well, and of what stands between. */

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

const LIST: Answer = {
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: '{"data":[],"nextCursor":null}',
};
const BUSY: Answer = { status: 503, headers: { "retry-after": "0" } };
const CUT = "cut";

let server: Server;
let requests: string[];
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Gives one answer after the other, and fails what comes after them. */
async function clientOf(answers: (Answer | typeof CUT)[], options: Partial<ClientOptions> = {}) {
  requests = [];
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const answer = answers.shift() ?? { status: 500, body: "nothing more was expected" };
    if (answer === CUT) return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return createClient({ baseUrl: `http://127.0.0.1:${port}/hub`, apiKey: "sk_live_x", ...options });
}

async function errorOf(call: Promise<unknown>): Promise<SignalboxError> {
  const error = await call.then(
    () => null,
    (fault: unknown) => fault,
  );
  if (!(error instanceof SignalboxError)) throw error ?? new Error("it succeeded");
  return error;
}

const TEXT = { to: "+14155550160", text: "hi" };

test("nothing is repeated unless asked", async () => {
  const client = await clientOf([BUSY]);
  expect(await errorOf(client.get("/v1/keys"))).toMatchObject({ code: "http_503", retryAfter: 0 });
  expect(requests).toEqual(["GET /hub/v1/keys"]);
});

test("what is read is repeated as often as asked", async () => {
  const client = await clientOf([BUSY, { ...BUSY, status: 429 }, LIST], { retries: 2 });
  expect(await client.get("/v1/keys")).toEqual({ data: [], nextCursor: null });
  expect(requests).toHaveLength(3);
});

test("and not more often", async () => {
  const client = await clientOf([BUSY, BUSY, LIST], { retries: 1 });
  expect((await errorOf(client.get("/v1/keys"))).status).toBe(503);
  expect(requests).toHaveLength(2);
});

test("a broken connection is repeated, with a pause", async () => {
  const client = await clientOf([CUT, LIST], { retries: 1 });
  expect(await client.get("/v1/keys")).toEqual({ data: [], nextCursor: null });
});

test("a write is repeated only under an idempotency key", async () => {
  const running = { status: 409, headers: { "retry-after": "0" } };
  const answers = [BUSY, running, LIST];
  const client = await clientOf([BUSY, ...answers], { retries: 3 });
  expect((await errorOf(client.post("/v1/messages", { body: TEXT }))).status).toBe(503);
  expect(requests).toHaveLength(1);
  await client.post("/v1/messages", { body: TEXT, idempotencyKey: "k" });
  expect(requests).toHaveLength(4);
});

test.each<[string, Answer, object]>([
  ["a fault of the request", { status: 400 }, { code: "http_400", retryAfter: null }],
  ["a conflict of content", { status: 409 }, { code: "http_409" }],
  ["a long wait", { status: 429, headers: { "retry-after": "3600" } }, { retryAfter: 3600 }],
  ["a page in place of data", { ...LIST, headers: { "content-type": "text/html" } }, { code: "not_the_api" }],
  ["broken data", { ...LIST, body: "{" }, { code: "not_the_api", status: 200 }],
  ["a redirect", { status: 301, headers: { location: "https://example.com" } }, { code: "http_301" }],
  ["an error of a proxy", { status: 500, body: '{"error":{"x":1}}' }, { code: "http_500", issues: [] }],
])("not repeated: %s", async (_name, answer, expected) => {
  const client = await clientOf([answer], { retries: 3 });
  expect(await errorOf(client.get("/v1/keys"))).toMatchObject(expected);
  expect(requests).toHaveLength(1);
});

test("a date says when to come back, too", async () => {
  const date = new Date(Date.now() + 90_000).toUTCString();
  const client = await clientOf([{ status: 503, headers: { "retry-after": date } }]);
  const { retryAfter } = await errorOf(client.get("/v1/keys"));
  expect(retryAfter).toBeGreaterThan(85);
  expect(retryAfter).toBeLessThanOrEqual(90);
});

test("nobody there", async () => {
  const client = createClient({ baseUrl: "http://127.0.0.1:1", apiKey: "sk_live_x" });
  server = createServer();
  const error = await errorOf(client.get("/v1/keys"));
  expect(error).toMatchObject({ code: "no_answer", status: 0, cause: expect.any(Error) });
});

test("a signal ends the call, and the pause before the next, with what it says", async () => {
  const wait = { status: 503, headers: { "retry-after": "20" } };
  const stop = new AbortController();
  const client = await clientOf([wait], {
    retries: 1,
    fetch: async (...request) => {
      const answer = await fetch(...request);
      setImmediate(() => stop.abort(new Error("enough")));
      return answer;
    },
  });
  await expect(client.get("/v1/keys", { signal: stop.signal })).rejects.toThrow("enough");
  expect(requests).toHaveLength(1);
});
