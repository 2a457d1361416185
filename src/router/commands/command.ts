import { shortName } from "../sms-fit.ts";
import type { ListRow } from "../state.ts";
import type { MeaningPart } from "../types.ts";
import { piece } from "./compose.ts";
import { exampleFor } from "./example.ts";
import type { Request, Unclear } from "./execute.ts";
import { execute } from "./execute.ts";
import type { Verb } from "./grammar.ts";
import type { Interpretation, PartResult } from "./interpret.ts";
import type { Pick } from "./match-part.ts";
import { kindsFor } from "./match-part.ts";
import type { Answer, Session } from "./session.ts";
import { capital, listed, lower } from "./wording.ts";

/** Answers a text that was read as a change command; null = it is none and passes on. */
export function command(session: Session, meaning: Interpretation): Answer | null {
  switch (meaning.type) {
    case "none":
    case "negated":
    case "name":
      return null;
    case "what":
      return what(session, meaning.verb);
    case "conflict":
      return conflict(...meaning.verbs.map(stateOfVerb));
    case "parts": {
      const answer = answerParts(session, meaning.parts);
      return { ...answer, parts: meaning.parts.map(meaningOf) };
    }
  }
}

function meaningOf({ text, verb, reading, match, scope }: PartResult): MeaningPart {
  const picks = scope ? scope.picks : match && "picks" in match ? match.picks : [];
  return {
    text,
    verb: verb.phrase,
    hint: reading.hintWord,
    // A hint without a name is told as the row of names that hold a word.
    row: match ? Math.ceil(match.row) : null,
    items: picks.slice(0, 50).map((pick) => pick.entry.item.id),
  };
}

function what(session: Session, verb: Verb): Answer {
  const [meaning] = verb.meanings.values();
  const values = {
    Ask: capital(meaning?.value.ask ?? verb.phrase),
    VERB: verb.phrase.toUpperCase(),
    example: exampleFor(session, verb.phrase),
  };
  return { class: "command", outcome: "not_understood", pieces: [piece("what", values)] };
}

function stateOfVerb(verb: Verb): string {
  const [meaning] = verb.meanings.values();
  return meaning?.value.state ?? verb.phrase;
}

function conflict(state = "", other = ""): Answer {
  return { class: "command", outcome: "not_understood", pieces: [piece("conflict", { state, other })] };
}

interface Gathered {
  picks: Pick[];
  notes: ListRow[];
  unclear: Unclear | null;
  all: Request["all"];
  mustAsk: boolean;
  /** The answer to the whole text, when one part decides it. */
  final: Answer | null;
}

function answerParts(session: Session, parts: PartResult[]): Answer {
  const gathered: Gathered = {
    picks: [],
    notes: [],
    unclear: null,
    all: null,
    mustAsk: false,
    final: null,
  };
  const alone = parts.length === 1;
  for (const part of parts) {
    gather(session, gathered, part, alone);
    if (gathered.final) return gathered.final;
  }
  const { picks, notes, all, mustAsk } = gathered;
  const chosen = new Map<string, Pick>();
  for (const pick of picks) {
    const key = `${pick.entry.item.id} ${pick.field.key}`;
    const before = chosen.get(key);
    if (before && before.value.key !== pick.value.key) {
      return conflict(before.value.state, pick.value.state);
    }
    chosen.set(key, pick);
  }
  const clear = [...chosen.values()];
  return execute(session, {
    picks: clear,
    notes,
    unclear: gathered.unclear,
    all: alone ? all : null,
    mustAsk,
    confirmed: "no",
    joins: null,
  });
}

function gather(session: Session, gathered: Gathered, part: PartResult, alone: boolean): void {
  const { match, scope } = part;
  if (scope) {
    if (scope.type === "all") gatherAll(session, gathered, part, alone);
    else gatherRange(session, gathered, part, alone);
    return;
  }
  const note = (group: string, text: string) => gathered.notes.push({ group, text: shortName(text) });
  const name = match?.type === "forbidden" ? nameOf(match.entries.map((entry) => entry.item.name)) : "";
  switch (match?.type) {
    case undefined:
      if (alone) gathered.final = notFound(part);
      else note("Not found", part.text);
      return;
    case "act":
      gathered.picks.push(...match.picks);
      return;
    case "menu":
    case "mean":
      if (gathered.unclear) note("Unclear", part.text);
      else {
        const { type, picks } = match;
        gathered.unclear = { type, picks, text: part.text, kind: part.kind };
      }
      return;
    case "many":
      if (!alone) note("Unclear", part.text);
      else {
        const many = piece("many", { n: match.count, text: shortName(part.text) });
        gathered.final = { class: "command", outcome: "not_understood", pieces: [many] };
      }
      return;
    case "wrongverb":
      if (alone) gathered.final = wrongVerb(session, part.verb, match.entry?.item ?? null);
      else note(`Cannot be ${stateOfVerb(part.verb)}`, match.entry?.item.name ?? part.text);
      return;
    case "forbidden":
      if (alone) gathered.final = forbidden(name);
      else note("Not allowed", name);
  }
}

function nameOf(names: string[]): string {
  const [only = ""] = names;
  return names.length === 1 ? shortName(only) : "those items";
}

function notFound(part: PartResult): Answer {
  const values = { kind: part.kind, text: shortName(part.text) };
  return { class: "command", outcome: "not_found", pieces: [piece("nomatch", values)] };
}

export function forbidden(name: string): Answer {
  const pieces = [piece("forbidden", { name })];
  return { class: "command", outcome: "forbidden", pieces, wanted: true };
}

function wrongVerb(session: Session, verb: Verb, item: { name: string; kind: string } | null): Answer {
  const { kinds } = session.board;
  const knowing = [...verb.meanings.keys()].flatMap((key) => kinds.get(key) ?? []);
  const values = {
    kinds: listed(knowing.map((kind) => lower(kind.plural))),
    state: stateOfVerb(verb),
    name: item ? shortName(item.name) : null,
    kind: item ? lower(kinds.get(item.kind)?.label ?? "item") : null,
  };
  return {
    class: "command",
    outcome: "not_applicable",
    pieces: [piece("wrongverb", values)],
    wanted: true,
  };
}

function tooMany(session: Session, n: number): Answer {
  const pieces = [piece("toomany", { n, max: session.commands.itemsPerText })];
  return { class: "command", outcome: "not_applicable", pieces, wanted: true };
}

function gatherAll(session: Session, gathered: Gathered, part: PartResult, alone: boolean): void {
  const { scope } = part;
  if (scope?.type !== "all") return;
  if (kindsFor(part.reading)?.size === 0) {
    if (alone) gathered.final = wrongVerb(session, part.verb, null);
    else gathered.notes.push({ group: `Cannot be ${stateOfVerb(part.verb)}`, text: scope.kinds });
  } else if (!session.commands.allAllowed || scope.total === 0) {
    if (alone) gathered.final = forbidden(`all ${scope.kinds}`);
    else gathered.notes.push({ group: "Not allowed", text: `all ${scope.kinds}` });
  } else if (scope.changing > session.commands.itemsPerText) {
    gathered.final = tooMany(session, scope.changing);
  } else if (scope.changing === 0 && alone) {
    const text = `all ${scope.total} ${scope.kinds}`;
    const rows = [{ group: `Already ${stateOfVerb(part.verb)}`, text }];
    const pieces = [{ ...piece("done.batch"), list: { rows, separator: ", " as const } }];
    gathered.final = { class: "command", outcome: "already", pieces, wanted: true };
  } else {
    // What is so already is not worth a line each: the count says it.
    gathered.picks.push(
      ...scope.picks.filter((pick) => pick.entry.item.fields[pick.field.key] !== pick.value.key),
    );
    gathered.all = { kinds: scope.kinds, total: scope.total };
    gathered.mustAsk = true;
  }
}

function gatherRange(session: Session, gathered: Gathered, part: PartResult, alone: boolean): void {
  const { scope } = part;
  if (scope?.type !== "range") return;
  if (scope.count > session.commands.itemsPerText) {
    gathered.final = tooMany(session, scope.count);
    return;
  }
  if (scope.count === 0 && alone) {
    gathered.final = notFound(part);
    return;
  }
  if (scope.picks.length === 0 && alone) {
    gathered.final = forbidden(nameOf(scope.forbidden.map((entry) => entry.item.name)));
    return;
  }
  gathered.picks.push(...scope.picks);
  for (const text of scope.missing) gathered.notes.push({ group: "Not found", text });
  for (const { item } of scope.forbidden) {
    gathered.notes.push({ group: "Not allowed", text: shortName(item.name) });
  }
}
