/** Every text of the bench follows from its number, so that all processes know what was sent without being told. */

export interface BenchText {
  from: string;
  text: string;
}

/** Texts of strangers, each from a number of its own. */
export interface StrangerTexts {
  kind: "strangers";
  first: number;
}

/** Texts of reporters who open and close the two items each of them owns: each text changes something. */
export interface ReporterTexts {
  kind: "reporters";
  /** Number of the first reporter. */
  first: number;
  reporters: number;
}

export type TextSource = StrangerTexts | ReporterTexts;

/** The `index`-th text of a source. Reporters take turns, so text `index` is their turn `index / reporters`. */
export function textAt(source: TextSource, index: number): BenchText {
  if (source.kind === "strangers") {
    const number = source.first + index;
    return { from: `+1${2_000_000_000 + number}`, text: `Is the road open today? Question ${number}` };
  }
  const reporter = source.first + (index % source.reporters);
  return { from: reporterPhone(reporter), text: turnText(reporter, Math.floor(index / source.reporters)) };
}

export function reporterPhone(reporter: number): string {
  return `+1${4_150_000_000 + reporter}`;
}

/** Open one, open the other, close one, close the other: no two texts in a row are alike. */
export function turnText(reporter: number, turn: number): string {
  return `${turn % 4 < 2 ? "open" : "close"} ${itemOfTurn(reporter, turn).toLowerCase()}`;
}

/** How the reply to that turn begins. */
export function turnReply(reporter: number, turn: number): string {
  return `${itemOfTurn(reporter, turn)} is now ${turn % 4 < 2 ? "open" : "closed"}`;
}

/** The two items of a reporter; closed at first. */
export function itemsOf(reporter: number): [string, string] {
  return [`Gate ${1_000 + reporter * 2}`, `Gate ${1_001 + reporter * 2}`];
}

function itemOfTurn(reporter: number, turn: number): string {
  return itemsOf(reporter)[turn % 2] as string;
}

/** Mobiniti's inbound webhook. The time differs with every text, as a provider's does. */
export function inboundBody({ from, text }: BenchText, index: number): string {
  const at = new Date(1_767_225_600_000 + index).toISOString();
  return JSON.stringify({
    id: `00000000-0000-4000-8000-${from.slice(1).padStart(12, "0")}`,
    first_name: null,
    last_name: null,
    email: null,
    short_code: "64600",
    phone_number: from,
    message: text,
    unsubscribed_at: null,
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: at,
    received_at: at,
  });
}
