import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Actor } from "../domain/board.ts";
import type { Reader, Tx } from "./database.ts";
import type { Found } from "./search.ts";
import { searchRows } from "./search.ts";

/** The list of wordings that a person should judge. */

export interface NewReview {
  tenantId: string;
  id: string;
  phone: string;
  channelId: string;
  kind: "opt_out" | "review_only";
  /** What was removed, or would be, as `suppressions` keeps it. */
  scope: string;
  text: string;
  phrase: string;
  version: string;
  messageId: string;
  at: Date;
}

export type ReviewState = "open" | "kept" | "reversed";

export interface StoredReview {
  id: string;
  phone: string;
  channelId: string;
  kind: NewReview["kind"];
  scope: string;
  text: string;
  phrase: string;
  version: string;
  messageId: string;
  pausesBroadcasts: boolean;
  state: ReviewState;
  decidedBy: Actor | null;
  decidedAt: Date | null;
  reason: string | null;
  createdAt: Date;
}

const COLUMNS = `id, phone, channel_id as "channelId", kind, scope, text, phrase, version, message_id as "messageId",
  pauses_broadcasts as "pausesBroadcasts", state, decided_by as "decidedBy", decided_at as "decidedAt", reason,
  created_at as "createdAt"`;

/** Puts a wording onto the list, unless the same person already waits there for the same. */
export async function addReview(tx: Tx, review: NewReview): Promise<void> {
  const { tenantId, id, phone, channelId, kind, scope, text, phrase, version, messageId, at } = review;
  await tx.run(
    "reviews-add",
    `insert into consent_reviews (tenant_id, id, phone, channel_id, kind, scope, text, phrase, version, message_id,
       pauses_broadcasts, created_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $5 = 'review_only', $11
     where not exists (select 1 from consent_reviews where tenant_id = $1 and phone = $3 and kind = $5
       and scope = $6 and state = 'open')`,
    [tenantId, id, phone, channelId, kind, scope, text, phrase, version, messageId, at],
  );
}

/** Newest first. Of one person there are few. */
export function listReviews(
  reader: Reader,
  asked: { tenantId: string; state: ReviewState | null; phone: string | null },
  after: string | null,
  limit: number,
): Promise<Found<StoredReview>> {
  const { tenantId, state, phone } = asked;
  const narrow: RawBuilder<unknown>[] = [sql`t.tenant_id = ${tenantId}`];
  const filter: RawBuilder<unknown>[] = [];
  if (phone !== null) narrow.push(sql`t.phone = ${phone}`);
  if (state !== null) (phone === null ? narrow : filter).push(sql`t.state = ${state}`);
  const columns = sql.raw(COLUMNS);
  return searchRows(reader, { table: "consent_reviews", columns, narrow, filter, after, limit });
}

/** One entry, locked until the transaction ends. */
export async function lockReview(tx: Tx, tenantId: string, id: string): Promise<StoredReview | null> {
  const rows = await tx.run<StoredReview>(
    "reviews-lock",
    `select ${COLUMNS} from consent_reviews where tenant_id = $1 and id = $2 for update`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** Writes what was decided. Nobody's broadcasts stay paused once somebody has said that it was no opt-out. */
export async function decideReview(
  tx: Tx,
  decision: { tenantId: string; id: string; state: ReviewState; by: Actor; reason: string; at: Date },
): Promise<StoredReview> {
  const { tenantId, id, state, by, reason, at } = decision;
  const rows = await tx.run<StoredReview>(
    "reviews-decide",
    `update consent_reviews set state = $3, decided_by = $4, decided_at = $5, reason = $6,
       pauses_broadcasts = pauses_broadcasts and $3 <> 'reversed'
     where tenant_id = $1 and id = $2 returning ${COLUMNS}`,
    [tenantId, id, state, JSON.stringify(by), at, reason],
  );
  const [row] = rows;
  if (!row) throw new Error("the review was not locked");
  return row;
}
