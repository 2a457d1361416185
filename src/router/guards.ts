import { isPhoneNumber } from "../domain/phone.ts";
import { isPremiumNumber } from "../domain/premium-numbers.ts";
import { choiceNumber } from "./commands/choices.ts";
import { keywordOf } from "./commands/keywords.ts";
import { tokenise } from "./commands/tokens.ts";
import { keywordForm } from "./consent-words.ts";
import type { TripFacts } from "./guard-trips.ts";
import type { ConversationState, Fingerprinted } from "./state.ts";
import { newestOf, packTimes, recentTimes } from "./times.ts";

/*
 * Guards against loops and floods, as far as they look at what comes in: two machines must not talk to each other
 * through us. All counters live in the conversation state. What goes out is watched in `guard-replies.ts`.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An answer faster than this was not typed, ms. */
const AT_ONCE = 3_000;
/** So many of our replies in a row answered at once are a sign of a machine. */
const QUICK_IN_A_ROW = 2;
/** So many signs make a machine. */
const SIGNS = 2;

const MACHINE =
  /driving with focus turned on|not receiving notifications|\bauto[- ]?(?:reply|response|responder)\b|\bautomat(?:ic|ed) (?:reply|response)\b|out of (?:the )?office|\bnot monitored\b|\bunmonitored\b|\bdo not reply\b/;

/** How often the same text is processed within an hour: any, and a valid command of a known sender. */
const SAME_TEXT = 3;
const SAME_COMMAND = 20;

/** A stranger's texts in a minute: more are processed one a second; more than these are only recorded. */
const MINUTE = 60_000;
const FLOOD = 20;
const DELUGE = 200;
const ONE_A_SECOND = 1_000;

/** Texts remembered of one conversation; a sender with more different ones in an hour is no loop. */
const REMEMBERED = 12;

/** Whom an automatic reply of ours may reach: no short codes, letters, or numbers that cost extra. */
export function isAnswerable(from: string): boolean {
  return isPhoneNumber(from) && !isPremiumNumber(from);
}

/** The same, with the short codes that the tenant allows. */
export function mayAnswer(from: string, shortCodes: readonly string[]): boolean {
  return isAnswerable(from) || shortCodes.includes(from);
}

/** A short fingerprint of a text (FNV-1a, 32 bits). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A list with one more moment of this fingerprint, which goes to its end; and all moments of it. */
export function remember(
  list: readonly Fingerprinted[] | undefined,
  hash: number,
  within: number,
  now: number,
): { list: Fingerprinted[]; moments: number[] } {
  const fresh = (list ?? []).filter(({ times }) => now - newestOf(times) < within);
  const known = fresh.find((one) => one.hash === hash);
  // A few more than the largest limit tell as much as all of them.
  const moments = [...recentTimes(known?.times, within, now), now].slice(-SAME_COMMAND - 2);
  const others = fresh.filter((one) => one.hash !== hash).slice(-REMEMBERED + 1);
  return { list: [...others, { hash, times: packTimes(moments) }], moments };
}

/** A text that is recorded and not processed, and why. */
export interface Stop {
  reason: string;
  /** Null where a single text is left alone and no guard has tripped. */
  trip: TripFacts | null;
}

export interface Watched {
  stop: Stop | null;
  /** The same text came so often within an hour that only a valid command is still processed. */
  repeated: Stop | null;
  conversation: ConversationState;
}

/** Looks for a loop. Consent words never come here; answers to questions are never too many. */
export function watchForLoop(
  before: ConversationState,
  normalised: string,
  now: number,
  known: boolean,
): Watched {
  const hash = hashOf(normalised);
  const answer = isAnswer(normalised);
  const conversation = { ...before, quick: quickAnswers(before, now) };
  if (answer && known) return { stop: null, repeated: null, conversation: before };
  const heard = remember(before.heard, hash, HOUR, now);
  const next: ConversationState = { ...conversation, heard: heard.list };
  const machine = lookForMachine(before, next, { hash, normalised, known }, now);
  if (machine.stop) return { ...machine, repeated: null };
  if (answer) return { stop: null, repeated: null, conversation: machine.conversation };
  const stopAfter = (limit: number): Stop | null =>
    heard.moments.length > limit ? sameText(heard.moments, limit, hash) : null;
  const most = known ? SAME_COMMAND : SAME_TEXT;
  return {
    stop: stopAfter(most),
    repeated: stopAfter(SAME_TEXT),
    conversation: machine.conversation,
  };
}

function sameText(moments: readonly number[], limit: number, textHash: number): Stop {
  const counter = moments.length;
  const endsAt = (moments.at(-limit) ?? 0) + HOUR;
  const reason = `the same text ${counter} times within an hour`;
  return { reason, trip: { rule: "L3", counter, limit, textHash, withheld: "text", endsAt, reason } };
}

/** Counts replies of ours that were answered at once, each of them once. */
function quickAnswers({ echo, quick }: ConversationState, now: number): { count: number; echoAt: number } {
  if (!echo) return { count: 0, echoAt: 0 };
  if (quick?.echoAt === echo.at) return quick;
  return { count: now - echo.at < AT_ONCE ? (quick?.count ?? 0) + 1 : 0, echoAt: echo.at };
}

/**
 * Two signs make a machine: quick answers twice running, a phrase of auto-responders, the same text as before, our
 * own text. A known sender who texts a command again and fast is none: there a phrase or our own text must be one.
 */
function lookForMachine(
  before: ConversationState,
  next: ConversationState,
  text: { hash: number; normalised: string; known: boolean },
  now: number,
): { stop: Stop | null; conversation: ConversationState } {
  const phrase = MACHINE.test(text.normalised);
  const echoed = before.echo?.hash === text.hash;
  const again = before.heard?.at(-1)?.hash === text.hash;
  const quick = (next.quick?.count ?? 0) >= QUICK_IN_A_ROW;
  const signs = [phrase, echoed, again, quick].filter(Boolean).length;
  const marked = (before.machineUntil ?? 0) > now;
  const told = phrase || echoed || !text.known;
  if (marked ? told : told && signs >= SIGNS) {
    const endsAt = marked ? (before.machineUntil ?? 0) : now + DAY;
    const reason = "an auto-responder";
    const facts = { rule: "L5", counter: Math.max(signs, SIGNS), limit: SIGNS, textHash: text.hash } as const;
    const trip = { ...facts, withheld: "text", endsAt } as const;
    return { stop: { reason, trip: { ...trip, reason } }, conversation: { ...next, machineUntil: endsAt } };
  }
  if (echoed) return { stop: { reason: "our own text came back", trip: null }, conversation: next };
  return { stop: null, conversation: next };
}

/** Digits, OK, NO, UNDO and the like are short because they are answers: people send them again and again. */
function isAnswer(normalised: string): boolean {
  const keyword = keywordOf(keywordForm(normalised));
  if (keyword !== null && keyword !== "status" && keyword !== "help") return true;
  return normalised.length < 20 && choiceNumber(tokenise(normalised, () => false)) !== null;
}

/**
 * Looks for a flood from a stranger. Reporters have a limit of their own (`rate.ts`), which answers, so that no
 * command is lost without a word.
 */
export function watchForFlood(
  conversation: ConversationState,
  now: number,
): { stop: Stop | null; conversation: ConversationState } {
  const { inbound } = conversation;
  const moments = [...recentTimes(inbound?.times, MINUTE, now), now].slice(-DELUGE - 1);
  const counter = moments.length;
  const passed = inbound?.passedAt ?? 0;
  const deluge = counter > DELUGE;
  const stopped = deluge || (counter > FLOOD && now - passed < ONE_A_SECOND);
  const next = { times: packTimes(moments), passedAt: stopped ? passed : now };
  if (!stopped) return { stop: null, conversation: { ...conversation, inbound: next } };
  const limit = deluge ? DELUGE : FLOOD;
  const reason = deluge
    ? `over ${DELUGE} texts in a minute`
    : `over ${FLOOD} texts in a minute: one a second`;
  const endsAt = (moments.at(-FLOOD) ?? now) + MINUTE;
  const trip = { rule: "L10", counter, limit, textHash: null, withheld: "text", endsAt, reason } as const;
  return { stop: { reason, trip }, conversation: { ...conversation, inbound: next } };
}
