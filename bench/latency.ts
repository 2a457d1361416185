import { checkCommands, checkReplies, type SentTurns } from "./check-replies.ts";
import type { Counts } from "./counts.ts";
import type { Received } from "./fake-provider.ts";
import { addReporters, type Program } from "./program.ts";
import { milliseconds, quantile } from "./report.ts";
import { DRAIN_SECONDS, type Setting, sendTexts, untilReplied } from "./setting.ts";
import { reporterPhone } from "./texts.ts";

const RATE = 200;
const REPORTERS = 100;
const P50_AIM_MS = 15;
const P99_AIM_MS = 100;

/**
 * From the first byte of a webhook to the provider receiving the reply, at a steady 200 texts a second. A
 * reporter's n-th reply belongs to their n-th text, since order is kept. Answers how many reporters it made.
 */
export async function measureLatency(
  setting: Setting,
  program: Program,
  path: string,
  counts: Counts,
  first: number,
): Promise<number> {
  const { report, fake } = setting;
  const seconds = setting.seconds ?? (setting.quick ? 4 : 10);
  const sent: SentTurns = { first, reporters: REPORTERS, texts: RATE * seconds };
  await addReporters(program, first, REPORTERS);
  await counts.drained(DRAIN_SECONDS);
  await fake.ask("forget");
  const source = { kind: "reporters", first, reporters: REPORTERS } as const;
  const plan = { port: program.port, path, source, count: sent.texts, rate: RATE, openLoop: true };
  const sending = await sendTexts(setting, plan);
  await untilReplied(setting, counts, sent.texts);
  const received = await fake.ask<Received>("received");
  report.equal("latency: requests not answered with 200", sending.refused, 0);
  await checkCommands(report, counts, sent);
  checkReplies(report, received, sent);

  const took: number[] = [];
  for (let index = 0; index < sent.texts; index++) {
    const times = received.times.get(reporterPhone(first + (index % REPORTERS))) ?? [];
    const arrived = times[Math.floor(index / REPORTERS)];
    const left = sending.sentAt[index];
    if (arrived !== undefined && left !== undefined) took.push(arrived - left);
  }
  took.sort((a, b) => a - b);
  const p50 = quantile(took, 0.5);
  const p99 = quantile(took, 0.99);
  const row = (name: string, value: number, aim: number) =>
    report.figure({
      name: `journey latency at ${RATE}/s, ${name}`,
      value,
      shown: milliseconds(value),
      aim: `under ${aim} ms`,
      met: value < aim,
    });
  row("p50", p50, P50_AIM_MS);
  row("p99", p99, P99_AIM_MS);
  report.note(`journey latency: highest ${milliseconds(took.at(-1) ?? 0)}`);
  return REPORTERS;
}
