import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MailServer } from "../support/mail-server.ts";
import { startMailServer } from "../support/mail-server.ts";
import type { Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import type { Visitor } from "../support/visitor.ts";
import { createVisitor, join, PASSWORD, setUpOwner, totpOf } from "../support/visitor.ts";
import { databaseText } from "./stored.ts";

const NEW = "another horse, another staple";

let mails: MailServer;
let program: Program;
let owner: Visitor;
let ownerId: string;

beforeAll(async () => {
  mails = await startMailServer();
  program = await startProgram({ smtpUrl: mails.url, publicUrl: "https://sms.example.com" });
  owner = createVisitor(program.url);
  owner = await setUpOwner(program);
  ownerId = (await owner.call("GET", "/v1/me")).body.id;
});
afterAll(async () => {
  await program.stop();
  await mails.close();
});

const stranger = () => createVisitor(program.url);
const ask = (email: string, headers?: Record<string, string>) =>
  stranger().call("POST", "/portal/forgotten-password", { email }, headers);
const choose = (token: string, password = NEW) =>
  stranger().call("POST", "/portal/new-password", { token, password });
const signIn = (email: string, password: string, visitor = stranger()) =>
  visitor.call("POST", "/portal/auth/sign-in/email", { email, password });
const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";
const audited = async (action: string, object: string) =>
  (await owner.call("GET", `/v1/audit?action=${action}&object=${object}`)).body.data;
const linkFor = (visitor: Visitor, id: string) => visitor.call("POST", `/v1/team/${id}/password-link`);

/** The link of the newest mail to this address. */
async function mailedLink(email: string): Promise<string> {
  const mail = await until("the mail", async () =>
    mails.mails.findLast(({ to, raw }) => to[0] === email && raw.includes("new-password")),
  );
  const plain = mail.raw.replace(/=\r?\n/g, "").replaceAll("=3D", "=");
  return /https?:\S+\/new-password\?token=[\w-]{43}/.exec(plain)?.[0] ?? "";
}

describe("somebody who forgot the password", () => {
  test("gets a link by mail, on our own address whatever the request was sent to, and chooses a new one", async () => {
    const vera = await join(program, owner, "operator", "vera@example.com");
    const asked = await ask(" Vera@Example.com ", { "x-forwarded-host": "evil.example" });
    expect([asked.status, asked.body]).toEqual([202, { asked: true }]);
    const link = await mailedLink("vera@example.com");
    expect(link).toMatch(/^https:\/\/sms\.example\.com\/new-password\?token=/);
    const token = tokenOf(link);
    const shown = await stranger().call("GET", `/portal/new-password?token=${token}`);
    expect(shown.body).toEqual({ valid: true, name: "The operator", email: "vera@example.com" });

    expect((await choose(token, "too short")).body).toMatchObject({ issues: [{ path: "password" }] });
    expect((await choose(token)).body).toEqual({ changed: true });
    // Every browser is signed out, and only the new password opens.
    expect((await vera.call("GET", "/v1/me")).status).toBe(401);
    expect((await signIn("vera@example.com", PASSWORD)).status).toBe(401);
    expect((await signIn("vera@example.com", NEW)).status).toBe(200);
    // The link is spent, and they hear that it was used.
    expect((await choose(token, `${NEW} again`)).status).toBe(404);
    await until("the notice", async () => mails.mails.find(({ raw }) => /was\s+changed/.test(raw)));

    expect(await audited("person.password_link_made", vera.id)).toMatchObject([
      { actor: { name: "Somebody at the sign-in page" }, detail: { by: "mail", client: "127.0.0.1" } },
    ]);
    expect(await audited("person.password_reset", vera.id)).toMatchObject([{ actor: { id: vera.id } }]);
    const listed = (await owner.call("GET", "/v1/mails")).body;
    expect(JSON.stringify(listed)).not.toContain(token);
    expect(program.logLines.join("")).not.toContain(token);
  });

  test("is answered alike where there is no such account, and no mail leaves", async () => {
    const before = mails.mails.length;
    const known = await ask("owner@example.com");
    const unknown = await ask("nobody@example.com");
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    await mailedLink("owner@example.com");
    expect(mails.mails.slice(before).map(({ to }) => to[0])).toEqual(["owner@example.com"]);
  });

  test.each(["owner@example.com", "nobody-at-all@example.com"])(
    "cannot have %s flooded with mails",
    async (email) => {
      program.clock.advance(3_601);
      const answers = [await ask(email), await ask(email), await ask(email), await ask(email)];
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
      expect(Number(answers[3]?.headers.get("retry-after"))).toBeGreaterThan(3_500);
    },
  );

  test("cannot ask for the mails of many from one address", async () => {
    program.clock.advance(3_601);
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) statuses.push((await ask(`person-${n}@example.com`)).status);
    expect(statuses.slice(-2)).toEqual([202, 429]);
    program.clock.advance(3_601);
    expect((await ask("person-0@example.com")).status).toBe(202);
  });

  test("has an hour; then the link is dead", async () => {
    const late = await join(program, owner, "viewer", "late@example.com");
    await ask("late@example.com");
    const token = tokenOf(await mailedLink("late@example.com"));
    program.clock.advance(3_601);
    expect((await stranger().call("GET", `/portal/new-password?token=${token}`)).body.valid).toBe(false);
    expect((await choose(token)).status).toBe(404);
    expect((await late.call("GET", "/v1/me")).status).toBe(200);
  });
});

describe("a link made by the team", () => {
  test("is shown once, works once, keeps the second factor, and opens an account that rests", async () => {
    const careful = await join(program, owner, "admin", "careful@example.com");
    const { body: enabled } = await careful.call("POST", "/portal/auth/two-factor/enable", {
      password: PASSWORD,
    });
    const uri = enabled.totpURI;
    await careful.call("POST", "/portal/auth/two-factor/verify-totp", { code: totpOf(uri) });
    for (let n = 0; n < 11; n += 1) await signIn("careful@example.com", "a wrong password");
    expect((await signIn("careful@example.com", PASSWORD)).status).toBe(429);

    const made = await linkFor(owner, careful.id);
    expect(made.status).toBe(201);
    const token = tokenOf(made.body.link);
    expect(await databaseText(program.databaseUrl)).not.toContain(token);
    const both = await Promise.all([choose(token), choose(token)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const visitor = stranger();
    const answer = await signIn("careful@example.com", NEW, visitor);
    expect(answer.body).toMatchObject({ twoFactorRedirect: true });
    expect((await visitor.call("GET", "/v1/me")).status).toBe(401);
    await visitor.call("POST", "/portal/auth/two-factor/verify-totp", { code: totpOf(uri) });
    expect((await visitor.call("GET", "/v1/me")).body).toMatchObject({ twoFactor: true });

    // The app is lost as well: an owner takes the second factor away.
    const dropped = await owner.call("DELETE", `/v1/team/${careful.id}/two-factor`);
    expect(dropped.status).toBe(204);
    expect((await visitor.call("GET", "/v1/me")).status).toBe(401);
    expect((await signIn("careful@example.com", NEW)).body).not.toHaveProperty("twoFactorRedirect");
    expect((await owner.call("DELETE", `/v1/team/${careful.id}/two-factor`)).status).toBe(409);
    expect(await audited("person.two_factor_reset", careful.id)).toMatchObject([{ actor: { id: ownerId } }]);
  });

  test("leaves other links good until one is used, then none is", async () => {
    const many = await join(program, owner, "viewer", "many@example.com");
    const [first, second] = [await linkFor(owner, many.id), await linkFor(owner, many.id)];
    expect((await choose(tokenOf(first.body.link))).status).toBe(200);
    expect((await choose(tokenOf(second.body.link))).status).toBe(404);
  });

  test("leaves nobody in who was just signing in with the old password", async () => {
    const raced = await join(program, owner, "viewer", "raced@example.com");
    for (let round = 0; round < 3; round += 1) {
      const [old, next] = [`${PASSWORD}${round || ""}`, `${PASSWORD}${round + 1}`];
      const token = tokenOf((await linkFor(owner, raced.id)).body.link);
      const thieves = Array.from({ length: 8 }, stranger);
      const tries = () => thieves.slice(0, 8).map((thief) => signIn("raced@example.com", old, thief));
      const [chosen] = await Promise.all([choose(token, next), ...tries()]);
      expect(chosen?.status).toBe(200);
      const seen = await Promise.all(thieves.map((thief) => thief.call("GET", "/v1/me")));
      expect(seen.map(({ status }) => status)).toEqual(Array(8).fill(401));
    }
  });

  test("is refused to those who may not give the role, and for oneself", async () => {
    const admin = await join(program, owner, "admin", "adam@example.com");
    const operator = await join(program, owner, "operator", "otto@example.com");
    const statuses = [
      await linkFor(admin, ownerId),
      await admin.call("DELETE", `/v1/team/${ownerId}/two-factor`),
      await linkFor(operator, admin.id),
      await linkFor(owner, ownerId),
      await owner.call("DELETE", `/v1/team/${ownerId}/two-factor`),
      await linkFor(owner, "usr_nobody"),
      await linkFor(admin, operator.id),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 409, 409, 404, 201]);
  });

  test("ends with another role of its person, and with whoever made it", async () => {
    const risen = await join(program, owner, "viewer", "risen@example.com");
    const maker = await join(program, owner, "admin", "maker@example.com");
    const kept = await linkFor(maker, risen.id);
    // The admin could take an owner's account over with it.
    await owner.call("PATCH", `/v1/team/${risen.id}`, { role: "owner" });
    expect((await choose(tokenOf(kept.body.link))).status).toBe(404);

    const other = await join(program, owner, "viewer", "other@example.com");
    const last = await linkFor(maker, other.id);
    await owner.call("DELETE", `/v1/team/${maker.id}`);
    expect((await choose(tokenOf(last.body.link))).status).toBe(404);
    const key = (await owner.call("POST", "/v1/keys", { name: "K", role: "admin" })).body;
    const asKey = { authorization: `Bearer ${key.key}` };
    const byKey = await createVisitor(program.url).call(
      "POST",
      `/v1/team/${other.id}/password-link`,
      undefined,
      asKey,
    );
    expect(byKey.status).toBe(201);
    await owner.call("DELETE", `/v1/keys/${key.id}`);
    expect((await choose(tokenOf(byKey.body.link))).status).toBe(404);
  });

  test("is gone with its person", async () => {
    const gone = await join(program, owner, "viewer", "gone@example.com");
    const made = await linkFor(owner, gone.id);
    await owner.call("DELETE", `/v1/team/${gone.id}`);
    expect((await choose(tokenOf(made.body.link))).status).toBe(404);
  });
});

test("without a mail server the page can tell, and nothing is asked for", async () => {
  const silent = await startProgram();
  const visitor = createVisitor(silent.url);
  expect((await visitor.call("GET", "/portal/forgotten-password")).body).toEqual({ mailed: false });
  expect((await visitor.call("POST", "/portal/forgotten-password", { email: "a@example.com" })).status).toBe(
    409,
  );
  await silent.stop();
});
