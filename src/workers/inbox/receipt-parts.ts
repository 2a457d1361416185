import type { ReceiptArrival } from "../../domain/arrival.ts";
import { STATUS_RANK } from "../../domain/message.ts";
import type { Tx } from "../../store/database.ts";
import type { ReceiptInput } from "../../store/news.ts";
import { keepPart } from "../../store/receipt-parts.ts";

type Status = ReceiptArrival["status"];

/** A receipt about one part of a long text, turned into what it means for the whole of it. */
export async function ofTheWhole(tx: Tx, input: ReceiptInput): Promise<ReceiptInput> {
  const { channelId, receipt } = input;
  const { part, providerMessageId, status } = receipt;
  if (!part || part.total < 2 || providerMessageId === null) return input;
  const parts = await keepPart(tx, { channelId, providerMessageId, ...part, status });
  return { ...input, receipt: { ...receipt, status: whole(parts, part.total) } };
}

/** Delivered are all parts or none; one that failed is enough to fail; else it is as far as its furthest part. */
function whole(parts: Status[], total: number): Status {
  const failed = parts.find((status) => STATUS_RANK[status] === STATUS_RANK.failed);
  if (failed) return failed;
  if (parts.filter((status) => status === "delivered").length >= total) return "delivered";
  return parts.some((status) => STATUS_RANK[status] >= STATUS_RANK.sent) ? "sent" : "handed_over";
}
