import { createHmac } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { mobinitiChannel } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import type { Received, Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import { databaseText } from "./stored.ts";

let program: Program;
let client: pg.Client;
let receiver: Receiver;
let simulatorId: string;

beforeAll(async () => {
  program = await startProgram();
  client = new pg.Client(program.databaseUrl);
  await client.connect();
  receiver = await startReceiver();
  simulatorId = (await program.api("GET", "/v1/channels")).body.data[0].id;
});
afterAll(async () => {
  await client.end();
  await program.stop();
  await receiver.close();
});

const send = (body: object, headers?: Record<string, string>) =>
  program.api("POST", "/v1/messages", body, headers);

const settled = (id: string, status: string) =>
  until(`${id} to be ${status}`, async () => {
    const { body } = await program.api("GET", `/v1/messages/${id}`);
    return body.status === status && body;
  });

describe("callback", () => {
  let secret: string;
  const told = (id: string, count: number) =>
    until(`${count} callbacks of ${id}`, async () => {
      const own = receiver.requests.filter(({ body }) => body.includes(id));
      return own.length === count && own;
    });

  test("hears what becomes of the text, as documented, signed with the secret of the account", async () => {
    const callback = `${receiver.url}?order=4821`;
    const { status, body } = await send({ to: "+14155550170", text: "Ready", ref: "order-4821", callback });
    expect(status).toBe(202);
    expect(body).toMatchObject({ ref: "order-4821", callbackSecret: expect.stringMatching(/^whsec_/) });
    secret = body.callbackSecret;
    const requests = await told(body.id, 2);
    const byEvent = new Map(requests.map((request) => [JSON.parse(request.body).event, request]));
    const delivered = byEvent.get("message.delivered") as Received;
    expect(delivered.body).toBe(
      JSON.stringify({
        event: "message.delivered",
        id: body.id,
        ref: "order-4821",
        to: "+14155550170",
        status: "delivered",
        errorCode: null,
        at: JSON.parse(delivered.body).at,
      }),
    );
    expect(byEvent.get("message.sent")).toBeDefined();
    expect(delivered.path).toBe("/hook?order=4821");
    const mac = createHmac("sha256", secret).update(delivered.body).digest("hex");
    expect(delivered.headers["x-mac-signature"]).toBe(`sha256=${mac}`);
    expect(delivered.headers["x-signalbox-message-id"]).toBe(body.id);
  });

  test("every address of an origin is one endpoint; a further origin has the same secret", async () => {
    const { body: same } = await send({ to: "+14155550171", text: "a", callback: `${receiver.url}/other` });
    expect(same.callbackSecret).toBeUndefined();
    await told(same.id, 2);
    const second = await startReceiver();
    const { body } = await send({ to: "+14155550171", text: "b", callback: second.url });
    expect(body.callbackSecret).toBeUndefined();
    const [request] = await second.received(1);
    const mac = createHmac("sha256", secret)
      .update(request?.body ?? "")
      .digest("hex");
    expect(request?.headers["x-mac-signature"]).toBe(`sha256=${mac}`);
    await second.close();
    const { data } = (await program.api("GET", "/v1/endpoints?source=callback")).body;
    expect(data.map((one: { url: string }) => one.url).sort()).toEqual(
      [new URL(receiver.url).origin, new URL(second.url).origin].sort(),
    );
    const rotated = await program.api("POST", `/v1/endpoints/${data[0].id}/rotate-secret`, {
      overlapHours: 0,
    });
    for (const { id } of data) {
      const { secrets } = (await program.api("GET", `/v1/endpoints/${id}`)).body;
      expect(secrets).toHaveLength(1);
    }
    const { body: next } = await send({ to: "+14155550171", text: "c", callback: receiver.url });
    const [now] = await told(next.id, 2);
    const renewed = createHmac("sha256", rotated.body.secret)
      .update(now?.body ?? "")
      .digest("hex");
    expect(now?.headers["x-mac-signature"]).toBe(`sha256=${renewed}`);
  });

  test("NUL in an address is taken out like everywhere else", async () => {
    const order = { to: "+14155550170", text: "Ready", callback: `${receiver.url}?nul=\0` };
    const { status, body } = await send(order);
    expect(status).toBe(202);
    expect((await told(body.id, 2))[0]?.path).toBe("/hook?nul=");
  });

  test("who may not set things up does not see the secret", async () => {
    const other = await startProgram();
    const { key } = (await other.api("POST", "/v1/keys", { name: "o", role: "operator" })).body;
    const order = { to: "+14155550172", text: "x", callback: receiver.url };
    const answer = await callApi(other.url, key, "POST", "/v1/messages", order);
    expect(answer.status).toBe(202);
    expect(answer.body).not.toHaveProperty("callbackSecret");
    expect(await databaseText(other.databaseUrl)).not.toContain("whsec_");
    await other.stop();
  });

  test("at once many first ones make one endpoint and one secret", async () => {
    const other = await startProgram();
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) =>
        other.api("POST", "/v1/messages", { to: `+1415555018${n}`, text: "x", callback: receiver.url }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 202]);
    expect(answers.filter(({ body }) => body.callbackSecret)).toHaveLength(1);
    expect((await other.api("GET", "/v1/endpoints")).body.data).toHaveLength(1);
    await other.stop();
  });
});

describe("sendAt", () => {
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

  test("waits until then, and leaves", async () => {
    const sendAt = inMs(1_500);
    const { status, body } = await send({ to: "+14155550173", text: "later", sendAt });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: "queued", sendAt });
    const message = (await program.api("GET", `/v1/messages/${body.id}`)).body;
    expect(message).toMatchObject({ status: "queued", statusHistory: [{ status: "queued", sendAt }] });
    const [event] = (await program.api("GET", "/v1/events?type=message.queued&limit=1")).body.data;
    expect(event.data).toMatchObject({ sendAt, message: { id: body.id } });
    expect(Date.parse(event.data.expiresAt) - Date.parse(sendAt)).toBe(24 * 3_600_000);
    const gone = await settled(body.id, "delivered");
    expect(Date.parse(gone.statusHistory.at(-1).at)).toBeGreaterThanOrEqual(Date.parse(sendAt));
  });

  test("is the same moment in whatever zone it is written", async () => {
    const at = Date.now() + 3_600_000;
    const india = new Date(at + 5.5 * 3_600_000).toISOString().replace("Z", "+05:30");
    const { body } = await send({ to: "+14155550173", text: "later", sendAt: india });
    expect(body.sendAt).toBe(new Date(at).toISOString());
    expect((await program.api("POST", `/v1/messages/${body.id}/cancel`)).status).toBe(200);
  });

  test("does not hold up what comes meanwhile, nor count as waiting", async () => {
    const later = await send({ to: "+14155550174", text: "later", sendAt: inMs(3_600_000) });
    const now = await send({ to: "+14155550174", text: "now" });
    await settled(now.body.id, "delivered");
    expect((await program.api("GET", `/v1/channels/${simulatorId}`)).body.health.waiting).toBe(0);
    const cancelled = await program.api("POST", `/v1/messages/${later.body.id}/cancel`);
    expect(cancelled.body).toMatchObject({ status: "cancelled" });
    const { rows } = await client.query("select 1 from outbox");
    expect(rows).toEqual([]);
  });

  test("a person who texts STOP meanwhile gets nothing", async () => {
    const { body } = await send({ to: "+14155550175", text: "later", sendAt: inMs(1_500) });
    await program.api("POST", "/v1/simulator/messages", { from: "+14155550175", text: "STOP" });
    const ended = await until("it to fail", async () => {
      const message = (await program.api("GET", `/v1/messages/${body.id}`)).body;
      return message.error && message;
    });
    expect(ended.error.code).toBe("opted_out");
  });
});

describe("when no channel can take it", () => {
  let stuck: Program;
  let mobiniti: FakeMobiniti;
  let channelId: string;
  const order = { to: "+14155550176", text: "x" };
  const post = (body: object = {}) => stuck.api("POST", "/v1/messages", { ...order, ...body });

  beforeAll(async () => {
    stuck = await startProgram({ template: "empty" });
    mobiniti = await startFakeMobiniti({ token: "another" });
    channelId = (await stuck.api("POST", "/v1/channels", mobinitiChannel(mobiniti.url))).body.id;
    await post();
    await until(
      "the lane to pause",
      async () => (await stuck.api("GET", `/v1/channels/${channelId}`)).body.health.paused,
    );
  });
  afterAll(async () => {
    await stuck.stop();
    await mobiniti.close();
  });

  test("it is refused, and nothing is kept", async () => {
    const before = (await stuck.api("GET", "/v1/messages")).body.data.length;
    const answer = await post();
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({ error: "no_active_device_for_tenant", message: expect.any(String) });
    expect((await post({ channelId })).status).toBe(503);
    expect((await stuck.api("GET", "/v1/messages")).body.data).toHaveLength(before);
  });

  test("unless it may wait: then it fails as expired after so long", async () => {
    const { status, body } = await post({ queueSeconds: 1 });
    expect(status).toBe(202);
    const expired = await until("it to expire", async () => {
      const message = (await stuck.api("GET", `/v1/messages/${body.id}`)).body;
      return message.status === "expired" && message;
    });
    expect(expired.error.code).toBe("expired");
    await stuck.api("PATCH", "/v1/settings", { messages: { queueSeconds: 60 } });
    expect((await post()).status).toBe(202);
    expect((await post({ queueSeconds: 0 })).status).toBe(503);
    await stuck.api("PATCH", "/v1/settings", { messages: { queueSeconds: 0 } });
  });

  test("for later it is taken: the channel may be well by then", async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    expect((await post({ sendAt })).status).toBe(202);
  });

  test("another channel that can is taken instead, unless one was asked for", async () => {
    const simulator = { provider: "simulator", name: "Sim", address: "+14155550100" };
    const other = (await stuck.api("POST", "/v1/channels", simulator)).body.id;
    expect((await post()).body.channelId).toBe(other);
    expect((await post({ channelId })).status).toBe(503);
    expect((await stuck.api("POST", `/v1/channels/${other}/pause`)).status).toBe(200);
    expect((await post()).status).toBe(503);
    await stuck.api("POST", `/v1/channels/${other}/resume`);
    await stuck.api("PATCH", `/v1/channels/${channelId}`, { fallbackChannelId: other });
    expect((await post({ channelId })).status).toBe(202);
  });
});

test("an Idempotency-Key is good for a text with everything", async () => {
  const body = { to: "+14155550177", text: "once", ref: "r", callback: receiver.url };
  const headers = { "idempotency-key": "everything" };
  const first = await send(body, headers);
  const again = await send(body, headers);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect((await send({ ...body, callback: null }, headers)).status).toBe(409);
});
