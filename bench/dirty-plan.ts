import { itemsOf, reporterPhone, turnText } from "./texts.ts";

/*
 * What comes in on a dirty line, from a seed: the same texts in each run. Every reporter opens and closes two gates of
 * their own; now and then a letter is wrong, a request comes twice, somebody opts out and goes on texting, and somebody
 * else sends requests that nobody signed.
 */

export const TURNS = 10;
const REPEATS = 0.05;
const STOPS = 0.02;
const TYPOS = 0.03;
const FORGED = 0.01;

type Kind = "command" | "typo" | "stop" | "forged";

export interface DirtyText {
  kind: Kind;
  from: string;
  text: string;
  /** The provider's id: a repeat has the same. */
  sid: string;
  /** Sent once more: at the same moment, or after the answer. */
  repeat: "together" | "after" | null;
  /** Of forged ones: without a signature, or with a wrong one. */
  signature: "right" | "wrong" | "none";
}

/** What must be true of one reporter once all is done. */
export interface Expected {
  reporter: number;
  /** Authentic texts: each is in the log once. */
  texts: number;
  /** Changes of the board. */
  changes: number;
  /** State of the two gates at the end. */
  open: [boolean, boolean];
  /** Texts before an opt-out: each is answered once. */
  answered: number;
  stopped: boolean;
}

export interface DirtyPlan {
  /** Texts of each reporter, in order. */
  lanes: DirtyText[][];
  expected: Expected[];
  /** Names of gates that only forged requests ask to open. */
  vaults: string[];
}

export function planDirty(texts: number): DirtyPlan {
  const random = seeded(20_261_120);
  const vaults: string[] = [];
  const lanes: DirtyText[][] = [];
  const expected: Expected[] = [];
  const reporters = Math.ceil(texts / TURNS);
  for (let reporter = 0; reporter < reporters; reporter++) {
    const stopAt = random() < STOPS * TURNS ? Math.floor(random() * TURNS) : null;
    const lane: DirtyText[] = [];
    const ends: Expected = {
      ...{ reporter, texts: 0, changes: 0, open: [false, false], answered: 0, stopped: false },
    };
    for (let turn = 0; turn < TURNS; turn++) {
      if (random() < FORGED) lane.push(forged(reporter, lane.length, vaults, random));
      const text = textOf(reporter, turn, turn === stopAt, random);
      const repeat = random() < REPEATS ? (random() < 0.5 ? "together" : "after") : null;
      const sid = sidOf(reporter, lane.length);
      lane.push({ ...text, from: reporterPhone(reporter), sid, repeat, signature: "right" });
      follow(ends, text.kind, turn);
    }
    lanes.push(lane);
    expected.push(ends);
  }
  return { lanes, expected, vaults };
}

/** What a text leaves behind. Whoever has opted out changes nothing and hears nothing. */
function follow(ends: Expected, kind: Kind, turn: number): void {
  ends.texts += 1;
  if (kind === "stop") ends.stopped = true;
  if (ends.stopped) return;
  ends.answered += 1;
  if (kind !== "command") return;
  const item = (turn % 2) as 0 | 1;
  const opens = turn % 4 < 2;
  if (ends.open[item] !== opens) ends.changes += 1;
  ends.open[item] = opens;
}

function textOf(
  reporter: number,
  turn: number,
  stops: boolean,
  random: () => number,
): Pick<DirtyText, "kind" | "text"> {
  if (stops) return { kind: "stop", text: "STOP" };
  const text = turnText(reporter, turn);
  return random() < TYPOS ? { kind: "typo", text: withTypo(text, random) } : { kind: "command", text };
}

/** One letter wrong, in the verb or in the word "gate": neither may be acted on. */
function withTypo(text: string, random: () => number): string {
  const letters = text.search(/ \d/);
  for (;;) {
    const at = Math.floor(random() * letters);
    if (text[at] !== " ") return `${text.slice(0, at)}${text[at] === "q" ? "z" : "q"}${text.slice(at + 1)}`;
  }
}

function forged(reporter: number, place: number, vaults: string[], random: () => number): DirtyText {
  const vault = `Vault ${9_000 + vaults.length}`;
  vaults.push(vault);
  return {
    kind: "forged",
    from: reporterPhone(reporter),
    text: `open ${vault.toLowerCase()}`,
    sid: sidOf(reporter, place),
    repeat: null,
    signature: random() < 0.5 ? "none" : "wrong",
  };
}

function sidOf(reporter: number, place: number): string {
  return `SM${String(reporter * 100 + place).padStart(32, "0")}`;
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Names of the gates of a reporter with the state each must have. */
export function gatesOf({ reporter, open }: Expected): { name: string; open: boolean }[] {
  return itemsOf(reporter).map((name, index) => ({ name, open: open[index] ?? false }));
}
