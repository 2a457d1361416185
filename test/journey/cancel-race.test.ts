import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

/** A text is cancelled in the moment in which it leaves: either it is cancelled, or it is sent, and the answer says which. */

const PHONE = "+14155550190";
const TEXTS = 60;

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

async function sendAndCancel(number: number): Promise<{ id: string; cancelled: boolean }> {
  // Some leave at once, some in the second in which they are cancelled, and one surely waits.
  const ahead = number === 1 ? 3_600_000 : (number % 10) * 100;
  const sendAt = number % 2 === 0 ? undefined : new Date(Date.now() + ahead).toISOString();
  const order = { to: PHONE, text: `Number ${number}`, sendAt };
  const { id } = (await program.api("POST", "/v1/messages", order)).body;
  const answers = await Promise.all([1, 2].map(() => program.api("POST", `/v1/messages/${id}/cancel`)));
  const statuses = answers.map(({ status }) => status).sort();
  expect([
    [200, 409],
    [409, 409],
  ]).toContainEqual(statuses);
  return { id, cancelled: statuses[0] === 200 };
}

test("what was cancelled never leaves, and all else does", async () => {
  const all = await Promise.all(Array.from({ length: TEXTS }, (_, number) => sendAndCancel(number)));
  for (const { id, cancelled } of all) {
    const { body } = await until(`${id} to end`, async () => {
      const answer = await program.api("GET", `/v1/messages/${id}`);
      return ["cancelled", "delivered"].includes(answer.body.status) && answer;
    });
    expect(body.status, id).toBe(cancelled ? "cancelled" : "delivered");
    expect(body.attempts).toHaveLength(cancelled ? 0 : 1);
  }
  // A place behind all of them: what was going to leave has left.
  const last = (await program.api("POST", "/v1/messages", { to: PHONE, text: "last" })).body;
  const got = await until("the last text", async () => {
    const { body } = await program.api(
      "GET",
      `/v1/simulator/messages?limit=100&phone=${encodeURIComponent(PHONE)}`,
    );
    const ids: string[] = body.data.map((message: { id: string }) => message.id);
    return ids.includes(last.id) && ids;
  });
  const cancelled = all.filter((one) => one.cancelled);
  expect(cancelled.length).toBeGreaterThan(0);
  for (const { id } of all.filter((one) => !one.cancelled)) expect(got).toContain(id);
});
