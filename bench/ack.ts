import { checkNothingWaits } from "./check-replies.ts";
import { startChild } from "./child.ts";
import { openCounts } from "./counts.ts";
import { costPerText, readCpuTimes } from "./cpu.ts";
import type { LoadResult } from "./load-maker.ts";
import { freePort } from "./ports.ts";
import { addChannel, makeDataDir, removeDataDir } from "./program.ts";
import { median, milliseconds, perSecond } from "./report.ts";
import { DRAIN_SECONDS, type Setting, sendTexts } from "./setting.ts";

const AIM = 0.35;
const FIRST_STRANGER = 10_000_000;

/**
 * Durable answers per second against a bare echo of the same bodies, in turns. The program routes and replies
 * meanwhile, as it does in life; what is left of that is waited for before the next echo.
 */
export async function measureAck(setting: Setting): Promise<void> {
  const { report, fake } = setting;
  const seconds = setting.seconds ?? (setting.quick ? 3 : 10);
  const rounds = setting.quick ? 1 : 2;
  const dataDir = await makeDataDir();
  const echo = await startChild(new URL("echo-server.ts", import.meta.url));
  const echoPort = await echo.ask<number>("listen");
  const program = await setting.start({ dataDir, port: await freePort(), role: "all" });
  const counts = await openCounts(dataDir);
  try {
    const path = await addChannel(program, setting.fakePort);
    await fake.ask("forget");
    const echoes: number[] = [];
    const acks: number[] = [];
    const drains: number[] = [];
    let first = FIRST_STRANGER;
    let taken = 0;
    const send = (port: number, to: string, length: number) => {
      const source = { kind: "strangers", first } as const;
      first += 1_000_000;
      return sendTexts(setting, { port, path: to, source, seconds: length });
    };
    // Both get warm first: code that runs often is made fast by then.
    await send(echoPort, "/echo", 1);
    taken += countTaken(await send(program.port, path, 1), setting);
    let slowest = 0;
    for (let round = 0; round < rounds; round++) {
      await counts.drained(DRAIN_SECONDS);
      echoes.push(rateOf(await send(echoPort, "/echo", seconds / 2)));
      const cpuBefore = readCpuTimes(program);
      const ack = await send(program.port, path, seconds / 2);
      const answered = readCpuTimes(program);
      taken += countTaken(ack, setting);
      acks.push(rateOf(ack));
      slowest = Math.max(slowest, ack.answerP99);
      report.note(
        `ack, round ${round + 1}: ${costPerText(cpuBefore, answered, ack.taken)} (routing included)`,
      );
      const before = await counts.commandCount();
      const started = performance.now();
      await counts.drained(DRAIN_SECONDS);
      const routed = (await counts.commandCount()) - before;
      if (routed > 0) drains.push(routed / ((performance.now() - started) / 1_000));
    }
    const ratio = median(acks) / median(echoes);
    report.figure({
      name: "durable ack / bare echo",
      value: ratio,
      shown: `${ratio.toFixed(2)}  (${perSecond(median(acks))} of ${perSecond(median(echoes))}, p99 ${milliseconds(slowest)})`,
      aim: `at least ${AIM}`,
      met: ratio >= AIM,
    });
    if (drains.length > 0)
      report.note(`ack: what was left afterwards was routed at ${perSecond(median(drains))}`);
    const { arrivals, deliveries, aside } = await counts.arrivals();
    report.equal("ack: arrivals", arrivals, taken);
    report.equal("ack: deliveries", deliveries, taken);
    report.equal("ack: set aside", aside, 0);
    report.equal("ack: rows of the command log", await counts.commandCount(), taken);
    await checkNothingWaits(report, counts);
  } finally {
    await echo.stop();
    await counts.close();
    await program.stop();
    await removeDataDir(dataDir);
  }
}

function rateOf(result: LoadResult): number {
  return (result.taken / (result.lastAt - result.firstAt)) * 1_000;
}

function countTaken(result: LoadResult, { report }: Setting): number {
  report.equal("ack: requests not answered with 200", result.refused, 0);
  return result.taken;
}
