import { describe, expect, test } from "vitest";
import { measureText } from "../../src/domain/sms-text.ts";
import { cutToFit, shortName, toGsm7 } from "../../src/router/sms-fit.ts";

describe("fitting a text into plain segments", () => {
  test.each([
    ["plain", "plain"],
    ["“Café” – l’été…", '"Café" - l\'été...'],
    ["Łódź", "Lodz"],
    ["Zürich Ñandú", "Zürich Ñandu"],
    ["Peak ⛷️ 5", "Peak  5"],
    ["高尾山", "???"],
    ["a\u00a0b", "a b"],
    ["ﬁve", "five"],
  ])("%j", (text, expected) => {
    expect(toGsm7(text)).toBe(expected);
  });

  test("what does not fit ends in dots", () => {
    const cut = cutToFit("€".repeat(200), 1);
    expect(measureText(cut)).toMatchObject({ encoding: "GSM-7", segments: 1 });
    expect(cut.endsWith("...")).toBe(true);
    expect(cutToFit("short", 1)).toBe("short");
  });

  test("names are shown up to 40 characters", () => {
    expect(shortName("x".repeat(40))).toHaveLength(40);
    expect(shortName("x".repeat(41))).toHaveLength(40);
  });
});
