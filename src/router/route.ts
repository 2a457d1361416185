import { compose, piece } from "./commands/compose.ts";
import type { ConsentAnswer } from "./consent.ts";
import { answerConsent } from "./consent.ts";
import { isCourtesyAlone, isReaction, normaliseMessage, wantsReview } from "./consent-words.ts";
import { emptyDecision } from "./decision.ts";
import { allowAutomatic, hashOf, isAnswerable, watchForLoop } from "./guards.ts";
import type { ReporterText } from "./reporter.ts";
import { decideForReporter, notUnderstood } from "./reporter.ts";
import { inAlphabet } from "./sms-fit.ts";
import type { CommandOutcome, Decision, RouteInput } from "./types.ts";

/** Longer texts are not held against words and phrases, characters. */
const LONGEST_FOR_WORDS = 1_000;
const HOUR = 3_600_000;

/**
 * Decides about one text: what is dropped, then consent, then commands of an active reporter, then the hub's
 * rules, and at the very last that it was not understood. Reads nothing but its input and changes nothing of
 * it: the caller applies the changes.
 */
export function route(input: RouteInput): Decision {
  const commandId = input.newId("cmd");
  const dropped = (outcome: CommandOutcome, why: string): Decision =>
    emptyDecision(input, commandId, outcome, { trace: [why] });
  if (input.fromOwnAddress) return dropped("ignored_own_number", "from one of our own numbers");
  if (isReaction(input.arrival.text)) {
    return { ...dropped("ignored_reaction", "a reaction to a message"), class: "reaction" };
  }
  const reporter = input.reporter?.active ? input.reporter : null;
  const { prompt } = input.conversation;
  const promptLive = reporter !== null && prompt !== undefined && prompt.until >= input.now;
  const short = input.arrival.text.length <= LONGEST_FOR_WORDS;
  const normalised = short ? normaliseMessage(input.arrival.text) : "";
  const consent = answerConsent(input, normalised, promptLive);
  if (consent) return consentDecision(input, commandId, consent);
  if (isCourtesyAlone(normalised, promptLive)) return dropped("ignored_courtesy", "thanks alone");
  const guarded = watchForLoop(
    input.conversation,
    short ? normalised : input.arrival.text,
    input.now,
    reporter !== null,
  );
  const { conversation } = guarded;
  if (guarded.reason !== null) return { ...dropped("ignored_loop", guarded.reason), conversation };
  const decision = reporter
    ? fromReporter(input, { reporter, commandId, normalised, conversation })
    : fromStranger(input, commandId, conversation);
  return wantsReview(normalised) ? withReview(input, decision) : decision;
}

function consentDecision(input: RouteInput, commandId: string, consent: ConsentAnswer): Decision {
  const { outcome, keyword, effects, conversation } = consent;
  const decision = emptyDecision(input, commandId, outcome, {
    meaning: { keyword, parts: [] },
    trace: [`consent word or wording: ${keyword}`],
  });
  return { ...decision, class: consent.class, effects, conversation };
}

function fromReporter(input: RouteInput, text: ReporterText): Decision {
  return (
    decideForReporter(input, text) ??
    hubRules(input, text.commandId, text.conversation) ??
    notUnderstood(input, text)
  );
}

/**
 * The hub's own answers to a text that nobody else has taken. In this order: keyword rules, rules, default
 * reply. null = none takes it.
 */
function hubRules(
  input: RouteInput,
  commandId: string,
  conversation: RouteInput["conversation"],
): Decision | null {
  const { enabled, defaultReply } = input.settings.rules;
  if (!enabled || defaultReply === null || defaultReply.trim() === "") return null;
  if (!isAnswerable(input.arrival.from)) return null;
  const decision = emptyDecision({ ...input, conversation }, commandId, "not_understood", {
    trace: ["default reply"],
  });
  if (input.optedOut) return decision;
  const autoTimes = allowAutomatic(conversation.autoTimes, input.now);
  if (!autoTimes) {
    return { ...decision, log: { ...decision.log, trace: ["default reply withheld: too many"] } };
  }
  const text = inAlphabet(defaultReply, input.settings.commands.alphabet);
  const echo = { hash: hashOf(normaliseMessage(text)), at: input.now };
  return {
    ...decision,
    effects: [{ kind: "send-text", messageKind: "auto_reply", key: "default", text, withheld: null }],
    conversation: { ...conversation, autoTimes, echo },
  };
}

function fromStranger(
  input: RouteInput,
  commandId: string,
  conversation: RouteInput["conversation"],
): Decision {
  const taken = hubRules(input, commandId, conversation);
  if (taken) return taken;
  const decision = emptyDecision({ ...input, conversation }, commandId, "unknown_sender");
  const { strangerReply, strangerRepeatHours } = input.settings.commands;
  const told = conversation.strangerToldAt;
  const lately = told !== undefined && input.now - told < strangerRepeatHours * HOUR;
  if (!strangerReply || lately || input.optedOut || !isAnswerable(input.arrival.from)) return decision;
  const { key, text } = compose([piece("unknown")], input.settings);
  return {
    ...decision,
    effects: [{ kind: "send-text", messageKind: "auto_reply", key, text, withheld: null }],
    conversation: {
      ...conversation,
      strangerToldAt: input.now,
      echo: { hash: hashOf(normaliseMessage(text)), at: input.now },
    },
  };
}

/** Wordings that do not opt out but that a person should see: "wrong number". */
function withReview(input: RouteInput, decision: Decision): Decision {
  const text = `${input.arrival.from} wrote something that may be about consent. Please look at it.`;
  return { ...decision, effects: [...decision.effects, { kind: "alert", code: "consent_review", text }] };
}
