import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.owner()).newPage();
});
afterAll(() => portal.stop());

const settings = async () => (await portal.program.api("GET", "/v1/settings")).body;
const save = () => page.getByRole("button", { name: "Save", exact: true }).click();

test("a setting is changed and holds", async () => {
  await page.goto(`${portal.url}/settings`);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel("Whom to ask").fill("the mountain office");
  await page.getByRole("combobox", { name: "Time zone" }).fill("America/Denver");
  await page.getByText("2 changes not saved").waitFor();
  await save();
  await page.getByText("Saved.").waitFor();
  expect((await settings()).board).toMatchObject({
    contact: "the mountain office",
    timeZone: "America/Denver",
  });
  expect(await page.getByText("not saved").count()).toBe(0);
});

test("what the API does not like stands at its field, and in the list of parts", async () => {
  await page.goto(`${portal.url}/settings?section=commands`);
  const seconds = page.getByLabel("Seconds UNDO works");
  await seconds.fill("5");
  await page.getByRole("link", { name: "Board", exact: true }).last().click();
  await page.getByLabel("Name", { exact: true }).fill("Powder Mountain");
  await save();
  await page.getByRole("alert").getByText("must be a whole number from 30 to 600").waitFor();
  await page.getByRole("link", { name: /Commands.*1 to correct/ }).click();
  await page.locator("form, main").getByText("must be a whole number from 30 to 600").last().waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await seconds.fill("240");
  await save();
  await page.getByText("Saved.").last().waitFor();
  const after = await settings();
  expect([after.commands.undoWindowSeconds, after.board.name]).toEqual([240, "Powder Mountain"]);
});

test("nobody leaves without being asked what becomes of their changes", async () => {
  await page.goto(`${portal.url}/settings?section=retention`);
  await page.getByLabel("Texts in and out").fill("100");
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("dialog").getByText("1 change would be lost.").waitFor();
  await page.getByRole("button", { name: "Stay here" }).click();
  expect(await page.getByLabel("Texts in and out").inputValue()).toBe("100");
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByRole("heading", { name: "Audit" }).waitFor();
  // What was changed above is told there, with what it was before.
  await page.getByText("commands.undoWindowSeconds").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect((await settings()).retention.messageDays).toBe(365);
});

test("a reply in own words: its variables to click, its faults in words", async () => {
  await page.goto(`${portal.url}/settings?section=replies`);
  await page.getByLabel("Search the replies").fill("stranger");
  await page.getByRole("button", { name: "Change: A stranger" }).click();
  const words = page.getByLabel("Your words: A stranger");
  await words.fill("Text QUIT to leave. ");
  await save();
  await page
    .getByText(/may not suggest QUIT/)
    .first()
    .waitFor();
  await words.fill("Ask ");
  await page.getByRole("button", { name: "Add {contact}" }).click();
  await save();
  await page.getByText("Saved.").waitFor();
  expect((await settings()).commands.wording).toEqual({ unknown: "Ask {contact}" });
  await page.getByRole("button", { name: "Take back: A stranger" }).click();
  await save();
  await page.getByText("not saved").waitFor({ state: "detached" });
  expect((await settings()).commands.wording).toEqual({});
});

test("topics, the warning of a narrow STOP, and a budget", async () => {
  await page.goto(`${portal.url}/settings?section=consent`);
  await page.getByRole("button", { name: "Add a topic" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Snow report");
  await page.getByLabel("Word after STOP").fill("snow");
  await page.getByText("Only the number that was texted").click();
  await page.getByText("31 January 2027").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByText("Every number of yours").click();
  await page.getByRole("link", { name: /Budgets/ }).click();
  await page.getByRole("group", { name: "All numbers together, a day" }).getByLabel("Segments").fill("500");
  await save();
  await page.getByText("0 % of 500 segments").waitFor();
  const after = await settings();
  expect(after.consent).toMatchObject({
    stopScope: "all",
    topics: [{ key: "snow", name: "Snow report", words: [] }],
  });
  expect(after.budgets.perDay).toEqual({ segments: 500, money: null });
});

test("an operator reads the settings and can change none", async () => {
  const operator = await (await portal.member("operator")).newPage();
  await operator.goto(`${portal.url}/settings`);
  await operator.getByText("Owners and admins can change it.").waitFor();
  expect(await operator.getByLabel("Whom to ask").isDisabled()).toBe(true);
  const refused = await operator.request.patch(`${portal.url}/v1/settings`, {
    data: { board: { contact: "me" } },
    headers: { origin: portal.url },
  });
  expect(refused.status()).toBe(403);
  await operator.context().close();
});
