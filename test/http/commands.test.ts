import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import { otherTenantKey } from "./stored.ts";

const ANA = "+14155550101";
const STRANGER = "+14155550177";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

let sent = 0;

/** Texts and waits until its row is in the log. */
async function say(text: string, from = ANA, over: object = {}) {
  sent += 1;
  const providerMessageId = `carrier-${sent}`;
  const body = { from, text, providerMessageId, ...over };
  expect((await program.api("POST", "/v1/simulator/messages", body)).status).toBe(202);
  return rowOf(providerMessageId);
}

function rowOf(providerMessageId: string) {
  return until(`the row of ${providerMessageId}`, async () => {
    const rows = await list("?limit=100");
    return rows.find((row: { providerMessageId: string }) => row.providerMessageId === providerMessageId);
  });
}

async function list(query = "") {
  const { status, body } = await program.api("GET", `/v1/commands${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
}

/** The row once its reply has been taken by the provider. */
function answered(id: string) {
  return until("the reply to leave", async () => {
    const row = (await list("?limit=100")).find((one: { id: string }) => one.id === id);
    return row.timing.receivedToAcceptedMs !== null && row;
  });
}

async function itemId(name: string): Promise<string> {
  const { body } = await program.api("GET", "/v1/board/items?limit=100");
  return body.data.find((item: { name: string }) => item.name === name).id;
}

async function addAna(): Promise<string> {
  const { body } = await program.api("GET", `/v1/reporters?phone=${encodeURIComponent(ANA)}`);
  return body.data[0].id;
}

describe("the log", () => {
  test("one row tells the whole story: received, understood, done, reply accepted", async () => {
    const { id } = await say("open gate 5");
    const row = await answered(id);
    const gate = await itemId("Gate 5");
    const channel = (await program.api("GET", "/v1/channels")).body.data[0];
    expect(row).toEqual({
      id: expect.stringMatching(/^cmd_/),
      receivedAt: expect.stringMatching(/Z$/),
      savedAt: expect.stringMatching(/Z$/),
      text: "open gate 5",
      from: ANA,
      reporter: { id: await addAna(), name: "Sample Reporter" },
      reporterTags: [],
      messageId: expect.stringMatching(/^msg_/),
      channelId: channel.id,
      channelName: "Simulator",
      channelTags: [],
      provider: "simulator",
      providerMessageId: `carrier-${sent}`,
      deliveries: 1,
      keyword: null,
      meaning: {
        keyword: null,
        parts: [
          {
            text: expect.any(String),
            verb: "open",
            hint: "gate",
            row: expect.any(Number),
            items: expect.any(Array),
          },
        ],
      },
      outcome: "changed",
      changes: [
        {
          id: expect.stringMatching(/^chg_/),
          itemId: gate,
          item: "Gate 5",
          kind: "gate",
          field: "status",
          from: "closed",
          to: "open",
          reverses: null,
        },
      ],
      undoOf: null,
      reply: {
        messageId: expect.stringMatching(/^msg_/),
        key: "done",
        text: expect.stringContaining("Gate 5 is now open"),
        segments: 1,
        status: expect.any(String),
        statusHistory: expect.any(Array),
        error: null,
        attempts: expect.any(Array),
        withheld: null,
      },
      timing: { receivedToSavedMs: expect.any(Number), receivedToAcceptedMs: expect.any(Number) },
      trace: expect.any(Array),
    });
    const steps = row.reply.statusHistory.map(({ status }: { status: string }) => status);
    expect(steps.slice(0, 2)).toEqual(["queued", expect.stringMatching(/^(handed_over|sent|delivered)$/)]);
    for (const { at } of row.reply.statusHistory) expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);
    expect(row.reply.attempts.length).toBeGreaterThan(0);
    expect(row.trace.length).toBeGreaterThan(0);
    expect(row.timing.receivedToSavedMs).toBeGreaterThanOrEqual(0);
    expect(row.timing.receivedToAcceptedMs).toBeGreaterThanOrEqual(row.timing.receivedToSavedMs);
    const { body: changes } = await program.api("GET", `/v1/board/changes?item=${gate}&limit=1`);
    expect(changes.data[0]).toMatchObject({
      id: row.changes[0].id,
      commandId: row.id,
      by: { kind: "reporter", name: "Sample Reporter" },
    });
  });

  test("an undo points to what it took back", async () => {
    const done = await say("close gate 2");
    const undone = await say("undo");
    expect(undone).toMatchObject({ keyword: "undo", outcome: "undone", undoOf: done.id });
    expect(undone.changes[0]).toMatchObject({
      item: "Gate 2",
      from: "closed",
      to: "open",
      reverses: done.changes[0].id,
    });
  });

  test("strangers, refusals and questions have rows as well", async () => {
    expect(await say("open gate 1", STRANGER)).toMatchObject({ reporter: null, from: STRANGER, changes: [] });
    expect(await say("flurb the gnark")).toMatchObject({ outcome: "not_understood" });
    expect(await say("status")).toMatchObject({ outcome: "status", keyword: "status" });
    expect(await say("")).toMatchObject({ outcome: "empty", text: "" });
  });

  test("a repeated delivery is counted on the row of the first", async () => {
    const body = { from: ANA, text: "close gate 5", providerMessageId: "carrier-repeated" };
    for (let i = 0; i < 3; i++) await program.api("POST", "/v1/simulator/messages", body);
    const row = await until("three deliveries", async () => {
      const found = await rowOf("carrier-repeated");
      return found.deliveries === 3 && found;
    });
    expect(row.outcome).toBe("changed");
    expect(await list(`?item=${row.changes[0].itemId}&value=closed`)).toHaveLength(1);
  });

  test("newest first, in pages", async () => {
    const all = await list("?limit=100");
    const ids = all.map((row: { id: string }) => row.id);
    expect(ids).toEqual([...ids].sort().reverse());
    const paged: unknown[] = [];
    let cursor = "";
    do {
      const { body } = await program.api("GET", `/v1/commands?limit=3${cursor}`);
      paged.push(...body.data);
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : "";
    } while (cursor !== "");
    expect(paged.map((row) => (row as { id: string }).id)).toEqual(ids);
  });

  test("every filter finds its rows and no others", async () => {
    await say("groom broadway");
    await say("open grandview");
    await say("close tahoe king");
    const texts = async (query: string) => {
      return (await list(`?limit=100&${query}`)).map((row: { text: string }) => row.text);
    };
    expect(await texts("kind=lift")).toEqual(["close tahoe king", "open grandview"]);
    expect(await texts("kind=lift&value=open")).toEqual(["open grandview"]);
    expect(await texts("field=groomed")).toEqual(["groom broadway"]);
    expect(await texts("kind=lift&field=groomed")).toEqual([]);
    expect(await texts(`item=${await itemId("Broadway")}`)).toEqual(["groom broadway"]);
    expect(await texts(`item=${await itemId("Broadway")}&value=no`)).toEqual([]);
    expect(await texts(`item=${await itemId("Broadway")}&outcome=undone`)).toEqual([]);
    expect(await texts("item=itm_nowhere")).toEqual([]);
    expect(await texts("outcome=not_understood")).toEqual(["flurb the gnark"]);
    expect(await texts("outcome=changed&q=TAHOE")).toEqual(["close tahoe king"]);
    expect(await texts("q=%25")).toEqual([]);
    expect(await texts("q=_")).toEqual([]);
    expect(await texts("q=%5C")).toEqual([]);
    expect(await texts(`reporter=${await addAna()}`)).not.toContain("open gate 1");
    expect(await texts("channel=chn_nowhere")).toEqual([]);
    const everything = await texts("");
    const [channel] = (await program.api("GET", "/v1/channels")).body.data;
    expect(await texts(`channel=${channel.id}`)).toEqual(everything);
    const [newest, second] = await list("?limit=2");
    const since = encodeURIComponent(newest.receivedAt);
    expect(await texts(`since=${since}`)).toEqual([newest.text]);
    expect((await texts(`until=${since}`))[0]).toBe(second.text);
    await answered(newest.id);
    const [{ reply }] = await list("?limit=1");
    expect(await texts(`replyStatus=${reply.status}`)).toContain(newest.text);
    expect(await texts("replyStatus=failed")).toEqual([]);
  });

  test("a reply that was withheld says so", async () => {
    const phone = "+14155550188";
    await program.api("POST", "/v1/reporters", { name: "Opted Out", phones: [phone], permissions: ["*"] });
    await say("stop", phone);
    const row = await say("close gate 1, open gate 1", phone);
    expect(row.reply).toMatchObject({ status: "withheld", withheld: "opted_out", messageId: null });
    const found = await list("?replyStatus=withheld");
    expect(found.map((one: { id: string }) => one.id)).toContain(row.id);
  });

  test.for([
    ["?since=yesterday", "since"],
    ["?until=2026-13-01T00:00:00Z", "until"],
    ["?limit=101", "limit"],
    ["?cursor=%25", "cursor"],
    [".csv?raw=maybe", "raw"],
    [".csv?since=x", "since"],
  ])("%s is refused by name", async ([query = "", path = ""]) => {
    const { status, body } = await program.api("GET", `/v1/commands${query}`);
    expect(status).toBe(400);
    expect(body.issues[0].path).toBe(path);
  });

  test("what no database can hold finds nothing", async () => {
    for (const key of [
      "kind",
      "item",
      "field",
      "value",
      "reporter",
      "channel",
      "outcome",
      "replyStatus",
      "q",
    ]) {
      expect((await program.api("GET", `/v1/commands?${key}=%00x`)).status).toBe(200);
      expect((await program.api("GET", `/v1/commands.csv?${key}=%00x`)).status).toBe(200);
    }
  });
});

describe("the file", () => {
  const csv = async (query = "") => {
    const answer = await program.api("GET", `/v1/commands.csv${query}`);
    expect(answer.status).toBe(200);
    return { headers: answer.headers, rows: parseCsv(answer.body) };
  };

  test("holds the filtered rows with all columns", async () => {
    const { headers, rows } = await csv("?kind=lift");
    expect(headers.get("content-type")).toContain("text/csv");
    expect(headers.get("content-disposition")).toContain("commands.csv");
    expect(rows.map((row) => row.text)).toEqual(["close tahoe king", "open grandview"]);
    expect(rows[0]).toMatchObject({
      reporter: "Sample Reporter",
      channel: "Simulator",
      provider: "simulator",
      deliveries: "1",
      verbs: "close",
      outcome: "changed",
      items: "Tahoe King",
      fields: "status",
      old: "open",
      new: "closed",
      entry_ids: expect.stringMatching(/^chg_/),
      reply_key: "done",
      reply_segments: "1",
      reply_times: expect.stringContaining("queued 2"),
      received_to_saved_ms: expect.stringMatching(/^\d+$/),
    });
  });

  test("cells cannot run as formulas, unless asked for as they are", async () => {
    const texts = ['=cmd|"/c calc"!A1', "+1", "-1", "@SUM(A1)", "\tx", 'plain, with "quotes"\nand lines'];
    for (const text of texts) await say(text);
    const safe = (await csv()).rows;
    const raw = (await csv("?raw=true")).rows;
    for (const text of texts) {
      expect(raw.some((row) => row.text === text)).toBe(true);
      expect(safe.some((row) => row.text === (text.startsWith("plain") ? text : `'${text}`))).toBe(true);
    }
    expect(safe.every((row) => row.from === `'${row.from?.slice(1)}`)).toBe(true);
    for (const row of safe) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+@\t\r]/);
  });

  test("is as long as the log, and comes while it is read", async () => {
    const before = (await csv("?q=bulk")).rows.length;
    await fillLog(5_300);
    const { rows } = await csv("?q=bulk");
    expect(rows).toHaveLength(before + 5_300);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    const answer = await fetch(`${program.url}/v1/commands.csv`, {
      headers: { authorization: `Bearer ${program.apiKey}` },
    });
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    const whole = await program.api("GET", "/v1/commands.csv");
    expect(first?.value?.length).toBeLessThan(whole.body.length / 2);
  });
});

describe("the preview", () => {
  const preview = (body: object) => program.api("POST", "/v1/commands/preview", body);

  test("says what a text would do, and changes nothing", async () => {
    const gate = await itemId("Gate 1");
    const before = (await program.api("GET", `/v1/board/items/${gate}`)).body;
    const opposite = before.fields.status === "open" ? "closed" : "open";
    const verb = opposite === "open" ? "open" : "close";
    const rows = (await list("?limit=1"))[0].id;
    const { status, body } = await preview({ from: "(415) 555-0101", text: `${verb} gate 1` });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      outcome: "changed",
      class: "command",
      reporter: { name: "Sample Reporter" },
      changes: [{ itemId: gate, item: "Gate 1", field: "status", from: before.fields.status, to: opposite }],
      replies: [{ key: "done", text: expect.stringContaining("Gate 1"), withheld: null }],
      trace: expect.any(Array),
    });
    expect((await program.api("GET", `/v1/board/items/${gate}`)).body).toEqual(before);
    expect((await list("?limit=1"))[0].id).toBe(rows);
  });

  test("knows strangers", async () => {
    const { body } = await preview({ from: "+14155550199", text: "open gate 1" });
    expect(body).toMatchObject({ reporter: null, changes: [] });
  });

  test.for([
    [{ text: "open gate 1" }, "from"],
    [{ from: ANA }, "text"],
    [{ from: 5, text: "x" }, "from"],
    [{ from: ANA, text: "x".repeat(10_001) }, "text"],
  ] as const)("bad input %# names its field", async ([body, path]) => {
    const answer = await preview(body);
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe(path);
  });

  test("texts that no database can hold are cleaned", async () => {
    expect((await preview({ from: "\u0000\u0000", text: "\u0000" })).status).toBe(200);
    expect((await preview({ from: ANA, text: "open \ud800 gate\u0000 1" })).status).toBe(200);
  });
});

test("other accounts see nothing of it", async () => {
  const as = { authorization: `Bearer ${await otherTenantKey(program)}` };
  expect((await program.api("GET", "/v1/commands", undefined, as)).body.data).toEqual([]);
  const { body } = await program.api("GET", "/v1/commands.csv", undefined, as);
  expect(body.trim().split("\n")).toHaveLength(1);
});

/** Rows as the inbox worker writes them, without their texts having come in. */
async function fillLog(count: number): Promise<void> {
  await program.app.database.run(
    "test-fill-log",
    `insert into commands (tenant_id, id, received_at, saved_at, arrival_seq, message_id, channel_id, phone, text,
       outcome, meaning)
     select $1, 'cmd_00bulk' || lpad(n::text, 8, '0'), now(), now(), 0, 'msg_none', 'chn_none', '+14155550155',
       'bulk ' || n, 'not_understood', '{"keyword": null, "parts": []}'
     from generate_series(1, $2::int) n`,
    [program.tenantId, count],
  );
}

/** RFC 4180, by the head's names. */
function parseCsv(file: string): Record<string, string>[] {
  const cells = [...file.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of cells) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") lines.push([]);
  }
  const [head = [], ...rest] = lines.filter((line) => line.length > 0);
  return rest.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i] ?? ""])));
}
