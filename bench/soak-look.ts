import pg from "pg";
import { serverAccount } from "../src/store/embedded/account.ts";
import { connectionTo } from "../src/store/embedded/ownership.ts";
import { preparePlaces } from "../src/store/embedded/places.ts";

/** Looks into the program's database while it is killed and cut off: each question has a connection of its own. */
export interface SoakLook {
  /** Deliveries that have been due for over a minute in a lane that nothing keeps from sending, by endpoint. */
  overdue(): Promise<Overdue[]>;
  /** Deliveries that have not ended, by state. */
  left(): Promise<Record<string, number>>;
  /** Makes everything that waits for a try due now: nobody waits for hours here. */
  hurry(): Promise<void>;
  /** For each endpoint and text: lines in the logs of its deliveries, and how many of them say that it was taken. */
  logged(): Promise<Logged[]>;
  /** Cuts the connections of the program. */
  cut(): Promise<void>;
}

export interface Overdue {
  url: string;
  /** 0 live, 1 by hand, 2 sent again. */
  priority: number;
  count: number;
}

const OVERDUE = `select p.url, q.priority, count(*)::int as count from hook_queue q join hook_lanes l on l.endpoint_id = q.endpoint_id
  join endpoints p on p.id = q.endpoint_id
  where q.state = 'waiting' and q.next_at < now() - interval '60 seconds' and l.is_open
    and (l.paused_until is null or l.paused_until < now() - interval '60 seconds')
    and l.failures = 0 and not l.half_open and p.ordering = 'none'
  group by 1, 2`;

export interface Logged {
  endpoint: number;
  question: number;
  lines: number;
  taken: number;
}

const LOGGED = `select substring(p.url from '/hook/(\\d+)')::int as endpoint,
    substring(e.data->'message'->>'text' from 'Question (\\d+)')::int as question,
    sum(jsonb_array_length(d.attempts))::int as lines,
    sum(jsonb_array_length(jsonb_path_query_array(d.attempts, '$[*] ? (@.code == "ok")')))::int as taken
  from deliveries d join endpoints p on p.id = d.endpoint_id
    join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
  where e.type = 'message.received' group by 1, 2`;

export async function openSoakLook(dataDir: string): Promise<SoakLook> {
  const places = await preparePlaces(dataDir, serverAccount());
  const ask = async <Row>(text: string): Promise<Row[]> => {
    const client = new pg.Client({ ...connectionTo(places, places.port), application_name: "soak" });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  return {
    overdue: () => ask<Overdue>(OVERDUE),
    async left() {
      const rows = await ask<{ state: string; count: number }>(
        "select state, count(*)::int as count from hook_queue group by state",
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
    async hurry() {
      await ask("update hook_queue set next_at = now() where state = 'waiting' and next_at > now()");
      await ask("update hook_lanes set paused_until = now() where paused_until > now()");
    },
    logged: () => ask<Logged>(LOGGED),
    async cut() {
      await ask(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
    },
  };
}
