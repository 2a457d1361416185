import { describe, expect, test } from "vitest";
import { tokenise } from "../../src/router/commands/tokens.ts";

const hints = new Set(["gate", "gates", "lift"]);
const cut = (text: string) =>
  tokenise(text, (word) => hints.has(word)).map((token) => `${token.type[0]}:${token.text}`);

describe("a text is cut into words, numbers, ranges and separators", () => {
  test.each([
    ["Open  GATE 5", "w:open w:gate n:5"],
    ["gate5", "w:gate n:5"],
    ["chair5", "w:chair5"],
    ["gate #05", "w:gate n:5"],
    ["gate 000", "w:gate n:0"],
    ["Sugar 'n’ Spice", "w:sugar w:n w:spice"],
    ["Café Été", "w:cafe w:ete"],
    ["ｇａｔｅ ５", "w:gate n:5"],
    ["one eyed jack", "n:1 w:eyed w:jack"],
    ["gate twenty one", "w:gate n:21"],
    ["gate twenty-one", "w:gate n:21"],
    ["twenty ten", "n:20 n:10"],
    ["nine hundred ninety nine", "n:999"],
    ["two hundred", "n:200"],
    ["hundred acre", "w:hundred w:acre"],
    ["open 25.0", "w:open w:25.0"],
    ["open 1e2", "w:open w:1e2"],
    ["open +25", "w:open w:+25"],
    ["open -5", "w:open w:-5"],
    ["gate 1+2", "w:gate n:1 s:and n:2"],
    ["gate 1 +2", "w:gate n:1 s:and n:2"],
    ["1, 2 & 3 and 4; 5/6", "n:1 s:, n:2 s:and n:3 s:and n:4 s:; n:5 s:/ n:6"],
    ["gates 1-5", "w:gates r:1-5"],
    ["gates 1 – 5", "w:gates r:1-5"],
    ["gates one to five", "w:gates r:1-5"],
    ["gates 1 thru 5", "w:gates r:1-5"],
    ["gates 1 through 5", "w:gates r:1-5"],
    ["gates 5-1", "w:gates r:5-1"],
    ["east-face", "w:east w:face"],
    ["a\nb\r\nc", "w:a s:\n w:b s:\n w:c"],
    ["1.", "n:1"],
    ["👍 ok!", "w:ok"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(cut(text).join(" ")).toBe(expected);
  });
});
