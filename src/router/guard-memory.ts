import type { ConversationState } from "./state.ts";

/** What happened to a conversation beside its texts, as the store notes it; ms since 1970, null = never. */
export interface ConversationMarks {
  /** A person released the guards of this conversation. */
  releasedAt: number | null;
  /** We wrote of our own accord, not in reply. */
  spokenAt: number | null;
}

/** The state of a conversation once these marks are heeded. */
export function heedMarks(state: ConversationState, marks: ConversationMarks): ConversationState {
  const { releasedAt, spokenAt } = marks;
  const released = releasedAt !== null && releasedAt !== state.releasedAt;
  const heeded = released ? { ...withoutCounters(state), releasedAt } : state;
  const { fruitless, ...rest } = heeded;
  return spokenAt !== null && fruitless && fruitless.at < spokenAt ? rest : heeded;
}

function withoutCounters(state: ConversationState): ConversationState {
  const { fruitless: _f, heard: _h, said: _s, replied: _r, echo: _e, ...rest } = state;
  const { quick: _q, machineUntil: _m, inbound: _i, trips: _t, confirmed: _c, ...kept } = rest;
  return kept;
}
