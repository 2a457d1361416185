import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPLIES } from "../../src/router/commands/replies.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";

/**
 * Rule C6: nobody is ever asked to text a word that opts out or in. Only the answers to STOP, START and HELP
 * name such words, and what operators read of a blocked route.
 */

const WORDS = "cancel|end|quit|yes|unsubscribe|revoke|remove|optout|opt out|stop|stop ?all|start|unstop";
const ASKS = new RegExp(
  `\\b(?:reply|text|send|answer|type|say|respond)(?:ing)?(?: (?:with|back|the word|us))* ["'“‘]?(?:${WORDS})\\b`,
  "i",
);

const MAY_NAME = [
  REPLIES["stop.ok"],
  REPLIES["stop.address"],
  REPLIES["stop.topic"],
  REPLIES["start.ok"],
  REPLIES["help.compliance"],
];
/** Read by operators, about what a person has to do. */
const TOLD_OPERATORS = /\b(?:must|they) text START to\b|\bThey can come back by texting START\b/;

test.each([
  ["Reply YES to go on", true],
  ["Text 'cancel' to leave", true],
  ["Please answer with END.", true],
  ["Reply OK or NO.", false],
  ["Text MENU for commands", false],
])("the lint sees %j: %s", (text, expected) => {
  expect(ASKS.test(text)).toBe(expected);
});

test("no text of the source asks for a word of consent", () => {
  const src = join(import.meta.dirname, "../../src");
  const asked = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => textsOf(readFileSync(join(src, file), "utf8")).map((text) => ({ file, text })))
    .filter(({ text }) => ASKS.test(text) && !TOLD_OPERATORS.test(text))
    .filter(({ text }) => !MAY_NAME.some((known) => known === text));
  expect(asked).toEqual([]);
});

test("nor does anything that a new account starts with", () => {
  expect(ASKS.test(JSON.stringify(resortTemplate()))).toBe(false);
});

/** Texts in quotes of any kind; comments and code between them are passed over. */
function textsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}
