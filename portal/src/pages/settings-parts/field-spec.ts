/** One setting of the form: how it is called, what it does, and what may stand in it. The API has the last word. */
export type FieldSpec = { path: string; label: string; help: string } & (
  | { kind: "switch" | "words" | "zone" }
  /** `none`: what an empty field means, and that it is no text then. */
  | { kind: "text" | "long"; none?: string }
  /** `none`: what an empty field means; without it the field needs a number. */
  | { kind: "number"; range: [least: number, most: number]; none?: string }
  | { kind: "choice"; choices: { value: string; label: string }[] }
);

export interface FieldGroup {
  title: string;
  lead?: string;
  fields: FieldSpec[];
}
