import { createHmac } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

let program: Program;
let client: pg.Client;
let receiver: Receiver;
/** Changing it wakes the workers: events that a test writes by itself need not wait until they look. */
let bell: string;

beforeAll(async () => {
  program = await startProgram();
  client = new pg.Client(program.databaseUrl);
  await client.connect();
  receiver = await startReceiver();
  bell = (await make({ types: ["webhook.test"] })).id;
});
afterAll(async () => {
  await client.end();
  await program.stop();
  await receiver.close();
});
beforeEach(async () => {
  for (const { id, source } of (await api("GET", "/v1/endpoints?limit=100")).body.data)
    if (source === "endpoint" && id !== bell) await api("DELETE", `/v1/endpoints/${id}`);
  receiver.requests.length = 0;
  receiver.answer = (_received, response) => void response.writeHead(204).end();
});

const api = (method: string, path: string, body?: unknown) => program.api(method, path, body);

/** An endpoint that hears of nothing by itself but `channel.up`. */
async function make(over: object = {}): Promise<ApiAnswer["body"]> {
  const answer = await api("POST", "/v1/endpoints", { url: receiver.url, types: ["channel.up"], ...over });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** An event of the tenant's, as anything that happens would write it. */
async function fire(type = "channel.up", count = 1): Promise<string[]> {
  const { rows } = await client.query(
    `insert into events (tenant_id, id, type, at, data)
     select $1, 'evt_' || id_time(now()) || lpad(n::text, 4, '0') || substr(md5(random()::text), 1, 12), $2, now(),
       '{"channelId":"chn_1","since":"2026-01-01T00:00:00.000Z"}'::json from generate_series(1, $3) n returning id`,
    [program.tenantId, type, count],
  );
  await api("PATCH", `/v1/endpoints/${bell}`, {});
  return rows.map(({ id }) => id);
}

const deliveriesOf = async (id: string): Promise<ApiAnswer["body"][]> =>
  (await api("GET", `/v1/deliveries?endpoint=${id}`)).body.data;

const settled = (id: string, state: string, count = 1) =>
  until(`${count} deliveries to be ${state}`, async () => {
    const rows = await deliveriesOf(id);
    return rows.filter((row) => row.state === state).length === count && rows;
  });

describe("POST /v1/endpoints", () => {
  test("answers what was made, and the secret this once", async () => {
    const made = await make({ types: ["message.*", "alert"], rate: 50 });
    expect(made).toEqual({
      id: expect.stringMatching(/^ep_/),
      source: "endpoint",
      sourceId: null,
      url: receiver.url,
      types: ["message.*", "alert"],
      channelIds: [],
      format: "signalbox",
      formatOptions: {},
      enabled: true,
      disabledReason: null,
      rate: 50,
      concurrency: 8,
      timeoutMs: 8_000,
      schedule: null,
      ordering: "none",
      onExhausted: "hold",
      signing: "v1",
      headers: {},
      secretSet: true,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      publicKey: null,
      secrets: [
        {
          id: expect.stringMatching(/^sec_/),
          kind: "symmetric",
          createdAt: expect.any(String),
          validUntil: null,
        },
      ],
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      revision: expect.any(String),
    });
    const { secret, ...rest } = made;
    expect((await api("GET", `/v1/endpoints/${made.id}`)).body).toEqual(rest);
    const listed = (await api("GET", "/v1/endpoints?source=endpoint")).body.data;
    expect(listed[0]).toEqual(rest);
    expect(await databaseText(program.databaseUrl)).not.toContain(secret.slice(6));
    const lane = await client.query("select rate, burst, is_open from hook_lanes where endpoint_id = $1", [
      made.id,
    ]);
    expect(lane.rows).toEqual([{ rate: 50, burst: 100, is_open: true }]);
  });

  test("what happens reaches it, signed with that secret", async () => {
    const { id, secret } = await make({ headers: { "X-Team": "zebra-7" } });
    await fire();
    const [request] = await receiver.received(1);
    const { "webhook-id": webhookId, "webhook-timestamp": seconds } = request?.headers ?? {};
    const key = Buffer.from(secret.slice(6), "base64");
    const signature = createHmac("sha256", key)
      .update(`${webhookId}.${seconds}.${request?.body}`)
      .digest("base64");
    expect(request?.headers).toMatchObject({ "webhook-signature": `v1,${signature}`, "x-team": "zebra-7" });
    await settled(id, "delivered");
    expect((await api("GET", `/v1/endpoints/${id}`)).body.headers).toEqual({ "x-team": "••••" });
    expect(await databaseText(program.databaseUrl)).not.toContain("zebra-7");
  });

  test.each([
    ["a text of one's own", "a secret of mine", "x-mac-signature", "webhook-signature"],
    [
      "whsec_ and Base64",
      `whsec_${Buffer.alloc(24, 7).toString("base64")}`,
      "webhook-signature",
      "x-mac-signature",
    ],
    ["none", null, null, "webhook-signature"],
  ])("a given secret: %s", async (_case, secret, there, missing) => {
    const made = await make({ secret });
    expect(made).toMatchObject({ secret, secretSet: secret !== null });
    await fire();
    const [request] = await receiver.received(1);
    if (there !== null) expect(Object.keys(request?.headers ?? {})).toContain(there);
    expect(Object.keys(request?.headers ?? {})).not.toContain(missing);
  });

  test("v1a shows the public key and no secret", async () => {
    const made = await make({ signing: "v1a" });
    expect(made).toMatchObject({
      secret: null,
      publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
    });
    const own =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    expect(await make({ secret: own })).toMatchObject({
      signing: "v1a",
      publicKey: "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
    });
    const both = await make({ signing: "both" });
    expect(both).toMatchObject({ secret: expect.stringMatching(/^whsec_/), publicKey: expect.any(String) });
  });

  test("mobile-api-connect tells of texts that come in, mobiniti of one kind", async () => {
    expect(await make({ format: "mobile-api-connect", types: ["*"] })).toMatchObject({
      types: ["message.received"],
    });
    const bounce = await make({ format: "mobiniti", types: ["bounce"], formatOptions: { threshold: 3 } });
    expect(bounce).toMatchObject({ types: ["bounce"], formatOptions: { threshold: 3 }, timeoutMs: 60_000 });
    const stored = await client.query("select types, format_options from endpoints where id = $1", [
      bounce.id,
    ]);
    expect(stored.rows[0]).toEqual({
      types: ["contact.bounced"],
      format_options: { kind: "bounce", threshold: 3 },
    });
    expect(await make({ format: "mobiniti", types: ["message.received"] })).toMatchObject({
      types: ["inbound"],
    });
  });

  test.each([
    [{ url: "nowhere" }, "url"],
    [{ url: "ftp://example.com" }, "url"],
    [{ url: 7 }, "url"],
    [{ url: undefined }, "url"],
    [{ types: ["message.lost"] }, "types.0"],
    [{ types: ["alert", "lost.*"] }, "types.1"],
    [{ types: [] }, "types"],
    [{ format: "xml" }, "format"],
    [{ format: "mobiniti" }, "types.0"],
    [{ format: "mobiniti", types: ["inbound", "bounce"] }, "types.1"],
    [{ format: "mobile-api-connect", types: ["alert"] }, "types.0"],
    [{ channelIds: ["chn_nobody"] }, "channelIds.0"],
    [{ rate: 0 }, "rate"],
    [{ concurrency: 65 }, "concurrency"],
    [{ timeoutMs: 999 }, "timeoutMs"],
    [{ timeoutMs: 30_001 }, "timeoutMs"],
    [{ schedule: [0] }, "schedule.0"],
    [{ schedule: Array.from({ length: 21 }, () => 1) }, "schedule"],
    [{ schedule: [172_800, 172_800, 172_800, 86_400] }, "schedule"],
    [{ secret: "short" }, "secret"],
    [{ secret: "whsec_????" }, "secret"],
    [{ secret: `whsec_${Buffer.alloc(23).toString("base64")}` }, "secret"],
    [{ secret: "whsk_AAAA" }, "secret"],
    [{ signing: "v1a", secret: "a text of my own" }, "secret"],
    [{ headers: { Host: "elsewhere" } }, "headers.Host"],
    [{ headers: { "webhook-signature": "v1,x" } }, "headers.webhook-signature"],
    [{ headers: { "X-Signalbox-Attempt": "1" } }, "headers.X-Signalbox-Attempt"],
    [{ headers: { "a b": "1" } }, "headers.a b"],
    [{ headers: { a: "1\r\nb: 2" } }, "headers.a"],
    [{ surprise: 1 }, "surprise"],
  ])("%j is refused by name", async (over, path) => {
    const answer = await api("POST", "/v1/endpoints", { url: receiver.url, ...over });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
  });
});

describe("addresses inside", () => {
  let guarded: Program;
  beforeAll(async () => {
    guarded = await startProgram({ allowPrivateTargets: [] });
  });
  afterAll(() => guarded.stop());

  test.each([
    ..."127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 00000000177.1 127.0.0.01 127.0.0.1.".split(
      " ",
    ),
    ..."①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 %31%32%37.0.0.1 user@127.0.0.1 example.com@127.0.0.1".split(
      " ",
    ),
    ..."127.0.0.1#@example.com 127.0.0.1\\@example.com 0 0xa9fea9fe 169.254.43518 10.1.2.3 192.168.1.1".split(
      " ",
    ),
    ..."[::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1] [::127.0.0.1] [::ffff:0:127.0.0.1] [::5efe:127.0.0.1]".split(
      " ",
    ),
    ..."[64:ff9b::127.0.0.1] [2002:7f00:1::] [::ffff:a9fe:a9fe] [fd00:ec2::254] [fe80::1%25eth0]".split(" "),
    ..."ⓛⓞⓒⓐⓛⓗⓞⓢⓣ LOCALHOST. localhost printer hub.local db.internal".split(" "),
  ])("https://%s is refused when it is saved", async (host) => {
    const answer = await guarded.api("POST", "/v1/endpoints", { url: `https://${host}/hook` });
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe("url");
    const way = await guarded.api("PUT", "/v1/webhooks", { url: `https://${host}/hook`, enabled: true });
    expect(way.body.issues[0].path).toBe("url");
  });

  test.each(["0127.0.0.1", "[64:ff9b::808:808]", "[2606:4700::1111]", "8.8.8.8", "hooks.example.com"])(
    "https://%s is fair",
    async (host) => {
      expect((await guarded.api("POST", "/v1/endpoints", { url: `https://${host}/` })).status).toBe(201);
    },
  );

  test("plain http is refused", async () => {
    const { body } = await guarded.api("POST", "/v1/endpoints", { url: "http://hooks.example.com/" });
    expect(body.issues[0].message).toContain("https is required");
  });
});

describe("PATCH /v1/endpoints/{id}", () => {
  test("changes what is given and leaves the rest", async () => {
    const made = await make({ headers: { a: "1", b: "2" } });
    const { status, body } = await api("PATCH", `/v1/endpoints/${made.id}`, {
      rate: 3,
      schedule: [60, 600],
      headers: { a: null, b: "••••", c: "3" },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ rate: 3, schedule: [60, 600], types: made.types, secrets: made.secrets });
    expect(Object.keys(body.headers)).toEqual(["b", "c"]);
    await fire();
    const [request] = await receiver.received(1);
    expect(request?.headers).toMatchObject({ b: "2", c: "3" });
    expect(request?.headers.a).toBeUndefined();
  });

  test("may be sent what was answered", async () => {
    const { secret: _secret, ...made } = await make({ headers: { a: "1" } });
    const { status, body } = await api("PATCH", `/v1/endpoints/${made.id}`, made);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toEqual({ ...made, updatedAt: expect.any(String), revision: expect.any(String) });
  });

  test("disabled, what comes is held; enabled, it is sent or discarded", async () => {
    const { id } = await make();
    expect((await api("PATCH", `/v1/endpoints/${id}`, { enabled: false })).body).toMatchObject({
      enabled: false,
      disabledReason: "by_user",
    });
    await fire("channel.up", 2);
    await settled(id, "held", 2);
    const health = (await api("GET", `/v1/endpoints/${id}/health`)).body;
    expect(health).toMatchObject({ state: "disabled", held: 2 });
    expect(health.summary).toBe("disabled by hand, 2 held until it is enabled");
    expect(receiver.requests).toEqual([]);
    const enabled = await api("PATCH", `/v1/endpoints/${id}`, { enabled: true });
    expect(enabled.body).toMatchObject({ enabled: true, disabledReason: null });
    await settled(id, "delivered", 2);
    await api("PATCH", `/v1/endpoints/${id}`, { enabled: false });
    await fire("channel.up", 3);
    await settled(id, "held", 3);
    await api("PATCH", `/v1/endpoints/${id}`, { enabled: true, release: "discard" });
    await settled(id, "cancelled", 3);
    expect(receiver.requests).toHaveLength(2);
    const told = (await api("GET", "/v1/events?type=endpoint.*")).body.data;
    expect(told[0]).toMatchObject({ type: "endpoint.enabled", data: { endpointId: id } });
  });

  test("what waits takes on another order, and leaves in it", async () => {
    const { id } = await make({ ordering: "key", schedule: [3_600] });
    receiver.answer = (_received, response) => void response.writeHead(500).end();
    await fire("channel.up", 3);
    await receiver.received(1);
    await until("the first to wait for its next try", async () => {
      const [last] = (await deliveriesOf(id)).slice(-1);
      return last?.state === "waiting" && last.tries === 1 && last;
    });
    // Of different people, and none of them due.
    await client.query(
      "update hook_queue set order_key = 'con_' || id, next_at = now() + interval '1 hour' where endpoint_id = $1",
      [id],
    );
    receiver.answer = (_received, response) => void response.writeHead(204).end();
    expect((await api("PATCH", `/v1/endpoints/${id}`, { ordering: "endpoint" })).status).toBe(200);
    await client.query("update hook_queue set next_at = now() where endpoint_id = $1", [id]);
    const rows = await settled(id, "delivered", 3);
    const wanted = rows.map((row) => row.eventId).reverse();
    expect(receiver.requests.slice(1).map(({ headers }) => headers["webhook-id"])).toEqual(wanted);
  });

  test("a corrected address serves what waits at once", async () => {
    const gone = await startReceiver();
    await gone.close();
    const { id } = await make({ url: gone.url });
    await fire();
    await until("a failed try", async () => (await deliveriesOf(id))[0]?.tries === 1);
    await api("PATCH", `/v1/endpoints/${id}`, { url: receiver.url });
    const [delivery] = await deliveriesOf(id);
    await api("POST", `/v1/deliveries/${delivery.id}/retry`);
    await settled(id, "delivered");
  });

  test("a new way of signing gets its secret; null takes all away", async () => {
    const { id } = await make({ signing: "v1a" });
    const both = (await api("PATCH", `/v1/endpoints/${id}`, { signing: "both" })).body;
    expect(both).toMatchObject({ secret: expect.stringMatching(/^whsec_/), publicKey: expect.any(String) });
    expect(both.secrets).toHaveLength(2);
    const none = (await api("PATCH", `/v1/endpoints/${id}`, { secret: null })).body;
    expect(none).toMatchObject({ secretSet: false, secrets: [] });
    const own = (await api("PATCH", `/v1/endpoints/${id}`, { signing: "v1", secret: "a text of my own" }))
      .body;
    expect(own).toMatchObject({ secretSet: true, signing: "v1" });
    expect(own.secrets).toHaveLength(1);
  });
});

describe("DELETE /v1/endpoints/{id}", () => {
  test("cancels what has not left, in the same commit", async () => {
    const { id } = await make({ enabled: false });
    await fire("channel.up", 3);
    await settled(id, "held", 3);
    expect((await api("DELETE", `/v1/endpoints/${id}`)).status).toBe(204);
    expect((await deliveriesOf(id)).map((row) => row.state)).toEqual(["cancelled", "cancelled", "cancelled"]);
    const left = await client.query(
      `select (select count(*) from hook_queue where endpoint_id = $1)::int as queued,
         (select count(*) from endpoint_secrets where endpoint_id = $1)::int as secrets`,
      [id],
    );
    expect(left.rows).toEqual([{ queued: 0, secrets: 0 }]);
    expect((await api("GET", `/v1/endpoints/${id}`)).status).toBe(404);
    const [delivery] = await deliveriesOf(id);
    expect((await api("POST", `/v1/deliveries/${delivery.id}/retry`)).status).toBe(409);
    await fire();
    expect(await deliveriesOf(id)).toHaveLength(3);
  });
});

describe("rotate-secret", () => {
  const rotate = (id: string, body?: object) => api("POST", `/v1/endpoints/${id}/rotate-secret`, body);

  test("the old one signs too until the overlap ends, or is ended by hand", async () => {
    const { id, secret } = await make();
    const { status, body } = await rotate(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), publicKey: null });
    expect(body.secret).not.toBe(secret);
    const hours = (Date.parse(body.oldValidUntil) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    await fire();
    const [request] = await receiver.received(1);
    expect(request?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect((await rotate(id, { switchNow: true })).body).toMatchObject({ secret: null, oldValidUntil: null });
    await fire();
    const [, second] = await receiver.received(2);
    expect(second?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    expect((await rotate(id, { switchNow: true })).status).toBe(409);
    const [told] = (await api("GET", "/v1/events?type=endpoint.secret_rotated")).body.data;
    expect(told.data).toMatchObject({ endpointId: id, secretId: body.secretId });
  });

  test("X-MAC-Signature stays with the oldest that still signs, however often it is rotated", async () => {
    const { id, secret } = await make({ format: "mobile-api-connect", types: ["message.received"] });
    await rotate(id);
    await rotate(id);
    const text = { from: "+14155550177", text: "hello" };
    expect((await api("POST", "/v1/simulator/messages", text)).status).toBe(202);
    const [request] = await receiver.received(1);
    const mac = createHmac("sha256", secret)
      .update(request?.body ?? "")
      .digest("hex");
    expect(request?.headers["x-mac-signature"]).toBe(`sha256=${mac}`);
    expect(request?.headers["webhook-signature"]?.split(" ")).toHaveLength(3);
  });

  test("at most three sign at once; without overlap only the new one", async () => {
    const { id } = await make();
    expect((await rotate(id)).status).toBe(200);
    expect((await rotate(id, { overlapHours: 1 })).status).toBe(200);
    expect((await rotate(id)).status).toBe(409);
    const own = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
    const now = await rotate(id, { overlapHours: 0, secret: own });
    expect(now.body).toMatchObject({ secret: own, oldValidUntil: null });
    expect((await api("GET", `/v1/endpoints/${id}`)).body.secrets).toHaveLength(1);
    expect((await rotate(id, { overlapHours: 169 })).body.issues[0].path).toBe("overlapHours");
  });
});

describe("test", () => {
  test("sends webhook.test to this endpoint alone and answers the try", async () => {
    const { id } = await make();
    const other = await make({ types: ["*"] });
    const { status, body } = await api("POST", `/v1/endpoints/${id}/test`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      attempt: { number: 1, kind: "test", code: "ok", status: 204, request: { url: receiver.url } },
    });
    expect(receiver.requests).toHaveLength(1);
    expect(JSON.parse(receiver.requests[0]?.body ?? "")).toMatchObject({
      type: "webhook.test",
      data: { endpointId: id },
    });
    expect((await deliveriesOf(id))[0]).toMatchObject({ origin: "test", type: "webhook.test" });
    expect(await deliveriesOf(other.id)).toEqual([]);
  });

  test.each([
    [
      "mobile-api-connect",
      { types: ["message.received"] },
      { ok: true, attempt: { code: "ok", status: 204 } },
    ],
    [
      "mobiniti",
      { types: ["inbound"] },
      { ok: false, attempt: { code: "skipped", decision: /^nothing was sent/ } },
    ],
  ])("of the format %s", async (format, over, expected) => {
    const { id } = await make({ format, ...over });
    const { body } = await api("POST", `/v1/endpoints/${id}/test`);
    const decision =
      "decision" in expected.attempt ? expect.stringMatching(expected.attempt.decision) : "taken";
    expect(body).toMatchObject({ ...expected, attempt: { ...expected.attempt, decision } });
  });

  test("tells what was wrong, and changes nothing about the endpoint", async () => {
    const { id } = await make();
    receiver.answer = (_received, response) => void response.writeHead(500).end("no");
    const { body } = await api("POST", `/v1/endpoints/${id}/test`);
    expect(body).toMatchObject({
      ok: false,
      attempt: { code: "server_error", fault: "theirs", status: 500, response: { body: "no" } },
    });
    expect((await api("GET", `/v1/endpoints/${id}/health`)).body).toMatchObject({ failures: 0 });
  });

  test.each([410, 500])("answered with %i it is over, and the endpoint is as it was", async (code) => {
    const { id } = await make();
    receiver.answer = (_received, response) => void response.writeHead(code).end();
    const { body } = await api("POST", `/v1/endpoints/${id}/test`);
    expect(body).toMatchObject({ ok: false, attempt: { status: code, decision: "a test is tried once" } });
    expect((await deliveriesOf(id))[0]).toMatchObject({ state: "cancelled", tries: 1, nextTryAt: null });
    expect((await api("GET", `/v1/endpoints/${id}`)).body).toMatchObject({
      enabled: true,
      disabledReason: null,
    });
    expect((await api("GET", `/v1/endpoints/${id}/health`)).body).toMatchObject({
      state: "idle",
      waiting: 0,
    });
  });

  test("goes past being disabled", async () => {
    const { id } = await make({ enabled: false });
    expect((await api("POST", `/v1/endpoints/${id}/test`)).body.ok).toBe(true);
  });
});

describe("health", () => {
  test("names what keeps deliveries from leaving", async () => {
    const { id } = await make();
    const health = async () => (await api("GET", `/v1/endpoints/${id}/health`)).body;
    expect(await health()).toMatchObject({ state: "idle", summary: "nothing sent yet", waiting: 0 });
    receiver.answer = (_received, response) => void response.writeHead(500).end();
    await fire("channel.up", 6);
    const paused = await until("the breaker to open", async () => {
      const now = await health();
      return now.state === "paused" && now;
    });
    expect(paused.summary).toMatch(
      /^paused since \d\d:\d\d: \d failures in a row \(the endpoint failed \(HTTP 500\)\), 6 waiting, next try \d\d:\d\d$/,
    );
    expect(paused).toMatchObject({
      waiting: 6,
      paused: { reason: "breaker" },
      lastError: { code: "server_error", status: 500 },
    });
    receiver.answer = (_received, response) => void response.writeHead(200).end();
    const [delivery] = await deliveriesOf(id);
    await api("POST", `/v1/deliveries/${delivery.id}/retry`);
    await settled(id, "delivered");
  });
});

describe("who may", () => {
  test("set-up is for admins; another account sees nothing", async () => {
    const { id } = await make();
    const key = async (role: string) => (await api("POST", "/v1/keys", { name: role, role })).body.key;
    const status = async (k: string, method: string, path: string, body?: object) =>
      (await callApi(program.url, k, method, path, body)).status;
    const operator = await key("operator");
    expect(await status(operator, "GET", "/v1/endpoints")).toBe(200);
    expect(await status(operator, "POST", "/v1/endpoints", {})).toBe(403);
    expect(await status(operator, "POST", `/v1/endpoints/${id}/rotate-secret`)).toBe(403);
    expect(await status(operator, "GET", "/v1/deliveries")).toBe(200);
    expect(await status(operator, "POST", "/v1/deliveries/dlv_none/retry")).toBe(404);
    expect(await status(await key("viewer"), "GET", "/v1/deliveries")).toBe(403);
    const other = await otherTenantKey(program);
    expect((await callApi(program.url, other, "GET", "/v1/endpoints")).body.data).toEqual([]);
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/rotate-secret"],
      ["POST", "/test"],
      ["GET", "/health"],
    ] as const)
      expect(
        await status(other, method, `/v1/endpoints/${id}${path}`, method === "GET" ? undefined : {}),
      ).toBe(404);
  });
});
