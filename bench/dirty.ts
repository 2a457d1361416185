import { checkNothingWaits } from "./check-replies.ts";
import type { Counts } from "./counts.ts";
import { openCounts } from "./counts.ts";
import type { DirtyDoor } from "./dirty-door.ts";
import { openDirtyDoor } from "./dirty-door.ts";
import type { DirtyPlan, DirtyText, Expected } from "./dirty-plan.ts";
import { gatesOf, planDirty } from "./dirty-plan.ts";
import type { Robots } from "./dirty-robots.ts";
import { MOST_REPLIES, prepareRobots } from "./dirty-robots.ts";
import type { Received } from "./fake-provider.ts";
import { freePort } from "./ports.ts";
import { addReporters, makeDataDir, type Program, removeDataDir } from "./program.ts";
import type { Report } from "./report.ts";
import { DRAIN_SECONDS, type Setting } from "./setting.ts";
import { reporterPhone } from "./texts.ts";

const AT_ONCE = 32;

/**
 * A line as it is: repeats, opt-outs, typos, forged requests and phones that answer by themselves. At the end every
 * authentic text has one effect and one reply, and nothing else has any.
 */
export async function measureDirty(setting: Setting): Promise<void> {
  const plan = planDirty(setting.texts ?? (setting.quick ? 400 : 4_000));
  const dataDir = await makeDataDir();
  const program = await setting.start({ dataDir, port: await freePort(), role: "all" });
  try {
    await program.api("PATCH", "/v1/settings", { commands: { optedOutCommands: "hold" } });
    const door = await openDirtyDoor(program, setting.fakePort);
    await addReporters(program, 0, plan.expected.length);
    for (const name of plan.vaults) {
      await program.api("POST", "/v1/board/items", { kind: "gate", name, fields: { status: "closed" } });
    }
    await setting.fake.ask("forget");
    const robots = await prepareRobots(setting, program, door);
    const counts = await openCounts(dataDir);
    try {
      const [statuses] = await Promise.all([sendAll(plan, door, counts), robots.begin()]);
      await robots.quiet();
      await counts.drained(DRAIN_SECONDS);
      const before = setting.report.faults.length;
      checkDoor(setting, plan, statuses);
      await checkBoard(setting, plan, program, counts);
      await checkReplies(setting, plan, counts);
      checkRobots(setting, robots);
      await checkNothingWaits(setting.report, counts);
      tell(setting, plan, robots, setting.report.faults.length - before);
    } finally {
      await counts.close();
    }
  } finally {
    await setting.fake.ask("watch", []);
    await program.stop();
    await removeDataDir(dataDir);
  }
}

/** Statuses by kind of request. */
type Statuses = Map<"genuine" | "repeat" | "forged", number[]>;

/** Each reporter's texts follow each other; reporters text at the same time. */
async function sendAll(plan: DirtyPlan, door: DirtyDoor, counts: Counts): Promise<Statuses> {
  const statuses: Statuses = new Map([
    ["genuine", []],
    ["repeat", []],
    ["forged", []],
  ]);
  const lanes = [...plan.lanes];
  const worker = async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      for (const text of lane) await sendOne(text, door, counts, statuses);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return statuses;
}

async function sendOne(text: DirtyText, door: DirtyDoor, counts: Counts, statuses: Statuses): Promise<void> {
  const again = async () => {
    statuses.get("repeat")?.push(await door.post(text));
  };
  // What is still on its way when somebody opts out is withdrawn: here it shall have arrived.
  if (text.kind === "stop") await counts.answered(text.from, DRAIN_SECONDS);
  const together = text.repeat === "together" ? again() : null;
  statuses.get(text.kind === "forged" ? "forged" : "genuine")?.push(await door.post(text));
  await together;
  if (text.repeat === "after") await again();
}

function checkDoor({ report }: Setting, { vaults, expected }: DirtyPlan, statuses: Statuses): void {
  const genuine = statuses.get("genuine") ?? [];
  const repeats = statuses.get("repeat") ?? [];
  const forged = statuses.get("forged") ?? [];
  const taken = (list: number[]) => list.filter((status) => status === 200).length;
  report.equal("dirty: authentic requests taken", taken(genuine), sumOf(expected, "texts"));
  report.equal("dirty: repeats answered as the first", taken(repeats), repeats.length);
  report.equal(
    "dirty: forged requests refused",
    forged.filter((status) => status === 403).length,
    vaults.length,
  );
}

async function checkBoard(
  { report }: Setting,
  plan: DirtyPlan,
  program: Program,
  counts: Counts,
): Promise<void> {
  const wanted = new Map(plan.expected.flatMap(gatesOf).map(({ name, open }) => [name, open]));
  for (const name of plan.vaults) wanted.set(name, false);
  const { items } = await program.api<{ items: { name: string; fields: { status: string } }[] }>(
    "GET",
    "/board/resort.json",
  );
  const states = new Map(items.map(({ name, fields }) => [name, fields.status === "open"]));
  for (const [name, open] of wanted) {
    if (states.get(name) === open) continue;
    const what = plan.vaults.includes(name)
      ? "a forged request has acted"
      : "an act is missing, doubled or wrong";
    report.fault(`dirty: ${name} is ${states.get(name) ? "open" : "closed"}: ${what}`);
  }
  const changes = await counts.changesByPhone();
  for (const one of plan.expected) {
    const found = changes.get(reporterPhone(one.reporter)) ?? 0;
    same(report, `acts of ${nameOf(one)}`, found, one.changes);
  }
  const total = [...changes.values()].reduce((sum, found) => sum + found, 0);
  report.equal("dirty: acts", total, sumOf(plan.expected, "changes"));
  report.equal("dirty: forged texts in the log", await counts.commandsLike("open vault%"), 0);
}

/** Each text is in the log once; each that is not of an opted-out person has one reply, which arrived once. */
async function checkReplies(setting: Setting, { expected }: DirtyPlan, counts: Counts): Promise<void> {
  const { report, fake } = setting;
  const received = await fake.ask<Received>("received");
  const phones = expected.map(({ reporter }) => reporterPhone(reporter));
  const rows = Map.groupBy(await counts.commands(phones), (row) => row.phone);
  const replies = Map.groupBy(await counts.replies(phones), (row) => row.phone);
  for (const one of expected) {
    const phone = reporterPhone(one.reporter);
    same(report, `texts in the log of ${nameOf(one)}`, rows.get(phone)?.length ?? 0, one.texts);
    same(report, `replies written to ${nameOf(one)}`, replies.get(phone)?.length ?? 0, one.answered);
    same(report, `replies that reached ${nameOf(one)}`, received.texts.get(phone)?.length ?? 0, one.answered);
  }
  const reached = phones.reduce((sum, phone) => sum + (received.texts.get(phone)?.length ?? 0), 0);
  report.equal("dirty: replies at the provider", reached, sumOf(expected, "answered"));
}

function nameOf({ reporter, stopped }: Expected): string {
  return `reporter ${reporter}${stopped ? ", who opted out" : ""}`;
}

function sumOf(expected: Expected[], key: "texts" | "changes" | "answered"): number {
  return expected.reduce((sum, one) => sum + one[key], 0);
}

/** Only a difference is told: there are thousands of these. */
function same(report: Report, what: string, found: number, wanted: number): void {
  if (found !== wanted) report.fault(`dirty: ${what}: ${found} instead of ${wanted}`);
}

function checkRobots({ report }: Setting, robots: Robots): void {
  for (const { name, heard } of robots.counts()) {
    if (heard > MOST_REPLIES) report.fault(`dirty: ${name} got ${heard} replies, a loop that nobody stopped`);
    if (heard === 0) report.fault(`dirty: ${name} got no reply at all`);
  }
}

function tell({ report }: Setting, plan: DirtyPlan, robots: Robots, faults: number): void {
  const texts = plan.lanes.flat();
  const count = (test: (text: DirtyText) => unknown) => texts.filter(test).length;
  const stopped = plan.expected.filter((one: Expected) => one.stopped).length;
  report.note(
    `dirty: ${count(({ kind }) => kind === "command")} commands, ${count(({ kind }) => kind === "typo")} with a typo, ` +
      `${count(({ repeat }) => repeat)} repeats, ${stopped} opt-outs, ${plan.vaults.length} forged`,
  );
  for (const { name, heard, sent } of robots.counts()) {
    report.note(`dirty: ${name}: ${heard} replies to its ${sent} texts`);
  }
  report.figure({
    name: "dirty: doubled, forged, unwanted or looping",
    value: faults,
    shown: `${faults} of ${texts.length} texts  (${sumOf(plan.expected, "changes")} acts, each once)`,
    aim: "0",
    met: faults === 0,
  });
}
