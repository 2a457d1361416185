import type { ActiveChannel } from "../../channels/types.ts";
import { stuckEndpoints } from "../../store/endpoint-health.ts";
import { channelHealth, openGuards, unreportedTexts } from "../../store/health.ts";
import { inboxDepth } from "../../store/inbox.ts";
import { tenantById } from "../../store/tenants.ts";
import { callerOf } from "../auth.ts";
import type { Clockwork } from "./blockers.ts";
import {
  Blocker,
  channelBlockers,
  endpointBlocker,
  guardBlocker,
  programBlocker,
  silentReceipts,
  worstFirst,
} from "./blockers.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { page } from "./shapes.ts";

/** A text that left so long ago should have brought some receipt of its channel, ms. */
const RECEIPTS_WITHIN_MS = 30 * 60_000;
/** Waiting for an arrival longer than this means that the workers do not move, ms. */
const STUCK_MS = 60_000;
/** Less free disk than both of these is little. */
const LITTLE_SHARE = 0.05;
const LITTLE_BYTES = 2 * 1024 ** 3;

const PROGRAM = { kind: "program", id: "signalbox", name: "Signalbox" } as const;

export function healthRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/health",
    {
      schema: {
        tags: ["health"],
        description: "What keeps texts and webhooks from moving, worst first. Empty: nothing does.",
        response: { 200: page(Blocker) },
      },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const blockers = [...(await ofAccount(deps, tenantId)), ...(await ofDisk(deps))];
      return { data: worstFirst(blockers), nextCursor: null };
    },
  );
}

async function ofAccount(deps: ApiDeps, tenantId: string): Promise<Blocker[]> {
  try {
    await deps.activity.flush();
    const tenant = await tenantById(deps.database, tenantId);
    const clock = {
      now: new Date(deps.clock.now()),
      timeZone: tenant?.settings.board.timeZone ?? "UTC",
    };
    const guards = await openGuards(deps.database, tenantId, clock.now);
    return [
      ...(await ofChannels(deps, tenantId, clock)),
      ...guards.map((guard) => guardBlocker(guard, clock)),
      ...(await stuckEndpoints(deps.database, tenantId)).map((endpoint) => endpointBlocker(endpoint, clock)),
      ...(await ofInbox(deps, clock)),
    ];
  } catch (error) {
    deps.log.error({ err: error }, "health: the database could not be asked");
    const step = "See whether PostgreSQL runs and can be reached from here.";
    return [programBlocker("database", PROGRAM, { text: "database: it does not answer.", step })];
  }
}

async function ofChannels(deps: ApiDeps, tenantId: string, clock: Clockwork): Promise<Blocker[]> {
  const channels = deps.channels.ofTenant(tenantId);
  if (channels.length === 0) {
    const said = { text: "no channel: nothing can leave or come in.", step: "Set up a channel." };
    return [programBlocker("no_channel", { kind: "account", id: tenantId, name: "Channels" }, said)];
  }
  const ids = channels.map((channel) => channel.id);
  const rows = new Map((await channelHealth(deps.database, ids)).map((row) => [row.channelId, row]));
  const before = new Date(clock.now.getTime() - RECEIPTS_WITHIN_MS);
  const silent = await unreportedTexts(deps.database, tenantId, before);
  return channels.flatMap((channel) => {
    const named = { ...channel, sendsReceipts: sendsReceipts(channel) };
    const row = rows.get(channel.id);
    const blockers = row ? channelBlockers(named, row, clock) : [];
    const unreported = silent.find((one) => one.channelId === channel.id);
    const quiet = row?.lastReceiptAt && row.lastReceiptAt > before ? undefined : unreported;
    const hint = quiet ? silentReceipts(named, row, quiet, clock) : null;
    return hint ? [...blockers, hint] : blockers;
  });
}

function sendsReceipts({ provider }: ActiveChannel): boolean {
  return provider.doors.length > 0 && provider.pollAfterMs === undefined;
}

async function ofInbox(deps: ApiDeps, { now }: Clockwork): Promise<Blocker[]> {
  const inbox = await inboxDepth(deps.database);
  if (inbox.oldestAt === null || now.getTime() - inbox.oldestAt.getTime() <= STUCK_MS) return [];
  const object = { kind: "inbox", id: "inbox", name: "Inbox" } as const;
  const text = `workers do not move: ${inbox.waiting} arrivals wait.`;
  const step = "See whether a process with workers runs, and its log.";
  return [programBlocker("worker_stopped", object, { text, step }, inbox)];
}

async function ofDisk(deps: ApiDeps): Promise<Blocker[]> {
  const disk = await deps.disk();
  if (!disk || disk.free > Math.min(disk.total * LITTLE_SHARE, LITTLE_BYTES)) return [];
  const text = `disk: ${Math.floor(disk.free / 1024 ** 2)} MB free where the data lies.`;
  return [programBlocker("disk", PROGRAM, { text, step: "Make room, or give the data a larger disk." })];
}
