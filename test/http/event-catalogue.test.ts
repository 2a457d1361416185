import { afterAll, beforeAll, expect, test } from "vitest";
import { EVENT_TYPES } from "../../src/domain/events.ts";
import { EVENT_EXAMPLES } from "../../src/http/event-examples.ts";
import type { EventType } from "../../src/http/event-shapes.ts";
import { EVENT_SHAPES } from "../../src/http/event-shapes.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** What is told is what the API's document says: no key is missing, none is unknown. */

let program: Program;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  program = await startProgram();
});
afterAll(async () => {
  await program.stop();
  await receiver.close();
});

/** A shape drops what it does not know, so what comes out shows what the document leaves out. */
function asDescribed(type: string, data: unknown): unknown {
  return EVENT_SHAPES[type as EventType].parse(data);
}

test.each(Object.entries(EVENT_EXAMPLES))("the example of %s is one", (type, { data }) => {
  expect(asDescribed(type, data)).toEqual(data);
});

test("the document shows each type with its shape and an example", async () => {
  const document = (await (await fetch(`${program.url}/openapi.json`)).json()) as {
    webhooks: Record<string, { post: { requestBody: { content: Record<string, Shown> } } }>;
  };
  expect(Object.keys(document.webhooks).sort()).toEqual([...EVENT_TYPES].sort());
  for (const [type, { post }] of Object.entries(document.webhooks)) {
    const { schema, example } = post.requestBody.content["application/json"] as Shown;
    expect(schema.required).toEqual(["id", "type", "timestamp", "tenantId", "data"]);
    expect(schema.properties.type).toMatchObject({ const: type });
    expect(example.type).toBe(type);
    // Keys may be added: receivers must not be told to refuse them.
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  }
});

interface Shown {
  schema: { required: string[]; properties: Record<string, unknown> };
  example: { type: string };
}

test("what the program tells has these shapes", async () => {
  const from = "+14155550101";
  const says = (text: string, phone = from) =>
    program.api("POST", "/v1/simulator/messages", { from: phone, text });
  const stranger = "+14155550197";
  await says("GROOMING OPEN");
  await says("open the pod bay doors");
  for (const word of ["STOP", "START"]) await says(word, stranger);
  await program.api("POST", "/v1/messages", { to: stranger, text: "hello", ref: "r" });
  const hook = { url: receiver.url, types: ["message.received"] };
  const { id } = (await program.api("POST", "/v1/endpoints", hook)).body;
  const watcher = (await program.api("POST", "/v1/endpoints", { url: receiver.url, types: ["endpoint.*"] }))
    .body;
  await program.api("POST", `/v1/endpoints/${id}/rotate-secret`, {});
  await program.api("POST", `/v1/endpoints/${id}/test`);
  for (const enabled of [false, true]) await program.api("PATCH", `/v1/endpoints/${id}`, { enabled });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  await program.api("POST", `/v1/endpoints/${id}/replay`, { since, states: "all" });
  const expected = [
    ...["board.item.changed", "command.executed", "command.refused"],
    ...["contact.subscribed", "contact.unsubscribed"],
    ...["endpoint.disabled", "endpoint.enabled", "endpoint.secret_rotated"],
    ...["message.delivered", "message.queued", "message.received", "message.sent"],
    ...["replay.finished", "webhook.test"],
  ];
  const all = await until("every type to be told", async () => {
    const { body } = await program.api("GET", "/v1/events?limit=100");
    const told = new Set(body.data.map((event: { type: string }) => event.type));
    return expected.every((type) => told.has(type)) && body.data;
  });
  for (const { type, data } of all) expect(asDescribed(type, data), type).toEqual(data);
  await program.api("DELETE", `/v1/endpoints/${watcher.id}`);
});
