import type { Client } from "signalbox/client";
import { createClient, idempotencyKey, SignalboxError } from "signalbox/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";

/** The client against the real program. */

let program: Program;
let client: Client;

beforeAll(async () => {
  program = await startProgram();
  client = createClient({ baseUrl: `${program.url}/`, apiKey: program.apiKey });
});
afterAll(() => program.stop());

async function errorOf(call: Promise<unknown>): Promise<SignalboxError> {
  const error = await call.then(
    () => null,
    (fault: unknown) => fault,
  );
  if (!(error instanceof SignalboxError)) throw error ?? new Error("it succeeded");
  return error;
}

describe("calls", () => {
  test("send a text and read it", async () => {
    const sent = await client.post("/v1/messages", {
      body: { to: "+14155550160", text: "Grüße", ref: "order-1" },
    });
    expect(sent).toMatchObject({ id: expect.stringMatching(/^msg_/), status: "queued", ref: "order-1" });
    const message = await client.get("/v1/messages/{id}", { path: { id: sent.id } });
    expect(message).toMatchObject({ id: sent.id, direction: "out", text: "Grüße" });
  });

  test("take filters", async () => {
    const { id } = await client.post("/v1/messages", { body: { to: "+14155550161", text: "a & b = ü?" } });
    await client.post("/v1/messages", { body: { to: "+14155550161", text: "another" } });
    const query = { direction: "out", text: "a & b = ü?", limit: 5 } as const;
    const { data } = await client.get("/v1/messages", { query });
    expect(data.map((message) => message.id)).toEqual([id]);
  });

  test("change and delete", async () => {
    const body = { name: "Ann", phones: ["+14155550162"], permissions: ["*"] };
    const { id } = await client.post("/v1/reporters", { body });
    const changed = await client.patch("/v1/reporters/{id}", { path: { id }, body: { name: "Bea" } });
    expect(changed).toMatchObject({ id, name: "Bea" });
    expect(await client.delete("/v1/reporters/{id}", { path: { id } })).toBeUndefined();
    expect((await errorOf(client.get("/v1/reporters/{id}", { path: { id } }))).code).toBe("not_found");
  });

  test("answer CSV as text and a stream as it is", async () => {
    expect(await client.get("/v1/commands.csv")).toMatch(/^\S+,/);
    const stop = new AbortController();
    const stream = await client.get("/v1/events/stream", { signal: stop.signal });
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    stop.abort();
  });

  test("read public addresses without a key", async () => {
    const stranger = createClient({ baseUrl: program.url });
    const board = await stranger.get("/board/{slug}.json", { path: { slug: "resort" } });
    expect(board.name).toBe("Sample Resort");
    expect(await errorOf(stranger.get("/v1/messages"))).toMatchObject({ code: "unauthorized", status: 401 });
  });
});

test("a list is read to its end, page by page", async () => {
  const phones = [1, 2, 3, 4, 5].map((n) => `+1415555017${n}`);
  for (const [n, phone] of phones.entries()) {
    await client.post("/v1/reporters", { body: { name: `P${n}`, phones: [phone], permissions: ["*"] } });
  }
  const found: string[] = [];
  for await (const { phones: theirs } of client.each("/v1/reporters", { query: { limit: 2 } })) {
    found.push(...theirs);
  }
  expect(found).toEqual(expect.arrayContaining(phones));
  expect(new Set(found).size).toBe(found.length);
});

describe("failures", () => {
  test("name the fields that are wrong", async () => {
    const error = await errorOf(client.post("/v1/messages", { body: { to: "+14155550160", text: "" } }));
    expect(error).toMatchObject({ code: "validation_error", status: 400, retryAfter: null });
    expect(error.issues).toEqual([{ path: "text", message: expect.any(String) }]);
    expect(error.message).toMatch(/^text: /);
  });

  test("say when another key is needed", async () => {
    const other = createClient({ baseUrl: program.url, apiKey: `sk_live_${"x".repeat(40)}` });
    expect(await errorOf(other.get("/v1/keys"))).toMatchObject({ code: "invalid_api_key", status: 401 });
  });

  test("cannot be led to another address by an id", async () => {
    for (const id of ["", ".", ".."]) {
      await expect(client.get("/v1/messages/{id}", { path: { id } })).rejects.toThrow(TypeError);
    }
    const error = await errorOf(client.get("/v1/messages/{id}", { path: { id: "../settings?x#y" } }));
    expect(error.code).toBe("not_found");
  });

  test("an address that is none is told at once", () => {
    expect(() => createClient({ baseUrl: "sms.example.com" })).toThrow("http");
  });
});

describe("an idempotency key", () => {
  const text = { to: "+14155550163", text: "once" };

  test("makes a repeat harmless", async () => {
    const key = idempotencyKey("order", 4821, "shipped");
    const first = await client.post("/v1/messages", { body: text, idempotencyKey: key });
    const again = await client.post("/v1/messages", { body: text, idempotencyKey: key });
    expect(again).toEqual(first);
    const other = client.post("/v1/messages", { body: { ...text, text: "twice" }, idempotencyKey: key });
    expect(await errorOf(other)).toMatchObject({ code: "conflict", status: 409 });
  });

  test("is the same for the same deed, and else another", () => {
    expect(idempotencyKey("order", 4821)).toBe(idempotencyKey("order", "4821"));
    const keys = [idempotencyKey(), idempotencyKey(), idempotencyKey("a", "b"), idempotencyKey("ab")];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("that the program would not take is not sent", async () => {
    for (const key of ["", "k".repeat(256)]) {
      const call = client.post("/v1/messages", { body: text, idempotencyKey: key });
      await expect(call).rejects.toThrow("1 to 255");
    }
  });
});
