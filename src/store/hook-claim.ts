import type { Database, Tx } from "./database.ts";
import type { LaneRow } from "./hook-lanes.ts";
import { LANE_COLUMNS, TOKENS } from "./hook-lanes.ts";
import { headOf, PICK, STEP_BACK, waits } from "./hook-pick.ts";

/*
 * What has to reach endpoints, lane by lane. A claim is one short transaction: it locks lanes, the one served
 * longest ago first, and takes a few deliveries of each, so that a backlog of a million weighs as much as a
 * backlog of one. Everything is timed by the database's clock.
 */

/** A delivery claimed for one try. */
export interface HookFlight {
  id: string;
  claim: string;
  tenantId: string;
  tenantName: string;
  endpointId: string;
  source: string;
  url: string;
  format: string;
  formatOptions: Record<string, unknown>;
  timeoutMs: number;
  schedule: number[] | null;
  signing: "v1" | "v1a" | "both";
  /** Sealed. */
  headers: string | null;
  /** Sealed, newest first; only those that sign now. */
  secrets: { id: string; kind: "symmetric" | "ed25519"; sealed: string }[];
  messageId: string | null;
  origin: string;
  /** Kept from the first try, where the format is not the event itself. */
  body: string | null;
  sequence: number | null;
  /** Tries that counted so far, and all there were. */
  step: number;
  tries: number;
  manual: boolean;
  probe: boolean;
  createdAt: number;
  /** Null: it is no longer kept. */
  event: { id: string; type: string; timestamp: string; data: string } | null;
  contact: {
    id: string;
    createdAt: string;
    updatedAt: string;
    bounces: number;
    unsubscribedAt: string | null;
  } | null;
  /** The database's clock at the claim, ms since 1970. */
  claimedAt: number;
  /** The lane as it was at the claim. */
  lane: LaneRow;
}

const LANES_PER_CLAIM = 64;
const PER_LANE = 4;

/** Where all keep one order: the one whose turn it is is due, or one that keeps none. */
const MAY_LEAVE = `exists (select 1 from hook_queue h
    where h.id = ${headOf("l.endpoint_id", "p.on_exhausted = 'hold'")} and ${waits("h")} and h.next_at <= now())
  or exists (select 1 from (select q.order_key from hook_queue q
    where q.endpoint_id = l.endpoint_id and q.state = 'waiting' and q.next_at <= now()
    order by q.priority, q.next_at limit 50) k where k.order_key is null)`;

/**
 * Lanes with something due, the one visited longest ago first. $1: lanes full with what this process is doing.
 * $2, $3: whether failing and slow ones may have another socket. $5: tenants who have their share.
 */
const LOCK_LANES = `
  with visited as (
    select l.endpoint_id from hook_lanes l
    where not l.endpoint_id = any ($1::text[]) and not l.tenant_id = any ($5::text[])
      and ($2 or (l.failures < 2 and not l.half_open))
      and ($3 or (l.failures < 2 and not l.half_open and l.typical_ms <= $4 and l.last_success_at is not null))
      and (case when l.is_open and (l.paused_until is null or l.paused_until <= now())
          and (l.rate is null or ${TOKENS} >= 1)
        then exists (select 1 from hook_queue q
          where q.endpoint_id = l.endpoint_id and q.state = 'waiting' and q.next_at <= now())
        else exists (select 1 from hook_queue q where q.endpoint_id = l.endpoint_id and q.state = 'waiting'
          and q.priority = 1 and q.next_at <= now() and q.manual) end)
      and (select p.ordering <> 'endpoint' or ${MAY_LEAVE} from endpoints p where p.id = l.endpoint_id)
    order by l.last_served limit ${LANES_PER_CLAIM}
    for update of l skip locked
  )
  update hook_lanes l set last_served = clock_timestamp()
  from visited v join endpoints p on p.id = v.endpoint_id where l.endpoint_id = v.endpoint_id
  returning ${LANE_COLUMNS}, ${TOKENS} as tokens, p.ordering,
    not l.is_open or coalesce(l.paused_until > now(), false) as "manualOnly"`;

type LockedLane = LaneRow & {
  tokens: number | null;
  ordering: "none" | "key" | "endpoint";
  manualOnly: boolean;
};

type PickRow = Omit<HookFlight, "claim" | "event" | "lane" | "contact"> & {
  ordered: boolean;
  eventId: string | null;
  eventType: string;
  eventAt: Date;
  eventData: string;
  contact: HookFlight["contact"];
};

/** What a claim may take, as far as this process is concerned. */
export interface ClaimLimits {
  /** Deliveries at most. */
  most: number;
  /** Lanes that have all they may have under way. */
  fullLanes: string[];
  /** Sockets left for lanes that fail, and for those and slow ones together. */
  mostFailing: number;
  mostWeak: number;
  /** Sockets that tenants hold, and how many one of them may. */
  ofTenant: Map<string, number>;
  mostOfTenant: number;
}

/** Answers slower than this, typically, make a lane slow, ms. */
const SLOW_MS = 2_000;

/** It fails, or nobody knows yet whether it still does: a probe may hang as long as what it follows. */
export function isFailing(lane: LaneRow): boolean {
  return lane.failures >= 2 || lane.halfOpen;
}

/** Lanes that may hold a socket for long: those that fail, slow ones, and those that never answered anything. */
export function isWeak(lane: LaneRow): boolean {
  return isFailing(lane) || lane.typicalMs > SLOW_MS || lane.lastSuccessAt === null;
}

export interface Claimed {
  flights: HookFlight[];
  /** No more lanes were looked at than these, although others may have something due that may leave. */
  isCutShort: boolean;
}

/**
 * Claims what is due. `overlapOf` says how many attempts a lane may have under way; those counted are rows, of
 * all processes.
 */
export async function claimHooks(
  database: Database,
  node: string,
  claim: string,
  limits: ClaimLimits,
  overlapOf: (lane: LaneRow) => number,
): Promise<Claimed> {
  return database.transact(async (tx) => {
    const lanes = await tx.run<LockedLane>("hooks-lanes", LOCK_LANES, [
      limits.fullLanes,
      limits.mostFailing > 0,
      limits.mostWeak > 0,
      SLOW_MS,
      [...limits.ofTenant].flatMap(([tenantId, held]) => (held >= limits.mostOfTenant ? [tenantId] : [])),
    ]);
    const isCutShort = lanes.length === LANES_PER_CLAIM;
    const slots = lanes.length === 0 ? [] : slotsOf(lanes, await busyLanes(tx, lanes), limits, overlapOf);
    if (slots.length === 0) return { flights: [], isCutShort };
    const rows = await tx.run<PickRow>("hooks-pick", PICK, [
      slots.map((slot) => slot.lane.endpointId),
      slots.map((slot) => slot.free),
      slots.map((slot) => slot.again),
      slots.map((slot) => slot.lane.manualOnly),
      slots.map((slot) => slot.lane.halfOpen),
      claim,
      node,
    ]);
    const byId = new Map(lanes.map((lane) => [lane.endpointId, lane]));
    const flights = rows.map((row) => toFlight(row, claim, byId.get(row.endpointId) as LaneRow));
    await numberOrdered(tx, rows, flights);
    await stepBack(tx, slots, flights);
    return { flights, isCutShort };
  });
}

/** What a lane has under way, and how much of it is sent again or was held. */
interface Busy {
  lane: string;
  count: number;
  again: number;
}

async function busyLanes(tx: Tx, lanes: LockedLane[]): Promise<Map<string, Busy>> {
  const rows = await tx.run<Busy>(
    "hooks-busy",
    `select endpoint_id as lane, count(*)::int as count, count(*) filter (where priority = 2)::int as again
     from hook_queue where state = 'sending' and endpoint_id = any ($1) group by endpoint_id`,
    [lanes.map((lane) => lane.endpointId)],
  );
  return new Map(rows.map((row) => [row.lane, row]));
}

interface Slot {
  lane: LockedLane;
  free: number;
  /** How much of it may be sent again or was held: half of a lane is for what is new. */
  again: number;
}

function slotsOf(
  lanes: LockedLane[],
  busy: Map<string, Busy>,
  limits: ClaimLimits,
  overlapOf: (lane: LaneRow) => number,
): Slot[] {
  let { most, mostFailing, mostWeak } = limits;
  const ofTenant = new Map(limits.ofTenant);
  const slots: Slot[] = [];
  for (const lane of lanes) {
    const { tenantId } = lane;
    const failing = isFailing(lane);
    const weak = isWeak(lane);
    const overlap = overlapOf(lane);
    const { count = 0, again = 0 } = busy.get(lane.endpointId) ?? {};
    const share = Math.min(most, limits.mostOfTenant - (ofTenant.get(tenantId) ?? 0));
    const free = Math.min(
      PER_LANE,
      share,
      overlap - count,
      lane.tokens === null ? PER_LANE : Math.floor(lane.tokens),
      failing ? mostFailing : PER_LANE,
      weak ? mostWeak : PER_LANE,
    );
    // What a person asks for goes past the lane's tokens, not past its overlap.
    const allowed = lane.manualOnly ? Math.min(PER_LANE, share, Math.max(overlap - count, 0)) : free;
    if (allowed <= 0) continue;
    slots.push({ lane, free: allowed, again: Math.max(0, Math.max(1, Math.floor(overlap / 2)) - again) });
    most -= allowed;
    ofTenant.set(tenantId, (ofTenant.get(tenantId) ?? 0) + allowed);
    if (failing) mostFailing -= allowed;
    if (weak) mostWeak -= allowed;
  }
  return slots;
}

/** Lanes ordered by keys where less left than might have: perhaps what may not leave stands in front. */
async function stepBack(tx: Tx, slots: Slot[], flights: HookFlight[]): Promise<void> {
  const taken = Map.groupBy(flights, (flight) => flight.endpointId);
  const lanes = slots.flatMap(({ lane, free }) => {
    const short = (taken.get(lane.endpointId)?.length ?? 0) < free;
    return lane.ordering === "key" && short ? [lane.endpointId] : [];
  });
  if (lanes.length > 0) await tx.run("hooks-step-back", STEP_BACK, [lanes]);
}

function toFlight(row: PickRow, claim: string, lane: LaneRow): HookFlight {
  const { eventId, eventType, eventAt, eventData, ordered: _, ...flight } = row;
  return {
    ...flight,
    claim,
    lane,
    event:
      eventId === null
        ? null
        : { id: eventId, type: eventType, timestamp: eventAt.toISOString(), data: eventData },
  };
}

/** In a lane that keeps order, each delivery has a number, given when it is first sent. */
async function numberOrdered(tx: Tx, rows: PickRow[], flights: HookFlight[]): Promise<void> {
  for (const [index, row] of rows.entries()) {
    if (!row.ordered || row.sequence !== null) continue;
    const [numbered] = await tx.run<{ sequence: number }>(
      "hooks-number",
      `with next as (update hook_lanes set sequence = sequence + 1 where endpoint_id = $1 returning sequence)
       update deliveries d set sequence = n.sequence from next n where d.tenant_id = $2 and d.id = $3
       returning d.sequence`,
      [row.endpointId, row.tenantId, row.id],
    );
    (flights[index] as HookFlight).sequence = numbered?.sequence ?? null;
  }
}
