import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultSettings } from "../../src/domain/settings.ts";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { otherTenantKey } from "./stored.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const get = async () => (await program.api("GET", "/v1/settings")).body;

async function stored(): Promise<object> {
  const row = await program.app.database.q
    .selectFrom("tenants")
    .select("settings")
    .where("id", "=", program.tenantId)
    .executeTakeFirstOrThrow();
  return row.settings;
}

test("everything is shown, defaults included", async () => {
  expect(await get()).toEqual({ ...defaultSettings("Sample Resort"), revision: expect.any(String) });
});

test("what is given is changed, the rest stays, and only what differs is kept", async () => {
  const { status, body } = await program.api("PATCH", "/v1/settings", {
    board: { timeZone: "America/Los_Angeles", contact: "Dispatch 555-0123" },
    commands: { undoWindowSeconds: 90, clock: "12h", distinguishingWords: ["Black", "Blue"] },
    rules: { defaultReply: "We read this in the morning." },
    retention: { commandLogDays: null },
  });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.board).toMatchObject({ name: "Sample Resort", timeZone: "America/Los_Angeles" });
  expect(body.commands).toMatchObject({ undoWindowSeconds: 90, promptSeconds: 300, clock: "12h" });
  expect(await get()).toEqual(body);
  await program.api("PATCH", "/v1/settings", {
    commands: { undoWindowSeconds: 120, clock: "24h" },
    rules: { defaultReply: null },
  });
  expect(await stored()).toEqual({
    board: { timeZone: "America/Los_Angeles", contact: "Dispatch 555-0123" },
    commands: { distinguishingWords: ["Black", "Blue"] },
    retention: { commandLogDays: null },
  });
});

test("an answer can be sent back as it is", async () => {
  const before = await get();
  const { status, body } = await program.api("PATCH", "/v1/settings", before);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toEqual(before);
});

const OUT_OF_RANGE: [string, number, number][] = [
  ["commands.undoWindowSeconds", 30, 600],
  ["commands.promptSeconds", 60, 900],
  ["commands.segmentsPerReply", 1, 4],
  ["commands.linesPerPage", 3, 9],
  ["commands.choicesPerMenu", 5, 50],
  ["commands.itemsPerText", 1, 200],
  ["commands.strangerRepeatHours", 1, 168],
  ["commands.fruitlessReplies", 1, 20],
  ["commands.textsPerTenMinutes", 5, 600],
  ["commands.pinTries", 2, 10],
  ["commands.pinLockMinutes", 5, 1440],
  ["commands.replyGivesUpMinutes", 1, 60],
  ["retention.commandLogDays", 30, 3650],
  ["retention.redactAfterDays", 1, 3650],
];

test.for(OUT_OF_RANGE)("%s takes %d to %d", async ([path, least, most]) => {
  const [section = "", key = ""] = path.split(".");
  const before = await get();
  for (const wrong of [least - 1, most + 1, least + 0.5, String(least)]) {
    const patch = { board: { name: "Not stored" }, [section]: { [key]: wrong } };
    const { status, body } = await program.api("PATCH", "/v1/settings", patch);
    expect(status).toBe(400);
    expect(body.issues).toEqual([{ path, message: expect.stringContaining(`from ${least} to ${most}`) }]);
  }
  expect(await get()).toEqual(before);
  for (const right of [least, most]) {
    const { body } = await program.api("PATCH", "/v1/settings", { [section]: { [key]: right } });
    expect(body[section][key]).toBe(right);
  }
  await program.api("PATCH", "/v1/settings", { [section]: { [key]: before[section][key] } });
});

const FAULTS: [string, object, string][] = [
  ["a section nobody knows", { bord: {} }, "bord"],
  ["a setting nobody knows", { commands: { undoSeconds: 60 } }, "commands.undoSeconds"],
  ["a mode that is none", { commands: { confirmation: "pin" } }, "commands.confirmation"],
  ["a clock that is none", { commands: { clock: "24" } }, "commands.clock"],
  ["a word for a flag", { board: { public: "on" } }, "board.public"],
  ["a zone that does not exist", { board: { timeZone: "America/Atlantis" } }, "board.timeZone"],
  ["an offset for a zone", { board: { timeZone: "+01:00" } }, "board.timeZone"],
  ["a board without a name", { board: { name: " " } }, "board.name"],
  [
    "two words for one",
    { commands: { distinguishingWords: ["far west"] } },
    "commands.distinguishingWords.0",
  ],
  [
    "two stop words in one",
    { consent: { extraStopWords: ["ARRET", "no more"] } },
    "consent.extraStopWords.1",
  ],
  ["a reply nobody sends", { commands: { wording: { dne: "Done." } } }, "commands.wording.dne"],
  ["an unknown variable", { commands: { wording: { done: "{Itm} is {state}." } } }, "commands.wording.done"],
  [
    "a consent word in a reply",
    { commands: { wording: { done: "Reply STOP to end." } } },
    "commands.wording.done",
  ],
  ["a rule for no kind", rule({ kind: "lfit" }), "commands.confirmationRules.0.kind"],
  ["a rule for no field", rule({ kind: "gate", field: "stat" }), "commands.confirmationRules.0.field"],
  [
    "a rule for no value",
    rule({ kind: "gate", field: "status", value: "shut" }),
    "commands.confirmationRules.0.value",
  ],
  ["a value without a field", rule({ kind: "gate", value: "open" }), "commands.confirmationRules.0.field"],
  [
    "a rule without a mode",
    { commands: { confirmationRules: [{ kind: "gate" }] } },
    "commands.confirmationRules.0.mode",
  ],
  ["a section that is a list", { commands: [] }, "commands"],
];

function rule(over: object): object {
  return { commands: { confirmationRules: [{ mode: "pin", ...over }] } };
}

test.for(FAULTS)("%s is refused by name, and nothing is stored", async ([, fault, path]) => {
  const before = await get();
  const { status, body } = await program.api("PATCH", "/v1/settings", {
    rules: { enabled: false },
    ...fault,
  });
  expect(status, JSON.stringify(body)).toBe(400);
  expect(body.error).toBe("validation_error");
  expect(body.issues[0].path).toBe(path);
  expect(await get()).toEqual(before);
});

test("rules name kinds, fields and values of the board", async () => {
  const confirmationRules = [
    { kind: "gate", field: "status", value: "closed", mode: "pin" },
    { kind: "trail", field: "groomed", value: null, mode: "two_step" },
    { kind: "*", field: null, value: null, mode: "two_step" },
  ];
  const { body } = await program.api("PATCH", "/v1/settings", { commands: { confirmationRules } });
  expect(body.commands.confirmationRules).toEqual(confirmationRules);
});

test("wordings are laid over each other one by one, and null takes one away", async () => {
  const patch = (wording: object) => program.api("PATCH", "/v1/settings", { commands: { wording } });
  await patch({ done: "{Item}: {state}." });
  const both = await patch({ "undo.none": "There is nothing to take back." });
  expect(both.body.commands.wording).toEqual({
    done: "{Item}: {state}.",
    "undo.none": "There is nothing to take back.",
  });
  expect((await patch({ done: null })).body.commands.wording).toEqual({
    "undo.none": "There is nothing to take back.",
  });
});

test("the texts that may be overridden, with what an own one may name", async () => {
  await program.api("PATCH", "/v1/settings", { commands: { wording: { unknown: "Ask {contact}." } } });
  const { body } = await program.api("GET", "/v1/settings/wording");
  const unknown = body.data.find((one: { key: string }) => one.key === "unknown");
  expect(unknown).toEqual({
    key: "unknown",
    text: expect.stringContaining("{board}"),
    own: "Ask {contact}.",
    variables: ["board", "contact"],
  });
  await program.api("PATCH", "/v1/settings", { commands: { wording: { unknown: null } } });
});

test("a change of settings holds for the next text", async () => {
  await program.api("PATCH", "/v1/settings", {
    commands: { confirmation: "two_step", confirmationRules: [] },
  });
  const preview = { from: "+14155550101", text: "open gate 1" };
  expect((await program.api("POST", "/v1/commands/preview", preview)).body.outcome).toBe("asked_confirm");
  await program.api("PATCH", "/v1/settings", { commands: { confirmation: "immediate" } });
  expect((await program.api("POST", "/v1/commands/preview", preview)).body.outcome).toBe("changed");
});

test("each change is in the audit list, with what was before", async () => {
  await program.api("PATCH", "/v1/settings", { commands: { promptSeconds: 200 } });
  const { body } = await program.api("GET", "/v1/audit?limit=1");
  expect(body.data[0]).toMatchObject({
    action: "settings.changed",
    actor: { kind: "key", name: "First key" },
    detail: { "commands.promptSeconds": { from: 300, to: 200 } },
  });
});

test("two changes at once are both kept", async () => {
  await Promise.all([
    program.api("PATCH", "/v1/settings", { commands: { linesPerPage: 7 } }),
    program.api("PATCH", "/v1/settings", { commands: { choicesPerMenu: 9 } }),
    program.api("PATCH", "/v1/settings", { board: { contact: "the patrol" } }),
  ]);
  const { commands, board } = await get();
  expect([commands.linesPerPage, commands.choicesPerMenu, board.contact]).toEqual([7, 9, "the patrol"]);
});

test("texts that no database can hold are cleaned", async () => {
  const { status, body } = await program.api("PATCH", "/v1/settings", {
    board: { name: "Re\u0000sort \ud800", statusFooter: "\u0000" },
    consent: { brand: "B\udc00" },
  });
  expect(status).toBe(200);
  expect(body.board).toMatchObject({ name: "Resort \ufffd", statusFooter: "" });
  expect(
    (await program.api("PATCH", "/v1/settings", { commands: { wording: { "\u0000": "x" } } })).status,
  ).toBe(400);
});

test("other accounts have settings of their own", async () => {
  const as = { authorization: `Bearer ${await otherTenantKey(program)}` };
  const { body } = await program.api("GET", "/v1/settings", undefined, as);
  expect(body).toEqual({ ...defaultSettings("Other"), revision: expect.any(String) });
});

test("topics and languages of consent are checked as a whole", async () => {
  const snow = { key: "snow", name: "Snow report", words: ["powder"] };
  const put = (consent: object) => program.api("PATCH", "/v1/settings", { consent });
  const wrong: [object, string][] = [
    [{ topics: [snow, { ...snow, key: "rain" }] }, "consent.topics.1"],
    [{ topics: [{ ...snow, words: ["All"] }] }, "consent.topics.0"],
    [{ topics: [{ ...snow, key: "Snow Report" }] }, "consent.topics.0.key"],
    [{ languages: ["en", "tlh"] }, "consent.languages.1"],
    [{ stopScope: "topic" }, "consent.stopScope"],
  ];
  for (const [consent, path] of wrong) {
    const { status, body } = await put(consent);
    expect([status, body.issues?.[0]?.path], JSON.stringify(consent)).toEqual([400, path]);
  }
  const { body } = await put({ topics: [snow], languages: ["es"], stopScope: "address" });
  expect(body.consent).toMatchObject({ topics: [snow], languages: ["es"], stopScope: "address" });
  await put({ topics: [], languages: ["en"], stopScope: "all" });
});
