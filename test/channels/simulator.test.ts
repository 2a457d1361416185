import { expect, test } from "vitest";
import { channel } from "../../src/channels/simulator.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { doorRequest, parseContext, sendContext } from "./harness.ts";

const context = sendContext(createOutboundHttp({ allowPrivateTargets: [], development: false }), {});

test("takes every text at once as delivered, and calls nobody", async () => {
  const text = { id: "msg_1", to: "+14155550101", from: "64600", text: "hello", mediaUrls: [] };
  expect(await channel.send(text, context)).toEqual({
    kind: "accepted",
    providerMessageId: "sim_msg_1",
    status: "delivered",
  });
  expect((await channel.probe(context)).kind).toBe("accepted");
  expect(context.routes).toEqual([]);
});

test("has neither settings nor a door", () => {
  expect(channel.check({})).toEqual([]);
  expect(channel.settings).toEqual([]);
  expect(channel.doors).toEqual([]);
  expect(channel.verify(doorRequest("inbound", {}), {}).genuine).toBe(false);
  expect(channel.parse(doorRequest("inbound", {}), parseContext()).ok).toBe(false);
});
