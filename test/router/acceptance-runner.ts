import type { Kind } from "../../src/domain/board.ts";
import type { CommandSettings } from "../../src/domain/settings.ts";
import { measureText } from "../../src/domain/sms-text.ts";
import type { CommandOutcome } from "../../src/router/types.ts";

/**
 * Runs one row of the acceptance table of docs/commands.md against a world: the pure engine in memory, or
 * the program with its doors, workers and database. The table itself is data, in acceptance.ts.
 */

/** Ana, Ben, Tess, Lou, Sam, and somebody unknown. `A2` is Ana's second phone. */
export type Sender = "A" | "A2" | "B" | "T" | "L" | "S" | "U";
export type Letter = Exclude<Sender, "A2" | "U">;

export const phones: Record<Sender, string> = {
  A: "+14155550101",
  A2: "+14155550102",
  B: "+14155550103",
  T: "+14155550104",
  L: "+14155550105",
  S: "+14155550106",
  U: "+14155550199",
};

export interface Person {
  letter: Letter;
  name: string;
  phones: string[];
  permissions: string[];
  confirmation: "immediate" | "two_step" | null;
  undoWindowSeconds: number | null;
  pin: string | null;
  active: boolean;
}

export type PersonChange = Partial<Omit<Person, "letter">>;

const standard = { confirmation: null, undoWindowSeconds: null, pin: null, active: true } as const;

const people: readonly Person[] = [
  { ...standard, letter: "A", name: "Ana", phones: [phones.A, phones.A2], permissions: ["*"] },
  { ...standard, letter: "B", name: "Ben", phones: [phones.B], permissions: ["*"] },
  { ...standard, letter: "T", name: "Tess", phones: [phones.T], permissions: ["trail"] },
  { ...standard, letter: "L", name: "Lou", phones: [phones.L], permissions: ["lift"] },
  { ...standard, letter: "S", name: "Sam", phones: [phones.S], permissions: [] },
];

export interface SetupItem {
  kind: string;
  name: string;
  aliases: string[];
  number: number | null;
  area: string | null;
  /** Every field of the kind; null = not set. */
  fields: Record<string, string | null>;
  archived: boolean;
}

export interface Setup {
  /** In board order. */
  items: SetupItem[];
  /** Besides the kinds of the resort template. */
  extraKinds: Kind[];
  /** What differs from the default settings. */
  commands: Partial<CommandSettings>;
  people: Person[];
}

export interface Reply {
  /** Key of the reply catalogue; two texts in one reply are joined: "void + done". */
  key: string;
  text: string;
  withheld: boolean;
}

export interface LogChange {
  id: string;
  /** Name of the item. */
  item: string;
  field: string;
  from: string | null;
  to: string | null;
  /** Id of the change this one takes back. */
  reverses: string | null;
}

export interface LogRow {
  text: string;
  outcome: CommandOutcome;
  deliveries: number;
  changes: LogChange[];
  replyKey: string | null;
  /** Name of the reporter; null = stranger. */
  reporter: string | null;
  /** Name of the channel; null where the world has none. */
  channel: string | null;
  /** A message status; null without a reply, or where nothing is sent. */
  replyStatus: string | null;
}

export type BoardView = Record<string, Record<string, string | null>>;

export interface TextOptions {
  /** A picture comes with it. */
  media?: boolean;
  /** Which of the tenant's two channels is texted; the first if not told. */
  channel?: 1 | 2;
}

export interface World {
  /** A fresh tenant with exactly this board, these people and these settings. */
  setup(setup: Setup): Promise<void>;
  /** Texts and waits until it is handled. Answers every reply written for it: sent, waiting, refused, withheld. */
  text(sender: Sender, text: string, options: TextOptions): Promise<Reply[]>;
  /** Moves the clock of prompts, undo and silences. */
  advance(seconds: number): Promise<void>;
  /** Values by item name and field, archived items left out. */
  board(): Promise<BoardView>;
  changePerson(letter: Letter, change: PersonChange): Promise<void>;
  /** While on, no change of the board can be saved; log rows and replies can. */
  failSaves(on: boolean): Promise<void>;
  /** All rows of the command log, oldest first. */
  log(): Promise<LogRow[]>;
  optedOut(sender: Sender): Promise<boolean>;
  /** Codes of all alerts so far, e.g. "pin_locked". */
  alerts(): Promise<string[]>;

  /** How many `board.item.changed` there have been. */
  itemEvents?(): Promise<number>;
  /** Like `text`, but the provider delivers the same message id twice. */
  deliverTwice?(sender: Sender, text: string): Promise<Reply[]>;
  /** What the provider answers to sends from now on. Returns at `accept` once waiting replies were sent. */
  answerSends?(how: "accept" | "refuse" | "busy"): Promise<void>;
  /** PATCH /v1/settings; `stored` are the command settings afterwards. */
  patchSettings?(
    commands: Record<string, unknown>,
  ): Promise<{ status: number; body: string; stored: CommandSettings }>;
  /** HTTP status of the command log for a member with this role. */
  openLog?(role: "admin" | "viewer"): Promise<number>;
  /** GET /v1/commands.csv of one channel, parsed: a record per line, header first. */
  exportCsv?(channel: 1 | 2): Promise<string[][]>;
}

export type Needs = "deliverTwice" | "answerSends" | "patchSettings" | "openLog" | "exportCsv";

/** What differs on the board after a step: "Gate 5" is its main field, "Broadway.groomed" names another. */
export type Changes = Record<string, string | null>;
type Pattern = string | RegExp;

export interface TextStep {
  by: Sender;
  /** Several = the row is run once with each. */
  text: string | readonly string[];
  /** Everything that changes; the runner sees to it that nothing else does. */
  board: Changes;
  /** Catalogue key; null = no reply. */
  reply: string | RegExp | null;
  has: Pattern[];
  hasNot?: Pattern[];
  /** Seconds that pass before the text. */
  after?: number;
  options?: TextOptions;
  /** No change of the board can be saved during this step. */
  failing?: boolean;
  twice?: boolean;
  withheld?: boolean;
  /** Whether the sender is opted out afterwards. */
  optedOut?: boolean;
  /** Code of an alert that this step raises. */
  alert?: string;
}

export interface TogetherStep {
  together: TextStep[];
}

export interface PersonStep {
  person: Letter;
  change: PersonChange;
}

export interface ActStep {
  act: string;
  run: (world: World) => Promise<void>;
}

export type Step = TextStep | TogetherStep | PersonStep | ActStep;

export interface Given {
  items: SetupItem[];
  kinds?: Kind[];
  commands?: Partial<CommandSettings>;
  people?: Partial<Record<Letter, PersonChange>>;
}

export interface Row {
  /** "C98"; a word after it where one line of the table needs several rows. */
  id: string;
  given: Given;
  steps: Step[];
  /** What a world must be able to do. */
  needs: Needs[];
  /** Must stand nowhere in the log afterwards. */
  masked?: string;
}

/** Outcomes that a log row may have next to a reply. Keys that allow several readings are left out. */
const outcomes: Record<string, readonly CommandOutcome[]> = {
  done: ["changed"],
  "void + done": ["changed"],
  "done.batch": ["changed", "partly_changed"],
  already: ["already"],
  menu: ["asked_menu"],
  mean: ["asked_mean"],
  choose: ["bad_answer"],
  nolist: ["nothing_waiting"],
  nothing: ["nothing_waiting"],
  expired: ["expired"],
  confirm: ["asked_confirm"],
  "confirm.batch": ["asked_confirm"],
  "confirm.all": ["asked_confirm"],
  "void + confirm": ["asked_confirm"],
  dropped: ["dropped"],
  "dropped.undo": ["dropped"],
  "pin.ask": ["asked_pin"],
  "pin.wrong": ["pin_wrong"],
  "pin.locked": ["pin_locked"],
  undone: ["undone"],
  "undone.batch": ["undone"],
  "undone.batch + undo.conflict": ["partly_undone"],
  "undo.none": ["undo_none"],
  "undo.conflict": ["undo_conflict"],
  "undo.fail": ["save_failed"],
  savefail: ["save_failed"],
  "status.all": ["status"],
  "status.kind": ["status"],
  "status.item": ["status"],
  help: ["help"],
  "help.compliance": ["help", "consent_help"],
  nomatch: ["not_found"],
  wrongverb: ["not_applicable"],
  format: ["not_understood"],
  what: ["not_understood"],
  conflict: ["not_understood"],
  forbidden: ["forbidden"],
  unknown: ["unknown_sender"],
  empty: ["empty"],
  "stop.ok": ["consent_stop"],
  "start.ok": ["consent_start"],
};

/** Alerts that a text can raise; others, of channels for instance, are no business of the table. */
const ofCommands = new Set(["pin_locked", "opted_out_command", "consent_review"]);

/** Whether this world has all that the row needs. */
export function canRun(world: World, row: Row): boolean {
  return row.needs.every((need) => world[need] !== undefined);
}

/** One row per combination of the texts that its steps allow. */
export function variantsOf(row: Row): Row[] {
  let variants: Step[][] = [[]];
  for (const step of row.steps) {
    const texts = "text" in step && typeof step.text !== "string" ? step.text : null;
    const choices: Step[] = texts === null ? [step] : texts.map((text) => ({ ...(step as TextStep), text }));
    variants = variants.flatMap((before) => choices.map((choice) => [...before, choice]));
  }
  return variants.map((steps) => ({ ...row, steps }));
}

/** Runs the row once with each of its texts. Throws an error that names the row, the step and the difference. */
export async function runRow(world: World, row: Row): Promise<void> {
  for (const variant of variantsOf(row)) await runVariant(world, variant);
}

async function runVariant(world: World, row: Row): Promise<void> {
  await world.setup({
    items: row.given.items,
    extraKinds: row.given.kinds ?? [],
    commands: row.given.commands ?? {},
    people: people.map((person) => ({ ...person, ...row.given.people?.[person.letter] })),
  });
  for (const [index, step] of row.steps.entries()) {
    const faults: string[] = [];
    try {
      await runStep(world, step, faults);
    } catch (error) {
      faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    if (faults.length > 0) {
      const place = `${row.id}, step ${index + 1} of ${row.steps.length} (${titleOf(step)})`;
      throw new Error(`${place}:\n  ${faults.join("\n  ")}`);
    }
  }
  const { masked } = row;
  if (masked !== undefined && (await world.log()).some((logged) => logged.text.includes(masked))) {
    throw new Error(`${row.id}: ${masked} stands in the log`);
  }
}

function titleOf(step: Step): string {
  if ("text" in step) return `${step.by}: ${JSON.stringify(step.text)}`;
  if ("together" in step) return `at once ${step.together.map(titleOf).join(" and ")}`;
  return "act" in step ? step.act : `${step.person} becomes ${JSON.stringify(step.change)}`;
}

async function runStep(world: World, step: Step, faults: string[]): Promise<void> {
  if ("act" in step) await step.run(world);
  else if ("person" in step) await world.changePerson(step.person, step.change);
  else if ("together" in step) await runTexts(world, step.together, faults);
  else await runTexts(world, [step], faults);
}

/** Sends the texts of one step at the same time and holds the outcome against what the table says. */
async function runTexts(world: World, steps: TextStep[], faults: string[]): Promise<void> {
  for (const step of steps) if (step.after !== undefined) await world.advance(step.after);
  const failing = steps.some((step) => step.failing === true);
  const before = await look(world);
  if (failing) await world.failSaves(true);
  const replies = (await Promise.all(steps.map((step) => send(world, step)))).flat();
  if (failing) await world.failSaves(false);
  const now = await look(world);

  const wanted = Object.assign({}, ...steps.map((step) => step.board)) as Changes;
  const expected = spell(wanted, before.board);
  const actual = difference(before.board, now.board);
  if (list(expected) !== list(actual)) {
    faults.push(`the board: expected ${list(expected)}, found ${list(actual)}`);
  }
  if (before.itemEvents !== null && now.itemEvents !== null) {
    const items = new Set(actual.map((change) => change.item)).size;
    const events = now.itemEvents - before.itemEvents;
    if (events !== items) faults.push(`${events} board.item.changed for ${items} changed items`);
  }
  checkReplies(steps, replies, faults);
  checkLog(steps, replies, now.log.slice(before.log.length), before.log, actual, faults);

  const alerts = now.alerts.slice(before.alerts.length);
  for (const step of steps) {
    if (step.alert !== undefined && !alerts.includes(step.alert)) faults.push(`no alert ${step.alert}`);
    if (step.optedOut !== undefined && (await world.optedOut(step.by)) !== step.optedOut) {
      faults.push(`${step.by} is ${step.optedOut ? "not opted out" : "opted out"}`);
    }
  }
  const extra = alerts.filter((code) => ofCommands.has(code) && steps.every((step) => step.alert !== code));
  if (extra.length > 0) faults.push(`alerts nobody expected: ${extra.join(", ")}`);
}

async function look(world: World) {
  return {
    board: await world.board(),
    log: await world.log(),
    alerts: await world.alerts(),
    itemEvents: world.itemEvents === undefined ? null : await world.itemEvents(),
  };
}

async function send(world: World, step: TextStep): Promise<Reply[]> {
  const text = typeof step.text === "string" ? step.text : (step.text[0] ?? "");
  if (step.twice !== true) return world.text(step.by, text, step.options ?? {});
  if (world.deliverTwice === undefined) throw new Error("this world cannot deliver a text twice");
  return world.deliverTwice(step.by, text);
}

function checkReplies(steps: TextStep[], replies: Reply[], faults: string[]): void {
  const open = [...replies];
  for (const step of steps) {
    if (step.reply === null) continue;
    const { reply: wanted } = step;
    const place = open.findIndex(({ key }) =>
      typeof wanted === "string" ? key === wanted : wanted.test(key),
    );
    const [reply] = place < 0 ? [] : open.splice(place, 1);
    if (reply === undefined) {
      faults.push(`the reply: expected ${wanted}, found ${told(replies)}`);
      continue;
    }
    if (reply.withheld !== (step.withheld === true)) {
      faults.push(`${told([reply])} was ${reply.withheld ? "withheld" : "not withheld"}`);
    }
    for (const pattern of step.has) {
      if (!holds(reply.text, pattern)) faults.push(`the reply lacks ${pattern}: ${told([reply])}`);
    }
    for (const pattern of step.hasNot ?? []) {
      if (holds(reply.text, pattern)) faults.push(`the reply has ${pattern}: ${told([reply])}`);
    }
    const [only, ...others] = Object.keys(step.board).map(itemOf);
    if (only !== undefined && others.length === 0 && !reply.text.includes(only)) {
      faults.push(`the reply does not name ${only}: ${told([reply])}`);
    }
    checkManners(reply, faults);
  }
  if (open.length > 0) faults.push(`replies nobody expected: ${told(open)}`);
}

/** What holds for every reply of the catalogue. */
function checkManners(reply: Reply, faults: string[]): void {
  const { segments, encoding } = measureText(reply.text);
  if (segments > 2) faults.push(`the reply has ${segments} segments: ${told([reply])}`);
  if (encoding !== "GSM-7") faults.push(`the reply is ${encoding}: ${told([reply])}`);
  if (
    /\b(CANCEL|END|QUIT|YES)\b|\b([Rr]eply|[Tt]ext|[Ss]end) "?([Cc]ancel|[Ee]nd|[Qq]uit|[Yy]es)\b/.test(
      reply.text,
    )
  ) {
    faults.push(`the reply suggests a word that opts out or in: ${told([reply])}`);
  }
  if (/[{}]|\b(undefined|null|NaN)\b/.test(reply.text))
    faults.push(`a variable is not filled: ${told([reply])}`);
  if (/\b(lift|trail|gate|feature|service|court) \1\b/i.test(reply.text)) {
    faults.push(`a label is doubled: ${told([reply])}`);
  }
}

/** One row per text; its changes are those of the board; an undo points to the changes it takes back. */
function checkLog(
  steps: TextStep[],
  replies: Reply[],
  rows: LogRow[],
  earlier: LogRow[],
  changed: Change[],
  faults: string[],
): void {
  if (rows.length !== steps.length) faults.push(`${rows.length} new log rows for ${steps.length} texts`);
  const logged = rows.flatMap((row) => row.changes);
  if (list(logged) !== list(changed))
    faults.push(`the log: expected ${list(changed)}, found ${list(logged)}`);
  const deliveries = steps.some((step) => step.twice === true) ? 2 : 1;
  const open = replies.map((reply) => reply.key);
  for (const row of rows) {
    if (row.deliveries !== deliveries) faults.push(`the log counts ${row.deliveries} deliveries`);
    const place = row.replyKey === null ? -1 : open.indexOf(row.replyKey);
    if (place >= 0) open.splice(place, 1);
    else if (row.replyKey !== null) faults.push(`the log has a reply ${row.replyKey} that nobody got`);
    const allowed = steps.some((step) => step.withheld === true) ? undefined : outcomes[row.replyKey ?? ""];
    if (allowed !== undefined && !allowed.includes(row.outcome)) {
      faults.push(`the outcome: expected ${allowed.join(" or ")} with ${row.replyKey}, found ${row.outcome}`);
    }
    checkReversals(row, earlier, faults);
  }
  if (open.length > 0) faults.push(`the log lacks the reply ${open.join(", ")}`);
}

function checkReversals(row: LogRow, earlier: LogRow[], faults: string[]): void {
  const undo = row.outcome === "undone" || row.outcome === "partly_undone";
  const past = earlier.flatMap((each) => each.changes);
  for (const change of row.changes) {
    if (!undo) {
      if (change.reverses !== null) faults.push(`the log says that ${list([change])} reverses something`);
      continue;
    }
    const target = past.findLast((each) => each.item === change.item && each.field === change.field);
    if (target === undefined || change.reverses !== target.id) {
      faults.push(`the log does not say that ${list([change])} reverses the newest change`);
    } else if (target.from !== change.to || target.to !== change.from) {
      faults.push(`${list([change])} does not reverse ${list([target])}`);
    }
  }
}

type Change = Pick<LogChange, "item" | "field" | "from" | "to">;

function difference(before: BoardView, now: BoardView): Change[] {
  const changes: Change[] = [];
  for (const item of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const old = before[item] ?? {};
    const fresh = now[item] ?? {};
    for (const field of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
      const from = old[field] ?? null;
      const to = fresh[field] ?? null;
      if (from !== to) changes.push({ item, field, from, to });
    }
  }
  return changes;
}

/** The changes a step tells, with the value that each replaces. */
function spell(changes: Changes, board: BoardView): Change[] {
  return Object.entries(changes).map(([key, to]) => {
    const item = itemOf(key);
    const field = key.slice(item.length + 1) || "status";
    return { item, field, from: board[item]?.[field] ?? null, to };
  });
}

function itemOf(key: string): string {
  return key.split(".")[0] ?? key;
}

function list(changes: Change[]): string {
  if (changes.length === 0) return "no change";
  const lines = changes.map(({ item, field, from, to }) => `${item}.${field} ${from ?? "-"} > ${to ?? "-"}`);
  return lines.sort().join("; ");
}

function holds(text: string, pattern: Pattern): boolean {
  return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}

function told(replies: Reply[]): string {
  if (replies.length === 0) return "no reply";
  return replies.map((reply) => `${reply.key} ${JSON.stringify(reply.text)}`).join(" and ");
}
