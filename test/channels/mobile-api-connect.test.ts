import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { channel } from "../../src/channels/mobile-api-connect.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { doorRequest, parseContext, sendContext } from "./harness.ts";
import { fixture } from "./mobile-api-connect.ts";

const { settings } = fixture;

test("the key is the whole secret, whsec_ included", () => {
  const body = '{"event":"message.received"}';
  const secret = String(settings.webhookSecret);
  const signed = (key: string | Buffer) => {
    const mac = createHmac("sha256", key).update(body).digest("hex");
    return doorRequest("inbound", body, { headers: { "x-mac-signature": `sha256=${mac}` } });
  };
  expect(channel.verify(signed(secret), settings).genuine).toBe(true);
  expect(channel.verify(signed(secret.slice(6)), settings).genuine).toBe(false);
  expect(channel.verify(signed(Buffer.from(secret.slice(6), "base64")), settings).genuine).toBe(false);
});

test("one text by two routes is one arrival; the key knows what differs", () => {
  const inbound = {
    event: "message.received",
    from: "919876543210",
    to: "911234500000",
    text: "1",
    receivedAt: "2026-06-12T14:32:00.000Z",
    deviceId: "dev_1",
  };
  const key = (fields: object) => {
    const parsed = channel.parse(doorRequest("inbound", { ...inbound, ...fields }), parseContext());
    return parsed.ok ? parsed.arrivals[0]?.dedupeKey : parsed.reason;
  };
  expect(key({ matchedRuleId: "rule_1", ref: "x" })).toBe(key({}));
  const others = [
    { from: "919876543211" },
    { to: "911234500001" },
    { text: "2" },
    { receivedAt: "2026-06-12T14:32:00.001Z" },
    { deviceId: "dev_2" },
  ];
  expect(new Set(others.map(key)).size).toBe(others.length);
  for (const other of others) expect(key(other)).not.toBe(key({}));
});

test("a reference that is too long is left out", async () => {
  const http = createOutboundHttp({ allowPrivateTargets: [], development: false });
  const context = sendContext(http, settings);
  const refs: unknown[] = [];
  context.call = async (_route, request) => {
    refs.push(JSON.parse(request.body ?? "").ref);
    return { ok: true, status: 202, headers: {}, body: '{"id":"msg_1","status":"sent"}' };
  };
  for (const length of [64, 65]) {
    const text = { id: "m".repeat(length), to: "+919876543210", from: "", text: "hi", mediaUrls: [] };
    expect(await channel.send(text, context)).toEqual({
      kind: "accepted",
      providerMessageId: "msg_1",
      status: "sent",
    });
  }
  expect(refs).toEqual(["m".repeat(64), undefined]);
  await http.close(0);
});

test.each<[status: number, body: string, kind: string]>([
  [200, '{"url":"https://example.com","enabled":true}', "accepted"],
  [404, '{"error":"not_found"}', "accepted"],
  [404, "<html>", "refused"],
  [200, "<html>", "unreachable"],
  [403, '{"error":"tenant_inactive"}', "broken-credential"],
])("asked for its webhook it answers %i %s: %s", async (status, body, kind) => {
  const http = createOutboundHttp({ allowPrivateTargets: [], development: false });
  const context = sendContext(http, settings);
  context.call = async () => ({ ok: true, status, headers: {}, body });
  expect((await channel.probe(context)).kind).toBe(kind);
  await http.close(0);
});
