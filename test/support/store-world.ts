import { randomBytes } from "node:crypto";
import type { BoardItem } from "../../src/domain/board.ts";
import { newId } from "../../src/domain/ids.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";
import { insertItems, nextBoardRevision, saveKind } from "../../src/store/board.ts";
import { insertKey } from "../../src/store/keys.ts";
import { createTenant } from "../../src/store/tenants.ts";
import { hashKey } from "../../src/tools/secrets.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import type { Letter, LogRow, Person, Reply, Sender, Setup, World } from "../router/acceptance-runner.ts";
import { phones } from "../router/acceptance-runner.ts";
import { inboundWebhook, post } from "./mobiniti.ts";
import type { ApiAnswer } from "./program.ts";
import { callApi, startProgram, until } from "./program.ts";

/** The acceptance table's world: texts come in as Mobiniti's webhooks, replies leave to a fake of its API. */
export interface StoreWorld extends World {
  close(): Promise<void>;
}

interface Tenant {
  id: string;
  key: string;
  doors: string[];
  reporters: Map<Letter, string>;
  channelNames: Map<string, string>;
}

export async function openStoreWorld(): Promise<StoreWorld> {
  const fake = await startFakeMobiniti({ keepCalls: false });
  const program = await startProgram({ template: "empty" });
  const { database } = program.app;
  let tenant: Tenant | null = null;
  let texts = 0;

  // Whoever is named here cannot save changes of the board.
  await database.run("t-fail-table", "create table t_failing (tenant_id text primary key)");
  await database.run(
    "t-fail-function",
    `create function t_fail() returns trigger language plpgsql as $$ begin
       if exists (select 1 from t_failing f where f.tenant_id = new.tenant_id) then
         raise exception 'the disk is full' using errcode = 'P0001';
       end if;
       return new;
     end $$`,
  );
  await database.run(
    "t-fail-trigger",
    "create trigger t_fail before insert on board_changes for each row execute function t_fail()",
  );

  const here = () => {
    if (!tenant) throw new Error("no row was set up");
    return tenant;
  };
  const api = (method: string, path: string, body?: unknown): Promise<ApiAnswer> =>
    callApi(program.url, here().key, method, path, body);
  const must = async (method: string, path: string, body?: unknown) => {
    const answer = await api(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const allOf = async <T>(path: string): Promise<T[]> => {
    const all: T[] = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes("?") ? "&" : "?";
      const page: { data: T[]; nextCursor: string | null } = await must(
        "GET",
        `${path}${separator}limit=100${cursor === null ? "" : `&cursor=${cursor}`}`,
      );
      all.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  };

  async function makeTenant(setup: Setup): Promise<Tenant> {
    const id = newId("ten");
    const key = `sk_live_${randomBytes(20).toString("hex")}`;
    await database.transact(async (tx) => {
      await createTenant(tx, { id, slug: id.replace("_", "-"), name: "Resort", settings: {} });
      const row = { id: newId("key"), tenantId: id, name: "k", role: "owner" as const };
      await insertKey(tx, { ...row, hash: hashKey(key), hint: "" });
      for (const kind of [...resortTemplate().kinds, ...setup.extraKinds]) await saveKind(tx, id, kind);
      const revision = await nextBoardRevision(tx, id);
      const items = setup.items.map(
        (item, index): BoardItem => ({
          ...item,
          id: newId("itm"),
          position: index + 1,
          revision: 0,
          updatedAt: new Date(program.clock.now()).toISOString(),
          last: {},
        }),
      );
      await insertItems(tx, id, revision, items, null);
    });
    return { id, key, doors: [], reporters: new Map(), channelNames: new Map() };
  }

  async function setPerson(person: Person): Promise<void> {
    const { letter, ...rest } = person;
    const body = { ...rest, ...(rest.pin === null && { pin: undefined }) };
    const known = here().reporters.get(letter);
    if (known) await must("PATCH", `/v1/reporters/${known}`, body);
    else here().reporters.set(letter, (await must("POST", "/v1/reporters", body)).id);
  }

  /** Sends one text and waits until it stands in the log. */
  async function say(sender: Sender, text: string, channel: 1 | 2, times = 1): Promise<Reply[]> {
    texts += 1;
    const receivedAt = new Date(1_700_000_000_000 + texts).toISOString();
    const body = inboundWebhook({ from: phones[sender], text, receivedAt });
    const door = here().doors[channel - 1] ?? "";
    for (let i = 0; i < times; i++) {
      const status = await post(door, body);
      if (status !== 200) throw new Error(`the door answered ${status}`);
    }
    const row = await until(`"${text}" to be handled`, async () => {
      const found = await database.run<{ key: string | null; text: string; withheld: string | null }>(
        "t-handled",
        `select c.reply_key as key, c.reply_text as text, c.withheld from commands c
         join arrivals a on a.seq = c.arrival_seq
         where c.tenant_id = $1 and a.payload->>'providerTime' = $2`,
        [here().id, receivedAt],
      );
      return found[0];
    });
    return row.key === null ? [] : [{ key: row.key, text: row.text, withheld: row.withheld !== null }];
  }

  return {
    async setup(setup) {
      tenant = await makeTenant(setup);
      fake.heal();
      for (const [index, address] of ["64600", "64601"].entries()) {
        const made = await must("POST", "/v1/channels", {
          provider: "mobiniti",
          name: `Channel ${index + 1}`,
          address,
          rate: 1_000,
          settings: { accessToken: "t", allowedIps: "127.0.0.1", apiUrl: fake.url, sendBy: "direct" },
        });
        tenant.doors.push(made.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url));
        tenant.channelNames.set(made.id, made.name);
      }
      if (Object.keys(setup.commands).length > 0)
        await must("PATCH", "/v1/settings", { commands: setup.commands });
      for (const person of setup.people) await setPerson(person);
    },
    text: (sender, text, options) => say(sender, text, options.channel ?? 1),
    deliverTwice: (sender, text) => say(sender, text, 1, 2),
    async advance(seconds) {
      program.clock.advance(seconds);
    },
    async board() {
      const items = await allOf<{ name: string; fields: Record<string, string | null>; archived: boolean }>(
        "/v1/board/items",
      );
      return Object.fromEntries(
        items.filter((item) => !item.archived).map((item) => [item.name, item.fields]),
      );
    },
    async changePerson(letter, change) {
      await must("PATCH", `/v1/reporters/${here().reporters.get(letter)}`, change);
    },
    async failSaves(on) {
      const statement = on
        ? "insert into t_failing values ($1)"
        : "delete from t_failing where tenant_id = $1";
      await database.run(on ? "t-fail-on" : "t-fail-off", statement, [here().id]);
    },
    async log() {
      const all = await allOf<{
        text: string;
        outcome: LogRow["outcome"];
        deliveries: number;
        changes: LogRow["changes"];
        reporter: { name: string } | null;
        channelId: string;
        reply: { key: string; status: string | null } | null;
      }>("/v1/commands");
      return all.toReversed().map((row) => ({
        text: row.text,
        outcome: row.outcome,
        deliveries: row.deliveries,
        changes: row.changes,
        replyKey: row.reply?.key ?? null,
        reporter: row.reporter?.name ?? null,
        channel: here().channelNames.get(row.channelId) ?? null,
        replyStatus: row.reply?.status ?? null,
      }));
    },
    async optedOut(sender) {
      const rows = await database.run(
        "t-opted-out",
        "select 1 from suppressions where tenant_id = $1 and phone = $2",
        [here().id, phones[sender]],
      );
      return rows.length > 0;
    },
    async alerts() {
      const all = await allOf<{ data: { code: string } }>("/v1/events?type=alert");
      return all.toReversed().map((event) => event.data.code);
    },
    async itemEvents() {
      return (await allOf("/v1/events?type=board.item.changed")).length;
    },
    async answerSends(how) {
      fake.heal();
      if (how === "refuse") fake.fail("POST /message", { status: 422, body: { message: "no", status: 422 } });
      if (how === "busy") fake.fail("POST /message", { status: 429, headers: { "retry-after": "1" } });
      if (how !== "accept") return;
      await until("waiting replies to leave", async () => {
        const { data } = await must("GET", "/v1/messages?direction=out&status=queued");
        return data.length === 0;
      });
    },
    async patchSettings(commands) {
      const answer = await api("PATCH", "/v1/settings", { commands });
      const stored = (await must("GET", "/v1/settings")).commands;
      return { status: answer.status, body: JSON.stringify(answer.body), stored };
    },
    async openLog(role) {
      const { key } = await must("POST", "/v1/keys", { name: role, role });
      return (await callApi(program.url, key, "GET", "/v1/commands")).status;
    },
    async exportCsv(channel) {
      const id = [...here().channelNames.keys()][channel - 1];
      return parseCsv((await api("GET", `/v1/commands.csv?channel=${id}`)).body);
    },
    async close() {
      await program.stop();
      await fake.close();
    },
  };
}

/** RFC 4180: quoted cells may hold commas, quotes and line breaks. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (match.index === text.length && record.length === 0) break;
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") {
      records.push(record);
      record = [];
    }
  }
  return records;
}
