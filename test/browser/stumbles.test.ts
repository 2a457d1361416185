import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal } from "./portal.ts";

let portal: Portal;
let owner: BrowserContext;

beforeAll(async () => {
  portal = await openPortal();
  owner = await portal.owner({ reducedMotion: "reduce", viewport: { width: 390, height: 844 } });
});
afterAll(() => portal.stop());

test("a reporter can be edited on a phone, without pushing the table aside", async () => {
  const page = await owner.newPage();
  await page.goto("/reporters");
  const edit = page.getByRole("button", { name: "Edit Sample Reporter" });
  await edit.waitFor();
  const box = await edit.boundingBox();
  expect((box?.x ?? 1_000) + (box?.width ?? 0)).toBeLessThan(390);
  await page.getByText("everything").filter({ visible: true }).waitFor();
  await page.close();
});

test("a text for later shows when it leaves", async () => {
  const sendAt = new Date(portal.program.clock.now() + 3_600_000).toISOString();
  const text = { to: "+14155550142", text: "The lifts open at nine", sendAt };
  expect((await portal.program.api("POST", "/v1/messages", text)).status).toBe(202);
  const page = await owner.newPage();
  await page.goto("/inbox/+14155550142");
  await page.getByText(/^leaves .*\d\d:\d\d/).waitFor();
  await page.close();
});

test("a format without a test says so, and nobody is blamed", async () => {
  const endpoint = { url: "https://hooks.example.com/", format: "mobiniti", types: ["inbound"] };
  const { body } = await portal.program.api("POST", "/v1/endpoints", endpoint);
  const page = await owner.newPage();
  await page.goto(`/webhooks/${body.id}`);
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("There is no test for this format").waitFor();
  expect(await page.getByText("No answer").count()).toBe(0);
  expect(await page.getByText("It is not known").count()).toBe(0);
  await page.close();
});

test("faults of a form stand there once each", async () => {
  const page = await owner.newPage();
  await page.goto("/rules/new?template=blank");
  await page.getByRole("button", { name: "Save the rule" }).click();
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").getByText("name: must not be empty").count()).toBe(1);
  await page.close();
});

test("a drawer with an endless name can be closed on a phone", async () => {
  const item = { kind: "lift", name: "X".repeat(110) };
  expect((await portal.program.api("POST", "/v1/board/items", item)).status).toBe(201);
  const page = await owner.newPage();
  await page.goto("/status-board");
  await page.getByRole("button", { name: /^Edit XXX/ }).click();
  const close = page.getByRole("dialog").getByRole("button", { name: "Close" });
  const box = await close.boundingBox();
  expect((box?.x ?? 1_000) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  await close.click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.close();
});
