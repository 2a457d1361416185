import { z } from "zod";
import { ALL_ADDRESSES, ruleOfScope, usedOf } from "../../domain/budget.ts";
import { dayIn } from "../../domain/day.ts";
import { notFound } from "../../domain/errors.ts";
import { GUARD_RULES } from "../../domain/guard.ts";
import { normalisePhone } from "../../domain/phone.ts";
import { audit } from "../../store/audit.ts";
import { budgetDays, namesOfRules, releaseDay } from "../../store/budgets.ts";
import type { StoredTrip } from "../../store/guards.ts";
import { listTrips, releaseTrip } from "../../store/guards.ts";
import { tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import { countryOf } from "./queue-text.ts";
import type { ApiApp } from "./routes.ts";
import {
  Flag,
  foundPage,
  IdParams,
  ListQuery,
  MAY_BE_SHORT,
  Phone,
  page,
  readCursor,
  Time,
} from "./shapes.ts";

/** What the guards against loops and floods, and the budgets, hold back; and letting it go. */

const Trip = z.object({
  id: z.string(),
  at: Time,
  lastAt: Time.describe("When it held something back last"),
  rule: z.enum(GUARD_RULES).describe("As in docs/guards.md"),
  channelId: z.string().nullable(),
  address: z.string().describe("Our address; `*` is all of them together; `rule:` and its id, a rule"),
  phone: z.string().nullable().describe("Null for a budget"),
  counter: z.number(),
  limit: z.number(),
  textHash: z.number().nullable().describe("Fingerprint of the text"),
  withheld: z.enum(["reply", "text"]).describe("text = it was recorded and not processed"),
  times: z.number().describe("How often it held something back"),
  told: z.boolean().describe("Whether an `alert` event told of it"),
  endsAt: Time.describe("When it ends by itself"),
  releasedAt: Time.nullable(),
  open: z.boolean(),
});
type Trip = z.output<typeof Trip>;

const Query = ListQuery.extend({
  phone: Phone.optional(),
  rule: z.enum(GUARD_RULES).optional(),
  open: Flag.optional().describe("true = those that still hold something back"),
});

const Budgets = z.object({
  day: z.string().describe("Today in the board's time zone"),
  timeZone: z.string(),
  data: z.array(
    z.object({
      address: z.string().describe("`*` is all of them together; `rule:` and its id, what a rule sent"),
      name: z.string().nullable().describe("Of the rule; null for addresses"),
      segments: z.number().describe("What left today; up to a second late"),
      money: z.number(),
      limit: z.number().nullable().describe("Of the budget that is nearer to its end; null = none"),
      unit: z.enum(["segments", "money"]).nullable(),
      percent: z.number().nullable(),
      released: z.boolean().describe("Lifted for today"),
    }),
  ),
});

export function guardRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/guards/trips",
    {
      schema: {
        tags: ["guards"],
        description: `What the guards held back, newest first. ${MAY_BE_SHORT}`,
        querystring: Query,
        response: { 200: page(Trip) },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const { limit, cursor, phone, ...rest } = request.query;
      const number = phone && normalisePhone(phone, await countryOf(deps, tenantId));
      const now = new Date(deps.clock.now());
      const options = {
        filter: { ...rest, phone: number },
        now,
        after: readCursor(cursor),
        limit,
      };
      const found = await listTrips(deps.database, tenantId, options);
      return foundPage(found, (row) => tripView(row, now));
    },
  );

  app.get(
    "/v1/guards/budgets",
    {
      schema: {
        tags: ["guards"],
        description: "What left today, and how far each budget is used.",
        response: { 200: Budgets },
      },
    },
    async (request) => budgetsOf(deps, callerOf(request).tenantId),
  );

  app.post(
    "/v1/guards/trips/:id/release",
    {
      schema: {
        tags: ["guards"],
        description: "Lets go: all counters of this conversation begin anew; a budget is lifted for the day.",
        params: IdParams,
        response: { 200: Trip },
      },
    },
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const now = new Date(deps.clock.now());
      return deps.database.transact(async (tx) => {
        const trip = await releaseTrip(tx, tenantId, id, now);
        if (!trip) throw notFound("trip");
        if (trip.rule === "L9") {
          const zone = (await tenantById(tx, tenantId))?.settings.board.timeZone ?? "UTC";
          const day = dayIn(zone, trip.at.getTime());
          await releaseDay(tx, { tenantId, address: trip.address, day }, now);
        }
        const detail = { rule: trip.rule, address: trip.address };
        await audit(tx, { tenantId, actor, action: "guard.released", object: id, detail });
        return tripView(trip, now);
      });
    },
  );
}

async function budgetsOf(deps: ApiDeps, tenantId: string): Promise<z.output<typeof Budgets>> {
  const settings = (await tenantById(deps.database, tenantId))?.settings;
  if (!settings) throw notFound("account");
  const { timeZone } = settings.board;
  const day = dayIn(timeZone, deps.clock.now());
  const rows = await budgetDays(deps.database, [tenantId], [day]);
  const own = deps.channels.ofTenant(tenantId).map(({ address }) => address);
  const scopes = new Set([ALL_ADDRESSES, ...own, ...rows.map(({ address }) => address)]);
  const rules = [...scopes].flatMap((scope) => ruleOfScope(scope) ?? []);
  const names = rules.length > 0 ? await namesOfRules(deps.database, tenantId, rules) : new Map();
  const data = [...scopes].flatMap((address) => {
    const { segments, money, level } = usedOf(settings.budgets, address, rows);
    // Rules that nothing limits would only make the list long.
    if (level === null && ruleOfScope(address) !== null) return [];
    const released = rows.some((row) => row.address === address && row.released);
    const { limit, unit, percent } = level ?? { limit: null, unit: null, percent: null };
    const name = names.get(ruleOfScope(address) ?? "") ?? null;
    return [{ address, name, segments, money, limit, unit, percent, released }];
  });
  return { day, timeZone, data };
}

function tripView(row: StoredTrip, now: Date): Trip {
  return {
    ...row,
    at: row.at.toISOString(),
    lastAt: row.lastAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    releasedAt: row.releasedAt?.toISOString() ?? null,
    open: row.releasedAt === null && row.endsAt > now,
  };
}
