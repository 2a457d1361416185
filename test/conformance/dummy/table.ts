import { createHmac } from "node:crypto";
import type { Arrival } from "../../../src/domain/arrival.ts";
import type { ChannelFixture, RequestCase } from "../fixture.ts";

/** The table of the provider nobody has. */
const TOKEN = "dm_conformance_token";

function request(name: string, body: object, expect: Arrival[]): RequestCase {
  return { name, door: "inbound", contentType: "application/json", body: JSON.stringify(body), expect };
}

function text(name: string, id: string, said: string): RequestCase {
  return request(name, { event: "text", id, from: "+14155550101", text: said }, [
    {
      kind: "message",
      providerMessageId: id,
      from: "+14155550101",
      to: "+14155550100",
      text: said,
      media: [],
      providerTime: null,
      providerContactId: null,
    },
  ]);
}

function state(name: "sent" | "delivered"): RequestCase {
  return request(name, { event: "state", id: "out-000001", status: name }, [
    {
      kind: "receipt",
      providerMessageId: "out-000001",
      phone: null,
      text: null,
      status: name,
      code: null,
      description: null,
      bounce: false,
    },
  ]);
}

export const fixture: ChannelFixture = {
  settings: { authToken: TOKEN },
  address: "+14155550100",
  country: "US",
  now: new Date("2026-01-02T03:04:05.678Z"),
  signing: {
    sign({ body }, settings, at) {
      const timestamp = String(Math.floor(at.getTime() / 1000));
      const mac = createHmac("sha256", String(settings.authToken)).update(`${timestamp}.${body}`);
      return { "X-Dummy-Timestamp": timestamp, "X-Dummy-Signature": mac.digest("hex") };
    },
    headers: ["X-Dummy-Signature", "X-Dummy-Timestamp"],
    windowSeconds: 300,
    covers: ["body"],
    vectors: [],
  },
  requests: [
    text("a text", "in-000001", "open gate 5"),
    text("the same text a minute later", "in-000002", "open gate 5"),
    text("an emoji", "in-000003", "open 5 👋"),
    text("an empty text", "in-000004", ""),
    request("an unknown event", { event: "moon", id: "ev-000001" }, [
      { kind: "ignored", reason: "unknown event" },
    ]),
    state("sent"),
    state("delivered"),
  ],
  repeats: ["a text", "sent"],
  distinct: [
    ["a text", "the same text a minute later"],
    ["sent", "delivered"],
  ],
  send: {
    text: { id: "msg_1", to: "+14155550101", from: "+14155550100", text: "Bluebird is open.", mediaUrls: [] },
    request: {
      method: "POST",
      path: "/v1/texts",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: { to: "+14155550101", from: "+14155550100", text: "Bluebird is open." },
      encoding: "json",
    },
    accepted: { status: 201, body: '{"id":"out-000001"}' },
    outcome: { kind: "accepted", providerMessageId: "out-000001", status: "handed_over" },
    refusals: [
      {
        name: "bad request",
        reply: { status: 400, body: '{"error":"no such number"}' },
        outcome: { kind: "refused", reason: "other", code: "400" },
      },
    ],
    probe: { method: "GET", path: "/v1/account", accepted: { status: 200, body: "{}" } },
    afterBodyLost: "uncertain",
  },
};
