import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./program.ts";

/**
 * Processor time so far, s. Unlike a rate it does not depend on what else the machine does, so it tells best
 * whether a change helped.
 */
export interface CpuTimes {
  program: number;
  /** All processes of the database. */
  database: number;
}

const TICKS_PER_SECOND = 100;

/** Null where the system does not tell. */
export function readCpuTimes(program: Program): CpuTimes | null {
  if (process.platform !== "linux") return null;
  const server = Number(
    readFileSync(join(program.dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0],
  );
  const times: CpuTimes = { program: 0, database: 0 };
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const seen = Number.isInteger(pid) ? readStat(pid) : null;
    if (seen === null) continue;
    if (pid === program.pid) times.program += seen.seconds;
    if (pid === server || seen.parent === server) times.database += seen.seconds;
  }
  return times;
}

function readStat(pid: number): { parent: number; seconds: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}

/** What one text cost, in microseconds of the program and of the database. */
export function costPerText(before: CpuTimes | null, after: CpuTimes | null, texts: number): string {
  if (before === null || after === null) return "";
  const each = (part: keyof CpuTimes) => Math.round(((after[part] - before[part]) / texts) * 1e6);
  return `processor time per text: program ${each("program")} µs, database ${each("database")} µs`;
}
