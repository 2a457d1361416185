import type { Rule } from "../src/domain/rule.ts";
import { compileRule, compileRuleSet } from "../src/router/rules/compile.ts";
import { firstMatch } from "../src/router/rules/first-match.ts";
import { matchText } from "../src/router/rules/match-text.ts";
import type { RuleSet } from "../src/router/rules/types.ts";
import { lazyTools, loadActions } from "../src/rule-book.ts";
import { loadSafeRegex } from "../src/tools/safe-regex.ts";
import { loadTemplates } from "../src/tools/templates.ts";
import { median } from "./report.ts";
import type { Setting } from "./setting.ts";

/*
 * What many rules cost: one text held against 10,000 rules, as against 10 of the same kinds. Both in one run, in
 * turns, so that the machine is the same for both.
 */

const MANY = 10_000;
const FEW = 10;
const ROUNDS = 200;

const TEXTS = [
  "hello, is anybody there?",
  "I would like to know about topic777 and when you are open on sunday",
  "topic4242",
  "order 77 please, as fast as you can, and ring me when it is there",
  "x".repeat(1_600),
];

/** A third look for a part, a third for the whole text, a third are expressions; every tenth is for one sender. */
function ruleOf(number: number): Rule {
  const type = (["contains", "exact", "regex"] as const)[number % 3] ?? "contains";
  const pattern = type === "regex" ? `^(?:about )?topic${number} (\\d+)$` : `topic${number}`;
  return {
    id: `rule_${String(number).padStart(6, "0")}`,
    name: `Rule ${number}`,
    priority: number,
    enabled: true,
    match: { type, pattern, wholeWord: number % 2 === 0 },
    from: number % 10 === 0 ? "+1415555" : null,
    channelId: null,
    cooldownSeconds: 60,
    shortCodes: false,
    actions: [{ type: "reply", text: `Thanks {{from}}, number ${number}` }],
  };
}

export async function measureRules({ quick, report }: Setting): Promise<void> {
  const tools = lazyTools(await loadSafeRegex(), await loadTemplates());
  const kinds = await loadActions();
  const setOf = (count: number): RuleSet =>
    compileRuleSet(
      Array.from({ length: count }, (_, number) => compileRule(ruleOf(number), kinds, tools)),
      null,
    );
  const began = performance.now();
  const many = setOf(MANY);
  const compileMs = performance.now() - began;
  const few = setOf(FEW);
  const times = { many: [] as number[], few: [] as number[] };
  for (let round = 0; round < ROUNDS / (quick ? 4 : 1); round++) {
    times.many.push(timeOf(many));
    times.few.push(timeOf(few));
  }
  const perText = { many: median(times.many), few: median(times.few) };
  const ratio = perText.many / perText.few;
  report.figure({
    name: "a text against 10,000 rules",
    value: perText.many,
    shown: `${(perText.many * 1_000).toFixed(0)} us`,
    aim: "under 1 ms",
    met: perText.many < 1,
  });
  report.figure({
    name: "10,000 rules / 10 rules",
    value: ratio,
    shown: `${ratio.toFixed(1)} x`,
    aim: "at most 10 x",
    met: ratio <= 10,
  });
  report.note(`10,000 rules are made ready in ${compileMs.toFixed(0)} ms.`);
}

/** Average ms of one text. */
function timeOf(set: RuleSet): number {
  const start = performance.now();
  for (const text of TEXTS) {
    firstMatch(set, { text: matchText(text), from: "+14155550101", channelId: "chn_1" });
  }
  return (performance.now() - start) / TEXTS.length;
}
