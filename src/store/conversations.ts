import type { Reader } from "./database.ts";
import type { StoredMessage } from "./messages.ts";
import { MESSAGE_COLUMNS } from "./messages.ts";

/**
 * Conversations are not stored: each is the newest message with one phone. They are found by walking the messages
 * back from the newest, a window at a time, and leaving out phones that were met before.
 */

export interface StoredConversation extends StoredMessage {
  phone: string;
  reporterId: string | null;
  reporterName: string | null;
}

/** Rows of the first window and of the largest; each is four times the one before. */
const FIRST_WINDOW = 1_000;
const LARGEST_WINDOW = 64_000;
const SEARCH_MS = 1_000;
const PAST_ALL_IDS = "msg_z";

export interface ConversationPage {
  rows: StoredConversation[];
  /** Where to go on: also set when the search stopped before it found a full page. Null: nothing is left. */
  next: string | null;
}

/** By their newest message. `search`: part of a text or of a number; then the newest message that holds it. */
export async function listConversations(
  reader: Reader,
  tenantId: string,
  search: string | null,
  before: string | null,
  limit: number,
): Promise<ConversationPage> {
  const stopAt = performance.now() + SEARCH_MS;
  const rows: StoredConversation[] = [];
  let from = before ?? PAST_ALL_IDS;
  for (let size = FIRST_WINDOW; ; size = Math.min(size * 4, LARGEST_WINDOW)) {
    rows.push(...(await headsIn(reader, { tenantId, search, from, size, limit: limit + 1 - rows.length })));
    if (rows.length > limit) return { rows: rows.slice(0, limit), next: rows[limit - 1]?.id ?? null };
    const edge = await edgeOf(reader, tenantId, from, size);
    if (edge === null) return { rows, next: null };
    from = edge;
    if (performance.now() > stopAt) return { rows, next: from };
  }
}

interface Window {
  tenantId: string;
  search: string | null;
  /** Exclusive. */
  from: string;
  size: number;
  limit: number;
}

function headsIn(reader: Reader, window: Window): Promise<StoredConversation[]> {
  const { tenantId, search, from, size, limit } = window;
  const values: unknown[] = [tenantId, from, size, limit];
  if (search !== null) values.push(...patternsOf(search));
  const matches = (row: string) =>
    search === null ? "true" : `(${row}.text ilike $5 or ${row}.phone like $6)`;
  return reader.run<StoredConversation>(
    search === null ? "conversations-newest" : "conversations-search",
    `with heads as (
       select w.phone, max(w.id) as id
       from (select phone, id, text from messages where tenant_id = $1 and id < $2
             order by id desc limit $3) w
       where ${matches("w")} group by w.phone
     ), fresh as (
       select h.id from heads h where not exists (
         select 1 from messages n where n.tenant_id = $1 and n.phone = h.phone and n.id >= $2 and ${matches("n")})
       order by h.id desc limit $4
     )
     select ${MESSAGE_COLUMNS}, m.phone, r.id as "reporterId", r.name as "reporterName"
     from fresh f join messages m on m.tenant_id = $1 and m.id = f.id
     left join reporter_phones p on p.tenant_id = $1 and p.phone = m.phone
     left join reporters r on r.id = p.reporter_id
     order by m.id desc`,
    values,
  );
}

/** For the text, and for the number however it is written; a search without digits finds no number. */
function patternsOf(search: string): [string, string] {
  const digits = search.replace(/\D/g, "");
  const isNumber = digits.length >= 3 && /^[\d\s()+.-]+$/.test(search);
  return [`%${search.replace(/[\\%_]/g, "\\$&")}%`, isNumber ? `%${digits}%` : ""];
}

/** The last id of a window that was full: where the next one begins. Null: there is nothing more. */
async function edgeOf(reader: Reader, tenantId: string, from: string, size: number): Promise<string | null> {
  const rows = await reader.run<{ id: string }>(
    "conversations-edge",
    "select id from messages where tenant_id = $1 and id < $2 order by id desc offset $3 limit 1",
    [tenantId, from, size - 1],
  );
  return rows[0]?.id ?? null;
}
