import { createHash } from "node:crypto";
import type { Arrival, MessageArrival, ReceiptArrival } from "../../src/domain/arrival.ts";
import type { ChannelFixture, ProviderReply, RequestCase, SendFixture } from "../conformance/fixture.ts";
import { pictures } from "./harness.ts";
import { sign, signByLibrary } from "./twilio-signing.ts";

/** Twilio: requests and answers as its documentation prints them, with made-up ids and numbers. */
const ACCOUNT = "AC2f1e0d3c4b5a69788796a5b4c3d2e1f0";
const SID = "SMbe794ce78f6b9fdf853d2acb76c080db";
const FORM = "application/x-www-form-urlencoded; charset=UTF-8";
const FROM = "+14155550101";
const TO = "+14155550000";

const documented = {
  ToCountry: "US",
  SmsMessageSid: SID,
  NumMedia: "0",
  SmsSid: SID,
  SmsStatus: "received",
  Body: "open gate 5",
  FromCountry: "US",
  To: TO,
  NumSegments: "1",
  MessageSid: SID,
  AccountSid: ACCOUNT,
  From: FROM,
  ApiVersion: "2010-04-01",
};

const message: MessageArrival = {
  kind: "message",
  providerMessageId: SID,
  from: FROM,
  to: TO,
  text: "open gate 5",
  media: [],
  providerTime: null,
  providerContactId: null,
};

const receipt: ReceiptArrival = {
  kind: "receipt",
  providerMessageId: SID,
  phone: FROM,
  text: null,
  status: "sent",
  code: null,
  description: null,
  bounce: false,
};

const LONG = "Lift 4 stands still, the queue is at the car park. ".repeat(31).trim();
const JOINED = `Größe ok 👍\nsecond line. ${"Lift 4 stands still. ".repeat(4)}`;
const SOLID = "https//".repeat(12).slice(0, 64);

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
  const { MessageStatus } = fields;
  const body = encode({
    SmsSid: SID,
    ...(MessageStatus === undefined ? {} : { SmsStatus: MessageStatus }),
    To: FROM,
    From: TO,
    MessageSid: SID,
    AccountSid: ACCOUNT,
    ApiVersion: "2010-04-01",
    ...fields,
  });
  const arrivals = Array.isArray(expected) ? expected : [{ ...receipt, ...expected }];
  return { name, door, contentType: "application/x-www-form-urlencoded", body, expect: arrivals };
}

const jsonBody = JSON.stringify({ MessageSid: "SM02", From: FROM, To: TO, Body: "open gate 5", NumMedia: 0 });

const requests: RequestCase[] = [
  inbound("a text", {}, {}),
  inbound("the same text a minute later", { MessageSid: "SM01" }, { providerMessageId: "SM01" }),
  inbound("emoji", { Body: "Größe 5 👍🏽 🏔️" }, { text: "Größe 5 👍🏽 🏔️" }),
  inbound("an empty text", { Body: "" }, { text: "" }),
  inbound("no text at all", { Body: undefined }, { text: "" }),
  inbound("blanks at its ends", { Body: "  open gate 5\n" }, { text: "  open gate 5\n" }),
  inbound("a long text", { Body: LONG, NumSegments: "11" }, { text: LONG }),
  inbound("a short code as sender", { From: "64600" }, { from: "64600" }),
  inbound("letters as sender", { From: "RESORT" }, { from: "RESORT" }),
  inbound("another country", { From: "+447911123456" }, { from: "+447911123456" }),
  inbound(
    "by RCS: the same person",
    { From: "rcs:+447911123456", To: "rcs:peak_agent" },
    { from: "+447911123456" },
  ),
  inbound(
    "by WhatsApp: another line",
    { From: "whatsapp:+447911123456" },
    { from: "whatsapp:+447911123456" },
  ),
  inbound("no receiving number", { To: undefined }, { to: TO }),
  inbound("through a messaging service", { MessagingServiceSid: "MG01", NewField: "x" }, {}),
  inbound(
    "a help word seen by Advanced Opt-Out",
    { Body: "HELP", OptOutType: "HELP" },
    { text: "HELP", answered: true },
  ),
  {
    name: "a stop word only Twilio knows",
    door: "inbound",
    contentType: FORM,
    body: encode({ ...documented, Body: "NOMORE", OptOutType: "STOP" }),
    expect: [
      { kind: "unsubscribe", phone: FROM, to: TO, at: null, providerContactId: null },
      { ...message, text: "NOMORE" },
    ],
  },
  {
    name: "a start word only Twilio knows",
    door: "inbound",
    contentType: FORM,
    body: encode({ ...documented, Body: "MOREPLEASE", OptOutType: "START" }),
    expect: [
      { kind: "resubscribe", phone: FROM, to: TO },
      { ...message, text: "MOREPLEASE" },
    ],
  },
  inbound(
    "pictures",
    {
      Body: "look",
      NumMedia: "2",
      MediaUrl0: "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
      MediaContentType0: "image/jpeg",
      MediaUrl1: "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME2",
    },
    {
      text: "look",
      media: [
        {
          url: "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
          contentType: "image/jpeg",
          bytes: null,
        },
        {
          url: "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME2",
          contentType: null,
          bytes: null,
        },
      ],
    },
  ),
  inbound("a joined text, Base64-coded", { Body: Buffer.from(JOINED).toString("base64") }, { text: JOINED }),
  inbound("short Base64 is a text", { Body: "b3BlbiBnYXRlIDU=" }, { text: "b3BlbiBnYXRlIDU=" }),
  inbound("one long word is a text", { Body: SOLID }, { text: SOLID }),
  {
    ...inbound("a repeated parameter, and a query", {}, { text: "first" }),
    query: "?foo=1&bar=2",
    body: `${encode({ ...documented, Body: "first" })}&Body=second&Body=second&Body=a`,
  },
  {
    name: "as JSON",
    door: "inbound",
    contentType: "application/json",
    query: `?bodySHA256=${createHash("sha256").update(jsonBody).digest("hex")}`,
    body: jsonBody,
    expect: [{ ...message, providerMessageId: "SM02" }],
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
    body: encode({ From: FROM, To: TO, Body: "open gate 5" }),
    expect: { unreadable: "MessageSid" },
  },
  {
    name: "a call",
    door: "inbound",
    contentType: FORM,
    body: encode({ CallSid: "CA1234567890ABCDE", Caller: FROM, Digits: "1234", From: FROM, To: TO }),
    expect: [{ kind: "ignored", reason: "not a text and not a receipt" }],
  },
  status("status accepted", { MessageStatus: "accepted" }, { status: "handed_over" }),
  status("status scheduled", { MessageStatus: "scheduled" }, { status: "handed_over" }),
  status("status queued", { MessageStatus: "queued" }, { status: "handed_over" }),
  status("status sending", { MessageStatus: "sending" }, { status: "handed_over" }),
  status("status sent", { MessageStatus: "sent", RawDlrDoneDate: "2601020304" }, { status: "sent" }),
  status("status delivered", { MessageStatus: "delivered", ErrorCode: "" }, { status: "delivered" }),
  {
    ...status(
      "status of a text the address names",
      { MessageSid: "SM9", MessageStatus: "delivered" },
      { providerMessageId: "SM9", messageId: "msg_01k2m3n4p5q6r7s8t9v0w1x2y3", status: "delivered" },
    ),
    query: "?text=msg_01k2m3n4p5q6r7s8t9v0w1x2y3",
  },
  {
    ...status(
      "an address that names no text of ours",
      { MessageSid: "SM10", MessageStatus: "delivered" },
      {
        providerMessageId: "SM10",
        status: "delivered",
      },
    ),
    query: "?text=msg_1",
  },
  status("status read", { MessageStatus: "read" }, { status: "delivered" }),
  status("status canceled", { MessageStatus: "canceled" }, { status: "cancelled" }),
  status(
    "out of reach",
    { MessageStatus: "undelivered", ErrorCode: "30003" },
    {
      status: "undelivered",
      code: "30003",
      description: "The phone is switched off or out of reach",
      advice: "later",
    },
  ),
  status(
    "unknown number",
    { MessageStatus: "undelivered", ErrorCode: "30005" },
    {
      status: "undelivered",
      code: "30005",
      description: "The number is unknown or no longer in use",
      bounce: true,
      advice: "bad_number",
    },
  ),
  status(
    "landline, in Twilio's words",
    { MessageStatus: "failed", ErrorCode: "30006", ErrorMessage: "Landline or unreachable carrier" },
    {
      status: "failed",
      code: "30006",
      description: "Landline or unreachable carrier",
      bounce: true,
      advice: "bad_number",
    },
  ),
  status(
    "opted out",
    { MessageStatus: "failed", ErrorCode: "21610" },
    {
      status: "failed",
      code: "21610",
      description: "The person opted out of texts from this sender",
      optedOut: true,
      advice: "opted_out",
    },
  ),
  status(
    "a code nobody knows",
    { MessageStatus: "undelivered", ErrorCode: "39999" },
    { status: "undelivered", code: "39999" },
  ),
  status("a receipt at the wrong door", { MessageStatus: "delivered" }, { status: "delivered" }, "inbound"),
  status("a status nobody knows", { MessageStatus: "frozen" }, [
    { kind: "ignored", reason: 'unknown message status "frozen"' },
  ]),
];

const vectorUrl = "https://mycompany.com/myapp.php?foo=1&bar=2";
const vector = {
  settings: { accountSid: ACCOUNT, authToken: "12345" },
  at: new Date("2026-01-02T03:04:05Z"),
};

function error(httpStatus: number, code: number | string, text = "It is not possible"): ProviderReply {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return { status: httpStatus, body: JSON.stringify({ code, message: text, more_info, status: httpStatus }) };
}

type Refusal = SendFixture["refusals"][number];

function refused(reason: string, httpStatus: number, ...codes: number[]): Refusal[] {
  return codes.map((code) => ({
    name: String(code),
    reply: error(httpStatus, code),
    outcome: { kind: "refused", reason, code: String(code) } as Refusal["outcome"],
  }));
}

function other(kind: Refusal["outcome"]["kind"], httpStatus: number, ...codes: number[]): Refusal[] {
  return codes.map((code) => ({ name: String(code), reply: error(httpStatus, code), outcome: { kind } }));
}

const created = {
  account_sid: ACCOUNT,
  body: "Gate 5 OPEN",
  error_code: null,
  error_message: null,
  from: TO,
  num_media: "0",
  num_segments: "1",
  sid: "SM87105da94bff44b999e4e6eb90d8eb6a",
  status: "queued",
  to: FROM,
};

export const fixture: ChannelFixture = {
  settings: { accountSid: ACCOUNT, authToken: "7d3c9a1e5b2f4f60a8c7e9d1b3f5a702" },
  address: TO,
  country: "US",
  now: new Date("2026-01-02T03:04:05.678Z"),
  signing: {
    sign,
    library: signByLibrary,
    headers: ["X-Twilio-Signature"],
    windowSeconds: null,
    covers: ["body", "url"],
    vectors: [
      {
        ...vector,
        name: "form",
        method: "POST",
        url: vectorUrl,
        body: encode({
          CallSid: "CA1234567890ABCDE",
          Caller: "+14158675309",
          Digits: "1234",
          From: "+14158675309",
          To: "+18005551212",
        }),
        headers: { "X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8=" },
      },
      {
        ...vector,
        name: "JSON",
        method: "POST",
        url: `${vectorUrl}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`,
        body: '{"property": "value", "boolean": true}',
        headers: { "X-Twilio-Signature": "a9nBmqA0ju/hNViExpshrM61xv4=" },
      },
    ],
  },
  requests,
  repeats: ["a text", "as JSON", "a stop word only Twilio knows", "status delivered", "opted out", "a call"],
  distinct: [
    ["a text", "the same text a minute later"],
    ["status sent", "status delivered"],
    ["out of reach", "unknown number"],
  ],
  send: {
    text: { id: "msg_01", to: FROM, from: TO, text: "Gate 5 OPEN", mediaUrls: [] },
    request: {
      method: "POST",
      path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
      headers: {
        authorization: `Basic ${Buffer.from(`${ACCOUNT}:7d3c9a1e5b2f4f60a8c7e9d1b3f5a702`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: {
        To: FROM,
        From: TO,
        Body: "Gate 5 OPEN",
        StatusCallback: "https://hub.example.com/in/token/status?text=msg_01",
      },
      encoding: "form",
    },
    media: {
      urls: pictures,
      body: {
        To: FROM,
        From: TO,
        Body: "Gate 5 OPEN",
        MediaUrl: pictures,
        StatusCallback: "https://hub.example.com/in/token/status?text=msg_01",
      },
    },
    accepted: { status: 201, body: JSON.stringify(created) },
    outcome: { kind: "accepted", providerMessageId: created.sid, status: "handed_over", segments: 1 },
    refusals: [
      ...refused("opted_out", 400, 21610),
      ...refused("bad_number", 400, 21211, 21614, 30005, 30006),
      ...refused("region", 400, 21408),
      ...refused("region", 403, 21408).map((one) => ({ ...one, name: "21408 with 403" })),
      ...refused("sender", 400, 21606, 21612, 30034),
      ...refused("content", 400, 21617, 30004, 30007),
      ...refused("other", 400, 21604),
      ...other("broken-credential", 401, 20003),
      ...other("broken-credential", 403, 30002),
      ...other("throttled", 429, 20429),
      ...other("throttled", 400, 21611, 30001, 63038),
      ...other("uncertain", 500, 20500),
      {
        name: "429 with Retry-After",
        reply: { ...error(429, 20429), headers: { "retry-after": "3" } },
        outcome: { kind: "throttled", retryAfterMs: 3_000 },
      },
      {
        name: "a code written as text",
        reply: error(400, "21610"),
        outcome: { kind: "refused", reason: "opted_out", code: "21610" },
      },
      {
        name: "402",
        reply: { status: 402, body: "" },
        outcome: { kind: "refused", reason: "no_funds", code: "402" },
      },
      { name: "404", reply: error(404, 20404), outcome: { kind: "refused", reason: "other", code: "20404" } },
      {
        name: "created and failed at once",
        reply: {
          status: 201,
          body: JSON.stringify({
            ...created,
            status: "failed",
            error_code: 21610,
            error_message: "Unsubscribed",
          }),
        },
        outcome: { kind: "refused", reason: "opted_out", code: "21610" },
      },
      {
        name: "taken without an id",
        reply: { status: 201, body: "{}" },
        outcome: { kind: "accepted", providerMessageId: null, status: "handed_over" },
      },
    ],
    probe: {
      method: "GET",
      path: `/2010-04-01/Accounts/${ACCOUNT}.json`,
      accepted: { status: 200, body: JSON.stringify({ sid: ACCOUNT, status: "active", type: "Full" }) },
    },
    afterBodyLost: "uncertain",
  },
};
