import type { HubEvent } from "../domain/events.ts";
import { bareStopScope, restoredSince, scopesInForce } from "../store/consent.ts";
import type { Tx } from "../store/database.ts";
import { blockRoute, isOutlived, liftBlock, liftedSince } from "../store/provider-blocks.ts";
import { changeConsent } from "./consent-change.ts";

/** A provider refused a text because the person has opted out at the carrier or with the provider. */
export interface ProviderBlock {
  tenantId: string;
  phone: string;
  contactId: string | null;
  channelId: string;
  /** The channel's own number. */
  address: string;
  /** The provider's code, the evidence. */
  code: string;
  messageId: string | null;
  /** When that text left, or at the latest was made: what it met is from then. */
  sentAt: Date;
  at: Date;
}

export interface BlockNews {
  events: HubEvent[];
  /** The log has not heard of this person for a day. */
  tell: boolean;
}

/**
 * Takes a provider's block for what it is: the route is closed, and the person has opted out with the scope of a
 * bare STOP. Only codes that speak of consent come here; landlines, filters and unregistered senders say nothing
 * about it.
 *
 * Who opened the route again after the text had left makes it old news. Who came back by another way, after an
 * opt-out that explains the block, keeps the consent: only the route is closed.
 */
export async function recordProviderBlock(tx: Tx, block: ProviderBlock): Promise<BlockNews> {
  const { tenantId, phone, channelId, address, code, messageId, sentAt, at } = block;
  const route = { tenantId, phone, channelId };
  if (await liftedSince(tx, route, sentAt)) return { events: [], tell: false };
  const { tell } = await blockRoute(tx, { ...route, address, code, messageId, at });
  if (await restoredSince(tx, { tenantId, phone, address }, sentAt)) return { events: [], tell };
  if (await isOutlived(tx, route, address)) return { events: [], tell };
  return { events: await revoke(tx, block), tell };
}

/** A provider tells that a person has just opted out with it, in words that perhaps only it knows. */
export async function recordUnsubscribe(
  tx: Tx,
  told: Omit<ProviderBlock, "contactId" | "code" | "messageId" | "sentAt">,
): Promise<HubEvent[]> {
  const block = { ...told, contactId: null, code: "unsubscribe", messageId: null, sentAt: told.at };
  await blockRoute(tx, block);
  return revoke(tx, block);
}

/** The person has opted in again with the provider: the route is open, and what stood in its way here is lifted. */
export async function recordResubscribe(
  tx: Tx,
  told: Omit<ProviderBlock, "contactId" | "code" | "messageId" | "sentAt">,
): Promise<HubEvent[]> {
  const { tenantId, phone, channelId, address, at } = told;
  const line = { tenantId, phone, channelId, address, word: "resubscribe", text: null, messageId: null, at };
  await liftBlock(tx, line);
  const events: HubEvent[] = [];
  for (const scope of await scopesInForce(tx, told)) {
    const said = { contactId: null, channelAddress: address, keyword: null, source: "provider" } as const;
    const change = { ...line, ...said, address: scope };
    events.push(...(await changeConsent(tx, { ...change, action: "restore", method: "provider_block" })));
  }
  return events;
}

async function revoke(tx: Tx, block: ProviderBlock): Promise<HubEvent[]> {
  const { tenantId, phone, contactId, channelId, address, code, messageId, at } = block;
  return changeConsent(tx, {
    ...{ tenantId, phone, contactId, channelId, messageId, at },
    address: await bareStopScope(tx, tenantId, address),
    action: "revoke",
    method: "provider_block",
    word: code,
    text: null,
    channelAddress: address,
    keyword: null,
    source: "provider",
  });
}
