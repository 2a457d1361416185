import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FakeMobiniti } from "../fakes/mobiniti.ts";
import { startFakeMobiniti } from "../fakes/mobiniti.ts";
import { inboundWebhook, mobinitiChannel, post } from "../support/mobiniti.ts";
import type { Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

const TOKEN = "a-good-access-token-4711";

let program: Program;
let mobiniti: FakeMobiniti;

beforeAll(async () => {
  program = await startProgram({ template: "empty" });
  mobiniti = await startFakeMobiniti({ token: TOKEN });
});
afterAll(async () => {
  await program.stop();
  await mobiniti.close();
});

const given = (over: object = {}) => ({ accessToken: TOKEN, allowedIps: ["127.0.0.1", "::1"], ...over });
const settings = (over: object = {}) => given({ apiUrl: mobiniti.url, ...over });

/** A channel of its own, not the default one. */
async function makeChannel(over: Record<string, unknown> = {}) {
  const body = mobinitiChannel(mobiniti.url, { isDefault: false, settings: settings(), ...over });
  const { status, body: channel } = await program.api("POST", "/v1/channels", body);
  expect(status, JSON.stringify(channel)).toBe(201);
  return channel;
}

const simulator = (over: object = {}) => ({
  provider: "simulator",
  name: "Simulator",
  address: "+14155550100",
  ...over,
});

describe("providers", () => {
  test("each tells its settings and its doors", async () => {
    const { body } = await program.api("GET", "/v1/providers");
    const found = body.data.find((one: { provider: string }) => one.provider === "mobiniti");
    expect(found).toMatchObject({ title: "Mobiniti", doors: expect.any(Array) });
    const token = found.settings.find((one: { key: string }) => one.key === "accessToken");
    expect(token).toMatchObject({ type: "text", required: true, secret: true, label: "Access Token" });
    expect(body.data.map((one: { provider: string }) => one.provider)).toContain("simulator");
  });
});

describe("making a channel", () => {
  test("answers where requests come in, and never its secrets", async () => {
    const channel = await makeChannel({ name: "Town", rate: 2 });
    expect(channel).toMatchObject({
      id: expect.stringMatching(/^chn_/),
      provider: "mobiniti",
      name: "Town",
      address: "64600",
      rate: 2,
      settings: { accessToken: "••••", allowedIps: ["127.0.0.1", "::1"], apiUrl: mobiniti.url },
      health: {
        summary: "no traffic yet",
        waiting: 0,
        paused: null,
        refusedRequests: 0,
        lastInboundAt: null,
      },
    });
    expect(channel.inboundUrl).toMatch(new RegExp(`^http://localhost:${program.app.port}/in/[\\w-]{43}$`));
    expect(channel.inboundUrls["delivery-report"]).toBe(`${channel.inboundUrl}/delivery-report`);
    const listed = (await program.api("GET", "/v1/channels")).body.data;
    expect(listed.find((one: { id: string }) => one.id === channel.id)).toEqual(channel);
    expect((await program.api("GET", `/v1/channels/${channel.id}`)).body).toEqual(channel);
    expect(await databaseText(program.databaseUrl)).not.toContain(TOKEN);
    expect(program.logLines.join("")).not.toContain(TOKEN);
  });

  test("its address takes requests at once, and its health tells of them", async () => {
    const channel = await makeChannel();
    const { pathname } = new URL(channel.inboundUrls.inbound);
    expect(await post(program.url + pathname, inboundWebhook({ from: "+14155550130", text: "hello" }))).toBe(
      200,
    );
    const { body } = await program.api("GET", `/v1/channels/${channel.id}`);
    expect(body.health).toMatchObject({
      summary: "working, nothing waiting",
      lastInboundAt: expect.any(String),
    });
  });

  test("the first one becomes the default, later ones when they say so", async () => {
    const fresh = await startProgram({ template: "empty" });
    try {
      const make = async (over: object) => (await fresh.api("POST", "/v1/channels", simulator(over))).body;
      const defaults = async () => {
        const { data } = (await fresh.api("GET", "/v1/channels")).body;
        return data
          .filter((one: { isDefault: boolean }) => one.isDefault)
          .map((one: { id: string }) => one.id);
      };
      const [first, second] = await Promise.all([make({}), make({ address: "+14155550102" })]);
      expect([first.isDefault, second.isDefault].filter(Boolean)).toHaveLength(1);
      const third = await make({ address: "+14155550103", isDefault: true });
      expect(await defaults()).toEqual([third.id]);
      await fresh.api("PATCH", `/v1/channels/${first.id}`, { isDefault: true });
      expect(await defaults()).toEqual([first.id]);
      await fresh.api("DELETE", `/v1/channels/${first.id}`);
      expect(await defaults()).toEqual([]);
    } finally {
      await fresh.stop();
    }
  });

  test.each([
    [{ provider: "carrier-pigeon" }, ["provider"]],
    [{ provider: 5 }, ["provider"]],
    [{ name: " \0 " }, ["name"]],
    [{ address: "" }, ["address"]],
    [{ address: "not a number at all" }, ["address"]],
    [{ rate: 0 }, ["rate"]],
    [{ rate: "fast" }, ["rate"]],
    [{ isDefault: "yes" }, ["isDefault"]],
    [{ settings: "none" }, ["settings"]],
    [{ settings: {} }, ["settings.accessToken", "settings.allowedIps"]],
    [{ settings: given({ colour: "red" }) }, ["settings.colour"]],
    [{ settings: given({ allowedIps: [] }) }, ["settings.allowedIps"]],
    [{ settings: given({ allowedIps: "127.0.0.1, home" }) }, ["settings.allowedIps"]],
    [{ settings: given({ allowedIps: 127 }) }, ["settings.allowedIps"]],
    [{ settings: given({ accessToken: 1 }) }, ["settings.accessToken"]],
    [{ settings: given({ accessToken: null }) }, ["settings.accessToken"]],
    [{ settings: given({ accessToken: "••••" }) }, ["settings.accessToken"]],
    [{ settings: given({ sendBy: "pigeon" }) }, ["settings.sendBy"]],
    [{ settings: given({ apiUrl: "file:///etc/passwd" }) }, ["settings.apiUrl"]],
    [{ settings: given({ bypassVerification: "yes" }) }, ["settings.bypassVerification"]],
    [{ provider: "simulator", settings: { apiKey: "x" } }, ["settings.apiKey"]],
  ])("bad input %# names its field", async (over, paths) => {
    const body = mobinitiChannel(mobiniti.url, { settings: given(), ...over });
    const answer = await program.api("POST", "/v1/channels", body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(400);
    expect(answer.body.error).toBe("validation_error");
    expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toEqual(paths);
  });

  test("NUL and half surrogate pairs do no harm", async () => {
    const channel = await makeChannel({
      name: "a\0b\ud800",
      address: "64\u0000600",
      settings: settings({ shortCode: "6\ud8004\0" }),
    });
    expect(channel).toMatchObject({
      name: "ab\ufffd",
      address: "64600",
      settings: { shortCode: "6\ufffd4" },
    });
    const odd = await program.api("POST", "/v1/channels", simulator({ settings: { "\0\ud800": "x" } }));
    expect(odd.status).toBe(400);
    expect((await program.api("GET", "/v1/channels/chn_%00")).status).toBe(404);
  });
});

describe("changing a channel", () => {
  test("settings are merged: •••• and what is missing stay, null removes", async () => {
    const { id } = await makeChannel({ settings: settings({ shortCode: "64600", sendBy: "direct" }) });
    const shown = (await program.api("GET", `/v1/channels/${id}`)).body;
    // What was shown may be sent back as it is.
    expect((await program.api("PATCH", `/v1/channels/${id}`, shown)).body).toEqual(shown);
    const changed = await program.api("PATCH", `/v1/channels/${id}`, {
      name: "Renamed",
      settings: { accessToken: "••••", shortCode: null, bypassVerification: true },
    });
    expect(changed.body.name).toBe("Renamed");
    expect(changed.body.settings).toEqual({
      accessToken: "••••",
      allowedIps: ["127.0.0.1", "::1"],
      apiUrl: mobiniti.url,
      sendBy: "direct",
      bypassVerification: true,
    });
    expect((await program.api("POST", `/v1/channels/${id}/test`)).body.ok).toBe(true);
    const { data } = (await program.api("GET", "/v1/audit?limit=1")).body;
    expect(data[0]).toMatchObject({
      action: "channel.changed",
      object: id,
      detail: { changed: ["name", "settings.shortCode", "settings.bypassVerification"] },
    });
  });

  test.each([
    [{ settings: { accessToken: null } }, "settings.accessToken"],
    [{ settings: { allowedIps: "" } }, "settings.allowedIps"],
    // The kept token would be sent to whoever chose the address.
    [{ settings: { apiUrl: "http://127.0.0.1:9/v1" } }, "settings.accessToken"],
    [{ settings: { apiUrl: "http://127.0.0.1:9/v1", accessToken: "••••" } }, "settings.accessToken"],
    [{ settings: { colour: "red" } }, "settings.colour"],
    [{ provider: "simulator" }, "provider"],
    [{ name: "" }, "name"],
    [{ address: "?" }, "address"],
    [{ rate: -1 }, "rate"],
  ])("bad change %# names its field and changes nothing", async (change, path) => {
    const before = await makeChannel();
    const answer = await program.api("PATCH", `/v1/channels/${before.id}`, change);
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe(path);
    expect((await program.api("GET", `/v1/channels/${before.id}`)).body).toEqual(before);
  });

  test("a new token replaces the old address at once", async () => {
    const channel = await makeChannel();
    const { body } = await program.api("POST", `/v1/channels/${channel.id}/rotate-token`);
    const at = (url: string) => program.url + new URL(url).pathname;
    const text = inboundWebhook({ from: "+14155550131", text: "hello" });
    expect(await post(at(channel.inboundUrl), text)).toBe(404);
    expect(await post(at(body.inboundUrl), text)).toBe(200);
  });
});

describe("a fallback channel", () => {
  const set = async (id: string, fallbackChannelId: unknown) =>
    program.api("PATCH", `/v1/channels/${id}`, { fallbackChannelId });
  const issue = (answer: { body: { issues?: { path: string; message: string }[] } }) =>
    answer.body.issues?.[0];

  test("is named, changed and taken away", async () => {
    const second = await makeChannel();
    const first = await makeChannel({ fallbackChannelId: second.id });
    expect(first.fallbackChannelId).toBe(second.id);
    expect(second.fallbackChannelId).toBeNull();
    expect((await set(first.id, null)).body.fallbackChannelId).toBeNull();
    expect((await set(first.id, second.id)).body.fallbackChannelId).toBe(second.id);
    await program.api("DELETE", `/v1/channels/${second.id}`);
    expect((await program.api("GET", `/v1/channels/${first.id}`)).body.fallbackChannelId).toBeNull();
  });

  test("is another channel that is there, and leads nowhere back", async () => {
    const [one, two, three] = [await makeChannel(), await makeChannel(), await makeChannel()];
    expect(issue(await set(one.id, one.id))).toMatchObject({ path: "fallbackChannelId" });
    expect(issue(await set(one.id, "chn_unknown"))).toMatchObject({ path: "fallbackChannelId" });
    expect((await set(one.id, two.id)).status).toBe(200);
    expect((await set(two.id, three.id)).status).toBe(200);
    expect(issue(await set(three.id, one.id))?.message).toContain("leads back");
    const rings = await Promise.all([set(three.id, one.id), set(three.id, two.id)]);
    expect(rings.map((answer) => answer.status)).toEqual([400, 400]);
    const stranger = await otherTenantKey(program);
    const body = mobinitiChannel(mobiniti.url, { settings: settings(), fallbackChannelId: one.id });
    expect((await callApi(program.url, stranger, "POST", "/v1/channels", body)).status).toBe(400);
  });
});

describe("testing a channel", () => {
  test("tells whether the credentials are good, and sends a text when asked to", async () => {
    const { id } = await makeChannel();
    const tested = await program.api("POST", `/v1/channels/${id}/test`, {});
    expect(tested.body).toEqual({ ok: true, outcome: "accepted", message: "The channel works." });
    const sent = await program.api("POST", `/v1/channels/${id}/test`, { to: "(415) 555-0140" });
    expect(sent.body).toMatchObject({ ok: true, messageId: expect.stringMatching(/^msg_/) });
    const message = await until("the test text to leave", async () => {
      const { body } = await program.api("GET", `/v1/messages/${sent.body.messageId}`);
      return body.status === "handed_over" && body;
    });
    expect(message).toMatchObject({ to: "+14155550140", channelId: id });
    expect(mobiniti.sends.get(message.text)).toBe(1);
    const bad = await program.api("POST", `/v1/channels/${id}/test`, { to: "nobody" });
    expect(bad.body.issues[0].path).toBe("to");
  });

  test("a bad credential holds the texts back; a new one lets them go", async () => {
    const { id } = await makeChannel({ settings: settings({ accessToken: "wrong-token" }) });
    const tested = await program.api("POST", `/v1/channels/${id}/test`, { to: "+14155550141" });
    expect(tested.body).toMatchObject({ ok: false, outcome: "broken-credential" });
    expect(tested.body).not.toHaveProperty("messageId");
    const order = { to: "+14155550141", text: "held back", channelId: id };
    const sent = await program.api("POST", "/v1/messages", order);
    const paused = await until("the lane to pause", async () => {
      const { health } = (await program.api("GET", `/v1/channels/${id}`)).body;
      return health.paused && health.waiting === 1 && health;
    });
    expect(paused.summary).toMatch(/^credentials refused since \d\d:\d\d, 1 waiting, oldest \d+ s$/);
    expect(paused.paused).toMatchObject({ until: null, reason: expect.stringContaining("credentials") });
    await program.api("PATCH", `/v1/channels/${id}`, { settings: { accessToken: TOKEN } });
    await until("the text to leave", async () => {
      const { body } = await program.api("GET", `/v1/messages/${sent.body.id}`);
      return body.status === "handed_over";
    });
    expect(mobiniti.sends.get("held back")).toBe(1);
  });
});

describe("removing a channel", () => {
  test("its address is dead, and what waited has failed for all to see", async () => {
    const { id, inboundUrl } = await makeChannel({ settings: settings({ accessToken: "wrong-token" }) });
    const order = { to: "+14155550142", text: "never sent", channelId: id };
    const sent = await program.api("POST", "/v1/messages", order);
    await until("the lane to pause", async () => {
      const { health } = (await program.api("GET", `/v1/channels/${id}`)).body;
      return health.paused && health.waiting === 1;
    });
    expect((await program.api("DELETE", `/v1/channels/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/test"],
      ["POST", "/rotate-token"],
    ]) {
      const body = method === "PATCH" ? { name: "x" } : undefined;
      expect((await program.api(method ?? "", `/v1/channels/${id}${path}`, body)).status).toBe(404);
    }
    expect(await post(program.url + new URL(inboundUrl).pathname, {})).toBe(404);
    const message = (await program.api("GET", `/v1/messages/${sent.body.id}`)).body;
    expect(message).toMatchObject({ status: "failed", error: { code: "no_channel" } });
    const client = new pg.Client(program.databaseUrl);
    await client.connect();
    const told = await client.query("select type from events where data->'message'->>'id' = $1 order by id", [
      sent.body.id,
    ]);
    await client.end();
    expect(told.rows.map((row) => row.type)).toEqual(["message.queued", "message.failed"]);
  });
});

test("another account sees and touches nothing", async () => {
  const { id } = await makeChannel();
  const key = await otherTenantKey(program);
  const call = (method: string, path: string, body?: object) => callApi(program.url, key, method, path, body);
  expect((await call("GET", "/v1/channels")).body.data).toEqual([]);
  expect((await call("GET", `/v1/channels/${id}`)).status).toBe(404);
  expect((await call("PATCH", `/v1/channels/${id}`, { name: "mine" })).status).toBe(404);
  expect((await call("POST", `/v1/channels/${id}/test`)).status).toBe(404);
  expect((await call("DELETE", `/v1/channels/${id}`)).status).toBe(404);
  const sent = await call("POST", "/v1/messages", { to: "+14155550150", text: "x", channelId: id });
  expect(sent.body.issues[0].path).toBe("channelId");
});
