import { expect, test } from "vitest";
import { pageOfOurs } from "../../portal/src/kit/page-of-ours.ts";

const HOME = "https://sms.example.com";

test.each([
  ["/", "/"],
  ["/commands?q=12&kind=lift#top", "/commands?q=12&kind=lift#top"],
  ["/inbox/+14155550101", "/inbox/+14155550101"],
  [`${HOME}/rules`, "/rules"],
  ["", "/"],
  ["//evil.example/x", "/"],
  ["/\\evil.example/x", "/"],
  ["\\\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/.//evil.example/x", "/"],
  ["/a/..//evil.example", "/"],
  ["https://evil.example", "/"],
  ["https:evil.example", "/evil.example"],
  ["https://sms.example.com.evil.example", "/"],
  ["https://sms.example.com@evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["data:text/html,x", "/"],
  ["http://sms.example.com/", "/"],
])("%j leads to %s", (address, page) => {
  expect(pageOfOurs(address, HOME)).toBe(page);
});
