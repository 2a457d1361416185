import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";
import { databaseText } from "./stored.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

describe("Authorization", () => {
  test.each([
    ["no header", {}, "unauthorized"],
    ["another scheme", { authorization: "Basic abc" }, "unauthorized"],
    ["no key", { authorization: "Bearer " }, "unauthorized"],
    ["a malformed key", { authorization: "Bearer sk_live_short" }, "unauthorized"],
    ["an unknown key", { authorization: `Bearer sk_live_${"x".repeat(40)}` }, "invalid_api_key"],
  ])("%s is refused", async (_case, headers, code) => {
    const answer = await callApi(program.url, null, "GET", "/v1/keys", undefined, headers);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ error: code, message: expect.any(String) });
  });
});

describe("keys", () => {
  test("a key is shown once, works, and is listed by its end only", async () => {
    const made = await program.api("POST", "/v1/keys", { name: "  Scripts " });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^sk_live_[A-Za-z0-9]{40}$/);
    expect(made.body).toMatchObject({ name: "Scripts", hint: made.body.key.slice(-4), lastUsedAt: null });
    expect((await callApi(program.url, made.body.key, "GET", "/v1/keys")).status).toBe(200);
    const { body } = await program.api("GET", "/v1/keys");
    expect(JSON.stringify(body)).not.toContain(made.body.key);
    const listed = body.data.find((key: { id: string }) => key.id === made.body.id);
    expect(listed).toMatchObject({ name: "Scripts", lastUsedAt: expect.stringMatching(/Z$/) });
  });

  test("a revoked key is refused within two seconds", async () => {
    const { body } = await program.api("POST", "/v1/keys", { name: "Short lived" });
    expect((await callApi(program.url, body.key, "GET", "/v1/keys")).status).toBe(200);
    expect((await program.api("DELETE", `/v1/keys/${body.id}`)).status).toBe(204);
    program.clock.advance(2.1);
    const answer = await callApi(program.url, body.key, "GET", "/v1/keys");
    expect(answer.body.error).toBe("invalid_api_key");
    expect((await program.api("DELETE", `/v1/keys/${body.id}`)).status).toBe(404);
  });

  test.each([
    [{}, "name"],
    [{ name: "   " }, "name"],
    [{ name: "\0" }, "name"],
    [{ name: 7 }, "name"],
    [{ name: "x".repeat(201) }, "name"],
    [{ name: "Key", role: "king" }, "role"],
  ])("%j names its field", async (body, path) => {
    const answer = await program.api("POST", "/v1/keys", body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
    expect(answer.body.message).toContain(path);
  });

  test("NUL and half surrogate pairs do no harm", async () => {
    const made = await program.api("POST", "/v1/keys", { name: "a\0b\ud800c" });
    expect(made.body.name).toBe("ab\ufffdc");
    expect((await program.api("DELETE", "/v1/keys/key_%00")).status).toBe(404);
    expect((await program.api("GET", "/v1/keys?cursor=%00")).status).toBe(400);
  });

  test("lists come in pages", async () => {
    for (let i = 0; i < 3; i++) await program.api("POST", "/v1/keys", { name: `Page ${i}` });
    const all = (await program.api("GET", "/v1/keys?limit=100")).body;
    expect(all.nextCursor).toBeNull();
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await program.api("GET", `/v1/keys?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.data.map((key: { id: string }) => key.id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(all.data.map((key: { id: string }) => key.id));
    for (const limit of ["0", "101", "x"]) {
      const answer = await program.api("GET", `/v1/keys?limit=${limit}`);
      expect(answer.body.issues[0].path).toBe("limit");
    }
  });

  test("a repeat with an Idempotency-Key gets the same key, which is nowhere in clear", async () => {
    const headers = { "idempotency-key": "make-one" };
    const first = await program.api("POST", "/v1/keys", { name: "Once" }, headers);
    const again = await program.api("POST", "/v1/keys", { name: "Once" }, headers);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await databaseText(program.databaseUrl)).not.toContain(first.body.key);
    expect(program.logLines.join("")).not.toContain(first.body.key);
  });

  test("making and revoking is in the audit", async () => {
    const { body } = await program.api("POST", "/v1/keys", { name: "Audited" });
    await program.api("DELETE", `/v1/keys/${body.id}`);
    const { data } = (await program.api("GET", "/v1/audit?limit=2")).body;
    expect(data.map((entry: { action: string }) => entry.action)).toEqual(["key.revoked", "key.created"]);
    expect(data[0]).toMatchObject({ object: body.id, actor: { kind: "key", name: "First key" } });
  });
});
