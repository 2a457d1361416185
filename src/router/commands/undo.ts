import type { BoardItem } from "../../domain/board.ts";
import type { ChangeBoardEffect } from "../../domain/effect.ts";
import { shortName } from "../sms-fit.ts";
import type { UndoableChange } from "../state.ts";
import type { CommandOutcome } from "../types.ts";
import type { Piece } from "./compose.ts";
import { piece } from "./compose.ts";
import type { Answer, Session } from "./session.ts";
import { lastChange, undoVerdict, undoWindow } from "./session.ts";
import { duration, labelled, stateOf, stateOfItem } from "./wording.ts";

/*
 * UNDO takes back the newest text of this reporter that changed something, as a whole and once. Every field
 * is compared with the change the entry remembers: where another change came since, even to the same value,
 * that item is refused and the others are reversed. The entry is used up as soon as something was reversed.
 */

interface Reversal {
  item: BoardItem;
  change: UndoableChange;
}

/** Refused items told one by one; more would not fit. */
const REFUSALS_TOLD = 2;

export function undo(session: Session): Answer {
  const entry = session.input.reporterState.undo;
  if (!entry || entry.until < session.now) {
    const window = duration(undoWindow(session));
    return told("undo_none", [piece("undo.none", { window })]);
  }
  const reversible: Reversal[] = [];
  const refused: Reversal[] = [];
  const forbidden: Reversal[] = [];
  for (const change of entry.changes) {
    const item = session.board.items.get(change.item);
    if (!item) continue;
    const verdict = undoVerdict(session, change);
    if (verdict === "overtaken") refused.push({ item, change });
    else if (verdict === "forbidden") forbidden.push({ item, change });
    else reversible.push({ item, change });
  }
  const refusals = [...refusalPieces(session, refused), ...forbiddenPieces(forbidden)];
  if (reversible.length === 0) {
    if (refusals.length === 0)
      return told("undo_none", [piece("undo.none", { window: duration(undoWindow(session)) })]);
    return told(refused.length > 0 ? "undo_conflict" : "forbidden", refusals);
  }
  const effects = reversible.map(({ item, change }): ChangeBoardEffect => {
    const from = item.fields[change.field] ?? null;
    const changeId = session.input.newId("chg");
    return {
      kind: "change-board",
      changeId,
      itemId: item.id,
      field: change.field,
      from,
      to: change.from,
      reverses: change.changeId,
    };
  });
  return {
    ...told(refusals.length > 0 ? "partly_undone" : "undone", [
      undonePiece(session, reversible, entry.changes.length),
      ...refusals,
    ]),
    changes: effects,
    undo: null,
    undoOf: entry.command,
    onFailure: [failurePiece(session, reversible)],
  };
}

function told(outcome: CommandOutcome, pieces: Piece[]): Answer {
  return { class: "command", outcome, pieces, keyword: "undo", wanted: true };
}

function undonePiece(session: Session, reversible: Reversal[], all: number): Piece {
  const { board } = session;
  const old = ({ item, change }: Reversal) => stateOf(board.kinds.get(item.kind), change.field, change.from);
  const [only] = reversible;
  if (only && all === 1) {
    const { item } = only;
    return piece("undone", { Item: labelled(board, item), name: shortName(item.name), old: old(only) });
  }
  const rows = reversible.map((each) => ({
    group: null,
    text: `${shortName(each.item.name)} ${old(each)}`,
  }));
  return { ...piece("undone.batch"), list: { rows, separator: ", " } };
}

function refusalPieces(session: Session, refused: Reversal[]): Piece[] {
  return refused.slice(0, REFUSALS_TOLD).map(({ item, change }) => {
    const last = lastChange(session, item, change.field);
    return piece("undo.conflict", {
      who: last?.who ?? "somebody",
      name: shortName(item.name),
      state: stateOfItem(session.board, item, change.field),
      time: last?.time ?? "an unknown time",
    });
  });
}

function forbiddenPieces(forbidden: Reversal[]): Piece[] {
  return forbidden
    .slice(0, REFUSALS_TOLD)
    .map(({ item }) => piece("forbidden", { name: shortName(item.name) }));
}

function failurePiece(session: Session, reversible: Reversal[]): Piece {
  const [first] = reversible;
  const one = reversible.length === 1 && first;
  return piece("undo.fail", {
    name: one ? shortName(first.item.name) : `Each of ${reversible.length} items`,
    state: one ? stateOfItem(session.board, first.item, first.change.field) : "as it was",
  });
}
