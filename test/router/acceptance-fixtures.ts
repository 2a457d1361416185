import type { Kind } from "../../src/domain/board.ts";
import type { CommandSettings, ConfirmationRule } from "../../src/domain/settings.ts";
import type {
  ActStep,
  Changes,
  Given,
  Letter,
  Needs,
  PersonChange,
  PersonStep,
  Row,
  Sender,
  SetupItem,
  Step,
  TextStep,
  TogetherStep,
  World,
} from "./acceptance-runner.ts";

type More = Partial<Pick<SetupItem, "aliases" | "number" | "area" | "archived">>;
type Status = "open" | "closed" | "hold" | null;

function item(kind: string, name: string, fields: SetupItem["fields"], more: More): SetupItem {
  return { kind, name, aliases: [], number: null, area: null, archived: false, ...more, fields };
}

export function lift(name: string, status: Status, more: More = {}): SetupItem {
  return item("lift", name, { status }, more);
}

export function trail(name: string, status: Status, more: More & { groomed?: "yes" | "no" } = {}): SetupItem {
  const { groomed = "no", ...rest } = more;
  return item("trail", name, { status, groomed }, rest);
}

export function gate(name: string, status: Status): SetupItem {
  return item("gate", name, { status }, {});
}

export function park(name: string, status: Status): SetupItem {
  return item("park-feature", name, { status }, {});
}

function service(name: string, status: Status): SetupItem {
  return item("service", name, { status }, {});
}

export const f1: Given = {
  items: [
    lift("Grandview Express", "closed"),
    lift("Tahoe King", "open"),
    lift("Tahoe Queen", "closed"),
    trail("Broadway", "closed", { number: 25 }),
    trail("East Face", "open", { number: 59, groomed: "yes" }),
    trail("Sugar 'n Spice", "closed", { number: 31 }),
    gate("Gate 1", "closed"),
    gate("Gate 2", "open"),
    gate("Gate 5", "closed"),
    park("Rail Slide", "closed"),
    service("Grooming", "closed"),
  ],
};

export const f2: Given = {
  items: [
    trail("Upper Broadway", "closed"),
    trail("Lower Broadway", "open"),
    trail("Main Street", "open"),
    park("Main Park Jump", "open"),
    gate("West Main Gate", "open"),
    lift("Grandview Express", "closed"),
    gate("Gate 1", "closed"),
    gate("Gate 10", "open"),
  ],
};

/** The fixture with more items at its end. */
export function plus(given: Given, ...items: SetupItem[]): Given {
  return { ...given, items: [...given.items, ...items] };
}

export function minus(given: Given, ...names: string[]): Given {
  return { ...given, items: given.items.filter((each) => !names.includes(each.name)) };
}

/** The fixture with one item changed. */
export function having(given: Given, name: string, change: More & { status?: Status }): Given {
  const { status, ...more } = change;
  return {
    ...given,
    items: given.items.map((each) => {
      if (each.name !== name) return each;
      return { ...each, ...more, fields: status === undefined ? each.fields : { ...each.fields, status } };
    }),
  };
}

/** The fixture with Gate 1 to this number, all closed, in place of its own gates. */
export function gatesTo(given: Given, last: number): Given {
  const others = given.items.filter((each) => each.kind !== "gate");
  return {
    ...given,
    items: [...others, ...Array.from({ length: last }, (_, i) => gate(`Gate ${i + 1}`, "closed"))],
  };
}

export function settings(given: Given, commands: Partial<CommandSettings>): Given {
  return { ...given, commands };
}

export function twoStep(given: Given): Given {
  return settings(given, { confirmation: "two_step" });
}

export function rule(given: Given, confirmationRule: ConfirmationRule): Given {
  return settings(given, { confirmationRules: [confirmationRule] });
}

export function being(given: Given, letter: Letter, change: PersonChange): Given {
  return { ...given, people: { [letter]: change } };
}

/** A kind that an owner adds, and one item of it. */
export function court(name: string, status: "open" | "closed"): SetupItem {
  return item("court", name, { status }, {});
}

export const courtKind: Kind = {
  key: "court",
  label: "Court",
  plural: "Courts",
  hints: ["court", "courts"],
  labelUse: "needed",
  fields: [
    {
      key: "status",
      default: null,
      values: [
        { key: "open", state: "open", ask: "Open", verbs: ["open", "opened", "reopen", "reopened"] },
        { key: "closed", state: "closed", ask: "Close", verbs: ["close", "closed", "shut"] },
      ],
    },
  ],
};

export const nothing: Changes = {};

export function opened(...names: string[]): Changes {
  return Object.fromEntries(names.map((name) => [name, "open"]));
}

export function closed(...names: string[]): Changes {
  return Object.fromEntries(names.map((name) => [name, "closed"]));
}

export function groomed(name: string): Changes {
  return { [`${name}.groomed`]: "yes" };
}

export function ungroomed(name: string): Changes {
  return { [`${name}.groomed`]: "no" };
}

/** Both word orders of a simple command: "open lift grandview" and "lift grandview open". */
export function order(verb: string, name: string): string[] {
  return [`${verb} ${name}`, `${name} ${verb}`];
}

/** A text and what follows, in the order of the table: text, board, reply, what the reply holds. */
type Says = (
  text: string | string[],
  board: Changes,
  reply: TextStep["reply"],
  ...has: (string | RegExp)[]
) => TextStep;

function sayer(by: Sender): Says {
  return (text, board, reply, ...has) => ({ by, text, board, reply, has });
}

export const a = sayer("A");
export const a2 = sayer("A2");
export const b = sayer("B");
export const t = sayer("T");
export const l = sayer("L");
export const s = sayer("S");
export const u = sayer("U");

type Extra = Omit<TextStep, "by" | "text" | "board" | "reply" | "has">;

export function but(step: TextStep, extra: Extra): TextStep {
  return { ...step, ...extra };
}

/** Seconds pass, then the text comes. */
export function after(seconds: number, step: TextStep): TextStep {
  return but(step, { after: seconds });
}

export function together(...steps: TextStep[]): TogetherStep {
  return { together: steps };
}

export function becomes(person: Letter, change: PersonChange): PersonStep {
  return { person, change };
}

export function act(title: string, run: (world: World) => Promise<void>): ActStep {
  return { act: title, run };
}

export function row(id: string, given: Given, ...steps: Step[]): Row {
  return { id, given, steps, needs: [] };
}

export function needing(needs: Needs[], plain: Row): Row {
  return { ...plain, needs };
}

/** The numbered lines of a menu, complete and in this order. */
export function lines(...items: string[]): RegExp {
  const all = items.map((name, i) => `${i + 1} ${name.replace(/[().]/g, "\\$&")}`).join("\\s+");
  return new RegExp(`(?<![^\\s])${all}(?!\\s+${items.length + 1} )(?=\\s|$)`);
}
