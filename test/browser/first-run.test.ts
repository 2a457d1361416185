import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { totpOf } from "../support/visitor.ts";
import type { Portal } from "./portal.ts";
import { OWNER, openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.stranger()).newPage();
});
afterAll(() => portal.stop());

test("the one-time link makes the owner, who is led to the guide", async () => {
  await page.goto(portal.program.app.setupUrl ?? "");
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail").fill(OWNER.email);
  expect(await seriousFaults(page)).toEqual([]);
  await page.locator("input[name=password]").fill(OWNER.password);
  await page.getByLabel("Name of your resort").fill("Powder Mountain");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("heading", { name: "Your first text" }).waitFor();
  await page.getByText("Powder Mountain").first().waitFor();
});

test("a text to the simulator is seen without reload, and answered", async () => {
  await page.getByRole("button", { name: /Simulator/ }).click();
  await page.getByText("Waiting for a text").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText("GROOMING OPEN").first().waitFor();
  const reply = page.getByRole("textbox", { name: "Reply" });
  await reply.fill("Thank you — enjoy the day");
  await page.getByText("1 segment, ").waitFor();
  await page.getByRole("button", { name: "Send", exact: true }).last().click();
  await page.getByText("Your first reply has left").waitFor();
});

test("the link is good once, and the owner signs in from now on", async () => {
  const context = await portal.stranger();
  const other = await context.newPage();
  await other.goto(portal.program.app.setupUrl ?? `${portal.url}/setup?token=${"a".repeat(40)}`);
  await other.getByRole("heading", { name: "This link does not work" }).waitFor();
  await other.goto(`${portal.url}/commands`);
  await other.getByLabel("E-mail").fill(OWNER.email);
  await other.locator("input[name=password]").fill("wrong, and long enough");
  expect(await seriousFaults(other)).toEqual([]);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByRole("alert").waitFor();
  await other.locator("input[name=password]").fill(OWNER.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByRole("heading", { name: "Commands" }).waitFor();
  await context.close();
});

test("a second factor is asked for after the password", async () => {
  const context = await portal.owner();
  const post = async (path: string, data: object) => {
    const answer = await context.request.post(`${portal.url}/portal/auth/two-factor/${path}`, {
      data,
      headers: { origin: portal.url },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    return answer.json();
  };
  const { totpURI, backupCodes } = await post("enable", { password: OWNER.password });
  await post("verify-totp", { code: totpOf(totpURI) });
  const other = await (await portal.stranger()).newPage();
  await other.goto("/sign-in");
  await other.getByLabel("E-mail").fill(OWNER.email);
  await other.locator("input[name=password]").fill(OWNER.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByRole("heading", { name: "One more step" }).waitFor();
  expect(await seriousFaults(other)).toEqual([]);
  await other.getByLabel("Code").fill("000000");
  await other.getByRole("button", { name: "Continue" }).click();
  await other.getByRole("alert").waitFor();
  await other.getByRole("button", { name: /use a backup code/ }).click();
  await other.getByLabel("Backup code").fill(backupCodes[0]);
  await other.getByRole("button", { name: "Continue" }).click();
  await other.getByRole("heading", { name: "Home" }).waitFor();
});

test("an invitation is taken up once, and signing out leads to the sign-in", async () => {
  const { body } = await portal.program.api("POST", "/v1/team/invitations", {
    email: "ana@example.com",
    role: "operator",
  });
  const other = await (await portal.stranger()).newPage();
  await other.goto(body.link);
  await other.getByText("You are invited as operator").waitFor();
  expect(await seriousFaults(other)).toEqual([]);
  await other.getByLabel("Your name").fill("Ana");
  await other.locator("input[name=password]").fill("deep snow on the ridge");
  await other.getByRole("button", { name: "Join" }).click();
  await other.getByRole("button", { name: "Account of Ana" }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
  await other.goto(body.link);
  await other.getByRole("heading", { name: "This invitation does not work" }).waitFor();
});
