import type { BoardItem, Reporter } from "../../domain/board.ts";
import type { AlertEffect, ChangeBoardEffect } from "../../domain/effect.ts";
import type { CommandSettings } from "../../domain/settings.ts";
import { shortName } from "../sms-fit.ts";
import type { Prompt, ReporterState, UndoableChange, UndoEntry } from "../state.ts";
import type { CommandOutcome, Decision, MeaningPart, RouteInput } from "../types.ts";
import type { Board } from "./board.ts";
import type { Piece } from "./compose.ts";
import type { MayChange } from "./permissions.ts";
import { permissionsOf } from "./permissions.ts";
import { duration, listed, tellTime } from "./wording.ts";

/** One text of one active reporter, while it is being decided about. */
export interface Session {
  input: RouteInput;
  board: Board;
  reporter: Reporter;
  may: MayChange;
  commands: CommandSettings;
  now: number;
  commandId: string;
  /** The text without a PIN that came with it. */
  text: string;
  /** A PIN that came with the command: "close gate 5 pin 4711". */
  inlinePin: string | null;
  /** The question that still waits for an answer. */
  prompt: Prompt | null;
}

/** What the command engine says to a text. What is not told stays as it was. */
export interface Answer {
  class: Decision["class"];
  outcome: CommandOutcome;
  pieces: Piece[];
  keyword?: string;
  parts?: MeaningPart[];
  /** null = the question is gone. */
  prompt?: Prompt | null;
  changes?: ChangeBoardEffect[];
  undo?: UndoEntry | null;
  pin?: NonNullable<ReporterState["pin"]> | null;
  undoOf?: string;
  undoUntil?: number;
  candidates?: string[];
  alerts?: AlertEffect[];
  maskedText?: string;
  /** The text was a command that wanted to change something. */
  wanted?: boolean;
  /** What to answer when the changes cannot be saved. */
  onFailure?: Piece[];
  trace?: string[];
}

export function openSession(
  input: RouteInput,
  reporter: Reporter,
  commandId: string,
  text: string,
  inlinePin: string | null,
): Session {
  const { prompt } = input.conversation;
  return {
    input,
    board: input.board,
    reporter,
    may: permissionsOf(reporter),
    commands: input.settings.commands,
    now: input.now,
    commandId,
    text,
    inlinePin,
    prompt: prompt && prompt.until >= input.now ? prompt : null,
  };
}

/** How long UNDO takes back a change made now, seconds. */
export function undoWindow(session: Session): number {
  return session.reporter.undoWindowSeconds ?? session.commands.undoWindowSeconds;
}

/** What UNDO would still reverse, in words, and for how long; null = nothing. */
export function undoAlive(session: Session): { undo: string; left: string } | null {
  const { undo } = session.input.reporterState;
  if (!undo || undo.until < session.now) return null;
  const standing = undo.changes.filter((change) => undoVerdict(session, change) === "reversible");
  if (standing.length === 0) return null;
  return {
    undo: undoName(session.board, standing, undo.changes),
    left: duration((undo.until - session.now) / 1000),
  };
}

/** What UNDO would do with one change of its entry now; null = the item is gone. */
export function undoVerdict(
  session: Session,
  change: UndoableChange,
): "reversible" | "overtaken" | "forbidden" | null {
  const item = session.board.items.get(change.item);
  if (!item) return null;
  if (item.last[change.field]?.changeId !== change.changeId) return "overtaken";
  return session.may(item) && !item.archived ? "reversible" : "forbidden";
}

/** As many names as fit beside the rest of a reply. */
const MOST_NAMES = 2;

/** What is to be reversed of a whole: the one item's name, "all 3", "Gate 1 and Gate 5", "3 of 4". */
export function undoName(
  board: Board,
  changes: readonly { item: string }[],
  whole: readonly { item: string }[],
): string {
  const items = [...new Set(changes.map((change) => change.item))];
  const all = new Set(whole.map((change) => change.item)).size;
  const names = items.flatMap((id) => board.items.get(id)?.name ?? []).map(shortName);
  if (names.length === 1) return listed(names);
  if (items.length === all) return `all ${all}`;
  return names.length <= MOST_NAMES ? listed(names) : `${items.length} of ${all}`;
}

/** Who made the newest change of a field and when, as replies may tell it. */
export function lastChange(
  session: Session,
  item: BoardItem,
  field: string,
): { who: string | null; time: string } | null {
  const last = item.last[field];
  if (!last) return null;
  const { settings } = session.input;
  const who = session.commands.namesInReplies ? shortName(last.by.name) : null;
  return { who, time: tellTime(settings, Date.parse(last.at), session.now) };
}
