import type { Tx } from "./database.ts";

/** Names the address that hears what becomes of a message; in the transaction that writes it. */
export async function insertCallback(
  tx: Tx,
  callback: { tenantId: string; messageId: string; endpointId: string; url: string },
): Promise<void> {
  const { tenantId, messageId, endpointId, url } = callback;
  await tx.run(
    "message-callbacks-insert",
    "insert into message_callbacks (tenant_id, message_id, endpoint_id, url) values ($1, $2, $3, $4)",
    [tenantId, messageId, endpointId, url],
  );
}
