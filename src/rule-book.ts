import { join } from "node:path";
import type { ActionSpec, Rule } from "./domain/rule.ts";
import { compileRule, compileRuleSet, compileTemplate, NO_RULES } from "./router/rules/compile.ts";
import type { ActionKind, CompiledRule, Render, RuleSet, RuleTools } from "./router/rules/types.ts";
import type { Reader } from "./store/database.ts";
import { allRules } from "./store/rules.ts";
import type { Tenant } from "./store/tenants.ts";
import { loadFolder } from "./tools/folder-loader.ts";
import type { SafeRegex } from "./tools/safe-regex.ts";
import { loadSafeRegex } from "./tools/safe-regex.ts";
import type { TemplateEngine } from "./tools/templates.ts";
import { loadTemplates } from "./tools/templates.ts";

/** The rules of all tenants as the router takes them, kept until they change. */
export interface RuleBook {
  rulesOf(reader: Reader, tenant: Tenant): Promise<RuleSet>;
  /** What actions there are. */
  specs: ActionSpec[];
}

interface Page {
  version: number;
  set: RuleSet;
  /** By id, with what it was compiled from. */
  compiled: Map<string, { source: string; rule: CompiledRule }>;
  defaultText: string | null;
  defaultReply: Render | null;
}

export async function openRuleBook(): Promise<RuleBook> {
  const kinds = await loadActions();
  const pages = new Map<string, Page>();
  return {
    specs: [...kinds.values()].map((kind) => kind.spec),
    async rulesOf(reader, tenant) {
      const before = pages.get(tenant.id);
      const defaultText = tenant.settings.rules.defaultReply;
      if (before?.version === tenant.rulesVersion && before.defaultText === defaultText) return before.set;
      const rules = before?.version === tenant.rulesVersion ? null : await allRules(reader, tenant.id);
      const tools = await toolsFor(rules ?? [], defaultText);
      const defaultReply = defaultReplyOf(defaultText, tools);
      const compiled = rules ? compileAll(rules, before, kinds, tools) : (before?.compiled ?? new Map());
      const set = rules
        ? setOf(
            [...compiled.values()].map((one) => one.rule),
            defaultReply,
          )
        : { ...(before?.set ?? NO_RULES), defaultReply };
      pages.set(tenant.id, { version: tenant.rulesVersion, set, compiled, defaultText, defaultReply });
      return set;
    },
  };
}

/** Every kind of action of `router/rules/actions` by its type, which is the file's name. */
export async function loadActions(): Promise<Map<string, ActionKind>> {
  const folder = join(import.meta.dirname, "router/rules/actions");
  const kinds = await loadFolder(folder, "action", isActionKind, []);
  for (const [file, kind] of kinds) {
    if (kind.spec.type !== file) throw new TypeError(`${file}.ts calls its action "${kind.spec.type}"`);
  }
  return kinds;
}

function isActionKind(value: unknown): value is ActionKind {
  if (typeof value !== "object" || value === null) return false;
  const { spec, audience, compile } = value as Partial<ActionKind>;
  return Array.isArray(spec?.fields) && typeof audience === "string" && typeof compile === "function";
}

function setOf(rules: CompiledRule[], defaultReply: Render | null): RuleSet {
  return rules.length === 0 ? { ...NO_RULES, defaultReply } : compileRuleSet(rules, defaultReply);
}

/** Rules that are as they were stay compiled. */
function compileAll(
  rules: Rule[],
  before: Page | undefined,
  kinds: Map<string, ActionKind>,
  tools: RuleTools,
): Page["compiled"] {
  return new Map(
    rules.map((rule) => {
      const source = JSON.stringify(rule);
      const known = before?.compiled.get(rule.id);
      return [rule.id, known?.source === source ? known : { source, rule: compileRule(rule, kinds, tools) }];
    }),
  );
}

function defaultReplyOf(text: string | null, tools: RuleTools): Render | null {
  return text === null || text.trim() === "" ? null : compileTemplate(text, tools);
}

/** The engines, loaded only where a rule asks for them: most accounts have neither patterns nor variables. */
async function toolsFor(rules: Rule[], defaultText: string | null): Promise<RuleTools> {
  const texts = rules.flatMap((rule) => rule.actions.flatMap((action) => Object.values(action)));
  const hasTemplates = [...texts, defaultText].some((text) => text?.includes("{{") || text?.includes("{%"));
  const hasPatterns = rules.some((rule) => rule.match.type === "regex" || rule.from?.includes("/"));
  return lazyTools(hasPatterns ? await loadSafeRegex() : null, hasTemplates ? await loadTemplates() : null);
}

/** Patterns and templates are compiled when a text first needs them. */
export function lazyTools(regex: SafeRegex | null, templates: TemplateEngine | null): RuleTools {
  return {
    regex: (pattern) => lazily(() => matcherOf(regex, pattern)),
    template: (text) => lazily(() => rendererOf(templates, text)),
  };
}

/** Of ten thousand rules few are ever asked: each is compiled when its turn comes first. */
function lazily<Argument, Answer>(
  make: () => (argument: Argument) => Answer,
): (argument: Argument) => Answer {
  let made: ((argument: Argument) => Answer) | undefined;
  return (argument) => {
    made ??= make();
    return made(argument);
  };
}

/** Saving has checked the pattern; one of an older version that is refused now fits nothing. */
function matcherOf(regex: SafeRegex | null, pattern: string): (text: string) => string[] | null {
  const compiled = regex?.compile(pattern);
  return compiled?.ok ? compiled.matcher : () => null;
}

function rendererOf(templates: TemplateEngine | null, text: string): Render {
  if (!templates) throw new Error("the engine for templates was not loaded");
  return templates.compile(text);
}
