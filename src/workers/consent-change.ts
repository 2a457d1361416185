import { scopeParts } from "../domain/consent.ts";
import type { HubEvent } from "../domain/events.ts";
import { contactConsent } from "../domain/facts.ts";
import type { ConsentChange } from "../store/consent.ts";
import { writeConsent } from "../store/consent.ts";
import type { Tx } from "../store/database.ts";
import { withdrawnEvents } from "./never-left.ts";

/** A change of consent, and what its event says of it. */
export interface ToldChange extends ConsentChange {
  contactId: string | null;
  /** The number of ours it came to. */
  channelAddress: string;
  /** The word that the person sent; null where there was none. */
  keyword: string | null;
  source: "keyword" | "provider" | "operator";
}

/**
 * Writes a change of consent and answers the events to tell: of texts that were withdrawn, and of the change, none
 * where everything was so already.
 */
export async function changeConsent(tx: Tx, change: ToldChange): Promise<HubEvent[]> {
  const { tenantId, phone, contactId, channelAddress, keyword, source, messageId } = change;
  const { changed, withdrawn } = await writeConsent(tx, change);
  const at = change.at.toISOString();
  const rejected = withdrawnEvents(tenantId, withdrawn, at);
  if (!changed) return rejected;
  const type = change.action === "revoke" ? "contact.unsubscribed" : "contact.subscribed";
  const { topic } = scopeParts(change.address);
  const told = { phone, contactId, topic, address: channelAddress, keyword, source, messageId, at };
  return [...rejected, contactConsent(type, tenantId, told)];
}
