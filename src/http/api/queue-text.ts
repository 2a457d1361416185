import { z } from "zod";
import type { ActiveChannel } from "../../channels/types.ts";
import { HubError, invalid } from "../../domain/errors.ts";
import type { MessageView } from "../../domain/events.ts";
import { messageQueued } from "../../domain/facts.ts";
import { newId } from "../../domain/ids.ts";
import { linkedMedia } from "../../domain/media.ts";
import { MESSAGE_KINDS } from "../../domain/message.ts";
import { isPhoneNumber, normalisePhone } from "../../domain/phone.ts";
import { alphabetFor, MOST_SEGMENTS, measureText } from "../../domain/sms-text.ts";
import { OPTED_OUT, scopesInForce } from "../../store/consent.ts";
import type { Tx } from "../../store/database.ts";
import { noteSpoken } from "../../store/guards.ts";
import { unableLanes } from "../../store/lanes.ts";
import { sendLater } from "../../store/later.ts";
import { insertCallback } from "../../store/message-callbacks.ts";
import { lastChannelWith } from "../../store/messages.ts";
import { emptyBatch, ensureContacts, writeRouted } from "../../store/routing.ts";
import { tenantById } from "../../store/tenants.ts";
import { callbackEndpoint } from "./callback-endpoints.ts";
import type { ApiDeps } from "./deps.ts";
import { mostSegments, textToSend } from "./message-preview.ts";
import { Time } from "./shapes.ts";

export const Queued = z.object({
  id: z.string(),
  status: z.literal("queued"),
  createdAt: Time,
  channelId: z.string(),
  ref: z.string().optional(),
  sendAt: Time.optional().describe("When it may leave, where a time was asked for"),
  callbackSecret: z
    .string()
    .optional()
    .describe("What callbacks of this account are signed with: shown by the first message that has one"),
});
export type Queued = z.infer<typeof Queued>;

/** A text that somebody wants sent. */
export interface TextOrder {
  /** As a person types it. */
  to: string;
  text: string;
  ref: string | null;
  /** Null: we choose. */
  channelId: string | null;
  /** Whether typographic characters become plain ones; left out, the settings decide. */
  substitute?: boolean | null | undefined;
  /** Files that go with it; left out: none. */
  mediaUrls?: string[] | undefined;
  /** An address that hears what becomes of it. */
  callback?: string | null | undefined;
  /** Not before this time; left out: as soon as it can. */
  sendAt?: Date | null | undefined;
  /** How long it may wait for a channel when none can take it now, seconds; left out: as the settings say. */
  queueSeconds?: number | null | undefined;
  /** Somebody writes it by hand, and may be told at once that it must not be. */
  byPerson?: boolean;
}

/** What else belongs to the same commit. */
type InCommit = (tx: Tx, queued: Queued, message: MessageView) => Promise<void>;

/**
 * Writes the message, its place in the outbox, its contact and its event in one transaction, then wakes the
 * workers.
 */
export async function queueText(
  deps: ApiDeps,
  tenantId: string,
  order: TextOrder,
  inCommit: InCommit = async () => undefined,
): Promise<Queued> {
  const channels = await channelsOf(deps, tenantId, order.channelId);
  const to = normalisePhone(order.to, channels[0]?.country ?? (await countryOf(deps, tenantId)));
  if (!isPhoneNumber(to)) throw invalid("to", "is not a phone number; write it like +14155550101");
  const { text } = await textToSend(deps, tenantId, order.text, order.substitute ?? null);
  if (text === "") throw invalid("text", "holds nothing that can be seen");
  const answer = await deps.database.transact(async (tx) => {
    const { channel, waitsMs } = await chooseChannel(tx, tenantId, to, channels, order);
    if (order.byPerson) await checkConsent(tx, { tenantId, phone: to, address: channel.address });
    checkLength(text, channel);
    checkMedia(order.mediaUrls ?? [], channel, deps);
    const callback = order.callback ? await callbackEndpoint(tx, deps, tenantId, order.callback) : null;
    const [contact] = await ensureContacts(tx, [{ id: newId("con"), tenantId, phone: to }]);
    const contactId = contact?.id ?? null;
    const view = viewOf({ ...order, text }, to, channel, contactId, new Date(deps.clock.now()));
    await writeText(tx, tenantId, view, { sendAt: order.sendAt ?? null, waitsMs });
    if (callback && order.callback) {
      const { endpointId } = callback;
      await insertCallback(tx, { tenantId, messageId: view.id, endpointId, url: order.callback });
    }
    await noteSpoken(tx, channel.id, to, new Date(view.createdAt));
    const { id, createdAt, channelId } = view;
    const queued: Queued = { id, status: "queued", createdAt, channelId };
    if (order.ref !== null) queued.ref = order.ref;
    if (order.sendAt) queued.sendAt = order.sendAt.toISOString();
    if (callback?.secret) queued.callbackSecret = callback.secret;
    await inCommit(tx, queued, view);
    return queued;
  });
  deps.wakeOutbox();
  deps.eventsWritten();
  return answer;
}

/** The tenant's channels; another process may have made the one that is asked for a moment ago. */
export async function channelsOf(
  deps: ApiDeps,
  tenantId: string,
  wanted: string | null,
): Promise<ActiveChannel[]> {
  const known = deps.channels.ofTenant(tenantId);
  const found = wanted === null ? known.length > 0 : known.some((channel) => channel.id === wanted);
  if (found) return known;
  await deps.channels.refresh();
  return deps.channels.ofTenant(tenantId);
}

export async function countryOf(deps: ApiDeps, tenantId: string): Promise<string> {
  const known = deps.channels.ofTenant(tenantId)[0]?.country;
  return known ?? (await tenantById(deps.database, tenantId))?.country ?? "US";
}

function idsOf(channels: ActiveChannel[]): string[] {
  return channels.map((channel) => channel.id);
}

/**
 * The channel asked for, or the one last used with this number, or the default, or any: the first that can take
 * a text now, by itself or by a fallback. Where none can, the text waits so long as it may, or is refused.
 */
async function chooseChannel(
  tx: Tx,
  tenantId: string,
  to: string,
  channels: ActiveChannel[],
  order: TextOrder,
): Promise<{ channel: ActiveChannel; waitsMs: number | null }> {
  const chosen = order.channelId ?? (await lastChannelWith(tx, tenantId, to, idsOf(channels)));
  const preferred = pickChannel(channels, chosen, order.channelId !== null);
  const unable = await unableLanes(tx, idsOf(channels));
  // What leaves later asks then.
  if (unable.size === 0 || order.sendAt) return { channel: preferred, waitsMs: null };
  const isAble = (channel: ActiveChannel) =>
    !unable.has(channel.id) || fallbacksAmong(channels, channel).some(({ id }) => !unable.has(id));
  const others = [...channels].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const able = [preferred, ...(order.channelId === null ? others : [])].find(isAble);
  if (able) return { channel: able, waitsMs: null };
  const seconds = order.queueSeconds ?? (await tenantById(tx, tenantId))?.settings.messages.queueSeconds ?? 0;
  if (seconds > 0) return { channel: preferred, waitsMs: seconds * 1_000 };
  throw new HubError(
    "no_active_device_for_tenant",
    "No channel can take the text now: their credentials are refused, or they are paused by hand.",
  );
}

/** The channels that take over for this one, nearest first. */
function fallbacksAmong(channels: ActiveChannel[], channel: ActiveChannel): ActiveChannel[] {
  const chain: ActiveChannel[] = [];
  let next = channels.find(({ id }) => id === channel.fallbackId);
  while (next && next !== channel && !chain.includes(next)) {
    chain.push(next);
    const { fallbackId } = next;
    next = channels.find(({ id }) => id === fallbackId);
  }
  return chain;
}

/** The channel with this id, else the default one, else any. */
export function pickChannel(
  channels: ActiveChannel[],
  chosen: string | null,
  byCaller: boolean,
): ActiveChannel {
  const channel = channels.find((one) => one.id === chosen);
  if (channel) return channel;
  if (byCaller) throw invalid("channelId", "there is no such channel");
  const other = channels.find((one) => one.isDefault) ?? channels[0];
  if (other) return other;
  throw new HubError("no_active_device_for_tenant", "There is no channel to send from. Set one up first.");
}

/** Whoever writes by hand cannot write around an opt-out. For programs the check belongs to the moment of leaving. */
async function checkConsent(
  tx: Tx,
  person: { tenantId: string; phone: string; address: string },
): Promise<void> {
  if ((await scopesInForce(tx, person)).length === 0) return;
  throw new HubError("opted_out", `${OPTED_OUT.text} They can come back by texting START.`);
}

function checkLength(text: string, channel: ActiveChannel): void {
  const { segments } = measureText(text, alphabetFor(channel.provider, channel.address));
  const { maxSegments, title } = channel.provider;
  if (segments <= mostSegments(channel)) return;
  if (maxSegments > MOST_SEGMENTS) throw invalid("text", tooManySegments(segments));
  throw invalid("text", `takes ${segments} segments; ${title} sends at most ${maxSegments}`);
}

function checkMedia(urls: string[], { provider }: ActiveChannel, deps: ApiDeps): void {
  const most = provider.sendsMedia?.most ?? 0;
  if (urls.length <= most) return;
  const able = [...deps.providers.values()].filter((one) => one.sendsMedia).map((one) => one.title);
  const limit = most === 0 ? "no files" : `at most ${most} with a text`;
  throw invalid("mediaUrls", `${provider.title} sends ${limit}. These do: ${able.sort().join(", ")}`);
}

export function tooManySegments(segments: number): string {
  return `takes ${segments} segments; at most ${MOST_SEGMENTS} are sent`;
}

function viewOf(
  order: TextOrder,
  to: string,
  channel: ActiveChannel,
  contactId: string | null,
  now: Date,
): MessageView {
  const { encoding, segments } = measureText(order.text, alphabetFor(channel.provider, channel.address));
  return {
    id: newId("msg"),
    channelId: channel.id,
    direction: "out",
    from: channel.address,
    to,
    text: order.text,
    media: linkedMedia(order.mediaUrls ?? []),
    segments,
    encoding,
    status: "queued",
    ref: order.ref,
    contactId,
    commandId: null,
    ruleId: null,
    createdAt: now.toISOString(),
  };
}

async function writeText(
  tx: Tx,
  tenantId: string,
  view: MessageView,
  { sendAt, waitsMs }: { sendAt: Date | null; waitsMs: number | null },
): Promise<void> {
  const rule = MESSAGE_KINDS.conversation;
  const from = sendAt?.getTime() ?? Date.parse(view.createdAt);
  const expiresAt = new Date(from + (waitsMs ?? rule.livesMs)).toISOString();
  const later = sendAt && { sendAt: sendAt.toISOString() };
  const batch = emptyBatch();
  batch.messages.push({
    tenantId,
    view,
    kind: "conversation",
    phone: view.to,
    providerMessageId: null,
    arrivalSeq: null,
    expiresAt,
    history: [{ status: "queued", at: view.createdAt, ...later }],
  });
  batch.outbox.push({
    tenantId,
    lane: view.channelId,
    messageId: view.id,
    conversation: view.to,
    priority: rule.priority,
    expiresAt,
  });
  batch.events.push(messageQueued(tenantId, view, "conversation", expiresAt, later?.sendAt));
  await writeRouted(tx, batch);
  if (sendAt) await sendLater(tx, view.id, sendAt);
}
