import type { Actor } from "../domain/board.ts";
import type { ConsentMethod } from "../domain/consent.ts";
import { EVERY_ADDRESS } from "../domain/consent.ts";
import type { Tx } from "./database.ts";
import type { StoredMessage } from "./messages.ts";
import { MESSAGE_COLUMNS } from "./messages.ts";

export interface ConsentChange {
  tenantId: string;
  phone: string;
  /** '*' for all of the tenant, the address texted, or 'topic:' and a key. */
  address: string;
  action: "revoke" | "restore";
  method: ConsentMethod;
  word: string;
  text: string | null;
  messageId: string | null;
  /** The channel it came by; null where a person recorded it. */
  channelId: string | null;
  actor?: Actor | null;
  note?: string | null;
  evidence?: object | null;
  at: Date;
}

/**
 * Records an opt-out or opt-in: the evidence always, the state once. Answers whether the state changed.
 * A revocation also withdraws what waits for this person; `withdrawn` are those messages. A restoration takes
 * away exactly the scope it names.
 */
export async function writeConsent(
  tx: Tx,
  change: ConsentChange,
): Promise<{ changed: boolean; withdrawn: StoredMessage[] }> {
  await keepEvidence(tx, change);
  if (change.action === "restore") {
    const gone = await tx.q
      .deleteFrom("suppressions")
      .where("tenant_id", "=", change.tenantId)
      .where("phone", "=", change.phone)
      .where("address", "=", change.address)
      .executeTakeFirst();
    return { changed: Number(gone.numDeletedRows) > 0, withdrawn: [] };
  }
  const added = await tx.q
    .insertInto("suppressions")
    .values({
      tenant_id: change.tenantId,
      phone: change.phone,
      address: change.address,
      method: change.method,
      word: change.word,
      message_id: change.messageId,
      since: change.at,
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "phone", "address"]).doNothing())
    .executeTakeFirst();
  return { changed: Number(added.numInsertedOrUpdatedRows ?? 0) > 0, withdrawn: await withdraw(tx, change) };
}

/** One line of the evidence: append-only, the state can be rebuilt from it. */
export async function keepEvidence(
  tx: Tx,
  change: Omit<ConsentChange, "action" | "method"> & { action: string; method: string },
): Promise<void> {
  await tx.q
    .insertInto("consent_events")
    .values({
      tenant_id: change.tenantId,
      phone: change.phone,
      address: change.address,
      action: change.action,
      method: change.method,
      word: change.word,
      text: change.text,
      message_id: change.messageId,
      channel_id: change.channelId,
      actor: change.actor ? JSON.stringify(change.actor) : null,
      note: change.note ?? null,
      evidence: change.evidence ? JSON.stringify(change.evidence) : null,
      received_at: change.at,
    })
    .execute();
}

/** What a bare STOP to this address covers, by the tenant's setting. */
export async function bareStopScope(tx: Tx, tenantId: string, address: string): Promise<string> {
  const rows = await tx.run<{ scope: string | null }>(
    "consent-stop-scope",
    "select settings->'consent'->>'stopScope' as scope from tenants where id = $1",
    [tenantId],
  );
  return rows[0]?.scope === "address" ? address : EVERY_ADDRESS;
}

/** The opt-outs that keep texts from this address from the person: of all addresses, of this one, or both. */
export async function scopesInForce(
  tx: Tx,
  { tenantId, phone, address }: Pick<ConsentChange, "tenantId" | "phone" | "address">,
): Promise<string[]> {
  const rows = await tx.q
    .selectFrom("suppressions")
    .select("address")
    .where("tenant_id", "=", tenantId)
    .where("phone", "=", phone)
    .where("address", "in", [EVERY_ADDRESS, address])
    .orderBy("address")
    .execute();
  return rows.map((row) => row.address);
}

/** Whether this person opted in again, for this address, after that moment. */
export async function restoredSince(
  tx: Tx,
  { tenantId, phone, address }: Pick<ConsentChange, "tenantId" | "phone" | "address">,
  since: Date,
): Promise<boolean> {
  const restore = await tx.q
    .selectFrom("consent_events")
    .select("id")
    .where("tenant_id", "=", tenantId)
    .where("phone", "=", phone)
    .where("action", "=", "restore")
    .where("address", "in", [EVERY_ADDRESS, address])
    .where("received_at", ">", since)
    .limit(1)
    .executeTakeFirst();
  return restore !== undefined;
}

/**
 * STOP overtakes: what still waits for this person fails now, but for answers to STOP, START and HELP. Found by the
 * person's messages, of which there are few, and never by all that waits.
 */
function withdraw(tx: Tx, change: ConsentChange): Promise<StoredMessage[]> {
  return tx.run<StoredMessage>(
    "consent-withdraw",
    `with waiting as (
       select o.seq, m.tenant_id, m.id from messages m cross join lateral (
         select seq from outbox o where o.message_id = m.id and o.tenant_id = m.tenant_id limit 1
         for update skip locked
       ) o
       where m.tenant_id = $1 and m.phone = $2 and m.direction = 'out' and m.kind <> 'compliance'
         and status_rank(m.status) < 4 and ($3 = '*' or m.sender = $3)
     ), gone as (delete from outbox o using waiting w where o.seq = w.seq)
     update messages m set status = 'failed', error = $4::jsonb,
       history = m.history || jsonb_build_object('status', 'failed', 'at', $5::text, 'reason', 'opted_out')
     from waiting w where m.tenant_id = w.tenant_id and m.id = w.id and status_rank(m.status) < 4
     returning ${MESSAGE_COLUMNS}`,
    [change.tenantId, change.phone, change.address, JSON.stringify(OPTED_OUT), change.at.toISOString()],
  );
}

export const OPTED_OUT = {
  code: "opted_out",
  providerCode: null,
  text: "This person has opted out.",
  fault: "recipient",
} as const;
