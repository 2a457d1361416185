import type { ConsentScope } from "../domain/consent.ts";
import type {
  AlertEffect,
  ChangeConsentEffect,
  ReviewConsentEffect,
  SendTextEffect,
} from "../domain/effect.ts";
import { compose, piece } from "./commands/compose.ts";
import type { ReplyKey } from "./commands/replies.ts";
import type { TopicReading } from "./consent-topics.ts";
import { isCommandOf, readTopic } from "./consent-topics.ts";
import type { StopReading } from "./consent-words.ts";
import { bareMessage, CANCEL_WORDS, isHelp, readStop, START_WORDS } from "./consent-words.ts";
import { isAnswerable } from "./guards.ts";
import { countText } from "./rate.ts";
import type { ConversationState } from "./state.ts";
import { packTimes, recentTimes } from "./times.ts";
import type { CommandOutcome, Decision, RouteInput } from "./types.ts";

/*
 * Consent comes before everything else: no question, command or rule can swallow STOP, START or HELP. Two
 * exceptions: with a live question, CANCEL, END and QUIT of an active reporter answer it; and a verb of the board
 * with something that exists behind it is a command, whatever topic has the same name.
 *
 * An opt-out has a scope, and is remembered with it: START gives back what the last opt-out took, and what stands
 * in the way of texts from the address that was texted, nothing more.
 */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Confirmations that one person gets in a day: who leaves and comes back all day long is a machine. */
const MOST_CONFIRMATIONS = 10;

type ConsentEffect = ChangeConsentEffect | ReviewConsentEffect | SendTextEffect | AlertEffect;

/** What consent makes of a text. */
export interface ConsentAnswer {
  class: Decision["class"];
  outcome: CommandOutcome;
  keyword: string;
  effects: ConsentEffect[];
  conversation: ConversationState;
}

/** Reads a text for consent words; null = it says nothing about consent. */
export function answerConsent(
  input: RouteInput,
  normalised: string,
  promptLive: boolean,
): ConsentAnswer | null {
  const bare = bareMessage(normalised);
  const known = input.reporter?.active === true;
  const { consent } = input.settings;
  const stop = readStop(normalised, consent);
  if (stop) return optOut(input, stop);
  if (CANCEL_WORDS.has(bare) && !(known && promptLive)) {
    return optOut(input, { word: bare, method: "text_word", namesAll: false, doubt: null });
  }
  if (START_WORDS.has(bare)) return optIn(input, bare);
  if (bare === "yes" && input.optedOut && !(known && promptLive)) return optIn(input, bare);
  const topic = readTopic(normalised, consent.topics);
  if (topic && !(known && isCommandOf(input.board, bare.split(" ")))) return answerTopic(input, topic);
  const helps = isHelp(bare, consent) && !(bare === "info" && known);
  // A reporter has a help of his own, but it could not reach one who opted out or is over the limit.
  if (helps && (!known || input.optedOut || isOverLimit(input))) return giveHelp(input, bare);
  return null;
}

function isOverLimit({ reporterState, settings, now }: RouteInput): boolean {
  return countText(reporterState.rate, settings.commands.textsPerTenMinutes, now).waitMinutes !== null;
}

function optOut(input: RouteInput, reading: StopReading): ConsentAnswer {
  const { prompt: _, more: __, ...conversation } = input.conversation;
  const { word, method, doubt } = reading;
  const scope = reading.namesAll ? "all" : input.settings.consent.stopScope;
  const effects: ConsentEffect[] = [
    { kind: "change-consent", action: "revoke", scope, topic: null, method, word },
  ];
  const closed = scope === "all" ? input.optOuts.all : input.optedOut;
  const told = lastTold(input, closed);
  const key = scope === "all" ? "stop.ok" : "stop.address";
  const said = confirm(input, conversation, told === null ? key : null);
  effects.push(...said.texts);
  if (doubt) {
    const text = `${input.arrival.from} was opted out for the wording "${word}". Please look whether it was meant so.`;
    effects.push({ kind: "alert", code: "consent_review", text });
    effects.push({ kind: "review-consent", reviewKind: "opt_out", scope, ...doubt });
  }
  const { startedAt: ___, ...rest } = said.conversation;
  return stopped(effects, { ...rest, stopped: { at: told ?? input.now, scope, topic: null } });
}

function answerTopic(input: RouteInput, { action, topic, word }: TopicReading): ConsentAnswer | null {
  const change = {
    kind: "change-consent",
    scope: "topic",
    topic: topic.key,
    method: "text_word",
    word,
  } as const;
  if (action === "restore") {
    // Who left everything comes back with START; a topic alone would not bring a single text.
    if (input.optedOut) return null;
    const opens = input.optOuts.topics.includes(topic.key);
    return welcome(input, [{ ...change, action }], opens, topic.name);
  }
  const told = lastTold(input, input.optOuts.topics.includes(topic.key));
  const said = confirm(input, input.conversation, told === null ? "stop.topic" : null, topic.name);
  const effects: ConsentEffect[] = [{ ...change, action }, ...said.texts];
  // What was removed before it, and more of it, is what START gives back.
  const mark = input.optedOut
    ? {}
    : { stopped: { at: told ?? input.now, scope: "topic", topic: topic.key } as const };
  return stopped(effects, { ...said.conversation, ...mark });
}

/** When the person was told of this same opt-out, if that was within a day: once is enough. */
function lastTold({ conversation, now }: RouteInput, already: boolean): number | null {
  const last = conversation.stopped;
  return already && last && now - last.at < DAY ? last.at : null;
}

function optIn(input: RouteInput, word: string): ConsentAnswer {
  const { all, address, topics } = input.optOuts;
  const last = input.conversation.stopped;
  const topic = last?.scope === "topic" && topics.includes(last.topic ?? "") ? last.topic : null;
  const scopes: ConsentScope[] = [...(all ? ["all" as const] : []), ...(address ? ["address" as const] : [])];
  const opens = scopes.length > 0 || topic !== null;
  if (scopes.length === 0) scopes.push(topic === null ? "all" : "topic");
  const name = scopes.includes("topic") ? topicName(input, topic) : undefined;
  const effects = scopes.map(
    (scope): ConsentEffect => ({
      kind: "change-consent",
      action: "restore",
      scope,
      topic: scope === "topic" ? topic : null,
      method: "text_word",
      word,
    }),
  );
  return welcome(input, effects, opens, name);
}

/** Says that somebody has joined: who had not left hears it once a day. */
function welcome(
  input: RouteInput,
  effects: ConsentEffect[],
  opens: boolean,
  topic: string | undefined,
): ConsentAnswer {
  const { now, conversation } = input;
  const lately = !opens && now - (conversation.startedAt ?? 0) < DAY;
  const said = confirm(input, withoutStop(conversation), lately ? null : "start.ok", topic);
  const startedAt = lately ? conversation.startedAt : now;
  return started([...effects, ...said.texts], { ...said.conversation, ...(startedAt && { startedAt }) });
}

/** The text that confirms a change, counted; `key` null: it was told before. */
function confirm(
  input: RouteInput,
  conversation: ConversationState,
  key: ReplyKey | null,
  topic?: string,
): { texts: SendTextEffect[]; conversation: ConversationState } {
  const before = recentTimes(conversation.confirmed, DAY, input.now);
  const texts = key === null || before.length >= MOST_CONFIRMATIONS ? [] : textOf(input, key, topic);
  if (texts.length === 0) return { texts, conversation };
  return { texts, conversation: { ...conversation, confirmed: packTimes([...before, input.now]) } };
}

function topicName({ settings }: RouteInput, key: string | null): string | undefined {
  return settings.consent.topics.find((topic) => topic.key === key)?.name;
}

function withoutStop({ stopped: _, ...conversation }: ConversationState): ConversationState {
  return conversation;
}

function stopped(effects: ConsentEffect[], conversation: ConversationState): ConsentAnswer {
  return { class: "stop", outcome: "consent_stop", keyword: "stop", effects, conversation };
}

function started(effects: ConsentEffect[], conversation: ConversationState): ConsentAnswer {
  return { class: "start", outcome: "consent_start", keyword: "start", effects, conversation };
}

/** HELP is answered once in ten minutes and five times a day. */
function giveHelp(input: RouteInput, word: string): ConsentAnswer {
  const times = (input.conversation.helpTimes ?? []).filter((at) => input.now - at < DAY);
  const last = times.at(-1);
  const silent = times.length >= 5 || (last !== undefined && input.now - last < 10 * MINUTE);
  return {
    class: "help",
    outcome: "consent_help",
    keyword: word,
    effects: silent ? [] : textOf(input, "help.compliance"),
    conversation: silent ? input.conversation : { ...input.conversation, helpTimes: [...times, input.now] },
  };
}

function textOf(input: RouteInput, key: ReplyKey, topic?: string): SendTextEffect[] {
  if (!isAnswerable(input.arrival.from)) return [];
  const { brand, purpose, support } = input.settings.consent;
  const { text } = compose([piece(key, { brand, topic: topic ?? purpose, support })], input.settings);
  return [{ kind: "send-text", messageKind: "compliance", key, text, withheld: null }];
}
