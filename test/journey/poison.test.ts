import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

/** What one genuine but absurd request or answer holds must not stop everybody else. */

const REPORTER = "+14155550101";
const settings = { accessToken: "t", allowedIps: "127.0.0.1", sendBy: "direct" };

let fake: FakeMobiniti;
let program: Program;
let doors: Record<string, string>;

beforeEach(async () => {
  fake = await startFakeMobiniti();
  program = await startProgram();
  const body = mobinitiChannel(fake.url, { rate: 1_000, settings: { ...settings, apiUrl: fake.url } });
  const channel = await program.api("POST", "/v1/channels", body);
  const local = (url: string) => url.replace(/^http:\/\/localhost:\d+/, program.url);
  const urls = Object.entries(channel.body.inboundUrls as Record<string, string>);
  doors = Object.fromEntries(urls.map(([kind, url]) => [kind, local(url)]));
});
afterEach(async () => {
  await program.stop();
  await fake.close();
});

async function command(text: string): Promise<void> {
  expect(await post(doors.inbound ?? "", inboundWebhook({ from: REPORTER, text }))).toBe(200);
  await until(`"${text}" to be done`, async () => {
    const { body } = await program.api("GET", "/v1/commands?outcome=changed");
    return body.data.some((row: { text: string }) => row.text === text);
  });
}

/** Too long for an index, and nothing that could be compressed to fit. */
function absurdId(): string {
  return Array.from({ length: 100 }, (_, i) => createHash("sha256").update(`${i}`).digest("hex")).join("");
}

test("a bounce with a count no column holds", async () => {
  const body = { ...inboundWebhook({ from: "+14155550177", text: "" }), bounces: 10_000_000_000 };
  expect(await post(doors.bounce ?? "", body)).toBe(200);
  await command("GROOMING OPEN");
});

test("a delivery report with an id no index holds", async () => {
  const report = {
    total_messages: 1,
    statuses: [{ code: "100", status: "ok", count: 1, recipients: [REPORTER], success: true, bounce: false }],
    messages: [{ id: absurdId(), from: "64600", message: "x", phone_number: REPORTER, metadata: null }],
  };
  expect(await post(doors["delivery-report"] ?? "", report)).toBe(200);
  await command("GROOMING OPEN");
});

test("an answer of the provider with an id no index holds", async () => {
  fake.fail("POST /message", { status: 200, body: { data: { id: absurdId() } } }, 1);
  await command("GROOMING OPEN");
  await command("GROOMING CLOSED");
  await until("the second reply", async () => fake.sendCount >= 1);
  await until("both to be settled", async () => {
    const { body } = await program.api("GET", "/v1/messages?direction=out&status=handed_over");
    return body.data.length === 2;
  });
});
