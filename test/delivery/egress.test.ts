import { expect, test } from "vitest";
import { createEgressWatch, noteCall, noteMail } from "../../src/delivery/hooks/egress.ts";

const SECOND = 1_000;

test("three hosts that nobody reaches are our own network, until one is reached or time has passed", () => {
  const watch = createEgressWatch();
  watch.note("a", false, "connect_timeout", 0);
  watch.note("b", false, "ESERVFAIL", 0);
  watch.note("b", false, "ESERVFAIL", 0);
  expect(watch.isDown(0)).toBe(false);
  watch.note("c", false, "ECONNREFUSED", 0);
  expect(watch.isDown(0)).toBe(true);
  expect(watch.isDown(59 * SECOND)).toBe(true);
  expect(watch.isDown(61 * SECOND)).toBe(false);
  for (const host of ["a", "b", "c"]) watch.note(host, false, "connect_timeout", 70 * SECOND);
  watch.note("d", true, null, 71 * SECOND);
  expect(watch.isDown(71 * SECOND)).toBe(false);
});

test("failures that lie further apart than half a minute say nothing together", () => {
  const watch = createEgressWatch();
  for (const [index, host] of ["a", "b", "c"].entries()) {
    watch.note(host, false, "connect_timeout", index * 16 * SECOND);
    expect(watch.isDown(index * 16 * SECOND)).toBe(false);
  }
});

test("hosts that were never reached are known after two failures; one that was reached is news", () => {
  const watch = createEgressWatch();
  for (let at = 0; at < 4; at++) {
    for (const host of ["a", "b"]) watch.note(host, false, "ECONNREFUSED", at * 40 * SECOND);
    expect(watch.isDown(at * 40 * SECOND)).toBe(false);
  }
  watch.note("c", false, "ECONNREFUSED", 121 * SECOND, true);
  watch.note("d", false, "ECONNREFUSED", 121 * SECOND);
  expect(watch.isDown(121 * SECOND)).toBe(false);
  // It answers, with whatever: for its lane it fails, for our network it does not.
  watch.note("e", true, null, 122 * SECOND);
  watch.note("e", false, "ESERVFAIL", 123 * SECOND, true);
  expect(watch.isDown(123 * SECOND)).toBe(true);
});

test("texts and mails tell too; a mail server on this machine says nothing", () => {
  const watch = createEgressWatch();
  const cut = { ok: false, reached: false, code: "connect_timeout", text: "" } as const;
  const unheard = { kind: "unreachable", code: null, text: "" } as const;
  noteCall(watch, "https://hooks.example.com/", cut);
  noteCall(watch, "https://provider.example.com/v1", cut);
  // It was reached: what it said is another matter.
  noteCall(watch, "https://hooks.example.com/", { ...cut, reached: true });
  for (const host of ["hooks", "provider"]) noteCall(watch, `https://${host}.example.com/`, cut);
  noteMail(watch, "smtp://127.0.0.1:25", unheard);
  expect(watch.isDown(performance.now())).toBe(false);
  noteMail(watch, "smtps://me:secret@mail.example.com", unheard);
  expect(watch.isDown(performance.now())).toBe(true);
  noteMail(watch, "smtp://localhost", { ...unheard, kind: "accepted" });
  expect(watch.isDown(performance.now())).toBe(true);
  noteMail(watch, "smtps://me:secret@mail.example.com", { ...unheard, code: 421 });
  expect(watch.isDown(performance.now())).toBe(false);
});

test("no route at all tells by one host, unless it never had one while others do", () => {
  const watch = createEgressWatch();
  watch.note("a", false, "ENETUNREACH", 0);
  expect(watch.isDown(0)).toBe(true);
  watch.note("b", true, null, SECOND);
  watch.note("a", false, "ENETUNREACH", 2 * SECOND);
  expect(watch.isDown(2 * SECOND)).toBe(false);
  watch.note("b", true, null, 3 * SECOND);
  watch.note("b", false, "ENETUNREACH", 4 * SECOND);
  expect(watch.isDown(4 * SECOND)).toBe(true);
});
