import type { HookFormat } from "../../delivery/formats/types.ts";
import { DISABLE_AFTER } from "../../delivery/hooks/lane-state.ts";
import type { Database } from "../../store/database.ts";
import { lanesToNotice, saveLanes } from "../../store/hook-lanes.ts";
import { deadHookNodes, expireHooks, freeLostHooks } from "../../store/hook-queue.ts";
import { cancelStrayHooks, holdStrayHooks, releaseStrayHooks } from "../../store/hook-strays.ts";
import { insertEvents } from "../../store/routing.ts";
import type { Logger } from "../../tools/log.ts";
import type { Loop } from "../loop.ts";
import { startLoop } from "../loop.ts";
import { standingEvents } from "./settle-hooks.ts";

/** What has to happen now and then: deliveries of dead processes, those past their life, notices of failing ones. */

const EVERY_MS = 1_000;
const NOTICE_EVERY = 10;
const EXPIRE_EVERY = 60;
const LIFE_DAYS = 7;
/** A look at what came to that age; now and then, and first of all, at everything. */
const LOOK_BACK_HOURS = 1;
const LOOK_AT_ALL_EVERY = 3_600;
const AT_ONCE = 1_000;
const STRAY_EVERY = 2;
/** A process that lost its connection has its lock back within a moment: only one dead for this long is, ms. */
const SURELY_DEAD_MS = 3_000;

const HOUR = 3_600_000;
/** How long an endpoint has failed when its owner is told; the last before it is disabled. */
const NOTICES = [HOUR, 24 * HOUR, 72 * HOUR, DISABLE_AFTER - 12 * HOUR];

export interface HookCareDeps {
  database: Database;
  node: string;
  formats: Map<string, HookFormat>;
  log: Logger;
  wakeHooks: () => void;
  onEvents: () => void;
}

export function startHookCare(deps: HookCareDeps): Loop {
  const suspects = new Map<string, number>();
  const cautious = cautiousFormats(deps.formats);
  let rounds = 0;
  return startLoop({
    async round() {
      const round = rounds++;
      const freed = await deps.database.transact(async (tx) => {
        const dead = surelyDead(await deadHookNodes(tx, deps.node), suspects, performance.now());
        return freeLostHooks(tx, dead, cautious);
      });
      if (freed.length > 0) {
        deps.log.warn({ deliveries: freed.length }, "webhooks: freed what another process held");
        deps.wakeHooks();
      }
      if (round % STRAY_EVERY === 0) await putStraysRight(deps);
      if (round % NOTICE_EVERY === 0) await notice(deps);
      if (round % EXPIRE_EVERY === 0) await expire(deps, round % LOOK_AT_ALL_EVERY === 0);
      return EVERY_MS;
    },
    onFault: (error) => deps.log.error({ err: error }, "webhooks: housekeeping failed"),
  });
}

async function putStraysRight({ database, wakeHooks }: HookCareDeps): Promise<void> {
  if ((await releaseStrayHooks(database, AT_ONCE)) > 0) wakeHooks();
  while ((await holdStrayHooks(database, AT_ONCE)) === AT_ONCE);
  while ((await cancelStrayHooks(database, AT_ONCE)) === AT_ONCE);
}

/** Their receivers do not tell repeats apart. */
export function cautiousFormats(formats: Map<string, HookFormat>): string[] {
  return [...formats.values()].filter((one) => one.isCautious).map((one) => one.format);
}

function surelyDead(nodes: string[], suspects: Map<string, number>, now: number): string[] {
  for (const node of suspects.keys()) if (!nodes.includes(node)) suspects.delete(node);
  for (const node of nodes) if (!suspects.has(node)) suspects.set(node, now);
  return nodes.filter((node) => now - (suspects.get(node) ?? now) >= SURELY_DEAD_MS);
}

async function notice({ database, log, onEvents }: HookCareDeps): Promise<void> {
  const told = await database.transact(async (tx) => {
    const lanes = await lanesToNotice(tx, NOTICES);
    for (const lane of lanes) {
      const noticed = NOTICES.filter((age) => age <= lane.failingMs).length;
      await saveLanes(tx, [{ ...lane, noticed }]);
      log.warn(
        { endpoint: lane.endpointId, error: lane.lastError?.code },
        "webhooks: an endpoint keeps failing",
      );
      await insertEvents(tx, await standingEvents(tx, "endpoint.failing", lane, null));
    }
    return lanes.length;
  });
  if (told > 0) onEvents();
}

async function expire({ database }: HookCareDeps, all: boolean): Promise<void> {
  const hours = all ? undefined : LOOK_BACK_HOURS;
  while ((await expireHooks(database, LIFE_DAYS, AT_ONCE, hours)) === AT_ONCE);
}
