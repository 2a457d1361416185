import type { Effect } from "../../src/domain/effect.ts";
import type { GuardTrip } from "../../src/domain/guard.ts";
import { newId } from "../../src/domain/ids.ts";
import type { Rule } from "../../src/domain/rule.ts";
import type { TenantSettings } from "../../src/domain/settings.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { applyChange, compileBoard } from "../../src/router/commands/board.ts";
import { resortTemplate } from "../../src/router/commands/resort-template.ts";
import { route } from "../../src/router/route.ts";
import { compileRuleSet, NO_RULES } from "../../src/router/rules/compile.ts";
import type { CompiledAction, RuleSet } from "../../src/router/rules/types.ts";
import type { ConversationState, ReporterState } from "../../src/router/state.ts";
import type { CommandOutcome, Decision, RouteInput } from "../../src/router/types.ts";

/** One sender and one address, with a clock that a test turns: what guards remember is all there is. */
export interface GuardTalk {
  /** Sends a text. */
  says(text: string): Heard;
  /** Turns the clock forward. */
  after(seconds: number): void;
  /** What would be stored. */
  state(): ConversationState;
  /** Goes on with another state. */
  restore(state: ConversationState): void;
}

export interface Heard {
  outcome: CommandOutcome;
  /** Texts that leave. */
  replies: string[];
  /** Why replies were held back. */
  withheld: string[];
  trips: GuardTrip[];
  alerts: string[];
  trace: string[];
}

interface Who {
  from?: string;
  /** Whether the sender may change everything. */
  known?: boolean;
  optedOut?: boolean;
  isOurs?: boolean;
  /** What a rule for all texts replies; null = there is none. */
  reply?: () => string;
  change?: (settings: TenantSettings) => void;
}

export function guardTalk(who: Who = {}): GuardTalk {
  const { from = "+14155550101", known = false } = who;
  const settings = defaultSettings("Signal Peak");
  who.change?.(settings);
  const { kinds, items } = resortTemplate();
  const board = compileBoard(
    kinds,
    items.map((item, position) => ({
      ...item,
      id: `itm_${position}`,
      archived: false,
      position,
      revision: 0,
      updatedAt: "2026-01-01T00:00:00.000Z",
      last: {},
    })),
  );
  const ana = { id: "rep_1", name: "Ana", phones: [from], permissions: ["*"], active: true, tags: [] };
  const reporter = known ? { ...ana, confirmation: null, undoWindowSeconds: null, pinHash: null } : null;
  let now = Date.UTC(2026, 0, 15, 12);
  let conversation: ConversationState = {};
  let reporterState: ReporterState = {};

  function inputOf(text: string): RouteInput {
    const arrival = { kind: "message", providerMessageId: null, from, to: "64600", text, media: [] } as const;
    return {
      arrival: { ...arrival, media: [], providerTime: null, providerContactId: null },
      now,
      newId,
      settings,
      board,
      reporter,
      reporterState,
      conversation,
      optedOut: who.optedOut ?? false,
      optOuts: { all: who.optedOut ?? false, address: false, topics: [] },
      fromOwnAddress: who.isOurs ?? false,
      hashPin: (pin) => pin,
      rules: who.reply ? replying(who.reply) : NO_RULES,
      place: { channelId: "chn_1", deviceId: "chn_1", tenantName: "Signal Peak", ref: null, contact: {} },
    };
  }

  return {
    says(text) {
      const decision = route(inputOf(text));
      for (const effect of decision.effects) {
        if (effect.kind !== "change-board") continue;
        const by = { kind: "reporter", id: "rep_1", name: "Ana" } as const;
        applyChange(board, { ...effect, at: new Date(now).toISOString(), by });
      }
      conversation = JSON.parse(JSON.stringify(decision.conversation)) as ConversationState;
      reporterState = JSON.parse(JSON.stringify(decision.reporterState)) as ReporterState;
      return heard(decision);
    },
    after(seconds) {
      now += seconds * 1_000;
    },
    state: () => conversation,
    restore(state) {
      conversation = state;
    },
  };
}

/** One rule that replies to every text. */
function replying(reply: () => string): RuleSet {
  const rule: Rule = {
    ...{ id: "rule_1", name: "All", priority: 1, enabled: true, from: null, channelId: null },
    ...{ match: { type: "any", pattern: "", wholeWord: false }, cooldownSeconds: 0, shortCodes: false },
    actions: [],
  };
  const run: CompiledAction["run"] = ({ withheld }) => [
    { kind: "send-text", messageKind: "auto_reply", key: "rule", text: reply(), withheld },
  ];
  const compiled = { rule, admits: () => true, match: () => [], asksForRef: false };
  const actions = [{ type: "reply", audience: "sender" as const, run }];
  return compileRuleSet([{ ...compiled, actions }], null);
}

function heard({ log, effects, trips }: Decision): Heard {
  const texts = effects.filter((effect): effect is Extract<Effect, { kind: "send-text" }> => {
    return effect.kind === "send-text";
  });
  return {
    outcome: log.outcome,
    replies: texts.filter(({ withheld }) => withheld === null).map(({ text }) => text),
    withheld: texts.flatMap(({ withheld }) => withheld ?? []),
    trips,
    alerts: effects.flatMap((effect) => (effect.kind === "alert" ? effect.code : [])),
    trace: log.trace,
  };
}
