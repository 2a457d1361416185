import type { Actor } from "../domain/board.ts";
import type { Reader, Tx } from "./database.ts";

/** What is known of one person's consent: the state, what routes refuse, and the evidence of both. */

export interface Suppression {
  /** '*', an address, or 'topic:' and a key. */
  scope: string;
  method: string;
  word: string;
  messageId: string | null;
  since: Date;
}

export function suppressionsOf(reader: Reader, tenantId: string, phone: string): Promise<Suppression[]> {
  return reader.q
    .selectFrom("suppressions")
    .select(["address as scope", "method", "word", "message_id as messageId", "since"])
    .where("tenant_id", "=", tenantId)
    .where("phone", "=", phone)
    .orderBy("since")
    .execute();
}

export interface RouteBlock {
  channelId: string;
  /** Null where the channel is gone. */
  channel: string | null;
  address: string | null;
  code: string;
  messageId: string | null;
  since: Date;
  lastSeenAt: Date;
  liftedAt: Date | null;
}

export function blocksOf(reader: Reader, tenantId: string, phone: string): Promise<RouteBlock[]> {
  return reader.q
    .selectFrom("provider_blocks as b")
    .leftJoin("channels as c", "c.id", "b.channel_id")
    .select(["b.channel_id as channelId", "c.name as channel", "c.address", "b.code"])
    .select([
      "b.message_id as messageId",
      "b.since",
      "b.last_seen_at as lastSeenAt",
      "b.lifted_at as liftedAt",
    ])
    .where("b.tenant_id", "=", tenantId)
    .where("b.phone", "=", phone)
    .orderBy("b.since", "desc")
    .execute();
}

export interface ConsentEvent {
  id: number;
  action: string;
  method: string;
  scope: string;
  word: string;
  text: string | null;
  messageId: string | null;
  channelId: string | null;
  actor: Actor | null;
  note: string | null;
  evidence: unknown;
  receivedAt: Date;
  recordedAt: Date;
}

/** The evidence, newest first. */
export function consentEvents(
  reader: Reader,
  { tenantId, phone }: { tenantId: string; phone: string },
  before: number | null,
  limit: number,
): Promise<ConsentEvent[]> {
  let query = reader.q
    .selectFrom("consent_events")
    .select(["id", "action", "method", "address as scope", "word", "text", "message_id as messageId"])
    .select(["channel_id as channelId", "actor", "note", "evidence"])
    .select(["received_at as receivedAt", "recorded_at as recordedAt"])
    .where("tenant_id", "=", tenantId)
    .where("phone", "=", phone);
  if (before !== null) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** How the opt-outs of this scope came about that nobody has taken back since. */
export async function standingOptOuts(
  tx: Tx,
  { tenantId, phone, scope }: { tenantId: string; phone: string; scope: string },
): Promise<string[]> {
  const rows = await tx.run<{ method: string }>(
    "consent-standing",
    `select distinct e.method from consent_events e
     where e.tenant_id = $1 and e.phone = $2 and e.address = $3 and e.action = 'revoke' and e.id > coalesce((
       select max(r.id) from consent_events r where r.tenant_id = $1 and r.phone = $2 and r.address = $3
         and r.action = 'restore'), 0)`,
    [tenantId, phone, scope],
  );
  return rows.map((row) => row.method);
}

export async function contactIdOf(reader: Reader, tenantId: string, phone: string): Promise<string | null> {
  const row = await reader.q
    .selectFrom("contacts")
    .select("id")
    .where("tenant_id", "=", tenantId)
    .where("phone", "=", phone)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Whether broadcasts leave this person out until somebody has looked at what was written. */
export async function broadcastsPaused(reader: Reader, tenantId: string, phone: string): Promise<boolean> {
  const row = await reader.q
    .selectFrom("consent_reviews")
    .select("id")
    .where("tenant_id", "=", tenantId)
    .where("phone", "=", phone)
    .where("pauses_broadcasts", "=", true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
