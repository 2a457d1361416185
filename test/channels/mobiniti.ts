import type { Arrival } from "../../src/domain/arrival.ts";
import type { ChannelFixture, RequestCase, SendFixture } from "../conformance/fixture.ts";
import {
  contact,
  delivered,
  ID,
  inbound,
  message,
  printed,
  report,
  TIME,
  times,
} from "./mobiniti-samples.ts";

/** Mobiniti's six webhooks and its direct send, as it documents them. */
const TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.conformance";
const PHONE = "+19999999999";
const OTHER = "0b2e541a-a4b1-11e8-a85f-127fd0971099";
const LATER = "2016-07-01T15:12:09.553Z";

function request(name: string, door: string, body: unknown, expect: RequestCase["expect"]): RequestCase {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { name, door, contentType: "application/json", body: text, expect };
}

function text(name: string, fields: object, expected: Partial<Arrival> = {}): RequestCase {
  return request(name, "inbound", { ...inbound, ...fields }, [{ ...message, ...expected } as Arrival]);
}

const [status] = report.statuses;
const [sent] = report.messages;

const requests: RequestCase[] = [
  text("a text", {}),
  text("the same text a minute later", { received_at: LATER }, { providerTime: LATER }),
  text("an emoji", { message: "OPEN 5 👋🏔️" }, { text: "OPEN 5 👋🏔️" }),
  text("an empty text", { message: "" }, { text: "" }),
  text("a long text", { message: "x".repeat(1_600) }, { text: "x".repeat(1_600) }),
  text(
    "a number without +",
    { id: OTHER, phone_number: "19999999998" },
    { from: "+19999999998", providerContactId: OTHER },
  ),
  text("a short code", { id: null, phone_number: "12345" }, { from: "12345", providerContactId: null }),
  text("a name for a number", { id: null, phone_number: "ACME" }, { from: "ACME", providerContactId: null }),
  text(
    "unknown fields",
    { media: [{ url: "https://x" }], segments: 1, received_at: LATER },
    { providerTime: LATER },
  ),
  request("as printed, with a comma at the end", "inbound", printed(inbound), [message]),
  request(
    "no text",
    "inbound",
    { ...inbound, message: null },
    { unreadable: "message is missing or not a text" },
  ),
  request("no JSON", "inbound", "phone_number=1&message=x", { unreadable: "not a JSON object" }),
  request("an opt-out", "unsubscribe", { ...contact, to: "64600", unsubscribed_at: TIME, ...times }, [
    { kind: "unsubscribe", phone: PHONE, to: "64600", at: TIME, providerContactId: ID },
  ]),
  request("a bounce", "bounce", { ...contact, bounces: 3, ...times }, [
    { kind: "bounce", phone: PHONE, bounces: 3, providerContactId: ID },
  ]),
  request("a suspended number", "contact-status", { ...contact, status: "suspended", ...times }, [
    { kind: "contact-status", phone: PHONE, status: "suspended", providerContactId: ID },
  ]),
  request("an unknown state", "contact-status", { ...contact, status: "sleeping", ...times }, [
    { kind: "ignored", reason: 'unknown contact status "sleeping"' },
  ]),
  request("delivered", "delivery-report", report, [delivered]),
  request(
    "not delivered",
    "delivery-report",
    {
      ...report,
      statuses: [{ ...status, code: "205", status: "Handset off.", success: false }],
    },
    [{ ...delivered, status: "undelivered", code: "205", description: "Handset off." } as Arrival],
  ),
  request(
    "bounced",
    "delivery-report",
    {
      ...report,
      statuses: [{ ...status, code: "301", status: "No such number.", success: false, bounce: true }],
      messages: [{ ...sent, id: "b8a2b40a-86ae-4a91-a61d-7b7ccfc4b149" }],
    },
    [
      {
        ...delivered,
        providerMessageId: "b8a2b40a-86ae-4a91-a61d-7b7ccfc4b149",
        status: "undelivered",
        code: "301",
        description: "No such number.",
        bounce: true,
      } as Arrival,
    ],
  ),
  request("a rejection", "rejected", { code: "E1", message: "spam", description: "Reported." }, [
    { kind: "rejection", code: "E1", message: "spam", description: "Reported." },
  ]),
];

const problem = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });

const send: SendFixture = {
  text: {
    id: "msg_conformance",
    to: "+14155550101",
    from: "64600",
    text: "Bluebird is open.",
    mediaUrls: [],
  },
  request: {
    method: "POST",
    path: "/v1/message",
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    body: { phone_number: "+14155550101", message: "Bluebird is open.", from: "64600" },
    encoding: "json",
  },
  accepted: {
    status: 200,
    body: '{"data":{"id":"a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148"},"id":"a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148"}',
  },
  outcome: {
    kind: "accepted",
    providerMessageId: "a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148",
    status: "handed_over",
  },
  refusals: [
    {
      name: "400",
      reply: problem(400, { message: "Bad request", status: 400 }),
      outcome: { kind: "refused", reason: "other", code: "400", text: "Bad request" },
    },
    {
      name: "404",
      reply: problem(404, { message: "Not Found", status: 404 }),
      outcome: { kind: "refused", reason: "other", code: "404" },
    },
    {
      name: "405",
      reply: problem(405, { message: "Method Not Allowed", status: 405 }),
      outcome: { kind: "refused", reason: "other", code: "405" },
    },
    {
      name: "422 on the number",
      reply: problem(422, { message: "Invalid", status: 422, errors: { phone_number: ["is too short"] } }),
      outcome: { kind: "refused", reason: "bad_number", text: "Invalid (phone_number: is too short)" },
    },
    {
      name: "422 on something else",
      reply: problem(422, { message: "Invalid", status: 422, errors: ["from is not yours"] }),
      outcome: { kind: "refused", reason: "other", text: "Invalid (from is not yours)" },
    },
    {
      name: "402",
      reply: problem(402, { message: "No credits left", status: 402 }),
      outcome: { kind: "refused", reason: "no_funds" },
    },
    {
      name: "401",
      reply: problem(401, { message: "Unauthenticated", status: 401 }),
      outcome: { kind: "broken-credential" },
    },
    {
      name: "access_denied",
      reply: problem(400, { error: "access_denied", message: "The resource owner denied the request." }),
      outcome: { kind: "broken-credential" },
    },
    {
      name: "429",
      reply: problem(429, { message: "Too Many Requests", status: 429 }),
      outcome: { kind: "throttled", retryAfterMs: null },
    },
    {
      name: "500",
      reply: problem(500, { message: "Server Error", status: 500 }),
      outcome: { kind: "uncertain" },
    },
  ],
  probe: {
    method: "GET",
    path: "/v1/contacts?limit=1",
    accepted: { status: 200, body: '{"data":[],"meta":{"pagination":{"total":0}}}' },
  },
  afterBodyLost: "uncertain",
};

export const fixture: ChannelFixture = {
  settings: {
    accessToken: TOKEN,
    shortCode: "64600",
    allowedIps: ["127.0.0.1", "::1"],
    // By contact a text takes several calls; those have tests of their own.
    sendBy: "direct",
  },
  address: "64600",
  country: "US",
  now: new Date("2026-01-02T03:04:05.678Z"),
  signing: null,
  requests,
  repeats: [
    "a text",
    "as printed, with a comma at the end",
    "an opt-out",
    "a bounce",
    "a suspended number",
    "delivered",
  ],
  distinct: [
    ["a text", "the same text a minute later"],
    ["delivered", "bounced"],
  ],
  send,
};
