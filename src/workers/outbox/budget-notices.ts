import type { BudgetLevel } from "../../domain/budget.ts";
import { ALL_ADDRESSES, ruleOfScope } from "../../domain/budget.ts";
import { endOfDay } from "../../domain/day.ts";
import { alert } from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import { namesOfRules, noteTold } from "../../store/budgets.ts";
import type { Database, Tx } from "../../store/database.ts";
import { countBudgetTrip, writeTrips } from "../../store/guards.ts";
import { insertEvents } from "../../store/routing.ts";

/** Who is told of a budget, and when: once a day at 80 %, once when it is used up. */

const NOTICE = 80;
const FULL = 100;

/** A budget that came to a mark. */
export interface Reached {
  tenant: { id: string; timeZone: string };
  day: string;
  /** An address, a rule, or all together. */
  scope: string;
  level: BudgetLevel;
  /** A text did not fit. */
  refused: boolean;
}

/** The mark that so many percent have passed; 0 = none. */
export function markOf(percent: number): number {
  if (percent >= FULL) return FULL;
  return percent >= NOTICE ? NOTICE : 0;
}

/** `name`: of the rule whose budget it is, where that is not clear anyway. */
export function wordsOf({ tenant, scope, level }: Reached, name: string | null = null): string {
  return `The budget of ${nameOf(scope, name)} for today, ${amount(level)}, is used up. Automatic replies leave again from 00:00 (${tenant.timeZone}).`;
}

function amount({ unit, limit }: BudgetLevel): string {
  if (unit === "money") return `${limit} in money`;
  return limit === 1 ? "1 segment" : `${limit} segments`;
}

function nameOf(scope: string, name: string | null): string {
  if (ruleOfScope(scope) !== null) return name === null ? "this rule" : `the rule "${name}"`;
  return scope === ALL_ADDRESSES ? "all addresses together" : scope;
}

/** Tells what nobody was told of. Answers whether events were written. */
export async function tellReached(
  database: Database,
  reached: readonly Reached[],
  now: number,
): Promise<boolean> {
  let told = false;
  const scopes = Map.groupBy(reached, ({ tenant, day, scope }) => `${tenant.id} ${day} ${scope}`);
  for (const same of scopes.values()) {
    const worst = same.find(({ refused }) => refused) ?? same[0];
    const refusals = same.filter(({ refused }) => refused).length;
    if (worst) told = (await database.transact((tx) => tellOne(tx, worst, refusals, now))) || told;
  }
  return told;
}

async function tellOne(tx: Tx, reached: Reached, refusals: number, now: number): Promise<boolean> {
  const { tenant, day, scope, level, refused } = reached;
  const at = new Date(now).toISOString();
  if (refusals > 0) await noteTrip(tx, reached, refusals, now);
  const percent = refused ? FULL : markOf(level.percent);
  const isNews = await noteTold(tx, { tenantId: tenant.id, address: scope, day, percent });
  if (!isNews) return false;
  const rule = ruleOfScope(scope);
  const name = rule === null ? null : ((await namesOfRules(tx, tenant.id, [rule])).get(rule) ?? null);
  const used = `${level.used} of ${amount(level)}`;
  const nearly = `${nameOf(scope, name)}: ${Math.floor(level.percent)} % of the budget for today is used (${used}).`;
  await insertEvents(tx, [
    alert(tenant.id, "budget", percent === FULL ? wordsOf(reached, name) : nearly, null, at),
  ]);
  return true;
}

/** One trip for a day and a budget, which counts what it holds back. */
async function noteTrip(
  tx: Tx,
  { tenant, scope, level }: Reached,
  times: number,
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString();
  const count = (more: number) =>
    countBudgetTrip(tx, { tenantId: tenant.id, address: scope, times: more, at });
  if (await count(times)) return;
  const trip = {
    tenantId: tenant.id,
    id: newId("gtr"),
    at,
    rule: "L9",
    channelId: null,
    phone: null,
  } as const;
  const figures = { counter: Math.round(level.used), limit: Math.round(level.limit), textHash: null };
  const endsAt = new Date(endOfDay(tenant.timeZone, now)).toISOString();
  await writeTrips(tx, [{ ...trip, ...figures, address: scope, withheld: "reply", told: true, endsAt }]);
  if (times > 1) await count(times - 1);
}
