import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

/** What the bench found: figures to read, checks that must hold. */
export interface Report {
  /** `aim` as the contract words it; `met` null = printed only. */
  figure(row: Figure): void;
  /** A plain line under the table. */
  note(line: string): void;
  /** Counts that must be equal; a difference fails the bench. */
  equal(what: string, found: number, wanted: number): void;
  /** Anything else that must not be. */
  fault(line: string): void;
  readonly faults: string[];
  print(): void;
  save(): Promise<string>;
}

export interface Figure {
  name: string;
  value: number | null;
  shown: string;
  aim: string;
  met: boolean | null;
}

const RESULTS = join(import.meta.dirname, "results");
const SHOWN_FAULTS = 20;

export function createReport(options: object): Report {
  const figures: Figure[] = [];
  const notes: string[] = [];
  const faults: string[] = [];
  const counts: { what: string; found: number; wanted: number }[] = [];
  const startedAt = new Date();

  return {
    faults,
    figure(row) {
      figures.push(row);
      console.log(`${row.name}: ${row.shown}`);
    },
    note(line) {
      notes.push(line);
      console.log(line);
    },
    equal(what, found, wanted) {
      counts.push({ what, found, wanted });
      if (found !== wanted) faults.push(`${what}: ${found} instead of ${wanted}`);
    },
    fault(line) {
      faults.push(line);
    },
    print() {
      const rows = [
        ["figure", "measured", "aim", ""],
        ...figures.map(({ name, shown, aim, met }) => [
          name,
          shown,
          aim,
          met === null ? "" : met ? "met" : "MISSED",
        ]),
      ];
      const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
      console.log("");
      for (const row of rows) {
        console.log(
          row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("  ")
            .trimEnd(),
        );
      }
      for (const line of notes) console.log(line);
      console.log(`${counts.length} counts compared, ${faults.length} faults`);
      for (const line of faults.slice(0, SHOWN_FAULTS)) console.error(`FAULT ${line}`);
      if (faults.length > SHOWN_FAULTS) console.error(`FAULT and ${faults.length - SHOWN_FAULTS} more`);
    },
    async save() {
      await mkdir(RESULTS, { recursive: true });
      const path = join(RESULTS, "latest.json");
      const machine = {
        cores: cpus().length,
        processor: cpus()[0]?.model ?? "",
        memoryGb: Math.round(totalmem() / 2 ** 30),
        node: process.version,
        system: `${process.platform} ${process.arch}`,
      };
      const endedAt = new Date();
      const content = { startedAt, endedAt, options, machine, figures, notes, counts, faults };
      await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
      return path;
    },
  };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The value below which that share of all lie. `values` must be sorted. */
export function quantile(values: number[], share: number): number {
  return values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;
}

export function perSecond(value: number): string {
  return `${Math.round(value).toLocaleString("en-US")}/s`;
}

export function milliseconds(value: number): string {
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}
