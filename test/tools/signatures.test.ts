import { describe, expect, test } from "vitest";
import {
  decodeBase64,
  decodeBase64Url,
  decodeHex,
  digest,
  hmac,
  hmacBase64,
  hmacHex,
  isFreshSeconds,
  oneHeader,
  sameBytes,
  sameText,
} from "../../src/tools/signatures.ts";

describe("MACs", () => {
  test("published by GitHub and RFC 2202", () => {
    expect(hmacHex("sha256", "It's a Secret to Everybody", "Hello, World!")).toBe(
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
    expect(hmacHex("sha1", "Jefe", "what do ya want for nothing?")).toBe(
      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    );
    expect(hmacHex("md5", "Jefe", "what do ya want for nothing?")).toBe("750c783e6ab0b503eaa86e310a5db738");
  });

  test("parts are signed one after the other, texts as UTF-8", () => {
    expect(hmacBase64("sha256", "k", "a", Buffer.from("ü"), "😀")).toBe(hmacBase64("sha256", "k", "aü😀"));
    expect(hmac("sha512", "k", "").length).toBe(64);
    expect(digest("sha256", "a", "b")).toEqual(digest("sha256", "ab"));
  });
});

describe("decoding is exact", () => {
  test.each([
    ["00ff", "00ff"],
    ["00FF", "00ff"],
  ])("hex %s", (text, hex) => expect(decodeHex(text)?.toString("hex")).toBe(hex));

  test.each(["", "0", "0g", " 00", "00 ", "0x00", "00\n", "sha256=00"])("not hex: %j", (text) =>
    expect(decodeHex(text)).toBeNull(),
  );

  test("Base64 in its alphabet only", () => {
    expect(decodeBase64("+/8=")).toEqual(Buffer.from([0xfb, 0xff]));
    expect(decodeBase64Url("-_8")).toEqual(Buffer.from([0xfb, 0xff]));
  });

  test.each(["", "+/8", "+/9=", "-_8=", "+/8= ", " +/8=", "+/\n8=", "+/8==", "+/8=AA==", "=", "*"])(
    "not Base64: %j",
    (text) => expect(decodeBase64(text)).toBeNull(),
  );

  test.each(["", "-_8=", "+/8", "-_9", "-_8 ", "a"])("not Base64url: %j", (text) =>
    expect(decodeBase64Url(text)).toBeNull(),
  );
});

describe("comparing", () => {
  test("bytes: equal, changed, shorter, longer, nothing", () => {
    const bytes = Buffer.from("abc");
    expect(sameBytes(Buffer.from("abc"), bytes)).toBe(true);
    for (const other of ["abd", "ab", "abcd", ""]) expect(sameBytes(Buffer.from(other), bytes)).toBe(false);
    expect(sameBytes(null, bytes)).toBe(false);
  });

  test("texts of any length", () => {
    expect(sameText("pässword", "pässword")).toBe(true);
    for (const other of ["", "passwor", "password ", "Password"]) {
      expect(sameText(other, "password")).toBe(false);
    }
  });
});

test.each([
  [{}, null],
  [{ a: undefined }, null],
  [{ a: "" }, null],
  [{ a: [] }, null],
  [{ a: ["x", "y"] }, null],
  [{ a: ["x"] }, "x"],
  [{ a: "x" }, "x"],
])("one header of %j", (headers: Record<string, string | string[] | undefined>, value) =>
  expect(oneHeader(headers, "a")).toBe(value),
);

test.each([
  ["1700000000", true],
  ["1699999700", true],
  ["1700000300", true],
  ["1699999699", false],
  ["1700000301", false],
  ["", false],
  ["1700000000.0", false],
  ["-1700000000", false],
  [" 1700000000", false],
  ["1e9", false],
  ["0x65", false],
  ["1700000000000", false],
  ["NaN", false],
])("seconds %j within five minutes: %s", (seconds, fresh) =>
  expect(isFreshSeconds(seconds, new Date(1_700_000_000_000), 300)).toBe(fresh),
);
