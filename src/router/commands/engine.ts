import { keywordForm } from "../consent-words.ts";
import { command } from "./command.ts";
import type { Piece } from "./compose.ts";
import { piece } from "./compose.ts";
import { dropFillers } from "./grammar.ts";
import { help } from "./help.ts";
import type { Interpretation } from "./interpret.ts";
import { interpret, tokensOf } from "./interpret.ts";
import type { Keyword } from "./keywords.ts";
import { keywordOf } from "./keywords.ts";
import { withoutThanks } from "./parts.ts";
import { answerPrompt, choice } from "./prompt.ts";
import { questionIn } from "./questions.ts";
import type { Answer, Session } from "./session.ts";
import { statusOf, statusOfAll } from "./status.ts";
import type { Token } from "./tokens.ts";
import { undo } from "./undo.ts";

/*
 * What one text of an active reporter means, in this order: an answer to the live prompt, a whole-message
 * keyword, a question, STATUS or HELP with something after it, a change command, a name alone. A text that is
 * none of these passes on.
 */

/** Texts longer than this are not read, characters. */
const LONGEST = 1_000;

/** Outcomes of a change command that leave the live prompt as it is: nothing was understood to do. */
const NOT_UNDERSTOOD = new Set<Answer["outcome"]>(["not_found", "not_understood"]);

/** The answer to a text, or null when it is no answer, keyword or command. */
export function answerText(session: Session, normalised: string): Answer | null {
  const { text } = session;
  if (text.length > LONGEST) return told("too_long", piece("toolong"));
  if (text.trim() === "") return told("empty", piece("empty"));
  const keyword = keywordOf(keywordForm(normalised));
  const tokens = tokensOf(session, text);
  const { fillers } = session.board.grammar;
  const plain = dropFillers(withoutThanks(tokens), fillers);
  const prompted = answerPrompt(session, keyword, plain);
  if (prompted) return prompted;
  if (keyword) return answerKeyword(session, keyword);
  const asked = questionIn(session, text, tokens);
  if (asked) return answerQuestion(session, asked);
  const [first, ...rest] = plain;
  const opening = first?.type === "word" ? keywordOf(first.text) : null;
  const closing = plain.length > 1 ? keywordOf(plain.at(-1)?.text ?? "") : null;
  if (opening === "status") return statusOf(session, withoutOf(rest), true);
  if (opening === "help")
    return help(
      session,
      rest.map((token) => token.text),
    );
  const meaning = interpret(session, tokens);
  const choosing = chosen(session, meaning);
  if (choosing) return choosing;
  const answer = command(session, meaning);
  if (answer) return replacingPrompt(session, answer);
  if (closing === "status") return statusOf(session, plain.slice(0, -1), false);
  return meaning.type === "negated" ? null : statusOf(session, tokens, false);
}

function told(outcome: Answer["outcome"], text: Piece): Answer {
  return { class: "command", outcome, pieces: [text] };
}

function answerKeyword(session: Session, keyword: Keyword): Answer | null {
  if (keyword === "status") return statusOfAll(session);
  if (keyword === "help") return help(session, []);
  if (keyword === "undo") return undo(session);
  // The page itself is laid out where the reply is written.
  if (keyword === "more") return { ...told("more", piece("more.none")), keyword };
  return null;
}

function withoutOf(tokens: Token[]): Token[] {
  return tokens[0]?.text === "of" || tokens[0]?.text === "for" ? tokens.slice(1) : tokens;
}

/** A question that names nothing of the board is not ours to answer. */
function answerQuestion(session: Session, tokens: Token[]): Answer | null {
  const { grammar } = session.board;
  const answer = statusOf(session, tokens, true);
  if (answer?.outcome !== "not_found") return answer;
  const ours = tokens.some(({ text }) => grammar.hints.has(text) || grammar.verbWords.has(text));
  return ours ? answer : null;
}

/** A typed command that says the same as a choice of the live menu is that choice. */
function chosen(session: Session, meaning: Interpretation): Answer | null {
  const { prompt } = session;
  if (prompt?.type !== "menu" || meaning.type !== "parts" || meaning.parts.length !== 1) return null;
  const match = meaning.parts[0]?.match;
  const pick = match?.type === "act" ? match.picks[0] : undefined;
  if (!pick) return null;
  const place = prompt.choices.findIndex(
    ({ item, field, to }) => item === pick.entry.item.id && field === pick.field.key && to === pick.value.key,
  );
  return place < 0 ? null : choice(session, prompt, place);
}

/** A new change command ends the live question, and says so. */
function replacingPrompt(session: Session, answer: Answer): Answer {
  const { prompt } = session;
  if (!prompt || NOT_UNDERSTOOD.has(answer.outcome)) return answer;
  const gone = piece("void", { q: prompt.question });
  return {
    ...answer,
    pieces: [gone, ...answer.pieces],
    prompt: answer.prompt ?? null,
    ...(answer.onFailure ? { onFailure: answer.onFailure } : {}),
  };
}
