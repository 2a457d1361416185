import type { Kind } from "../../domain/board.ts";
import { shortName } from "../sms-fit.ts";
import { piece } from "./compose.ts";
import { exampleFor, firstPermitted } from "./example.ts";
import type { Verb } from "./grammar.ts";
import { verbAt } from "./grammar.ts";
import type { Answer, Session } from "./session.ts";
import { listed, lower } from "./wording.ts";

const MOST_VERBS = 8;

/** HELP, or HELP with a verb or kind after it. Names only verbs that this reporter may use. */
export function help(session: Session, topic: readonly string[]): Answer {
  const verb = verbAt(session.board.grammar, topic, 0);
  if (verb && verb.length === topic.length) return helpWithVerb(session, verb);
  const [word = ""] = topic;
  const [kind] = topic.length === 1 ? (session.board.grammar.hints.get(word) ?? []) : [];
  const declared = kind === undefined ? undefined : session.board.kinds.get(kind);
  return declared ? helpWithKind(session, declared) : helpWithAll(session);
}

function helpWithAll(session: Session): Answer {
  const { board } = session;
  const verbs = new Set<string>();
  for (const kind of board.kinds.values()) {
    if (firstPermitted(session, [kind.key])) for (const verb of mainVerbs(kind)) verbs.add(verb);
  }
  const [verb] = verbs;
  const values = {
    verbs: verbs.size > 0 ? orList([...verbs]) : null,
    verb: verb ?? null,
    example: exampleFor(session),
  };
  return { class: "help", outcome: "help", pieces: [piece("help", values)], keyword: "help" };
}

/** One verb per value: the first declared. */
function mainVerbs(kind: Kind): string[] {
  return kind.fields.flatMap((field) =>
    field.values.flatMap((value) => (value.verbs[0] === undefined ? [] : [value.verbs[0].toUpperCase()])),
  );
}

function orList(words: string[]): string {
  if (words.length > MOST_VERBS) return `${words.slice(0, MOST_VERBS).join(", ")} ...`;
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function helpWithVerb(session: Session, verb: Verb): Answer {
  const { board } = session;
  const [meaning] = verb.meanings.values();
  const kinds = [...verb.meanings.keys()].flatMap((key) => board.kinds.get(key) ?? []);
  const others = meaning?.value.verbs.filter((word) => lower(word) !== verb.phrase) ?? [];
  const values = {
    VERB: verb.phrase.toUpperCase(),
    kinds: listed(kinds.map((kind) => lower(kind.plural))),
    examples: examplesOf(session, verb.phrase),
    words: others.length > 0 ? others.join(", ") : null,
  };
  return { class: "help", outcome: "help", pieces: [piece("help.topic", values)], keyword: "help" };
}

function examplesOf(session: Session, verb: string): string | null {
  const kinds = session.board.grammar.verbs.get(verb)?.meanings.keys() ?? [];
  const entry = firstPermitted(session, kinds);
  if (!entry) return null;
  const name = shortName(entry.item.name);
  return `${verb} ${name}; ${name} ${verb}`;
}

function helpWithKind(session: Session, kind: Kind): Answer {
  const permitted = firstPermitted(session, [kind.key]);
  const verbs = mainVerbs(kind);
  const [verb] = verbs;
  const own = new Set([lower(kind.label), lower(kind.plural)]);
  const others = kind.hints.filter((hint) => !own.has(hint));
  const values = {
    Kinds: kind.plural,
    verbs: orList(verbs),
    examples: permitted && verb ? `${lower(verb)} ${shortName(permitted.item.name)}` : null,
    words: others.length > 0 ? others.join(", ") : null,
  };
  return { class: "help", outcome: "help", pieces: [piece("help.kind", values)], keyword: "help" };
}
