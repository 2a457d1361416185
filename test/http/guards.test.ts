import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import { otherTenantKey } from "./stored.ts";

const ANA = "+14155550101";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

let sent = 0;

/** Texts and waits until it is in the log. */
async function say(from: string, text: string, at: Program = program) {
  sent += 1;
  const providerMessageId = `guarded-${sent}`;
  await at.api("POST", "/v1/simulator/messages", { from, text, providerMessageId });
  return until(`"${text}" to be handled`, async () => {
    const { body } = await at.api("GET", "/v1/commands?limit=50");
    return body.data.find(
      (row: { providerMessageId: string }) => row.providerMessageId === providerMessageId,
    );
  });
}

async function repeat(times: number, from: string, text: string) {
  for (let i = 0; i < times - 1; i++) await say(from, text);
  return say(from, text);
}

async function trips(query: string, at: Program = program) {
  const { status, body } = await at.api("GET", `/v1/guards/trips${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
}

const phone = (number: string) => `?phone=${encodeURIComponent(number)}`;
const release = (id: string) => program.api("POST", `/v1/guards/trips/${id}/release`);

describe("a trip", () => {
  test("tells what was held back, of whom, why and until when", async () => {
    const from = "+14155550201";
    const stopped = await repeat(5, from, "is the road open");
    expect(stopped).toMatchObject({ outcome: "ignored_loop", reply: null });
    expect(stopped.trace).toContain("the same text 5 times within an hour");
    const [trip, ...others] = await trips(phone(from));
    expect(others).toEqual([]);
    expect(trip).toMatchObject({
      ...{ rule: "L3", phone: from, address: "+14155550100", counter: 5, limit: 3, times: 2 },
      ...{ withheld: "text", told: false, open: true, releasedAt: null, id: expect.stringMatching(/^gtr_/) },
    });
    expect(Date.parse(trip.endsAt) - Date.parse(trip.at)).toBeLessThanOrEqual(3_600_000);
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toContain('signalbox_guard_trips_total{rule="L3"} 1');
    expect(program.logLines.join()).not.toContain("is the road open");
  });

  test("released, the next text is processed; who let it go is in the audit", async () => {
    const from = "+14155550202";
    expect((await repeat(4, from, "where is everybody")).outcome).toBe("ignored_loop");
    const [trip] = await trips(phone(from));
    const { status, body } = await release(trip.id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: trip.id, open: false, releasedAt: expect.any(String) });
    expect((await say(from, "where is everybody")).outcome).toBe("unknown_sender");
    expect(await trips(`${phone(from)}&open=true`)).toEqual([]);
    expect(await trips(`${phone(from)}&open=false`)).toHaveLength(1);
    const audit = await program.api("GET", "/v1/audit?limit=1");
    expect(audit.body.data[0]).toMatchObject({ action: "guard.released", object: trip.id });
    // From zero again.
    expect((await repeat(3, from, "where is everybody")).outcome).toBe("ignored_loop");
    expect(await trips(`${phone(from)}&open=true`)).toHaveLength(1);
  });

  test("is found by its rule; what is no rule is refused by name", async () => {
    expect((await trips("?rule=L3")).length).toBeGreaterThan(0);
    expect(await trips("?rule=L5")).toEqual([]);
    for (const query of ["?rule=L99", "?open=maybe", "?limit=0"]) {
      expect((await program.api("GET", `/v1/guards/trips${query}`)).status).toBe(400);
    }
    expect((await release("gtr_unknown")).status).toBe(404);
  });

  test("is for operators; viewers and other accounts see and do nothing", async () => {
    const [trip] = await trips("?rule=L3");
    const keyOf = async (role: string) =>
      (await program.api("POST", "/v1/keys", { name: role, role })).body.key;
    const as = async (key: string, method: string, path: string) =>
      (await callApi(program.url, key, method, path)).status;
    const [viewer, operator] = [await keyOf("viewer"), await keyOf("operator")];
    const path = `/v1/guards/trips/${trip.id}/release`;
    expect([await as(viewer, "GET", "/v1/guards/trips"), await as(viewer, "POST", path)]).toEqual([403, 403]);
    expect([await as(operator, "GET", "/v1/guards/trips"), await as(operator, "POST", path)]).toEqual([
      200, 200,
    ]);
    const other = await otherTenantKey(program);
    expect((await callApi(program.url, other, "GET", "/v1/guards/trips")).body.data).toEqual([]);
    expect(await as(other, "POST", path)).toBe(404);
  });
});

test("a text of ours that is no reply ends the silence of a reporter", async () => {
  await say(ANA, "open gate 1");
  for (const text of ["hello", "no", "7", "open xyz", "yes"]) {
    expect((await say(ANA, text)).reply).not.toBeNull();
  }
  expect((await say(ANA, "open xyzz")).outcome).toBe("ignored_loop");
  const { body } = await program.api("GET", "/v1/events?type=alert");
  expect(body.data[0].data).toMatchObject({
    code: "loop_guard",
    text: expect.stringContaining("Sample Reporter"),
  });
  expect((await program.api("POST", "/v1/messages", { to: ANA, text: "Everything well?" })).status).toBe(202);
  expect((await say(ANA, "open xyzz")).outcome).toBe("not_found");
});

test("numbers of other accounts are our own too", async () => {
  const other = await otherTenantKey(program);
  const address = "+14155550990";
  const channel = { provider: "simulator", name: "Other", address, settings: {} };
  expect((await callApi(program.url, other, "POST", "/v1/channels", channel)).status).toBe(201);
  expect(await say(address, "hello")).toMatchObject({ outcome: "ignored_own_number", reply: null });
});

test("counters survive a restart", async () => {
  const first = await startProgram();
  const from = "+14155550203";
  for (let i = 0; i < 3; i++) await say(from, "nobody there", first);
  await first.stop();
  const again = await startProgram({}, { databaseUrl: first.databaseUrl });
  expect((await say(from, "nobody there", again)).outcome).toBe("ignored_loop");
  expect(await trips("?rule=L3", again)).toMatchObject([{ phone: from, counter: 4 }]);
  await again.stop();
});

describe("budgets", () => {
  const patch = (budgets: object) => program.api("PATCH", "/v1/settings", { budgets });
  const none = { segments: null, money: null };

  test("are settings; what is not given is no limit", async () => {
    const { status, body } = await patch({
      perDay: { segments: 500 },
      addresses: { "64600": { money: 20, pricePerSegment: 0.0079 } },
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.budgets).toEqual({
      perDay: { segments: 500, money: null },
      perAddress: none,
      perRule: none,
      addresses: { "64600": { segments: null, money: 20, pricePerSegment: 0.0079 } },
      pricePerSegment: null,
      commandReplies: "pause",
    });
    expect((await patch(body.budgets)).body).toEqual(body);
    await patch({ perDay: none, addresses: {} });
  });

  test.each([
    ["perDay.segments", { perDay: { segments: -1 } }],
    ["perDay.segment", { perDay: { segment: 1 } }],
    ["perAddress.money", { perAddress: { money: -0.5 } }],
    ["commandReplies", { commandReplies: "stop" }],
    ["addresses.64600.money", { addresses: { "64600": { money: "20" } } }],
  ])("%s that is none is refused by name", async (path, budgets) => {
    const { status, body } = await patch(budgets);
    expect(status).toBe(400);
    expect(body.issues[0].path).toBe(`budgets.${path}`);
  });

  test("used up, a reply is held back with the reason, until the budget is lifted", async () => {
    await patch({ perAddress: { segments: 0 } });
    const held = async (text: string) => {
      const row = await say(ANA, text);
      return until("the fate of the reply", async () => {
        const { body } = await program.api("GET", `/v1/messages/${row.reply.messageId}`);
        return body.status !== "queued" && body;
      });
    };
    // Settings are believed for a second.
    program.clock.advance(1);
    const message = await held("open gate 2");
    expect(message).toMatchObject({ status: "failed", error: { code: "budget", fault: "hub" } });
    const [trip] = await trips("?rule=L9");
    expect(trip).toMatchObject({ phone: null, address: "+14155550100", limit: 0, told: true, open: true });
    expect((await release(trip.id)).body).toMatchObject({ open: false });
    expect((await held("close gate 2")).status).not.toBe("failed");
    await patch({ perAddress: none });
  });

  test("what left today is shown with the figures of each address", async () => {
    await patch({ perAddress: { segments: 1_000 }, pricePerSegment: 0.5 });
    const shown = await until("the sums", async () => {
      const { body } = await program.api("GET", "/v1/guards/budgets");
      return (
        body.data.find((row: { address: string }) => row.address === "+14155550100").segments > 0 && body
      );
    });
    const [all, own] = shown.data;
    expect(all).toMatchObject({ address: "*", segments: own.segments, limit: null, percent: null });
    expect(own).toMatchObject({
      limit: 1_000,
      unit: "segments",
      percent: (own.segments * 100) / 1_000,
      released: true,
    });
    expect(own.money).toBe(own.segments / 2);
  });
});
