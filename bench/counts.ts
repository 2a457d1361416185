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
  /** The same, by phone, of all people. */
  changesByPhone(): Promise<Map<string, number>>;
  /** Rows of the command log whose text is like this. */
  commandsLike(pattern: string): Promise<number>;
  /** Resolves once nothing of this person is left to route or to send. */
  answered(phone: string, seconds: number): Promise<void>;
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
  let last: Promise<unknown> = Promise.resolve();
  /** One question after the other: there is one connection. */
  const rows = <Row>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const answer = last.then(async () => (await client.query(text, values)).rows as Row[]);
    last = answer.catch(() => undefined);
    return answer;
  };
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

  async function untilNone(text: string, values: unknown[], seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1_000;
    for (;;) {
      if (!(await one<{ busy: boolean }>(text, values)).busy) return;
      if (Date.now() > until) {
        throw new Error(`still to do after ${seconds} s: ${JSON.stringify(await waiting())}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

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
    async changesByPhone() {
      const found = await rows<{ phone: string; changes: number }>(
        `select c.phone, count(*)::int as changes from board_changes b
          join commands c on c.tenant_id = b.tenant_id and c.id = b.command_id group by c.phone`,
      );
      return new Map(found.map(({ phone, changes }) => [phone, changes]));
    },
    async commandsLike(pattern) {
      const text = "select count(*)::int as count from commands where text ilike $1";
      return (await one<{ count: number }>(text, [pattern])).count;
    },
    answered: (phone, seconds) =>
      untilNone(
        `select exists (select 1 from inbox i join arrivals a using (seq) where a.payload->>'from' = $1)
          or exists (select 1 from outbox where conversation = $1)
          or exists (select 1 from outbox_flights where conversation = $1) as busy`,
        [phone],
        seconds,
      ),
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
    // Cheaper than counting, since it is asked while the program is measured.
    drained: (seconds) =>
      untilNone(
        `select exists (select 1 from inbox) or exists (select 1 from outbox)
          or exists (select 1 from outbox_flights) as busy`,
        [],
        seconds,
      ),
    close: () => client.end(),
  };
}
