import { fieldValue, readQuery } from "./form-body.ts";

/**
 * Our own id of a text, which travels with it to the provider and comes back in its receipts: in a field that the
 * provider repeats, or in the address that receipts are sent to. It finds texts whose id at the provider is not known.
 */
const FIELD = "text";
const OURS = /^msg_[0-9a-z]{26}$/;

/** The address for receipts of this text. */
export function receiptAddress(address: string, id: string): string {
  return `${address}?${FIELD}=${id}`;
}

/** What a receipt says that came to such an address; empty when the address names no text. */
export function textNamedIn(url: string): { messageId?: string } {
  return ownTextId(fieldValue(readQuery(url) ?? [], FIELD));
}

/** What a receipt says that repeats the id in a field; empty when it is none of ours. */
export function ownTextId(value: unknown): { messageId?: string } {
  return typeof value === "string" && OURS.test(value) ? { messageId: value } : {};
}
