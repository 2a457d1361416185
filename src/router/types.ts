import type { MessageArrival } from "../domain/arrival.ts";
import type { Reporter } from "../domain/board.ts";
import type { OptOuts } from "../domain/consent.ts";
import type { Effect } from "../domain/effect.ts";
import type { GuardTrip } from "../domain/guard.ts";
import type { NewId } from "../domain/ids.ts";
import type { TenantSettings } from "../domain/settings.ts";
import type { Board } from "./commands/board.ts";
import type { RuleSet } from "./rules/types.ts";
import type { ConversationState, ReporterState } from "./state.ts";

/** All that a decision may look at. The router reads nothing else: no clock, no database, no environment. */
export interface RouteInput {
  arrival: MessageArrival;
  /** When the arrival was kept, milliseconds since 1970; also "now" of the decision. */
  now: number;
  newId: NewId;
  settings: TenantSettings;
  board: Board;
  /** The person with this number, active or not; null = stranger. */
  reporter: Reporter | null;
  reporterState: ReporterState;
  conversation: ConversationState;
  /** Whether this number has opted out of the address that was texted. */
  optedOut: boolean;
  /** All that this number has opted out of, topics included. */
  optOuts: OptOuts;
  /** Whether the sender is one of our own addresses. */
  fromOwnAddress: boolean;
  /** The stored form of a PIN of this reporter. */
  hashPin: (pin: string) => string;
  rules: RuleSet;
  place: Place;
}

/** Where a text came in, and what templates of rules may name besides it. */
export interface Place {
  channelId: string;
  /** The phone that received it, else its channel. */
  deviceId: string;
  tenantName: string;
  /** Reference of our last text to this person; null = none, or nobody asks for it. */
  ref: string | null;
  /** What is known of the sender, by field. */
  contact: Record<string, string>;
}

export interface Decision {
  /** What kind of text this was, as told by `message.received`. */
  class: "stop" | "start" | "help" | "keyword" | "command" | "prompt" | "reaction" | "other";
  effects: Effect[];
  conversation: ConversationState;
  reporterState: ReporterState;
  log: CommandLog;
  /** The rule that takes the text, also where it was dropped for a reason of its own. */
  matchedRuleId: string | null;
  /** Guards that held something back. */
  trips: GuardTrip[];
  /** What to decide instead when the changes cannot be saved; null = there is nothing to save. */
  ifSaveFails: Decision | null;
}

/** The part of a command log row that the router knows. */
export interface CommandLog {
  /** Id for the log row of this text. Made here because the undo entry of a later text points to it. */
  commandId: string;
  outcome: CommandOutcome;
  meaning: Meaning;
  /** Set where a PIN stood in the text: every kept copy is replaced by this. */
  maskedText: string | null;
  /** The command whose changes were taken back. */
  undoOf: string | null;
  /** Until when UNDO takes these changes back, ms; null = nothing to undo. */
  undoUntil: number | null;
  /** Items offered where the text was unclear. */
  candidates: string[];
  trace: string[];
}

export interface Meaning {
  /** status, help, undo, yes, no, more, stop, start ...; null = a command of parts. */
  keyword: string | null;
  parts: MeaningPart[];
}

export interface MeaningPart {
  text: string;
  verb: string | null;
  hint: string | null;
  /** Row of the matching table (1-8) that found the items; null = none. */
  row: number | null;
  items: string[];
}

export type CommandOutcome =
  | "changed"
  | "partly_changed"
  | "already"
  | "asked_menu"
  | "asked_mean"
  | "asked_confirm"
  | "asked_pin"
  | "dropped"
  | "expired"
  | "undone"
  | "partly_undone"
  | "undo_none"
  | "undo_conflict"
  | "status"
  | "help"
  | "more"
  | "not_found"
  | "not_applicable"
  | "not_understood"
  | "bad_answer"
  | "nothing_waiting"
  | "forbidden"
  | "pin_wrong"
  | "pin_locked"
  | "rate_limited"
  | "unknown_sender"
  | "opted_out"
  | "consent_stop"
  | "consent_start"
  | "consent_help"
  | "rule"
  | "ignored_reaction"
  | "ignored_loop"
  | "ignored_courtesy"
  | "ignored_own_number"
  | "ignored_incomplete"
  | "empty"
  | "too_long"
  | "save_failed";
