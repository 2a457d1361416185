import { shortName } from "../sms-fit.ts";
import type { ListRow, PlannedChange } from "../state.ts";
import type { Piece } from "./compose.ts";
import { piece } from "./compose.ts";
import type { Unclear } from "./execute.ts";
import type { Pick } from "./match-part.ts";
import type { Answer, Session } from "./session.ts";
import { capital, labelled, lower, stateOf } from "./wording.ts";

/*
 * The questions. One prompt lives per sender and channel: a menu waits for a choice, a confirmation for OK, a
 * PIN question for the PIN. Each holds what it would do as items, fields and values; nothing else is trusted
 * when the answer comes, all is checked again then.
 */

/** "Open which one?" and "Did you mean Gate 5?". `before` is said first. */
export function askMenu(session: Session, unclear: Unclear, before: Piece[], joins: string | null): Answer {
  const { picks, text, kind } = unclear;
  const base = { class: "command", wanted: true } as const;
  if (picks.length > session.commands.choicesPerMenu) {
    const many = piece("many", { n: picks.length, text: shortName(text) });
    return { ...base, outcome: "not_understood", pieces: [...before, many] };
  }
  const [only] = picks;
  const single = unclear.type === "mean" && picks.length === 1 && only !== undefined;
  const ask = commonAsk(picks);
  const values = { Ask: ask, ask: lower(ask), kind, text: shortName(text) };
  const question = single ? `${ask} ${labelled(session.board, only.entry.item)}?` : `${ask} which one?`;
  const asked: Piece = single
    ? piece("mean", { ...values, Item: labelled(session.board, only.entry.item) })
    : {
        ...piece(unclear.type === "mean" ? "mean.several" : "menu", values),
        list: { rows: menuRows(session, picks), separator: "\n" },
      };
  return {
    ...base,
    outcome: unclear.type === "mean" ? "asked_mean" : "asked_menu",
    pieces: [...before, asked],
    prompt: {
      type: "menu",
      command: joins ?? session.commandId,
      until: lifeEnd(session),
      question,
      choices: planned(picks),
      pinGiven: false,
    },
    candidates: picks.map((pick) => pick.entry.item.name),
  };
}

function menuRows(session: Session, picks: Pick[]): ListRow[] {
  const mixed = new Set(picks.map((pick) => pick.value.ask)).size > 1;
  return picks.map(({ entry, field, value }, i) => {
    const so = entry.item.fields[field.key] === value.key ? ` (already ${value.state})` : "";
    const verb = mixed ? `${value.ask} ` : "";
    return { group: null, text: `${i + 1} ${verb}${labelled(session.board, entry.item)}${so}` };
  });
}

function commonAsk(picks: Pick[]): string {
  const asks = new Set(picks.map((pick) => pick.value.ask));
  const [first = "Change"] = asks;
  return asks.size > 1 ? "Change" : capital(first);
}

function planned(picks: readonly Pick[]): PlannedChange[] {
  return picks.map(({ entry, field, value }) => ({ item: entry.item.id, field: field.key, to: value.key }));
}

/** Until when a question asked now may be answered. */
function lifeEnd(session: Session): number {
  return session.now + session.commands.promptSeconds * 1000;
}

/** Groups of a batch: what was done, what was so, what could not be. */
export function batchPiece(rows: ListRow[], values: { undo?: string; window?: string }): Piece {
  return { ...piece("done.batch", values), list: { rows, separator: ", " } };
}

interface Confirmed {
  changes: Pick[];
  /** What is said at once and not asked about. */
  groups: ListRow[];
  joins: string | null;
}

/** "Open Gate 1? It is closed now. Reply OK or NO." */
export function askConfirm(
  session: Session,
  asked: Confirmed & { all: { kinds: string; total: number } | null; pinGiven: boolean },
): Answer {
  const { board } = session;
  const { changes, groups, all } = asked;
  const ask = commonAsk(changes);
  const [only] = changes;
  const pieces = groups.length > 0 ? [batchPiece(groups, {})] : [];
  let question: string;
  if (all) {
    question = `${ask} ALL ${all.kinds}?`;
    pieces.push(piece("confirm.all", { Ask: ask, kinds: all.kinds, n: changes.length, total: all.total }));
  } else if (only && changes.length === 1) {
    const { item } = only.entry;
    const label = labelled(board, item);
    const old = stateOf(board.kinds.get(item.kind), only.field.key, item.fields[only.field.key]);
    question = `${ask} ${label}?`;
    pieces.push(piece("confirm", { Ask: ask, Item: label, name: shortName(item.name), old }));
  } else {
    question = `${ask} ${changes.length} items?`;
    const mixed = ask === "Change";
    const rows = changes.map(({ entry, value }) => {
      const name = shortName(entry.item.name);
      return { group: null, text: mixed ? `${value.ask} ${name}` : name };
    });
    pieces.push({
      ...piece("confirm.batch", { Ask: ask, n: changes.length }),
      list: { rows, separator: ", " },
    });
  }
  return {
    class: "command",
    wanted: true,
    outcome: "asked_confirm",
    pieces,
    prompt: {
      type: "confirm",
      command: asked.joins ?? session.commandId,
      until: lifeEnd(session),
      question,
      changes: planned(changes),
      several: all !== null || changes.length > 1,
      pinGiven: asked.pinGiven,
    },
    candidates: [],
  };
}

/** "Reply with your PIN to close Gate 5, or NO." */
export function askPin(session: Session, { changes, groups, joins }: Confirmed): Answer {
  const ask = commonAsk(changes);
  const [only] = changes;
  const label =
    only && changes.length === 1 ? labelled(session.board, only.entry.item) : `${changes.length} items`;
  return {
    class: "command",
    wanted: true,
    outcome: "asked_pin",
    pieces: [
      ...(groups.length > 0 ? [batchPiece(groups, {})] : []),
      piece("pin.ask", { ask: lower(ask), Item: label }),
    ],
    prompt: {
      type: "pin",
      command: joins ?? session.commandId,
      until: lifeEnd(session),
      question: `${ask} ${label}?`,
      changes: planned(changes),
      several: changes.length > 1,
    },
  };
}
