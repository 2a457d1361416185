import { createHmac } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, startChild } from "../support/child.ts";
import { createDatabase } from "../support/database.ts";
import type { MailServer } from "../support/mail-server.ts";
import { startMailServer } from "../support/mail-server.ts";
import type { ApiAnswer, Program } from "../support/program.ts";
import { startProgram, until } from "../support/program.ts";
import type { Receiver } from "../support/receiver.ts";
import { startReceiver } from "../support/receiver.ts";

/** A text comes in, a rule takes it: reply, mail and webhook leave through the whole program. */

let program: Program;
let mailServer: MailServer;
let receiver: Receiver;

beforeAll(async () => {
  mailServer = await startMailServer();
  receiver = await startReceiver();
  program = await startProgram({ smtpUrl: mailServer.url, mailFrom: "Hub <hub@example.com>" });
});
afterAll(async () => {
  await program.stop();
  await mailServer.close();
  await receiver.close();
});

type Api = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

async function makeRule(api: Api, body: Record<string, unknown>) {
  const answer = await api("POST", "/v1/rules", { name: "Rule", ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

function says(api: Api, from: string, text: string): Promise<ApiAnswer> {
  return api("POST", "/v1/simulator/messages", { from, text });
}

/** What this phone has got so far, oldest first. */
async function got(api: Api, phone: string) {
  const { body } = await api("GET", `/v1/simulator/messages?phone=${encodeURIComponent(phone)}`);
  return body.data.filter((message: { direction: string }) => message.direction === "out");
}

function replies(api: Api, phone: string, count: number) {
  return until(`${count} replies to ${phone}`, async () => {
    const all = await got(api, phone);
    return all.length >= count && all;
  });
}

function logRow(text: string) {
  return until(`the log row of "${text}"`, async () => {
    const { body } = await program.api("GET", `/v1/commands?q=${encodeURIComponent(text)}`);
    return body.data[0];
  });
}

test("a reply, a mail and a signed webhook follow from one text, and the messages carry the rule", async () => {
  const phone = "+14155550201";
  const rule = await makeRule(program.api, {
    match: { type: "regex", pattern: "^balance of (\\w+)" },
    actions: [
      { type: "reply", text: "{{match.1}} has 7, {{from}}." },
      {
        type: "email",
        to: "team@example.com",
        subject: "SMS from {{from}}",
        body: "{{text}}\n{{tenantName}}",
      },
      { type: "webhook", url: receiver.url },
    ],
  });
  await says(program.api, phone, "Balance of Ana");
  const [reply] = await replies(program.api, phone, 1);
  expect(reply).toMatchObject({ text: "Ana has 7, 14155550201.", ruleId: rule.id });
  await until("the mail", async () => mailServer.mails.length > 0);
  expect(mailServer.mails[0]).toMatchObject({ to: ["team@example.com"], from: "hub@example.com" });
  expect(mailServer.mails[0]?.raw).toContain("Subject: SMS from 14155550201");
  expect(mailServer.mails[0]?.raw).toContain("Balance of Ana");
  const [call] = await receiver.received(1);
  expect(JSON.parse(call?.body ?? "")).toMatchObject({
    event: "message.received",
    from: "14155550201",
    text: "Balance of Ana",
    matchedRuleId: rule.id,
  });
  expect(call?.headers["x-mac-signature"]).toMatch(/^sha256=/);
  const { body } = await program.api("GET", `/v1/messages?from=${encodeURIComponent(phone)}`);
  expect(body.data[0]).toMatchObject({ direction: "in", ruleId: rule.id });
  const { body: events } = await program.api("GET", "/v1/events?type=message.received&limit=1");
  expect(events.data[0].data).toMatchObject({ matchedRuleId: rule.id, class: "other" });
  const mails = await program.api("GET", `/v1/mails?rule=${rule.id}`);
  expect(mails.body.data[0]).toMatchObject({
    state: "sent",
    to: "team@example.com",
    event: "rule",
    messageId: body.data[0].id,
  });
});

test("within the pause the webhook fires and the log tells what was held back", async () => {
  const phone = "+14155550202";
  const before = receiver.requests.length;
  await makeRule(program.api, {
    match: { type: "contains", pattern: "lunch" },
    actions: [
      { type: "reply", text: "At noon." },
      { type: "webhook", url: `${receiver.url}/lunch` },
    ],
  });
  await says(program.api, phone, "when is lunch?");
  await replies(program.api, phone, 1);
  await says(program.api, phone, "lunch, I asked");
  const row = await logRow("lunch, I asked");
  expect(row).toMatchObject({ outcome: "rule", reply: { text: "At noon.", withheld: "cooldown" } });
  await receiver.received(before + 2);
  expect(await got(program.api, phone)).toHaveLength(1);
});

test("a rule's address that is put right gets what waits, with the secret it had", async () => {
  const wrong = await startReceiver();
  wrong.answer = (_received, response) => void response.writeHead(404).end();
  const right = await startReceiver();
  const rule = await makeRule(program.api, {
    match: { type: "exact", pattern: "is it open" },
    actions: [{ type: "webhook", url: wrong.url }],
  });
  const [action] = rule.actions;
  await says(program.api, "+14155550206", "is it open");
  await wrong.received(1);
  const path = `/v1/rules/${rule.id}`;
  const [shown] = (await program.api("GET", path)).body.actions;
  const moved = await program.api("PATCH", path, { actions: [{ ...shown, url: right.url }] });
  expect(moved.body.actions).toEqual([{ ...shown, url: right.url }]);
  const [call] = await right.received(1);
  expect(JSON.parse(call?.body ?? "")).toMatchObject({ text: "is it open", matchedRuleId: rule.id });
  const mac = createHmac("sha256", action.secret).update(call?.body ?? "");
  expect(call?.headers["x-mac-signature"]).toBe(`sha256=${mac.digest("hex")}`);
  await program.api("DELETE", path);
  await wrong.close();
  await right.close();
});

test("a change of rules and of the default reply holds for the next text", async () => {
  const phone = "+14155550203";
  await program.api("PATCH", "/v1/settings", { rules: { defaultReply: "Sorry {{from}}?" } });
  await says(program.api, phone, "qwerty asdf");
  expect((await replies(program.api, phone, 1))[0].text).toBe("Sorry 14155550203?");
  const rule = await makeRule(program.api, {
    match: { type: "exact", pattern: "qwerty asdf" },
    actions: [{ type: "reply", text: "Taken." }],
  });
  await says(program.api, phone, "Qwerty  ASDF");
  expect((await replies(program.api, phone, 2))[1].text).toBe("Taken.");
  await program.api("PATCH", `/v1/rules/${rule.id}`, { enabled: false });
  await program.api("PATCH", "/v1/settings", { rules: { defaultReply: null } });
});

test("the reference of our last text to a person stands in the reply", async () => {
  const phone = "+14155550204";
  await makeRule(program.api, {
    match: { type: "exact", pattern: "yes to that" },
    actions: [{ type: "reply", text: "Noted for {{ref}}." }],
  });
  await program.api("POST", "/v1/messages", { to: phone, text: "Your order is ready.", ref: "order-4821" });
  await replies(program.api, phone, 1);
  await says(program.api, phone, "yes to that");
  expect((await replies(program.api, phone, 2))[1].text).toBe("Noted for order-4821.");
});

test("a text from one of our own numbers is never answered, and STOP is not a rule's", async () => {
  const { body } = await program.api("GET", "/v1/channels");
  const everything = await makeRule(program.api, {
    match: { type: "any" },
    actions: [{ type: "reply", text: "Any." }],
  });
  await says(program.api, body.data[0].address, "hello, it is me");
  expect(await logRow("hello, it is me")).toMatchObject({ outcome: "ignored_own_number" });
  await says(program.api, "+14155550205", "STOP");
  const [reply] = await replies(program.api, "+14155550205", 1);
  expect(reply.text).toContain("unsubscribed");
  await program.api("DELETE", `/v1/rules/${everything.id}`);
});

test("mail that waits survives the program being killed", async () => {
  const databaseUrl = await createDatabase();
  const port = await freePort();
  const over = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "hub@example.com" };
  const first = await startChild(databaseUrl, over);
  await makeRule(first.api, {
    match: { type: "contains", pattern: "help desk" },
    actions: [{ type: "email", to: "desk@example.com", subject: "S", body: "{{text}}" }],
  });
  await says(first.api, "+14155550206", "help desk please");
  const waiting = await until("an attempt", async () => {
    const { body } = await first.api("GET", "/v1/mails");
    return body.data[0]?.attempts.length > 0 && body.data[0];
  });
  expect(waiting).toMatchObject({ state: "waiting", attempts: [{ outcome: "unreachable" }] });
  await first.kill();
  const server = await startMailServer({ port });
  const second = await startChild(databaseUrl, over);
  await dueNow(databaseUrl);
  await until("the mail", async () => server.mails.length > 0);
  expect(server.mails.map((mail) => mail.to)).toEqual([["desk@example.com"]]);
  await second.stop();
  await server.close();
});

async function dueNow(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query("update mails set next_at = now() where state = 'waiting'");
  await client.end();
}
