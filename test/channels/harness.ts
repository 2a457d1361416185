import type { ChannelSettings, DoorRequest, ParseContext, SendContext } from "../../src/channels/types.ts";
import type { OutboundHttp } from "../../src/tools/outbound-http.ts";

/** What a channel is handed in tests: requests as a door would make them, real HTTP, a memory in a map. */
export const RECEIVED_AT = new Date("2026-01-02T03:04:05.678Z");

export function doorRequest(kind: string, body: unknown, more: Partial<DoorRequest> = {}): DoorRequest {
  const raw = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return {
    kind,
    method: "POST",
    url: `https://hub.example.com/in/token/${kind}`,
    headers: { "content-type": "application/json" },
    rawBody: raw,
    clientAddress: "192.0.2.1",
    receivedAt: RECEIVED_AT,
    ...more,
  };
}

export function parseContext(more: Partial<ParseContext> = {}): ParseContext {
  return { settings: {}, address: "64600", country: "US", ...more };
}

export interface TestContext extends SendContext {
  kept: Map<string, string>;
  routes: string[];
}

/** @param timeoutMs overrides the channel's own limit, so that a silent provider is found out at once */
export function sendContext(
  http: Pick<OutboundHttp, "call">,
  settings: ChannelSettings,
  kept: Record<string, string> = {},
  timeoutMs?: number,
): TestContext {
  const memory = new Map(Object.entries(kept));
  const routes: string[] = [];
  return {
    settings,
    address: "64600",
    country: "US",
    kept: memory,
    routes,
    doorUrl: (kind) => `https://hub.example.com/in/token/${kind}`,
    call(route, request) {
      routes.push(route);
      return http.call({ ...request, timeoutMs: timeoutMs ?? request.timeoutMs });
    },
    memory: {
      get: async (key) => memory.get(key) ?? null,
      put: async (key, value) => void memory.set(key, value),
      drop: async (key) => void memory.delete(key),
    },
  };
}

/** Files that go with a text: as many as the providers take that take several. */
export const pictures = Array.from({ length: 10 }, (_, i) => `https://example.com/${i}.jpg`);
