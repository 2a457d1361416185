import type { Decision, RouteInput } from "./types.ts";

/** Decides about one text. Never changes its input. */
export function route(input: RouteInput): Decision {
  return {
    class: "other",
    effects: [],
    conversation: input.conversation,
    reporterState: input.reporterState,
    log: {
      commandId: input.newId("cmd"),
      outcome: "not_understood",
      meaning: { keyword: null, parts: [] },
      maskedText: null,
      undoOf: null,
      undoUntil: null,
      candidates: [],
      trace: [],
    },
    ifSaveFails: null,
  };
}
