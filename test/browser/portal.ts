import { execFileSync } from "node:child_process";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Config } from "../../src/config.ts";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { openBrowser } from "./browser.ts";

/** The real program with the real portal in a real browser. One of each for a test file. */
export interface Portal {
  program: Program;
  /** Where the portal is; as the program calls itself. */
  url: string;
  browser: Browser;
  /** A browser of its own without a session. */
  stranger(options?: ContextOptions): Promise<BrowserContext>;
  /** The owner's browser; the first call makes the owner. */
  owner(options?: ContextOptions): Promise<BrowserContext>;
  /** Somebody of the team, by invitation. */
  member(role: "admin" | "operator" | "viewer", options?: ContextOptions): Promise<BrowserContext>;
  stop(): Promise<void>;
}

type ContextOptions = Parameters<Browser["newContext"]>[0];

export const OWNER = {
  name: "Olivia Owner",
  email: "olivia@example.com",
  password: "snow falls on the valley",
};

/** How long a page may take for what a test waits for, ms. */
const PATIENCE_MS = 30_000;

export async function openPortal(overrides: Partial<Config> = {}): Promise<Portal> {
  // Costs nothing when it is built already.
  execFileSync(process.execPath, [join(import.meta.dirname, "../../scripts/build-portal.mjs")], {
    stdio: "pipe",
  });
  const program = await startProgram(overrides);
  const browser = await openBrowser();
  const url = program.app.publicUrl;
  // The set-up may have been walked by a test.
  const hasOwner = async () => {
    const { body } = await program.api("GET", "/v1/team");
    return body.data.length > 0;
  };

  async function stranger(options: ContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: url, locale: "en-US", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }

  async function post(context: BrowserContext, path: string, data: object): Promise<void> {
    const answer = await context.request.post(`${url}${path}`, { data, headers: { origin: url } });
    if (!answer.ok()) throw new Error(`POST ${path}: ${answer.status()} ${await answer.text()}`);
  }

  async function owner(options: ContextOptions = {}): Promise<BrowserContext> {
    const context = await stranger(options);
    const { name, email, password } = OWNER;
    if (await hasOwner()) {
      await post(context, "/portal/auth/sign-in/email", { email, password });
    } else {
      const token = new URL(program.app.setupUrl ?? "http://none/").searchParams.get("token");
      await post(context, "/portal/setup", { token, name, email, password });
    }
    return context;
  }

  return {
    program,
    url,
    browser,
    stranger,
    owner,
    async member(role, options = {}) {
      const context = await stranger(options);
      const email = `${role}@example.com`;
      const { body } = await program.api("POST", "/v1/team/invitations", { email, role });
      const token = new URL(body.link).searchParams.get("token");
      const password = `${OWNER.password} of ${role}`;
      await post(context, "/portal/invitation", { token, name: `The ${role}`, password });
      return context;
    },
    async stop() {
      await browser.close();
      await program.stop();
    },
  };
}

/**
 * Faults of a page that axe calls serious or critical, in words. `rules`: only these; a page in other colours has
 * no other faults than those of colour.
 */
export async function seriousFaults(page: Page, rules: string[] = []): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (only) => {
    const { axe: engine } = globalThis as unknown as { axe: typeof import("axe-core") };
    const found = await engine.run(only.length > 0 ? { runOnly: { type: "rule", values: only } } : {});
    return found.violations;
  }, rules);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(
        (node) => `${id}: ${node.html.slice(0, 160)} · ${node.failureSummary?.split("\n")[1]?.trim()}`,
      ),
    );
}
