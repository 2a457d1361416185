import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/program.ts";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let page: Page;

const STOPPED = "+14155550111";
const ANNOYED = "+14155550112";
const ASKED = "+14155550113";

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner()).newPage();
  const { api } = portal.program;
  await api("POST", "/v1/simulator/messages", { from: STOPPED, text: "Stop" });
  await api("POST", "/v1/simulator/messages", { from: ANNOYED, text: "please stop texting me" });
  await until("both opt-outs", async () => {
    const people = await Promise.all(
      [STOPPED, ANNOYED].map((phone) => api("GET", `/v1/consent?phone=${encodeURIComponent(phone)}`)),
    );
    return people.every(({ body }) => body.optedOut.length > 0);
  });
});
afterAll(() => portal.stop());

test("whoever texted STOP is not to be texted, and the proof stands below", async () => {
  await page.goto(`${portal.url}/consent`);
  await page.getByRole("heading", { name: "Whose consent?" }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("Phone number").fill("(415) 555-0111");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByText("No: do not text this person").waitFor();
  await page.getByText("They wrote: “Stop”").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test("what is no number is never called free to be texted", async () => {
  await page.goto(`${portal.url}/consent`);
  await page.getByLabel("Phone number").fill("Ben from the lifts");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("alert").getByText("is not a phone number").waitFor();
  expect(await page.getByText("Yes: nothing stands against a text").count()).toBe(0);
  await page.goto(`${portal.url}/consent?phone=${encodeURIComponent(STOPPED)}`);
});

test("who opted out is told of before somebody writes to them", async () => {
  await page.goto(`${portal.url}/inbox/${STOPPED}`);
  await page.getByText("They opted out").waitFor();
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await seriousFaults(page)).toEqual([]);
  }
  await page.getByRole("link", { name: "See their consent" }).click();
  await page.getByText("No: do not text this person").waitFor();
});

test("staff cannot take STOP back; new consent on paper can, with a note", async () => {
  await page.getByRole("button", { name: "Record what they said" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Texts again").click();
  await dialog.getByLabel("Note").fill("Form 77, blue folder");
  await dialog.getByRole("button", { name: "Record it" }).click();
  await dialog.getByText(/only START, or new consent/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByLabel("How they said it").selectOption("paper");
  await dialog.getByRole("button", { name: "Record it" }).click();
  await page.getByText("Yes: nothing stands against a text").waitFor();
  await page.getByText("Note: Form 77, blue folder").waitFor();
});

test("what is printed is the answer and its proof", async () => {
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("button", { name: "Look up" }).isVisible()).toBe(false);
  expect(await page.getByRole("navigation", { name: "Pages" }).isVisible()).toBe(false);
  expect(await page.getByText("Note: Form 77, blue folder").isVisible()).toBe(true);
  await page.emulateMedia({ media: "screen" });
});

test("a wording that was no opt-out is taken back with a reason", async () => {
  await page.getByRole("tab", { name: /To review/ }).click();
  await page.getByText("please stop texting me").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("Why").fill("A joke among colleagues, asked by phone");
  await page.getByRole("button", { name: "Not an opt-out" }).click();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  const { body } = await portal.program.api("GET", `/v1/consent?phone=${encodeURIComponent(ANNOYED)}`);
  expect(body.optedOut).toEqual([]);
});

test("an operator records an opt-out and judges no wording", async () => {
  await portal.program.api("POST", "/v1/simulator/messages", { from: ASKED, text: "wrong number" });
  const operator = await (await portal.member("operator")).newPage();
  await operator.goto(`${portal.url}/consent/reviews`);
  await operator.getByText("An owner or admin decides.").waitFor();
  expect(await operator.getByRole("button", { name: "Not an opt-out" }).count()).toBe(0);
  await operator.goto(`${portal.url}/consent?phone=${encodeURIComponent(ASKED)}`);
  await operator.getByText("no broadcasts for now").waitFor();
  await operator.getByRole("button", { name: "Record what they said" }).click();
  await operator.getByRole("button", { name: "Record it" }).click();
  await operator.getByText("No: do not text this person").waitFor();
  await operator.context().close();
});
