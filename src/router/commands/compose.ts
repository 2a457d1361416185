import type { CommandSettings, TenantSettings } from "../../domain/settings.ts";
import { cutToFit, fits, inAlphabet } from "../sms-fit.ts";
import type { ListRow, MorePage } from "../state.ts";
import type { Values } from "./render.ts";
import { renderTemplate } from "./render.ts";
import type { ReplyKey } from "./replies.ts";
import { REPLIES } from "./replies.ts";

/** A text of the catalogue, and the rows of its list where it has one. */
export interface Piece {
  /** Key that is told; several texts may share one ("mean" with one choice or more). "" = part of another. */
  key: string;
  template: ReplyKey;
  values: Values;
  list?: {
    rows: ListRow[];
    separator: MorePage["separator"];
    /** Rows that exist and are not written out, there being too many. */
    further?: number;
  };
}

export interface Composed {
  key: string;
  text: string;
  /** What did not fit and waits for MORE. */
  rest: Omit<MorePage, "until"> | null;
}

export function piece(template: ReplyKey, values: Values = {}): Piece {
  return { key: template.replace(/\.several$/, ""), template, values };
}

/** Rows kept for MORE; further ones are only counted. */
const KEPT_ROWS = 200;

/**
 * Writes a reply of one or more pieces in the alphabet of the settings and within the segments. The last
 * list of the reply is cut into pages; an earlier one is cut short.
 */
export function compose(pieces: readonly Piece[], settings: TenantSettings): Composed {
  const key = pieces
    .map((each) => each.key)
    .filter((each) => each !== "")
    .join(" + ");
  const lastList = pieces.findLast((each) => each.list !== undefined);
  let text = "";
  let rest: Composed["rest"] = null;
  for (const [i, each] of pieces.entries()) {
    const start = text === "" ? "" : `${text}${each.list?.separator === "\n" ? "\n" : " "}`;
    if (!each.list || each.list.rows.length === 0) {
      text = start + render(each, "", settings);
      continue;
    }
    const later = pieces.slice(i + 1).some((other) => other.list);
    const segments = later
      ? Math.max(1, settings.commands.segmentsPerReply - 1)
      : settings.commands.segmentsPerReply;
    const page = fitRows(each, start, segments, settings);
    text = page.text;
    if (each === lastList) rest = page.rest;
  }
  return {
    key,
    text: cutToFit(inAlphabet(text, settings.commands.alphabet), settings.commands.segmentsPerReply),
    rest,
  };
}

/** The next page of a long reply. */
export function composeMore(page: MorePage, settings: TenantSettings): Composed {
  const total = page.rows.length + page.further;
  let count = largest(Math.min(page.rows.length, rowLimit(page.separator, settings)), (n) =>
    fits(morePage(page, n, total, settings), settings.commands.segmentsPerReply),
  );
  count = Math.max(1, count);
  const rows = page.rows.slice(count);
  return {
    key: "more",
    text: cutToFit(morePage(page, count, total, settings), settings.commands.segmentsPerReply),
    rest: rows.length > 0 ? { rows, separator: page.separator, further: page.further } : null,
  };
}

function morePage(page: MorePage, count: number, total: number, settings: TenantSettings): string {
  const rows = joinRows(page.rows.slice(0, count), page.separator);
  const left = total - count;
  const lines = page.separator === "\n";
  const body = lines ? rows : `${rows}.`;
  // Rows that were only counted are not promised.
  const text = count < page.rows.length ? `${body}${lines ? "\n" : " "}${moreText(left, settings)}` : body;
  return inAlphabet(text, settings.commands.alphabet);
}

function fitRows(
  each: Piece,
  start: string,
  segments: number,
  settings: TenantSettings,
): { text: string; rest: Composed["rest"] } {
  const { rows, separator, further = 0 } = each.list ?? { rows: [], separator: "\n" as const };
  const write = (count: number): string => {
    const left = rows.length + further - count;
    const list = joinRows(rows.slice(0, count), separator);
    const text = start + render(each, list, settings);
    return left > 0 ? `${text} ${moreText(left, settings)}` : text;
  };
  const most = Math.min(rows.length, rowLimit(separator, settings));
  const count = Math.max(
    1,
    largest(most, (n) => fits(inAlphabet(write(n), settings.commands.alphabet), segments)),
  );
  const after = rows.slice(count);
  const kept = after.slice(0, KEPT_ROWS);
  const rest =
    after.length > 0 ? { rows: kept, separator, further: further + after.length - kept.length } : null;
  return { text: write(count), rest };
}

function rowLimit(separator: MorePage["separator"], settings: TenantSettings): number {
  return separator === "\n" ? settings.commands.linesPerPage : KEPT_ROWS;
}

/**
 * The largest number up to `most` that passes, taking it that smaller ones pass where larger ones do. Tries
 * small numbers first, since few of many rows fit.
 */
function largest(most: number, passes: (n: number) => boolean): number {
  let low = 0;
  let step = 8;
  while (low + step < most && passes(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(most, low + step);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (passes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function joinRows(rows: readonly ListRow[], separator: string): string {
  let text = "";
  let group: string | null = null;
  for (const [i, row] of rows.entries()) {
    const fresh = row.group !== null && (i === 0 || row.group !== group);
    if (i > 0) text += fresh ? ". " : separator;
    text += fresh ? `${row.group}: ${row.text}` : row.text;
    group = row.group;
  }
  return text;
}

/** The owner's text of a reply, else the one of the catalogue. */
export function templateOf(key: ReplyKey, settings: CommandSettings): string {
  return settings.wording[key] ?? REPLIES[key];
}

function moreText(left: number, settings: TenantSettings): string {
  return renderTemplate(templateOf("more", settings.commands), { n: left });
}

function render(each: Piece, list: string, settings: TenantSettings): string {
  const { name: board, contact } = settings.board;
  const values = { board, contact, ...each.values, ...(each.list ? { list, groups: list } : {}) };
  return renderTemplate(templateOf(each.template, settings.commands), values);
}
