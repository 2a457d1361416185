import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";
import { otherTenantKey } from "./stored.ts";

let program: Program;
let simulatorId: string;
let textbeltId: string;

beforeAll(async () => {
  program = await startProgram();
  simulatorId = (await program.api("GET", "/v1/channels")).body.data[0].id;
  const textbelt = await program.api("POST", "/v1/channels", {
    provider: "textbelt",
    name: "Textbelt",
    address: "+14155550199",
    settings: { apiKey: "textbelt-key-1234567890" },
    isDefault: false,
  });
  textbeltId = textbelt.body.id;
});
afterAll(() => program.stop());

const texts = (values: object) => program.api("PATCH", "/v1/settings", { texts: values });
beforeEach(() => texts({ substitute: false, dropAccents: false }));

const preview = (body: object) => program.api("POST", "/v1/messages/preview", body);
const send = (body: object) => program.api("POST", "/v1/messages", { to: "+14155550120", ...body });
const stored = async (id: string) => (await program.api("GET", `/v1/messages/${id}`)).body;

test("says what a text costs and what made it dear", async () => {
  const { status, body } = await preview({ text: "Lift “A” opens" });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toEqual({
    text: "Lift “A” opens",
    encoding: "UCS-2",
    segments: 1,
    units: 14,
    unitsLeft: 56,
    changed: [],
    forcedBy: { character: "“", at: 5 },
    maxSegments: 8,
    tooLong: false,
  });
});

test("counts by the alphabet of the channel's number, also where a text is refused", async () => {
  const made = await program.api("POST", "/v1/channels", {
    ...{ provider: "telnyx", name: "Telnyx", address: "64600", isDefault: false },
    settings: { apiKey: "KEY0123456789", publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const channelId = made.body.id;
  const { body } = await preview({ text: "Café", channelId });
  expect(body).toMatchObject({ encoding: "UCS-2", forcedBy: { character: "é", at: 3 } });
  const refused = await send({ text: "é".repeat(600), channelId });
  expect(refused.body.issues[0].message).toBe("takes 9 segments; at most 8 are sent");
});

test("says what the substitution makes of it", async () => {
  const { body } = await preview({ text: "Lift “A” opens…", substitute: true });
  expect(body).toEqual({
    text: 'Lift "A" opens...',
    encoding: "GSM-7",
    segments: 1,
    units: 17,
    unitsLeft: 143,
    changed: [
      { at: 5, from: "“", to: '"' },
      { at: 7, from: "”", to: '"' },
      { at: 14, from: "…", to: "..." },
    ],
    forcedBy: null,
    maxSegments: 8,
    tooLong: false,
  });
});

test("a text that is too long is measured, not refused; the provider may take fewer segments", async () => {
  expect((await preview({ text: "x".repeat(1_224) })).body).toMatchObject({ segments: 8, tooLong: false });
  expect((await preview({ text: "x".repeat(1_225) })).body).toMatchObject({ segments: 9, tooLong: true });
  expect((await preview({ text: "x".repeat(20_000) })).body).toMatchObject({ segments: 131, tooLong: true });
  const six = { text: "x".repeat(766) };
  expect((await preview({ ...six, channelId: simulatorId })).body).toMatchObject({ tooLong: false });
  const few = await preview({ ...six, channelId: textbeltId });
  expect(few.body).toMatchObject({ segments: 6, maxSegments: 5, tooLong: true });
  const refused = await send({ ...six, channelId: textbeltId });
  expect(refused.body.issues).toEqual([
    { path: "text", message: expect.stringMatching(/^takes 6 segments; .* at most 5$/) },
  ]);
});

/** Settings, the call's own word, and what is sent. */
const CASES: [texts: object, substitute: boolean | null | undefined, sent: string][] = [
  [{}, undefined, "“São” – ok"],
  [{}, true, '"São" - ok'],
  [{ substitute: true }, undefined, '"São" - ok'],
  [{ substitute: true }, null, '"São" - ok'],
  [{ substitute: true }, false, "“São” – ok"],
  [{ dropAccents: true }, undefined, "“Sao” – ok"],
  [{ dropAccents: true }, true, '"Sao" - ok'],
  [{ substitute: true, dropAccents: true }, undefined, '"Sao" - ok'],
  [{ substitute: true, dropAccents: true }, false, "“São” – ok"],
];

test.for(CASES)("%j with substitute %j sends %j", async ([settings, substitute, sent]) => {
  await texts(settings);
  const body = { text: "“São” – ok", substitute };
  const previewed = (await preview(body)).body;
  expect(previewed.text).toBe(sent);
  const answer = await send(body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  const { text, encoding, segments } = await stored(answer.body.id);
  expect({ text, encoding, segments }).toEqual({
    text: sent,
    encoding: previewed.encoding,
    segments: previewed.segments,
  });
});

test("a text that is too long as typed may be short enough without its quotes", async () => {
  const text = `“${"x".repeat(700)}”`;
  const refused = await send({ text });
  expect(refused.status).toBe(400);
  expect(refused.body.issues).toEqual([{ path: "text", message: "takes 11 segments; at most 8 are sent" }]);
  expect((await send({ text, substitute: true })).status).toBe(202);
});

test("nothing is left to send of marks without width", async () => {
  const { status, body } = await send({ text: "\u200b\u00ad", substitute: true });
  expect(status).toBe(400);
  expect(body.issues[0].path).toBe("text");
  expect((await preview({ text: "" })).body).toMatchObject({ text: "", segments: 1, unitsLeft: 160 });
});

test("changes nothing", async () => {
  const before = (await program.api("GET", "/v1/events?limit=100")).body;
  await preview({ text: "“quiet”", substitute: true });
  expect((await program.api("GET", "/v1/events?limit=100")).body).toEqual(before);
  const { data } = (await program.api("GET", "/v1/messages?text=quiet")).body;
  expect(data).toEqual([]);
});

test.each([
  ["no text", {}, "text"],
  ["a text without end", { text: "x".repeat(20_001) }, "text"],
  ["an unknown channel", { text: "x", channelId: "chn_nobody\0" }, "channelId"],
  ["a word for a switch", { text: "x", substitute: "yes" }, "substitute"],
])("%s is refused by name", async (_case, body, path) => {
  const answer = await preview(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
});

test("another account has settings and channels of its own", async () => {
  await texts({ substitute: true });
  const key = await otherTenantKey(program);
  const ask = (body: object) => callApi(program.url, key, "POST", "/v1/messages/preview", body);
  expect((await ask({ text: "“x”" })).body).toMatchObject({ text: "“x”", maxSegments: 8 });
  expect((await ask({ text: "x", channelId: simulatorId })).body.issues[0].path).toBe("channelId");
  expect((await callApi(program.url, "", "POST", "/v1/messages/preview", { text: "x" })).status).toBe(401);
});

test("the switches are settings with names and faults", async () => {
  expect((await texts({ substitute: true })).body.texts).toEqual({ substitute: true, dropAccents: false });
  expect((await program.api("GET", "/v1/settings")).body.texts.substitute).toBe(true);
  for (const [values, path] of [
    [{ substitute: "yes" }, "texts.substitute"],
    [{ dropAccents: 1 }, "texts.dropAccents"],
    [{ emoji: true }, "texts.emoji"],
  ] as const) {
    const { status, body } = await texts(values);
    expect(status).toBe(400);
    expect(body.issues[0].path).toBe(path);
  }
});
