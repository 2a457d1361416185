import type { KeyObject } from "node:crypto";
import { createPrivateKey, sign as makeSignature } from "node:crypto";
import type { Outcome, RefusalReason } from "../../src/domain/outcome.ts";
import type { ChannelFixture, ProviderReply } from "../conformance/fixture.ts";
import { pictures } from "./harness.ts";
import { failure, requests } from "./telnyx-samples.ts";

/** Telnyx, API v2; requests are signed with the test keys of RFC 8032, section 7.1. */
const PUBLIC_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const SECOND_PUBLIC_KEY = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
const PRIVATE_KEY = privateKey(
  PUBLIC_KEY,
  "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
);
const SECOND_PRIVATE_KEY = privateKey(
  SECOND_PUBLIC_KEY,
  "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
);
const API_KEY = "KEY0189F4C2A7B35DTelnyxSecret";

function privateKey(publicKey: string, hex: string): KeyObject {
  const x = Buffer.from(publicKey, "base64").toString("base64url");
  const d = Buffer.from(hex, "hex").toString("base64url");
  return createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", x, d }, format: "jwk" });
}

function errors(
  status: number,
  code: string,
  title: string,
  detail: string,
  headers?: Record<string, string>,
) {
  const reply: ProviderReply = { status, body: JSON.stringify({ errors: [{ code, title, detail }] }) };
  return headers ? { ...reply, headers } : reply;
}

type Refusal = { name: string; reply: ProviderReply; outcome: Partial<Outcome> & { kind: Outcome["kind"] } };

function refused(code: string, reason: RefusalReason, title: string, status = 422): Refusal {
  const said = "What Telnyx says about it.";
  return {
    name: `${code} ${title}`,
    reply: errors(status, code, title, said),
    outcome: { kind: "refused", reason, code, text: `${title}: ${said} (${code})` },
  };
}

function unclear(kind: Outcome["kind"], name: string, reply: ProviderReply): Refusal {
  return { name, reply, outcome: { kind } };
}

const refusals: Refusal[] = [
  refused("40300", "opted_out", "Blocked due to STOP message", 400),
  refused("10002", "bad_number", "Invalid phone number"),
  refused("10016", "bad_number", "Phone number must be in +E.164 format"),
  refused("40001", "bad_number", "Not routable"),
  refused("40012", "bad_number", "Invalid messaging destination number"),
  refused("40002", "content", "Blocked as spam - temporary"),
  refused("40003", "content", "Blocked as spam - permanent"),
  refused("40009", "content", "Invalid message body"),
  refused("40015", "content", "Blocked as spam - internal"),
  refused("10001", "sender", "Inactive phone number"),
  refused("40013", "sender", "Invalid messaging source number"),
  refused("40005", "other", "Message expired"),
  refused("40014", "other", "Message expired in queue"),
  refused("40004", "other", "Rejected by destination"),
  refused("40006", "other", "Recipient server unavailable"),
  refused("40008", "other", "Undeliverable"),
  refused("10004", "other", "Missing required parameter", 400),
  refused("10005", "other", "Resource not found", 404),
  unclear("broken-credential", "10009", errors(401, "10009", "Authentication failed", "Bad key.")),
  unclear("broken-credential", "10010", errors(403, "10010", "Authorization failed", "Not allowed.")),
  unclear("broken-credential", "401 without a code", { status: 401, body: "" }),
  unclear("broken-credential", "403 without a code", { status: 403, body: "<html>" }),
  {
    name: "10011",
    reply: errors(429, "10011", "Too many requests", "Slow down.", { "retry-after": "7" }),
    outcome: { kind: "throttled", retryAfterMs: 7_000 },
  },
  {
    name: "429 with seconds to the reset",
    reply: { status: 429, body: "", headers: { "x-ratelimit-reset": "3" } },
    outcome: { kind: "throttled", retryAfterMs: 3_000 },
  },
  {
    name: "429 with the time of the reset",
    reply: {
      status: 429,
      body: "",
      headers: { date: "Fri, 02 Jan 2026 03:04:05 GMT", "x-ratelimit-reset": "1767323055" },
    },
    outcome: { kind: "throttled", retryAfterMs: 10_000 },
  },
  { name: "429 alone", reply: { status: 429, body: "" }, outcome: { kind: "throttled", retryAfterMs: null } },
  unclear("throttled", "40011", errors(400, "40011", "Too many requests", "Slow down.")),
  unclear("throttled", "40318", errors(400, "40318", "Message queue full", "Wait.")),
  {
    name: "402",
    reply: errors(402, "20100", "Insufficient funds", "Please top up."),
    outcome: { kind: "refused", reason: "no_funds", code: "20100" },
  },
  {
    name: "422 without a code",
    reply: { status: 422, body: "{}" },
    outcome: { kind: "refused", reason: "other", code: "422" },
  },
  {
    name: "301",
    reply: { status: 301, body: "", headers: { location: "https://example.com/" } },
    outcome: { kind: "refused", reason: "other", code: "301" },
  },
  unclear("uncertain", "500", errors(500, "10007", "Unexpected error", "Sorry.")),
  unclear("uncertain", "503 without JSON", { status: 503, body: "<html>" }),
  unclear("uncertain", "408", { status: 408, body: "" }),
  unclear("uncertain", "200 that cannot be read", { status: 200, body: "<html>" }),
  {
    name: "200 without an id",
    reply: { status: 200, body: '{"data":{}}' },
    outcome: { kind: "accepted", providerMessageId: null, status: "handed_over" },
  },
  {
    name: "200 with nothing",
    reply: { status: 200, body: "" },
    outcome: { kind: "accepted", providerMessageId: null, status: "handed_over" },
  },
  {
    name: "200 that says no",
    reply: {
      status: 200,
      body: JSON.stringify({
        data: {
          id: "x",
          to: [{ status: "sending_failed" }],
          errors: [failure("40300", "Blocked due to STOP message")],
        },
      }),
    },
    outcome: { kind: "refused", reason: "opted_out", code: "40300", text: "Blocked due to STOP message" },
  },
];

export const fixture: ChannelFixture = {
  settings: { apiKey: API_KEY, publicKey: PUBLIC_KEY },
  address: "+18445550001",
  country: "US",
  now: new Date("2026-01-02T03:04:05.000Z"),
  signing: {
    sign({ body }, settings, at) {
      const key = settings.publicKey === SECOND_PUBLIC_KEY ? SECOND_PRIVATE_KEY : PRIVATE_KEY;
      const timestamp = String(Math.floor(at.getTime() / 1000));
      return {
        "telnyx-timestamp": timestamp,
        "telnyx-signature-ed25519": makeSignature(null, Buffer.from(`${timestamp}|${body}`), key).toString(
          "base64",
        ),
      };
    },
    secondProof: { publicKey: SECOND_PUBLIC_KEY },
    headers: ["telnyx-signature-ed25519", "telnyx-timestamp"],
    windowSeconds: 300,
    covers: ["body"],
    vectors: [
      {
        name: "RFC 8032 test key",
        method: "POST",
        url: "https://hub.example.com/in/telnyx",
        body: '{"data":{"event_type":"message.received"}}',
        headers: {
          "telnyx-timestamp": "1700000000",
          "telnyx-signature-ed25519":
            "K7VcG4FwrJElTZQuuMjgRsShfiMD/cRlI/rYFi/YZs0txJENzEiIIqL68zGgOekgF/ap1T7syscouYdDcaICBw==",
        },
        settings: { apiKey: API_KEY, publicKey: PUBLIC_KEY },
        at: new Date(1_700_000_000_000),
      },
    ],
  },
  requests,
  repeats: requests.filter(({ expect }) => Array.isArray(expect)).map(({ name }) => name),
  distinct: [
    ["a text", "the same text a minute later"],
    ["delivered", "delivery failed"],
    ["sent, without a status", "delivered"],
  ],
  send: {
    text: {
      id: "msg_01telnyx",
      to: "+18665550001",
      from: "+18445550001",
      text: "Gate 5 is open. 👋",
      mediaUrls: [],
    },
    request: {
      method: "POST",
      path: "/v2/messages",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: {
        from: "+18445550001",
        to: "+18665550001",
        text: "Gate 5 is open. 👋",
        webhook_url: "https://hub.example.com/in/token/inbound?text=msg_01telnyx",
      },
      encoding: "json",
    },
    media: {
      urls: pictures,
      body: {
        from: "+18445550001",
        to: "+18665550001",
        text: "Gate 5 is open. 👋",
        media_urls: pictures,
        webhook_url: "https://hub.example.com/in/token/inbound?text=msg_01telnyx",
      },
    },
    accepted: {
      status: 200,
      body: JSON.stringify({
        data: {
          record_type: "message",
          direction: "outbound",
          id: "40385f64-5717-4562-b3fc-2c963f66afa6",
          to: [
            { phone_number: "+18665550001", status: "queued", carrier: "TELNYX LLC", line_type: "Wireless" },
          ],
          parts: 1,
          errors: [],
        },
      }),
    },
    outcome: {
      kind: "accepted",
      providerMessageId: "40385f64-5717-4562-b3fc-2c963f66afa6",
      status: "handed_over",
      segments: 1,
    },
    refusals,
    probe: {
      method: "GET",
      path: "/v2/messaging_profiles?page%5Bsize%5D=1",
      accepted: { status: 200, body: '{"data":[],"meta":{}}' },
    },
    afterBodyLost: "uncertain",
  },
};
