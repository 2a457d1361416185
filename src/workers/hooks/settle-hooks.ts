import type { Consequence } from "../../delivery/hooks/consequence.ts";
import { consequenceOf } from "../../delivery/hooks/consequence.ts";
import { afterAttempt, isWell } from "../../delivery/hooks/lane-state.ts";
import { CAUTIOUS_SCHEDULE, USUAL_SCHEDULE } from "../../delivery/hooks/schedule.ts";
import type { HubEvent } from "../../domain/events.ts";
import { endpointStands } from "../../domain/facts.ts";
import type { LaneState } from "../../domain/hook-lane.ts";
import type { Database, Tx } from "../../store/database.ts";
import type { HookFlight } from "../../store/hook-claim.ts";
import type { LaneRow } from "../../store/hook-lanes.ts";
import { disableEndpoint, lockLanes, noteSuccesses, saveLanes, standingOf } from "../../store/hook-lanes.ts";
import type { HookSettlement } from "../../store/hook-queue.ts";
import { settleHooks } from "../../store/hook-queue.ts";
import { insertEvents } from "../../store/routing.ts";
import type { Logger } from "../../tools/log.ts";
import type { HookTry } from "./fly-hook.ts";

/** Between two notes that a lane that is well still is, ms. */
const NOTE_EVERY_MS = 1_000;
/** Lanes remembered for that. */
const MOST_NOTED = 10_000;

type Disabling = "gone" | "failing_5_days";

type Settlement = HookSettlement & { decision: string };

export interface HookSettler {
  settle(tries: HookTry[]): Promise<void>;
}

/**
 * Writes down what tries came to: the deliveries in one statement, and the lanes they tell something new about.
 * A lane that is well and stays well is left alone but for a note now and then.
 */
export function createHookSettler(deps: {
  database: Database;
  node: string;
  log: Logger;
  random: () => number;
  /** Events were committed. */
  onEvents: () => void;
}): HookSettler {
  /** Lanes with a failure that this process has seen and no success since. */
  const troubled = new Set<string>();
  const noted = new Map<string, number>();

  function saysNews({ flight, verdict }: HookTry): boolean {
    if (verdict === null) return false;
    return verdict.code !== "ok" || troubled.has(flight.endpointId) || !isWell(flight.lane);
  }

  async function write(
    tx: Tx,
    tries: HookTry[],
  ): Promise<{ settlements: Settlement[]; wroteEvents: boolean }> {
    const news = Map.groupBy(tries.filter(saysNews), (one) => one.flight.endpointId);
    const lanes = news.size > 0 ? await lockLanes(tx, [...news.keys()]) : [];
    const changed: LaneRow[] = [];
    const disabled: { lane: LaneRow; reason: Disabling }[] = [];
    for (const lane of lanes) {
      const after = laneAfter(lane, news.get(lane.endpointId) ?? [], deps.random);
      changed.push(after.lane);
      if (isWell(after.lane)) troubled.delete(lane.endpointId);
      else troubled.add(lane.endpointId);
      if (after.disable) disabled.push({ lane: after.lane, reason: after.disable });
    }
    const open = new Map(lanes.map((lane) => [lane.endpointId, lane.isOpen]));
    const settlements = tries.map((one) => settlementOf(one, open.get(one.flight.endpointId) ?? true, deps));
    await settleHooks(tx, settlements);
    await saveLanes(tx, changed);
    await noteSuccesses(tx, successes(tries, news, noted));
    for (const { lane, reason } of disabled) await disable(tx, lane, reason);
    return { settlements, wroteEvents: disabled.length > 0 };
  }

  return {
    async settle(tries) {
      const { settlements, wroteEvents } = await deps.database.transact((tx) => write(tx, tries));
      if (wroteEvents) deps.onEvents();
      for (const [index, one] of tries.entries()) tell(deps.log, one, settlements[index]?.decision ?? "");
    },
  };
}

/** One line for each try. What works is left to those who want to see everything. */
function tell(log: Logger, { flight, verdict, ms }: HookTry, decision: string): void {
  const { id: delivery, endpointId: endpoint, tries } = flight;
  const line = { delivery, endpoint, attempt: tries + 1, code: verdict?.code, status: verdict?.status, ms };
  const told = { ...line, decision };
  if (verdict?.code === "secret_unreadable")
    log.error(told, "webhooks: a secret cannot be read: nothing is sent");
  else if (verdict === null || verdict.code === "ok") log.debug(told, "webhooks: a try");
  else log.info(told, "webhooks: a try failed");
}

function laneAfter(
  lane: LaneRow,
  tries: HookTry[],
  random: () => number,
): { lane: LaneRow; disable: Disabling | null } {
  let state: LaneState = lane;
  let disable: Disabling | null = null;
  for (const { flight, verdict, ms, endedAt } of tries.toSorted((a, b) => a.endedAt - b.endedAt)) {
    // A test that fails says something to who sent it, and nothing about the endpoint: not even 410 does.
    if (!verdict || (flight.origin === "test" && verdict.code !== "ok")) continue;
    const isManual = flight.manual || flight.origin === "test";
    const kind = { isManual, isProbe: flight.probe, isShared: isShared(flight) };
    const attempt = { deliveryId: flight.id, verdict, ms, ...kind, now: endedAt, random: random() };
    const after = afterAttempt(state, attempt);
    state = after.state;
    disable ??= after.disable;
  }
  const { endpointId, tenantId, isOpen } = lane;
  return { lane: { ...state, endpointId, tenantId, isOpen }, disable: isOpen ? disable : null };
}

/** The callbacks of one origin: each has an address of its own. */
function isShared({ source }: HookFlight): boolean {
  return source === "callback";
}

/** Lanes that are well: told at most once a second each that they are. */
function successes(
  tries: HookTry[],
  news: Map<string, HookTry[]>,
  noted: Map<string, number>,
): { endpointId: string; ms: number }[] {
  const now = performance.now();
  return [...Map.groupBy(tries, (one) => one.flight.endpointId)].flatMap(([endpointId, own]) => {
    const last = own.findLast((one) => one.verdict?.code === "ok");
    if (!last || news.has(endpointId) || now - (noted.get(endpointId) ?? -NOTE_EVERY_MS) < NOTE_EVERY_MS) {
      return [];
    }
    if (noted.size >= MOST_NOTED) noted.clear();
    noted.set(endpointId, now);
    return [{ endpointId, ms: last.ms }];
  });
}

function settlementOf(
  one: HookTry,
  isOpen: boolean,
  deps: { node: string; random: () => number },
): Settlement {
  const { flight, format, verdict, body } = one;
  const ids = { id: flight.id, claim: flight.claim, tenantId: flight.tenantId };
  if (verdict === null) {
    const attempt = { at: new Date(one.endedAt).toISOString(), code: "skipped", decision: one.skipped };
    const decision = one.skipped ?? "";
    return { ...ids, state: "cancelled", waitMs: 0, step: flight.step, body: null, attempt, decision };
  }
  const isCautious = format?.isCautious ?? false;
  const consequence = consequenceOf(verdict, {
    step: flight.step,
    schedule: flight.schedule ?? (isCautious ? CAUTIOUS_SCHEDULE : USUAL_SCHEDULE),
    manual: flight.manual,
    probe: flight.probe,
    isOpen,
    isShared: isShared(flight),
    isCautious,
    random: deps.random(),
  });
  if (flight.origin === "test" && consequence.state !== "delivered") {
    // Whoever asked for it has read how it went. Tries that follow would reach a receiver nobody tests any more.
    const decision = "a test is tried once";
    const attempt = attemptLine(one, { ...consequence, decision }, deps.node);
    return { ...ids, state: "cancelled", waitMs: 0, step: flight.step, body, attempt, decision };
  }
  const { state, waitMs, step, decision } = consequence;
  return { ...ids, state, waitMs, step, body, attempt: attemptLine(one, consequence, deps.node), decision };
}

function attemptLine(one: HookTry, { decision }: Consequence, node: string): object {
  const { flight, verdict, ms, endedAt, request, response } = one;
  return {
    number: flight.tries + 1,
    kind: kindOf(one),
    at: new Date(endedAt - ms).toISOString(),
    ms,
    code: verdict?.code,
    fault: verdict?.rule.fault,
    status: verdict?.status,
    text: verdict?.text,
    decision,
    request,
    response,
    node,
  };
}

function kindOf({ flight }: HookTry): string {
  if (flight.origin === "test") return "test";
  if (flight.manual) return "manual";
  if (flight.probe) return "probe";
  if (flight.tries > 0) return "retry";
  return flight.origin === "live" ? "first" : "replay";
}

async function disable(tx: Tx, lane: LaneRow, reason: Disabling): Promise<void> {
  if (!(await disableEndpoint(tx, lane.endpointId, reason))) return;
  await insertEvents(tx, await standingEvents(tx, "endpoint.disabled", lane, reason));
}

/** The event that tells the tenant's other endpoints how this one is doing. */
export async function standingEvents(
  tx: Tx,
  type: "endpoint.failing" | "endpoint.disabled",
  lane: LaneRow,
  reason: Disabling | null,
): Promise<HubEvent[]> {
  const standing = await standingOf(tx, lane.endpointId);
  if (!standing) return [];
  const event = endpointStands(type, lane.tenantId, {
    endpointId: lane.endpointId,
    ...standing,
    failingSince: lane.failingSince === null ? null : new Date(lane.failingSince).toISOString(),
    lastError: lane.lastError?.text ?? null,
    reason,
    at: new Date().toISOString(),
  });
  return [event];
}
