import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import { otherTenantKey } from "./stored.ts";

let program: Program;
let client: pg.Client;
let receiver: Receiver;
/** Hears of texts that were sent, in our own format; and one that is disabled. */
let endpointId: string;
let stoppedId: string;

beforeAll(async () => {
  program = await startProgram();
  client = new pg.Client(program.databaseUrl);
  await client.connect();
  receiver = await startReceiver();
  endpointId = await make({
    types: ["message.sent", "message.delivered"],
    headers: { "x-token": "hidden-77" },
  });
  stoppedId = await make({ types: ["message.sent"], enabled: false });
});
afterAll(async () => {
  await client.end();
  await program.stop();
  await receiver.close();
});
beforeEach(() => {
  receiver.requests.length = 0;
  receiver.answer = (_received, response) => void response.writeHead(204).end();
});

const api = (method: string, path: string, body?: unknown) => program.api(method, path, body);

async function make(over: object): Promise<string> {
  const answer = await api("POST", "/v1/endpoints", { url: receiver.url, ...over });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

async function list(query: string): Promise<ApiAnswer["body"]> {
  const { status, body } = await api("GET", `/v1/deliveries?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const until_ = (query: string, count: number) =>
  until(`${count} deliveries of ${query}`, async () => {
    const { data } = await list(query);
    return data.length === count && data;
  });

const sendText = async (said = "hello"): Promise<string> =>
  (await api("POST", "/v1/messages", { to: "+14155550170", text: said })).body.id;

describe("GET /v1/deliveries", () => {
  test("one line for each event and endpoint, newest first, with the last try", async () => {
    const messageId = await sendText();
    const rows = await until_(`message=${messageId}&state=delivered`, 2);
    expect(rows.map((row: { type: string }) => row.type)).toEqual(["message.delivered", "message.sent"]);
    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^dlv_/),
      endpointId,
      url: receiver.url,
      eventId: expect.stringMatching(/^evt_/),
      type: "message.delivered",
      messageId,
      origin: "live",
      state: "delivered",
      tries: 1,
      lastAttempt: expect.objectContaining({ code: "ok", status: 204, kind: "first", request: null }),
      nextTryAt: null,
      createdAt: expect.any(String),
      endedAt: expect.any(String),
    });
  });

  test("filters narrow it, alone and together", async () => {
    const messageId = await sendText("filtered");
    await until_(`message=${messageId}&state=delivered`, 2);
    const types = async (query: string) =>
      (await list(`message=${messageId}&${query}`)).data.map((row: { type: string }) => row.type);
    expect(await types("")).toHaveLength(3);
    expect(await types("state=held")).toEqual(["message.sent"]);
    expect(await types(`endpoint=${stoppedId}`)).toEqual(["message.sent"]);
    expect(await types(`endpoint=${stoppedId}&state=held`)).toEqual(["message.sent"]);
    expect(await types(`endpoint=${stoppedId}&state=delivered`)).toEqual([]);
    expect(await types("type=message.delivered")).toEqual(["message.delivered"]);
    expect(await types("type=message.*")).toHaveLength(3);
    expect(await types("type=contact.*")).toEqual([]);
    expect(await types("code=ok")).toHaveLength(2);
    expect(await types("code=timeout_total")).toEqual([]);
    expect(await types("since=2999-01-01T00:00:00Z")).toEqual([]);
    expect(await types("until=2999-01-01T00:00:00Z")).toHaveLength(3);
    expect(await types("until=2020-01-01T00:00:00Z")).toEqual([]);
  });

  test("in pages", async () => {
    const first = await list("limit=2");
    expect(first.data).toHaveLength(2);
    const second = await list(`limit=2&cursor=${first.nextCursor}`);
    const ids = [...first.data, ...second.data].map((row: { id: string }) => row.id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
  });

  test.each([
    ["state=lost", "state"],
    ["since=yesterday", "since"],
    ["limit=0", "limit"],
    ["cursor=%00", "cursor"],
  ])("%s is refused by name", async (query, path) => {
    expect((await api("GET", `/v1/deliveries?${query}`)).body.issues[0].path).toBe(path);
  });
});

describe("GET /v1/deliveries/{id}", () => {
  test("shows the request as it was sent, every try, and the event", async () => {
    const messageId = await sendText("shown");
    const [row] = await until_(`message=${messageId}&type=message.sent&state=delivered`, 1);
    const { body } = await api("GET", `/v1/deliveries/${row.id}`);
    const sent = receiver.requests.find((request) => request.body.includes(row.eventId));
    expect(body.request).toMatchObject({ url: receiver.url, body: sent?.body });
    expect(body.request.headers).toMatchObject({ "x-token": "••••", "webhook-id": row.eventId });
    expect(JSON.stringify(body)).not.toContain("hidden-77");
    expect(body.attempts).toHaveLength(1);
    expect(body.attempts[0]).toMatchObject({ number: 1, code: "ok", decision: expect.any(String) });
    expect(body.event).toMatchObject({
      id: row.eventId,
      type: "message.sent",
      data: { message: { id: messageId } },
    });
    expect((await api("GET", "/v1/deliveries/dlv_nobody%00")).status).toBe(404);
  });
});

describe("retry", () => {
  test("what was delivered, held or failing is tried at once, as often as wanted", async () => {
    const messageId = await sendText("again");
    const [row] = await until_(`message=${messageId}&type=message.sent&state=delivered`, 1);
    for (const times of [2, 3]) {
      const answer = await api("POST", `/v1/deliveries/${row.id}/retry`);
      expect(answer.status).toBe(200);
      const done = await until(`try ${times}`, async () => {
        const { body } = await api("GET", `/v1/deliveries/${row.id}`);
        return body.tries === times && body.state === "delivered" && body;
      });
      expect(done.attempts.at(-1)).toMatchObject({ kind: "manual", code: "ok" });
    }
    const again = receiver.requests.filter((request) => request.body.includes(row.eventId));
    expect(new Set(again.map((request) => request.body + request.headers["webhook-id"])).size).toBe(1);
    const [held] = (await list(`endpoint=${stoppedId}&message=${messageId}`)).data;
    await api("POST", `/v1/deliveries/${held.id}/retry`);
    await until_(`endpoint=${stoppedId}&message=${messageId}&state=delivered`, 1);
  });

  test("a cancelled one is not, nor one nobody has", async () => {
    const messageId = await sendText("cancelled");
    const [row] = await until_(`endpoint=${stoppedId}&message=${messageId}&state=held`, 1);
    await api("PATCH", `/v1/endpoints/${stoppedId}`, { enabled: true, release: "discard" });
    await api("PATCH", `/v1/endpoints/${stoppedId}`, { enabled: false });
    expect((await api("POST", `/v1/deliveries/${row.id}/retry`)).status).toBe(409);
    const other = await otherTenantKey(program);
    const theirs = (method: string, path: string) =>
      callApi(program.url, other, method, `/v1/deliveries${path}`);
    expect((await theirs("POST", `/${row.id}/retry`)).status).toBe(404);
    expect((await theirs("GET", `/${row.id}`)).status).toBe(404);
    expect((await theirs("GET", "")).body.data).toEqual([]);
  });
});

describe("replay", () => {
  const SINCE = "2020-01-01T00:00:00.000Z";

  test("sends what never had a delivery here, and tells how far it is", async () => {
    const messageId = await sendText("before its time");
    await until_(`message=${messageId}&state=delivered&type=message.sent`, 1);
    receiver.requests.length = 0;
    const late = await make({ types: ["message.sent"] });
    const { status, body } = await api("POST", `/v1/endpoints/${late}/replay`, {
      since: SINCE,
      states: "missing",
      rate: 1_000,
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^rpl_/),
      kind: "replay",
      endpointId: late,
      since: SINCE,
      types: ["message.sent"],
      states: "missing",
      rate: 1_000,
    });
    const done = await until("the replay to end", async () => {
      const now = (await api("GET", `/v1/replays/${body.id}`)).body;
      return now.state === "done" && now.delivered === now.matched && now;
    });
    expect(done).toMatchObject({ waiting: 0, failed: 0, finishedAt: expect.any(String) });
    expect(done.queued).toBeGreaterThan(0);
    expect((await api("GET", `/v1/jobs/${body.id}`)).body).toEqual(done);
    expect((await api("GET", `/v1/replays?endpoint=${late}`)).body.data).toEqual([done]);
    const [row] = (await list(`endpoint=${late}&message=${messageId}`)).data;
    expect(row).toMatchObject({ origin: body.id, state: "delivered" });
    await api("DELETE", `/v1/endpoints/${late}`);
  });

  test("cancelled, it queues nothing more and what waits is cancelled", async () => {
    const late = await make({ types: ["message.sent"], enabled: false });
    const { body } = await api("POST", `/v1/endpoints/${late}/replay`, { since: SINCE, states: "missing" });
    await until(
      "something to wait",
      async () => (await api("GET", `/v1/replays/${body.id}`)).body.waiting > 0,
    );
    const cancelled = await api("POST", `/v1/replays/${body.id}/cancel`);
    expect(cancelled.body).toMatchObject({ state: "cancelled", waiting: 0, finishedAt: expect.any(String) });
    expect((await list(`endpoint=${late}&state=held`)).data).toEqual([]);
    expect((await list(`endpoint=${late}&state=cancelled`)).data.length).toBeGreaterThan(0);
    expect((await api("POST", `/v1/replays/${body.id}/cancel`)).status).toBe(409);
    await api("DELETE", `/v1/endpoints/${late}`);
  });

  test.each([
    [{}, "since"],
    [{ since: "yesterday" }, "since"],
    [{ since: "2999-01-01T00:00:00Z" }, "since"],
    [{ since: SINCE, until: "2019-01-01T00:00:00Z" }, "since"],
    [{ since: SINCE, types: ["lost"] }, "types.0"],
    [{ since: SINCE, states: "some" }, "states"],
    [{ since: SINCE, rate: 0 }, "rate"],
  ])("%j is refused by name", async (body, path) => {
    const answer = await api("POST", `/v1/endpoints/${endpointId}/replay`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe(path);
  });

  test("nobody else's", async () => {
    const other = await otherTenantKey(program);
    const [replay] = (await api("GET", "/v1/replays")).body.data;
    for (const [method, path] of [
      ["GET", `/v1/replays/${replay.id}`],
      ["POST", `/v1/replays/${replay.id}/cancel`],
      ["GET", `/v1/jobs/${replay.id}`],
    ] as const)
      expect((await callApi(program.url, other, method, path)).status).toBe(404);
  });
});
