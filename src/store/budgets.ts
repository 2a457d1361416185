import type { Reader, Tx } from "./database.ts";

/** What each address, and each rule, sent on a day of the tenant's zone, and what was told of it. */

export interface DaySpend {
  tenantId: string;
  address: string;
  /** YYYY-MM-DD */
  day: string;
  segments: number;
}

/** Adds to the days; always in the same order, so that two workers never wait for each other. */
export async function addSpend(reader: Reader, spends: readonly DaySpend[]): Promise<void> {
  if (spends.length === 0) return;
  await reader.run(
    "budgets-add",
    `insert into budget_days as b (tenant_id, address, day, segments)
     select "tenantId", address, day, sum(segments)
     from json_to_recordset($1::json) as x("tenantId" text, address text, day date, segments bigint)
     group by 1, 2, 3 order by 1, 2, 3
     on conflict (tenant_id, address, day) do update set segments = b.segments + excluded.segments`,
    [JSON.stringify(spends)],
  );
}

export interface BudgetDay {
  tenantId: string;
  address: string;
  segments: number;
  told: number;
  released: boolean;
}

/** One day of each tenant; `days` in the order of `tenantIds`. */
export function budgetDays(reader: Reader, tenantIds: string[], days: string[]): Promise<BudgetDay[]> {
  return reader.run(
    "budgets-days",
    `select b.tenant_id as "tenantId", b.address, b.segments::float8 as segments, b.told,
       b.released_at is not null as released
     from unnest($1::text[], $2::date[]) as x(tenant_id, day) join budget_days b using (tenant_id, day)`,
    [tenantIds, days],
  );
}

/** Notes that so many percent were told of. Answers whether nobody had. */
export async function noteTold(
  tx: Tx,
  row: { tenantId: string; address: string; day: string; percent: number },
): Promise<boolean> {
  const rows = await tx.run(
    "budgets-told",
    `insert into budget_days as b (tenant_id, address, day, told) values ($1, $2, $3, $4)
     on conflict (tenant_id, address, day) do update set told = excluded.told where b.told < excluded.told
     returning 1 as one`,
    [row.tenantId, row.address, row.day, row.percent],
  );
  return rows.length > 0;
}

/** Lifts the budget of an address, or of all together, for one day. */
export async function releaseDay(
  tx: Tx,
  row: { tenantId: string; address: string; day: string },
  at: Date,
): Promise<void> {
  await tx.run(
    "budgets-release",
    `insert into budget_days as b (tenant_id, address, day, released_at) values ($1, $2, $3, $4)
     on conflict (tenant_id, address, day) do update set released_at = coalesce(b.released_at, excluded.released_at)`,
    [row.tenantId, row.address, row.day, at],
  );
}

/** As people know these rules, by id; those that are gone are missing. */
export async function namesOfRules(
  reader: Reader,
  tenantId: string,
  ids: string[],
): Promise<Map<string, string>> {
  const rows = await reader.run<{ id: string; name: string }>(
    "budgets-rule-names",
    "select id, name from rules where tenant_id = $1 and id = any($2)",
    [tenantId, ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What tenants have set about budgets and the zone their days are counted in; only what differs from defaults. */
export function budgetSettings(
  reader: Reader,
  tenantIds: string[],
): Promise<{ id: string; budgets: object | null; timeZone: string | null }[]> {
  return reader.run(
    "budgets-settings",
    `select id, settings->'budgets' as budgets, settings->'board'->>'timeZone' as "timeZone"
     from tenants where id = any($1)`,
    [tenantIds],
  );
}
