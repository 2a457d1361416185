import type { Selectable } from "kysely";
import type { Rule, RuleAction, RuleMatch } from "../domain/rule.ts";
import type { Reader, Tx } from "./database.ts";
import type { RuleTable } from "./tables.ts";

/** A rule as answers show it. */
export interface StoredRule extends Rule {
  createdAt: Date;
  updatedAt: Date;
}

/** Every rule of a tenant, in no order: the router puts them into theirs. */
export async function allRules(reader: Reader, tenantId: string): Promise<Rule[]> {
  const rows = await reader.q.selectFrom("rules").selectAll().where("tenant_id", "=", tenantId).execute();
  return rows.map(toRule);
}

/** Tells every worker to read the rules again. Also locks the tenant: two changes never look past each other. */
export async function bumpRules(tx: Tx, tenantId: string): Promise<void> {
  await tx.run(
    "rules-bump",
    "update tenants set rules_version = rules_version + 1, config_version = config_version + 1 where id = $1",
    [tenantId],
  );
}

export async function ruleById(reader: Reader, tenantId: string, id: string): Promise<StoredRule | null> {
  const row = await reader.q
    .selectFrom("rules")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row ? toStored(row) : null;
}

/** Where a page of rules begins: behind this rule. */
export interface RulePlace {
  priority: number;
  id: string;
}

/** In the order in which they are asked. */
export async function listRules(
  reader: Reader,
  tenantId: string,
  after: RulePlace | null,
  limit: number,
): Promise<StoredRule[]> {
  let query = reader.q.selectFrom("rules").selectAll().where("tenant_id", "=", tenantId);
  if (after !== null) {
    query = query.where((where) =>
      where(where.refTuple("priority", "id"), ">", where.tuple(after.priority, after.id)),
    );
  }
  const rows = await query.orderBy("priority").orderBy("id").limit(limit).execute();
  return rows.map(toStored);
}

export async function countRules(reader: Reader, tenantId: string): Promise<number> {
  const rows = await reader.run<{ count: number }>(
    "rules-count",
    "select count(*)::int as count from rules where tenant_id = $1",
    [tenantId],
  );
  return rows[0]?.count ?? 0;
}

/** What rules besides this one try on each text: patterns for it or for its sender. */
export function rulesWithPatterns(
  reader: Reader,
  tenantId: string,
  besides: string,
): Promise<Pick<Rule, "match" | "from">[]> {
  return reader.run(
    "rules-with-patterns",
    `select match, sender_filter as "from" from rules
     where tenant_id = $1 and id <> $2 and (match->>'type' = 'regex' or sender_filter like '%/%')`,
    [tenantId, besides],
  );
}

/** The priority behind all others, in steps of ten. */
export async function lastPriority(reader: Reader, tenantId: string): Promise<number> {
  const rows = await reader.run<{ last: number | null }>(
    "rules-last-priority",
    "select max(priority) as last from rules where tenant_id = $1",
    [tenantId],
  );
  return rows[0]?.last ?? 0;
}

/** A rule before this one that takes every text of everybody, so that this one never gets any. */
export async function takerBefore(reader: Reader, tenantId: string, rule: RulePlace): Promise<string | null> {
  const rows = await reader.run<{ name: string }>(
    "rules-taker",
    `select name from rules where tenant_id = $1 and (priority, id) < ($2, $3) and enabled
       and match->>'type' = 'any' and sender_filter is null and channel_id is null
     order by priority, id limit 1`,
    [tenantId, rule.priority, rule.id],
  );
  return rows[0]?.name ?? null;
}

export async function insertRule(tx: Tx, tenantId: string, rule: Rule): Promise<void> {
  await tx.q
    .insertInto("rules")
    .values({ id: rule.id, tenant_id: tenantId, ...columnsOf(rule) })
    .execute();
}

/** Writes a rule back as a whole. */
export async function replaceRule(tx: Tx, tenantId: string, rule: Rule): Promise<void> {
  await tx.q
    .updateTable("rules")
    .set({ ...columnsOf(rule), updated_at: new Date() })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", rule.id)
    .execute();
}

export async function deleteRule(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const gone = await tx.q
    .deleteFrom("rules")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

/** Gives these rules the priorities 10, 20 ... and moves all others behind them, in their order. */
export async function orderRules(tx: Tx, tenantId: string, ids: string[]): Promise<void> {
  await tx.run(
    "rules-order",
    `with wanted as (
       select r.id, row_number() over (order by x.place nulls last, r.priority, r.id) * 10 as priority
       from rules r left join unnest($2::text[]) with ordinality as x(id, place) on x.id = r.id
       where r.tenant_id = $1
     )
     update rules r set priority = w.priority, updated_at = now()
     from wanted w where r.tenant_id = $1 and r.id = w.id and r.priority <> w.priority`,
    [tenantId, ids],
  );
}

/** Which of these ids are rules of the tenant. */
export async function knownRules(reader: Reader, tenantId: string, ids: string[]): Promise<Set<string>> {
  const rows = await reader.run<{ id: string }>(
    "rules-known",
    "select id from rules where tenant_id = $1 and id = any($2)",
    [tenantId, ids],
  );
  return new Set(rows.map((row) => row.id));
}

function columnsOf(rule: Rule) {
  return {
    name: rule.name,
    priority: rule.priority,
    enabled: rule.enabled,
    match: JSON.stringify(rule.match),
    sender_filter: rule.from,
    channel_id: rule.channelId,
    cooldown_seconds: rule.cooldownSeconds,
    short_codes: rule.shortCodes,
    actions: JSON.stringify(rule.actions),
  };
}

function toRule(row: Selectable<RuleTable>): Rule {
  return {
    id: row.id,
    name: row.name,
    priority: row.priority,
    enabled: row.enabled,
    match: row.match as RuleMatch,
    from: row.sender_filter,
    channelId: row.channel_id,
    cooldownSeconds: row.cooldown_seconds,
    shortCodes: row.short_codes,
    actions: row.actions as RuleAction[],
  };
}

function toStored(row: Selectable<RuleTable>): StoredRule {
  return { ...toRule(row), createdAt: row.created_at, updatedAt: row.updated_at };
}
