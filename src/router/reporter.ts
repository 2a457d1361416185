import type { Reporter } from "../domain/board.ts";
import type { AlertEffect, Effect, SendTextEffect } from "../domain/effect.ts";
import type { Composed, Piece } from "./commands/compose.ts";
import { compose, composeMore, piece } from "./commands/compose.ts";
import { answerText } from "./commands/engine.ts";
import { exampleFor } from "./commands/example.ts";
import { inlinePinOf, maskPins } from "./commands/pin.ts";
import { dropPrompt } from "./commands/prompt.ts";
import type { Answer, Session } from "./commands/session.ts";
import { openSession } from "./commands/session.ts";
import { tokenise } from "./commands/tokens.ts";
import { bareMessage, CANCEL_WORDS, withoutSignature } from "./consent-words.ts";
import { emptyDecision, patched } from "./decision.ts";
import { openTrip } from "./guard-trips.ts";
import { countText } from "./rate.ts";
import type { ConversationState } from "./state.ts";
import type { CommandOutcome, Decision, RouteInput } from "./types.ts";

/*
 * A text of an active reporter: counted against the limit, answered by the command engine, and the answer
 * turned into a decision. Here is also what holds for every reply: somebody who has opted out gets none and
 * is asked nothing, and after some replies in a row that led nowhere there is silence.
 */

/** Replies that lead nowhere; too many in a row are a loop. */
const FRUITLESS = new Set(["format", "nomatch", "nolist", "choose", "nothing", "expired"]);
const SILENCE = 3_600_000;

export interface ReporterText {
  reporter: Reporter;
  commandId: string;
  normalised: string;
  /** The conversation as the guards left it. */
  conversation: ConversationState;
}

/** Decides about a text of a reporter; null = it is no command and passes on to the hub's rules. */
export function decideForReporter(input: RouteInput, text: ReporterText): Decision | null {
  const rate = countText(input.reporterState.rate, input.settings.commands.textsPerTenMinutes, input.now);
  const seen = { ...input, conversation: text.conversation };
  const session = sessionOf(seen, text);
  if (rate.waitMinutes !== null) {
    const pieces = rate.tell ? [piece("rate", { minutes: rate.waitMinutes })] : [];
    const limited = decisionOf(session, { class: "command", outcome: "rate_limited", pieces });
    return { ...limited, reporterState: { ...input.reporterState, rate: rate.window } };
  }
  const cancels = session.prompt !== null && CANCEL_WORDS.has(bareMessage(text.normalised));
  const answer = cancels ? dropPrompt() : answerText(session, text.normalised);
  if (!answer) return null;
  const decision = decisionOf(session, answer);
  return { ...decision, reporterState: { ...decision.reporterState, rate: rate.window } };
}

/** `format`, said when nothing else has taken the text. */
export function notUnderstood(input: RouteInput, text: ReporterText): Decision {
  const session = sessionOf({ ...input, conversation: text.conversation }, text);
  const pieces = [piece("format", { example: exampleFor(session) })];
  const decision = decisionOf(session, { class: "other", outcome: "not_understood", pieces });
  const limit = input.settings.commands.textsPerTenMinutes;
  const { window } = countText(input.reporterState.rate, limit, input.now);
  return { ...decision, reporterState: { ...decision.reporterState, rate: window } };
}

function sessionOf(input: RouteInput, { reporter, commandId }: ReporterText): Session {
  const whole = withoutSignature(input.arrival.text);
  const inline = inlinePinOf(whole);
  // "pin 4711" alone is an answer and not a command with its PIN.
  const alone = inline.pin !== null && tokenise(inline.text, () => false).length === 0;
  const { text, pin } = alone ? { text: whole, pin: null } : inline;
  return openSession(input, reporter, commandId, text, pin);
}

function decisionOf(session: Session, answer: Answer): Decision {
  const { input, commands } = session;
  if (input.optedOut && commands.optedOutCommands === "hold" && answer.wanted) return held(session, answer);
  const asks = answer.prompt !== undefined && answer.prompt !== null;
  const asked = asks && !input.optedOut;
  const composed = composeAnswer(session, answer);
  const changed = (answer.changes?.length ?? 0) > 0;
  const fruitless = countFruitless(session, composed.key, changed || asked);
  const silent = fruitless === "silent";
  const effects: Effect[] = [...(answer.changes ?? [])];
  if (!silent && composed.text !== "") effects.push(replyEffect(session, composed));
  effects.push(...(answer.alerts ?? []));
  if (input.optedOut && answer.wanted) effects.push(optedOutAlert(session, changed));
  const decision = base(session, answer, outcomeOf(session, answer, changed, fruitless));
  const conversation = patched(input.conversation, {
    // Nobody who has opted out can answer, so nothing is left open for him.
    prompt: input.optedOut && asks ? null : answer.prompt,
    more: moreOf(session, answer, composed),
    ...(silent ? {} : { fruitless }),
  });
  const decided = silent ? silenced(session, { ...decision, conversation }) : { ...decision, conversation };
  return {
    ...decided,
    effects,
    reporterState: patched(input.reporterState, { undo: answer.undo, pin: answer.pin }),
    ifSaveFails: changed && answer.onFailure ? failure(session, answer, answer.onFailure) : null,
  };
}

function base(session: Session, answer: Answer, outcome: CommandOutcome): Decision {
  const decision = emptyDecision(session.input, session.commandId, outcome, {
    meaning: { keyword: answer.keyword ?? null, parts: answer.parts ?? [] },
    maskedText: answer.maskedText ?? maskedCopy(session.input),
    undoOf: answer.undoOf ?? null,
    undoUntil: answer.undoUntil ?? null,
    candidates: answer.candidates ?? [],
    trace: traceOf(answer),
  });
  return { ...decision, class: answer.class };
}

/** Digits alone from somebody who has a PIN may be it, whether or not the question stood on this channel. */
export function maskedCopy({ arrival: { text }, reporter }: RouteInput): string | null {
  if (!reporter) return null;
  const bare = reporter.pinHash !== null && /^\s*\p{Nd}{4,8}\s*$/u.test(text);
  return maskPins(text, bare);
}

function traceOf(answer: Answer): string[] {
  const parts = (answer.parts ?? []).map(
    ({ text, verb, hint, row, items }) =>
      `part "${text}": verb ${verb ?? "none"}, hint ${hint ?? "none"}, row ${row ?? "none"}, ${items.length} items`,
  );
  const keyword = answer.keyword === undefined ? [] : [`keyword ${answer.keyword}`];
  return [...keyword, ...parts, `outcome ${answer.outcome}`, ...(answer.trace ?? [])];
}

function outcomeOf(
  session: Session,
  answer: Answer,
  changed: boolean,
  fruitless: ReturnType<typeof countFruitless>,
): CommandOutcome {
  if (fruitless === "silent") return "ignored_loop";
  const asks = answer.prompt !== undefined && answer.prompt !== null;
  return session.input.optedOut && asks && !changed ? "opted_out" : answer.outcome;
}

function composeAnswer(session: Session, answer: Answer): Composed {
  const { input } = session;
  const page = input.conversation.more;
  if (answer.outcome === "more" && page && page.until >= session.now)
    return composeMore(page, input.settings);
  return compose(answer.pieces, input.settings);
}

function moreOf(session: Session, answer: Answer, composed: Composed): ConversationState["more"] | null {
  const until = session.now + session.commands.promptSeconds * 1000;
  if (composed.rest) return { ...composed.rest, until };
  // The lines of a menu mean nothing once its question is gone.
  const orphaned = answer.prompt === null && session.input.conversation.more?.separator === "\n";
  return answer.outcome === "more" || orphaned ? null : undefined;
}

function replyEffect(session: Session, { key, text }: Composed): SendTextEffect {
  const withheld = session.input.optedOut ? "opted_out" : null;
  return { kind: "send-text", messageKind: "command_reply", key, text, withheld };
}

/** The count after this reply, null to forget it, or "silent" when it has been too many. */
function countFruitless(
  session: Session,
  key: string,
  useful: boolean,
): ConversationState["fruitless"] | null | "silent" {
  const { now, commands } = session;
  const before = session.input.conversation.fruitless;
  const running = before && now - before.at < SILENCE ? before : null;
  const full = running !== null && running.count >= commands.fruitlessReplies;
  if (useful) return null;
  if (FRUITLESS.has(key)) return full ? "silent" : { count: (running?.count ?? 0) + 1, at: now };
  // Another reply breaks the row, but it does not end a silence.
  return full ? running : null;
}

/** The reply is not written: so many in a row led nowhere. */
function silenced({ input, commands }: Session, decision: Decision): Decision {
  const { at, count } = input.conversation.fruitless ?? { at: input.now, count: 0 };
  const limit = commands.fruitlessReplies;
  const reason = `${limit} replies in a row led nowhere; it ends with the next valid command`;
  const facts = { rule: "L1", counter: count, limit, textHash: null, withheld: "reply" } as const;
  const opened = openTrip(
    decision.conversation,
    { ...facts, endsAt: at + SILENCE, reason },
    input.now,
    input.newId,
  );
  const trace = [...decision.log.trace, `reply withheld: ${reason}`];
  return {
    ...decision,
    conversation: opened.conversation,
    trips: [opened.trip],
    log: { ...decision.log, trace },
  };
}

function optedOutAlert(session: Session, changed: boolean): AlertEffect {
  const { input, reporter } = session;
  const what = changed
    ? "the change was made, the reply was withheld"
    : "nothing was changed and nothing was sent";
  const text = `${reporter.name} (${input.arrival.from}) has opted out and texted a command: ${what}.`;
  return { kind: "alert", code: "opted_out_command", text };
}

/** A command of somebody who has opted out, where the settings say that it is not to be done. */
function held(session: Session, answer: Answer): Decision {
  const decision = base(session, { ...answer, trace: ["held: the reporter has opted out"] }, "opted_out");
  const composed = composeAnswer(session, { ...answer, pieces: [] });
  const effects: Effect[] = [optedOutAlert(session, false)];
  if (composed.text !== "") effects.unshift(replyEffect(session, composed));
  return {
    ...decision,
    effects,
    log: { ...decision.log, undoOf: null, undoUntil: null },
  };
}

/** What is decided when the changes cannot be saved: nothing moved, and the reply says so. */
function failure(session: Session, answer: Answer, pieces: Piece[]): Decision {
  const composed = compose(pieces, session.input.settings);
  const decision = base(session, { ...answer, outcome: "save_failed" }, "save_failed");
  return {
    ...decision,
    effects: [replyEffect(session, composed)],
    log: { ...decision.log, undoOf: null, undoUntil: null },
  };
}
