import type { Delivery, Endpoint, EndpointHealth } from "../../api/shapes.ts";

/** Endpoints and deliveries in words. */

export const SOURCES: Record<Endpoint["source"], string> = {
  endpoint: "Endpoint",
  forward_all: "Forward all",
  rule: "A rule's webhook",
  integration: "An integration's address",
  callback: "Callback of messages",
};

export const FORMATS: { value: string; label: string }[] = [
  { value: "signalbox", label: "Signalbox: events as they are" },
  { value: "mobile-api-connect", label: "Mobile API Connect: texts that come in" },
  { value: "mobiniti", label: "Mobiniti: one kind for each address" },
];

export const MOBINITI_KINDS = [
  { value: "inbound", label: "inbound: a text came in" },
  { value: "unsubscribe", label: "unsubscribe: somebody opted out" },
  { value: "bounce", label: "bounce: a number does not take texts" },
  { value: "delivery-report", label: "delivery-report: delivered, or not" },
  { value: "contact-status", label: "contact-status: a contact has changed" },
  { value: "rejected", label: "rejected: a text could not leave" },
];

export const STATE_COLORS: Record<EndpointHealth["state"], string> = {
  working: "teal",
  idle: "gray",
  failing: "orange",
  paused: "red",
  blocked: "red",
  disabled: "gray",
};

export const DELIVERY_COLORS: Record<Delivery["state"], string> = {
  delivered: "teal",
  sending: "blue",
  waiting: "yellow",
  held: "gray",
  exhausted: "red",
  expired: "red",
  cancelled: "gray",
};

/** What became of the last try. */
export const CODES: Record<string, string> = {
  ok: "taken",
  skipped: "nothing was sent",
  redirect: "has moved",
  body_refused: "refused this body",
  client_error: "refused the request",
  gone: "gone for good",
  throttled: "asked us to slow down",
  gateway: "a gateway in front failed",
  server_error: "failed",
  timeout_connect: "no connection in time",
  timeout_total: "no answer in time",
  connection: "the connection failed",
  tls: "bad certificate",
  dns_missing: "name does not exist",
  dns_failed: "name could not be looked up",
  address_refused: "address not allowed",
  egress_down: "our own network was down",
  secret_unreadable: "its secret cannot be read",
  interrupted: "the program stopped in between",
};

export const KINDS: Record<string, string> = {
  first: "First try",
  retry: "Repeated by the schedule",
  probe: "One request to see whether anybody is there",
  manual: "Retried by a person",
  replay: "Replayed",
  test: "Test",
};

/** Longer addresses fill a whole page of a phone, and differ in their beginning. */
const LONGEST_SHOWN = 80;

/** An address without what every address begins with, and without an endless end. */
export function shortUrl(url: string): string {
  const short = url.replace(/^https:\/\//, "");
  return short.length > LONGEST_SHOWN ? `${short.slice(0, LONGEST_SHOWN)}…` : short;
}

export function typesInWords({ types, format }: Endpoint): string {
  if (types.includes("*")) return "every event";
  if (format === "mobile-api-connect") return "texts that come in";
  return types.join(", ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
