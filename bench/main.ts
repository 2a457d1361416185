import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureAck } from "./ack.ts";
import { startChild } from "./child.ts";
import { measureCrash } from "./crash.ts";
import { measureCrowd } from "./crowd.ts";
import { measureDirty } from "./dirty.ts";
import { measureJourney } from "./journey.ts";
import { tellKannelAlone } from "./kannel-run.ts";
import type { Program } from "./program.ts";
import { createReport } from "./report.ts";
import { measureRules } from "./rules.ts";
import { createStarter, type Setting, textsOfJourney } from "./setting.ts";
import { measureSoak } from "./soak.ts";
import { measureWebhooks } from "./webhooks.ts";

/** `npm run bench`: the figures the project watches, measured on this machine. */

const PARTS = [
  "ack",
  "journey",
  "latency",
  "rules",
  "crash",
  "dirty",
  "kannel",
  "webhooks",
  "crowd",
  "soak",
] as const;
type Part = (typeof PARTS)[number];
/** Run only when they are named: they take their time. */
const NAMED = new Set<Part>(["crowd", "soak"]);

/** Load over the last minute from which a note is made. */
const BUSY = 0.7;

const USAGE = `Usage: npm run bench -- [--quick] [--only ${PARTS.join(",")}] [--texts N] [--seconds N]`;

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "string") {
    console.error(`${options}\n${USAGE}`);
    return 2;
  }
  const { quick, texts, seconds, parts } = options;
  const running = new Set<Program>();
  const stopAll = () => Promise.all([...running].map((program) => program.stop()));
  stopOnSignal(stopAll);
  const report = createReport({ quick, texts, seconds, parts: [...parts] });
  // Other work on the machine takes its share of every rate below.
  const [load1 = 0] = loadavg();
  if (load1 > BUSY)
    report.note(`The machine is busy with other work (load ${load1.toFixed(1)}): rates come out low.`);
  const load = await startChild(new URL("load-maker.ts", import.meta.url));
  const fake = await startChild(new URL("fake-provider.ts", import.meta.url));
  const fakePort = await fake.ask<number>("listen");
  const start = createStarter(running);
  const setting: Setting = { quick, texts, seconds, load, fake, fakePort, report, start };
  const run = async (name: string, wanted: boolean, work: () => Promise<void>) => {
    if (!wanted) return;
    console.log(`-- ${name}`);
    try {
      await work();
    } catch (error) {
      report.fault(`${name} was not finished: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const journey = {
    journey: parts.has("journey"),
    kannel: parts.has("kannel"),
    latency: parts.has("latency"),
  };
  await run("durable ack", parts.has("ack"), () => measureAck(setting));
  const alone = journey.kannel && !journey.journey && !journey.latency;
  await run("Kannel alone", alone, () => tellKannelAlone(setting, textsOfJourney(setting), []));
  await run("journey", journey.journey || journey.latency, () => measureJourney(setting, journey));
  await run("webhooks", parts.has("webhooks"), () => measureWebhooks(setting));
  await run("crowd", parts.has("crowd"), () => measureCrowd(setting));
  await run("soak", parts.has("soak"), () => measureSoak(setting));
  await run("rules", parts.has("rules"), () => measureRules(setting));
  await run("crash", parts.has("crash"), () => measureCrash(setting));
  await run("dirty", parts.has("dirty"), () => measureDirty(setting));
  await stopAll();
  await load.stop();
  await fake.stop();
  report.print();
  await report.save();
  return report.faults.length === 0 ? 0 : 1;
}

interface Options {
  quick: boolean;
  texts: number | null;
  seconds: number | null;
  parts: Set<Part>;
}

/** The options, or what is wrong with them. */
function readOptions(): Options | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        texts: { type: "string" },
        seconds: { type: "string" },
      },
    });
    const named = [...positionals, ...(values.only?.split(",") ?? [])];
    const unknown = named.find((name) => !PARTS.some((part) => part === name));
    if (unknown !== undefined) return `There is no part "${unknown}".`;
    const wanted = (part: Part) => (named.length === 0 ? !NAMED.has(part) : named.includes(part));
    const parts = new Set(PARTS.filter(wanted));
    const { quick } = values;
    return { quick, parts, texts: count(values.texts), seconds: count(values.seconds) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function count(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`"${text}" is not a number from 1 to 9999999.`);
  return Number(text);
}

/** Nothing is left behind when the bench is interrupted, or the script that started it is gone. */
function stopOnSignal(stopAll: () => Promise<unknown>): void {
  const stop = () => {
    stopAll().finally(() => process.exit(130));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  process.once("disconnect", stop);
}

process.exitCode = await main();
process.disconnect?.();
process.exit();
