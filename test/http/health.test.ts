import { afterAll, beforeAll, expect, test } from "vitest";
import { pauseLane } from "../../src/store/lanes.ts";
import { freePort } from "../support/child.ts";
import { post } from "../support/mobiniti.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";

type Row = ApiAnswer["body"];

let program: Program;
let twilio: Row;

beforeAll(async () => {
  program = await startProgram({ template: "empty" });
});
afterAll(() => program.stop());

const run = (statement: string, values: unknown[] = []) =>
  program.app.database.run(`t-${statement.slice(0, 40)}`, statement, values);

async function blockers(): Promise<Row[]> {
  const { status, body } = await program.api("GET", "/v1/health");
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
}

async function texts(count: number, ageMinutes: number): Promise<void> {
  const at = new Date(program.clock.now() - ageMinutes * 60_000);
  await run(
    `insert into messages (tenant_id, id, channel_id, direction, kind, sender, recipient, phone, text, segments,
       encoding, status, created_at)
     select $1, 'msg_' || $2 || n, $3, 'out', 'conversation', '+1', '+2', '+2', 'x', 1, 'GSM-7', 'sent', $4
     from generate_series(1, $5) n`,
    [program.tenantId, idHead(at.getTime()), twilio.id, at, count],
  );
}

/** The part of an id that tells its time, as Crockford's Base32. */
function idHead(ms: number): string {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let head = "";
  for (let rest = ms, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) head = digits[rest % 32] + head;
  return head;
}

test("without a channel, that is what is wrong; with one, nothing", async () => {
  expect(await blockers()).toMatchObject([
    { cause: "no_channel", object: { kind: "account" }, step: "Set up a channel.", action: null },
  ]);
  const settings = {
    ...{ accountSid: `AC${"0".repeat(32)}`, authToken: "0123456789abcdef0123456789abcdef" },
    apiUrl: `http://127.0.0.1:${await freePort()}`,
  };
  const channel = { provider: "twilio", name: "Twilio", address: "+14155550100", settings };
  twilio = (await program.api("POST", "/v1/channels", channel)).body;
  expect(await blockers()).toEqual([]);
});

test("what a provider asked for is told with its end, and what a person does with its step", async () => {
  const pause = { milliseconds: 300_000, cause: "rate_limited", reason: "throttled: HTTP 429" } as const;
  await pauseLane(program.app.database, twilio.id, pause);
  const [blocker, ...more] = await blockers();
  expect(more).toEqual([]);
  expect(blocker).toMatchObject({
    cause: "rate_limited",
    object: { kind: "channel", id: twilio.id, name: "Twilio" },
    text: expect.stringMatching(/^channel Twilio: throttled since \d\d:\d\d\. Next try \d\d:\d\d\.$/),
    nextTryAt: expect.any(String),
    action: null,
  });
  await program.api("POST", `/v1/channels/${twilio.id}/resume`);
  expect(await blockers()).toEqual([]);
});

test("a provider that nobody reaches, with what waits and when it is tried again", async () => {
  await program.api("POST", "/v1/messages", { to: "+14155550140", text: "Hello" });
  const blocker = await until("the try to fail", async () => (await blockers())[0]);
  expect(blocker).toMatchObject({
    cause: "unreachable",
    waiting: 1,
    text: expect.stringMatching(
      /^channel Twilio: no answer, 1 waiting, oldest \d+ s\. Next try \d\d:\d\d\.$/,
    ),
    action: "test",
  });
  expect(Date.parse(blocker.nextTryAt)).toBeGreaterThan(Date.parse(blocker.oldestAt));
  const { health } = (await program.api("GET", `/v1/channels/${twilio.id}`)).body;
  expect(health.summary).toMatch(/^no answer, 1 waiting, oldest \d+ s$/);
  await run("delete from outbox");
});

test("a channel that has told nothing for half an hour while texts left", async () => {
  await texts(12, 10);
  expect(await blockers()).toEqual([]);
  await texts(220, 40);
  expect(await blockers()).toMatchObject([
    {
      cause: "unreachable",
      object: { kind: "receipts", id: twilio.id },
      text: "receipts: none from Twilio for 40 min while 220 texts left. Webhook address unreachable?",
    },
  ]);
  const told = "insert into channel_activity (channel_id, last_receipt_at) values ($1, now())";
  await run(told, [twilio.id]);
  expect(await blockers()).toEqual([]);
});

test("a rise of requests that are not believed", async () => {
  const door = program.url + new URL(twilio.inboundUrl).pathname;
  for (let i = 0; i < 5; i++) expect(await post(door, { forged: i })).toBe(403);
  expect(await blockers()).toEqual([]);
  // Samples of a second are few: a flood must not fill the database.
  await until("a sixth sample", async () => {
    await post(door, { forged: true });
    return (await blockers()).length > 0;
  });
  expect(await blockers()).toMatchObject([
    { cause: "credentials", object: { kind: "door", id: twilio.id }, waiting: 0, action: null },
  ]);
  await run("delete from door_refusals");
});

test("guards and budgets, by address, without anybody's number", async () => {
  const trip = `insert into guard_trips (tenant_id, id, at, last_at, rule, address, phone, counter, "limit",
      withheld, ends_at)
    values ($1, $2, $3, $3, $4, $5, $6, 1, 1, 'reply', $3::timestamptz + interval '10 minutes')`;
  const at = new Date(program.clock.now());
  const id = (tail: string) => `gtr_${idHead(at.getTime())}${tail}`;
  await run(trip, [program.tenantId, id("a"), at, "L3", "+14155550100", "+14155550177"]);
  await run(trip, [program.tenantId, id("b"), at, "L9", "+14155550100", null]);
  const found = await blockers();
  expect(found.map((one) => one.cause)).toEqual(["budget", "loop_guard"]);
  expect(found[1].text).toMatch(/in 1 conversation, the last until \d\d:\d\d\.$/);
  expect(JSON.stringify(found)).not.toContain("0177");
  await run("delete from guard_trips");
});

test("viewers may look; operators may pause, and see no address that is as good as a key", async () => {
  const keyOf = async (role: string) => {
    const { body } = await program.api("POST", "/v1/keys", { name: role, role });
    return body.key as string;
  };
  const viewer = await keyOf("viewer");
  const operator = await keyOf("operator");
  const call = (key: string, method: string, path: string) => callApi(program.url, key, method, path);
  expect((await call(viewer, "GET", "/v1/health")).status).toBe(200);
  expect((await call(viewer, "POST", `/v1/channels/${twilio.id}/pause`)).status).toBe(403);
  const paused = await call(operator, "POST", `/v1/channels/${twilio.id}/pause`);
  expect(paused).toMatchObject({ status: 200, body: { health: { paused: { until: null } } } });
  expect(await blockers()).toMatchObject([
    { cause: "paused_by_user", text: expect.stringContaining("paused by operator"), action: "resume" },
  ]);
  expect((await call(operator, "POST", `/v1/channels/${twilio.id}/resume`)).status).toBe(200);
  expect((await call(operator, "PATCH", `/v1/channels/${twilio.id}`)).status).toBe(403);
  expect((await call(operator, "POST", "/v1/channels/chn_none/pause")).status).toBe(404);
  expect(await blockers()).toEqual([]);
});

test("an endpoint whose webhooks wait", async () => {
  const endpoint = { url: `http://127.0.0.1:${await freePort()}/hooks?key=secret`, types: ["alert"] };
  const { id } = (await program.api("POST", "/v1/endpoints", endpoint)).body;
  const own = async () => (await blockers()).filter(({ object }) => object.kind === "endpoint");
  expect(await own()).toEqual([]);
  await run("update hook_lanes set paused_until = now() + interval '5 minutes', paused_since = now()");
  const [paused] = await own();
  expect(paused).toMatchObject({ cause: "unreachable", object: { id }, action: null });
  expect(paused.text).toMatch(/^webhooks to 127\.0\.0\.1:\d+: keeps failing since .*, 0 waiting\. Next try /);
  expect(JSON.stringify(paused)).not.toContain("key=secret");
  await run("update endpoints set enabled = false, disabled_reason = 'gone'");
  expect((await own())[0].text).toContain("disabled");
  await run("update endpoints set disabled_reason = 'by_user'");
  expect(await own()).toEqual([]);
});
