import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { startProgram } from "../support/program.ts";
import { createVisitor, PASSWORD, setupToken } from "../support/visitor.ts";
import { databaseText } from "./stored.ts";

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const owner = { name: "Olga Owner", email: "Olga@Example.com", password: PASSWORD };

describe("the setup link", () => {
  test("is told while there is no owner, and is nowhere in clear", async () => {
    expect(program.app.setupUrl).toMatch(/^http:\/\/localhost:\d+\/setup\?token=[\w-]{43}$/);
    const token = setupToken(program);
    const good = await createVisitor(program.url).call("GET", `/portal/setup?token=${token}`);
    expect(good.body).toEqual({ valid: true, workspace: "Sample Resort", timeZone: null });
    expect(await databaseText(program.databaseUrl)).not.toContain(token);
    expect(program.logLines.join("")).not.toContain(token);
  });

  test("a wrong one is worth nothing", async () => {
    const visitor = createVisitor(program.url);
    expect((await visitor.call("GET", "/portal/setup?token=wrong")).body).toEqual({
      valid: false,
      workspace: null,
      timeZone: null,
    });
    const answer = await visitor.call("POST", "/portal/setup", { ...owner, token: "wrong" });
    expect(answer.status).toBe(404);
    expect(visitor.cookies.size).toBe(0);
  });

  test.each([
    ["password", { password: "too short" }],
    ["email", { email: "nobody" }],
    ["name", { name: "  " }],
    ["role", { role: "owner" }],
  ])("a fault of the %s is named", async (path, fault) => {
    const body = { ...owner, token: setupToken(program), ...fault };
    const answer = await createVisitor(program.url).call("POST", "/portal/setup", body);
    expect(answer.status).toBe(400);
    expect(answer.body.issues[0].path).toBe(path);
  });

  test("another site cannot post it", async () => {
    const visitor = createVisitor(program.url, "https://evil.example");
    const answer = await visitor.call("POST", "/portal/setup", { ...owner, token: setupToken(program) });
    expect(answer.status).toBe(403);
  });

  test("makes one owner, of two at the same time, who is signed in; then it is used up", async () => {
    const again = await startProgram({}, { databaseUrl: program.databaseUrl, clock: program.clock });
    const tokens = [setupToken(program), setupToken(again)];
    expect(tokens[0]).not.toBe(tokens[1]);
    const visitors = [createVisitor(program.url), createVisitor(again.url)];
    const answers = await Promise.all(
      visitors.map((visitor, index) => {
        const body = {
          ...owner,
          token: tokens[index],
          workspace: " Alpine Club ",
          email: `${index}${owner.email}`,
        };
        return visitor.call("POST", "/portal/setup", body);
      }),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 404]);
    const winner = visitors[answers.findIndex((answer) => answer.status === 201)];
    const me = await winner?.call("GET", "/v1/me");
    expect(me?.body).toMatchObject({
      kind: "user",
      name: "Olga Owner",
      email: expect.stringMatching(/^[01]olga@example\.com$/),
      role: "owner",
      twoFactor: false,
      tenant: { id: program.tenantId, name: "Alpine Club", slug: "resort" },
    });
    await again.stop();

    for (const token of tokens) {
      const late = createVisitor(program.url);
      expect((await late.call("GET", `/portal/setup?token=${token}`)).body.valid).toBe(false);
      expect((await late.call("POST", "/portal/setup", { ...owner, token })).status).toBe(404);
    }
    const { data } = (await program.api("GET", "/v1/audit?limit=1")).body;
    expect(data[0]).toMatchObject({ action: "team.set_up", actor: { kind: "user", name: "Olga Owner" } });
  });

  test("a later start tells none", async () => {
    const later = await startProgram({}, { databaseUrl: program.databaseUrl, clock: program.clock });
    expect(later.app.setupUrl).toBeNull();
    await later.stop();
  });
});
