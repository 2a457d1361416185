import type { Reader, Tx } from "./database.ts";

/**
 * Texts for later wait on the work list in a lane nobody claims from: however many there are, a claim does not
 * look at them. They are found by their message like any other, so they can be cancelled, withdrawn and expire.
 */

/** Puts a text that was just queued aside until its time. */
export async function sendLater(tx: Tx, messageId: string, at: Date): Promise<void> {
  await tx.run("later-put", "update outbox set lane = 'later:' || lane, due_at = $2 where message_id = $1", [
    messageId,
    at,
  ]);
}

/** Moves what is due into its channel's lane, at most `limit`; answers how many. */
export async function releaseLater(reader: Reader, limit: number): Promise<number> {
  const rows = await reader.run<{ seq: number }>(
    "later-release",
    `update outbox set lane = substr(lane, 7) where seq = any (array(
       select seq from outbox where lane like 'later:%' and due_at <= now() order by due_at limit $1
       for update skip locked))
     returning seq`,
    [limit],
  );
  return rows.length;
}
