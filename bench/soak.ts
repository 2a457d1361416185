import { type Child, startChild } from "./child.ts";
import { freePort } from "./ports.ts";
import { addChannel, makeDataDir, type Program, removeDataDir } from "./program.ts";
import { median, type Report } from "./report.ts";
import { type Setting, sendTexts } from "./setting.ts";
import { api, enable, goWrong, type SoakScene, setMood } from "./soak-faults.ts";
import { type Overdue, openSoakLook, type SoakLook } from "./soak-look.ts";
import type { Taken } from "./soak-receiver.ts";

const ENDPOINTS = 12;
/** Texts a second; each is one event for all endpoints. */
const RATE = 6;
const SECONDS = 60;
/** Twenty tries more, a second or two apart: hours of retries in half a minute. */
const SCHEDULE = Array.from({ length: 20 }, () => 2);
const LOOK_EVERY_MS = 1_000;
const DRAIN_SECONDS = 120;
const GROWTH_AIM = 1.3;

/**
 * The program under texts while everything around it fails at random, for as long as one likes. At the end nothing
 * is lost, nothing came twice without a reason in its log, nothing lay about unexplained, and memory stayed flat.
 */
export async function measureSoak(setting: Setting): Promise<void> {
  const seconds = setting.seconds ?? SECONDS;
  const receiver = await startChild(new URL("soak-receiver.ts", import.meta.url));
  const dataDir = await makeDataDir();
  const settings = { dataDir, port: await freePort(), role: "all" } as const;
  let program = await setting.start(settings);
  try {
    const look = await openSoakLook(dataDir);
    const path = await addChannel(program, setting.fakePort);
    await program.api("PATCH", "/v1/settings", { commands: { strangerReply: false } });
    const endpoints = await addEndpoints(program, await receiver.ask<number>("listen"));
    const began = Date.now();
    const share = () => (Date.now() - began) / (seconds * 1_000);
    const scene: SoakScene = {
      program: () => program,
      async restart() {
        await program.kill();
        program = await setting.start(settings);
      },
      receiver,
      look,
      endpoints,
      // In the second and the last quarter memory is compared: both follow a quarter with kills.
      mayKill: () => Math.floor(share() * 4) % 2 === 0,
      counts: new Map(),
    };
    const watch = watchOver(scene, share);
    const count = Math.ceil(RATE * seconds);
    const load = sendTexts(setting, {
      port: program.port,
      path,
      source: { kind: "strangers", first: 0 },
      count,
      rate: RATE,
      connections: 16,
      retry: true,
    });
    await goWrong(scene, () => share() >= 1);
    const { taken } = await load;
    setting.report.equal("soak: texts taken", taken, count);
    const seen = watch.end();
    await settle(setting, scene);
    await checkTaken(setting, receiver, look, count);
    tell(setting, scene, seen, seconds);
  } finally {
    await receiver.stop();
    await program.stop();
    await removeDataDir(dataDir);
  }
}

async function addEndpoints(program: Program, port: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < ENDPOINTS; index++) {
    const endpoint = {
      url: `http://127.0.0.1:${port}/hook/${index}`,
      types: ["message.received"],
      schedule: SCHEDULE,
      timeoutMs: 2_000,
      ordering: index === 0 ? "endpoint" : "none",
    };
    ids.push((await program.api<{ id: string }>("POST", "/v1/endpoints", endpoint)).id);
  }
  return ids;
}

interface Seen {
  /** Resident, MB, by quarter. */
  memory: number[][];
  overdue: Overdue[];
}

function watchOver({ program, look }: SoakScene, share: () => number): { end(): Seen } {
  const seen: Seen = { memory: [[], [], [], []], overdue: [] };
  const timer = setInterval(() => {
    look.overdue().then(
      (now) => {
        if (sumOf(now) > sumOf(seen.overdue)) seen.overdue = now;
      },
      // It was just cut off.
      () => undefined,
    );
    try {
      seen.memory[Math.floor(share() * 4)]?.push(program().memory().residentMb);
    } catch {
      // It was just killed.
    }
  }, LOOK_EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      return seen;
    },
  };
}

function sumOf(overdue: Overdue[]): number {
  return overdue.reduce((sum, { count }) => sum + count, 0);
}

/** Everything is well again: what is left goes out, and what was given up is asked for by hand. */
async function settle({ report }: Setting, scene: SoakScene): Promise<void> {
  for (const index of scene.endpoints.keys()) {
    await setMood(scene, index, "well");
    await enable(scene, index);
  }
  const until = Date.now() + DRAIN_SECONDS * 1_000;
  for (;;) {
    await scene.look.hurry();
    await retryGivenUp(scene);
    const left = await scene.look.left();
    if (Object.keys(left).length === 0) return;
    if (Date.now() > until) {
      report.fault(`soak: left after ${DRAIN_SECONDS} s: ${JSON.stringify(left)}`);
      await tellHealth(report, scene);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function tellHealth(report: Report, scene: SoakScene): Promise<void> {
  for (const [index, id] of scene.endpoints.entries()) {
    const { summary } = await api<{ summary: string }>(scene, "GET", `/v1/endpoints/${id}/health`);
    report.note(`soak: endpoint ${index}: ${summary}`);
  }
}

async function retryGivenUp(scene: SoakScene): Promise<void> {
  const path = "/v1/deliveries?state=exhausted&limit=100";
  const { data } = await api<{ data: { id: string }[] }>(scene, "GET", path);
  for (const { id } of data) {
    // It may be under way already.
    await scene
      .program()
      .api("POST", `/v1/deliveries/${id}/retry`)
      .catch(() => undefined);
  }
}

/** Every text reached every endpoint; twice only where the log tells of more than one try. */
async function checkTaken(
  { report }: Setting,
  receiver: Child,
  look: SoakLook,
  texts: number,
): Promise<void> {
  const taken = await receiver.ask<Map<number, Taken>>("taken");
  const logged = await look.logged();
  report.equal("soak: deliveries in the journal, by endpoint and text", logged.length, texts * ENDPOINTS);
  let lost = 0;
  let unexplained = 0;
  let repeats = 0;
  for (const { endpoint, question, lines, taken: told } of logged) {
    const came = taken.get(endpoint)?.counts.get(question) ?? 0;
    if (came < Math.max(1, told)) lost += 1;
    if (came > lines) unexplained += 1;
    repeats += Math.max(0, came - 1);
  }
  const places = taken.get(0)?.places ?? [];
  const outOfOrder = places.filter((place, index) => index > 0 && place <= (places[index - 1] ?? 0)).length;
  report.equal("soak: deliveries lost", lost, 0);
  report.equal("soak: deliveries that came more often than their log says", unexplained, 0);
  report.equal("soak: deliveries out of their order", outOfOrder, 0);
  report.note(`soak: ${logged.length} deliveries, ${repeats} came again as the log says`);
}

function tell({ report }: Setting, { counts }: SoakScene, seen: Seen, seconds: number): void {
  const faults = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  report.note(`soak: ${seconds} s; ${faults}`);
  report.equal("soak: due for over 60 s without a reason", sumOf(seen.overdue), 0);
  for (const { url, priority, count } of seen.overdue)
    report.note(`soak: overdue at its worst: ${count} of priority ${priority} for ${url}`);
  const [, second = [], , last = []] = seen.memory;
  const growth = median(last) / median(second);
  report.figure({
    name: "memory, last to second quarter of the soak",
    value: growth,
    shown: `${growth.toFixed(2)}  (${Math.round(median(second))} and ${Math.round(median(last))} MB)`,
    aim: `at most ${GROWTH_AIM}`,
    met: growth <= GROWTH_AIM,
  });
}
