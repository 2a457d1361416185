import { expect, test } from "vitest";
import { channel } from "../../src/channels/textbelt.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { doorRequest, parseContext, sendContext, type TestContext } from "./harness.ts";
import { fixture } from "./textbelt.ts";

const { settings } = fixture;
const reply = { textId: "1", fromNumber: "+14155551234", text: "1" };

function answering(body: string, status = 200): TestContext & { forms: URLSearchParams[] } {
  const http = createOutboundHttp({ allowPrivateTargets: [], development: false });
  const forms: URLSearchParams[] = [];
  return Object.assign(sendContext(http, settings), {
    forms,
    async call(_route: string, request: { body?: string }) {
      forms.push(new URLSearchParams(request.body));
      return { ok: true as const, status, headers: {}, body };
    },
  });
}

test("states are asked for five times within an hour", () => {
  expect(channel.pollAfterMs).toEqual([10_000, 30_000, 120_000, 600_000, 3_600_000]);
});

test("a name as sender is told, a number is not", async () => {
  const context = answering('{"success":true,"textId":"1"}');
  const text = { id: "msg_1", to: "+14155551234", from: "Alpine Resort", text: "hi", mediaUrls: [] };
  await channel.send(text, context);
  await channel.send({ ...text, from: "+18005550100" }, context);
  await channel.send({ ...text, from: "" }, context);
  expect(context.forms.map((form) => form.get("sender"))).toEqual(["Alpine Resort", null, null]);
});

test.each<[body: string, outcome: object]>([
  ['{"success":true,"quotaRemaining":1}', { kind: "accepted" }],
  ['{"success":true,"quotaRemaining":0}', { kind: "refused", reason: "no_funds" }],
  ['{"success":true,"quotaRemaining":-1}', { kind: "refused", reason: "no_funds" }],
  ['{"success":true}', { kind: "unreachable" }],
  ['{"success":false,"error":"Invalid key"}', { kind: "broken-credential" }],
])("the quota %s", async (body, outcome) => {
  expect(await channel.probe(answering(body))).toMatchObject(outcome);
});

test("without its headers a reply is told by its body and the moment it came", () => {
  const keyAt = (time: string, body: object = reply) => {
    const parsed = channel.parse(
      doorRequest("inbound", body, { receivedAt: new Date(time) }),
      parseContext(),
    );
    return parsed.ok ? parsed.arrivals[0]?.dedupeKey : parsed.reason;
  };
  const key = keyAt("2026-01-02T03:04:04.000Z");
  expect(keyAt("2026-01-02T03:04:04.000Z")).toBe(key);
  expect(keyAt("2026-01-02T03:04:04.001Z")).not.toBe(key);
  expect(keyAt("2026-01-02T03:04:04.000Z", { ...reply, text: "2" })).not.toBe(key);
});
