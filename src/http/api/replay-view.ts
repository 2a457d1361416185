import { z } from "zod";
import { notFound } from "../../domain/errors.ts";
import type { Reader } from "../../store/database.ts";
import type { ReplayRow } from "../../store/replay-rows.ts";
import { replayById } from "../../store/replay-rows.ts";
import { Time } from "./shapes.ts";

export const Replay = z.object({
  id: z.string(),
  kind: z.literal("replay"),
  endpointId: z.string(),
  since: Time,
  until: Time,
  types: z.array(z.string()),
  states: z.enum(["exhausted", "all", "missing"]),
  rate: z.number(),
  state: z.enum(["running", "done", "cancelled", "failed"]).describe("done: all of it is queued"),
  matched: z.number().nullable().describe("Events it is about; null: not counted yet"),
  queued: z.number(),
  delivered: z.number(),
  waiting: z.number(),
  failed: z.number().describe("Given up after all tries"),
  skipped: z.number(),
  createdAt: Time,
  finishedAt: Time.nullable(),
});
export type Replay = z.infer<typeof Replay>;

export function replayView(row: ReplayRow): Replay {
  return {
    ...row,
    kind: "replay",
    since: row.since.toISOString(),
    until: row.until.toISOString(),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export async function showReplay(
  reader: Reader,
  tenantId: string,
  id: string,
  what = "replay",
): Promise<Replay> {
  const row = await replayById(reader, tenantId, id);
  if (!row) throw notFound(what);
  return replayView(row);
}
