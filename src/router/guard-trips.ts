import type { GuardRule, GuardTrip } from "../domain/guard.ts";
import type { NewId } from "../domain/ids.ts";
import type { ConversationState } from "./state.ts";

/** What a guard says when it holds something back. */
export interface TripFacts extends Omit<GuardTrip, "id" | "isNew" | "told"> {
  /** For the log of the text: "120 replies in an hour". */
  reason: string;
}

export interface OpenedTrip {
  trip: GuardTrip;
  conversation: ConversationState;
}

/** Opens a trip, or counts on in the one of this rule that is still open. */
export function openTrip(
  conversation: ConversationState,
  facts: TripFacts,
  now: number,
  newId: NewId,
): OpenedTrip {
  const { reason: _, ...rest } = facts;
  const open = stillOpen(conversation.trips, now);
  const before = open[facts.rule];
  const id = before?.id ?? newId("gtr");
  return {
    trip: { ...rest, id, isNew: before === undefined, told: false },
    conversation: { ...conversation, trips: { ...open, [facts.rule]: { id, until: facts.endsAt } } },
  };
}

type Trips = Partial<Record<GuardRule, { id: string; until: number }>>;

function stillOpen(trips: Trips | undefined, now: number): Trips {
  return Object.fromEntries(Object.entries(trips ?? {}).filter(([, trip]) => trip.until > now));
}
