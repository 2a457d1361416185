import pg from "pg";
import { serverAccount } from "../src/store/embedded/account.ts";
import { connectionTo } from "../src/store/embedded/ownership.ts";
import { preparePlaces } from "../src/store/embedded/places.ts";

/** Looks into the program's database from outside: nothing the program says about itself is believed. */
export interface Counts {
  arrivals(): Promise<{ arrivals: number; deliveries: number; aside: number }>;
  /** Rows of the command log of these people, in the order their texts were kept. */
  commands(phones: string[]): Promise<CommandRow[]>;
  /** Changes of the board by these people. */
  changes(phones: string[]): Promise<number>;
  /** Outgoing texts to these people. */
  replies(phones: string[]): Promise<ReplyRow[]>;
  commandCount(): Promise<number>;
  /** What is left to do. */
  waiting(): Promise<{ inbox: number; outbox: number; flights: number }>;
  /** Resolves once nothing is left to do; throws when it takes longer. */
  drained(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface CommandRow {
  phone: string;
  text: string;
  outcome: string;
}

export interface ReplyRow {
  phone: string;
  text: string;
  status: string;
  uncertain: boolean;
}

const LOOK_EVERY_MS = 100;

export async function openCounts(dataDir: string): Promise<Counts> {
  const places = await preparePlaces(dataDir, serverAccount());
  const client = new pg.Client({ ...connectionTo(places, places.port), application_name: "bench" });
  // A connection cut by a kill shows at the next question.
  client.on("error", () => undefined);
  await client.connect();
  const rows = async <Row>(text: string, values: unknown[] = []) =>
    (await client.query(text, values)).rows as Row[];
  const one = async <Row>(text: string, values: unknown[] = []) => {
    const [row] = await rows<Row>(text, values);
    if (row === undefined) throw new Error(`no answer to ${text}`);
    return row;
  };

  const waiting: Counts["waiting"] = () =>
    one(
      `select (select count(*)::int from inbox) as inbox, (select count(*)::int from outbox) as outbox,
        (select count(*)::int from outbox_flights) as flights`,
    );

  return {
    arrivals: () =>
      one(
        `select count(*)::int as arrivals, coalesce(sum(deliveries), 0)::int as deliveries,
          count(aside)::int as aside from arrivals`,
      ),
    commands: (phones) =>
      rows("select phone, text, outcome from commands where phone = any($1) order by arrival_seq, id", [
        phones,
      ]),
    async changes(phones) {
      const row = await one<{ changes: number }>(
        `select count(*)::int as changes from board_changes b
          join commands c on c.tenant_id = b.tenant_id and c.id = b.command_id where c.phone = any($1)`,
        [phones],
      );
      return row.changes;
    },
    replies: (phones) =>
      rows(
        `select phone, text, status, 'uncertain' = any (flags) as uncertain from messages
          where direction = 'out' and phone = any($1) order by id`,
        [phones],
      ),
    async commandCount() {
      return (await one<{ count: number }>("select count(*)::int as count from commands")).count;
    },
    waiting,
    async drained(seconds) {
      const until = Date.now() + seconds * 1_000;
      for (;;) {
        // Cheaper than counting, since it is asked while the program is measured.
        const { busy } = await one<{ busy: boolean }>(
          `select exists (select 1 from inbox) or exists (select 1 from outbox)
            or exists (select 1 from outbox_flights) as busy`,
        );
        if (!busy) return;
        if (Date.now() > until) {
          throw new Error(`still to do after ${seconds} s: ${JSON.stringify(await waiting())}`);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    close: () => client.end(),
  };
}
