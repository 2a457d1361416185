import type { Issue } from "../../domain/errors.ts";
import { readFromFilter } from "../../domain/from-filter.ts";
import type { ActionField, ActionSpec } from "../../domain/rule.ts";
import { CONTACT_VARIABLES, TEMPLATE_VARIABLES } from "../../domain/rule.ts";
import type { TenantSettings } from "../../domain/settings.ts";
import { MOST_SEGMENTS, measureText } from "../../domain/sms-text.ts";
import { loadSafeRegex } from "../../tools/safe-regex.ts";
import { loadTemplates } from "../../tools/templates.ts";
import type { ApiDeps } from "./deps.ts";
import type { RuleDraft } from "./rule-shape.ts";

/** What is wrong with a rule, each fault by its place, and what is allowed but may not be meant. */
export interface Findings {
  issues: Issue[];
  warnings: string[];
}

/** More texts than these never follow from one. */
const MOST_REPLIES = 3;

export async function checkRule(
  deps: ApiDeps,
  tenantId: string,
  settings: TenantSettings,
  rule: RuleDraft,
): Promise<Findings> {
  const found: Findings = { issues: [], warnings: [] };
  await checkMatch(found, deps, settings, rule);
  const groups = rule.match.type === "regex" ? await groupsOf(rule.match.pattern) : null;
  await checkSenders(found, rule.from);
  if (rule.channelId !== null && !deps.channels.ofTenant(tenantId).some(({ id }) => id === rule.channelId)) {
    found.issues.push({ path: "channelId", message: "there is no such channel" });
  }
  for (const [index, action] of rule.actions.entries()) {
    const spec = deps.ruleActions.find((one) => one.type === action.type);
    for (const field of spec?.fields ?? []) {
      await checkField(found, deps, groups, field, `actions.${index}.${field.key}`, action[field.key]);
    }
  }
  checkTogether(found, deps.ruleActions, rule);
  if (!deps.sendsMail && rule.actions.some(({ type }) => type === "email")) {
    found.warnings.push("No SMTP_URL is set: mails are kept as failed and not sent.");
  }
  return found;
}

async function checkMatch(
  found: Findings,
  deps: ApiDeps,
  settings: TenantSettings,
  { match: { type, pattern } }: RuleDraft,
): Promise<void> {
  const path = "match.pattern";
  if (type === "any") return;
  if (pattern.trim() === "") {
    found.issues.push({ path, message: "must not be empty; to take every text, use the type any" });
    return;
  }
  if (type === "regex") return checkRegex(found, deps, settings, pattern);
  const word = deps.consentWordOf(pattern, settings);
  if (word !== null) {
    const rest =
      type === "exact" ? "it is never reached" : "it is reached only where more stands in the text";
    found.warnings.push(`${word} is answered before rules: ${rest}.`);
  }
  if (type === "contains" && pattern !== pattern.trim()) {
    found.warnings.push("The pattern begins or ends with a blank, which must stand in the text, too.");
  }
}

async function checkRegex(
  found: Findings,
  deps: ApiDeps,
  settings: TenantSettings,
  pattern: string,
): Promise<void> {
  const compiled = (await loadSafeRegex()).compile(pattern);
  if (!compiled.ok) {
    found.issues.push({ path: "match.pattern", message: compiled.fault });
    return;
  }
  // A pattern for every text is not meant for STOP in particular.
  if (compiled.matcher("xyzzy 4711") !== null) return;
  for (const word of ["STOP", "START", "HELP"]) {
    if (compiled.matcher(word) === null || deps.consentWordOf(word, settings) === null) continue;
    found.warnings.push(`${word} is answered before rules: this one never gets it.`);
  }
}

async function checkSenders(found: Findings, from: string | null): Promise<void> {
  if (from === null || from.trim() === "") return;
  const parts = readFromFilter(from);
  if (parts.length === 0) found.issues.push({ path: "from", message: "holds no number" });
  for (const part of parts) {
    if (part.kind !== "regex") continue;
    const compiled = (await loadSafeRegex()).compile(part.pattern);
    if (!compiled.ok) found.issues.push({ path: "from", message: compiled.fault });
  }
}

async function checkField(
  found: Findings,
  deps: ApiDeps,
  groups: number | null,
  field: ActionField,
  path: string,
  value: string | undefined,
): Promise<void> {
  if (typeof value !== "string") return;
  switch (field.kind) {
    case "url": {
      const verdict = deps.checkTarget(value);
      if (!verdict.ok) found.issues.push({ path, message: verdict.text });
      return;
    }
    case "addresses":
      found.issues.push(...addressIssues(value, path));
      return;
    case "template":
    case "line":
      await checkTemplate(found, path, value, groups);
      if (field.isText && measureText(value).segments > MOST_SEGMENTS) {
        found.warnings.push(`${path}: takes more than ${MOST_SEGMENTS} segments and is cut there.`);
      }
      return;
    case "secret":
      return;
    default:
      field.kind satisfies never;
  }
}

/** A sender's text as long as texts get, to see whether a template can be rendered. */
const SAMPLE = {
  ...{ from: "14155550101", text: "x".repeat(1600), ref: "order-4821", now: "2026-01-15T12:00:00.000Z" },
  ...{ tenantName: "Acme", deviceId: "chn_1", contact: { number: "+14155550101" }, match: { 1: "x" } },
};

async function groupsOf(pattern: string): Promise<number> {
  const compiled = (await loadSafeRegex()).compile(pattern);
  return compiled.ok ? compiled.groups : Number.POSITIVE_INFINITY;
}

/**
 * Faults of a template, and variables that nobody fills in. `groups`: how many parts the regular expression has,
 * null = there is none.
 */
export async function checkTemplate(
  found: Findings,
  path: string,
  text: string,
  groups: number | null,
): Promise<void> {
  if (!text.includes("{{") && !text.includes("{%")) return;
  const engine = await loadTemplates();
  const checked = engine.check(text);
  if (!checked.ok) {
    found.issues.push({ path, message: checked.fault });
    return;
  }
  for (const segments of checked.variables) {
    const warning = whyEmpty(segments, groups);
    if (warning !== null) found.warnings.push(`${path}: ${warning}`);
  }
  try {
    engine.compile(text)(SAMPLE);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    found.issues.push({ path, message: `cannot be filled in: ${why}` });
  }
}

/** Why nothing will stand in the place of a variable; null = something may. */
function whyEmpty(segments: readonly string[], groups: number | null): string | null {
  const [first = "", second] = segments;
  const name = `{{${segments.join(".")}}}`;
  const isUnknown =
    first === "contact"
      ? second !== undefined && !CONTACT_VARIABLES.includes(second)
      : !TEMPLATE_VARIABLES.some((known) => known === first);
  if (isUnknown) return `there is no variable ${name}; nothing stands in its place.`;
  if (first !== "match") return null;
  if (groups === null) return `${name} is filled in only where the rule is a regular expression.`;
  if (!/^\d+$/.test(second ?? "") || (Number(second) >= 1 && Number(second) <= groups)) return null;
  const parts = groups === 1 ? "one part" : `${groups} parts`;
  return `${name} stays empty: the expression has ${parts} in brackets.`;
}

const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@(?=[^\s@]{1,253}$)[^\s@<>,;:"()[\]\\]+$/;

function addressIssues(value: string, path: string): Issue[] {
  const wrong = value
    .split(",")
    .map((one) => one.trim())
    .find((one) => !ADDRESS.test(one));
  if (wrong === undefined) return [];
  return [{ path, message: `"${wrong.slice(0, 100)}" is no e-mail address such as team@example.com` }];
}

/** What each action allows but all of them together do not. */
function checkTogether({ issues }: Findings, specs: readonly ActionSpec[], { actions }: RuleDraft): void {
  const texts = new Set(
    specs.filter((spec) => spec.fields.some((field) => field.isText)).map(({ type }) => type),
  );
  if (actions.filter(({ type }) => texts.has(type)).length > MOST_REPLIES) {
    issues.push({ path: "actions", message: `must hold at most ${MOST_REPLIES} replies` });
  }
  const urls = actions.map((action) => action.url);
  for (const [index, url] of urls.entries()) {
    if (url === undefined || urls.indexOf(url) === index) continue;
    issues.push({ path: `actions.${index}.url`, message: "stands in this rule twice" });
  }
}
