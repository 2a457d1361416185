import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Portal } from "./portal.ts";
import { openPortal, seriousFaults } from "./portal.ts";

let portal: Portal;
let page: Page;
let itemId: string;

beforeAll(async () => {
  portal = await openPortal();
  page = await (await portal.stranger()).newPage();
  const lift = { kind: "lift", name: "Skyline Chair", area: "Backside", fields: { status: "closed" } };
  itemId = (await portal.program.api("POST", "/v1/board/items", lift)).body.id;
});
afterAll(() => portal.stop());

const setStatus = (status: string) =>
  portal.program.api("PATCH", `/v1/board/items/${itemId}`, { fields: { status } });
const row = (where: Pick<Page, "getByRole">) => where.getByRole("row", { name: /Skyline Chair/ });

test.for([
  ["light", 1280],
  ["dark", 390],
] as const)("everybody reads the board: %s, %i px wide", async ([colorScheme, width]) => {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  await page.goto(`${portal.url}/board/resort`);
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  expect(overflow).toBeLessThanOrEqual(0);
});

test("a change is seen without reload, and counted", async () => {
  await page.goto(`${portal.url}/board/resort`);
  await page.getByText("Live", { exact: true }).waitFor();
  const counts = page
    .locator("section", { has: page.getByRole("heading", { name: "Lifts" }) })
    .locator(".counts");
  expect(await counts.getByText("on hold").isVisible()).toBe(false);
  await setStatus("hold");
  await row(page).getByText("on hold").waitFor();
  await counts.getByText("1 on hold").waitFor();
});

test("without a script it says the same", async () => {
  const context = await portal.stranger({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${portal.url}/board/resort`);
  await row(plain).getByText("on hold").waitFor();
  await plain.getByText("Last change").waitFor();
  await context.close();
});

test("on paper there is the board and nothing to click", async () => {
  await page.emulateMedia({ media: "print" });
  await page.goto(`${portal.url}/board/resort`);
  expect(await row(page).isVisible()).toBe(true);
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  await page.emulateMedia({ media: "screen" });
});

test("it stands in a frame of another site, live; the whole page does not", async () => {
  const frame = (query: string) => `<iframe src="${portal.url}/board/resort${query}"></iframe>`;
  const site = createServer((request, response) => {
    const query = request.url === "/whole" ? "" : "?embed=1&kind=lift";
    response.setHeader("content-type", "text/html").end(`<title>Resort</title>${frame(query)}`);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  await page.goto(`${address}/`);
  const embedded = page.frameLocator("iframe");
  await embedded.getByText("Live", { exact: true }).waitFor();
  expect(await embedded.getByRole("heading", { name: "Trails" }).count()).toBe(0);
  await setStatus("open");
  await row(embedded).getByText("open").waitFor();
  const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(`${address}/whole`);
  await refused;
  site.close();
});
