import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";

let program: Program;
let keyId: string;

beforeAll(async () => {
  program = await startProgram();
  const { body } = await program.api("POST", "/v1/keys", { name: "Website", role: "viewer" });
  keyId = body.id;
  await program.api("PATCH", "/v1/settings", { board: { contact: "the desk" } });
  await program.api("PATCH", "/v1/settings", { board: { contact: "the office" } });
  await program.api("DELETE", `/v1/keys/${keyId}`);
});
afterAll(() => program.stop());

const actions = async (query: string) => {
  const { status, body } = await program.api("GET", `/v1/audit?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data.map((entry: { action: string }) => entry.action);
};

test("what was done is found by what it is about, newest first", async () => {
  expect(await actions("action=key.*")).toEqual(["key.revoked", "key.created"]);
  expect(await actions("action=key.created")).toEqual(["key.created"]);
  expect(await actions("action=settings.*")).toEqual(["settings.changed", "settings.changed"]);
  expect(await actions("action=ke*")).toEqual([]);
  expect(await actions("action=k%25.*")).toEqual([]);
  expect(await actions(`object=${keyId}`)).toEqual(["key.revoked", "key.created"]);
});

test("and by who did it, and when", async () => {
  const { body } = await program.api("GET", "/v1/audit?action=key.created");
  const [made] = body.data;
  expect(await actions(`actor=${made.actor.id}&action=key.*`)).toHaveLength(2);
  expect(await actions("actor=usr_nobody")).toEqual([]);
  expect(await actions(`until=${made.at}&action=key.*`)).toEqual([]);
  expect(await actions(`since=${made.at}&action=key.*`)).toHaveLength(2);
  expect((await program.api("GET", "/v1/audit?since=yesterday")).body.issues[0].path).toBe("since");
});

test("page by page, the filter holds", async () => {
  const first = await program.api("GET", "/v1/audit?action=settings.changed&limit=1");
  expect(first.body.data).toHaveLength(1);
  const next = await program.api(
    "GET",
    `/v1/audit?action=settings.changed&limit=1&cursor=${first.body.nextCursor}`,
  );
  expect(next.body).toMatchObject({ data: [{ action: "settings.changed" }], nextCursor: null });
});
