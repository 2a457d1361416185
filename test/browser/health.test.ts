import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mobinitiChannel, post } from "../support/mobiniti.ts";
import { until } from "../support/program.ts";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner()).newPage();
});
afterAll(() => portal.stop());

test("a guard that holds back is told in words, and released", async () => {
  const { api } = portal.program;
  for (let n = 0; n < 5; n++) {
    await api("POST", "/v1/simulator/messages", { from: "+14155550114", text: "blah blah" });
  }
  await until("a guard to trip", async () => {
    const { body } = await api("GET", "/v1/guards/trips?open=true");
    return body.data.length > 0;
  });
  await page.goto(`${portal.url}/health-report`);
  await page.getByText("Loop guard:").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  const row = page.getByRole("listitem").filter({ hasText: "The same text again and again" });
  await row.getByRole("button", { name: "Release" }).click();
  await page.getByText("Released: its counters begin anew.").waitFor();
  await page.getByText("Everything moves").waitFor();
  await page.getByText("All", { exact: true }).click();
  await row.getByText("Released", { exact: true }).waitFor();
});

test("a paused channel is resumed, and what was not believed is shown without what it said", async () => {
  const { api, url } = portal.program;
  const settings = { accessToken: "t", allowedIps: "192.0.2.1", apiUrl: "http://127.0.0.1:9/v1" };
  const { body: channel } = await api("POST", "/v1/channels", mobinitiChannel("", { settings }));
  const door = channel.inboundUrl.replace(/^http:\/\/localhost:\d+/, url);
  expect(await post(door, '{"message": "the vault is open"}')).toBe(403);
  await api("POST", `/v1/channels/${channel.id}/pause`);
  await page.goto(`${portal.url}/health-report`);
  const alert = page.getByRole("alert").filter({ hasText: "paused by" });
  await alert.getByRole("link", { name: "Open the channel" }).waitFor();
  await page.getByText("from 127.0.0.1").click();
  await page.getByText('{"message": "…"}').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await alert.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Mobiniti may send again.").waitFor();
  await alert.waitFor({ state: "detached" });
});
