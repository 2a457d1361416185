import type { FastifyInstance } from "fastify";
import type { Metrics } from "../tools/metrics.ts";

export interface HealthDeps {
  metrics: Metrics;
  /** Faults that keep the program from working; empty = ready. */
  faults: () => Promise<string[]>;
  /** Brings gauges up to date before they are read. */
  measure: () => Promise<void>;
}

export function healthRoutes(app: FastifyInstance, deps: HealthDeps): void {
  app.get("/health/live", { schema: { hide: true } }, async () => ({ status: "ok" }));
  app.get("/health/ready", { schema: { hide: true } }, async (_request, reply) => {
    const faults = await deps.faults();
    return faults.length === 0 ? { status: "ok" } : reply.code(503).send({ status: "unavailable", faults });
  });
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    await deps.measure().catch(() => undefined);
    return reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
}
