import { readFromFilter } from "../../domain/from-filter.ts";
import type { Rule } from "../../domain/rule.ts";
import type { SafeRegex } from "../../tools/safe-regex.ts";
import { loadSafeRegex } from "../../tools/safe-regex.ts";

/*
 * Words are looked up together however many there are; each pattern is tried on each text by itself. So there is an
 * end to their number, and to what all of them cost.
 */

const MOST_PATTERNS = 500;
/** Steps per character of a text: with these the longest text takes about half a second. */
const MOST_STEPS = 20_000;

type Patterned = Pick<Rule, "match" | "from">;

/** Why all these rules together are too much for one text; null = they are not. */
export async function faultOfPatterns(rules: readonly Patterned[]): Promise<string | null> {
  if (rules.length > MOST_PATTERNS) {
    return `an account has at most ${MOST_PATTERNS} rules with a regular expression; use contains or exact`;
  }
  const regex = await loadSafeRegex();
  const steps = rules.flatMap(patternsOf).reduce((sum, pattern) => sum + stepsOf(regex, pattern), 0);
  if (steps <= MOST_STEPS) return null;
  return "with it the regular expressions of this account would take too long on each text; use contains or exact, or repeat less";
}

function patternsOf({ match, from }: Patterned): string[] {
  const senders = readFromFilter(from ?? "").flatMap((part) => (part.kind === "regex" ? [part.pattern] : []));
  return match.type === "regex" ? [match.pattern, ...senders] : senders;
}

function stepsOf(regex: SafeRegex, pattern: string): number {
  const compiled = regex.compile(pattern);
  return compiled.ok ? compiled.steps : 0;
}
