import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import type { ProviderAnswer } from "../../src/channels/types.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { TestContext } from "../channels/harness.ts";
import { sendContext } from "../channels/harness.ts";
import { fieldsOf, valuesWhere, withSaying } from "./bodies.ts";
import type { ProviderReply, SendFixture } from "./fixture.ts";
import type { ProviderCall, Reaction } from "./provider-server.ts";
import type { Bench, Case, Subject } from "./subject.ts";
import { secretsOf, settingsFor } from "./subject.ts";

/** Long enough for loopback on a busy machine, short enough to wait for. */
const SILENCE_MS = 100;

type Kind = Outcome["kind"];

/** How texts leave. */
export function sendCases(subject: Subject): Case[] {
  const { send } = subject.fixture;
  if (!send) return [{ name: "sends without calling anybody", run: (bench) => callsNobody(subject, bench) }];
  return [
    {
      name: "the exact request, and its answer accepted",
      run: (bench) => exactRequest(subject, send, bench),
    },
    { name: "files that go with a text", run: (bench) => exactMedia(subject, send, bench) },
    { name: "any text arrives as it is", run: (bench) => anyText(subject, send, bench) },
    { name: "without its own address only the provider is called", run: () => ownHost(subject, send) },
    { name: "without credentials nothing is called", run: (bench) => noCredentials(subject, send, bench) },
    { name: "a secret with a line break does no harm", run: (bench) => brokenSecret(subject, send, bench) },
    ...send.refusals.map(({ name, reply, outcome }) => ({
      name: `answer ${name}: ${outcome.kind}`,
      async run(bench: Bench) {
        expect(await sendWith(subject, bench, reply)).toMatchObject(outcome);
      },
    })),
    ...statusCases(subject),
    ...lostCases(subject, send),
    {
      name: "no secret in what is told, whatever the answer repeats",
      run: (bench) => leaks(subject, send, bench),
    },
    { name: "the test of the credentials sends nothing", run: (bench) => probes(subject, send, bench) },
    ...(send.polls ?? []).map((poll) => ({
      name: `asked for a state: ${poll.name}`,
      async run(bench: Bench) {
        bench.server.answer = () => poll.reply;
        const id = send.outcome.kind === "accepted" ? send.outcome.providerMessageId : null;
        const context = contextOf(subject, bench);
        expect(await subject.provider.poll?.(id ?? "", context)).toEqual(poll.expect);
        expect(bench.server.calls.map((call) => call.path)).toEqual([poll.path]);
        for (const lost of [
          "reset",
          "half",
          { status: 500, body: "" },
          { status: 200, body: "<" },
        ] as const) {
          bench.server.answer = () => lost;
          expect(await subject.provider.poll?.(id ?? "", context), JSON.stringify(lost)).toBeNull();
        }
      },
    })),
  ];
}

function statusCases(subject: Subject): Case[] {
  const html = "<html><body>Something went wrong</body></html>";
  const table: [status: number, body: string, kinds: Kind[]][] = [
    [500, "", ["uncertain"]],
    [502, html, ["uncertain"]],
    [503, "{}", ["uncertain"]],
    [504, "null", ["uncertain"]],
    [400, html, ["refused"]],
    [405, "", ["refused"]],
    [422, "[]", ["refused"]],
    [415, '{"error":null,"errors":7,"message":[]}', ["refused"]],
    [401, "", ["broken-credential"]],
    [401, html, ["broken-credential"]],
    [403, "", ["broken-credential", "refused"]],
    [402, "", ["broken-credential", "refused"]],
    [301, "", ["refused", "uncertain"]],
    [200, html, ["uncertain"]],
    [201, '{"id":"', ["uncertain"]],
    [200, "null", ["uncertain", "accepted"]],
    [200, "{}", ["uncertain", "accepted"]],
  ];
  const cases: Case[] = table.map(([status, body, kinds]) => ({
    name: `HTTP ${status} with ${body === "" ? "nothing" : body.slice(0, 20)}: ${kinds.join(" or ")}`,
    async run(bench) {
      const outcome = await sendWith(subject, bench, {
        status,
        body,
        headers: { location: "http://127.0.0.2/" },
      });
      expect(kinds, JSON.stringify(outcome)).toContain(outcome.kind);
      if (outcome.kind === "accepted") expect(outcome.providerMessageId).toBeNull();
    },
  }));
  const date = "Thu, 01 Jan 2026 00:00:00 GMT";
  const throttled: [what: string, headers: Record<string, string>, waits: (number | null)[]][] = [
    ["seconds", { "retry-after": "7" }, [7_000]],
    ["a date", { date, "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, [30_000, null]],
    ["rubbish", { "retry-after": "soon" }, [null]],
    ["nothing", {}, [null]],
  ];
  for (const [what, headers, waits] of throttled) {
    cases.push({
      name: `HTTP 429, Retry-After with ${what}`,
      async run(bench) {
        const outcome = await sendWith(subject, bench, { status: 429, body: "", headers });
        expect(outcome.kind).toBe("throttled");
        if (outcome.kind === "throttled") expect(waits).toContain(outcome.retryAfterMs);
      },
    });
  }
  return cases;
}

function lostCases(subject: Subject, send: SendFixture): Case[] {
  const before = ["connect_timeout", "ENOTFOUND", "ECONNREFUSED", "CERT_HAS_EXPIRED", "target_refused"];
  return [
    {
      name: "nobody listens, and all else before the body: unreachable",
      async run(bench) {
        const context = contextOf(subject, bench);
        context.settings = settingsFor(subject, await closedOrigin());
        const call = (request: Parameters<typeof bench.http.call>[0]) => bench.http.call(request);
        context.call = (_route, request) => call({ ...request, timeoutMs: 5_000 });
        expect((await subject.provider.send(send.text, context)).kind).toBe("unreachable");
        for (const code of before) {
          context.call = async () => ({ ok: false, reached: false, code, text: `no way: ${code}` });
          const outcome = await subject.provider.send(send.text, context);
          expect(outcome, code).toEqual({ kind: "unreachable", text: expect.any(String) });
        }
      },
    },
    ...(["silence", "reset", "half"] as const).map((reaction) => ({
      name: `${reaction} after the body: ${send.afterBodyLost}`,
      async run(bench: Bench) {
        const outcome = await sendWith(subject, bench, reaction, SILENCE_MS);
        expect(outcome.kind).toBe(send.afterBodyLost);
      },
    })),
  ];
}

/** A context whose calls may only go to the recording server. */
function contextOf(subject: Subject, bench: Bench, timeoutMs?: number): TestContext {
  const { address, country } = subject.fixture;
  const context = sendContext(bench.http, settingsFor(subject, bench.server.origin), {}, timeoutMs);
  const { call } = context;
  return Object.assign(context, {
    address,
    country,
    async call(route: string, request: Parameters<TestContext["call"]>[1]): Promise<ProviderAnswer> {
      expect(new URL(request.url).origin, "a call to a foreign host").toBe(bench.server.origin);
      expect(request.timeoutMs).toBeGreaterThanOrEqual(1_000);
      expect(request.timeoutMs).toBeLessThanOrEqual(30_000);
      for (const secret of secretsOf(subject)) expect(route, "a secret in a route").not.toContain(secret);
      return call(route, request);
    },
  });
}

/** Sends the table's text; the provider reacts this way to the one call that may be made. */
async function sendWith(
  subject: Subject,
  bench: Bench,
  reaction: Reaction | ((call: ProviderCall) => Reaction),
  timeoutMs?: number,
): Promise<Outcome> {
  const { send } = subject.fixture;
  if (!send) throw new Error("the table sends nothing");
  bench.server.reset();
  bench.server.answer = typeof reaction === "function" ? reaction : () => reaction;
  const outcome = await subject.provider.send(send.text, contextOf(subject, bench, timeoutMs));
  expect(bench.server.calls.length, "calls made for one text").toBe(1);
  tellsNothing(subject, bench, outcome);
  return outcome;
}

/** Neither a secret nor the credential as it travelled stands in an outcome. */
function tellsNothing(subject: Subject, bench: Bench, outcome: Outcome): void {
  const told = JSON.stringify(outcome);
  for (const secret of secretsOf(subject)) expect(told).not.toContain(secret);
  for (const call of bench.server.calls) {
    const credential = call.headers.authorization?.replace(/^\w+ /, "");
    if (credential) expect(told, "the credential as it was sent").not.toContain(credential);
  }
  if ("text" in outcome) {
    expect(outcome.text.trim()).not.toBe("");
    expect(outcome.text.length).toBeLessThan(1_000);
    expect(outcome.text.isWellFormed()).toBe(true);
    expect(outcome.text).not.toContain("\0");
  }
}

async function callsNobody(subject: Subject, bench: Bench): Promise<void> {
  const text = {
    id: "msg_1",
    to: "+14155550101",
    from: subject.fixture.address,
    text: "open gate 5",
    mediaUrls: [],
  };
  const context = contextOf(subject, bench);
  expect(["accepted", "parked"]).toContain((await subject.provider.send(text, context)).kind);
  await subject.provider.probe(context);
  expect(bench.server.calls).toEqual([]);
}

async function exactRequest(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  expect(await sendWith(subject, bench, send.accepted)).toEqual(send.outcome);
  const [call] = bench.server.calls;
  const { method, path, headers, body, encoding } = send.request;
  expect(call).toMatchObject({ method, path, headers });
  expect(fieldsOf(encoding, call?.body ?? "")).toEqual(body);
  if (subject.provider.idempotentSend)
    expect(JSON.stringify(call), "our id as a key").toContain(send.text.id);
}

/** What the provider declares is what its table shows: the call with files, or that it makes none. */
async function exactMedia(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  const { provider } = subject;
  expect(send.media !== undefined, "files in the table").toBe(provider.sendsMedia !== undefined);
  for (const pattern of [...(provider.mediaHosts ?? []), ...(provider.mediaAuth?.hosts ?? [])]) {
    expect(pattern).toMatch(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^/]+)*$/);
  }
  if (!send.media) return;
  const { urls, body } = send.media;
  expect(urls.length).toBe(provider.sendsMedia?.most);
  bench.server.reset();
  bench.server.answer = () => send.accepted;
  const text = { ...send.text, mediaUrls: urls };
  expect(await provider.send(text, contextOf(subject, bench))).toEqual(send.outcome);
  expect(bench.server.calls).toHaveLength(1);
  const [call] = bench.server.calls;
  const { method, path, headers, encoding } = send.request;
  expect(call).toMatchObject({ method, path, headers });
  expect(fieldsOf(encoding, call?.body ?? "")).toEqual(body);
}

async function anyText(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  const { body, encoding } = send.request;
  if (body === null) return;
  const texts = [
    'a & b = c + d % 20 "e" \\ <f>; #g',
    "Größe 5 €",
    "\u{1f3d4}\ufe0f line one\nline two",
    "{}",
  ];
  for (const text of texts) {
    bench.server.reset();
    bench.server.answer = () => send.accepted;
    await subject.provider.send({ ...send.text, text }, contextOf(subject, bench));
    const sent = fieldsOf(encoding, bench.server.calls[0]?.body ?? "");
    const places = valuesWhere(body, send.text.text, sent);
    expect(places.length, "the text stands in the body").toBeGreaterThan(0);
    for (const place of places) expect(place).toBe(text);
  }
}

async function ownHost(subject: Subject, send: SendFixture): Promise<void> {
  const { apiUrl: _, ...settings } = subject.fixture.settings;
  const example = subject.provider.settings.find((field) => field.key === "apiUrl")?.example ?? "";
  const domain = (url: string) => new URL(url).hostname.split(".").slice(-2).join(".");
  const called: string[] = [];
  const context = sendContext({ call: () => Promise.reject(new Error("no network")) }, settings);
  context.call = async (_route, request) => {
    called.push(request.url);
    return { ok: false, reached: false, code: "none", text: "no network here" };
  };
  expect((await subject.provider.send(send.text, context)).kind).toBe("unreachable");
  await subject.provider.probe(context);
  expect(called.length).toBeGreaterThan(0);
  for (const url of called) {
    expect(new URL(url).protocol).toBe("https:");
    expect(domain(url)).toBe(domain(example));
  }
}

async function noCredentials(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  bench.server.reset();
  const context = contextOf(subject, bench);
  const settings = { ...context.settings };
  for (const field of subject.provider.settings) if (field.secret) delete settings[field.key];
  context.settings = settings;
  expect((await subject.provider.send(send.text, context)).kind).toBe("broken-credential");
  expect((await subject.provider.probe(context)).kind).toBe("broken-credential");
  expect(bench.server.calls).toEqual([]);
}

/** Either the form refuses it, or it travels encoded. */
async function brokenSecret(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  for (const field of subject.provider.settings.filter((one) => one.secret)) {
    const context = contextOf(subject, bench);
    context.settings = { ...context.settings, [field.key]: "ab\r\nx-smuggled: 1" };
    if (subject.provider.check(context.settings).length > 0) continue;
    bench.server.reset();
    bench.server.answer = () => send.accepted;
    const outcome = await subject.provider.send(send.text, context);
    for (const { headers } of bench.server.calls) expect(headers).not.toHaveProperty("x-smuggled");
    // What cannot travel is a broken credential, and no provider out of reach that is tried again and again.
    if (bench.server.calls.length === 0) expect(outcome.kind, field.key).toBe("broken-credential");
  }
}

async function closedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Providers repeat in their errors what they were sent. */
async function leaks(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  const bodies = [
    "{}",
    '"no"',
    "<html>no</html>",
    ...send.refusals.map(({ reply }) => reply.body),
    send.accepted.body,
  ];
  for (const body of new Set(bodies)) {
    for (const status of [200, 400, 401, 500]) {
      const repeat = (call: ProviderCall): ProviderReply => {
        const seen = [...secretsOf(subject), call.headers.authorization ?? "", call.path];
        return { status, body: withSaying(body, `was refused: ${seen.join(" ")}`) };
      };
      await sendWith(subject, bench, repeat);
    }
  }
}

async function probes(subject: Subject, send: SendFixture, bench: Bench): Promise<void> {
  const probe = async (reaction: Reaction): Promise<Outcome> => {
    bench.server.reset();
    bench.server.answer = () => reaction;
    const outcome = await subject.provider.probe(
      contextOf(subject, bench, reaction === "silence" ? SILENCE_MS : undefined),
    );
    tellsNothing(subject, bench, outcome);
    for (const call of bench.server.calls) {
      expect(`${call.method} ${call.path}`, "a send").not.toBe(`${send.request.method} ${send.request.path}`);
    }
    return outcome;
  };
  const first = await probe({ status: 401, body: "" });
  // A provider without anything to read has no test of its own.
  if (bench.server.calls.length === 0) return;
  expect(first.kind).toBe("broken-credential");
  const failing: Reaction[] = [{ status: 500, body: "" }, "reset", "silence"];
  for (const reaction of failing)
    expect((await probe(reaction)).kind, JSON.stringify(reaction)).toBe("unreachable");
  expect((await probe({ status: 429, body: "", headers: { "retry-after": "7" } })).kind).toBe("throttled");
  if (!send.probe) return;
  expect((await probe(send.probe.accepted)).kind).toBe("accepted");
  const { method, path } = send.probe;
  expect(bench.server.calls).toMatchObject([{ method, path }]);
}
