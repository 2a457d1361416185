import type { ActiveChannel } from "./channels/types.ts";
import type { MessageArrival } from "./domain/arrival.ts";
import { optOutsOf } from "./domain/consent.ts";
import { invalid } from "./domain/errors.ts";
import { newId } from "./domain/ids.ts";
import { normalisePhone } from "./domain/phone.ts";
import type { Rule } from "./domain/rule.ts";
import { measureText } from "./domain/sms-text.ts";
import type { ApiDeps, RuleTest, RuleTestAction } from "./http/api/deps.ts";
import type { PreviewDeps } from "./preview.ts";
import { lookAt } from "./preview.ts";
import { compileBoard } from "./router/commands/board.ts";
import { route } from "./router/route.ts";
import { NO_RULES } from "./router/rules/compile.ts";
import { explain } from "./router/rules/explain.ts";
import { matchText } from "./router/rules/match-text.ts";
import type { Decision } from "./router/types.ts";

/** Rules that are explained one by one; of the others the counts tell. */
const MOST_EXPLAINED = 100;

/** What a text would do with the rules, and why each rule does or does not take it. Changes nothing. */
export function createRuleTest(
  deps: PreviewDeps & { channels: { ofTenant(tenantId: string): ActiveChannel[] } },
): ApiDeps["testRules"] {
  return async (reader, { tenantId, from, to, text }): Promise<RuleTest> => {
    const channel = to === null ? null : channelAt(deps.channels.ofTenant(tenantId), to);
    const input = await lookAt(deps, reader, { tenantId, from, text }, channel);
    const decision = route(input);
    const question = { text: matchText(text), from: input.arrival.from, channelId: input.place.channelId };
    const { matched, others, counts } = explain(input.rules, question, MOST_EXPLAINED);
    const rule = matched?.rule.rule ?? null;
    return {
      enabled: input.settings.rules.enabled,
      takenBy: takerOf(decision),
      outcome: decision.log.outcome,
      matched: rule && { id: rule.id, name: rule.name, priority: rule.priority },
      actions: actionsOf(decision, rule),
      others: others.map(({ rule: { id, name, priority }, reason }) => ({ id, name, priority, reason })),
      counts,
      trace: decision.log.trace,
    };
  };
}

/** By its number as it is kept, or as a person types it. */
function channelAt(channels: ActiveChannel[], to: string): ActiveChannel {
  const channel = channels.find(
    ({ address, country }) => address === to || address === normalisePhone(to, country),
  );
  if (channel) return channel;
  throw invalid("to", "is not the number of one of your channels");
}

/** Who answers a text, in the order in which they are asked. */
function takerOf({ class: kind, log, effects }: Decision): RuleTest["takenBy"] {
  if (log.outcome.startsWith("consent_")) return "consent";
  if (log.outcome.startsWith("ignored_")) return "guard";
  if (log.outcome === "rule") return "rule";
  if (kind === "command" || kind === "prompt") return "command";
  if (kind === "keyword") return "keyword";
  return effects.some((effect) => effect.kind === "send-text" && effect.key === "default")
    ? "default"
    : "nobody";
}

function actionsOf({ effects, matchedRuleId }: Decision, rule: Rule | null): RuleTestAction[] {
  return effects.flatMap((effect): RuleTestAction[] => {
    switch (effect.kind) {
      case "send-text": {
        const { text, withheld } = effect;
        const type = effect.key === "rule" ? "reply" : effect.key === "default" ? "default" : null;
        return type === null ? [] : [{ type, text, segments: measureText(text).segments, withheld }];
      }
      case "send-mail": {
        const { to, subject, body, withheld } = effect;
        return [{ type: "email", to, subject, body, withheld }];
      }
      case "call-webhook": {
        const action =
          rule?.id === matchedRuleId
            ? rule?.actions.find((one) => one.endpointId === effect.endpointId)
            : null;
        return [{ type: "webhook", url: action?.url ?? "", withheld: null }];
      }
      default:
        return [];
    }
  });
}

/** Which consent answers a text of somebody nobody knows, whatever the rules say; null = none. */
export const consentWordOf: ApiDeps["consentWordOf"] = (text, settings) => {
  const { class: kind } = route({
    arrival: { ...NOBODY, text },
    now: 0,
    newId,
    settings,
    board: compileBoard([], []),
    reporter: null,
    reporterState: {},
    conversation: {},
    optedOut: false,
    optOuts: optOutsOf([], ""),
    fromOwnAddress: false,
    hashPin: () => "",
    rules: NO_RULES,
    place: { channelId: "", deviceId: "", tenantName: "", ref: null, contact: {} },
  });
  if (kind === "stop") return "STOP";
  if (kind === "start") return "START";
  return kind === "help" ? "HELP" : null;
};

const NOBODY: Omit<MessageArrival, "text"> = {
  kind: "message",
  providerMessageId: null,
  from: "+14155550101",
  to: "",
  media: [],
  providerTime: null,
  providerContactId: null,
};
