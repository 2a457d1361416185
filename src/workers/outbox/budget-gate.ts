import { ALL_ADDRESSES, hasBudget, ruleScope, usedOf } from "../../domain/budget.ts";
import { dayIn } from "../../domain/day.ts";
import { MESSAGE_KINDS } from "../../domain/message.ts";
import type { BudgetSettings } from "../../domain/settings.ts";
import { defaultSettings } from "../../domain/settings.ts";
import type { BudgetDay, DaySpend } from "../../store/budgets.ts";
import { addSpend, budgetDays, budgetSettings } from "../../store/budgets.ts";
import type { Database } from "../../store/database.ts";
import type { Flight } from "../../store/outbox.ts";
import type { Clock } from "../../tools/clock.ts";
import type { Logger } from "../../tools/log.ts";
import type { Reached } from "./budget-notices.ts";
import { markOf, tellReached, wordsOf } from "./budget-notices.ts";

/*
 * Budgets of a day, judged when a text is about to leave.
 *
 * What left is added up in memory and written once a second, for a budget of nobody is worth a statement per text. A
 * tenant who has set one is looked at with each claim: first our own sums are written, then the day is read, and what
 * this process has in the air is added. So one process never overdraws; several may by what they have in the air.
 */

const FLUSH_MS = 1_000;
/** How long the settings of a tenant are believed, ms. */
const BELIEVED_MS = 1_000;

export interface BudgetGate {
  /** Looks at claimed texts before they leave. */
  judge(flights: readonly Flight[]): Promise<void>;
  /** Why this text must not leave, in words; null = it may. */
  whyNot(flight: Flight): string | null;
  /** The provider took it. */
  accepted(flight: Flight): void;
  /** It is in the air no more, whatever became of it. */
  landed(flight: Flight): void;
  stop(): Promise<void>;
}

interface Tenant {
  id: string;
  timeZone: string;
  budgets: BudgetSettings;
  limited: boolean;
  readAt: number;
}

interface Judged {
  /** What it costs its address, and its rule where one says it. */
  spends: DaySpend[];
  refusal: string | null;
}

interface GateDeps {
  database: Database;
  clock: Clock;
  log: Logger;
  onEvents: () => void;
}

export function createBudgetGate(deps: GateDeps): BudgetGate {
  const tenants = new Map<string, Tenant>();
  const judged = new WeakMap<Flight, Judged>();
  const inAir = new Set<Judged>();
  let unwritten: DaySpend[] = [];
  let flushing: Promise<void> = Promise.resolve();

  async function learn(ids: string[]): Promise<void> {
    const now = deps.clock.now();
    const stale = ids.filter((id) => Math.abs(now - (tenants.get(id)?.readAt ?? 0)) >= BELIEVED_MS);
    if (stale.length === 0) return;
    for (const row of await budgetSettings(deps.database, stale)) {
      const budgets = { ...defaultSettings("").budgets, ...row.budgets };
      const limited = hasBudget(budgets);
      tenants.set(row.id, { id: row.id, timeZone: row.timeZone ?? "UTC", budgets, limited, readAt: now });
    }
  }

  /** One after the other, so that who waits for it knows all that was added before to be written. */
  function flush(): Promise<void> {
    flushing = flushing
      .catch(() => undefined)
      .then(async () => {
        const spends = together(unwritten);
        unwritten = [];
        await addSpend(deps.database, spends).catch((error) => {
          unwritten.push(...spends);
          throw error;
        });
      });
    return flushing;
  }

  async function booksOf(limited: Tenant[]): Promise<Map<string, DayBook>> {
    const now = deps.clock.now();
    const days = limited.map(({ timeZone }) => dayIn(timeZone, now));
    await flush();
    const rows = await budgetDays(
      deps.database,
      limited.map(({ id }) => id),
      days,
    );
    return new Map(
      limited.map((tenant, index) => {
        const own = rows.filter((row) => row.tenantId === tenant.id);
        return [
          tenant.id,
          { tenant, day: days[index] ?? "", rows: new Map(own.map((row) => [row.address, row])) },
        ];
      }),
    );
  }

  async function tell(books: Iterable<DayBook>, refused: readonly Reached[]): Promise<void> {
    const reached = [...[...books].flatMap(reachedOf), ...refused];
    if (await tellReached(deps.database, reached, deps.clock.now())) deps.onEvents();
  }

  async function tick(): Promise<void> {
    const ids = new Set(unwritten.map(({ tenantId }) => tenantId));
    if (ids.size === 0) return;
    const limited = [...ids].flatMap((id) => tenants.get(id) ?? []).filter((tenant) => tenant.limited);
    if (limited.length === 0) await flush();
    else await tell((await booksOf(limited)).values(), []);
  }

  const timer = setInterval(() => {
    tick().catch((error) => deps.log.error({ err: error }, "budgets: sums were not written"));
  }, FLUSH_MS);
  timer.unref();

  return {
    async judge(flights) {
      await learn([...new Set(flights.map(({ tenantId }) => tenantId))]);
      const here = new Set(flights.flatMap(({ tenantId }) => tenants.get(tenantId) ?? []));
      const limited = [...here].filter((tenant) => tenant.limited);
      const books = limited.length > 0 ? await booksOf(limited) : new Map<string, DayBook>();
      const now = deps.clock.now();
      const days = new Map([...here].map(({ id, timeZone }) => [id, dayIn(timeZone, now)]));
      const refused: Reached[] = [];
      for (const flight of flights) {
        const { tenantId, message } = flight;
        const day = days.get(tenantId);
        if (day === undefined) continue;
        const { from, ruleId, segments } = message;
        const scopes = [from, ...(ruleId === null ? [] : [ruleScope(ruleId)])];
        const spends = scopes.map((address) => ({ tenantId, address, day, segments }));
        const book = books.get(tenantId);
        const reached = book && isPaused(flight, book.tenant) ? fullWith(book, spends, inAir) : null;
        if (reached) refused.push(reached);
        const entry: Judged = { spends, refusal: reached ? wordsOf(reached) : null };
        judged.set(flight, entry);
        if (book && !reached) inAir.add(entry);
      }
      if (limited.length > 0) await tell(books.values(), refused);
    },
    whyNot: (flight) => judged.get(flight)?.refusal ?? null,
    accepted(flight) {
      const entry = judged.get(flight);
      if (!entry) return;
      inAir.delete(entry);
      unwritten.push(...entry.spends);
    },
    landed(flight) {
      const entry = judged.get(flight);
      if (entry) inAir.delete(entry);
    },
    async stop() {
      clearInterval(timer);
      await flush().catch((error) => deps.log.error({ err: error }, "budgets: sums were not written"));
    },
  };
}

interface DayBook {
  tenant: Tenant;
  day: string;
  rows: Map<string, BudgetDay>;
}

function together(spends: readonly DaySpend[]): DaySpend[] {
  const groups = Map.groupBy(spends, ({ tenantId, address, day }) => `${tenantId} ${address} ${day}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, segments: group.reduce((sum, one) => sum + one.segments, 0) }] : [];
  });
}

function isPaused({ message }: Flight, { budgets }: Tenant): boolean {
  if (message.kind === "command_reply" && budgets.commandReplies === "leave") return false;
  return MESSAGE_KINDS[message.kind].budget === "paused";
}

/** The budget that this text would overdraw; null = it fits. */
function fullWith(book: DayBook, text: DaySpend[], inAir: Iterable<Judged>): Reached | null {
  const { tenant, day } = book;
  const flying = [...inAir].flatMap(({ spends }) => spends);
  const more = [...flying.filter((one) => one.tenantId === tenant.id && one.day === day), ...text];
  for (const scope of [...text.map(({ address }) => address), ALL_ADDRESSES]) {
    const level = levelIn(book, scope, more);
    if (level && !isReleased(book, scope) && level.used > level.limit)
      return { ...book, scope, level, refused: true };
  }
  return null;
}

function isReleased({ rows }: DayBook, scope: string): boolean {
  return rows.get(scope)?.released ?? false;
}

/** How far the budget of an address, or of all together, is used, with `more` on top. */
function levelIn({ tenant, rows }: DayBook, scope: string, more: readonly DaySpend[]) {
  return usedOf(tenant.budgets, scope, [...rows.values(), ...more]).level;
}

/** Marks that were passed, and that nobody may have been told of. */
function reachedOf(book: DayBook): Reached[] {
  const scopes = new Set([...book.rows.keys(), ALL_ADDRESSES]);
  return [...scopes].flatMap((scope) => {
    const level = levelIn(book, scope, []);
    const told = book.rows.get(scope)?.told ?? 0;
    const mark = level ? markOf(level.percent) : 0;
    return level && mark > told ? [{ ...book, scope, level, refused: false }] : [];
  });
}
