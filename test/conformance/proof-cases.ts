import { expect } from "vitest";
import { provingKeys } from "./door-cases.ts";
import type { OnceScheme } from "./fixture.ts";
import { doorRequestOf, signatureOf, signedAt, textRequest } from "./requests.ts";
import type { Case, Subject } from "./subject.ts";
import { hasDoor } from "./subject.ts";

/** What the door must know of a proof: which settings it hangs on, and what counts only once. */
export function proofCases(subject: Subject): Case[] {
  const { signing } = subject.fixture;
  if (!hasDoor(subject)) return [];
  return [
    { name: "the settings that prove are marked", run: () => marked(subject) },
    ...(signing?.once ?? []).map((scheme) => ({
      name: `${scheme.name}: its nonce is told`,
      run: () => tellsNonce(subject, scheme),
    })),
    {
      name: "without nonces none is told, with them each signature has another",
      run: () => onceOrNot(subject),
    },
  ];
}

/** A secret that proves and is not marked could not be changed without refusing what is under way. */
function marked(subject: Subject): void {
  const { settings } = subject.provider;
  const proving = subject.fixture.signing === null ? [] : provingKeys(subject);
  const fields = settings.filter(({ key, proves }) => proves && !proving.includes(key));
  expect(fields, "marked, and nothing hangs on it").toEqual([]);
  const unmarked = settings.filter(({ key, secret, proves }) => secret && !proves && proving.includes(key));
  expect(unmarked, "a secret that proves").toEqual([]);
  expect(settings.some(({ proves }) => proves)).toBe(subject.fixture.signing !== null);
}

function tellsNonce(subject: Subject, scheme: OnceScheme): void {
  const { provider, fixture } = subject;
  const request = doorRequestOf(subject, textRequest(subject).recorded);
  const at = signedAt(subject);
  const parts = { method: "POST" as const, url: request.url, body: request.rawBody.toString("utf8") };
  const signed = Object.entries(scheme.sign(parts, fixture.settings, at, "a-nonce-of-ours"));
  const headers = {
    "content-type": request.headers["content-type"],
    ...Object.fromEntries(signed.map(([name, value]) => [name.toLowerCase(), value])),
  };
  expect(provider.verify({ ...request, headers }, fixture.settings)).toEqual({
    genuine: true,
    once: ["a-nonce-of-ours"],
  });
}

function onceOrNot(subject: Subject): void {
  const { provider, fixture } = subject;
  const request = doorRequestOf(subject, textRequest(subject).recorded);
  const nonces = () => {
    const parts = { method: "POST" as const, url: request.url, body: request.rawBody.toString("utf8") };
    const headers = { ...request.headers, ...signatureOf(subject, parts, signedAt(subject)) };
    const verdict = provider.verify({ ...request, headers }, fixture.settings);
    return verdict.genuine ? (verdict.once ?? []) : ["refused"];
  };
  const [one, other] = [nonces(), nonces()];
  if (fixture.signing?.once) expect(one).not.toEqual(other);
  else expect([...one, ...other]).toEqual([]);
}
