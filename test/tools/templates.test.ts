import { expect, test } from "vitest";
import { loadTemplates } from "../../src/tools/templates.ts";

const engine = await loadTemplates();
const SENDER = { text: "one \u{1F600}", from: "14155550101", contact: { number: "+14155550101" } };

function filled(template: string, variables: object = SENDER): string {
  return engine.compile(template)(variables);
}

test.each([
  ["another template", "{% include 'x' %}"],
  ["a file", "{% render '/etc/passwd' %}"],
  ["a layout", "{% layout 'x' %}"],
  ["an expression for each of a hundred thousand numbers", "{{ (1..100000) | where_exp: 'i', 'i > 2' }}"],
  ["the same by another name", "{{ (1..100000) | group_by_exp: 'i', 'i' }}"],
  ["brackets whose variables take seconds to find", `{{ a${"[a".repeat(2_000)}${"]".repeat(2_000)} }}`],
  ["more brackets than the stack holds", `{% if ${"(".repeat(9_000)}%}x{% endif %}`],
  ["a tag that is not closed", "{% if x"],
])("%s is refused", (_case, template) => {
  expect(engine.check(template)).toMatchObject({ ok: false });
});

test.each([
  ["a long count", "{% for i in (1..99999999999) %}x{% endfor %}"],
  ["loops within loops", "{% for a in (1..999) %}{% for b in (1..999) %}{% endfor %}{% endfor %}"],
  ["a text that doubles", `{% assign a = text %}${"{% assign a = a | append: a %}".repeat(40)}`],
  [
    "a text put in for each letter",
    `${"{% assign a = a | replace: 'o', text %}".repeat(3)}{{ (1..99999) | join: text }}`,
  ],
  ["a date a gigabyte wide", "{{ 'now' | date: '%999999999Y' }}"],
])("%s is stopped", (_case, template) => {
  expect(() => filled(template)).toThrow(/limit exceeded|Invalid string length/);
});

test.each([
  ["what all objects inherit", "{{ contact.constructor }}{{ contact.__proto__ }}{{ text.toString }}", ""],
  ["names that all objects inherit", "{% assign __proto__ = 1 %}{{ constructor }}-{{ toString }}", "-"],
  ["what was put in", "{{ text }}", "{{ from }} {% raw %}", { text: "{{ from }} {% raw %}" }],
  ["half of a picture", `{{ text | split: "" | last }}`, "\uFFFD"],
  ["NUL", `a{{ "%00" | url_decode }}b{{ "AA==" | base64_decode }}c`, "abc"],
  ["an unknown name", "a{{ nobody.at.all }}b", "ab"],
])("%s: nothing that cannot be kept comes out", (_case, template, expected, variables = SENDER) => {
  expect(filled(template, variables)).toBe(expected);
});

test("long output ends between two characters", () => {
  const text = `x${"\u{1F600}".repeat(6_000)}`;
  expect(filled("{{ text }}", { text })).toBe(`x${"\u{1F600}".repeat(4_999)}`);
});
