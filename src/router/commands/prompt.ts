import { shortName } from "../sms-fit.ts";
import type { MenuPrompt, PlannedChange, Prompt } from "../state.ts";
import { choiceNumber, choicesNamed, pickOf } from "./choices.ts";
import { forbidden } from "./command.ts";
import { piece } from "./compose.ts";
import { exampleFor } from "./example.ts";
import type { Request } from "./execute.ts";
import { execute, requestOf } from "./execute.ts";
import type { Keyword } from "./keywords.ts";
import type { Pick } from "./match-part.ts";
import { bestExactly } from "./match-part.ts";
import { checkPin, lockedMinutes, maskPins, pinFailed, pinLocked } from "./pin.ts";
import { hintReadings } from "./readings.ts";
import type { Answer, Session } from "./session.ts";
import { undoAlive } from "./session.ts";
import type { Token } from "./tokens.ts";
import { duration } from "./wording.ts";

/*
 * One live prompt per sender and channel. A prompt is born with a question and ends with its answer, with NO,
 * with UNDO, with a new change command, or after its life; answers that do not fit leave it as it is. It is
 * used up in the decision that acts on it, so a double YES finds nothing the second time. When an answer
 * comes, all is checked again: that the item is there, what it is now, and whether the reporter may.
 */

/** How long after its end we still say that a question lapsed, ms. */
const LAPSED_TOLD = 30 * 60_000;

/** Whether a question ended so lately that a late answer to it should be told so. */
function lapsed(session: Session): Prompt | null {
  const { prompt } = session.input.conversation;
  const late = prompt && prompt.until < session.now && session.now < prompt.until + LAPSED_TOLD;
  return late ? prompt : null;
}

function told(outcome: Answer["outcome"], template: Parameters<typeof piece>[0], values = {}): Answer {
  return { class: "prompt", outcome, pieces: [piece(template, values)] };
}

/** Ends the live question, nothing done. */
export function dropPrompt(): Answer {
  return { ...told("dropped", "dropped"), keyword: "no", prompt: null };
}

/**
 * What a text means as an answer: to the live question, to one that lapsed, or to none. null = it is no
 * answer and is read as anything else would be.
 */
export function answerPrompt(
  session: Session,
  keyword: Keyword | null,
  tokens: readonly Token[],
): Answer | null {
  const number = choiceNumber(tokens);
  const { prompt } = session;
  if (!prompt) return withoutPrompt(session, keyword, number);
  if (keyword === "no") return dropPrompt();
  if (keyword === "undo") return dropByUndo(session, prompt);
  if (prompt.type === "pin") return answerPin(session, prompt, keyword, tokens);
  if (prompt.type === "menu") return answerMenu(session, prompt, keyword, number, tokens);
  if (keyword === "yes") {
    const answer = carryOut(session, prompt.changes, prompt.pinGiven ? "pin" : "yes", prompt.command);
    return { ...answer, keyword: "yes" };
  }
  // STATUS, HELP and MORE are answered even where an item has such a name: a lone keyword keeps its meaning.
  if (number !== null || (keyword === null && namesItem(session, tokens))) return waiting(prompt);
  return null;
}

function withoutPrompt(session: Session, keyword: Keyword | null, number: number | null): Answer | null {
  const late = lapsed(session);
  const life = duration(session.commands.promptSeconds);
  const masked = late?.type === "pin" ? maskPins(session.text, true) : null;
  const mask = masked === null ? {} : { maskedText: masked };
  if (late && (number !== null || keyword === "yes")) {
    return { ...told("expired", "expired", { life }), ...mask, ...(keyword ? { keyword } : {}) };
  }
  if (number !== null) return told("nothing_waiting", "nolist", { example: exampleFor(session) });
  if (keyword === "yes" || keyword === "no") return { ...told("nothing_waiting", "nothing"), keyword };
  return null;
}

function dropByUndo(session: Session, prompt: Prompt): Answer {
  const values = { q: prompt.question, undo: undoAlive(session)?.undo ?? null };
  return { ...told("dropped", "dropped.undo", values), keyword: "undo", prompt: null };
}

function waiting(prompt: Prompt): Answer {
  return told("bad_answer", "waiting", { q: prompt.question });
}

function answerMenu(
  session: Session,
  prompt: MenuPrompt,
  keyword: Keyword | null,
  number: number | null,
  tokens: readonly Token[],
): Answer | null {
  const { choices } = prompt;
  const choose = told("bad_answer", "choose", { n: choices.length });
  if (keyword === "yes") return choices.length === 1 ? choice(session, prompt, 0) : choose;
  if (keyword !== null) return null;
  if (number !== null)
    return number >= 1 && number <= choices.length ? choice(session, prompt, number - 1) : choose;
  const named = choicesNamed(session.board, choices, tokens);
  const [only] = named;
  if (only === undefined) return picksSeveral(tokens) ? choose : null;
  return named.length === 1 ? choice(session, prompt, only) : choose;
}

const SEVERAL = new Set(["all", "every", "everything", "both"]);

/** "all", "both", "1 and 2": an answer to the menu, but it asks for one choice. */
function picksSeveral(tokens: readonly Token[]): boolean {
  const said = tokens.filter((token) => token.type !== "separator");
  return said.length > 0 && said.every((token) => token.type !== "word" || SEVERAL.has(token.text));
}

/** Carries out one choice of a menu like a typed command. */
export function choice(session: Session, prompt: MenuPrompt, place: number): Answer {
  const change = prompt.choices[place];
  return carryOut(session, change ? [change] : [], prompt.pinGiven ? "pin" : "no", prompt.command);
}

/** Whether a text is the name of something and nothing more. */
function namesItem(session: Session, tokens: readonly Token[]): boolean {
  const { board } = session;
  const best = bestExactly(board, hintReadings(board, { verb: null, rest: [...tokens] }));
  return best !== null && best.row <= 4;
}

function answerPin(
  session: Session,
  prompt: Extract<Prompt, { type: "pin" }>,
  keyword: Keyword | null,
  tokens: readonly Token[],
): Answer | null {
  const digits = pinDigits(tokens, session.text);
  if (digits === null) {
    if (keyword !== null && keyword !== "yes") return null;
    return keyword === "yes" || namesItem(session, tokens) ? askAgain(prompt) : null;
  }
  const masked = maskPins(session.text, true);
  const mask = masked === null ? {} : { maskedText: masked };
  const minutes = lockedMinutes(session);
  if (minutes !== null) return { ...pinLocked(minutes), ...mask };
  if (!checkPin(session, digits)) return { ...pinFailed(session, prompt), ...mask };
  return { ...carryOut(session, prompt.changes, "pin", prompt.command), ...mask };
}

/** A PIN question cannot be answered with OK: it is put again. */
function askAgain(prompt: Prompt): Answer {
  const [ask = "", ...item] = prompt.question.replace(/\?$/, "").split(" ");
  return told("bad_answer", "pin.ask", { ask: ask.toLowerCase(), Item: item.join(" ") });
}

/** The digits of an answer to a PIN question, zeros in front included. */
function pinDigits(tokens: readonly Token[], text: string): string | null {
  const words = tokens.filter((token) => !PIN_WORDS.has(token.text));
  const alone = words.length === 1 && words[0]?.type === "number";
  return alone ? (/[0-9]+/.exec(text.normalize("NFKC"))?.[0] ?? null) : null;
}

const PIN_WORDS = new Set(["pin", "my", "the", "is", "code", "please", "pls", "thanks"]);

/** Does what a question was about, as far as the board and the reporter's rights still allow. */
function carryOut(
  session: Session,
  changes: readonly PlannedChange[],
  confirmed: Request["confirmed"],
  command: string,
): Answer {
  const picks: Pick[] = [];
  const request = requestOf(picks, confirmed, command);
  let refused: string | null = null;
  for (const change of changes) {
    const pick = pickOf(session.board, change);
    const name = shortName(session.board.items.get(change.item)?.name ?? "that item");
    if (!pick) request.notes.push({ group: "Not found", text: name });
    else if (!session.may(pick.entry.item)) {
      refused ??= name;
      request.notes.push({ group: "Not allowed", text: name });
    } else picks.push(pick);
  }
  const [gone] = request.notes;
  let answer: Answer;
  if (picks.length === 0 && changes.length === 1 && gone) {
    answer =
      refused !== null ? forbidden(refused) : told("not_found", "nomatch", { kind: "item", text: gone.text });
  } else answer = execute(session, request);
  return { ...answer, class: "prompt", prompt: answer.prompt ?? null };
}
