import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { mobinitiChannel } from "../support/mobiniti.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

const SIMULATOR = "+14155550100";

let program: Program;
let client: pg.Client;
let mobiniti: FakeMobiniti;
/** The simulator channel, and one whose credential is refused: what it is given waits. */
let simulatorId: string;
let stuckId: string;

beforeAll(async () => {
  program = await startProgram();
  client = new pg.Client(program.databaseUrl);
  await client.connect();
  mobiniti = await startFakeMobiniti({ token: "another" });
  simulatorId = (await program.api("GET", "/v1/channels")).body.data[0].id;
  const stuck = mobinitiChannel(mobiniti.url, { isDefault: false });
  stuckId = (await program.api("POST", "/v1/channels", stuck)).body.id;
  await program.api("POST", "/v1/messages", { to: "+14155550000", text: "first", channelId: stuckId });
  await until("the lane to pause", async () => {
    const { health } = (await program.api("GET", `/v1/channels/${stuckId}`)).body;
    return health.paused && health.waiting === 1;
  });
  // Else what is given to it would be refused.
  await program.api("PATCH", "/v1/settings", { messages: { queueSeconds: 86_400 } });
});
afterAll(async () => {
  await client.end();
  await program.stop();
  await mobiniti.close();
});

const send = (body: object, headers?: Record<string, string>) =>
  program.api("POST", "/v1/messages", body, headers);

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function count(table: string): Promise<number> {
  const { rows } = await client.query(`select count(*)::int as count from ${table}`);
  return rows[0].count;
}

const settled = (id: string, status: string) =>
  until(`${id} to be ${status}`, async () => {
    const { body } = await program.api("GET", `/v1/messages/${id}`);
    return body.status === status && body;
  });

describe("POST /v1/messages", () => {
  test("is answered at once, and the text goes out", async () => {
    const answer = await send({ to: "(415) 555-0160", text: "Hello 😀", ref: "order-1", whatever: true });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^msg_/),
      status: "queued",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      channelId: simulatorId,
      ref: "order-1",
    });
    const message = await settled(answer.body.id, "delivered");
    expect(message).toEqual({
      id: answer.body.id,
      direction: "out",
      channelId: simulatorId,
      from: SIMULATOR,
      to: "+14155550160",
      text: "Hello 😀",
      media: [],
      createdAt: answer.body.createdAt,
      segments: 1,
      providerSegments: null,
      encoding: "UCS-2",
      status: "delivered",
      flags: [],
      statusHistory: [
        { status: "queued", at: answer.body.createdAt },
        { status: "delivered", at: expect.any(String) },
      ],
      attempts: [expect.objectContaining({ outcome: "accepted" })],
      error: null,
      ref: "order-1",
      contactId: expect.stringMatching(/^con_/),
      commandId: null,
      ruleId: null,
    });
    const types = await client.query(
      "select type from events where data->'message'->>'id' = $1 order by tx, id",
      [answer.body.id],
    );
    expect(types.rows.map((row) => row.type)).toEqual([
      "message.queued",
      "message.sent",
      "message.delivered",
    ]);
  });

  test("one person is one contact, also when many texts start at once", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => send({ to: "+14155550161", text: `no ${n}` })),
    );
    const messages = await Promise.all(answers.map(({ body }) => settled(body.id, "delivered")));
    const ids = new Set(messages.map((message) => message.contactId));
    expect(ids.size).toBe(1);
    const { rows } = await client.query("select id from contacts where phone = '+14155550161'");
    expect(rows).toEqual([{ id: [...ids][0] }]);
  });

  test("goes out by the channel asked for, else by the last one used with that number, else the default", async () => {
    const to = "+14155550162";
    expect((await send({ to, text: "by default" })).body.channelId).toBe(simulatorId);
    const second = { provider: "simulator", name: "Second", address: "+14155550109" };
    const { id: channelId } = (await program.api("POST", "/v1/channels", second)).body;
    expect((await send({ to, text: "asked for", channelId })).body.channelId).toBe(channelId);
    expect((await send({ to, text: "as before" })).body.channelId).toBe(channelId);
    expect((await send({ to: "+14155550163", text: "somebody else" })).body.channelId).toBe(simulatorId);
  });

  test.each([
    ["no body", undefined, ""],
    ["no number", { text: "x" }, "to"],
    ["letters", { to: "somebody", text: "x" }, "to"],
    ["a short code", { to: "64600", text: "x" }, "to"],
    ["NUL as a number", { to: "\0\0\0", text: "x" }, "to"],
    ["a number that is no text", { to: 14155550101, text: "x" }, "to"],
    ["no text", { to: "+14155550164" }, "text"],
    ["an empty text", { to: "+14155550164", text: "" }, "text"],
    ["a text of NULs", { to: "+14155550164", text: "\0" }, "text"],
    ["1,601 characters", { to: "+14155550164", text: "x".repeat(1_601) }, "text"],
    ["a long reference", { to: "+14155550164", text: "x", ref: "r".repeat(65) }, "ref"],
    ["another medium", { to: "+14155550164", text: "x", channel: "email" }, "channel"],
    ["an unknown channel", { to: "+14155550164", text: "x", channelId: "chn_nobody\0" }, "channelId"],
    ["a broken callback", { to: "+14155550164", text: "x", callback: "nowhere" }, "callback"],
    ["a callback to inside", { to: "+14155550164", text: "x", callback: "https://10.1.2.3/" }, "callback"],
    ["a callback that is no text", { to: "+14155550164", text: "x", callback: 7 }, "callback"],
    ["no time", { to: "+14155550164", text: "x", sendAt: "tomorrow" }, "sendAt"],
    ["a time long past", { to: "+14155550164", text: "x", sendAt: "2020-01-01T00:00:00Z" }, "sendAt"],
    ["a day that is not", { to: "+14155550164", text: "x", sendAt: "2027-02-29T08:00:00Z" }, "sendAt"],
    ["a time of nowhere", { to: "+14155550164", text: "x", sendAt: `${inDays(1).slice(0, 19)}` }, "sendAt"],
    ["a time far ahead", { to: "+14155550164", text: "x", sendAt: inDays(31) }, "sendAt"],
    ["a wait below nothing", { to: "+14155550164", text: "x", queueSeconds: -1 }, "queueSeconds"],
  ])("%s is refused by name and leaves nothing behind", async (_case, body, path) => {
    const before = [await count("messages"), await count("contacts")];
    const answer = await program.api("POST", "/v1/messages", body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
    expect([await count("messages"), await count("contacts")]).toEqual(before);
  });

  test("eight segments are taken, unless the provider sends fewer", async () => {
    const order = { to: "+14155550165", channelId: simulatorId };
    expect((await send({ ...order, text: "x".repeat(1_224) })).status).toBe(202);
    for (const [text, segments] of [
      ["x".repeat(1_225), 9],
      ["ж".repeat(537), 9],
      ["x".repeat(1_600), 11],
      ["x".repeat(1_601), 11],
    ] as const) {
      const { status, body } = await send({ ...order, text });
      expect(status).toBe(400);
      expect(body.issues).toEqual([
        { path: "text", message: `takes ${segments} segments; at most 8 are sent` },
      ]);
    }
  });

  test("NUL and half surrogate pairs are taken out", async () => {
    const { body } = await send({ to: "+1415\u00005550166", text: "a\0b\ud800", ref: "r\0\udfff" });
    expect(await settled(body.id, "delivered")).toMatchObject({
      to: "+14155550166",
      text: "ab\ufffd",
      ref: "r\ufffd",
    });
  });

  test("without any channel it answers 503 and stores nothing", async () => {
    const empty = await startProgram({ template: "empty" });
    try {
      const answer = await empty.api("POST", "/v1/messages", { to: "+14155550101", text: "x" });
      expect(answer.status).toBe(503);
      expect(answer.body.error).toBe("no_active_device_for_tenant");
      expect((await empty.api("GET", "/v1/messages")).body.data).toEqual([]);
      const bad = await empty.api("POST", "/v1/messages", { to: "x-1", text: "x" });
      expect(bad.body.issues[0].path).toBe("to");
    } finally {
      await empty.stop();
    }
  });
});

describe("cancelling", () => {
  test("a text that waits never leaves", async () => {
    const { body } = await send({ to: "+14155550170", text: "wait", channelId: stuckId });
    const answer = await program.api("POST", `/v1/messages/${body.id}/cancel`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: body.id, status: "cancelled" });
    expect(answer.body.statusHistory.at(-1)).toMatchObject({ status: "cancelled" });
    const { rows } = await client.query("select 1 from outbox where message_id = $1", [body.id]);
    expect(rows).toEqual([]);
    expect((await program.api("POST", `/v1/messages/${body.id}/cancel`)).body.error).toBe("conflict");
  });

  test("one that has left, one that came in and one that is not there", async () => {
    const { body } = await send({ to: "+14155550171", text: "gone" });
    await settled(body.id, "delivered");
    const left = await program.api("POST", `/v1/messages/${body.id}/cancel`);
    expect(left.status).toBe(409);
    expect(left.body.message).toContain("delivered");
    await program.api("POST", "/v1/simulator/messages", { from: "+14155550172", text: "in" });
    const inbound = await until("the text to come in", async () => {
      const { data } = (await program.api("GET", "/v1/messages?from=%2B14155550172")).body;
      return data[0];
    });
    expect((await program.api("POST", `/v1/messages/${inbound.id}/cancel`)).status).toBe(409);
    expect((await program.api("POST", "/v1/messages/msg_nobody%00/cancel")).status).toBe(404);
  });
});

describe("GET /v1/messages", () => {
  const PERSON = "+14155550180";
  const list = async (query: string): Promise<ApiAnswer["body"]> => {
    const { status, body } = await program.api("GET", `/v1/messages?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const texts = async (query: string): Promise<string[]> =>
    (await list(query)).data.map((message: { text: string }) => message.text);

  beforeAll(async () => {
    for (const text of ["apple", "100% sure", "Banana_1"]) {
      const { body } = await send({ to: PERSON, text, channelId: simulatorId });
      await settled(body.id, "delivered");
    }
    await send({ to: PERSON, text: "waits", channelId: stuckId });
  });

  test("newest first, in pages", async () => {
    const to = `to=${encodeURIComponent(PERSON)}`;
    expect(await texts(to)).toEqual(["waits", "Banana_1", "100% sure", "apple"]);
    const first = await list(`${to}&limit=3`);
    expect(first.data).toHaveLength(3);
    const second = await list(`${to}&limit=3&cursor=${first.nextCursor}`);
    expect(second.data.map((message: { text: string }) => message.text)).toEqual(["apple"]);
    expect(second.nextCursor).toBeNull();
  });

  test("filters narrow it, alone and together", async () => {
    const to = "to=415-555-0180";
    const [message] = (await list(`${to}&text=apple`)).data;
    expect(await texts(`${to}&status=queued`)).toEqual(["waits"]);
    expect(await texts(`${to}&channel=${stuckId}`)).toEqual(["waits"]);
    expect(await texts(`${to}&direction=in`)).toEqual([]);
    expect(await texts(`from=64600&${to}`)).toEqual(["waits"]);
    expect(await texts(`contact=${message.contactId}&text=an`)).toEqual(["Banana_1"]);
    expect(await texts("contact=con_nobody%00")).toEqual([]);
    expect(await texts(`${to}&text=BANANA_`)).toEqual(["Banana_1"]);
    expect(await texts(`${to}&text=0%25`)).toEqual(["100% sure"]);
    expect(await texts(`${to}&text=%5C`)).toEqual([]);
    expect(await texts(`${to}&since=${message.createdAt}`)).toContain("apple");
    expect(await texts(`${to}&until=${message.createdAt}`)).toEqual([]);
    expect(await texts(`${to}&since=2999-01-01T00:00:00Z`)).toEqual([]);
    expect(await texts(`from=${encodeURIComponent(SIMULATOR)}&text=apple`)).toEqual(["apple"]);
  });

  test.each([
    ["limit=0", "limit"],
    ["cursor=%00", "cursor"],
    ["direction=up", "direction"],
    ["status=lost", "status"],
    ["since=yesterday", "since"],
    ["until=2026-13-01T00:00:00Z", "until"],
    ["text=", "text"],
  ])("%s is refused by name", async (query, path) => {
    const { status, body } = await program.api("GET", `/v1/messages?${query}`);
    expect(status).toBe(400);
    expect(body.issues[0].path).toBe(path);
  });

  test("NUL in any filter is no fault of ours", async () => {
    for (const field of ["channel", "contact", "from", "to", "text"]) {
      const { status } = await program.api("GET", `/v1/messages?${field}=a%00b%ED%A0%80`);
      expect(status).toBeLessThan(500);
    }
    expect((await program.api("GET", "/v1/messages/msg_%00")).status).toBe(404);
  });

  test("another account sees none of it", async () => {
    const key = await otherTenantKey(program);
    const [message] = (await list("limit=1")).data;
    expect((await callApi(program.url, key, "GET", "/v1/messages")).body.data).toEqual([]);
    expect((await callApi(program.url, key, "GET", `/v1/messages/${message.id}`)).status).toBe(404);
    expect((await callApi(program.url, key, "POST", `/v1/messages/${message.id}/cancel`)).status).toBe(404);
  });
});

describe("Idempotency-Key", () => {
  const key = (name: string) => ({ "idempotency-key": name });

  test("the same call again gets the same answer and sends nothing", async () => {
    const order = { to: "+14155550190", text: "only once", ref: "secret-ref-77" };
    const first = await send(order, key("once"));
    const again = await send({ ref: order.ref, text: order.text, to: order.to }, key("once"));
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await program.api("GET", "/v1/messages?to=%2B14155550190")).body.data).toHaveLength(1);
  });

  test("another body or another call with the same key is a conflict", async () => {
    await send({ to: "+14155550191", text: "one" }, key("taken"));
    const other = await send({ to: "+14155550191", text: "two" }, key("taken"));
    expect(other.status).toBe(409);
    expect(other.body.error).toBe("conflict");
    const elsewhere = await program.api(
      "POST",
      "/v1/simulator/messages",
      { from: "+1", text: "" },
      key("taken"),
    );
    expect(elsewhere.status).toBe(409);
  });

  test("calls at the same time: one runs, the others wait or get its answer", async () => {
    const order = { to: "+14155550192", text: "at once" };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(order, key("race"))));
    for (const answer of answers.filter((one) => one.status !== 202)) {
      expect(answer.status).toBe(409);
      expect(answer.headers.get("retry-after")).toBe("1");
    }
    expect(new Set(answers.flatMap(({ status, body }) => (status === 202 ? body.id : []))).size).toBe(1);
    expect((await program.api("GET", "/v1/messages?to=%2B14155550192")).body.data).toHaveLength(1);
  });

  test("different calls with one key at the same time: one of them runs", async () => {
    const order = (number: number) => ({ to: "+14155550189", text: `order ${number}` });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => send(order(number), key("raced"))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(19).fill(409)]);
    const winner = answers.findIndex(({ status }) => status === 202);
    expect((await send(order(winner), key("raced"))).body).toEqual(answers[winner]?.body);
    expect((await program.api("GET", "/v1/messages?to=%2B14155550189")).body.data).toHaveLength(1);
  });

  test("a call that failed leaves its key free", async () => {
    const bad = await send({ to: "nobody", text: "x" }, key("free"));
    expect(bad.status).toBe(400);
    expect((await send({ to: "+14155550193", text: "x" }, key("free"))).status).toBe(202);
  });

  test("keys are of one account, and free again after a day", async () => {
    const order = { to: "+14155550194", text: "x" };
    const first = await send(order, key("daily"));
    const other = await otherTenantKey(program);
    const theirs = await callApi(program.url, other, "POST", "/v1/messages", order, key("daily"));
    expect(theirs.status).toBe(503);
    program.clock.advance(24 * 3_600 + 1);
    const next = await send(order, key("daily"));
    expect(next.status).toBe(202);
    expect(next.body.id).not.toBe(first.body.id);
  });

  test("a call whose process died without an answer frees its key after two minutes", async () => {
    const order = { to: "+14155550195", text: "survives" };
    const first = await send(order, key("crash"));
    await client.query("update idempotency_keys set status = null, answer = null where key = 'crash'");
    expect((await send(order, key("crash"))).status).toBe(409);
    program.clock.advance(121);
    const next = await send(order, key("crash"));
    expect(next.status).toBe(202);
    expect(next.body.id).not.toBe(first.body.id);
  });

  test("works on changes too, whatever their answer holds", async () => {
    const renamed = await program.api("PATCH", `/v1/channels/${stuckId}`, { name: "Once" }, key("patch"));
    await program.api("PATCH", `/v1/channels/${stuckId}`, { name: "Twice" });
    const again = await program.api("PATCH", `/v1/channels/${stuckId}`, { name: "Once" }, key("patch"));
    expect(again.body).toEqual(renamed.body);
    expect((await program.api("GET", `/v1/channels/${stuckId}`)).body.name).toBe("Twice");
  });

  test("has 1 to 255 characters", async () => {
    for (const [name, status] of [
      ["k".repeat(255), 202],
      ["k".repeat(256), 400],
      ["", 400],
    ] as const) {
      const answer = await send({ to: "+14155550196", text: "x" }, key(name));
      expect(answer.status).toBe(status);
      if (status === 400) expect(answer.body.issues[0].path).toBe("Idempotency-Key");
    }
  });

  test("answers are kept encrypted", async () => {
    const { rows } = await client.query("select answer::text from idempotency_keys where key = 'once'");
    expect(rows[0].answer).not.toContain("secret-ref-77");
    expect(await databaseText(program.databaseUrl)).not.toContain("test-token");
  });
});
