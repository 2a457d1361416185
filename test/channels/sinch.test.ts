import { expect, test } from "vitest";
import { channel } from "../../src/channels/sinch.ts";
import { doorRequest, parseContext, sendContext } from "./harness.ts";
import { fixture } from "./sinch.ts";

/** What the conformance suite cannot know; the rest stands in the table. */
const { settings, now, signing } = fixture;

test.each([
  ["HmacSHA256", true],
  ["HMAC-SHA256", true],
  ["hmacsha256", true],
  ["HmacSHA512", false],
  ["none", false],
])("algorithm %s", (algorithm, genuine) => {
  const body = "{}";
  const parts = { method: "POST", url: "https://hub.example.com/in/token/inbound", body } as const;
  const headers = {
    ...signing?.sign(parts, settings, now),
    "x-sinch-webhook-signature-algorithm": algorithm,
  };
  const request = doorRequest("inbound", body, { headers, receivedAt: now });
  expect(channel.verify(request, settings).genuine).toBe(genuine);
});

test.each([
  [undefined, "https://us.sms.api.sinch.com"],
  ["https://eu.sms.api.sinch.com", "https://eu.sms.api.sinch.com"],
  ["https://eu.sms.api.sinch.com/", "https://eu.sms.api.sinch.com"],
  ["https://eu.sms.api.sinch.com/xms/v1/", "https://eu.sms.api.sinch.com"],
])("API URL %s", async (apiUrl, origin) => {
  const urls: string[] = [];
  const http = { call: () => Promise.reject(new Error("not used")), close: async () => {} };
  const context = sendContext(http, { ...settings, apiUrl });
  context.call = async (_route, { url }) => {
    urls.push(url);
    return { ok: true, status: 201, headers: {}, body: "{}" };
  };
  await channel.send({ id: "msg_1", to: "+16051234567", from: "", text: "x", mediaUrls: [] }, context);
  expect(urls).toEqual([`${origin}/xms/v1/${settings.servicePlanId}/batches`]);
});

test.each([
  ["servicePlanId", "../other"],
  ["apiToken", "to ken"],
])("%s = %s is refused by the form", (path, value) => {
  expect(channel.check({ ...settings, [path]: value })).toEqual([{ path, message: expect.any(String) }]);
});

test("what makes an arrival the same", () => {
  const keys = fixture.requests.flatMap((recorded) => {
    const parsed = channel.parse(doorRequest("inbound", recorded.body), parseContext(fixture));
    return parsed.ok ? parsed.arrivals.map(({ dedupeKey }) => dedupeKey) : [];
  });
  expect(keys).toContain("message:01FC66621XXXXX119Z8PMV1QPQ");
  expect(keys).toContain("receipt:01FC66621XXXXX119Z8PMV1QPU:+16051234567:Delivered:0");
});
