import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let owner: BrowserContext;
let page: Page;
let receiver: Receiver;

beforeAll(async () => {
  portal = await openPortal();
  // Nothing fades while it is looked at.
  owner = await portal.owner({ reducedMotion: "reduce" });
  receiver = await startReceiver();
});
afterAll(async () => {
  await portal.stop();
  await receiver.close();
});
beforeEach(async () => {
  page = await owner.newPage();
  return () => page.close();
});

const text = (words: string) =>
  portal.program.api("POST", "/v1/simulator/messages", { from: "+14155550181", text: words });

test("an endpoint is added; its secret is shown once, and a test arrives signed", async () => {
  await page.goto("/webhooks");
  await page.getByText("No endpoint yet").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("link", { name: "Add an endpoint" }).first().click();
  await page.getByLabel("Address").fill("http://10.0.0.1/hook");
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Address").fill(receiver.url);
  const events = page.getByRole("combobox", { name: "Events" }).or(page.getByLabel("Events")).first();
  await events.click();
  await page.getByRole("option", { name: "message.received" }).click();
  await page.getByRole("option", { name: "* (every event)" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "More settings" }).click();
  await page.getByRole("button", { name: "Add a header" }).click();
  await page.getByLabel("Name", { exact: true }).fill("X-Gateway-Token");
  await page.getByLabel("Value of X-Gateway-Token").fill("open sesame");
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Add the endpoint" }).click();
  const secret = await page.getByRole("textbox", { name: "Signing secret", exact: true }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole("link", { name: "Go on and send a test" }).click();
  await page.getByText("Nothing sent yet").waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test arrived").waitFor();
  const [request] = await receiver.received(1);
  expect(request?.headers["x-gateway-token"]).toBe("open sesame");
  expect(request?.headers["webhook-signature"]).toMatch(/^v1,/);
  expect(await page.content()).not.toContain(secret);
  expect(await seriousFaults(page)).toEqual([]);
  const [endpoint] = (await portal.program.api("GET", "/v1/endpoints")).body.data;
  expect(endpoint.types).toEqual(["message.received"]);
});

test("a webhook fails, is shown with its answer, and is retried", async () => {
  receiver.answer = (_request, response) => void response.writeHead(500).end("the database is away");
  await page.goto("/webhooks/deliveries");
  await text("where are you?");
  const row = page.getByRole("link", { name: /message\.received/ });
  await row.getByText("the endpoint failed (HTTP 500)").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await row.click();
  await page.getByText("1. First try").waitFor();
  await page.getByText("What it answered").first().click();
  await page.getByText("the database is away").first().waitFor();
  await page.getByText("What followed: next try in").first().waitFor();
  await page.getByRole("region", { name: "Body", exact: true }).getByText("where are you?").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  receiver.answer = (_request, response) => void response.writeHead(204).end();
  await page.getByRole("button", { name: "Retry now" }).click();
  await page.getByText("Delivered", { exact: true }).waitFor();
  await page.getByText("Retried by a person").waitFor();
});

test("the filters of the deliveries stand in the address", async () => {
  await page.goto("/webhooks/deliveries");
  await page.getByLabel("Event").selectOption("webhook.test");
  await page.getByLabel("State").selectOption("delivered");
  await page.waitForURL(/type=webhook\.test/);
  expect(new URL(page.url()).searchParams.get("state")).toBe("delivered");
  await page.reload();
  await page.getByRole("link", { name: /webhook\.test/ }).waitFor();
  expect(await page.getByRole("link", { name: /message\.received/ }).count()).toBe(0);
  await page.getByLabel("State").selectOption("exhausted");
  await page.getByText("Nothing like that").waitFor();
});

test("an endpoint is disabled, and what it missed is sent when it is enabled again", async () => {
  await page.goto("/webhooks");
  await page.getByRole("link", { name: receiver.url }).click();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText(/^Disabled by hand/).waitFor();
  const before = receiver.requests.length;
  await text("is anybody there?");
  await page.getByText("1 held until it is enabled").waitFor();
  await page.getByRole("button", { name: "Enable" }).click();
  await page.getByText("1 delivery came while it was disabled").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Send them" }).click();
  await receiver.received(before + 1);
  await page.getByRole("button", { name: "Disable" }).waitFor();
});

test("old events are sent again with their progress, and the secret is changed with an overlap", async () => {
  await page.goto("/webhooks");
  await page.getByRole("link", { name: receiver.url }).click();
  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByLabel("All of them").check();
  expect(await seriousFaults(page)).toEqual([]);
  const before = receiver.requests.length;
  await page.getByRole("button", { name: "Send them again" }).click();

  await page.getByText("Sent everything again").waitFor();
  await page.getByText("2 of 2 delivered").waitFor();
  await receiver.received(before + 2);
  await page.getByRole("button", { name: "Make a new secret" }).click();
  expect(await page.getByRole("textbox", { name: "Signing secret", exact: true }).inputValue()).toMatch(
    /^whsec_/,
  );
  await page.getByText("; signs until").waitFor();
  await page.getByRole("button", { name: "End the old one now" }).click();
  await page.getByText("; signs until").waitFor({ state: "detached" });
});

test("every text is forwarded to one address, and forwarding is stopped", async () => {
  await page.goto("/webhooks");
  await page.getByLabel("Address").fill(`${receiver.url}/all`);
  await page.getByRole("button", { name: "Forward every text" }).click();
  await page.getByRole("textbox", { name: "Signing secret", exact: true }).waitFor();
  const before = receiver.requests.length;
  await text("forward me");
  const requests = await receiver.received(before + 2);
  expect(requests.map(({ path }) => path)).toContain("/hook/all");
  await page.getByRole("button", { name: "Stop forwarding" }).click();
  await page.getByRole("button", { name: "Stop it" }).click();
  await page.getByLabel("Address").waitFor();
  expect((await portal.program.api("GET", "/v1/webhooks")).status).toBe(404);
});

test("mails of rules are listed with what came of them", async () => {
  await portal.program.api("POST", "/v1/rules", {
    name: "To the team",
    match: { type: "any" },
    actions: [{ type: "email", to: "team@example.com", subject: "SMS from {{from}}", body: "{{text}}" }],
  });
  await page.goto("/webhooks/mails");
  await page.getByText("No e-mail yet").waitFor();
  await text("tell the team");
  await page.getByText("SMS from 14155550181").waitFor();
  await page.getByText(/To team@example\.com: no mail server is set up/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test("an operator retries a delivery and sets nothing up", async () => {
  const context = await portal.member("operator");
  const operator = await context.newPage();
  await operator.goto(`${portal.url}/webhooks`);
  await operator.getByRole("link", { name: receiver.url, exact: true }).click();
  await operator.getByText("Health").first().waitFor();
  for (const name of ["Disable", "Send a test", "Make a new secret", "Replay", "Save", "Remove the endpoint"])
    expect(await operator.getByRole("button", { name }).count(), name).toBe(0);
  await operator.getByRole("link", { name: "Deliveries" }).click();
  await operator
    .getByRole("link", { name: /message\.received/ })
    .first()
    .click();
  await operator.getByRole("button", { name: "Retry now" }).click();
  await operator.getByText("It is tried once more.").waitFor();
  await context.close();
});
