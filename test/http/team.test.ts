import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMailServer } from "../support/mail-server.ts";
import type { Program } from "../support/program.ts";
import { callApi, startProgram, until } from "../support/program.ts";
import type { Visitor } from "../support/visitor.ts";
import { createVisitor, join, PASSWORD, setUpOwner } from "../support/visitor.ts";
import { readEvents } from "./event-reader.ts";
import { databaseText } from "./stored.ts";

let program: Program;
let owner: Visitor;

beforeAll(async () => {
  program = await startProgram();
  owner = await setUpOwner(program);
});
afterAll(() => program.stop());

const invite = (by: Visitor, email: string, role = "viewer") =>
  by.call("POST", "/v1/team/invitations", { email, role });

const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";

const accept = (token: string, visitor = createVisitor(program.url)) =>
  visitor.call("POST", "/portal/invitation", { token, name: "New Member", password: PASSWORD });

async function memberOf(email: string) {
  const { data } = (await owner.call("GET", "/v1/team?limit=100")).body;
  return data.find((row: { email: string }) => row.email === email);
}

describe("invitations", () => {
  test("make a member, once; the link is shown once and stored nowhere", async () => {
    const invited = await invite(owner, " Vera@Example.com", "operator");
    expect(invited.status).toBe(201);
    expect(invited.body).toMatchObject({ email: "vera@example.com", role: "operator", mailed: false });
    expect(invited.body.link).toMatch(/^http:\/\/localhost:\d+\/invitation\?token=[\w-]{43}$/);
    const token = tokenOf(invited.body.link);
    expect(await databaseText(program.databaseUrl)).not.toContain(token);
    const { data } = (await owner.call("GET", "/v1/team/invitations")).body;
    expect(data).toMatchObject([{ id: invited.body.id, email: "vera@example.com", expired: false }]);
    expect(data[0]).not.toHaveProperty("link");

    const visitor = createVisitor(program.url);
    expect((await visitor.call("GET", `/portal/invitation?token=${token}`)).body).toEqual({
      valid: true,
      email: "vera@example.com",
      role: "operator",
      workspace: "Sample Resort",
    });
    expect((await accept(token, visitor)).body).toMatchObject({ signedIn: true });
    expect((await visitor.call("GET", "/v1/me")).body).toMatchObject({
      name: "New Member",
      email: "vera@example.com",
      role: "operator",
    });
    expect((await accept(token)).status).toBe(404);
    expect((await owner.call("GET", "/v1/team/invitations")).body.data).toEqual([]);
    expect(await memberOf("vera@example.com")).toMatchObject({ role: "operator", twoFactor: false });
    expect((await invite(owner, "vera@example.com")).status).toBe(409);
  });

  test("of two at the same time one gets in", async () => {
    const token = tokenOf((await invite(owner, "race@example.com")).body.link);
    const answers = await Promise.all([accept(token), accept(token)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 404]);
  });

  test("can be taken back, are replaced by newer ones, and expire after seven days", async () => {
    const old = await invite(owner, "late@example.com");
    const newer = await invite(owner, "late@example.com");
    expect((await accept(tokenOf(old.body.link))).status).toBe(404);
    expect((await owner.call("DELETE", `/v1/team/invitations/${newer.body.id}`)).status).toBe(204);
    expect((await owner.call("DELETE", `/v1/team/invitations/${newer.body.id}`)).status).toBe(404);
    expect((await accept(tokenOf(newer.body.link))).status).toBe(404);

    const { body } = await invite(owner, "late@example.com");
    program.clock.advance(7 * 24 * 60 * 60 + 1);
    const token = tokenOf(body.link);
    expect((await createVisitor(program.url).call("GET", `/portal/invitation?token=${token}`)).body).toEqual({
      valid: false,
      email: null,
      role: null,
      workspace: null,
    });
    expect((await accept(token)).status).toBe(404);
    expect((await owner.call("GET", "/v1/team/invitations")).body.data).toMatchObject([{ expired: true }]);
  });

  test("go out by mail where there is a mail server, and their link is shown to nobody else", async () => {
    const mails = await startMailServer();
    const mailing = await startProgram({ smtpUrl: mails.url });
    const boss = await setUpOwner(mailing);
    const invited = await invite(boss, "mailed@example.com");
    expect(invited.body.mailed).toBe(true);
    const mail = await until("the mail", async () => mails.mails[0]);
    expect(mail.to).toEqual(["mailed@example.com"]);
    // Long lines are folded on the way.
    expect(mail.raw.replace(/=\r?\n/g, "").replaceAll("=3D", "=")).toContain(tokenOf(invited.body.link));
    const listed = (await boss.call("GET", "/v1/mails")).body;
    expect(listed.data).toHaveLength(1);
    expect(JSON.stringify(listed)).not.toContain(tokenOf(invited.body.link));
    await mailing.stop();
    await mails.close();
  });

  test("an API key of an owner can invite as well: a way back in", async () => {
    const made = await program.api("POST", "/v1/team/invitations", {
      email: "way@example.com",
      role: "owner",
    });
    expect((await accept(tokenOf(made.body.link))).status).toBe(201);
    const { id } = await memberOf("way@example.com");
    expect((await owner.call("DELETE", `/v1/team/${id}`)).status).toBe(204);
  });

  test.each([
    [{ email: "nobody", role: "viewer" }, "email"],
    [{ email: "x@example.com", role: "king" }, "role"],
    [{ email: "x@example.com" }, "role"],
  ])("%j names its field", async (body, path) => {
    const answer = await owner.call("POST", "/v1/team/invitations", body);
    expect(answer.body).toMatchObject({ error: "validation_error", issues: [{ path }] });
  });
});

describe("roles", () => {
  let viewer: Visitor & { id: string };
  let operator: Visitor & { id: string };
  let admin: Visitor & { id: string };

  beforeAll(async () => {
    viewer = await join(program, owner, "viewer");
    operator = await join(program, owner, "operator");
    admin = await join(program, owner, "admin");
  });

  test.each([
    ["GET", "/v1/me", undefined, 200, 200, 200],
    ["GET", "/v1/board/items", undefined, 200, 200, 200],
    ["GET", "/v1/messages", undefined, 403, 200, 200],
    ["GET", "/v1/channels", undefined, 403, 403, 200],
    ["GET", "/v1/team", undefined, 403, 403, 200],
    ["GET", "/v1/audit", undefined, 403, 403, 200],
    ["POST", "/v1/simulator/messages", { from: "+14155550101", text: "HELP" }, 403, 202, 202],
    ["PATCH", "/v1/settings", {}, 403, 403, 200],
    ["POST", "/v1/keys", { name: "K", role: "admin" }, 403, 403, 201],
    ["POST", "/v1/keys", { name: "K", role: "owner" }, 403, 403, 403],
    ["POST", "/v1/team/invitations", { email: "o@example.com", role: "owner" }, 403, 403, 403],
  ] as const)("%s %s", async (method, path, body, asViewer, asOperator, asAdmin) => {
    const answers = [];
    for (const person of [viewer, operator, admin]) answers.push(await person.call(method, path, body));
    expect(answers.map((answer) => answer.status)).toEqual([asViewer, asOperator, asAdmin]);
  });

  test("an admin touches no owner, and makes none", async () => {
    const { id } = (await owner.call("GET", "/v1/me")).body;
    expect((await admin.call("PATCH", `/v1/team/${id}`, { role: "viewer" })).status).toBe(403);
    expect((await admin.call("DELETE", `/v1/team/${id}`)).status).toBe(403);
    expect((await admin.call("PATCH", `/v1/team/${admin.id}`, { role: "owner" })).status).toBe(403);
    const { body } = await invite(owner, "next-owner@example.com", "owner");
    expect((await admin.call("DELETE", `/v1/team/invitations/${body.id}`)).status).toBe(403);
    // Nor by another invitation in its place.
    expect((await invite(admin, "next-owner@example.com", "viewer")).status).toBe(403);
    expect(
      (await createVisitor(program.url).call("GET", `/portal/invitation?token=${tokenOf(body.link)}`)).body
        .valid,
    ).toBe(true);
  });

  test("the last owner stays", async () => {
    const { id } = (await owner.call("GET", "/v1/me")).body;
    for (const answer of [
      await owner.call("PATCH", `/v1/team/${id}`, { role: "admin" }),
      await owner.call("DELETE", `/v1/team/${id}`),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.body.message).toContain("last owner");
    }
    // Two owners unmade at the same time: one of them stays.
    const second = await join(program, owner, "owner", "second@example.com");
    const answers = await Promise.all([
      program.api("PATCH", `/v1/team/${second.id}`, { role: "admin" }),
      program.api("PATCH", `/v1/team/${id}`, { role: "admin" }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    await program.api("PATCH", `/v1/team/${id}`, { role: "owner" });
  });

  test("another role counts from the next call on, and is in the audit", async () => {
    expect((await viewer.call("GET", "/v1/messages")).status).toBe(403);
    const changed = await owner.call("PATCH", `/v1/team/${viewer.id}`, { role: "operator" });
    expect(changed.body).toMatchObject({ id: viewer.id, role: "operator" });
    expect((await viewer.call("GET", "/v1/messages")).status).toBe(200);
    const { data } = (await owner.call("GET", "/v1/audit?limit=1")).body;
    expect(data[0]).toMatchObject({
      action: "team.role_changed",
      object: viewer.id,
      detail: { from: "viewer", to: "operator" },
    });
    expect((await owner.call("PATCH", "/v1/team/usr_nobody", { role: "viewer" })).status).toBe(404);
  });
});

describe("leaving the team", () => {
  test("ends every session at once, streams too, and the password is worth nothing", async () => {
    const person = await join(program, owner, "operator", "leaves@example.com");
    const cookie = [...person.cookies].map((pair) => pair.join("=")).join("; ");
    const reader = await readEvents(`${program.url}/v1/events/stream?type=board.*`, { cookie });
    expect((await owner.call("DELETE", `/v1/team/${person.id}`)).status).toBe(204);
    expect((await person.call("GET", "/v1/me")).status).toBe(401);
    await program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: "GROOMING OPEN" });
    await reader.ended;
    expect(reader.events).toEqual([]);
    const credentials = { email: "leaves@example.com", password: PASSWORD };
    const again = await createVisitor(program.url).call("POST", "/portal/auth/sign-in/email", credentials);
    expect(again.status).toBe(401);
    expect(await memberOf("leaves@example.com")).toBeUndefined();
    expect((await owner.call("DELETE", `/v1/team/${person.id}`)).status).toBe(404);
  });

  test("ends the invitations one made, too: a link that was kept is no way back", async () => {
    const boss = await join(program, owner, "admin", "keeps-a-link@example.com");
    const link = tokenOf((await invite(boss, "back-door@example.com", "admin")).body.link);
    const others = tokenOf((await invite(owner, "by-the-owner@example.com")).body.link);
    expect((await owner.call("DELETE", `/v1/team/${boss.id}`)).status).toBe(204);
    expect((await accept(link)).status).toBe(404);
    expect((await accept(others)).status).toBe(201);
  });

  test("and somebody who may give less from now on gives what they may", async () => {
    const boss = await join(program, owner, "owner", "less@example.com");
    const asOwner = tokenOf((await invite(boss, "too-much@example.com", "owner")).body.link);
    const asAdmin = tokenOf((await invite(boss, "still-good@example.com", "admin")).body.link);
    await owner.call("PATCH", `/v1/team/${boss.id}`, { role: "admin" });
    expect((await accept(asOwner)).status).toBe(404);
    expect((await accept(asAdmin)).status).toBe(201);
  });

  test("a key that is revoked leaves no links either", async () => {
    const { key, id } = (await program.api("POST", "/v1/keys", { name: "Lost" })).body;
    const body = { email: "by-the-key@example.com", role: "owner" };
    const made = await callApi(program.url, key, "POST", "/v1/team/invitations", body);
    await program.api("DELETE", `/v1/keys/${id}`);
    expect((await accept(tokenOf(made.body.link))).status).toBe(404);
  });

  test("one can come back by a new invitation, and what one did stays under one's name", async () => {
    const person = await join(program, owner, "admin", "back@example.com");
    await person.call("POST", "/v1/keys", { name: "Stays", role: "viewer" });
    await owner.call("DELETE", `/v1/team/${person.id}`);
    const { data } = (await owner.call("GET", "/v1/audit?limit=2")).body;
    expect(data[1]).toMatchObject({ action: "key.created", actor: { name: "The admin" } });
    const back = await join(program, owner, "viewer", "back@example.com");
    expect((await back.call("GET", "/v1/me")).body.role).toBe("viewer");
  });

  test("an API key works without anybody", async () => {
    expect((await callApi(program.url, program.apiKey, "GET", "/v1/me")).body.kind).toBe("key");
  });
});
