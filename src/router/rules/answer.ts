import type { Effect, Withheld } from "../../domain/effect.ts";
import { DEFAULT_REPLY_COOLDOWN } from "../../domain/rule.ts";
import { plainText } from "../../domain/sms-plain.ts";
import { cleanText, MOST_SEGMENTS } from "../../domain/sms-text.ts";
import { emptyDecision } from "../decision.ts";
import { isAnswerable, mayAnswer } from "../guards.ts";
import { cutToFit } from "../sms-fit.ts";
import type { ConversationState } from "../state.ts";
import type { Limit } from "../times.ts";
import { fullLimit, packTimes, recentTimes } from "../times.ts";
import type { Decision, RouteInput } from "../types.ts";
import type { RuleMatched } from "./first-match.ts";
import { firstMatch } from "./first-match.ts";
import { matchText } from "./match-text.ts";
import type { Audience, CompiledAction } from "./types.ts";

/*
 * What the rules make of a text that nobody else has taken. The first rule that fits decides; its actions are
 * asked one by one. What reaches the sender or people is held back by the rule's pause for this sender, by guards
 * and by an opt-out, each time with the reason; what reaches programs is not: they hear of every text.
 */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Mails that one sender may cause. */
const MAILS: Limit[] = [
  { within: 10 * MINUTE, most: 10 },
  { within: 60 * MINUTE, most: 30 },
  { within: DAY, most: 100 },
];

/** A text that a rule takes; null = none fits, or rules are switched off. */
export function answerByRules(
  input: RouteInput,
  commandId: string,
  conversation: ConversationState,
): Decision | null {
  const matched = ruleFor(input);
  if (!matched) return null;
  const decision = emptyDecision({ ...input, conversation }, commandId, "rule");
  return withActions(input, decision, matched, null);
}

/** A text that is dropped for another reason: its webhook fires all the same, and what is held back is logged. */
export function withHeldRules(input: RouteInput, dropped: Decision, why: Withheld): Decision {
  const matched = ruleFor(input);
  return matched ? withActions(input, dropped, matched, why) : dropped;
}

/** The rule that takes the text, whether or not it comes to its turn. */
function ruleFor({ settings, rules, arrival, place }: RouteInput): RuleMatched | null {
  if (!settings.rules.enabled || rules.rules.length === 0) return null;
  const { channelId } = place;
  return firstMatch(rules, { text: matchText(arrival.text), from: arrival.from, channelId });
}

function withActions(
  input: RouteInput,
  decision: Decision,
  { rule: { rule, actions }, groups }: RuleMatched,
  why: Withheld | null,
): Decision {
  const variables = variablesOf(input, groups);
  const resting = isResting(decision.conversation, rule.id, input.now);
  const trace = [...decision.log.trace, `rule ${rule.id}`];
  const effects: Effect[] = [];
  for (const action of actions) {
    const withheld =
      action.audience === "program"
        ? null
        : (why ?? whyNot(input, decision, action.audience, rule.shortCodes, resting));
    if (withheld !== null) trace.push(`${action.type} withheld: ${withheld}`);
    const context = { ruleId: rule.id, variables, withheld, forAir: (text: string) => forAir(input, text) };
    effects.push(...attempt(action, context, trace));
  }
  if (rule.shortCodes)
    for (const effect of effects) if (effect.kind === "send-text") effect.shortCodes = true;
  const conversation = remembered(input, decision.conversation, rule.id, rule.cooldownSeconds, effects);
  const all = [...decision.effects, ...effects];
  return { ...decision, effects: all, conversation, matchedRuleId: rule.id, log: { ...decision.log, trace } };
}

/** A template that takes too long is a fault of its action alone. */
function attempt(
  action: CompiledAction,
  context: Parameters<CompiledAction["run"]>[0],
  trace: string[],
): Effect[] {
  try {
    return action.run(context);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    // It may name what was put in.
    trace.push(cleanText(`${action.type} failed: ${why}`));
    return [];
  }
}

/** Why an action must not happen; null = nothing is in its way but what `guardReplies` finds. */
function whyNot(
  input: RouteInput,
  decision: Decision,
  audience: Exclude<Audience, "program">,
  shortCodes: boolean,
  resting: boolean,
): Withheld | null {
  const { arrival, settings, now } = input;
  if (audience === "sender" && input.optedOut) return "opted_out";
  if (!isReachable(arrival.from, audience, shortCodes, settings.guards.answeredShortCodes)) {
    return "not_answerable";
  }
  if (resting) return "cooldown";
  if (audience === "sender") return null;
  return fullLimit(recentTimes(decision.conversation.mailed, DAY, now), MAILS, now) ? "loop_guard" : null;
}

/** Numbers are; short codes where the rule or the tenant allows them. A name cannot be answered, but told of. */
function isReachable(
  from: string,
  audience: Exclude<Audience, "program">,
  shortCodes: boolean,
  answeredShortCodes: readonly string[],
): boolean {
  if (isAnswerable(from) || mayAnswer(from, answeredShortCodes)) return true;
  return shortCodes && (/^\d{3,8}$/.test(from) || (audience === "people" && !from.startsWith("+")));
}

function isResting({ cooldowns }: ConversationState, id: string, now: number): boolean {
  return (cooldowns?.[id] ?? 0) > now;
}

/** Begins the pause of a rule whose reply or mail leaves, and counts the mails. */
function remembered(
  { now }: RouteInput,
  conversation: ConversationState,
  id: string,
  cooldownSeconds: number,
  effects: readonly Effect[],
): ConversationState {
  const mails = effects.filter((effect) => effect.kind === "send-mail" && effect.withheld === null);
  const leaves = mails.length > 0 || effects.some((e) => e.kind === "send-text" && e.withheld === null);
  if (!leaves) return conversation;
  const mailed = [...recentTimes(conversation.mailed, DAY, now), ...mails.map(() => now)];
  return {
    ...conversation,
    ...(cooldownSeconds > 0 && { cooldowns: rest(conversation, id, now + cooldownSeconds * 1000, now) }),
    ...(mails.length > 0 && { mailed: packTimes(mailed) }),
  };
}

function rest(
  { cooldowns }: ConversationState,
  id: string,
  until: number,
  now: number,
): Record<string, number> {
  const running = Object.entries(cooldowns ?? {}).filter(([, end]) => end > now);
  return { ...Object.fromEntries(running), [id]: until };
}

function forAir({ settings }: RouteInput, text: string): string {
  return cutToFit(plainText(text, settings.texts).text, MOST_SEGMENTS);
}

function variablesOf({ arrival, now, place }: RouteInput, groups: readonly string[]): object {
  return {
    from: arrival.from.replace(/^\+/, ""),
    text: arrival.text,
    ref: place.ref ?? "",
    now: new Date(now).toISOString(),
    tenantName: place.tenantName,
    deviceId: place.deviceId,
    contact: { number: arrival.from, ...place.contact },
    match: Object.fromEntries(groups.map((group, index) => [index + 1, group])),
  };
}

/** Name of the pause of the default reply; no rule has such an id. */
const DEFAULT = "default";

/**
 * The reply to what no rule took. `insists`: somebody else answers where this reply rests, so that a reporter is
 * not left without a word. null = it does not take the text.
 */
export function answerByDefault(
  input: RouteInput,
  commandId: string,
  conversation: ConversationState,
  insists: boolean,
): Decision | null {
  const { settings, rules, arrival, now } = input;
  if (!settings.rules.enabled || rules.defaultReply === null) return null;
  if (!mayAnswer(arrival.from, settings.guards.answeredShortCodes)) return null;
  const resting = isResting(conversation, DEFAULT, now);
  if (resting && insists) return null;
  const withheld: Withheld | null = input.optedOut ? "opted_out" : resting ? "cooldown" : null;
  const trace = withheld === null ? ["default reply"] : ["default reply", `reply withheld: ${withheld}`];
  const decision = emptyDecision({ ...input, conversation }, commandId, "not_understood", { trace });
  const run: CompiledAction["run"] = ({ variables }) => {
    const text = forAir(input, rules.defaultReply?.(variables).trim() ?? "");
    return text === ""
      ? []
      : [{ kind: "send-text", messageKind: "auto_reply", key: "default", text, withheld }];
  };
  const context = {
    ruleId: DEFAULT,
    variables: variablesOf(input, []),
    withheld,
    forAir: (text: string) => text,
  };
  const effects = attempt({ type: "reply", audience: "sender", run }, context, trace);
  if (effects.length === 0) return null;
  return {
    ...decision,
    effects,
    conversation: remembered(input, conversation, DEFAULT, DEFAULT_REPLY_COOLDOWN, effects),
  };
}
