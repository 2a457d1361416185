import type { AlertEffect } from "../domain/effect.ts";
import type { GuardRule, GuardTrip } from "../domain/guard.ts";
import { emptyDecision } from "./decision.ts";
import { openTrip } from "./guard-trips.ts";
import type { Stop } from "./guards.ts";
import type { ConversationState } from "./state.ts";
import type { Decision, RouteInput } from "./types.ts";

/** The decision about a text that a guard stops: it is recorded and nothing follows. */
export function stopDecision(
  input: RouteInput,
  commandId: string,
  stop: Stop,
  conversation: ConversationState,
  maskedText: string | null,
): Decision {
  const log = { maskedText, trace: [stop.reason] };
  const decision = emptyDecision({ ...input, conversation }, commandId, "ignored_loop", log);
  if (!stop.trip) return decision;
  const opened = openTrip(conversation, stop.trip, input.now, input.newId);
  return { ...decision, conversation: opened.conversation, trips: [opened.trip] };
}

/** Whether a person is told of a trip: of a machine, of a flood, of somebody who is left without answers. */
function isTold({ isNew, rule, withheld }: GuardTrip): boolean {
  return isNew && (rule === "L1" || rule === "L5" || (rule === "L10" && withheld === "text"));
}

/** The decision with one note to the owner for each such trip that begins. */
export function withNotes(input: RouteInput, decision: Decision): Decision {
  if (decision.trips.length === 0) return decision;
  const trips = decision.trips.map((trip) => ({ ...trip, told: isTold(trip) }));
  const notes = trips.filter(({ told }) => told).map(noteOf(input));
  return { ...decision, trips, effects: [...decision.effects, ...notes] };
}

function noteOf({ arrival, reporter }: RouteInput): (trip: GuardTrip) => AlertEffect {
  const who = reporter ? `${reporter.name} (${arrival.from})` : arrival.from;
  return ({ rule }) => ({ kind: "alert", code: "loop_guard", text: noteText(rule, who) });
}

function noteText(rule: GuardRule, who: string): string {
  if (rule === "L1") return `${who} got several replies in a row that led nowhere, and gets no more for now.`;
  if (rule === "L5") return `${who} answers like a machine and gets no automatic replies for 24 hours.`;
  return `${who} sends a flood of texts: not all of them are processed.`;
}
