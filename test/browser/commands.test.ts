import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal } from "./portal.ts";

let portal: Portal;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  context = await portal.owner();
  page = await context.newPage();
});
afterAll(() => portal.stop());

const text = (from: string, words: string) =>
  portal.program.api("POST", "/v1/simulator/messages", { from, text: words });

test("a text that comes in gets its row in the log without reload", async () => {
  await page.goto("/commands");
  await page.getByText("No texts yet").waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await text("+14155550101", "GROOMING OPEN");
  const row = page.getByRole("listitem").filter({ hasText: "GROOMING OPEN" });
  await row.getByText("Changed").waitFor();
  await row.getByText("Sample Reporter").waitFor();
  // The reply's own fate is told as well.
  await row.getByText("Delivered").waitFor();
  await row.getByRole("button").click();
  await row.getByText(/answered after/).waitFor();
});

test("a text is tried without doing anything", async () => {
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("close grooming");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("nothing was changed").waitFor();
  const { body } = await portal.program.api("GET", "/v1/board/items?limit=100");
  const grooming = body.data.find((item: { name: string }) => item.name === "Grooming");
  expect(grooming.fields.status).toBe("open");
});

test("the log is filtered, and the file holds what is shown", async () => {
  await text("+14155550199", "who are you");
  await page.getByText("who are you").first().waitFor();
  await page.getByLabel("Outcome").selectOption("changed");
  await page.waitForURL(/outcome=changed/);
  await expect.poll(() => page.getByText("who are you").count()).toBe(0);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const lines = (await readFile(await (await download).path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("GROOMING OPEN");
});

test("an item is changed by click, which is seen live and logged", async () => {
  await page.goto("/status-board");
  const other = await context.newPage();
  await other.goto("/status-board");
  await other.getByText("Live", { exact: true }).waitFor();
  await page.getByLabel("Grooming: status").selectOption("closed");
  await page.getByText("Grooming: status is closed").waitFor();
  await expect.poll(() => other.getByLabel("Grooming: status").inputValue()).toBe("closed");
  await other.getByText("Olivia Owner, in the portal").waitFor();
  await other.close();
});

test("from an item to the texts that changed it", async () => {
  await page.getByRole("button", { name: "Edit Grooming" }).click();
  await page.getByRole("link", { name: "Texts that changed it" }).click();
  await page.waitForURL(/commands\?item=itm_/);
  await page.getByRole("listitem").filter({ hasText: "GROOMING OPEN" }).waitFor();
  await page.getByLabel("Became").selectOption("status: on hold");
  await page.getByText("Nothing fits").waitFor();
});

test("a conversation is read and answered, and each text tells its story", async () => {
  await page.goto("/inbox");
  await page.getByRole("link", { name: /Sample Reporter/ }).click();
  await page.getByRole("textbox", { name: "Reply" }).fill("Thank you");
  await page.getByText("1 segment, 151 characters left").waitFor();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const said = page.getByRole("log");
  await said.getByText("Thank you", { exact: true }).waitFor();
  await said
    .getByRole("button", { name: /GROOMING OPEN/ })
    .first()
    .click();
  const story = page.getByRole("dialog");
  await story.getByText("What was decided").waitFor();
  await story.getByText("Changed", { exact: true }).waitFor();
});

test("a viewer sees the board but cannot change it, here or by the API", async () => {
  const viewer = await portal.member("viewer");
  const theirs = await viewer.newPage();
  await theirs.goto("/status-board");
  await theirs.getByText("Grooming").first().waitFor();
  expect(await theirs.getByRole("button", { name: "Add an item" }).count()).toBe(0);
  expect(await theirs.getByLabel("Grooming: status").count()).toBe(0);
  expect(await theirs.getByRole("link", { name: "Inbox" }).count()).toBe(0);
  const refused = await viewer.request.post(`${portal.url}/v1/board/items`, {
    data: { kind: "lift", name: "Nope" },
    headers: { origin: portal.url },
  });
  expect(refused.status()).toBe(403);
  await viewer.close();
});
