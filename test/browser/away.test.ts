import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../support/program.ts";
import type { Portal } from "./portal.ts";
import { openPortal } from "./portal.ts";

/** The program stops and comes back, and sessions end, while somebody works on a page. */

let portal: Portal;
let owner: BrowserContext;
let page: Page;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.stop());
beforeEach(async () => {
  owner = await portal.owner({ reducedMotion: "reduce" });
  page = await owner.newPage();
  return () => owner.close();
});

const leave = () => owner.route("**/*", (route) => route.abort("connectionrefused"));
const comeBack = () => owner.unroute("**/*");

test("what somebody types stays while nobody answers", async () => {
  const { body } = await portal.program.api("GET", "/v1/channels");
  const { id } = body.data[0];
  await page.goto(`/channels/${id}`);
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await name.fill("Half a na");
  await page.getByText("Live", { exact: true }).waitFor();
  let refused = 0;
  page.on("requestfailed", (request) => {
    if (request.url().endsWith(`/v1/channels/${id}`)) refused++;
  });
  await leave();
  // Its news reach the page on the stream that is still open; reading the channel again does not succeed.
  await portal.program.api("POST", `/v1/channels/${id}/pause`);
  await until("the page to give up", async () => refused > 2);
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await name.inputValue()).toBe("Half a na");
  await portal.program.api("POST", `/v1/channels/${id}/resume`);
});

test("a page that cannot be had says so, and comes by itself once somebody answers", async () => {
  await page.goto("/rules");
  await page.getByRole("heading", { level: 1, name: "Rules" }).waitFor();
  await leave();
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("alert").getByText("Signalbox does not answer").waitFor();
  expect(await page.getByRole("link", { name: "Inbox" }).isVisible()).toBe(true);
  await comeBack();
  await page.getByRole("heading", { name: "Audit" }).waitFor();
});

test("a phone shows that its page is not live", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.route("**/v1/events/stream", (route) => route.abort("connectionrefused"));
  await page.goto("/");
  await page.getByText("Not live", { exact: true }).waitFor();
});

test("a session that was ended from elsewhere leads out of a page nobody touches", async () => {
  await page.goto("/rules");
  await page.getByText("Live", { exact: true }).waitFor();
  const elsewhere = await portal.owner();
  const { url } = portal;
  const ended = await elsewhere.request.post(`${url}/portal/auth/revoke-other-sessions`, {
    data: {},
    headers: { origin: url },
  });
  expect(ended.status()).toBe(200);
  // With the first thing that happens the stream is cut, and refused when the browser comes back.
  await portal.program.api("POST", "/v1/simulator/messages", { from: "+14155550142", text: "Hello" });
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await elsewhere.close();
});

test("a session that has ended leads to the sign-in, without a fault on the way", async () => {
  const faults: string[] = [];
  page.on("console", (line) => {
    // The refusal itself is told by the browser.
    if (line.type() === "error" && !line.text().includes("401")) faults.push(line.text());
  });
  await page.goto("/rules");
  await page.getByRole("heading", { level: 1, name: "Rules" }).waitFor();
  // When the stream opens everything is read once more.
  await page.getByText("Live", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  await owner.clearCookies();
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(new URL(page.url()).searchParams.get("next")).toBe("/audit");
  expect(faults).toEqual([]);
});
