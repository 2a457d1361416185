import type { ActiveChannel } from "../../channels/types.ts";
import type { TakeOver } from "../../delivery/take-over.ts";
import { fallbacksOf, takeOver } from "../../delivery/take-over.ts";
import type { Database } from "../../store/database.ts";
import type { DownLane, Move, Place, WaitingText } from "../../store/failover.ts";
import { downLanes, lanesLeft, lanesUp, moveTexts, waitingTexts } from "../../store/failover.ts";
import type { Flight } from "../../store/outbox.ts";
import type { Logger } from "../../tools/log.ts";
import { maskPhones } from "../../tools/log.ts";

/*
 * A channel takes over from one that is down, in two ways. A text that has just failed for the channel's own fault
 * moves as it lands. What waits in a lane that is paused for more than a minute moves from outside, and so does
 * what is queued there later, until the lane is open again. Each text leaves a channel at most once, so two
 * channels that name each other as fallback by a detour cannot play ball with it.
 */

export interface FailoverDeps {
  database: Database;
  channels: { byId(id: string): ActiveChannel | null };
  log: Logger;
  counters: { tookOver(from: string, to: string): void };
}

const AT_ONCE = 200;

/** Where a text that has just failed goes; null = no channel can take it over. */
export async function takeOverFlight(
  flight: Flight,
  channel: ActiveChannel,
  why: string,
  at: string,
  deps: FailoverDeps,
): Promise<TakeOver | null> {
  if (flight.message.kind === "compliance") return null;
  const chain = fallbacksOf(channel, deps.channels.byId);
  if (chain.length === 0) return null;
  try {
    const up = await lanesUp(deps.database, idsOf(chain));
    const left = await lanesLeft(deps.database, flight.tenantId, flight.message.id);
    const { from, text, mediaUrls } = flight.message;
    const message = { from, text, files: mediaUrls.length };
    const taken = firstThatCan(message, channel, reachable(chain, up), left, why, at);
    if (taken) note(deps, channel.id, taken, flight.message.id);
    return taken;
  } catch (error) {
    // The text stays with its channel; what waits there is looked at again in a moment.
    deps.log.error({ err: error, message: flight.message.id }, "outbox: no other channel could be asked");
    return null;
  }
}

/** Moves what waits in lanes that are down. Answers how many texts have moved. */
export async function moveFromDownLanes(deps: FailoverDeps): Promise<number> {
  let moved = 0;
  for (const down of await downLanes(deps.database)) {
    const channel = deps.channels.byId(down.lane);
    const chain = channel ? fallbacksOf(channel, deps.channels.byId) : [];
    const open = reachable(chain, await lanesUp(deps.database, idsOf(chain)));
    if (channel && open.length > 0) moved += await emptyLane(down, channel, open, deps);
  }
  return moved;
}

async function emptyLane(
  down: DownLane,
  channel: ActiveChannel,
  open: ActiveChannel[],
  deps: FailoverDeps,
): Promise<number> {
  const at = new Date().toISOString();
  let moved = 0;
  let after: Place = { priority: -1, seq: 0 };
  for (;;) {
    const { texts, moves } = await deps.database.transact(async (tx) => {
      const texts = await waitingTexts(tx, down.lane, after, AT_ONCE);
      const moves = texts.flatMap((text) => moveOf(text, channel, open, down.reason, at) ?? []);
      await moveTexts(tx, moves);
      return { texts, moves };
    });
    for (const move of moves) note(deps, channel.id, move, move.messageId);
    moved += moves.length;
    after = texts.at(-1) ?? after;
    if (texts.length < AT_ONCE) return moved;
  }
}

function moveOf(
  text: WaitingText,
  channel: ActiveChannel,
  open: ActiveChannel[],
  why: string,
  at: string,
): Move | null {
  // Answers to STOP, START and HELP leave from the address that was texted, or not at all.
  if (text.kind === "compliance") return null;
  // Whoever left this address did not ask for the same text from another one. It fails here when the lane is open.
  if (text.unwanted) return null;
  const { seq, tenantId, messageId } = text;
  const taken = firstThatCan(text, channel, open, text.left, why, at);
  return taken && { seq, tenantId, messageId, ...taken };
}

function firstThatCan(
  message: { from: string; text: string; files: number },
  channel: ActiveChannel,
  open: ActiveChannel[],
  left: string[],
  why: string,
  at: string,
): TakeOver | null {
  for (const other of open) {
    const taken = left.includes(other.id) ? null : takeOver(message, channel, other, why, at);
    if (taken) return taken;
  }
  return null;
}

function reachable(chain: ActiveChannel[], up: Set<string>): ActiveChannel[] {
  return chain.filter((channel) => up.has(channel.id));
}

function idsOf(channels: ActiveChannel[]): string[] {
  return channels.map((channel) => channel.id);
}

function note(deps: FailoverDeps, from: string, { lane, note: line }: TakeOver, message: string): void {
  deps.counters.tookOver(from, lane);
  const { decision } = line as { decision: string };
  deps.log.warn({ message, from, to: lane, why: maskPhones(decision) }, "outbox: another channel takes over");
}
