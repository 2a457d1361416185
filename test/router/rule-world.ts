import type { MessageArrival } from "../../src/domain/arrival.ts";
import { newId } from "../../src/domain/ids.ts";
import type { Rule, RuleMatch } from "../../src/domain/rule.ts";
import type { TenantSettings } from "../../src/domain/settings.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { compileBoard } from "../../src/router/commands/board.ts";
import { route } from "../../src/router/route.ts";
import { compileRule, compileRuleSet, compileTemplate } from "../../src/router/rules/compile.ts";
import type { CompiledRule, RuleSet, RuleTools } from "../../src/router/rules/types.ts";
import type { ConversationState } from "../../src/router/state.ts";
import type { Decision, RouteInput } from "../../src/router/types.ts";
import { loadActions } from "../../src/rule-book.ts";
import { loadSafeRegex } from "../../src/tools/safe-regex.ts";
import { loadTemplates } from "../../src/tools/templates.ts";

/** The rules of the router with the real engines behind them, and a sender who remembers. */

const regex = await loadSafeRegex();
const templates = await loadTemplates();
const kinds = await loadActions();

export const tools: RuleTools = {
  regex(pattern) {
    const compiled = regex.compile(pattern);
    if (!compiled.ok) throw new Error(compiled.fault);
    return compiled.matcher;
  },
  template: (text) => templates.compile(text),
};

/** Rules are older the lower their number. */
export function ruleOf(
  number: number,
  over: Partial<Omit<Rule, "match">> & { match?: Partial<RuleMatch> } = {},
): Rule {
  return {
    id: `rule_${String(number).padStart(6, "0")}`,
    name: `Rule ${number}`,
    priority: 10,
    enabled: true,
    from: null,
    channelId: null,
    cooldownSeconds: 60,
    shortCodes: false,
    actions: [{ type: "reply", text: `Reply ${number}` }],
    ...over,
    match: { type: "any", pattern: "", wholeWord: false, ...over.match },
  };
}

export function compiled(rule: Rule): CompiledRule {
  return compileRule(rule, kinds, tools);
}

export function setOf(rules: Rule[], defaultReply: string | null = null): RuleSet {
  const render = defaultReply === null ? null : compileTemplate(defaultReply, tools);
  return compileRuleSet(rules.map(compiled), render);
}

export interface Sender {
  /** One text, after so many seconds. */
  says(text: string, afterSeconds?: number): Decision;
}

/** Somebody who texts a hub with these rules; what is remembered of them goes from text to text. */
export function sender(
  rules: RuleSet,
  over: Partial<RouteInput> & { from?: string; settings?: TenantSettings; ref?: string } = {},
): Sender {
  let now = Date.UTC(2026, 0, 15, 12);
  let conversation: ConversationState = {};
  const { from = "+14155550101", ref = null, ...rest } = over;
  return {
    says(text, afterSeconds = 10) {
      now += afterSeconds * 1_000;
      const decision = route({
        arrival: arrivalOf(from, text),
        now,
        newId,
        settings: defaultSettings("Acme"),
        board: compileBoard([], []),
        reporter: null,
        reporterState: {},
        conversation,
        optedOut: false,
        optOuts: { all: false, address: false, topics: [] },
        fromOwnAddress: false,
        hashPin: (pin) => pin,
        rules,
        place: { channelId: "chn_1", deviceId: "chn_1", tenantName: "Acme Corp", ref, contact: {} },
        ...rest,
      });
      conversation = JSON.parse(JSON.stringify(decision.conversation)) as ConversationState;
      return decision;
    },
  };
}

function arrivalOf(from: string, text: string): MessageArrival {
  const rest = {
    providerMessageId: null,
    to: "+14155550000",
    media: [],
    providerTime: null,
    providerContactId: null,
  };
  return { kind: "message", from, text, ...rest };
}

/** What a decision asks for: texts, addresses of mails, endpoints; in brackets why it is held back. */
export function asked({ effects }: Decision): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "call-webhook") return [`webhook ${effect.endpointId}`];
    if (effect.kind !== "send-text" && effect.kind !== "send-mail") return [];
    const what = effect.kind === "send-text" ? effect.text : `mail ${effect.to}: ${effect.subject}`;
    return [effect.withheld === null ? what : `${what} (${effect.withheld})`];
  });
}
