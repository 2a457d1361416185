import { expect } from "vitest";
import type { DoorRequest } from "../../src/channels/types.ts";
import type { Arrival } from "../../src/domain/arrival.ts";
import { isForm, withOddValues, withText, withUnknownFields } from "./bodies.ts";
import { CONTENT_TYPES } from "./door-cases.ts";
import type { RequestCase } from "./fixture.ts";
import {
  doorRequestOf,
  keyedArrivals,
  keysOf,
  later,
  parse,
  requestNamed,
  signedAt,
  textRequest,
} from "./requests.ts";
import type { Case, Subject } from "./subject.ts";
import { hasDoor } from "./subject.ts";

const MAX_BODY_BYTES = 256 * 1024;
/** What the largest body may cost, ms; far above what is needed, far below what a loop inside a loop costs. */
const PATIENCE_MS = 1_000;
const REPEATED_AFTER_S = 30;

/** What genuine requests are read as. */
export function arrivalCases(subject: Subject): Case[] {
  if (!hasDoor(subject)) return [];
  const { fixture } = subject;
  return [
    { name: "the table has all kinds of requests", run: () => tableIsComplete(subject) },
    ...fixture.requests.map((recorded) => ({
      name: `${recorded.name}: exact arrivals`,
      run: () => exact(subject, recorded),
    })),
    { name: "fields nobody knows change nothing", run: () => unknownFields(subject) },
    { name: "NUL and lone surrogates", run: () => oddText(subject) },
    { name: "bytes that are no text", run: () => oddBytes(subject) },
    { name: "values nobody expects", run: () => oddValues(subject) },
    { name: "a broken body is set aside", run: () => broken(subject) },
    { name: "the largest bodies take no time", run: () => huge(subject) },
    { name: "a wrong content type does not throw", run: () => wrongContentType(subject) },
    { name: "delivered again it has the same keys", run: () => repeated(subject) },
    { name: "what looks alike and is two has two keys", run: () => distinct(subject) },
    { name: "one key stands for one piece of news", run: () => noCollisions(subject) },
    { name: "the answer is short and says nothing of the text", run: () => acknowledged(subject) },
  ];
}

function expected(recorded: RequestCase): Arrival[] {
  return Array.isArray(recorded.expect) ? recorded.expect : [];
}

function tableIsComplete({ fixture, provider }: Subject): void {
  const arrivals = fixture.requests.flatMap(expected);
  const texts = arrivals.flatMap((arrival) => (arrival.kind === "message" ? [arrival.text] : []));
  const wanted = {
    "a text": texts.some((text) => /^[\x20-\x7e]{4,}$/.test(text)),
    "an emoji": texts.some((text) => /\p{Extended_Pictographic}/u.test(text)),
    "an empty text": texts.includes(""),
    "an unknown event": arrivals.some((arrival) => arrival.kind === "ignored"),
    "a receipt": provider.poll !== undefined || arrivals.some((arrival) => arrival.kind === "receipt"),
    "a repeat": fixture.repeats.length > 0,
    "a pair that is two": fixture.distinct.length > 0,
    "every door": provider.doors.every(({ kind }) => fixture.requests.some(({ door }) => door === kind)),
  };
  const absent = Object.entries(wanted).flatMap(([what, there]) => (there ? [] : [what]));
  expect(absent, "what the table lacks").toEqual([]);
  const names = fixture.requests.map((recorded) => recorded.name);
  expect(new Set(names).size, "names are used once").toBe(names.length);
}

function exact(subject: Subject, recorded: RequestCase): void {
  const request = doorRequestOf(subject, recorded);
  if (!Array.isArray(recorded.expect)) {
    const reason = expect.stringContaining(recorded.expect.unreadable);
    expect(parse(subject, request)).toEqual({ ok: false, reason });
    return;
  }
  const keyed = keyedArrivals(subject, request);
  expect(keyed.map((one) => one.arrival)).toEqual(recorded.expect);
  for (const { dedupeKey } of keyed) {
    expect(dedupeKey).not.toBe("");
    expect(dedupeKey.length, "length of the key").toBeLessThanOrEqual(1_000);
    expect(dedupeKey, "an absent field in the key").not.toMatch(/\b(undefined|NaN)\b/);
  }
  expect(new Set(keyed.map((one) => one.dedupeKey)).size, "arrivals of one request are told apart").toBe(
    keyed.length,
  );
}

/** The same request with another body; unsigned, since only reading is looked at. */
function withBody(request: DoorRequest, body: string | Buffer): DoorRequest {
  return { ...request, rawBody: Buffer.from(body) };
}

function unknownFields(subject: Subject): void {
  for (const recorded of subject.fixture.requests) {
    if (!Array.isArray(recorded.expect)) continue;
    const body = withUnknownFields(recorded.contentType, recorded.body);
    const arrivals = keyedArrivals(subject, withBody(doorRequestOf(subject, recorded), body));
    expect(
      arrivals.map((one) => one.arrival),
      recorded.name,
    ).toEqual(recorded.expect);
  }
}

function readText(subject: Subject, request: DoorRequest): string {
  const [only, ...more] = keyedArrivals(subject, request);
  expect(more).toEqual([]);
  if (only?.arrival.kind !== "message") throw new Error("it is not read as a text any more");
  const { text, from, to } = only.arrival;
  for (const value of [text, from, to, only.dedupeKey]) {
    expect(value.isWellFormed(), "well-formed Unicode").toBe(true);
    expect(value, "NUL").not.toContain("\0");
  }
  return text;
}

function oddText(subject: Subject): void {
  const { recorded, text } = textRequest(subject);
  const request = doorRequestOf(subject, recorded);
  const odd: [text: string, read: RegExp][] = [
    ["open\0 gate 5", /^open gate 5$/],
    ["open \ud83d gate 5", /^open (\ufffd{0,3}) gate 5$/],
    ["open gate 5 \udc4b", /^open gate 5( \ufffd{0,3})?$/],
    ["\u{1f3d4}\ufe0f open 5\u200d", /^\u{1f3d4}\ufe0f open 5\u200d$/u],
    ['a & b = c + d % 20 "e" \\ <f>\n#g', /^a & b = c \+ d % 20 "e" \\ <f>\n#g$/],
  ];
  for (const [given, read] of odd) {
    const body = withText(recorded.contentType, recorded.body, text, given);
    if (body === null) throw new Error(`the text of "${recorded.name}" does not stand in its body as it is`);
    expect(readText(subject, withBody(request, body)), JSON.stringify(given)).toMatch(read);
  }
}

function oddBytes(subject: Subject): void {
  const { recorded, text } = textRequest(subject);
  const body = withText(recorded.contentType, recorded.body, text, "open MARK gate 5");
  const [head = "", tail = ""] = (body ?? "").split("MARK");
  const raw = Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xc3]), Buffer.from(tail)]);
  const read = readText(subject, withBody(doorRequestOf(subject, recorded), raw));
  expect(read).toMatch(/^open (\ufffd{0,2}) gate 5$/);
}

/** Whatever stands in a field: no throw, and nothing is taken for text that is none. */
function oddValues(subject: Subject): void {
  for (const recorded of subject.fixture.requests) {
    if (!Array.isArray(recorded.expect)) continue;
    const request = doorRequestOf(subject, recorded);
    for (const body of withOddValues(recorded.contentType, recorded.body)) {
      const parsed = parse(subject, withBody(request, body));
      const told = parsed.ok
        ? parsed.arrivals.flatMap((one) => stringsOf([one.dedupeKey, one.arrival]))
        : [parsed.reason];
      for (const text of told) {
        if (text.isWellFormed() && !/\0|\[object|\bNaN\b|\bundefined\b/.test(text)) continue;
        throw new Error(`${recorded.name}: ${JSON.stringify(text)} is told of ${body.slice(0, 400)}`);
      }
    }
  }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

function broken(subject: Subject): void {
  for (const { kind } of subject.provider.doors) {
    const recorded = subject.fixture.requests.find(({ door }) => door === kind);
    if (!recorded) continue;
    const request = doorRequestOf(subject, recorded);
    const form = isForm(recorded.contentType);
    const bodies = [
      "",
      " ",
      "{",
      '{"a":',
      "null",
      "true",
      "7",
      '"text"',
      "<xml/>",
      "=&=&==",
      "%",
      "%ff=%zz",
      "a=1",
      "\0",
    ];
    bodies.push(recorded.body.slice(0, recorded.body.length / 2), `${recorded.body}}`);
    for (const body of bodies) {
      const parsed = parse(subject, withBody(request, body));
      const what = `${kind}: ${JSON.stringify(body)}`;
      if (!parsed.ok) expect(parsed.reason, what).not.toBe("");
      // A form is broken only in what it says; cut in half it may still say enough.
      else if (!form || bodies.indexOf(body) < bodies.length - 2) {
        expect(
          parsed.arrivals.filter(({ arrival }) => arrival.kind !== "ignored"),
          what,
        ).toEqual([]);
        expect(form, `${what} was taken for JSON`).toBe(true);
      }
    }
  }
}

function huge(subject: Subject): void {
  const recorded = textRequest(subject).recorded;
  const request = doorRequestOf(subject, recorded);
  const fill = (unit: string) => unit.repeat(Math.floor(MAX_BODY_BYTES / unit.length));
  const long = withText(
    recorded.contentType,
    recorded.body,
    textRequest(subject).text,
    fill("x").slice(2_000),
  );
  const bodies = [
    long ?? "",
    fill("["),
    fill('{"a":'),
    `[${fill(", ")}`,
    fill("a=1&"),
    fill("%"),
    fill('\\"'),
    fill("a&"),
  ];
  for (const body of bodies) {
    const began = process.cpuUsage();
    parse(subject, withBody(request, body));
    const { headers } = request;
    subject.provider.verify({ ...withBody(request, body), headers }, subject.fixture.settings);
    // Of this process alone: what else the machine does says nothing about the parser.
    expect(process.cpuUsage(began).user / 1_000, `${body.slice(0, 20)}…`).toBeLessThan(PATIENCE_MS);
  }
}

function wrongContentType(subject: Subject): void {
  for (const recorded of subject.fixture.requests) {
    for (const contentType of CONTENT_TYPES) {
      const request = doorRequestOf(subject, { ...recorded, contentType });
      const parsed = parse(subject, request);
      if (!parsed.ok) expect(parsed.reason).not.toBe("");
    }
  }
}

function repeated(subject: Subject): void {
  const { fixture } = subject;
  const at = signedAt(subject);
  const after = later(at, REPEATED_AFTER_S);
  for (const name of fixture.repeats) {
    const recorded = requestNamed(subject, name);
    const keys = keysOf(subject, doorRequestOf(subject, recorded));
    expect(keys, `${name}, as it was`).toEqual(
      keysOf(subject, doorRequestOf(subject, recorded, { receivedAt: after })),
    );
    const resigned = keysOf(subject, doorRequestOf(subject, recorded, { at: after, receivedAt: after }));
    if (fixture.repeatsBySignature) expect(resigned, `${name}, signed again`).not.toEqual(keys);
    else expect(resigned, `${name}, signed again`).toEqual(keys);
  }
}

function distinct(subject: Subject): void {
  const at = signedAt(subject);
  for (const [one, other] of subject.fixture.distinct) {
    const after = later(at, 60);
    const keys = keysOf(subject, doorRequestOf(subject, requestNamed(subject, one)));
    const others = doorRequestOf(subject, requestNamed(subject, other), { at: after, receivedAt: after });
    expect(
      keysOf(subject, others).filter((key) => keys.includes(key)),
      `${one} and ${other}`,
    ).toEqual([]);
  }
}

/** A receipt that tells something new must not be taken for the one before. */
function noCollisions(subject: Subject): void {
  const seen = new Map<string, string>();
  for (const recorded of subject.fixture.requests) {
    if (!Array.isArray(recorded.expect)) continue;
    for (const { dedupeKey, arrival } of keyedArrivals(subject, doorRequestOf(subject, recorded))) {
      const key = `${recorded.door} ${dedupeKey}`;
      const news = arrival.kind === "receipt" ? `${arrival.status} ${arrival.code}` : arrival.kind;
      expect(seen.get(key) ?? news, recorded.name).toBe(news);
      seen.set(key, news);
    }
  }
}

function acknowledged({ provider }: Subject): void {
  const { status, contentType, body } = provider.acknowledge();
  expect([200, 201, 202, 204]).toContain(status);
  expect(contentType).toMatch(/^[a-z]+\/[a-z.+-]+/);
  expect(body.length).toBeLessThan(200);
}
