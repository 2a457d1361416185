import type { Effect, SendTextEffect } from "../domain/effect.ts";
import { normaliseMessage } from "./consent-words.ts";
import type { TripFacts } from "./guard-trips.ts";
import { openTrip } from "./guard-trips.ts";
import { hashOf, mayAnswer, remember } from "./guards.ts";
import type { ConversationState } from "./state.ts";
import type { Limit } from "./times.ts";
import { fullLimit, packTimes, recentTimes } from "./times.ts";
import type { Decision, RouteInput } from "./types.ts";

/*
 * The guards every automatic reply passes, whoever wrote it: whom we never answer, how many texts follow from one,
 * how many replies one sender gets, how often the same one. Answers to STOP, START and HELP have limits of their own.
 * A reply that is held back stays in the log of the text with the reason.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Texts that may follow from one that came in. */
const FROM_ONE = 3;

const RULE_REPLIES: Limit[] = [
  { within: 10 * MINUTE, most: 10 },
  { within: HOUR, most: 30 },
  { within: DAY, most: 100 },
];
const SAME_RULE_REPLY: Limit[] = [
  { within: 5 * MINUTE, most: 3 },
  { within: HOUR, most: 6 },
];
const SAME_COMMAND_REPLY: Limit[] = [{ within: 5 * MINUTE, most: 20 }];

/** In ten minutes the limit of texts holds, which says so; a tenant who raises it has these raised too. */
function commandReplies({ settings }: RouteInput): Limit[] {
  const inTenMinutes = settings.commands.textsPerTenMinutes;
  return [
    { within: HOUR, most: Math.max(120, 2 * inTenMinutes) },
    { within: DAY, most: Math.max(500, 8 * inTenMinutes) },
  ];
}

/** The decision with what must not leave held back, and what leaves remembered. */
export function guardReplies(input: RouteInput, decision: Decision): Decision {
  const instead = decision.ifSaveFails && guardReplies(input, decision.ifSaveFails);
  if (!decision.effects.some(isWatched)) return { ...decision, ifSaveFails: instead };
  const { from } = input.arrival;
  const isAllowed = decision.effects.some((effect) => isWatched(effect) && effect.shortCodes);
  if (!isAllowed && !mayAnswer(from, input.settings.guards.answeredShortCodes)) {
    const effects = decision.effects.filter((effect) => !isWatched(effect));
    return { ...withoutQuestion(input, { ...decision, effects }), ifSaveFails: instead };
  }
  let guarded: Decision = { ...decision, effects: [], ifSaveFails: instead };
  let leaving = 0;
  for (const effect of decision.effects) {
    if (!isWatched(effect)) {
      guarded = { ...guarded, effects: [...guarded.effects, effect] };
      continue;
    }
    const key = effect.messageKind === "command_reply" ? "commands" : "rules";
    const sent = recentTimes(guarded.conversation.replied?.[key], DAY, input.now);
    const reply: Reply = { effect, key, sent, hash: hashOf(normaliseMessage(effect.text)) };
    const stop = whyNot(input, guarded.conversation, reply, leaving);
    guarded = stop ? hold(input, guarded, effect, stop) : leave(input, guarded, reply);
    if (!stop) leaving += 1;
  }
  return guarded;
}

/** A reply that is about to leave, and what left before it. */
interface Reply {
  effect: SendTextEffect;
  hash: number;
  key: "commands" | "rules";
  /** When replies of this kind went to the sender in the last day. */
  sent: number[];
}

function isWatched(effect: Effect): effect is SendTextEffect {
  return effect.kind === "send-text" && effect.withheld === null && effect.messageKind !== "compliance";
}

/** Why a reply must not leave; null = it may. */
function whyNot(
  input: RouteInput,
  conversation: ConversationState,
  { hash, key, sent }: Reply,
  leaving: number,
): TripFacts | null {
  const { now } = input;
  const facts = { textHash: hash, withheld: "reply" } as const;
  if (leaving >= FROM_ONE) {
    const reason = `more than ${FROM_ONE} texts from one`;
    return { ...facts, rule: "L10", counter: leaving + 1, limit: FROM_ONE, endsAt: now, reason };
  }
  const many = fullLimit(sent, key === "commands" ? commandReplies(input) : RULE_REPLIES, now);
  if (many) {
    const reason = `${many.counter} replies in ${words(many.within)}`;
    return { ...facts, rule: "L2", counter: many.counter, limit: many.most, endsAt: many.until, reason };
  }
  const alike = conversation.said?.find((one) => one.hash === hash);
  const limits = key === "commands" ? SAME_COMMAND_REPLY : SAME_RULE_REPLY;
  const same = alike && fullLimit(recentTimes(alike.times, HOUR, now), limits, now);
  if (!same) return null;
  const reason = `the same reply ${same.counter} times in ${words(same.within)}`;
  return { ...facts, rule: "L4", counter: same.counter, limit: same.most, endsAt: same.until, reason };
}

function words(ms: number): string {
  if (ms === DAY) return "a day";
  return ms === HOUR ? "an hour" : `${ms / MINUTE} minutes`;
}

function hold(input: RouteInput, decision: Decision, effect: SendTextEffect, stop: TripFacts): Decision {
  const opened = openTrip(decision.conversation, stop, input.now, input.newId);
  const trace = [...decision.log.trace, `reply withheld: ${stop.reason}`];
  return withoutQuestion(input, {
    ...decision,
    effects: [...decision.effects, { ...effect, withheld: "loop_guard" }],
    conversation: opened.conversation,
    trips: [...decision.trips, opened.trip],
    log: { ...decision.log, trace },
  });
}

/** A question nobody was asked waits for no answer. */
function withoutQuestion(input: RouteInput, decision: Decision): Decision {
  const { prompt, ...rest } = decision.conversation;
  if (prompt === undefined || prompt === input.conversation.prompt) return decision;
  return { ...decision, conversation: rest };
}

/** Lets a reply go, and remembers it. */
function leave({ now }: RouteInput, decision: Decision, { effect, hash, key, sent }: Reply): Decision {
  const { conversation } = decision;
  return {
    ...decision,
    effects: [...decision.effects, effect],
    conversation: {
      ...conversation,
      echo: { hash, at: now },
      said: remember(conversation.said, hash, HOUR, now).list,
      replied: { ...conversation.replied, [key]: packTimes([...sent, now]) },
    },
  };
}
