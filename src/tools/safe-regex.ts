import type { RE2JS as Engine } from "re2js";

/** Regular expressions from users: RE2, whose time grows with the text and never explodes. */
export interface SafeRegex {
  /** @throws never: a bad pattern is answered as a fault in words. */
  compile(pattern: string): CompiledPattern | { ok: false; fault: string };
}

interface CompiledPattern {
  ok: true;
  matcher: RegexMatcher;
  /** What it costs for each character of a text. */
  steps: number;
  /** Parts in brackets. */
  groups: number;
}

/** The groups of the first place that fits, from 1, empty where a group took no part; null = no place fits. */
export type RegexMatcher = (text: string) => string[] | null;

/** Steps per character that a pattern may cost: `.{1000}` is refused, all that people write is far below. */
const MOST_STEPS = 1_000;

let loading: Promise<SafeRegex> | undefined;

/** Loads the engine when first asked for: most accounts never write a pattern. */
export function loadSafeRegex(): Promise<SafeRegex> {
  loading ??= import("re2js").then(({ RE2JS, RE2JSSyntaxException }) => ({
    compile(pattern) {
      let compiled: Engine;
      try {
        compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
      } catch (error) {
        if (error instanceof RE2JSSyntaxException || error instanceof RangeError) {
          return { ok: false, fault: faultOf(error) };
        }
        throw error;
      }
      const steps = compiled.programSize();
      if (steps > MOST_STEPS) {
        return { ok: false, fault: "repeats too much: it would take too long on every text" };
      }
      const matcher: RegexMatcher = (text) => groupsOf(compiled, text);
      return { ok: true, matcher, steps, groups: compiled.groupCount() };
    },
  }));
  return loading;
}

function faultOf(error: Error): string {
  return `is no regular expression (RE2): ${error.message.replace(/^error parsing regexp: /, "")}`;
}

function groupsOf(compiled: Engine, text: string): string[] | null {
  const found = compiled.matcher(text);
  if (!found.find()) return null;
  return Array.from({ length: compiled.groupCount() }, (_, index) => found.group(index + 1) ?? "");
}
