import { z } from "zod";
import type { BlockerCause } from "../../domain/blocker.ts";
import { BLOCKER_CAUSES } from "../../domain/blocker.ts";
import { ALL_ADDRESSES, ruleOfScope } from "../../domain/budget.ts";
import type { StuckEndpoint } from "../../store/endpoint-health.ts";
import type { ChannelHealthRow, OpenGuards, Unreported } from "../../store/health.ts";
import { ageOf, clockTime, headOf } from "./channel-health.ts";
import { Time } from "./shapes.ts";

/** What keeps texts from moving, told so that a person knows what to do next. */

export const Blocker = z.object({
  cause: z.enum(BLOCKER_CAUSES),
  object: z.object({
    kind: z.enum(["channel", "receipts", "door", "address", "endpoint", "account", "inbox", "program"]),
    id: z.string(),
    name: z.string(),
  }),
  since: Time.nullable(),
  waiting: z.number().describe("Texts it keeps from leaving"),
  oldestAt: Time.nullable(),
  nextTryAt: Time.nullable().describe("Null: it does not go away by itself"),
  text: z
    .string()
    .describe('"channel Telnyx: throttled since 14:02, 31 waiting, oldest 4 min. Next try 14:07."'),
  step: z.string().describe("What to do"),
  action: z
    .enum(["test", "resume"])
    .nullable()
    .describe("`POST /v1/channels/{id}/{action}` of the object may help"),
});
export type Blocker = z.infer<typeof Blocker>;

export interface Clockwork {
  now: Date;
  timeZone: string;
}

interface NamedChannel {
  id: string;
  name: string;
  address: string;
  sendsReceipts: boolean;
}

const MINUTE = 60_000;
/** A pause that ends later than this waits for a person. */
const UNTIL_SOMEBODY_ACTS = 365 * 24 * 60 * MINUTE;
/** More refused requests than this within five minutes are more than a stranger at the door. */
const REFUSED_TOLERATED = 5;

/** Everything that stands in the way of one channel; nothing when it works. */
export function channelBlockers(channel: NamedChannel, row: ChannelHealthRow, clock: Clockwork): Blocker[] {
  return [
    pausedLane(channel, row, clock),
    refusedSender(channel, row, clock),
    refusedDoor(channel, row),
  ].flatMap((blocker) => blocker ?? []);
}

const LANE_STEPS: Partial<Record<BlockerCause, { step: string; action: Blocker["action"] }>> = {
  rate_limited: { step: "Wait, or set a lower rate for the channel.", action: null },
  credentials: { step: "Check the credentials and the account, then test the channel.", action: "test" },
  unreachable: { step: "See whether the provider has trouble, and check the API URL.", action: "test" },
  paused_by_user: { step: "Resume the channel when it may send again.", action: "resume" },
};

function pausedLane(channel: NamedChannel, row: ChannelHealthRow, clock: Clockwork): Blocker | null {
  if (!row.pausedUntil) return openLane(channel, row, clock);
  const cause = row.pauseCause ?? "unreachable";
  const { step, action } = LANE_STEPS[cause] ?? { step: "Test the channel.", action: "test" as const };
  const waitsForPerson = row.pausedUntil.getTime() - clock.now.getTime() > UNTIL_SOMEBODY_ACTS;
  const nextTryAt = waitsForPerson ? null : row.pausedUntil;
  const head = headOf(row.pauseReason ?? "paused");
  const since = row.pausedSince ?? clock.now;
  const end = nextTryAt ? `Next try ${timeOf(nextTryAt, clock)}.` : "Nothing leaves until somebody acts.";
  const text = `channel ${channel.name}: ${head} since ${timeOf(since, clock)}${queueOf(row, clock)}. ${end}`;
  return {
    ...ofLane(cause, channel, row),
    since: since.toISOString(),
    nextTryAt: iso(nextTryAt),
    text,
    step,
    action,
  };
}

/** A lane that is open and yet does not get rid of its texts. */
function openLane(channel: NamedChannel, row: ChannelHealthRow, clock: Clockwork): Blocker | null {
  if (row.waiting === 0 || !row.dueAt) return null;
  const seconds = row.rate === null ? 0 : row.waiting / row.rate;
  const overdue = clock.now.getTime() - row.dueAt.getTime();
  if (row.retrying === row.waiting && overdue < 0) {
    const text = `channel ${channel.name}: no answer${queueOf(row, clock)}. Next try ${timeOf(row.dueAt, clock)}.`;
    const nextTryAt = row.dueAt.toISOString();
    return { ...ofLane("unreachable", channel, row), nextTryAt, text, ...lane("unreachable") };
  }
  if (seconds > 60) {
    const clear = ageOf(seconds * 1_000);
    const text = `channel ${channel.name}: ${row.rate} texts/s, ${row.waiting} waiting, clear in ${clear}.`;
    const nextTryAt = clock.now.toISOString();
    return { ...ofLane("rate_limited", channel, row), nextTryAt, text, ...lane("rate_limited") };
  }
  const served = clock.now.getTime() - (row.lastServedAt?.getTime() ?? 0);
  if (overdue < MINUTE || served < MINUTE) return null;
  const text = `channel ${channel.name}: nobody sends its texts${queueOf(row, clock)}.`;
  const step = "See whether a process with workers runs, and its log.";
  return { ...ofLane("worker_stopped", channel, row), since: iso(row.dueAt), text, step, action: null };
}

function lane(cause: BlockerCause): { step: string; action: Blocker["action"] } {
  return LANE_STEPS[cause] ?? { step: "", action: null };
}

function ofLane(cause: BlockerCause, { id, name }: NamedChannel, row: ChannelHealthRow) {
  const object = { kind: "channel" as const, id, name };
  return {
    cause,
    object,
    since: iso(row.oldestAt),
    waiting: row.waiting,
    oldestAt: iso(row.oldestAt),
    nextTryAt: null,
  };
}

function refusedSender(channel: NamedChannel, row: ChannelHealthRow, clock: Clockwork): Blocker | null {
  if (!row.refusedSince) return null;
  const why = row.refusedReason ?? "no reason given";
  const text = `channel ${channel.name}: sender refused since ${timeOf(row.refusedSince, clock)}: ${why}`;
  const step = "Check with the provider that the number is yours, registered, and allowed in this country.";
  const base = ofLane("registration", channel, row);
  return { ...base, since: row.refusedSince.toISOString(), text, step, action: "test" };
}

function refusedDoor({ id, name }: NamedChannel, row: ChannelHealthRow): Blocker | null {
  if (row.refusedLately <= REFUSED_TOLERATED) return null;
  const text = `channel ${name}: ${row.refusedLately} requests to its address were not believed within 5 min.`;
  const step =
    "Compare the signing secret and the addresses with the provider's: perhaps they were changed there.";
  return { ...nothingWaits("credentials", { kind: "door", id, name }), text, step, action: null };
}

export function silentReceipts(
  channel: NamedChannel,
  row: ChannelHealthRow | undefined,
  unreported: Unreported,
  clock: Clockwork,
): Blocker | null {
  if (!channel.sendsReceipts) return null;
  const since = row?.lastReceiptAt ?? unreported.oldestAt;
  const age = ageOf(clock.now.getTime() - since.getTime());
  const left = `${unreported.count} ${unreported.count === 1 ? "text" : "texts"} left`;
  const text = `receipts: none from ${channel.name} for ${age} while ${left}. Webhook address unreachable?`;
  const step = "Check that the provider can reach the address for receipts and that it is entered there.";
  const object = { kind: "receipts" as const, id: channel.id, name: channel.name };
  return { ...nothingWaits("unreachable", object), since: since.toISOString(), text, step, action: null };
}

export function guardBlocker(guard: OpenGuards, clock: Clockwork): Blocker {
  const { address, count, isBudget, since, endsAt } = guard;
  const until = timeOf(endsAt, clock);
  const text = isBudget
    ? `budget: ${budgetOwner(address)} has used it up, automatic replies wait until ${until}.`
    : `loop guard: ${address} holds back replies in ${count} ${count === 1 ? "conversation" : "conversations"}, the last until ${until}.`;
  const step = isBudget
    ? "Raise the budget in the settings, or release it for today."
    : "Look at the guards that tripped, and release those that were wrong.";
  const cause = isBudget ? "budget" : "loop_guard";
  const base = nothingWaits(cause, { kind: "address", id: address, name: address });
  return { ...base, since: since.toISOString(), nextTryAt: endsAt.toISOString(), text, step, action: null };
}

function budgetOwner(scope: string): string {
  if (scope === ALL_ADDRESSES) return "the account";
  return ruleOfScope(scope) === null ? `address ${scope}` : "a rule";
}

/** An endpoint whose webhooks wait: it fails, asked for a pause, or was disabled for failing. */
export function endpointBlocker(endpoint: StuckEndpoint, clock: Clockwork): Blocker {
  const { id, since, nextTryAt, waiting, error, isDisabled } = endpoint;
  const host = URL.parse(endpoint.url)?.host ?? endpoint.url;
  const asked = endpoint.pauseReason === "retry_after";
  const head = isDisabled ? "disabled" : asked ? "asked for a pause" : "keeps failing";
  const why = error === null ? "" : ` (${error})`;
  const from = since ? ` since ${timeOf(since, clock)}` : "";
  const end = nextTryAt ? `Next try ${timeOf(nextTryAt, clock)}.` : "Nothing is sent until it is enabled.";
  return {
    ...nothingWaits(asked ? "rate_limited" : "unreachable", { kind: "endpoint", id, name: host }),
    since: iso(since),
    waiting,
    nextTryAt: iso(nextTryAt),
    text: `webhooks to ${host}: ${head}${from}${why}, ${waiting} waiting. ${end}`,
    step: isDisabled
      ? "Repair the receiver, then enable the endpoint: what was kept is sent."
      : "Look at its last deliveries and repair the receiver.",
    action: null,
  };
}

export function programBlocker(
  cause: "database" | "disk" | "worker_stopped" | "no_channel",
  object: Blocker["object"],
  said: { text: string; step: string },
  inbox: { waiting: number; oldestAt: Date | null } = { waiting: 0, oldestAt: null },
): Blocker {
  const oldestAt = iso(inbox.oldestAt);
  return {
    ...nothingWaits(cause, object),
    ...said,
    since: oldestAt,
    waiting: inbox.waiting,
    oldestAt,
    action: null,
  };
}

/** Worst first; of one kind the older. What only may be wrong comes after what is. */
export function worstFirst(blockers: Blocker[]): Blocker[] {
  const isHint = ({ object }: Blocker) => object.kind === "receipts" || object.kind === "door";
  const rank = (one: Blocker) =>
    (isHint(one) ? BLOCKER_CAUSES.length : 0) + BLOCKER_CAUSES.indexOf(one.cause);
  return [...blockers].sort(
    (one, other) => rank(one) - rank(other) || (one.since ?? "").localeCompare(other.since ?? ""),
  );
}

function nothingWaits(cause: BlockerCause, object: Blocker["object"]) {
  return { cause, object, since: null, waiting: 0, oldestAt: null, nextTryAt: null };
}

function queueOf({ waiting, oldestAt }: ChannelHealthRow, { now }: Clockwork): string {
  if (waiting === 0) return "";
  const oldest = oldestAt ? `, oldest ${ageOf(now.getTime() - oldestAt.getTime())}` : "";
  return `, ${waiting} waiting${oldest}`;
}

function timeOf(at: Date, { now, timeZone }: Clockwork): string {
  return clockTime(at, now, timeZone);
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
