import { createHash, createHmac } from "node:crypto";
import type { ChannelFixture, Vector } from "../conformance/fixture.ts";
import { freshNonce } from "../conformance/nonces.ts";
import { API_KEY, FORM_TYPE, JSON_TYPE, requests, UUID } from "./vonage-requests.ts";

const API_SECRET = "Zz9yXw8vUt7sRq6p";
const SIGNATURE_SECRET = "fixture-signature-secret-0123456789abcdef";
const BASIC = Buffer.from(`${API_KEY}:${API_SECRET}`).toString("base64");

/** A token as the Messages API makes it. */
export function token(claims: object, secret: string, header: object = { alg: "HS256", typ: "JWT" }): string {
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const mac = createHmac("sha256", secret).update(parts.join("."));
  return [...parts, mac.digest("base64url")].join(".");
}

export function claimsFor(
  body: string,
  at: Date,
  apiKey = API_KEY,
  jti = freshNonce("c5ba8f24-1a14-4c10-bfdf-000000000000"),
): Record<string, unknown> {
  return {
    iss: "Vonage",
    iat: at.getTime() / 1000,
    jti,
    payload_hash: createHash("sha256").update(body).digest("hex"),
    api_key: apiKey,
    application_id: "78d335fa-323d-0114-9c3d-d6f0d48968cf",
  };
}

function parameterVector(name: string, sig: string, method: Vector["method"] = "POST"): Vector {
  const fields = {
    "message-timestamp": "2026-01-01 00:00:00",
    messageId: "M1",
    msisdn: "14155551234",
    nonce: "n1",
    text: "a&b=c",
    timestamp: "1767225600",
    to: "14155550000",
    sig,
  };
  const form = new URLSearchParams(fields).toString();
  const url = "https://hub.example.com/in/token";
  return {
    name,
    ...(method === "GET" ? { method, url: `${url}?${form}`, body: "" } : { method, url, body: form }),
    headers: { "content-type": FORM_TYPE },
    settings: { apiKey: API_KEY, apiSecret: API_SECRET, signatureSecret: "SECRET" },
    at: new Date("2026-01-01T00:00:00.000Z"),
  };
}

function problem(httpStatus: number, code: string, more: object = {}): { status: number; body: string } {
  const type = `https://developer.vonage.com/api-errors/messages#${code}`;
  return {
    status: httpStatus,
    body: JSON.stringify({ type, title: code, instance: "bf0ca0bf927b", ...more }),
  };
}

export const fixture: ChannelFixture = {
  settings: { apiKey: API_KEY, apiSecret: API_SECRET, signatureSecret: SIGNATURE_SECRET },
  address: "+14155550000",
  country: "US",
  now: new Date("2026-01-02T03:04:05.000Z"),
  signing: {
    sign(request, settings, at) {
      const claims = claimsFor(request.body, at, String(settings.apiKey));
      return { authorization: `Bearer ${token(claims, String(settings.signatureSecret))}` };
    },
    once: [
      {
        name: "token",
        sign(request, settings, at, nonce) {
          const claims = claimsFor(request.body, at, String(settings.apiKey), nonce);
          return { authorization: `Bearer ${token(claims, String(settings.signatureSecret))}` };
        },
      },
    ],
    headers: ["authorization"],
    windowSeconds: 300,
    covers: ["body"],
    vectors: [
      parameterVector("SMS API, MD5", "5ce4adbeff9509065928b297dadfcd1e"),
      parameterVector("SMS API by GET, MD5", "5ce4adbeff9509065928b297dadfcd1e", "GET"),
      parameterVector("SMS API, MD5 in capitals", "5CE4ADBEFF9509065928B297DADFCD1E"),
      parameterVector(
        "SMS API, HMAC-SHA256",
        "25fe4d12b4115b0329bd550dec7f06ff4409d4cc55cd5a37f5f6d204c6b04161",
      ),
    ],
  },
  requests,
  repeats: ["a text", "SMS API text", "receipt rejected", "SMS API receipt failed 9"],
  distinct: [
    ["a text", "the same words again"],
    ["SMS API text", "SMS API unicode"],
    ["receipt submitted", "receipt delivered"],
    ["SMS API receipt failed 6", "SMS API receipt failed 9"],
  ],
  send: {
    text: {
      id: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
      to: "+14155551234",
      from: "+14155550000",
      text: "Bluebird is open 🏔️",
      mediaUrls: [],
    },
    request: {
      method: "POST",
      path: "/v1/messages",
      headers: { authorization: `Basic ${BASIC}`, "content-type": JSON_TYPE },
      encoding: "json",
      body: {
        channel: "sms",
        message_type: "text",
        to: "14155551234",
        from: "14155550000",
        text: "Bluebird is open 🏔️",
        client_ref: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
        webhook_url: "https://hub.example.com/in/token/status",
        webhook_version: "v1",
      },
    },
    media: {
      urls: ["https://example.com/bluebird.jpg"],
      body: {
        channel: "mms",
        message_type: "image",
        to: "14155551234",
        from: "14155550000",
        image: { url: "https://example.com/bluebird.jpg", caption: "Bluebird is open 🏔️" },
        client_ref: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
        webhook_url: "https://hub.example.com/in/token/status",
        webhook_version: "v1",
      },
    },
    accepted: { status: 202, body: `{"message_uuid":"${UUID}"}` },
    outcome: { kind: "accepted", providerMessageId: UUID, status: "handed_over" },
    refusals: [
      {
        name: "401",
        reply: {
          status: 401,
          body: '{"type":"https://developer.vonage.com/api-errors#unauthorized","title":"Unauthorized","detail":"You did not provide correct credentials."}',
        },
        outcome: {
          kind: "broken-credential",
          text: "Unauthorized: You did not provide correct credentials.",
        },
      },
      { name: "403", reply: problem(403, "forbidden"), outcome: { kind: "broken-credential" } },
      { name: "account barred", reply: problem(422, "1060"), outcome: { kind: "broken-credential" } },
      {
        name: "402",
        reply: {
          status: 402,
          body: '{"type":"https://developer.vonage.com/api-errors/#low-balance","title":"Low balance"}',
        },
        outcome: { kind: "refused", reason: "no_funds", code: "low-balance" },
      },
      {
        name: "no credit, as 422",
        reply: problem(422, "1070"),
        outcome: { kind: "refused", reason: "no_funds" },
      },
      {
        name: "422 for the number",
        reply: problem(422, "1150", {
          title: "Invalid params",
          detail: "The value of one or more parameters is invalid.",
          invalid_parameters: [{ name: "to", reason: "The value is invalid" }],
        }),
        outcome: {
          kind: "refused",
          reason: "bad_number",
          code: "1150",
          text: "Invalid params: The value of one or more parameters is invalid. (to: The value is invalid)",
        },
      },
      {
        name: "422 for the sender",
        reply: problem(422, "1150", { invalid_parameters: [{ name: "from", reason: "?" }] }),
        outcome: { kind: "refused", reason: "sender" },
      },
      {
        name: "422 for the text",
        reply: problem(422, "1150", { invalid_parameters: [{ name: "text", reason: "too long" }] }),
        outcome: { kind: "refused", reason: "content" },
      },
      {
        name: "another 422",
        reply: problem(422, "1150"),
        outcome: { kind: "refused", reason: "other", code: "1150" },
      },
      { name: "1040", reply: problem(422, "1040"), outcome: { kind: "refused", reason: "bad_number" } },
      {
        name: "1050",
        reply: problem(422, "1050"),
        outcome: { kind: "refused", reason: "other", code: "1050" },
      },
      { name: "1120", reply: problem(422, "1120"), outcome: { kind: "refused", reason: "sender" } },
      { name: "1210", reply: problem(422, "1210"), outcome: { kind: "refused", reason: "content" } },
      {
        name: "1240",
        reply: problem(422, "1240"),
        outcome: { kind: "refused", reason: "opted_out", code: "1240" },
      },
      { name: "1430", reply: problem(422, "1430"), outcome: { kind: "refused", reason: "bad_number" } },
      {
        name: "400",
        reply: { status: 400, body: "" },
        outcome: { kind: "refused", reason: "other", code: "400" },
      },
      { name: "404", reply: problem(404, "not-found"), outcome: { kind: "refused", reason: "other" } },
      {
        name: "429",
        reply: { ...problem(429, "1000"), headers: { "retry-after": "2" } },
        outcome: { kind: "throttled", retryAfterMs: 2_000 },
      },
      {
        name: "1000, as 422",
        reply: problem(422, "1000"),
        outcome: { kind: "throttled", retryAfterMs: null },
      },
      { name: "500", reply: problem(500, "1030"), outcome: { kind: "uncertain" } },
      {
        name: "accepted without an id",
        reply: { status: 202, body: "{}" },
        outcome: { kind: "accepted", providerMessageId: null },
      },
      { name: "unreadable", reply: { status: 202, body: "ok" }, outcome: { kind: "uncertain" } },
    ],
    probe: {
      method: "GET",
      path: `/accounts/${API_KEY}/secrets`,
      accepted: { status: 200, body: '{"_embedded":{"secrets":[{"id":"ad6dc56f"}]}}' },
    },
    afterBodyLost: "uncertain",
  },
};
