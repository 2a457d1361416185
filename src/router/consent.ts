import type { AlertEffect, ChangeConsentEffect, SendTextEffect } from "../domain/effect.ts";
import { compose, piece } from "./commands/compose.ts";
import type { ReplyKey } from "./commands/replies.ts";
import type { StopReading } from "./consent-words.ts";
import { bareMessage, CANCEL_WORDS, readStop, START_WORDS } from "./consent-words.ts";
import { isAnswerable } from "./guards.ts";
import { countText } from "./rate.ts";
import type { ConversationState } from "./state.ts";
import type { CommandOutcome, Decision, RouteInput } from "./types.ts";

/*
 * Consent comes before everything else: no question, command or rule can swallow STOP, START or HELP. The one
 * exception: with a live question, CANCEL, END and QUIT of an active reporter answer it.
 */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What consent makes of a text. */
export interface ConsentAnswer {
  class: Decision["class"];
  outcome: CommandOutcome;
  keyword: string;
  effects: (ChangeConsentEffect | SendTextEffect | AlertEffect)[];
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
  const stop = readStop(normalised, input.settings.consent.extraStopWords);
  if (stop) return optOut(input, stop);
  if (CANCEL_WORDS.has(bare) && !(known && promptLive)) {
    return optOut(input, { word: bare, method: "text_word", review: false });
  }
  if (START_WORDS.has(bare)) return optIn(input, bare);
  if (bare === "yes" && input.optedOut && !(known && promptLive)) return optIn(input, bare);
  const helps = bare === "help" || (bare === "info" && !known);
  // A reporter has a help of his own, but it could not reach one who opted out or is over the limit.
  if (helps && (!known || input.optedOut || isOverLimit(input))) return giveHelp(input, bare);
  return null;
}

function isOverLimit({ reporterState, settings, now }: RouteInput): boolean {
  return countText(reporterState.rate, settings.commands.textsPerTenMinutes, now).waitMinutes !== null;
}

function optOut(input: RouteInput, { word, method, review }: StopReading): ConsentAnswer {
  const { prompt: _, more: __, ...conversation } = input.conversation;
  const scope = "all";
  const told = input.conversation.stopped;
  const repeated = input.optedOut && told !== undefined && input.now - told.at < DAY;
  const effects: ConsentAnswer["effects"] = [
    { kind: "change-consent", action: "revoke", scope, method, word },
  ];
  if (!repeated) effects.push(...textOf(input, "stop.ok"));
  if (review) {
    const text = `${input.arrival.from} was opted out for the wording "${word}". Please look whether it was meant so.`;
    effects.push({ kind: "alert", code: "consent_review", text });
  }
  const stopped = { at: repeated ? told.at : input.now, scope } as const;
  return {
    class: "stop",
    outcome: "consent_stop",
    keyword: "stop",
    effects,
    conversation: { ...conversation, stopped },
  };
}

function optIn(input: RouteInput, word: string): ConsentAnswer {
  const { stopped, ...conversation } = input.conversation;
  const effects: ConsentAnswer["effects"] = [
    {
      kind: "change-consent",
      action: "restore",
      scope: stopped?.scope ?? "all",
      method: "text_word",
      word,
    },
    ...textOf(input, "start.ok"),
  ];
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

function textOf(input: RouteInput, key: ReplyKey): SendTextEffect[] {
  if (!isAnswerable(input.arrival.from)) return [];
  const { brand, purpose, support } = input.settings.consent;
  const { text } = compose([piece(key, { brand, topic: purpose, support })], input.settings);
  return [{ kind: "send-text", messageKind: "compliance", key, text, withheld: null }];
}
