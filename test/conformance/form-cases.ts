import { expect } from "vitest";
import type { SettingField } from "../../src/channels/types.ts";
import type { Case, Subject } from "./subject.ts";
import { filledFields, secretsOf } from "./subject.ts";

/** What the portal's form, the validation and the docs are drawn from. */
export function formCases(subject: Subject): Case[] {
  const { provider, fixture } = subject;
  return [
    { name: "the provider is described completely", run: () => described(subject) },
    ...provider.settings.map((field) => ({ name: `${field.key}: complete`, run: () => complete(field) })),
    { name: "the table's settings are accepted", run: () => accepted(subject) },
    ...provider.settings
      .filter((field) => field.required)
      .map((field) => ({
        name: `${field.key}: missing, it is named`,
        run() {
          for (const nothing of [undefined, "", null]) named(subject, field.key, nothing);
        },
      })),
    { name: "values that cannot be are named", run: () => impossible(subject) },
    ...(fixture.send ? [{ name: "the API's address can be changed", run: () => apiUrl(subject) }] : []),
  ];
}

function described({ provider }: Subject): void {
  expect(provider.provider).toMatch(/^[a-z][a-z0-9-]*$/);
  expect(provider.title).not.toBe("");
  const kinds = provider.doors.map((door) => door.kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const { kind, help } of provider.doors) {
    expect(kind).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(help.length, `help of the door ${kind}`).toBeGreaterThan(20);
  }
  const keys = provider.settings.map((field) => field.key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(provider.pacePerRouteMs ?? 1).toBeGreaterThan(0);
  expect(provider.concurrency).toBeGreaterThanOrEqual(1);
  expect(provider.maxSegments).toBeGreaterThanOrEqual(1);
  expect(provider.poll === undefined, "poll and pollAfterMs belong together").toBe(
    provider.pollAfterMs === undefined,
  );
  const waits = provider.pollAfterMs ?? [];
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
}

function complete(field: SettingField): void {
  expect(field.key).toMatch(/^[a-z][A-Za-z0-9]*$/);
  expect(field.label.trim()).not.toBe("");
  expect(field.help.trim(), "help").not.toBe("");
  expect(field.example.trim(), "example").not.toBe("");
  expect(field.type === "choice").toBe(field.choices !== undefined);
  if (field.choices) expect(field.choices).toContain(field.example);
  if (/(token|secret|password)$/i.test(field.key)) expect(field.secret, "marked as secret").toBe(true);
  if (field.secret) expect(field.type).toBe("text");
  if (field.type === "url") expect(URL.parse(field.example)?.protocol).toBe("https:");
}

function accepted(subject: Subject): void {
  const { provider, fixture } = subject;
  expect(provider.check(fixture.settings)).toEqual([]);
  const known = provider.settings.map((field) => field.key);
  expect(Object.keys(fixture.settings).filter((key) => !known.includes(key))).toEqual([]);
  const secrets = secretsOf(subject);
  expect(new Set(secrets).size, "every secret has a value of its own").toBe(secrets.length);
  for (const secret of secrets)
    expect(secret.length, "long enough to be told from words").toBeGreaterThanOrEqual(8);
}

/** `check` answers an issue of this field, without repeating any secret. */
function named(subject: Subject, key: string, value: unknown): void {
  const { provider, fixture } = subject;
  const issues = provider.check({ ...fixture.settings, [key]: value });
  expect(
    issues.map((issue) => issue.path),
    `issues with ${key} = ${JSON.stringify(value)}`,
  ).toContain(key);
  for (const { message } of issues) {
    expect(message.trim()).not.toBe("");
    for (const secret of secretsOf(subject)) expect(message).not.toContain(secret);
  }
}

function impossible(subject: Subject): void {
  for (const field of subject.provider.settings) {
    if (field.type === "url") for (const value of ["ftp://x", "no address"]) named(subject, field.key, value);
    if (field.type === "choice") named(subject, field.key, "no such choice");
  }
  for (const field of filledFields(subject, "address-list")) named(subject, field.key, ["192.0.2.256"]);
}

function apiUrl({ provider }: Subject): void {
  const field = provider.settings.find((one) => one.key === "apiUrl");
  expect(field).toMatchObject({ type: "url", required: false, secret: false, advanced: true });
}
