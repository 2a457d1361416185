import { describe, expect, test } from "vitest";
import { defaultSettings } from "../../src/domain/settings.ts";
import { measureText } from "../../src/domain/sms-text.ts";
import { boardWarnings } from "../../src/router/commands/board.ts";
import { compose, composeMore, piece } from "../../src/router/commands/compose.ts";
import { renderTemplate } from "../../src/router/commands/render.ts";
import type { ReplyKey } from "../../src/router/commands/replies.ts";
import { REPLIES, validateWording } from "../../src/router/commands/replies.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";

const settings = defaultSettings("Signal Peak");

describe("the catalogue", () => {
  test.each(Object.entries(REPLIES))("%s passes the tests that an owner's text must pass", (key, text) => {
    expect(validateWording(key, text)).toBeNull();
  });

  test.each([
    ["done", "{Item}: {state}", null],
    ["done", "{Item} → {state}", "GSM-7"],
    ["done", "{Item} {colour}", "{colour}"],
    ["done", "{Item} { state", "brace"],
    ["done", "  ", "empty"],
    ["doen", "x", "no reply"],
    ["toString", "x", "no reply"],
    ["confirm", "{Ask} {Item}? Reply YES or NO.", "YES"],
    ["confirm", "{Ask} {Item}? Text cancel to stop.", "CANCEL"],
    ["dropped", "OK. To end this, send quit", "QUIT"],
    ["stop.ok", "{brand}: gone. Reply START to rejoin.", null],
    ["format", "x".repeat(307), "segments"],
    ["stop.ok", "x".repeat(161), "segments"],
  ])("%s: %j", (key, text, fault) => {
    const found = validateWording(key, text);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });

  test("an owner's text is used", () => {
    const own = structuredClone(settings);
    own.commands.wording = { done: "OK: {name} {state}" };
    const values = { name: "Gate 5", state: "open", window: "2 min" };
    expect(compose([piece("done", values)], own).text).toBe("OK: Gate 5 open");
  });
});

describe("variables without a value take their surroundings with them", () => {
  test.each([
    ["A {x}. B {y}.", { x: 1, y: null }, "A 1."],
    ["A ({x}, {y}).", { x: null, y: "12:00" }, "A (12:00)."],
    ["A ({x}, {y}). Still.", { x: null, y: null }, "A. Still."],
    ["A (b).", {}, "A (b)."],
    ["Text it, e.g. {x}. Or not.", { x: null }, "Or not."],
    ["{q} Nothing was changed.", { q: "Open it?" }, "Open it? Nothing was changed."],
  ])("%j with %j", (template, values, expected) => {
    expect(renderTemplate(template, values)).toBe(expected);
  });
});

describe("long lists", () => {
  const list = (count: number, separator: "\n" | ", ", width: number) => ({
    rows: Array.from({ length: count }, (_, i) => ({
      group: separator === ", " ? "Now open" : null,
      text: `${i + 1} ${"x".repeat(width)}`,
    })),
    separator,
  });

  test.each([
    ["menu", "\n", 3],
    ["menu", "\n", 60],
    ["done.batch", ", ", 3],
    ["done.batch", ", ", 120],
    ["confirm.batch", ", ", 20],
  ] as [ReplyKey, "\n" | ", ", number][])("%s pages with rows of %j, %d wide", (key, separator, width) => {
    for (const segmentsPerReply of [1, 2, 4]) {
      const own = { ...settings, commands: { ...settings.commands, segmentsPerReply } };
      let page = compose([{ ...piece(key, { Ask: "Open", n: 30 }), list: list(30, separator, width) }], own);
      let all = page.text;
      for (let pages = 0; page.rest && pages < 40; pages++) {
        expect(page.text).toMatch(/MORE for \d+ more\.$/);
        expect(measureText(page.text).segments).toBeLessThanOrEqual(segmentsPerReply);
        page = composeMore({ ...page.rest, until: 0 }, own);
        all += `\n${page.text}`;
      }
      expect(page.rest).toBeNull();
      for (let i = 1; i <= 30; i++) expect(all).toMatch(new RegExp(`\\b${i} x`));
    }
  });

  test("rows that are only counted are told and not promised", () => {
    const long = { ...list(300, "\n", 2), further: 5 };
    const { rest } = compose([{ ...piece("menu", { Ask: "Open" }), list: long }], settings);
    expect(rest).toMatchObject({ further: 100 });
    expect(rest?.rows).toHaveLength(200);
  });
});

test("names, aliases and verbs that are keywords are warned about", () => {
  const { kinds, items } = resortTemplate();
  expect(boardWarnings(kinds, items)).toEqual([]);
  const found = boardWarnings(
    [{ ...(kinds[0] as (typeof kinds)[number]), hints: [] }],
    [
      { name: "Stop", aliases: ["Y", "end"] },
      { name: "Stop Gate", aliases: [] },
    ],
  );
  expect(found).toHaveLength(3);
});
