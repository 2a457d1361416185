import type { ReceiptArrival } from "../domain/arrival.ts";
import type { Tx } from "./database.ts";
import { keptProviderId } from "./provider-id.ts";

type Status = ReceiptArrival["status"];

/**
 * Notes how one part of a long text ended, and answers how all parts stand that anything was told of. Receipts of
 * one text are worked on one after the other, so no part is overlooked. Kept also while the message is not known.
 */
export async function keepPart(
  tx: Tx,
  receipt: { channelId: string; providerMessageId: string; index: number; total: number; status: Status },
): Promise<Status[]> {
  const id = keptProviderId(receipt.providerMessageId);
  await tx.run(
    "receipt-parts-keep",
    `insert into receipt_parts as r (channel_id, provider_message_id, part, parts, status)
     values ($1, $2, $3, $4, $5)
     on conflict (channel_id, provider_message_id, part) do update set status = excluded.status
       where status_rank(excluded.status) > status_rank(r.status)`,
    [receipt.channelId, id, receipt.index, receipt.total, receipt.status],
  );
  const rows = await tx.run<{ status: Status }>(
    "receipt-parts-all",
    "select status from receipt_parts where channel_id = $1 and provider_message_id = $2 order by part",
    [receipt.channelId, id],
  );
  return rows.map((row) => row.status);
}
