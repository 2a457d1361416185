import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MailServer } from "../support/mail-server.ts";
import { startMailServer } from "../support/mail-server.ts";
import { until } from "../support/program.ts";
import { totpOf } from "../support/visitor.ts";
import type { Portal } from "./portal.ts";
import { OWNER, openPortal, seriousFaults } from "./portal.ts";

/** People who cannot sign in find out what to do, and get in again. */

let mails: MailServer;
let portal: Portal;
let page: Page;

beforeAll(async () => {
  mails = await startMailServer();
  portal = await openPortal({ smtpUrl: mails.url });
  await portal.owner();
  page = await (await portal.stranger()).newPage();
});
afterAll(async () => {
  await portal.stop();
  await mails.close();
});

const NEW = "the lift begins at nine";

async function signIn(on: Page, email: string, password: string): Promise<void> {
  await on.getByLabel("E-mail").fill(email);
  await on.locator("input[name=password]").fill(password);
  await on.getByRole("button", { name: "Sign in" }).click();
}

async function choose(on: Page, link: string, password: string): Promise<void> {
  await on.goto(link);
  await on.getByRole("heading", { name: "Choose a new password" }).waitFor();
  expect(await seriousFaults(on)).toEqual([]);
  await on.locator("input[name=password]").fill(password);
  await on.getByRole("button", { name: "Change the password" }).click();
  await on.getByText("You are signed out everywhere.").waitFor();
  await on.getByRole("link", { name: "Sign in" }).click();
}

test("a forgotten password is replaced by a link that comes by mail", async () => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByRole("heading", { name: "Forgotten password" }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByText(`If there is an account with ${OWNER.email}`).waitFor();
  const mail = await until("the mail", async () => mails.mails[0]);
  const plain = mail.raw.replace(/=\r?\n/g, "").replaceAll("=3D", "=");
  const link = /https?:\S+\/new-password\?token=[\w-]+/.exec(plain)?.[0] ?? "";
  await choose(page, link, NEW);
  await signIn(page, OWNER.email, NEW);
  await page.getByRole("heading", { name: "Home" }).waitFor();
  const other = await (await portal.stranger()).newPage();
  await other.goto(link);
  await other.getByText("It was used already, or its time is over.").waitFor();
  expect(await seriousFaults(other)).toEqual([]);
});

test("an owner makes a link for somebody, and turns off a second factor that was lost", async () => {
  const member = await portal.member("operator");
  const theirs = await member.newPage();
  await turnTwoFactorOn(member);
  await page.goto("/team");
  await page.getByRole("button", { name: "The operator is locked out?" }).click();
  await page.getByRole("menuitem", { name: "Make a new-password link" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("menu").waitFor({ state: "detached" });
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Close" }).click();

  await choose(theirs, link, `${NEW} sharp`);
  await signIn(theirs, "operator@example.com", `${NEW} sharp`);
  await theirs.getByRole("heading", { name: "One more step" }).waitFor();
  await theirs.getByRole("button", { name: /I cannot use the app/ }).click();
  await theirs.getByText("The codes are lost, too?").waitFor();

  await page.getByRole("button", { name: "The operator is locked out?" }).click();
  await page.getByRole("menuitem", { name: "Turn their two-factor off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn it off" }).click();
  await page.getByText("The operator signs in with the password alone now.").waitFor();
  await theirs.goto("/sign-in");
  await signIn(theirs, "operator@example.com", `${NEW} sharp`);
  await theirs.getByRole("heading", { name: "Home" }).waitFor();

  await page.goto("/audit?action=person.*");
  await page.getByText("turned somebody's two-factor off").first().waitFor();
  await page.getByText("made a link for a new password").first().waitFor();
});

test("an admin finds no such button beside an owner, nor anybody beside themselves", async () => {
  const admin = await (await portal.member("admin")).newPage();
  await admin.goto("/team");
  await admin.getByRole("button", { name: "The operator is locked out?" }).waitFor();
  expect(await admin.getByRole("button", { name: /is locked out\?/ }).count()).toBe(1);
});

test("without a mail server the page says what to do instead", async () => {
  const silent = await openPortal();
  const stranger = await (await silent.stranger({ viewport: { width: 390, height: 844 } })).newPage();
  await stranger.goto("/forgotten-password");
  await stranger.getByText("No mail server is set up here").waitFor();
  await stranger.getByText("npm run new-password --").waitFor();
  expect(await seriousFaults(stranger)).toEqual([]);
  await silent.stop();
});

async function turnTwoFactorOn(context: BrowserContext): Promise<void> {
  const post = async (path: string, data: object) => {
    const answer = await context.request.post(`${portal.url}/portal/auth/two-factor/${path}`, {
      data,
      headers: { origin: portal.url },
    });
    return answer.json();
  };
  const { totpURI } = await post("enable", { password: `${OWNER.password} of operator` });
  await post("verify-totp", { code: totpOf(totpURI) });
}
