import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import type { Browser } from "playwright-core";
import { chromium as playwright } from "playwright-core";

const MODULES = join(import.meta.dirname, "../../node_modules");
const PACKAGE = join(MODULES, "@sparticuz/chromium/package.json");
/** Beside the packages, not in a folder that users of the machine share: what lies there is run. */
const CACHE = join(MODULES, ".cache");

/**
 * The browser that comes in a package: unpacked once for all tests, into a folder that carries its version. Several
 * test files may come at the same time, so it is unpacked elsewhere and moved into place.
 */
async function unpackedBrowser(): Promise<string> {
  const { version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string };
  const folder = join(CACHE, `browser-${version}`);
  if (!existsSync(join(folder, "chromium"))) {
    const before = process.env.TMPDIR;
    mkdirSync(CACHE, { recursive: true });
    const fresh = mkdtempSync(join(CACHE, "unpack-"));
    process.env.TMPDIR = fresh;
    try {
      await chromium.executablePath();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    try {
      renameSync(fresh, folder);
    } catch {
      // Another one was quicker.
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return join(folder, "chromium");
}

/** What the package advises for other places, and what would make pages behave unlike those of people. */
const UNWANTED = ["--single-process", "--disable-web-security", "--allow-running-insecure-content"];

export async function openBrowser(): Promise<Browser> {
  const executablePath = await unpackedBrowser();
  // Without graphics hardware and without a sandbox: tests also run as root in containers.
  chromium.setGraphicsMode = false;
  const args = chromium.args.filter((argument) => !UNWANTED.includes(argument));
  return playwright.launch({ executablePath, args, headless: true });
}
