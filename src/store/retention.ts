import type { Database } from "./database.ts";

/** Rows one statement deletes at most, so that no purge holds locks for long. */
const STEP = 5_000;
const EVENT_DAYS = 30;

/**
 * Deletes what is older than each tenant keeps: raw requests, the command log, messages, events. In small
 * steps; a purge that is interrupted goes on with the next.
 */
export async function purgeOld(database: Database): Promise<void> {
  await inSteps(
    database,
    "retention-raw",
    `update arrivals set raw = null, headers = null where seq in (
       select a.seq from arrivals a join tenants t on t.id = a.tenant_id
       where a.raw is not null and a.aside is null
         and a.received_at < now() - coalesce((t.settings->'retention'->>'rawDays')::int, 7) * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    database,
    "retention-commands",
    `delete from commands where (tenant_id, id) in (
       select c.tenant_id, c.id from commands c join tenants t on t.id = c.tenant_id
       where c.received_at < now() - case
         when t.settings->'retention' ? 'commandLogDays'
           then (t.settings->'retention'->>'commandLogDays')::int else 365 end * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    database,
    "retention-messages",
    `delete from messages where (tenant_id, id) in (
       select m.tenant_id, m.id from messages m join tenants t on t.id = m.tenant_id
       where m.created_at < now()
         - coalesce((t.settings->'retention'->>'messageDays')::int, 365) * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    database,
    "retention-events",
    `delete from events where (tenant_id, id) in (
       select tenant_id, id from events where at < now() - interval '${EVENT_DAYS} days' limit ${STEP})`,
  );
  await inSteps(
    database,
    "retention-idempotency",
    `delete from idempotency_keys where (tenant_id, key) in (
       select tenant_id, key from idempotency_keys where created_at < now() - interval '24 hours' limit ${STEP})`,
  );
}

async function inSteps(database: Database, name: string, statement: string): Promise<void> {
  for (;;) {
    const rows = await database.run<{ one: number }>(name, `${statement} returning 1 as one`);
    if (rows.length < STEP) return;
  }
}
