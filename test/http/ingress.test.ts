import { createHmac } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

let program: Program;
let client: pg.Client;
let receiver: Receiver;

beforeAll(async () => {
  program = await startProgram();
  client = new pg.Client(program.databaseUrl);
  await client.connect();
  receiver = await startReceiver();
});
afterAll(async () => {
  await client.end();
  await program.stop();
  await receiver.close();
});

const api = (method: string, path: string, body?: unknown) => program.api(method, path, body);

async function make(over: object = {}): Promise<ApiAnswer["body"]> {
  const answer = await api("POST", "/v1/ingress", { name: "Order system", preset: "generic", ...over });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

/** What a business system does: no key. */
const post = (token: string, body: unknown, headers: Record<string, string> = {}) =>
  callApi(program.url, null, "POST", `/v1/ingress/${token}`, body, headers);

const posts = async (id: string) => (await api("GET", `/v1/ingress/${id}/posts`)).body.data;

describe("setting up", () => {
  test("the answer holds the address, this once", async () => {
    const made = await make();
    expect(made).toEqual({
      id: expect.stringMatching(/^wkh_/),
      token: expect.stringMatching(/^ig_[A-Za-z0-9]{32}$/),
      url: expect.stringMatching(/\/v1\/ingress\/ig_/),
      name: "Order system",
      preset: "generic",
      toPath: "to",
      textPath: "text",
      refPath: "ref",
      signingHeader: "X-Webhook-Signature",
      signingSecretSet: false,
      outboundUrl: null,
      outboundEndpointId: null,
      mirror: "all",
      refIsKey: false,
      channelId: null,
      country: null,
      enabled: true,
      tokenHint: made.token.slice(-4),
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      revision: expect.any(String),
    });
    const { token, url: _url, ...shown } = made;
    expect((await api("GET", `/v1/ingress/${made.id}`)).body).toEqual(shown);
    expect((await api("GET", "/v1/ingress")).body.data[0]).toEqual(shown);
    expect(await databaseText(program.databaseUrl)).not.toContain(token);
    expect((await post(token, { to: "+14155550170", text: "x" })).status).toBe(202);
    expect(program.logLines.join()).not.toContain(token);
  });

  test("PUT: paths left out go back, a secret left out stays", async () => {
    const made = await make({ toPath: "a.b", refPath: "c", signingSecret: "s3cret" });
    expect(made).toMatchObject({ toPath: "a.b", signingSecretSet: true });
    const { status, body } = await api("PUT", `/v1/ingress/${made.id}`, { name: "Renamed", textPath: "d" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: "Renamed",
      toPath: "to",
      textPath: "d",
      refPath: "ref",
      signingSecretSet: true,
    });
    expect(body).not.toHaveProperty("token");
    const open = await api("PUT", `/v1/ingress/${made.id}`, { name: "Renamed", signingSecret: null });
    expect(open.body.signingSecretSet).toBe(false);
    expect(await databaseText(program.databaseUrl)).not.toContain("s3cret");
  });

  test("a new token kills the old address", async () => {
    const made = await make();
    const { body } = await api("PUT", `/v1/ingress/${made.id}`, { name: made.name, rotateToken: true });
    expect(body).toMatchObject({ token: expect.stringMatching(/^ig_/), url: expect.any(String) });
    const order = { to: "+14155550170", text: "x" };
    expect((await post(made.token, order)).body.error).toBe("not_found");
    expect((await post(body.token, order)).status).toBe(202);
  });

  test.each([
    [{ name: undefined }, "name"],
    [{ name: " " }, "name"],
    [{ preset: "sap" }, "preset"],
    [{ toPath: "a[" }, "toPath"],
    [{ textPath: Array.from({ length: 17 }, () => "a").join(".") }, "textPath"],
    [{ refPath: "a..b" }, "refPath"],
    [{ signingHeader: "a b" }, "signingHeader"],
    [{ outboundUrl: "nowhere" }, "outboundUrl"],
    [{ outboundUrl: "https://10.0.0.1/" }, "outboundUrl"],
    [{ mirror: "some" }, "mirror"],
    [{ country: "Singapore" }, "country"],
    [{ channelId: "chn_nobody" }, "channelId"],
  ])("%j is refused by name", async (over, path) => {
    const answer = await api("POST", "/v1/ingress", { name: "Order system", ...over });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
  });

  test("another account's is not there; an operator only looks; removed, it is gone", async () => {
    const { id, token } = await make();
    const other = await otherTenantKey(program);
    for (const method of ["GET", "PUT", "DELETE"]) {
      const body = method === "PUT" ? {} : undefined;
      expect((await callApi(program.url, other, method, `/v1/ingress/${id}`, body)).status).toBe(404);
    }
    const { key } = (await api("POST", "/v1/keys", { name: "o", role: "operator" })).body;
    expect((await callApi(program.url, key, "GET", `/v1/ingress/${id}`)).status).toBe(200);
    expect((await callApi(program.url, key, "POST", "/v1/ingress", { name: "x" })).status).toBe(403);
    expect((await api("DELETE", `/v1/ingress/${id}`)).status).toBe(204);
    expect((await api("GET", `/v1/ingress/${id}`)).status).toBe(404);
    expect((await post(token, { to: "+14155550170", text: "x" })).status).toBe(404);
  });
});

describe("posting", () => {
  test("the plain body sends a text", async () => {
    const { id, token } = await make();
    const answer = await post(token, { to: "+6581230000", text: "Order #4821 confirmed", ref: "4821" });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^msg_/),
      status: "queued",
      to: "+6581230000",
      text: "Order #4821 confirmed",
      ref: "4821",
    });
    const message = (await api("GET", `/v1/messages/${answer.body.id}`)).body;
    expect(message).toMatchObject({ to: "+6581230000", text: "Order #4821 confirmed", ref: "4821" });
    expect(await posts(id)).toEqual([
      {
        at: expect.any(String),
        status: 202,
        error: null,
        found: { to: "+6581230000", text: "Order #4821 confirmed", ref: "4821" },
        messageId: answer.body.id,
      },
    ]);
  });

  test("the nested body of the guide", async () => {
    const { id, token } = await make();
    await api("PUT", `/v1/ingress/${id}`, {
      name: "Order system",
      preset: "generic",
      toPath: "customer.phone",
      textPath: "notification.body",
      refPath: "invoiceId",
    });
    const body = {
      customer: { phone: "+6581230000" },
      notification: { body: "Your invoice is ready" },
      invoiceId: "INV-99",
    };
    const answer = await post(token, body);
    expect(answer.body).toMatchObject({ to: "+6581230000", text: "Your invoice is ready", ref: "INV-99" });
    const { customer: _customer, ...without } = body;
    const missing = await post(token, without);
    expect(missing.status).toBe(400);
    expect(missing.body).toEqual({
      error: "missing_fields",
      message: "Nothing was found for to.",
      missing: ["to"],
      tried: { to: "customer.phone", text: "notification.body" },
    });
    expect((await posts(id))[0]).toMatchObject({
      status: 400,
      found: { to: null, text: "Your invoice is ready" },
    });
  });

  test("a body with lists and odd names sends a text too", async () => {
    const { token } = await make({
      toPath: "$.orders[0].phones.1",
      textPath: '["text to send"]',
      refPath: "orders[0].id",
    });
    const body = { orders: [{ id: 77, phones: ["none", "+14155550188"] }], "text to send": "On its way" };
    expect((await post(token, body)).body).toMatchObject({
      status: "queued",
      to: "+14155550188",
      text: "On its way",
      ref: "77",
    });
  });

  test("numbers count, objects and the rest are empty", async () => {
    const { token } = await make({ refPath: "order" });
    expect((await post(token, { to: "+6581230000", text: 4821, order: 7 })).body).toMatchObject({
      text: "4821",
      ref: "7",
    });
    for (const text of [{}, ["x"], true, null, "", "  ", "\0", "\u200B", "\u2800\u3164", "\uFEFF\n"])
      expect((await post(token, { to: "+6581230000", text })).body).toMatchObject({ missing: ["text"] });
    expect((await post(token, {})).body.missing).toEqual(["to", "text"]);
    expect((await post(token, '{"__proto__":{"to":"+1"}}')).body.missing).toEqual(["to", "text"]);
    expect((await post(token, "[]")).body.error).toBe("missing_fields");
  });

  test("numbers keep all their digits; one that is none is empty", async () => {
    const { token } = await make();
    const body = (ref: string) => `{"to":"+6581230000","text":"x","ref":${ref}}`;
    expect((await post(token, body("12345678901234567891"))).body.ref).toBe("12345678901234567891");
    expect((await post(token, body("-9007199254740993"))).body.ref).toBe("-9007199254740993");
    expect((await post(token, body("4821.0"))).body.ref).toBe("4821");
    expect((await post(token, body("1e999"))).body).not.toHaveProperty("ref");
    expect((await post(token, `{"to":"+6581230000","text":1e999}`)).body.missing).toEqual(["text"]);
  });

  test("a byte order mark, a key that comes twice, and a body nested deeper than any path", async () => {
    const { token } = await make();
    const marked = `\uFEFF${JSON.stringify({ to: "+6581230000", text: "marked" })}`;
    expect((await post(token, marked)).body.text).toBe("marked");
    const twice = `{"to":"+6581230000","text":"first","text":"second"}`;
    expect((await post(token, twice)).body.text).toBe("second");
    const deep = `{"to":"+6581230000","text":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect((await post(token, deep)).status).toBe(400);
  });

  test.each<[string, BufferEncoding, string]>([
    ["called so", "latin1", "application/json; charset=iso-8859-1"],
    ["called UTF-8", "latin1", "application/json; charset=utf-8"],
    ["not called anything", "latin1", "application/json"],
    ["called something that nobody knows", "latin1", 'application/json; charset="x-mainframe"'],
    ["wide characters", "utf16le", "application/json; charset=UTF-16LE"],
    ["UTF-8 that is called otherwise", "utf8", "text/plain; charset=windows-1252"],
  ])("letters of a body that is not plain UTF-8 are kept: %s", async (_case, encoding, contentType) => {
    const { token } = await make();
    const body = Buffer.from(JSON.stringify({ to: "+6581230000", text: "Café à Genève" }), encoding);
    const answer = await fetch(`${program.url}/v1/ingress/${token}`, {
      method: "POST",
      headers: { "content-type": contentType },
      body,
    });
    expect(await answer.json()).toMatchObject({ status: "queued", text: "Café à Genève" });
  });

  test.each<[string, unknown, number, object]>([
    ["no JSON", "not json", 400, { error: "validation_error", message: "the body must be JSON" }],
    ["nothing", "", 400, { error: "validation_error" }],
    ["a number of a country nobody named", { to: "81230000", text: "x" }, 400, { issues: [{ path: "to" }] }],
    ["letters", { to: "+somebody", text: "x" }, 400, { issues: [{ path: "to" }] }],
    ["a long text", { to: "+6581230000", text: "x".repeat(1_601) }, 400, { issues: [{ path: "text" }] }],
    [
      "a long reference",
      { to: "+6581230000", text: "x", ref: "r".repeat(65) },
      400,
      { issues: [{ path: "ref" }] },
    ],
    ["too much", `{"to":"${"x".repeat(256 * 1_024)}"}`, 413, { error: "payload_too_large" }],
  ])("%s is refused", async (_case, body, status, expected) => {
    const { token } = await make();
    const answer = await post(token, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(expected);
  });

  test("a country makes numbers of its own good", async () => {
    const { token } = await make({ country: "sg" });
    expect((await post(token, { to: "8123 0000", text: "x" })).body.to).toBe("+6581230000");
    expect((await post(token, { to: "+14155550101", text: "x" })).body.to).toBe("+14155550101");
  });

  test("an address nobody has, and one that is switched off", async () => {
    for (const token of [`ig_${"A".repeat(32)}`, "ig_short", "wkh_1", "ig_%00"])
      expect((await post(token, { to: "+6581230000", text: "x" })).body.error).toBe("not_found");
    const { id, token } = await make();
    await api("PUT", `/v1/ingress/${id}`, { enabled: false });
    expect((await post(token, { to: "+6581230000", text: "x" })).status).toBe(403);
    await client.query("update tenants set active = false where id = $1", [program.tenantId]);
    expect((await post(token, { to: "+6581230000", text: "x" })).body.error).toBe("tenant_inactive");
    await client.query("update tenants set active = true where id = $1", [program.tenantId]);
  });

  test("only the last 20 posts are kept", async () => {
    const { id, token } = await make();
    for (let n = 0; n < 23; n++) await post(token, { text: `no ${n}` });
    const kept = await posts(id);
    expect(kept).toHaveLength(20);
    expect(kept[0].found.text).toBe("no 22");
  });

  test("what is longer is noted cut short", async () => {
    const { id, token } = await make();
    await post(token, { to: "x".repeat(5_000) });
    expect((await posts(id))[0].found.to).toHaveLength(200);
  });
});

describe("signatures", () => {
  const body = '{ "to":"+6581230000",\n"text":"signed" }';
  const sign = (secret: string, text = body) =>
    `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;

  test("over the raw bytes, in the header that was chosen", async () => {
    const { id, token } = await make({ signingSecret: "s3cret", signingHeader: "X-My-Signature" });
    expect((await post(token, body, { "x-my-signature": sign("s3cret") })).status).toBe(202);
    for (const headers of [
      {},
      { "x-my-signature": sign("other") },
      { "x-my-signature": sign("s3cret", `${body} `) },
      { "x-my-signature": sign("s3cret").slice(0, -1) },
      { "x-my-signature": sign("s3cret").slice(7) },
      { "x-webhook-signature": sign("s3cret") },
    ] as Record<string, string>[]) {
      const answer = await post(token, body, headers);
      expect(answer.status).toBe(401);
      expect(answer.body.error).toBe("invalid_signature");
    }
    expect((await posts(id))[0]).toMatchObject({ status: 401, found: { to: null } });
  });

  test("the usual header; whatever the content type says", async () => {
    const { token } = await make({ signingSecret: "s3cret" });
    const headers = { "x-webhook-signature": sign("s3cret"), "content-type": "text/plain" };
    expect((await post(token, body, headers)).status).toBe(202);
  });
});

describe("Idempotency-Key and refIsKey", () => {
  const order = { to: "+6581230000", text: "once", ref: "4821" };

  test("the same key gets the same answer, another body is a conflict", async () => {
    const { id, token } = await make();
    const headers = { "idempotency-key": "posted-once" };
    const first = await post(token, order, headers);
    const again = await post(token, order, headers);
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await post(token, { ...order, text: "twice" }, headers)).status).toBe(409);
    expect((await posts(id)).filter((one: { status: number }) => one.status === 202)).toHaveLength(1);
  });

  test("the reference as the key, also after a new token", async () => {
    const { id, token } = await make({ refIsKey: true });
    const first = await post(token, order);
    expect((await post(token, order)).body).toEqual(first.body);
    const { body } = await api("PUT", `/v1/ingress/${id}`, { rotateToken: true });
    expect((await post(body.token, order)).body).toEqual(first.body);
    expect((await post(body.token, { ...order, text: "other" })).status).toBe(409);
    expect((await post(body.token, { ...order, ref: "4822" })).body.id).not.toBe(first.body.id);
    const free = await make();
    expect((await post(free.token, order)).body.id).not.toBe(first.body.id);
  });

  test("with the reference as the key a repeat may count its tries, also in the header", async () => {
    const { token } = await make({ refIsKey: true });
    const first = await post(token, { ...order, ref: "tried", attempt: 1 });
    const again = await post(token, { ...order, ref: "tried", attempt: 2 });
    expect([again.status, again.body]).toEqual([202, first.body]);
    const third = await post(token, { ...order, ref: "tried" }, { "idempotency-key": "try 3" });
    expect(third.body).toEqual(first.body);
  });

  test("a refused post leaves the reference free", async () => {
    const { token } = await make({ refIsKey: true });
    expect((await post(token, { ...order, to: "x", ref: "free" })).status).toBe(400);
    expect((await post(token, { ...order, ref: "free" })).status).toBe(202);
  });
});

describe("outboundUrl", () => {
  const text = (from: string, said: string) => api("POST", "/v1/simulator/messages", { from, text: said });
  const heard = (of: Receiver, said: string) =>
    until(`"${said}" to arrive`, async () => of.requests.find(({ body }) => body.includes(said)));

  test("texts that come in are sent there, signed, and an answer carries the reference", async () => {
    const made = await make({ outboundUrl: receiver.url });
    expect(made).toMatchObject({
      outboundUrl: receiver.url,
      outboundEndpointId: expect.stringMatching(/^ep_/),
      outboundSecret: expect.stringMatching(/^whsec_/),
    });
    await post(made.token, { to: "+14155550181", text: "Come?", ref: "INV-7" });
    await text("+14155550181", "coming");
    const request = await heard(receiver, "coming");
    const body = JSON.parse(request.body);
    expect(body).toMatchObject({
      event: "message.received",
      from: "14155550181",
      text: "coming",
      ref: "INV-7",
    });
    const mac = createHmac("sha256", made.outboundSecret).update(request.body).digest("hex");
    expect(request.headers["x-mac-signature"]).toBe(`sha256=${mac}`);
    const [message] = (await api("GET", "/v1/messages?from=%2B14155550181")).body.data;
    expect(message.ref).toBe("INV-7");
    await text("+14155550182", "a stranger");
    expect(JSON.parse((await heard(receiver, "a stranger")).body).ref).toBeNull();
    await api("DELETE", `/v1/ingress/${made.id}`);
    expect((await api("GET", `/v1/endpoints/${made.outboundEndpointId}`)).status).toBe(404);
  });

  test("only answers to its own texts", async () => {
    const mine = await startReceiver();
    const made = await make({ outboundUrl: mine.url, mirror: "replies" });
    await post(made.token, { to: "+14155550183", text: "Come?" });
    await text("+14155550184", "not asked");
    await text("+14155550183", "asked and answered");
    await heard(mine, "asked and answered");
    expect(mine.requests).toHaveLength(1);
    const { body } = await api("PUT", `/v1/ingress/${made.id}`, { mirror: "all" });
    expect(body).toMatchObject({ mirror: "all", outboundUrl: mine.url });
    expect(body).not.toHaveProperty("outboundSecret");
    await text("+14155550184", "still not asked");
    await heard(mine, "still not asked");
    await client.query("update integration_talks set at = now() - interval '8 days'");
    await api("PUT", `/v1/ingress/${made.id}`, { mirror: "replies" });
    await text("+14155550183", "a week too late");
    await text("+14155550101", "STATUS");
    await until(
      "both to be routed",
      async () => (await api("GET", "/v1/messages?direction=in&text=STATUS")).body.data[0],
    );
    expect(mine.requests).toHaveLength(2);
    const gone = await api("PUT", `/v1/ingress/${made.id}`, { outboundUrl: null });
    expect(gone.body).toMatchObject({ outboundUrl: null, outboundEndpointId: null });
    await mine.close();
  });
});

test("an address takes 600 posts a minute", async () => {
  const { token } = await make();
  const { token: other } = await make();
  let last: ApiAnswer | undefined;
  for (let round = 0; round < 13 && last?.status !== 429; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(token, "no json")));
    last = answers.at(-1);
  }
  expect(last?.status).toBe(429);
  expect(last?.body.error).toBe("rate_limited");
  expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await post(other, { to: "+6581230000", text: "x" })).status).toBe(202);
});
