import { faultOfHeaderName } from "../../tools/own-headers.ts";
import type { LiveSecret } from "./signing.ts";
import { signatureHeaders } from "./signing.ts";

/** One webhook request: the bytes, and the headers around them. */

export interface HookRequest {
  webhookId: string;
  /** Unix seconds of this try. */
  seconds: number;
  body: Buffer;
  /** From 1. */
  attempt: number;
  messageId: string | null;
  sequence: number | null;
  own: Record<string, string>;
  secrets: readonly LiveSecret[];
  signing: "v1" | "v1a" | "both";
  mac: boolean;
  version: string;
}

/** `webhook-id`: the event's own id for our format; with the endpoint's id behind it where bodies differ. */
export function webhookId(eventId: string, endpointId: string, isNative: boolean): string {
  return isNative ? eventId : `${eventId}_${endpointId.replace(/^ep_/, "")}`;
}

export function headersOf(request: HookRequest): Record<string, string> {
  const { messageId, sequence, own, secrets, signing, mac } = request;
  const { webhookId: id, seconds, body } = request;
  const owners = Object.entries(own).filter(([name]) => faultOfHeaderName(name) === null);
  return {
    ...Object.fromEntries(owners),
    "content-type": "application/json; charset=utf-8",
    "user-agent": `Signalbox/${request.version}`,
    ...(messageId !== null && { "x-signalbox-message-id": messageId }),
    "x-signalbox-attempt": String(request.attempt),
    ...(sequence !== null && { "x-signalbox-sequence": String(sequence) }),
    ...signatureHeaders({ id, seconds, body }, secrets, signing, mac),
  };
}

/** The headers as people may see them: those of the owner, which may be passwords, without their values. */
export function shownHeaders(headers: Record<string, string>, own: Record<string, string>) {
  const shown = { ...headers };
  for (const name of Object.keys(own)) shown[name] = "••••";
  return shown;
}
