import type { Arrival, MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { ChannelFixture, RequestCase, Vector } from "../conformance/fixture.ts";
import { freshNonce } from "../conformance/nonces.ts";
import { pictures } from "./harness.ts";
import { signVersion2, signVersion3 } from "./plivo-signing.ts";

/** Plivo: requests and answers as its documentation prints them, with made-up ids and numbers. */
const AUTH_ID = "MAMDJMMTEZOTY0ZGJJOT";
const AUTH_TOKEN = "NGU3YjA1ZDYxMTFjZGI5ZDc4ZmE2ODg2";
const UUID = "0936ec98-7c4c-11e9-9bd8-0605c46cc68a";
const FORM = "application/x-www-form-urlencoded";

const documented = {
  From: "14155550101",
  To: "14155550000",
  Text: "open gate 5",
  Type: "sms",
  MessageUUID: UUID,
  TotalRate: "0",
  Units: "1",
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: UUID,
  from: "+14155550101",
  to: "+14155550000",
  text: "open gate 5",
  media: [],
  providerTime: null,
  providerContactId: null,
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: UUID,
  phone: "+14155550101",
  text: null,
  status: "sent",
  code: null,
  description: null,
  bounce: false,
};

const LONG = "Lift 4 stands still, the queue is at the car park. ".repeat(31).trim();

function encode(fields: Record<string, string | undefined>): string {
  const known = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(known).toString();
}

function inbound(
  name: string,
  fields: Record<string, string | undefined>,
  expected: Partial<MessageArrival>,
): RequestCase {
  const body = encode({ ...documented, ...fields });
  return { name, door: "inbound", contentType: FORM, body, expect: [{ ...message, ...expected }] };
}

function status(
  name: string,
  fields: Record<string, string>,
  expected: Partial<ReceiptArrival> | Arrival[],
  door = "status",
): RequestCase {
  const body = encode({
    From: "14155550000",
    To: "14155550101",
    MessageUUID: UUID,
    ParentMessageUUID: UUID,
    PartInfo: "1 of 1",
    Type: "sms",
    MCC: "310",
    MNC: "004",
    Units: "1",
    TotalRate: "0.0055",
    TotalAmount: "0.0055",
    MessageTime: "2026-01-02 03:04:05.678901",
    ...fields,
  });
  const arrivals = Array.isArray(expected) ? expected : [{ ...receipt, ...expected }];
  return { name, door, contentType: FORM, body, expect: arrivals };
}

const requests: RequestCase[] = [
  inbound("a text", {}, {}),
  inbound("the same text a minute later", { MessageUUID: "u-2" }, { providerMessageId: "u-2" }),
  inbound("emoji", { Text: "Größe 5 👍🏽 🏔️" }, { text: "Größe 5 👍🏽 🏔️" }),
  inbound("an empty text", { Text: "" }, { text: "" }),
  inbound("no text at all", { Text: undefined }, { text: "" }),
  inbound("blanks at its ends", { Text: "  open gate 5\n" }, { text: "  open gate 5\n" }),
  inbound("a long text", { Text: LONG, Units: "11" }, { text: LONG }),
  inbound("a sender with its plus", { From: "+14155550101" }, {}),
  inbound("another country", { From: "447911123456" }, { from: "+447911123456" }),
  inbound("ten digits are a whole number abroad", { From: "4520123456" }, { from: "+4520123456" }),
  inbound("short codes", { From: "64601", To: "64600" }, { from: "64601", to: "64600" }),
  inbound("letters as sender", { From: "RESORT" }, { from: "RESORT" }),
  inbound("no receiving number", { To: undefined }, { to: "+14155550000" }),
  inbound("an unknown field", { NewField: "x", Country: "US" }, {}),
  inbound(
    "pictures",
    {
      Type: "mms",
      Text: "look",
      MediaCount: "2",
      Media0: "https://media.plivo.com/Account/MA1/Media/1",
      Media1: "https://media.plivo.com/Account/MA1/Media/2",
    },
    {
      text: "look",
      media: [
        { url: "https://media.plivo.com/Account/MA1/Media/1", contentType: null, bytes: null },
        { url: "https://media.plivo.com/Account/MA1/Media/2", contentType: null, bytes: null },
      ],
    },
  ),
  {
    ...inbound("a repeated parameter, and a query", {}, { text: "first" }),
    query: "?k=1&a=open+gate&k=0",
    body: `${encode({ ...documented, Text: "first" })}&Text=second&Text=a`,
  },
  {
    name: "a text without sender",
    door: "inbound",
    contentType: FORM,
    body: encode({ ...documented, From: undefined }),
    expect: { unreadable: "From" },
  },
  {
    name: "a text without id",
    door: "inbound",
    contentType: FORM,
    body: encode({ ...documented, MessageUUID: undefined }),
    expect: { unreadable: "MessageUUID" },
  },
  {
    name: "a call",
    door: "inbound",
    contentType: FORM,
    body: encode({ CallUUID: "c-1", From: "14155550101", To: "14155550000", Event: "StartApp" }),
    expect: [{ kind: "ignored", reason: "not a text and not a receipt" }],
  },
  status("status queued", { Status: "queued" }, { status: "handed_over" }),
  status("status sent", { Status: "sent" }, { status: "sent" }),
  status("status delivered", { Status: "delivered", ErrorCode: "000" }, { status: "delivered" }),
  {
    ...status(
      "status of a text the address names",
      { Status: "delivered", ParentMessageUUID: "u-9" },
      { providerMessageId: "u-9", messageId: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3", status: "delivered" },
    ),
    query: "?text=msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  },
  status("status read", { Status: "read" }, { status: "delivered" }),
  status(
    "second part delivered",
    { Status: "delivered", MessageUUID: "u-part-2", PartInfo: "2 of 2" },
    { status: "delivered", part: { index: 2, total: 2 } },
  ),
  status(
    "second part, told with the parent's id",
    { Status: "delivered", PartInfo: "2 of 2" },
    { status: "delivered", part: { index: 2, total: 2 } },
  ),
  status(
    "without a parent",
    { Status: "delivered", MessageUUID: "u-3", ParentMessageUUID: "", PartInfo: "" },
    { status: "delivered", providerMessageId: "u-3" },
  ),
  status(
    "out of reach",
    { Status: "undelivered", ErrorCode: "80" },
    {
      status: "undelivered",
      code: "80",
      description: "The phone is switched off or out of reach",
      advice: "later",
    },
  ),
  status(
    "invalid number",
    { Status: "failed", ErrorCode: "50" },
    {
      status: "failed",
      code: "50",
      description: "The number is not valid or takes no texts",
      bounce: true,
      advice: "bad_number",
    },
  ),
  status(
    "rejected by spam filter",
    { Status: "rejected", ErrorCode: "30" },
    { status: "failed", code: "30", description: "The carrier took the text for spam", advice: "content" },
  ),
  status(
    "opted out",
    { Status: "failed", ErrorCode: "200" },
    {
      status: "failed",
      code: "200",
      description: "The person opted out of texts from this sender",
      optedOut: true,
    },
  ),
  status(
    "a code nobody knows",
    { Status: "undelivered", ErrorCode: "7777" },
    { status: "undelivered", code: "7777" },
  ),
  status("a receipt at the wrong door", { Status: "delivered" }, { status: "delivered" }, "inbound"),
  status("a status nobody knows", { Status: "frozen" }, [
    { kind: "ignored", reason: 'unknown message status "frozen"' },
  ]),
];

function vector(name: string, url: string, headers: Record<string, string>): Vector {
  return {
    name,
    method: "POST",
    url,
    body: "To=14155550000&Text=open+gate+5&MessageUUID=u-1&From=14155551234",
    headers,
    settings: { authId: AUTH_ID, authToken: "my_auth_token" },
    at: new Date("2026-01-02T03:04:05Z"),
  };
}

function version3(signature: string): Record<string, string> {
  return { "X-Plivo-Signature-V3": signature, "X-Plivo-Signature-V3-Nonce": "12345" };
}

const URL_V3 = "https://hub.example.com/in/plivo";
const V3 = "za5v8HBTpur/Co7pTEYF68NeSinRepzYWylT9VqoBT8=";
const V2 = {
  "X-Plivo-Signature-V2": "ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc=",
  "X-Plivo-Signature-V2-Nonce": "12345",
};
const MAIN_ACCOUNT_ONLY = {
  "X-Plivo-Signature-V3": `${"A".repeat(43)}=`,
  "X-Plivo-Signature-Ma-V3": `${"B".repeat(43)}=, ${V3}`,
  "X-Plivo-Signature-V3-Nonce": "12345",
};

const api = "aa52882c-1c88-11e4-bd8a-12313f016a39";

export const fixture: ChannelFixture = {
  settings: { authId: AUTH_ID, authToken: AUTH_TOKEN },
  address: "+14155550000",
  country: "US",
  now: new Date("2026-01-02T03:04:05.678Z"),
  signing: {
    sign: (parts, settings) => signVersion3(parts, settings, freshNonce("05429567804466000000")),
    once: [
      { name: "version 3", sign: (parts, settings, _at, nonce) => signVersion3(parts, settings, nonce) },
      { name: "version 2", sign: (parts, settings, _at, nonce) => signVersion2(parts, settings, nonce) },
    ],
    headers: ["X-Plivo-Signature-V3", "X-Plivo-Signature-V3-Nonce"],
    windowSeconds: null,
    covers: ["body", "url"],
    vectors: [
      vector("version 3", URL_V3, version3(V3)),
      vector(
        "version 3 with a query",
        `${URL_V3}?k=1`,
        version3("aL2aSNGkbAatx8d7W7Wk5UBSCniuYZVYQGFsyfpH3L8="),
      ),
      vector("version 3, one of several, by the main account", URL_V3, MAIN_ACCOUNT_ONLY),
      vector("version 2", "https://answer.url", V2),
      vector("version 2 leaves the query out", "https://answer.url?k=1", V2),
    ],
  },
  requests,
  repeats: ["a text", "status delivered", "second part delivered", "opted out", "a call"],
  distinct: [
    ["a text", "the same text a minute later"],
    ["status sent", "status delivered"],
    ["status delivered", "second part delivered"],
    ["status delivered", "second part, told with the parent's id"],
    ["out of reach", "a code nobody knows"],
  ],
  send: {
    text: { id: "msg_01", to: "+14155550101", from: "+14155550000", text: "Gate 5 OPEN", mediaUrls: [] },
    request: {
      method: "POST",
      path: `/v1/Account/${AUTH_ID}/Message/`,
      headers: {
        authorization: `Basic ${Buffer.from(`${AUTH_ID}:${AUTH_TOKEN}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: {
        src: "+14155550000",
        dst: "+14155550101",
        text: "Gate 5 OPEN",
        url: "https://hub.example.com/in/token/status?text=msg_01",
        method: "POST",
      },
      encoding: "json",
    },
    media: {
      urls: pictures,
      body: {
        src: "+14155550000",
        dst: "+14155550101",
        text: "Gate 5 OPEN",
        type: "mms",
        media_urls: pictures,
        url: "https://hub.example.com/in/token/status?text=msg_01",
        method: "POST",
      },
    },
    accepted: {
      status: 202,
      body: JSON.stringify({
        message: "message(s) queued",
        message_uuid: ["db3ce55a-7f1d-11e1-8ea7-1231380bc196"],
        api_id: api,
      }),
    },
    outcome: {
      kind: "accepted",
      providerMessageId: "db3ce55a-7f1d-11e1-8ea7-1231380bc196",
      status: "handed_over",
    },
    refusals: [
      {
        name: "400",
        reply: { status: 400, body: JSON.stringify({ api_id: api, error: "'src' parameter is invalid" }) },
        outcome: { kind: "refused", reason: "other", code: "400", text: "'src' parameter is invalid" },
      },
      {
        name: "400 with one text per parameter",
        reply: { status: 400, body: JSON.stringify({ api_id: api, error: { dst: ["is invalid"] } }) },
        outcome: { kind: "refused", reason: "other", code: "400", text: '{"dst":["is invalid"]}' },
      },
      {
        name: "400 without credit",
        reply: { status: 400, body: JSON.stringify({ api_id: api, error: "Insufficient credit" }) },
        outcome: { kind: "refused", reason: "no_funds", code: "400" },
      },
      {
        name: "401",
        reply: { status: 401, body: "Could not verify your access level for that URL." },
        outcome: { kind: "broken-credential" },
      },
      {
        name: "402",
        reply: { status: 402, body: "" },
        outcome: { kind: "refused", reason: "no_funds", code: "402" },
      },
      { name: "403", reply: { status: 403, body: "" }, outcome: { kind: "broken-credential" } },
      {
        name: "404",
        reply: { status: 404, body: JSON.stringify({ error: "not found" }) },
        outcome: { kind: "refused", reason: "other", code: "404" },
      },
      {
        name: "429",
        reply: { status: 429, headers: { "retry-after": "2" }, body: JSON.stringify({ error: "too many" }) },
        outcome: { kind: "throttled", retryAfterMs: 2_000 },
      },
      {
        name: "500",
        reply: { status: 500, body: JSON.stringify({ error: "server error" }) },
        outcome: { kind: "uncertain" },
      },
      {
        name: "taken, but not the number",
        reply: {
          status: 202,
          body: JSON.stringify({
            message: "message(s) queued",
            message_uuid: [],
            invalid_number: ["1415"],
            api_id: api,
          }),
        },
        outcome: { kind: "refused", reason: "bad_number" },
      },
      {
        name: "taken without an id",
        reply: { status: 202, body: JSON.stringify({ message: "message(s) queued", api_id: api }) },
        outcome: { kind: "accepted", providerMessageId: null, status: "handed_over" },
      },
    ],
    probe: {
      method: "GET",
      path: `/v1/Account/${AUTH_ID}/`,
      accepted: {
        status: 200,
        body: JSON.stringify({ account_type: "standard", auth_id: AUTH_ID, api_id: api }),
      },
    },
    afterBodyLost: "uncertain",
  },
};
