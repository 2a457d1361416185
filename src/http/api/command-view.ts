import { z } from "zod";
import { measureText } from "../../domain/sms-text.ts";
import type { LoggedCommand } from "../../store/commands.ts";
import { Time } from "./shapes.ts";

/** One row of the command log as the API and the CSV file show it. */

export const CommandView = z.object({
  id: z.string(),
  receivedAt: Time,
  savedAt: Time,
  text: z.string(),
  from: z.string(),
  reporter: z.object({ id: z.string(), name: z.string() }).nullable(),
  reporterTags: z.array(z.string()),
  messageId: z.string(),
  channelId: z.string(),
  channelName: z.string().nullable(),
  channelTags: z.array(z.string()),
  provider: z.string().nullable(),
  providerMessageId: z.string().nullable(),
  deliveries: z.number().describe("How often the provider handed it over"),
  keyword: z.string().nullable(),
  meaning: z.object({
    keyword: z.string().nullable(),
    parts: z.array(
      z.object({
        text: z.string(),
        verb: z.string().nullable(),
        hint: z.string().nullable(),
        row: z.number().nullable(),
        items: z.array(z.string()),
      }),
    ),
  }),
  outcome: z.string(),
  changes: z.array(
    z.object({
      id: z.string().nullable(),
      itemId: z.string(),
      item: z.string(),
      kind: z.string(),
      field: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      reverses: z.string().nullable(),
    }),
  ),
  undoOf: z.string().nullable(),
  reply: z
    .object({
      messageId: z.string().nullable(),
      key: z.string().nullable(),
      text: z.string(),
      segments: z.number(),
      status: z.string(),
      statusHistory: z.array(z.looseObject({ status: z.string(), at: z.string() })),
      error: z.unknown().nullable(),
      attempts: z.array(z.unknown()),
      withheld: z.string().nullable(),
    })
    .nullable(),
  timing: z.object({ receivedToSavedMs: z.number(), receivedToAcceptedMs: z.number().nullable() }),
  trace: z.array(z.string()),
});
export type CommandView = z.output<typeof CommandView>;

export function commandView(row: LoggedCommand): CommandView {
  const history = (row.replyHistory ?? []).map((step) => ({ ...step, at: new Date(step.at).toISOString() }));
  const accepted = history.find(({ status }) => ["handed_over", "sent", "delivered"].includes(status));
  const received = row.receivedAt.getTime();
  return {
    id: row.id,
    receivedAt: row.receivedAt.toISOString(),
    savedAt: row.savedAt.toISOString(),
    text: row.text,
    from: row.phone,
    reporter: row.reporterId === null ? null : { id: row.reporterId, name: row.reporterName ?? "" },
    reporterTags: row.reporterTags ?? [],
    messageId: row.messageId,
    channelId: row.channelId,
    channelName: row.channelName,
    channelTags: row.channelTags ?? [],
    provider: row.provider,
    providerMessageId: row.providerMessageId,
    deliveries: row.deliveries ?? 1,
    keyword: row.meaning.keyword,
    meaning: row.meaning,
    outcome: row.outcome,
    changes: row.changes,
    undoOf: row.undoOf,
    reply: replyOf(row, history),
    timing: {
      receivedToSavedMs: row.savedAt.getTime() - received,
      receivedToAcceptedMs: accepted ? Date.parse(accepted.at) - received : null,
    },
    trace: row.trace,
  };
}

function replyOf(row: LoggedCommand, history: { status: string; at: string }[]): CommandView["reply"] {
  if (row.replyText === null) return null;
  return {
    messageId: row.replyMessageId,
    key: row.replyKey,
    text: row.replyText,
    segments: row.replySegments ?? measureText(row.replyText).segments,
    status: row.replyStatus ?? (row.withheld === null ? "unknown" : "withheld"),
    statusHistory: history,
    error: row.replyError ?? null,
    attempts: row.replyAttempts ?? [],
    withheld: row.withheld,
  };
}

type Cell = string | number | null;

const COLUMNS: [string, (row: CommandView) => Cell][] = [
  ["id", (row) => row.id],
  ["received_at", (row) => row.receivedAt],
  ["text", (row) => row.text],
  ["from", (row) => row.from],
  ["reporter_id", (row) => row.reporter?.id ?? null],
  ["reporter", (row) => row.reporter?.name ?? null],
  ["reporter_tags", (row) => row.reporterTags.join("; ")],
  ["channel_id", (row) => row.channelId],
  ["channel", (row) => row.channelName],
  ["channel_tags", (row) => row.channelTags.join("; ")],
  ["provider", (row) => row.provider],
  ["provider_message_id", (row) => row.providerMessageId],
  ["deliveries", (row) => row.deliveries],
  ["keyword", (row) => row.keyword],
  ["verbs", (row) => list(row.meaning.parts, (part) => part.verb)],
  ["hints", (row) => list(row.meaning.parts, (part) => part.hint)],
  ["words", (row) => list(row.meaning.parts, (part) => part.text)],
  ["matched_rows", (row) => list(row.meaning.parts, (part) => part.row)],
  ["matched_items", (row) => list(row.meaning.parts, (part) => part.items.join(", "))],
  ["outcome", (row) => row.outcome],
  ["item_ids", (row) => list(row.changes, (change) => change.itemId)],
  ["items", (row) => list(row.changes, (change) => change.item)],
  ["kinds", (row) => list(row.changes, (change) => change.kind)],
  ["fields", (row) => list(row.changes, (change) => change.field)],
  ["old", (row) => list(row.changes, (change) => change.from)],
  ["new", (row) => list(row.changes, (change) => change.to)],
  ["entry_ids", (row) => list(row.changes, (change) => change.id)],
  ["reverses", (row) => list(row.changes, (change) => change.reverses)],
  ["undo_of", (row) => row.undoOf],
  ["reply_key", (row) => row.reply?.key ?? null],
  ["reply_text", (row) => row.reply?.text ?? null],
  ["reply_segments", (row) => row.reply?.segments ?? null],
  ["reply_status", (row) => row.reply?.status ?? null],
  ["reply_times", (row) => list(row.reply?.statusHistory ?? [], ({ status, at }) => `${status} ${at}`)],
  ["reply_error", (row) => (row.reply?.error ? JSON.stringify(row.reply.error) : null)],
  ["reply_withheld", (row) => row.reply?.withheld ?? null],
  ["saved_at", (row) => row.savedAt],
  ["received_to_saved_ms", (row) => row.timing.receivedToSavedMs],
  ["received_to_accepted_ms", (row) => row.timing.receivedToAcceptedMs],
  ["trace", (row) => row.trace.join(" | ")],
];

/** Several changes of one text share a cell, in the same order in every column. */
function list<Entry>(entries: Entry[], cell: (entry: Entry) => Cell): string {
  return entries.map((entry) => cell(entry) ?? "").join("; ");
}

export const CSV_HEAD = `${COLUMNS.map(([name]) => name).join(",")}\r\n`;

/** One line of the file. Spreadsheets run cells that look like formulas: an apostrophe keeps them from it. */
export function csvLine(row: CommandView, raw: boolean): string {
  return `${COLUMNS.map(([, cell]) => csvCell(cell(row), raw)).join(",")}\r\n`;
}

function csvCell(value: Cell, raw: boolean): string {
  if (value === null) return "";
  const plain = String(value);
  const safe = !raw && typeof value === "string" && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
