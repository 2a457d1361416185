import { parseArgs } from "node:util";
import { readConfig } from "./config.ts";
import { SAMPLE_PHONE } from "./first-start.ts";
import type { LocalAccess } from "./local-access.ts";
import { readLocalAccess } from "./local-access.ts";
import { newPassword } from "./new-password.ts";

/**
 * `npm run text -- "GROOMING OPEN" [--from +14155550101]`: plays a phone. `npm run new-password -- somebody@example.com`: lets
 * somebody back in (`new-password.ts`).
 */

const USAGE = 'Usage: npm run text -- "GROOMING OPEN" [--from +14155550101]';
/** How long to wait for the first reply, and for more after one came, ms. */
const FIRST_REPLY_MS = 10_000;
const MORE_REPLIES_MS = 700;
const LOOK_EVERY_MS = 15;

interface Message {
  id: string;
  direction: "in" | "out";
  text: string;
  status: string;
}

async function main(): Promise<number> {
  const [command, ...args] = process.argv.slice(2);
  if (command !== "new-password") return playPhone();
  const read = readConfig();
  if (!read.ok) return complain(...read.faults);
  const { ok, lines } = await newPassword(read.config, args);
  if (!ok) return complain(...lines);
  for (const line of lines) console.log(line);
  return 0;
}

async function playPhone(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: "string", default: SAMPLE_PHONE }, help: { type: "boolean", default: false } },
  });
  const [command, ...words] = positionals;
  if (command !== "text" || words.length === 0 || values.help) return complain(USAGE);
  const read = readConfig();
  if (!read.ok) return complain(...read.faults);
  const access = await readLocalAccess(read.config.dataDir);
  if (!access)
    return complain("Signalbox has not run here yet: no local.json in DATA_DIR. Start it with npm start.");
  return text(access, values.from, words.join(" "));
}

async function text(access: LocalAccess, from: string, words: string): Promise<number> {
  const before = await call<{ data: Message[] }>(access, "GET", listPath(from, null, true));
  let after = before.data.at(-1)?.id ?? null;
  const started = performance.now();
  await call(access, "POST", "/v1/simulator/messages", { from, text: words });
  console.log(`${from} > ${words}`);
  let replies = 0;
  let until = started + FIRST_REPLY_MS;
  while (performance.now() < until) {
    const { data } = await call<{ data: Message[] }>(access, "GET", listPath(from, after, false));
    for (const message of data) {
      after = message.id;
      if (message.direction === "in") continue;
      replies += 1;
      until = performance.now() + MORE_REPLIES_MS;
      console.log(`${from} < ${message.text}   (${Math.round(performance.now() - started)} ms)`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  if (replies === 0) console.log("No reply. The command log says why: GET /v1/commands");
  return 0;
}

function listPath(phone: string, after: string | null, newest: boolean): string {
  const query = new URLSearchParams({ phone });
  if (after !== null) query.set("after", after);
  if (newest) query.set("newest", "true");
  return `/v1/simulator/messages?${query}`;
}

async function call<T>(access: LocalAccess, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(access.url + path, {
    method,
    headers: { authorization: `Bearer ${access.apiKey}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const value = (await answer.json()) as T & { message?: string };
  if (!answer.ok) throw new Error(value.message ?? `HTTP ${answer.status}`);
  return value;
}

function complain(...lines: string[]): number {
  for (const line of lines) console.error(line);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { cause, message } = error as Error & { cause?: { code?: string } };
  const away = cause?.code === "ECONNREFUSED";
  complain(away ? "Signalbox is not running. Start it with npm start." : message);
  process.exitCode = 1;
} finally {
  process.disconnect?.();
}
