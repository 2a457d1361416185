import type { ConversationState, ReporterState } from "./state.ts";
import type { CommandLog, CommandOutcome, Decision, RouteInput } from "./types.ts";

/** What every decision begins with: nothing happens and nothing is remembered. */
export function emptyDecision(
  input: RouteInput,
  commandId: string,
  outcome: CommandOutcome,
  log: Partial<CommandLog> = {},
): Decision {
  return {
    class: "other",
    effects: [],
    conversation: input.conversation,
    reporterState: input.reporterState,
    log: {
      commandId,
      outcome,
      meaning: { keyword: null, parts: [] },
      maskedText: null,
      undoOf: null,
      undoUntil: null,
      candidates: [],
      trace: [],
      ...log,
    },
    matchedRuleId: null,
    trips: [],
    ifSaveFails: null,
  };
}

/** An object with some keys set and others, given as null, taken out; keys not given stay. */
export function patched<T extends ConversationState | ReporterState>(
  state: T,
  patch: { [K in keyof T]?: T[K] | null | undefined },
): T {
  const next: T = { ...state };
  for (const key of Object.keys(patch) as (keyof T)[]) {
    const value = patch[key];
    if (value === null) delete next[key];
    else if (value !== undefined) next[key] = value as T[keyof T];
  }
  return next;
}
