import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/mobiniti.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import { type FakeFault, type FakeRoute, startFakeMobiniti } from "../fakes/mobiniti.ts";
import { sendContext } from "./harness.ts";
import { http, PHONE, setUp, TOKEN, text } from "./mobiniti-account.ts";

const UUID = /^[0-9a-f-]{36}$/;

describe("direct", () => {
  test("one call with the number", async () => {
    const { fake, context } = await setUp();
    const outcome = await channel.send(text, context);
    expect(outcome).toEqual({
      kind: "accepted",
      providerMessageId: expect.stringMatching(UUID),
      status: "handed_over",
    });
    expect(context.routes).toEqual(["POST /message"]);
    expect(fake.calls).toMatchObject([
      {
        path: "/v1/message",
        authorization: `Bearer ${TOKEN}`,
        body: { phone_number: PHONE, message: "Bluebird is open.", from: "64600" },
        status: 200,
      },
    ]);
    expect(fake.sends).toEqual(new Map([["Bluebird is open.", 1]]));
    expect(context.kept.size).toBe(0);
  });

  test.each([403, 404])("auto switches to contacts on %i and remembers it", async (status) => {
    const { fake, context } = await setUp();
    fake.fail("POST /message", { status });
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.routes).toEqual(["POST /message", "GET /contacts", "POST /contacts", "POST /messages"]);
    expect(context.kept.get("send-by")).toBe("contact");

    context.routes.length = 0;
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect(context.routes).toEqual(["POST /messages"]);
  });

  test("a refused credential is not taken for a missing call", async () => {
    const { fake, context } = await setUp();
    fake.fail("POST /message", { status: 403, body: { error: "access_denied" } }, 1);
    expect((await channel.send(text, context)).kind).toBe("broken-credential");
    expect(context.kept.size).toBe(0);
  });

  test("by number only never turns to contacts", async () => {
    const { fake, context } = await setUp({ sendBy: "direct", kept: { "send-by": "contact" } });
    fake.fail("POST /message", { status: 404 }, 1);
    expect(await channel.send(text, context)).toEqual({
      kind: "refused",
      reason: "other",
      code: "404",
      text: expect.stringContaining("Unknown error"),
    });
    expect(context.routes).toEqual(["POST /message"]);
  });

  test("no token: no call", async () => {
    const context = sendContext(http, { accessToken: " " });
    const expected = { kind: "broken-credential", text: "Mobiniti not configured. Please add Access Token." };
    expect(await channel.send(text, context)).toEqual(expected);
    expect(await channel.probe(context)).toEqual(expected);
    expect(context.routes).toEqual([]);
  });

  test.each([
    ['{"data":{"id":"a"},"id":"b"}', "a"],
    ['{"data":"a"}', "a"],
    ['{"data":[{"id":"a"}]}', "a"],
    ['{"data":[],"id":"b"}', "b"],
    ['{"id":7}', "7"],
    ['{"data":{"id":"a",},}', "a"],
    ["{}", null],
    ["[]", null],
    ["", null],
  ])("the id in %s is %s", async (body, id) => {
    const { fake, context } = await setUp();
    fake.fail("POST /message", { status: 201, body }, 1);
    expect(await channel.send(text, context)).toEqual({
      kind: "accepted",
      providerMessageId: id,
      status: "handed_over",
    });
  });
});

describe("what answers to a send mean", () => {
  const headers = { "x-request-id": "req-1" };
  const tail = " [X-Request-Id: req-1]";
  const slow = "Rate limit exceeded. Mobiniti allows 1 request per second";
  const refused = (code: string, said: string, reason = "other") => ({
    kind: "refused",
    reason,
    code,
    text: said + tail,
  });

  test.each<[what: string, fault: FakeFault, outcome: object]>([
    ["400", { status: 400, body: { message: "Bad", status: 400 }, headers }, refused("400", "Bad")],
    ["405", { status: 405, body: { message: "No" }, headers }, refused("405", "No")],
    ["409 with error", { status: 409, body: { error: "conflict" }, headers }, refused("409", "conflict")],
    ["413 without JSON", { status: 413, body: "<html>", headers }, refused("413", "Unknown error")],
    [
      "422 with a map of errors",
      {
        status: 422,
        body: { message: "Invalid", errors: { phone_number: ["is short", "is odd"], from: "?" } },
        headers,
      },
      refused("422", "Invalid (phone_number: is short, is odd; from: ?)", "bad_number"),
    ],
    [
      "422 with a list of errors",
      { status: 422, body: { message: "Invalid", errors: ["one", { message: "two" }] }, headers },
      refused("422", "Invalid (one; two)"),
    ],
    [
      "402",
      { status: 402, body: { message: "No credits" }, headers },
      refused("402", "No credits", "no_funds"),
    ],
    ["301", { status: 301, headers: { ...headers, location: "/v2" } }, refused("301", "Unknown error")],
    [
      "401",
      { status: 401, body: { message: "Nope" }, headers },
      { kind: "broken-credential", text: `credential refused: Nope${tail}` },
    ],
    [
      "400 access_denied",
      { status: 400, body: { error: "access_denied" }, headers },
      { kind: "broken-credential", text: `credential refused: access_denied${tail}` },
    ],
    ["429", { status: 429 }, { kind: "throttled", retryAfterMs: null, text: slow }],
    [
      "429 with seconds",
      { status: 429, headers: { "retry-after": "7" } },
      { kind: "throttled", retryAfterMs: 7000, text: slow },
    ],
    [
      "429 with a date",
      {
        status: 429,
        headers: { date: "Thu, 01 Jan 2026 00:00:00 GMT", "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" },
      },
      { kind: "throttled", retryAfterMs: 30_000, text: slow },
    ],
    [
      "429 with rubbish",
      { status: 429, headers: { "retry-after": "soon" } },
      { kind: "throttled", retryAfterMs: null, text: slow },
    ],
    [
      "500",
      { status: 500, body: { message: "Oops" }, headers },
      { kind: "uncertain", text: `Oops${tail} (HTTP 500)` },
    ],
    [
      "503 without JSON",
      { status: 503, body: "<html>", headers },
      { kind: "uncertain", text: `Unknown error${tail} (HTTP 503)` },
    ],
    ["408", { status: 408, headers }, { kind: "uncertain", text: `Unknown error${tail} (HTTP 408)` }],
    [
      "200 that cannot be read",
      { status: 200, body: "<html>", headers },
      { kind: "uncertain", text: `HTTP 200 with an unreadable body${tail}` },
    ],
    ["a cut connection", { drop: "taken" }, { kind: "uncertain" }],
    ["silence", { hang: "not taken" }, { kind: "uncertain", text: "no answer in 400 ms" }],
  ])("%s", async (_what, fault, outcome) => {
    const { fake, context } = await setUp({ sendBy: "direct", timeoutMs: 400 });
    fake.fail("POST /message", fault, 1);
    expect(await channel.send(text, context)).toMatchObject(outcome);
    expect(context.routes).toEqual(["POST /message"]);
  });

  test("nobody there: unreachable", async () => {
    const { fake, context } = await setUp();
    await fake.close();
    expect((await channel.send(text, context)).kind).toBe("unreachable");
  });

  test("a late answer is waited for", async () => {
    const { fake, context } = await setUp();
    fake.fail("POST /message", { delayMs: 60 }, 1);
    expect((await channel.send(text, context)).kind).toBe("accepted");
  });

  test("an answer that repeats the token does not carry it into the text", async () => {
    const { fake, context } = await setUp({ sendBy: "direct" });
    fake.fail("POST /message", { status: 400, body: { message: `bad header Bearer ${TOKEN}` } }, 1);
    expect(JSON.stringify(await channel.send(text, context))).not.toContain(TOKEN);
  });
});

describe("probe", () => {
  test("asks for one contact and sends nothing", async () => {
    const { fake, context } = await setUp();
    expect((await channel.probe(context)).kind).toBe("accepted");
    expect(fake.calls).toMatchObject([{ path: "/v1/contacts?limit=1" }]);
    expect(fake.sendCount).toBe(0);
  });

  test.each<[route: FakeRoute, status: number, kind: Outcome["kind"]]>([
    ["GET /contacts", 401, "broken-credential"],
    ["GET /contacts", 429, "throttled"],
    ["GET /contacts", 500, "unreachable"],
  ])("%s answered with %i is %s", async (route, status, kind) => {
    const { fake, context } = await setUp();
    fake.fail(route, { status }, 1);
    expect((await channel.probe(context)).kind).toBe(kind);
  });
});

test("a base URL with a slash at its end works", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url);
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await channel.send(text, sendContext(http, { accessToken: TOKEN, apiUrl: `http://127.0.0.1:${port}/v1/` }));
  server.closeAllConnections();
  server.close();
  expect(seen).toEqual(["/v1/message"]);
});

describe("the fake itself", () => {
  test("allows one request per second and route when asked to", async () => {
    const { context } = await setUp({ paced: true });
    expect((await channel.send(text, context)).kind).toBe("accepted");
    expect((await channel.send(text, context)).kind).toBe("throttled");
    expect((await channel.probe(context)).kind).toBe("accepted");
  });

  test("complains about a planned call that never came", async () => {
    const fake = await startFakeMobiniti();
    fake.fail("POST /message", { status: 500 }, 2);
    await expect(fake.close()).rejects.toThrow("calls that never came: POST /message");
  });
});
