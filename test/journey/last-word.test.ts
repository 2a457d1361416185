import { expect, test } from "vitest";
import { createDatabase } from "../support/database.ts";
import { contactIdOf, inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import { startProgram, until } from "../support/program.ts";

test("of a START and a later opt-out with the provider, worked on together, the later one holds", async () => {
  const databaseUrl = await createDatabase();
  const doors = await startProgram({ role: "web" }, { databaseUrl });
  const { body: channel } = await doors.api("POST", "/v1/channels", mobinitiChannel("http://127.0.0.1:1"));
  const local = (url: string) => url.replace(/^http:\/\/localhost:\d+/, doors.url);
  const phone = "+14155550777";
  expect(await post(local(channel.inboundUrl), inboundWebhook({ from: phone, text: "START" }))).toBe(200);
  const left = { id: contactIdOf(phone), phone_number: phone, to: "64600", unsubscribed_at: "2026-01-01" };
  expect(await post(local(channel.inboundUrls.unsubscribe), left)).toBe(200);
  const worker = await startProgram({ role: "worker" }, { databaseUrl });
  const consent = await until("both to be known", async () => {
    const { body } = await doors.api("GET", `/v1/consent?phone=${encodeURIComponent(phone)}`);
    const actions = body.events.map(({ action }: { action: string }) => action);
    return actions.includes("restore") && actions.includes("revoke") && body;
  });
  expect(consent.optedOut).toMatchObject([{ scope: "all", method: "provider_block" }]);
  expect(consent.blocks).toMatchObject([{ state: "blocked" }]);
  await worker.stop();
  await doors.stop();
});
