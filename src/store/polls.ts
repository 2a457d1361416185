import type { Tx } from "./database.ts";

/** Texts whose provider sends no receipts: somebody has to ask. */

export interface DuePoll {
  tenantId: string;
  messageId: string;
  channelId: string;
  /** Null: no answer told it; the text is looked for. */
  providerMessageId: string | null;
  /** How often it was asked already. */
  step: number;
}

/** Takes what is due, for as long as the transaction lasts; others pass over it. */
export function claimPolls(tx: Tx, limit: number): Promise<DuePoll[]> {
  return tx.run(
    "polls-claim",
    `select tenant_id as "tenantId", message_id as "messageId", channel_id as "channelId",
       provider_message_id as "providerMessageId", step
     from polls where due_at <= now() order by due_at limit $1 for update skip locked`,
    [limit],
  );
}

/** Plans the next asking after so many ms; null ends it. */
export async function planPoll(tx: Tx, poll: DuePoll, afterMs: number | null): Promise<void> {
  if (afterMs === null) {
    await tx.run("polls-end", "delete from polls where tenant_id = $1 and message_id = $2", [
      poll.tenantId,
      poll.messageId,
    ]);
    return;
  }
  await tx.run(
    "polls-next",
    `update polls set step = step + 1, due_at = now() + $3 * interval '1 millisecond'
     where tenant_id = $1 and message_id = $2`,
    [poll.tenantId, poll.messageId, afterMs],
  );
}
