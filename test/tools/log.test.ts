import { expect, test } from "vitest";
import { maskPhones } from "../../src/tools/log.ts";

test.each([
  ["The number +14155550134 is not valid", "The number +1******34 is not valid"],
  ["phone_number: 14155550134, 4155550134", "phone_number: 1******34, 4******34"],
  ["(415) 555-0134 and +1 415.555.0134!", "(4******34 and +1******34!"],
  ["HTTP 503 after 15000 ms", "HTTP 503 after 15000 ms"],
  [
    "[X-Request-Id: 3f2b8f5e-1c7a-4a52-9d3c-426614174000]",
    "[X-Request-Id: 3f2b8f5e-1c7a-4a52-9d3c-426614174000]",
  ],
])("numbers in the words of others are masked: %s", (text, masked) => {
  expect(maskPhones(text)).toBe(masked);
});
