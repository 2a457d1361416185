import { z } from "zod";
import type { DeliveryRow, WholeDelivery } from "../../store/deliveries.ts";
import type { ApiDeps } from "./deps.ts";
import { Time } from "./shapes.ts";

export const DELIVERY_STATES = [
  "waiting",
  "sending",
  "held",
  "exhausted",
  "expired",
  "delivered",
  "cancelled",
] as const;

const Headers = z.record(z.string(), z.string());

export const Attempt = z.object({
  number: z.number().nullable(),
  kind: z.string().nullable().describe("first, retry, probe, manual, replay, test"),
  at: Time.nullable(),
  ms: z.number().nullable(),
  code: z.string().nullable().describe("ok, or what went wrong: docs/webhooks.md"),
  fault: z.string().nullable().describe("theirs or ours"),
  status: z.number().nullable().describe("HTTP status; null: no answer"),
  text: z.string().nullable(),
  decision: z.string().nullable().describe("What followed from it"),
  late: z.boolean().describe("It ended when somebody else had taken it over"),
  request: z.object({ url: z.string(), headers: Headers }).nullable().describe("Secrets are shown as ••••"),
  response: z.object({ status: z.number(), headers: Headers, body: z.string() }).nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

export const DeliveryView = z.object({
  id: z.string(),
  endpointId: z.string(),
  url: z.string().nullable(),
  eventId: z.string(),
  type: z.string(),
  messageId: z.string().nullable(),
  origin: z.string().describe("live, test, or the id of a replay"),
  state: z.enum(DELIVERY_STATES),
  tries: z.number(),
  lastAttempt: Attempt.nullable(),
  nextTryAt: Time.nullable(),
  createdAt: Time,
  endedAt: Time.nullable(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

export const DeliveryDetail = DeliveryView.extend({
  attempts: z.array(Attempt),
  request: z
    .object({ url: z.string().nullable(), headers: Headers, body: z.string().nullable() })
    .describe("As it was sent last; null body: not known yet, or no longer kept"),
  sequence: z.number().nullable().describe("Where the endpoint keeps order"),
  event: z.object({ id: z.string(), type: z.string(), timestamp: Time, data: z.unknown() }).nullable(),
});

/** A line of the attempt log, with everything it may lack. */
export function attemptView(line: Record<string, unknown>): Attempt {
  const text = (key: string) => (typeof line[key] === "string" ? line[key] : null);
  const number = (key: string) => (typeof line[key] === "number" ? line[key] : null);
  const at = text("at");
  return {
    number: number("number"),
    kind: text("kind"),
    at: at === null ? null : new Date(at).toISOString(),
    ms: number("ms"),
    code: text("code"),
    fault: text("fault"),
    status: number("status"),
    text: text("text"),
    decision: text("decision"),
    late: line.late === true,
    request: (line.request as Attempt["request"] | undefined) ?? null,
    response: (line.response as Attempt["response"] | undefined) ?? null,
  };
}

export function deliveryView(row: DeliveryRow): DeliveryView {
  return {
    id: row.id,
    endpointId: row.endpointId,
    url: row.url,
    eventId: row.eventId,
    type: row.eventType,
    messageId: row.messageId,
    origin: row.origin,
    state: row.state,
    tries: row.tries,
    lastAttempt: row.lastAttempt && attemptView(row.lastAttempt),
    nextTryAt: row.nextAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

export function deliveryDetail(
  deps: ApiDeps,
  tenantId: string,
  row: WholeDelivery,
): z.input<typeof DeliveryDetail> {
  const attempts = row.attempts.map(attemptView);
  const sent = attempts.findLast(({ request }) => request !== null)?.request ?? null;
  const event = row.event && {
    id: row.event.id,
    type: row.event.type,
    timestamp: row.event.at.toISOString(),
    data: JSON.parse(row.event.data),
  };
  return {
    ...deliveryView(row),
    attempts,
    request: {
      url: sent?.url ?? row.url,
      headers: sent?.headers ?? {},
      body: row.body ?? nativeBody(deps, tenantId, row),
    },
    sequence: row.sequence,
    event,
  };
}

/** Formats that write the event as it stands need no copy of it. */
function nativeBody(deps: ApiDeps, tenantId: string, { event, format }: WholeDelivery): string | null {
  if (!event || !deps.formats.find((one) => one.format === format)?.isNative) return null;
  const { id, type, at, data } = event;
  const head = JSON.stringify({ id, type, timestamp: at.toISOString(), tenantId }).slice(0, -1);
  return `${head},"data":${data}}`;
}
