import type { ActiveChannel, FoundText } from "../channels/types.ts";
import type { ChannelRoute, WayOut } from "../delivery/send-text.ts";
import { pollText } from "../delivery/send-text.ts";
import type { ReceiptArrival } from "../domain/arrival.ts";
import { STATUS_RANK } from "../domain/message.ts";
import type { Database } from "../store/database.ts";
import { keepArrivals } from "../store/inbox.ts";
import type { DuePoll } from "../store/polls.ts";
import { claimPolls, planPoll } from "../store/polls.ts";
import type { Clock } from "../tools/clock.ts";
import type { Logger } from "../tools/log.ts";
import { LOOK_UP_TIMES, lookUp } from "./look-up.ts";
import type { Loop } from "./loop.ts";
import { startLoop } from "./loop.ts";

/*
 * Asks providers that send no receipts, and looks for texts whose send had no clear answer. What they say is kept as an arrival of kind receipt, like a receipt that
 * came by itself, so that the ladder, the history and the events follow in the one place where they do.
 */

const EVERY_MS = 1_000;
const AT_ONCE = 20;

export interface PollDeps {
  database: Database;
  clock: Clock;
  channels: { byId(id: string): ActiveChannel | null };
  routeOf: (channel: ActiveChannel) => ChannelRoute;
  out: WayOut;
  log: Logger;
  wakeInbox: () => void;
  /** Events were committed. */
  onEvents: () => void;
  onFault: (error: unknown) => void;
}

export function startPolls(deps: PollDeps): Loop {
  return startLoop({ round: () => pollDue(deps), onFault: deps.onFault });
}

/** Claims, moves on, commits; then asks: no transaction is open while a provider is called. */
async function pollDue(deps: PollDeps): Promise<number> {
  const due = await deps.database.transact(async (tx) => {
    const polls = await claimPolls(tx, AT_ONCE);
    for (const poll of polls) await planPoll(tx, poll, nextAfter(poll, deps));
    return polls;
  });
  await Promise.all(due.map((poll) => ask(poll, deps)));
  return due.length < AT_ONCE ? EVERY_MS : 0;
}

function nextAfter(poll: DuePoll, deps: PollDeps): number | null {
  const asked = deps.channels.byId(poll.channelId)?.provider.pollAfterMs ?? [];
  const times = poll.providerMessageId === null ? LOOK_UP_TIMES : asked;
  const now = times[poll.step];
  const next = times[poll.step + 1];
  return now === undefined || next === undefined ? null : next - now;
}

async function ask(poll: DuePoll, deps: PollDeps): Promise<void> {
  const channel = deps.channels.byId(poll.channelId);
  if (!channel) return;
  const receipt =
    poll.providerMessageId === null
      ? receiptOf(await lookUp(poll, channel, deps))
      : await pollText(deps.routeOf(channel), poll.providerMessageId, deps.out);
  if (!receipt) return;
  await keepArrivals(deps.database, [
    {
      tenantId: poll.tenantId,
      channelId: poll.channelId,
      dedupeKey: `poll ${receipt.providerMessageId} ${receipt.status} ${receipt.code ?? ""}`,
      arrival: receipt,
      aside: null,
      raw: null,
      headers: {},
      door: "poll",
      client: "",
      receivedAt: new Date(deps.clock.now()),
    },
  ]);
  if (isFinal(receipt)) await deps.database.transact((tx) => planPoll(tx, poll, null));
  deps.wakeInbox();
}

/** What has become by now of a text that was found; that it was taken is written already. */
function receiptOf(found: FoundText | null): ReceiptArrival | null {
  if (!found || found.status === "handed_over") return null;
  return { kind: "receipt", phone: null, text: null, bounce: false, ...found };
}

function isFinal(receipt: ReceiptArrival): boolean {
  return STATUS_RANK[receipt.status] >= STATUS_RANK.undelivered;
}
