import { startChild } from "./child.ts";
import { untilTaken as untilTakenBy } from "./hook-counts.ts";
import type { ReceiverPorts } from "./hook-receiver.ts";
import { freePort } from "./ports.ts";
import { addChannel, makeDataDir, type Program, removeDataDir } from "./program.ts";
import { milliseconds, quantile } from "./report.ts";
import { type Setting, sendTexts } from "./setting.ts";

const ENDPOINTS = 100;
/** Texts a second while latency is measured: a thousand deliveries. */
const RATE = 10;
const FANOUT_AIM = 3_000;
const CHANGE_AIM = 0.2;
const TURNS = 4;

/**
 * Webhooks to a hundred endpoints: how many deliveries leave in a second, and what one dead and one slow endpoint
 * do to the others. Each text that comes in is one event for all of them.
 */
export async function measureWebhooks(setting: Setting): Promise<void> {
  const { report } = setting;
  const receiver = await startChild(new URL("hook-receiver.ts", import.meta.url));
  const dataDir = await makeDataDir();
  const program = await setting.start({ dataDir, port: await freePort(), role: "all" });
  try {
    const ports = await receiver.ask<ReceiverPorts>("listen");
    const path = await addChannel(program, setting.fakePort);
    await program.api("PATCH", "/v1/settings", { commands: { strangerReply: false } });
    const ids: string[] = [];
    for (let index = 0; index < ENDPOINTS; index++) {
      ids.push(await addEndpoint(program, `http://127.0.0.1:${ports.healthy}/hook/${index}`));
    }
    const send = async (first: number, count: number, rate: number | null) => {
      const source = { kind: "strangers", first } as const;
      const plan = { port: program.port, path, source, count, rate, openLoop: rate !== null };
      const sent = await sendTexts(setting, plan);
      report.equal("webhooks: requests not answered with 200", sent.refused, 0);
      return sent;
    };
    const untilTaken = (count: number) => untilTakenBy(setting, receiver, "webhooks", count);
    // Connections are made and plans are ready before anything is measured.
    await send(0, 20, null);
    await untilTaken(20 * ENDPOINTS);

    const burst = setting.texts ?? (setting.quick ? 100 : 300);
    await send(1_000, burst, null);
    const fanned = await untilTaken(burst * ENDPOINTS);
    report.equal("webhooks: deliveries of the burst in all", fanned.length, burst * ENDPOINTS);
    const times = fanned.map((one) => one.at);
    const perSecond = (fanned.length - 1) / ((Math.max(...times) - Math.min(...times)) / 1_000);
    report.figure({
      name: `webhook fan-out to ${ENDPOINTS} endpoints`,
      value: perSecond,
      shown: `${Math.round(perSecond).toLocaleString("en")}/s`,
      aim: `at least ${FANOUT_AIM.toLocaleString("en")}/s`,
      met: perSecond >= FANOUT_AIM,
    });

    const texts = RATE * (setting.seconds ?? (setting.quick ? 2 : 8));
    const bad = ids.slice(0, 2);
    const others = ENDPOINTS - bad.length;
    await program.api("PATCH", `/v1/endpoints/${bad[0]}`, { url: `http://127.0.0.1:${ports.dead}/dead` });
    await program.api("PATCH", `/v1/endpoints/${bad[1]}`, { url: `http://127.0.0.1:${ports.slow}/slow` });
    let first = 10_000;
    /** How long the deliveries to the healthy endpoints took, with the bad ones or without. */
    const measure = async (withBad: boolean): Promise<number[]> => {
      for (const id of bad) {
        const release = withBad ? { release: "discard" } : {};
        await program.api("PATCH", `/v1/endpoints/${id}`, { enabled: withBad, ...release });
      }
      const sent = await send(first, texts, RATE);
      const taken = await untilTaken(texts * others);
      const from = first;
      first += texts;
      return taken.map((one) => one.at - (sent.sentAt[one.question - from] ?? 0));
    };
    // Turn and turn about, since the machine is not the same from one minute to the next.
    const wellTimes: number[] = [];
    const illTimes: number[] = [];
    await measure(true);
    for (let turn = 0; turn < TURNS; turn++) {
      wellTimes.push(...(await measure(false)));
      illTimes.push(...(await measure(true)));
    }
    const well = quantiles(wellTimes);
    const ill = quantiles(illTimes);
    const change = ill.p99 / well.p99 - 1;
    report.note(
      `webhooks at ${RATE * ENDPOINTS}/s: all well p50 ${milliseconds(well.p50)}, p99 ${milliseconds(well.p99)}; ` +
        `one dead, one slow p50 ${milliseconds(ill.p50)}, p99 ${milliseconds(ill.p99)}`,
    );
    report.figure({
      name: "healthy p99 with 1 dead + 1 slow endpoint",
      value: change,
      shown: `${change >= 0 ? "+" : ""}${(change * 100).toFixed(0)} %`,
      aim: "changes by less than 20 %",
      met: change < CHANGE_AIM,
    });
  } finally {
    await receiver.stop();
    await program.stop();
    await removeDataDir(dataDir);
  }
}

async function addEndpoint(program: Program, url: string): Promise<string> {
  const endpoint = { url, types: ["message.received"], format: "signalbox", enabled: true };
  return (await program.api<{ id: string }>("POST", "/v1/endpoints", endpoint)).id;
}

function quantiles(times: number[]): { p50: number; p99: number } {
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
