import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let owner: BrowserContext;
let page: Page;
let address: string;

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

const post = (url: string, body: object) =>
  fetch(url.replace(portal.url, portal.program.url), { method: "POST", body: JSON.stringify(body) });

test("an integration gets an address that is shown once, with an example to run", async () => {
  await page.goto("/integrations");
  await page.getByText("No integration yet").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("link", { name: "Add an integration" }).first().click();
  await page.getByLabel("Name").fill("Order system");
  await page.getByLabel("Number", { exact: true }).fill("customer..phone");
  await page.getByLabel("Text", { exact: true }).fill("lines[0].body");
  await page.getByRole("button", { name: "Make the address" }).click();
  await page
    .getByText(/must be a path such as/)
    .last()
    .waitFor();
  await page.getByLabel("Number", { exact: true }).fill("customer.phone");
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Make the address" }).click();
  address = await page.getByRole("textbox", { name: "Address to post to" }).inputValue();
  expect(address).toMatch(/\/v1\/ingress\/ig_[A-Za-z0-9]{32}$/);
  const example = await page.getByRole("region", { name: "A first post" }).textContent();
  expect(example).toContain(address);
  const body = JSON.parse(/-d '(.*)'/s.exec(example ?? "")?.[1] ?? "");
  expect(body).toMatchObject({ customer: { phone: "+14155550101" }, lines: [{ body: expect.any(String) }] });
  expect((await post(address, body)).status).toBe(202);
});

test("what was posted is shown with the values found; the address is not", async () => {
  await page.goto("/integrations");
  await page.getByText("Not signed").waitFor();
  await page.getByRole("link", { name: "Order system" }).click();
  await page.getByText("Order #4821 confirmed").last().waitFor();
  expect(await page.content()).not.toContain(address.split("/").at(-1));
  // Nothing to copy that could not be run: the address stands there by its name.
  const example = await page.getByRole("region", { name: "A first post" }).textContent();
  expect(example).toContain('curl -X POST "$ADDRESS"');
  expect(example).not.toContain("••••");
  await post(address, { to: "+14155550101" });
  await page.getByText("Nothing was found for to and text.").waitFor();
  await page.getByText("Not signed: whoever knows the address").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test("a signing secret is kept and never shown; posts without it are refused", async () => {
  await page.goto("/integrations");
  await page.getByRole("link", { name: "Order system" }).click();
  await page.getByRole("switch", { name: "Posts must be signed" }).press("Space");
  await page.getByLabel("Signing secret", { exact: false }).first().fill("between us two");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Not signed").waitFor({ state: "detached" });
  await page.getByText(/openssl dgst/).waitFor();
  expect(await page.getByLabel("Signing secret", { exact: false }).first().inputValue()).toBe("");
  expect(await page.content()).not.toContain("between us two");
  expect((await post(address, { customer: { phone: "+14155550101" } })).status).toBe(401);
});

test("a new address ends the old one", async () => {
  await page.goto("/integrations");
  await page.getByRole("link", { name: "Order system" }).click();
  await page.getByRole("button", { name: "New address" }).click();
  await page.getByRole("button", { name: "Make a new one" }).click();
  const fresh = await page.getByRole("textbox", { name: "Address to post to" }).inputValue();
  expect(fresh).not.toBe(address);
  expect((await post(address, {})).status).toBe(404);
  expect((await post(fresh, {})).status).toBe(401);
});
