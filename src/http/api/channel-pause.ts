import { z } from "zod";
import type { Actor } from "../../domain/board.ts";
import { notFound } from "../../domain/errors.ts";
import { channelDown, channelUp } from "../../domain/facts.ts";
import { audit } from "../../store/audit.ts";
import { channelById } from "../../store/channels.ts";
import type { Tx } from "../../store/database.ts";
import { openLane, pauseLane } from "../../store/lanes.ts";
import { insertEvents } from "../../store/routing.ts";
import { callerOf } from "../auth.ts";
import { Health } from "./channel-health.ts";
import { healthViewer } from "./channel-view.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams } from "./shapes.ts";

/** Not the whole channel: its addresses are as good as keys, and operators have none of those. */
const Answer = z.object({ id: z.string(), name: z.string(), health: Health });

/** As good as for ever: a person has paused it, a person resumes it. */
const UNTIL_RESUMED_MS = 10 * 365 * 24 * 60 * 60_000;

interface Order {
  tenantId: string;
  actor: Actor;
  id: string;
}

/** A person holds back what a channel would send, and lets it go again. What comes in is taken all the same. */
export function channelPauseRoutes(app: ApiApp, deps: ApiDeps): void {
  const route = (description: string) => ({
    schema: { tags: ["channels"], params: IdParams, description, response: { 200: Answer } },
  });

  async function carryOut(order: Order, work: (tx: Tx) => Promise<boolean>, action: string) {
    const { tenantId, actor, id } = order;
    const { name, changed } = await deps.database.transact(async (tx) => {
      const channel = await channelById(tx, tenantId, id);
      if (!channel) throw notFound("channel");
      const changed = await work(tx);
      if (changed) await audit(tx, { tenantId, actor, action, object: id });
      return { name: channel.name, changed };
    });
    if (changed) {
      deps.wakeOutbox();
      deps.eventsWritten();
    }
    return { id, name, health: (await healthViewer(deps, tenantId, [id]))(id) };
  }

  app.post(
    "/v1/channels/:id/pause",
    route("Nothing leaves by this channel until it is resumed. A fallback channel takes its texts over."),
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      const reason = `paused by ${actor.name}`;
      const at = new Date(deps.clock.now()).toISOString();
      const pause = { milliseconds: UNTIL_RESUMED_MS, cause: "paused_by_user", reason } as const;
      return carryOut(
        { tenantId, actor, id },
        async (tx) => {
          await pauseLane(tx, id, pause);
          await insertEvents(tx, [channelDown(tenantId, id, reason, at)]);
          return true;
        },
        "channel.paused",
      );
    },
  );

  app.post(
    "/v1/channels/:id/resume",
    route("What waits may leave again, whatever had paused the channel."),
    async (request) => {
      const { tenantId, actor } = callerOf(request);
      const { id } = request.params;
      return carryOut(
        { tenantId, actor, id },
        (tx) => openChannel(tx, { id, tenantId }, true),
        "channel.resumed",
      );
    },
  );
}

/** Lets what waits leave again, and tells so if it was held. What a person has paused only a person opens. */
export async function openChannel(
  tx: Tx,
  channel: { id: string; tenantId: string },
  byPerson = false,
): Promise<boolean> {
  if (!(await openLane(tx, channel.id, byPerson))) return false;
  await insertEvents(tx, [channelUp(channel.tenantId, channel.id, new Date().toISOString())]);
  return true;
}
