import { idAt } from "../domain/ids.ts";
import type { Database } from "./database.ts";
import { hookRetention } from "./hook-retention.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Rows one statement deletes at most, so that no purge holds locks for long. */
const STEP = 5_000;
/** Files, which are large. */
const MEDIA_STEP = 100;
const EVENT_DAYS = 30;
/** How long after its first word a long text may still be told of, part by part. */
const RECEIPT_DAYS = 7;
const GUARD_DAYS = 30;
const NONCE_DAYS = 7;
const CALLBACK_DAYS = 60;
/** As long as a text counts as the answer to one of ours. */
const ANSWER_DAYS = 7;
/** `+14155550134` becomes `+1******34`, as in the logs. */
const MASKED = (column: string) => `regexp_replace(${column}, '^(\\+?\\d)\\d+(\\d\\d)$', '\\1******\\2')`;

const UNMASKED = String.raw`'^\+?\d{4,}$'`;

/**
 * Deletes what is older than each tenant keeps: raw requests, the command log, messages, events. In small
 * steps; a purge that is interrupted goes on with the next. Looks at `isStopping` between two steps.
 *
 * Rows are named by their place (`ctid`), in an array that is read first: with keys in a subquery PostgreSQL may
 * compare every row of the table with each of them, which took minutes.
 */
export async function purgeOld(database: Database, isStopping: () => boolean): Promise<void> {
  const inSteps = async (name: string, statement: string, step = STEP) => {
    let rows: unknown[] = [];
    do {
      if (isStopping()) return;
      rows = await database.run(name, `${statement} returning 1 as one`);
    } while (rows.length === step);
  };
  await inSteps(
    "retention-raw",
    `update arrivals set raw = null, headers = null, payload = null where ctid = any (array(
       select a.ctid from arrivals a join tenants t on t.id = a.tenant_id
       where a.payload is not null and a.aside is null
         and not exists (select 1 from inbox i where i.seq = a.seq)
         and a.received_at < now() - least(coalesce((t.settings->'retention'->>'rawDays')::int, 7),
           (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP}))`,
  );
  // The keys that tell repeats stay a week longer than the message; what was set aside goes with them.
  await inSteps(
    "retention-journal",
    `delete from arrivals where ctid = any (array(
       select a.ctid from arrivals a join tenants t on t.id = a.tenant_id
       where not exists (select 1 from inbox i where i.seq = a.seq) and a.received_at < now()
         - (7 + coalesce((t.settings->'retention'->>'messageDays')::int, 365)) * interval '1 day'
       limit ${STEP}))`,
  );
  // Before the messages they belong to, which say that they are gone.
  await inSteps(
    "retention-media",
    `with old as (
       select f.tenant_id, f.id, f.message_id from media f join tenants t on t.id = f.tenant_id
       where f.created_at < now() - least(coalesce((t.settings->'retention'->>'mediaDays')::int, 90),
         coalesce((t.settings->'retention'->>'messageDays')::int, 365),
         (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${MEDIA_STEP}
     ), told as (
       update messages m set media = (
         select json_agg(item::jsonb || '{"state":"removed"}' order by place)
         from json_array_elements(m.media) with ordinality as e(item, place))
       from (select distinct tenant_id, message_id from old) o
       where m.tenant_id = o.tenant_id and m.id = o.message_id and m.media is not null
     )
     delete from media f using old o where f.tenant_id = o.tenant_id and f.id = o.id`,
    MEDIA_STEP,
  );
  await inSteps(
    "retention-redact-messages",
    `update messages set text = '', media = null, sender = ${MASKED("sender")},
       recipient = ${MASKED("recipient")}, phone = ${MASKED("phone")}
     where ctid = any (array(
       select m.ctid from messages m join tenants t on t.id = m.tenant_id
       where (m.text <> '' or m.media is not null or m.phone ~ ${UNMASKED}) and t.settings->'retention'->>'redactAfterDays' is not null
         and m.created_at < now() - (t.settings->'retention'->>'redactAfterDays')::int * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-redact-commands",
    `update commands set text = '', reply_text = null, trace = '[]',
       meaning = json_build_object('keyword', meaning->'keyword', 'parts', '[]'::json), phone = ${MASKED("phone")}
     where ctid = any (array(
       select c.ctid from commands c join tenants t on t.id = c.tenant_id
       where (c.text <> '' or c.phone ~ ${UNMASKED}) and t.settings->'retention'->>'redactAfterDays' is not null
         and c.received_at < now() - (t.settings->'retention'->>'redactAfterDays')::int * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-commands",
    `delete from commands where ctid = any (array(
       select c.ctid from commands c join tenants t on t.id = c.tenant_id
       where c.received_at < now() - case
         when t.settings->'retention' ? 'commandLogDays'
           then (t.settings->'retention'->>'commandLogDays')::int else 365 end * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-messages",
    `delete from messages where ctid = any (array(
       select m.ctid from messages m join tenants t on t.id = m.tenant_id
       where m.created_at < now()
         - coalesce((t.settings->'retention'->>'messageDays')::int, 365) * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-events",
    `delete from events where ctid = any (array(
       select e.ctid from events e join tenants t on t.id = e.tenant_id
       where e.at < now() - least(${EVENT_DAYS}, (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP}))`,
  );
  for (const [name, statement] of hookRetention(STEP)) await inSteps(name, statement);
  await inSteps(
    "retention-mails",
    `delete from mails where ctid = any (array(
       select m.ctid from mails m join tenants t on t.id = m.tenant_id
       where m.created_at < now() - least(coalesce((t.settings->'retention'->>'messageDays')::int, 365),
         (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-nonces",
    `delete from door_nonces where ctid = any (array(
       select ctid from door_nonces where at < now() - interval '${NONCE_DAYS} days' limit ${STEP}))`,
  );
  // Nobody is believed by it any more; no need to keep the secret.
  await inSteps(
    "retention-proofs",
    `update channels set proof_before = null, proof_before_until = null where ctid = any (array(
       select ctid from channels where proof_before_until < now() limit ${STEP}))`,
  );
  await inSteps(
    "retention-receipt-parts",
    `delete from receipt_parts where ctid = any (array(
       select ctid from receipt_parts where at < now() - interval '${RECEIPT_DAYS} days'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-guard-trips",
    `delete from guard_trips where ctid = any (array(
       select g.ctid from guard_trips g join tenants t on t.id = g.tenant_id
       where g.last_at < now() - least(${GUARD_DAYS}, (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-budgets",
    `delete from budget_days where ctid = any (array(
       select ctid from budget_days where day < current_date - ${GUARD_DAYS} limit ${STEP}))`,
  );
  // A text may be queued for 30 days ahead, and what became of it takes a while.
  await inSteps(
    "retention-callbacks",
    `delete from message_callbacks where ctid = any (array(
       select ctid from message_callbacks
       where message_id < 'msg_' || id_time(now() - interval '${CALLBACK_DAYS} days') limit ${STEP}))`,
  );
  await inSteps(
    "retention-talks",
    `delete from integration_talks where ctid = any (array(
       select ctid from integration_talks
       where at < now() - interval '${ANSWER_DAYS} days' limit ${STEP}))`,
  );
  await inSteps(
    "retention-posts",
    `delete from integration_posts where ctid = any (array(
       select p.ctid from integration_posts p join integrations i on i.id = p.integration_id
         join tenants t on t.id = i.tenant_id
       where p.at < now() - least(${EVENT_DAYS}, (t.settings->'retention'->>'redactAfterDays')::int) * interval '1 day'
       limit ${STEP}))`,
  );
  await inSteps(
    "retention-sessions",
    `delete from auth_session where ctid = any (array(
       select ctid from auth_session where expires_at < now() limit ${STEP}))`,
  );
  await inSteps(
    "retention-verifications",
    `delete from auth_verification where ctid = any (array(
       select ctid from auth_verification where expires_at < now() limit ${STEP}))`,
  );
  await inSteps(
    "retention-password-links",
    `delete from password_links where ctid = any (array(
       select ctid from password_links where expires_at < now() limit ${STEP}))`,
  );
  // Its times are milliseconds, and its windows minutes.
  await inSteps(
    "retention-rate-limits",
    `delete from auth_rate_limit where ctid = any (array(
       select ctid from auth_rate_limit
       where last_request < extract(epoch from now() - interval '1 day') * 1000 limit ${STEP}))`,
  );
  await inSteps(
    "retention-sign-in-failures",
    `delete from sign_in_failures where ctid = any (array(
       select ctid from sign_in_failures where since < now() - interval '1 day' limit ${STEP}))`,
  );
  await inSteps(
    "retention-idempotency",
    `delete from idempotency_keys where ctid = any (array(
       select ctid from idempotency_keys where created_at < now() - interval '24 hours' limit ${STEP}))`,
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
