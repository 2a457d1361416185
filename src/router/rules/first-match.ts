import type { MatchText } from "./match-text.ts";
import type { CompiledRule, RuleSet } from "./types.ts";

/** Who texted what to which channel. */
export interface RuleQuestion {
  text: MatchText;
  from: string;
  channelId: string;
}

export interface RuleMatched {
  rule: CompiledRule;
  /** Groups of a regular expression, from 1. */
  groups: string[];
}

/** The first rule in order that fits; all later ones rest. */
export function firstMatch(set: RuleSet, question: RuleQuestion): RuleMatched | null {
  for (const place of set.candidates(question.text)) {
    const rule = set.rules[place] as CompiledRule;
    const groups = fitOf(rule, question);
    if (typeof groups !== "string") return { rule, groups };
  }
  return null;
}

/** Why a rule does not take a text. */
export type Misfit = "disabled" | "channel" | "from" | "pattern";

/** The groups where a rule fits, else why it does not. */
export function fitOf({ rule, admits, match }: CompiledRule, question: RuleQuestion): string[] | Misfit {
  if (!rule.enabled) return "disabled";
  if (rule.channelId !== null && rule.channelId !== question.channelId) return "channel";
  if (!admits(question.from)) return "from";
  return match(question.text) ?? "pattern";
}
