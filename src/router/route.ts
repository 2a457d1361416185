import type { Effect } from "../domain/effect.ts";
import { compose, piece } from "./commands/compose.ts";
import type { ConsentAnswer } from "./consent.ts";
import { answerConsent } from "./consent.ts";
import type { Doubt } from "./consent-words.ts";
import { isCourtesyAlone, isReaction, normaliseMessage, wantsReview } from "./consent-words.ts";
import { emptyDecision } from "./decision.ts";
import { guardReplies } from "./guard-replies.ts";
import { stopDecision, withNotes } from "./guarded.ts";
import type { Stop, Watched } from "./guards.ts";
import { mayAnswer, watchForFlood, watchForLoop } from "./guards.ts";
import type { ReporterText } from "./reporter.ts";
import { decideForReporter, maskedCopy, notUnderstood } from "./reporter.ts";
import { answerByDefault, answerByRules, withHeldRules } from "./rules/answer.ts";
import type { CommandOutcome, Decision, RouteInput } from "./types.ts";

/** Longer texts are not held against words and phrases, characters. */
const LONGEST_FOR_WORDS = 1_000;
const HOUR = 3_600_000;

/** Outcomes of texts that were no valid command. */
const INVALID = new Set<CommandOutcome>(["not_understood", "not_found", "empty", "too_long"]);

/**
 * Decides about one text: what is dropped, then consent, then commands of an active reporter, then the hub's
 * rules, and at the very last that it was not understood; what is to be replied passes the guards. Reads nothing
 * but its input and changes nothing of it: the caller applies the changes.
 */
export function route(input: RouteInput): Decision {
  return withNotes(input, guardReplies(input, decide(input)));
}

function decide(input: RouteInput): Decision {
  const commandId = input.newId("cmd");
  const dropped = (outcome: CommandOutcome, why: string): Decision =>
    emptyDecision(input, commandId, outcome, { trace: [why] });
  if (input.fromOwnAddress) {
    return withHeldRules(input, dropped("ignored_own_number", "from one of our own numbers"), "own_number");
  }
  const { incomplete } = input.arrival;
  if (incomplete) {
    return dropped("ignored_incomplete", `${incomplete.came} of ${incomplete.total} parts came`);
  }
  if (isReaction(input.arrival.text)) {
    const reaction = dropped("ignored_reaction", "a reaction to a message");
    return withHeldRules(input, { ...reaction, class: "reaction" }, "reaction");
  }
  const reporter = input.reporter?.active ? input.reporter : null;
  const { prompt } = input.conversation;
  const promptLive = reporter !== null && prompt !== undefined && prompt.until >= input.now;
  const short = input.arrival.text.length <= LONGEST_FOR_WORDS;
  const normalised = short ? normaliseMessage(input.arrival.text) : "";
  const consent = answerConsent(input, normalised, promptLive);
  if (consent) return consentDecision(input, commandId, consent);
  if (isCourtesyAlone(normalised, promptLive)) {
    const ruled = answerByRules(input, commandId, input.conversation);
    return ruled ?? dropped("ignored_courtesy", "thanks alone");
  }
  const watched = watch(input, short ? normalised : input.arrival.text, reporter !== null);
  const { stop, repeated, conversation } = watched;
  const stopFor = (why: Stop) => {
    const stopped = stopDecision(input, commandId, why, conversation, maskedCopy(input));
    return withHeldRules(input, stopped, "loop_guard");
  };
  if (stop) return stopFor(stop);
  const decision = reporter
    ? fromReporter(input, { reporter, commandId, normalised, conversation })
    : fromStranger(input, commandId, conversation);
  if (repeated && (INVALID.has(decision.log.outcome) || decision.matchedRuleId)) return stopFor(repeated);
  const doubt = wantsReview(normalised, input.settings.consent);
  return doubt ? withReview(input, decision, doubt) : decision;
}

/** Floods first, which cost nothing to find; then loops. */
function watch({ conversation, now }: RouteInput, text: string, known: boolean): Watched {
  const flood = known ? { stop: null, conversation } : watchForFlood(conversation, now);
  if (flood.stop) return { ...flood, repeated: null };
  return watchForLoop(flood.conversation, text, now, known);
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
    hubRules(input, text.commandId, text.conversation, true) ??
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
  known: boolean,
): Decision | null {
  return (
    answerByRules(input, commandId, conversation) ?? answerByDefault(input, commandId, conversation, known)
  );
}

function isAnswered({ arrival, settings }: RouteInput): boolean {
  return mayAnswer(arrival.from, settings.guards.answeredShortCodes);
}

function fromStranger(
  input: RouteInput,
  commandId: string,
  conversation: RouteInput["conversation"],
): Decision {
  const taken = hubRules(input, commandId, conversation, false);
  if (taken) return taken;
  const decision = emptyDecision({ ...input, conversation }, commandId, "unknown_sender");
  const { strangerReply, strangerRepeatHours } = input.settings.commands;
  const told = conversation.strangerToldAt;
  const lately = told !== undefined && input.now - told < strangerRepeatHours * HOUR;
  if (!strangerReply || lately || input.optedOut || !isAnswered(input)) return decision;
  const { key, text } = compose([piece("unknown")], input.settings);
  return {
    ...decision,
    effects: [{ kind: "send-text", messageKind: "auto_reply", key, text, withheld: null }],
    conversation: { ...conversation, strangerToldAt: input.now },
  };
}

/** Wordings that do not opt out but that a person should see: "wrong number". */
function withReview(input: RouteInput, decision: Decision, doubt: Doubt): Decision {
  const text = `${input.arrival.from} wrote something that may be about consent. Please look at it.`;
  const scope = input.settings.consent.stopScope;
  const effects: Effect[] = [
    { kind: "alert", code: "consent_review", text },
    { kind: "review-consent", reviewKind: "review_only", scope, ...doubt },
  ];
  return { ...decision, effects: [...decision.effects, ...effects] };
}
