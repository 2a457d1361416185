import type { HubEvent, MessageView } from "../domain/events.ts";
import { messageFailed, messageRejected } from "../domain/facts.ts";
import { OPTED_OUT } from "../store/consent.ts";
import type { StoredMessage } from "../store/messages.ts";

/** What is told of texts that were taken off the work list before they left. */

export function withdrawnEvents(tenantId: string, withdrawn: StoredMessage[], at: string): HubEvent[] {
  return withdrawn.map((row) => messageRejected(tenantId, viewOf(row), OPTED_OUT, "consent", at));
}

export function expiredEvents(expired: (StoredMessage & { tenantId: string })[], at: string): HubEvent[] {
  return expired.flatMap((row) => (row.error ? messageFailed(row.tenantId, viewOf(row), row.error, at) : []));
}

export function viewOf(row: StoredMessage): MessageView {
  const { id, channelId, direction, from, to, text, media, segments, encoding, status } = row;
  const { ref, contactId, commandId, ruleId } = row;
  return {
    ...{ id, channelId, direction, from, to, text, media, segments, encoding, status },
    ...{ ref, contactId, commandId, ruleId },
    createdAt: row.createdAt.toISOString(),
  };
}
