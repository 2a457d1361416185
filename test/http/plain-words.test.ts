import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const hello = { to: "+14155550101", text: "hello" };

test.each([
  ["a number too short", { ...hello, to: "x" }, "to: must have at least 2 characters"],
  ["a number that is one", { ...hello, to: 1 }, "to: must be a text"],
  ["nobody", { text: "hello" }, "to: is missing"],
  ["a list", [hello], "must be an object"],
  ["a yes", { ...hello, substitute: "yes" }, "substitute: must be true or false"],
  ["a text of blanks", { ...hello, text: "  \n" }, "text: must not be blank"],
  ["a text that nobody can see", { ...hello, text: "\u200b\u2060" }, "text: must not be blank"],
])("a message with %s", async (_what, body, message) => {
  expect(await program.api("POST", "/v1/messages", body)).toMatchObject({ status: 400, body: { message } });
});

test.each([
  ["limit=0", "limit: must be at least 1"],
  ["limit=1000", "limit: must be at most 100"],
  ["direction=up", "direction: must be one of in, out"],
])("a list with %s", async (query, message) => {
  expect(await program.api("GET", `/v1/messages?${query}`)).toMatchObject({ status: 400, body: { message } });
});

test("an item of the board whose name is too long", async () => {
  const item = { kind: "lift", name: "x".repeat(121) };
  const message = "name: must have at most 120 characters";
  expect(await program.api("POST", "/v1/board/items", item)).toMatchObject({
    status: 400,
    body: { message },
  });
  const items = { items: [item] };
  expect(await program.api("POST", "/v1/board/items", items)).toMatchObject({
    status: 400,
    body: { message: `items.0.${message}` },
  });
});
