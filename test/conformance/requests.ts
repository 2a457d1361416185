import { expect } from "vitest";
import type { ChannelSettings, DoorRequest, KeyedArrival, Parsed } from "../../src/channels/types.ts";
import type { RequestCase, SignedParts } from "./fixture.ts";
import type { Subject } from "./subject.ts";
import { secretsOf } from "./subject.ts";

/** Recorded requests as a door hands them to a provider. */
export const OWN_ADDRESS = "127.0.0.1";
export const FOREIGN_ADDRESS = "198.51.100.7";

type Recorded = Pick<RequestCase, "door" | "contentType" | "query" | "body">;

/** The second the requests are from: timestamps have no fractions. */
export function signedAt(subject: Subject): Date {
  return new Date(Math.floor(subject.fixture.now.getTime() / 1_000) * 1_000);
}

export function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1_000);
}

export function urlOf(recorded: Recorded): string {
  return `https://hub.example.com/in/Tb3fN0XkQ9/${recorded.door}${recorded.query ?? ""}`;
}

/** Signed with the fixture's settings at `at`, unless told otherwise. */
export function doorRequestOf(
  subject: Subject,
  recorded: Recorded,
  more: { at?: Date; receivedAt?: Date; settings?: ChannelSettings } = {},
): DoorRequest {
  const at = more.at ?? signedAt(subject);
  const url = urlOf(recorded);
  return {
    kind: recorded.door,
    method: "POST",
    url,
    headers: {
      host: "hub.example.com",
      "user-agent": "conformance",
      ...(recorded.contentType !== "" && { "content-type": recorded.contentType }),
      ...signatureOf(subject, { method: "POST", url, body: recorded.body }, at, more.settings),
    },
    rawBody: Buffer.from(recorded.body),
    clientAddress: OWN_ADDRESS,
    receivedAt: more.receivedAt ?? at,
  };
}

/** The headers that prove a request, with the names as a server gives them. */
export function signatureOf(
  { fixture }: Subject,
  parts: SignedParts,
  at: Date,
  settings: ChannelSettings = fixture.settings,
): Record<string, string> {
  const headers = fixture.signing?.sign(parts, settings, at) ?? {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Judges a request; what a refusal says never holds a secret. */
export function isGenuine(
  subject: Subject,
  request: DoorRequest,
  settings: ChannelSettings = subject.fixture.settings,
): boolean {
  const verdict = subject.provider.verify(request, settings);
  if (verdict.genuine) return true;
  expect(verdict.reason, "the reason of a refusal").toMatch(/^[a-z0-9_]+$/);
  expect(verdict.log, "the log line of a refusal").not.toBe("");
  for (const secret of secretsOf(subject)) expect(verdict.reason + verdict.log).not.toContain(secret);
  return false;
}

export function parse({ provider, fixture }: Subject, request: DoorRequest): Parsed {
  const { settings, address, country } = fixture;
  return provider.parse(request, { settings, address, country });
}

/** What an understood request holds. */
export function keyedArrivals(subject: Subject, request: DoorRequest): KeyedArrival[] {
  const parsed = parse(subject, request);
  expect(parsed, "a request that must be understood").toMatchObject({ ok: true });
  return parsed.ok ? parsed.arrivals : [];
}

export function keysOf(subject: Subject, request: DoorRequest): string[] {
  return keyedArrivals(subject, request).map((one) => one.dedupeKey);
}

export function requestNamed({ fixture }: Subject, name: string): RequestCase {
  const found = fixture.requests.find((one) => one.name === name);
  if (!found) throw new Error(`the table has no request "${name}"`);
  return found;
}

/** A recorded text whose words, and id where it has one, can be swapped for others. */
export function textRequest({ fixture }: Subject): {
  recorded: RequestCase;
  text: string;
  id: string | null;
} {
  for (const recorded of fixture.requests) {
    const [only, ...more] = Array.isArray(recorded.expect) ? recorded.expect : [];
    if (only?.kind !== "message" || more.length > 0 || only.text.length <= 3) continue;
    return { recorded, text: only.text, id: only.providerMessageId };
  }
  throw new Error("the table has no request that is one text");
}
