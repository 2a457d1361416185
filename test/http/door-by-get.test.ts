import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

/** Vonage's SMS API may be set to GET: then the query says everything, and the signature stands in it. */
const SECRET = "a-signature-secret-of-these-tests";
const SETTINGS = { apiKey: "abcd1234", apiSecret: "an-api-secret-of-tests", signatureSecret: SECRET };

let program: Program;
let url = "";
let channelId = "";

beforeAll(async () => {
  program = await startProgram();
  const made = await program.api("POST", "/v1/channels", {
    provider: "vonage",
    name: "By GET",
    address: "+14155550000",
    settings: SETTINGS,
  });
  channelId = made.body.id;
  url = made.body.inboundUrls.inbound.replace(/^http:\/\/[^/]+/, program.url);
});
afterAll(() => program.stop());

function signed(fields: Record<string, string>): string {
  const all = { timestamp: String(Math.floor(program.clock.now() / 1_000)), nonce: "n1", ...fields };
  const parameters = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = parameters.map(([name, value]) => `&${name}=${value.replace(/[&=]/g, "_")}`).join("");
  const sig = createHmac("sha256", SECRET).update(text).digest("hex");
  return `?${new URLSearchParams({ ...all, sig })}`;
}

const textOf = (messageId: string, text: string) => ({
  messageId,
  msisdn: "14155550177",
  to: "14155550000",
  text,
  type: "text",
});

function call(address: string, init: RequestInit = {}) {
  return fetch(address, { method: "GET", ...init });
}

async function textsIn(): Promise<string[]> {
  const { body } = await program.api("GET", `/v1/messages?direction=in&channel=${channelId}`);
  return body.data.map((message: { text: string }) => message.text);
}

test("a signed query is a text, a repeat of it none", async () => {
  const query = signed(textOf("G-1", "a & b = größer 👋"));
  for (const _ of ["first", "again"]) {
    const answer = await call(url + query);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
  await until("the text to be routed", async () => (await textsIn()).length > 0);
  expect(await textsIn()).toEqual(["a & b = größer 👋"]);
});

test("anything changed, or a token instead of a signature, is refused and leaves a sample without values", async () => {
  const query = signed(textOf("G-2", "open gate 5"));
  expect((await call(url + query.replace("gate", "gato"))).status).toBe(403);
  expect((await call(url)).status).toBe(403);
  expect((await call(url + query, { headers: { authorization: "Bearer a.b.c" } })).status).toBe(403);
  const rows = await program.app.database.run<{ sample: { body: string } }>(
    "t-samples",
    "select sample from door_refusals where channel_id = $1 order by id limit 1",
    [channelId],
  );
  expect(rows[0]?.sample.body).toMatch(/msisdn=….*text=…/);
  expect(rows[0]?.sample.body).not.toMatch(/4155|gato/);
});

test("a query that is not understood is set aside whole, and can be read again", async () => {
  const { messageId: _, ...rest } = textOf("G-3", "open gate 5");
  expect((await call(url + signed(rest))).status).toBe(200);
  const { body } = await program.api("GET", "/v1/arrivals?aside=true");
  expect(body.data).toHaveLength(1);
  expect(body.data[0].body).toContain("text=open+gate+5");
  const replayed = await program.api("POST", `/v1/arrivals/${body.data[0].id}/replay`);
  expect(replayed.status).toBe(409);
  expect(replayed.body.message).toContain("still not understood");
});

test("HEAD is no GET, and other providers have no door for either", async () => {
  const query = signed(textOf("G-4", "open gate 5"));
  expect((await call(url + query, { method: "HEAD" })).status).toBe(404);
  const twilio = await program.api("POST", "/v1/channels", {
    provider: "twilio",
    name: "Twilio",
    address: "+14155550002",
    settings: {
      accountSid: "AC2f1e0d3c4b5a69788796a5b4c3d2e1f0",
      authToken: "7d3c9a1e5b2f4f60a8c7e9d1b3f5a702",
    },
  });
  const { pathname } = new URL(twilio.body.inboundUrl);
  expect((await call(program.url + pathname)).status).toBe(404);
  expect((await call(`${program.url}/in/${"x".repeat(43)}`)).status).toBe(404);
});
