import type { RuleMatch } from "../../domain/rule.ts";
import { literalOf } from "./literal-of.ts";
import { foldPattern, holdsWord, joinBlanks } from "./match-text.ts";
import type { RuleTools, TextTest } from "./types.ts";

const FITS: string[] = [];

/** How a rule looks at a text. */
export function compileMatch(match: RuleMatch, tools: RuleTools): TextTest {
  switch (match.type) {
    case "any":
      return () => FITS;
    case "exact": {
      const wanted = exactForm(match.pattern);
      return ({ joined }) => (joined === wanted ? FITS : null);
    }
    case "contains": {
      const part = foldPattern(match.pattern);
      if (match.wholeWord) return ({ folded }) => (holdsWord(folded, part) ? FITS : null);
      return ({ folded }) => (folded.includes(part) ? FITS : null);
    }
    case "regex": {
      const test = tools.regex(match.pattern);
      return ({ plain }) => test(plain);
    }
  }
}

/** What a text must have for a rule to be worth looking at. */
export type Demand = { kind: "exact"; text: string } | { kind: "part"; text: string } | { kind: "nothing" };

export function demandOf(match: RuleMatch): Demand {
  switch (match.type) {
    case "any":
      return { kind: "nothing" };
    case "exact":
      return { kind: "exact", text: exactForm(match.pattern) };
    case "contains":
      return { kind: "part", text: foldPattern(match.pattern) };
    case "regex": {
      const text = literalOf(match.pattern);
      return text === null ? { kind: "nothing" } : { kind: "part", text };
    }
  }
}

function exactForm(pattern: string): string {
  return joinBlanks(foldPattern(pattern));
}
