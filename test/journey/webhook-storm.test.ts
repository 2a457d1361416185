import { afterAll, beforeAll, expect, test } from "vitest";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { startReceiver } from "../support/receiver.ts";

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(async () => {
  await program.stop();
});

const STORM = 1_000;
const AT_ONCE = 50;

test("one text delivered to us a thousand times is one event, and one delivery for each endpoint", async () => {
  const receivers = await Promise.all([startReceiver(), startReceiver()]);
  for (const { url } of receivers) {
    const made = await program.api("POST", "/v1/endpoints", { url, types: ["message.received"] });
    expect(made.status).toBe(201);
  }
  const off = { url: "https://off.example.com/", types: ["message.received"], enabled: false };
  await program.api("POST", "/v1/endpoints", off);
  const channel = await program.api("POST", "/v1/channels", mobinitiChannel("http://127.0.0.1:9/v1"));
  const door = channel.body.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url);
  const body = inboundWebhook({ from: "+14155550101", text: "hello" });
  for (let sent = 0; sent < STORM; sent += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => post(door, body)));
    expect(new Set(answers)).toEqual(new Set([200]));
  }
  // What comes after it has everything of the storm before it.
  await post(door, inboundWebhook({ from: "+14155550102", text: "the last" }));
  for (const receiver of receivers) {
    const requests = await receiver.received(2);
    expect(requests.map((one) => JSON.parse(one.body).data.message.text).sort()).toEqual([
      "hello",
      "the last",
    ]);
    expect(receiver.requests).toHaveLength(2);
  }
  const { body: page } = await program.api("GET", "/v1/deliveries");
  expect(page.data).toHaveLength(6);
  const metrics = await (await fetch(`${program.url}/metrics`)).text();
  expect(metrics).toContain('signalbox_hook_waiting{state="held"} 2');
  for (const receiver of receivers) await receiver.close();
});
