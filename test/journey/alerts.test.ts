import { afterAll, beforeAll, expect, test } from "vitest";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { mobinitiChannel } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram({ template: "empty" });
});
afterAll(() => program.stop());

test("a channel whose credential is refused is told by mail to the address in the settings", async () => {
  const wrong = await program.api("PATCH", "/v1/settings", { alerts: { email: "not an address" } });
  expect(wrong).toMatchObject({ status: 400, body: { issues: [{ path: "alerts.email" }] } });
  await program.api("PATCH", "/v1/settings", { alerts: { email: "ops@example.com" } });
  const fake = await startFakeMobiniti({ token: "right" });
  const channel = mobinitiChannel(fake.url, {
    settings: { accessToken: "wrong", allowedIps: "127.0.0.1", apiUrl: fake.url, sendBy: "direct" },
  });
  expect((await program.api("POST", "/v1/channels", channel)).status).toBe(201);
  await program.api("POST", "/v1/messages", { to: "+14155550101", text: "hello" });
  const mail = await until("the mail", async () => {
    const { body } = await program.api("GET", "/v1/mails");
    return body.data[0];
  });
  expect(mail).toMatchObject({ to: "ops@example.com", event: "channel.down" });
  expect(mail.subject).toContain("a channel does not send");
  await fake.close();
});
