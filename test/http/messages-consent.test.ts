import { afterAll, beforeAll, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import type { Visitor } from "../support/visitor.ts";
import { setUpOwner } from "../support/visitor.ts";

/** Who may write to somebody that has opted out: nobody; a person hears it at once. */
let program: Program;
let owner: Visitor;

beforeAll(async () => {
  program = await startProgram();
  owner = await setUpOwner(program);
});
afterAll(() => program.stop());

const left = (phone: string, scope: object) =>
  program.api("POST", "/v1/consent", {
    phone,
    action: "revoke",
    method: "paper",
    note: "by letter",
    ...scope,
  });

test("a person is refused at once, by name of the fault, and nothing is queued", async () => {
  const phone = "+14155557001";
  expect((await left(phone, { scope: "all" })).status).toBeLessThan(300);
  const { status, body } = await owner.call("POST", "/v1/messages", { to: phone, text: "Come back" });
  expect(status).toBe(409);
  expect(body).toMatchObject({
    error: "opted_out",
    message: "This person has opted out. They can come back by texting START.",
  });
  const kept = await program.api("GET", `/v1/messages?phone=${encodeURIComponent(phone)}`);
  expect(kept.body.data).toEqual([]);
});

test("a program is answered as ever, and the text fails as it leaves", async () => {
  const phone = "+14155557002";
  await left(phone, { scope: "all" });
  const { status, body } = await program.api("POST", "/v1/messages", { to: phone, text: "Hello" });
  expect(status).toBe(202);
  const ended = await until("the text to fail", async () => {
    const row = (await program.api("GET", `/v1/messages/${body.id}`)).body;
    return row.status === "failed" && row;
  });
  expect(ended.error.code).toBe("opted_out");
});

test("an opt-out of another number, or of a topic, does not keep a person from writing", async () => {
  const phone = "+14155557003";
  await left(phone, { scope: "address", address: "+14155559999" });
  await left(phone, { scope: "topic", topic: "snow" });
  const { status } = await owner.call("POST", "/v1/messages", { to: phone, text: "Hello" });
  expect(status).toBe(202);
});
