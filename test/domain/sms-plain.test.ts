import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText } from "../../src/domain/sms-plain.ts";
import { forcedBy, measureText, unitsLeft } from "../../src/domain/sms-text.ts";

const MARKS = { substitute: true, dropAccents: false };
const ACCENTS = { substitute: false, dropAccents: true };
const BOTH = { substitute: true, dropAccents: true };
const NEITHER = { substitute: false, dropAccents: false };

describe("typographic marks", () => {
  test.each([
    ["“Lift” ‘A’", "\"Lift\" 'A'"],
    ["„so‟ ‚so‛", "\"so\" 'so'"],
    ["5′ 6″ ´a `b", "5' 6\" 'a 'b"],
    ["9–5 — no − yes", "9-5 - no - yes"],
    ["a\u00a0b\u2009c\u202fd\u2007e\tf", "a b c d e f"],
    ["• one · two", "- one - two"],
    ["wait…", "wait..."],
    ["ze\u200bro wi\u00addth \u2060x\ufeff\u200e", "zero width x"],
    ["5°C, 41 °F", "5C, 41 F"],
    ["45° slope, 30 °", "45 deg slope, 30 deg"],
    ["45°30", "45 deg 30"],
    ["½ day, 5½ days", "1/2 day, 5 1/2 days"],
    ["3×4 → 12", "3x4 -> 12"],
    ["Snow™ ©2026 Snow™️", "Snow(TM) (C)2026 Snow(TM)"],
  ])("%j", (typed, plain) => {
    const { text } = plainText(typed, MARKS);
    expect(text).toBe(plain);
    expect(measureText(text).encoding).toBe("GSM-7");
  });
});

test.each([
  ["emoji", "so 👨‍👩‍👧 ❤️ 5️⃣ 🇫🇷"],
  ["accents", "São Luís"],
  ["a joiner that Persian spells with", "می‌خواهم"],
  ["Cyrillic", "ёжик"],
  ["what the table does not name", "«a» ‐ ÷"],
])("%s are kept", (_name, text) => {
  expect(plainText(text, MARKS)).toEqual({ text, changed: [] });
});

describe("accents are a switch of their own", () => {
  test.each([
    ["áíóúçêãõ ÁÍÓÚÊÃÕ", "aiouceao AIOUEAO"],
    ["é à ñ ü Ç ö å — kept", "é à ñ ü Ç ö å — kept"],
    ["Łódź", "Lodz"],
    ["e\u0301te\u0301 a\u0301", "été a"],
    ["ёй ά", "ёй ά"],
    ["“á”", "“a”"],
  ])("%j", (typed, plain) => {
    expect(plainText(typed, ACCENTS).text).toBe(plain);
  });

  test("both together, and neither", () => {
    expect(plainText("“São” – 5°", BOTH).text).toBe('"Sao" - 5 deg');
    expect(plainText("“São” – 5°", NEITHER).text).toBe("“São” – 5°");
  });
});

describe("links and codes are never touched", () => {
  test.each([
    ["see “https://example.com/a–b…c” – now", 'see "https://example.com/a–b…c" - now'],
    ["HTTP://example.com/é·á’s and it’s", "HTTP://example.com/é·á’s and it's"],
    ["(https://example.com/ã)…", "(https://example.com/ã)..."],
    ["Your code is 482–913 – don’t share", "Your code is 482–913 - don't share"],
    ["Code: “ÁGUA·7” ’til May", 'Code: "ÁGUA·7" \'til May'],
    ["use AB12–CD34 – it’s", "use AB12–CD34 - it's"],
    ["PIN ÊÃÕ – ê", "PIN ÊÃÕ - e"],
    ["OPEN 9AM–5PM, 10–12", "OPEN 9AM-5PM, 10-12"],
    ["pinball – São", "pinball - Sao"],
  ])("%j", (typed, plain) => {
    expect(plainText(typed, BOTH).text).toBe(plain);
  });
});

test("each change says where it is in the new text", () => {
  expect(plainText("“Hi”…\u200b 5°C", MARKS)).toEqual({
    text: '"Hi"... 5C',
    changed: [
      { at: 0, from: "“", to: '"' },
      { at: 3, from: "”", to: '"' },
      { at: 4, from: "…", to: "..." },
      { at: 7, from: "\u200b", to: "" },
      { at: 9, from: "°", to: "" },
    ],
  });
});

test("what would take more segments is left as typed", () => {
  const text = `${"ж".repeat(69)}…`;
  expect(plainText(text, MARKS)).toEqual({ text, changed: [] });
});

test("the changes lead back to what was typed, a second time changes nothing, and it never costs more", () => {
  const unit = fc.constantFrom(
    ..."“’–…°½×™©á\u0301e ł5Aa:/ж😀\u200d\u00ad\t",
    "\ufe0f",
    "https://",
    "code ",
    "م",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 120 }), (typed) => {
      const { text, changed } = plainText(typed, BOTH);
      let back = "";
      let from = 0;
      for (const change of changed) {
        expect(text.slice(change.at, change.at + change.to.length)).toBe(change.to);
        back += text.slice(from, change.at) + change.from;
        from = change.at + change.to.length;
      }
      expect(back + text.slice(from)).toBe(typed);
      expect(measureText(text).segments).toBeLessThanOrEqual(measureText(typed).segments);
    }),
  );
});

test("a long text is done in no time", () => {
  for (const piece of ["“", "https://", ".", "A1-", "code ", "a\u0301"]) {
    const typed = `https://x${piece.repeat(5_000)}ж`;
    const started = performance.now();
    plainText(typed, BOTH);
    expect(performance.now() - started).toBeLessThan(10_000);
  }
});

test.each([
  ["", 160],
  ["a".repeat(160), 0],
  ["a".repeat(161), 145],
  ["€", 158],
  [`${"a".repeat(152)}€${"a".repeat(152)}`, 152],
  ["ж".repeat(70), 0],
  ["ж".repeat(71), 63],
  [`${"ж".repeat(66)}😀${"ж".repeat(66)}`, 66],
])("units left in the last segment: %#", (text, left) => {
  expect(unitsLeft(text)).toBe(left);
});

test.each([
  ["plain €", null],
  ["a “b”", { character: "“", at: 2 }],
  ["hi 👨‍👩‍👧!", { character: "👨‍👩‍👧", at: 3 }],
  ["5️⃣", { character: "5️⃣", at: 0 }],
])("what forces UCS-2: %j", (text, forced) => {
  expect(forcedBy(text)).toEqual(forced);
});
