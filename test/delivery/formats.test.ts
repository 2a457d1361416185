import { describe, expect, test } from "vitest";
import { loadFormats } from "../../src/delivery/formats/registry/load-formats.ts";
import type { FormatContext, HookContact } from "../../src/delivery/formats/types.ts";

const formats = await loadFormats();

const message = {
  id: "msg_1",
  channelId: "chn_1",
  direction: "in",
  from: "+919876543210",
  to: "+911234500000",
  text: "balance",
  contactId: "con_1",
  ref: null as string | null,
};
const received = {
  message,
  class: "other",
  matchedRuleId: "rule_1" as string | null,
  deviceId: "dev_1" as string | null,
  receivedAt: "2026-06-12T14:32:00.000Z",
};
const contact: HookContact = {
  id: "con_1",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  bounces: 3,
  unsubscribedAt: null,
};
const AT = "2026-06-12T14:32:04.120Z";

function bodyOf(
  format: string,
  type: string,
  data: object,
  over: Partial<FormatContext> = {},
): string | null {
  const context: FormatContext = {
    source: "endpoint",
    tenantName: "Acme Corp",
    options: {},
    contact,
    publicUrl: "http://hub.test",
    ...over,
  };
  const event = { id: "evt_1", type, timestamp: AT, tenantId: "ten_1", data: JSON.stringify(data) };
  const rendered = formats.get(format)?.render(event, context);
  return rendered && "body" in rendered ? rendered.body : null;
}

test("every format has cases below", () => {
  expect([...formats.keys()]).toEqual(["mobile-api-connect", "mobiniti", "signalbox"]);
});

describe("a test", () => {
  const note = { endpointId: "ep_1", note: "A test." };

  test.each([
    [
      "endpoint",
      '{"event":"webhook.test","from":"","to":"","text":"A test.","ref":null,"receivedAt":"2026-06-12T14:32:04.120Z","deviceId":null,"tenantId":"ten_1","tenantName":"Acme Corp"}',
    ],
    [
      "callback",
      '{"event":"webhook.test","id":"evt_1","ref":null,"to":"","status":"test","errorCode":null,"at":"2026-06-12T14:32:04.120Z"}',
    ],
  ])("at Mobile API Connect it has the keys of the real ones: %s", (source, body) => {
    expect(bodyOf("mobile-api-connect", "webhook.test", note, { source })).toBe(body);
  });

  test("Mobiniti has none: it could not be told from a real one", () => {
    expect(bodyOf("mobiniti", "webhook.test", note, { options: { kind: "inbound" } })).toBeNull();
  });
});

describe("signalbox", () => {
  test("the envelope, data as it was written", () => {
    expect(bodyOf("signalbox", "message.received", { b: 1, a: "ü" })).toBe(
      '{"id":"evt_1","type":"message.received","timestamp":"2026-06-12T14:32:04.120Z","tenantId":"ten_1","data":{"b":1,"a":"ü"}}',
    );
  });
  test("too large: where it can be read", () => {
    const body = bodyOf("signalbox", "alert", { text: "x".repeat(300_000) }) ?? "";
    expect(JSON.parse(body).data).toEqual({ truncated: true, url: "http://hub.test/v1/events/evt_1" });
  });
});

describe("mobile-api-connect", () => {
  const inbound =
    '{"event":"message.received","from":"919876543210","to":"911234500000","text":"balance","ref":null,"receivedAt":"2026-06-12T14:32:00.000Z","deviceId":"dev_1","tenantId":"ten_1","tenantName":"Acme Corp"';
  const type = "message.received";
  test("a rule's webhook names the rule", () => {
    expect(bodyOf("mobile-api-connect", type, received, { source: "rule" })).toBe(
      `${inbound},"matchedRuleId":"rule_1"}`,
    );
  });
  test("forward-all never does, and without a match nobody does", () => {
    expect(bodyOf("mobile-api-connect", type, received, { source: "forward_all" })).toBe(`${inbound}}`);
    const unmatched = { ...received, matchedRuleId: null };
    expect(bodyOf("mobile-api-connect", type, unmatched, { source: "integration" })).toBe(`${inbound}}`);
  });
  test("short codes and names keep their form; without a phone the channel is the device", () => {
    const odd = {
      ...received,
      deviceId: null,
      message: { ...message, from: "ACME", to: "64600", ref: "4821" },
    };
    expect(JSON.parse(bodyOf("mobile-api-connect", type, odd) ?? "")).toMatchObject({
      from: "ACME",
      to: "64600",
      ref: "4821",
      deviceId: "chn_1",
    });
  });
  test.each([
    ["message.sent", null, "message.sent", "sent", null],
    ["message.delivered", null, "message.delivered", "delivered", null],
    ["message.failed", { code: "expired" }, "message.failed", "failed", "expired"],
    ["message.rejected", { code: "opted_out" }, "message.failed", "failed", "opted_out"],
  ])("callback of %s", (given, error, event, status, errorCode) => {
    const data = { message: { ...message, to: "+6581230000", ref: "order-4821" }, error };
    expect(bodyOf("mobile-api-connect", given, data, { source: "callback" })).toBe(
      JSON.stringify({
        event,
        id: "msg_1",
        ref: "order-4821",
        to: "+6581230000",
        status,
        errorCode,
        at: AT,
      }),
    );
  });
  test("nothing else", () => {
    expect(bodyOf("mobile-api-connect", "alert", {})).toBeNull();
  });
});

describe("mobiniti", () => {
  const names = '"first_name":null,"last_name":null,"email":null';
  const times = '"created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-02T00:00:00.000Z"';
  const person = { phone: "+14155550101", contactId: "con_1", address: "64600", at: AT };
  const out = { ...message, from: "64600", to: "+14155550101", text: "Hi" };
  test.each([
    [
      "inbound",
      "message.received",
      received,
      `{"id":"con_1",${names},"short_code":"+911234500000","phone_number":"+919876543210","message":"balance","unsubscribed_at":null,${times},"received_at":"2026-06-12T14:32:00.000Z"}`,
    ],
    [
      "unsubscribe",
      "contact.unsubscribed",
      person,
      `{"id":"con_1",${names},"phone_number":"+14155550101","to":"64600","unsubscribed_at":"${AT}",${times}}`,
    ],
    [
      "bounce",
      "contact.bounced",
      { ...person, bounces: 3 },
      `{"id":"con_1",${names},"phone_number":"+14155550101","unsubscribed_at":null,"bounces":3,${times}}`,
    ],
    [
      "delivery-report",
      "message.delivered",
      { message: out },
      '{"total_messages":1,"statuses":[{"code":"100","status":"The message delivered successfully.","count":1,"recipients":["14155550101"],"success":true,"bounce":false}],"messages":[{"id":"msg_1","from":"64600","message":"Hi","phone_number":"4155550101","metadata":[]}]}',
    ],
    [
      "contact-status",
      "contact.status_changed",
      { ...person, from: "active", to: "suspended" },
      `{"id":"con_1",${names},"phone_number":"+14155550101","status":"suspended",${times}}`,
    ],
    [
      "rejected",
      "message.rejected",
      { message: out, error: { code: "opted_out", text: "This person has opted out." } },
      '{"code":"opted_out","message":"This person has opted out.","description":"This person has opted out."}',
    ],
  ])("%s", (kind, type, data, body) => {
    expect(bodyOf("mobiniti", type, data, { options: { kind } })).toBe(body);
  });
  test("an endpoint takes its own kind alone", () => {
    expect(bodyOf("mobiniti", "alert", {}, { options: { kind: "inbound" } })).toBeNull();
    expect(bodyOf("mobiniti", "message.received", received)).toBeNull();
  });
  test("a bounce counts from the threshold on", () => {
    const options = { kind: "bounce", threshold: 4 };
    expect(bodyOf("mobiniti", "contact.bounced", { ...person, bounces: 3 }, { options })).toBeNull();
  });
});
