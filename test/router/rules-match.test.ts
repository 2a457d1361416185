import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RuleMatch } from "../../src/domain/rule.ts";
import { explain } from "../../src/router/rules/explain.ts";
import { firstMatch, fitOf } from "../../src/router/rules/first-match.ts";
import { literalOf } from "../../src/router/rules/literal-of.ts";
import { foldPattern, matchText } from "../../src/router/rules/match-text.ts";
import { compileSearch } from "../../src/router/rules/pattern-search.ts";
import type { RuleSet } from "../../src/router/rules/types.ts";
import { compiled, ruleOf, setOf, tools } from "./rule-world.ts";

function question(text: string, from = "+14155550101", channelId = "chn_1") {
  return { text: matchText(text), from, channelId };
}

function taker(set: RuleSet, text: string, from?: string, channelId?: string): string | null {
  return firstMatch(set, question(text, from, channelId))?.rule.rule.name ?? null;
}

function fits(match: Partial<RuleMatch>, text: string): boolean {
  return taker(setOf([ruleOf(1, { match })]), text) !== null;
}

describe("what a text is held against", () => {
  test.each<[Partial<RuleMatch>, string, boolean]>([
    [{ type: "any" }, "whatever", true],
    [{ type: "any" }, "", true],
    [{ type: "contains", pattern: "balance" }, "my BALANCE please", true],
    [{ type: "contains", pattern: "balance" }, "unbalanced", true],
    [{ type: "contains", pattern: "balance" }, "balnce", false],
    [{ type: "contains", pattern: "straße" }, "HAUPTSTRASSE 5", true],
    [{ type: "contains", pattern: "ΟΔΟΣ" }, "οδος", true],
    [{ type: "contains", pattern: "office" }, "the oﬃce", true],
    [{ type: "contains", pattern: "café" }, "cafe\u0301 open?", true],
    [{ type: "contains", pattern: "１２" }, "gate 12", true],
    [{ type: "contains", pattern: "stop", wholeWord: true }, "please stop.", true],
    [{ type: "contains", pattern: "stop", wholeWord: true }, "it stopped", false],
    [{ type: "contains", pattern: "stop", wholeWord: true }, "stopped, now stop", true],
    [{ type: "contains", pattern: "stop", wholeWord: true }, "nonstop", false],
    [{ type: "contains", pattern: "stop", wholeWord: true }, "stop2", false],
    [{ type: "contains", pattern: "été", wholeWord: true }, "l'été!", true],
    [{ type: "contains", pattern: "caf", wholeWord: true }, "café", false],
    [{ type: "contains", pattern: "𝒳y", wholeWord: true }, "a xy b", true],
    [{ type: "contains", pattern: "?help", wholeWord: true }, "what?help me", true],
    [{ type: "contains", pattern: "ab", wholeWord: true }, "𐐀ab", false],
    [{ type: "exact", pattern: "1" }, " 1\n", true],
    [{ type: "exact", pattern: "1" }, "12", false],
    [{ type: "exact", pattern: "  Snow   Report " }, "snow\u00a0report", true],
    [{ type: "exact", pattern: "snow report" }, "snow report?", false],
    [{ type: "regex", pattern: "^order (\\d+)$" }, "ORDER 4821", true],
    [{ type: "regex", pattern: "(?-i)ORDER" }, "order", false],
    [{ type: "regex", pattern: "(?-i)ORDER" }, "my ORDER", true],
    [{ type: "regex", pattern: "l[0o]ve" }, "I L0VE it", true],
    [{ type: "regex", pattern: "^(a+)+$" }, `${"a".repeat(1_500)}!`, false],
  ])("%j and %j: %s", (match, text, wanted) => {
    expect(fits(match, text)).toBe(wanted);
  });

  test("a character that stands for eighteen does not make a text eighteen times as long", () => {
    expect(matchText("\u{FDFA}".repeat(2_000)).plain).toHaveLength(2_000);
  });

  test("a pattern that other engines never finish is answered at once", () => {
    const set = setOf([ruleOf(1, { match: { type: "regex", pattern: "(x+x+)+y" } })]);
    expect(taker(set, "x".repeat(2_000))).toBe(null);
  });
});

describe("who a rule is for", () => {
  test.each<[string | null, string, boolean]>([
    [null, "+14155550101", true],
    ["", "+14155550101", true],
    [" , ", "+14155550101", true],
    ["+14155550101", "+14155550101", true],
    ["14155550101", "+14155550101", true],
    ["4155", "+14155550101", true],
    ["+4155", "+14155550101", false],
    ["+1415…", "+14155550101", true],
    ["+1 (415) 555...", "+14155550101", true],
    ["+1212", "+14155550101", false],
    ["+1212, +1415", "+14155550101", true],
    ["+1415*", "+14155550101", true],
    ["1415*", "+14155550101", true],
    ["415*", "+14155550101", false],
    ["*0101", "+14155550101", true],
    ["+1415555010?", "+14155550101", true],
    ["+141555501?", "+14155550101", false],
    ["*5*5*5*0*9", "+14155550101", false],
    ["/^\\+1(415|628)/", "+16285550101", true],
    ["/^\\+1(415|628)/", "+12125550101", false],
    ["/5{3,4}/, 999", "+14155550101", true],
    ["acme", "ACME Bank", true],
    ["64600", "64600", true],
    ["646*", "64600", true],
  ])("%j and %s: %s", (from, number, wanted) => {
    expect(taker(setOf([ruleOf(1, { from })]), "hello", number) !== null).toBe(wanted);
  });

  test("a rule may be for one channel", () => {
    const set = setOf([ruleOf(1, { channelId: "chn_2" })]);
    expect(taker(set, "hi", undefined, "chn_2")).toBe("Rule 1");
    expect(taker(set, "hi", undefined, "chn_1")).toBe(null);
  });
});

describe("order", () => {
  test("the lowest priority comes first, of two alike the older one, and those switched off rest", () => {
    const set = setOf([
      ruleOf(4, { priority: 20 }),
      ruleOf(3, { priority: 10 }),
      ruleOf(2, { priority: 10 }),
      ruleOf(1, { priority: 5, enabled: false }),
    ]);
    expect(taker(set, "hi")).toBe("Rule 2");
  });

  test("the parts of a regular expression are told", () => {
    const set = setOf([ruleOf(1, { match: { type: "regex", pattern: "order (\\d+)( rush)?" } })]);
    expect(firstMatch(set, question("Order 4821"))?.groups).toEqual(["4821", ""]);
  });

  test("each rule that does not take a text says why", () => {
    const rules = [
      ruleOf(1, { enabled: false }),
      ruleOf(2, { channelId: "chn_9" }),
      ruleOf(3, { from: "+44" }),
      ruleOf(4, { match: { type: "contains", pattern: "snow" } }),
      ruleOf(5),
      ruleOf(6),
    ];
    const { matched, others, counts } = explain(setOf(rules), question("hello"), 4);
    expect(matched?.rule.rule.name).toBe("Rule 5");
    expect(others.map(({ rule, reason }) => `${rule.name} ${reason}`)).toEqual([
      "Rule 1 disabled",
      "Rule 2 channel",
      "Rule 3 from",
      "Rule 4 pattern",
    ]);
    expect(counts).toEqual({ disabled: 1, channel: 1, from: 1, pattern: 1, later: 1 });
  });
});

/** Few letters, so that patterns and texts meet. */
const letters = fc.stringMatching(/^[abIiſKkß ]{1,6}$/);
const match = fc.oneof(
  fc.record({
    type: fc.constantFrom("contains" as const, "exact" as const),
    pattern: letters.filter((text) => text.trim() !== ""),
    wholeWord: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("regex" as const),
    pattern: fc.constantFrom(
      "a+b",
      "ab|ba",
      "^k",
      "i?a",
      "(ab)+",
      "[ab]{2}k",
      "s",
      "ab{0,2}i",
      "\\bab\\b",
      "aa.b",
    ),
    wholeWord: fc.constant(false),
  }),
  fc.constant({ type: "any" as const, pattern: "", wholeWord: false }),
);
const rule = fc.record({
  match,
  priority: fc.integer({ min: 0, max: 3 }),
  enabled: fc.boolean(),
  from: fc.constantFrom(null, null, "+1415", "+44*"),
  channelId: fc.constantFrom(null, null, "chn_1", "chn_2"),
});

describe("the index", () => {
  test("finds the rule that looking at one after the other finds", () => {
    const some = fc.array(rule, { maxLength: 12 });
    fc.assert(
      fc.property(some, fc.stringMatching(/^[abIiſKkß\n ]{0,12}$/), (drafts, text) => {
        const rules = drafts.map((draft, number) => ruleOf(number, draft));
        const asked = question(text);
        const naive = rules
          .toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
          .find((one) => typeof fitOf(compiled(one), asked) !== "string");
        expect(firstMatch(setOf(rules), asked)?.rule.rule.id).toBe(naive?.id);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a part that a regular expression is said to need stands in every text it fits", () => {
    const atom = fc.constantFrom(
      ..."abkKs.12",
      "\\d",
      "\\.",
      "[ab]",
      "[^]a]",
      "(ab)",
      "(?:a|bk)",
      "(?i)",
      "{",
      "é",
    );
    const repeat = fc.constantFrom("", "", "", "?", "*", "+", "{2}", "{0,1}", "??", "{,2}", "{a|b}");
    const pattern = fc.array(fc.tuple(atom, repeat), { minLength: 1, maxLength: 6 });
    const text = fc.stringMatching(/^[abkKsſé.12{},]{0,14}$/);
    fc.assert(
      fc.property(pattern, text, (parts, raw) => {
        const source = parts.flat().join("");
        const literal = literalOf(source);
        if (literal === null) return;
        let test: (text: string) => unknown;
        try {
          test = tools.regex(source);
        } catch {
          return;
        }
        const { plain, folded } = matchText(raw);
        if (test(plain) !== null) expect(folded).toContain(literal);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ["^order (\\d+)", "order "],
    ["balance", "balance"],
    ["colou?r scheme", "r scheme"],
    ["yes|no", null],
    ["[0-9]{4}", null],
    ["\\Qa+b\\E", null],
    ["(?i)Snow+ report", " report"],
    ["[[:alpha:]xyz]abc", null],
    ["snow(?i)?", null],
  ])("of %j the part %j is looked for", (pattern, literal) => {
    expect(literalOf(pattern)).toBe(literal);
  });

  test("a search finds the same patterns as looking for each", () => {
    const patterns = fc.uniqueArray(fc.stringMatching(/^[ab]{1,5}$/), { maxLength: 20 });
    fc.assert(
      fc.property(patterns, fc.stringMatching(/^[abc]{0,30}$/), (list, text) => {
        const found = compileSearch(list)
          .find(text)
          .sort((a, b) => a - b);
        expect(found).toEqual(list.flatMap((one, number) => (text.includes(one) ? [number] : [])));
      }),
    );
  });

  test("of ten thousand rules a text meets only those that may fit", () => {
    const rules = Array.from({ length: 10_000 }, (_, number) => {
      const type = (["contains", "exact", "regex"] as const)[number % 3] ?? "contains";
      const pattern = type === "regex" ? `topic${number} (\\d+)` : `topic${number} `;
      return ruleOf(number, { match: { type, pattern } });
    });
    const set = setOf(rules);
    expect(set.candidates(matchText("tell me about topic4242 7"))).toHaveLength(1);
    expect(set.candidates(matchText("nothing of the kind"))).toEqual([]);
    expect(taker(set, "topic4243 12")).toBe(null);
    expect(taker(set, "about topic4244 12")).toBe("Rule 4244");
  });

  test("folding a pattern twice changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(foldPattern(foldPattern(text))).toBe(foldPattern(text));
      }),
    );
  });
});
