import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/program.ts";
import type { Portal } from "./portal.ts";
import { OWNER, openPortal, seriousFaults } from "./portal.ts";
import { setUpAutomation } from "./sample-automation.ts";

/** Pages that no link of the navigation leads to. */
const MORE = [
  "/start",
  "/channels/new",
  "/inbox/+14155550101",
  "/status-board/kinds",
  "/consent/reviews",
  "/account",
  "/rules/new",
  "/rules/new?template=crm",
  "/webhooks/new",
  "/webhooks/deliveries",
  "/webhooks/mails",
  "/integrations/new",
];

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
/** What the script of the first page may weigh on its way, bytes. */
const FIRST_LOAD = 300_000;

let portal: Portal;
let context: BrowserContext;
let page: Page;
let paths: string[];

beforeAll(async () => {
  portal = await openPortal();
  for (const words of ["GROOMING OPEN", "status", "what is going on"]) {
    await portal.program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: words });
  }
  context = await portal.owner();
  page = await context.newPage();
  await page.goto("/");
  const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
  await links.first().waitFor();
  const hrefs = await Promise.all((await links.all()).map((link) => link.getAttribute("href")));
  paths = hrefs.flatMap((href) => href ?? []);
});
afterAll(() => portal.stop());

/** Opens a page and waits until it shows what it has; answers false when nothing comes. */
async function open(path: string): Promise<boolean> {
  await page.goto(path);
  const isShown = await page
    .getByRole("heading", { level: 1 })
    .waitFor({ timeout: 20_000 })
    .then(
      () => true,
      () => false,
    );
  if (isShown) await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  return isShown;
}

/** The page takes a moment to lay itself out anew. */
function fitsPhone(): Promise<boolean> {
  const look = async () => Number(await page.evaluate("document.documentElement.scrollWidth")) <= PHONE.width;
  return until("the page to fit", look, 3).catch(() => false);
}

test("every page of the navigation is fit for everybody, light and dark, and for a phone", async () => {
  expect(paths.length).toBeGreaterThan(5);
  const faults: string[] = [];
  for (const path of [...paths, ...MORE]) {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    if (!(await open(path))) faults.push(`${path} shows nothing`);
    for (const fault of await seriousFaults(page)) faults.push(`light ${path}: ${fault}`);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    for (const fault of await seriousFaults(page, ["color-contrast"])) faults.push(`dark ${path}: ${fault}`);
    await page.setViewportSize(PHONE);
    if (!(await fitsPhone())) faults.push(`${path} is wider than a phone`);
    await page.setViewportSize(DESK);
  }
  expect(faults).toEqual([]);
}, 180_000);

/** What opens above a page: where, and the button that opens it. */
const ABOVE: [path: string, button: string | RegExp][] = [
  ["/inbox", "New text"],
  ["/inbox/+14155550101", /What happened to “GROOMING OPEN”/],
  ["/status-board", "Add an item"],
  ["/status-board", "Edit Grooming"],
  ["/status-board/kinds", "Edit Lifts"],
  ["/reporters", "Edit Sample Reporter"],
];

test("every page of the table has its file", async () => {
  const folder = join(import.meta.dirname, "../../portal/src");
  const named = [...(await readFile(join(folder, "pages.ts"), "utf8")).matchAll(/file: "([^"]+)"/g)];
  const files = await readdir(join(folder, "pages"));
  expect(named.map(([, file]) => `${file}.tsx`).filter((file) => !files.includes(file))).toEqual([]);
});

test("what opens above a page is fit for everybody, and is left by Escape", async () => {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const faults: string[] = [];
  for (const [path, button] of ABOVE) {
    await open(path);
    await page.getByRole("button", { name: button }).first().click();
    await page.getByRole("dialog").waitFor();
    await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
    for (const fault of await seriousFaults(page)) faults.push(`${path}, ${button}: ${fault}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  expect(faults).toEqual([]);
});

test("on a phone the navigation opens, and goes", async () => {
  await page.setViewportSize(PHONE);
  await open("/");
  await page.getByRole("button", { name: "Navigation" }).click();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Inbox" }).click();
  await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
  await page.setViewportSize(DESK);
});

test("the keyboard gets past the navigation, and sees where it is", async () => {
  await open("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("main");
});

test("nothing breaks the content policy, and no script comes from elsewhere", async () => {
  const said: string[] = [];
  const origins = new Set<string>();
  const other = await context.newPage();
  other.on("console", (line) => void (line.type() === "error" && said.push(line.text())));
  other.on("request", (request) => void origins.add(new URL(request.url()).origin));
  const answer = await other.goto("/");
  await other.getByText("Texts in").waitFor();
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(/script-src [^;]*/.exec(policy)?.[0]).toBe("script-src 'self'");
  expect([...origins]).toEqual([new URL(portal.url).origin]);
  expect(said).toEqual([]);
  await other.close();
});

test("the API page shows itself, with no script in place but its own", async () => {
  const said: string[] = [];
  const other = await context.newPage();
  other.on("console", (line) => void (line.type() === "error" && said.push(line.text())));
  const answer = await other.goto("/docs/");
  await other.getByRole("heading", { name: "Signalbox" }).first().waitFor();
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(/script-src [^;]*/.exec(policy)?.[0]).toMatch(/^script-src 'self' 'sha256-[^']+'$/);
  expect(said).toEqual([]);
  await other.close();
});

test("whoever signs in by a link of somebody else's stays here", async () => {
  for (const next of ["/.//evil.example/x", "/\\evil.example/x", "//evil.example/x"]) {
    const other = await (await portal.stranger()).newPage();
    await other.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await other.getByLabel("E-mail").fill(OWNER.email);
    await other.locator("input[name=password]").fill(OWNER.password);
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByText("Texts in").waitFor();
    expect(other.url()).toBe(`${portal.url}/`);
    await other.context().close();
  }
});

test("the first page is light: what it loads, and that pages are apart", async () => {
  const loaded: string[] = [];
  const fresh = await portal.browser.newContext({ storageState: await context.storageState() });
  const first = await fresh.newPage();
  first.on("response", (response) => void loaded.push(new URL(response.url()).pathname));
  await first.goto(portal.url);
  await first.getByText("Texts in").waitFor();
  const dist = join(import.meta.dirname, "../../portal/dist");
  const scripts = loaded.filter((path) => path.endsWith(".js") && path.startsWith("/assets/"));
  const weights = await Promise.all(scripts.map((path) => weightOf(join(dist, path))));
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(FIRST_LOAD);
  const all = (await readdir(join(dist, "assets"))).filter((name) => name.endsWith(".js"));
  expect(all.length).toBeGreaterThan(scripts.length + 5);
  await fresh.close();
});

test("pages of one rule, endpoint, delivery, integration and channel are fit for everybody and for a phone", async () => {
  const automated = await setUpAutomation(portal.program);
  const { body } = await portal.program.api("GET", "/v1/channels");
  const faults: string[] = [];
  for (const path of [...automated, `/channels/${body.data[0].id}`]) {
    await page.setViewportSize(DESK);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (!(await open(path))) faults.push(`${path} shows nothing`);
      for (const fault of await seriousFaults(page)) faults.push(`${colorScheme} ${path}: ${fault}`);
    }
    await page.setViewportSize(PHONE);
    if (!(await fitsPhone())) faults.push(`${path} is wider than a phone`);
  }
  expect(faults).toEqual([]);
});

/** As it travels: the smallest files are not packed. */
async function weightOf(file: string): Promise<number> {
  const packed = await readFile(`${file}.gz`).catch(() => null);
  return (packed ?? (await readFile(file))).length;
}
