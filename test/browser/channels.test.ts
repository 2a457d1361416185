import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let context: BrowserContext;
let page: Page;

const TOKEN = "eyJ0eXAi.a-token-nobody-may-see-again";

beforeAll(async () => {
  portal = await openPortal({ publicUrl: null });
  context = await portal.owner();
  page = await context.newPage();
});
afterAll(() => portal.stop());

test("a Mobiniti channel is made with the provider's own steps beside the form", async () => {
  await page.goto("/channels");
  await page.getByRole("link", { name: "Add a channel" }).click();
  await page.getByRole("button", { name: /Mobiniti/ }).click();
  await page.getByRole("heading", { name: "What you need from Mobiniti" }).waitFor();
  await page.getByLabel("Access Token").fill(TOKEN);
  await page.getByLabel("Number, short code").fill("64600");
  await page.getByRole("button", { name: "Save and go on" }).click();
  // The API's own words, at the field they are about.
  await page.getByLabel("Allowed Webhook IPs").and(page.locator("[aria-invalid=true]")).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("Allowed Webhook IPs").fill("192.0.2.1, 203.0.113.0/24");
  await page.getByRole("button", { name: "Save and go on" }).click();
  await page.getByRole("heading", { name: "Enter these at Mobiniti" }).waitFor();
  await page.getByText("Inbound Messages").waitFor();
  expect(await page.getByLabel("Inbound", { exact: true }).inputValue()).toMatch(/\/in\/.+\/inbound$/);
  expect(await seriousFaults(page)).toEqual([]);
});

test("its token never comes back, and stays when the form is saved again", async () => {
  await page.reload();
  const token = page.getByLabel("Access Token");
  await token.waitFor();
  expect(await token.inputValue()).toBe("");
  expect(await token.getAttribute("placeholder")).toContain("••••");
  expect(await page.content()).not.toContain(TOKEN);
  await page.getByLabel("Name", { exact: false }).last().fill("Short code");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Short code" }).waitFor();
  const { body } = await portal.program.api("GET", "/v1/channels");
  const saved = body.data.find((channel: { name: string }) => channel.name === "Short code");
  expect(saved.settings).toMatchObject({ accessToken: "••••", allowedIps: ["192.0.2.1", "203.0.113.0/24"] });
});

test("a channel is paused and let go, and its health says so", async () => {
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/Paused by Olivia Owner since/).waitFor();
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByText(/Channel Short code: paused by Olivia Owner/).waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Everything moves").waitFor();
});

test("what nobody could read is shown as it came, and can be tried again", async () => {
  const { body } = await portal.program.api("GET", "/v1/channels");
  const channel = body.data.find(({ provider }: { provider: string }) => provider === "mobiniti");
  await portal.program.api("PATCH", `/v1/channels/${channel.id}`, {
    settings: { allowedIps: ["127.0.0.1"] },
  });
  const door = new URL(channel.inboundUrls.inbound).pathname;
  const answer = await fetch(`${portal.program.url}${door}`, { method: "POST", body: "what is this" });
  expect(answer.status).toBe(200);
  await page.goto("/channels");
  await page.getByText("what is this").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText(/still not understood/).waitFor();
});
