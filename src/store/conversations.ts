import type { Reader } from "./database.ts";
import type { StoredMessage } from "./messages.ts";
import { MESSAGE_COLUMNS } from "./messages.ts";
import type { Found, Window } from "./search.ts";
import { searchWindows } from "./search.ts";

/**
 * Conversations are not stored: each is the newest message with one phone. They are found by walking the messages
 * back from the newest, a window at a time, and leaving out phones that were met before.
 */

export interface StoredConversation extends StoredMessage {
  phone: string;
  reporterId: string | null;
  reporterName: string | null;
}

const PAST_ALL_IDS = "msg_z";
/** Rows of one look: each person in it is looked for among what is newer. */
const WINDOW = 2_000;

/** By their newest message. `search`: part of a text or of a number; then the newest message that holds it. */
export function listConversations(
  reader: Reader,
  tenantId: string,
  search: string | null,
  before: string | null,
  limit: number,
): Promise<Found<StoredConversation>> {
  const from = ({ below }: Window) => below ?? PAST_ALL_IDS;
  return searchWindows({
    after: before,
    limit,
    largest: WINDOW,
    placeOf: (row) => row.id,
    find: (window, most) =>
      headsIn(reader, { tenantId, search, from: from(window), size: window.size, limit: most }),
    edge: (window) => edgeOf(reader, tenantId, from(window), window.size),
  });
}

interface Heads {
  tenantId: string;
  search: string | null;
  /** Exclusive. */
  from: string;
  size: number;
  limit: number;
}

function headsIn(reader: Reader, window: Heads): Promise<StoredConversation[]> {
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
