import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/twilio.ts";
import type { ProviderAnswer, ProviderRequest } from "../../src/channels/types.ts";
import { doorRequest, parseContext, sendContext } from "./harness.ts";
import { fixture } from "./twilio.ts";

/** What holds for Twilio alone; the rest is in the table. */
const FORM = { "content-type": "application/x-www-form-urlencoded" };

function signature(signed: string | Buffer): string {
  return createHmac("sha1", String(fixture.settings.authToken)).update(signed).digest("base64");
}

function isGenuine(request: Partial<Parameters<typeof channel.verify>[0]>, signed: string | Buffer): boolean {
  const headers = { ...FORM, ...request.headers, "x-twilio-signature": signature(signed) };
  return channel.verify(doorRequest("inbound", "", { ...request, headers }), fixture.settings).genuine;
}

describe("the address that is signed", () => {
  test.each<[what: string, url: string, signed: string, genuine: boolean]>([
    ["exactly", "https://a.example/in/t", "https://a.example/in/t", true],
    ["we have no port, they sign one", "https://a.example/in/t?k=1", "https://a.example:443/in/t?k=1", true],
    ["the same without TLS", "http://a.example/in/t", "http://a.example:80/in/t", true],
    ["we have a port, they sign none", "https://a.example:8443/in/t", "https://a.example/in/t", true],
    ["IPv6", "https://[2001:db8::1]/in/t", "https://[2001:db8::1]:443/in/t", true],
    ["IPv6 with a port", "https://[2001:db8::1]:8443/in/t", "https://[2001:db8::1]/in/t", true],
    ["another port", "https://a.example:8443/in/t", "https://a.example:9443/in/t", false],
    ["no query", "https://a.example/in/t?k=1", "https://a.example/in/t", false],
    ["not normalised", "https://A.example/in/%74?k=%7E", "https://A.example/in/%74?k=%7E", true],
    ["normalised", "https://A.example/in/%74?k=%7E", "https://a.example/in/t?k=~", false],
    ["the part behind # is not signed", "https://a.example/in/t#rc=3", "https://a.example/in/t", true],
  ])("%s", (_what, url, signed, genuine) => {
    expect(isGenuine({ url, rawBody: Buffer.from("a=1") }, `${signed}a1`)).toBe(genuine);
  });
});

describe("what is signed behind the address", () => {
  const url = "https://a.example/in/t";
  test.each<[what: string, body: string, signed: string | Buffer, genuine: boolean]>([
    ["keys in byte order", "b=1&a=2&B=3", "B3a2b1", true],
    ["values of one key sorted, equal ones once", "a=2&a=1&a=2", "a1a2", true],
    ["equal values of two keys both", "a=1&b=1", "a1b1", true],
    ["values are not trimmed", "a=+1%0A", "a 1\n", true],
    ["empty values", "a=&b", "ab", true],
    ["bytes that are no UTF-8 as they are", "a=%FF", Buffer.from([0x61, 0xff]), true],
    ["a broken form", "a=%", "a%", false],
  ])("%s", (_what, body, signed, genuine) => {
    const bytes = Buffer.concat([Buffer.from(url), Buffer.from(signed)]);
    expect(isGenuine({ url, rawBody: Buffer.from(body) }, bytes)).toBe(genuine);
  });

  test("nothing with GET, whose query is the form", () => {
    const query = `${url}?MessageSid=SM1&From=%2B14155550101&To=%2B14155550000&Body=open+gate+5`;
    expect(isGenuine({ method: "GET", url: query, headers: {} }, query)).toBe(true);
    expect(isGenuine({ method: "GET", url: query, rawBody: Buffer.from("a=1") }, query)).toBe(false);
    const parsed = channel.parse(doorRequest("inbound", "", { method: "GET", url: query }), parseContext());
    expect(parsed).toMatchObject({
      ok: true,
      arrivals: [{ dedupeKey: "inbound:SM1", arrival: { from: "+14155550101", text: "open gate 5" } }],
    });
  });

  test.each(["application/json", "text/plain", "multipart/form-data; boundary=x"])(
    "a body of type %s needs bodySHA256",
    (type) => {
      const request = { url, rawBody: Buffer.from("{}"), headers: { "content-type": type } };
      const headers = { ...request.headers, "x-twilio-signature": signature(url) };
      const verdict = channel.verify(doorRequest("inbound", "{}", { url, headers }), fixture.settings);
      expect(verdict).toMatchObject({ genuine: false, reason: "unsigned_body" });
    },
  );
});

test("the answer is empty TwiML", () => {
  expect(channel.acknowledge()).toEqual({
    status: 200,
    contentType: "text/xml",
    body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
  });
});

/** Answers calls in their order and keeps what was sent. */
function account(settings: Record<string, unknown>, ...answers: ProviderAnswer[]) {
  const calls: ProviderRequest[] = [];
  const http = { call: () => Promise.reject(new Error("no network")), close: async () => {} };
  const context = sendContext(http, { ...fixture.settings, ...settings });
  context.call = async (_route, request) => {
    calls.push(request);
    const answer = answers.shift();
    if (!answer) throw new Error("nobody expects this call");
    return answer;
  };
  const forms = () => calls.map((call) => Object.fromEntries(new URLSearchParams(call.body)));
  return { context, forms };
}

function answer(status: number, body: object): ProviderAnswer {
  return { ok: true, status, headers: {}, body: JSON.stringify(body) };
}

const text = { id: "msg_01", to: "+14155550101", from: "+14155550000", text: "Gate 5 OPEN", mediaUrls: [] };
const taken = answer(201, { sid: "SM1", status: "accepted" });
const accepted = { kind: "accepted", providerMessageId: "SM1", status: "handed_over" };
const StatusCallback = "https://hub.example.com/in/token/status?text=msg_01";

test("through a messaging service, which chooses the sender", async () => {
  const { context, forms } = account({ messagingServiceSid: "MG01" }, taken);
  expect(await channel.send(text, context)).toEqual(accepted);
  expect(forms()).toEqual([{ To: text.to, Body: text.text, MessagingServiceSid: "MG01", StatusCallback }]);
});

test("an address for receipts that Twilio refuses is left out from then on", async () => {
  const refused = answer(400, { code: 21609, message: "Invalid StatusCallback URL", status: 400 });
  const { context, forms } = account({}, refused, taken, taken, taken);
  expect(await channel.send(text, context)).toEqual(accepted);
  expect(await channel.send(text, context)).toEqual(accepted);
  context.doorUrl = () => "https://public.example/in/token/status";
  expect(await channel.send(text, context)).toEqual(accepted);
  const plain = { To: text.to, Body: text.text, From: text.from };
  const other = { ...plain, StatusCallback: "https://public.example/in/token/status?text=msg_01" };
  expect(forms()).toEqual([{ ...plain, StatusCallback }, plain, plain, other]);
});

test.each([
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["sending", "handed_over"],
  [undefined, "handed_over"],
])("taken with status %s: %s", async (status, expected) => {
  const { context } = account({}, answer(201, { sid: "SM1", status }));
  expect(await channel.send(text, context)).toEqual({ ...accepted, status: expected });
});

test.each(["suspended", "closed"])("an account that is %s is no good credential", async (status) => {
  const { context } = account({}, answer(200, { status }));
  expect((await channel.probe(context)).kind).toBe("broken-credential");
});
