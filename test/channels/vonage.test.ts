import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { DoorRequest } from "../../src/channels/types.ts";
import { channel } from "../../src/channels/vonage.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { doorRequest, sendContext } from "./harness.ts";
import { claimsFor, fixture, token } from "./vonage.ts";

const settings = fixture.settings;
const SECRET = String(settings.signatureSecret);
const AT = fixture.now;
const SECONDS = AT.getTime() / 1000;
const BODY = '{"message_uuid":"u-1","from":"14155551234","text":"hi"}';

function withToken(jwt: string, more: Partial<DoorRequest> = {}): DoorRequest {
  const headers = { "content-type": "application/json", authorization: `Bearer ${jwt}` };
  return doorRequest("inbound", BODY, { receivedAt: AT, headers, ...more });
}

function reasonOf(request: DoorRequest): string {
  const verdict = channel.verify(request, settings);
  return verdict.genuine ? "genuine" : verdict.reason;
}

describe("every claim of a token counts", () => {
  test.each<[what: string, claims: object, verdict: string]>([
    ["all of them", {}, "genuine"],
    ["no account", { api_key: undefined }, "wrong_account"],
    ["another account", { api_key: "abcd1235" }, "wrong_account"],
    ["no time", { iat: undefined }, "stale_timestamp"],
    ["a time as text", { iat: String(SECONDS) }, "stale_timestamp"],
    ["too old", { iat: SECONDS - 301 }, "stale_timestamp"],
    ["from the future", { iat: SECONDS + 301 }, "stale_timestamp"],
    ["run out", { exp: SECONDS - 1 }, "stale_timestamp"],
    ["still good", { exp: SECONDS + 60, nbf: SECONDS }, "genuine"],
    ["not yet", { nbf: SECONDS + 301 }, "stale_timestamp"],
    ["no id", { jti: undefined }, "wrong_token"],
    ["no hash", { payload_hash: undefined }, "wrong_body"],
    ["an empty hash", { payload_hash: "" }, "wrong_body"],
    ["hash of another body", { payload_hash: createHash("sha256").update("x").digest("hex") }, "wrong_body"],
  ])("%s: %s", (_what, claims, verdict) => {
    expect(reasonOf(withToken(token({ ...claimsFor(BODY, AT), ...claims }, SECRET)))).toBe(verdict);
  });

  test.each<[what: string, header: object]>([
    ["none", { alg: "none" }],
    ["another method", { alg: "HS512", typ: "JWT" }],
    ["a public key's method", { alg: "RS256", typ: "JWT" }],
    ["no method", { typ: "JWT" }],
    ["extensions nobody knows", { alg: "HS256", crit: ["exp"] }],
  ])("a header with %s", (_what, header) => {
    expect(reasonOf(withToken(token(claimsFor(BODY, AT), SECRET, header)))).toBe("wrong_token");
  });

  test("a token without its signature, or with a fourth part", () => {
    const jwt = token(claimsFor(BODY, AT), SECRET);
    expect(reasonOf(withToken(jwt.slice(0, jwt.lastIndexOf(".") + 1)))).toBe("wrong_signature");
    expect(reasonOf(withToken(jwt.slice(0, jwt.lastIndexOf("."))))).toBe("wrong_signature");
    expect(reasonOf(withToken(`${jwt}.x`))).toBe("wrong_token");
  });
});

describe("signed parameters of the SMS API", () => {
  const fields = {
    messageId: "M1",
    msisdn: "14155551234",
    text: "a&b=c",
    timestamp: String(SECONDS),
    to: "1415",
  };
  const signed = `&messageId=M1&msisdn=14155551234&text=a_b_c&timestamp=${SECONDS}&to=1415`;

  function sign(method: string, secret = SECRET, parameters = signed): string {
    if (method === "md5hash")
      return createHash("md5")
        .update(parameters + secret)
        .digest("hex");
    return createHmac(method, secret).update(parameters).digest("hex");
  }

  function posted(more: Record<string, string>): DoorRequest {
    return doorRequest("inbound", new URLSearchParams({ ...fields, ...more }).toString(), {
      receivedAt: AT,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  }

  test.each(["md5hash", "md5", "sha1", "sha256", "sha512"])("%s", (method) => {
    expect(reasonOf(posted({ sig: sign(method) }))).toBe("genuine");
    expect(reasonOf(posted({ sig: sign(method), text: "a&b=d" }))).toBe("wrong_signature");
    expect(reasonOf(posted({ sig: sign(method, "another") }))).toBe("wrong_signature");
    expect(reasonOf(posted({ sig: sign(method).slice(2) }))).toBe("wrong_signature");
  });

  test("as JSON and as a query", () => {
    const sig = sign("sha256");
    const json = { ...fields, timestamp: SECONDS, sig };
    expect(reasonOf(doorRequest("inbound", json, { receivedAt: AT }))).toBe("genuine");
    const url = `https://hub.example.com/in/token?${new URLSearchParams({ ...fields, sig })}`;
    const asked = doorRequest("inbound", "", { method: "GET", url, headers: {}, receivedAt: AT });
    expect(reasonOf(asked)).toBe("genuine");
    expect(channel.parse(asked, { settings, address: "+14155550000", country: "US" })).toMatchObject({
      ok: true,
      arrivals: [{ dedupeKey: "inbound:M1" }],
    });
  });

  test("what cannot be believed", () => {
    const late = `&messageId=M1&msisdn=14155551234&text=a_b_c&timestamp=${SECONDS - 301}&to=1415`;
    const old = { timestamp: String(SECONDS - 301), sig: sign("sha256", SECRET, late) };
    expect(reasonOf(posted(old))).toBe("stale_timestamp");
    expect(reasonOf(posted({ timestamp: "", sig: sign("sha256") }))).toBe("stale_timestamp");
    expect(reasonOf(posted({}))).toBe("no_signature");
    expect(reasonOf(posted({ sig: "" }))).toBe("wrong_signature");
    expect(reasonOf(posted({ sig: "zz" }))).toBe("wrong_signature");
    const twice = posted({ sig: sign("sha256") });
    expect(reasonOf({ ...twice, rawBody: Buffer.concat([twice.rawBody, Buffer.from("&text=x")]) })).toBe(
      "wrong_signature",
    );
  });

  test("two parameters do not pass as one", () => {
    const merged = {
      messageId: "M1",
      "msisdn=14155551234&text": "a_b_c",
      timestamp: String(SECONDS),
      to: "1415",
    };
    const body = new URLSearchParams({ ...merged, sig: sign("sha256") }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(reasonOf(doorRequest("inbound", body, { receivedAt: AT, headers }))).toBe("wrong_signature");
  });

  test("a wrong token is not saved by right parameters", () => {
    const request = posted({ sig: sign("sha256") });
    const headers = { ...request.headers, authorization: "Bearer x.y.z" };
    expect(reasonOf({ ...request, headers })).toBe("wrong_token");
  });
});

test("receipts are asked for only at an address Vonage can call", async () => {
  const http = createOutboundHttp({ allowPrivateTargets: [], development: false });
  const context = sendContext(http, settings);
  const bodies: string[] = [];
  context.doorUrl = (kind) => `http://localhost:8080/in/token/${kind}`;
  context.call = async (_route, request) => {
    bodies.push(request.body ?? "");
    return { ok: true, status: 202, headers: {}, body: '{"message_uuid":"u-1"}' };
  };
  await channel.send({ id: "msg_1", to: "+14155551234", from: "RESORT", text: "hi", mediaUrls: [] }, context);
  expect(JSON.parse(bodies[0] ?? "")).toEqual({
    channel: "sms",
    message_type: "text",
    to: "14155551234",
    from: "RESORT",
    text: "hi",
    client_ref: "msg_1",
  });
  await http.close(0);
});
