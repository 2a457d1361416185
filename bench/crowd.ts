import { startChild } from "./child.ts";
import { untilTaken } from "./hook-counts.ts";
import type { Held, ReceiverPorts, Taken } from "./hook-receiver.ts";
import { freePort } from "./ports.ts";
import { addChannel, makeDataDir, type Program, removeDataDir } from "./program.ts";
import { milliseconds, quantile } from "./report.ts";
import { type Setting, sendTexts } from "./setting.ts";

const ENDPOINTS = 1_000;
const DEAD = 300;
const SLOW = 300;
/** Texts a second: each is one event for all endpoints. */
const RATE = 0.5;
const CHANGE_AIM = 0.2;
/** What lanes that fail or are slow may hold together: half of the sockets. */
const BULKHEAD = 128;
const CALLS_AT_ONCE = 16;
const TURNS = 3;

/**
 * A thousand endpoints: what one dead one does to the others, and then three hundred dead and three hundred slow
 * ones. The others are measured with and without the bad ones, turn and turn about.
 */
export async function measureCrowd(setting: Setting): Promise<void> {
  const { report } = setting;
  const receiver = await startChild(new URL("hook-receiver.ts", import.meta.url));
  const dataDir = await makeDataDir();
  const program = await setting.start({ dataDir, port: await freePort(), role: "all" });
  try {
    const ports = await receiver.ask<ReceiverPorts>("listen");
    const path = await addChannel(program, setting.fakePort);
    await program.api("PATCH", "/v1/settings", { commands: { strangerReply: false } });
    const ids = await inParallel(
      Array.from({ length: ENDPOINTS }, (_, i) => i),
      (i) => addEndpoint(program, `http://127.0.0.1:${ports.healthy}/hook/${i}`),
    );
    let first = 0;
    const send = async (count: number, wanted: number, rate: number | null) => {
      const source = { kind: "strangers", first } as const;
      const plan = { port: program.port, path, source, count, rate, openLoop: rate !== null };
      const sent = await sendTexts(setting, plan);
      report.equal("crowd: requests not answered with 200", sent.refused, 0);
      const taken = await untilTaken(setting, receiver, "crowd", wanted * count);
      const from = first;
      first += count;
      return taken.map((one: Taken) => one.at - (sent.sentAt[one.question - from] ?? 0));
    };
    await send(5, ENDPOINTS, null);
    const texts = Math.ceil(RATE * (setting.seconds ?? (setting.quick ? 6 : 16)));
    const compare = async (name: string, dead: string[], slow: string[]) => {
      await inParallel(dead, (id) => point(program, id, `http://127.0.0.1:${ports.dead}/dead`));
      await inParallel(slow, (id) => point(program, id, `http://127.0.0.1:${ports.slow}/slow`));
      const bad = [...dead, ...slow];
      const healthy = ENDPOINTS - bad.length;
      const times: Record<"well" | "ill", number[]> = { well: [], ill: [] };
      for (let turn = 0; turn <= TURNS; turn++) {
        // The first turn makes connections and finds out who is dead.
        if (turn === 1) await receiver.ask("forgetHeld");
        for (const kind of ["well", "ill"] as const) {
          await inParallel(bad, (id) => enable(program, id, kind === "ill"));
          const took = await send(texts, healthy, RATE);
          if (turn > 0) times[kind].push(...took);
        }
      }
      const { most } = await receiver.ask<Held>("held");
      tellChange(setting, name, times);
      report.figure({
        name: `sockets held by ${name}`,
        value: most,
        shown: String(most),
        aim: `at most ${BULKHEAD}`,
        met: most <= BULKHEAD,
      });
    };
    await compare("1 dead of 1,000", ids.slice(0, 1), []);
    await compare("300 dead + 300 slow of 1,000", ids.slice(0, DEAD), ids.slice(DEAD, DEAD + SLOW));
  } finally {
    await receiver.stop();
    await program.stop();
    await removeDataDir(dataDir);
  }
}

function tellChange({ report }: Setting, name: string, times: Record<"well" | "ill", number[]>): void {
  const p99 = (all: number[]) =>
    quantile(
      all.toSorted((a, b) => a - b),
      0.99,
    );
  const [well, ill] = [p99(times.well), p99(times.ill)];
  const change = ill / well - 1;
  report.note(`crowd: healthy p99 ${milliseconds(well)} without, ${milliseconds(ill)} with ${name}`);
  report.figure({
    name: `healthy p99 with ${name}`,
    value: change,
    shown: `${change >= 0 ? "+" : ""}${(change * 100).toFixed(0)} %`,
    aim: "changes by less than 20 %",
    met: change < CHANGE_AIM,
  });
}

async function addEndpoint(program: Program, url: string): Promise<string> {
  const endpoint = { url, types: ["message.received"], format: "signalbox", enabled: true };
  return (await program.api<{ id: string }>("POST", "/v1/endpoints", endpoint)).id;
}

async function point(program: Program, id: string, url: string): Promise<void> {
  await program.api("PATCH", `/v1/endpoints/${id}`, { url });
}

/** What waits for it is given up, so that each turn begins alike. */
async function enable(program: Program, id: string, enabled: boolean): Promise<void> {
  await program.api("PATCH", `/v1/endpoints/${id}`, { enabled, ...(enabled && { release: "discard" }) });
}

async function inParallel<Item, Result>(
  items: Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  return results;
}
