/** The status board: things a reporter may change by text. Reference: docs/commands.md. */

export interface Kind {
  key: string;
  label: string;
  plural: string;
  /** Words that narrow a text to this kind, singular and plural. */
  hints: string[];
  /** Whether replies put the label before the name: `needed` = unless the name holds a hint word. */
  labelUse: "needed" | "always" | "never";
  /** The first field is the main one. */
  fields: KindField[];
}

export interface KindField {
  key: string;
  /** Value of a new item; null = not set. */
  default: string | null;
  values: KindValue[];
}

export interface KindValue {
  key: string;
  /** State wording: "open", "on hold". */
  state: string;
  /** Ask wording: "Open", "Hold". */
  ask: string;
  verbs: string[];
}

export interface BoardItem {
  id: string;
  kind: string;
  name: string;
  aliases: string[];
  number: number | null;
  area: string | null;
  /** Value key per field of the kind; null = not set. */
  fields: Record<string, string | null>;
  archived: boolean;
  position: number;
  /** Counts up with every change of this item. */
  revision: number;
  updatedAt: string;
  /** The newest change of each field: what undo compares itself with. */
  last: Record<string, LastChange>;
}

export interface LastChange {
  changeId: string;
  at: string;
  by: Actor;
}

export interface Actor {
  kind: "reporter" | "user" | "key" | "rule" | "schedule";
  id: string;
  name: string;
}

export interface Reporter {
  id: string;
  name: string;
  phones: string[];
  /** `*`, `lift`, `trail:area=North`, `gate:item=itm_...`, `*:area=North`; the union counts. */
  permissions: string[];
  confirmation: "immediate" | "two_step" | null;
  undoWindowSeconds: number | null;
  pinHash: string | null;
  active: boolean;
  tags: string[];
}
