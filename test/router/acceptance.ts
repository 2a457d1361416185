import { rows1 } from "./acceptance-1.ts";
import { rows2 } from "./acceptance-2.ts";
import { rows3 } from "./acceptance-3.ts";
import { rows4 } from "./acceptance-4.ts";
import { canRun, type Row, type World } from "./acceptance-runner.ts";

/** The acceptance table of docs/commands.md, C1 to C173, in its order. */
export const rows: readonly Row[] = [...rows1, ...rows2, ...rows3, ...rows4];

/** The rows that this world is able to run. */
export function rowsFor(world: World): Row[] {
  return rows.filter((row) => canRun(world, row));
}
