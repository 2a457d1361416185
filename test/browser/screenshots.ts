import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { test } from "vitest";
import { openPortal } from "./portal.ts";
import { setUpAutomation } from "./sample-automation.ts";
import { playSampleDay } from "./sample-day.ts";

/*
 * Pictures of every page, light and dark, on a desk and on a phone. They go to a folder beside the temporary files,
 * to be looked at; those of the README go to docs/screenshots.
 */

const ALL = join(tmpdir(), "signalbox-screenshots");
const README = join(import.meta.dirname, "../../docs/screenshots");

const SIZES = [
  { size: "desk", viewport: { width: 1280, height: 860 } },
  { size: "phone", viewport: { width: 390, height: 844 } },
] as const;

/** Pages that no link of the navigation leads to. */
const MORE = [
  "/start",
  "/channels/new",
  "/channels/new?provider=mobiniti",
  "/status-board/kinds",
  "/inbox/+14155550142",
  "/rules/new",
  "/webhooks/new",
  "/board/resort",
];

/** The three that the README shows. */
const SHOWN: Record<string, string> = {
  "home-light-desk": "home.png",
  "commands-light-desk": "commands.png",
  "inbox-14155550142-dark-desk": "inbox.png",
};

test("pictures of every page", async () => {
  for (const folder of [ALL, README]) mkdirSync(folder, { recursive: true });
  const portal = await openPortal();
  try {
    const owner = await portal.owner();
    const storageState = await owner.storageState();
    const page = await owner.newPage();
    // Before anything has happened, pages say what to do.
    await take(page, "/", "home-empty-light-desk");
    await take(page, "/inbox", "inbox-empty-light-desk");
    await take(page, "/commands", "commands-empty-light-desk");
    const automation = await setUpAutomation(portal.program);
    await playSampleDay(portal.program);
    await take(page, "/", "");
    const links = await page.getByRole("navigation", { name: "Pages" }).getByRole("link").all();
    const paths = await Promise.all(links.map((link) => link.getAttribute("href")));
    const channels = await portal.program.api("GET", "/v1/channels");
    const pages = [
      ...paths.flatMap((path) => path ?? []),
      ...MORE,
      ...automation,
      `/channels/${channels.body.data[0].id}`,
    ];
    for (const { size, viewport } of SIZES) {
      for (const colorScheme of ["light", "dark"] as const) {
        const context = await portal.stranger({
          viewport,
          colorScheme,
          storageState,
          reducedMotion: "reduce",
        });
        const own = await context.newPage();
        for (const path of pages) await take(own, path, `${nameOf(path)}-${colorScheme}-${size}`);
        await context.close();
        const stranger = await portal.stranger({ viewport, colorScheme });
        await take(await stranger.newPage(), "/sign-in", `sign-in-${colorScheme}-${size}`);
        await stranger.close();
      }
    }
  } finally {
    await portal.stop();
  }
  console.log(`The pictures are in ${ALL}, those of the README in docs/screenshots.`);
});

function nameOf(path: string): string {
  if (path === "/") return "home";
  return path
    .replace(/(chn|rule|ep|dlv|wkh)_\w+/, "one")
    .replace(/[^a-z0-9]+/gi, "-")
    .replace(/^-|-$/g, "");
}

/** `name` empty: only opens it. */
async function take(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path);
  await page
    .getByRole("heading", { level: 1 })
    .waitFor({ timeout: 3_000 })
    .catch(() => undefined);
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await page
    .getByText("Live", { exact: true })
    .waitFor({ timeout: 500 })
    .catch(() => undefined);
  if (name === "") return;
  const shown = SHOWN[name];
  if (shown) await page.screenshot({ path: join(README, shown) });
  await page.screenshot({ path: join(ALL, `${name}.png`), fullPage: !shown });
}
