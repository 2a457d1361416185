import { expect } from "vitest";
import type { ChannelSettings, DoorRequest } from "../../src/channels/types.ts";
import { oneByteOff, otherUrls, withOneChange } from "./bodies.ts";
import type { RequestCase, Signing, Vector } from "./fixture.ts";
import { doorRequestOf, FOREIGN_ADDRESS, isGenuine, later, signatureOf, signedAt } from "./requests.ts";
import type { Case, Subject } from "./subject.ts";
import { filledFields, hasDoor } from "./subject.ts";

/** Whom a door believes. */
export function doorCases(subject: Subject): Case[] {
  if (!hasDoor(subject))
    return [{ name: "without a door every request is refused", run: () => shut(subject) }];
  const { signing } = subject.fixture;
  return [
    { name: "recorded requests are genuine", run: () => believesRecorded(subject) },
    { name: "the address counts where a list is set, and only the real one", run: () => address(subject) },
    { name: "without its settings nobody is believed", run: () => failsClosed(subject) },
    { name: "odd headers do not throw", run: () => oddHeaders(subject) },
    ...(signing ? signatureCases(subject, signing) : []),
  ];
}

function signatureCases(subject: Subject, signing: Signing): Case[] {
  const cases: Case[] = signing.headers.map((header) => ({
    name: `${header}: missing, empty, cut short, changed`,
    run: () => everyHeaderCounts(subject, header.toLowerCase()),
  }));
  cases.push(
    { name: "a wrong key, an empty key, no key", run: () => wrongKey(subject) },
    { name: "a changed byte of the body", run: () => changedBody(subject, signing) },
    { name: "a changed byte of the address", run: () => changedUrl(subject, signing) },
    { name: "another content type does not open the door", run: () => changedContentType(subject, signing) },
    { name: "an old request is no proof for another one", run: () => foreignSignature(subject, signing) },
  );
  const seconds = signing.windowSeconds;
  if (seconds !== null) {
    cases.push(
      { name: `${seconds} s early or late passes, one more does not`, run: () => replayed(subject, seconds) },
      { name: "a timestamp that is no number", run: () => oddTimestamp(subject, signing) },
    );
  }
  for (const vector of signing.vectors) {
    cases.push({ name: `vector ${vector.name}`, run: () => vectorHolds(subject, signing, vector) });
  }
  const { library } = signing;
  if (library) {
    cases.push({
      name: "signed by the vendor's own library",
      run() {
        for (const recorded of subject.fixture.requests) {
          const request = doorRequestOf(subject, recorded);
          const parts = { method: "POST" as const, url: request.url, body: recorded.body };
          const made = Object.entries(library(parts, subject.fixture.settings, signedAt(subject)));
          for (const [name, value] of made) request.headers[name.toLowerCase()] = value;
          expect(isGenuine(subject, request), recorded.name).toBe(true);
        }
      },
    });
  }
  return cases;
}

/** Genuine as it stands, and not a second past the window or with anything changed that proves it. */
function vectorHolds(subject: Subject, signing: Signing, vector: Vector): void {
  const { settings, at, body } = vector;
  const contentType = /^\s*[{[]/.test(body) ? "application/json" : "application/x-www-form-urlencoded";
  const given = Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const request: DoorRequest = {
    ...firstRequest(subject),
    method: vector.method,
    url: vector.url,
    headers: { "content-type": contentType, ...Object.fromEntries(given) },
    rawBody: Buffer.from(body),
    receivedAt: at,
  };
  expect(isGenuine(subject, request, settings)).toBe(true);
  const headers = Object.fromEntries(
    given.map(([name, value]) => [name, withOneChange(withOneChange(value, 0.25), 0.9)]),
  );
  const isHeaderless = given.every(([name]) => name === "content-type");
  if (!isHeaderless) expect(isGenuine(subject, { ...request, headers }, settings), "changed").toBe(false);
  if (signing.windowSeconds !== null) {
    for (const off of [-signing.windowSeconds - 1, signing.windowSeconds + 1]) {
      expect(isGenuine(subject, { ...request, receivedAt: later(at, off) }, settings), `${off} s`).toBe(
        false,
      );
    }
  }
  // Without a header of its own the proof stands among the fields.
  if (!isHeaderless) return;
  const [path, query = ""] = vector.url.split("?");
  const others =
    vector.method === "GET"
      ? oneByteOff(query).map((other) => ({ ...request, url: `${path}?${other}` }))
      : oneByteOff(body).map((other) => ({ ...request, rawBody: Buffer.from(other) }));
  for (const other of others) {
    expect(isGenuine(subject, other, settings), `${other.url} ${other.rawBody}`).toBe(false);
  }
}

function firstRequest(subject: Subject): DoorRequest {
  return doorRequestOf(subject, first(subject));
}

function first({ fixture }: Subject): RequestCase {
  const [recorded] = fixture.requests;
  if (!recorded) throw new Error("the table has no requests");
  return recorded;
}

function shut(subject: Subject): void {
  const recorded = { door: "inbound", contentType: "application/json", body: '{"text":"open gate 5"}' };
  expect(isGenuine(subject, doorRequestOf(subject, recorded))).toBe(false);
  expect(subject.fixture.requests).toEqual([]);
  expect(subject.fixture.signing).toBeNull();
}

function believesRecorded(subject: Subject): void {
  for (const recorded of subject.fixture.requests) {
    expect(isGenuine(subject, doorRequestOf(subject, recorded)), recorded.name).toBe(true);
  }
}

function address(subject: Subject): void {
  const hasList = filledFields(subject, "address-list").length > 0;
  const request = { ...firstRequest(subject), clientAddress: FOREIGN_ADDRESS };
  expect(isGenuine(subject, request)).toBe(!hasList);
  const forged = ["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "forwarded", "true-client-ip"];
  const headers = Object.fromEntries(forged.map((name) => [name, "127.0.0.1"]));
  expect(isGenuine(subject, { ...request, headers: { ...request.headers, ...headers } })).toBe(!hasList);
  if (subject.fixture.signing === null) expect(hasList, "neither signature nor list of addresses").toBe(true);
}

function failsClosed(subject: Subject): void {
  const { fixture, provider } = subject;
  const request = firstRequest(subject);
  const withoutSecrets = { ...fixture.settings };
  for (const field of provider.settings) if (field.secret) delete withoutSecrets[field.key];
  const empty = Object.fromEntries(provider.settings.map((field) => [field.key, ""]));
  expect(isGenuine(subject, request, {})).toBe(false);
  expect(isGenuine(subject, request, empty)).toBe(false);
  if (fixture.signing === null) return;
  const isPublic = provingKeys(subject).every((key) => !isSecret(subject, key));
  if (!isPublic) expect(isGenuine(subject, request, withoutSecrets), "without secrets").toBe(false);
}

function oddHeaders(subject: Subject): void {
  const request = firstRequest(subject);
  const names = subject.fixture.signing?.headers ?? ["authorization"];
  const odd = [
    ["a", "b"],
    [],
    "\u0000",
    "é".repeat(10_000),
    ", ,",
    "=",
    "sha256=",
    "Bearer ",
    "Basic",
    "a.b.c",
    "..",
    "e30.e30.e30",
  ];
  for (const name of names) {
    for (const value of odd) {
      const headers = { ...request.headers, [name.toLowerCase()]: value };
      if (subject.fixture.signing)
        expect(isGenuine(subject, { ...request, headers }), `${name}: ${value}`).toBe(false);
      else isGenuine(subject, { ...request, headers });
    }
  }
}

function everyHeaderCounts(subject: Subject, header: string): void {
  const request = firstRequest(subject);
  const value = request.headers[header];
  if (typeof value !== "string") throw new Error(`the table signs without ${header}`);
  const others = {
    missing: undefined,
    empty: "",
    blank: " ",
    "without its end": value.slice(0, -4),
    half: value.slice(0, value.length / 2),
    changed: withOneChange(value),
    "changed at the start": withOneChange(value, 0.25),
    "with more at its end": `${value}ab`,
  };
  for (const [what, other] of Object.entries(others)) {
    const headers = { ...request.headers, [header]: other };
    expect(isGenuine(subject, { ...request, headers }), what).toBe(false);
  }
}

/** The settings on which the proof hangs: with another value the request is not believed. */
export function provingKeys(subject: Subject): string[] {
  const { settings } = subject.fixture;
  return filledFields(subject, "text")
    .map((field) => field.key)
    .filter((key) => {
      const other = { ...settings, [key]: withOneChange(String(settings[key])) };
      return !isGenuine(subject, firstRequest(subject), other);
    });
}

function isSecret({ provider }: Subject, key: string): boolean {
  return provider.settings.some((field) => field.key === key && field.secret);
}

function wrongKey(subject: Subject): void {
  const { settings } = subject.fixture;
  const keys = provingKeys(subject).filter((key) => isSecret(subject, key) || /public/i.test(key));
  expect(keys, "a key whose change is noticed, marked as secret unless public").not.toEqual([]);
  for (const key of keys) {
    const others: ChannelSettings[] = ["", " ", undefined, null, 0].map((value) => ({
      ...settings,
      [key]: value,
    }));
    for (const other of others) expect(isGenuine(subject, firstRequest(subject), other), key).toBe(false);
    // What a forger gets who hopes for a channel without a key.
    for (const other of others.slice(0, 2)) {
      let forged: DoorRequest;
      try {
        forged = doorRequestOf(subject, first(subject), { settings: other });
      } catch {
        continue;
      }
      expect(isGenuine(subject, forged, other), `signed with the empty ${key}`).toBe(false);
    }
  }
}

function changedBody(subject: Subject, signing: Signing): void {
  const covered = signing.covers.includes("body");
  for (const recorded of subject.fixture.requests) {
    const request = doorRequestOf(subject, recorded);
    for (const body of oneByteOff(recorded.body)) {
      const genuine = isGenuine(subject, { ...request, rawBody: Buffer.from(body) });
      expect(genuine, `${recorded.name}: ${body.slice(0, 300)}`).toBe(!covered);
    }
  }
}

function changedUrl(subject: Subject, signing: Signing): void {
  const covered = signing.covers.includes("url");
  for (const recorded of subject.fixture.requests) {
    const request = doorRequestOf(subject, recorded);
    for (const url of otherUrls(request.url)) {
      expect(isGenuine(subject, { ...request, url }), `${recorded.name}: ${url}`).toBe(!covered);
    }
  }
}

export const CONTENT_TYPES = [
  "application/json",
  "application/json; charset=utf-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain",
  "application/octet-stream",
  "",
];

/** A request that was seen must not prove another body because it is read another way. */
function changedContentType(subject: Subject, signing: Signing): void {
  if (!signing.covers.includes("body")) return;
  for (const recorded of subject.fixture.requests) {
    const request = doorRequestOf(subject, recorded);
    for (const contentType of CONTENT_TYPES) {
      const headers = { ...request.headers, "content-type": contentType };
      for (const body of ["", "{}", withOneChange(recorded.body)].filter((one) => one !== recorded.body)) {
        const genuine = isGenuine(subject, { ...request, headers, rawBody: Buffer.from(body) });
        expect(genuine, `${recorded.name} as ${contentType || "nothing"}: ${body}`).toBe(false);
      }
    }
  }
}

function foreignSignature(subject: Subject, signing: Signing): void {
  if (!signing.covers.includes("body")) return;
  const { requests } = subject.fixture;
  const [one] = requests;
  for (const other of requests.filter((recorded) => recorded.body !== one?.body)) {
    const { headers } = firstRequest(subject);
    expect(isGenuine(subject, { ...doorRequestOf(subject, other), headers }), other.name).toBe(false);
  }
}

function replayed(subject: Subject, seconds: number): void {
  const at = signedAt(subject);
  const table: [off: number, genuine: boolean][] = [
    [-seconds - 1, false],
    [-seconds, true],
    [0, true],
    [seconds, true],
    [seconds + 1, false],
  ];
  for (const [off, genuine] of table) {
    const request = doorRequestOf(subject, first(subject), { at, receivedAt: later(at, off) });
    expect(isGenuine(subject, request), `received ${off} s after it was signed`).toBe(genuine);
  }
}

/** Also one that is well signed: comparing with what is no number must not let it in. */
function oddTimestamp(subject: Subject, signing: Signing): void {
  const recorded = first(subject);
  const request = firstRequest(subject);
  const at = signedAt(subject);
  for (const odd of [
    "",
    "soon",
    "NaN",
    "Infinity",
    "1e10",
    "0x65",
    `${at.getTime() / 1_000}x`,
    `-${at.getTime() / 1_000}`,
  ]) {
    for (const header of signing.headers.map((name) => name.toLowerCase())) {
      if (!/^\d{9,13}$/.test(String(request.headers[header]))) continue;
      const headers = { ...request.headers, [header]: odd };
      expect(isGenuine(subject, { ...request, headers }), `${header}: ${odd}`).toBe(false);
    }
  }
  let headers: Record<string, string>;
  try {
    const parts = { method: "POST" as const, url: request.url, body: recorded.body };
    headers = signatureOf(subject, parts, new Date(Number.NaN));
  } catch {
    // This scheme cannot even be signed without a time.
    return;
  }
  const unsound = { ...request, headers: { ...request.headers, ...headers } };
  expect(isGenuine(subject, unsound), `signed with ${JSON.stringify(headers)}`).toBe(false);
}
