import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

async function ready() {
  const answer = await fetch(new URL("/health/ready", program.url));
  return { status: answer.status, body: await answer.json() };
}

test("a database that answers nothing is told of, not waited for", async () => {
  expect(await ready()).toEqual({ status: 200, body: { status: "ok" } });
  await program.app.database.transact(async (tx) => {
    await tx.run("t-lock", "lock table migrations in access exclusive mode");
    const faults = ["database: no answer within 2 s"];
    expect(await ready()).toEqual({ status: 503, body: { status: "unavailable", faults } });
  });
  expect(await ready()).toEqual({ status: 200, body: { status: "ok" } });
});
