import type { Child } from "./child.ts";
import type { Counts } from "./counts.ts";
import type { LoadPlan, LoadResult } from "./load-maker.ts";
import type { Program, ProgramSettings } from "./program.ts";
import { startProgram } from "./program.ts";
import type { Report } from "./report.ts";

/** What every part of the bench is given. */
export interface Setting {
  quick: boolean;
  /** Texts of the journey; null = the part's own number. */
  texts: number | null;
  /** Seconds of the timed parts; null = their own. */
  seconds: number | null;
  load: Child;
  fake: Child;
  fakePort: number;
  report: Report;
  /** Starts the program; it is stopped at the end, whatever happens. */
  start(settings: ProgramSettings): Promise<Program>;
}

export const CONNECTIONS = 64;

export function textsOfJourney({ texts, quick }: Setting): number {
  return texts ?? (quick ? 3_000 : 20_000);
}

/** How long the program may take to finish what it was given, s. */
export const DRAIN_SECONDS = 180;

/** Sends texts as fast as they are answered, unless the plan says otherwise. */
export function sendTexts(
  setting: Setting,
  plan: Pick<LoadPlan, "port" | "path" | "source"> & Partial<LoadPlan>,
): Promise<LoadResult> {
  const whole: LoadPlan = {
    form: "mobiniti",
    connections: CONNECTIONS,
    count: null,
    seconds: null,
    rate: null,
    openLoop: false,
    retry: false,
    ...plan,
  };
  return setting.load.ask<LoadResult>("run", whole);
}

/** Resolves when the provider has all replies and nothing is left to do, or when nothing more will come. */
export async function untilReplied(setting: Setting, counts: Counts, texts: number): Promise<void> {
  const replied = setting.fake.ask("waitFor", { count: texts, seconds: DRAIN_SECONDS });
  const drained = counts.drained(DRAIN_SECONDS);
  await Promise.race([replied, drained]);
  await drained;
}

/** Starts programs and remembers them. */
export function createStarter(running: Set<Program>): Setting["start"] {
  return async (settings) => {
    const program = await startProgram(settings);
    running.add(program);
    return program;
  };
}
