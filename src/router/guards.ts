import { isPhoneNumber } from "../domain/phone.ts";
import { choiceNumber } from "./commands/choices.ts";
import { keywordOf } from "./commands/keywords.ts";
import { tokenise } from "./commands/tokens.ts";
import { keywordForm } from "./consent-words.ts";
import type { ConversationState } from "./state.ts";

/*
 * Guards against loops: two machines must not talk to each other through us. A sender is taken for a machine
 * when two signs come together (a phrase of auto-responders, an answer at once, the same text again); our own
 * text coming back is enough by itself. All counters live in the conversation state.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An answer faster than this was not typed, ms. */
const AT_ONCE = 3_000;

const MACHINE =
  /driving with focus turned on|not receiving notifications|\bauto[- ]?(?:reply|response|responder)\b|\bautomat(?:ic|ed) (?:reply|response)\b|out of (?:the )?office|\bnot monitored\b|\bunmonitored\b|\bdo not reply\b/;

/** The same text in a row is left alone from this many on: strangers, known senders. */
const SAME_FROM_STRANGER = 4;
const SAME_FROM_REPORTER = 21;

/** Whom no automatic reply of ours ever reaches: short codes and letters. */
export function isAnswerable(from: string): boolean {
  return isPhoneNumber(from);
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

export interface LoopVerdict {
  /** Why the text is recorded and not processed; null = it is. */
  reason: string | null;
  conversation: ConversationState;
}

/** Looks for a loop. Consent words and answers to questions never come here or are left alone. */
export function watchForLoop(
  conversation: ConversationState,
  normalised: string,
  now: number,
  known: boolean,
): LoopVerdict {
  const { repeated, echo, machineUntil } = conversation;
  const hash = hashOf(normalised);
  if (isAnswer(normalised)) return { reason: null, conversation };
  const again = repeated && repeated.hash === hash && now - repeated.since < HOUR ? repeated : null;
  const count = (again?.count ?? 0) + 1;
  const next: ConversationState = { ...conversation, repeated: { hash, count, since: again?.since ?? now } };
  const phrase = MACHINE.test(normalised);
  if (echo && echo.hash === hash) return { reason: "our own text came back", conversation: next };
  const atOnce = echo !== undefined && now - echo.at < AT_ONCE;
  if (phrase && (atOnce || count > 1)) {
    return { reason: "an auto-responder", conversation: { ...next, machineUntil: now + DAY } };
  }
  if ((machineUntil ?? 0) > now && (phrase || !known))
    return { reason: "an auto-responder", conversation: next };
  if (count >= (known ? SAME_FROM_REPORTER : SAME_FROM_STRANGER)) {
    return { reason: `the same text ${count} times in a row`, conversation: next };
  }
  return { reason: null, conversation: next };
}

/** Digits, OK, NO, UNDO and the like are short because they are answers: people send them again and again. */
function isAnswer(normalised: string): boolean {
  const keyword = keywordOf(keywordForm(normalised));
  if (keyword !== null && keyword !== "status" && keyword !== "help") return true;
  return normalised.length < 20 && choiceNumber(tokenise(normalised, () => false)) !== null;
}

const AUTOMATIC = [
  { within: 10 * 60_000, most: 10 },
  { within: HOUR, most: 30 },
  { within: DAY, most: 100 },
];

/** Whether one more automatic reply may go to this sender, and the times to remember if it does. */
export function allowAutomatic(times: readonly number[] | undefined, now: number): number[] | null {
  const recent = (times ?? []).filter((at) => now - at < DAY);
  const full = AUTOMATIC.some(({ within, most }) => recent.filter((at) => now - at < within).length >= most);
  return full ? null : [...recent, now];
}
