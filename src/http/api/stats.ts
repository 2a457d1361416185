import { z } from "zod";
import type { HourRow } from "../../store/stats.ts";
import { MOST_MESSAGES, replyTimes, trafficByHour } from "../../store/stats.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { Time } from "./shapes.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Many open pages ask after each text: they get the same figures for this time, ms; longer when they cost more. */
const KEPT_MS = 1_000;
const KEPT_TIMES_COST = 30;
const MOST_KEPT = 1_000;

const counts = {
  received: z.number(),
  sent: z.number().describe("Texts that were to leave, whatever became of them"),
  delivered: z.number(),
  failed: z.number(),
};

const Stats = z.object({
  since: Time.describe("The figures cover what happened since then; later than a day ago in a flood"),
  ...counts,
  deliveryRate: z
    .number()
    .nullable()
    .describe("Of the texts that have come to an end, the share that arrived, 0 to 1; null: none has"),
  reply: z
    .object({ count: z.number(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() })
    .describe("From a text's arrival until the provider took the reply"),
  hours: z.array(z.object({ at: Time, ...counts })).describe("The last 24, the oldest first"),
});
type Stats = z.infer<typeof Stats>;

/** The last day in figures: no texts and no numbers, so that viewers may see them too. */
export function statsRoutes(app: ApiApp, deps: ApiDeps): void {
  const kept = new Map<string, { until: number; stats: Promise<Stats> }>();

  app.get(
    "/v1/stats",
    {
      schema: {
        tags: ["health"],
        description: "The last 24 hours in figures.",
        response: { 200: Stats },
      },
    },
    (request) => {
      const { tenantId } = callerOf(request);
      const now = deps.clock.now();
      const known = kept.get(tenantId);
      if (known && known.until > now) return known.stats;
      if (kept.size >= MOST_KEPT) kept.clear();
      const startedAt = performance.now();
      const entry = { until: now + KEPT_MS, stats: readStats(deps, tenantId, now) };
      entry.stats.then(
        () => {
          entry.until = now + Math.max(KEPT_MS, (performance.now() - startedAt) * KEPT_TIMES_COST);
        },
        () => kept.delete(tenantId),
      );
      kept.set(tenantId, entry);
      return entry.stats;
    },
  );
}

async function readStats(deps: ApiDeps, tenantId: string, now: number): Promise<Stats> {
  const first = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS;
  const rows = await trafficByHour(deps.database, tenantId, new Date(first));
  const reply = await replyTimes(deps.database, tenantId, new Date(first));
  const byHour = new Map(rows.map((row) => [row.at.getTime(), row]));
  const hours = Array.from({ length: HOURS }, (_, index) => {
    const at = first + index * HOUR_MS;
    return { at: new Date(at).toISOString(), ...countsOf(byHour.get(at)) };
  });
  const total = (key: keyof typeof counts) => hours.reduce((sum, hour) => sum + hour[key], 0);
  const [delivered, failed] = [total("delivered"), total("failed")];
  const [received, sent] = [total("received"), total("sent")];
  const ended = delivered + failed;
  const oldest = rows[0];
  const isCut = received + sent >= MOST_MESSAGES;
  return {
    since: (isCut && oldest ? oldest.firstAt : new Date(first)).toISOString(),
    received,
    sent,
    delivered,
    failed,
    deliveryRate: ended === 0 ? null : delivered / ended,
    reply,
    hours,
  };
}

function countsOf(row: HourRow | undefined) {
  const { received = 0, sent = 0, delivered = 0, failed = 0 } = row ?? {};
  return { received, sent, delivered, failed };
}
