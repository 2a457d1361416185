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

test("a database whose disk is full is told of: it reads, and keeps nothing", async () => {
  await program.app.database.transact(async (tx) => {
    await tx.run(
      "t-full",
      `create function t_full() returns trigger language plpgsql as $$ begin
         raise exception 'could not extend file "base/1/2"' using errcode = '53100'; end $$`,
    );
    await tx.run("t-full-on", "create trigger t_full before insert on arrivals execute function t_full()");
  });
  const text = { from: "+14155550101", text: "STATUS" };
  const refused = await program.api("POST", "/v1/simulator/messages", text);
  expect(refused).toMatchObject({ status: 503, body: { error: "unavailable" } });
  expect(refused.body.message).toContain("disk of the database is full");
  const faults = ["database: its disk is full"];
  expect(await ready()).toEqual({ status: 503, body: { status: "unavailable", faults } });
  await program.app.database.run("t-full-off", "drop function t_full cascade");
  expect((await program.api("POST", "/v1/simulator/messages", text)).status).toBe(202);
});
