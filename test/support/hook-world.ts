import { randomBytes, randomUUID } from "node:crypto";
import { loadFormats } from "../../src/delivery/formats/registry/load-formats.ts";
import { createEgressWatch } from "../../src/delivery/hooks/egress.ts";
import type { HubEvent } from "../../src/domain/events.ts";
import { alert } from "../../src/domain/facts.ts";
import { newId } from "../../src/domain/ids.ts";
import type { Database } from "../../src/store/database.ts";
import type { NewEndpoint } from "../../src/store/endpoints.ts";
import { insertEndpoint } from "../../src/store/endpoints.ts";
import { joinAsNode } from "../../src/store/nodes.ts";
import { insertEvents } from "../../src/store/routing.ts";
import { createTenant } from "../../src/store/tenants.ts";
import { createLog } from "../../src/tools/log.ts";
import { createMetrics } from "../../src/tools/metrics.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import { createSecretBox } from "../../src/tools/secrets.ts";
import type { HookCaller } from "../../src/workers/hooks/fly-hook.ts";
import type { Hooks } from "../../src/workers/hooks/start-hooks.ts";
import { startHooks } from "../../src/workers/hooks/start-hooks.ts";
import { openStore } from "./store.ts";

/** The webhook worker on a database of its own, without the rest of the program. */
export interface HookWorld {
  database: Database;
  tenantId: string;
  caller: HookCaller;
  /** Starts a worker; several may run at once. */
  work(): Promise<Worker>;
  endpoint(over: Partial<NewEndpoint> & { url: string }): Promise<{ id: string; secret: string }>;
  /** Commits events; without any, one of type `alert`. */
  fire(events?: HubEvent[]): Promise<HubEvent[]>;
  alerts(count: number): HubEvent[];
  /** State and attempts of every delivery, oldest first. */
  deliveries(endpointId?: string): Promise<DeliveryRow[]>;
  /** Resolves once `holds` is true of the deliveries. */
  until(holds: (rows: DeliveryRow[]) => boolean): Promise<DeliveryRow[]>;
  lane(endpointId: string): Promise<Record<string, unknown>>;
  /** Makes everything that waits due now, as if the time had passed. */
  skipWaits(): Promise<void>;
  close(): Promise<void>;
}

interface Worker {
  hooks: Hooks;
  /** As after `kill -9`: its lock falls, nothing is given back. */
  kill(): Promise<void>;
}

export interface DeliveryRow {
  id: string;
  endpointId: string;
  eventId: string;
  state: string;
  step: number | null;
  waitSeconds: number | null;
  attempts: Record<string, unknown>[];
  body: string | null;
}

export async function openHookWorld(): Promise<HookWorld> {
  const database = await openStore();
  const tenantId = newId("ten");
  await database.transact((tx) =>
    createTenant(tx, { id: tenantId, slug: "acme", name: "Acme Corp", settings: {} }),
  );
  const box = createSecretBox(randomBytes(32));
  const outbound = createOutboundHttp({ allowPrivateTargets: ["127.0.0.0/8"], development: false });
  const caller: HookCaller = {
    formats: await loadFormats(),
    box,
    call: outbound.call,
    egress: createEgressWatch(),
    publicUrl: () => "http://hub.test",
    version: "test",
  };
  const stops: (() => Promise<void>)[] = [];
  const bells: (() => void)[] = [];
  const wakeAll = () => {
    for (const wake of bells) wake();
  };
  const self: HookWorld = {
    database,
    tenantId,
    caller,
    async work() {
      const { database } = self;
      const node = randomUUID();
      const presence = await joinAsNode(database, node, () => undefined);
      const hooks = startHooks({
        database,
        wide: database,
        node,
        log: createLog({
          level: "error",
          pretty: false,
          destination: { write: (l: string) => void console.log(l) },
        }),
        metrics: createMetrics("test"),
        caller,
        onEvents: () => undefined,
      });
      const stop = async () => {
        await hooks.stop(100);
        await presence.close();
      };
      stops.push(stop);
      bells.push(hooks.wake);
      return { hooks, kill: () => presence.close() };
    },
    async endpoint(over) {
      const id = newId("ep");
      const secret = `whsec_${randomBytes(32).toString("base64")}`;
      const secretId = newId("sec");
      await database.transact(async (tx) => {
        await insertEndpoint(tx, {
          id,
          tenantId,
          source: "endpoint",
          sourceId: null,
          types: ["*"],
          channelIds: [],
          format: "signalbox",
          formatOptions: {},
          enabled: true,
          rate: null,
          concurrency: 8,
          timeoutMs: 8_000,
          schedule: null,
          ordering: "none",
          onExhausted: "hold",
          signing: "v1",
          headers: null,
          ...over,
        });
        await tx.q
          .insertInto("endpoint_secrets")
          .values({ id: secretId, endpoint_id: id, sealed: box.seal(secret, `${id} ${secretId}`) })
          .execute();
      });
      return { id, secret };
    },
    alerts: (count) =>
      Array.from({ length: count }, (_, i) =>
        alert(tenantId, "test", `n${i}`, null, new Date().toISOString()),
      ),
    async fire(events = self.alerts(1)) {
      await database.transact((tx) => insertEvents(tx, events));
      wakeAll();
      return events;
    },
    deliveries: (endpointId) =>
      database.run(
        "test-deliveries",
        `select d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", coalesce(q.state, d.state) as state,
           q.step, extract(epoch from q.next_at - now())::float8 as "waitSeconds", d.attempts, d.body
         from deliveries d left join hook_queue q on q.id = d.id
         where $1::text is null or d.endpoint_id = $1 order by d.id`,
        [endpointId ?? null],
      ),
    async until(holds) {
      for (;;) {
        const rows = await self.deliveries();
        if (holds(rows)) return rows;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async lane(endpointId) {
      const rows = await database.run<Record<string, unknown>>(
        "test-lane",
        "select * from hook_lanes where endpoint_id = $1",
        [endpointId],
      );
      return rows[0] ?? {};
    },
    async skipWaits() {
      await database.run("test-skip", "update hook_queue set next_at = now() where state = 'waiting'");
      await database.run(
        "test-open",
        "update hook_lanes set paused_until = now() where paused_until > now()",
      );
      wakeAll();
    },
    async close() {
      for (const stop of stops) await stop();
      await outbound.close(0);
      await database.close();
    },
  };
  return self;
}
