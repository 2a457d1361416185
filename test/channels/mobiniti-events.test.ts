import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/mobiniti.ts";
import { readPhone, readTime } from "../../src/channels/mobiniti-parts/body.ts";
import { doorRequest, parseContext } from "./harness.ts";
import { arrivals, contact, inbound, only } from "./mobiniti-samples.ts";

describe("delivery reports", () => {
  const status = (recipients: unknown, success: unknown, bounce: unknown, code: unknown = "7") => ({
    code,
    status: "words",
    count: 1,
    recipients,
    success,
    bounce,
  });
  const sent = (id: unknown, phone: unknown, text: unknown = "hello") => ({
    id,
    phone_number: phone,
    message: text,
  });
  type Short = [
    id: string | null,
    phone: string | null,
    status: string,
    bounce: boolean,
    code: string | null,
  ];

  test.each<[what: string, statuses: unknown[], messages: unknown[] | undefined, expected: Short[]]>([
    [
      "bounced",
      [status(["19999999999"], false, true)],
      [sent("m1", "+19999999999")],
      [["m1", "+19999999999", "undelivered", true, "7"]],
    ],
    [
      "neither",
      [status(["9999999999"], false, false)],
      [sent("m1", "19999999999")],
      [["m1", "+19999999999", "undelivered", false, "7"]],
    ],
    [
      "a code that is a number",
      [status(["9999999999"], true, false, 100)],
      [sent(5, "19999999999")],
      [["5", "+19999999999", "delivered", false, "100"]],
    ],
    [
      "several people",
      [status(["12025550101", "12025550102"], true, false), status(["12025550103"], false, true, "8")],
      [sent("m1", "2025550103"), sent("m2", "2025550102"), sent("m3", "+12025550101")],
      [
        ["m1", "+12025550103", "undelivered", true, "8"],
        ["m2", "+12025550102", "delivered", false, "7"],
        ["m3", "+12025550101", "delivered", false, "7"],
      ],
    ],
    [
      "two messages to one number",
      [status(["12025550101"], false, false), status(["12025550102"], true, false)],
      [sent("m1", "2025550101"), sent("m2", "2025550101")],
      [
        ["m1", "+12025550101", "undelivered", false, "7"],
        ["m2", "+12025550101", "undelivered", false, "7"],
      ],
    ],
    [
      "two statuses for one number: delivered counts",
      [status(["12025550101"], false, true), status(["2025550101"], true, false, "100")],
      [sent("m1", "2025550101")],
      [["m1", "+12025550101", "delivered", false, "100"]],
    ],
    [
      "one status that names nobody",
      [status(undefined, true, false)],
      [sent("m1", "2025550101")],
      [["m1", "+12025550101", "delivered", false, "7"]],
    ],
    [
      "both flags",
      [status(["2025550101"], true, true)],
      [sent("m1", "2025550101")],
      [["m1", "+12025550101", "delivered", false, "7"]],
    ],
    [
      "no messages",
      [status(["2025550101"], true, false)],
      undefined,
      [[null, "+12025550101", "delivered", false, "7"]],
    ],
    [
      "a message without an id",
      [status(["2025550101"], true, false)],
      [sent(null, "2025550101")],
      [[null, "+12025550101", "delivered", false, "7"]],
    ],
  ])("%s", (_what, statuses, messages, expected) => {
    const short = arrivals("delivery-report", { total_messages: 1, statuses, messages }).map(
      ({ arrival }) => {
        if (arrival.kind !== "receipt") throw new Error(arrival.kind);
        return [arrival.providerMessageId, arrival.phone, arrival.status, arrival.bounce, arrival.code];
      },
    );
    expect(short).toEqual(expected);
  });

  test("a message without a status of its own is kept and ignored", () => {
    const body = {
      statuses: [status(["2025550101"], true, false), status(["2025550102"], true, false)],
      messages: [sent("m1", "2025550103")],
    };
    expect(only("delivery-report", body).arrival).toEqual({
      kind: "ignored",
      reason: "no status for +12025550103",
    });
  });

  test("an empty report is ignored, a wrong one not understood", () => {
    expect(only("delivery-report", { statuses: [], messages: [] }).arrival.kind).toBe("ignored");
    for (const body of [{}, { statuses: "x" }, { statuses: [], messages: {} }]) {
      expect(channel.parse(doorRequest("delivery-report", body), parseContext()).ok).toBe(false);
    }
  });
});

describe("the other kinds, read liberally", () => {
  test.each<[what: string, kind: string, body: object, expected: object]>([
    ["bounce without a count", "bounce", contact, { kind: "bounce", bounces: 1 }],
    ["bounce count as text", "bounce", { ...contact, bounces: "4" }, { kind: "bounce", bounces: 4 }],
    [
      "number as a number",
      "unsubscribe",
      { phone_number: 19999999999 },
      { phone: "+19999999999", to: null, at: null },
    ],
    ["status in capitals", "contact-status", { ...contact, status: "Resumed" }, { status: "resumed" }],
    [
      "unknown status",
      "contact-status",
      { ...contact, status: "new" },
      { kind: "ignored", reason: 'unknown contact status "new"' },
    ],
    ["rejection code as a number", "rejected", { code: 7 }, { code: "7", message: "", description: "" }],
  ])("%s", (_what, kind, body, expected) => {
    expect(only(kind, body).arrival).toMatchObject(expected);
  });

  test.each<[kind: string, body: object]>([
    ["unsubscribe", {}],
    ["bounce", { bounces: 2 }],
    ["bounce", { ...contact, bounces: -1 }],
    ["bounce", { ...contact, bounces: "many" }],
    ["contact-status", { ...contact }],
    ["nonsense", inbound],
  ])("%s %j is not understood", (kind, body) => {
    expect(channel.parse(doorRequest(kind, body), parseContext()).ok).toBe(false);
  });

  test.each<[raw: unknown, country: string, phone: string | null]>([
    ["0412 345 678", "AU", "+61412345678"],
    ["2025550101", "GB", "+12025550101"],
    ["1-202-555-0101", "GB", "+12025550101"],
    ["+44 (0)7911 123456", "US", "+447911123456"],
    [null, "US", null],
    [{}, "US", null],
    ["1".repeat(65), "US", null],
  ])("number %j in %s is %s", (raw, country, phone) => {
    expect(readPhone(raw, country)).toBe(phone);
  });

  test.each([
    ["2016-07-01T15:11:09Z", "2016-07-01T15:11:09.000Z"],
    ["2016-07-01T17:11:09.5+02:00", "2016-07-01T15:11:09.500Z"],
    ["2016-07-01T15:11:09", "2016-07-01T15:11:09.000Z"],
    ["2016-13-01T15:11:09Z", null],
    ["2016-07-01", null],
    [1467385869, null],
  ])("time %j is %s", (raw, time) => {
    expect(readTime(raw)).toBe(time);
  });
});
