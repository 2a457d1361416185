import { idAt } from "../domain/ids.ts";
import type { Database } from "./database.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Rows one statement deletes at most, so that no purge holds locks for long. */
const STEP = 5_000;
const EVENT_DAYS = 30;
/** `+14155550134` becomes `+1******34`, as in the logs. */
const MASKED = (column: string) => `regexp_replace(${column}, '^(\\+?\\d)\\d+(\\d\\d)$', '\\1******\\2')`;

const UNMASKED = String.raw`'^\+?\d{4,}$'`;

/**
 * Deletes what is older than each tenant keeps: raw requests, the command log, messages, events. In small
 * steps; a purge that is interrupted goes on with the next. Looks at `isStopping` between two steps.
 */
export async function purgeOld(database: Database, isStopping: () => boolean): Promise<void> {
  const inSteps = async (name: string, statement: string) => {
    let rows: unknown[] = [];
    do {
      if (isStopping()) return;
      rows = await database.run(name, `${statement} returning 1 as one`);
    } while (rows.length === STEP);
  };
  await inSteps(
    "retention-raw",
    `update arrivals set raw = null, headers = null, payload = null where seq in (
       select a.seq from arrivals a join tenants t on t.id = a.tenant_id
       where a.payload is not null and a.aside is null
         and not exists (select 1 from inbox i where i.seq = a.seq)
         and a.received_at < now() - least(coalesce((t.settings->'retention'->>'rawDays')::int, 7),
           (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP})`,
  );
  // The keys that tell repeats stay a week longer than the message; what was set aside goes with them.
  await inSteps(
    "retention-journal",
    `delete from arrivals where seq in (
       select a.seq from arrivals a join tenants t on t.id = a.tenant_id
       where not exists (select 1 from inbox i where i.seq = a.seq) and a.received_at < now()
         - (7 + coalesce((t.settings->'retention'->>'messageDays')::int, 365)) * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    "retention-redact-messages",
    `update messages set text = '', media = null, sender = ${MASKED("sender")},
       recipient = ${MASKED("recipient")}, phone = ${MASKED("phone")}
     where (tenant_id, id) in (
       select m.tenant_id, m.id from messages m join tenants t on t.id = m.tenant_id
       where (m.text <> '' or m.media is not null or m.phone ~ ${UNMASKED}) and t.settings->'retention'->>'redactAfterDays' is not null
         and m.created_at < now() - (t.settings->'retention'->>'redactAfterDays')::int * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    "retention-redact-commands",
    `update commands set text = '', reply_text = null, trace = '[]',
       meaning = json_build_object('keyword', meaning->'keyword', 'parts', '[]'::json), phone = ${MASKED("phone")}
     where (tenant_id, id) in (
       select c.tenant_id, c.id from commands c join tenants t on t.id = c.tenant_id
       where (c.text <> '' or c.phone ~ ${UNMASKED}) and t.settings->'retention'->>'redactAfterDays' is not null
         and c.received_at < now() - (t.settings->'retention'->>'redactAfterDays')::int * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    "retention-commands",
    `delete from commands where (tenant_id, id) in (
       select c.tenant_id, c.id from commands c join tenants t on t.id = c.tenant_id
       where c.received_at < now() - case
         when t.settings->'retention' ? 'commandLogDays'
           then (t.settings->'retention'->>'commandLogDays')::int else 365 end * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    "retention-messages",
    `delete from messages where (tenant_id, id) in (
       select m.tenant_id, m.id from messages m join tenants t on t.id = m.tenant_id
       where m.created_at < now()
         - coalesce((t.settings->'retention'->>'messageDays')::int, 365) * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    "retention-events",
    `delete from events where (tenant_id, id) in (
       select e.tenant_id, e.id from events e join tenants t on t.id = e.tenant_id
       where e.at < now() - least(${EVENT_DAYS}, (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP})`,
  );
  await inSteps(
    "retention-idempotency",
    `delete from idempotency_keys where (tenant_id, key) in (
       select tenant_id, key from idempotency_keys where created_at < now() - interval '24 hours' limit ${STEP})`,
  );
}

/**
 * Flags texts for which no report came within 72 h: they may have arrived, and nobody will say so any more.
 * Looks at those that became that old since the last days.
 */
export async function flagUnconfirmed(database: Database, now: number): Promise<void> {
  await database.run(
    "retention-unconfirmed",
    `update messages m set flags = m.flags || 'unconfirmed'::text from tenants t
     where m.tenant_id = t.id and m.id >= $1 and m.id < $2 and m.direction = 'out'
       and m.status in ('handed_over', 'sent') and not 'unconfirmed' = any (m.flags)`,
    [idAt("msg", now - 6 * DAY_MS), idAt("msg", now - 3 * DAY_MS)],
  );
}
