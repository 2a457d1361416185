import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

let program: Program;
let stopped = false;

beforeEach(async () => {
  stopped = false;
  program = await startProgram();
});
afterEach(async () => {
  if (!stopped) await program.stop();
});

async function door(allowedIps = "127.0.0.1"): Promise<string> {
  const settings = { accessToken: "t", allowedIps, apiUrl: "http://127.0.0.1:9/v1" };
  const channel = await program.api("POST", "/v1/channels", mobinitiChannel("", { settings }));
  return channel.body.inboundUrl.replace(/^http:\/\/localhost:\d+/, program.url);
}

test("one request that the database refuses does not keep out those it was to be committed with", async () => {
  const url = await door();
  const { database } = program.app;
  await database.run(
    "t-function",
    `create function t_refuse() returns trigger language plpgsql as $$ begin
       if new.payload->>'text' = 'poison' then raise exception 'no' using errcode = 'P0001'; end if;
       return new;
     end $$`,
  );
  await database.run(
    "t-trigger",
    "create trigger t_refuse before insert on arrivals for each row execute function t_refuse()",
  );
  const texts = Array.from({ length: 40 }, (_, i) => (i === 20 ? "poison" : `text ${i}`));
  const bodies = texts.map((text, i) => inboundWebhook({ from: `+1415555${1_000 + i}`, text }));
  // Two commits wait for the lock, so all further requests make one batch.
  const answers = await database.transact(async (tx) => {
    await tx.run("t-lock", "lock table arrivals in access exclusive mode");
    const first = [post(url, bodies[0]), post(url, bodies[1])];
    await until("a commit to wait", async () => {
      const blocked = "select 1 from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0";
      return (await tx.run("t-blocked", blocked)).length > 0;
    });
    return [...first, ...bodies.slice(2).map((body) => post(url, body))];
  });
  expect(await Promise.all(answers)).toEqual(texts.map((text) => (text === "poison" ? 503 : 200)));
});

test.each([
  ['{"phone_number": "+14155550101", "message": "the vault is open", "x": ["a secret"]}'],
  ['{"phone_number": "+14155550101", "message": "the vault \\"is\\" open'],
  ["phone_number=%2B14155550101&message=the+vault+is+open"],
  ["the vault is open for a secret"],
])("the sample of a refused request does not tell what it said: %s", async (body) => {
  expect(await post(await door("192.0.2.1"), body)).toBe(403);
  const rows = await program.app.database.run<{ sample: { body: string; bytes: number } }>(
    "t-samples",
    "select sample from door_refusals",
  );
  expect(rows[0]?.sample.bytes).toBe(body.length);
  expect(rows[0]?.sample.body).not.toMatch(/vault|open|secret|4155/);
  if (body.includes("message")) expect(rows[0]?.sample.body).toMatch(/phone_number.*message/);
});

test("who runs the channel sees what was not believed, and why", async () => {
  const url = await door("192.0.2.1");
  expect(await post(url, '{"message": "the vault is open"}')).toBe(403);
  expect(await post(url, '{"message": "again"}')).toBe(403);
  const { body: channels } = await program.api("GET", "/v1/channels");
  const { id } = channels.data.find((one: { provider: string }) => one.provider === "mobiniti");
  const { body: first } = await program.api("GET", `/v1/channels/${id}/refusals?limit=1`);
  expect(first.data).toEqual([
    expect.objectContaining({ client: "127.0.0.1", bytes: 20, body: '{"message": "…"}', door: "inbound" }),
  ]);
  expect(first.data[0].reason).not.toBe("");
  const { body: rest } = await program.api("GET", `/v1/channels/${id}/refusals?cursor=${first.nextCursor}`);
  expect(rest.data).toHaveLength(1);
  expect(rest.nextCursor).toBeNull();
  expect((await program.api("GET", "/v1/channels/chn_none/refusals")).status).toBe(404);
});

test("a request that is never finished does not hold up the stop", async () => {
  const socket = connect(Number(new URL(program.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write("POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
  // Answered on the same connection order: the half request has been read by now.
  expect((await program.api("GET", "/v1/providers")).status).toBe(200);
  stopped = true;
  await program.stop();
  socket.destroy();
});

test("an address with a slash behind it is the same address", async () => {
  const url = await door();
  const bare = url.replace(/\/inbound$/, "");
  const bodies = [url, `${bare}/inbound/`, `${bare}/`].map((address, i) => ({
    address,
    body: inboundWebhook({ from: `+1415555${2_000 + i}`, text: "hello" }),
  }));
  for (const { address, body } of bodies) expect(await post(address, body), address).toBe(200);
  expect(await post(bodies[1]?.address ?? "", bodies[0]?.body)).toBe(200);
  const rows = await program.app.database.run<{ kind: string; deliveries: number }>(
    "t-slash",
    "select kind, deliveries from arrivals order by seq",
  );
  expect(rows).toEqual([2, 1, 1].map((deliveries) => ({ kind: "message", deliveries })));
  expect(await post(`${bare}/no-such-door/`, "{}")).toBe(404);
});
