import type { ConsentScope } from "../domain/consent.ts";
import type { GuardRule } from "../domain/guard.ts";
import type { Times } from "./times.ts";

/**
 * What is remembered between texts. Both states are plain JSON, kept by the store in one row each and
 * replaced as a whole by the decision. An empty object `{}` is the state of somebody never seen. Times are
 * milliseconds since 1970.
 */

/** Per channel and sender. */
export interface ConversationState {
  /** The question that waits for an answer; kept a while after it lapsed, to be able to say so. */
  prompt?: Prompt;
  more?: MorePage;
  fruitless?: { count: number; at: number };
  /** When a stranger was last told that this number is not set up. */
  strangerToldAt?: number;
  /** Answers to HELP that left as compliance texts, oldest first. */
  helpTimes?: number[];
  /** The newest opt-out of this person, and what it removed. */
  stopped?: { at: number; scope: ConsentScope; topic: string | null };
  /** When this person was last told to have joined. */
  startedAt?: number;
  /** When opt-outs and opt-ins were confirmed in the last day. */
  confirmed?: Times;
  /** Texts of the last hour, fingerprint and times, the newest last: to notice the same again. */
  heard?: Fingerprinted[];
  /** Our automatic texts of the last hour, likewise. */
  said?: Fingerprinted[];
  /** When automatic replies went to this sender in the last day, by what they answered. */
  replied?: { rules?: Times; commands?: Times };
  /** Fingerprint and time of our newest reply, to notice when it comes back, or is answered at once. */
  echo?: { hash: number; at: number };
  /** How many replies of ours in a row were answered faster than a person types; the newest of them. */
  quick?: { count: number; echoAt: number };
  /** A stranger's texts of the last minute, and when one was last processed. */
  inbound?: { times: Times; passedAt: number };
  /** Until when a rule sends this sender nothing more, by the rule's id. */
  cooldowns?: Record<string, number>;
  /** When rules sent mails about this sender in the last day. */
  mailed?: Times;
  /** Until when this sender counts as a machine. */
  machineUntil?: number;
  /** Guards that hold something back: the trip that is told of, and until when. */
  trips?: Partial<Record<GuardRule, { id: string; until: number }>>;
  /** The newest release that these counters have heeded. */
  releasedAt?: number;
}

export interface Fingerprinted {
  hash: number;
  times: Times;
}

/** One item, one field, one value: what a choice or a confirmation would do. */
export interface PlannedChange {
  item: string;
  field: string;
  /** Key of the value. */
  to: string;
}

export type Prompt = MenuPrompt | ConfirmPrompt | PinPrompt;

interface PromptBase {
  /** The command that asked. */
  command: string;
  until: number;
  /** The question in short, as it stands after "Cancelled:". */
  question: string;
}

export interface MenuPrompt extends PromptBase {
  type: "menu";
  choices: PlannedChange[];
  /** The PIN came with the command and was right. */
  pinGiven: boolean;
}

export interface ConfirmPrompt extends PromptBase {
  type: "confirm";
  changes: PlannedChange[];
  /** The changes were asked for as ALL or as several parts. */
  several: boolean;
  pinGiven: boolean;
}

export interface PinPrompt extends PromptBase {
  type: "pin";
  changes: PlannedChange[];
  several: boolean;
}

/** What MORE shows next. */
export interface MorePage {
  until: number;
  rows: ListRow[];
  /** What stands between rows of one group. */
  separator: "\n" | ", " | ". ";
  /** Rows beyond those kept here. */
  further: number;
}

/** One row of a long reply; rows of one group stand behind one label. */
export interface ListRow {
  group: string | null;
  text: string;
}

/** Per reporter, over all phones and channels. */
export interface ReporterState {
  undo?: UndoEntry;
  rate?: RateWindow;
  pin?: { failures: number; at: number; lockedUntil: number };
}

/** The newest text that changed something. */
export interface UndoEntry {
  command: string;
  until: number;
  changes: UndoableChange[];
}

export interface UndoableChange {
  changeId: string;
  item: string;
  field: string;
  from: string | null;
  to: string | null;
}

export interface RateWindow {
  /** Times of the texts that were handled, as distance from `base`, oldest first. */
  base: number;
  at: number[];
  /** The `rate` reply has been sent. */
  told: boolean;
}
