import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const ANA = "+14155550101";
const BO = "+14155550199";

async function say(from: string, text: string): Promise<void> {
  await program.api("POST", "/v1/simulator/messages", { from, text });
  await until(`"${text}" in the list`, async () => {
    const { body } = await program.api("GET", `/v1/messages?text=${encodeURIComponent(text)}&direction=in`);
    return body.data.length > 0;
  });
}

async function conversations(query = ""): Promise<ApiAnswer["body"]> {
  const { status, body } = await program.api("GET", `/v1/conversations${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

test("each phone is one conversation, the one that spoke last first", async () => {
  expect((await conversations()).data).toEqual([]);
  await say(ANA, "status of everything");
  await say(BO, "is the lift open");
  const first = await conversations();
  expect(first.data).toMatchObject([
    { phone: BO, reporter: null, last: { channelId: expect.any(String) } },
    { phone: ANA, reporter: { name: "Sample Reporter" } },
  ]);
  await say(ANA, "and now the snow");
  const page = await conversations("?limit=1");
  expect(page.data).toMatchObject([{ phone: ANA }]);
  const next = await conversations(`?limit=1&cursor=${page.nextCursor}`);
  expect(next.data).toMatchObject([{ phone: BO }]);
  const end = next.nextCursor && (await conversations(`?limit=1&cursor=${next.nextCursor}`));
  expect(end?.data ?? []).toEqual([]);
});

test("a search finds texts and numbers", async () => {
  expect((await conversations("?q=LIFT OPEN")).data).toMatchObject([
    { phone: BO, last: { text: "is the lift open" } },
  ]);
  expect((await conversations("?q=(415) 555-0199")).data).toMatchObject([{ phone: BO }]);
  expect((await conversations("?q=100%25")).data).toEqual([]);
});

test("the messages of one phone, whoever sent them", async () => {
  const { body } = await program.api("GET", `/v1/messages?phone=${encodeURIComponent(BO)}`);
  expect(new Set(body.data.flatMap((one: ApiAnswer["body"]) => [one.from, one.to]))).toContain(BO);
  expect(body.data.every((one: ApiAnswer["body"]) => [one.from, one.to].includes(BO))).toBe(true);
});

test("a message leads to its row of the log", async () => {
  const { body } = await program.api("GET", `/v1/messages?phone=${encodeURIComponent(ANA)}&direction=in`);
  const row = await program.api("GET", `/v1/commands/${body.data[0].commandId}`);
  expect(row.body).toMatchObject({ messageId: body.data[0].id, text: body.data[0].text });
  expect((await program.api("GET", "/v1/commands/cmd_none")).status).toBe(404);
});
