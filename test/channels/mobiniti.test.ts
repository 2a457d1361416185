import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/mobiniti.ts";
import type { Arrival } from "../../src/domain/arrival.ts";
import { doorRequest, parseContext, RECEIVED_AT } from "./harness.ts";
import {
  arrivals,
  contact,
  delivered,
  ID,
  inbound,
  message,
  only,
  printed,
  report,
  sha256,
  TIME,
  times,
} from "./mobiniti-samples.ts";

describe("the six payloads as documented", () => {
  test.each<[kind: string, body: unknown, dedupeKey: string, arrival: Arrival]>([
    ["inbound", inbound, `inbound:${ID}:${TIME}:${sha256(inbound.message)}`, message],
    [
      "unsubscribe",
      printed({ ...contact, to: "64600", unsubscribed_at: TIME, ...times }),
      `unsubscribe:+19999999999:${TIME}`,
      { kind: "unsubscribe", phone: "+19999999999", to: "64600", at: TIME, providerContactId: ID },
    ],
    ["delivery-report", report, "receipt:a8a2b40a-86ae-4a91-a61d-7b7ccfc4b148:delivered:100", delivered],
    [
      "contact-status",
      printed({ ...contact, status: "deactivated", ...times }),
      `contact-status:+19999999999:deactivated:${TIME}`,
      { kind: "contact-status", phone: "+19999999999", status: "deactivated", providerContactId: ID },
    ],
    [
      "bounce",
      printed({ ...contact, unsubscribed_at: TIME, bounces: 2, ...times }),
      `bounce:+19999999999:2:${TIME}`,
      { kind: "bounce", phone: "+19999999999", bounces: 2, providerContactId: ID },
    ],
    [
      "rejected",
      { code: "", message: "", description: "" },
      `rejected:${RECEIVED_AT.getTime()}:${sha256('["","",""]')}`,
      { kind: "rejection", code: "", message: "", description: "" },
    ],
  ])("%s", (kind, body, dedupeKey, arrival) => {
    expect(arrivals(kind, body)).toEqual([{ dedupeKey, arrival }]);
  });
});

describe("inbound texts", () => {
  test.each<[what: string, fields: object, expected: Partial<Extract<Arrival, { kind: "message" }>>]>([
    ["11 digits", { phone_number: "19999999999" }, { from: "+19999999999" }],
    ["10 digits", { phone_number: "9999999999" }, { from: "+19999999999" }],
    ["punctuation", { phone_number: " (999) 999-9999 " }, { from: "+19999999999" }],
    ["a short code as sender", { phone_number: "64601" }, { from: "64601" }],
    ["letters as sender", { phone_number: "RESORT" }, { from: "RESORT" }],
    ["another country", { phone_number: "+447911123456" }, { from: "+447911123456" }],
    ["long receiving number", { short_code: "15555555555" }, { to: "+15555555555" }],
    ["no receiving number", { short_code: null }, { to: "64600" }],
    ["receiving number as a JSON number", { short_code: 64601 }, { to: "64601" }],
    ["emoji", { message: "OPEN 5 👋🏔️" }, { text: "OPEN 5 👋🏔️" }],
    ["empty text", { message: "" }, { text: "" }],
    ["blank text", { message: "  \n" }, { text: "  \n" }],
    ["NUL", { message: "OPEN\0 5" }, { text: "OPEN 5" }],
    ["lone surrogate", { message: "OPEN \ud83d 5" }, { text: "OPEN \ufffd 5" }],
    ["commas and brackets in the text", { message: 'a,} ,] "x",}' }, { text: 'a,} ,] "x",}' }],
    ["20,000 characters", { message: "x".repeat(20_000) }, { text: "x".repeat(20_000) }],
    ["unknown fields", { media: [{ url: "https://x" }] }, {}],
    [
      "time without T and zone",
      { received_at: "2016-07-01 15:11:09" },
      { providerTime: "2016-07-01T15:11:09.000Z" },
    ],
    ["no time", { received_at: null }, { providerTime: null, mayRepeat: true }],
    ["time that is none", { received_at: "yesterday" }, { providerTime: null }],
    ["no contact", { id: undefined }, { providerContactId: null }],
  ])("%s", (_what, fields, expected) => {
    expect(only("inbound", { ...inbound, ...fields }).arrival).toEqual({ ...message, ...expected });
  });

  test.each<[what: string, body: unknown, reason: string]>([
    ["no number", { ...inbound, phone_number: undefined }, "phone_number is missing or not a text"],
    ["null number", { ...inbound, phone_number: null }, "phone_number is missing or not a text"],
    [
      "number of a wrong type",
      { ...inbound, phone_number: 19999999999 },
      "phone_number is missing or not a text",
    ],
    ["blank number", { ...inbound, phone_number: " " }, "phone_number is missing or not a number"],
    ["no text", { ...inbound, message: undefined }, "message is missing or not a text"],
    ["null text", { ...inbound, message: null }, "message is missing or not a text"],
    ["text of a wrong type", { ...inbound, message: ["x"] }, "message is missing or not a text"],
    [
      "20,001 characters",
      { ...inbound, message: "x".repeat(20_001) },
      "message is longer than 20000 characters",
    ],
    ["broken JSON", '{"message":', "the body is not a JSON object"],
    ["two commas", '{"a":1,,}', "the body is not a JSON object"],
    ["an array", [inbound], "the body is not a JSON object"],
    ["null", "null", "the body is not a JSON object"],
    ["a form", "phone_number=1&message=x", "the body is not a JSON object"],
    ["nothing", "", "the body is not a JSON object"],
    ["deep nesting", "[".repeat(200_000), "the body is not a JSON object"],
  ])("%s is not understood", (_what, body, reason) => {
    expect(channel.parse(doorRequest("inbound", body), parseContext())).toEqual({
      ok: false,
      reason: `Invalid message format: ${reason}`,
    });
  });

  test("bytes that are not UTF-8 are left out, a byte order mark too", () => {
    const [head, tail] = JSON.stringify(inbound).split("example") as [string, string];
    const body = Buffer.concat([
      Buffer.from("\ufeff"),
      Buffer.from(head),
      Buffer.from([0xff, 0xc3]),
      Buffer.from(`example${tail}`),
    ]);
    expect(only("inbound", body).arrival).toEqual(message);
  });

  test("a printed sample keeps the commas of its text", () => {
    const text = 'a,} ,] "x",} \\",]';
    expect(only("inbound", printed({ ...inbound, message: text })).arrival).toEqual({ ...message, text });
  });

  test("broken bodies of the largest size take no time", () => {
    const quotes = `{"a":"${'\\"'.repeat(120_000)}`;
    const commas = `[${", ".repeat(120_000)}`;
    for (const body of [quotes, commas])
      expect(channel.parse(doorRequest("inbound", body), parseContext()).ok).toBe(false);
  });

  test("the bare text of a number is read with the channel's country", () => {
    expect(arrivals("inbound", { ...inbound, phone_number: "07911 123456" }, "GB")[0]?.arrival).toMatchObject(
      {
        from: "+447911123456",
      },
    );
  });
});

test("an inbound text teaches the sender's contact id", () => {
  expect(channel.learn?.(message)).toEqual({
    key: "contact:+19999999999",
    value: `in:${ID}`,
    unlessKey: "inbound-contact-ids",
  });
  expect(channel.learn?.({ ...message, providerContactId: null } as Arrival)).toBeNull();
  expect(channel.learn?.(delivered)).toBeNull();
});
