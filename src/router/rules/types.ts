import type { Effect, Withheld } from "../../domain/effect.ts";
import type { ActionSpec, Rule, RuleAction } from "../../domain/rule.ts";
import type { MatchText } from "./match-text.ts";

/** The rules of one tenant, ready to be held against texts. */
export interface RuleSet {
  /** All of them in their order, those that are switched off included. */
  rules: readonly CompiledRule[];
  /** Places in `rules` of those that may fit a text, ascending; all others surely do not. */
  candidates(text: MatchText): number[];
  defaultReply: Render | null;
  /** A template asks for the reference of our last text: somebody has to look it up. */
  asksForRef: boolean;
}

export interface CompiledRule {
  rule: Rule;
  admits: SenderTest;
  match: TextTest;
  actions: CompiledAction[];
  asksForRef: boolean;
}

export type SenderTest = (from: string) => boolean;

/** The groups of a regular expression that fits (of other matches none); null = it does not fit. */
export type TextTest = (text: MatchText) => string[] | null;

/** @throws when the template takes too long or too much memory. */
export type Render = (variables: object) => string;

export interface CompiledAction {
  type: string;
  audience: Audience;
  run: (context: ActionContext) => Effect[];
}

/**
 * Whom an action reaches: the sender by text, people, or a program. Guards hold back what reaches the sender or
 * people; programs hear of every text.
 */
export type Audience = "sender" | "people" | "program";

/** A kind of action: one file of `actions/`. It says what should happen and does nothing itself. */
export interface ActionKind {
  spec: ActionSpec;
  audience: Audience;
  compile(action: RuleAction, template: (text: string) => Render): CompiledAction["run"];
}

export interface ActionContext {
  ruleId: string;
  /** What templates may name. */
  variables: object;
  /** Why the action must not happen although it is decided; null = it may. */
  withheld: Withheld | null;
  /** Makes a text fit for the air: the tenant's wishes about dear characters, and the most segments. */
  forAir: (text: string) => string;
}

/** What compiling needs of others: the engines for patterns and templates of users. */
export interface RuleTools {
  regex: (pattern: string) => (text: string) => string[] | null;
  template: (text: string) => Render;
}
