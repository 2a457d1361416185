import type { Rule } from "../../domain/rule.ts";
import type { Misfit, RuleMatched, RuleQuestion } from "./first-match.ts";
import { firstMatch, fitOf } from "./first-match.ts";
import type { RuleSet } from "./types.ts";

/** Why a rule does not take a text: it does not fit, or one before it does. */
export type Reason = Misfit | "later";

export interface Explanation {
  matched: RuleMatched | null;
  /** All others in order, `most` of them at most. */
  others: { rule: Rule; reason: Reason }[];
  counts: Partial<Record<Reason, number>>;
}

/** Which rule takes a text and why none of the others does. */
export function explain(set: RuleSet, question: RuleQuestion, most: number): Explanation {
  const matched = firstMatch(set, question);
  // The index has the last word on texts: no pattern is asked that it rules out.
  const candidates = new Set(set.candidates(question.text));
  const others: Explanation["others"] = [];
  const counts: Explanation["counts"] = {};
  for (const [place, compiled] of set.rules.entries()) {
    if (compiled === matched?.rule) continue;
    const isRuledOut = compiled.rule.enabled && !candidates.has(place);
    const fit = isRuledOut ? fitOf({ ...compiled, match: () => null }, question) : fitOf(compiled, question);
    const reason: Reason = typeof fit === "string" ? fit : "later";
    counts[reason] = (counts[reason] ?? 0) + 1;
    if (others.length < most) others.push({ rule: compiled.rule, reason });
  }
  return { matched, others, counts };
}
