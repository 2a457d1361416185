import fc from "fast-check";
import { expect, test } from "vitest";
import { alphabetFor, forcedBy, measureText, septetsOf, unitsLeft } from "../../src/domain/sms-text.ts";

const a = (count: number) => "a".repeat(count);
const cyrillic = (count: number) => "ж".repeat(count);

/** The vectors of the trade: text, segments. */
const VECTORS: [string, string, number][] = [
  ["160 letters", a(160), 1],
  ["161 letters", a(161), 2],
  ["306 letters", a(306), 2],
  ["307 letters", a(307), 3],
  ["80 euro signs", "€".repeat(80), 1],
  ["81 euro signs", "€".repeat(81), 2],
  ["an escape pair that would be cut", `${a(152)}€${a(152)}`, 3],
  ["70 Cyrillic", cyrillic(70), 1],
  ["71 Cyrillic", cyrillic(71), 2],
  ["134 Cyrillic", cyrillic(134), 2],
  ["135 Cyrillic", cyrillic(135), 3],
  ["35 emoji", "😀".repeat(35), 1],
  ["36 emoji", "😀".repeat(36), 2],
  ["a surrogate pair that would be cut", `${cyrillic(66)}😀${cyrillic(66)}`, 3],
  ["1,224 letters", a(1_224), 8],
  ["1,225 letters", a(1_225), 9],
  ["536 Cyrillic", cyrillic(536), 8],
  ["537 Cyrillic", cyrillic(537), 9],
  ["nothing", "", 1],
];

test.each(VECTORS)("%s", (_name, text, segments) => {
  expect(measureText(text).segments).toBe(segments);
});

test("one character outside the alphabet makes the whole text UCS-2", () => {
  expect(measureText("Lift open")).toEqual({ encoding: "GSM-7", units: 9, segments: 1 });
  expect(measureText("Lift open ✓")).toEqual({ encoding: "UCS-2", units: 11, segments: 1 });
});

test.each([
  ["plain", "Lift 3 OPEN ^", "GSM-7"],
  ["a Greek capital", "Δ", "UCS-2"],
  ["the euro sign", "5 €", "UCS-2"],
])("Telnyx has a smaller alphabet: %s", (_name, text, encoding) => {
  expect(measureText(text).encoding).toBe("GSM-7");
  expect(measureText(text, "telnyx").encoding).toBe(encoding);
  expect(forcedBy(text)).toBeNull();
  expect(forcedBy(text, "telnyx") === null).toBe(encoding === "GSM-7");
  expect(unitsLeft(text, "telnyx")).toBe(encoding === "GSM-7" ? 160 - 14 : 70 - text.length);
});

test.each([
  ["+18445550001", "gsm7", "Füll ^", 7, "GSM-7"],
  ["64600", "ascii", "Full ^ {}", 9, "GSM-7"],
  ["64600", "ascii", "Füll", 4, "UCS-2"],
] as const)(
  "a short code may have an alphabet of its own: %s, %s, %s",
  (address, shortCode, text, units, encoding) => {
    const alphabet = alphabetFor({ alphabet: "gsm7", shortCodeAlphabet: "ascii" }, address);
    expect(alphabet).toBe(shortCode);
    expect(measureText(text, alphabet)).toEqual({ encoding, units, segments: 1 });
    expect(alphabetFor({ alphabet: "telnyx" }, "64600")).toBe("telnyx");
  },
);

test("a long text of characters that need escapes elsewhere has fewer parts in ASCII", () => {
  expect(measureText("^".repeat(160), "ascii").segments).toBe(1);
  expect(measureText("^".repeat(306), "ascii").segments).toBe(2);
  expect(measureText("^".repeat(160)).segments).toBe(3);
});

test("never more room than the alphabet has, never a part lost", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 500 }), (text) => {
      const { encoding, units, segments } = measureText(text);
      const gsm = [...text].every((character) => septetsOf(character) > 0);
      expect(encoding).toBe(gsm ? "GSM-7" : "UCS-2");
      const [single, joined] = gsm ? [160, 153] : [70, 67];
      expect(segments).toBeGreaterThanOrEqual(units <= single ? 1 : Math.ceil(units / joined));
      expect(segments).toBeLessThanOrEqual(units <= single ? 1 : Math.ceil(units / (joined - 1)));
    }),
  );
});
