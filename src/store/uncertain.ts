import type { Reader, Tx } from "./database.ts";
import type { StoredMessage } from "./messages.ts";
import { MESSAGE_COLUMNS } from "./messages.ts";

/** Texts of which nobody knows whether their provider has them. */

export interface UncertainText {
  id: string;
  to: string;
  from: string;
  text: string;
  mediaUrls: string[];
  /** When the send began whose end is not known. */
  sentAt: Date;
}

/** The text, as long as it is uncertain. */
export async function uncertainText(
  reader: Reader,
  tenantId: string,
  messageId: string,
): Promise<UncertainText | null> {
  const rows = await reader.run<UncertainText>(
    "uncertain-text",
    `select id, recipient as "to", sender as "from", text, '{}'::text[] as "mediaUrls",
       coalesce((attempts->-1->>'at')::timestamptz, created_at) as "sentAt"
     from messages
     where tenant_id = $1 and id = $2 and 'uncertain' = any (flags) and provider_message_id is null`,
    [tenantId, messageId],
  );
  return rows[0] ?? null;
}

/** Of these ids of a provider the ones that messages of the channel have already. */
export async function ofOthers(
  reader: Reader,
  channelId: string,
  providerMessageIds: string[],
): Promise<Set<string>> {
  const rows = await reader.run<{ id: string }>(
    "uncertain-others",
    `select provider_message_id as id from messages where channel_id = $1 and provider_message_id = any($2)`,
    [channelId, providerMessageIds],
  );
  return new Set(rows.map((row) => row.id));
}

/** Settles an uncertain text as taken under this id. Null: a receipt was quicker. */
export async function settleFound(
  tx: Tx,
  found: { tenantId: string; messageId: string; providerMessageId: string; at: string },
): Promise<StoredMessage | null> {
  const line = { at: found.at, ms: null, outcome: "found", decision: "found at the provider: it was taken" };
  const rows = await tx.run<StoredMessage>(
    "uncertain-found",
    `update messages m set provider_message_id = $3, flags = array_remove(m.flags, 'uncertain'), error = null,
       attempts = m.attempts || $4::jsonb
     where m.tenant_id = $1 and m.id = $2 and 'uncertain' = any (m.flags) and m.provider_message_id is null
     returning ${MESSAGE_COLUMNS}`,
    [found.tenantId, found.messageId, found.providerMessageId, JSON.stringify(line)],
  );
  return rows[0] ?? null;
}
