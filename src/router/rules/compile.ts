import type { Rule } from "../../domain/rule.ts";
import type { MatchText } from "./match-text.ts";
import { compileSearch } from "./pattern-search.ts";
import { compileSender } from "./sender-test.ts";
import { compileMatch, demandOf } from "./text-test.ts";
import type { ActionKind, CompiledAction, CompiledRule, Render, RuleSet, RuleTools } from "./types.ts";

/*
 * Ten thousand rules must not cost ten thousand looks. What a text must have for a rule to fit is put into an
 * index: whole texts into a map, parts into one search over all of them. Only rules found there, and those that
 * demand nothing, are looked at.
 */

export const NO_RULES: RuleSet = {
  rules: [],
  candidates: () => [],
  defaultReply: null,
  asksForRef: false,
};

export function compileRule(
  rule: Rule,
  kinds: ReadonlyMap<string, ActionKind>,
  tools: RuleTools,
): CompiledRule {
  let asksForRef = false;
  const template = (text: string) => {
    asksForRef ||= namesRef(text);
    return compileTemplate(text, tools);
  };
  const actions = rule.actions.flatMap((action): CompiledAction[] => {
    const kind = kinds.get(action.type);
    // An action of a later version of the program: nothing here knows what it does.
    if (!kind) return [];
    return [{ type: action.type, audience: kind.audience, run: kind.compile(action, template) }];
  });
  return {
    rule,
    admits: compileSender(rule.from, tools),
    match: compileMatch(rule.match, tools),
    actions,
    asksForRef,
  };
}

/** A text with nothing to fill in needs no engine. */
export function compileTemplate(text: string, tools: RuleTools): Render {
  return text.includes("{{") || text.includes("{%") ? tools.template(text) : () => text;
}

function namesRef(text: string): boolean {
  return /\bref\b/.test(text);
}

/** Puts rules, given in any order, into theirs and builds the index of those that are switched on. */
export function compileRuleSet(compiled: readonly CompiledRule[], defaultReply: Render | null): RuleSet {
  const rules = compiled.toSorted(
    ({ rule: a }, { rule: b }) => a.priority - b.priority || (a.id < b.id ? -1 : 1),
  );
  const whole = new Map<string, number[]>();
  const parts = new Map<string, number[]>();
  const always: number[] = [];
  for (const [place, { rule }] of rules.entries()) {
    if (!rule.enabled) continue;
    const demand = demandOf(rule.match);
    if (demand.kind === "nothing") always.push(place);
    else note(demand.kind === "exact" ? whole : parts, demand.text, place);
  }
  const search = compileSearch([...parts.keys()]);
  const placesOfPart = [...parts.values()];
  return {
    rules,
    candidates(text: MatchText) {
      const places = [...always, ...(whole.get(text.joined) ?? [])];
      for (const part of search.find(text.folded)) places.push(...(placesOfPart[part] ?? []));
      return places.sort((a, b) => a - b);
    },
    defaultReply,
    asksForRef: rules.some((rule) => rule.asksForRef),
  };
}

function note(index: Map<string, number[]>, text: string, place: number): void {
  const places = index.get(text);
  if (places) places.push(place);
  else index.set(text, [place]);
}
