import type { Child } from "./child.ts";
import type { Taken } from "./hook-receiver.ts";
import type { Setting } from "./setting.ts";

const WAIT_SECONDS = 120;

/** What the healthy receivers took, once it is so many; they forget it then. */
export async function untilTaken(
  { report }: Setting,
  receiver: Child,
  part: string,
  count: number,
): Promise<Taken[]> {
  if (!(await receiver.ask<boolean>("waitFor", { count, seconds: WAIT_SECONDS }))) {
    const { count: came } = await receiver.ask<{ count: number }>("count");
    report.fault(`${part}: ${came} of ${count} deliveries came in ${WAIT_SECONDS} s`);
  }
  const taken = await receiver.ask<Taken[]>("taken");
  await receiver.ask("forget");
  report.equal(`${part}: deliveries, each once`, distinct(taken), count);
  return taken;
}

function distinct(taken: Taken[]): number {
  return new Set(taken.map(({ endpoint, question }) => `${endpoint} ${question}`)).size;
}
