import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, untilOpen } from "./ports.ts";

/**
 * Kannel as a yardstick: a text comes in through its HTTP SMSC, a keyword service asks a URL over HTTP, and the
 * answer leaves through the HTTP SMSC. Everything on loopback, in a folder of its own.
 */
export interface Kannel {
  /** Where texts are sent to. */
  port: number;
  path: string;
  stop(): Promise<void>;
}

export const KANNEL_MISSING = "Kannel: not installed (Debian: apt-get install kannel), skipped";

/** How many sends Kannel may have under way at once: as many as the lane of the program's channel. */
const PENDING = 64;

export function hasKannel(): boolean {
  return ["bearerbox", "smsbox"].every((name) => spawnSync(name, ["--version"]).error === undefined);
}

/** `spool`: each text lies in a file until it is done (never synced to the disk); null: in memory only. */
export async function startKannel(fakePort: number, store: "spool" | null): Promise<Kannel> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-kannel-"));
  const [admin, boxes, texts] = [await freePort(), await freePort(), await freePort()];
  const spool = join(folder, "spool");
  await mkdir(spool);
  const config = join(folder, "kannel.conf");
  await writeFile(
    config,
    configuration({ admin, boxes, texts, fakePort, spool: store ? spool : null, folder }),
  );
  const running: ChildProcess[] = [];
  const start = (name: string) => {
    const child = spawn(name, ["-v", "4", config], { stdio: "ignore", cwd: folder });
    child.on("error", () => undefined);
    running.push(child);
  };
  const stop = async () => {
    for (const child of running.reverse()) await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    start("bearerbox");
    await untilOpen(boxes, 10);
    await untilOpen(texts, 10);
    start("smsbox");
    await untilConnected(admin);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: texts, path: "/sms", stop };
}

interface Settings {
  admin: number;
  boxes: number;
  texts: number;
  fakePort: number;
  spool: string | null;
  folder: string;
}

function configuration({ admin, boxes, texts, fakePort, spool, folder }: Settings): string {
  const fake = `http://127.0.0.1:${fakePort}/kannel`;
  const store = spool === null ? "" : `store-type = spool\nstore-location = "${spool}"\n`;
  return `group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = bench
admin-allow-ip = "127.0.0.1"
smsbox-port = ${boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
log-file = "${folder}/bearerbox.log"
log-level = 3
${store}
group = smsc
smsc = http
smsc-id = bench
system-type = generic
port = ${texts}
connect-allow-ip = 127.0.0.1
smsc-username = bench
smsc-password = bench
send-url = "${fake}/send?from=%P&to=%p&text=%b"
status-success-regex = "200"
max-pending-submits = ${PENDING}

group = smsbox
bearerbox-host = 127.0.0.1
log-file = "${folder}/smsbox.log"
log-level = 3

group = sms-service
keyword = open
aliases = close
get-url = "${fake}/ask?from=%p&text=%a"
max-messages = 1
accept-x-kannel-headers = false

group = sms-service
keyword = default
text = "Not understood."
max-messages = 1
`;
}

/** The status page names the boxes once they are connected. */
async function untilConnected(admin: number): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${admin}/status.txt?password=bench`).catch(() => null);
    if (answer && /smsbox.*on-line/.test(await answer.text())) return;
    if (Date.now() > until) throw new Error("Kannel did not start within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}
