import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

let program: Program;
let count = 0;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const freshPhone = () => `+1415556${String(++count).padStart(4, "0")}`;

async function makeReporter(over: Record<string, unknown> = {}) {
  const body = { name: "Ana", phones: [freshPhone()], ...over };
  const { status, body: reporter } = await program.api("POST", "/v1/reporters", body);
  expect(status, JSON.stringify(reporter)).toBe(201);
  return reporter;
}

test("a reporter is made with defaults, read, changed and deleted", async () => {
  const phone = freshPhone();
  const made = await makeReporter({ phones: [phone], permissions: ["lift", "trail:area=North"] });
  expect(made).toEqual({
    id: expect.stringMatching(/^rep_/),
    name: "Ana",
    phones: [phone],
    permissions: ["lift", "trail:area=North"],
    confirmation: null,
    undoWindowSeconds: null,
    active: true,
    tags: [],
    pinSet: false,
    createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    updatedAt: expect.any(String),
    revision: expect.any(String),
  });
  const path = `/v1/reporters/${made.id}`;
  const second = freshPhone();
  const change = {
    name: "Ana B",
    phones: [phone, second],
    permissions: ["*"],
    confirmation: "two_step",
    undoWindowSeconds: 300,
    active: false,
    tags: ["night"],
  };
  const changed = await program.api("PATCH", path, change);
  expect(changed.body).toMatchObject(change);
  expect((await program.api("GET", path)).body).toMatchObject(change);
  expect(
    (await program.api("GET", `/v1/reporters?phone=${encodeURIComponent(second)}`)).body.data,
  ).toHaveLength(1);
  const inactive = await program.api("GET", "/v1/reporters?active=false");
  expect(inactive.body.data.map((one: { id: string }) => one.id)).toEqual([made.id]);
  expect((await program.api("DELETE", path)).status).toBe(204);
  expect((await program.api("GET", path)).status).toBe(404);
  expect((await program.api("DELETE", path)).status).toBe(404);
  await makeReporter({ phones: [phone] });
});

test("an answer can be sent back as it is, and changes nothing of who it is", async () => {
  const made = await makeReporter({ tags: ["day"] });
  const { status, body } = await program.api("PATCH", `/v1/reporters/${made.id}`, {
    ...made,
    id: "rep_other",
  });
  expect(status).toBe(200);
  const now = { updatedAt: expect.any(String), revision: expect.any(String) };
  expect(body).toEqual({ ...made, ...now });
});

test("lists are cut into pages", async () => {
  for (let i = 0; i < 3; i++) await makeReporter({ tags: ["paged"] });
  const first = await program.api("GET", "/v1/reporters?limit=2");
  const second = await program.api("GET", `/v1/reporters?limit=2&cursor=${first.body.nextCursor}`);
  const ids = [...first.body.data, ...second.body.data].map((one: { id: string }) => one.id);
  expect(new Set(ids).size).toBe(4);
});

test.for([
  ["(415) 555-9001", "+14155559001"],
  ["1 415 555 9002", "+14155559002"],
  ["+44 7911 123456", "+447911123456"],
])("%s is kept as %s", async ([typed, kept]) => {
  expect((await makeReporter({ phones: [typed] })).phones).toEqual([kept]);
});

test("a number belongs to one reporter only", async () => {
  const ana = await makeReporter();
  const [phone] = ana.phones;
  const other = freshPhone();
  const clash = await program.api("POST", "/v1/reporters", { name: "Ben", phones: [other, phone] });
  expect(clash.status).toBe(409);
  expect(clash.body.error).toBe("conflict");
  expect(clash.body.issues).toEqual([{ path: "phones.1", message: expect.stringContaining(phone) }]);
  expect(clash.body.message).toContain("Ana");
  expect(clash.body.message).toContain(ana.id);
  const ben = await makeReporter({ name: "Ben", phones: [other] });
  const taken = await program.api("PATCH", `/v1/reporters/${ben.id}`, { phones: [phone] });
  expect(taken.status).toBe(409);
  expect((await program.api("GET", `/v1/reporters/${ben.id}`)).body.phones).toEqual([other]);
});

test("two requests at once for one number: one gets it", async () => {
  const phone = freshPhone();
  const answers = await Promise.all(
    ["Ana", "Ben", "Cid"].map((name) => program.api("POST", "/v1/reporters", { name, phones: [phone] })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});

const FAULTS: [string, object, string][] = [
  ["no name", { name: "   " }, "name"],
  ["a name that is no text", { name: 7 }, "name"],
  ["no number", { phones: [] }, "phones"],
  ["a short code", { phones: ["12345"] }, "phones.0"],
  ["letters for a number", { phones: ["+14155550199", "ski patrol"] }, "phones.1"],
  ["a NUL for a number", { phones: ["\u0000\u0000\u0000"] }, "phones.0"],
  ["an unknown kind", { permissions: ["lift", "lfit"] }, "permissions.1"],
  ["an unknown scope", { permissions: ["lift:colour=red"] }, "permissions.0"],
  ["an unknown item", { permissions: ["gate:item=itm_nowhere"] }, "permissions.0"],
  ["an empty permission", { permissions: [""] }, "permissions.0"],
  ["a mode that is none", { confirmation: "maybe" }, "confirmation"],
  ["too short a window", { undoWindowSeconds: 29 }, "undoWindowSeconds"],
  ["too long a window", { undoWindowSeconds: 601 }, "undoWindowSeconds"],
  ["half a second", { undoWindowSeconds: 60.5 }, "undoWindowSeconds"],
  ["a PIN of three digits", { pin: "123" }, "pin"],
  ["a PIN with letters", { pin: "12a4" }, "pin"],
  ["a flag that is a word", { active: "yes" }, "active"],
  ["a key nobody knows", { phone: "+14155550199" }, "phone"],
];

test.for(FAULTS)("%s is refused by name, on both ways in", async ([, fault, path]) => {
  const made = await makeReporter();
  const bodies = { name: "Ana", phones: [freshPhone()] };
  for (const answer of [
    await program.api("POST", "/v1/reporters", { ...bodies, ...fault }),
    await program.api("PATCH", `/v1/reporters/${made.id}`, fault),
  ]) {
    expect(answer.status).toBe(400);
    expect(answer.body.error).toBe("validation_error");
    expect(answer.body.issues[0].path).toBe(path);
    expect(answer.body.message).toContain(path);
  }
  expect((await program.api("GET", `/v1/reporters/${made.id}`)).body).toEqual(made);
});

test("permissions name items of their kind", async () => {
  const items = await program.api("GET", "/v1/board/items?kind=gate");
  const gate = items.body.data[0].id;
  await makeReporter({ permissions: [`gate:item=${gate}`, "*:area=North", "*", "park-feature"] });
  const wrong = await program.api("POST", "/v1/reporters", {
    name: "Ana",
    phones: [freshPhone()],
    permissions: [`lift:item=${gate}`],
  });
  expect(wrong.body.issues[0]).toEqual({ path: "permissions.0", message: expect.stringContaining("Gate 1") });
});

test("a permission for an item that is gone does not lock the person", async () => {
  const item = (await program.api("POST", "/v1/board/items", { kind: "gate", name: "Gate 77" })).body;
  const made = await makeReporter({ permissions: [`gate:item=${item.id}`] });
  await program.api("DELETE", `/v1/board/items/${item.id}`);
  const { status } = await program.api("PATCH", `/v1/reporters/${made.id}`, { ...made, name: "Anna" });
  expect(status).toBe(200);
});

test("the PIN is stored hashed and never shown", async () => {
  const made = await makeReporter({ pin: "47110815" });
  expect(made.pinSet).toBe(true);
  expect(JSON.stringify(made)).not.toContain("47110815");
  expect(await databaseText(program.databaseUrl)).not.toContain("47110815");
  expect(program.logLines.join("")).not.toContain("47110815");
  const path = `/v1/reporters/${made.id}`;
  expect((await program.api("PATCH", path, { name: "Ana C" })).body.pinSet).toBe(true);
  expect((await program.api("PATCH", path, { pin: null })).body.pinSet).toBe(false);
});

test("each change is in the audit list", async () => {
  const made = await makeReporter();
  await program.api("PATCH", `/v1/reporters/${made.id}`, { name: "Zoe", pin: "4711" });
  await program.api("DELETE", `/v1/reporters/${made.id}`);
  const { body } = await program.api("GET", "/v1/audit?limit=3");
  expect(body.data.map((entry: { action: string }) => entry.action)).toEqual([
    "reporter.deleted",
    "reporter.changed",
    "reporter.created",
  ]);
  expect(body.data[1]).toMatchObject({ object: made.id, detail: { name: "Zoe", pinSet: true } });
});

test("texts that no database can hold are cleaned", async () => {
  const made = await makeReporter({ name: "A\u0000na \ud800", tags: ["\udc00x"] });
  expect(made.name).toBe("Ana \ufffd");
  for (const path of ["/v1/reporters/rep_%00", "/v1/reporters/%ED%A0%80", "/v1/reporters?phone=%00%00"]) {
    expect((await program.api("GET", path)).status).toBeLessThan(500);
  }
});

test("other accounts neither see nor touch a reporter, and may use the same number", async () => {
  const made = await makeReporter();
  const key = await otherTenantKey(program);
  const as = { authorization: `Bearer ${key}` };
  expect((await program.api("GET", `/v1/reporters/${made.id}`, undefined, as)).status).toBe(404);
  expect((await program.api("PATCH", `/v1/reporters/${made.id}`, { name: "x" }, as)).status).toBe(404);
  expect((await program.api("DELETE", `/v1/reporters/${made.id}`, undefined, as)).status).toBe(404);
  expect((await program.api("GET", "/v1/reporters", undefined, as)).body.data).toEqual([]);
  const own = await program.api("POST", "/v1/reporters", { name: "Eve", phones: made.phones }, as);
  expect(own.status).toBe(201);
});
