import { createHmac } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { OWNER, openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner()).newPage();
});
afterAll(() => portal.stop());

const NEW_PASSWORD = "skis wait by the door";
let link = "";

test("somebody is invited by a link that is shown once", async () => {
  await page.goto(`${portal.url}/team`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("E-mail").fill("vera@example.com");
  await page.getByLabel("Role", { exact: true }).selectOption("viewer");
  await page.getByRole("button", { name: "Invite" }).click();
  link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  expect(link).toContain(`${portal.url}/invitation?token=`);
  await page.getByText("vera@example.com", { exact: true }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.reload();
  await page.getByText("vera@example.com", { exact: true }).waitFor();
  expect(await page.content()).not.toContain(link);
});

test("a viewer sees no team, no keys and no people, and the API says the same", async () => {
  const context = await portal.stranger();
  const other = await context.newPage();
  await other.goto(link);
  await other.getByLabel("Your name").fill("Vera Viewer");
  await other.locator("input[name=password]").fill(NEW_PASSWORD);
  await other.getByRole("button", { name: "Join" }).click();
  await other.getByRole("heading", { name: "Home" }).waitFor();
  const pages = other.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("link", { name: "Settings" }).waitFor();
  for (const name of ["Team", "API keys", "Audit", "Consent"]) {
    expect(await pages.getByRole("link", { name, exact: true }).count()).toBe(0);
  }
  for (const path of ["/v1/team", "/v1/keys", "/v1/audit", "/v1/consent?phone=%2B14155550101"]) {
    expect((await other.request.get(`${portal.url}${path}`)).status()).toBe(403);
  }
  await other.goto(`${portal.url}/health-report`);
  await other.getByRole("heading", { name: "Health" }).waitFor();
  expect(await other.getByRole("button", { name: "Release" }).count()).toBe(0);
  await context.close();
});

test("a role is changed, and somebody is removed", async () => {
  await page.goto(`${portal.url}/team`);
  await page.getByLabel("Role of Vera Viewer").selectOption("operator");
  await page.getByText("Vera Viewer is operator now.").waitFor();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("Vera Viewer is no longer in the team.").waitFor();
  const { body } = await portal.program.api("GET", "/v1/team");
  expect(body.data.map((member: { name: string }) => member.name)).toEqual([OWNER.name]);
});

test("a key is shown once, works, and is revoked", async () => {
  await page.goto(`${portal.url}/keys`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("Name").fill("Website");
  await page.getByLabel("Role").selectOption("viewer");
  await page.getByRole("button", { name: "Make it" }).click();
  const key = await page.getByLabel("API key", { exact: true }).inputValue();
  expect(key).toMatch(/^sk_live_\w{40}$/);
  expect(await seriousFaults(page)).toEqual([]);
  const call = () => fetch(`${portal.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  expect(await (await call()).json()).toMatchObject({ name: "Website", role: "viewer" });
  await page.reload();
  const row = page.getByRole("listitem").filter({ hasText: "Website" });
  await row.getByRole("button", { name: "Revoke" }).click();
  expect(await page.content()).not.toContain(key);
  await page.getByRole("button", { name: "Revoke it" }).click();
  await page.getByText("Website opens nothing any more.").waitFor();
  portal.program.clock.advance(3);
  expect((await call()).status).toBe(401);
});

test("two-factor is set up with an app, and asked for at the next sign-in", async () => {
  await page.goto(`${portal.url}/account`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Turn two-factor on" }).click();
  await page.getByRole("textbox", { name: "Your password" }).fill(OWNER.password);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("img", { name: "Code for your authenticator app" }).waitFor();
  const secret = await page.getByRole("textbox", { name: "Key", exact: true }).inputValue();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("Six digits").fill(codeOf(secret));
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByText("Keep these backup codes").waitFor();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("It is on").waitFor();

  const context = await portal.stranger();
  const other = await context.newPage();
  await other.goto(`${portal.url}/sign-in`);
  await other.getByLabel("E-mail").fill(OWNER.email);
  await other.locator("input[name=password]").fill(OWNER.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByLabel("Code").fill(codeOf(secret));
  await other.getByRole("button", { name: "Continue" }).click();
  await other.getByRole("heading", { name: "Home" }).waitFor();
  await context.close();
});

test("a changed password is the only good one", async () => {
  await page.goto(`${portal.url}/account`);
  await page.getByLabel("Password so far", { exact: true }).fill("not this one at all");
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password so far", { exact: true }).fill(OWNER.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("The password is changed.").waitFor();
  const signIn = (password: string) =>
    fetch(`${portal.url}/portal/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: portal.url },
      body: JSON.stringify({ email: OWNER.email, password }),
    }).then((answer) => answer.status);
  expect([await signIn(OWNER.password), await signIn(NEW_PASSWORD)]).toEqual([401, 200]);
});

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator app shows for this secret now: RFC 6238, six digits, half a minute. */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
