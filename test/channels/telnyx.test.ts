import { expect, test } from "vitest";
import { channel } from "../../src/channels/telnyx.ts";
import type { ProviderRequest } from "../../src/channels/types.ts";
import { doorRequest, parseContext, sendContext } from "./harness.ts";
import { fixture } from "./telnyx.ts";

/** What the conformance suite cannot know; the rest stands in the table. */
const OTHER_KEY = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
const { settings, now, signing } = fixture;
const body = '{"data":{"event_type":"message.received"}}';

function signedRequest() {
  const parts = { method: "POST", url: "https://hub.example.com/in/token/inbound", body } as const;
  const headers = signing?.sign(parts, settings, now) ?? {};
  return doorRequest("inbound", body, { headers, receivedAt: now });
}

test.each([
  ["the new key behind the old one", `${OTHER_KEY}, ${settings.publicKey}`, true],
  ["the new key before the old one", `${settings.publicKey}\n${OTHER_KEY}`, true],
  ["another key", OTHER_KEY, false],
  ["a key and rubbish", `${settings.publicKey}, rubbish`, false],
  ["a key with one byte too few", Buffer.alloc(31, 7).toString("base64"), false],
  ["bytes that are no point of the curve", Buffer.alloc(32, 0xff).toString("base64"), false],
])("%s", (_what, publicKey, genuine) => {
  expect(channel.verify(signedRequest(), { ...settings, publicKey }).genuine).toBe(genuine);
});

test.each([
  ["publicKey", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR"],
  ["publicKey", `${OTHER_KEY} x`],
  ["apiKey", "KEY 12"],
])("%s = %s is refused by the form", (path, value) => {
  expect(channel.check({ ...settings, [path]: value })).toEqual([{ path, message: expect.any(String) }]);
});

test("what makes an arrival the same", () => {
  const keys = fixture.requests.flatMap((recorded) => {
    const parsed = channel.parse(doorRequest("inbound", recorded.body), parseContext(fixture));
    return parsed.ok ? parsed.arrivals.map(({ dedupeKey }) => dedupeKey) : [];
  });
  expect(keys).toContain("message:7ee4241c-f127-47e5-9c34-3aac291f8058");
  expect(keys).toContain(
    "receipt:ac012cbf-5e09-46af-a69a-7c0e2d90993c:message.finalized:+18665550001:sending_failed:40300",
  );
  expect(keys).toContain("event:ev-1");
});

test("the messaging profile goes along, and is what the test of the credentials asks for", async () => {
  const calls: ProviderRequest[] = [];
  const http = { call: () => Promise.reject(new Error("not used")), close: async () => {} };
  const context = sendContext(http, { ...settings, messagingProfileId: "pro/file" });
  context.call = async (_route, request) => {
    calls.push(request);
    return { ok: true, status: 200, headers: {}, body: "{}" };
  };
  await channel.send({ id: "msg_1", to: "+18665550001", from: "", text: "x", mediaUrls: [] }, context);
  await channel.probe(context);
  const [send, probe] = calls;
  expect(JSON.parse(send?.body ?? "")).toMatchObject({ from: "64600", messaging_profile_id: "pro/file" });
  expect(probe?.url).toBe("https://api.telnyx.com/v2/messaging_profiles/pro%2Ffile");
});
