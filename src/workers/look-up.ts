import type { ActiveChannel, FoundText } from "../channels/types.ts";
import { lookUpText } from "../delivery/send-text.ts";
import { messageSent } from "../domain/facts.ts";
import type { DuePoll } from "../store/polls.ts";
import { planPoll } from "../store/polls.ts";
import { insertEvents } from "../store/routing.ts";
import { ofOthers, settleFound, uncertainText } from "../store/uncertain.ts";
import { viewOf } from "./never-left.ts";
import type { PollDeps } from "./polls.ts";

/** When a text without a clear answer is looked for at its provider, ms after the send. */
export const LOOK_UP_TIMES = [60_000, 600_000];

/**
 * Looks for a text of which nobody knows whether its provider has it. Exactly one text there with the same words,
 * to the same person, about that time, and not another one of ours: it is that one, and counts as taken.
 * Answers it; null when nothing is settled.
 */
export async function lookUp(
  poll: DuePoll,
  channel: ActiveChannel,
  deps: PollDeps,
): Promise<FoundText | null> {
  const { database, log } = deps;
  const end = () => database.transact((tx) => planPoll(tx, poll, null));
  const text = await uncertainText(database, poll.tenantId, poll.messageId);
  if (!text) {
    await end();
    return null;
  }
  const all = await lookUpText(deps.routeOf(channel), text, text.sentAt, deps.out);
  if (all === null) return null;
  const taken = await ofOthers(database, poll.channelId, idsOf(all));
  const [found, ...more] = all.filter((one) => !taken.has(one.providerMessageId));
  log.info(
    { message: poll.messageId, found: found ? 1 + more.length : 0 },
    "outbox: an uncertain text looked up",
  );
  if (!found || more.length > 0) return null;
  const at = new Date(deps.clock.now()).toISOString();
  await database.transact(async (tx) => {
    const row = await settleFound(tx, { ...poll, providerMessageId: found.providerMessageId, at });
    if (row) await insertEvents(tx, [messageSent(poll.tenantId, viewOf(row), found.providerMessageId, at)]);
    await planPoll(tx, poll, null);
  });
  deps.onEvents();
  return found;
}

function idsOf(found: FoundText[]): string[] {
  return found.map((one) => one.providerMessageId);
}
