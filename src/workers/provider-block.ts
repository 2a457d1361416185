import type { HubEvent } from "../domain/events.ts";
import { contactConsent } from "../domain/facts.ts";
import { restoredSince, writeConsent } from "../store/consent.ts";
import type { Tx } from "../store/database.ts";
import { withdrawnEvents } from "./never-left.ts";

/** A provider refused a text because the person has opted out at the carrier or with the provider. */
export interface ProviderBlock {
  tenantId: string;
  phone: string;
  contactId: string | null;
  /** The channel's own number. */
  address: string;
  /** The provider's code, the evidence. */
  code: string;
  messageId: string;
  /** When that text left, or at the latest was made: what it met is from then. */
  sentAt: Date;
  at: Date;
}

/**
 * Takes a provider's block for what it is: a revocation, with the scope of a bare STOP. Only codes that speak of
 * consent come here; landlines, filters and unregistered senders say nothing about it. Answers the event to
 * tell, none when the person was opted out already, or came back after the text had left: that is old news.
 */
export async function recordProviderBlock(tx: Tx, block: ProviderBlock): Promise<HubEvent[]> {
  const { tenantId, phone, contactId, address, code, messageId, sentAt, at } = block;
  if (await restoredSince(tx, { tenantId, phone, address }, sentAt)) return [];
  const { changed, withdrawn } = await writeConsent(tx, {
    tenantId,
    phone,
    address: "*",
    action: "revoke",
    method: "provider_block",
    word: code,
    text: null,
    messageId,
    at,
  });
  const rejected = withdrawnEvents(tenantId, withdrawn, at.toISOString());
  if (!changed) return rejected;
  const consent = { phone, contactId, address, keyword: null, source: "provider" as const, messageId };
  return [
    ...rejected,
    contactConsent("contact.unsubscribed", tenantId, { ...consent, at: at.toISOString() }),
  ];
}
