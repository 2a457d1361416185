import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { totpOf } from "../support/visitor.ts";
import type { Portal } from "./portal.ts";
import { OWNER, openPortal, seriousFaults } from "./portal.ts";

/** Without a mouse: what follows a step has the focus, and nothing holds it. */

let portal: Portal;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner({ reducedMotion: "reduce" })).newPage();
});
afterAll(() => portal.stop());

test("two-factor is turned on from the first button to the backup codes", async () => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Turn two-factor on" }).press("Enter");
  await page.keyboard.type(OWNER.password);
  await page.keyboard.press("Enter");
  const key = page.getByRole("textbox", { name: "Key" });
  await key.waitFor();
  const totpURI = `otpauth://totp/x?secret=${await key.inputValue()}`;
  await page.keyboard.type(totpOf(totpURI));
  await page.keyboard.press("Enter");
  await page.getByText("Keep these backup codes").waitFor();
  await page.getByRole("button", { name: "Copy the codes" }).and(page.locator(":focus")).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test("a question that is answered with Escape gives the focus back", async () => {
  await page.goto("/keys");
  const revoke = page.getByRole("button", { name: "Revoke" }).first();
  await revoke.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await revoke.and(page.locator(":focus")).waitFor();
});

test("a page for other roles says whose it is, and asks the server for nothing", async () => {
  const viewer = await portal.member("viewer");
  const theirs = await viewer.newPage();
  const refused: string[] = [];
  theirs.on("response", (answer) => {
    if (answer.status() === 403) refused.push(answer.url());
  });
  for (const path of ["/audit", "/inbox", "/team", "/commands"]) {
    await theirs.goto(path);
    await theirs.getByRole("heading", { name: "This page is not for your role" }).waitFor();
  }
  expect(await seriousFaults(theirs)).toEqual([]);
  await theirs.getByRole("link", { name: "Go to Home" }).click();
  await theirs.getByRole("heading", { name: "Home" }).waitFor();
  expect(refused).toEqual([]);
  await viewer.close();
});
