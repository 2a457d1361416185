import type { ChangeBoardEffect } from "../../domain/effect.ts";
import { shortName } from "../sms-fit.ts";
import type { ListRow, UndoEntry } from "../state.ts";
import { askConfirm, askMenu, askPin, batchPiece } from "./ask.ts";
import type { Piece } from "./compose.ts";
import { piece } from "./compose.ts";
import type { Pick } from "./match-part.ts";
import type { Mode } from "./permissions.ts";
import { modeOf, stronger } from "./permissions.ts";
import { checkPin, lockedMinutes, pinFailed, pinLocked } from "./pin.ts";
import type { Answer, Session } from "./session.ts";
import { lastChange, undoAlive, undoName, undoVerdict, undoWindow } from "./session.ts";
import { duration, labelled, stateOf } from "./wording.ts";

/** Changes that somebody asked for, clear enough to be made. */
export interface Request {
  picks: Pick[];
  /** What else is to be said, by group: "Not found", "Not allowed", "Unclear". */
  notes: ListRow[];
  /** The first unclear part, to be asked about unless the clear ones must be asked about. */
  unclear: Unclear | null;
  /** ALL: what it is called and how many items it means. */
  all: { kinds: string; total: number } | null;
  /** Never done at once, whatever the mode: ALL is part of it. */
  mustAsk: boolean;
  /** How far the reporter has confirmed. */
  confirmed: "no" | "yes" | "pin";
  /** The command that asked, when this is an answer: its undo entry is joined. */
  joins: string | null;
}

export interface Unclear {
  type: "menu" | "mean";
  picks: Pick[];
  /** What was typed, and what it was taken to name. */
  text: string;
  kind: string;
}

/** A request for one item, as a pick or a confirmation makes it. */
export function requestOf(picks: Pick[], confirmed: Request["confirmed"], joins: string | null): Request {
  return { picks, notes: [], unclear: null, all: null, mustAsk: false, confirmed, joins };
}

/**
 * Does what is asked, or asks first. In this order: what is so already is said; too much is refused; ALL is
 * always asked about; then a PIN or a confirmation where the rules want one; then the change.
 */
export function execute(session: Session, request: Request): Answer {
  const changes = request.picks.filter(
    ({ entry, field, value }) => entry.item.fields[field.key] !== value.key,
  );
  const already = request.picks.filter((pick) => !changes.includes(pick));
  const max = session.commands.itemsPerText;
  if (changes.length > max) return answer("not_applicable", [piece("toomany", { n: changes.length, max })]);
  if (changes.length === 0) return nothingToChange(session, request, already);
  const mode = changes.map((pick) => modeOfPick(session, pick)).reduce(stronger, "immediate");
  if (request.mustAsk && request.confirmed === "no") {
    const pinGiven = mode === "pin" && session.inlinePin !== null;
    const refusal = pinGiven ? refusePin(session, changes, request, already) : null;
    return (
      refusal ?? askConfirm(session, { ...request, changes, groups: groupsOf(request, already), pinGiven })
    );
  }
  if (mode === "pin" && request.confirmed !== "pin") {
    const refusal = refusePin(session, changes, request, already);
    if (refusal) return refusal;
  } else if (mode === "two_step" && request.confirmed === "no") {
    const groups = saidFirst(request, already);
    return askConfirm(session, { ...request, changes, groups, pinGiven: false });
  }
  return change(session, request, changes, already, mode === "pin");
}

function modeOfPick(session: Session, { entry, field, value }: Pick): Mode {
  const change = { kind: entry.item.kind, field: field.key, value: value.key };
  return modeOf(change, session.commands, session.reporter);
}

/** What stands in the way of a change that needs the PIN; null = the right PIN came with the command. */
function refusePin(session: Session, changes: Pick[], request: Request, already: Pick[]): Answer | null {
  const { pinHash } = session.reporter;
  const [first] = changes;
  if (pinHash === null) {
    const name =
      changes.length === 1 && first ? shortName(first.entry.item.name) : `these ${changes.length} items`;
    return answer("forbidden", [piece("forbidden", { name })]);
  }
  const minutes = lockedMinutes(session);
  if (minutes !== null) return pinLocked(minutes);
  const ask = askPin(session, { changes, groups: saidFirst(request, already), joins: request.joins });
  if (session.inlinePin === null) return ask;
  if (checkPin(session, session.inlinePin)) return null;
  return pinFailed(session, ask.prompt ?? null);
}

function nothingToChange(session: Session, request: Request, already: Pick[]): Answer {
  const [only] = already;
  const groups = groupsOf(request, already);
  if (request.unclear) {
    const before = groups.length > 0 ? [batchPiece(groups, {})] : [];
    return askMenu(session, request.unclear, before, request.joins);
  }
  const alive = undoAlive(session);
  if (only && already.length === 1 && request.notes.length === 0) {
    const { item } = only.entry;
    const values = {
      Item: labelled(session.board, item),
      name: shortName(item.name),
      state: only.value.state,
      ...lastChange(session, item, only.field.key),
      ...alive,
    };
    return answer("already", [piece("already", values)]);
  }
  const outcome = already.length > 0 ? "already" : "not_found";
  return answer(outcome, [batchPiece(groups, alive ? { undo: alive.undo, window: alive.left } : {})]);
}

function answer(outcome: Answer["outcome"], pieces: Piece[]): Answer {
  return { class: "command", outcome, pieces, wanted: true };
}

/** "Already open: c", then the notes. */
function groupsOf(request: Request, already: Pick[]): ListRow[] {
  return [...rowsOf("Already", already), ...request.notes];
}

/** What is said before a question about the clear parts: there the unclear one is only named. */
function saidFirst(request: Request, already: Pick[]): ListRow[] {
  const { unclear } = request;
  const named = unclear ? [{ group: "Unclear", text: shortName(unclear.text) }] : [];
  return [...groupsOf(request, already), ...named];
}

function rowsOf(prefix: string, picks: Pick[]): ListRow[] {
  const groups = Map.groupBy(picks, (pick) => `${prefix} ${pick.value.state}`);
  return [...groups].flatMap(([group, list]) =>
    list.map(({ entry }) => ({ group, text: shortName(entry.item.name) })),
  );
}

function change(
  session: Session,
  request: Request,
  changes: Pick[],
  already: Pick[],
  pinPassed: boolean,
): Answer {
  const { board } = session;
  const effects = changes.map(({ entry, field, value }): ChangeBoardEffect => {
    const from = entry.item.fields[field.key] ?? null;
    const changeId = session.input.newId("chg");
    return {
      kind: "change-board",
      changeId,
      itemId: entry.item.id,
      field: field.key,
      from,
      to: value.key,
      reverses: null,
    };
  });
  const undo = undoEntry(session, request.joins, effects);
  // What was joined may have been changed by others since; UNDO is not offered for that.
  const offered = undo.changes.filter(
    (each) =>
      effects.some(({ changeId }) => changeId === each.changeId) ||
      undoVerdict(session, each) === "reversible",
  );
  const undoing = undoName(board, offered, undo.changes);
  const groups = groupsOf(request, already);
  const asking = request.unclear ? askMenu(session, request.unclear, [], session.commandId) : null;
  // A reply that ends in a question leaves UNDO out: it would answer the question.
  const window = asking?.prompt ? null : duration(undoWindow(session));
  const [only] = changes;
  const pieces: Piece[] = [];
  if (only && changes.length === 1 && groups.length === 0) {
    const { item } = only.entry;
    const together = offered.length > 1;
    pieces.push(
      piece("done", {
        Item: labelled(board, item),
        name: shortName(item.name),
        state: only.value.state,
        old: stateOf(board.kinds.get(item.kind), only.field.key, item.fields[only.field.key]),
        window: together ? null : window,
      }),
    );
    if (together && window) {
      pieces.push({ ...piece("done.batch", { window, undo: undoing }), key: "" });
    }
  } else {
    const rows = [...rowsOf("Now", changes), ...groups];
    const values = window ? { window, undo: undoing } : {};
    pieces.push(batchPiece(rows, values));
  }
  const name = only && changes.length === 1 ? shortName(only.entry.item.name) : `${changes.length} items`;
  const partly = request.notes.length > 0 || asking !== null;
  return {
    ...answer(partly ? "partly_changed" : "changed", [...pieces, ...(asking?.pieces ?? [])]),
    changes: effects,
    undo,
    undoUntil: undo.until,
    prompt: asking?.prompt ?? null,
    ...(asking?.candidates ? { candidates: asking.candidates } : {}),
    onFailure: [piece("savefail", { name })],
    ...(pinPassed ? { pin: null } : {}),
  };
}

/** A new undo entry, or the one of the text that asked with these changes added. */
function undoEntry(session: Session, joins: string | null, effects: ChangeBoardEffect[]): UndoEntry {
  const until = session.now + undoWindow(session) * 1000;
  const fresh = effects.map(({ changeId, itemId, field, from, to }) => ({
    changeId,
    item: itemId,
    field,
    from,
    to,
  }));
  const { undo } = session.input.reporterState;
  if (!undo || joins === null || undo.command !== joins)
    return { command: session.commandId, until, changes: fresh };
  const joined = undo.changes.filter(
    (old) => !fresh.some((each) => each.item === old.item && each.field === old.field),
  );
  const merged = fresh.map((each) => {
    const old = undo.changes.find((one) => one.item === each.item && one.field === each.field);
    return old ? { ...each, from: old.from } : each;
  });
  return { command: joins, until, changes: [...joined, ...merged] };
}
