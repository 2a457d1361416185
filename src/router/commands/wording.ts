import type { BoardItem, Kind } from "../../domain/board.ts";
import type { TenantSettings } from "../../domain/settings.ts";
import { shortName } from "../sms-fit.ts";
import type { Board } from "./board.ts";
import { tokenise, wordsOf } from "./tokens.ts";

/** An item as replies call it, with its label unless that would say the same thing twice. */
export function labelled(board: Board, item: BoardItem): string {
  const kind = board.kinds.get(item.kind);
  const name = shortName(item.name);
  if (!kind || kind.labelUse === "never") return name;
  if (kind.labelUse === "always") return `${kind.label} ${name}`;
  const words = board.index.entries.get(item.id)?.name ?? wordsOf(tokenise(item.name, () => false));
  const named = words.some((word) => board.grammar.hints.get(word)?.has(kind.key));
  return named ? name : `${kind.label} ${name}`;
}

/** How a value is told: "open", "on hold", "not set". */
export function stateOf(kind: Kind | undefined, field: string, value: string | null | undefined): string {
  if (value === null || value === undefined) return "not set";
  const declared = kind?.fields.find((each) => each.key === field);
  return declared?.values.find((each) => each.key === value)?.state ?? value;
}

/** The value of a field of an item, in words. */
export function stateOfItem(board: Board, item: BoardItem, field: string): string {
  return stateOf(board.kinds.get(item.kind), field, item.fields[field]);
}

/** "2 min" for whole minutes, else "90 sec". */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole % 60 === 0 ? `${whole / 60} min` : `${whole} sec`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** First letter small: labels within a sentence. */
export function lower(text: string): string {
  return text.toLowerCase();
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A zone's clock. Formats are costly to make and kept; an unknown zone is told in UTC. */
function formatOf(zone: string, clock: "24h" | "12h", what: "time" | "day"): Intl.DateTimeFormat {
  const key = `${zone} ${clock} ${what}`;
  const known = formats.get(key);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions =
    what === "day"
      ? { day: "numeric", month: "short" }
      : clock === "24h"
        ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
        : { hour: "numeric", minute: "2-digit", hourCycle: "h12" };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(what === "day" ? "en-GB" : "en-US", { ...options, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat(what === "day" ? "en-GB" : "en-US", { ...options, timeZone: "UTC" });
  }
  formats.set(key, format);
  return format;
}

/** A moment on the board's clock: "14:05", with the day in front where it is not today's. */
export function tellTime(settings: TenantSettings, at: number, now: number): string {
  const { timeZone } = settings.board;
  const { clock } = settings.commands;
  const time = formatOf(timeZone, clock, "time").format(at).replace(/\s/gu, " ").toLowerCase();
  if (now - at < 0) return time;
  const day = formatOf(timeZone, clock, "day");
  const date = day.format(at);
  return date === day.format(now) && now - at < 7 * 86_400_000 ? time : `${date} ${time}`;
}
