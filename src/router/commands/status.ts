import type { BoardItem, Kind } from "../../domain/board.ts";
import { shortName } from "../sms-fit.ts";
import type { ListRow } from "../state.ts";
import type { Board } from "./board.ts";
import type { Piece } from "./compose.ts";
import { piece, templateOf } from "./compose.ts";
import { findFuzzy } from "./fuzzy.ts";
import { bestExactly } from "./match-part.ts";
import type { Entry } from "./name-index.ts";
import { entriesOf, inBoardOrder, keyOf } from "./name-index.ts";
import { splitParts } from "./parts.ts";
import type { Reading } from "./readings.ts";
import { hintReadings, verbReadings } from "./readings.ts";
import { renderTemplate } from "./render.ts";
import type { Answer, Session } from "./session.ts";
import type { Token } from "./tokens.ts";
import { capital, labelled, stateOfItem, tellTime } from "./wording.ts";

/** STATUS alone: one line of figures per kind. */
export function statusOfAll(session: Session): Answer {
  const { board } = session.input.settings;
  const rows = [...session.board.kinds.values()].flatMap((kind) => {
    const figures = figuresOf(session.board, kind);
    return figures === null ? [] : [{ group: null, text: `${kind.plural} ${figures}` }];
  });
  const values = {
    board: shortName(board.name),
    time: tellTime(session.input.settings, session.now, session.now),
    footer: board.statusFooter.trim() === "" ? null : board.statusFooter.trim(),
  };
  const none = rows.length === 0 ? [{ group: null, text: "nothing on the board" }] : rows;
  return told([{ ...piece("status.all", values), list: { rows: none, separator: ". " } }]);
}

/** "1/3 open, 1/3 groomed": the first value of every field, and values beyond the second where they occur. */
function figuresOf(board: Board, kind: Kind): string | null {
  const total = board.index.kinds.get(kind.key)?.size ?? 0;
  if (total === 0) return null;
  const tally = board.tally.get(kind.key);
  const figures = kind.fields.flatMap((field) => {
    const counts = tally?.get(field.key);
    return field.values.flatMap((value, place) => {
      const n = counts?.get(value.key) ?? 0;
      if (place === 0) return [`${n}/${total} ${value.state}`];
      return place > 1 && n > 0 ? [`${n} ${value.state}`] : [];
    });
  });
  return figures.length > 0 ? figures.join(", ") : String(total);
}

/** Rows beyond this many are not written out, only counted. */
const MOST_ROWS = 250;

type Sought =
  | { type: "all" }
  | {
      type: "group";
      label: string;
      entries: readonly Entry[];
      /** Set when the group is all of a kind. */
      whole: Kind | null;
    }
  | { type: "items"; entries: Entry[] }
  | { type: "many"; count: number; text: string }
  | { type: "none"; text: string; hint: Reading["hint"] };

/**
 * The state of what a text names: items, a kind, an area. `asked` = the text says STATUS or is a question;
 * then names may be mistyped and what is not found is said. Otherwise null when nothing is found.
 */
export function statusOf(session: Session, tokens: readonly Token[], asked: boolean): Answer | null {
  const parts = splitParts(session.board, tokens);
  const sought = parts.map((part) => seek(session, part, asked));
  const [only] = sought;
  if (!only) return asked ? statusOfAll(session) : null;
  if (!asked && sought.some((each) => each.type === "none" || each.type === "all")) return null;
  if (sought.length === 1 && only.type !== "items") return tell(session, only);
  const entries = new Set<Entry>();
  for (const each of sought) {
    if (each.type === "items" || each.type === "group") for (const entry of each.entries) entries.add(entry);
  }
  return entries.size > 0 ? tellItems(session, [...entries]) : tell(session, only);
}

function tell(session: Session, sought: Sought): Answer {
  if (sought.type === "all") return statusOfAll(session);
  if (sought.type === "items") return tellItems(session, sought.entries);
  if (sought.type === "group") return tellGroup(session, sought);
  if (sought.type === "many") {
    const many = piece("many", { n: sought.count, text: shortName(sought.text) });
    return { ...told([many]), outcome: "not_understood" };
  }
  const [hint] = sought.hint ?? [];
  const kind = sought.hint?.size === 1 && hint !== undefined ? session.board.kinds.get(hint) : undefined;
  const values = { kind: kind?.label.toLowerCase() ?? "item", text: shortName(sought.text) };
  return { ...told([piece("nomatch", values)]), outcome: "not_found" };
}

function seek(session: Session, part: Token[], asked: boolean): Sought {
  const { board } = session;
  const whole = { verb: null, rest: part };
  const withoutVerb = asked ? verbReadings(board, part).map(({ rest }) => ({ verb: null, rest })) : [];
  const readings = [whole, ...withoutVerb].flatMap((reading) => hintReadings(board, reading));
  const best = bestExactly(board, readings);
  const entries = new Set(best?.found.flatMap((found) => found.entries) ?? []);
  if (best && best.row <= 2) return manyOr(session, entries, textOf(best.found[0]?.reading));
  const area = readings.flatMap((reading) => areaOf(session, reading) ?? [])[0];
  if (area) return area;
  if (best?.row === 3.5)
    return groupOf(session, best.found[0]?.reading) ?? { type: "items", entries: [...entries] };
  if (best) return manyOr(session, entries, textOf(best.found[0]?.reading));
  if (readings.some((reading) => reading.words.every((word) => ALL.has(word)) && !reading.hint))
    return { type: "all" };
  const everything = readings.find((reading) => reading.hint && reading.words.every((word) => ALL.has(word)));
  const [fullest] = readings;
  const group = everything ? groupOf(session, everything) : null;
  if (group) return group;
  if (asked && session.commands.resemblance !== "off") {
    for (const reading of readings) {
      const { words, hint } = reading;
      const fuzzy = findFuzzy(board, words, hint, hint !== null, session.commands.distinguishingWords);
      if (fuzzy) return { type: "items", entries: fuzzy.act ? [fuzzy.act] : fuzzy.ask };
    }
  }
  return { type: "none", text: textOf(fullest), hint: fullest?.hint ?? null };
}

const ALL = new Set(["all", "everything", "every"]);

function textOf(reading: Reading | undefined): string {
  return reading && reading.words.length > 0 ? reading.words.join(" ") : (reading?.hintWord ?? "");
}

function manyOr(session: Session, entries: Set<Entry>, text: string): Sought {
  if (entries.size > session.commands.choicesPerMenu) return { type: "many", count: entries.size, text };
  return { type: "items", entries: [...entries] };
}

function groupOf(session: Session, reading: Reading | undefined): Sought | null {
  const [key] = reading?.hint ?? [];
  const kind = key === undefined ? undefined : session.board.kinds.get(key);
  if (!kind) return null;
  return {
    type: "group",
    label: kind.plural,
    entries: entriesOf(session.board.index, kind.key),
    whole: kind,
  };
}

function areaOf(session: Session, reading: Reading): Sought | null {
  const words = reading.words.filter((word) => !ALL.has(word));
  const inArea = words.length > 0 ? session.board.index.areas.get(keyOf(words)) : undefined;
  if (!inArea) return null;
  const entries = [...inArea]
    .filter((entry) => reading.hint?.has(entry.item.kind) ?? true)
    .sort(inBoardOrder);
  const [first] = entries;
  if (!first) return null;
  const area = shortName(first.item.area ?? "");
  const [key] = reading.hint ?? [];
  const kind = key === undefined ? null : (session.board.kinds.get(key) ?? null);
  return { type: "group", label: kind ? `${kind.plural} in ${area}` : area, entries, whole: null };
}

function told(pieces: Piece[]): Answer {
  return { class: "command", outcome: "status", pieces, keyword: "status" };
}

/** "Lifts open: Tahoe King. Closed: Grandview Express, Tahoe Queen.": the main field, by value. */
function tellGroup(session: Session, group: Extract<Sought, { type: "group" }>): Answer {
  const { label, entries, whole } = group;
  const { kinds } = session.board;
  let wanted = whole ? rowsWanted(session.board, whole) : Number.POSITIVE_INFINITY;
  // By kind and value first: looking the wording up for each of thousands of items would take too long.
  const values = new Map<string, Map<string | null, { entries: Entry[]; state: string; place: number }>>();
  for (const entry of entries) {
    const { kind, fields } = entry.item;
    const main = kinds.get(kind)?.fields[0];
    const value = (main && fields[main.key]) ?? null;
    let ofKind = values.get(kind);
    if (!ofKind) {
      ofKind = new Map();
      values.set(kind, ofKind);
    }
    const known = ofKind.get(value);
    if (known) {
      if (known.entries.length >= MOST_ROWS) continue;
      known.entries.push(entry);
    } else {
      const place = main?.values.findIndex((each) => each.key === value) ?? -1;
      const state = main ? stateOfItem(session.board, entry.item, main.key) : "not set";
      const last = place < 0 ? Number.MAX_SAFE_INTEGER : place;
      ofKind.set(value, { entries: [entry], state, place: last });
    }
    wanted -= 1;
    if (wanted <= 0) break;
  }
  const sorted = [...values.values()]
    .flatMap((ofKind) => [...ofKind.values()])
    .sort((one, other) => one.place - other.place);
  const groups = Map.groupBy(sorted, (each) => each.state);
  const rows: ListRow[] = [];
  for (const [state, parts] of groups) {
    const heading = rows.length === 0 ? `${label} ${state}` : capital(state);
    const members =
      parts.length === 1 ? parts : [{ entries: parts.flatMap((part) => part.entries).sort(inBoardOrder) }];
    for (const entry of members.flatMap((part) => part.entries.slice(0, MOST_ROWS))) {
      rows.push({ group: heading, text: shortName(entry.item.name) });
    }
  }
  const further = Math.max(0, entries.length - rows.length);
  if (rows.length === 0) rows.push({ group: label, text: "none" });
  return told([{ ...piece("status.kind"), list: { rows, separator: ", ", further } }]);
}

/** How many rows a kind makes when every value is cut at `MOST_ROWS`: once they are found, we are done. */
function rowsWanted(board: Board, kind: Kind): number {
  const [main] = kind.fields;
  const counts = main ? board.tally.get(kind.key)?.get(main.key) : undefined;
  if (!counts) return Number.POSITIVE_INFINITY;
  return [...counts.values()].reduce((sum, count) => sum + Math.min(count, MOST_ROWS), 0);
}

function tellItems(session: Session, entries: Entry[]): Answer {
  const items = entries.sort(inBoardOrder).map((entry) => entry.item);
  const [only] = items;
  if (only && items.length === 1) return told([piece("status.item", valuesOf(session, only))]);
  const template = templateOf("status.item", session.commands);
  const rows = items.map((item) => ({
    group: null,
    text: renderTemplate(template, valuesOf(session, item)),
  }));
  return told([{ ...piece("status.item.several"), list: { rows, separator: "\n" } }]);
}

function valuesOf(session: Session, item: BoardItem): { Item: string; states: string; since: string } {
  const fields = session.board.kinds.get(item.kind)?.fields ?? [];
  const states = fields.map((field) => stateOfItem(session.board, item, field.key));
  let newest: { at: string; name: string } | null = null;
  for (const field of fields) {
    const last = item.last[field.key];
    if (last && (!newest || last.at > newest.at)) newest = { at: last.at, name: last.by.name };
  }
  const who = newest && session.commands.namesInReplies ? ` (${shortName(newest.name)})` : "";
  const since = newest
    ? ` since ${tellTime(session.input.settings, Date.parse(newest.at), session.now)}${who}`
    : "";
  return { Item: labelled(session.board, item), states: states.join(", "), since };
}
