import { afterAll, beforeAll, expect, test } from "vitest";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

const PHONE = "+14155550177";

let fake: FakeMobiniti;
let program: Program;
let door: string;

beforeAll(async () => {
  fake = await startFakeMobiniti();
  program = await startProgram();
  const settings = { accessToken: "test-token", allowedIps: "127.0.0.1", sendBy: "direct", apiUrl: fake.url };
  const channel = await program.api("POST", "/v1/channels", mobinitiChannel("", { rate: 1_000, settings }));
  door = channel.body.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url);
});
afterAll(async () => {
  await program.stop();
  await fake.close();
});

async function eventOf(type: string, id: string) {
  return until(`${type} of ${id}`, async () => {
    const { body } = await program.api("GET", `/v1/events?type=${type}`);
    return body.data.find((event: { data: { message: { id: string } } }) => event.data.message.id === id);
  });
}

const send = async (to: string, text: string): Promise<string> =>
  (await program.api("POST", "/v1/messages", { to, text })).body.id;

test("a provider's own words reach the log without the number and the text", async () => {
  const text = "the vault is open";
  fake.fail("POST /message", { status: 422, body: { message: `${PHONE} may not get "${text}"` } }, 1);
  await eventOf("message.rejected", await send(PHONE, text));
  const lines = program.logLines.filter((line) => line.includes("outbox: attempt"));
  expect(lines.join("")).toContain("may not get");
  expect(program.logLines.join("")).not.toMatch(/14155550177|vault/);
});

test("texts that expire or are withdrawn by STOP before they left are told as events", async () => {
  fake.fail("POST /message", { status: 429, headers: { "retry-after": "3600" } });
  const blocked = await send("+14155550178", "first");
  await until("the lane to pause", async () => {
    const { body } = await program.api("GET", "/v1/channels");
    return body.data.some((channel: { health: { paused: object | null } }) => channel.health.paused !== null);
  });
  const withdrawn = await send(PHONE, "second");
  expect(await post(door, inboundWebhook({ from: PHONE, text: "STOP" }))).toBe(200);
  expect((await eventOf("message.rejected", withdrawn)).data).toMatchObject({
    stage: "consent",
    error: { code: "opted_out" },
    message: { status: "failed", to: PHONE },
  });
  await program.app.database.run("t-late", "update outbox set expires_at = now() - interval '1 second'");
  expect((await eventOf("message.failed", blocked)).data).toMatchObject({
    error: { code: "expired" },
    message: { status: "expired" },
  });
  fake.heal();
});
