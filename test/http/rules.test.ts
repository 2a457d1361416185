import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Program } from "../support/program.ts";
import { callApi, startProgram } from "../support/program.ts";
import { databaseText, otherTenantKey } from "./stored.ts";

let program: Program;
let channelId: string;

beforeAll(async () => {
  program = await startProgram();
  channelId = (await program.api("GET", "/v1/channels")).body.data[0].id;
});
afterAll(() => program.stop());

const REPLY = { type: "reply", text: "Thanks {{from}}!" };

async function make(over: Record<string, unknown> = {}) {
  const body = { name: "Hours", match: { type: "contains", pattern: "hours" }, actions: [REPLY], ...over };
  const answer = await program.api("POST", "/v1/rules", body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

function refused({ status, body }: ApiAnswer): string[] {
  expect(status, JSON.stringify(body)).toBe(400);
  expect(body.error).toBe("validation_error");
  return body.issues.map((issue: { path: string }) => issue.path);
}

async function removeAll(): Promise<void> {
  const { body } = await program.api("GET", "/v1/rules?limit=100");
  for (const { id } of body.data) await program.api("DELETE", `/v1/rules/${id}`);
}

describe("a rule", () => {
  test("is made with defaults, read, changed and deleted", async () => {
    await removeAll();
    const made = await make();
    expect(made).toEqual({
      id: expect.stringMatching(/^rule_/),
      name: "Hours",
      priority: 10,
      enabled: true,
      match: { type: "contains", pattern: "hours", wholeWord: false },
      from: null,
      channelId: null,
      cooldownSeconds: 60,
      shortCodes: false,
      actions: [REPLY],
      warnings: [],
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      updatedAt: expect.any(String),
      revision: expect.any(String),
    });
    const path = `/v1/rules/${made.id}`;
    const change = {
      name: "Opening hours",
      priority: 7,
      enabled: false,
      match: { type: "regex", pattern: "hours? (\\d+)", wholeWord: false },
      from: "+1415*, 64600",
      channelId,
      cooldownSeconds: 0,
      shortCodes: true,
      actions: [REPLY, { type: "email", to: "a@example.com,b@example.com", subject: "S", body: "{{text}}" }],
    };
    expect((await program.api("PATCH", path, change)).body).toMatchObject(change);
    expect((await program.api("GET", path)).body).toMatchObject(change);
    expect((await program.api("DELETE", path)).status).toBe(204);
    expect((await program.api("GET", path)).status).toBe(404);
    expect((await program.api("PATCH", path, {})).status).toBe(404);
  });

  test("can be sent back as it was answered, and nothing changes", async () => {
    const made = await make({ actions: [REPLY, { type: "webhook", url: "http://127.0.0.1:9001/a" }] });
    const read = (await program.api("GET", `/v1/rules/${made.id}`)).body;
    const { status, body } = await program.api("PATCH", `/v1/rules/${made.id}`, read);
    expect(status, JSON.stringify(body)).toBe(200);
    const now = { updatedAt: expect.any(String), revision: expect.any(String) };
    expect(body).toEqual({ ...read, ...now, warnings: [] });
  });

  test("new ones go behind the others; the list is in the order in which they are asked", async () => {
    await removeAll();
    const first = await make({ name: "first" });
    const second = await make({ name: "second" });
    const third = await make({ name: "third", priority: 15 });
    expect([first.priority, second.priority]).toEqual([10, 20]);
    const page = await program.api("GET", "/v1/rules?limit=2");
    const rest = await program.api("GET", `/v1/rules?limit=2&cursor=${page.body.nextCursor}`);
    const names = [...page.body.data, ...rest.body.data].map((rule: { name: string }) => rule.name);
    expect(names).toEqual(["first", "third", "second"]);
    const ordered = await program.api("POST", "/v1/rules/order", { ids: [second.id, third.id] });
    expect(ordered.body.data).toEqual([
      { id: second.id, priority: 10 },
      { id: third.id, priority: 20 },
    ]);
    const { body } = await program.api("GET", "/v1/rules");
    expect(body.data.map((rule: { name: string; priority: number }) => [rule.name, rule.priority])).toEqual([
      ["second", 10],
      ["third", 20],
      ["first", 30],
    ]);
    const wrong = await program.api("POST", "/v1/rules/order", { ids: [first.id, "rule_x", first.id] });
    expect(refused(wrong)).toEqual(["ids.1", "ids.2"]);
  });

  test("a new one behind the last place of all can be sent back as it was answered, too", async () => {
    const last = await make({ priority: 1_000_000 });
    const behind = await make();
    expect((await program.api("PATCH", `/v1/rules/${behind.id}`, behind)).status).toBe(200);
    const { data } = (await program.api("GET", "/v1/rules?limit=100")).body;
    const ids = data.map((rule: { id: string }) => rule.id);
    expect(ids.slice(-2)).toEqual([last.id, behind.id]);
    await removeAll();
  });

  test("belongs to its account; changes are audited; roles hold", async () => {
    const made = await make({
      from: "+14155550166",
      actions: [
        REPLY,
        { type: "webhook", url: "http://127.0.0.1:9001/sms?key=hush" },
        {
          type: "email",
          to: "desk@example.com, {{contact.number}}@sms.example.com",
          subject: "A text",
          body: "x",
        },
      ],
    });
    const other = await otherTenantKey(program);
    expect((await callApi(program.url, other, "GET", `/v1/rules/${made.id}`)).status).toBe(404);
    expect((await callApi(program.url, other, "GET", "/v1/rules")).body.data).toEqual([]);
    const { body: audit } = await program.api("GET", "/v1/audit?limit=5");
    expect(audit.data[0]).toMatchObject({ action: "rule.created", object: made.id });
    for (const [role, reads, tests, writes] of [
      ["viewer", 200, 403, 403],
      ["operator", 200, 200, 403],
      ["admin", 200, 200, 200],
    ] as const) {
      const { body } = await program.api("POST", "/v1/keys", { name: role, role });
      const call = (method: string, path: string, sent?: unknown) =>
        callApi(program.url, body.key, method, path, sent);
      const read = await call("GET", `/v1/rules/${made.id}`);
      expect(read.status).toBe(reads);
      // Who sees no people sees none here, and no address that is as good as a key.
      const seen = [read.body.from, read.body.actions[1].url, read.body.actions[2].to];
      expect(seen).toEqual(
        role === "viewer"
          ? ["+1******66", "http://127.0.0.1:9001/…", "…@example.com, …@sms.example.com"]
          : [
              "+14155550166",
              "http://127.0.0.1:9001/sms?key=hush",
              "desk@example.com, {{contact.number}}@sms.example.com",
            ],
      );
      const { data } = (await call("GET", "/v1/rules")).body;
      expect(data.find((rule: { id: string }) => rule.id === made.id)).toEqual(read.body);
      expect((await call("POST", "/v1/rules/test", { from: "+14155550177", text: "hi" })).status).toBe(tests);
      expect((await call("PATCH", `/v1/rules/${made.id}`, { name: role })).status).toBe(writes);
      expect((await call("GET", "/v1/mails")).status).toBe(role === "viewer" ? 403 : 200);
    }
  });
});

test("what went wrong since it was saved does not keep a rule from being switched off", async () => {
  const { body: channel } = await program.api("POST", "/v1/channels", {
    provider: "simulator",
    name: "Short-lived",
    address: "+14155550199",
  });
  const made = await make({ channelId: channel.id });
  await program.api("DELETE", `/v1/channels/${channel.id}`);
  expect((await program.api("PATCH", `/v1/rules/${made.id}`, { enabled: false })).body.enabled).toBe(false);
  expect(refused(await program.api("PATCH", `/v1/rules/${made.id}`, { channelId: channel.id }))).toEqual([
    "channelId",
  ]);
});

describe("what is refused", () => {
  const contains = { type: "contains", pattern: "x" };
  const template = (text: string) => ({ actions: [{ type: "reply", text }] });
  test.each<[string, Record<string, unknown>, string]>([
    ["no action", { actions: [] }, "actions"],
    ["an unknown action", { actions: [{ type: "fax" }] }, "actions.0.type"],
    ["a reply without text", { actions: [{ type: "reply" }] }, "actions.0.text"],
    ["a field of another action", { actions: [{ ...REPLY, url: "https://example.com" }] }, "actions.0.url"],
    ["four replies", { actions: [REPLY, REPLY, REPLY, REPLY] }, "actions"],
    ["an unknown type", { match: { type: "soundex", pattern: "x" } }, "match.type"],
    ["an empty pattern", { match: { type: "contains", pattern: "  " } }, "match.pattern"],
    ["a broken expression", { match: { type: "regex", pattern: "a(b" } }, "match.pattern"],
    ["look-ahead", { match: { type: "regex", pattern: "(?=x)" } }, "match.pattern"],
    ["a back reference", { match: { type: "regex", pattern: "(a)\\1" } }, "match.pattern"],
    ["501 characters", { match: { type: "regex", pattern: "a".repeat(501) } }, "match.pattern"],
    ["a pattern of 250 KB", { match: { type: "regex", pattern: "(a+)+".repeat(50_000) } }, "match.pattern"],
    ["a bomb of repeats", { match: { type: "regex", pattern: "((a{100}){100}){100}" } }, "match.pattern"],
    ["a pattern that costs much", { match: { type: "regex", pattern: ".{999}.{999}" } }, "match.pattern"],
    ["a broken expression for senders", { from: "+1415, /(/" }, "from"],
    ["a filter of nothing", { from: "()" }, "from"],
    ["another account's channel", { channelId: "chn_other" }, "channelId"],
    ["a negative pause", { cooldownSeconds: -1 }, "cooldownSeconds"],
    ["a template that is not closed", template("Hi {{from"), "actions.0.text"],
    ["an unknown filter", template("Hi {{ from | shout }}"), "actions.0.text"],
    ["another template", template("{% include 'x' %}"), "actions.0.text"],
    [
      "a template that counts to a million",
      template("{% for i in (1..1000000) %}x{% endfor %}"),
      "actions.0.text",
    ],
    [
      "no address",
      { actions: [{ type: "email", to: "a@b, nobody", subject: "S", body: "B" }] },
      "actions.0.to",
    ],
    [
      "an address that hides another",
      { actions: [{ type: "email", to: "a@b.c\r\nBcc: x@y.z", subject: "S", body: "B" }] },
      "actions.0.to",
    ],
    ["an address inside", { actions: [{ type: "webhook", url: "http://10.0.0.1/" }] }, "actions.0.url"],
    ["no web address", { actions: [{ type: "webhook", url: "ftp://example.com" }] }, "actions.0.url"],
    ["an unknown key", { colour: "red" }, "colour"],
  ])("%s", async (_case, over, path) => {
    const body = { name: "Rule", match: contains, actions: [REPLY], ...over };
    expect(refused(await program.api("POST", "/v1/rules", body))).toContain(path);
  });

  test("more patterns than can be tried on each text", async () => {
    await program.app.database.run(
      "test-patterns",
      `insert into rules (id, tenant_id, name, priority, enabled, match, actions)
       select 'rule_p' || n, $1, 'p', 9000 + n, true, '{"type":"regex","pattern":"zz9+","wholeWord":false}', '[]'
       from generate_series(1, 500) n`,
      [program.tenantId],
    );
    const pattern = { name: "One more", match: { type: "regex", pattern: "a+" }, actions: [REPLY] };
    expect(refused(await program.api("POST", "/v1/rules", pattern))).toEqual(["match.pattern"]);
    const sender = { name: "From", match: { type: "any" }, from: "/^1415/", actions: [REPLY] };
    expect(refused(await program.api("POST", "/v1/rules", sender))).toEqual(["from"]);
    await make();
    await program.app.database.run("test-no-patterns", "delete from rules where id like 'rule_p%'");
  });

  test("patterns that together take too long on each text", async () => {
    await program.app.database.run(
      "test-dear-patterns",
      `insert into rules (id, tenant_id, name, priority, enabled, match, actions)
       select 'rule_p' || n, $1, 'p', 9000 + n, true, '{"type":"regex","pattern":"(a?b?){160}z","wholeWord":false}', '[]'
       from generate_series(1, 20) n`,
      [program.tenantId],
    );
    const dear = { name: "One more", match: { type: "regex", pattern: "(x?y?){160}z" }, actions: [REPLY] };
    const answer = await program.api("POST", "/v1/rules", dear);
    expect(refused(answer)).toEqual(["match.pattern"]);
    expect(answer.body.issues[0].message).toContain("too long on each text");
    await make();
    await program.app.database.run("test-no-patterns", "delete from rules where id like 'rule_p%'");
  });

  test("a fault in a template is told with its place", async () => {
    const body = {
      name: "Rule",
      match: contains,
      actions: [{ type: "reply", text: "Hi\n{{ from | shout }}" }],
    };
    const { body: answer } = await program.api("POST", "/v1/rules", body);
    expect(answer.issues[0].message).toContain("line:2, col:1");
  });

  test("a default reply that is no good", async () => {
    const patch = (defaultReply: string) => program.api("PATCH", "/v1/settings", { rules: { defaultReply } });
    expect(refused(await patch("{{ from | shout }}"))).toEqual(["rules.defaultReply"]);
    expect((await patch("Sorry {{from}}?")).status).toBe(200);
    await program.api("PATCH", "/v1/settings", { rules: { defaultReply: null } });
  });
});

describe("what is allowed and warned about", () => {
  const reply = (text: string) => ({ actions: [{ type: "reply", text }] });
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      "STOP alone",
      { match: { type: "exact", pattern: "Stop" } },
      /STOP is answered before rules: it is never reached/,
    ],
    [
      "STOP within",
      { match: { type: "contains", pattern: "stop", wholeWord: true } },
      /reached only where more stands/,
    ],
    [
      "STOP as an expression",
      { match: { type: "regex", pattern: "^(stop|quit)$" } },
      /STOP is answered before rules/,
    ],
    ["HELP", { match: { type: "exact", pattern: "help" } }, /HELP is answered before rules/],
    ["an unknown variable", reply("Hi {{firstName}}"), /no variable \{\{firstName\}\}/],
    ["an unknown part of the contact", reply("Hi {{contact.name}}"), /no variable \{\{contact.name\}\}/],
    [
      "a group that the expression does not have",
      { match: { type: "regex", pattern: "^(\\w+) hours" }, ...reply("{{match.1}} {{match.2}}") },
      /^actions.0.text: \{\{match.2\}\} stays empty: the expression has one part in brackets/,
    ],
    ["groups without an expression", reply("{{match.1}}"), /only where the rule is a regular expression/],
    ["a long reply", reply("x".repeat(1_300)), /more than 8 segments/],
    ["a blank at the end", { match: { type: "contains", pattern: "hours " } }, /begins or ends with a blank/],
    [
      "mails without a server",
      { actions: [{ type: "email", to: "a@b.c", subject: "S", body: "B" }] },
      /No SMTP_URL/,
    ],
  ])("%s", async (_case, over, warning) => {
    expect((await make(over)).warnings.join()).toMatch(warning);
  });

  test("a rule behind one that takes everything", async () => {
    await removeAll();
    await make({ name: "Everything", match: { type: "any" } });
    expect((await make()).warnings).toEqual(['The rule "Everything" comes before it and takes every text.']);
    await removeAll();
  });

  test("a pattern for everything is not warned of STOP", async () => {
    expect((await make({ match: { type: "regex", pattern: ".*" } })).warnings).toEqual([]);
    await removeAll();
  });
});

describe("webhooks of rules", () => {
  const url = "http://127.0.0.1:9001/sms?key=hush";

  test("the secret is shown once, stays, and can be changed", async () => {
    const made = await make({ actions: [REPLY, { type: "webhook", url }] });
    const { secret, endpointId } = made.actions[1];
    expect(secret).toMatch(/^whsec_/);
    const path = `/v1/rules/${made.id}`;
    const read = (await program.api("GET", path)).body;
    expect(read.actions[1]).toEqual({ type: "webhook", url, endpointId, secret: "••••", secretSet: true });
    const renamed = (await program.api("PATCH", path, { name: "Other" })).body;
    expect(renamed.actions[1]).toMatchObject({ endpointId, secret: "••••" });
    const own = `whsec_${Buffer.from("a secret of twenty-four!").toString("base64")}`;
    const changed = await program.api("PATCH", path, { actions: [{ type: "webhook", url, secret: own }] });
    expect(changed.body.actions).toEqual([
      { type: "webhook", url, endpointId, secret: own, secretSet: true },
    ]);
    const stored = await databaseText(program.databaseUrl);
    for (const text of [secret, own]) expect(stored).not.toContain(text);
    for (const text of [secret, own, "hush"]) expect(program.logLines.join("")).not.toContain(text);
    const { body: audit } = await program.api("GET", "/v1/audit?limit=100");
    for (const text of [secret, own, "hush"]) expect(JSON.stringify(audit)).not.toContain(text);
  });

  test("the endpoint is the rule's: made with it, changed with its address, gone with it", async () => {
    const made = await make({ actions: [{ type: "webhook", url }] });
    const first = made.actions[0].endpointId;
    const endpoint = (await program.api("GET", `/v1/endpoints/${first}`)).body;
    expect(endpoint).toMatchObject({ source: "rule", format: "mobile-api-connect" });
    const moved = await program.api("PATCH", `/v1/rules/${made.id}`, {
      actions: [{ type: "webhook", url: "http://127.0.0.1:9001/new" }],
    });
    const second = moved.body.actions[0];
    expect(second.secret).toMatch(/^whsec_/);
    expect((await program.api("GET", `/v1/endpoints/${first}`)).status).toBe(404);
    await program.api("DELETE", `/v1/rules/${made.id}`);
    expect((await program.api("GET", `/v1/endpoints/${second.endpointId}`)).status).toBe(404);
  });

  test("one address stands in a rule once", async () => {
    const webhook = { type: "webhook", url };
    const body = { name: "Rule", match: { type: "any" }, actions: [webhook, webhook] };
    expect(refused(await program.api("POST", "/v1/rules", body))).toEqual(["actions.1.url"]);
  });
});

describe("trying a text", () => {
  const from = "+14155550188";
  const tryText = async (text: string, over: Record<string, unknown> = {}) =>
    (await program.api("POST", "/v1/rules/test", { from, text, ...over })).body;

  test("says which rule takes it, what would be sent, and why the others do not", async () => {
    await removeAll();
    const off = await make({ name: "Off", enabled: false });
    const snow = await make({ name: "Snow", match: { type: "exact", pattern: "snow" } });
    const hours = await make({
      actions: [
        { type: "reply", text: "Hi {{from}}: {{text}}" },
        { type: "email", to: "a@example.com", subject: "From {{from}}", body: "{{text}}" },
        { type: "webhook", url: "http://127.0.0.1:9001/try" },
      ],
    });
    const any = await make({ name: "Rest", match: { type: "any" } });
    const answer = await tryText("your hours?");
    expect(answer).toMatchObject({ enabled: true, takenBy: "rule", outcome: "rule" });
    expect(answer.matched).toEqual({ id: hours.id, name: "Hours", priority: 30 });
    expect(answer.actions).toEqual([
      { type: "reply", text: "Hi 14155550188: your hours?", segments: 1, withheld: null },
      {
        type: "email",
        to: "a@example.com",
        subject: "From 14155550188",
        body: "your hours?",
        withheld: null,
      },
      { type: "webhook", url: "http://127.0.0.1:9001/try", withheld: null },
    ]);
    expect(answer.others.map((one: { id: string; reason: string }) => [one.id, one.reason])).toEqual([
      [off.id, "disabled"],
      [snow.id, "pattern"],
      [any.id, "later"],
    ]);
    expect(answer.counts).toEqual({ disabled: 1, pattern: 1, later: 1 });
    const { body } = await program.api("GET", `/v1/messages?from=${encodeURIComponent(from)}`);
    expect(body.data).toEqual([]);
  });

  test("says who takes it first", async () => {
    expect(await tryText("STOP")).toMatchObject({
      takenBy: "consent",
      matched: { name: "Rest" },
      actions: [],
    });
    const { body } = await program.api("GET", "/v1/reporters");
    const reporter = body.data[0].phones[0];
    expect(await tryText("status", { from: reporter })).toMatchObject({ takenBy: "command", actions: [] });
  });

  test("says what a guard would hold back, and that rules are switched off", async () => {
    const [held] = (await tryText("your hours?", { from: "64600" })).actions;
    expect(held).toMatchObject({ type: "reply", withheld: "not_answerable" });
    await program.api("PATCH", "/v1/settings", { rules: { enabled: false } });
    const off = await tryText("your hours?");
    expect(off).toMatchObject({ enabled: false, takenBy: "nobody", matched: { name: "Hours" }, actions: [] });
    await program.api("PATCH", "/v1/settings", { rules: { enabled: true } });
  });

  test("to one of the channels", async () => {
    const { body } = await program.api("GET", "/v1/channels");
    expect((await tryText("hours", { to: body.data[0].address })).takenBy).toBe("rule");
    const wrong = await program.api("POST", "/v1/rules/test", { from, to: "+12125550100", text: "hours" });
    expect(refused(wrong)).toEqual(["to"]);
  });
});
