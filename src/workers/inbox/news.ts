import type { ActiveChannel } from "../../channels/types.ts";
import { faultOfReceipt } from "../../domain/advice.ts";
import type { Arrival } from "../../domain/arrival.ts";
import type { HubEvent, MessageView } from "../../domain/events.ts";
import {
  channelRejection,
  contactBounced,
  contactStatusChanged,
  messageDelivered,
  messageFailed,
  messageSent,
} from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import type { Tx } from "../../store/database.ts";
import type { ClaimedArrival } from "../../store/inbox.ts";
import type { ReceiptInput, ReceiptMatch } from "../../store/news.ts";
import { applyReceipts, countBounce, keepOrphan, setContactStatus } from "../../store/news.ts";
import { lastLeftAt } from "../../store/provider-blocks.ts";
import { insertEvents } from "../../store/routing.ts";
import type { Logger } from "../../tools/log.ts";
import { maskPhone } from "../../tools/log.ts";
import { recordProviderBlock, recordResubscribe, recordUnsubscribe } from "../provider-block.ts";
import { ofTheWhole } from "./receipt-parts.ts";

/** An arrival that is no text: it tells about texts we sent, or about people. */
export interface News {
  claimed: ClaimedArrival;
  channel: ActiveChannel;
}

/** What became of the receipts, for the counters. */
export interface NewsResult {
  receipts: { channel: string; state: string }[];
  /** Texts that arrived, and how long after they were queued. */
  arrived: { channel: string; seconds: number }[];
  /** Channels of receipts for messages nobody knows. */
  orphans: string[];
}

/** Writes the news of one batch, in order, in the transaction that finishes the arrivals. */
export async function recordNews(tx: Tx, news: News[], log: Logger): Promise<NewsResult> {
  const events: HubEvent[] = [];
  const result: NewsResult = { receipts: [], arrived: [], orphans: [] };
  const receipts: { input: ReceiptInput; item: News }[] = [];
  for (const item of news) {
    const { arrival } = item.claimed;
    if (arrival.kind === "receipt") {
      const { seq, bucket, tenantId, channelId, receivedAt } = item.claimed;
      const at = receivedAt.toISOString();
      const input = { ord: receipts.length, seq, bucket, tenantId, channelId, at, receipt: arrival };
      receipts.push({ input, item });
    } else {
      events.push(...(await recordOne(tx, item, arrival)));
    }
  }
  for (const told of rounds(receipts.map((entry) => entry.input))) {
    const round: ReceiptInput[] = [];
    for (const receipt of told) round.push(await ofTheWhole(tx, receipt));
    const matches = new Map((await applyReceipts(tx, round)).map((match) => [match.ord, match]));
    for (const receipt of round) {
      const match = matches.get(receipt.ord);
      if (match) {
        events.push(...receiptEvents(receipt, match));
        result.receipts.push({ channel: receipt.channelId, state: receipt.receipt.status });
        if (match.climbed && match.status === "delivered") {
          const seconds = Math.max(0, Date.parse(receipt.at) - match.createdAt.getTime()) / 1_000;
          result.arrived.push({ channel: receipt.channelId, seconds });
        }
        events.push(...(await bounceOf(tx, receipt, match)));
        events.push(...(await blockOf(tx, receipt, match, log)));
      } else {
        result.orphans.push(receipt.channelId);
        await keepOrphan(tx, receipt);
      }
    }
  }
  await insertEvents(tx, events);
  return result;
}

/**
 * Several receipts of one message are applied one after the other, those of different ones together. Two that repeat
 * the same text to the same number may mean one message, whatever ids they name.
 */
function rounds(receipts: ReceiptInput[]): ReceiptInput[][] {
  const all: ReceiptInput[][] = [];
  const seen = new Map<string, number>();
  for (const input of receipts) {
    const { providerMessageId, messageId, phone, text } = input.receipt;
    const byId = messageId ?? providerMessageId ?? phone;
    const meant = text === null || phone === null ? byId : `${phone} ${text}`;
    const key = `${input.channelId} ${meant}`;
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    const list = all[round] ?? [];
    list.push(input);
    all[round] = list;
  }
  return all;
}

function receiptEvents(input: ReceiptInput, match: ReceiptMatch): HubEvent[] {
  if (!match.climbed) return [];
  const events: HubEvent[] = [];
  const view = messageView(match);
  const { tenantId, at, receipt } = input;
  const wasUntold = match.priorStatus === "queued" || match.priorStatus === "held" || match.uncertain;
  if (wasUntold && (match.status === "sent" || match.status === "delivered")) {
    events.push(messageSent(tenantId, view, match.providerMessageId, at));
  }
  if (match.status === "delivered") events.push(messageDelivered(tenantId, view, at));
  const error = faultOfReceipt(receipt);
  if (error) events.push(messageFailed(tenantId, view, error, at));
  return events;
}

async function bounceOf(tx: Tx, input: ReceiptInput, match: ReceiptMatch): Promise<HubEvent[]> {
  if (!input.receipt.bounce || !match.climbed) return [];
  const { tenantId, at } = input;
  const phone = match.recipient;
  const contact = await countBounce(tx, { id: newId("con"), tenantId, phone, bounces: null });
  return [contactBounced(tenantId, { phone, contactId: contact.id, bounces: contact.bounces, at })];
}

const BLOCKED = "consent: the provider says that a person has opted out";

async function blockOf(tx: Tx, input: ReceiptInput, match: ReceiptMatch, log: Logger): Promise<HubEvent[]> {
  const { tenantId, at, receipt } = input;
  if (!receipt.optedOut) return [];
  // It may have been queued long before, and who texted START meanwhile may have left again.
  const leftAt = await lastLeftAt(tx, tenantId, match.messageId);
  const { events, tell } = await recordProviderBlock(tx, {
    tenantId,
    phone: match.recipient,
    contactId: match.contactId,
    channelId: match.channelId,
    address: match.sender,
    code: receipt.code ?? "opted_out",
    messageId: match.messageId,
    sentAt: leftAt ?? match.createdAt,
    at: new Date(at),
  });
  if (tell) log.warn({ channel: match.channelId, to: maskPhone(match.recipient) }, BLOCKED);
  return events;
}

async function recordOne(
  tx: Tx,
  { claimed, channel }: News,
  arrival: Exclude<Arrival, { kind: "receipt" }>,
): Promise<HubEvent[]> {
  const { tenantId } = claimed;
  const at = claimed.receivedAt.toISOString();
  switch (arrival.kind) {
    case "unsubscribe": {
      const route = { tenantId, channelId: channel.id, address: channel.address };
      return recordUnsubscribe(tx, { ...route, phone: arrival.phone, at: claimed.receivedAt });
    }
    case "resubscribe": {
      const route = { tenantId, channelId: channel.id, address: channel.address };
      return recordResubscribe(tx, { ...route, phone: arrival.phone, at: claimed.receivedAt });
    }
    case "bounce": {
      const { phone, bounces } = arrival;
      const contact = await countBounce(tx, { id: newId("con"), tenantId, phone, bounces });
      return [contactBounced(tenantId, { phone, contactId: contact.id, bounces: contact.bounces, at })];
    }
    case "contact-status": {
      const { phone, status } = arrival;
      const changed = await setContactStatus(tx, { id: newId("con"), tenantId, phone, status });
      if (changed.from === status) return [];
      return [
        contactStatusChanged(tenantId, { phone, contactId: changed.id, from: changed.from, to: status, at }),
      ];
    }
    case "rejection": {
      const { code, message, description } = arrival;
      return [channelRejection(tenantId, channel.id, { code, message, description }, at)];
    }
    case "message":
    case "ignored":
      return [];
    default:
      return arrival satisfies never;
  }
}

function messageView(row: ReceiptMatch): MessageView {
  return {
    id: row.messageId,
    channelId: row.channelId,
    direction: "out",
    from: row.sender,
    to: row.recipient,
    text: row.text,
    media: row.media ?? [],
    segments: row.segments,
    encoding: row.encoding,
    status: row.status,
    ref: row.ref,
    contactId: row.contactId,
    commandId: row.commandId,
    ruleId: row.ruleId,
    createdAt: row.createdAt.toISOString(),
  };
}
