import type { FormatContext, HookEvent, HookFormat } from "./types.ts";

/**
 * Mobile API Connect's webhooks: inbound texts with these keys in this order, and the callbacks of single texts.
 * Numbers of inbound texts are digits without a plus; those of callbacks have it.
 */
export const format: HookFormat = {
  format: "mobile-api-connect",
  title: "Mobile API Connect",
  help: "Texts that come in, and delivery callbacks, in Mobile API Connect's shapes.",
  mac: true,
  isNative: false,
  isCautious: false,
  timeoutMs: 8_000,
  render(event, context) {
    const body = bodyOf(event, context);
    return body === null
      ? { skip: `${event.type} has no shape at Mobile API Connect` }
      : { body: JSON.stringify(body) };
  },
};

interface Told {
  message: { id: string; channelId: string; from: string; to: string; text: string; ref: string | null };
  matchedRuleId?: string | null;
  deviceId?: string | null;
  receivedAt?: string;
  error?: { code: string } | null;
}

function bodyOf(event: HookEvent, context: FormatContext) {
  if (event.type === "webhook.test") return sample(event, context);
  return event.type === "message.received" ? inbound(event, context) : callback(event);
}

/**
 * Of a test: the keys that the receiver knows, under a name that is no text's. Nobody sent it and nobody gets it, so
 * that a receiver that looks at nothing but the keys answers nobody.
 */
function sample(event: HookEvent, { source, tenantName }: FormatContext) {
  const { note } = JSON.parse(event.data) as { note: string };
  const name = event.type;
  if (source === "callback") {
    return {
      event: name,
      id: event.id,
      ref: null,
      to: "",
      status: "test",
      errorCode: null,
      at: event.timestamp,
    };
  }
  const { timestamp: receivedAt, tenantId } = event;
  const nobody = { from: "", to: "", text: note, ref: null, receivedAt, deviceId: null };
  return { event: name, ...nobody, tenantId, tenantName };
}

/** A number in digits alone; short codes and names as they are. */
function digits(number: string): string {
  return number.replace(/^\+(?=\d+$)/, "");
}

function inbound(event: HookEvent, { source, tenantName }: FormatContext) {
  const { message, matchedRuleId, deviceId, receivedAt } = JSON.parse(event.data) as Told;
  const matched = source === "forward_all" ? null : (matchedRuleId ?? null);
  return {
    event: "message.received",
    from: digits(message.from),
    to: digits(message.to),
    text: message.text,
    ref: message.ref,
    receivedAt: receivedAt ?? event.timestamp,
    deviceId: deviceId ?? message.channelId,
    tenantId: event.tenantId,
    tenantName,
    ...(matched !== null && { matchedRuleId: matched }),
  };
}

const CALLBACKS = new Map([
  ["message.sent", { event: "message.sent", status: "sent" }],
  ["message.delivered", { event: "message.delivered", status: "delivered" }],
  ["message.failed", { event: "message.failed", status: "failed" }],
  ["message.rejected", { event: "message.failed", status: "failed" }],
]);

function callback(event: HookEvent) {
  const told = CALLBACKS.get(event.type);
  if (!told) return null;
  const { message, error } = JSON.parse(event.data) as Told;
  return {
    event: told.event,
    id: message.id,
    ref: message.ref,
    to: message.to,
    status: told.status,
    errorCode: told.status === "failed" ? (error?.code ?? "unknown") : null,
    at: event.timestamp,
  };
}
