import type { TripRow } from "../../store/guards.ts";
import type { Decided } from "./write-down.ts";

/** The rows of what guards held back of one text. */
export function tripRows({ decision, tenantId, channel, arrival, savedAt }: Decided): TripRow[] {
  return decision.trips.map((trip) => ({
    tenantId,
    id: trip.id,
    at: savedAt.toISOString(),
    rule: trip.rule,
    channelId: channel.id,
    address: channel.address,
    phone: arrival.from,
    counter: trip.counter,
    limit: trip.limit,
    textHash: trip.textHash,
    withheld: trip.withheld,
    told: trip.told,
    endsAt: new Date(trip.endsAt).toISOString(),
  }));
}
