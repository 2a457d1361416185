import { checkCommands, checkNothingWaits, checkReplies, type SentTurns } from "./check-replies.ts";
import { type Counts, openCounts } from "./counts.ts";
import { costPerText, readCpuTimes } from "./cpu.ts";
import type { Received } from "./fake-provider.ts";
import { hasKannel } from "./kannel.ts";
import { runKannel, tellKannelAlone } from "./kannel-run.ts";
import { measureLatency } from "./latency.ts";
import { freePort } from "./ports.ts";
import { addChannel, addReporters, makeDataDir, type Program, removeDataDir } from "./program.ts";
import { median, milliseconds, perSecond } from "./report.ts";
import { type Setting, sendTexts, textsOfJourney, untilReplied } from "./setting.ts";

const KANNEL_AIM = 1.2;
const IDLE_AIM_MB = 150;
const END_AIM_MB = 350;
const START_AIM_MS = 3_000;
/** Below the 60 texts in 10 minutes after which a reporter is asked to wait. */
const TURNS = 40;
const SETTLE_MS = 2_000;

export interface JourneyParts {
  journey: boolean;
  kannel: boolean;
  latency: boolean;
}

/** The program from the text to the reply, Kannel in turns with it, and what the program weighs meanwhile. */
export async function measureJourney(setting: Setting, parts: JourneyParts): Promise<void> {
  const { report } = setting;
  const texts = textsOfJourney(setting);
  const rounds = setting.quick ? 1 : 3;
  const withKannel = parts.kannel && hasKannel();
  const dataDir = await makeDataDir();
  const port = await freePort();
  let program = await setting.start({ dataDir, port, role: "all" });
  const counts = await openCounts(dataDir);
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const idle = program.memory();
    const path = await addChannel(program, setting.fakePort);
    const journeys: number[] = [];
    const kannels: number[] = [];
    let nextReporter = 0;
    for (let round = 0; round < rounds; round++) {
      if (parts.journey) {
        const sent = turnsFor(texts, nextReporter);
        nextReporter += sent.reporters;
        await addReporters(program, sent.first, sent.reporters);
        journeys.push(await runJourney(setting, program, path, counts, sent));
      }
      if (withKannel) kannels.push(await runKannel(setting, texts, "spool"));
    }
    const end = program.memory();
    if (parts.journey) tellJourney(setting, journeys, kannels);
    if (parts.kannel) await tellKannelAlone(setting, texts, kannels);
    if (parts.latency) {
      nextReporter += await measureLatency(setting, program, path, counts, nextReporter);
    }
    if (parts.journey) {
      tellMemory(setting, "memory, idle", idle.residentMb, IDLE_AIM_MB);
      tellMemory(setting, "memory, end of journey", end.residentMb, END_AIM_MB);
      if (end.peakMb !== null) report.note(`memory: highest during the journey ${Math.round(end.peakMb)} MB`);
      await counts.close();
      await program.stop();
      program = await setting.start({ dataDir, port, role: "all" });
      const ms = program.readyAfterMs;
      report.figure({
        name: "second start until ready",
        value: ms,
        shown: milliseconds(ms),
        aim: "under 3 s",
        met: ms < START_AIM_MS,
      });
    }
  } finally {
    await counts.close().catch(() => undefined);
    await program.stop();
    await removeDataDir(dataDir);
  }
}

function turnsFor(texts: number, first: number): SentTurns {
  return { first, reporters: Math.ceil(texts / TURNS), texts };
}

/** Texts per second from the first request to the last reply, with nothing left to do. */
async function runJourney(
  setting: Setting,
  program: Program,
  path: string,
  counts: Counts,
  sent: SentTurns,
): Promise<number> {
  const { report, fake } = setting;
  const before = await counts.arrivals();
  await fake.ask("forget");
  const { first, reporters, texts } = sent;
  const source = { kind: "reporters", first, reporters } as const;
  const cpuBefore = readCpuTimes(program);
  const sending = await sendTexts(setting, { port: program.port, path, source, count: texts });
  await untilReplied(setting, counts, texts);
  const cost = costPerText(cpuBefore, readCpuTimes(program), texts);
  const received = await fake.ask<Received>("received");
  report.equal("journey: requests not answered with 200", sending.refused, 0);
  report.equal("journey: arrivals", (await counts.arrivals()).arrivals - before.arrivals, texts);
  await checkCommands(report, counts, sent);
  checkReplies(report, received, sent);
  await checkNothingWaits(report, counts);
  const rate = (texts / (received.lastAt - sending.firstAt)) * 1_000;
  const taken = (texts / (sending.lastAt - sending.firstAt)) * 1_000;
  report.note(`journey: ${texts} texts at ${perSecond(rate)}, accepted at ${perSecond(taken)}; ${cost}`);
  return rate;
}

function tellJourney({ report }: Setting, journeys: number[], kannels: number[]): void {
  const rate = median(journeys);
  const runs = journeys.length > 1 ? `  (runs: ${journeys.map(Math.round).join(", ")})` : "";
  report.figure({
    name: "whole journey",
    value: rate,
    shown: `${perSecond(rate)}${runs}`,
    aim: "",
    met: null,
  });
  if (kannels.length === 0) return;
  const ratio = rate / median(kannels);
  report.figure({
    name: "whole journey / Kannel",
    value: ratio,
    shown: `${ratio.toFixed(2)}  (Kannel with its spool: ${perSecond(median(kannels))})`,
    aim: `at least ${KANNEL_AIM}`,
    met: ratio >= KANNEL_AIM,
  });
}

function tellMemory({ report }: Setting, name: string, mb: number, aim: number): void {
  report.figure({
    name,
    value: mb,
    shown: `${Math.round(mb)} MB`,
    aim: `under ${aim} MB`,
    met: mb < aim,
  });
}
