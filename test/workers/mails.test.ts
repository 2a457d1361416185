import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createMailer } from "../../src/delivery/send-mail.ts";
import { newId } from "../../src/domain/ids.ts";
import type { Database } from "../../src/store/database.ts";
import type { StoredMail } from "../../src/store/mails.ts";
import { claimMails, insertMails, listMails } from "../../src/store/mails.ts";
import { createLog } from "../../src/tools/log.ts";
import type { Loop } from "../../src/workers/loop.ts";
import { startMails } from "../../src/workers/mails.ts";
import { freePort } from "../support/child.ts";
import type { Judge, MailServer } from "../support/mail-server.ts";
import { startMailServer } from "../support/mail-server.ts";
import { until } from "../support/program.ts";
import { openStore } from "../support/store.ts";

/** Mails through the worker, a real database and a real mail server. */

let database: Database;
const loops: Loop[] = [];
const servers: MailServer[] = [];
let lines: string[] = [];

beforeAll(async () => {
  database = await openStore();
});
afterAll(() => database.close());
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
  for (const server of servers.splice(0)) await server.close();
  lines = [];
});

async function server(options: { judge?: Judge; port?: number } = {}): Promise<MailServer> {
  const started = await startMailServer(options);
  servers.push(started);
  return started;
}

function work(smtpUrl: string | null): Loop {
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: "info", pretty: false, destination });
  const sendMail = smtpUrl === null ? null : createMailer({ smtpUrl, from: "hub@example.com" });
  const loop = startMails({ database, log, sendMail });
  loops.push(loop);
  return loop;
}

async function write(to = "team@example.com"): Promise<string> {
  const id = newId("mail");
  const mail = {
    tenantId: "ten_1",
    id,
    to,
    subject: "S",
    body: "B",
    event: "rule",
    ruleId: null,
    messageId: null,
  };
  await database.transact((tx) => insertMails(tx, [mail]));
  return id;
}

async function mailOf(id: string): Promise<StoredMail> {
  const all = await listMails(database, "ten_1", { state: null, ruleId: null, after: null, limit: 100 });
  const mail = all.rows.find((one) => one.id === id);
  if (!mail) throw new Error("the mail is gone");
  return mail;
}

/** The next attempt is due now. */
async function comeDue(id: string): Promise<void> {
  await database.run("test-due", "update mails set next_at = now() where id = $1", [id]);
}

function ended(id: string, attempts: number): Promise<StoredMail> {
  return until(`${attempts} attempts`, async () => {
    const mail = await mailOf(id);
    return mail.attempts.length >= attempts && mail;
  });
}

test("a mail is sent once and shown with its attempt; its address is masked in the log", async () => {
  const { url, mails } = await server();
  const id = await write();
  work(url);
  const mail = await ended(id, 1);
  expect(mail).toMatchObject({ state: "sent", nextAt: null, attempts: [{ outcome: "accepted", code: 250 }] });
  expect(mails).toHaveLength(1);
  await until("the log line", async () => lines.some((line) => line.includes(id)));
  expect(lines.join("")).toContain("t***@example.com");
  expect(lines.join("")).not.toContain("team@example.com");
});

test("a recipient that is refused for good is not tried again", async () => {
  const { url } = await server({ judge: () => 550 });
  const id = await write();
  work(url);
  expect(await ended(id, 1)).toMatchObject({
    state: "failed",
    nextAt: null,
    attempts: [{ outcome: "refused", code: 550 }],
  });
});

test("a passing fault is tried again after 1 min, 5 min, 30 min, 2 h and 6 h, then given up", async () => {
  const { url } = await server({ judge: () => 451 });
  const id = await write();
  const loop = work(url);
  for (const [index, minutes] of [1, 5, 30, 120, 360].entries()) {
    const mail = await ended(id, index + 1);
    expect(mail.state).toBe("waiting");
    const wait = ((mail.nextAt?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(wait).toBeGreaterThan(minutes - 0.5);
    expect(wait).toBeLessThan(minutes + 0.5);
    await comeDue(id);
    loop.wake();
  }
  expect(await ended(id, 6)).toMatchObject({ state: "failed", nextAt: null });
});

test("a server that was away gets the mail when it is back", async () => {
  const port = await freePort();
  const id = await write();
  const loop = work(`smtp://127.0.0.1:${port}`);
  expect(await ended(id, 1)).toMatchObject({
    state: "waiting",
    attempts: [{ outcome: "unreachable", code: null }],
  });
  const { mails } = await server({ port });
  await comeDue(id);
  loop.wake();
  expect(await ended(id, 2)).toMatchObject({ state: "sent" });
  expect(mails).toHaveLength(1);
});

test("without a mail server it is kept, with the reason", async () => {
  const id = await write();
  work(null);
  expect(await ended(id, 1)).toMatchObject({
    state: "failed",
    attempts: [{ outcome: "not_set_up", text: "no SMTP_URL is set" }],
  });
});

test("a worker that dies over a mail leaves it to the next one", async () => {
  const id = await write();
  const [claimed] = await claimMails(database, 10, 1);
  expect(claimed).toMatchObject({ id, step: 1 });
  expect(await claimMails(database, 10, 1_000)).toEqual(expect.any(Array));
  await comeDue(id);
  const { url, mails } = await server();
  work(url);
  expect(await ended(id, 1)).toMatchObject({ state: "sent" });
  expect(mails).toHaveLength(1);
});

test("several workers send each mail once", async () => {
  const { url, mails } = await server();
  const ids = await Promise.all(Array.from({ length: 30 }, (_, i) => write(`p${i}@example.com`)));
  for (let i = 0; i < 3; i++) work(url);
  await until("all mails", async () =>
    (await Promise.all(ids.map(mailOf))).every((mail) => mail.state === "sent"),
  );
  expect(new Set(mails.flatMap((mail) => mail.to)).size).toBe(30);
  expect(mails).toHaveLength(30);
});

test("a database that cannot take the result for a moment does not have the mail sent again", async () => {
  const { url, mails } = await server();
  await database.run("test-count", "create sequence refusals");
  await database.run(
    "test-refusal",
    `create function refuse() returns trigger language plpgsql as $$ begin
       if new.state = 'sent' and nextval('refusals') <= 2 then raise exception 'away'; end if;
       return new; end $$`,
  );
  await database.run(
    "test-refuse",
    "create trigger refuse before update on mails for each row execute function refuse()",
  );
  const id = await write();
  work(url);
  expect(await ended(id, 1)).toMatchObject({ state: "sent" });
  expect(mails).toHaveLength(1);
  await database.run("test-refuse-no-more", "drop trigger refuse on mails");
});
