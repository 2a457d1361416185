import { describe, expect, test } from "vitest";
import { channel } from "../../src/channels/mobiniti.ts";
import { doorRequest, parseContext, RECEIVED_AT } from "./harness.ts";
import { contact, inbound, report, sha256, TIME, times } from "./mobiniti-samples.ts";

describe("dedupe keys", () => {
  const key = (kind: string, body: unknown, receivedAt = RECEIVED_AT): string | undefined => {
    const parsed = channel.parse(doorRequest(kind, body, { receivedAt }), parseContext());
    return parsed.ok ? parsed.arrivals[0]?.dedupeKey : undefined;
  };
  const later = new Date(RECEIVED_AT.getTime() + 60_000);

  test.each<[what: string, kind: string, first: object, second: object, secondAt: Date, same: boolean]>([
    ["the same delivery again", "inbound", inbound, inbound, later, true],
    [
      "the same text a minute later",
      "inbound",
      inbound,
      { ...inbound, received_at: "2016-07-01T15:12:09.553Z" },
      later,
      false,
    ],
    ["two texts at one time", "inbound", inbound, { ...inbound, message: "other" }, RECEIVED_AT, false],
    ["two people at one time", "inbound", inbound, { ...inbound, id: "other" }, RECEIVED_AT, false],
    [
      "no id, two people",
      "inbound",
      { ...inbound, id: null },
      { ...inbound, id: null, phone_number: "+19999999998" },
      later,
      false,
    ],
    ["no id, again", "inbound", { ...inbound, id: null }, { ...inbound, id: null }, later, true],
    [
      "no time, again at once",
      "inbound",
      { ...inbound, received_at: null },
      { ...inbound, received_at: null },
      RECEIVED_AT,
      true,
    ],
    [
      "no time, a minute later",
      "inbound",
      { ...inbound, received_at: null },
      { ...inbound, received_at: null },
      later,
      false,
    ],
    ["a report again", "delivery-report", report, report, later, true],
    [
      "one more bounce",
      "bounce",
      { ...contact, bounces: 2, ...times },
      { ...contact, bounces: 3, ...times },
      later,
      false,
    ],
    [
      "STOP again",
      "unsubscribe",
      { ...contact, unsubscribed_at: TIME },
      { ...contact, unsubscribed_at: TIME },
      later,
      true,
    ],
    ["a second rejection", "rejected", { code: "1" }, { code: "1" }, later, false],
  ])("%s", (_what, kind, first, second, secondAt, same) => {
    expect(key(kind, first) === key(kind, second, secondAt)).toBe(same);
  });

  test("fall back to number and window, and stay short", () => {
    const hash = sha256(inbound.message);
    expect(key("inbound", { ...inbound, id: null, received_at: null })).toBe(
      `inbound:+19999999999:+19999999999:64600:t${RECEIVED_AT.getTime()}:${hash}`,
    );
    expect(
      key("inbound", { ...inbound, id: "x".repeat(5000), received_at: "y".repeat(5000) })?.length,
    ).toBeLessThan(250);
  });
});
