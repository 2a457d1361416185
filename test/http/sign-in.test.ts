import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";
import type { Visitor } from "../support/visitor.ts";
import { createVisitor, join, PASSWORD, setUpOwner, totpOf } from "../support/visitor.ts";
import { readEvents } from "./event-reader.ts";
import { databaseText } from "./stored.ts";

const EMAIL = "owner@example.com";
const SESSION = "signalbox.session_token";

let program: Program;
let owner: Visitor;

beforeAll(async () => {
  program = await startProgram({ trustedProxies: ["127.0.0.0/8"] });
  owner = await setUpOwner(program, EMAIL);
});
afterAll(() => program.stop());

async function signIn(
  body: object = {},
  visitor = createVisitor(program.url),
  headers: Record<string, string> = {},
) {
  const answer = await visitor.call(
    "POST",
    "/portal/auth/sign-in/email",
    { email: EMAIL, password: PASSWORD, ...body },
    headers,
  );
  return { visitor, answer };
}

describe("signing in", () => {
  test("with the right password one is who one is, until one signs out", async () => {
    const { visitor, answer } = await signIn({ email: "Owner@Example.com" });
    expect(answer.status).toBe(200);
    expect(answer.body.user).toMatchObject({ name: "Olga Owner", email: EMAIL });
    expect((await visitor.call("GET", "/v1/me")).body).toMatchObject({ role: "owner", email: EMAIL });
    const session = visitor.cookies.get(SESSION) ?? "";

    expect((await visitor.call("POST", "/portal/auth/sign-out", {})).status).toBe(200);
    expect(visitor.cookies.has(SESSION)).toBe(false);
    expect((await visitor.call("GET", "/v1/me")).status).toBe(401);
    // Also for somebody who kept the cookie.
    visitor.cookies.set(SESSION, session);
    const late = await visitor.call("GET", "/v1/me");
    expect(late.status).toBe(401);
    expect(late.body.error).toBe("unauthorized");
  });

  test("the cookie is for this site and no script; answers hold no token", async () => {
    const { visitor, answer } = await signIn();
    expect(visitor.lastCookies.sort()).toEqual([
      expect.stringMatching(/^signalbox\.known=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(
        /^signalbox\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    expect(answer.body).not.toHaveProperty("token");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const session = await visitor.call("GET", "/portal/auth/get-session");
    expect(JSON.stringify(session.body)).not.toContain("token");
  });

  test("over https it is secure and belongs to one host alone", async () => {
    const secure = await startProgram({ publicUrl: "https://sms.example.com" });
    const visitor = await setUpOwner(secure);
    const attributes = "Path=\\/; HttpOnly; Secure; SameSite=Lax$";
    expect(visitor.lastCookies.sort()).toEqual([
      expect.stringMatching(RegExp(`^__Host-signalbox\\.known=[^;]+; Max-Age=31536000; ${attributes}`)),
      expect.stringMatching(RegExp(`^__Host-signalbox\\.session_token=[^;]+; Max-Age=604800; ${attributes}`)),
    ]);
    expect((await visitor.call("GET", "/v1/me")).status).toBe(200);
    // The page may be open by PUBLIC_URL or by the address itself.
    const origin = "https://sms.example.com";
    expect((await visitor.call("POST", "/v1/keys", { name: "A" }, { origin })).status).toBe(201);
    // A page of the same name without the lock: whoever sits on the way put it there.
    const fake = { origin: "http://sms.example.com", host: "sms.example.com" };
    expect(await postAs(secure.url, "/v1/keys", visitor, fake)).toBe(403);
    await secure.stop();
  });

  test.each([
    ["a wrong password", { password: "wrong password" }, 401],
    ["nobody's address", { email: "nobody@example.com" }, 401],
    ["no address", { email: "nobody" }, 400],
    ["no password", { password: 7 }, 400],
  ])("%s is refused", async (_case, body, status) => {
    const { visitor, answer } = await signIn(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: expect.any(String), message: expect.any(String) });
    expect(visitor.cookies.size).toBe(0);
  });

  test("what is stored and logged lets nobody in", async () => {
    const { visitor } = await signIn();
    const [cookie = ""] = visitor.cookies.values();
    const text = (await databaseText(program.databaseUrl)) + program.logLines.join("");
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(cookie);
    expect(text).not.toContain(decodeURIComponent(cookie));
  });

  test.each([
    "/sign-up/email",
    "/sign-in/social",
    "/delete-user",
    "/change-email",
    "/request-password-reset",
  ])("%s is closed", async (path) => {
    const body = { name: "X", email: "x@example.com", password: PASSWORD, provider: "google" };
    expect((await owner.call("POST", `/portal/auth${path}`, body)).status).toBe(404);
  });

  test("is in the audit", async () => {
    await signIn();
    const { data } = (await program.api("GET", "/v1/audit?limit=1")).body;
    expect(data[0]).toMatchObject({
      action: "person.signed_in",
      actor: { kind: "user", name: "Olga Owner" },
      detail: { client: "127.0.0.1" },
    });
  });
});

describe("throttling", () => {
  test("after ten wrong passwords an account rests for a quarter of an hour, from everywhere", async () => {
    await join(program, owner, "admin", "slow@example.com");
    const attempt = (password: string, index: number) =>
      signIn({ email: "slow@example.com", password }, createVisitor(program.url), {
        "x-forwarded-for": `198.51.100.${index}`,
      });
    // All at once: they are counted before they are looked at.
    const wrong = await Promise.all(
      Array.from({ length: 12 }, (_, index) => attempt("wrong password", index)),
    );
    const statuses = wrong.map(({ answer }) => answer.status).sort();
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);

    const { answer } = await attempt(PASSWORD, 50);
    expect(answer.status).toBe(429);
    expect(answer.body.error).toBe("rate_limited");
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(880);
    // Others are not kept out.
    expect((await signIn()).answer.status).toBe(200);

    program.clock.advance(15 * 60 + 1);
    expect((await attempt(PASSWORD, 51)).answer.status).toBe(200);
  });

  test("strangers who guess keep nobody out of a browser they signed in by before", async () => {
    const email = "weapon@example.com";
    const own = await join(program, owner, "operator", email);
    await own.call("POST", "/portal/auth/sign-out", {});
    const guess = (visitor: Visitor, index: number) =>
      signIn({ email, password: "wrong password" }, visitor, { "x-forwarded-for": `198.51.101.${index}` });
    for (let i = 0; i < 11; i++) await guess(createVisitor(program.url), i);
    expect((await signIn({ email })).answer.status).toBe(429);
    expect((await signIn({ email }, own)).answer.status).toBe(200);
    // It has ten tries of its own, no more; and is known for this account alone.
    const statuses = [];
    for (let i = 0; i < 11; i++) statuses.push((await guess(own, 20 + i)).answer.status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    const made = createVisitor(program.url);
    made.cookies.set("signalbox.known", "A".repeat(43));
    expect((await signIn({ email }, made)).answer.status).toBe(429);
    made.cookies.set("signalbox.known", owner.cookies.get("signalbox.known") ?? "");
    expect((await signIn({ email }, made)).answer.status).toBe(429);
  });

  test("a session is no place to guess the password either", async () => {
    const person = await join(program, owner, "operator", "guessed@example.com");
    const ask = (path: string, password: string, index: number) =>
      person.call(
        "POST",
        `/portal/auth${path}`,
        { password, currentPassword: password, newPassword: "a better password" },
        { "x-forwarded-for": `198.51.102.${index}` },
      );
    for (let i = 0; i < 5; i++) {
      expect((await ask("/two-factor/enable", "wrong password", i)).status).toBe(400);
      expect((await ask("/change-password", "wrong password", i)).status).toBe(400);
    }
    const late = await ask("/change-password", PASSWORD, 50);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(800);
    // It goes on being a session, and who does not have it may sign in.
    expect((await person.call("GET", "/v1/me")).status).toBe(200);
    expect((await signIn({ email: "guessed@example.com" })).answer.status).toBe(200);
  });

  test("a right password clears the count", async () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 6; i++) {
        await signIn({ password: "wrong password" }, undefined, { "x-forwarded-for": `203.0.113.${i}` });
      }
      const last = await signIn({}, undefined, { "x-forwarded-for": "203.0.113.99" });
      expect(last.answer.status).toBe(200);
    }
  });

  test("an address that tries one account after the other is slowed down", async () => {
    const headers = { "x-forwarded-for": "192.0.2.7" };
    const answers = [];
    for (let i = 0; i < 31; i++) {
      const { answer } = await signIn({ email: `guess ${i}` }, undefined, headers);
      answers.push(answer);
    }
    expect(answers.slice(0, 30).every((answer) => answer.status === 400)).toBe(true);
    expect(answers[30]).toMatchObject({ status: 429, body: { error: "rate_limited" } });
    expect(answers[30]?.headers.get("retry-after")).toMatch(/^\d+$/);
  });
});

describe("other sites", () => {
  test.each([
    ["from another origin", { origin: "https://evil.example" }],
    ["from a page without one", { origin: "null" }],
    ["from the same host by another port", { origin: "http://127.0.0.1:1" }],
  ])("cannot change anything with the cookie: %s", async (_case, headers) => {
    for (const [method, path, body] of [
      ["POST", "/v1/keys", { name: "Stolen" }],
      ["PATCH", "/v1/settings", {}],
      ["DELETE", "/v1/keys/key_x", undefined],
      ["POST", "/portal/auth/sign-out", {}],
      ["POST", "/portal/auth/sign-in/email", { email: EMAIL, password: PASSWORD }],
    ] as const) {
      const answer = await owner.call(method, path, body, headers);
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect((await owner.call("GET", "/v1/me", undefined, headers)).status).toBe(200);
  });

  test("nor a form, which says less", async () => {
    const cookie = [...owner.cookies].map((pair) => pair.join("=")).join("; ");
    const without = await callApi(program.url, null, "POST", "/v1/keys", { name: "Stolen" }, { cookie });
    expect(without.status).toBe(403);
    for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
      const headers = { "content-type": type };
      const answer = await owner.call("POST", "/portal/auth/sign-in/email", "email=a&password=b", headers);
      expect(answer.status).toBe(415);
    }
  });

  test("programs with a key need no origin", async () => {
    const answer = await program.api("POST", "/v1/keys", { name: "By a program" });
    expect(answer.status).toBe(201);
    const cookie = [...owner.cookies].map((pair) => pair.join("=")).join("; ");
    const both = await program.api("POST", "/v1/keys", { name: "With both" }, { cookie });
    expect(both.status).toBe(201);
    const me = await program.api("GET", "/v1/me");
    expect(me.body).toMatchObject({ kind: "key", email: null, role: "owner", tenant: { slug: "resort" } });
  });

  test.each(["", "x", "x.y", `${"a".repeat(32)}.${"b".repeat(43)}%3D`])(
    "the cookie %j is nobody's",
    async (value) => {
      const answer = await callApi(program.url, null, "GET", "/v1/me", undefined, {
        cookie: `signalbox.session_token=${value}`,
      });
      expect(answer.status).toBe(401);
    },
  );
});

describe("what a session may do", () => {
  test("the whole API, under one's own name", async () => {
    const made = await owner.call("POST", "/v1/keys", { name: "Olga's" });
    expect(made.status).toBe(201);
    const { data } = (await owner.call("GET", "/v1/audit?limit=1")).body;
    expect(data[0]).toMatchObject({ action: "key.created", actor: { kind: "user", name: "Olga Owner" } });
  });

  test("a repeat with an Idempotency-Key is answered to the same person only", async () => {
    const other = await join(program, owner, "owner", "second@example.com");
    const headers = { "idempotency-key": "from-the-portal" };
    const first = await owner.call("POST", "/v1/keys", { name: "Once" }, headers);
    const again = await owner.call("POST", "/v1/keys", { name: "Once" }, headers);
    expect(again.body).toEqual(first.body);
    const others = await other.call("POST", "/v1/keys", { name: "Once" }, headers);
    expect(others.status).toBe(201);
    expect(others.body.id).not.toBe(first.body.id);
  });

  test("events come live, until the session ends", async () => {
    const { visitor } = await signIn();
    const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
    const reader = await readEvents(`${program.url}/v1/events/stream?type=board.*`, { cookie });
    expect(reader.status).toBe(200);
    const text = (words: string) =>
      program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: words });
    await text("GROOMING OPEN");
    const [event] = await reader.read(1);
    expect(event?.type).toBe("board.item.changed");
    await visitor.call("POST", "/portal/auth/sign-out", {});
    await text("GROOMING CLOSED");
    await reader.ended;
    expect(reader.events).toHaveLength(1);
  });
});

describe("a session that is used", () => {
  test("lives on in the browser too, whoever asked first", async () => {
    const { visitor } = await signIn();
    const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
    const reader = await readEvents(`${program.url}/v1/events/stream?type=board.*`, { cookie });
    // Two days later.
    await program.app.database.run(
      "t-older",
      "update auth_session set expires_at = expires_at - interval '2 days'",
    );
    program.clock.advance(3);
    // The open stream looks at the session, and has no way to tell the browser anything.
    await program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: "GROOMING HOLD" });
    await program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: "OPEN GATE 1" });
    await program.api("POST", "/v1/simulator/messages", { from: "+14155550101", text: "CLOSE GATE 1" });
    await reader.read(1);
    program.clock.advance(3);
    await visitor.call("GET", "/v1/me");
    expect(visitor.lastCookies).toEqual([
      expect.stringMatching(/^signalbox\.session_token=.*Max-Age=604800/),
    ]);
    await visitor.call("POST", "/portal/auth/sign-out", {});
  });
});

test("answers of the API are kept by nobody on the way", async () => {
  for (const path of [
    "/v1/me",
    "/v1/messages",
    "/v1/settings",
    "/v1/commands/cmd_none",
    "/v1/commands.csv",
  ]) {
    const { headers } = await owner.call("GET", path);
    expect([path, headers.get("cache-control")]).toEqual([path, "no-store"]);
  }
});

describe("a password", () => {
  test("can be changed by who knows it, which ends the other sessions", async () => {
    const person = await join(program, owner, "operator", "changes@example.com");
    const elsewhere = await signIn({ email: "changes@example.com" });
    const change = (currentPassword: string, newPassword: string) =>
      person.call("POST", "/portal/auth/change-password", { currentPassword, newPassword });
    expect((await change("not the password", "a better password")).status).toBe(400);
    expect((await change(PASSWORD, "too short")).status).toBe(400);
    expect((await change(PASSWORD, "a better password")).status).toBe(200);
    expect((await person.call("GET", "/v1/me")).status).toBe(200);
    expect((await elsewhere.visitor.call("GET", "/v1/me")).status).toBe(401);
    expect((await signIn({ email: "changes@example.com" })).answer.status).toBe(401);
    const now = await signIn({ email: "changes@example.com", password: "a better password" });
    expect(now.answer.status).toBe(200);
  });
});

describe("the second factor", () => {
  let uri = "";
  let backupCodes: string[] = [];
  const secondFactor = "factor@example.com";

  async function withPassword(): Promise<Visitor> {
    const { visitor, answer } = await signIn({ email: secondFactor });
    expect(answer.body).toMatchObject({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
    expect((await visitor.call("GET", "/v1/me")).status).toBe(401);
    return visitor;
  }

  test("is on once a first code was right", async () => {
    const person = await join(program, owner, "operator", secondFactor);
    const wrong = await person.call("POST", "/portal/auth/two-factor/enable", { password: "wrong password" });
    expect(wrong.status).toBe(400);
    const enabled = await person.call("POST", "/portal/auth/two-factor/enable", { password: PASSWORD });
    ({ totpURI: uri, backupCodes } = enabled.body);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Signalbox/);
    expect(backupCodes).toHaveLength(10);
    expect((await person.call("GET", "/v1/me")).body.twoFactor).toBe(false);
    const verify = (code: string) => person.call("POST", "/portal/auth/two-factor/verify-totp", { code });
    expect((await verify("000000")).status).toBe(401);
    expect((await verify(totpOf(uri))).status).toBe(200);
    expect((await person.call("GET", "/v1/me")).body.twoFactor).toBe(true);
    const member = (await owner.call("GET", "/v1/team")).body.data.find(
      (row: { email: string }) => row.email === secondFactor,
    );
    expect(member.twoFactor).toBe(true);
  });

  test("a password alone opens nothing, with the code it does", async () => {
    const visitor = await withPassword();
    const verify = (code: string) => visitor.call("POST", "/portal/auth/two-factor/verify-totp", { code });
    expect((await verify("000000")).status).toBe(401);
    expect((await verify(totpOf(uri))).status).toBe(200);
    expect((await visitor.call("GET", "/v1/me")).body.email).toBe(secondFactor);
    const { data } = (await owner.call("GET", "/v1/audit?limit=1")).body;
    expect(data[0]).toMatchObject({ action: "person.signed_in", actor: { name: "The operator" } });
  });

  test("a backup code works once", async () => {
    const [code] = backupCodes;
    const use = async () => {
      const visitor = await withPassword();
      const path = "/portal/auth/two-factor/verify-backup-code";
      return { visitor, answer: await visitor.call("POST", path, { code }) };
    };
    const first = await use();
    expect(first.answer.status).toBe(200);
    expect((await first.visitor.call("GET", "/v1/me")).status).toBe(200);
    expect((await use()).answer.status).toBe(401);
  });

  test("secrets and codes are in clear nowhere", async () => {
    const secret = new URL(uri).searchParams.get("secret") ?? "";
    const text = (await databaseText(program.databaseUrl)) + program.logLines.join("");
    expect(text).not.toContain(secret);
    for (const code of backupCodes) expect(text).not.toContain(code);
  });

  test("is off again for who knows the password", async () => {
    const visitor = await withPassword();
    await visitor.call("POST", "/portal/auth/two-factor/verify-totp", { code: totpOf(uri) });
    const off = (password: string) => visitor.call("POST", "/portal/auth/two-factor/disable", { password });
    expect((await off("wrong password")).status).toBe(400);
    expect((await off(PASSWORD)).status).toBe(200);
    expect((await visitor.call("GET", "/v1/me")).body.twoFactor).toBe(false);
    expect((await signIn({ email: secondFactor })).visitor.cookies.has(SESSION)).toBe(true);
  });
});

/** `fetch` names the host itself. */
async function postAs(
  url: string,
  path: string,
  visitor: Visitor,
  headers: Record<string, string>,
): Promise<number> {
  const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const all = { ...headers, cookie, "content-type": "application/json" };
  const call = request(url + path, { method: "POST", agent: false, headers: all }, (answer) => {
    answer.resume();
    resolve(answer.statusCode ?? 0);
  });
  call.on("error", reject).end(JSON.stringify({ name: "Stolen" }));
  return promise;
}

test("none of this was a fault in the log", () => {
  expect(program.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
