import { expect, test } from "vitest";
import { createDatabase } from "../support/database.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

/** The pause of a rule is kept with the conversation: other workers and a new start know of it. */

const PHONE = "+14155550195";

async function says(program: Program, text: string): Promise<void> {
  const { status } = await program.api("POST", "/v1/simulator/messages", { from: PHONE, text });
  expect(status).toBe(202);
}

function handled(program: Program, count: number) {
  return until(`${count} texts to be handled`, async () => {
    const { body } = await program.api("GET", "/v1/commands?limit=100");
    const own = body.data.filter((row: { from: string }) => row.from === PHONE);
    return own.length === count && own;
  });
}

const withheldOf = (rows: { reply: { withheld: string | null } }[]) => rows.map((row) => row.reply.withheld);

test("of texts that come to two workers at once one is answered, and a restart does not forget it", async () => {
  const databaseUrl = await createDatabase();
  const first = await startProgram({}, { databaseUrl });
  const second = await startProgram({}, { databaseUrl });
  await first.api("POST", "/v1/rules", {
    name: "Hours",
    match: { type: "contains", pattern: "hours" },
    cooldownSeconds: 3_600,
    actions: [{ type: "reply", text: "9 to 6" }],
  });
  // Different texts, or the guard against loops would answer instead.
  await Promise.all(
    Array.from({ length: 8 }, (_, i) => says(i % 2 === 0 ? first : second, `hours of ${"abcdefgh"[i]}?`)),
  );
  const rows = withheldOf(await handled(first, 8));
  expect(rows.filter((withheld) => withheld === null)).toHaveLength(1);
  expect(rows.filter((withheld) => withheld === "cooldown")).toHaveLength(7);
  await first.stop();
  await second.stop();
  const third = await startProgram({}, { databaseUrl });
  await says(third, "hours tomorrow?");
  expect(withheldOf(await handled(third, 9))[0]).toBe("cooldown");
  const { body } = await third.api("GET", `/v1/messages?direction=out&to=${encodeURIComponent(PHONE)}`);
  expect(body.data).toHaveLength(1);
  await third.stop();
});
