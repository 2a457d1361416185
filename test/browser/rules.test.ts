import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../support/program.ts";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let owner: BrowserContext;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  // Nothing fades while it is looked at.
  owner = await portal.owner({ reducedMotion: "reduce" });
});
afterAll(() => portal.stop());
beforeEach(async () => {
  page = await owner.newPage();
  return () => page.close();
});

const STRANGER = "+14155550171";

test("a rule is made, tried and fires", async () => {
  await page.goto("/rules");
  await page.getByText("No rules yet").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: /Answer and tell the CRM/ }).click();
  await page.getByLabel("Keyword or words").fill("stop");
  await page.getByRole("button", { name: "Take away: Call a webhook" }).click();
  const text = page.getByRole("textbox", { name: "Text" });
  await text.fill("You wrote ");
  await page.getByRole("button", { name: "Their text" }).click();
  await text.press("End");
  await text.pressSequentially("!");
  expect(await text.inputValue()).toBe("You wrote {{text}}!");
  await page.getByText("You wrote Where is order 4821?!").waitFor();
  await page.getByText("1 segment").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Save the rule" }).click();
  // It is saved, and the person stays with it because there is something to see, at the field it is about.
  await page.getByText(/STOP is answered before rules/).waitFor();
  expect(page.url()).toMatch(/\/rules\/rule_/);
  await page.getByLabel("Keyword or words").fill("");
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.getByText("must not be empty; to take every text").last().waitFor();
  await page.getByLabel("Keyword or words").fill("balance");
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.getByRole("link", { name: "Balance enquiry" }).waitFor();

  await page.getByRole("textbox", { name: "Text" }).fill("What is my balance?");
  await page.getByLabel("From").fill(STRANGER);
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("The rule “Balance enquiry” takes it.").waitFor();
  await page.getByText("You wrote What is my balance?!").waitFor();
  await page.getByText("A reply is sent, 1 segment").waitFor();
  expect(await seriousFaults(page)).toEqual([]);

  await portal.program.api("POST", "/v1/simulator/messages", { from: STRANGER, text: "balance please" });
  const reply = await until("the reply", async () => {
    const { body } = await portal.program.api(
      "GET",
      `/v1/simulator/messages?phone=${encodeURIComponent(STRANGER)}`,
    );
    return body.data.find(({ direction }: { direction: string }) => direction === "out");
  });
  expect(reply.text).toBe("You wrote balance please!");
});

test("the test box says why the others do not take a text, and the order is changed by keyboard", async () => {
  await portal.program.api("POST", "/v1/rules", {
    name: "Everything",
    match: { type: "any" },
    actions: [{ type: "reply", text: "Hello" }],
  });
  await page.goto("/rules");
  await page.getByRole("textbox", { name: "Text" }).fill("good morning");
  await page.getByLabel("From").fill("+14155550172");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("The rule “Everything” takes it.").waitFor();
  await page.getByText("“Balance enquiry”: its pattern does not fit").waitFor();

  const up = page.getByRole("button", { name: "Move Everything up" });
  await up.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Everything is now number 1 of 2.").waitFor({ state: "attached" });
  await page.locator("li", { hasText: "1. Everything" }).waitFor();
  await until("the order", async () => {
    const { body } = await portal.program.api("GET", "/v1/rules");
    return body.data[0].name === "Everything";
  });
  expect(await up.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);

  await page.getByRole("switch", { name: "Everything is on" }).press("Space");
  await page.getByText("Off", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("“Everything”: it is switched off").waitFor();
});

test("rules are dragged to another place", async () => {
  await page.goto("/rules");
  await page.locator("li", { hasText: "2. Balance enquiry" }).waitFor();
  await page
    .locator("li", { hasText: "Balance enquiry" })
    .locator(".grip")
    .dragTo(page.locator("li", { hasText: "Everything" }));
  await page.locator("li", { hasText: "1. Balance enquiry" }).waitFor();
  await page.reload();
  await page.locator("li", { hasText: "1. Balance enquiry" }).waitFor();
});

test("the rules are switched off as a whole, and a default reply is written", async () => {
  await page.goto("/rules");
  await page.getByRole("button", { name: "Write one" }).click();
  await page.getByRole("textbox", { name: "Default reply" }).fill("{{");
  await page
    .getByText(/is no good as a template/)
    .first()
    .waitFor();
  await page.getByRole("textbox", { name: "Default reply" }).fill("We will get back to you.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Change it" }).waitFor();
  await page.getByRole("switch", { name: "Rules are on" }).press("Space");
  await page.getByText("The rules are off.").waitFor();
  const { body } = await portal.program.api("GET", "/v1/settings");
  expect(body.rules).toEqual({ enabled: false, defaultReply: "We will get back to you." });
});

test("a stack of rules is made from a template, switched off", async () => {
  await page.goto("/rules/new?template=stack");
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Make them, switched off" }).click();
  await page.getByRole("link", { name: "Everything else to the team" }).waitFor();
  const { body } = await portal.program.api("GET", "/v1/rules");
  const made = body.data
    .slice(2)
    .map(({ name, enabled }: { name: string; enabled: boolean }) => [name, enabled]);
  expect(made).toEqual([
    ["Hours", false],
    ["Tickets", false],
    ["Everything else to the team", false],
  ]);
});

test("a viewer sees the rules and can change nothing: no button, and the API refuses", async () => {
  const context = await portal.member("viewer");
  const viewer = await context.newPage();
  await viewer.goto(`${portal.url}/rules`);
  await viewer.getByText("“balance” is in it").waitFor();
  expect(await viewer.getByRole("link", { name: "Add a rule" }).count()).toBe(0);
  expect(await viewer.getByRole("switch").count()).toBe(0);
  expect(await viewer.getByRole("button", { name: /Move|Try it|Change it/ }).count()).toBe(0);
  expect(await viewer.getByRole("link", { name: "Webhooks" }).count()).toBe(0);
  const refused = await context.request.post(`${portal.url}/v1/rules`, {
    data: { name: "Mine", match: { type: "any" }, actions: [{ type: "reply", text: "Hello" }] },
    headers: { origin: portal.url },
  });
  expect(refused.status()).toBe(403);
  await context.close();
});
