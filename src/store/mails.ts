import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Reader, Tx } from "./database.ts";
import type { Found } from "./search.ts";
import { searchRows } from "./search.ts";

/*
 * Mails: written with what causes them, claimed by a worker for as long as an attempt may take, settled with its
 * outcome. A claim counts as an attempt at once: a process that dies over a mail brings it one step further, and
 * none is tried for ever.
 */

export interface NewMail {
  tenantId: string;
  id: string;
  to: string;
  subject: string;
  body: string;
  /** What caused it: `rule`, or the type of an event. */
  event: string;
  ruleId: string | null;
  messageId: string | null;
}

export async function insertMails(tx: Tx, mails: NewMail[]): Promise<void> {
  if (mails.length === 0) return;
  await tx.run(
    "mails-insert",
    `insert into mails (tenant_id, id, recipient, subject, body, event, rule_id, message_id)
     select "tenantId", id, "to", subject, body, event, "ruleId", "messageId"
     from json_to_recordset($1::json) as x("tenantId" text, id text, "to" text, subject text, body text, event text,
       "ruleId" text, "messageId" text)`,
    [JSON.stringify(mails)],
  );
}

export interface ClaimedMail extends NewMail {
  /** Which attempt this is, from 1. */
  step: number;
}

/** Takes mails that are due; after `leaseMs` without a settlement each is due again. */
export function claimMails(reader: Reader, limit: number, leaseMs: number): Promise<ClaimedMail[]> {
  return reader.run(
    "mails-claim",
    `with due as (
       select tenant_id, id from mails where state = 'waiting' and next_at <= now()
       order by next_at limit $1 for update skip locked
     )
     update mails m set step = m.step + 1, next_at = now() + $2 * interval '1 millisecond'
     from due d where m.tenant_id = d.tenant_id and m.id = d.id
     returning m.tenant_id as "tenantId", m.id, m.recipient as "to", m.subject, m.body, m.event,
       m.rule_id as "ruleId", m.message_id as "messageId", m.step`,
    [limit, leaseMs],
  );
}

export interface MailAttempt {
  at: string;
  outcome: "accepted" | "refused" | "unreachable" | "not_set_up";
  /** The code of the mail server; null = none was heard. */
  code: number | null;
  text: string;
}

/** Notes how an attempt ended, unless somebody else has begun a later one. */
export async function settleMail(
  reader: Reader,
  mail: ClaimedMail,
  state: MailState,
  attempt: MailAttempt,
  afterMs: number,
): Promise<void> {
  await reader.run(
    "mails-settle",
    `update mails set state = $4, attempts = attempts || $5::jsonb, next_at = now() + $6 * interval '1 millisecond'
     where tenant_id = $1 and id = $2 and step = $3 and state = 'waiting'`,
    [mail.tenantId, mail.id, mail.step, state, JSON.stringify(attempt), afterMs],
  );
}

/** When the next mail is due, in ms from now; null = none waits. */
export async function nextMailIn(reader: Reader): Promise<number | null> {
  const rows = await reader.run<{ ms: number | null }>(
    "mails-next",
    `select (extract(epoch from next_at - now()) * 1000)::float8 as ms
     from mails where state = 'waiting' order by next_at limit 1`,
  );
  return rows[0]?.ms ?? null;
}

export type MailState = "waiting" | "sent" | "failed";

export interface StoredMail extends Omit<NewMail, "tenantId"> {
  state: MailState;
  attempts: MailAttempt[];
  /** When it is tried next; null = it is over. */
  nextAt: Date | null;
  createdAt: Date;
}

/** Newest first. Found by the rule; what has not been sent, by its state. */
export function listMails(
  reader: Reader,
  tenantId: string,
  options: { state: MailState | null; ruleId: string | null; after: string | null; limit: number },
): Promise<Found<StoredMail>> {
  const { state, ruleId, after, limit } = options;
  const narrow: RawBuilder<unknown>[] = [sql`t.tenant_id = ${tenantId}`];
  const filter: RawBuilder<unknown>[] = [];
  // Word for word what the index `mails_not_sent` says.
  if (state !== null && state !== "sent") narrow.push(sql`t.state <> 'sent' and t.state = ${state}`);
  else if (state !== null) filter.push(sql`t.state = ${state}`);
  if (ruleId !== null) (narrow.length > 1 ? filter : narrow).push(sql`t.rule_id = ${ruleId}`);
  const columns = sql`t.id, t.recipient as "to", t.subject, t.body, t.state, t.attempts, t.event,
    t.rule_id as "ruleId", t.message_id as "messageId", t.created_at as "createdAt",
    case when t.state = 'waiting' then t.next_at end as "nextAt"`;
  return searchRows(reader, { table: "mails", columns, narrow, filter, after, limit });
}
