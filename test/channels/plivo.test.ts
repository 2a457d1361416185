import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/plivo.ts";
import type { DoorRequest } from "../../src/channels/types.ts";
import { doorRequest, parseContext, sendContext } from "./harness.ts";
import { fixture } from "./plivo.ts";

/** What holds for Plivo alone; the rest is in the table. */
const URL = "https://hub.example.com/in/token/inbound";
const BODY = "From=14155550101&To=14155550000&Text=open+gate+5&MessageUUID=u-1";
const SIGNED = "From14155550101MessageUUIDu-1Textopen gate 5To14155550000";

function mac(signed: string): string {
  return createHmac("sha256", String(fixture.settings.authToken)).update(signed).digest("base64");
}

function verdict(headers: Record<string, string>, more: Partial<DoorRequest> = {}) {
  const request = doorRequest("inbound", BODY, {
    url: URL,
    ...more,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  return channel.verify(request, fixture.settings);
}

function version3(signed: string): Record<string, string> {
  return { "x-plivo-signature-v3": mac(signed), "x-plivo-signature-v3-nonce": "n1" };
}

const version2 = { "x-plivo-signature-v2": mac(`${URL}n1`), "x-plivo-signature-v2-nonce": "n1" };
const good3 = version3(`${URL}?${SIGNED}.n1`);

describe("which version decides", () => {
  test.each<[what: string, headers: Record<string, string>, genuine: boolean]>([
    ["version 2 alone", version2, true],
    [
      "version 2 of the main account",
      { ...version2, "x-plivo-signature-v2": "x", "x-plivo-signature-ma-v2": mac(`${URL}n1`) },
      true,
    ],
    ["version 2 without its nonce", { "x-plivo-signature-v2": mac(URL) }, false],
    ["version 3 alone", good3, true],
    [
      "version 3 of the main account alone",
      { "x-plivo-signature-ma-v3": mac(`${URL}?${SIGNED}.n1`), "x-plivo-signature-v3-nonce": "n1" },
      true,
    ],
    ["both", { ...version2, ...good3 }, true],
    ["a wrong version 3 is not made up for", { ...version2, ...version3("x") }, false],
    ["half a version 3 is not made up for", { ...version2, "x-plivo-signature-v3-nonce": "n1" }, false],
    [
      "a nonce of the other version",
      { "x-plivo-signature-v3": mac(`${URL}?${SIGNED}.n1`), "x-plivo-signature-v2-nonce": "n1" },
      false,
    ],
    ["version 1", { "x-plivo-signature": mac(URL) }, false],
  ])("%s", (_what, headers, genuine) => expect(verdict(headers).genuine).toBe(genuine));
});

test("a request signed twice uses up both nonces: what is left of it proves no other body", () => {
  const headers = { ...version2, ...good3, "x-plivo-signature-v2-nonce": "n2" };
  expect(verdict(headers)).toEqual({ genuine: true, once: ["n1", "n2"] });
  expect(verdict(version2)).toEqual({ genuine: true, once: ["n1"] });
});

describe("what version 3 signs", () => {
  test.each<[what: string, more: Partial<DoorRequest>, signed: string]>([
    ["query and form", { url: `${URL}?b=2&a=x%20y&b=1` }, `${URL}?a=x y&b=1&b=2.${SIGNED}.n1`],
    ["a POST without a form", { rawBody: Buffer.alloc(0) }, `${URL}.n1`],
    ["a POST with a query only", { url: `${URL}?k=1`, rawBody: Buffer.alloc(0) }, `${URL}?k=1.n1`],
    ["a GET", { method: "GET", url: `${URL}?k=1&a=2`, rawBody: Buffer.alloc(0) }, `${URL}?a=2&k=1.n1`],
    ["a GET without a query", { method: "GET", rawBody: Buffer.alloc(0) }, `${URL}.n1`],
    ["repeats, sorted and all of them", { rawBody: Buffer.from("a=2&a=1&a=2") }, `${URL}?a1a2a2.n1`],
  ])("%s", (_what, more, signed) => {
    expect(verdict(version3(signed), more)).toEqual({ genuine: true, once: ["n1"] });
    expect(verdict(version3(`${signed}x`), more)).toMatchObject({ genuine: false, reason: "bad_signature" });
  });

  test("a body that is no form is not covered", () => {
    const headers = { ...version3(`${URL}.n1`), "content-type": "application/json" };
    expect(verdict(headers)).toMatchObject({ genuine: false, reason: "unsigned_body" });
    const get = { method: "GET", rawBody: Buffer.from(BODY) };
    expect(verdict(version3(`${URL}.n1`), get)).toMatchObject({ genuine: false, reason: "unsigned_body" });
  });
});

test("a GET is read from its query", () => {
  const request = doorRequest("inbound", "", { method: "GET", url: `${URL}?${BODY}` });
  expect(channel.parse(request, parseContext())).toMatchObject({
    ok: true,
    arrivals: [{ dedupeKey: "inbound:u-1", arrival: { from: "+14155550101", text: "open gate 5" } }],
  });
});

test("a list of numbers is no number", async () => {
  const http = { call: () => Promise.reject(new Error("no network")), close: async () => {} };
  const context = sendContext(http, fixture.settings);
  const text = {
    id: "msg_01",
    to: "+14155550101<+14155550102",
    from: "+14155550000",
    text: "Gate 5 OPEN",
    mediaUrls: [],
  };
  expect(await channel.send(text, context)).toMatchObject({ kind: "refused", reason: "bad_number" });
  expect(context.routes).toEqual([]);
});
